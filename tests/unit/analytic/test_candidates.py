"""Expected candidates before a run: refused with their causes and what would pass."""

from dataclasses import replace

import pytest

from sim.analytic.branching import refuse_runaway, warnings_of
from sim.analytic.candidates import (
    MOST_EXPECTED,
    crowd_of,
    expected_candidates,
    refuse_crowd,
)
from sim.errors import StudyError
from sim.scenario.load import load, shipped_scenarios
from sim.scenario.scenario import Scenario
from tests import builders

ENDLESS = {
    "actors.united_states.handover_rate": "2/day",
    "actors.united_states.leave_effect": "5",
}


@pytest.mark.parametrize("name", shipped_scenarios())
def test_shipped_scenarios_are_far_below_the_limit(name: str) -> None:
    """What ships expects less than a hundredth of what may be drawn."""
    assert expected_candidates(load(name)) < MOST_EXPECTED / 100


def test_an_endless_file_is_refused_with_its_causes() -> None:
    """The refusal names option, ceiling, both parameters, and a value that passes."""
    scenario = load("iraq_2019_2020", ENDLESS)
    words = (
        r"united_states\.handover.*1\.44e\+11 per day by .*leave_effect = 5, "
        r".*handover_rate = 2/day; actors\.united_states\.leave_effect = \S+ would pass"
    )
    for refuse in (refuse_crowd, refuse_runaway):
        with pytest.raises(StudyError, match=words):
            refuse(scenario)
    assert warnings_of(scenario) == [str(crowd_of(scenario))]


def test_what_would_pass_passes() -> None:
    """With the values that the refusal names, the same file is accepted."""
    crowd = crowd_of(load("iraq_2019_2020", ENDLESS))
    assert crowd is not None
    passing = dict(str(remedy).split(" = ") for remedy in crowd.remedies)
    assert passing
    assert crowd_of(load("iraq_2019_2020", {**ENDLESS, **passing})) is None


def test_a_shorter_replication_may_pass() -> None:
    """The estimate is for the days that are asked for."""
    scenario = load(
        "iraq_2019_2020", {**ENDLESS, "actors.united_states.leave_effect": "1.5"}
    )
    assert crowd_of(scenario) is not None
    assert crowd_of(scenario, 10.0) is None


def test_a_runaway_is_refused_with_what_would_pass() -> None:
    """The value that the refusal names brings the ratio below 1."""
    scenario = builders.self_exciting(branching_ratio=1.2)
    with pytest.raises(
        StudyError, match=r"actors\.hawkes\.jump = \S+ would pass"
    ) as caught:
        refuse_runaway(scenario)
    value = str(caught.value).rpartition("; actors.hawkes.jump = ")[2].split("/")[0]
    assert refuse_runaway(_with_jump(scenario, float(value))).ratio < 1.0


def _with_jump(scenario: Scenario, jump: float) -> Scenario:
    """Return a scenario whose one actor jumps by another amount."""
    return replace(
        scenario,
        actors=tuple(
            replace(one, params=one.params._replace(jump=jump))
            if one.name == "hawkes"
            else one
            for one in scenario.actors
        ),
    )
