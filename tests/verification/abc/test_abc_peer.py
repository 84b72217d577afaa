"""The fit by simulation against pyABC: the same problem, the same answer.

One militia over 60 days, two unknown numbers, two statistics of the reported record.
pyABC is given the tolerances of our generations and the scales of our last distance, so
both last populations are draws of one law: the prior, cut to what comes that close.
"""

from __future__ import annotations

import warnings
from functools import cache
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats

from sim.engine.cast import Cast
from sim.engine.choice import driver_for
from sim.ladder import Act
from sim.scenario.renumber import with_numbers
from sim.statistics import abc
from tests.verification.abc.test_abc_engine import (
    HIGH,
    LOW,
    PATHS,
    SEEN,
    TASK,
    summaries,
)

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.numba]

NAMES = ("rate", "salvo")
OPTIONS = abc.Options(particles=400, generations=3, least_acceptance=0.01)
OBSERVED = np.array([np.sqrt(14.0), np.log(5.0)])
OTHER = np.array([np.sqrt(28.0), np.log(5.0)])
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
    """Return means, deviations and the standard errors of both.

    Particles of one generation share their proposal, so their moments scatter a fifth
    more than so many independent ones (60 fits of a column simulator: 1.2).
    """
    mean = weights @ values
    sd = np.sqrt(weights @ (values - mean) ** 2)
    size = 1.0 / (weights**2).sum() / 1.2**2
    return mean, sd, sd / np.sqrt(size), sd / np.sqrt(2.0 * size)


def one_world(driver, point, number):
    """Return the summaries of one world: pyABC asks for one at a time.

    The product measures a whole batch at once; so few at a time would take minutes.
    """
    driver.renew(Cast(with_numbers(TASK.scenario, point)))
    rows, effects = driver.rows(TASK.root_seed, number, TASK.until)
    is_reported = rows["is_reported"] == 1
    attacks = rows[is_reported & (rows["act"] == Act.ROCKET_ATTACK)]
    rounds = effects[attacks["effect"], 0]
    fired = rounds[rounds > 0.0]
    with np.errstate(divide="ignore"):
        mean = np.log(fired.mean()) if len(fired) else np.nan
    return np.sqrt(len(rounds)), mean


def test_one_world_is_as_in_a_batch() -> None:
    """What pyABC is given is what the product's own fit sees."""
    scores = np.array([[0.3, -0.2], [-1.0, 1.0], [1.2, 0.4]])
    driver = driver_for(Cast(TASK.scenario), "compiled")
    for k, row in enumerate(np.exp(logs(scores)).tolist()):
        values = one_world(driver, dict(zip(PATHS, row, strict=True)), THEIRS_FROM + k)
        batch = summaries(scores[k : k + 1], THEIRS_FROM + k)[0]
        np.testing.assert_allclose(values, batch, rtol=1e-12)


def theirs(pyabc, generations, folder: Path):
    """Return values and weights of pyABC's last population."""
    scales, last = generations[-2].spread, generations[-1]
    number, driver = count(THEIRS_FROM), driver_for(Cast(TASK.scenario), "compiled")

    def model(parameters):
        values = np.exp([parameters[name] for name in NAMES])
        measured = one_world(
            driver, dict(zip(PATHS, values, strict=True)), next(number)
        )
        return dict(zip(SEEN, measured, strict=True))

    def distance(x, y):
        measured, record = (np.array([z[name] for name in SEEN]) for z in (x, y))
        return float(abc.distances_of(measured[None, :], record, scales)[0])

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
