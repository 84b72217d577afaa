"""Weighted draws from a prior times a likelihood that can be computed.

Importance sampling on normal scores, where the prior is standard normal: a first sample
from the prior finds where the likelihood lies, a second one is drawn there, from a
normal law somewhat too wide, with one draw in seven from the prior itself so that no
weight runs away (Hesterberg 1995).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

Floats = np.ndarray[Any, np.dtype[np.float64]]

FRESH: Final = 1.0 / 7.0
"""Share of the draws from the prior."""

WIDER: Final = 1.5
"""By how much the second law is wider than what was found, in variance."""

N_FIRST: Final = 256


class Weighted(NamedTuple):
    """Weighted draws."""

    scores: Floats
    """Shape (draws, parameters)."""
    weights: Floats
    """They add up to 1."""
    log_evidence: float
    """Log of the mean likelihood over the prior."""

    @property
    def effective_size(self) -> float:
        """Kish's effective number of draws."""
        return float(1.0 / (self.weights**2).sum())


def weighted_draws(
    log_likelihood: Callable[[Floats], Floats],
    n_parameters: int,
    n_draws: int,
    root_seed: int,
) -> Weighted:
    """Draw from the posterior.

    Parameters
    ----------
    log_likelihood
        Of normal scores, shape (points, parameters), to shape (points,).
    n_parameters
        How many.
    n_draws
        In the second sample.
    root_seed
        What the draws hang on; the same gives the same.
    """
    rng = np.random.Generator(np.random.Philox(key=[root_seed, 0x1C0D]))
    z = rng.standard_normal((N_FIRST, n_parameters))
    log_weights = log_likelihood(z)
    weights = _shares(log_weights)
    for _ in range(2):  # where the prior is wide, the first look is coarse
        mean, covariance = _moments(z, weights)
        root = _root(WIDER * covariance + 1e-6 * np.eye(n_parameters))
        z = _mixture(rng, mean, root, n_draws)
        log_weights = log_likelihood(z) + _log_normal(z)
        log_weights -= _log_mixture(z, mean, root)
        weights = _shares(log_weights)
        if 1.0 / (weights**2).sum() > 0.2 * n_draws:
            break
    top = float(log_weights.max())
    evidence = top + float(np.log(np.exp(log_weights - top).mean()))
    return Weighted(z, weights, evidence)


def _shares(log_weights: Floats) -> Floats:
    found = np.exp(log_weights - log_weights.max())
    return found / found.sum()


def _moments(z: Floats, weights: Floats) -> tuple[Floats, Floats]:
    mean = weights @ z
    off = z - mean
    return mean, (off * weights[:, None]).T @ off


def _mixture(rng: np.random.Generator, mean: Floats, root: Floats, n: int) -> Floats:
    d = len(mean)
    fresh = rng.random(n) < FRESH
    noise = rng.standard_normal((n, d))
    return np.where(fresh[:, None], noise, mean + noise @ root.T)


def _root(covariance: Floats) -> Floats:
    return np.asarray(np.linalg.cholesky(covariance), np.float64)


def _log_normal(z: Floats) -> Floats:
    return -0.5 * (z**2).sum(axis=1)


def _log_mixture(z: Floats, mean: Floats, root: Floats) -> Floats:
    """Return the log density of the mixture, without the normal law's constant."""
    there = np.asarray(np.linalg.solve(root, (z - mean).T).T, np.float64)
    found = _log_normal(there) - np.log(np.abs(np.diag(root))).sum()
    return np.logaddexp(np.log(FRESH) + _log_normal(z), np.log(1.0 - FRESH) + found)
