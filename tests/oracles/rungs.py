"""Which rung of the ladder the conflict stands on, and what a direct exchange is.

The rung at a moment is the highest act in the `rung_window` days before it, so rungs
are climbed and left. War is read off direct strikes; it is never drawn.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from sim.ladder import ACTS, Act

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sim.engine.log import Record

RUNG_OF: Final = tuple(row.rung for row in ACTS)
"""Rung of each act."""


def path_of(
    incidents: Iterable[Record], window: float, horizon: float
) -> list[tuple[float, int]]:
    """Return the steps of the highest rung in a sliding window, in order of time."""
    path: list[tuple[float, int]] = [(0.0, 0)]
    held: deque[tuple[float, int]] = deque()  # (end, rung), rungs falling, ends rising

    def step(time: float) -> None:
        rung = held[0][1] if held else 0
        if path[-1][0] == time:
            path.pop()
        if not path or path[-1][1] != rung:
            path.append((time, rung))

    for record in incidents:
        rung = RUNG_OF[record.act]
        if rung == 0:
            continue
        time = record.time
        while held and held[0][0] <= time:
            end = held.popleft()[0]
            step(end)
        while held and held[-1][1] <= rung:
            held.pop()
        held.append((time + window, rung))
        if held[0][1] != path[-1][1]:
            step(time)
    while held and held[0][0] < horizon:
        end = held.popleft()[0]
        step(end)
    return path


def days_at_rungs(path: Sequence[tuple[float, int]], horizon: float) -> list[float]:
    """Return the days on each rung, indexed by rung; they add up to the horizon."""
    days = [0.0] * (max(RUNG_OF) + 1)
    for number, (time, rung) in enumerate(path):
        end = path[number + 1][0] if number + 1 < len(path) else horizon
        days[rung] += end - time
    return days


def exchange_time(
    direct: Sequence[Record], window: float, strikes: int, horizon: float
) -> tuple[float, float]:
    """Return when a direct exchange began (the horizon for none), and whether it did.

    It begins with the direct strike that is at least the `strikes`-th between two
    actors within `window` days, when each has struck the other in that window.
    """
    recent: dict[tuple[int, int], deque[tuple[float, int]]] = {}
    for record in direct:
        if record.act != Act.DIRECT_STRIKE or record.actor < 0 or record.target < 0:
            continue
        pair = (min(record.actor, record.target), max(record.actor, record.target))
        strikes_between = recent.setdefault(pair, deque())
        strikes_between.append((record.time, record.actor))
        while strikes_between[0][0] < record.time - window:
            strikes_between.popleft()
        authors = {author for _, author in strikes_between}
        if len(strikes_between) >= strikes and len(authors) == 2:
            return record.time, 1.0
    return horizon, 0.0
