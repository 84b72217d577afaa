"""Scores of a count's distribution, summed term by term."""

import pytest

from sim.forecasts.scoring import crps
from sim.statistics.count_distribution import CountDistribution

HEAVY = CountDistribution((0.4, 0.2), 0.4, 0.8)
"""Of which two fifths lie beyond the listed counts."""


@pytest.mark.parametrize("observed", [0, 1, 2, 7])
def test_crps_sums_over_listed_counts_and_the_tail(observed: int):
    """It is the sum of (F(k) - 1{y <= k})² over all k, however far the tail goes."""
    terms = [(HEAVY.at_most(k) - (observed <= k)) ** 2 for k in range(200)]
    assert crps(HEAVY, observed) == pytest.approx(sum(terms), rel=1e-9)
    assert sum(terms[max(2, observed + 1) :]) > 1e-6
