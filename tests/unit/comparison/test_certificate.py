"""How long coupled arms are one world, and what differs first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

import sim
from sim.comparison.certificate import NEVER, Certificate, Parting, certify
from sim.engine.alteration import Alteration
from sim.engine.cast import Cast
from sim.engine.driver import SimpyDriver
from sim.scenario.scenario import Change, Scenario
from tests import builders

if TYPE_CHECKING:
    from sim.engine.log import IncidentLog

SEED = 5
DAY = 40.0


def restrained(scenario: Scenario, day: float) -> Scenario:
    """Return a scenario whose foreign power bears ten times as much from a day on."""
    change = Change(
        identity="restraint",
        time=day,
        known_from=day,
        actor="united_states",
        parameter="tolerance",
        how="scale",
        value=10.0,
    )
    return replace(scenario, changes=(change,))


def logs(scenario: Scenario, number: int) -> IncidentLog:
    """Return the log of one replication."""
    return SimpyDriver(Cast(scenario)).log(SEED, number, 80.0)


@pytest.fixture(scope="module")
def hot() -> Scenario:
    """Return a scenario in which much happens."""
    return builders.hot(horizon=80.0)


def test_equal_prefix_is_counted_by_hand(hot: Scenario) -> None:
    """The records before the first that differs are counted as a reader would."""
    arm = builders.hot(horizon=80.0, foreign_params={"tolerance": 5.0})
    (found,) = certify({"a": hot, "b": arm}, SEED, range(6), 80.0, "simpy")
    for parting in found.partings:
        one, two = logs(hot, parting.replication), logs(arm, parting.replication)
        n = parting.n_equal
        assert one.records[:n] == two.records[:n]
        assert one.reports[:n] == two.reports[:n]
        if parting.why == NEVER:
            assert len(one.records) == len(two.records) == n
        else:
            assert one.records[n : n + 1] != two.records[n : n + 1]
            days = [log.records[n].time for log in (one, two) if len(log.records) > n]
            assert parting.day == min(days)
    assert found.n_never < 6


def test_each_arm_is_certified_as_it_was_run(hot: Scenario) -> None:
    """Arms alike are one world; not where one of them has another past by lineage."""
    arms = {"a": hot, "b": hot}
    (alike,) = certify(arms, SEED, range(4), 80.0, "simpy")
    assert alike.n_never == 4
    branched = {"b": Alteration(lineage=((20.0, 7),))}
    (apart,) = certify(arms, SEED, range(4), 80.0, "simpy", None, branched)
    assert apart.n_never == 0
    assert apart.first_day >= 20.0


def test_arms_are_one_world_before_the_intervention(hot: Scenario) -> None:
    """With a change on a day no pair parts before it, and the change is first."""
    arms = {"as it is": hot, "restraint": restrained(hot, DAY)}
    (found,) = certify(arms, SEED, range(8), 80.0, "simpy")
    assert found.first_day == DAY
    assert {one.record for one in found.partings} == {"development by united_states"}
    assert {one.why for one in found.partings} == {"not in the reference"}
    assert (
        f"up to {hot.start + timedelta(days=DAY):%-d %B %Y} at least"
        in found.sentence()
    )


def test_what_is_reported_later_parts_no_worlds() -> None:
    """A report that comes after an arm's day does not move the date back before it."""
    row = Parting(0, 9, 99, 40.0, "development by a", "1" * 32, "not in the reference")
    told = row._replace(day=7.0, why="another reported_actor, is_reported")
    start = date(2020, 1, 1)
    both = Certificate("a", "b", (row, told), start).sentence()
    assert "up to 10 February 2020 at least" in both
    assert "In 1 of 2 pairs what differs first" in both
    other = told._replace(why="another time, is_reported")
    assert (
        "up to 8 January 2020" in Certificate("a", "b", (row, other), start).sentence()
    )
    assert "up to 8 January 2020" in Certificate("a", "b", (told,), start).sentence()


def test_an_arm_that_differs_before_its_day_is_seen(hot: Scenario) -> None:
    """Were the change a week early, the certificate would say so."""
    arms = {"as it is": hot, "early": restrained(hot, DAY - 7.0)}
    (found,) = certify(arms, SEED, range(8), 80.0, "simpy")
    assert found.first_day < DAY


def test_equal_arms_never_part(hot: Scenario) -> None:
    """A world and itself are equal to the last record."""
    (found,) = certify({"a": hot, "b": hot}, SEED, range(4), 80.0, "simpy")
    assert found.n_never == 4
    assert "all 4 pairs are equal" in found.sentence()


def test_a_bystander_in_one_arm_parts_nobody() -> None:
    """Actors are known by their names: another number in an arm is no difference."""
    arms = {
        "a": builders.ticking({"loud": 0.3}, horizon=30.0),
        "b": builders.ticking({"a_quiet_one": 0.0, "loud": 0.3}, horizon=30.0),
    }
    (found,) = certify(arms, SEED, range(4), 30.0, "simpy")
    assert found.n_never == 4
    assert all(one.n_reference > 0 for one in found.partings)


def test_engines_certify_alike() -> None:
    """Both engines give the same certificate."""
    pytest.importorskip("numba")
    base = sim.load("iraq_endogenous_2019_2020")
    arm = sim.load("iraq_endogenous_2019_2020", {"actors.united_states.tolerance": 1.5})
    one, two = (
        certify({"a": base, "b": arm}, SEED, range(6), 80.0, engine)
        for engine in ("simpy", "compiled")
    )
    assert repr(one) == repr(two)
