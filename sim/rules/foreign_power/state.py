"""What a foreign power remembers, and what it knows when it decides."""

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
from sim.rules.foreign_power.parameters import ForeignPowerParams
from sim.rules.inversion import exponential

MOST_UNWELCOME: Final = 5.0
"""Demands to leave above which nothing is added; a formal request counts as so many."""


@dataclass(slots=True)
class ForeignPowerMemory:
    """What a foreign power carries from the past.

    Harm is kept in accounts, one for each actor that it may hold responsible and one
    for whoever stands behind them. Each has a level, the level when it was last weighed
    (no answer came of that much), and the level from which the last harm was weighed.
    """

    harm: PerActor
    """Harm laid to each actor and not yet answered when last set, in deaths, >= 0."""
    weighed: PerActor
    """How much of it had been weighed when last set, >= 0."""
    asked: PerActor
    """From which level the last weighing asked, >= 0."""
    harm_since: PerActor
    sponsor_harm: float = 0.0
    """The same, laid to the sponsor."""
    sponsor_weighed: float = 0.0
    sponsor_asked: float = 0.0
    sponsor_since: float = 0.0
    preparing: float = 0.0
    """Answers by force under preparation, >= 0."""
    is_vacant: float = 0.0
    """1 from the killing of the sponsor's commander until one is appointed, else 0."""
    provocation: float = 0.0
    """Harm by attacks, answered or not, faded, in deaths, >= 0."""
    provocation_since: float = 0.0
    unwelcome: float = 0.0
    """Demands to leave, faded, >= 0."""
    unwelcome_since: float = 0.0


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
    since, behind = memory.harm_since[other], memory.sponsor_since
    return ForeignPowerView(
        faded(memory.harm[other], since, now, fades),
        faded(memory.asked[other], since, now, fades),
        faded(memory.sponsor_harm, behind, now, fades),
        faded(memory.sponsor_asked, behind, now, fades),
        memory.is_vacant,
        faded(memory.provocation, memory.provocation_since, now, fades),
        min(
            MOST_UNWELCOME,
            faded(memory.unwelcome, memory.unwelcome_since, now, params.leave_memory),
        ),
    )


def lay(
    params: ForeignPowerParams,
    memory: ForeignPowerMemory,
    against: int,
    harm: float,
    now: float,
) -> None:
    """Lay `harm` >= 0 to the actor `against`, and weigh what it has not weighed yet.

    While an answer is being prepared nothing is weighed; that is done when it lands.
    """
    since, fades = memory.harm_since[against], params.provocation_memory
    level = harm + faded(memory.harm[against], since, now, fades)
    weighed = faded(memory.weighed[against], since, now, fades)
    is_free = memory.preparing <= 0.0
    memory.harm[against] = level
    memory.asked[against] = weighed if is_free else level
    memory.weighed[against] = level if is_free else weighed
    memory.harm_since[against] = now


def lay_to_sponsor(
    params: ForeignPowerParams, memory: ForeignPowerMemory, harm: float, now: float
) -> None:
    """Lay `harm` >= 0 to whoever stands behind the attacks; see `lay`."""
    since, fades = memory.sponsor_since, params.provocation_memory
    level = harm + faded(memory.sponsor_harm, since, now, fades)
    weighed = faded(memory.sponsor_weighed, since, now, fades)
    is_free = memory.preparing <= 0.0
    memory.sponsor_harm = level
    memory.sponsor_asked = weighed if is_free else level
    memory.sponsor_weighed = level if is_free else weighed
    memory.sponsor_since = now


def settle(memory: ForeignPowerMemory, act: int, target: int, now: float) -> None:
    """Close the account that an answer by force is for."""
    if act == Act.AIR_STRIKE or act == Act.MILITIA_LEADER_KILLING:
        if target >= 0:
            memory.harm[target] = 0.0
            memory.weighed[target] = 0.0
            memory.asked[target] = 0.0
            memory.harm_since[target] = now
    else:
        memory.sponsor_harm = 0.0
        memory.sponsor_weighed = 0.0
        memory.sponsor_asked = 0.0
        memory.sponsor_since = now


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
    >>> from sim.rules.examples import FOREIGN_POWER
    >>> none = Percept(1, 0, 1, 0, 0, 1, 1.0, 3.0, *[0.0] * 8)
    >>> harm_of(FOREIGN_POWER, none._replace(killed_own=1.0, wounded_own=2.0))
    1.3
    """
    wounded = params.wounded_weight * percept.wounded_own
    return percept.killed_own + wounded


def notice(
    params: ForeignPowerParams,
    memory: ForeignPowerMemory,
    percept: Percept,
    now: float,
) -> None:
    """Take in harm and whom it blames, its own answers, and demands to leave.

    Harm laid to an actor counts by how surely it is the author. An answer by force
    settles the account when it is ordered; what comes while it is prepared is weighed
    when it has landed. Words and sanctions leave the account open.
    """
    act = percept.act
    if percept.is_mine == 1:
        if is_force(act):
            take_own(params, memory, percept, now)
    elif act == Act.APPOINTMENT:
        memory.is_vacant = 0.0
    elif percept.is_at_me == 0:
        return
    elif act == Act.DEMAND_TO_LEAVE or act == Act.EXPULSION_VOTE:
        memory.unwelcome = 1.0 + faded(
            memory.unwelcome, memory.unwelcome_since, now, params.leave_memory
        )
        memory.unwelcome_since = now
    elif act == Act.EXPULSION:
        memory.unwelcome = MOST_UNWELCOME
        memory.unwelcome_since = now
    elif act == Act.EMBASSY_STORMING:
        lay_to_sponsor(params, memory, params.storming_weight, now)
    elif act == Act.DIRECT_STRIKE:
        harm = params.direct_weight
        if harm > 0.0:
            harm = harm + harm_of(params, percept)
        lay_to_sponsor(params, memory, harm, now)
    elif act == Act.ROCKET_ATTACK or act == Act.CONVOY_BOMB:
        harm = harm_of(params, percept)
        memory.provocation = harm + faded(
            memory.provocation,
            memory.provocation_since,
            now,
            params.provocation_memory,
        )
        memory.provocation_since = now
        lay_to_sponsor(params, memory, params.sponsor_belief * harm, now)
        if percept.author >= 0:
            lay(params, memory, percept.author, percept.confidence * harm, now)


def take_own(
    params: ForeignPowerParams,
    memory: ForeignPowerMemory,
    percept: Percept,
    now: float,
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
    lay_to_sponsor(params, memory, 0.0, now)
    for other in range(len(memory.harm)):
        lay(params, memory, other, 0.0, now)


def news_delay(params: ForeignPowerParams, u: float) -> float:
    """Days until it learns of another's act; exponential."""
    return exponential(u, params.news_days)


def evidence(params: ForeignPowerParams) -> float:
    """Probability that the evidence points to the true author."""
    return params.evidence


def suspicion(params: ForeignPowerParams, view: ForeignPowerView) -> float:
    """Prior weight of a suspect: one, plus the harm that is laid to it."""
    return 1.0 + view.harm


def detection(params: ForeignPowerParams, view: ForeignPowerView) -> float:
    """It watches no launch teams on another's soil: 0."""
    return 0.0


def starting(params: ForeignPowerParams, memory: ForeignPowerMemory) -> None:
    """Nothing is remembered at the start."""


def site_weight(
    params: ForeignPowerParams, view: ForeignPowerView, reach: float, presence: float
) -> float:
    """Weight of a base for being handed over: its reach while occupied, otherwise 0."""
    if presence <= 0.0:
        return 0.0
    return reach
