"""Intervals of coupled differences cover what they say, and tests alarm as often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from sim.comparison.pairing import ArmOutcomes
from sim.comparison.stopping import replicate_until
from sim.outcomes import OUTCOMES
from sim.statistics.bootstrap import generator
from sim.statistics.effect import Sample, effects_of, mean_effect
from sim.statistics.swap import swap_test
from sim.statistics.variance import error_budget
from tests.verification.judging import NO_FAULT, judge

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

pytestmark = pytest.mark.verify

SAMPLES = 2000
LEVEL = 0.95
TIME = "time_to_first_strike_days_true"


def share_off(hits: int, n: int, share: float) -> float:
    """Return how far a share of samples is off, in binomial standard errors."""
    return (hits / n - share) / np.sqrt(share * (1.0 - share) / n)


def counts(random: Any, n: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return attacks of two coupled arms; the mean difference is 0.4."""
    shared = random.poisson(30.0, n).astype(float)
    return shared, shared + random.poisson(0.6, n) - random.poisson(0.2, n)


def times(random: Any, n: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return times censored at 100 days; a third of the pairs differ, and skewed."""
    waiting = random.exponential(80.0, n)
    longer = waiting * np.where(random.random(n) < 0.3, 1.5, 1.0)
    return np.minimum(waiting, 100.0), np.minimum(longer, 100.0)


def time_truth() -> float:
    """Return the mean difference of `times`: 0.3 times that of two restricted means."""
    return 0.3 * (120.0 * -np.expm1(-100.0 / 120.0) - 80.0 * -np.expm1(-100.0 / 80.0))


def shares(random: Any, n: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return 0/1 outcomes, 0.3 and 0.36; 10 % of the pairs differ."""
    u, v = random.random(n), random.random(n)
    first = u < 0.3
    second = np.where(first, v > 0.02 / 0.3, v < 0.08 / 0.7)
    return first.astype(float), second.astype(float)


LAWS: dict[str, tuple[Callable[..., Any], float]] = {
    "counts": (counts, 0.4),
    "times": (times, time_truth()),
    "shares": (shares, 0.06),
}


@pytest.mark.parametrize("fault", [NO_FAULT, "pairs broken", "half the width"])
@pytest.mark.parametrize("law", LAWS)
def test_the_interval_of_a_coupled_difference_covers_the_truth(
    law: str, fault: str
) -> None:
    """Of 2,000 samples of 200 pairs 95 % cover it; sees 2 percentage points."""
    draw, truth = LAWS[law]
    covered, n = 0, SAMPLES if fault == NO_FAULT else 500
    for number in range(n):
        a, b = draw(generator(11, law, str(number)), 200)
        sample = Sample(a, b, fault != "pairs broken")
        effect = mean_effect(sample, is_share=law == "shares")
        low, high = effect.low, effect.high
        if fault == "half the width":
            low, high = (low + effect.value) / 2.0, (high + effect.value) / 2.0
        covered += low <= truth <= high
    judge({f"{law} {covered / n:.4f}": share_off(covered, n, LEVEL)}, fault)


@pytest.mark.parametrize("fault", [NO_FAULT, "pairs broken"])
def test_relative_risk_and_superiority_cover_the_truth(fault: str) -> None:
    """The same for a ratio and for ranks, whose influence is not that of a mean."""
    n = 1000 if fault == NO_FAULT else 500
    covered = {"relative_risk": 0, "superiority": 0}
    truths = {"relative_risk": 1.2, "superiority": 0.53}
    for number in range(n):
        a, b = shares(generator(12, str(number)), 200)
        sample = Sample(a, b, fault != "pairs broken")
        effects = effects_of(sample, number, is_share=True, resamples=600)
        for name, truth in truths.items():
            covered[name] += effects[name].low <= truth <= effects[name].high
    judge(
        {f"{k} {v / n:.4f}": share_off(v, n, LEVEL) for k, v in covered.items()}, fault
    )


@pytest.mark.parametrize("fault", [NO_FAULT, "a look after every pair"])
def test_stopping_at_a_half_width_costs_little_coverage(fault: str) -> None:
    """Few looks, the first at 200 pairs, lose at most 3 points of 95.

    A run that looks after every pair from the 5th on loses far more.
    """
    n, covered, used = 400, 0, 0
    for number in range(n):
        a, b = times(generator(15, str(number)), 2000)
        apart = b - a
        if fault == NO_FAULT:
            arms, _ = replicate_until(
                cut([a, b], number), TIME, 0.7, at_most=2000
            )  # about 560 pairs
            first, second = (arm.outcomes[TIME].to_numpy() for arm in arms)
            sample = Sample(first, second, True)
            effect = mean_effect(sample)
            low, high, size = effect.low, effect.high, len(sample.arm)
        else:
            sizes = np.arange(5, 2001)
            means = np.cumsum(apart)[4:] / sizes
            spread = np.cumsum(apart**2)[4:] / sizes - means**2
            halves = 1.96 * np.sqrt(spread / (sizes - 1))
            at = int(np.argmax(halves <= 0.7))
            low, high, size = means[at] - halves[at], means[at] + halves[at], sizes[at]
        used += size
        covered += low <= time_truth() <= high
    print("mean pairs", used / n)  # noqa: T201  shown by pytest -rP
    judge({f"covered {covered / n:.4f}": share_off(covered, n, 0.94)}, fault)


def cut(columns: list[NDArray[Any]], root_seed: int) -> Callable[..., Any]:
    """Return a run of two arms that gives the replications it is asked for."""

    def run(numbers: range) -> list[ArmOutcomes]:
        index = list(numbers)
        return [
            ArmOutcomes(
                *(name, root_seed, 100.0),
                pd.DataFrame({TIME: column[index]}, index=index),
                frozenset(),
                {TIME: OUTCOMES[TIME]},
            )
            for name, column in zip("ab", columns, strict=True)
        ]

    return run


@pytest.mark.parametrize("fault", [NO_FAULT, "a difference", "pairs broken"])
def test_the_swap_test_alarms_as_often_as_it_says(fault: str) -> None:
    """Under no difference its p-value is at most 0.05 in 5 % of 2,000 samples."""
    alarms = 0
    for number in range(SAMPLES):
        random = generator(13, str(number))
        shared = random.gamma(2.0, 10.0, 100)
        a, b = (shared + random.exponential(3.0, 100) for _ in range(2))
        if fault == "a difference":
            b += 0.5
        if fault == "pairs broken":  # swaps across pairs, as for independent arms
            pooled = np.concatenate([a, b])
            dealt = np.stack([random.permutation(pooled) for _ in range(400)])
            noise = np.abs(dealt[:, :100].mean(axis=1) - dealt[:, 100:].mean(axis=1))
            p_value = (1 + (noise >= abs(b.mean() - a.mean())).sum()) / 401
        else:
            p_value = swap_test(b - a, random, 999)
        alarms += p_value <= 0.05
    judge({f"alarms {alarms / SAMPLES:.4f}": share_off(alarms, SAMPLES, 0.05)}, fault)


@pytest.mark.parametrize("fault", [NO_FAULT, "chance counted as parameters"])
def test_the_components_of_the_error_budget_are_unbiased(fault: str) -> None:
    """The means of 1,000 estimates are the variances that were put in."""
    between, within, n = 4.0, 9.0, 1000
    found = np.zeros((n, 2))
    covered = np.zeros(3)
    for number in range(n):
        random = generator(14, str(number))
        values = 2.0 * random.normal(size=(100, 1)) + 3.0 * random.normal(size=(100, 4))
        budget = error_budget(values, number, resamples=600)
        found[number] = budget.between.value, budget.within.value
        if fault != NO_FAULT:
            found[number, 0] += budget.within.value / 4.0
        for place, (effect, truth) in enumerate(
            ((budget.mean, 0.0), (budget.between, between), (budget.within, within))
        ):
            covered[place] += effect.low <= truth <= effect.high
    print("covered", covered / n)  # noqa: T201  shown by pytest -rP
    error = found.std(axis=0, ddof=1) / np.sqrt(n)
    off = (found.mean(axis=0) - (between, within)) / error
    judge({"between": off[0], "within": off[1]}, fault)
    assert (covered / n > 0.92).all()  # variances: BCa over 100 draws covers 93 to 95 %
