"""What a foreign power remembers, and what it knows when it decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from sim.ladder import Act
from sim.rules.attribution import moved, odds_of
from sim.rules.behaviour import Holdings, PerActor, Percept
from sim.rules.decay import Fading, add, faded, left, put
from sim.rules.foreign_power.parameters import ForeignPowerParams
from sim.rules.tolerance import Account, close, lay, lift, may_land

MOST_UNWELCOME: Final = 5.0
"""Demands to leave above which nothing is added; a formal request counts as so many."""


ASKED_DAYS: Final = 3.0
"""Days for which a demand to a host, or a sanction, stands: no other follows. So long
does an order of a sponsor. Assumed."""

COMPLAINT: Final = 0.5
"""What an accusation counts for, in demands to leave."""


@dataclass(slots=True)
class ForeignPowerMemory:
    """What a foreign power carries from the past."""

    believed: list[Fading]
    """Log weight of each actor as author, by what was said and found."""
    provoked_at: list[Fading]
    """Harm by attacks on each host's soil, answered or not, in deaths, >= 0."""
    unwelcome: list[Fading]
    """Demands to leave by each host, >= 0."""
    harm: list[Account]
    """Harm laid to each actor and not yet answered, in deaths."""
    settled: PerActor
    """Day on which an answer by force to each actor was last ordered, or put in."""
    asked_until: PerActor
    """Day until which its last demand to, or sanction against, each actor stands."""
    sponsor_harm: Account = field(default_factory=Account)
    """The same, laid to whoever stands behind the attacks."""
    last: Fading = field(default_factory=Fading)
    """Harm of the last attack, in deaths, >= 0."""
    last_author: float = -1.0
    """Index of whom it blames for that, -1 for nobody."""
    last_confidence: float = 0.0
    """How surely, 0 to 1."""
    hand: Fading = field(default_factory=Fading)
    """Shift of the log odds that the sponsor is behind attacks."""
    ordered: float = 0.0
    """Day of the last order to answer by force."""
    preparing: float = 0.0
    """Answers by force under preparation, >= 0."""
    vacant: float = -1.0
    """Index of the sponsor whose commander it killed, until one is appointed, or
    travels; else -1."""
    provocation: Fading = field(default_factory=Fading)
    """Harm by attacks where no site tells on whose soil, and by menaces, >= 0."""
    protests: Fading = field(default_factory=Fading)
    """Demands to leave by whomever, >= 0."""


class ForeignPowerView(NamedTuple):
    """What a foreign power knows when it decides about one other actor."""

    harm: float
    """Harm that it lays to that actor and has not yet answered, in deaths, >= 0."""
    asked: float
    """Part of that harm that it has let pass without force so far, in deaths, >= 0."""
    sponsor_harm: float = 0.0
    """Harm that it lays to the sponsor and has not yet answered, in deaths, >= 0."""
    sponsor_asked: float = 0.0
    """Part of the sponsor's harm that it has let pass without force so far, >= 0."""
    is_vacant: float = 0.0
    """Whether the sponsor has no commander, as far as it knows: 1 yes, 0 no."""
    provocation: float = 0.0
    """Harm and menaces on that host's soil that it still feels, in deaths, >= 0."""
    unwelcome: float = 0.0
    """Weight of that host's demands that it leave, 0 to `MOST_UNWELCOME`."""
    believed: float = 0.0
    """Evidence for that actor as author by what was said and found, a log weight."""
    protests: float = 0.0
    """Weight of demands by anyone that it leave, 0 to `MOST_UNWELCOME`."""
    since_settled: float = 0.0
    """Days since an answer by force to that actor was ordered, or put in."""
    has_asked: float = 0.0
    """Whether its last demand to or sanction against that actor stands: 1 yes, 0 no."""


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
        1.0 if memory.vacant >= 0.0 else 0.0,
        left(memory.provocation, now, fades)
        + left(memory.provoked_at[other], now, fades),
        min(MOST_UNWELCOME, left(memory.unwelcome[other], now, params.leave_memory)),
        left(memory.believed[other], now, fades),
        min(MOST_UNWELCOME, left(memory.protests, now, params.leave_memory)),
        now - memory.settled[other],
        1.0 if now < memory.asked_until[other] else 0.0,
    )


def is_waiting(
    params: ForeignPowerParams, memory: ForeignPowerMemory, now: float
) -> bool:
    """Whether an answer by force is ordered and may still land."""
    return may_land(memory.preparing, memory.ordered, params.planning_days, now)


def settle(memory: ForeignPowerMemory, act: int, target: int, now: float) -> None:
    """Close the account that an answer by force is for."""
    if target >= 0:
        memory.settled[target] = now
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
    """Take in harm and whom it blames, its own answers, menaces, demands to leave.

    Harm laid to an actor counts by how surely it is the author. An answer by force
    settles the account when it is ordered; what comes while it is prepared is weighed
    when it has landed. Words and sanctions leave the account open.
    """
    act, fades = percept.act, params.provocation_memory
    is_free = not is_waiting(params, memory, now)
    if percept.is_mine == 1:
        if is_force(act):
            take_own(params, memory, percept, now)
        elif percept.target >= 0:
            memory.asked_until[percept.target] = now + ASKED_DAYS
    elif act == Act.APPOINTMENT or act == Act.VISIT:
        if float(percept.author) == memory.vacant:
            memory.vacant = -1.0
    elif act == Act.SEIZURE or act == Act.THWARTED_ATTACK:
        add(memory.hand, params.hand_shift, now, fades)
        if percept.target >= 0:
            add(memory.believed[percept.target], params.claim_weight, now, fades)
    elif act == Act.CLAIM or act == Act.DENIAL or act == Act.ADMISSION:
        if percept.author < 0:
            return
        hear(params, memory, percept, now)
    elif percept.is_at_me == 0:
        return
    elif act == Act.EMBASSY_STORMING:
        lay(memory.sponsor_harm, params.storming_weight, now, fades, is_free)
    elif act == Act.DIRECT_STRIKE:
        harm = params.direct_weight
        if harm > 0.0:
            harm = harm + harm_of(params, percept)
        lay(memory.sponsor_harm, harm, now, fades, is_free)
    elif act == Act.ROCKET_ATTACK or act == Act.CONVOY_BOMB:
        suffer(params, memory, percept, now)
    else:
        be_told(params, memory, percept, now)


def suffer(
    params: ForeignPowerParams, memory: ForeignPowerMemory, percept: Percept, now: float
) -> None:
    """Take in an attack on it: its harm, and whom it blames."""
    fades, is_free = params.provocation_memory, not is_waiting(params, memory, now)
    harm = harm_of(params, percept)
    if percept.soil >= 0:
        add(memory.provoked_at[percept.soil], harm, now, fades)
    else:
        add(memory.provocation, harm, now, fades)
    share = moved(params.sponsor_belief, left(memory.hand, now, fades))
    lay(memory.sponsor_harm, share * harm, now, fades, is_free)
    if percept.author >= 0:
        theirs = memory.harm[percept.author]
        lay(theirs, percept.confidence * harm, now, fades, is_free)
    put(memory.last, harm, now)
    memory.last_author = float(percept.author)
    memory.last_confidence = percept.confidence


def be_told(
    params: ForeignPowerParams, memory: ForeignPowerMemory, percept: Percept, now: float
) -> None:
    """Take in what others say to it: protests of a host, and menaces."""
    act, fades = percept.act, params.provocation_memory
    if act == Act.CAMPAIGN or act == Act.THREAT:
        add(memory.provocation, params.menace_weight, now, fades)
    elif act == Act.SUSPENSION:
        provoked = left(memory.provocation, now, fades) - params.menace_weight
        put(memory.provocation, max(0.0, provoked), now)
    elif percept.author >= 0:
        size = 1.0
        if act == Act.ACCUSATION:
            size = COMPLAINT
        elif act == Act.EXPULSION:
            size = MOST_UNWELCOME
        add(memory.unwelcome[percept.author], size, now, params.leave_memory)
        add(memory.protests, size, now, params.leave_memory)


def hear(
    params: ForeignPowerParams, memory: ForeignPowerMemory, percept: Percept, now: float
) -> None:
    """Take in a claim, a denial or an admission.

    Each moves the log odds that its author did it by `claim_weight`: in future, as long
    as it is remembered, and, but for an admission, of the last attack, whose harm is
    laid anew. Who claims what another was blamed for had the odds that the other had
    not done it.
    """
    fades, is_free = params.provocation_memory, not is_waiting(params, memory, now)
    who, act = percept.author, percept.act
    weight = -params.claim_weight if act == Act.DENIAL else params.claim_weight
    add(memory.believed[who], weight, now, fades)
    blamed, sure = int(memory.last_author), memory.last_confidence
    if act == Act.ADMISSION or percept.is_at_me == 0 or blamed < 0:
        return
    if params.claim_weight <= 0.0:
        lay(memory.harm[who], 0.0, now, fades, is_free)
        return
    harm = left(memory.last, now, fades)
    is_blamed = who == blamed
    before = sure if is_blamed else 1.0 - sure
    after = moved(before, weight)
    laid = before if is_blamed else 0.0
    if act == Act.DENIAL:
        if is_blamed:
            lift(memory.harm[who], (before - after) * harm, now, fades)
            memory.last_confidence = after
        return
    lay(memory.harm[who], max(0.0, after - laid) * harm, now, fades, is_free)
    if not is_blamed:
        lift(memory.harm[blamed], max(0.0, sure - 1.0 + after) * harm, now, fades)
    if is_blamed or after > 0.5:
        memory.last_author, memory.last_confidence = float(who), after


def take_own(
    params: ForeignPowerParams, memory: ForeignPowerMemory, percept: Percept, now: float
) -> None:
    """Take in that its own answer by force was ordered, or has landed."""
    if percept.is_stage == 1:
        if not is_waiting(params, memory, now):
            memory.preparing = 0.0
        memory.preparing = memory.preparing + 1.0
        memory.ordered = now
        settle(memory, percept.act, percept.target, now)
        return
    if percept.put_in == 1:
        settle(memory, percept.act, percept.target, now)
    memory.preparing = max(0.0, memory.preparing - 1.0)
    if percept.act == Act.LEADER_KILLING:
        memory.vacant = float(percept.target)
    fades, is_free = params.provocation_memory, not is_waiting(params, memory, now)
    lay(memory.sponsor_harm, 0.0, now, fades, is_free)
    for other in range(len(memory.harm)):
        lay(memory.harm[other], 0.0, now, fades, is_free)


def suspicion(params: ForeignPowerParams, view: ForeignPowerView) -> float:
    """Prior weight of a suspect: by the harm laid to it, and what was said and found.

    ``(1 + harm) * exp(believed)``; the form is ours.
    """
    return (1.0 + view.harm) * odds_of(view.believed)


def site_weight(
    params: ForeignPowerParams, view: ForeignPowerView, reach: float, presence: float
) -> float:
    """Weight of a base for being handed over: its reach while occupied, otherwise 0."""
    if presence <= 0.0:
        return 0.0
    return reach
