"""The likelihood of dated attacks, on histories whose truth is known.

Two militias, 250 days, strikes that answer deadly attacks and raise the militias'
tension: the model runs freely, what was reported of it becomes a record, and the
likelihood of that record's dates is asked for the numbers that made it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pytest
from scipy import stats

from sim.engine.cast import Cast
from sim.engine.run import run_replication
from sim.ladder import Act
from sim.scenario.scenario import Observation
from sim.study.attack_likelihood import AttackLikelihood, Detail
from sim.study.maximum import maximise, profile_interval
from tests.builders import scenario
from tests.verification.synthetic_record import counts_of, record_of

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

pytestmark = [pytest.mark.verify, pytest.mark.numba]

ATTACK = Act.ROCKET_ATTACK
DAYS, N_HISTORIES, Z = 250, 40, 4.0
MILITIAS = ("kataib", "asaib")
RATE, RECIPROCITY = 0.12, 0.5
LOWEST, SPAN, MOST = 0.03, np.log(16.0), 2.0
TRUTH = np.array([np.log(RATE / LOWEST) / SPAN, RECIPROCITY / MOST])


def world() -> Scenario:
    """Return the scenario: no orders from a sponsor, so that little is unseen."""
    return scenario(
        militias=MILITIAS,
        horizon=float(DAYS),
        militia_params={
            "base_rate": RATE,
            "reciprocity": RECIPROCITY,
            "coordination_share": 0.1,
        },
        sponsor_params={"directive_rate": 0.0, "resupply_rate": 0.0},
        observations={ATTACK: Observation(reported=0.9, attributed=0.1)},
    )


def values(place: Any) -> dict[str, float]:
    """Return rate and reciprocity at a place of the unit box, tied over militias."""
    told = {"base_rate": LOWEST * np.exp(SPAN * place[0])}
    if len(place) > 1:
        told["reciprocity"] = MOST * place[1]
    return {
        f"actors.{name}.{field}": float(number)
        for name in MILITIAS
        for field, number in told.items()
    }


class Asked(NamedTuple):
    """What one history says."""

    surplus: float
    """Attacks that were counted, less those that were expected at the truth."""
    slopes: tuple[float, float]
    """Of the log likelihood at the truth: of log rate, of reciprocity."""
    rate: float
    """Place of the maximum for the rate alone."""
    error: float
    low: float
    high: float
    gain: float
    """Twice what the maximum for both has over the truth."""


@cache
def asked() -> list[Asked]:
    """Ask each of many histories."""
    return [ask(number) for number in range(N_HISTORIES)]


def ask(number: int) -> Asked:
    """Simulate a history and fit it."""
    log = run_replication(Cast(world()), 99, number)
    likelihood = AttackLikelihood(
        world(), ATTACK, counts_of(log, ATTACK, DAYS), rows=record_of(log),
        detail=Detail(replications=1, per_day=1),
    )  # fmt: skip

    def of(place: Any) -> float:
        return likelihood(values(place))

    step = 1e-3
    slopes = [
        (of(TRUTH + step * side) - of(TRUTH - step * side)) / (2.0 * step)
        for side in np.eye(2)
    ]
    alone = maximise(of, [TRUTH[:1]])
    both = maximise(of, [TRUTH], is_final=False)
    surplus = likelihood.counts.sum() - likelihood.expected(values(TRUTH)).sum()
    low, high = profile_interval(of, alone, 0)
    return Asked(
        float(surplus), (slopes[0], slopes[1]), float(alone.place[0]),
        float(np.sqrt(alone.covariance[0, 0])), low, high,
        2.0 * (both.value - of(TRUTH)),
    )  # fmt: skip


def off(sample: Any) -> float:
    """Return how far a mean is from 0, in standard errors."""
    found = np.asarray(sample, float)
    return float(found.mean() / (found.std(ddof=1) / np.sqrt(len(found))))


def test_as_many_attacks_come_as_are_expected() -> None:
    """What is expected along a history is, in the mean, what comes."""
    assert abs(off([one.surplus for one in asked()])) < Z


def test_the_likelihood_is_flat_at_the_truth() -> None:
    """In the mean the slope at the truth is 0, in every direction."""
    slopes = np.array([one.slopes for one in asked()])
    assert abs(off(slopes[:, 0])) < Z
    assert abs(off(slopes[:, 1])) < Z


def test_the_maximum_is_unbiased_and_a_bias_is_seen() -> None:
    """Estimates scatter around the truth; a rate 25 % below what ran is refused.

    The planted fault is the wrong truth: histories that ran with a rate 25 % above it.
    """
    found = np.array([one.rate for one in asked()])
    assert abs(off(found - TRUTH[0])) < Z
    wrong = np.log(RATE / 1.25 / LOWEST) / SPAN
    assert off(found - wrong) > Z


def test_errors_are_as_large_as_the_scatter() -> None:
    """Standard errors from the information are the scatter of the estimates.

    Starts that find as many under way as may be make attacks a little more even than
    the likelihood takes them, so that errors may be too wide by some per cent.
    """
    found = np.array([(one.rate, one.error) for one in asked()])
    ratio = found[:, 0].std(ddof=1) / found[:, 1].mean()
    assert abs(np.log(ratio)) < Z / np.sqrt(2.0 * N_HISTORIES)


def test_intervals_cover() -> None:
    """Profile intervals and the region of both hold the truth as often as they say."""
    inside = sum(one.low < TRUTH[0] < one.high for one in asked())
    region = sum(one.gain < stats.chi2.ppf(0.95, 2) for one in asked())
    least = stats.binom.ppf(stats.norm.sf(Z), N_HISTORIES, 0.95)
    assert inside >= least
    assert region >= least
    wrong = np.log(RATE / 1.5 / LOWEST) / SPAN
    missed = sum(one.low < wrong < one.high for one in asked())
    assert missed < least
