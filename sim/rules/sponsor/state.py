"""What a sponsor is told by the scenario, remembers and knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, NamedTuple

from sim.ladder import Act
from sim.rules.behaviour import (
    Holdings,
    Parameter,
    Percept,
)
from sim.rules.decay import faded
from sim.rules.inversion import exponential
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
    holdings: Holdings,
    other: int,
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


def news_delay(params: SponsorParams, u: float) -> float:
    """Days until it learns of another's act; exponential."""
    return exponential(u, params.news_days)


def evidence(params: SponsorParams) -> float:
    """Probability that what it hears points to the true author."""
    return params.evidence


def detection(params: SponsorParams, view: SponsorView) -> float:
    """A sponsor watches nobody: 0."""
    return 0.0


def starting(params: SponsorParams, memory: SponsorMemory) -> None:
    """Nothing is remembered at the start."""
