"""What a sponsor remembers, and what it knows when it decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from sim.ladder import Act
from sim.rules.behaviour import (
    Holdings,
    Percept,
)
from sim.rules.decay import faded
from sim.rules.inversion import exponential
from sim.rules.sponsor.parameters import SponsorParams


@dataclass(slots=True)
class SponsorMemory:
    """What a sponsor carries from the past."""

    loss: float = 0.0
    """Blows against it and its clients, faded, >= 0."""
    loss_since: float = 0.0
    alarm: float = 0.0
    """Foreign deaths it knows of, faded, >= 0."""
    alarm_since: float = 0.0
    bereft: float = 0.0
    """Loss of its commander, faded, 0 to 1."""
    bereft_since: float = 0.0
    restriction: float = 0.0
    """Curbs by a host, faded, >= 0."""
    restriction_since: float = 0.0


class SponsorView(NamedTuple):
    """What a sponsor knows when it decides about one client."""

    loss: float
    alarm: float
    authority: float = 1.0
    """Authority behind its orders now, 0 to 1."""
    restriction: float = 0.0
    """Curbs that it still feels, >= 0."""


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
        params.authority
        * (
            1.0
            - params.commander_share
            * faded(memory.bereft, memory.bereft_since, now, params.recovery_memory)
        ),
        faded(
            memory.restriction, memory.restriction_since, now, params.restriction_memory
        ),
    )


def suffer(
    params: SponsorParams, memory: SponsorMemory, loss: float, now: float
) -> None:
    """Add `loss` >= 0, in blows."""
    memory.loss = loss + faded(memory.loss, memory.loss_since, now, params.loss_memory)
    memory.loss_since = now


def notice(
    params: SponsorParams, memory: SponsorMemory, percept: Percept, now: float
) -> None:
    """Take in blows against its side, sanctions, curbs, and foreign deaths."""
    act = percept.act
    if percept.is_mine == 1:
        return
    if act == Act.AIR_STRIKE or act == Act.LEADER_KILLING or act == Act.DIRECT_STRIKE:
        suffer(params, memory, 1.0, now)
        if act == Act.LEADER_KILLING and percept.is_at_me == 1:
            memory.bereft = 1.0
            memory.bereft_since = now
    elif act == Act.SANCTION and percept.is_at_me == 1:
        suffer(params, memory, params.sanction_loss, now)
    elif act == Act.PERMIT_RULE and percept.is_at_me == 1:
        memory.restriction = 1.0 + faded(
            memory.restriction, memory.restriction_since, now, params.restriction_memory
        )
        memory.restriction_since = now
    elif act == Act.ROCKET_ATTACK and percept.killed_target > 0.0:
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
