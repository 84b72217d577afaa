"""From which day on arms differ, and what is said of it."""

from __future__ import annotations

from datetime import date
from math import inf
from typing import TYPE_CHECKING

import pytest

import sim
from sim.comparison.parting import parting_advice, parting_text, parting_time
from sim.experiment.load import load_experiment
from sim.experiment.variant import Variant, variant_of
from sim.scenario.form import read_scenario
from sim.scenario.load import find

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


JULY = "iraq_from_july_2020"
LINE = {"actors.united_states.tolerance": 1.2}


def arms_of(experiment: str) -> dict[str, Scenario]:
    """Return the arms of a shipped experiment."""
    plan = load_experiment(experiment)
    return {arm.name: plan.scenario_at(arm, ()) for arm in plan.arms}


def test_changed_numbers_differ_from_the_first_day() -> None:
    """A number of an actor holds from the start, though the record is put in."""
    arms = {"a": sim.load(JULY), "b": sim.load(JULY, LINE)}
    assert parting_time(arms) == 0.0
    assert "differ from 28 October 2019 on: until 6 July 2020" in parting_text(arms)
    assert parting_advice(arms).endswith("--from 2020-07-06")


def test_arms_that_part_on_a_day_are_alike_before() -> None:
    """The shipped question of the article compares policies from where it was asked."""
    arms = arms_of("e10_lightly_or_hard")
    first = arms["as_coded"]
    assert parting_time(arms) == first.since == (date(2020, 7, 6) - first.start).days
    said = parting_text(arms, "policies")
    assert said.startswith("Until 6 July 2020 the record is put in; from then on the")
    assert not parting_advice(arms)


def test_rows_that_are_cancelled_count_from_their_day() -> None:
    """Arms without the raid of 25 June differ from its first row on."""
    arms = arms_of("e08_pushback")
    two = {name: arms[name] for name in ("raid", "both")}
    assert parting_text(two).startswith("The arms differ from 3 June 2020 on: until 6")


def test_no_advice_that_would_be_refused() -> None:
    """Where an act is left to the actors in one arm, arms cannot share a past."""
    document = read_scenario(find(JULY))
    left = Variant(endogenous=("base_handover",))
    arms = {"a": variant_of(document, Variant()), "b": variant_of(document, left)}
    assert parting_time(arms) == 0.0
    assert not parting_advice(arms)


def test_the_postures_from_july_part_on_the_day_that_is_asked_about() -> None:
    """All arms of e09 are one past, and the two that e10 has are the same there."""
    arms = arms_of("e09_us_postures_from_july")
    assert parting_time(arms) == arms["as_coded"].since
    assert "withdraw" in arms


@pytest.mark.parametrize("name", [JULY, "iraq_2019_2020"])
def test_the_same_never_part(name: str) -> None:
    """Of equal arms nothing is said."""
    arms = {"a": sim.load(name), "b": sim.load(name)}
    assert parting_time(arms) == inf
    assert parting_text(arms) == parting_advice(arms) == ""


def test_without_a_record_the_first_day_is_said() -> None:
    """Where nothing is put in, nothing of a record is said, and nothing advised."""
    name = "iraq_2019_2020"
    arms = {"a": sim.load(name), "b": sim.load(name, LINE)}
    assert parting_text(arms) == "The arms differ from 28 October 2019 on."
    assert not parting_advice(arms)
