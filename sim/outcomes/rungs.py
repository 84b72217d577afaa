"""Which rung of the ladder the conflict stands on, and what a direct exchange is.

The rung at a moment is the highest act in the `rung_window` days before it, so rungs
are climbed and left. A direct exchange is read off direct strikes; it is never drawn.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from math import nan
from typing import TYPE_CHECKING, Final

from sim.engine.log import IncidentLog, Origin, Record, RecordType
from sim.ladder import ACTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sim.outcomes.incidents import View
    from sim.scenario.scenario import Scenario

RUNG_OF: Final = tuple(row.rung for row in ACTS)
"""Rung of each act."""

TOP_RUNG: Final = max(RUNG_OF)


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


def peak_rung(view: View) -> float:
    """Return the highest rung that any dyad reached, 0 to 12."""
    most = 0
    for incident in view.incidents:
        most = max(most, view.facts.rung[incident.act])
    return float(most)


def days_at_rungs(view: View) -> list[float]:
    """Return the days on each rung, from 0; they fill the horizon.

    The days on a rung or above it are those that the windows of its acts cover.
    """
    horizon, window = view.facts.horizon, view.facts.rung_window
    times: list[float] = []
    rungs: list[int] = []
    is_met = [False] * (TOP_RUNG + 1)
    for incident in view.incidents:
        rung = view.facts.rung[incident.act]
        if rung > 0:
            times.append(incident.time)
            rungs.append(rung)
            is_met[rung] = True
    above = [0.0] * (TOP_RUNG + 2)
    above[0] = horizon
    for least in range(1, TOP_RUNG + 1):
        if least > 1 and not is_met[least - 1]:  # the same acts are on it or above
            above[least] = above[least - 1]
            continue
        total, last = 0.0, -1.0
        for k in range(len(rungs)):
            if rungs[k] >= least:
                if last >= 0.0:
                    total += min(times[k] - last, window)
                last = times[k]
        if last >= 0.0:
            above[least] = total + min(horizon - last, window)
    return [max(above[rung] - above[rung + 1], 0.0) for rung in range(TOP_RUNG + 1)]


def exchange_time(view: View, window: float, n_strikes: int) -> float:
    """Return when a direct exchange began, nan for never.

    It begins with the direct strike that is at least the `n_strikes`-th between two
    actors within `window` days, when each has struck the other in that window.

    Parameters
    ----------
    view
        Its direct strikes count.
    window
        Days, > 0.
    n_strikes
        How many make an exchange, >= 2.
    """
    incidents, places = view.incidents, view.direct_strikes
    for last in range(len(places)):
        strike = incidents[places[last]]
        if strike.actor < 0 or strike.target < 0:
            continue
        n_own = n_other = 0
        for k in range(last + 1):
            earlier = incidents[places[k]]
            if earlier.time < strike.time - window:
                continue
            if earlier.actor == strike.actor and earlier.target == strike.target:
                n_own += 1
            elif earlier.actor == strike.target and earlier.target == strike.actor:
                n_other += 1
        if n_own + n_other >= n_strikes and n_other > 0:
            return strike.time
    return nan
