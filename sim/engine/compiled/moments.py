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
def _is_tie_before(live: Any, a: int, b: int) -> bool:
    """Whether a node comes before another of the same day."""
    one, other = live.nodes[a], live.nodes[b]
    if one.rank != other.rank:
        return one.rank < other.rank
    if one.high != other.high:
        return one.high < other.high
    return one.low < other.low


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
    if place - live.is_hole >= MOST_MOMENTS - 1:
        live.status = STATUS_MOMENTS
        return
    if live.n_spare > 0:
        live.n_spare -= 1
        node = live.spare[live.n_spare]
    else:
        node = live.n_nodes
        live.n_nodes = node + 1
    new = live.nodes[node]
    new.rank, new.low, new.high, new.slot = rank, low, high, slot
    # Most that happens brings the next of its kind: it takes the empty first place.
    if live.is_hole == 1:
        live.is_hole = 0
        _sink(live, day, node)
        return
    live.n_moments = place + 1
    moments = live.moments
    # Those that come later make room, one level down each.
    while place > 0:
        parent = (place - 1) >> 1
        later = moments[parent].time
        if day > later or (
            day == later and not _is_tie_before(live, node, moments[parent].node)
        ):
            break
        moments[place].time, moments[place].node = later, moments[parent].node
        place = parent
    moments[place].time, moments[place].node = day, node


@inner
def take_first(live: Any) -> int:
    """Return the node of the earliest moment; the heap's first place is empty then."""
    first = live.moments[0]
    live.now = first.time
    live.is_hole = 1
    live.spare[live.n_spare] = first.node
    live.n_spare += 1
    return first.node


@inner
def close_hole(live: Any) -> None:
    """Fill the first place of the heap, if it is empty, by its last moment."""
    if live.is_hole == 0:
        return
    live.is_hole = 0
    live.n_moments -= 1
    if live.n_moments > 0:
        last = live.moments[live.n_moments]
        _sink(live, last.time, last.node)


@inner
def _sink(live: Any, day: float, node: int) -> None:
    """Put a moment where the first is missing."""
    moments, n = live.moments, live.n_moments
    place = 0
    # Those that come earlier rise, one level each, until it fits.
    while True:
        least = 2 * place + 1
        if least >= n:
            break
        earlier = moments[least].time
        if least + 1 < n:
            other = moments[least + 1].time
            if other < earlier or (
                other == earlier
                and _is_tie_before(live, moments[least + 1].node, moments[least].node)
            ):
                least += 1
                earlier = other
        if day < earlier or (
            day == earlier and _is_tie_before(live, node, moments[least].node)
        ):
            break
        moments[place].time, moments[place].node = earlier, moments[least].node
        place = least
    moments[place].time, moments[place].node = day, node


@inner
def begin_running(live: Any, slot: int) -> None:
    """Count a slot's operation among those under way."""
    live.running[live.n_running] = slot
    live.n_running += 1
    live.slots[slot].is_running = 1


@inner
def end_running(live: Any, slot: int) -> None:
    """Count it among them no longer; the order of the others does not matter."""
    k = 0
    while live.running[k] != slot:
        k += 1
    live.n_running -= 1
    live.running[k] = live.running[live.n_running]
    live.slots[slot].is_running = 0


@inner
def push_slot(live: Any, slot: int) -> None:
    """Give a slot of the table of operations back."""
    live.free[live.n_free] = slot
    live.n_free += 1
