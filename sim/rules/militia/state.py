"""What a militia remembers, and what it knows when it decides."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import NamedTuple

from sim.ladder import Act
from sim.rules.behaviour import (
    Holdings,
    PerActor,
    Percept,
)
from sim.rules.decay import faded
from sim.rules.inversion import exponential
from sim.rules.militia.parameters import MilitiaParams


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
    fear: float = 0.0
    """Blows it still fears when last set, >= 0."""
    fear_since: float = 0.0
    truce: float = 0.0
    """How far it keeps a truce when last set, 0 to 1."""
    truce_since: float = 0.0


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
    fear: float = 0.0
    """Blows that it still fears, >= 0."""
    truce: float = 0.0
    """How far it keeps a truce, 0 to 1."""
    days: float = 0.0
    """Days since the scenario's start, >= 0."""


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
        faded(memory.fear, memory.fear_since, now, params.fear_memory),
        faded(memory.truce, memory.truce_since, now, params.truce_memory),
        now,
    )


def resent(
    params: MilitiaParams, memory: MilitiaMemory, against: int, blow: float, now: float
) -> None:
    """Add `blow` >= 0 to the tension against the actor `against`, if there is one."""
    if against < 0:
        return
    memory.tension[against] = blow + faded(
        memory.tension[against],
        memory.tension_since[against],
        now,
        params.tension_memory,
    )
    memory.tension_since[against] = now


def dread(
    params: MilitiaParams, memory: MilitiaMemory, blows: float, now: float
) -> None:
    """Add `blows` >= 0 to what it fears."""
    memory.fear = blows + faded(memory.fear, memory.fear_since, now, params.fear_memory)
    memory.fear_since = now


def notice(
    params: MilitiaParams, memory: MilitiaMemory, percept: Percept, now: float
) -> None:
    """Take in blows, orders, talks, hand-overs and a truce.

    A blow adds tension against its author, and fear: in full when it hits the militia
    itself, in the share `solidarity` when it hits another. An obeyed order replaces the
    last. A base handed over relieves tension against the power that leaves it.
    """
    if percept.is_stage == 1:
        return
    act, author = percept.act, percept.author
    share = 1.0 if percept.is_at_me == 1 else params.solidarity
    if percept.is_mine == 1:
        if act == Act.COMPLIANCE:
            memory.directive = percept.force
            memory.directive_since = now
    elif act == Act.AIR_STRIKE or act == Act.LEADER_KILLING:
        resent(params, memory, author, share * params.strike_tension, now)
        dread(params, memory, share, now)
    elif act == Act.ARREST:
        resent(params, memory, author, share * params.arrest_tension, now)
    elif act == Act.RAID:
        dread(params, memory, share * params.raid_deterrence, now)
    elif act == Act.TALKS:
        resent(params, memory, author, params.talks_tension, now)
    elif act == Act.BASE_HANDOVER and author >= 0:
        resent(params, memory, author, 0.0, now)
        memory.tension[author] = memory.tension[author] * exp(-params.handover_relief)
    elif act == Act.TRUCE and percept.is_at_me == 1:
        memory.truce = percept.force * params.obedience
        memory.truce_since = now


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
