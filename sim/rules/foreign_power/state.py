"""What a foreign power remembers, and what it knows when it decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from sim.ladder import Act
from sim.rules.behaviour import (
    Holdings,
    PerActor,
    Percept,
)
from sim.rules.decay import faded
from sim.rules.foreign_power.parameters import ForeignPowerParams
from sim.rules.inversion import exponential

MOST_UNWELCOME = 5.0
"""Demands to leave above which nothing is added."""


@dataclass(slots=True)
class ForeignPowerMemory:
    """What a foreign power carries from the past."""

    blame: PerActor
    """Attacks it lays on each actor, faded and weighed by confidence, >= 0."""
    blame_since: PerActor
    provocation: float = 0.0
    """Attacks on it, faded, >= 0."""
    provocation_since: float = 0.0
    unwelcome: float = 0.0
    """Demands to leave, faded, >= 0."""
    unwelcome_since: float = 0.0


class ForeignPowerView(NamedTuple):
    """What a foreign power knows when it decides about one other actor."""

    blame: float
    provocation: float
    unwelcome: float = 0.0
    """Demands to leave that it still feels, 0 to `MOST_UNWELCOME`."""


def view(
    params: ForeignPowerParams,
    memory: ForeignPowerMemory,
    holdings: Holdings,
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
        min(
            MOST_UNWELCOME,
            faded(memory.unwelcome, memory.unwelcome_since, now, params.leave_memory),
        ),
    )


def notice(
    params: ForeignPowerParams,
    memory: ForeignPowerMemory,
    percept: Percept,
    now: float,
) -> None:
    """Take in attacks on it, for which it lays the blame, and demands to leave."""
    act = percept.act
    if percept.is_at_me == 0:
        return
    if act == Act.DEMAND_TO_LEAVE or act == Act.EXPULSION_VOTE:
        memory.unwelcome = 1.0 + faded(
            memory.unwelcome, memory.unwelcome_since, now, params.leave_memory
        )
        memory.unwelcome_since = now
    if (
        act == Act.ROCKET_ATTACK
        or act == Act.CONVOY_BOMB
        or act == Act.EMBASSY_STORMING
    ):
        memory.provocation = 1.0 + faded(
            memory.provocation,
            memory.provocation_since,
            now,
            params.provocation_memory,
        )
        memory.provocation_since = now
        author = percept.author
        if author < 0:
            return
        memory.blame[author] = percept.confidence + faded(
            memory.blame[author],
            memory.blame_since[author],
            now,
            params.provocation_memory,
        )
        memory.blame_since[author] = now


def news_delay(params: ForeignPowerParams, u: float) -> float:
    """Days until it learns of another's act; exponential."""
    return exponential(u, params.news_days)


def evidence(params: ForeignPowerParams) -> float:
    """Probability that the evidence points to the true author."""
    return params.evidence


def suspicion(params: ForeignPowerParams, view: ForeignPowerView) -> float:
    """Prior weight of a suspect: one, plus what was laid to it before."""
    return 1.0 + view.blame


def detection(params: ForeignPowerParams, view: ForeignPowerView) -> float:
    """It watches no launch teams on another's soil: 0."""
    return 0.0


def starting(params: ForeignPowerParams, memory: ForeignPowerMemory) -> None:
    """Nothing is remembered at the start."""


def site_weight(
    params: ForeignPowerParams, view: ForeignPowerView, reach: float, presence: float
) -> float:
    """Weight of a base for being handed over: its reach while occupied, otherwise 0."""
    if presence <= 0.0:
        return 0.0
    return reach
