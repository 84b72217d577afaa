"""A foreign power: its people are attacked on another's soil, and it has a red line.

A death among its people crosses the line; then it plans a strike on whom it holds
responsible, which may be the wrong militia. Short of that it presses the host
government to act. Restraint, proportion and pressure are its levers.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import Annotated, NamedTuple

from sim.ladder import Act
from sim.rules.behaviour import (
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
    Uniforms,
)
from sim.rules.decay import faded
from sim.rules.inversion import binomial, exponential, lognormal, poisson
from sim.units import Dimension as D


class ForeignPowerParams(NamedTuple):
    """What a scenario says about one foreign power; canonical units."""

    red_line: Annotated[
        float, Parameter(D.COUNT, 0.0, 1000.0, "own deaths in one attack that cross it")
    ]
    strike_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "chance of a strike once it is crossed")
    ]
    strike_share_below: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "chance of a strike short of it")
    ]
    planning_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 90.0, "median time from order to strike")
    ]
    planning_spread: Annotated[
        float, Parameter(D.NUMBER, 0.0, 2.0, "log standard deviation of that time")
    ]
    decision_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 90.0, "mean time to decide on a strike")
    ]
    proportionality: Annotated[
        float, Parameter(D.NUMBER, 0.0, 10.0, "size of a strike; 1 is the record's")
    ]
    strike_killed: Annotated[
        float, Parameter(D.NUMBER, 0.0, 200.0, "mean militia dead at size 1")
    ]
    strike_killed_host: Annotated[
        float, Parameter(D.NUMBER, 0.0, 200.0, "mean dead of the host's forces")
    ]
    strike_killed_civilian: Annotated[
        float, Parameter(D.NUMBER, 0.0, 200.0, "mean civilian dead at size 1")
    ]
    strike_wounded: Annotated[
        float, Parameter(D.NUMBER, 0.0, 500.0, "mean militia wounded at size 1")
    ]
    strike_launchers: Annotated[
        float,
        Parameter(D.SHARE, 0.0, 1.0, "share of the target's launchers it destroys"),
    ]
    demand_rate: Annotated[
        float, Parameter(D.RATE, 0.0, 2.0, "demands to the host when fully provoked")
    ]
    demand_reciprocity: Annotated[
        float, Parameter(D.NUMBER, 0.0, 5.0, "readiness to demand per attack recalled")
    ]
    provocation_memory: Annotated[
        float, Parameter(D.DURATION, 0.5, 730.0, "time in which an attack fades to 1/e")
    ]
    news_days: Annotated[
        float, Parameter(D.DURATION, 0.001, 30.0, "mean delay until it learns of acts")
    ]
    evidence: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "how often evidence points to the author")
    ]


@dataclass(slots=True)
class ForeignPowerMemory:
    """What a foreign power carries from the past."""

    blame: PerActor
    """Attacks it lays on each actor, faded and weighed by confidence, >= 0."""
    blame_since: PerActor
    provocation: float = 0.0
    """Attacks on it, faded, >= 0."""
    provocation_since: float = 0.0


class ForeignPowerView(NamedTuple):
    """What a foreign power knows when it decides about one other actor."""

    blame: float
    provocation: float


def view(
    params: ForeignPowerParams,
    memory: ForeignPowerMemory,
    holdings: Holdings,  # noqa: ARG001
    other: int,
    now: float,
) -> ForeignPowerView:
    """What the foreign power knows now, with regard to the actor `other`."""
    return ForeignPowerView(
        faded(
            memory.blame[other],
            memory.blame_since[other],
            now,
            params.provocation_memory,
        ),
        faded(
            memory.provocation,
            memory.provocation_since,
            now,
            params.provocation_memory,
        ),
    )


def notice(
    params: ForeignPowerParams,
    memory: ForeignPowerMemory,
    percept: Percept,
    now: float,
) -> None:
    """Take in an attack on it: it is provoked, and lays the blame."""
    if percept.act not in (Act.ROCKET_ATTACK, Act.CONVOY_BOMB):
        return
    if percept.is_at_me == 0:
        return
    memory.provocation = 1.0 + faded(
        memory.provocation,
        memory.provocation_since,
        now,
        params.provocation_memory,
    )
    memory.provocation_since = now
    author = percept.author
    memory.blame[author] = percept.confidence + faded(
        memory.blame[author],
        memory.blame_since[author],
        now,
        params.provocation_memory,
    )
    memory.blame_since[author] = now


def demand_hazard(params: ForeignPowerParams, view: ForeignPowerView) -> float:
    """Rate of demands to one host government, 1/day, in [0, `demand_rate`].

    ``demand_rate * (1 - exp(-demand_reciprocity * provocation))``: never falls with
    provocation, zero without it. The form is ours.

    Examples
    --------
    >>> from sim.rules.examples import FOREIGN_POWER
    >>> demand_hazard(FOREIGN_POWER, ForeignPowerView(0.0, 0.0))
    0.0
    """
    return params.demand_rate * (
        1.0 - exp(-params.demand_reciprocity * view.provocation)
    )


def demand_ceiling(params: ForeignPowerParams) -> float:
    """Upper bound of `demand_hazard`, 1/day."""
    return params.demand_rate


def strikes(
    params: ForeignPowerParams,
    view: ForeignPowerView,  # noqa: ARG001
    percept: Percept,
    u: float,
) -> int:
    """Whether it orders a strike after an attack on it: 1, else 0.

    Parameters
    ----------
    params
        `red_line` in own deaths in one attack.
    view
        Not used: the line is crossed by the attack itself.
    percept
        The attack as it perceives it.
    u
        Uniform in [0, 1).

    Returns
    -------
    int
        1 with probability `strike_share` when own deaths reach `red_line`, otherwise
        with `strike_share_below`. In the record: two of two with own deaths, none of
        34 without.
    """
    if percept.is_at_me == 0:
        return 0
    share = params.strike_share_below
    if percept.killed_own >= params.red_line:
        share = params.strike_share
    return 1 if u < share else 0


def decision_delay(params: ForeignPowerParams, view: ForeignPowerView, u: float) -> float:  # noqa: ARG001
    """Days until a strike is ordered; exponential."""
    return exponential(u, params.decision_days)


def planning(params: ForeignPowerParams, view: ForeignPowerView, u: float) -> float:  # noqa: ARG001
    """Days from the order to the strike; lognormal."""
    return lognormal(u, params.planning_days, params.planning_spread)


def one_strike(params: ForeignPowerParams) -> float:  # noqa: ARG001
    """One strike is planned at a time: a second attack does not double it."""
    return 1.0


def strike_effect(
    params: ForeignPowerParams,
    view: ForeignPowerView,  # noqa: ARG001
    setting: Setting,
    u: Uniforms,
) -> Effect:
    """What a strike does: the dead and wounded by side, launchers destroyed.

    Poisson numbers with means in proportion to `proportionality`; launchers binomial.
    """
    size = params.proportionality
    share = min(1.0, size * params.strike_launchers)
    return Effect(
        killed_militia=float(poisson(u[0], size * params.strike_killed)),
        killed_host=float(poisson(u[1], size * params.strike_killed_host)),
        killed_civilian=float(poisson(u[2], size * params.strike_killed_civilian)),
        wounded_militia=float(poisson(u[3], size * params.strike_wounded)),
        launchers=float(binomial(u[4], int(setting.target_launchers), share)),
    )


def news_delay(params: ForeignPowerParams, u: float) -> float:
    """Days until it learns of another's act; exponential."""
    return exponential(u, params.news_days)


def evidence(params: ForeignPowerParams) -> float:
    """Probability that the evidence points to the true author."""
    return params.evidence


def suspicion(params: ForeignPowerParams, view: ForeignPowerView) -> float:  # noqa: ARG001
    """Prior weight of a suspect: one, plus what was laid to it before."""
    return 1.0 + view.blame


def detection(params: ForeignPowerParams, view: ForeignPowerView) -> float:  # noqa: ARG001
    """It watches no launch teams on another's soil: 0."""
    return 0.0


def starting(params: ForeignPowerParams, memory: ForeignPowerMemory) -> None:
    """Nothing is remembered at the start."""


STRIKE = Operation(
    "strike",
    Act.AIR_STRIKE,
    stages=(Stage("planning", planning),),
    effect=strike_effect,
    max_parallel=one_strike,
)
DEMAND = Operation("demand", Act.DEMAND)

KIND = Kind(
    name="foreign_power",
    side=Side.FOREIGN,
    params=ForeignPowerParams,
    memory=ForeignPowerMemory,
    view=view,
    notice=notice,
    heeds=(Act.ROCKET_ATTACK, Act.CONVOY_BOMB),
    heeds_own=(),
    news_delay=news_delay,
    evidence=evidence,
    detection=detection,
    starting=starting,
    roles=(
        Role("hosts", "governments that it presses to act", ("host_government",)),
        Role("suspects", "whom it may hold responsible for an attack", ("militia",)),
    ),
    options=(Option(DEMAND, "hosts", demand_hazard, demand_ceiling),),
    responses=(
        Response(
            "answer_attack",
            (Act.ROCKET_ATTACK, Act.CONVOY_BOMB),
            (STRIKE,),
            strikes,
            decision_delay,
        ),
    ),
    suspicion=suspicion,
    suspects_role="suspects",
)
