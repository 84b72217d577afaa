"""Statistics of many replications at once are those of each by itself."""

import math

import numpy as np
import pytest

from sim.outcomes import OUTCOMES
from sim.outcomes.incidents import (
    correlation_by,
    count_between,
    largest_by,
    mean_by,
    median_by,
    next_after,
    spread_by,
)

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
