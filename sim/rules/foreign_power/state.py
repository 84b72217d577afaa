"""What a foreign power remembers, and what it knows when it decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from sim.ladder import Act
from sim.rules.behaviour import Holdings, Percept
from sim.rules.decay import Fading, add, faded, left, put
from sim.rules.foreign_power.parameters import ForeignPowerParams
from sim.rules.tolerance import Account, close, lay

MOST_UNWELCOME: Final = 5.0
"""Demands to leave above which nothing is added; a formal request counts as so many."""


@dataclass(slots=True)
class ForeignPowerMemory:
    """What a foreign power carries from the past."""

    harm: list[Account]
    """Harm laid to each actor and not yet answered, in deaths."""
    sponsor_harm: Account = field(default_factory=Account)
    """The same, laid to whoever stands behind the attacks."""
    preparing: float = 0.0
    """Answers by force under preparation, >= 0."""
    is_vacant: float = 0.0
    """1 from the killing of the sponsor's commander until one is appointed, else 0."""
    provocation: Fading = field(default_factory=Fading)
    """Harm by attacks, answered or not, in deaths, >= 0."""
    unwelcome: Fading = field(default_factory=Fading)
    """Demands to leave, >= 0."""


class ForeignPowerView(NamedTuple):
    """What a foreign power knows when it decides about one other actor."""

    harm: float
    """Harm laid to that actor and not yet answered, in deaths, >= 0."""
    asked: float
    """From which level it is weighed now, in deaths, >= 0."""
    sponsor_harm: float = 0.0
    """The same, laid to the sponsor."""
    sponsor_asked: float = 0.0
    is_vacant: float = 0.0
    """1 while the sponsor has no commander, as far as it knows."""
    provocation: float = 0.0
    """Harm by attacks that it remembers, in deaths, >= 0."""
    unwelcome: float = 0.0
    """Demands to leave that it still feels, 0 to `MOST_UNWELCOME`."""


def view(
    params: ForeignPowerParams,
    memory: ForeignPowerMemory,
    holdings: Holdings,
    other: int,
    now: float,
) -> ForeignPowerView:
    """What the foreign power knows now, with regard to the actor `other`."""
    fades = params.provocation_memory
    theirs, behind = memory.harm[other], memory.sponsor_harm
    return ForeignPowerView(
        faded(theirs.level, theirs.since, now, fades),
        faded(theirs.asked, theirs.since, now, fades),
        faded(behind.level, behind.since, now, fades),
        faded(behind.asked, behind.since, now, fades),
        memory.is_vacant,
        left(memory.provocation, now, fades),
        min(MOST_UNWELCOME, left(memory.unwelcome, now, params.leave_memory)),
    )


def settle(memory: ForeignPowerMemory, act: int, target: int, now: float) -> None:
    """Close the account that an answer by force is for."""
    if act == Act.LEADER_KILLING or act == Act.DIRECT_STRIKE:
        close(memory.sponsor_harm, now)
    elif target >= 0:
        close(memory.harm[target], now)


def is_force(act: int) -> bool:
    """Whether an act of its own is an answer by force."""
    return (
        act == Act.AIR_STRIKE
        or act == Act.MILITIA_LEADER_KILLING
        or act == Act.LEADER_KILLING
        or act == Act.DIRECT_STRIKE
    )


def harm_of(params: ForeignPowerParams, percept: Percept) -> float:
    """Harm of an act against it, in deaths: its dead and its wounded.

    Examples
    --------
    >>> none = Percept(1, 0, 1, 0, 0, 1, 1.0, 3.0, *[0.0] * 8)
    >>> harm_of(ForeignPowerParams(), none._replace(killed_own=1.0, wounded_own=2.0))
    1.3
    """
    wounded = params.wounded_weight * percept.wounded_own
    return percept.killed_own + wounded


def notice(
    params: ForeignPowerParams, memory: ForeignPowerMemory, percept: Percept, now: float
) -> None:
    """Take in harm and whom it blames, its own answers, and demands to leave.

    Harm laid to an actor counts by how surely it is the author. An answer by force
    settles the account when it is ordered; what comes while it is prepared is weighed
    when it has landed. Words and sanctions leave the account open.
    """
    act, fades = percept.act, params.provocation_memory
    is_free = memory.preparing <= 0.0
    if percept.is_mine == 1:
        if is_force(act):
            take_own(params, memory, percept, now)
    elif act == Act.APPOINTMENT:
        memory.is_vacant = 0.0
    elif percept.is_at_me == 0:
        return
    elif act == Act.DEMAND_TO_LEAVE or act == Act.EXPULSION_VOTE:
        add(memory.unwelcome, 1.0, now, params.leave_memory)
    elif act == Act.EXPULSION:
        put(memory.unwelcome, MOST_UNWELCOME, now)
    elif act == Act.EMBASSY_STORMING:
        lay(memory.sponsor_harm, params.storming_weight, now, fades, is_free)
    elif act == Act.DIRECT_STRIKE:
        harm = params.direct_weight
        if harm > 0.0:
            harm = harm + harm_of(params, percept)
        lay(memory.sponsor_harm, harm, now, fades, is_free)
    elif act == Act.ROCKET_ATTACK or act == Act.CONVOY_BOMB:
        harm = harm_of(params, percept)
        add(memory.provocation, harm, now, fades)
        share = params.sponsor_belief
        lay(memory.sponsor_harm, share * harm, now, fades, is_free)
        if percept.author >= 0:
            theirs = memory.harm[percept.author]
            lay(theirs, percept.confidence * harm, now, fades, is_free)


def take_own(
    params: ForeignPowerParams, memory: ForeignPowerMemory, percept: Percept, now: float
) -> None:
    """Take in that its own answer by force was ordered, or has landed."""
    if percept.is_stage == 1:
        memory.preparing = memory.preparing + 1.0
        settle(memory, percept.act, percept.target, now)
        return
    if memory.preparing <= 0.0:  # put in from outside, so nobody ordered it
        settle(memory, percept.act, percept.target, now)
    memory.preparing = max(0.0, memory.preparing - 1.0)
    if percept.act == Act.LEADER_KILLING:
        memory.is_vacant = 1.0
    fades, is_free = params.provocation_memory, memory.preparing <= 0.0
    lay(memory.sponsor_harm, 0.0, now, fades, is_free)
    for other in range(len(memory.harm)):
        lay(memory.harm[other], 0.0, now, fades, is_free)


def suspicion(params: ForeignPowerParams, view: ForeignPowerView) -> float:
    """Prior weight of a suspect: one, plus the harm that is laid to it."""
    return 1.0 + view.harm


def site_weight(
    params: ForeignPowerParams, view: ForeignPowerView, reach: float, presence: float
) -> float:
    """Weight of a base for being handed over: its reach while occupied, otherwise 0."""
    if presence <= 0.0:
        return 0.0
    return reach
