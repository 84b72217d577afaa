r"""Intervals of means, also where few values stand apart from all others.

Of an outcome that hardly ever differs, or hardly ever happens, a sample holds a few
values apart from a mass of equal ones: their number is a chance count, and their size
is known from those few only. A normal or resampled interval takes both as if seen, and
is far too short; where none stands apart it has no width at all.

Here the values apart are taken as what they are: events of a weighted Poisson count.
With :math:`S` the sum of the deviations on one side of the median and :math:`V` the sum
of their squares, the limits of the expected sum are those of a gamma distribution with
the same mean and variance, :math:`S^2 / V` events of size :math:`V / S` each (Fay and
Feuer 1997). The upper one adds an event that was not seen. The sides are put together
by their squared distances (MOVER; Newcombe 1998, Zou and Donner 2008), and scaled by
what a share of a finite sample varies less than a Poisson count, from a table with one
event added on each side (as in Bonett and Price 2012 for paired shares).

Two parts are ours, chosen so that it covers (``docs/validation.md``):

- An unseen event is as large as a seen one drawn by its size, :math:`V / S`, with half
  an event of a size given beforehand put in, `unseen`: it decides where nothing, or
  hardly anything, was seen, and fades as events come.
- Events of one size are a lattice, for which the unseen event counts half (mid-p); it
  counts fully where sizes vary by half their mean or more.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, log, nan, sqrt
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.statistics.gamma import gamma_quantile

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Column = NDArray[np.float64]

_PRIOR_EVENTS: Final = 0.5
"""Events that the size given beforehand counts for."""

_LARGEST_RATIO: Final = 1e6
"""Ratios are sought between its inverse and it."""


@dataclass(frozen=True)
class _Side:
    """The values on one side of the median."""

    total: float
    """Sum of their distances."""
    squares: float
    """Sum of the squared distances."""
    size: float
    """Of an event that was not seen."""

    def limits(self, counted: float, tail: float) -> tuple[float, float]:
        """Return limits of the expected sum; `counted` is of the unseen event."""
        low = 0.0
        if self.total > 0.0:
            low = _gamma_quantile(self.total, self.squares, tail)
        total = self.total + counted * self.size
        squares = self.squares + counted * self.size**2
        if total == 0.0:
            return 0.0, 0.0
        return low, _gamma_quantile(total, squares, 1.0 - tail)


def _gamma_quantile(total: float, squares: float, share: float) -> float:
    """Return a quantile of the gamma distribution with this mean and variance."""
    return squares / total * gamma_quantile(total * total / squares, share)


def mean_interval(
    values: Column,
    unseen: float | tuple[float, float],
    *,
    level: float = 0.95,
    are_sizes_known: bool = False,
    are_sides_alike: bool = True,
) -> tuple[float, float]:
    """Return the interval of a mean.

    Parameters
    ----------
    values
        Shape (n,), finite, n >= 1.
    unseen
        How far from the median a value lies that none was seen of, > 0, in the unit of
        the values; below and above the median, where it is not the same. 0 where no
        value can lie.
    level
        Of the interval, 0 to 1.
    are_sizes_known
        Whether `unseen` is a fact, as of outcomes that are 0 or 1, and no guess that
        gives way to what is seen.

    are_sides_alike
        Whether what was seen on one side tells how large an event on the other is.

    Returns
    -------
    tuple of float
        Low and high.

    Examples
    --------
    Nothing was seen to differ in 300 pairs of shares; exact Poisson limits:

    >>> low, high = mean_interval(np.zeros(300), 1.0)
    >>> round(300 * low, 2), round(300 * high, 2)
    (-3.69, 3.69)
    """
    n = len(values)
    apart = values - float(np.median(values))
    # What rounding left of a difference of equal numbers is none.
    apart[np.abs(apart) <= 1e-12 * float(np.abs(values).max())] = 0.0
    seen = np.abs(apart[apart != 0.0])
    squares = float((seen**2).sum())
    below, above = unseen if isinstance(unseen, tuple) else (unseen, unseen)
    sides = [
        _Side(
            float(part.sum()),
            float((part**2).sum()),
            size
            if are_sizes_known
            else _unseen_size(seen if are_sides_alike else part, size),
        )
        for part, size in ((-apart[apart < 0.0], below), (apart[apart > 0.0], above))
    ]
    down, up = sides
    counted = _counted(seen)
    tail = (1.0 - level) / 2.0
    down_low, down_high = down.limits(counted, tail)
    up_low, up_high = up.limits(counted, tail)
    shift = (up.total - down.total + up.size - down.size) / (n + 2)
    spread = (squares + up.size**2 + down.size**2) / (n + 2)
    less = sqrt(max(0.0, 1.0 - shift**2 / spread)) if spread > 0.0 else 1.0
    to_low = sqrt((up.total - up_low) ** 2 + (down_high - down.total) ** 2)
    to_high = sqrt((up_high - up.total) ** 2 + (down.total - down_low) ** 2)
    mean = float(values.mean())
    return mean - less * to_low / n, mean + less * to_high / n


def _unseen_size(seen: Column, size: float) -> float:
    """Return how large an event on a side is taken to be; 0 where none can be."""
    total, squares = float(seen.sum()), float((seen**2).sum())
    if size == 0.0 or total == 0.0:
        return size
    mixed = (squares + _PRIOR_EVENTS * size**2) / (total + _PRIOR_EVENTS * size)
    return max(mixed, sqrt(squares / len(seen)))


def _counted(seen: Column) -> float:
    """Return as what part of an event the unseen one counts, 1/2 to 1."""
    if len(seen) < 2:
        return 1.0
    variation = float(seen.var()) / float(seen.mean()) ** 2
    return 0.5 + 0.5 * min(1.0, 4.0 * variation)


def own_interval(values: Column, level: float = 0.95) -> tuple[float, float]:
    """Return the interval of the mean of a sample by itself.

    A value that was not seen is taken to lie two ranges of the sample from its median;
    where the sample has one value only, as far as that is from 0, and at least 1. A
    sample without a value below 0 is of something that has none, nor has its mean.
    """
    middle, span = float(np.median(values)), float(np.ptp(values))
    unseen = 2.0 * span if span > 0.0 else max(1.0, abs(middle))
    is_from_0 = float(values.min()) >= 0.0
    below = min(unseen, middle) if is_from_0 else unseen
    low, high = mean_interval(values, (below, unseen), level=level)
    return (max(0.0, low) if is_from_0 else low), high


def unrelated_distance(reference: Column, arm: Column) -> float:
    """Return how far two worlds lie apart that have nothing in common.

    The root mean square of the difference of one value of each sample, their means
    taken off; where neither varies, the largest value, and at least 1. A pair that
    differs, when none was seen to, is taken to differ by as much.
    """
    spread = sqrt(float(reference.var() + arm.var()))
    if spread > 0.0:
        return spread
    return max(1.0, float(np.abs(reference).max()), float(np.abs(arm).max()))


def apart_interval(
    first: tuple[float, float, float], second: tuple[float, float, float]
) -> tuple[float, float]:
    """Return the interval of second minus first, two independent estimates (MOVER).

    Each is an estimate with the ends of its own interval.
    """
    a, a_low, a_high = first
    b, b_low, b_high = second
    return (
        b - a - sqrt((b - b_low) ** 2 + (a_high - a) ** 2),
        b - a + sqrt((b_high - b) ** 2 + (a - a_low) ** 2),
    )


def ratio_interval(
    difference: Callable[[float], tuple[float, float]],
) -> tuple[float, float]:
    """Return the interval of a ratio b / a from intervals of b - ratio * a (Fieller).

    Parameters
    ----------
    difference
        The interval of the mean of b - ratio * a, for a ratio.

    Returns
    -------
    tuple of float
        The ratios at which that interval holds 0; from 0 where it does at the smallest
        looked at, 1e-6, to inf where it does at 1e6. nan where it does at neither.
    """
    smallest = 1.0 / _LARGEST_RATIO
    low, high = 0.0, inf
    if difference(smallest)[1] < 0.0 or difference(_LARGEST_RATIO)[0] > 0.0:
        return nan, nan
    if difference(smallest)[0] > 0.0:
        low = _turning(lambda ratio: difference(ratio)[0] > 0.0)
    if difference(_LARGEST_RATIO)[1] < 0.0:
        high = _turning(lambda ratio: difference(ratio)[1] >= 0.0)
    return low, high


def _turning(is_below: Callable[[float], bool]) -> float:
    """Return the ratio up to which something holds, by halving."""
    low, high = -log(_LARGEST_RATIO), log(_LARGEST_RATIO)
    for _ in range(48):
        middle = (low + high) / 2.0
        if is_below(exp(middle)):
            low = middle
        else:
            high = middle
    return exp((low + high) / 2.0)
