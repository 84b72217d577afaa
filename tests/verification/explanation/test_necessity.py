"""Probabilities of necessity and of sufficiency of three toys, in closed form.

Of each toy 1,000 groups of 150 replications are asked, and the intervals have to cover
the truth in 93 to 97.5 % of the groups. The error of that share is 0.7 %: intervals
that cover 90 % are seen, as those of half the width are, which are planted here.

- **Answers.** Threats come at a constant rate; each is answered by an attack with a
  probability. Was the first threat necessary for an attack?
- **Excitation.** An alarm raises the rate of attacks for good. Was it necessary for
  one?
- **Put in.** The same alarm where it did not come: is it sufficient?
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple

import pytest

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

pytest.importorskip("numba")

pytestmark = [pytest.mark.verify, pytest.mark.numba]

DAYS: Final = 30.0
GROUPS: Final = 1000
OF_A_GROUP: Final = 150
OUTCOME: Final = "first_attack_happened_true"
LEAST, MOST = 0.93, 0.975


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


def _answers_toy() -> Toy:
    threats, p = 0.05, 0.4
    n = threats * DAYS
    alone = (exp(-n * p) - exp(-n)) / (1.0 - p)
    return Toy(
        toy(threats=threats, rate=0.0, rise=0.0, answering=p),
        lambda run: but_for_all(run, "first=threat", [OUTCOME], engine="compiled"),
        p * alone / (1.0 - exp(-n * p)),
    )


def _excitation_toy() -> Toy:
    rate, rise = 0.02, 0.04
    scenario = toy(threats=0.0, rate=rate, rise=rise, answering=0.0)
    return Toy(
        replace(scenario, given=(ALARM,)),
        lambda run: but_for_all(run, "development=alarm", [OUTCOME], engine="compiled"),
        exp(-rate * DAYS) * (1.0 - exp(-rise * DAYS)) / (1.0 - exp(-0.06 * DAYS)),
    )


def _put_in_toy() -> Toy:
    rate, rise = 0.02, 0.04
    return Toy(
        toy(threats=0.0, rate=rate, rise=rise, answering=0.0),
        lambda run: with_put_in(run, ALARM, [OUTCOME], engine="compiled"),
        1.0 - exp(-rise * DAYS),
    )


TOYS: Final = {
    "answers": _answers_toy,
    "excitation": _excitation_toy,
    "put in": _put_in_toy,
}


@pytest.mark.parametrize("name", TOYS)
def test_intervals_cover_the_closed_form(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In 93 to 97.5 % of groups; with half the half-width in far fewer."""
    one = TOYS[name]()
    # One driver serves all groups: to make one costs more than its group.
    cast = Cast(one.scenario)
    monkeypatch.setattr("sim.explanation.scene.Cast", lambda _: cast)
    run = run_ensemble(one.scenario, replications=1, root_seed=77, engine="compiled")
    covered = halved = bounded = 0
    for group in range(GROUPS):
        numbers = range(group * OF_A_GROUP, (group + 1) * OF_A_GROUP)
        found: ButFor = one.ask(replace(run, numbers=numbers))
        share = found.shares[OUTCOME]
        covered += share.low <= one.truth <= share.high
        middle, half = (share.low + share.high) / 2, (share.high - share.low) / 4
        halved += middle - half <= one.truth <= middle + half
        bounded += share.bounds_from <= one.truth <= share.bounds_to
    assert LEAST <= covered / GROUPS <= MOST
    assert bounded / GROUPS >= LEAST
    assert halved / GROUPS < LEAST
