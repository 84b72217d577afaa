"""Statistics of many replications at once are those of each by itself."""

import math

import numpy as np
import pytest

from sim.engine.driver import rows_of
from sim.ladder import Act
from sim.outcomes import OUTCOMES, outcomes_of, rung_path
from sim.outcomes.incidents import (
    correlation_by,
    count_between,
    largest_by,
    mean_by,
    median_by,
    next_after,
    spread_by,
)
from sim.outcomes.measure import outcomes_in
from tests import builders
from tests.unit.outcomes.test_outcomes import IRAQ, KATAIB, US, incident, log_of

N = 7
"""Replications; their sizes, 0 to 5 values, are such that two are empty at the end."""

SIZES = (3, 0, 1, 5, 2, 0, 0)


def groups(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return replication, and two whole values each, with ties."""
    chance = np.random.default_rng(seed)
    place = np.repeat(np.arange(N), SIZES)
    x, y = chance.integers(0, 4, (2, len(place))).astype(float)
    return place, x, y


@pytest.mark.parametrize("seed", range(8))
def test_each_statistic_is_numpy_s_of_each_replication(seed: int):
    """Mean, spread, median, largest and correlation; nan where there is too little."""
    place, x, y = groups(seed)
    found = {
        "mean": mean_by(N, place, x),
        "spread": spread_by(N, place, x),
        "median": median_by(N, place, x),
        "largest": largest_by(N, place, x),
        "correlation": correlation_by(N, place, x, y),
    }
    for n, size in enumerate(SIZES):
        own, other = x[place == n], y[place == n]
        varies = size > 2 and np.ptp(own) > 0 and np.ptp(other) > 0
        expected = {
            "mean": own.mean() if size else math.nan,
            "spread": own.std(ddof=1) if size > 1 else math.nan,
            "median": np.median(own) if size else math.nan,
            "largest": own.max() if size else math.nan,
            "correlation": np.corrcoef(own, other)[0, 1] if varies else math.nan,
        }
        for name, value in expected.items():
            assert found[name][n] == pytest.approx(value, nan_ok=True), (name, n)


@pytest.mark.parametrize("seed", range(8))
def test_times_are_searched_within_their_own_group(seed: int):
    """The next end strictly after a time, and how many lie in [low, high)."""
    group, low, width = groups(seed)
    other, times, _ = groups(seed + 100)
    shuffled = np.random.default_rng(seed).permutation(len(other))
    other, times = other[shuffled], times[shuffled]
    found = next_after(group, low, other, times)
    counted = count_between(group, low, low + width, other, times)
    for k in range(len(group)):
        own = times[other == group[k]]
        later = own[own > low[k]]
        expected = later.min() if len(later) else math.nan
        assert found[k] == pytest.approx(expected, nan_ok=True)
        assert counted[k] == ((own >= low[k]) & (own < low[k] + width[k])).sum()


def test_a_censored_time_names_the_outcome_that_says_whether_it_came():
    """Of the same view: reported beside reported, what happened beside what did."""
    for outcome in OUTCOMES.values():
        assert (outcome.aggregate == "censored") == bool(outcome.companion)
        if outcome.companion:
            companion = OUTCOMES[outcome.companion]
            assert companion.aggregate == "proportion"
            assert companion.is_reported == outcome.is_reported


def test_a_part_may_end_with_replications_in_which_nothing_happened():
    """Outcomes of five at once are those of each, also of the empty ones between."""
    scenario = builders.scenario()
    busy = [
        incident(3.0, KATAIB, Act.ROCKET_ATTACK, US, site=1, killed_foreign=1.0),
        incident(5.0, IRAQ, Act.RAID, KATAIB),
        incident(9.0, US, Act.AIR_STRIKE, KATAIB),
    ]
    logs = [log_of(records) for records in ([], busy, [], busy[:1], [])]
    rows = [rows_of(log) for log in logs]
    place = np.repeat(np.arange(5), [len(own) for own in rows])
    reported = np.ones(len(place), bool)
    every = np.concatenate(rows)
    together = outcomes_in(
        every, place, 5, (reported, every["actor"]), 0.0, 252.0, scenario
    )
    for n, log in enumerate(logs):
        alone = outcomes_of(log, scenario)
        assert set(together) == set(alone)
        for name, value in alone.items():
            assert together[name][n] == pytest.approx(value, nan_ok=True), (name, n)


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
