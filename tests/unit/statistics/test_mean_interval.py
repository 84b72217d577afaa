"""Intervals of means of which few values stand apart."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim.statistics.effect import Sample, mean_effect
from sim.statistics.mean_interval import mean_interval, own_interval
from sim.statistics.swap import swap_test


def ones(n_up: int, n_down: int, n: int) -> np.ndarray:
    """Return differences of 1, -1 and 0."""
    return np.repeat([1.0, -1.0, 0.0], [n_up, n_down, n - n_up - n_down])


def test_nothing_seen_has_the_exact_poisson_limit() -> None:
    """3.69 events of the size given beforehand, to each side."""
    low, high = mean_interval(np.zeros(1000), 7.0)
    limit = stats.gamma(1).ppf(0.975) * 7.0 / 1000
    assert (-low, high) == pytest.approx((limit, limit), rel=0.01)


def test_many_values_have_the_normal_interval() -> None:
    """Of 20,000 normal values it is the normal one within 1 % of its width."""
    values = np.random.default_rng(1).normal(3.0, 2.0, 20000)
    half = 1.96 * values.std(ddof=1) / np.sqrt(20000)
    estimate = mean_interval(values, 2.0)
    wanted = values.mean() - half, values.mean() + half
    assert estimate == pytest.approx(wanted, abs=0.02 * half)


def test_turning_the_sign_turns_the_interval() -> None:
    """Neither direction is preferred."""
    values = np.random.default_rng(2).exponential(size=50) * ones(9, 3, 50)
    low, high = mean_interval(values, 1.0)
    assert mean_interval(-values, 1.0) == pytest.approx((-high, -low))


def test_what_is_never_below_0_has_no_end_below_0() -> None:
    """A rare outcome that counts from 0."""
    low, high = own_interval(ones(1, 0, 100))
    assert 0.0 <= low < 0.01 < high


@pytest.mark.parametrize("n_up", range(13))
@pytest.mark.parametrize("n_down", range(4))
def test_pairs_of_0_and_1_agree_with_the_swap_test(n_up: int, n_down: int) -> None:
    """Of 300 pairs the interval leaves out 0 just where p < 0.05, or p is near it."""
    apart = ones(n_up, n_down, 300)
    p_value = swap_test(apart, np.random.default_rng(3), 20000)
    sample = Sample(np.zeros(300), apart, True)
    effect = mean_effect(sample, is_share=True, swap_p_value=p_value)
    is_out = effect.low > 0.0 or effect.high < 0.0
    assert is_out == (p_value < 0.05)


def test_a_mean_of_what_is_never_below_0_is_not_either() -> None:
    """Few replications of something skewed: the interval ends at 0, not below."""
    values = np.array([0.0, 1.0, 2.0, 1.0, 3.0, 0.0, 2.0, 190.0] * 3)
    low, high = own_interval(values)
    assert low == 0.0
    assert high > values.mean()
    assert own_interval(values - 1.0)[0] < 0.0
