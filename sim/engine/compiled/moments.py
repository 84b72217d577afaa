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
STATUS_CANDIDATES = 7


@inner
def _is_before(a: Any, b: Any) -> bool:
    """Whether a moment comes before another."""
    if a.time != b.time:
        return a.time < b.time
    if a.rank != b.rank:
        return a.rank < b.rank
    if a.high != b.high:
        return a.high < b.high
    return a.low < b.low


@inner
def _copy(to: Any, moment: Any) -> None:
    to.time, to.rank, to.slot = moment.time, moment.rank, moment.slot
    to.low, to.high = moment.low, moment.high


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
    # One place is kept free, for the moment that is being put.
    if place >= MOST_MOMENTS - 1:
        live.status = STATUS_MOMENTS
        return
    live.n_moments = place + 1
    moments = live.moments
    new = moments[MOST_MOMENTS - 1]
    new.time, new.rank, new.slot, new.low, new.high = day, rank, slot, low, high
    # Those that come later make room, one level down each.
    while place > 0:
        parent = (place - 1) >> 1
        if not _is_before(new, moments[parent]):
            break
        _copy(moments[place], moments[parent])
        place = parent
    _copy(moments[place], new)


@inner
def drop_first(live: Any) -> None:
    """Take the earliest moment, at place 0, off the heap."""
    last = live.n_moments - 1
    live.n_moments = last
    moments = live.moments
    moved = moments[last]
    place = 0
    # Those that come earlier than the last one rise, one level each, until it fits.
    while True:
        least = 2 * place + 1
        if least >= last:
            break
        if least + 1 < last and _is_before(moments[least + 1], moments[least]):
            least += 1
        if not _is_before(moments[least], moved):
            break
        _copy(moments[place], moments[least])
        place = least
    _copy(moments[place], moved)


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
