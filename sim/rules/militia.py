"""A militia: armed, sponsored from abroad, on the soil of a government it half obeys.

It fires rockets at a foreign power's sites at a rate that rises with what it holds
against that power and with its sponsor's orders, as far as it obeys them. An attack
takes days to prepare and can be broken off. Blows are answered: a strike with
rockets, an arrest with a show of force. Whether it claims an attack is a decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import Annotated, NamedTuple

from sim.ladder import Act
from sim.rules.behaviour import (
    Breaks,
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


class MilitiaParams(NamedTuple):
    """What a scenario says about one militia; canonical units."""

    base_rate: Annotated[
        float, Parameter(D.RATE, 0.0, 2.0, "attacks it starts to prepare when calm")
    ]
    reciprocity: Annotated[
        float,
        Parameter(D.NUMBER, 0.0, 2.0, "log rise of that rate per unit of tension"),
    ]
    tension_cap: Annotated[
        float, Parameter(D.NUMBER, 0.0, 5.0, "tension above which nothing is added")
    ]
    tension_memory: Annotated[
        float, Parameter(D.DURATION, 0.5, 365.0, "time in which tension falls to 1/e")
    ]
    strike_tension: Annotated[
        float, Parameter(D.NUMBER, 0.0, 5.0, "tension added by a strike on it")
    ]
    arrest_tension: Annotated[
        float, Parameter(D.NUMBER, 0.0, 5.0, "tension added by an arrest of its people")
    ]
    solidarity: Annotated[
        float,
        Parameter(D.SHARE, 0.0, 1.0, "share of that tension when another is hit"),
    ]
    obedience: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "probability of obeying a full order")
    ]
    directive_effect: Annotated[
        float,
        Parameter(D.NUMBER, 0.0, 3.0, "log change of the rate under an obeyed order"),
    ]
    directive_memory: Annotated[
        float, Parameter(D.DURATION, 0.5, 365.0, "time in which an order wears off")
    ]
    preparation_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 90.0, "median time to prepare an attack")
    ]
    preparation_spread: Annotated[
        float, Parameter(D.NUMBER, 0.0, 2.0, "log standard deviation of that time")
    ]
    emplacement_days: Annotated[
        float,
        Parameter(D.DURATION, 0.001, 10.0, "mean time from launch site to launch"),
    ]
    max_parallel: Annotated[
        float, Parameter(D.COUNT, 0.0, 100.0, "attacks in preparation, 0 no limit")
    ]
    salvo_median: Annotated[
        float, Parameter(D.COUNT, 1.0, 100.0, "median rounds set up for one attack")
    ]
    salvo_spread: Annotated[
        float, Parameter(D.NUMBER, 0.0, 2.5, "log standard deviation of the salvo")
    ]
    malfunction_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "share of attacks whose launcher fails")
    ]
    accuracy: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "share of fired rounds in the target area")
    ]
    killed_per_hit: Annotated[
        float,
        Parameter(D.NUMBER, 0.0, 5.0, "mean deaths per hit and unit of exposure"),
    ]
    wounded_per_hit: Annotated[
        float,
        Parameter(D.NUMBER, 0.0, 20.0, "mean wounded per hit and unit of exposure"),
    ]
    retaliation_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "probability of answering a strike on it")
    ]
    retaliation_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 60.0, "median delay of that answer")
    ]
    retaliation_spread: Annotated[
        float, Parameter(D.NUMBER, 0.0, 2.0, "log standard deviation of that delay")
    ]
    show_of_force_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "probability of a show of force on arrest")
    ]
    threat_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "probability of a threat after a raid")
    ]
    defiance_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "probability of defiance after a release")
    ]
    claim_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "probability of claiming an own attack")
    ]
    denial_share: Annotated[
        float,
        Parameter(D.SHARE, 0.0, 1.0, "probability of denying one that hurt civilians"),
    ]
    statement_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 30.0, "mean delay of words and displays")
    ]
    news_days: Annotated[
        float, Parameter(D.DURATION, 0.001, 30.0, "mean delay until it learns of acts")
    ]
    evidence: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "how often it knows who did a covert act")
    ]
    launchers: Annotated[
        float, Parameter(D.COUNT, 0.0, 10000.0, "launchers at the start")
    ]
    rounds: Annotated[
        float, Parameter(D.COUNT, 0.0, 1000000.0, "rounds at the start")
    ]


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
        faded(
            memory.directive, memory.directive_since, now, params.directive_memory
        ),
        holdings.launchers,
        holdings.rounds,
        holdings.detained,
    )


def notice(
    params: MilitiaParams, memory: MilitiaMemory, percept: Percept, now: float
) -> None:
    """Take in a strike, an arrest or an obeyed order.

    A blow adds tension against its author: in full when it hits the militia itself,
    in the share `solidarity` when it hits another. An obeyed order replaces the last.
    """
    blow = 0.0
    if percept.act in (Act.AIR_STRIKE, Act.LEADER_KILLING):
        blow = params.strike_tension
    elif percept.act == Act.ARREST:
        blow = params.arrest_tension
    if blow > 0.0 and percept.is_mine == 0:
        if percept.is_at_me == 0:
            blow = blow * params.solidarity
        author = percept.author
        memory.tension[author] = blow + faded(
            memory.tension[author],
            memory.tension_since[author],
            now,
            params.tension_memory,
        )
        memory.tension_since[author] = now
    if percept.act == Act.COMPLIANCE and percept.is_mine == 1:
        memory.directive = percept.force
        memory.directive_since = now


def attack_hazard(params: MilitiaParams, view: MilitiaView) -> float:
    """Rate at which the militia begins to prepare an attack.

    Parameters
    ----------
    params
        The militia's parameters.
    view
        What it knows now; `tension` >= 0, `directive` in [-1, 1].

    Returns
    -------
    float
        Hazard, 1/day, >= 0. Never falls as tension or the directive rises; zero
        without a launcher or a round; bounded by `attack_ceiling`.

    Notes
    -----
    Log-linear reciprocity, :math:`h = b\\,e^{r \\min(x, x_{max}) + d s}`, with tension
    x and directive s. That violence answers violence in kind: Linke et al. (2012)
    [linke-2012]_; the form is ours.

    Examples
    --------
    >>> from sim.rules.examples import MILITIA
    >>> calm = MilitiaView(0.0, 0.0, 5.0, 50.0, 0.0)
    >>> attack_hazard(MILITIA._replace(base_rate=0.1), calm)
    0.1
    """
    if view.launchers < 1.0 or view.rounds < 1.0:
        return 0.0
    drive = params.reciprocity * min(view.tension, params.tension_cap)
    return params.base_rate * exp(drive + params.directive_effect * view.directive)


def attack_ceiling(params: MilitiaParams) -> float:
    """Upper bound of `attack_hazard`, 1/day."""
    drive = params.reciprocity * params.tension_cap
    return params.base_rate * exp(drive + params.directive_effect)


def has_arms(params: MilitiaParams, view: MilitiaView) -> bool:  # noqa: ARG001
    """Whether there is a launcher and a round to fire."""
    return view.launchers >= 1.0 and view.rounds >= 1.0


def attacks_at_once(params: MilitiaParams) -> float:
    """How many attacks it prepares at once; 0 is no limit."""
    return params.max_parallel


def preparation(params: MilitiaParams, view: MilitiaView, u: float) -> float:  # noqa: ARG001
    """Days from the decision until the launch team is in place; lognormal."""
    return lognormal(u, params.preparation_days, params.preparation_spread)


def emplacement(params: MilitiaParams, view: MilitiaView, u: float) -> float:  # noqa: ARG001
    """Days from the launch team in place to the launch; exponential."""
    return exponential(u, params.emplacement_days)


def salvo(
    params: MilitiaParams, view: MilitiaView, setting: Setting, u: Uniforms  # noqa: ARG001
) -> Effect:
    """What an attack does: rounds fired, hits, and the dead and wounded by side.

    Returns
    -------
    Effect
        `rounds` >= 0, at most the stock; `hits` <= `rounds`.

    Notes
    -----
    The salvo is lognormal, rounded, and at least one (heavy tail: three attacks hold
    half of the recorded rounds). A launcher fails with probability
    `malfunction_share`, and then leaves a uniform share of its rounds unfired. Each
    fired round lands in the target area independently, and each hit kills and wounds
    Poisson numbers on each side in proportion to who is exposed there. Deaths and
    wounds among the militia's own are not modelled.
    """
    planned = float(int(lognormal(u[0], params.salvo_median, params.salvo_spread) + 0.5))
    planned = max(1.0, min(planned, setting.own_rounds))
    failing = 0.0
    if u[9] < params.malfunction_share:
        failing = u[9] / params.malfunction_share
    fired = float(binomial(u[1], int(planned), 1.0 - failing))
    hits = float(binomial(u[2], int(fired), params.accuracy))
    killed = hits * params.killed_per_hit
    wounded = hits * params.wounded_per_hit
    return Effect(
        rounds=fired,
        unfired=planned - fired,
        hits=hits,
        killed_foreign=float(poisson(u[3], killed * setting.exposed_foreign)),
        killed_host=float(poisson(u[4], killed * setting.exposed_host)),
        killed_civilian=float(poisson(u[5], killed * setting.exposed_civilian)),
        wounded_foreign=float(poisson(u[6], wounded * setting.exposed_foreign)),
        wounded_host=float(poisson(u[7], wounded * setting.exposed_host)),
        wounded_civilian=float(poisson(u[8], wounded * setting.exposed_civilian)),
    )


def launcher_lost(
    params: MilitiaParams, view: MilitiaView, setting: Setting, u: Uniforms  # noqa: ARG001
) -> Effect:
    """What a thwarted attack costs: the launcher and the rounds set up on it."""
    planned = float(int(lognormal(u[0], params.salvo_median, params.salvo_spread) + 0.5))
    return Effect(
        rounds=max(0.0, min(planned, setting.own_rounds)),
        launchers=min(1.0, setting.own_launchers),
    )


def site_weight(
    params: MilitiaParams, view: MilitiaView, reach: float, presence: float  # noqa: ARG001
) -> float:
    """Weight of a site as a target: its reach while occupied, otherwise 0."""
    if presence <= 0.0:
        return 0.0
    return reach


def answers_strike(
    params: MilitiaParams, view: MilitiaView, percept: Percept, u: float
) -> int:
    """Whether it answers a strike with an attack: 1, else 0.

    A strike on another counts with the share `solidarity`.
    """
    share = params.retaliation_share
    if percept.is_at_me == 0:
        share = share * params.solidarity
    if view.launchers < 1.0 or view.rounds < 1.0:
        return 0
    return 1 if u < share else 0


def retaliation_delay(params: MilitiaParams, view: MilitiaView, u: float) -> float:  # noqa: ARG001
    """Days from learning of a strike to an answer in place; lognormal."""
    return lognormal(u, params.retaliation_days, params.retaliation_spread)


def shows_force(
    params: MilitiaParams, view: MilitiaView, percept: Percept, u: float  # noqa: ARG001
) -> int:
    """Whether an arrest of its own people brings a show of force: 1, else 0."""
    return 1 if percept.is_at_me == 1 and u < params.show_of_force_share else 0


def threatens(
    params: MilitiaParams, view: MilitiaView, percept: Percept, u: float  # noqa: ARG001
) -> int:
    """Whether a raid is answered with a threat: 1, else 0; solidarity counts."""
    share = params.threat_share
    if percept.is_at_me == 0:
        share = share * params.solidarity
    return 1 if u < share else 0


def defies(
    params: MilitiaParams, view: MilitiaView, percept: Percept, u: float  # noqa: ARG001
) -> int:
    """Whether the release of its people is followed by defiance: 1, else 0."""
    return 1 if percept.is_at_me == 1 and u < params.defiance_share else 0


def speaks(
    params: MilitiaParams, view: MilitiaView, percept: Percept, u: float  # noqa: ARG001
) -> int:
    """What it says of its own attack: 1 claims it, 2 denies it, 0 keeps silent.

    It claims with `claim_share`; it denies only an attack that hurt civilians, with
    `denial_share` of what is left.
    """
    if percept.is_mine == 0:
        return 0
    if u < params.claim_share:
        return 1
    hurt = percept.killed_civilian + percept.wounded_civilian
    rest = params.denial_share * (1.0 - params.claim_share)
    if hurt > 0.0 and u < params.claim_share + rest:
        return 2
    return 0


def statement_delay(params: MilitiaParams, view: MilitiaView, u: float) -> float:  # noqa: ARG001
    """Days until words or a display follow; exponential."""
    return exponential(u, params.statement_days)


def obeys(
    params: MilitiaParams, view: MilitiaView, percept: Percept, u: float  # noqa: ARG001
) -> int:
    """What it does with an order: 1 obeys a press, 2 obeys a hold, 3 ignores it.

    The probability of obeying is `obedience` times the authority behind the order.
    """
    if percept.is_at_me == 0:
        return 0
    if u < params.obedience * percept.force:
        return 1 if percept.act == Act.DIRECTIVE_PRESS else 2
    return 3


def pressing(
    params: MilitiaParams, view: MilitiaView, setting: Setting, u: Uniforms  # noqa: ARG001
) -> Effect:
    """Mark an obeyed order to attack."""
    return Effect(force=1.0)


def holding(
    params: MilitiaParams, view: MilitiaView, setting: Setting, u: Uniforms  # noqa: ARG001
) -> Effect:
    """Mark an obeyed order to hold fire."""
    return Effect(force=-1.0)


def news_delay(params: MilitiaParams, u: float) -> float:
    """Days until it learns of another's act; exponential."""
    return exponential(u, params.news_days)


def evidence(params: MilitiaParams) -> float:
    """Probability that what it hears points to the true author."""
    return params.evidence


def detection(params: MilitiaParams, view: MilitiaView) -> float:  # noqa: ARG001
    """A militia watches nobody: 0."""
    return 0.0


def starting(params: MilitiaParams, memory: MilitiaMemory) -> None:
    """Nothing is remembered at the start."""


def stocks(params: MilitiaParams) -> tuple[float, float]:
    """Launchers and rounds at the start."""
    return params.launchers, params.rounds


ATTACK = Operation(
    "attack",
    Act.ROCKET_ATTACK,
    stages=(
        Stage("preparation", preparation, is_exposed=True),
        Stage("emplacement", emplacement),
    ),
    effect=salvo,
    feasible=has_arms,
    max_parallel=attacks_at_once,
    needs_site=True,
    breakable_by=Breaks.TARGETS,
    broken_act=Act.THWARTED_ATTACK,
    broken_effect=launcher_lost,
)
RETALIATION = Operation(
    "retaliation",
    Act.ROCKET_ATTACK,
    stages=(Stage("emplacement", emplacement),),
    effect=salvo,
    feasible=has_arms,
    needs_site=True,
    breakable_by=Breaks.TARGETS,
    broken_act=Act.THWARTED_ATTACK,
    broken_effect=launcher_lost,
)
SHOW_OF_FORCE = Operation("show_of_force", Act.SHOW_OF_FORCE)
THREAT = Operation("threat", Act.THREAT)
DEFIANCE = Operation("defiance", Act.DEFIANCE)
CLAIM = Operation("claim", Act.CLAIM)
DENIAL = Operation("denial", Act.DENIAL)
OBEY_PRESS = Operation("obey_press", Act.COMPLIANCE, effect=pressing)
OBEY_HOLD = Operation("obey_hold", Act.COMPLIANCE, effect=holding)
IGNORE = Operation("ignore", Act.DISOBEDIENCE)

KIND = Kind(
    name="militia",
    side=Side.MILITIA,
    params=MilitiaParams,
    memory=MilitiaMemory,
    view=view,
    notice=notice,
    heeds=(
        Act.AIR_STRIKE,
        Act.LEADER_KILLING,
        Act.RAID,
        Act.ARREST,
        Act.RELEASE,
        Act.DIRECTIVE_PRESS,
        Act.DIRECTIVE_HOLD,
    ),
    heeds_own=(Act.ROCKET_ATTACK, Act.COMPLIANCE),
    news_delay=news_delay,
    evidence=evidence,
    detection=detection,
    starting=starting,
    roles=(
        Role("adversaries", "whom it attacks", ("foreign_power",)),
    ),
    options=(Option(ATTACK, "adversaries", attack_hazard, attack_ceiling),),
    responses=(
        Response(
            "answer_strike",
            (Act.AIR_STRIKE, Act.LEADER_KILLING),
            (RETALIATION,),
            answers_strike,
            retaliation_delay,
        ),
        Response(
            "answer_arrest",
            (Act.ARREST,),
            (SHOW_OF_FORCE,),
            shows_force,
            statement_delay,
        ),
        Response("answer_raid", (Act.RAID,), (THREAT,), threatens, statement_delay),
        Response(
            "answer_release", (Act.RELEASE,), (DEFIANCE,), defies, statement_delay
        ),
        Response(
            "statement",
            (Act.ROCKET_ATTACK,),
            (CLAIM, DENIAL),
            speaks,
            statement_delay,
            toward=Toward.TARGET,
        ),
        Response(
            "answer_order",
            (Act.DIRECTIVE_PRESS, Act.DIRECTIVE_HOLD),
            (OBEY_PRESS, OBEY_HOLD, IGNORE),
            obeys,
            statement_delay,
        ),
    ),
    site_weight=site_weight,
    stocks=stocks,
)
