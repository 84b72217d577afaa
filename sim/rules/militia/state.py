"""What a militia remembers, and what it knows when it decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp, log
from typing import Annotated, Final, NamedTuple

from sim.ladder import Act
from sim.rules.behaviour import (
    MOST_MEANS,
    PER_MEANS,
    Holdings,
    PerActor,
    Percept,
)
from sim.rules.decay import Fading, add, left, put
from sim.rules.militia.parameters import MilitiaParams

HOLD_DAYS: Final = 3.0
"""Days for which it fires nothing once it obeys an order to hold fire, or has announced
that it suspends its attacks, unless it is ordered or struck: as long as an order
stands. Assumed."""

LONG_AGO: Final = -100000.0
"""Day of a storming where none is remembered."""


@dataclass(slots=True)
class MilitiaMemory:
    """What a militia carries from the past."""

    level: PerActor
    """Its readiness toward each actor: 0 quiet, 1 harassment, 2 surge."""
    opportunity: Annotated[list[float], PER_MEANS]
    """Launchers, or teams, that it has ready for each means."""
    tried: Annotated[list[Fading], PER_MEANS]
    """Its attacks by each means."""
    stopped: Annotated[list[Fading], PER_MEANS]
    """Of these, what was stopped: 1 of a thwarted one, else the share of its rounds."""
    taken: Annotated[list[Fading], PER_MEANS]
    """Launchers of each means that were seized or destroyed."""
    drive: float = 0.0
    """What is left of its rate by what it has lost of its means, 0 to 1."""
    lean: Fading = field(default_factory=Fading)
    """Log odds of a move up against one down, by all that it remembers."""
    ordered: float = 0.0
    """Day on which the latest order came, obeyed or not, or the latest truce."""
    announced: float = 0.0
    """What it last announced and has not belied: 1 a campaign, -1 a suspension."""
    engaged: float = LONG_AGO
    """Day on which it last attacked, heard of a strike, ignored an order, or obeyed one
    to attack."""
    truce: float = 0.0
    """1 while a truce called by its sponsor is in force, else 0."""
    keeps: float = 0.0
    """1 while it keeps that truce, else 0."""
    held_until: float = 0.0
    """Day until which it holds its fire, as ordered or announced."""
    stormed: float = LONG_AGO
    """Day of the last storming."""


class MilitiaView(NamedTuple):
    """What a militia knows when it decides about one other actor."""

    level: float
    """Its readiness to attack that actor: 0 quiet, 1 harassment, 2 surge."""
    drive: float
    """Share of its rate of attacks that losses of means have left it, 0 to 1."""
    detained: float
    """Number of its people in custody."""
    lean: float = 0.0
    """Pull of all that it remembers to more attacks (> 0) or fewer (< 0), log odds."""
    keeps: float = 0.0
    """Whether it keeps a truce: 1 yes, 0 no."""
    since_storming: float = -LONG_AGO
    """Days since the last storming."""
    since_order: float = -LONG_AGO
    """Days since the latest order came, obeyed or not, or the latest truce."""
    announced: float = 0.0
    """What it last announced and keeps to: 1 a campaign, -1 a suspension, 0 nothing."""
    since_engaged: float = -LONG_AGO
    """Days since it last attacked, heard of a strike, ignored an order, or obeyed one
    to attack."""
    truce: float = 0.0
    """Whether a truce is in force: 1 yes, 0 no."""
    holds: float = 0.0
    """Whether it holds its fire as ordered or announced: 1 yes, 0 no."""


def is_still(view: MilitiaView) -> bool:
    """Whether it fires nothing: in a truce that it keeps, as ordered or announced."""
    return view.keeps > 0.0 or view.holds > 0.0


def view(
    params: MilitiaParams,
    memory: MilitiaMemory,
    holdings: Holdings,
    other: int,
    now: float,
) -> MilitiaView:
    """What the militia knows now, with regard to the actor `other`."""
    return MilitiaView(
        memory.level[other],
        memory.drive,
        holdings.detained,
        left(memory.lean, now, params.readiness_memory),
        memory.keeps,
        now - memory.stormed,
        now - memory.ordered,
        memory.announced,
        now - memory.engaged,
        memory.truce,
        1.0 if now < memory.held_until else 0.0,
    )


def notice(
    params: MilitiaParams, memory: MilitiaMemory, percept: Percept, now: float
) -> None:
    """Take in blows, raids, releases, orders, talks, hand-overs, truces, and losses.

    A blow or a raid counts in full when it hits the militia itself, in the share
    `solidarity` when it hits another; a campaign or a suspension that another announces
    counts as an order in that share. An order replaces the one before, obeyed or not. A
    truce is in force from its announcement to its end, whatever order sent before it
    comes late; whether it is kept is decided once, and who keeps it falls quiet.

    Who obeys an order to hold fire, or suspends its attacks, fires nothing for
    `HOLD_DAYS`, unless it is struck or obeys another order.
    """
    if percept.is_stage == 1:
        return
    act, fades = percept.act, params.readiness_memory
    share = 1.0 if percept.is_at_me == 1 else params.solidarity
    take_loss(params, memory, percept, now)
    if act == Act.EMBASSY_STORMING:
        memory.stormed = now
    elif percept.is_mine == 1:
        take_own(params, memory, percept, now)
    elif (
        act == Act.AIR_STRIKE
        or act == Act.MILITIA_LEADER_KILLING
        or act == Act.LEADER_KILLING
    ):
        add(memory.lean, share * params.blow_shift, now, fades)
        if percept.is_at_me == 1:
            memory.held_until = now
        memory.engaged = now
    elif act == Act.RAID:
        add(memory.lean, share * params.raid_shift, now, fades)
    elif act == Act.RELEASE and percept.is_at_me == 1:
        add(memory.lean, params.release_shift, now, fades)
    elif act == Act.TALKS:
        add(memory.lean, params.talks_shift, now, fades)
    elif act == Act.BASE_HANDOVER:
        add(memory.lean, params.handover_shift, now, fades)
    elif act == Act.CAMPAIGN:
        add(memory.lean, params.solidarity * params.order_shift, now, fades)
    elif act == Act.SUSPENSION:
        add(memory.lean, -params.solidarity * params.order_shift, now, fades)
    elif act == Act.DIRECTIVE_PRESS or act == Act.DIRECTIVE_HOLD:
        if percept.is_at_me == 1 and memory.truce <= 0.0:
            memory.ordered = now
    elif act == Act.TRUCE and percept.is_at_me == 1:
        memory.truce = 1.0
        memory.keeps = 0.0
        memory.ordered = now
    elif act == Act.TRUCE_END and percept.is_at_me == 1:
        memory.truce = 0.0
        memory.keeps = 0.0


def take_own(
    params: MilitiaParams, memory: MilitiaMemory, percept: Percept, now: float
) -> None:
    """Take in its own moves, and what it does with orders and truces."""
    act, target = percept.act, percept.target
    if act == Act.READINESS_RAISED and target >= 0:
        memory.level[target] = min(2.0, memory.level[target] + 1.0)
    elif act == Act.READINESS_LOWERED and target >= 0:
        memory.level[target] = max(0.0, memory.level[target] - 1.0)
    elif act == Act.CAMPAIGN:
        memory.announced = 1.0
    elif act == Act.SUSPENSION:
        memory.announced = -1.0
        memory.held_until = now + HOLD_DAYS
    elif act == Act.DISOBEDIENCE:
        memory.engaged = now
    elif act == Act.COMPLIANCE and percept.force != 0.0:
        holds = percept.force < 0.0 and params.order_shift > 0.0
        memory.held_until = now + (HOLD_DAYS if holds else 0.0)
        shift = percept.force * params.order_shift
        add(memory.lean, shift, now, params.readiness_memory)
        if percept.force > 0.0:
            memory.engaged = now
    elif act == Act.COMPLIANCE and memory.truce > 0.0:
        memory.keeps = 1.0
        memory.announced = 0.0
        put(memory.lean, 0.0, now)
        for other in range(len(memory.level)):
            memory.level[other] = 0.0
    elif act == Act.ROCKET_ATTACK or act == Act.CONVOY_BOMB:
        memory.announced = max(0.0, memory.announced)
        memory.engaged = now
        k = int(percept.means) - 1
        if k >= 0:
            share = percept.intercepted / max(1.0, percept.rounds)
            add(memory.tried[k], 1.0, now, params.readiness_memory)
            add(memory.stopped[k], share, now, params.readiness_memory)
            take_stock(params, memory, now)


def take_loss(
    params: MilitiaParams, memory: MilitiaMemory, percept: Percept, now: float
) -> None:
    """Take in a thwarted attack of its own, or launchers that were taken from it.

    What is put in from outside names no means: its first is meant.
    """
    k = max(0, int(percept.means) - 1)
    if percept.is_at_me == 0:
        return
    if percept.act == Act.THWARTED_ATTACK:
        add(memory.tried[k], 1.0, now, params.readiness_memory)
        add(memory.stopped[k], 1.0, now, params.readiness_memory)
    elif percept.launchers > 0.0:
        add(memory.taken[k], percept.launchers, now, params.readiness_memory)
    else:
        return
    take_stock(params, memory, now)


def means_weight(
    params: MilitiaParams, memory: MilitiaMemory, k: int, now: float
) -> float:
    r"""Weight with which it chooses its k-th means, >= 0.

    Notes
    -----
    :math:`o\,e^{-\kappa L}` with its opportunity o, `means_aversion` :math:`\kappa`
    and the loss L that it remembers, 0 to 1:
    :math:`L = 1 - (1 - \frac{s}{1 + a})(1 - \min(1, \frac{d}{o}))` with a attacks,
    s of them stopped and d launchers taken, each fading in `readiness_memory`, in which
    they are thus made good. The form is ours.
    """
    opportunity = memory.opportunity[k]
    if opportunity <= 0.0:
        return 0.0
    fades = params.readiness_memory
    tried = left(memory.tried[k], now, fades)
    unharmed = 1.0 - left(memory.stopped[k], now, fades) / (1.0 + tried)
    taken = left(memory.taken[k], now, fades)
    loss = 1.0 - unharmed * (1.0 - min(1.0, taken / opportunity))
    return opportunity * exp(-params.means_aversion * loss)


def take_stock(params: MilitiaParams, memory: MilitiaMemory, now: float) -> None:
    r"""Work out what is left of its rate, as it does when it attacks or has lost.

    It is the share of its weights in its opportunities, :math:`(\sum w / \sum o)^s`
    with s `means_dependence`: 0 where what one means loses others replace, 1 where it
    is lost.
    """
    whole, weights = 0.0, 0.0
    for k in range(MOST_MEANS):
        if memory.opportunity[k] > 0.0:
            whole += memory.opportunity[k]
            weights += means_weight(params, memory, k, now)
    memory.drive = 0.0
    if whole > 0.0:
        memory.drive = exp(params.means_dependence * log(min(1.0, weights / whole)))


def starting(params: MilitiaParams, memory: MilitiaMemory, u: float) -> None:
    """Draw the level at which the start finds it, one as likely as another.

    Those are the shares of levels without a lean. It is the same toward everybody.
    Nothing of its means is lost yet.
    """
    take_stock(params, memory, 0.0)
    for other in range(len(memory.level)):
        memory.level[other] = min(2.0, float(int(3.0 * u)))
