"""Intervals by resampling are SciPy's."""

import numpy as np
import pytest
from scipy import stats

from sim.statistics.bootstrap import bca_interval, generator, resampled_weights


def test_the_bca_interval_is_that_of_scipy() -> None:
    """On the same sample it is SciPy's within the noise of resampling."""
    values = np.random.default_rng(3).exponential(size=80)
    resampled = np.concatenate(
        [w @ values / 80 for w in resampled_weights(80, generator(1, "x"), 20000)]
    )
    mine = bca_interval(values.mean(), resampled, values - values.mean())
    other = stats.bootstrap(
        (values,), np.mean, n_resamples=20000, method="BCa", rng=4
    ).confidence_interval
    assert mine == pytest.approx((other.low, other.high), abs=0.012)
    simple = stats.norm.interval(0.95, values.mean(), values.std() / np.sqrt(80))
    assert mine[1] - simple[1] > 0.012  # the skewness that a plain interval misses
