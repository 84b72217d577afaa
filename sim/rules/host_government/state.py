"""What a host government is told by the scenario, remembers and knows."""

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


class HostGovernmentParams(NamedTuple):
    """What a scenario says about one host government; canonical units."""

    tolerance: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "how far it looks away; 1 never acts")
    ]
    resolve: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "will to act where it does not look away")
    ]
    ability: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "reach of its forces against a militia")
    ]
    investigation_rate: Annotated[
        float, Parameter(D.RATE, 0.0, 2.0, "inquiries per militia at full effort")
    ]
    intelligence_gain: Annotated[
        float, Parameter(D.NUMBER, 0.0, 10.0, "intelligence from one inquiry")
    ]
    trace_gain: Annotated[
        float, Parameter(D.NUMBER, 0.0, 10.0, "intelligence from one attack's traces")
    ]
    intelligence_memory: Annotated[
        float, Parameter(D.DURATION, 0.5, 730.0, "time in which it ages to 1/e")
    ]
    intelligence_needed: Annotated[
        float, Parameter(D.NUMBER, 0.01, 100.0, "intelligence that gives half effect")
    ]
    raid_rate: Annotated[
        float, Parameter(D.RATE, 0.0, 2.0, "raids on a militia when all speaks for it")
    ]
    impatience_effect: Annotated[
        float, Parameter(D.NUMBER, 0.0, 5.0, "drive to act per remembered attack")
    ]
    impatience_memory: Annotated[
        float, Parameter(D.DURATION, 0.5, 730.0, "time in which that fades to 1/e")
    ]
    pressure_effect: Annotated[
        float, Parameter(D.NUMBER, 0.0, 5.0, "drive to act per remembered demand")
    ]
    pressure_memory: Annotated[
        float, Parameter(D.DURATION, 0.5, 730.0, "time in which that fades to 1/e")
    ]
    fear_effect: Annotated[
        float, Parameter(D.NUMBER, 0.0, 5.0, "log fall of the drive per menace")
    ]
    fear_memory: Annotated[
        float, Parameter(D.DURATION, 0.5, 730.0, "time in which a menace fades to 1/e")
    ]
    planning_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 90.0, "median time to plan a raid")
    ]
    planning_spread: Annotated[
        float, Parameter(D.NUMBER, 0.0, 2.0, "log standard deviation of that time")
    ]
    arrests_mean: Annotated[
        float, Parameter(D.NUMBER, 0.0, 200.0, "mean persons arrested in a raid")
    ]
    seizure_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "share of the launchers a raid seizes")
    ]
    interdiction_share: Annotated[
        float,
        Parameter(D.SHARE, 0.0, 1.0, "chance that a raid breaks an attack, all known"),
    ]
    detection_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "chance to notice a launch team in place")
    ]
    reaction_days: Annotated[
        float, Parameter(D.DURATION, 0.001, 10.0, "mean time from notice to arrival")
    ]
    custody_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 3650.0, "median time until courts decide")
    ]
    custody_spread: Annotated[
        float, Parameter(D.NUMBER, 0.0, 2.0, "log standard deviation of that time")
    ]
    release_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "share of the arrested that it lets go")
    ]
    yield_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "chance to give way to a show of force")
    ]
    yield_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 90.0, "mean time until it gives way")
    ]
    accusation_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "chance to accuse after a strike")
    ]
    statement_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 30.0, "mean delay of its statements")
    ]
    news_days: Annotated[
        float, Parameter(D.DURATION, 0.001, 30.0, "mean delay until it learns of acts")
    ]
    evidence: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "how often evidence points to the author")
    ]


@dataclass(slots=True)
class HostGovernmentMemory:
    """What a host government carries from the past."""

    intelligence: PerActor
    """What it knows of each militia when last set, >= 0."""
    intelligence_since: PerActor
    impatience: float = 0.0
    """Attacks it remembers, faded, >= 0."""
    impatience_since: float = 0.0
    pressure: float = 0.0
    """Demands it remembers, faded, >= 0."""
    pressure_since: float = 0.0
    fear: float = 0.0
    """Threats and shows of force it remembers, faded, >= 0."""
    fear_since: float = 0.0


class HostGovernmentView(NamedTuple):
    """What a host government knows when it decides about one other actor."""

    intelligence: float
    impatience: float
    pressure: float
    fear: float
    captives: float
    """Persons of that actor in its custody."""


def view(
    params: HostGovernmentParams,
    memory: HostGovernmentMemory,
    holdings: Holdings,
    other: int,
    now: float,
) -> HostGovernmentView:
    """What the government knows now, with regard to the actor `other`."""
    return HostGovernmentView(
        faded(
            memory.intelligence[other],
            memory.intelligence_since[other],
            now,
            params.intelligence_memory,
        ),
        faded(
            memory.impatience, memory.impatience_since, now, params.impatience_memory
        ),
        faded(memory.pressure, memory.pressure_since, now, params.pressure_memory),
        faded(memory.fear, memory.fear_since, now, params.fear_memory),
        holdings.captives,
    )


def learn(
    params: HostGovernmentParams,
    memory: HostGovernmentMemory,
    about: int,
    gain: float,
    now: float,
) -> None:
    """Add `gain` >= 0 to the intelligence on the actor `about`."""
    memory.intelligence[about] = gain + faded(
        memory.intelligence[about],
        memory.intelligence_since[about],
        now,
        params.intelligence_memory,
    )
    memory.intelligence_since[about] = now


def notice(
    params: HostGovernmentParams,
    memory: HostGovernmentMemory,
    percept: Percept,
    now: float,
) -> None:
    """Take in attacks, inquiries, finds, demands and menaces."""
    act = percept.act
    if percept.is_stage == 1:
        return
    if act in (Act.ROCKET_ATTACK, Act.CONVOY_BOMB):
        memory.impatience = 1.0 + faded(
            memory.impatience, memory.impatience_since, now, params.impatience_memory
        )
        memory.impatience_since = now
        gain = params.trace_gain * percept.confidence
        learn(params, memory, percept.author, gain, now)
    elif act == Act.INVESTIGATION and percept.is_mine == 1:
        learn(params, memory, percept.target, params.intelligence_gain, now)
    elif act == Act.THWARTED_ATTACK and percept.is_mine == 1:
        learn(params, memory, percept.target, params.trace_gain, now)
    elif act == Act.DEMAND and percept.is_at_me == 1:
        memory.pressure = 1.0 + faded(
            memory.pressure, memory.pressure_since, now, params.pressure_memory
        )
        memory.pressure_since = now
    elif act in (Act.THREAT, Act.SHOW_OF_FORCE, Act.DEFIANCE) and percept.is_at_me == 1:
        memory.fear = 1.0 + faded(
            memory.fear, memory.fear_since, now, params.fear_memory
        )
        memory.fear_since = now


def news_delay(params: HostGovernmentParams, u: float) -> float:
    """Days until it learns of another's act; exponential."""
    return exponential(u, params.news_days)


def evidence(params: HostGovernmentParams) -> float:
    """Probability that the evidence points to the true author."""
    return params.evidence


def starting(params: HostGovernmentParams, memory: HostGovernmentMemory) -> None:
    """Nothing is remembered at the start."""
