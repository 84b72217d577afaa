"""Yardsticks on worlds of their own kind: the one that is right wins, and is honest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy import stats

from sim.forecasts.scoring import log_score
from sim.forecasts.yardstick import YARDSTICKS, constant_rate
from sim.record.resolution import Series
from sim.statistics.bootstrap import generator
from tests.verification.judging import NO_FAULT, ROOT_SEED, judge

if TYPE_CHECKING:
    from numpy.random import Generator

pytestmark = pytest.mark.verify

PAST, WINDOW = 180.0, 30.0
N_WORLDS = 120
LAWS: Any = stats


def poisson_world(random: Generator) -> Any:
    """Return times of a Poisson process of a rate of its own."""
    rate = random.uniform(0.05, 0.3)
    return random.uniform(0.0, PAST + WINDOW, random.poisson(rate * (PAST + WINDOW)))


def clustered_world(random: Generator) -> Any:
    """Return times of families: each incident has 0.75 children on average, ten days
    later on average.
    """
    end = PAST + WINDOW
    parents = random.uniform(0.0, end, random.poisson(0.05 * end))
    times = [parents]
    while len(parents):
        born = np.repeat(parents, random.poisson(0.75, len(parents)))
        born = born + random.exponential(10.0, len(born))
        parents = born[born < end]
        times.append(parents)
    return np.concatenate(times)


def uneven_world(random: Generator) -> Any:
    """Return times of months whose rates differ, with no memory of each other."""
    times = []
    for month in range(7):
        rate = random.gamma(1.5, 4.0 / 1.5)
        times.append(
            random.uniform(30.0 * month, 30.0 * (month + 1), random.poisson(rate))
        )
    return np.concatenate(times)


def log_scores(world: Any, *names: str) -> dict[str, Any]:
    """Return log scores of yardsticks over worlds of one kind, by name."""
    random = np.random.default_rng(ROOT_SEED)
    found: dict[str, list[float]] = {name: [] for name in names}
    for number in range(N_WORLDS):
        times = np.sort(world(random))
        before = times[times < PAST]
        past = Series(before, np.ones(len(before)), PAST)
        came = int((times >= PAST).sum())
        for name in names:
            chance = generator(number, name)
            said = YARDSTICKS[name].predict(past, WINDOW, chance, 0.0)
            found[name].append(log_score(said, came))
    return {name: np.array(values) for name, values in found.items()}


@pytest.mark.parametrize(
    ("world", "right", "wrong"),
    [
        (poisson_world, "constant_rate", "last_month"),
        (clustered_world, "hawkes", "constant_rate"),
        (uneven_world, "negative_binomial", "constant_rate"),
    ],
)
def test_the_right_yardstick_wins(world: Any, right: str, wrong: str) -> None:
    """On a world of its own kind a yardstick has the better log score, by more than
    two standard errors over 120 worlds.
    """
    scores = log_scores(world, right, wrong)
    difference = scores[right] - scores[wrong]
    z = difference.mean() / (difference.std(ddof=1) / np.sqrt(N_WORLDS))
    assert z < -2.0


@pytest.mark.parametrize("fault", [NO_FAULT, "no error of the rate"])
def test_constant_rate_covers(fault: str) -> None:
    """On Poisson worlds the 90 % interval holds 90 % of what comes; a forecast from the
    estimated rate alone, here from a month's past, holds less.
    """
    random = np.random.default_rng(ROOT_SEED)
    n, held = 1000, 0.0
    for rate in random.uniform(0.2, 0.6, n):
        seen, came = random.poisson(rate * 30.0), random.poisson(rate * 30.0)
        past = Series(np.linspace(1.0, 29.0, seen), np.ones(seen), 30.0)
        said = constant_rate(past, 30.0, random)
        below, up_to = said.at_most(came - 1), said.at_most(came)
        if fault != NO_FAULT:
            below, up_to = (
                float(LAWS.poisson.cdf(y, seen + 0.5)) for y in (came - 1, came)
            )
        inside = np.clip([0.05 - below, 0.95 - below], 0.0, up_to - below)
        held += float(inside[1] - inside[0]) / max(up_to - below, 1e-300)
    z = (held - 0.9 * n) / np.sqrt(n * 0.09)
    judge({"held": z}, fault)
