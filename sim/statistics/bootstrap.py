"""Intervals by resampling replication numbers: a pair is drawn whole, or not at all.

Coupled arms share their chance, so the unit that repeats is the replication number with
what every arm made of it. A resample says how often each number was drawn; the
statistics of `sim.statistics.effect` are functions of those weights, so one set of
resamples serves all outcomes, and arms that are resampled together stay coupled.

Smooth statistics get the bias-corrected and accelerated interval (BCa): it is right to
second order, and outcomes of conflict are skewed. Its acceleration comes from the
influence of each replication, in closed form, not from a jackknife. Medians are not
smooth and get the plain percentile interval.
"""

from __future__ import annotations

from math import isfinite, nan
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.random import Generator, Philox

from sim.draws import name_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

RESAMPLES: Final = 2000
"""Resamples of an interval; its ends then carry an error of some 5 % of its width."""

_MOST_AT_ONCE: Final = 2_000_000
"""Weights held at once; it bounds memory, and no result depends on it."""


def generator(root_seed: int, *purpose: str) -> Generator:
    """Return a generator that belongs to a purpose.

    The same root_seed and names give the same numbers; other names, other numbers.
    """
    key = (root_seed, name_word("/".join(("study", *purpose))))
    return Generator(Philox(key=np.array(key, dtype=np.uint64)))


def resampled_weights(
    n: int, random: Generator, resamples: int = RESAMPLES
) -> Iterator[NDArray[np.float64]]:
    """Yield how often each of n >= 1 replications is drawn, some resamples at a time.

    Each array has shape (some, n); each of its rows sums to n.
    """
    step = max(1, _MOST_AT_ONCE // n)
    for first in range(0, resamples, step):
        some = min(step, resamples - first)
        drawn = random.integers(0, n, size=(some, n))
        drawn += np.arange(some)[:, None] * n
        counts = np.bincount(drawn.ravel(), minlength=some * n)
        yield counts.reshape(some, n).astype(float)


def bca_interval(
    estimate: float,
    resampled: NDArray[np.float64],
    influence: NDArray[np.float64],
    level: float = 0.95,
) -> tuple[float, float]:
    r"""Return the bias-corrected and accelerated interval of a smooth statistic.

    Parameters
    ----------
    estimate
        The statistic of the sample itself.
    resampled
        The statistic of each resample, shape (b,); nan where it is undefined.
    influence
        Influence of each unit of resampling on the statistic, shape (n,), up to a
        common factor.
    level
        Of the interval, 0 to 1.

    Returns
    -------
    tuple of float
        Low and high; both the estimate where nothing varies; nan where fewer than half
        of the resamples are defined.

    Notes
    -----
    With :math:`z_0 = \Phi^{-1}` of the share of resamples below the estimate (ties
    count half) and :math:`a = \sum l^3 / (6 (\sum l^2)^{3/2})` of the influences, the
    ends are the resamples' quantiles at :math:`\Phi(z_0 + (z_0 + z) / (1 - a (z_0 +
    z)))` (Efron 1987).
    """
    from scipy.special import ndtr, ndtri

    values = resampled[~np.isnan(resampled)]
    if not isfinite(estimate) or len(values) < max(2, len(resampled) / 2):
        return nan, nan
    if values.min() == values.max() == estimate:
        return estimate, estimate
    below = float((values < estimate).mean() + 0.5 * (values == estimate).mean())
    edge = 0.5 / len(values)
    bias = float(ndtri(min(max(below, edge), 1.0 - edge)))
    squares = float((influence**2).sum())
    skew = float((influence**3).sum()) / (6.0 * squares**1.5) if squares > 0.0 else 0.0
    z = float(ndtri(0.5 + level / 2.0))
    ends = [
        float(ndtr(bias + (bias + side) / (1.0 - skew * (bias + side))))
        for side in (-z, z)
    ]
    return _quantiles(values, ends[0], ends[1])


def percentile_interval(
    resampled: NDArray[np.float64], level: float = 0.95
) -> tuple[float, float]:
    """Return the interval between two quantiles of the resamples.

    nan where fewer than half of them are defined.
    """
    values = resampled[~np.isnan(resampled)]
    if len(values) < max(2, len(resampled) / 2):
        return nan, nan
    return _quantiles(values, 0.5 - level / 2.0, 0.5 + level / 2.0)


def _quantiles(
    values: NDArray[np.float64], low: float, high: float
) -> tuple[float, float]:
    """Return two quantiles; values may be infinite, so nothing is interpolated."""
    bounds = np.quantile(values, (low, high), method="closest_observation")
    return float(bounds[0]), float(bounds[1])
