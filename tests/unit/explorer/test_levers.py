"""Which numbers come first, and that every other is found."""

from __future__ import annotations

import csv
from collections import defaultdict

import pytest

from sim.experiment.load import load_experiment
from sim.experiment.named import shipped_experiments
from sim.explorer.levers import FIRST, MATTERS, is_waiting, matching
from sim.explorer.session import Session


@pytest.fixture(scope="module")
def session() -> Session:
    """Return a session of the shipped scenario; nothing is run."""
    return Session("iraq_2019_2020", workers=1)


def test_what_matters_is_what_the_screening_told_from_chance() -> None:
    """Each parameter of which an effect is told, and no other, largest share first."""
    file = shipped_experiments()["e02_screening"]
    matters: dict[str, bool] = defaultdict(bool)
    with file.with_name("summary.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            matters[row["factor"]] |= row["matters"] == "True"
    factors = {factor.name: factor for factor in load_experiment(file).factors}
    named = {
        factors[name].paths[0].split(".")[-1] for name, does in matters.items() if does
    }
    assert set(MATTERS) == named


def test_first_levers_are_of_different_parameters(session: Session) -> None:
    """What a page shows first is no list of one parameter of many actors."""
    names = [lever.path.split(".")[-1] for lever in matching(session.levers, "")]
    assert names == list(MATTERS[:FIRST])


def test_every_number_with_a_range_is_found_by_its_path(session: Session) -> None:
    """And stands within its range, with a label and an owner."""
    for lever in session.levers:
        assert lever in matching(session.levers, lever.path)
        assert lever.factor.low <= lever.value <= lever.factor.high
        assert lever.label
        assert lever.owner
    assert matching(session.levers, "no such thing") == []


def test_slider_goes_over_the_whole_range_and_back(session: Session) -> None:
    """Its ends are the range's, places and values undo each other, ratios are even."""
    logs = 0
    for lever in session.levers:
        low, high = lever.factor.low, lever.factor.high
        assert (lever.at(0.0), lever.at(1.0)) == pytest.approx((low, high), rel=1e-5)
        if not lever.factor.is_whole:
            value = lever.at(0.3)
            assert lever.share(value) == pytest.approx(0.3, abs=1e-4)
        if lever.is_log and not lever.factor.is_whole:
            logs += 1
            assert lever.at(0.5) == pytest.approx((low * high) ** 0.5, rel=1e-4)
    assert logs > 0


def test_numbers_are_found_by_what_people_say(session: Session) -> None:
    """By a capital and an adjective, by words of waiting; not within other words."""
    for words in ("Washington", "America", "US "):
        matches = matching(session.levers, words)
        assert matches
        assert {lever.owner for lever in matches} == {"the United States"}
    names = {lever.path.split(".")[-1] for lever in matching(session.levers, "wait")}
    assert names == {"decision_days", "tolerance"}
    assert is_waiting("strike later")
    assert not is_waiting("waiter")


def test_a_number_is_typed_as_it_is_written(session: Session) -> None:
    """With a unit or without; a unit of something else is refused."""
    lever = session.by_path["actors.united_states.decision_days"]
    assert lever.number("2 weeks") == lever.number("14 days") == lever.number("14")
    with pytest.raises(ValueError, match="week"):
        lever.number("2/week")
