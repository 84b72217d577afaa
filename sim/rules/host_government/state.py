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
    harm_on_soil,
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
    breach: PerActor
    """Breaches of its sovereignty by each actor when last set, in strikes, >= 0."""
    breach_asked: PerActor
    """From which level the last one was weighed, >= 0."""
    breach_since: PerActor
    rule: PerActor
    """1 while its rule against an actor's access stands, else 0."""
    impatience: float = 0.0
    """Harm of attacks on its soil, faded, in deaths, >= 0."""
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
    breach: float = 0.0
    """Breaches by that actor that it remembers, in strikes, >= 0."""
    breach_asked: float = 0.0
    """From which level they are weighed now, >= 0."""
    rule: float = 0.0
    """1 while its rule against that actor stands, else 0."""


def view(
    params: HostGovernmentParams,
    memory: HostGovernmentMemory,
    holdings: Holdings,
    other: int,
    now: float,
) -> HostGovernmentView:
    """What the government knows now, with regard to the actor `other`."""
    fades = params.will_memory
    return HostGovernmentView(
        faded(
            memory.intelligence[other],
            memory.intelligence_since[other],
            now,
            params.intelligence_memory,
        ),
        faded(memory.impatience, memory.impatience_since, now, fades),
        faded(memory.pressure, memory.pressure_since, now, fades),
        faded(memory.fear, memory.fear_since, now, fades),
        holdings.captives,
        faded(memory.support, memory.support_since, now, fades),
        authority_now(params, memory.authority, memory.authority_since, now),
        memory.awe,
        faded(memory.breach[other], memory.breach_since[other], now, fades),
        faded(memory.breach_asked[other], memory.breach_since[other], now, fades),
        memory.rule[other],
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


def suffer(
    params: HostGovernmentParams,
    memory: HostGovernmentMemory,
    author: int,
    weight: float,
    now: float,
) -> None:
    """Add a breach of `weight` >= 0 to the account of the actor `author`, if any."""
    if author < 0:
        return
    before = faded(
        memory.breach[author], memory.breach_since[author], now, params.will_memory
    )
    memory.breach_asked[author] = before
    memory.breach[author] = before + weight
    memory.breach_since[author] = now


def notice(
    params: HostGovernmentParams,
    memory: HostGovernmentMemory,
    percept: Percept,
    now: float,
) -> None:
    """Take in attacks, inquiries, finds, demands, menaces, breaches and support.

    Attacks count by their harm, not by their number. A rule of its own stands until it
    is lifted.
    """
    if percept.is_stage == 1:
        return
    act, fades = percept.act, params.will_memory
    harm = harm_on_soil(params, percept)
    change = authority_change(params, act, percept.is_mine, percept.is_at_me, harm)
    win(params, memory, change, now)
    if act == Act.ROCKET_ATTACK or act == Act.CONVOY_BOMB:
        memory.impatience = harm + faded(
            memory.impatience, memory.impatience_since, now, fades
        )
        memory.impatience_since = now
        gain = params.trace_gain * percept.confidence * harm
        learn(params, memory, percept.author, gain, now)
    elif act == Act.INVESTIGATION and percept.is_mine == 1:
        learn(params, memory, percept.target, params.intelligence_gain, now)
    elif act == Act.PERMIT_RULE and percept.is_mine == 1 and percept.target >= 0:
        memory.rule[percept.target] = 1.0
    elif act == Act.RULE_LIFTED and percept.is_mine == 1 and percept.target >= 0:
        memory.rule[percept.target] = 0.0
    elif act == Act.DEMAND and percept.is_at_me == 1:
        memory.pressure = 1.0 + faded(
            memory.pressure, memory.pressure_since, now, fades
        )
        memory.pressure_since = now
    elif act == Act.SUPPORT and percept.is_at_me == 1:
        memory.support = 1.0 + faded(memory.support, memory.support_since, now, fades)
        memory.support_since = now
    elif act == Act.AIR_STRIKE or act == Act.DIRECT_STRIKE:
        suffer(params, memory, percept.author, 1.0, now)
    elif act == Act.LEADER_KILLING or act == Act.MILITIA_LEADER_KILLING:
        suffer(params, memory, percept.author, params.killing_weight, now)
        if act == Act.LEADER_KILLING:
            memory.awe = 0.0
    elif is_menace(act) and percept.is_at_me == 1:
        memory.fear = 1.0 + faded(memory.fear, memory.fear_since, now, fades)
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
