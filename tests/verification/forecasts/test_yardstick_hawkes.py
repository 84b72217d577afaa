"""The self-exciting yardstick: its likelihood, its simulation, its forecast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.optimize import minimize

from sim.forecasts.yardstick import constant_rate, hawkes
from sim.record.resolution import Series
from sim.statistics import hawkes as module
from sim.statistics.bootstrap import generator
from sim.statistics.hawkes import (
    Hawkes,
    excitement,
    log_likelihood,
    posterior,
    simulated_counts,
)
from tests.verification.judging import (
    NO_FAULT,
    ROOT_SEED,
    judge,
    mean_off,
    variance_off,
)
from tests.verification.test_hawkes import moments_from_calm

if TYPE_CHECKING:
    from numpy.random import Generator

pytestmark = pytest.mark.verify

RATE, BRANCHING, DECAY = 0.2, 0.5, 0.2
"""Those of the moments that are imported."""
TRUTH = Hawkes(RATE, BRANCHING, DECAY)


def clustered(random: Generator, days: float) -> Any:
    """Return times of a Hawkes process, made as families: every incident has a Poisson
    number of children, after exponential delays (Hawkes and Oakes 1974).
    """
    parents = random.uniform(0.0, days, random.poisson(RATE * days))
    times = [parents]
    while len(parents):
        n_children = random.poisson(BRANCHING, len(parents))
        born = np.repeat(parents, n_children)
        born = born + random.exponential(1.0 / DECAY, len(born))
        parents = born[born < days]
        times.append(parents)
    return np.sort(np.concatenate(times))


def no_compensator(model: Hawkes, times: Any, days: float) -> Any:
    """Return the likelihood without the children that are still to come."""
    felt = len(times) - excitement(model.decay, times, days)
    return log_likelihood(model, times, days) + np.asarray(model.branching) * felt


def slow_echo(model: Hawkes, times: Any, days: float) -> Any:
    """Return the likelihood of a decay that is a third too slow."""
    return log_likelihood(model._replace(decay=model.decay / 1.5), times, days)


LIKELIHOODS = {
    NO_FAULT: log_likelihood,
    "no compensator": no_compensator,
    "slow echo": slow_echo,
}


@pytest.mark.parametrize("fault", LIKELIHOODS)
def test_likelihood_has_no_slope_at_the_truth(fault: str):
    """The expected slope of the log likelihood at the true parameters is 0 (Bartlett),
    here over 200 histories of 60 incidents each.
    """
    likelihood = LIKELIHOODS[fault]
    step = 1e-4
    at = np.array(TRUTH) + step * np.array(
        [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]]
    )
    model = Hawkes(*at.T)
    random = np.random.default_rng(ROOT_SEED)
    slopes = []
    for _ in range(200):
        values = likelihood(model, clustered(random, 150.0), 150.0)
        slopes.append((values[::2] - values[1::2]) / (2.0 * step))
    found = np.array(slopes)
    names = Hawkes._fields
    judge({name: mean_off(found[:, k], 0.0) for k, name in enumerate(names)}, fault)


def test_most_likely_parameters_are_the_true_ones():
    """On a long history the likelihood is largest at the truth, within four standard
    errors from its own curvature.
    """
    days = 3000.0
    times = clustered(np.random.default_rng(ROOT_SEED), days)

    def cost(at: Any) -> float:
        return -float(log_likelihood(Hawkes(*np.exp(at)), times, days))

    start = np.log([0.5 * len(times) / days, 0.3, 1.0])
    fit: Any = minimize(cost, start, method="BFGS", options={"gtol": 1e-2})
    errors = np.sqrt(np.diag(fit.hess_inv))
    z = (fit.x - np.log(np.array(TRUTH))) / errors
    assert np.abs(z).max() < 4.0
    assert errors.max() < 0.3


@pytest.mark.parametrize("fault", [NO_FAULT, "no children", "slow decay"])
def test_simulation_has_the_moments_of_theory(fault: str):
    """Counted from calm, mean and variance are those of the moment equations; without
    children of children, or with a slower decay, they are not.
    """
    n, days = 20_000, 60.0
    branching, decay = BRANCHING, DECAY
    if fault == "slow decay":
        decay = 0.5 * DECAY
    if fault == "no children":
        branching = 0.0
    model = Hawkes(*(np.full(n, value) for value in (RATE, branching, decay)))
    counts = simulated_counts(model, np.zeros(n), days, generator(ROOT_SEED))
    mean, variance = moments_from_calm(days)
    judge(
        {"mean": mean_off(counts, mean), "variance": variance_off(counts, variance)},
        fault,
    )


def test_what_is_still_felt_brings_about_its_share():
    """An excitement of x incidents brings about x n / (1 - n) more in the long run."""
    n, felt = 20_000, 3.0
    model = Hawkes(*(np.full(n, value) for value in (1e-9, BRANCHING, DECAY)))
    counts = simulated_counts(model, np.full(n, felt), 400.0, generator(ROOT_SEED))
    assert abs(mean_off(counts, felt * BRANCHING / (1.0 - BRANCHING))) < 4.0


def test_without_children_it_is_the_poisson_process(monkeypatch: pytest.MonkeyPatch):
    """With the branching ratio held at 0 the likelihood and the forecast are those of
    a constant rate; with its prior they are wider.
    """
    times = np.sort(np.random.default_rng(ROOT_SEED).uniform(0.0, 120.0, 20))
    past = Series(times, np.ones(20), 120.0)
    plain = constant_rate(past, 30.0, generator(1))
    wide = hawkes(past, 30.0, generator(1))
    assert float(log_likelihood(Hawkes(0.2, 0.0, 1.0), times, 120.0)) == pytest.approx(
        20 * np.log(0.2) - 24.0
    )
    monkeypatch.setattr(module, "MOST_BRANCHING", 1e-9)
    narrow = hawkes(past, 30.0, generator(1))
    difference = np.abs(narrow.up_to(20) - plain.up_to(20)).max()
    assert difference < 4.0 * np.sqrt(0.25 / 20_000)
    assert np.abs(wide.up_to(20) - plain.up_to(20)).max() > difference


def test_posterior_finds_the_branching_ratio():
    """With a thousand incidents the posterior lies about the truth, with a dozen it
    still spreads over the prior.
    """
    random = np.random.default_rng(ROOT_SEED)
    for days, least, most in ((2500.0, 0.02, 0.1), (40.0, 0.15, 0.3)):
        model, weight = posterior(clustered(random, days), days)
        mean = float(model.branching @ weight)
        spread = float(np.sqrt(weight @ (model.branching - mean) ** 2))
        assert least < spread < most
        assert abs(mean - BRANCHING) < 3.0 * spread
