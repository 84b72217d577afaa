"""Distributions of counts: every share above 0, listed and beyond."""

from __future__ import annotations

from math import exp, log
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.errors import StudyError
from sim.statistics.count_distribution import (
    CountDistribution,
    counts_from_formula,
    counts_from_samples,
)

LAWS: Any = stats
HEAVY = CountDistribution((0.4, 0.2), 0.4, 0.75)


def test_listed_shares_and_the_tail_are_one_distribution() -> None:
    """Shares, their logarithms, sums, mean and quantiles agree term by term."""
    shares = np.array([HEAVY.share(k) for k in range(400)])
    assert shares[:4] == pytest.approx([0.4, 0.2, 0.1, 0.075])
    assert shares.sum() == pytest.approx(1.0)
    assert [exp(HEAVY.log_share(k)) for k in range(20)] == pytest.approx(shares[:20])
    assert HEAVY.log_share(10_000) == pytest.approx(log(0.1) + 9998 * log(0.75))
    for most in (0, 1, 2, 9):
        assert HEAVY.up_to(most) == pytest.approx(shares[: most + 1])
        assert HEAVY.at_most(most) == pytest.approx(shares[: most + 1].sum())
    assert HEAVY.at_most(-1) == 0.0
    assert HEAVY.mean == pytest.approx(np.arange(400) @ shares)
    assert HEAVY.last == 1


@pytest.mark.parametrize("count", range(12))
def test_a_quantile_is_the_least_count_that_reaches_the_share(count: int) -> None:
    """Also where the share is just that of a count and all below it."""
    reached = HEAVY.at_most(count)
    assert HEAVY.quantile(reached) == count
    assert HEAVY.quantile(reached - 1e-6) == count
    assert HEAVY.quantile(reached + 1e-6) == count + 1


def test_samples_are_smoothed_by_one_more() -> None:
    """Of n samples the share of v is (m + g(v)) / (n + 1), g geometric."""
    samples = [0, 0, 1, 3, 0, 0, 1]
    counts = counts_from_samples(samples)
    ratio = (5.0 / 7.0 + 1.0) / (5.0 / 7.0 + 2.0)
    spread = [(1.0 - ratio) * ratio**v for v in range(60)]
    for v in range(60):
        expected = (samples.count(v) + spread[v]) / 8.0
        assert counts.share(v) == pytest.approx(expected, rel=1e-7)
    assert sum(counts.shares) + counts.beyond == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("samples", "words"),
    [([], "at least one sample"), ([1, -1], "-1 is not a count"), ([0.5], "0.5 is"),
     ([20_001], "counts above 20000")],
)  # fmt: skip
def test_what_is_no_count_is_refused(samples: list[float], words: str) -> None:
    """No sample, a negative, a broken and a huge one."""
    with pytest.raises(StudyError, match=words):
        counts_from_samples(samples)
    assert counts_from_samples([20_000]).last == 20_000


@pytest.mark.parametrize("mean", [0.02, 3.0, 61.0, 300.0])
def test_a_formula_is_listed_up_to_its_tail(mean: float) -> None:
    """Shares, quantiles and the end of the list are those of SciPy's Poisson."""
    law = LAWS.poisson(mean)
    distribution = counts_from_formula(law.pmf)
    counts = np.arange(distribution.last + 1)
    assert distribution.shares == pytest.approx(law.pmf(counts), rel=2e-7)
    assert distribution.beyond == pytest.approx(law.sf(distribution.last), abs=2e-8)
    if mean > 0.1:
        assert law.sf(distribution.last) <= 1e-7 < law.sf(distribution.last - 1)
    assert distribution.quantile(0.9) == law.ppf(0.9)
    ratio = distribution.shares[-1] / distribution.shares[-2]
    assert distribution.ratio == pytest.approx(ratio, rel=1e-6)


def test_a_formula_of_huge_counts_is_refused() -> None:
    """Its list would have no end."""
    with pytest.raises(StudyError, match="counts above 20000"):
        counts_from_formula(LAWS.poisson(50_000.0).pmf)


def test_every_count_stays_possible_beside_one_far_sample() -> None:
    """What the smoothing leaves of far counts is too small to compute, and not 0."""
    law = counts_from_samples([*([0.0] * 999), 5_000.0])
    assert min(law.shares) > 0.0
    assert law.beyond > 0.0
    assert np.isfinite([law.log_share(count) for count in (4_999, 5_000, 9_000)]).all()
