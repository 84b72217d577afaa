"""The moments to come, as a binary heap in the total order (time, rank, identity)."""

from __future__ import annotations

from typing import Any

from sim.engine.compiled.inner import inner
from sim.engine.compiled.state import MOST_MOMENTS

STATUS_FINE = 0
STATUS_HAZARD = 1
STATUS_INCIDENTS = 2
STATUS_RUNNING = 3
STATUS_PENDING = 4
STATUS_RECORDS = 5
STATUS_MOMENTS = 6


@inner
def _before(live: Any, a: int, b: int) -> bool:
    """Whether the moment at heap place `a` comes before that at `b`."""
    if live.moment_time[a] != live.moment_time[b]:
        return live.moment_time[a] < live.moment_time[b]
    if live.moment_rank[a] != live.moment_rank[b]:
        return live.moment_rank[a] < live.moment_rank[b]
    if live.moment_high[a] != live.moment_high[b]:
        return live.moment_high[a] < live.moment_high[b]
    return live.moment_low[a] < live.moment_low[b]


@inner
def _swap(live: Any, a: int, b: int) -> None:
    t, r = live.moment_time[a], live.moment_rank[a]
    h, o, s = live.moment_high[a], live.moment_low[a], live.moment_slot[a]
    live.moment_time[a], live.moment_rank[a] = live.moment_time[b], live.moment_rank[b]
    live.moment_high[a] = live.moment_high[b]
    live.moment_low[a] = live.moment_low[b]
    live.moment_slot[a] = live.moment_slot[b]
    live.moment_time[b], live.moment_rank[b] = t, r
    live.moment_high[b], live.moment_low[b], live.moment_slot[b] = h, o, s


@inner
def schedule(
    live: Any, delay: float, rank: int, low: int, high: int, slot: int
) -> None:
    """Put a moment `delay` days from now."""
    schedule_at(live, live.now + delay, rank, low, high, slot)


@inner
def schedule_at(
    live: Any, day: float, rank: int, low: int, high: int, slot: int
) -> None:
    """Put a moment on a day, which is not before now."""
    place = live.n_moments
    if place >= MOST_MOMENTS:
        live.status = STATUS_MOMENTS
        return
    live.n_moments = place + 1
    live.moment_time[place] = day
    live.moment_rank[place] = rank
    live.moment_low[place] = low
    live.moment_high[place] = high
    live.moment_slot[place] = slot
    while place > 0:
        parent = (place - 1) >> 1
        if not _before(live, place, parent):
            break
        _swap(live, place, parent)
        place = parent


@inner
def drop_first(live: Any) -> None:
    """Take the earliest moment, at place 0, off the heap."""
    last = live.n_moments - 1
    live.n_moments = last
    if last > 0:
        _swap(live, 0, last)
    place = 0
    while True:
        least = 2 * place + 1
        if least >= last:
            break
        if least + 1 < last and _before(live, least + 1, least):
            least += 1
        if not _before(live, least, place):
            break
        _swap(live, least, place)
        place = least


@inner
def begin_running(live: Any, slot: int) -> None:
    """Count a slot's operation among those under way."""
    live.running[live.n_running] = slot
    live.n_running += 1
    live.is_running[slot] = 1


@inner
def end_running(live: Any, slot: int) -> None:
    """Count it among them no longer; the order of the others does not matter."""
    k = 0
    while live.running[k] != slot:
        k += 1
    live.n_running -= 1
    live.running[k] = live.running[live.n_running]
    live.is_running[slot] = 0


@inner
def push_slot(live: Any, slot: int) -> None:
    """Give a slot of the table of operations back."""
    live.free[live.n_free] = slot
    live.n_free += 1
