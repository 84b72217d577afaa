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
    """Return the steps of the highest rung in a sliding window, in order of time.

    At each moment at which it might change, every incident is looked at anew.
    """
    spans = [(r.time, r.time + window, RUNG_OF[r.act]) for r in incidents]
    ends = {end for _, end, _ in spans if end < horizon}
    path: list[tuple[float, int]] = []
    for moment in sorted({0.0, *(start for start, _, _ in spans), *ends}):
        standing = [rung for start, end, rung in spans if start <= moment < end]
        rung = max(standing, default=0)
        if not path or path[-1][1] != rung:
            path.append((moment, rung))
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
