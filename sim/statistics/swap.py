"""Tests by swapping: if the policy changes nothing, which arm is which is a toss.

Under no difference the two members of a pair may change places without changing the
law of the sample. So the test swaps them at random, pair by pair, and asks how often
a difference as large as the one found comes out. It is exact whatever the outcome's
distribution, and it also tells how large a distance between two distributions noise
alone would make.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.random import Generator
    from numpy.typing import NDArray

SWAPS: Final = 2000
_ALL_SIGNS_UP_TO: Final = 10
"""Pairs that differ, up to which every way of swapping is tried."""
_MOST_AT_ONCE: Final = 2_000_000


def swap_test(
    differences: NDArray[np.float64], random: Generator, swaps: int = SWAPS
) -> float:
    """Return the p-value of no mean difference within pairs, two-sided.

    Parameters
    ----------
    differences
        Arm minus reference in each pair, shape (n,), finite.
    random
        Where the swaps come from; not used when at most 10 pairs differ.
    swaps
        How many at random.

    Returns
    -------
    float
        In (0, 1]. Of all swaps when at most 10 pairs differ, else ``(1 + those as
        large) / (1 + swaps)``.

    Examples
    --------
    Three pairs, all in one direction: 2 of 8 ways are as extreme.

    >>> swap_test(np.array([1.0, 2.0, 0.5, 0.0]), np.random.default_rng(0))
    0.25
    """
    differing = differences[differences != 0.0]
    if not len(differing):
        return 1.0
    observed = abs(float(differing.sum()))
    least = observed - 1e-9 * float(np.abs(differing).sum())  # sums in another order
    if len(differing) <= _ALL_SIGNS_UP_TO:
        signs = np.array(list(product((-1.0, 1.0), repeat=len(differing))))
        return float((np.abs(signs @ differing) >= least).mean())
    as_large = sum(
        int((np.abs(signs @ differing) >= least).sum())
        for signs in random_signs(len(differing), random, swaps)
    )
    return (1 + as_large) / (1 + swaps)


def random_signs(
    n: int, random: Generator, swaps: int = SWAPS
) -> Iterator[NDArray[np.float64]]:
    """Yield signs, -1 where a pair is swapped, shape (some, n), some at a time."""
    step = max(1, _MOST_AT_ONCE // n)
    for first in range(0, swaps, step):
        some = min(step, swaps - first)
        yield 2.0 * random.integers(0, 2, size=(some, n)).astype(float) - 1.0


def distance_floor(
    reference: NDArray[np.float64],
    arm: NDArray[np.float64],
    random: Generator,
    *,
    coupled: bool,
    swaps: int = 500,
    share: float = 0.95,
) -> tuple[float, float]:
    """Return what noise alone makes of the two distances between distributions.

    Parameters
    ----------
    reference, arm
        Finite values, shapes (n,) and (m,); row by row of a pair when coupled. Then
        pairs are swapped; else all values are dealt anew to the two arms.
    random
        Where the swaps come from.
    share
        Which quantile of the distances under swapping.

    Returns
    -------
    tuple of float
        Kolmogorov-Smirnov (0 to 1) and Wasserstein (the outcome's unit) distance that
        this share of swaps stays below. A distance is never negative, so its interval
        could not show "none": compare with this floor instead.
    """
    n, m = len(reference), len(arm)
    if coupled:  # pairs that agree cancel, whichever way they lie
        differs = reference != arm
        reference, arm = reference[differs], arm[differs]
    pooled = np.concatenate([reference, arm])
    grid, place = np.unique(pooled, return_inverse=True)
    if len(grid) < 2:
        return 0.0, 0.0
    order = np.argsort(place, kind="stable")
    starts = np.searchsorted(place[order], np.arange(len(grid)))
    gaps = np.diff(grid)
    distances: list[NDArray[np.float64]] = []
    labels = _swapped(len(reference), n, random, swaps) if coupled else None
    for signs in labels or _dealt_anew(n, m, random, swaps):
        steps = np.add.reduceat(signs[:, order], starts, axis=1)
        apart = np.abs(np.cumsum(steps, axis=1)[:, :-1])
        distances.append(np.stack([apart.max(axis=1), apart @ gaps]))
    both = np.quantile(np.concatenate(distances, axis=1), share, axis=1)
    return float(both[0]), float(both[1])


def _swapped(
    n_differing: int, n: int, random: Generator, swaps: int
) -> Iterator[NDArray[np.float64]]:
    """Yield the weight of each pooled value, of pairs swapped: 1/n or -1/n."""
    for signs in random_signs(n_differing, random, swaps):
        yield np.concatenate([signs, -signs], axis=1) / n


def _dealt_anew(
    n: int, m: int, random: Generator, swaps: int
) -> Iterator[NDArray[np.float64]]:
    """Yield the weight of each pooled value, of values dealt anew: 1/n or -1/m."""
    weights = np.concatenate([np.full(n, 1.0 / n), np.full(m, -1.0 / m)])
    step = max(1, _MOST_AT_ONCE // (n + m))
    for first in range(0, swaps, step):
        some = min(step, swaps - first)
        yield random.permuted(np.tile(weights, (some, 1)), axis=1)
