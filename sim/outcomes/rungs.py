"""Which rung of the ladder the conflict stands on, and what a direct exchange is.

The rung at a moment is the highest act in the `rung_window` days before it, so rungs
are climbed and left. A direct exchange is read off direct strikes; it is never drawn.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.engine.log import IncidentLog, Origin, Record, RecordType
from sim.ladder import ACTS, Act

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sim.outcomes.incidents import Floats, Incidents
    from sim.scenario.scenario import Scenario

RUNG_OF: Final = tuple(row.rung for row in ACTS)
"""Rung of each act."""


def rung_path(
    log: IncidentLog,
    scenario: Scenario,
    actor: str | None = None,
    target: str | None = None,
) -> list[tuple[float, int]]:
    """Return when the rung changed, and to which; what happened, not what was reported.

    Parameters
    ----------
    log
        The log; its simulated incidents count.
    scenario
        Gives the window, days.
    actor, target
        Names of a dyad; None stands for any actor.

    Returns
    -------
    list of (float, int)
        Days since the start, rising from 0; the rung from then on, 0 to 12. Times are
        below the horizon.
    """
    wanted_actor = None if actor is None else log.actors.index(actor)
    wanted_target = None if target is None else log.actors.index(target)
    incidents = [
        record
        for record in log.records
        if record.record_type == RecordType.INCIDENT
        and record.origin == Origin.SIMULATED
        and (wanted_actor is None or record.actor == wanted_actor)
        and (wanted_target is None or record.target == wanted_target)
    ]
    return path_of(incidents, scenario.rung_window, log.horizon)


def rung_at(path: Sequence[tuple[float, int]], time: float) -> int:
    """Return the rung at a moment of a path.

    >>> rung_at([(0.0, 0), (3.0, 8), (17.0, 0)], 3.0)
    8
    """
    return path[bisect_right(path, time, key=lambda step: step[0]) - 1][1]


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


def days_at_rungs(incidents: Incidents, window: float) -> list[Floats]:
    """Return the days on each rung, by rung then replication; they fill the horizon.

    The days on a rung or above it are those that the windows of its acts cover.
    """
    horizon = incidents.horizon
    rung = np.array(RUNG_OF)[incidents.act]
    above = [np.full(incidents.n, horizon)]
    for lowest in range(1, max(RUNG_OF) + 1):
        some = incidents.where(rung >= lowest)
        last = np.ones(len(some.place), bool)
        last[:-1] = np.diff(some.place) != 0
        until = np.append(some.time[1:], horizon)
        until[last] = horizon
        above.append(some.total(np.minimum(until - some.time, window)))
    return [
        np.maximum(low - high, 0.0)
        for low, high in zip(above, [*above[1:], np.zeros(incidents.n)], strict=True)
    ]


def peak_rung(incidents: Incidents) -> Floats:
    """Return the highest rung of each replication, shape (n,)."""
    found = np.zeros(incidents.n)
    np.maximum.at(found, incidents.place, np.array(RUNG_OF)[incidents.act])
    return found


def exchanges(
    incidents: Incidents, window: float, strikes: int
) -> tuple[Floats, Floats]:
    """Return when a direct exchange began, and whether one did; see `exchange_time`."""
    times, happened = np.full(incidents.n, incidents.horizon), np.zeros(incidents.n)
    direct = incidents.of(Act.DIRECT_STRIKE)
    for place in np.flatnonzero(direct.counted() >= strikes).tolist():
        own = direct.where(direct.place == place)
        told = zip(
            own.time.tolist(), own.actor.tolist(), own.target.tolist(), strict=True
        )
        times[place], happened[place] = exchange_time(
            list(told), window, strikes, incidents.horizon
        )
    return times, happened


def both_struck(incidents: Incidents) -> tuple[Floats, Floats]:
    """Return when two actors had each struck the other directly, and whether they had.

    Any two direct strikes within the horizon count, however far apart.
    """
    horizon = incidents.horizon
    times, happened = np.full(incidents.n, horizon), np.zeros(incidents.n)
    direct = incidents.of(Act.DIRECT_STRIKE)
    for place in np.flatnonzero(direct.counted() >= 2).tolist():
        own = direct.where(direct.place == place)
        told = zip(
            own.time.tolist(), own.actor.tolist(), own.target.tolist(), strict=True
        )
        times[place], happened[place] = exchange_time(list(told), horizon, 2, horizon)
    return times, happened


def exchange_time(
    direct: Sequence[tuple[float, int, int]],
    window: float,
    strikes: int,
    horizon: float,
) -> tuple[float, float]:
    """Return when a direct exchange began (the horizon for none), and whether it did.

    It begins with the direct strike that is at least the `strikes`-th between two
    actors within `window` days, when each has struck the other in that window. Strikes
    are (time, actor, target), in order.
    """
    recent: dict[tuple[int, int], deque[tuple[float, int]]] = {}
    for time, actor, target in direct:
        if actor < 0 or target < 0:
            continue
        pair = (min(actor, target), max(actor, target))
        strikes_between = recent.setdefault(pair, deque())
        strikes_between.append((time, actor))
        while strikes_between[0][0] < time - window:
            strikes_between.popleft()
        authors = {author for _, author in strikes_between}
        if len(strikes_between) >= strikes and len(authors) == 2:
            return time, 1.0
    return horizon, 0.0
