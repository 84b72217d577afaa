"""Simulation-based calibration with the real engine behind the fit.

The reduced problem is one militia over 60 days with two unknown numbers, its calm rate
and its median salvo, seen through the observation layer by two statistics of what was
reported. One table of draws of the prior serves all truths as reference: each truth
keeps what lies nearest to its record, corrected by the product's own regression.
"""

from functools import cache

import numpy as np
import pytest
from scipy import stats

from sim.ensemble.point_run import PointTask, run_points
from sim.ladder import Act
from sim.scenario.scenario import Observation
from sim.statistics import abc
from tests.builders import scenario

pytestmark = [pytest.mark.verify, pytest.mark.numba]

DAYS = 60.0
PATHS = ("actors.kataib.base_rate", "means.rocket.salvo_median")
LOW, HIGH = np.log([0.05, 1.0]), np.log([0.5, 12.0])
SEEN = ("n_rocket_attacks", "salvo_mean")
N_TABLE, N_TRUTHS, N_KEPT = 9600, 500, 300
TRUTHS_FROM = 2**40
LEVEL = 0.9
UNLIKELY = 6.3e-5  # z = 4, two-sided

TASK = PointTask(
    scenario(
        militias=("kataib",),
        horizon=DAYS,
        observations={Act.ROCKET_ATTACK: Observation(reported=0.9, attributed=0.1)},
    ),
    20200705,
    DAYS,
    "compiled",
)


def summaries(scores, first, bias=0.0):
    """Return what the press told of one world at each point; `bias` is a fault."""
    logs = LOW + stats.norm.cdf(scores) * (HIGH - LOW)
    logs[:, 0] += bias
    points: list[dict[str, float]] = [
        dict(zip(PATHS, row, strict=True)) for row in np.exp(logs).tolist()
    ]
    values = run_points(TASK, points, range(first, first + len(points)), SEEN)
    return np.column_stack((np.sqrt(values[:, 0]), np.log(values[:, 1])))


@cache
def table():
    """Return scores and summaries of draws of the prior, by the product's own."""
    scores = abc.prior_scores(len(PATHS), TASK.root_seed, N_TABLE)
    return scores, summaries(scores, 0)


@cache
def ranks(bias=0.0):
    """Return where each truth lies in its posterior, shape (truths, parameters)."""
    rng = np.random.Generator(np.random.Philox(key=[20200705, 2]))
    truths = rng.standard_normal((N_TRUTHS, len(PATHS)))
    records = summaries(truths, TRUTHS_FROM, bias)
    scores, told = table()
    spread = abc.spread_of(told, records[0])
    found = np.empty_like(truths)
    for k, (truth, observed) in enumerate(zip(truths, records, strict=True)):
        far = abc.distances_of(told, observed, spread)
        near = np.argsort(far, kind="stable")[:N_KEPT]
        even = np.full(N_KEPT, 1.0 / N_KEPT)
        last = abc.Generation(
            1,
            scores[near],
            even,
            told[near],
            far[near],
            float(far[near[-1]]),
            N_TABLE,
            spread,
        )
        found[k] = even @ (abc.adjusted(last, observed) < truth)
    return found


@pytest.mark.parametrize("parameter", [0, 1], ids=PATHS)
def test_ranks_are_uniform(parameter):
    """Truths of the engine are even among their posteriors' shares."""
    assert stats.kstest(ranks()[:, parameter], "uniform").pvalue > UNLIKELY


@pytest.mark.parametrize("parameter", [0, 1], ids=PATHS)
def test_intervals_cover(parameter):
    """90 % intervals hold 90 % of the truths, within binomial error."""
    share = ranks()[:, parameter]
    inside = int(((share > 0.05) & (share < 0.95)).sum())
    error = np.sqrt(N_TRUTHS * LEVEL * (1.0 - LEVEL))
    assert abs(inside - LEVEL * N_TRUTHS) < 4.0 * error


def test_a_biased_engine_is_caught():
    """The planted fault: worlds whose attack rate is a quarter above what they say."""
    places = ranks(0.223)
    assert stats.kstest(places[:, 0], "uniform").pvalue < UNLIKELY
    assert stats.kstest(places[:, 1], "uniform").pvalue > UNLIKELY
