"""One point that stands for a posterior: its medoid among the particles.

A scenario holds one value a number, so whoever writes a fitted scenario must choose.
The vector of the marginal medians is no choice: where two numbers are tied (a high rate
of one militia goes with a low rate of the other), the medians together may lie where no
particle does. The most likely particle is none either: the density of thirteen numbers
is not known from particles worth a few hundred.

So the point is the particle that is nearest to all others on average, by weight. It is
what a Bayesian chooses under a loss that grows with the distance to the truth, if only
particles may be chosen (Robert 2007, chapter 2). Distances are scaled by the
posterior's own covariance (Mahalanobis 1936): a number that the record fixed closely
counts as much as one that it left open, and a pair that is tied counts once. They are
distances of the numbers themselves and not of their logarithms or normal scores:
expected counts are linear in rates and shares, and where three rates add up, the
middles of their logarithms add up to too little. (Of the fit c01 such a point made 28
attacks where the record has 36, and the whole posterior 35.)

It is a plausible joint point, and no more: a refit with other chance chooses another,
and what is not known of it is in the posterior. That its weight may be small says
nothing against it: weights are small where many were proposed, which is the middle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from sim.experiment.posterior import Posterior

Floats = np.ndarray[Any, np.dtype[np.float64]]

RULE: Final = "particle of least mean Mahalanobis distance to all others"
_ROWS: Final = 500
"""Particles that are compared with all at once."""


def medoid(posterior: Posterior) -> int:
    """Return the number of the particle that stands for a posterior."""
    points = np.column_stack([*posterior.values.values()])
    return medoid_of(points, posterior.weights)


def medoid_of(points: Floats, weights: Floats) -> int:
    """Return the point of least mean distance to all, the first of equals.

    Parameters
    ----------
    points
        Shape (points, dimensions).
    weights
        They add up to 1; shape (points,).

    Examples
    --------
    >>> medoid_of(np.array([[0.0], [1.0], [1.5], [9.0]]), np.full(4, 0.25))
    1
    """
    off = points - weights @ points
    covariance = (off * weights[:, None]).T @ off
    # Rates are small and weights large: each is scaled first, so that the least ridge
    # serves all. A number that does not vary then counts nothing.
    spread = np.sqrt(np.diag(covariance))
    spread = np.where(spread > 0.0, spread, 1.0)
    covariance = covariance / np.outer(spread, spread)
    root = np.linalg.cholesky(covariance + 1e-9 * np.eye(points.shape[1]))
    white = np.linalg.solve(root, (off / spread).T).T
    norms = (white**2).sum(axis=1)
    means = np.empty(len(points))
    for first in range(0, len(points), _ROWS):
        rows = slice(first, first + _ROWS)
        squares = norms[rows, None] + norms[None, :] - 2.0 * white[rows] @ white.T
        means[rows] = np.sqrt(np.maximum(squares, 0.0)) @ weights
    return int(np.argmin(means))
