r"""Was it necessary? From what happened in pairs of worlds with and without a cause.

Of pairs in which something happened with the cause, the share in which it does not
without it is the probability of necessity **under the coupling** of the pairs: which
pairs go together is the engine's doing. What holds **under any coupling** hangs on the
two margins only, :math:`p` with and :math:`q` without the cause (Tian and Pearl 2000,
where the cause is as good as chosen at random; Fréchet's bounds):

.. math:: \max\left(0, \frac{p - q}{p}\right) \le PN \le
          \min\left(1, \frac{1 - q}{p}\right)

The probability of sufficiency is the same of what did not happen: of pairs in which
nothing happened without the cause, the share in which it does with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.statistics.bootstrap import (
    RESAMPLES,
    generator,
    percentile_interval,
    resampled_weights,
)
from sim.statistics.interval import wilson

FEWEST: Final = 30
"""Pairs below which nothing is resampled: bounds and counts get no interval."""

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Necessity:
    """A probability of necessity, or of sufficiency, with what it rests on."""

    n: int
    """Pairs."""
    n_happened: int
    """Of these, in which it happened with the cause (for sufficiency: did not without
    it); nothing is known of the probability where it is 0."""
    rate: float
    """Share of pairs in which it happened with the cause."""
    rate_without: float
    """The same without it."""
    share: float
    """The probability under this coupling; nan where `n_happened` is 0."""
    low: float
    """Lower end of its interval: Wilson's."""
    high: float
    bound_low: float
    """The least that it can be under any coupling."""
    bound_high: float
    bounds_from: float
    """Lower end of the interval of `bound_low`; nan of fewer than `FEWEST` pairs."""
    bounds_to: float
    """Upper end of the interval of `bound_high`."""


def necessity_of(
    happened: NDArray[np.bool_],
    happened_without: NDArray[np.bool_],
    root_seed: int,
    level: float = 0.95,
) -> Necessity:
    """Return how often what happened with a cause would not have without it.

    Parameters
    ----------
    happened
        Of each pair, whether it happened with the cause, shape (n,).
    happened_without
        The same without it.
    root_seed
        Of the resamples by which the bounds get their intervals.
    level
        Of the intervals, 0 to 1.

    Returns
    -------
    Necessity
        All nan but the counts where there is no pair.

    Examples
    --------
    Three of four that happened do not without the cause; with any coupling at least
    half of them, since a quarter of the pairs in place of a half has it then:

    >>> with_it = np.repeat([True, False], 4)
    >>> without = np.array([True] + [False] * 6 + [True])
    >>> found = necessity_of(with_it, without, root_seed=1)
    >>> found.share, found.bound_low, found.bound_high
    (0.75, 0.5, 1.0)
    """
    n, n_happened = len(happened), int(happened.sum())
    if n == 0:
        return Necessity(0, 0, nan, nan, nan, nan, nan, nan, nan, nan, nan)
    share, low, high = nan, nan, nan
    if n_happened:
        gone = int((happened & ~happened_without).sum())
        share, low, high = wilson(gone, n_happened, level)
    columns = np.column_stack([happened, happened_without]).astype(float)
    margins = columns.mean(axis=0)
    ends = bounds(margins[:1], margins[1:])
    bounds_from = bounds_to = nan
    if n >= FEWEST:
        weights = resampled_weights(n, generator(root_seed, "necessity"), RESAMPLES)
        every = np.concatenate([some @ columns / n for some in weights])
        lows, highs = bounds(every[:, 0], every[:, 1])
        bounds_from = percentile_interval(lows, level)[0]
        bounds_to = percentile_interval(highs, level)[1]
    return Necessity(
        n=n,
        n_happened=n_happened,
        rate=float(margins[0]),
        rate_without=float(margins[1]),
        share=share,
        low=low,
        high=high,
        bound_low=float(ends[0][0]),
        bound_high=float(ends[1][0]),
        bounds_from=bounds_from,
        bounds_to=bounds_to,
    )


def sufficiency_of(
    happened: NDArray[np.bool_],
    happened_with: NDArray[np.bool_],
    root_seed: int,
    level: float = 0.95,
) -> Necessity:
    """Return how often what did not happen would have with a cause put in.

    `rate` and `rate_without` of what is returned are shares in which it did **not**
    happen, as it was and with the cause.
    """
    return necessity_of(~happened, ~happened_with, root_seed, level)


def bounds(p: Floats, q: Floats) -> tuple[Floats, Floats]:
    """Return the bounds of a probability of necessity by its margins; nan at p = 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.where(p > 0.0, np.maximum(0.0, (p - q) / p), nan)
        high = np.where(p > 0.0, np.minimum(1.0, (1.0 - q) / p), nan)
    return low, high
