"""Which arm comes first, over what the parameters may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.ensemble.summary import wilson

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


@dataclass(frozen=True)
class Rank:
    """How often one arm comes first on an outcome."""

    arm: str
    share: float
    """Share of the draws in which it comes first, ties shared equally, 0 to 1."""
    low: float
    """Wilson's interval."""
    high: float
    clear_share: float
    """Share of the draws in which it leads the next by more than 2 standard errors of
    the paired difference within the draw: the rest may be chance."""


def rank_arms(
    values: Mapping[str, NDArray[np.float64]],
    *,
    lowest_first: bool = True,
    level: float = 0.95,
) -> list[Rank]:
    """Return how often each arm comes first, in the order of the arms.

    Parameters
    ----------
    values
        By arm: an outcome, one row a draw, one column a replication, shape (K, M); the
        same draws and replications in every arm; M >= 2.
    lowest_first
        Whether the arm with the lowest mean of a draw comes first.
    level
        Of the intervals.

    Examples
    --------
    >>> a, b = np.array([[1.0, 1.0], [5.0, 5.0]]), np.array([[2.0, 2.0], [5.0, 5.0]])
    >>> [rank.share for rank in rank_arms({"a": a, "b": b})]
    [0.75, 0.25]
    """
    sign = 1.0 if lowest_first else -1.0
    names = list(values)
    whole = sign * np.stack([values[name] for name in names])
    means = whole.mean(axis=2)
    best = means == means.min(axis=0)
    shared = best / best.sum(axis=0)
    leader = np.argmin(means, axis=0)
    clear = _leads_clearly(whole, leader)
    n = means.shape[1]
    found: list[Rank] = []
    for place, name in enumerate(names):
        share, low, high = wilson(float(shared[place].sum()), n, level)
        is_clear = float((clear & (leader == place)).mean())
        found.append(Rank(name, share, low, high, is_clear))
    return found


def _leads_clearly(
    whole: NDArray[np.float64], leader: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Tell in which draws the first leads every other by over 2 standard errors."""
    n_arms, n, m = whole.shape
    of_leader = whole[leader, np.arange(n)]
    clear = np.ones(n, dtype=bool)
    for place in range(n_arms):
        behind = whole[place] - of_leader
        error = behind.std(axis=1, ddof=1) / np.sqrt(m)
        clear &= (leader == place) | (
            (behind.mean(axis=1) > 2.0 * error) & (behind.mean(axis=1) > 0.0)
        )
    return clear
