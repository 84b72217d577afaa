"""The fit by simulation against pyABC: the same problem, the same answer.

One militia over 60 days, two unknown numbers, two statistics of the reported record.
pyABC is given the tolerances of our generations and the scales of our last distance, so
both last populations are draws of the same law: the prior, cut to what comes that close.
"""

from __future__ import annotations

import warnings
from functools import cache
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats

from sim.study import abc
from tests.verification.test_abc_engine import HIGH, LOW, SEEN, summaries

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.numba]

NAMES = ("rate", "salvo")
OPTIONS = abc.Options(particles=400, generations=5, least_acceptance=0.01)
OBSERVED = np.array([np.sqrt(14.0), np.log(5.0)])
OTHER = np.array([np.sqrt(20.0), np.log(5.0)])
THEIRS_FROM = 2**50
Z = 4.0


def simulate(batches):
    """Yield the summaries of batches, as the product's fit asks for them."""
    for batch in batches:
        yield summaries(batch.scores, batch.first)


@cache
def ours(observed: tuple[float, ...]):
    """Return all generations of our fit."""
    return abc.fit(len(NAMES), simulate, np.array(observed), OPTIONS, 11)


def logs(scores):
    """Return the logs of the parameters at normal scores."""
    return LOW + stats.norm.cdf(scores) * (HIGH - LOW)


def moments(values, weights):
    """Return means, deviations and the standard errors of both."""
    mean = weights @ values
    sd = np.sqrt(weights @ (values - mean) ** 2)
    size = 1.0 / (weights**2).sum()
    return mean, sd, sd / np.sqrt(size), sd / np.sqrt(2.0 * size)


def theirs(pyabc, generations, folder: Path):
    """Return values and weights of pyABC's last population."""
    scales, last = generations[-2].spread, generations[-1]
    number = count(THEIRS_FROM)

    def model(parameters):
        values = np.array([[parameters[name] for name in NAMES]])
        scores = stats.norm.ppf((values - LOW) / (HIGH - LOW))
        return dict(zip(SEEN, summaries(scores, next(number))[0], strict=True))

    def distance(x, y):
        told, record = (np.array([z[name] for name in SEEN]) for z in (x, y))
        return float(abc.distances_of(told[None, :], record, scales)[0])

    prior = pyabc.Distribution(
        **{
            name: pyabc.RV("uniform", low, high - low)
            for name, low, high in zip(NAMES, LOW, HIGH, strict=True)
        }
    )
    # A tolerance that rises again, with new scales, is no step towards the last.
    steps = np.minimum.accumulate([g.tolerance for g in generations[1:]])
    steps = [float(max(step, last.tolerance)) for step in steps]
    fit = pyabc.ABCSMC(
        model,
        prior,
        distance,
        population_size=OPTIONS.particles,
        sampler=pyabc.sampler.SingleCoreSampler(),
        eps=pyabc.ListEpsilon(steps),
    )
    fit.new(f"sqlite:///{folder / 'fit.db'}", dict(zip(SEEN, OBSERVED, strict=True)))
    frame, weights = fit.run(max_nr_populations=len(steps)).get_distribution()
    return frame[list(NAMES)].to_numpy(), np.asarray(weights)


def test_pyabc_finds_the_same_posterior(tmp_path: Path) -> None:
    """Means and deviations agree within error; those of another record do not."""
    pyabc = pytest.importorskip("pyabc")
    generations = ours(tuple(OBSERVED))
    np.random.seed(1)  # noqa: NPY002  pyABC draws from it
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = moments(*theirs(pyabc, generations, tmp_path))
    mine = moments(logs(generations[-1].scores), generations[-1].weights)
    last = ours(tuple(OTHER))[-1]
    wrong = moments(logs(last.scores), last.weights)
    for k in (0, 1):  # means, then deviations
        error = np.hypot(mine[k + 2], found[k + 2])
        assert (np.abs(mine[k] - found[k]) < Z * error).all(), (mine, found)
    error = np.hypot(wrong[2], found[2])
    assert (np.abs(wrong[0] - found[0]) > Z * error).any(), (wrong, found)
