"""Each transform is its distribution's quantile function, at its ends as well."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special, stats

from sim.rules import inversion as inv

LAST_U = 1.0 - 2.0**-53
STEP = 2.0**-53
# Steps of 1/4001 miss the jumps of F; both tails down to 1e-9 follow.
GRID = [i / 4001 for i in range(1, 4001)]
GRID += [side for i in range(3, 10) for side in (10.0**-i, 1.0 - 10.0**-i)]
# As draws are: multiples of 2**-53, so that 1 - u is exact.
GRID = [math.floor(u / STEP) * STEP for u in GRID]


def counts_bracket(
    results: list[int], cdf_at: np.ndarray, cdf_before: np.ndarray
) -> bool:
    """Whether F(k - 1) <= u < F(k) for each u in GRID, to 1e-11 of rounding."""
    u = np.array(GRID)
    assert all(type(k) is int for k in results)
    return bool(np.all(cdf_at > u - 1e-11) and np.all(cdf_before <= u + 1e-11))


def test_exponential_is_the_quantile() -> None:
    """Exponential agrees with scipy; its median is mean times log 2."""
    ours = [inv.exponential(u, 12.5) for u in GRID]
    np.testing.assert_allclose(ours, stats.expon.ppf(GRID, scale=12.5), rtol=1e-14)
    assert inv.exponential(0.5, 10.0) == 10.0 * math.log(2.0)
    assert math.copysign(1.0, inv.exponential(0.0, 10.0)) == 1.0
    assert inv.exponential(0.7, 0.0) == 0.0
    assert inv.exponential(LAST_U, 1.0) == 53 * math.log(2.0)


def test_normal_is_the_quantile() -> None:
    """Normal agrees with scipy to 2e-15 in all three regions and into both tails."""
    tails = [2.0**-i for i in range(1, 54)]
    points = GRID + tails + [1.0 - u for u in tails]
    np.testing.assert_allclose(
        [inv.normal(u) for u in points], special.ndtri(points), rtol=2e-15
    )


def test_normal_by_hand() -> None:
    """Normal is odd about 1/2, knows the 97.5 % point, and is finite at both ends."""
    assert inv.normal(0.5) == 0.0
    assert inv.normal(0.975) == pytest.approx(1.959963984540054, rel=1e-14)
    assert inv.normal(0.0) == pytest.approx(special.ndtri(2.0**-54), rel=2e-15)
    assert inv.normal(LAST_U) == pytest.approx(-special.ndtri(STEP), rel=2e-15)
    assert inv.normal(1.0) == -inv.normal(0.0)
    assert inv.normal(0.25) == -inv.normal(0.75)


def test_lognormal_is_the_quantile() -> None:
    """Lognormal agrees with scipy; no spread gives the median; it cannot overflow."""
    ours = [inv.lognormal(u, 3.0, 0.8) for u in GRID]
    np.testing.assert_allclose(
        ours, stats.lognorm.ppf(GRID, 0.8, scale=3.0), rtol=1e-13
    )
    assert inv.lognormal(0.9, 3.0, 0.0) == 3.0
    assert inv.lognormal(LAST_U, 1.0, 1e9) == math.exp(700.0)
    assert inv.lognormal(0.0, 1.0, 1e9) == 0.0


@pytest.mark.parametrize("mean", [1e-9, 0.3, 1.0, 5.0, 42.0, 699.9])
def test_poisson_is_the_quantile(mean: float) -> None:
    """Poisson is the smallest k with F(k) > u, by scipy's F."""
    k = [inv.poisson(u, mean) for u in GRID]
    law = stats.poisson(mean)
    assert counts_bracket(k, law.cdf(k), law.cdf(np.array(k) - 1))


@pytest.mark.parametrize(
    ("n", "share"),
    [(1, 0.3), (10, 0.5), (50, 0.9), (900, 0.5), (1000, 0.6), (10**7, 1e-6)],
)
def test_binomial_is_the_quantile(n: int, share: float) -> None:
    """Binomial is the smallest k with F(k) > u, by scipy's F."""
    k = [inv.binomial(u, n, share) for u in GRID]
    law = stats.binom(n, share)
    assert counts_bracket(k, law.cdf(k), law.cdf(np.array(k) - 1))


@pytest.mark.parametrize(
    ("mean", "size"),
    [(0.5, 0.1), (1.0, 1.0), (5.0, 2.5), (100.0, 0.5), (300.0, 3000.0), (5.0, 1e7)],
)
def test_negative_binomial_is_the_quantile(mean: float, size: float) -> None:
    """Negative binomial is the smallest k with F(k) > u, by scipy's F.

    The mean and size are scipy's n = size, p = size / (size + mean).
    """
    k = [inv.negative_binomial(u, mean, size) for u in GRID]
    law = stats.nbinom(size, size / (size + mean))
    # scipy's own p = size / (size + mean) is rounded: 1e-9 of F at a size of 1e7.
    slack = 1e-11 + size * 1e-16
    u = np.array(GRID)
    assert np.all(law.cdf(k) > u - slack)
    assert np.all(law.cdf(np.array(k) - 1) <= u + slack)


@pytest.mark.parametrize("share", [0.001, 0.2, 0.5, 0.999])
def test_geometric_is_the_quantile(share: float) -> None:
    """Geometric counts failures: the smallest k with 1 - (1 - share)^(k + 1) > u."""
    k = [inv.geometric(u, share) for u in GRID]
    law = stats.geom(share, loc=-1)
    assert counts_bracket(k, law.cdf(k), law.cdf(np.array(k) - 1))


@pytest.mark.parametrize(
    ("name", "arguments", "law"),
    [
        ("poisson", (701.0,), stats.poisson(701.0)),
        ("poisson", (1e5,), stats.poisson(1e5)),
        ("binomial", (3000, 0.4), stats.binom(3000, 0.4)),
        ("binomial", (3000, 0.6), stats.binom(3000, 0.6)),
        ("binomial", (100_000, 0.99), stats.binom(100_000, 0.99)),
        ("negative_binomial", (3000.0, 400.0), stats.nbinom(400, 400 / 3400)),
        ("negative_binomial", (1e6, 100.0), stats.nbinom(100, 100 / 1_000_100)),
    ],
)
def test_wide_counts_are_close(
    name: str, arguments: tuple[float, ...], law: stats.rv_discrete
) -> None:
    """Beyond exp(-700), counts are within 1 or 1 % of a deviation of scipy's."""
    u = np.linspace(0.001, 0.999, 999)
    ours = np.array([getattr(inv, name)(float(x), *arguments) for x in u])
    assert np.abs(ours - law.ppf(u)).max() <= max(1.0, 0.01 * law.std())


def test_jumps_by_hand() -> None:
    """At u = F(k) exactly the count is k + 1, on both sides of share 1/2."""
    assert [inv.binomial(u, 2, 0.5) for u in (0.0, 0.25, 0.75)] == [0, 1, 2]
    quarter = [inv.binomial(u, 2, 0.25) for u in (0.0, 0.5625, 0.9375)]
    assert quarter == [0, 1, 2]
    mirrored = [inv.binomial(u, 2, 0.75) for u in (0.0, 0.0625, 0.4375)]
    assert mirrored == [0, 1, 2]
    before = [inv.binomial(u - STEP, 2, 0.75) for u in (0.0625, 0.4375, 1.0)]
    assert before == [0, 1, 2]
    assert [inv.geometric(u, 0.5) for u in (0.0, 0.5, 0.75, 0.875)] == [0, 1, 2, 3]
    halves = [inv.negative_binomial(u, 1.0, 1.0) for u in (0.0, 0.5, 0.75, 0.875)]
    assert halves == [0, 1, 2, 3]


def test_nothing_to_count_is_zero() -> None:
    """A mean, n or share of zero (or below) counts nothing, whatever u."""
    for u in (0.0, 0.5, LAST_U):
        assert inv.poisson(u, 0.0) == 0
        assert inv.poisson(u, -1.0) == 0
        assert inv.binomial(u, 0, 0.5) == 0
        assert inv.binomial(u, 5, 0.0) == 0
        assert inv.binomial(u, 5, 1.0) == 5
        assert inv.negative_binomial(u, 0.0, 1.0) == 0
        assert inv.negative_binomial(u, 1.0, 0.0) == 0
        assert inv.geometric(u, 1.0) == 0
        assert inv.geometric(u, 0.0) == inv.NEVER
        assert inv.geometric(u, 1e-300) in (0, inv.NEVER)


def test_the_last_uniform_ends_every_search() -> None:
    """At u = 1 - 2^-53 each count is finite and about where its tail is lost in F."""
    assert 17 <= inv.poisson(LAST_U, 1.0) <= 20
    assert 920 <= inv.poisson(LAST_U, 699.9) <= 960
    assert inv.poisson(0.0, 699.9) <= 500
    assert inv.binomial(LAST_U, 10, 0.5) == 10
    assert inv.binomial(LAST_U, 900, 0.5) < 600
    assert 700 < inv.binomial(LAST_U, 1000, 0.6) < 740
    assert 450 < inv.binomial(0.0, 1000, 0.6) < 490
    assert 30 <= inv.negative_binomial(LAST_U, 1.0, 1.0) <= 60
    assert inv.negative_binomial(LAST_U, 5e5, 1e-2) == inv.SEARCH_LIMIT
    assert inv.geometric(LAST_U, 0.5) == 53


def test_wide_counts_stay_in_range() -> None:
    """The approximation never leaves [0, n]."""
    assert inv.binomial(LAST_U, 10**8, 1.0 - 1e-5) <= 10**8
    assert inv.skewed_count(0.0, 1.0, 100.0, 0.0) == 0


def test_choice_race_wins_in_proportion() -> None:
    """Over a grid of two uniforms the weight 3 beats the weight 1 in 3/4 of cells."""
    grid = [(i + 0.5) / 200 for i in range(200)]
    wins = [
        inv.choice_race(u, 3.0) < inv.choice_race(v, 1.0) for u in grid for v in grid
    ]
    assert sum(wins) / len(wins) == pytest.approx(0.75, abs=0.005)
    assert inv.choice_race(0.0, 2.0) == 0.0
    assert inv.choice_race(0.0, 0.0) == math.inf
    assert inv.choice_race(0.5, -1.0) == math.inf


def test_logistic_by_hand() -> None:
    """Logistic is 1/2 at 0, 3/4 at log 3, and safe far out."""
    assert inv.logistic(0.0) == 0.5
    assert inv.logistic(math.log(3.0)) == pytest.approx(0.75, rel=1e-15)
    assert inv.logistic(-math.log(3.0)) == pytest.approx(0.25, rel=1e-15)
    assert [inv.logistic(x) for x in (-1e9, 1e9)] == [0.0, 1.0]
    points = np.linspace(-40, 40, 801)
    np.testing.assert_allclose(
        [inv.logistic(float(x)) for x in points], special.expit(points), rtol=1e-14
    )


def test_log_one_plus_keeps_small_digits() -> None:
    """log_one_plus is log1p to 4e-16, from 1e-300 to 1e9 and on both sides of zero."""
    for i in range(-300, 10):
        x = 1.2345 * 10.0**i
        assert inv.log_one_plus(x) == pytest.approx(math.log1p(x), rel=4e-16)
        if x < 1.0:
            assert inv.log_one_plus(-x) == pytest.approx(math.log1p(-x), rel=4e-16)
