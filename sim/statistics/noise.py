"""What chance adds to a mean over coupled replications, and to its variance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def noise_of_mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the variance of the mean over the last axis; nan for one replication."""
    n = values.shape[-1]
    if n < 2:
        return np.full(values.shape[:-1], np.nan)
    return values.var(axis=-1, ddof=1) / n


def variances(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the variance that the factors make, and what chance adds to it.

    Coupled replications share much of their chance between points, and what is shared
    moves all points alike: only the rest, which is left when point and replication are
    both taken off, adds to the variance between points.
    """
    n_points, n = values.shape
    seen = float(values.mean(axis=1).var(ddof=1))
    if n < 2:
        return seen, float("nan")
    rest = values - values.mean(axis=1, keepdims=True) - values.mean(axis=0)
    rest = rest + values.mean()
    left = float((rest**2).sum()) / ((n_points - 1) * (n - 1)) / n
    return max(seen - left, 0.0), left
