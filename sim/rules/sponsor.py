"""A sponsor: arms militias abroad, gives them orders, and is not always obeyed.

It presses them to attack when its own side has been hit, and tells them to hold when
the foreign power has lost lives, since that risks a blow it does not want. Behind an
order stands the authority of its commander; obeying is the militia's decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, NamedTuple

from sim.ladder import Act
from sim.rules.behaviour import (
    Effect,
    Holdings,
    Kind,
    Operation,
    Option,
    Parameter,
    Percept,
    Response,
    Role,
    Setting,
    Side,
    Toward,
    Uniforms,
)
from sim.rules.decay import faded
from sim.rules.inversion import exponential, logistic
from sim.units import Dimension as D


class SponsorParams(NamedTuple):
    """What a scenario says about one sponsor; canonical units."""

    directive_rate: Annotated[
        float, Parameter(D.RATE, 0.0, 2.0, "orders to each client")
    ]
    press_bias: Annotated[
        float, Parameter(D.NUMBER, -10.0, 10.0, "log odds of pressing when calm")
    ]
    press_reciprocity: Annotated[
        float, Parameter(D.NUMBER, 0.0, 10.0, "log odds of pressing per own loss")
    ]
    caution: Annotated[
        float,
        Parameter(D.NUMBER, 0.0, 10.0, "log odds of holding per foreign death known"),
    ]
    loss_memory: Annotated[
        float, Parameter(D.DURATION, 0.5, 730.0, "time in which a loss fades to 1/e")
    ]
    alarm_memory: Annotated[
        float, Parameter(D.DURATION, 0.5, 730.0, "time in which alarm fades to 1/e")
    ]
    authority: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "authority of its commander over clients")
    ]
    answer_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "chance that a strike brings an order")
    ]
    resupply_rate: Annotated[
        float, Parameter(D.RATE, 0.0, 2.0, "deliveries to each client")
    ]
    resupply_launchers: Annotated[
        float, Parameter(D.COUNT, 0.0, 1000.0, "launchers in one delivery")
    ]
    resupply_rounds: Annotated[
        float, Parameter(D.COUNT, 0.0, 10000.0, "rounds in one delivery")
    ]
    decision_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 90.0, "mean time to decide and send word")
    ]
    news_days: Annotated[
        float, Parameter(D.DURATION, 0.001, 30.0, "mean delay until it learns of acts")
    ]
    evidence: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "how often it knows who did a covert act")
    ]


@dataclass(slots=True)
class SponsorMemory:
    """What a sponsor carries from the past."""

    loss: float = 0.0
    """Blows against it and its clients, faded, >= 0."""
    loss_since: float = 0.0
    alarm: float = 0.0
    """Foreign deaths it knows of, faded, >= 0."""
    alarm_since: float = 0.0


class SponsorView(NamedTuple):
    """What a sponsor knows when it decides about one client."""

    loss: float
    alarm: float


def view(
    params: SponsorParams,
    memory: SponsorMemory,
    holdings: Holdings,  # noqa: ARG001
    other: int,  # noqa: ARG001
    now: float,
) -> SponsorView:
    """What the sponsor knows now."""
    return SponsorView(
        faded(memory.loss, memory.loss_since, now, params.loss_memory),
        faded(memory.alarm, memory.alarm_since, now, params.alarm_memory),
    )


def notice(
    params: SponsorParams, memory: SponsorMemory, percept: Percept, now: float
) -> None:
    """Take in blows against its side, and deaths among the foreign power's people."""
    if percept.act in (Act.AIR_STRIKE, Act.LEADER_KILLING):
        memory.loss = 1.0 + faded(
            memory.loss, memory.loss_since, now, params.loss_memory
        )
        memory.loss_since = now
    elif percept.act == Act.ROCKET_ATTACK and percept.killed_target > 0.0:
        memory.alarm = percept.killed_target + faded(
            memory.alarm, memory.alarm_since, now, params.alarm_memory
        )
        memory.alarm_since = now


def press_share(params: SponsorParams, view: SponsorView) -> float:
    """Share of its orders that press, 0 to 1; the others tell to hold.

    Logistic in ``press_bias + press_reciprocity * loss - caution * alarm``: never
    falls with loss, never rises with alarm. The form is ours.
    """
    lean = params.press_bias + params.press_reciprocity * view.loss
    return logistic(lean - params.caution * view.alarm)


def press_hazard(params: SponsorParams, view: SponsorView) -> float:
    """Rate of orders to attack to one client, 1/day, in [0, `directive_rate`]."""
    return params.directive_rate * press_share(params, view)


def hold_hazard(params: SponsorParams, view: SponsorView) -> float:
    """Rate of orders to hold fire to one client, 1/day, in [0, `directive_rate`]."""
    return params.directive_rate * (1.0 - press_share(params, view))


def directive_ceiling(params: SponsorParams) -> float:
    """Upper bound of both order hazards, 1/day."""
    return params.directive_rate


def resupply_hazard(params: SponsorParams, view: SponsorView) -> float:  # noqa: ARG001
    """Rate of deliveries to one client, 1/day, >= 0."""
    return params.resupply_rate


def resupply_ceiling(params: SponsorParams) -> float:
    """Upper bound of `resupply_hazard`, 1/day."""
    return params.resupply_rate


def order(
    params: SponsorParams, view: SponsorView, setting: Setting, u: Uniforms  # noqa: ARG001
) -> Effect:
    """Put the commander's authority behind an order."""
    return Effect(force=params.authority)


def delivery(
    params: SponsorParams, view: SponsorView, setting: Setting, u: Uniforms  # noqa: ARG001
) -> Effect:
    """Deliver launchers and rounds."""
    return Effect(rounds=params.resupply_rounds, launchers=params.resupply_launchers)


def answers_strike(
    params: SponsorParams, view: SponsorView, percept: Percept, u: float  # noqa: ARG001
) -> int:
    """What a strike makes it order: 1 attack, 2 hold, 0 nothing new."""
    if u >= params.answer_share:
        return 0
    return 1 if u < params.answer_share * press_share(params, view) else 2


def decision_delay(params: SponsorParams, view: SponsorView, u: float) -> float:  # noqa: ARG001
    """Days until its word is out; exponential."""
    return exponential(u, params.decision_days)


def news_delay(params: SponsorParams, u: float) -> float:
    """Days until it learns of another's act; exponential."""
    return exponential(u, params.news_days)


def evidence(params: SponsorParams) -> float:
    """Probability that what it hears points to the true author."""
    return params.evidence


def detection(params: SponsorParams, view: SponsorView) -> float:  # noqa: ARG001
    """A sponsor watches nobody: 0."""
    return 0.0


def starting(params: SponsorParams, memory: SponsorMemory) -> None:
    """Nothing is remembered at the start."""


PRESS = Operation("press", Act.DIRECTIVE_PRESS, effect=order)
HOLD = Operation("hold", Act.DIRECTIVE_HOLD, effect=order)
RESUPPLY = Operation("resupply", Act.RESUPPLY, effect=delivery)

KIND = Kind(
    name="sponsor",
    side=Side.SPONSOR,
    params=SponsorParams,
    memory=SponsorMemory,
    view=view,
    notice=notice,
    heeds=(Act.AIR_STRIKE, Act.LEADER_KILLING, Act.ROCKET_ATTACK),
    heeds_own=(),
    news_delay=news_delay,
    evidence=evidence,
    detection=detection,
    starting=starting,
    roles=(Role("clients", "militias that it arms and directs", ("militia",)),),
    options=(
        Option(PRESS, "clients", press_hazard, directive_ceiling),
        Option(HOLD, "clients", hold_hazard, directive_ceiling),
        Option(RESUPPLY, "clients", resupply_hazard, resupply_ceiling),
    ),
    responses=(
        Response(
            "answer_strike",
            (Act.AIR_STRIKE, Act.LEADER_KILLING),
            (PRESS, HOLD),
            answers_strike,
            decision_delay,
            toward=Toward.ROLE,
            role="clients",
        ),
    ),
)
