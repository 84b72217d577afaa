"""A host government: attacks start from its soil, and it may look away or act.

It gathers intelligence on each militia, and raids when it knows enough, wills it, is
able to, and has grown impatient or is pushed. A raid breaks off attacks in
preparation, arrests and seizes. Courts and shows of force bring the arrested out
again. A strike on its soil by a foreign power is a breach of its sovereignty.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import Annotated, NamedTuple

from sim.ladder import Act
from sim.rules.behaviour import (
    Breaks,
    Consequence,
    Effect,
    Holdings,
    Kind,
    Operation,
    Option,
    Parameter,
    PerActor,
    Percept,
    Response,
    Role,
    Setting,
    Side,
    Stage,
    Toward,
    Uniforms,
)
from sim.rules.decay import faded
from sim.rules.inversion import binomial, exponential, lognormal, poisson
from sim.units import Dimension as D


class HostGovernmentParams(NamedTuple):
    """What a scenario says about one host government; canonical units."""

    tolerance: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "how far it looks away; 1 never acts")
    ]
    resolve: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "will to act where it does not look away")
    ]
    ability: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "reach of its forces against a militia")
    ]
    investigation_rate: Annotated[
        float, Parameter(D.RATE, 0.0, 2.0, "inquiries per militia at full effort")
    ]
    intelligence_gain: Annotated[
        float, Parameter(D.NUMBER, 0.0, 10.0, "intelligence from one inquiry")
    ]
    trace_gain: Annotated[
        float, Parameter(D.NUMBER, 0.0, 10.0, "intelligence from one attack's traces")
    ]
    intelligence_memory: Annotated[
        float, Parameter(D.DURATION, 0.5, 730.0, "time in which it ages to 1/e")
    ]
    intelligence_needed: Annotated[
        float, Parameter(D.NUMBER, 0.01, 100.0, "intelligence that gives half effect")
    ]
    raid_rate: Annotated[
        float, Parameter(D.RATE, 0.0, 2.0, "raids on a militia when all speaks for it")
    ]
    impatience_effect: Annotated[
        float, Parameter(D.NUMBER, 0.0, 5.0, "drive to act per remembered attack")
    ]
    impatience_memory: Annotated[
        float, Parameter(D.DURATION, 0.5, 730.0, "time in which that fades to 1/e")
    ]
    pressure_effect: Annotated[
        float, Parameter(D.NUMBER, 0.0, 5.0, "drive to act per remembered demand")
    ]
    pressure_memory: Annotated[
        float, Parameter(D.DURATION, 0.5, 730.0, "time in which that fades to 1/e")
    ]
    fear_effect: Annotated[
        float, Parameter(D.NUMBER, 0.0, 5.0, "log fall of the drive per menace")
    ]
    fear_memory: Annotated[
        float, Parameter(D.DURATION, 0.5, 730.0, "time in which a menace fades to 1/e")
    ]
    planning_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 90.0, "median time to plan a raid")
    ]
    planning_spread: Annotated[
        float, Parameter(D.NUMBER, 0.0, 2.0, "log standard deviation of that time")
    ]
    arrests_mean: Annotated[
        float, Parameter(D.NUMBER, 0.0, 200.0, "mean persons arrested in a raid")
    ]
    seizure_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "share of the launchers a raid seizes")
    ]
    interdiction_share: Annotated[
        float,
        Parameter(D.SHARE, 0.0, 1.0, "chance that a raid breaks an attack, all known"),
    ]
    detection_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "chance to notice a launch team in place")
    ]
    reaction_days: Annotated[
        float, Parameter(D.DURATION, 0.001, 10.0, "mean time from notice to arrival")
    ]
    custody_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 3650.0, "median time until courts decide")
    ]
    custody_spread: Annotated[
        float, Parameter(D.NUMBER, 0.0, 2.0, "log standard deviation of that time")
    ]
    release_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "share of the arrested that it lets go")
    ]
    yield_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "chance to give way to a show of force")
    ]
    yield_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 90.0, "mean time until it gives way")
    ]
    accusation_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "chance to accuse after a strike")
    ]
    statement_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 30.0, "mean delay of its statements")
    ]
    news_days: Annotated[
        float, Parameter(D.DURATION, 0.001, 30.0, "mean delay until it learns of acts")
    ]
    evidence: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "how often evidence points to the author")
    ]


@dataclass(slots=True)
class HostGovernmentMemory:
    """What a host government carries from the past."""

    intelligence: PerActor
    """What it knows of each militia when last set, >= 0."""
    intelligence_since: PerActor
    impatience: float = 0.0
    """Attacks it remembers, faded, >= 0."""
    impatience_since: float = 0.0
    pressure: float = 0.0
    """Demands it remembers, faded, >= 0."""
    pressure_since: float = 0.0
    fear: float = 0.0
    """Threats and shows of force it remembers, faded, >= 0."""
    fear_since: float = 0.0


class HostGovernmentView(NamedTuple):
    """What a host government knows when it decides about one other actor."""

    intelligence: float
    impatience: float
    pressure: float
    fear: float
    captives: float
    """Persons of that actor in its custody."""


def view(
    params: HostGovernmentParams,
    memory: HostGovernmentMemory,
    holdings: Holdings,
    other: int,
    now: float,
) -> HostGovernmentView:
    """What the government knows now, with regard to the actor `other`."""
    return HostGovernmentView(
        faded(
            memory.intelligence[other],
            memory.intelligence_since[other],
            now,
            params.intelligence_memory,
        ),
        faded(memory.impatience, memory.impatience_since, now, params.impatience_memory),
        faded(memory.pressure, memory.pressure_since, now, params.pressure_memory),
        faded(memory.fear, memory.fear_since, now, params.fear_memory),
        holdings.captives,
    )


def learn(
    params: HostGovernmentParams,
    memory: HostGovernmentMemory,
    about: int,
    gain: float,
    now: float,
) -> None:
    """Add `gain` >= 0 to the intelligence on the actor `about`."""
    memory.intelligence[about] = gain + faded(
        memory.intelligence[about],
        memory.intelligence_since[about],
        now,
        params.intelligence_memory,
    )
    memory.intelligence_since[about] = now


def notice(
    params: HostGovernmentParams,
    memory: HostGovernmentMemory,
    percept: Percept,
    now: float,
) -> None:
    """Take in attacks, inquiries, finds, demands and menaces."""
    act = percept.act
    if percept.is_stage == 1:
        return
    if act in (Act.ROCKET_ATTACK, Act.CONVOY_BOMB):
        memory.impatience = 1.0 + faded(
            memory.impatience, memory.impatience_since, now, params.impatience_memory
        )
        memory.impatience_since = now
        gain = params.trace_gain * percept.confidence
        learn(params, memory, percept.author, gain, now)
    elif act == Act.INVESTIGATION and percept.is_mine == 1:
        learn(params, memory, percept.target, params.intelligence_gain, now)
    elif act == Act.THWARTED_ATTACK and percept.is_mine == 1:
        learn(params, memory, percept.target, params.trace_gain, now)
    elif act == Act.DEMAND and percept.is_at_me == 1:
        memory.pressure = 1.0 + faded(
            memory.pressure, memory.pressure_since, now, params.pressure_memory
        )
        memory.pressure_since = now
    elif act in (Act.THREAT, Act.SHOW_OF_FORCE, Act.DEFIANCE) and percept.is_at_me == 1:
        memory.fear = 1.0 + faded(
            memory.fear, memory.fear_since, now, params.fear_memory
        )
        memory.fear_since = now


def effort(params: HostGovernmentParams) -> float:
    """Share of its power that it turns on militias, 0 to 1.

    Will and ability apart, and both cut by tolerance:
    ``(1 - tolerance) * resolve * ability``.
    """
    return (1.0 - params.tolerance) * params.resolve * params.ability


def knowledge(params: HostGovernmentParams, intelligence: float) -> float:
    """How far intelligence suffices to act, 0 to 1: ``i / (i + needed)``."""
    return intelligence / (intelligence + params.intelligence_needed)


def drive(params: HostGovernmentParams, view: HostGovernmentView) -> float:
    """How strongly impatience and pressure urge it to act, 0 to 1; fear holds it back.

    ``(1 - exp(-(a * impatience + b * pressure))) * exp(-c * fear)``; the form is ours.
    """
    urge = (
        params.impatience_effect * view.impatience
        + params.pressure_effect * view.pressure
    )
    return (1.0 - exp(-urge)) * exp(-params.fear_effect * view.fear)


def investigation_hazard(
    params: HostGovernmentParams, view: HostGovernmentView  # noqa: ARG001
) -> float:
    """Rate of inquiries into one militia, 1/day, >= 0; none when it looks away."""
    return params.investigation_rate * (1.0 - params.tolerance) * params.ability


def investigation_ceiling(params: HostGovernmentParams) -> float:
    """Upper bound of `investigation_hazard`, 1/day."""
    return params.investigation_rate


def raid_hazard(params: HostGovernmentParams, view: HostGovernmentView) -> float:
    """Rate at which it begins to plan a raid on one militia.

    Parameters
    ----------
    params
        The government's parameters.
    view
        What it knows now; all fields >= 0.

    Returns
    -------
    float
        Hazard, 1/day, in [0, `raid_rate`]. Never falls as intelligence, impatience or
        pressure rises, never rises with fear; zero without intelligence, without
        will, without ability, or at full tolerance.

    Notes
    -----
    :math:`h = h_{max}\\;(1 - t)\\,w\\,a\\;\\frac{i}{i + i_{1/2}}\\;d` with tolerance t,
    resolve w, ability a, intelligence i and `drive` d. That impatience and outside
    pressure together moved the government, and that intelligence came before the
    raid: [op-ed-2020-07-05]_; the form is ours.
    """
    known = knowledge(params, view.intelligence)
    return params.raid_rate * effort(params) * known * drive(params, view)


def raid_ceiling(params: HostGovernmentParams) -> float:
    """Upper bound of `raid_hazard`, 1/day."""
    return params.raid_rate


def one_raid(params: HostGovernmentParams) -> float:  # noqa: ARG001
    """One raid is planned at a time: its elite force is one."""
    return 1.0


def planning(params: HostGovernmentParams, view: HostGovernmentView, u: float) -> float:  # noqa: ARG001
    """Days from decision to raid (warrant, plan, forces); lognormal."""
    return lognormal(u, params.planning_days, params.planning_spread)


def raid_effect(
    params: HostGovernmentParams,
    view: HostGovernmentView,
    setting: Setting,
    u: Uniforms,
) -> Effect:
    """What a raid does: persons arrested, launchers seized, attacks broken off.

    All three grow with what it knows: Poisson arrests with mean `arrests_mean` times
    knowledge, binomial seizure of the target's launchers, and a chance of breaking
    off each attack in preparation.
    """
    known = knowledge(params, view.intelligence)
    return Effect(
        persons=float(poisson(u[0], params.arrests_mean * known)),
        launchers=float(
            binomial(u[1], int(setting.target_launchers), params.seizure_share * known)
        ),
        interdiction=params.interdiction_share * known,
    )


def interdicts(
    params: HostGovernmentParams, view: HostGovernmentView, percept: Percept, u: float  # noqa: ARG001
) -> int:
    """Whether it sends forces to a launch team it has noticed: 1, else 0.

    Soldiers on the spot act unless the government looks away altogether.
    """
    return 1 if u < 1.0 - params.tolerance else 0


def interdiction_effect(
    params: HostGovernmentParams,  # noqa: ARG001
    view: HostGovernmentView,  # noqa: ARG001
    setting: Setting,  # noqa: ARG001
    u: Uniforms,  # noqa: ARG001
) -> Effect:
    """Forces that arrive before the launch break it off for certain."""
    return Effect(interdiction=1.0)


def reaction_delay(params: HostGovernmentParams, view: HostGovernmentView, u: float) -> float:  # noqa: ARG001
    """Days from notice to arrival at the launch site; exponential."""
    return exponential(u, params.reaction_days)


def detains(
    params: HostGovernmentParams, view: HostGovernmentView, percept: Percept, u: float  # noqa: ARG001
) -> int:
    """Its own arrests begin a detention: 1."""
    return 1 if percept.is_mine == 1 else 0


def booking_delay(params: HostGovernmentParams, view: HostGovernmentView, u: float) -> float:  # noqa: ARG001
    """Days from arrest to the start of the case: within the hour."""
    return 0.01 + 0.03 * u


def custody(params: HostGovernmentParams, view: HostGovernmentView, u: float) -> float:  # noqa: ARG001
    """Days until the courts decide; lognormal."""
    return lognormal(u, params.custody_days, params.custody_spread)


def release_effect(
    params: HostGovernmentParams, view: HostGovernmentView, setting: Setting, u: Uniforms
) -> Effect:
    """How many of the detained go free: binomial with `release_share`."""
    people = min(setting.stake, view.captives)
    return Effect(persons=float(binomial(u[0], int(people), params.release_share)))


def gives_way(
    params: HostGovernmentParams, view: HostGovernmentView, percept: Percept, u: float
) -> int:
    """Whether a show of force opens the doors: 1, else 0; only while it holds some."""
    if percept.is_at_me == 0 or view.captives <= 0.0:
        return 0
    return 1 if u < params.yield_share else 0


def yield_delay(params: HostGovernmentParams, view: HostGovernmentView, u: float) -> float:  # noqa: ARG001
    """Days until it gives way; exponential."""
    return exponential(u, params.yield_days)


def accuses(
    params: HostGovernmentParams, view: HostGovernmentView, percept: Percept, u: float  # noqa: ARG001
) -> int:
    """Whether a strike on its soil brings an accusation: 1, else 0.

    Rocket attacks bring none: the asymmetry is in the record (three of three strikes
    were followed by one, no attack was).
    """
    return 1 if u < params.accusation_share else 0


def statement_delay(params: HostGovernmentParams, view: HostGovernmentView, u: float) -> float:  # noqa: ARG001
    """Days until a statement follows; exponential."""
    return exponential(u, params.statement_days)


def news_delay(params: HostGovernmentParams, u: float) -> float:
    """Days until it learns of another's act; exponential."""
    return exponential(u, params.news_days)


def evidence(params: HostGovernmentParams) -> float:
    """Probability that the evidence points to the true author."""
    return params.evidence


def detection(params: HostGovernmentParams, view: HostGovernmentView) -> float:
    """Probability of noticing a launch team in place: ability times knowledge.

    ``detection_share * ability * (0.5 + 0.5 * knowledge)``: patrols alone give half.
    """
    known = knowledge(params, view.intelligence)
    return params.detection_share * params.ability * (0.5 + 0.5 * known)


def starting(params: HostGovernmentParams, memory: HostGovernmentMemory) -> None:
    """Nothing is remembered at the start."""


RAID = Operation(
    "raid",
    Act.RAID,
    stages=(Stage("planning", planning),),
    effect=raid_effect,
    max_parallel=one_raid,
    consequences=(
        Consequence(Act.ARREST, persons=True),
        Consequence(Act.SEIZURE, launchers=True),
    ),
    breaks=Breaks.TARGETS,
)
INVESTIGATION = Operation("investigation", Act.INVESTIGATION)
INTERDICTION = Operation(
    "interdiction", Act.NONE, effect=interdiction_effect, breaks=Breaks.NOTICED
)
DETENTION = Operation(
    "detention",
    Act.RELEASE,
    stages=(Stage("custody", custody),),
    effect=release_effect,
    breakable_by=Breaks.OWN,
    broken_act=Act.RELEASE,
    broken_effect=release_effect,
)
GIVING_WAY = Operation("giving_way", Act.NONE, breaks=Breaks.OWN)
ACCUSATION = Operation("accusation", Act.ACCUSATION)

KIND = Kind(
    name="host_government",
    side=Side.HOST,
    params=HostGovernmentParams,
    memory=HostGovernmentMemory,
    view=view,
    notice=notice,
    heeds=(
        Act.ROCKET_ATTACK,
        Act.CONVOY_BOMB,
        Act.AIR_STRIKE,
        Act.LEADER_KILLING,
        Act.DEMAND,
        Act.THREAT,
        Act.SHOW_OF_FORCE,
        Act.DEFIANCE,
    ),
    heeds_own=(Act.INVESTIGATION, Act.THWARTED_ATTACK, Act.ARREST),
    news_delay=news_delay,
    evidence=evidence,
    detection=detection,
    starting=starting,
    roles=(
        Role("policed", "militias on its soil", ("militia",)),
        Role("suspects", "whom it may hold responsible for an attack", ("militia",)),
    ),
    options=(
        Option(INVESTIGATION, "policed", investigation_hazard, investigation_ceiling),
        Option(RAID, "policed", raid_hazard, raid_ceiling),
    ),
    responses=(
        Response(
            "interdict",
            (Act.ROCKET_ATTACK,),
            (INTERDICTION,),
            interdicts,
            reaction_delay,
            to_stage=True,
        ),
        Response(
            "detain",
            (Act.ARREST,),
            (DETENTION,),
            detains,
            booking_delay,
            toward=Toward.TARGET,
        ),
        Response(
            "answer_menace",
            (Act.SHOW_OF_FORCE,),
            (GIVING_WAY,),
            gives_way,
            yield_delay,
        ),
        Response(
            "answer_strike",
            (Act.AIR_STRIKE, Act.LEADER_KILLING),
            (ACCUSATION,),
            accuses,
            statement_delay,
        ),
    ),
    suspects_role="suspects",
    watches_role="policed",
)
