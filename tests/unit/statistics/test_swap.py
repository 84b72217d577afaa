"""The swap test is exact: chance gives a p-value below any level no more often."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.statistics.bootstrap import generator
from sim.statistics.swap import distance_floor, random_signs, swap_test

SWAPS = 19


def test_the_least_p_value_is_one_in_all_swaps_and_the_sample_itself() -> None:
    """Thirty pairs in one direction: no swap of 19 comes near, so p is 1/20."""
    assert swap_test(np.ones(30), generator(1, "x"), SWAPS) == 1 / 20


def test_under_no_difference_the_p_value_is_even() -> None:
    """Its k-th of 20 possible values comes once in 20; without the + 1 it would be 0
    so often, and a test at any level would reject too often.
    """
    n = 4000
    chance = np.random.default_rng(3)
    values = [
        swap_test(chance.normal(size=12), generator(k, "x"), SWAPS) for k in range(n)
    ]
    counts = np.bincount(np.rint(np.array(values) * 20).astype(int), minlength=21)
    assert counts[0] == 0
    error = np.sqrt(n * 0.05 * 0.95)
    assert np.abs(counts[1:] - n * 0.05).max() < 4.0 * error


@pytest.mark.parametrize("n_zeros", [0, 50])
def test_pairs_that_agree_say_nothing(n_zeros: int) -> None:
    """Differences of 0 leave the p-value, exact or by chance, as it is."""
    for n in (3, 10, 11):
        found = np.concatenate([np.arange(1.0, n + 1.0), np.zeros(n_zeros)])
        expected = 2.0 / 2.0**n if n <= 10 else 1 / 20
        assert swap_test(found, generator(1, "x"), SWAPS) == expected


def test_both_directions_count() -> None:
    """The test is two-sided: turning all differences leaves it the same."""
    values = np.random.default_rng(5).normal(0.3, size=9)
    assert swap_test(values, generator(1, "x")) == swap_test(-values, generator(1, "x"))


def test_signs_are_even_and_as_many_as_asked() -> None:
    """Each is 1 or -1, half of the time each, however many come at once."""
    blocks = list(random_signs(900_000, generator(2, "x"), 5))
    assert [block.shape for block in blocks] == [(2, 900_000)] * 2 + [(1, 900_000)]
    signs = np.concatenate(blocks)
    assert set(np.unique(signs)) == {-1.0, 1.0}
    assert abs(signs.mean()) < 4.0 / np.sqrt(signs.size)


def all_distances(a: np.ndarray, b: np.ndarray) -> tuple[list[float], list[float]]:
    """Return both distances for every way of swapping pairs, by SciPy."""
    from scipy import stats

    laws: Any = stats

    ks, wasserstein = [], []
    for code in range(2 ** len(a)):
        swap = np.array([code >> place & 1 for place in range(len(a))], bool)
        one, two = np.where(swap, b, a), np.where(swap, a, b)
        ks.append(float(laws.ks_2samp(one, two).statistic))
        wasserstein.append(float(laws.wasserstein_distance(one, two)))
    return ks, wasserstein


def test_the_floor_is_the_quantile_of_the_distances_of_swapped_pairs() -> None:
    """With all 256 ways worked out by SciPy, the drawn median is among theirs."""
    chance = np.random.default_rng(8)
    a, b = chance.normal(size=8), chance.normal(size=8)
    b[3] = a[3]  # a pair that agrees still counts among the n
    drawn = distance_floor(a, b, generator(1, "x"), coupled=True, swaps=4000, share=0.8)
    for floor, exact in zip(drawn, all_distances(a, b), strict=True):
        below = float(np.mean(np.array(exact) < floor - 1e-9))
        upto = float(np.mean(np.array(exact) <= floor + 1e-9))
        error = 4.0 * np.sqrt(0.8 * 0.2 / 4000)
        assert below <= 0.8 + error
        assert upto >= 0.8 - error


def test_equal_arms_have_no_distance() -> None:
    """Where all values are one there is nothing to tell apart."""
    same = np.full(6, 2.0)
    assert distance_floor(same, same, generator(1, "x"), coupled=True) == (0.0, 0.0)
    assert distance_floor(same, same, generator(1, "x"), coupled=False) == (0.0, 0.0)


def ks_of(a: Any, b: Any) -> float:
    """Return SciPy's Kolmogorov-Smirnov distance."""
    test: Any = stats.ks_2samp(a, b, method="asymp")
    return test.statistic


def test_the_swap_test_is_scipys_permutation_of_pairs() -> None:
    """All swaps of few pairs, or many at random, give SciPy's p-value."""
    few = np.array([0.3, 1.2, -0.4, 0.8, 0.9, 2.0, -0.1])
    exact = stats.permutation_test(
        (few,),
        np.sum,
        permutation_type="samples",
        n_resamples=10**9,  # all of them
    ).pvalue
    assert swap_test(few, generator(1, "x")) == pytest.approx(exact)
    many = np.random.default_rng(6).normal(0.2, size=60)
    test: Any = stats.ttest_1samp(many, 0.0)
    exact = test.pvalue
    assert swap_test(many, generator(1, "x"), 20000) == pytest.approx(exact, abs=0.02)


def test_a_distance_is_held_against_what_noise_makes_of_it() -> None:
    """Without difference the distance stays below its floor in 95 % of samples."""
    n_over = 0
    for k in range(120):
        random = np.random.default_rng(k)
        base = random.normal(size=80)
        a, b = base + random.normal(size=80), base + random.normal(size=80)
        floor = distance_floor(a, b, generator(k, "x"), coupled=True, swaps=200)
        n_over += stats.wasserstein_distance(a, b) > floor[1]
    assert n_over < 120 * 0.05 + 4 * np.sqrt(120 * 0.05 * 0.95)
    x = np.random.default_rng(0).normal(size=80)
    floor = distance_floor(x, x + 2.0, generator(0, "x"), coupled=False, swaps=200)
    assert ks_of(x, x + 2.0) > floor[0]
