"""How rough the numbers of weighted particles are: errors of means and quantiles.

A posterior's particles carry weights, so a thousand of them may be worth two hundred.
What is read off them has a Monte Carlo error, which the ends of an interval show most.
The errors here are those of self-normalised importance sampling. They take particles as
independent: parents that particles share, and tolerances that were chosen from them,
make the true error somewhat larger.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]

ONE_ERROR: Final = (0.1586553, 0.8413447)
"""Shares of a normal distribution one standard error below and above its middle."""


def weighted_quantile(values: Floats, weights: Floats, share: float) -> float:
    """Return the value below which a share of the weights lies.

    Parameters
    ----------
    values
        Shape (particles,).
    weights
        They add up to 1; shape (particles,).
    share
        0 to 1.

    Examples
    --------
    >>> weighted_quantile(np.array([1.0, 2.0, 4.0]), np.array([0.25, 0.5, 0.25]), 0.5)
    2.0
    """
    order = np.argsort(values, kind="stable")
    cumulated = np.cumsum(weights[order]) - 0.5 * weights[order]
    return float(np.interp(share, cumulated, values[order]))


def kish(weights: Floats) -> float:
    """Return Kish's effective number of weighted particles.

    >>> kish(np.array([0.5, 0.5, 0.0]))
    2.0
    """
    return float(1.0 / (weights**2).sum())


def mean_error(values: Floats, weights: Floats) -> float:
    r"""Return the standard error of a weighted mean, in the unit of the values.

    Notes
    -----
    :math:`\sqrt{\sum_i w_i^2 (x_i - \bar x)^2}` with weights that add up to 1: the
    delta method for self-normalised importance sampling (Geweke 1989).

    Examples
    --------
    >>> mean_error(np.array([0.0, 2.0]), np.array([0.5, 0.5]))
    0.7071067811865476
    """
    off = values - weights @ values
    return float(np.sqrt(((weights * off) ** 2).sum()))


def effective_size(values: Floats, weights: Floats) -> float:
    """Return of how many independent draws the weighted mean is worth.

    It is the variance over the squared error of the mean: Kish's size when values and
    weights have nothing to do with each other, less where far values weigh much. It is
    0 where all values are equal.
    """
    off = values - weights @ values
    error = mean_error(values, weights)
    return float(weights @ off**2) / error**2 if error > 0.0 else 0.0


def quantile_ends(values: Floats, weights: Floats, share: float) -> tuple[float, float]:
    r"""Return where a weighted quantile may lie, one standard error to either side.

    Notes
    -----
    The share of the weights below the quantile has the error of a mean; the share that
    it stands for, as from so many independent draws, is read off a beta distribution
    and turned back into values (Woodruff 1952; Vehtari et al. 2021, section 4.3, whose
    form for unweighted chains is ArviZ's). No density is estimated.

    Examples
    --------
    >>> even = np.linspace(0.0, 1.0, 1001)
    >>> low, high = quantile_ends(even, np.full(1001, 1 / 1001), 0.5)
    >>> round(low, 3), round(high, 3)
    (0.484, 0.516)
    """
    from scipy.stats import beta

    at = weighted_quantile(values, weights, share)
    below = (values <= at).astype(np.float64)
    size = max(effective_size(below, weights), 1.0)
    shares = beta.ppf(ONE_ERROR, size * share + 1.0, size * (1.0 - share) + 1.0)
    low, high = (weighted_quantile(values, weights, float(s)) for s in shares)
    return min(low, at), max(high, at)


def quantile_error(values: Floats, weights: Floats, share: float) -> float:
    """Return the standard error of a weighted quantile, in the unit of the values."""
    low, high = quantile_ends(values, weights, share)
    return (high - low) / 2.0


def variance_error(values: Floats, weights: Floats) -> float:
    """Return the standard error of a weighted variance, in squared units."""
    off = (values - weights @ values) ** 2
    return mean_error(off, weights)
