"""Statistics of lists, searches in time, and outcomes of one's own."""

import math
from statistics import fmean
from typing import Any

import numpy as np
import pytest

from sim.engine.driver import rows_of
from sim.ladder import Act
from sim.outcomes import (
    OUTCOMES,
    Incident,
    Measure,
    View,
    outcomes_of,
    rung_path,
    with_outcomes,
)
from sim.outcomes.incidents import (
    correlation,
    days_since_last,
    days_to_next,
    deviation,
    largest,
    mean,
    median,
    n_before,
    n_until,
)
from tests import builders
from tests.unit.outcomes.test_outcomes import IRAQ, KATAIB, US, incident, log_of

SIZES = (3, 0, 1, 5, 2, 12)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("size", SIZES)
def test_each_statistic_is_numpy_s(seed: int, size: int):
    """Mean, deviation, median, largest, correlation; nan where there is too little."""
    chance = np.random.default_rng(seed)
    own, other = chance.integers(0, 4, (2, size)).astype(float)
    x, y = own.tolist(), other.tolist()
    varies = size > 2 and np.ptp(own) > 0 and np.ptp(other) > 0
    expected = {
        mean(x): own.mean() if size else math.nan,
        deviation(x): own.std(ddof=1) if size > 1 else math.nan,
        median(x): np.median(own) if size else math.nan,
        largest(x): own.max() if size else math.nan,
        correlation(x, y): np.corrcoef(own, other)[0, 1] if varies else math.nan,
    }
    for value, wanted in expected.items():
        assert value == pytest.approx(wanted, nan_ok=True)


@pytest.mark.parametrize("seed", range(8))
def test_times_are_searched_in_order(seed: int):
    """What comes strictly before, strictly after, and until a moment; with ties."""
    chance = np.random.default_rng(seed)
    times = sorted(chance.integers(0, 8, 9).astype(float).tolist())
    incidents = [Incident(time=time) for time in times]
    places = sorted(chance.choice(9, 5, replace=False).tolist())
    own = [times[place] for place in places]
    for moment in range(-1, 10):
        later = [time - moment for time in own if time > moment]
        earlier = [moment - time for time in own if time < moment]
        assert n_before(incidents, places, moment) == len(earlier)
        assert n_until(incidents, places, moment) == len(own) - len(later)
        following = days_to_next(incidents, places, moment)
        assert following == pytest.approx(min(later, default=math.nan), nan_ok=True)
        since = days_since_last(incidents, places, moment)
        assert since == pytest.approx(min(earlier, default=math.nan), nan_ok=True)


def test_a_censored_time_names_the_outcome_that_says_whether_it_came():
    """Of the same view: reported beside reported, what happened beside what did."""
    for outcome in OUTCOMES.values():
        assert (outcome.aggregate == "censored") == bool(outcome.companion)
        if outcome.companion:
            companion = OUTCOMES[outcome.companion]
            assert companion.aggregate == "proportion"
            assert companion.is_reported == outcome.is_reported


def test_one_measure_of_many_replications_carries_nothing_over():
    """Outcomes of five after one another are those of each, also of empty ones."""
    scenario = builders.scenario()
    busy = [
        incident(3.0, KATAIB, Act.ROCKET_ATTACK, US, site=1, killed_foreign=1.0),
        incident(5.0, IRAQ, Act.RAID, KATAIB),
        incident(9.0, US, Act.AIR_STRIKE, KATAIB),
    ]
    measure = Measure(scenario, 252.0)
    for records in ([], busy, [], busy[:1], []):
        log = log_of(records)
        values, alone = measure.of(rows_of(log)), outcomes_of(log, scenario)
        assert values == pytest.approx(alone, nan_ok=True, abs=0.0, rel=0.0)


def n_deaths_in_raids(view: View) -> float:
    """Return the dead of raids: an outcome of one's own."""
    dead = 0.0
    for place in view.raids:
        dead += view.incidents[place].killed_militia
    return dead


def n_raids(view: View) -> float:
    """Return how many raids there were."""
    return 1.0 * len(view.raids)


def mean_act(view: View) -> float:
    """Return a number by what numba does not compile."""
    return fmean([float(incident.act) for incident in view.incidents] or [0.0])


@pytest.mark.numba
def test_an_outcome_of_ones_own_is_measured_in_both_views_on_both_engines():
    """It is a function over incidents; one that does not compile runs in Python."""
    pytest.importorskip("numba")
    scenario = builders.scenario()
    raid = incident(5.0, IRAQ, Act.RAID, KATAIB, killed_militia=2.0)
    unseen = incident(7.0, IRAQ, Act.RAID, KATAIB, killed_militia=3.0)
    rows = rows_of(log_of([raid, unseen], unreported=(unseen,)))
    for own in (n_deaths_in_raids, mean_act):
        measured = with_outcomes(scenario, {"own": own})
        plain = Measure(measured, 252.0).of(rows)
        compiled = Measure(measured, 252.0, is_compiled=True).of(rows)
        assert plain == pytest.approx(compiled, nan_ok=True, abs=0.0, rel=0.0)
        if own is n_deaths_in_raids:
            assert (plain["own"], plain["own_true"]) == (2.0, 5.0)


@pytest.mark.numba
def test_two_outcomes_of_ones_own_are_told_apart_in_one_process():
    """What is loaded from two caches is found by its name, which nothing else has."""
    pytest.importorskip("numba")
    scenario = builders.scenario()
    rows = rows_of(log_of([incident(5.0, IRAQ, Act.RAID, KATAIB, killed_militia=2.0)]))
    measures: list[Any] = [
        Measure(with_outcomes(scenario, {"own": own}), 252.0, is_compiled=True)
        for own in (n_deaths_in_raids, n_raids)
    ]
    assert [measure.of(rows)["own"] for measure in measures] == [2.0, 1.0]
    assert measures[0]._call._run is not measures[1]._call._run


def test_of_acts_at_one_moment_the_highest_counts():
    """The rung's path has one step there, and none before or after."""
    records = [incident(5.0, KATAIB, act, US) for act in (Act.THREAT, Act.AIR_STRIKE)]
    path = rung_path(log_of(records), builders.scenario())
    assert path == [(0.0, 0), (5.0, 9), (19.0, 0)]


@pytest.mark.parametrize(("persons", "occupied"), [(0.0, 0), (1.0, 1), (500.0, 1)])
def test_a_site_is_occupied_while_somebody_is_there(persons: float, occupied: int):
    """One person is enough, and none is nobody."""
    site = builders.site("base", presence={"united_states": persons})
    values = outcomes_of(log_of([]), builders.scenario(sites=(site,)))
    assert values["n_sites_occupied_end_true"] == occupied


def test_pushback_is_looked_for_within_a_month_and_a_quarter():
    """The question of the article is asked of 30 and of 90 days."""
    for days in (30, 90):
        assert f"pushback_within_{days}_days" in OUTCOMES
