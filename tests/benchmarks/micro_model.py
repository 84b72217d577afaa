"""The micro-model that the engine was designed by, as a scenario of ours.

Six cells attack a state; an attack takes days to prepare and a raid may break it off; a
raid arrests people, who are released one batch a raid; the state's strikes answer
attacks; a patron reviews its order every few days. A year, some six hundred incidents.
`tests/benchmarks/idiomatic.py` is the same model in SimPy written by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import exp
from typing import Annotated, Any, Final, NamedTuple

from sim.ladder import Act
from sim.rules.behaviour import (
    Breaks,
    Consequence,
    Effect,
    Holdings,
    Kind,
    Operation,
    Option,
    PerActor,
    Percept,
    Range,
    Response,
    Role,
    Setting,
    Side,
    Stage,
)
from sim.rules.decay import faded
from sim.rules.effects import effect_with
from sim.rules.inversion import exponential, lognormal, poisson
from sim.scenario.scenario import Actor, Scenario
from sim.units import Dimension

RATES: Final = (0.15, 0.125, 0.2, 0.1, 0.175, 0.15)
"""Attacks that each cell plans when calm, 1/day."""

HORIZON: Final = 365.0
TENSION_DAYS, HEAT_DAYS, BACKLASH_DAYS = 14.0, 21.0, 30.0
INSTANT: Final = 1e-6
"""News reaches everybody at once, days: the model has no perception."""
PREPARATION, PREPARATION_SPREAD = 6.0, 0.6
ROUNDS, HURT = 3.0, 0.01
ANSWERED, ANSWER_DAYS, STRIKE_DAYS = 0.3, 3.0, 1.5
ROUTINE, INTERDICTION = 0.2, 0.35
ARRESTED, CUSTODY_DAYS, REVIEW = 1.4, 40.0, 1.0 / 7.0
PRESS, HOLD, STRIKE_TENSION, MOST_TENSION = 0.3, -0.5, 0.3, 0.5
STRIKE_SHARE: Final = 0.03


class CellParams(NamedTuple):
    """What a cell differs in."""

    rate: Annotated[float, Range(Dimension.RATE, 0.0, 10.0)]
    """Attacks planned."""


class StateParams(NamedTuple):
    """What the state differs in: nothing."""

    routine: Annotated[float, Range(Dimension.RATE, 0.0, 10.0)]
    """Raids, all."""


class PatronParams(NamedTuple):
    """How often it reviews its order."""

    review: Annotated[float, Range(Dimension.RATE, 0.0, 10.0)]
    """Reviews."""


@dataclass(slots=True)
class Memory:
    """A fading level, and an order that stands."""

    heat: PerActor
    level: float = 0.0
    since: float = 0.0
    order: float = 0.0


class View(NamedTuple):
    """What any of them knows."""

    level: float
    order: float


def view(
    params: Any, memory: Memory, holdings: Holdings, other: int, now: float
) -> View:
    """Return the level as it has faded."""
    return View(faded(memory.level, memory.since, now, TENSION_DAYS), memory.order)


def cell_notice(params: Any, memory: Memory, percept: Percept, now: float) -> None:
    """Take in a strike on it, or an order."""
    if percept.act == Act.AIR_STRIKE:
        if percept.is_at_me == 1:
            level = faded(memory.level, memory.since, now, TENSION_DAYS)
            memory.level = min(MOST_TENSION, level + STRIKE_TENSION)
            memory.since = now
    elif percept.act == Act.DEMAND:
        memory.order = PRESS
    elif percept.act == Act.TRUCE:
        memory.order = HOLD


def state_notice(params: Any, memory: Memory, percept: Percept, now: float) -> None:
    """Take in its own raids: each makes the next a little less likely."""
    if percept.act == Act.RAID:
        memory.level = 1.0 + faded(memory.level, memory.since, now, TENSION_DAYS)
        memory.since = now


def patron_notice(params: Any, memory: Memory, percept: Percept, now: float) -> None:
    """Take in a strike."""
    if percept.act == Act.AIR_STRIKE:
        memory.level = 1.0 + faded(memory.level, memory.since, now, TENSION_DAYS)
        memory.since = now


def attack_hazard(params: CellParams, view: View) -> float:
    """Return attacks planned a day, up with strikes suffered and with the order."""
    return params.rate * exp(view.level + view.order)


def attack_ceiling(params: CellParams) -> float:
    """Return the rate at the most tension under orders to press."""
    return params.rate * exp(MOST_TENSION + PRESS)


def raid_hazard(params: StateParams, view: View) -> float:
    """Return routine raids a day on one cell, fewer after many."""
    return params.routine / len(RATES) / (1.0 + 0.1 * view.level)


def raid_ceiling(params: StateParams) -> float:
    """Return the rate without any raid before."""
    return params.routine / len(RATES)


def review_rate(params: PatronParams, view: View) -> float:
    """Return reviews that end in an order to press, 1/day."""
    return params.review * (1.0 + view.level) / (2.0 + view.level)


def rest_rate(params: PatronParams, view: View) -> float:
    """Return reviews that end in an order to hold, 1/day."""
    return params.review / (2.0 + view.level)


def review_ceiling(params: PatronParams) -> float:
    """Return all reviews, 1/day."""
    return params.review


def preparation(params: Any, view: View, u: float) -> float:
    """Return days to prepare an attack."""
    return lognormal(u, PREPARATION, PREPARATION_SPREAD)


def planning(params: Any, view: View, u: float) -> float:
    """Return days from an attack to the strike that answers it."""
    return exponential(u, STRIKE_DAYS)


def custody(params: Any, view: View, u: float) -> float:
    """Return days until the arrested are released."""
    return exponential(u, CUSTODY_DAYS)


def salvo(params: Any, view: View, setting: Setting, u: tuple[float, ...]) -> Effect:
    """Return rounds fired and people hurt."""
    rounds = 1.0 + poisson(u[0], ROUNDS)
    return effect_with(
        rounds=rounds, killed_foreign=float(poisson(u[1], HURT * rounds))
    )


def nothing_fired(
    params: Any, view: View, setting: Setting, u: tuple[float, ...]
) -> Effect:
    """Return what a thwarted attack costs: nothing."""
    return effect_with()


def raid(params: Any, view: View, setting: Setting, u: tuple[float, ...]) -> Effect:
    """Return arrests, and the chance of stopping each attack in preparation."""
    return effect_with(
        persons=float(poisson(u[0], ARRESTED)), interdiction=INTERDICTION
    )


def release(params: Any, view: View, setting: Setting, u: tuple[float, ...]) -> Effect:
    """Return those whom it is about."""
    return effect_with(persons=setting.stake)


def raids_back(params: Any, view: View, percept: Percept, u: float) -> int:
    """Answer an attack by a raid (1), less often after many raids."""
    if u < ANSWERED / (1.0 + 0.1 * view.level):
        return 1
    return 0


def strikes_back(params: Any, view: View, percept: Percept, u: float) -> int:
    """Answer an attack by a strike (1): always when somebody died, else seldom."""
    if percept.killed_own > 0.0 or u < STRIKE_SHARE:
        return 1
    return 0


def detains(params: Any, view: View, percept: Percept, u: float) -> int:
    """Hold whoever was arrested (1)."""
    return 1


def raid_delay(params: Any, view: View, u: float) -> float:
    """Return days from an attack to the raid that answers it."""
    return exponential(u, ANSWER_DAYS)


def at_once(params: Any, view: View, u: float) -> float:
    """Return no time to speak of, days."""
    return INSTANT


def news(params: Any, u: float) -> float:
    """Return no time to speak of, days."""
    return INSTANT


def sure(params: Any) -> float:
    """Everybody knows who did what."""
    return 1.0


def unseen(params: Any, view: Any) -> float:
    """Nobody sees a stage."""
    return 0.0


ATTACK = Operation(
    "attack", Act.ROCKET_ATTACK, stages=(Stage("preparation", preparation),),
    effect=salvo, breakable_by=Breaks.TARGETS, broken_act=Act.THWARTED_ATTACK,
    broken_effect=nothing_fired,
)  # fmt: skip
RAID = Operation(
    "raid", Act.RAID, effect=raid, breaks=Breaks.TARGETS,
    consequences=(Consequence(Act.ARREST, persons=True),),
)  # fmt: skip
STRIKE = Operation("strike", Act.AIR_STRIKE, stages=(Stage("planning", planning),))
DETENTION = Operation(
    "detention", Act.RELEASE, stages=(Stage("custody", custody),), effect=release
)
PRESSING = Operation("press", Act.DEMAND)
HOLDING = Operation("hold", Act.TRUCE)

_COMMON: Final[dict[str, Any]] = {
    "memory": Memory, "view": view, "news_delay": news, "evidence": sure,
    "detection": unseen,
}  # fmt: skip

CELL = Kind(
    name="cell", side=Side.MILITIA, params=CellParams, notice=cell_notice,
    heeds=(Act.AIR_STRIKE, Act.DEMAND, Act.TRUCE), heeds_own=(),
    roles=(Role("enemies", "whom it attacks", ("state",)),),
    options=(Option(ATTACK, "enemies", attack_hazard, attack_ceiling),), **_COMMON,
)  # fmt: skip
STATE = Kind(
    name="state", side=Side.FOREIGN, params=StateParams, notice=state_notice,
    heeds=(Act.ROCKET_ATTACK,), heeds_own=(Act.RAID, Act.ARREST),
    roles=(Role("cells", "whom it polices", ("cell",)),),
    options=(Option(RAID, "cells", raid_hazard, raid_ceiling),),
    responses=(
        Response("raid_back", (Act.ROCKET_ATTACK,), (RAID,), raids_back, raid_delay),
        Response("strike_back", (Act.ROCKET_ATTACK,), (STRIKE,), strikes_back, at_once),
        Response("detain", (Act.ARREST,), (DETENTION,), detains, at_once),
    ), **_COMMON,
)  # fmt: skip
PATRON = Kind(
    name="patron", side=Side.SPONSOR, params=PatronParams, notice=patron_notice,
    heeds=(Act.AIR_STRIKE,), heeds_own=(),
    roles=(Role("first", "to whom it gives its order first", ("cell",)),),
    options=(
        Option(PRESSING, "first", review_rate, review_ceiling),
        Option(HOLDING, "first", rest_rate, review_ceiling),
    ), **_COMMON,
)  # fmt: skip


def micro_model(n_cells: int = 6, horizon: float = HORIZON, scale: float = 1.0) -> Any:
    """Return the micro-model; `scale` multiplies the cells' rates."""
    names = tuple(f"cell_{number}" for number in range(n_cells))
    actors = [
        Actor(
            name, name, CELL, CellParams(scale * RATES[n % 6]), {"enemies": ("state",)}
        )
        for n, name in enumerate(names)
    ]
    actors.append(
        Actor("state", "state", STATE, StateParams(ROUTINE), {"cells": names})
    )
    actors.append(
        Actor("patron", "patron", PATRON, PatronParams(REVIEW), {"first": names[:1]})
    )
    return Scenario(
        name="micro", title="The micro-model", status="provisional",
        start=date(2020, 1, 1), horizon=horizon, utc_offset_hours=0.0,
        actors=tuple(actors), sites=(),
    )  # fmt: skip
