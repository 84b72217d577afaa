"""Spearman's rank correlation with an interval."""

from __future__ import annotations

from math import atanh, nan, sqrt, tanh
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


def rank_correlation(
    x: NDArray[np.float64], y: NDArray[np.float64], level: float = 0.95
) -> tuple[float, float, float]:
    r"""Return Spearman's rank correlation and the ends of its interval.

    Parameters
    ----------
    x, y
        Shape (n,); pairs in which either is nan are left out.
    level
        Of the interval, 0 to 1.

    Returns
    -------
    tuple of float
        Correlation, low, high, each -1 to 1; nan of fewer than 5 pairs, or where
        either never varies.

    Notes
    -----
    Fisher's transform with the standard error :math:`\sqrt{1.06 / (n - 3)}` of
    Fieller, Hartley and Pearson (1957).

    Examples
    --------
    >>> rho, low, high = rank_correlation(np.arange(20.0), np.arange(20.0) ** 3)
    >>> round(rho, 2), low > 0.99
    (1.0, True)
    """
    from scipy.stats import norm, spearmanr

    defined = ~(np.isnan(x) | np.isnan(y))
    x, y = x[defined], y[defined]
    n = len(x)
    if n < 5 or np.ptp(x) == 0.0 or np.ptp(y) == 0.0:
        return nan, nan, nan
    ranked: Any = spearmanr(x, y)
    rho = float(ranked.statistic)
    z = atanh(min(max(rho, -0.999), 0.999))
    half = float(norm.ppf((1.0 + level) / 2.0)) * sqrt(1.06 / (n - 3))
    return rho, tanh(z - half), tanh(z + half)


def correlated(
    columns: Mapping[str, NDArray[np.float64]], y: NDArray[np.float64]
) -> tuple[list[tuple[str, float]], float]:
    """Return which of several columns a sample rises or falls with, the first first.

    Parameters
    ----------
    columns
        By name, each of the sample's shape (n,).
    y
        The sample.

    Returns
    -------
    list of tuple, float
        Names and rank correlations whose intervals leave out 0 at a level that 5 % are
        shared for (Bonferroni); and the least correlation that a column shows with a
        power of 80 %.
    """
    level = 1.0 - 0.05 / max(len(columns), 1)
    named: list[tuple[str, float]] = []
    for name, x in columns.items():
        rho, low, high = rank_correlation(x, y, level)
        if low * high > 0.0:
            named.append((name, rho))
    named.sort(key=lambda one: -abs(one[1]))
    return named, detectable_correlation(len(y), level)


def detectable_correlation(n: int, level: float = 0.95, power: float = 0.8) -> float:
    r"""Return the least rank correlation that a sample shows with this power.

    That is, whose interval of `rank_correlation` then leaves out 0.

    Parameters
    ----------
    n
        Pairs, 4 or more.
    level
        Of the interval, 0 to 1.
    power
        Probability of showing it, 0 to 1.

    Returns
    -------
    float
        Its size, 0 to 1.

    Notes
    -----
    :math:`\tanh((z_{(1+\mathrm{level})/2} + z_{\mathrm{power}})\sqrt{1.06/(n-3)})`.

    Examples
    --------
    >>> round(detectable_correlation(100), 2)
    0.28
    """
    from scipy.stats import norm

    z = float(norm.ppf((1.0 + level) / 2.0)) + float(norm.ppf(power))
    return tanh(z * sqrt(1.06 / (n - 3)))
