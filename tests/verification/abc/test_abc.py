"""Sequential ABC against what can be worked out: a conjugate posterior, and ranks.

The reduced problem is the scenario's observation of a calm militia: attacks come as a
Poisson process of unknown rate and are reported with probability 0.9; salvoes are
lognormal of unknown median. Both are simulated in columns, so hundreds of fits of the
product's own code take seconds.
"""

from functools import cache

import numpy as np
import pytest
from scipy import stats

from sim.statistics import abc

pytestmark = pytest.mark.verify

DAYS, REPORTED, SPREAD = 252.0, 0.9, 1.0
LOW, HIGH = np.array([np.log(0.03), np.log(1.0)]), np.array([np.log(0.5), np.log(8.0)])
OPTIONS = abc.Options(particles=400, generations=5, least_acceptance=0.05)
N_TRUTHS = 200
LEVEL = 0.9


def parameters(scores):
    """Return log rate and log median salvo at normal scores; both priors are even."""
    return LOW + stats.norm.cdf(scores) * (HIGH - LOW)


def record(log_rate, log_median, rng):
    """Return a reported count (its root) and a mean of log salvoes, for each point."""
    count = rng.poisson(np.exp(log_rate) * DAYS * REPORTED)
    noise = rng.standard_normal(len(count)) * SPREAD / np.sqrt(np.maximum(count, 1))
    salvo = np.where(count > 0, log_median + noise, np.nan)
    return np.column_stack((np.sqrt(count), salvo))


def simulator(seed, bias=0.0):
    """Return a simulator keyed as the product's is; `bias` is a fault in its rate."""

    def simulate(batches):
        for batch in batches:
            rng = np.random.Generator(np.random.Philox(key=[seed, batch.first]))
            log_rate, log_median = parameters(batch.scores).T
            yield record(log_rate + bias, log_median, rng)

    return simulate


def fitted(observed, seed, bias=0.0):
    """Return scores and weights of a fit, corrected as the product does it."""
    last = abc.fit(2, simulator(seed, bias), observed, OPTIONS, seed)[-1]
    return abc.adjusted(last, observed), last.weights


def test_the_rate_has_its_conjugate_posterior():
    """Mean and deviation of the log rate are those of the exact posterior."""
    observed = np.array([np.sqrt(36.0), np.log(3.0)])
    grid = np.linspace(LOW[0], HIGH[0], 4001)
    exact = stats.poisson.pmf(36, np.exp(grid) * DAYS * REPORTED)
    exact = exact / exact.sum()
    mean = exact @ grid
    sd = np.sqrt(exact @ (grid - mean) ** 2)
    scores, weights = fitted(observed, 7)
    values = parameters(scores)[:, 0]
    found = weights @ values
    size = 1.0 / (weights**2).sum()
    assert abs(found - mean) < 4.0 * sd / np.sqrt(size)
    spread = np.sqrt(weights @ (values - found) ** 2)
    assert abs(spread / sd - 1.0) < 4.0 / np.sqrt(2.0 * size)


def test_weights_undo_the_proposal():
    """Attempts from a population far off, weighted, are draws of the prior again.

    The planted fault is equal weights: then they stay where they were proposed.
    """
    rng = np.random.Generator(np.random.Philox(key=[5, 5]))
    z = 0.8 + 0.7 * rng.standard_normal((500, 2))
    even = np.full(500, 1.0 / 500)
    last = abc.Generation(0, z, even, z, even, 1.0, 500, np.ones(2))
    proposal = abc._Proposal(2, 11, 1, last)
    batches = iter(proposal.batches())
    tried = np.concatenate([next(batches).scores for _ in range(20)])
    weights = proposal.weights(tried)
    error = 1.0 / np.sqrt(1.0 / (weights**2).sum())
    assert (np.abs(weights @ tried) < 4.0 * error).all()
    assert (np.abs(weights @ tried**2 - 1.0) < 4.0 * np.sqrt(2.0) * error).all()
    assert (np.abs(tried.mean(axis=0)) > 4.0 * error).all()


@cache
def ranks(bias=0.0):
    """Return where each truth lies in its posterior, shape (truths, parameters)."""
    rng = np.random.Generator(np.random.Philox(key=[20200705, 1]))
    truths = rng.standard_normal((N_TRUTHS, 2))
    log_rate, log_median = parameters(truths).T
    records = record(log_rate, log_median, rng)
    found = np.empty((N_TRUTHS, 2))
    for k, (truth, observed) in enumerate(zip(truths, records, strict=True)):
        scores, weights = fitted(observed, 1000 + k, bias)
        found[k] = weights @ (scores < truth)
    return found


@pytest.mark.parametrize("parameter", [0, 1])
def test_ranks_are_uniform(parameter):
    """Simulation-based calibration: truths are even among their posteriors' shares."""
    p = stats.kstest(ranks()[:, parameter], "uniform").pvalue
    assert p > 6.3e-5  # z = 4, two-sided


@pytest.mark.parametrize("parameter", [0, 1])
def test_intervals_cover(parameter):
    """90 % intervals hold 90 % of the truths, within binomial error."""
    share = ranks()[:, parameter]
    inside = int(((share > 0.05) & (share < 0.95)).sum())
    error = np.sqrt(N_TRUTHS * LEVEL * (1.0 - LEVEL))
    assert abs(inside - LEVEL * N_TRUTHS) < 4.0 * error


def test_a_biased_simulator_is_caught():
    """The planted fault: a simulator whose rate is a quarter too high."""
    p = stats.kstest(ranks(0.25)[:, 0], "uniform").pvalue
    assert p < 6.3e-5


def test_a_known_truth_is_recovered():
    """A long record pins both parameters to what made it."""
    rng = np.random.Generator(np.random.Philox(key=[3, 3]))
    truth = np.array([[0.4, -0.3]])
    log_rate, log_median = parameters(truth).T
    observed = record(log_rate, log_median, rng)[0]
    scores, weights = fitted(observed, 3)
    mean = weights @ scores
    sd = np.sqrt(weights @ (scores - mean) ** 2)
    assert (np.abs(mean - truth[0]) < 4.0 * sd).all()
    assert (sd < 0.5).all()
