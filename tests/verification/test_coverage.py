"""Intervals cover the truth where few pairs differ; the normal one does not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.statistics.bootstrap import bca_interval, generator, resampled_weights
from sim.statistics.mean_interval import own_interval
from tests.verification.coverage import LAWS, Law, coverage, normal, normal_of, ours

pytestmark = pytest.mark.verify

LEAST, MOST = 0.93, 0.975
Z = 4.0


def error(share: float, samples: int) -> float:
    """Return the standard error of a share of samples."""
    return float(np.sqrt(share * (1.0 - share) / samples))


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.label)
@pytest.mark.parametrize("share", [0.003, 0.026, 0.08, 0.2, 0.5])
def test_a_paired_interval_covers(law: Law, share: float) -> None:
    """Of 800 samples of 100 pairs 93 % do, and at most 97.5 % of those with ten.

    Four standard errors are 3.6 points below and 2.2 above: an interval that covers
    89 % or less fails.
    """
    covered = coverage(ours, law, share, n=100, samples=800)
    assert covered > LEAST - Z * error(LEAST, 800)
    if 100 * share >= 10.0:
        assert covered < MOST + Z * error(MOST, 800)


@pytest.mark.parametrize("law", LAWS[3:6], ids=lambda law: law.label)
def test_the_old_intervals_are_caught(law: Law) -> None:
    """Normal and BCa intervals, which compare gave before, miss far too often."""

    def resampled(a: np.ndarray, b: np.ndarray, is_share: bool) -> tuple[float, float]:
        del is_share
        apart = b - a
        random = generator(1, "bootstrap")
        means = [w @ apart / len(apart) for w in resampled_weights(100, random, 300)]
        influence = apart - apart.mean()
        return bca_interval(float(apart.mean()), np.concatenate(means), influence)

    for method in (normal, resampled):
        covered = coverage(method, law, 0.01, n=100, samples=200)
        assert covered < LEAST - Z * error(LEAST, 200)


@pytest.mark.parametrize("interval", [own_interval, normal_of])
def test_a_mean_of_what_hardly_happens_is_covered(interval: Any) -> None:
    """Days at a rung: 5 % of replications have some; 800 samples of 100."""
    random = generator(2, "days at a rung")
    covered = 0
    for _ in range(800):
        days = np.where(random.random(100) < 0.05, random.exponential(4.0, 100), 0.0)
        low, high = interval(days)
        covered += low <= 0.2 <= high
    is_kept = covered / 800 > LEAST - Z * error(LEAST, 800)
    assert is_kept == (interval is own_interval)
