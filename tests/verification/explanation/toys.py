"""Three toys whose necessity and sufficiency have closed forms.

- **Answers.** Threats come at a constant rate; each is answered by an attack with a
  probability. Was the first threat necessary for an attack?
- **Excitation.** An alarm raises the rate of attacks for good. Was it necessary for
  one?
- **Put in.** The same alarm where it did not come: is it sufficient?

Of each, groups of replications are asked, and it is counted how often the intervals
cover the truth: of what happens or does not, of its bounds, and of how many.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple
from unittest.mock import patch

import numpy as np

from sim.engine.cast import Cast
from sim.ensemble.ensemble import run_ensemble
from sim.explanation.necessity import ButFor, but_for_all, with_put_in
from sim.ladder import Act
from sim.rules.behaviour import (
    Effect,
    Kind,
    Operation,
    Option,
    Percept,
    Range,
    Response,
    Role,
    Side,
)
from sim.scenario.scenario import Actor, Given, Scenario
from sim.units import Dimension
from tests import builders

if TYPE_CHECKING:
    from sim.rules.behaviour import Holdings

DAYS: Final = 30.0
GROUPS: Final = 1000
OF_A_GROUP: Final = 150
OUTCOME: Final = "first_attack_happened_true"
COUNT: Final = "n_rocket_attacks_true"
ASKED: Final = (OUTCOME, COUNT)


class HeederParams(NamedTuple):
    """What a threat does to an actor that hears it."""

    rate: Annotated[float, Range(Dimension.RATE, 0.0, 100.0)]
    """Attacks before any threat."""
    rise: Annotated[float, Range(Dimension.RATE, 0.0, 100.0)]
    """Rise of the rate once a threat was heard, for good."""
    answering: Annotated[float, Range(Dimension.NUMBER, 0.0, 1.0)]
    """Share of threats that an attack answers at once."""


@dataclass(slots=True)
class HeederMemory:
    """Whether it heard a threat."""

    heard: float = 0.0


class HeederView(NamedTuple):
    """Whether it heard a threat."""

    heard: float


def view(
    params: HeederParams,
    memory: HeederMemory,
    holdings: Holdings,
    other: int,
    now: float,
) -> HeederView:
    """Return whether it heard a threat."""
    return HeederView(memory.heard)


def notice(
    params: HeederParams, memory: HeederMemory, percept: Percept, now: float
) -> None:
    """Remember a threat."""
    memory.heard = 1.0


def hazard(params: HeederParams, view: HeederView) -> float:
    """Return the rate of attacks, 1/day."""
    return params.rate + params.rise * view.heard


def ceiling(params: HeederParams) -> float:
    """Return the highest rate, 1/day."""
    return params.rate + params.rise


def answers(params: HeederParams, view: HeederView, percept: Percept, u: float) -> int:
    """Answer or not."""
    return 1 if u < params.answering else 0


def at_once(params: HeederParams, view: HeederView, u: float) -> float:
    """Return next to no time, days."""
    return 1e-9


def hears_at_once(params: HeederParams, u: float) -> float:
    """Return next to no time, days."""
    return 1e-9


ATTACK = Operation("attack", Act.ROCKET_ATTACK)
HEEDER = Kind(
    name="heeder",
    side=Side.MILITIA,
    params=HeederParams,
    memory=HeederMemory,
    view=view,
    notice=notice,
    heeds=(Act.THREAT,),
    heeds_own=(),
    news_delay=hears_at_once,
    roles=(Role("others", "whom it attacks", ("bystander",)),),
    options=(Option(ATTACK, "others", hazard, ceiling),),
    responses=(Response("answer", (Act.THREAT,), (ATTACK,), answers, at_once),),
)

ALARM: Final = Given(
    identity="alarm",
    time=0.0,
    known_from=0.0,
    act=Act.THREAT,
    actor="bystander",
    target="heeder",
    site="",
    effect=Effect(),
)


def toy(*, threats: float, rate: float, rise: float, answering: float) -> Scenario:
    """Return a scenario of one who threatens, one who heeds, and a bystander."""
    base = builders.ticking({"threatener": threats}, horizon=DAYS)
    params = HeederParams(rate, rise, answering)
    heeder = Actor("heeder", "heeder", HEEDER, params, {"others": ("bystander",)})
    return replace(base, actors=(*base.actors, heeder))


@dataclass(frozen=True)
class Toy:
    """A scenario, what is asked of it, and the true answer."""

    scenario: Scenario
    ask: Any
    """From an ensemble to what it says."""
    truth: float
    """The probability of necessity, or of sufficiency."""
    share_gone: float
    """Share of the expected number of attacks that is gone in the other world."""


def _answers_toy() -> Toy:
    threats, p = 0.05, 0.4
    n = threats * DAYS
    alone = (exp(-n * p) - exp(-n)) / (1.0 - p)
    return Toy(
        toy(threats=threats, rate=0.0, rise=0.0, answering=p),
        lambda run: but_for_all(run, "first=threat", ASKED, engine="compiled"),
        truth=p * alone / (1.0 - exp(-n * p)),
        share_gone=(1.0 - exp(-n)) / n,
    )


def _excitation_toy() -> Toy:
    rate, rise = 0.02, 0.04
    scenario = toy(threats=0.0, rate=rate, rise=rise, answering=0.0)
    return Toy(
        replace(scenario, given=(ALARM,)),
        lambda run: but_for_all(run, "development=alarm", ASKED, engine="compiled"),
        truth=exp(-rate * DAYS)
        * (1.0 - exp(-rise * DAYS))
        / (1.0 - exp(-(rate + rise) * DAYS)),
        share_gone=rise / (rate + rise),
    )


def _put_in_toy() -> Toy:
    rate, rise = 0.02, 0.04
    return Toy(
        toy(threats=0.0, rate=rate, rise=rise, answering=0.0),
        lambda run: with_put_in(run, ALARM, ASKED, engine="compiled"),
        truth=1.0 - exp(-rise * DAYS),
        share_gone=-rise / rate,
    )


TOYS: Final = {
    "answers": _answers_toy,
    "excitation": _excitation_toy,
    "put in": _put_in_toy,
}


class Coverage(NamedTuple):
    """Shares of groups whose intervals cover the truth."""

    share: float
    """Of what happens or does not."""
    halved: float
    """The same with half the half-width: a fault that has to be seen."""
    bounds: float
    """Of the bounds under any coupling, with their error."""
    of_count: float
    """Of how many."""


def coverage(toy: Toy, groups: int = GROUPS) -> Coverage:
    """Ask groups of `OF_A_GROUP` replications of a toy, and count who covers it."""
    # One driver serves all groups: to make one costs more than its group.
    cast = Cast(toy.scenario)
    run = run_ensemble(toy.scenario, replications=1, root_seed=77, engine="compiled")
    totals = np.zeros(4)
    with patch("sim.explanation.scene.Cast", lambda _: cast):
        for group in range(groups):
            numbers = range(group * OF_A_GROUP, (group + 1) * OF_A_GROUP)
            found: ButFor = toy.ask(replace(run, numbers=numbers))
            share, count = found.shares[OUTCOME], found.changes[COUNT]
            middle, half = (share.low + share.high) / 2, (share.high - share.low) / 4
            totals += (
                share.low <= toy.truth <= share.high,
                middle - half <= toy.truth <= middle + half,
                share.bounds_from <= toy.truth <= share.bounds_to,
                count.low <= toy.share_gone <= count.high,
            )
    return Coverage(*(float(total) / groups for total in totals))
