"""Scores: proper, equal to their closed forms, and compared with honest intervals."""

from __future__ import annotations

from math import erf, exp, pi, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy import stats

from sim.forecasts import scoring
from sim.forecasts.scoring import brier, crps, detectable, log_score
from sim.statistics.count_distribution import (
    CountDistribution,
    counts_from_formula,
    counts_from_samples,
)
from tests.verification.judging import NO_FAULT, ROOT_SEED, judge

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.verify

LAWS: Any = stats

EVENT_SCORES: dict[str, Callable[[float, bool], float]] = {
    "brier": brier,
    "log": lambda p, happened: log_score(p, int(happened)),
}
EVENT_FAULTS: dict[str, Callable[[float, bool], float]] = {
    "distance": lambda p, happened: abs(p - happened),
    "turned": lambda p, happened: brier(p, not happened),
    "rewards confidence": lambda p, happened: brier(p, happened) - 0.3 * abs(p - 0.5),
}
COUNT_SCORES: dict[str, Callable[[CountDistribution, int], float]] = {
    "crps": crps,
    "log": log_score,
}
COUNT_FAULTS: dict[str, Callable[[CountDistribution, int], float]] = {
    "only the mean": lambda counts, y: abs(counts.mean - y),
    "one off": lambda counts, y: crps(counts, y + 1),
    "minus the probability": lambda counts, y: -counts.share(y),
}


@pytest.mark.parametrize("name", [*EVENT_SCORES, *EVENT_FAULTS])
def test_belief_is_best_said_of_an_event(name: str):
    """Whatever is believed of an event, saying it has the least expected score; an
    improper score is caught.
    """
    score = (EVENT_SCORES | EVENT_FAULTS)[name]
    said = np.linspace(0.02, 0.98, 49)
    expected = np.array(
        [
            [p * score(float(q), True) + (1 - p) * score(float(q), False) for q in said]
            for p in said
        ]
    )
    best = expected.argmin(axis=1)
    is_proper = bool((best == np.arange(len(said))).all())
    assert is_proper == (name in EVENT_SCORES)


@pytest.mark.parametrize("name", [*COUNT_SCORES, *COUNT_FAULTS])
def test_belief_is_best_said_of_a_count(name: str):
    """Whatever is believed of a count, saying it has a smaller expected score than
    something lower, higher, wider or narrower; an improper score is caught.
    """
    score = (COUNT_SCORES | COUNT_FAULTS)[name]

    def law(mean: float, size: float) -> CountDistribution:
        return counts_from_formula(LAWS.nbinom(size, size / (size + mean)).pmf)

    is_proper = True
    for mean, size in ((0.3, 0.5), (1.5, 3.0), (5.0, 2.0), (5.0, 50.0)):
        truth = law(mean, size)
        others = [
            law(0.8 * mean, size),
            law(1.3 * mean, size),
            law(mean, 0.4 * size),
            law(mean, 4.0 * size),
        ]
        shares = truth.up_to(4 * truth.quantile(0.999999))

        def expected(said: CountDistribution, shares: Any = shares) -> float:
            kept = [(p, y) for y, p in enumerate(shares.tolist()) if p > 1e-9]
            return sum(p * score(said, y) for p, y in kept)

        own = expected(truth)
        is_proper &= all(expected(other) > own + 1e-9 for other in others)
    assert is_proper == (name in COUNT_SCORES)


def test_crps_is_its_closed_form():
    """On Poisson, negative binomial and (finely counted) normal forecasts the score of
    a listed distribution is the formula's; on samples it is the ensemble's.
    """
    import scoringrules

    for y in (0, 3, 11, 40):
        poisson = counts_from_formula(LAWS.poisson(4.2).pmf)
        assert crps(poisson, y) == pytest.approx(
            float(scoringrules.crps_poisson(y, 4.2)), abs=1e-6
        )
        wide = counts_from_formula(LAWS.nbinom(1.5, 0.2).pmf)
        assert crps(wide, y) == pytest.approx(
            float(scoringrules.crps_negbinom(y, 1.5, 0.2)), abs=1e-5
        )
    mean, spread = 900.0, 60.0
    normal = counts_from_formula(LAWS.norm(mean, spread).pdf)
    for y in (760, 900, 1000):
        z = (y - mean) / spread
        density = exp(-z * z / 2.0) / sqrt(2.0 * pi)
        closed = spread * (z * erf(z / sqrt(2.0)) + 2.0 * density - 1.0 / sqrt(pi))
        assert crps(normal, y) == pytest.approx(closed, abs=0.02)
    samples = np.random.default_rng(ROOT_SEED).negative_binomial(2, 0.3, 4000)
    counts = counts_from_samples(samples)
    for y in (0, 4, 30):
        ensemble: Any = scoringrules.crps_ensemble(y, samples.astype(float))
        assert crps(counts, y) == pytest.approx(float(ensemble), abs=0.02)


def test_log_score_is_its_formula_and_never_infinite():
    """It is scoringrules' where that can be computed, and finite far in the tail."""
    import scoringrules

    counts = counts_from_samples([0, 1, 1, 4])
    for y in (0, 3, 9):
        own = float(scoringrules.log_score(1.0, counts.share(y)))
        assert log_score(counts, y) == pytest.approx(own)
        assert counts.log_share(y) == pytest.approx(np.log(counts.share(y)))
    for p in (0.01, 0.6):
        for happened in (0, 1):
            own = float(scoringrules.log_score(float(happened), p))
            assert log_score(p, happened) == pytest.approx(own)
    assert 1000.0 < log_score(counts, 5000) < 1e6
    assert log_score(1e-200, 1) == pytest.approx(200.0 * np.log(10.0))


def test_brier_score_decomposes():
    """The mean Brier score of forecasts in classes is reliability minus resolution plus
    uncertainty (Murphy 1973).
    """
    random = np.random.default_rng(ROOT_SEED)
    said = random.choice([0.1, 0.3, 0.7], 600)
    came = random.random(600) < 0.8 * said
    mean = np.mean([brier(p, bool(y)) for p, y in zip(said, came, strict=True)])
    base = came.mean()
    reliability = resolution = 0.0
    for p in (0.1, 0.3, 0.7):
        own = came[said == p]
        reliability += len(own) / 600 * (p - own.mean()) ** 2
        resolution += len(own) / 600 * (own.mean() - base) ** 2
    assert mean == pytest.approx(reliability - resolution + base * (1.0 - base))


@pytest.mark.parametrize("fault", [NO_FAULT, "normal interval", "too narrow"])
def test_difference_has_an_honest_interval(fault: str, monkeypatch: pytest.MonkeyPatch):
    """With six windows and no true difference 95 % of the intervals hold 0; an interval
    that takes the standard error for known, or too small, is caught. 2,000 sets: an
    error of 2 points is seen.
    """
    if fault == "normal interval":
        monkeypatch.setattr(stats, "t", _Normal)
        # Its cache would keep what it found with the fault for the tests that follow.
        monkeypatch.setattr(scoring, "detectable", scoring.detectable.__wrapped__)
    random = np.random.default_rng(ROOT_SEED)
    n, n_sets, held = 6, 2000, 0
    for _ in range(n_sets):
        pairs = random.standard_normal((n, 2)) + random.standard_normal((n, 1))
        found = scoring._difference("a_strike", "brier", "other", pairs)
        low, high = found.low, found.high
        if fault == "too narrow":
            shrink = sqrt((n - 1) / n) * 0.9
            low, high = (
                found.mean + shrink * (end - found.mean) for end in (low, high)
            )
        held += low <= 0.0 <= high
    z = (held - 0.95 * n_sets) / sqrt(n_sets * 0.95 * 0.05)
    judge({"held": z}, fault)


class _Normal:
    """Student's t as if the degrees of freedom were without bound."""

    @staticmethod
    def ppf(share: float, _: float) -> float:
        """Return the normal quantile."""
        return float(LAWS.norm.ppf(share))


@pytest.mark.parametrize("fault", [NO_FAULT, "a fifth too small"])
def test_detectable_difference_is_seen_with_its_power(fault: str):
    """A true difference of the stated size is seen in 80 % of sets of windows."""
    random = np.random.default_rng(ROOT_SEED)
    found: dict[str, float] = {}
    for n in (4, 6, 12):
        size = detectable(n) * (0.8 if fault != NO_FAULT else 1.0)
        sets = random.standard_normal((20_000, n)) + size
        t = sets.mean(axis=1) / sets.std(axis=1, ddof=1) * sqrt(n)
        seen = np.abs(t) > LAWS.t.ppf(0.975, n - 1)
        found[str(n)] = float((seen.mean() - 0.8) / sqrt(0.16 / 20_000))
    judge(found, fault)
