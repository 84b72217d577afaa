"""What a sponsor remembers, and what it knows when it decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from sim.ladder import Act
from sim.rules.behaviour import Holdings, PerActor, Percept
from sim.rules.decay import Fading, add, faded, left, put
from sim.rules.sponsor.parameters import SponsorParams
from sim.rules.tolerance import Account, close, lay, may_land

ORDER_DAYS: Final = 3.0
"""Days for which an order stands: no other follows to that client, unless a blow comes
between; assumed."""

STANCE_DAYS: Final = 7.0
"""Days in which it asks nobody for the opposite of what it last asked, unless a blow,
or foreign dead, come between; assumed."""

STAY_DAYS: Final = 14.0
"""Days in which its commander does not travel after his last visit, and after a direct
strike by it or on it: the window within which direct strikes are one exchange. What he
ordered on the last visit is out, and answered, by then. Assumed."""

LEADER_DEATHS: Final = 10.0
"""What the killing of a militia's leader counts for, in deaths beside his own."""


@dataclass(slots=True)
class SponsorMemory:
    """What a sponsor carries from the past."""

    truce: PerActor
    """1 while a truce that it called with a client is in force, else 0."""
    stands_until: PerActor
    """Day until which the last order to a client stands."""
    stance: float = 0.0
    """What it last asked of a client: 1 to attack, -1 to hold; 1 from a blow on, and 0
    from foreign dead on if it asked for attacks."""
    stance_until: float = 0.0
    """Day until which that stands."""
    stays_until: float = 0.0
    """Day until which its commander does not travel."""
    settled: float = 0.0
    """Day on which its account was last closed, by a direct strike."""
    loss: Account = field(default_factory=Account)
    """Losses of its own and of militias, not yet answered by force."""
    ordered: float = 0.0
    """Day of the last order to strike directly."""
    preparing: float = 0.0
    """Direct strikes under preparation, >= 0."""
    alarm: Fading = field(default_factory=Fading)
    """Foreign deaths it knows of, >= 0."""
    is_vacant: float = 0.0
    """1 from the killing of its commander until one is appointed, else 0."""
    bereft: Fading = field(default_factory=Fading)
    """How far a successor lacks the authority of the one before, 0 to 1."""
    restriction: float = 0.0
    """Rules of hosts against its access that stand, >= 0."""


class SponsorView(NamedTuple):
    """What a sponsor knows when it decides about one client."""

    loss: float
    """Harm to itself and to militias that it has not yet answered, >= 0."""
    alarm: float
    """Number of foreign deaths that it knows of and that make it wary, >= 0."""
    authority: float = 1.0
    """Authority behind its orders now, 0 to 1."""
    restriction: float = 0.0
    """Number of hosts' rules against its access that stand, >= 0."""
    loss_asked: float = 0.0
    """Part of that harm that it has let pass without force so far, >= 0."""
    is_vacant: float = 0.0
    """Whether its commander's post is vacant: 1 yes, 0 no."""
    truce: float = 0.0
    """Whether a truce with that client is in force: 1 yes, 0 no."""
    stands: float = 0.0
    """Whether its last order to that client stands: 1 yes, 0 no."""
    stance: float = 0.0
    """What it asks of its clients: 1 attacks, as where it prepares a direct strike, -1
    to hold fire, 0 nothing."""
    stays: float = 0.0
    """Whether its commander keeps from travelling: 1 yes, 0 no."""
    since_settled: float = 0.0
    """Days since it last settled its losses by a direct strike."""


def view(
    params: SponsorParams,
    memory: SponsorMemory,
    holdings: Holdings,
    other: int,
    now: float,
) -> SponsorView:
    """What the sponsor knows now, with regard to the actor `other`."""
    lacking = memory.is_vacant
    if lacking <= 0.0:
        lacking = left(memory.bereft, now, params.replacement_days)
    stance = memory.stance if now < memory.stance_until else 0.0
    if is_waiting(params, memory, now):
        stance = 1.0
    return SponsorView(
        faded(memory.loss.level, memory.loss.since, now, params.loss_memory),
        left(memory.alarm, now, params.loss_memory),
        params.authority * (1.0 - params.commander_share * lacking),
        memory.restriction,
        faded(memory.loss.asked, memory.loss.since, now, params.loss_memory),
        memory.is_vacant,
        memory.truce[other],
        1.0 if now < memory.stands_until[other] else 0.0,
        stance,
        1.0 if now < memory.stays_until else 0.0,
        now - memory.settled,
    )


def is_waiting(params: SponsorParams, memory: SponsorMemory, now: float) -> bool:
    """Whether a direct strike is ordered and may still land."""
    return may_land(memory.preparing, memory.ordered, params.direct_days, now)


def suffer(
    params: SponsorParams, memory: SponsorMemory, loss: float, now: float
) -> None:
    """Add `loss` >= 0; none is weighed while a direct strike is being prepared."""
    is_free = not is_waiting(params, memory, now)
    lay(memory.loss, loss, now, params.loss_memory, is_free)


def notice(
    params: SponsorParams, memory: SponsorMemory, percept: Percept, now: float
) -> None:
    """Take in losses, foreign deaths, rules, and its own truces, strikes, appointments.

    A direct strike settles the account when it is ordered, or put in from outside;
    words and orders to clients leave it open. A deadly blow overtakes whatever order
    stands, and foreign dead what asks for more.
    """
    act = percept.act
    if percept.is_mine == 1:
        take_own(params, memory, percept, now)
        return
    dead = params.death_loss * percept.killed_target
    if act == Act.AIR_STRIKE:
        suffer(params, memory, dead, now)
        if percept.killed_target > 0.0:
            be_struck(memory, now)
    elif act == Act.MILITIA_LEADER_KILLING:
        suffer(params, memory, dead + params.death_loss * LEADER_DEATHS, now)
        be_struck(memory, now)
    elif act == Act.LEADER_KILLING or act == Act.DIRECT_STRIKE:
        if percept.is_at_me == 1:
            suffer(params, memory, params.commander_loss + dead, now)
            be_struck(memory, now)
            if act == Act.LEADER_KILLING:
                memory.is_vacant = 1.0
            else:
                memory.stays_until = now + STAY_DAYS
    elif act == Act.SANCTION and percept.is_at_me == 1:
        suffer(params, memory, params.sanction_loss, now)
    elif act == Act.PERMIT_RULE and percept.is_at_me == 1:
        memory.restriction = memory.restriction + 1.0
        suffer(params, memory, params.curb_loss, now)
    elif act == Act.RULE_LIFTED and percept.is_at_me == 1:
        memory.restriction = max(0.0, memory.restriction - 1.0)
    elif act == Act.RAID:
        suffer(params, memory, params.curb_loss, now)
    elif act == Act.ROCKET_ATTACK and percept.killed_target > 0.0:
        add(memory.alarm, percept.killed_target, now, params.loss_memory)
        if params.caution > 0.0:
            memory.stance = min(0.0, memory.stance)


def be_struck(memory: SponsorMemory, now: float) -> None:
    """Let no order stand: what it asks for from now on is attacks."""
    memory.stance = 1.0
    memory.stance_until = now + STANCE_DAYS
    for client in range(len(memory.stands_until)):
        memory.stands_until[client] = now


def take_own(
    params: SponsorParams, memory: SponsorMemory, percept: Percept, now: float
) -> None:
    """Take in what it did itself."""
    act, target = percept.act, percept.target
    if act == Act.TRUCE and target >= 0:
        memory.truce[target] = 1.0
        memory.stance = -1.0
        memory.stance_until = now + STANCE_DAYS
    elif act == Act.TRUCE_END and target >= 0:
        memory.truce[target] = 0.0
    elif (act == Act.DIRECTIVE_PRESS or act == Act.DIRECTIVE_HOLD) and target >= 0:
        memory.stands_until[target] = now + ORDER_DAYS
        memory.stance = 1.0 if act == Act.DIRECTIVE_PRESS else -1.0
        memory.stance_until = now + STANCE_DAYS
    elif act == Act.APPOINTMENT or act == Act.VISIT:
        if act == Act.VISIT:
            memory.stays_until = now + STAY_DAYS
        if memory.is_vacant > 0.0:
            memory.is_vacant = 0.0
            put(memory.bereft, 1.0, now)
    elif act == Act.DIRECT_STRIKE:
        memory.stays_until = now + STAY_DAYS
        if percept.is_stage == 1 or percept.put_in == 1:
            close(memory.loss, now)
            memory.settled = now
        if percept.is_stage == 1:
            if not is_waiting(params, memory, now):
                memory.preparing = 0.0
            memory.preparing = memory.preparing + 1.0
            memory.ordered = now
            return
        memory.preparing = max(0.0, memory.preparing - 1.0)
        suffer(params, memory, 0.0, now)
