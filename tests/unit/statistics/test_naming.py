"""Naming the model that made a world: probabilities against known densities."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import logsumexp

from sim.statistics.naming import learned, log_probabilities

N = 4000


def worlds(seed: int, n: int = N) -> tuple[np.ndarray, np.ndarray]:
    """Return summaries of three models: two means apart, one of them wider."""
    rng = np.random.default_rng(seed)
    models = np.tile(np.arange(3), n)
    z = rng.standard_normal((3 * n, 4))
    z[:, 0] += 0.8 * (models == 1)
    z[:, 1] *= np.where(models == 2, 1.8, 1.0)
    return z, models


def exact(z: np.ndarray) -> np.ndarray:
    """Return the true log probabilities."""
    first = -0.5 * (z[:, 0][:, None] - np.array([0.0, 0.8, 0.0])) ** 2
    spread = np.array([1.0, 1.0, 1.8])
    second = -0.5 * (z[:, 1][:, None] / spread) ** 2 - np.log(spread)
    logs = first + second
    return logs - logsumexp(logs, axis=1, keepdims=True)


def test_probabilities_come_near_to_the_true_ones() -> None:
    """The mean log score of held-out worlds is within a hundredth of the best."""
    z, models = worlds(1)
    naming = learned(z, models)
    new, truth = worlds(2)
    at = (np.arange(len(truth)), truth)
    got, best = log_probabilities(naming, new)[at], exact(new)[at]
    assert got.mean() == pytest.approx(best.mean(), abs=0.015)
    assert np.exp(log_probabilities(naming, new)).sum(axis=1) == pytest.approx(1.0)


def test_models_that_are_the_same_are_not_told_apart() -> None:
    """Labels dealt at random get a third each, up to the bank's error."""
    z, models = worlds(3)
    shuffled = np.random.default_rng(4).permutation(models)
    shares = np.exp(log_probabilities(learned(z, shuffled), worlds(5)[0]))
    assert np.abs(shares - 1.0 / 3.0).mean() < 0.03


def test_whether_a_summary_is_defined_can_name() -> None:
    """A model in which a summary often does not exist is known by that."""
    z, models = worlds(6)
    gone = np.random.default_rng(7).random(len(z)) < np.where(models == 0, 0.6, 0.1)
    z[gone, 3] = np.nan
    naming = learned(z, models)
    there, missing = np.zeros((1, 4)), np.array([[0.0, 0.0, 0.0, np.nan]])
    shares = [np.exp(log_probabilities(naming, x))[0, 0] for x in (there, missing)]
    assert shares[1] > shares[0] + 0.2


def test_a_summary_far_outside_the_bank_counts_as_four_spreads() -> None:
    """What no world of the bank is near to is no place to be sure."""
    z, models = worlds(8)
    naming = learned(z, models)
    far, farther = np.zeros((1, 4)), np.zeros((1, 4))
    far[0, 0], farther[0, 0] = 1e3, 1e6
    assert log_probabilities(naming, far) == pytest.approx(
        log_probabilities(naming, farther)
    )
