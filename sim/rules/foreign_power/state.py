"""What a foreign power is told by the scenario, remembers and knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, NamedTuple

from sim.ladder import Act
from sim.rules.behaviour import (
    Holdings,
    Parameter,
    PerActor,
    Percept,
)
from sim.rules.decay import faded
from sim.rules.inversion import exponential
from sim.units import Dimension as D


class ForeignPowerParams(NamedTuple):
    """What a scenario says about one foreign power; canonical units."""

    red_line: Annotated[
        float, Parameter(D.COUNT, 0.0, 1000.0, "own deaths in one attack that cross it")
    ]
    strike_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "chance of a strike once it is crossed")
    ]
    strike_share_below: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "chance of a strike short of it")
    ]
    planning_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 90.0, "median time from order to strike")
    ]
    planning_spread: Annotated[
        float, Parameter(D.NUMBER, 0.0, 2.0, "log standard deviation of that time")
    ]
    decision_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 90.0, "mean time to decide on a strike")
    ]
    proportionality: Annotated[
        float, Parameter(D.NUMBER, 0.0, 10.0, "size of a strike; 1 is the record's")
    ]
    strike_killed: Annotated[
        float, Parameter(D.NUMBER, 0.0, 200.0, "mean militia dead at size 1")
    ]
    strike_killed_host: Annotated[
        float, Parameter(D.NUMBER, 0.0, 200.0, "mean dead of the host's forces")
    ]
    strike_killed_civilian: Annotated[
        float, Parameter(D.NUMBER, 0.0, 200.0, "mean civilian dead at size 1")
    ]
    strike_wounded: Annotated[
        float, Parameter(D.NUMBER, 0.0, 500.0, "mean militia wounded at size 1")
    ]
    strike_launchers: Annotated[
        float,
        Parameter(D.SHARE, 0.0, 1.0, "share of the target's launchers it destroys"),
    ]
    demand_rate: Annotated[
        float, Parameter(D.RATE, 0.0, 2.0, "demands to the host when fully provoked")
    ]
    demand_reciprocity: Annotated[
        float, Parameter(D.NUMBER, 0.0, 5.0, "readiness to demand per attack recalled")
    ]
    provocation_memory: Annotated[
        float, Parameter(D.DURATION, 0.5, 730.0, "time in which an attack fades to 1/e")
    ]
    news_days: Annotated[
        float, Parameter(D.DURATION, 0.001, 30.0, "mean delay until it learns of acts")
    ]
    evidence: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "how often evidence points to the author")
    ]


@dataclass(slots=True)
class ForeignPowerMemory:
    """What a foreign power carries from the past."""

    blame: PerActor
    """Attacks it lays on each actor, faded and weighed by confidence, >= 0."""
    blame_since: PerActor
    provocation: float = 0.0
    """Attacks on it, faded, >= 0."""
    provocation_since: float = 0.0


class ForeignPowerView(NamedTuple):
    """What a foreign power knows when it decides about one other actor."""

    blame: float
    provocation: float


def view(
    params: ForeignPowerParams,
    memory: ForeignPowerMemory,
    holdings: Holdings,
    other: int,
    now: float,
) -> ForeignPowerView:
    """What the foreign power knows now, with regard to the actor `other`."""
    return ForeignPowerView(
        faded(
            memory.blame[other],
            memory.blame_since[other],
            now,
            params.provocation_memory,
        ),
        faded(
            memory.provocation,
            memory.provocation_since,
            now,
            params.provocation_memory,
        ),
    )


def notice(
    params: ForeignPowerParams,
    memory: ForeignPowerMemory,
    percept: Percept,
    now: float,
) -> None:
    """Take in an attack on it: it is provoked, and lays the blame."""
    if percept.act not in (Act.ROCKET_ATTACK, Act.CONVOY_BOMB):
        return
    if percept.is_at_me == 0:
        return
    memory.provocation = 1.0 + faded(
        memory.provocation,
        memory.provocation_since,
        now,
        params.provocation_memory,
    )
    memory.provocation_since = now
    author = percept.author
    memory.blame[author] = percept.confidence + faded(
        memory.blame[author],
        memory.blame_since[author],
        now,
        params.provocation_memory,
    )
    memory.blame_since[author] = now


def news_delay(params: ForeignPowerParams, u: float) -> float:
    """Days until it learns of another's act; exponential."""
    return exponential(u, params.news_days)


def evidence(params: ForeignPowerParams) -> float:
    """Probability that the evidence points to the true author."""
    return params.evidence


def suspicion(params: ForeignPowerParams, view: ForeignPowerView) -> float:
    """Prior weight of a suspect: one, plus what was laid to it before."""
    return 1.0 + view.blame


def detection(params: ForeignPowerParams, view: ForeignPowerView) -> float:
    """It watches no launch teams on another's soil: 0."""
    return 0.0


def starting(params: ForeignPowerParams, memory: ForeignPowerMemory) -> None:
    """Nothing is remembered at the start."""
