"""What a host government remembers, and what it knows when it decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from sim.ladder import Act
from sim.rules.behaviour import (
    Holdings,
    PerActor,
    Percept,
)
from sim.rules.decay import faded
from sim.rules.host_government.authority import (
    authority_change,
    authority_now,
    is_menace,
)
from sim.rules.host_government.parameters import HostGovernmentParams
from sim.rules.inversion import exponential


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
    support: float = 0.0
    """Shows of support it remembers, faded, >= 0."""
    support_since: float = 0.0
    authority: float = 1.0
    """Its authority when last set, 0 to 1."""
    authority_since: float = 0.0
    awe: float = 1.0
    """Standing of the sponsor's commander: 1, and 0 once he was killed."""


class HostGovernmentView(NamedTuple):
    """What a host government knows when it decides about one other actor."""

    intelligence: float
    impatience: float
    pressure: float
    fear: float
    captives: float
    """Persons of that actor in its custody."""
    support: float = 0.0
    authority: float = 1.0
    """Its own authority, 0 to 1."""
    awe: float = 1.0
    """Standing of the sponsor's commander, 0 to 1."""


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
        faded(memory.support, memory.support_since, now, params.support_memory),
        authority_now(params, memory.authority, memory.authority_since, now),
        memory.awe,
    )


def learn(
    params: HostGovernmentParams,
    memory: HostGovernmentMemory,
    about: int,
    gain: float,
    now: float,
) -> None:
    """Add `gain` >= 0 to the intelligence on the actor `about`, if there is one."""
    if about < 0:
        return
    memory.intelligence[about] = gain + faded(
        memory.intelligence[about],
        memory.intelligence_since[about],
        now,
        params.intelligence_memory,
    )
    memory.intelligence_since[about] = now


def win(
    params: HostGovernmentParams,
    memory: HostGovernmentMemory,
    change: float,
    now: float,
) -> None:
    """Change its authority, which stays between 0 and 1."""
    standing = authority_now(params, memory.authority, memory.authority_since, now)
    memory.authority = min(1.0, max(0.0, standing + change))
    memory.authority_since = now


def notice(
    params: HostGovernmentParams,
    memory: HostGovernmentMemory,
    percept: Percept,
    now: float,
) -> None:
    """Take in attacks, inquiries, finds, demands, menaces, strikes and support."""
    if percept.is_stage == 1:
        return
    act = percept.act
    win(
        params,
        memory,
        authority_change(params, act, percept.is_mine, percept.is_at_me),
        now,
    )
    if act == Act.ROCKET_ATTACK or act == Act.CONVOY_BOMB:
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
    elif act == Act.SUPPORT and percept.is_at_me == 1:
        memory.support = 1.0 + faded(
            memory.support, memory.support_since, now, params.support_memory
        )
        memory.support_since = now
    elif act == Act.LEADER_KILLING:
        memory.awe = 0.0
    elif is_menace(act) and percept.is_at_me == 1:
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
    """Set its authority; nothing else is remembered at the start."""
    memory.authority = params.authority_start
