"""What a militia is told by the scenario, remembers, and knows when it decides."""

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


class MilitiaParams(NamedTuple):
    """What a scenario says about one militia; canonical units."""

    base_rate: Annotated[
        float, Parameter(D.RATE, 0.0, 2.0, "attacks it starts to prepare when calm")
    ]
    reciprocity: Annotated[
        float,
        Parameter(D.NUMBER, 0.0, 2.0, "log rise of that rate per unit of tension"),
    ]
    tension_cap: Annotated[
        float, Parameter(D.NUMBER, 0.0, 5.0, "tension above which nothing is added")
    ]
    tension_memory: Annotated[
        float, Parameter(D.DURATION, 0.5, 365.0, "time in which tension falls to 1/e")
    ]
    strike_tension: Annotated[
        float, Parameter(D.NUMBER, 0.0, 5.0, "tension added by a strike on it")
    ]
    arrest_tension: Annotated[
        float, Parameter(D.NUMBER, 0.0, 5.0, "tension added by an arrest of its people")
    ]
    solidarity: Annotated[
        float,
        Parameter(D.SHARE, 0.0, 1.0, "share of that tension when another is hit"),
    ]
    obedience: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "probability of obeying a full order")
    ]
    directive_effect: Annotated[
        float,
        Parameter(D.NUMBER, 0.0, 3.0, "log change of the rate under an obeyed order"),
    ]
    directive_memory: Annotated[
        float, Parameter(D.DURATION, 0.5, 365.0, "time in which an order wears off")
    ]
    preparation_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 90.0, "median time to prepare an attack")
    ]
    preparation_spread: Annotated[
        float, Parameter(D.NUMBER, 0.0, 2.0, "log standard deviation of that time")
    ]
    emplacement_days: Annotated[
        float,
        Parameter(D.DURATION, 0.001, 10.0, "mean time from launch site to launch"),
    ]
    max_parallel: Annotated[
        float, Parameter(D.COUNT, 0.0, 100.0, "attacks in preparation, 0 no limit")
    ]
    salvo_median: Annotated[
        float, Parameter(D.COUNT, 1.0, 100.0, "median rounds set up for one attack")
    ]
    salvo_spread: Annotated[
        float, Parameter(D.NUMBER, 0.0, 2.5, "log standard deviation of the salvo")
    ]
    malfunction_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "share of attacks whose launcher fails")
    ]
    accuracy: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "share of fired rounds in the target area")
    ]
    killed_per_hit: Annotated[
        float,
        Parameter(D.NUMBER, 0.0, 5.0, "mean deaths per hit and unit of exposure"),
    ]
    wounded_per_hit: Annotated[
        float,
        Parameter(D.NUMBER, 0.0, 20.0, "mean wounded per hit and unit of exposure"),
    ]
    retaliation_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "probability of answering a strike on it")
    ]
    retaliation_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 60.0, "median delay of that answer")
    ]
    retaliation_spread: Annotated[
        float, Parameter(D.NUMBER, 0.0, 2.0, "log standard deviation of that delay")
    ]
    show_of_force_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "probability of a show of force on arrest")
    ]
    threat_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "probability of a threat after a raid")
    ]
    defiance_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "probability of defiance after a release")
    ]
    claim_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "probability of claiming an own attack")
    ]
    denial_share: Annotated[
        float,
        Parameter(D.SHARE, 0.0, 1.0, "probability of denying one that hurt civilians"),
    ]
    statement_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 30.0, "mean delay of words and displays")
    ]
    news_days: Annotated[
        float, Parameter(D.DURATION, 0.001, 30.0, "mean delay until it learns of acts")
    ]
    evidence: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "how often it knows who did a covert act")
    ]
    launchers: Annotated[
        float, Parameter(D.COUNT, 0.0, 10000.0, "launchers at the start")
    ]
    rounds: Annotated[float, Parameter(D.COUNT, 0.0, 1000000.0, "rounds at the start")]


@dataclass(slots=True)
class MilitiaMemory:
    """What a militia carries from the past."""

    tension: PerActor
    """What it holds against each actor when last set, dimensionless, >= 0."""
    tension_since: PerActor
    """When that was set, days."""
    directive: float = 0.0
    """The obeyed order when last set: 1 press, -1 hold, 0 none."""
    directive_since: float = 0.0
    """When that was set, days."""


class MilitiaView(NamedTuple):
    """What a militia knows when it decides about one other actor."""

    tension: float
    """What it holds against that actor now, >= 0."""
    directive: float
    """Its sponsor's order as it still works, -1 to 1."""
    launchers: float
    rounds: float
    detained: float
    """Its people in custody."""


def view(
    params: MilitiaParams,
    memory: MilitiaMemory,
    holdings: Holdings,
    other: int,
    now: float,
) -> MilitiaView:
    """What the militia knows now, with regard to the actor `other`."""
    return MilitiaView(
        faded(
            memory.tension[other],
            memory.tension_since[other],
            now,
            params.tension_memory,
        ),
        faded(memory.directive, memory.directive_since, now, params.directive_memory),
        holdings.launchers,
        holdings.rounds,
        holdings.detained,
    )


def notice(
    params: MilitiaParams, memory: MilitiaMemory, percept: Percept, now: float
) -> None:
    """Take in a strike, an arrest or an obeyed order.

    A blow adds tension against its author: in full when it hits the militia itself,
    in the share `solidarity` when it hits another. An obeyed order replaces the last.
    """
    blow = 0.0
    if percept.act in (Act.AIR_STRIKE, Act.LEADER_KILLING):
        blow = params.strike_tension
    elif percept.act == Act.ARREST:
        blow = params.arrest_tension
    if blow > 0.0 and percept.is_mine == 0:
        if percept.is_at_me == 0:
            blow = blow * params.solidarity
        author = percept.author
        memory.tension[author] = blow + faded(
            memory.tension[author],
            memory.tension_since[author],
            now,
            params.tension_memory,
        )
        memory.tension_since[author] = now
    if percept.act == Act.COMPLIANCE and percept.is_mine == 1:
        memory.directive = percept.force
        memory.directive_since = now


def news_delay(params: MilitiaParams, u: float) -> float:
    """Days until it learns of another's act; exponential."""
    return exponential(u, params.news_days)


def evidence(params: MilitiaParams) -> float:
    """Probability that what it hears points to the true author."""
    return params.evidence


def detection(params: MilitiaParams, view: MilitiaView) -> float:
    """A militia watches nobody: 0."""
    return 0.0


def starting(params: MilitiaParams, memory: MilitiaMemory) -> None:
    """Nothing is remembered at the start."""


def stocks(params: MilitiaParams) -> tuple[float, float]:
    """Launchers and rounds at the start."""
    return params.launchers, params.rounds
