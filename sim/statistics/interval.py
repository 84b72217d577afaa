"""An estimate with its interval, of a share, a median or a mean."""

from __future__ import annotations

from math import ceil, floor, nan, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from sim.statistics.mean_interval import own_interval

if TYPE_CHECKING:
    from numpy.typing import NDArray


def interval(
    values: NDArray[np.float64], aggregate: str, level: float
) -> tuple[float, float, float]:
    """Return an estimate and its interval; nan where there are too few values."""
    if aggregate == "proportion":
        return wilson(float(values.sum()), len(values), level)
    if aggregate == "median":
        return median_interval(values, level)
    if not len(values):
        return nan, nan, nan
    mean = float(values.mean())
    if len(values) < 2:
        return mean, nan, nan
    return mean, *own_interval(values, level)


def wilson(successes: float, n: int, level: float = 0.95) -> tuple[float, float, float]:
    """Return a share and its Wilson score interval.

    >>> [round(x, 4) for x in wilson(0, 10)]
    [0.0, 0.0, 0.2775]
    """
    if n == 0:
        return nan, nan, nan
    z, share = _z(level), successes / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return share, max(0.0, centre - half), min(1.0, centre + half)


def median_interval(
    values: NDArray[np.float64], level: float = 0.95
) -> tuple[float, float, float]:
    """Return the median and an interval between two order statistics.

    Their ranks are ``n / 2 -+ z sqrt(n) / 2``, widened to whole numbers; nan where
    those lie outside the sample.
    """
    n = len(values)
    if n == 0:
        return nan, nan, nan
    ordered = np.sort(values)
    half = _z(level) * sqrt(n) / 2
    low, high = floor(n / 2 - half), ceil(n / 2 + half) + 1  # ranks from 1
    return (
        float(np.median(values)),
        float(ordered[low - 1]) if low >= 1 else nan,
        float(ordered[high - 1]) if high <= n else nan,
    )


def _z(level: float) -> float:
    """Return the normal quantile of a two-sided interval."""
    return NormalDist().inv_cdf(0.5 + level / 2)
