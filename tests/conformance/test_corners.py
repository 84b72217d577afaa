"""At the corners of every legal range both drivers agree, or refuse alike, and end.

Kinds are taken from the registry and parameters from their tables, so that a new rule
is held as soon as it stands there.
"""

from __future__ import annotations

import math
import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from sim.analytic.candidates import MOST_EXPECTED, crowd_of, expected_candidates
from sim.engine import capacity
from sim.engine.cast import Cast
from sim.engine.driver import SimpyDriver
from sim.engine.situations import (
    N_COORDINATES,
    arguments,
    numbers_in,
    rules_of,
    situation,
)
from sim.errors import RunError
from sim.rules.behaviour import parameter_table
from sim.rules.inversion import logistic
from sim.rules.registry import KINDS
from sim.rules.sponsor import answers
from sim.scenario.load import load, shipped_scenarios
from sim.scenario.renumber import with_numbers
from tests import builders
from tests.conformance.corners import corner_of
from tests.conformance.drummer import drumming

pytest.importorskip("numba")

from sim.engine.compiled import loop
from sim.engine.compiled.driver import CompiledDriver

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

pytestmark = [pytest.mark.numba, pytest.mark.slow]

ROOT_SEED: Final = 20191028
LARGEST_U: Final = 1.0 - 2.0**-53
N_CORNERS: Final = 6
N_POINTS: Final = 60


def outcome(driver: Any, number: int, until: float) -> bytes | str:
    """Return the bytes of a replication's records, or the words of its refusal."""
    try:
        return driver.rows(ROOT_SEED, number, until).tobytes()
    except RunError as error:
        return str(error)


def at_corner(number: int, n_parameters: int) -> list[float]:
    """Return the uniforms of a situation whose parameters stand at their limits."""
    chance = random.Random(number)
    high = chance.choice((0.0, 0.5, 1.0))
    ends = [LARGEST_U if chance.random() < high else 0.0 for _ in range(n_parameters)]
    rest = [
        chance.choice((0.0, LARGEST_U, chance.random()))
        for _ in range(N_COORDINATES - n_parameters)
    ]
    return [*ends, *rest]


@pytest.mark.parametrize("name", KINDS)
def test_no_rule_leaves_its_domain_at_a_corner(name: str) -> None:
    """Every rule of every kind is finite where all parameters are at a limit."""
    kind = KINDS[name]
    wrong: dict[str, str] = {}
    for number in range(N_POINTS):
        point = at_corner(number, len(parameter_table(kind)))
        made: dict[str, Any] = {}
        for rule in rules_of(kind):
            made = situation(rule, kind, point)
            try:
                result = rule.function(*arguments(rule, made))
            except (ArithmeticError, ValueError) as error:
                wrong[rule.label] = repr(error)
                continue
            if not all(map(math.isfinite, numbers_in(result))):
                wrong[rule.label] = repr(result)
        view = made["view"]
        for option in kind.options:
            rate, most = (
                option.hazard(made["params"], view),
                option.ceiling(made["params"]),
            )
            if not 0.0 <= rate <= most:
                wrong[option.operation.name] = f"{rate} of {most}"
    assert wrong == {}


@pytest.mark.parametrize("name", shipped_scenarios())
@pytest.mark.parametrize("number", range(N_CORNERS))
def test_drivers_agree_at_corners(name: str, number: int) -> None:
    """A corner is refused before it runs, or both drivers log or refuse the same."""
    scenario = corner_of(load(name), number)
    if crowd_of(scenario) is not None:
        return
    cast, until = Cast(scenario), min(scenario.horizon, 90.0)
    outcomes = outcome(SimpyDriver(cast), 0, until)
    assert outcome(CompiledDriver(cast), 0, until) == outcomes


def deadly() -> Scenario:
    """Return the scenario of many deaths, many visits and a very cautious sponsor."""
    base = load("iraq_2019_2020")
    values = {
        "sponsor": {"caution": 10.0, "visit_rate": 0.2},
        "foreign_power": {"tolerance": 1000.0},
    }
    actors = tuple(
        replace(a, params=a.params._replace(**values.get(a.kind.name, {})))
        for a in base.actors
    )
    killing = {f"means.{means.name}.killed_per_hit": 5.0 for means in base.means}
    return with_numbers(replace(base, actors=actors), killing)


def test_a_cautious_sponsor_after_many_deaths_does_not_overflow() -> None:
    """The drivers agree where the odds of an order are 1 to exp(1000) and more."""
    cast = Cast(deadly())
    one, two = SimpyDriver(cast), CompiledDriver(cast)
    for number in range(10):
        assert outcome(two, number, 252.0) == outcome(one, number, 252.0)


def test_the_odds_of_a_visit_are_those_of_an_order() -> None:
    """A visit orders what most orders would, at any alarm, without overflow."""
    from sim.rules.sponsor import SponsorParams

    params = SponsorParams()
    for alarm in (0.0, 1.0, 1e3, 1e9):
        view = answers.SponsorView(loss=0.0, alarm=alarm)
        share = logistic(params.press_bias - params.caution * alarm)
        for u in (0.0, share, math.nextafter(1.0, 0.0)):
            order = answers.instructs(params, view, _visit(), u)
            assert order == (1 if share > 0.5 else 2)


def _visit() -> Any:
    """Return a visit as the sponsor itself perceives it."""
    rule = next(r for r in rules_of(KINDS["sponsor"]) if r.label.endswith(".choose"))
    state = situation(rule, KINDS["sponsor"], [0.5] * N_COORDINATES)
    return state["percept"]._replace(is_mine=1)


# What would not end.


def never_ending() -> Scenario:
    """Return the scenario of bases handed over by the thousand million a day."""
    base = load("iraq_2019_2020")
    actors = tuple(
        replace(a, params=a.params._replace(handover_rate=2.0, leave_effect=5.0))
        if a.kind.name == "foreign_power"
        else a
        for a in base.actors
    )
    return replace(base, actors=actors)


def test_both_drivers_stop_at_the_same_candidate() -> None:
    """Too many candidates are one RunError: same day, same words, same command."""
    cast = Cast(never_ending())
    words = outcome(SimpyDriver(cast), 3, 252.0)
    assert isinstance(words, str)
    assert f"more than {capacity.MOST_CANDIDATES} candidates" in words
    assert "united_states.handover" in words
    assert outcome(CompiledDriver(cast), 3, 252.0) == words


def test_candidates_are_counted_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that ends draws as many as the drivers' own count, and no more."""
    cast = Cast(drumming())
    compiled = CompiledDriver(cast)
    until = cast.scenario.horizon
    assert isinstance(outcome(compiled, 0, until), bytes)
    n = int(compiled._place()[0]["live"][0]["n_candidates"])
    assert loop.MOST_CANDIDATES == capacity.MOST_CANDIDATES
    for most, kind in ((n, bytes), (n - 1, str)):
        monkeypatch.setattr("sim.engine.run.MOST_CANDIDATES", most)
        assert isinstance(outcome(SimpyDriver(cast), 0, until), kind)


def test_what_passes_the_estimate_never_meets_the_guard() -> None:
    """Twice the most that may be expected is what may be drawn."""
    assert 2 * MOST_EXPECTED <= capacity.MOST_CANDIDATES


@pytest.mark.parametrize("days", [30.0, 400.0])
def test_the_expected_number_is_the_mean(days: float) -> None:
    """Candidates drawn have the expected mean, within four standard errors.

    Poisson, but for one more of each band beyond the horizon.
    """
    scenario = builders.hot()
    cast = Cast(scenario)
    driver = CompiledDriver(cast)
    n_bands = sum(len(channel.bands) for channel in cast.channels)
    total, n = 0, 50
    for number in range(n):
        driver.rows(ROOT_SEED, number, days)
        total += int(driver._place()[0]["live"][0]["n_candidates"])
    expected = expected_candidates(scenario, days) + n_bands
    assert abs(total / n - expected) < 4.0 * math.sqrt(expected / n)
