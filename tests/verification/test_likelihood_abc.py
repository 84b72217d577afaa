"""The likelihood and the fit by simulation, on one problem: the same posterior.

One militia over 120 days is struck twice, on given days, so its tension is known and
its attacks are a Poisson process whose rate is `base_rate` times the exponential of
`reciprocity` times a known curve. Both ways see the counts before, soon after and long
after the strikes. The engine simulates and knows of no likelihood.
"""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy import stats

from sim.engine.cast import Cast
from sim.engine.choice import driver_for
from sim.engine.reading import reports_in
from sim.ladder import Act
from sim.rules.behaviour import Effect
from sim.scenario.numbers import with_numbers
from sim.scenario.scenario import Given, Observation
from sim.study import abc
from sim.study.attack_likelihood import AttackLikelihood, Detail
from tests.builders import scenario

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

pytestmark = [pytest.mark.verify, pytest.mark.numba]

ATTACK = Act.ROCKET_ATTACK
DAYS, EDGES = 120, (0, 45, 70, 120)
ROOT_SEED, N_TABLE, N_KEPT = 5, 5000, 400
LOW, HIGH = np.array([np.log(0.03), 0.0]), np.array([np.log(0.6), 1.5])
TRUTH = np.array([0.05, 0.3])
"""Normal scores of what made the record."""


def world() -> Scenario:
    """Return the scenario; nobody strikes but on the two days."""
    strikes = tuple(
        Given(f"strike-{day}", day, 0.0, Act.AIR_STRIKE, "united_states", "kataib", "",
              Effect())
        for day in (44.5, 45.5)
    )  # fmt: skip
    return scenario(
        militias=("kataib",),
        horizon=float(DAYS),
        given=strikes,
        militia_params={"retaliation_share": 0.0, "max_parallel": 0.0},
        sponsor_params={"directive_rate": 0.0, "answer_share": 0.0},
        host_params={"raid_rate": 0.0, "detection_share": 0.0},
        foreign_params={"strike_share": 0.0, "strike_share_below": 0.0},
        observations={ATTACK: Observation(reported=0.9, attributed=0.1)},
    )


def numbers(scores: Any) -> Any:
    """Return log rate and reciprocity at normal scores; both priors are even."""
    return LOW + stats.norm.cdf(scores) * (HIGH - LOW)


def point(parameters: Any) -> dict[str, float]:
    """Return log rate and reciprocity as numbers by path."""
    rate, reciprocity = float(np.exp(parameters[0])), float(parameters[1])
    stem = "actors.kataib"
    return {f"{stem}.base_rate": rate, f"{stem}.reciprocity": reciprocity}


BASE = world()


@cache
def driver() -> Any:
    """Return the engine."""
    return driver_for(Cast(BASE), "compiled")


def attack_days(parameters: Any, number: int) -> Any:
    """Return how many attacks the press reports on each day of one world."""
    cast = Cast(with_numbers(BASE, point(parameters)))
    driver().renew(cast)
    rows = driver().rows(ROOT_SEED, number, float(DAYS))
    same = np.full(len(rows), number, np.uint64)
    told, _ = reports_in(rows, same, ROOT_SEED, cast.scenario.observations)
    days = rows["time"][told & (rows["act"] == ATTACK)].astype(int)
    return np.bincount(days, minlength=DAYS)


def summaries(counts: Any) -> Any:
    """Return the roots of the counts between the edges."""
    return np.sqrt(np.add.reduceat(counts, EDGES[:-1]))


@cache
def by_simulation() -> tuple[Any, Any]:
    """Return mean and deviation of each parameter: rejection and regression."""
    batches = abc.prior_batches(2, ROOT_SEED)
    few = islice(batches, N_TABLE // abc.BATCH)
    scores = np.concatenate([batch.scores for batch in few])
    told = np.array(
        [summaries(attack_days(p, n)) for n, p in enumerate(numbers(scores))]
    )
    observed = summaries(record())
    spread = abc.spread_of(told, observed)
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
    found = numbers(abc.adjusted(last, observed))
    return found.mean(axis=0), found.std(axis=0)


@cache
def record() -> Any:
    """Return the record: one world at the truth."""
    return attack_days(numbers(TRUTH), 2**40)


def by_likelihood(counts: Any) -> tuple[Any, Any]:
    """Return mean and deviation of each parameter: prior times likelihood on a grid."""
    detail = Detail(replications=1, per_day=1, edges=EDGES[:-1])
    likelihood = AttackLikelihood(BASE, ATTACK, counts, rows=[], detail=detail)
    steps = (np.arange(30) + 0.5) / 30.0
    grid = np.array([(x, y) for x in steps for y in steps])
    places = LOW + grid * (HIGH - LOW)
    found = np.array([likelihood(point(place)) for place in places])
    weights = np.exp(found - found.max())
    weights /= weights.sum()
    mean = weights @ places
    return mean, np.sqrt(weights @ (places - mean) ** 2)


def test_both_ways_find_the_same_posterior() -> None:
    """Means and deviations agree within the error of 400 particles.

    The planted fault is a record with half as many attacks more: then the ways part.
    """
    mean, sd = by_simulation()
    theirs, their_sd = by_likelihood(record())
    error = 4.0 / np.sqrt(N_KEPT)
    assert (np.abs(mean - theirs) < error * sd).all(), (mean, theirs, sd)
    assert (np.abs(np.log(sd / their_sd)) < error / np.sqrt(2.0)).all(), (sd, their_sd)
    more = record().copy()
    more[np.flatnonzero(more)[::2]] += 1
    wrong, _ = by_likelihood(more)
    assert (np.abs(mean - wrong) > error * sd).any()
