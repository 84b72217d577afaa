"""What a militia remembers, and what it knows when it decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from sim.ladder import Act
from sim.rules.behaviour import Holdings, Percept
from sim.rules.decay import Fading, add, left, put
from sim.rules.militia.parameters import MilitiaParams

LONG_AGO: Final = -100000.0
"""Day of a storming where none is remembered."""


@dataclass(slots=True)
class MilitiaMemory:
    """What a militia carries from the past."""

    blows: list[Fading]
    """Strikes by each actor that it remembers, >= 0."""
    lean: Fading = field(default_factory=Fading)
    """Log shift of its attack rate by raids, talks and hand-overs."""
    directive: Fading = field(default_factory=Fading)
    """The obeyed order: 1 press, -1 hold, 0 none."""
    latest: float = 0.0
    """The latest order, obeyed or not: 1 press, -1 hold, 0 none since a truce."""
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
    latest: float = 0.0
    """The latest order, obeyed or not: 1 press, -1 hold, 0 none since a truce."""
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
        left(memory.blows[other], now, fades),
        left(memory.directive, now, fades),
        holdings.launchers,
        holdings.rounds,
        holdings.detained,
        left(memory.lean, now, fades),
        memory.truce,
        memory.keeps,
        now - memory.stormed,
        memory.latest,
        now,
    )


def notice(
    params: MilitiaParams, memory: MilitiaMemory, percept: Percept, now: float
) -> None:
    """Take in blows, raids, orders, talks, hand-overs, truces and stormings.

    A blow or a raid counts in full when it hits the militia itself, in the share
    `solidarity` when it hits another. An order replaces the one before, obeyed or not.
    A truce is in force from its announcement to its end, whatever order sent before it
    comes late; whether it is kept is decided once.
    """
    if percept.is_stage == 1:
        return
    act, fades = percept.act, params.readiness_memory
    share = 1.0 if percept.is_at_me == 1 else params.solidarity
    if act == Act.EMBASSY_STORMING:
        memory.stormed = now
    elif percept.is_mine == 1:
        if act == Act.COMPLIANCE and percept.force == 0.0:
            memory.keeps = memory.truce
        elif act == Act.COMPLIANCE:
            put(memory.directive, percept.force, now)
    elif (
        act == Act.AIR_STRIKE
        or act == Act.MILITIA_LEADER_KILLING
        or act == Act.LEADER_KILLING
    ):
        if percept.author >= 0:
            add(memory.blows[percept.author], share, now, fades)
    elif act == Act.RAID:
        add(memory.lean, share * params.raid_shift, now, fades)
    elif act == Act.TALKS:
        add(memory.lean, params.talks_shift, now, fades)
    elif act == Act.BASE_HANDOVER:
        add(memory.lean, params.handover_shift, now, fades)
    elif act == Act.DIRECTIVE_PRESS or act == Act.DIRECTIVE_HOLD:
        if percept.is_at_me == 1 and memory.truce <= 0.0:
            memory.latest = 1.0 if act == Act.DIRECTIVE_PRESS else -1.0
    elif act == Act.TRUCE and percept.is_at_me == 1:
        memory.truce = 1.0
        memory.keeps = 0.0
        memory.latest = 0.0
    elif act == Act.TRUCE_END and percept.is_at_me == 1:
        memory.truce = 0.0
        memory.keeps = 0.0


def stocks(params: MilitiaParams) -> tuple[float, float]:
    """Launchers and rounds at the start."""
    return params.launchers, params.rounds
