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
from typing import TYPE_CHECKING

from sim.statistics.interval import wilson
from sim.statistics.mean_interval import (
    mean_interval,
    ratio_interval,
    unrelated_distance,
)

if TYPE_CHECKING:
    import numpy as np
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
    rate: float = nan
    """Share of pairs in which it happened with the cause."""
    rate_without: float = nan
    """The same without it."""
    share: float = nan
    """The probability under this coupling; nan where `n_happened` is 0."""
    low: float = nan
    """Lower end of its interval: Wilson's."""
    high: float = nan
    bound_low: float = nan
    """The least that it can be under any coupling."""
    bound_high: float = nan
    bounds_from: float = nan
    """Lower end of the interval of `bound_low`."""
    bounds_to: float = nan
    """Upper end of the interval of `bound_high`."""


def necessity_of(
    happened: NDArray[np.bool_],
    happened_without: NDArray[np.bool_],
    level: float = 0.95,
) -> Necessity:
    """Return how often what happened with a cause would not have without it.

    Parameters
    ----------
    happened
        Of each pair, whether it happened with the cause, shape (n,).
    happened_without
        The same without it.
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

    >>> import numpy as np
    >>> with_it = np.repeat([True, False], 4)
    >>> without = np.array([True] + [False] * 6 + [True])
    >>> needed = necessity_of(with_it, without)
    >>> needed.share, needed.bound_low, needed.bound_high
    (0.75, 0.5, 1.0)
    """
    n, n_happened = len(happened), int(happened.sum())
    if n == 0:
        return Necessity(n=0, n_happened=0)
    share, low, high = nan, nan, nan
    if n_happened:
        gone = int((happened & ~happened_without).sum())
        share, low, high = wilson(gone, n_happened, level)
    p, q = happened.astype(float), happened_without.astype(float)
    bound_low, bound_high = bounds(float(p.mean()), float(q.mean()))
    bounds_from = bounds_to = nan
    if n_happened:
        # The bounds are 1 - q / p and (1 - q) / p, cut off at 0 and 1.
        bounds_from = max(0.0, 1.0 - _share_ratio(p, q, level)[1])
        bounds_to = min(1.0, _share_ratio(p, 1.0 - q, level)[1])
    return Necessity(
        n=n,
        n_happened=n_happened,
        rate=float(p.mean()),
        rate_without=float(q.mean()),
        share=share,
        low=low,
        high=high,
        bound_low=bound_low,
        bound_high=bound_high,
        bounds_from=bounds_from,
        bounds_to=bounds_to,
    )


def sufficiency_of(
    happened: NDArray[np.bool_],
    happened_with: NDArray[np.bool_],
    level: float = 0.95,
) -> Necessity:
    """Return how often what did not happen would have with a cause put in.

    `rate` and `rate_without` of what is returned are shares in which it did **not**
    happen, as it was and with the cause.
    """
    return necessity_of(~happened, ~happened_with, level)


def bounds(p: float, q: float) -> tuple[float, float]:
    """Return the bounds of a probability of necessity by its margins; nan at p = 0.

    >>> bounds(0.5, 0.25)
    (0.5, 1.0)
    """
    if p == 0.0:
        return nan, nan
    return max(0.0, (p - q) / p), min(1.0, (1.0 - q) / p)


def _share_ratio(p: Floats, q: Floats, level: float) -> tuple[float, float]:
    """Return the interval of the ratio of the means of two columns of 0 and 1."""
    return ratio_interval(
        lambda ratio: mean_interval(
            q - ratio * p, (ratio, 1.0), level=level, are_sizes_known=True
        )
    )


def share_gone(
    own: Floats, other: Floats, level: float = 0.95
) -> tuple[float, float, float]:
    """Return the share of a count that is gone in the other of two worlds.

    Parameters
    ----------
    own
        The count in each world with the cause, whole numbers, shape (n,), >= 0.
    other
        The same in the world without it.
    level
        Of the interval, 0 to 1.

    Returns
    -------
    tuple of float
        Share, low and high; all below 1, and below 0 where there is more in the other.
        Low is -inf where the count is so rare that it may have been as good as none.
        All nan where there is none, or no pair.

    Notes
    -----
    One less the ratio of the means, whose interval is Fieller's, by
    `sim.statistics.mean_interval`: pairs that never differ do not show that none does.

    Examples
    --------
    Nothing differs in 40 pairs; some 5 % of the count may yet:

    >>> import numpy as np
    >>> share, low, high = share_gone(np.ones(40), np.ones(40))
    >>> share, -0.1 < low < -0.03, 0.03 < high < 0.1
    (0.0, True, True)
    """
    if not own.any():
        return nan, nan, nan
    share = 1.0 - float(other.sum() / own.sum())
    # What differs does so by one at least.
    apart = max(1.0, unrelated_distance(own, other))
    low, high = ratio_interval(
        lambda ratio: mean_interval(
            other - ratio * own,
            (ratio * apart, apart),
            level=level,
            are_sides_alike=False,
        )
    )
    return share, 1.0 - high, 1.0 - low
