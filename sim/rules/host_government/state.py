"""What a host government remembers, and what it knows when it decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from sim.ladder import Act
from sim.rules.behaviour import Holdings, PerActor, Percept
from sim.rules.decay import Fading, add, faded, left, put
from sim.rules.host_government.authority import (
    authority_change,
    authority_now,
    harm_on_soil,
    is_menace,
)
from sim.rules.host_government.parameters import HostGovernmentParams
from sim.rules.inversion import logistic
from sim.rules.tolerance import Account, lay

KILLING: Final = 3.0
"""Breach of its sovereignty by the killing of a leader, in strikes: the one there was
brought a vote to expel, which two strikes had not."""

USUAL_DEAD: Final = 15.0
"""Dead above which a strike is more of a breach, in their proportion: the two of the
record killed 25 and 6."""

VOTE: Final = 3.0
"""Rung of a vote to expel among its protests; the formal request to leave is the next.
Both stand for good: neither comes twice, and no demand to leave after them."""


@dataclass(slots=True)
class HostGovernmentMemory:
    """What a host government carries from the past."""

    intelligence: list[Fading]
    """What it knows of each militia, in inquiries, >= 0."""
    breach: list[Account]
    """Breaches of its sovereignty by each actor, in strikes."""
    rule: PerActor
    """1 while its rule against an actor's access stands, else 0."""
    protest: PerActor
    """Highest protest against each actor that stands: 3 a vote to expel, 4 a formal
    request to leave, else 0."""
    urge: Fading = field(default_factory=Fading)
    """What attacks, demands, support and menaces add to the log odds of its will."""
    unripe: Fading = field(default_factory=Fading)
    """How much of that does not work yet: it takes time to make up a mind."""
    is_new: float = 0.0
    """1 once a new government was sworn in, else 0."""
    authority: Fading = field(default_factory=Fading)
    """Its authority, 0 to 1; it does not fade to nothing but to `authority`."""
    awe: float = 1.0
    """Standing of the sponsor's commander: 1, and 0 once he was killed."""


class HostGovernmentView(NamedTuple):
    """What a host government knows when it decides about one other actor."""

    intelligence: float
    """Weight of inquiries about that actor on which it can still draw, >= 0."""
    will: float
    """Its will to act against militias, 0 to 1."""
    captives: float
    """Number of persons of that actor in its custody."""
    authority: float = 1.0
    """Its own authority, 0 to 1."""
    awe: float = 1.0
    """Standing of the sponsor's commander, 0 to 1."""
    breach: float = 0.0
    """Weight of breaches by that actor that it remembers, in strikes, >= 0."""
    breach_asked: float = 0.0
    """Part of those breaches that it has let pass without an answer so far, >= 0."""
    rule: float = 0.0
    """Whether its rule against that actor stands: 1 yes, 0 no."""
    protest: float = 0.0
    """Highest protest against that actor that stands: 3, 4 or 0."""


RIPENING: Final = 3.0
"""Time in which urges fade, in that in which they come to work."""


def will_now(
    params: HostGovernmentParams, memory: HostGovernmentMemory, now: float
) -> float:
    r"""Return the will to act at `now`, 0 to 1.

    Notes
    -----
    Logistic in the log odds at rest, `will`, with `new_government` once one was sworn
    in, and what its urges have come to. An urge of size c works as
    :math:`\frac{3}{2} c\,(e^{-t/m} - e^{-3t/m})` at the time t after it, with
    :math:`m` the `will_memory`: nothing at once, most after 0.55 m, little after 3 m.
    That is a will that relaxes within m / 3 toward an urge that fades within m.
    """
    fades = params.will_memory
    slow, fast = (
        left(memory.urge, now, fades),
        left(memory.unripe, now, fades / RIPENING),
    )
    urge = (slow - fast) * RIPENING / (RIPENING - 1.0)
    return logistic(params.will + params.new_government * memory.is_new + urge)


def be_urged(
    params: HostGovernmentParams, memory: HostGovernmentMemory, size: float, now: float
) -> None:
    """Add an urge, or a fear below 0, to what moves its will."""
    add(memory.urge, size, now, params.will_memory)
    add(memory.unripe, size, now, params.will_memory / RIPENING)


def view(
    params: HostGovernmentParams,
    memory: HostGovernmentMemory,
    holdings: Holdings,
    other: int,
    now: float,
) -> HostGovernmentView:
    """What the government knows now, with regard to the actor `other`."""
    fades, breach = params.will_memory, memory.breach[other]
    return HostGovernmentView(
        left(memory.intelligence[other], now, params.intelligence_memory),
        will_now(params, memory, now),
        holdings.captives,
        authority_now(params, memory.authority.level, memory.authority.since, now),
        memory.awe,
        faded(breach.level, breach.since, now, fades),
        faded(breach.asked, breach.since, now, fades),
        memory.rule[other],
        memory.protest[other],
    )


def notice(
    params: HostGovernmentParams,
    memory: HostGovernmentMemory,
    percept: Percept,
    now: float,
) -> None:
    """Take in attacks, inquiries, finds, demands, menaces, breaches and support.

    Attacks count by their harm, not by their number. A new government has another will,
    and keeps it. A rule of its own stands until it
    is lifted.
    """
    if percept.is_stage == 1:
        return
    act, fades = percept.act, params.will_memory
    harm = harm_on_soil(percept)
    change = authority_change(params, act, percept.is_mine, percept.is_at_me, harm)
    standing = memory.authority
    before = authority_now(params, standing.level, standing.since, now)
    put(standing, min(1.0, max(0.0, before + change)), now)
    learn(params, memory, percept, harm, now)
    if act == Act.ROCKET_ATTACK or act == Act.CONVOY_BOMB:
        be_urged(params, memory, params.impatience_effect * harm, now)
    elif act == Act.PERMIT_RULE and percept.is_mine == 1 and percept.target >= 0:
        memory.rule[percept.target] = 1.0
    elif act == Act.RULE_LIFTED and percept.is_mine == 1 and percept.target >= 0:
        memory.rule[percept.target] = 0.0
    elif act == Act.GOVERNMENT_SWORN_IN and percept.is_mine == 1:
        memory.is_new = 1.0
    elif act == Act.DEMAND and percept.is_at_me == 1:
        be_urged(params, memory, params.pressure_effect, now)
    elif act == Act.SUPPORT and percept.is_at_me == 1:
        be_urged(params, memory, params.support_effect, now)
    elif is_breach(act):
        if percept.author >= 0:
            size = breach_by(percept)
            lay(memory.breach[percept.author], size, now, fades, is_free=True)
        if act == Act.LEADER_KILLING:
            memory.awe = 0.0
    elif act == Act.EXPULSION_VOTE or act == Act.EXPULSION:
        if percept.is_mine == 1 and percept.target >= 0:
            rung = VOTE if act == Act.EXPULSION_VOTE else VOTE + 1.0
            memory.protest[percept.target] = max(rung, memory.protest[percept.target])
    elif is_menace(act) and percept.is_at_me == 1:
        be_urged(params, memory, -params.fear_effect, now)


def is_breach(act: int) -> bool:
    """Whether an act of force by another state breaches its sovereignty."""
    return (
        act == Act.AIR_STRIKE
        or act == Act.DIRECT_STRIKE
        or act == Act.LEADER_KILLING
        or act == Act.MILITIA_LEADER_KILLING
    )


def breach_by(percept: Percept) -> float:
    """Return the breach of its sovereignty by an act of force, in strikes, >= 0.

    1, or `KILLING` for a leader, or more by its dead (`USUAL_DEAD`). A direct strike is
    none where it was at no site: it was on the soil of another.

    Examples
    --------
    >>> none = Percept(int(Act.AIR_STRIKE), 0, 1, 0, 0, 0, 1.0, *[0.0] * 10)
    >>> breach_by(none), breach_by(none._replace(killed_target=30.0))
    (1.0, 2.0)
    """
    if percept.act == Act.DIRECT_STRIKE and percept.soil < -1:
        return 0.0
    is_plain = percept.act == Act.AIR_STRIKE or percept.act == Act.DIRECT_STRIKE
    dead = percept.killed_target + percept.killed_own + percept.killed_civilian
    return max(1.0 if is_plain else KILLING, dead / USUAL_DEAD)


def learn(
    params: HostGovernmentParams,
    memory: HostGovernmentMemory,
    percept: Percept,
    harm: float,
    now: float,
) -> None:
    """Take in what tells of a militia: traces by harm, inquiries, what it says."""
    act, ages = percept.act, params.intelligence_memory
    if act == Act.ROCKET_ATTACK or act == Act.CONVOY_BOMB:
        if percept.author >= 0:
            gain = params.trace_gain * percept.confidence * harm
            add(memory.intelligence[percept.author], gain, now, ages)
    elif act == Act.INVESTIGATION and percept.is_mine == 1 and percept.target >= 0:
        add(memory.intelligence[percept.target], 1.0, now, ages)
    elif (act == Act.CLAIM or act == Act.ADMISSION) and percept.author >= 0:
        add(memory.intelligence[percept.author], 1.0, now, ages)


def suspicion(params: HostGovernmentParams, view: HostGovernmentView) -> float:
    """Prior weight of a suspect: one, plus what it knows of it."""
    return 1.0 + view.intelligence


def starting(
    params: HostGovernmentParams, memory: HostGovernmentMemory, u: float
) -> None:
    """Set its authority; nothing else is remembered at the start."""
    put(memory.authority, params.authority, 0.0)
