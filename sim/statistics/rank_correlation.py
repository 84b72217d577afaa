"""Spearman's rank correlation with an interval."""

from __future__ import annotations

from math import atanh, nan, sqrt, tanh
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
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
