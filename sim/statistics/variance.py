"""The error budget: what an answer owes to chance, and what to unknown parameters.

K parameter draws, shared by all arms, times M replications within each draw.
A nested analysis of variance splits what varies: *between* draws, because the
parameters are not known, and *within* a draw, because the world is random. More
replications shrink the second only; no number of replications shrinks the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import nan, sqrt
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.errors import StudyError
from sim.statistics.bootstrap import (
    RESAMPLES,
    bca_interval,
    generator,
    resampled_weights,
)
from sim.statistics.effect import Estimate
from sim.statistics.mean_interval import mean_interval

if TYPE_CHECKING:
    from collections.abc import Iterable

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


FEWEST_DRAWS: Final = 30
"""Below it no interval is given."""

_MOST_KEPT: Final = 2_000_000
"""Weights of resamples that are kept for the next outcome: 16 MB."""


@dataclass(frozen=True)
class ErrorBudget:
    """How much of what varies comes from where, for one outcome or difference."""

    n_draws: int
    n_replications: int
    """Within each draw."""
    mean: Estimate
    """Over draws and replications. Its interval holds Monte Carlo error and the error
    of having drawn K sets of parameters only."""
    between: Estimate
    """Variance between draws: of the expected value, as the parameters vary. It may
    come out below 0 when there is little of it."""
    within: Estimate
    """Variance between replications of one draw."""
    low: float
    """2.5 % quantile of the expected value over what the parameters may be: of the
    draws' means, each brought nearer to the middle by what chance adds to their
    spread."""
    high: float
    """97.5 % quantile of the same."""

    @property
    def is_resolved(self) -> bool:
        """Whether the spread between draws can be told from chance."""
        return self.between.low > 0.0

    @property
    def parameter_share(self) -> float:
        """Share of one replication's variance that unknown parameters make, 0 to 1."""
        between = max(self.between.value, 0.0)
        total = between + self.within.value
        return between / total if total > 0.0 else nan


def nested_variance(values: NDArray[np.float64]) -> tuple[float, float]:
    r"""Return the variance between draws and within them.

    Parameters
    ----------
    values
        One row a draw, one column a replication, shape (K, M), finite; K, M >= 2.

    Returns
    -------
    tuple of float
        Between and within, the outcome's unit squared; unbiased, so the first may be
        negative.

    Notes
    -----
    With :math:`\mathrm{MSB} = M \operatorname{var}(\bar y_k)` and MSW the mean of the
    variances within draws, between is :math:`(\mathrm{MSB} - \mathrm{MSW}) / M`.

    Examples
    --------
    >>> nested_variance(np.array([[0.0, 2.0], [4.0, 6.0]]))
    (7.0, 2.0)
    """
    within = float(values.var(axis=1, ddof=1).mean())
    between = float(values.mean(axis=1).var(ddof=1)) - within / values.shape[1]
    return between, within


def _weights(k: int, root_seed: int, resamples: int) -> Iterable[NDArray[np.float64]]:
    """Return how often each draw is in each resample, some resamples at a time."""
    return resampled_weights(k, generator(root_seed, "draws"), resamples)


@lru_cache(maxsize=2)
def _cached_weights(
    k: int, root_seed: int, resamples: int
) -> tuple[NDArray[np.float64], ...]:
    """Return the same for the next outcome too: drawing them takes most of the time."""
    return tuple(_weights(k, root_seed, resamples))


def mean_over_draws(
    means: NDArray[np.float64],
    unseen: float | tuple[float, float] | None = None,
    *,
    level: float = 0.95,
) -> Estimate:
    """Return the mean over draws with its interval.

    `means` has the mean of each draw, shape (K,); `unseen` is as in `error_budget`.
    """
    middle = float(means.mean())
    if unseen is None:
        unseen = 2.0 * float(np.ptp(means)) or max(1.0, abs(middle))
    return Estimate("mean", middle, *mean_interval(means, unseen, level=level))


def error_budget(
    values: NDArray[np.float64],
    root_seed: int,
    *,
    level: float = 0.95,
    resamples: int = RESAMPLES,
    unseen: float | tuple[float, float] | None = None,
) -> ErrorBudget:
    """Split what varies into parameters and chance, with intervals.

    Parameters
    ----------
    values
        One row a draw, one column a replication, shape (K, M), finite.
    root_seed
        The study's; the resamples of draws are keyed by it.
    level
        Of the intervals, 0 to 1.
    resamples
        How many.
    unseen
        How far from their median a draw's mean may lie that none was seen of, as in
        `sim.statistics.mean_interval.mean_interval`; two ranges of what was seen when
        None, and at least 1 where nothing varies.

    Raises
    ------
    StudyError
        With fewer than 30 draws, or one replication a draw: parameters and chance
        could then not be told apart.
    """
    k, m = values.shape
    if m < 2:
        message = (
            f"{m} replication a draw: parameters and chance cannot be told apart; at "
            "least 2 are needed"
        )
        raise StudyError(message)
    if k < FEWEST_DRAWS:
        message = f"{k} draws; an interval needs at least {FEWEST_DRAWS}"
        raise StudyError(message)
    means, variances = values.mean(axis=1), values.var(axis=1, ddof=1)
    between, within = nested_variance(values)
    middle = float(means.mean())
    parts: list[NDArray[np.float64]] = []
    several = k * resamples <= _MOST_KEPT
    for weights in (_cached_weights if several else _weights)(k, root_seed, resamples):
        at = weights @ means / k
        squares = weights @ means**2 / k - at**2
        inside = weights @ variances / k
        # k / (k - 1) twice: a sample's own variance, and a resample has ties.
        outside = squares * (k / (k - 1)) ** 2 - inside / m
        parts.append(np.stack([outside, inside]))
    resampled = np.concatenate(parts, axis=1)
    apart = (means - middle) ** 2 - variances / m
    components = [
        Estimate(
            name, value, *bca_interval(value, row, influence - influence.mean(), level)
        )
        for name, value, row, influence in (
            ("between_draws", between, resampled[0], apart),
            ("within_draws", within, resampled[1], variances),
        )
    ]
    seen = float(means.var(ddof=1))
    nearer = sqrt(max(between, 0.0) / seen) if seen > 0.0 else 0.0
    low, high = (
        middle + nearer * (float(at) - middle)
        for at in np.quantile(means, (0.025, 0.975))
    )
    mean = mean_over_draws(means, unseen, level=level)
    return ErrorBudget(
        n_draws=k,
        n_replications=m,
        mean=mean,
        between=components[0],
        within=components[1],
        low=low,
        high=high,
    )
