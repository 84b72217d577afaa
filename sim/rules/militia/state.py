"""What a militia remembers, and what it knows when it decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from sim.ladder import Act
from sim.rules.behaviour import (
    Holdings,
    PerActor,
    Percept,
)
from sim.rules.decay import faded
from sim.rules.inversion import exponential
from sim.rules.militia.parameters import MilitiaParams

LONG_AGO: Final = -100000.0
"""Day of a storming where none is remembered."""


@dataclass(slots=True)
class MilitiaMemory:
    """What a militia carries from the past."""

    blows: PerActor
    """Strikes by each actor that it remembers when last set, >= 0."""
    blows_since: PerActor
    """When that was set, days."""
    lean: float = 0.0
    """Log shift of its attack rate by raids, talks and hand-overs when last set."""
    lean_since: float = 0.0
    directive: float = 0.0
    """The obeyed order when last set: 1 press, -1 hold, 0 none."""
    directive_since: float = 0.0
    truce: float = 0.0
    """1 while a truce called by its sponsor is in force, else 0."""
    keeps: float = 0.0
    """1 while it keeps that truce, else 0."""
    stormed: float = LONG_AGO
    """Day of the last storming."""


class MilitiaView(NamedTuple):
    """What a militia knows when it decides about one other actor."""

    blows: float
    """Strikes by that actor that it remembers, faded, >= 0."""
    directive: float
    """Its sponsor's order as it still works, -1 to 1."""
    launchers: float
    rounds: float
    detained: float
    """Its people in custody."""
    lean: float = 0.0
    """Log shift of its attack rate by raids, talks and hand-overs."""
    truce: float = 0.0
    """1 while a truce is in force, else 0."""
    keeps: float = 0.0
    """1 while it keeps it, else 0."""
    since_storming: float = -LONG_AGO
    """Days since the last storming."""
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
    fades = params.readiness_memory
    return MilitiaView(
        faded(memory.blows[other], memory.blows_since[other], now, fades),
        faded(memory.directive, memory.directive_since, now, fades),
        holdings.launchers,
        holdings.rounds,
        holdings.detained,
        faded(memory.lean, memory.lean_since, now, fades),
        memory.truce,
        memory.keeps,
        now - memory.stormed,
        now,
    )


def endure(
    params: MilitiaParams, memory: MilitiaMemory, author: int, blows: float, now: float
) -> None:
    """Add `blows` >= 0 to those that it remembers of the actor `author`, if any."""
    if author < 0:
        return
    memory.blows[author] = blows + faded(
        memory.blows[author], memory.blows_since[author], now, params.readiness_memory
    )
    memory.blows_since[author] = now


def sway(
    params: MilitiaParams, memory: MilitiaMemory, shift: float, now: float
) -> None:
    """Add `shift` to the log shift of its attack rate."""
    left = faded(memory.lean, memory.lean_since, now, params.readiness_memory)
    memory.lean = left + shift
    memory.lean_since = now


def notice(
    params: MilitiaParams, memory: MilitiaMemory, percept: Percept, now: float
) -> None:
    """Take in blows, raids, orders, talks, hand-overs, truces and stormings.

    A blow or a raid counts in full when it hits the militia itself, in the share
    `solidarity` when it hits another. An obeyed order replaces the last. A truce is in
    force from its announcement to its end; whether it is kept is decided once.
    """
    if percept.is_stage == 1:
        return
    act, author = percept.act, percept.author
    share = 1.0 if percept.is_at_me == 1 else params.solidarity
    if act == Act.EMBASSY_STORMING:
        memory.stormed = now
    elif percept.is_mine == 1:
        if act == Act.COMPLIANCE and percept.force == 0.0:
            memory.keeps = memory.truce
        elif act == Act.COMPLIANCE:
            memory.directive = percept.force
            memory.directive_since = now
    elif (
        act == Act.AIR_STRIKE
        or act == Act.MILITIA_LEADER_KILLING
        or act == Act.LEADER_KILLING
    ):
        endure(params, memory, author, share, now)
    elif act == Act.RAID:
        sway(params, memory, share * params.raid_shift, now)
    elif act == Act.TALKS:
        sway(params, memory, params.talks_shift, now)
    elif act == Act.BASE_HANDOVER:
        sway(params, memory, params.handover_shift, now)
    elif act == Act.TRUCE and percept.is_at_me == 1:
        memory.truce = 1.0
        memory.keeps = 0.0
    elif act == Act.TRUCE_END and percept.is_at_me == 1:
        memory.truce = 0.0
        memory.keeps = 0.0


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
