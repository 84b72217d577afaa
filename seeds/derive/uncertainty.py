"""How unsure a statistic of a short record is: exact where theory is, else resampled.

Counts are read as Poisson, shares as binomial. Both ignore clustering, which the
record neither shows nor excludes. Resampling uses Python's own generator, whose
stream is the same in every version.
"""

import math
import random
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from record import DECIMALS, Statistic
from scipy import stats

N_RESAMPLES = 4000
ROOT_SEED = 20200705
TAIL = 0.025

Floats = NDArray[np.float64]
Measure = Callable[[Floats], Floats]
"""From samples, one a row, to one number a row."""


def rounded(
    value: float, error: float, low: float, high: float, n: int, method: str
) -> Statistic:
    """Round every number of a statistic to the places that are published."""
    value, error, low, high = (round(x, DECIMALS) for x in (value, error, low, high))
    return Statistic(value, error, low, high, n, method)


def poisson_count(count: int, scale: float = 1.0, n: int | None = None) -> Statistic:
    """Read a count as Poisson, with Garwood's exact interval.

    Parameters
    ----------
    count
        Incidents counted, >= 0.
    scale
        Factor from the count to the statistic, such as months per period.
    n
        Observations to report; the count itself where not given.

    Returns
    -------
    Statistic
        The scaled count. The standard error is that of the Jeffreys posterior,
        ``sqrt(count + 1/2)``, so that a count of zero is not thought certain.
    """
    low = float(stats.chi2.ppf(TAIL, 2 * count)) / 2 if count else 0.0
    high = float(stats.chi2.ppf(1 - TAIL, 2 * count + 2)) / 2
    error = math.sqrt(count + 0.5)
    size = count if n is None else n
    how = "Poisson: Jeffreys standard error, exact 95 % interval"
    return rounded(count * scale, error * scale, low * scale, high * scale, size, how)


def binomial_share(hits: int, n: int) -> Statistic:
    """Read a share as binomial, with the exact interval of Clopper and Pearson.

    Returns
    -------
    Statistic
        ``hits / n``. The standard error is the deviation of the Jeffreys posterior
        Beta(hits + 1/2, n - hits + 1/2), so that 0 of n is not thought certain.
    """
    low = float(stats.beta.ppf(TAIL, hits, n - hits + 1)) if hits else 0.0
    high = float(stats.beta.ppf(1 - TAIL, hits + 1, n - hits)) if hits < n else 1.0
    error = float(stats.beta.std(hits + 0.5, n - hits + 0.5))
    how = "binomial: Jeffreys standard error, exact 95 % interval"
    return rounded(hits / n, error, low, high, n, how)


def compound_sum(amounts: Sequence[float]) -> Statistic:
    """Sum amounts that came with a Poisson number of attacks.

    Notes
    -----
    The variance of a compound Poisson sum is the expected sum of squares; the
    observed sum of squares estimates it without bias. The interval is normal,
    cut off at zero, and rough where few attacks hold most of the sum.
    """
    value = sum(amounts)
    error = math.sqrt(sum(x * x for x in amounts))
    reach = float(stats.norm.ppf(1 - TAIL)) * error
    how = "compound Poisson: standard error, normal 95 % interval"
    return rounded(
        value, error, max(0.0, value - reach), value + reach, len(amounts), how
    )


def weighted_counts(weights: Sequence[float], least: float) -> Statistic:
    """Add up weights, of which each came with one of a Poisson number of attacks.

    Parameters
    ----------
    weights
        What each attack adds to the statistic; its sign may be either.
    least
        Sum of squares of what half an attack more on each side would add.

    Notes
    -----
    The variance of such a sum is the expected sum of squared weights. Half an attack is
    added on each side, as Jeffreys does, so that no attacks are not thought certain.
    """
    value = sum(weights)
    error = math.sqrt(sum(x * x for x in weights) + least)
    reach = float(stats.norm.ppf(1 - TAIL)) * error
    how = "weighted Poisson: Jeffreys standard error, normal 95 % interval"
    return rounded(value, error, value - reach, value + reach, len(weights), how)


def resampled(sample: Sequence[float], measure: Measure, how: str) -> Statistic:
    """Bootstrap a measure of a sample of independent observations."""
    values = np.asarray(sample, dtype=np.float64)
    stream = random.Random(ROOT_SEED)
    size = len(values)
    picks = [int(stream.random() * size) for _ in range(N_RESAMPLES * size)]
    return _from_members(
        float(measure(values[np.newaxis, :])[0]),
        measure(values[np.array(picks).reshape(N_RESAMPLES, size)]),
        size,
        how,
    )


def uniform_moments(
    value: float, n: int, span: float, measure: Measure, how: str
) -> Statistic:
    """Spread of a measure were n moments scattered evenly over whole days.

    Parameters
    ----------
    value
        The measure of the record itself.
    n, span
        Number of moments, and days over which they may fall.
    measure
        Takes the sorted days, shape (samples, n).
    """
    stream = random.Random(ROOT_SEED)
    moments = [float(int(stream.random() * span)) for _ in range(N_RESAMPLES * n)]
    days = np.sort(np.array(moments).reshape(N_RESAMPLES, n), axis=1)
    return _from_members(value, measure(days), n, how)


def correlation(pairs: Sequence[tuple[float, float]]) -> Statistic:
    """Correlate pairs, with Fisher's interval: normal in ``artanh r``."""
    columns = np.array(pairs, dtype=np.float64).T
    value, size = float(np.corrcoef(columns)[0, 1]), len(pairs)
    reach = float(stats.norm.ppf(1 - TAIL)) / math.sqrt(size - 3)
    low, high = (math.tanh(math.atanh(value) + sign * reach) for sign in (-1, 1))
    error = (1 - value * value) / math.sqrt(size - 3)
    how = "correlation: Fisher's standard error and 95 % interval"
    return rounded(value, error, low, high, size, how)


def few_values(values: Sequence[float]) -> Statistic:
    """Average a handful of delays, and show their range for an interval.

    Notes
    -----
    Two moments that are known to the day are each anywhere in their day, so what lies
    between them has a triangular distribution over a day either way, of deviation
    ``sqrt(1/6)``. The standard error is never below that; and a single delay has the
    middle 95 % of it for an interval, ``1 - sqrt(0.05)`` days either way, cut off at 0.
    """
    size = len(values)
    resolution = math.sqrt(1 / 6)
    spread = float(np.std(values, ddof=1)) if size > 1 else 0.0
    error = max(spread, resolution) / math.sqrt(size)
    low, high = min(values), max(values)
    how = "mean of few values: spread or resolution of a day, interval is the range"
    if size == 1:
        reach = 1 - math.sqrt(2 * TAIL)
        low, high = max(0.0, low - reach), high + reach
        how = "one value: both moments anywhere in their day, 95 % interval"
    return rounded(sum(values) / size, error, low, high, size, how)


def _from_members(value: float, members: Floats, n: int, how: str) -> Statistic:
    low, high = np.quantile(members, (TAIL, 1 - TAIL))
    error = float(np.std(members, ddof=1))
    return rounded(value, error, float(low), float(high), n, how)
