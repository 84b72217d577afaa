"""A predictive distribution of a count: shares of 0, 1, 2, ... and a geometric tail.

Every value has a share above 0, so that the log score of whatever happens is finite.
Where the distribution is made from samples, one more sample than there are is spread
over all values for that; where it comes from a formula, the tail beyond the listed
values goes on as a geometric one.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, log1p
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Callable

Floats = np.ndarray[Any, np.dtype[np.float64]]

SMOOTHING_SAMPLES: Final = 1.0
"""Samples' worth of weight that is spread over all counts, geometrically. Of n samples
the smoothing has the share 1 / (n + 1)."""

TAIL: Final = 1e-7
"""Share below which the values of a formula are no longer listed one by one."""

_LEAST: Final = 1e-15
"""Least share of a listed value; a formula may underflow to 0."""
_LEAST_OF_SAMPLES: Final = 1e-300
"""The same where shares come of samples: far from most of them the smoothing does."""
_MOST_VALUES: Final = 20_000
_STEEPEST, _FLATTEST = 1e-6, 0.9999


@dataclass(frozen=True, slots=True)
class CountDistribution:
    """Shares of the counts 0, 1, 2, ...; every one is above 0, and they add up to 1."""

    shares: tuple[float, ...]
    """Share of each count from 0 to ``last``, above 0."""
    beyond: float
    """Share of all counts above ``last``, above 0."""
    ratio: float
    """Beyond ``last`` each count has this part of the share of the one before; inside
    (0, 1)."""

    @property
    def last(self) -> int:
        """The largest count that is listed."""
        return len(self.shares) - 1

    def share(self, count: int) -> float:
        """Return the probability of a count >= 0.

        >>> CountDistribution((0.5, 0.25), 0.25, 0.5).share(3)
        0.0625
        """
        if count <= self.last:
            return self.shares[count]
        return self.beyond * (1.0 - self.ratio) * self.ratio ** (count - self.last - 1)

    def log_share(self, count: int) -> float:
        """Return the natural logarithm of a count's probability, however small."""
        further = count - self.last - 1
        if further < 0:
            return log(self.shares[count])
        return log(self.beyond) + log1p(-self.ratio) + further * log(self.ratio)

    def up_to(self, most: int) -> Floats:
        """Return the shares of 0 to `most`, shape (most + 1,)."""
        listed = np.array(self.shares[: most + 1])
        further = np.arange(max(0, most - self.last))
        tail = self.beyond * (1.0 - self.ratio) * self.ratio**further
        return np.concatenate([listed, tail]).astype(np.float64)

    def at_most(self, count: int) -> float:
        """Return the probability of this count or a lower one; 0 below 0.

        >>> CountDistribution((0.5, 0.25), 0.25, 0.5).at_most(2)
        0.875
        """
        return float(self.up_to(count).sum()) if count >= 0 else 0.0

    @property
    def mean(self) -> float:
        """The expected count.

        >>> CountDistribution((0.5, 0.25), 0.25, 0.5).mean
        1.0
        """
        listed = float(np.arange(len(self.shares)) @ np.array(self.shares))
        return listed + self.beyond * (self.last + 1.0 / (1.0 - self.ratio))

    def quantile(self, share: float) -> int:
        """Return the least count that is not exceeded with this probability.

        >>> CountDistribution((0.5, 0.25), 0.25, 0.5).quantile(0.9)
        3
        """
        cumulated = np.cumsum(self.shares)
        at = int(np.searchsorted(cumulated, share - 1e-12))
        if at <= self.last:
            return at
        left = (1.0 - share) / self.beyond
        steps = np.ceil(np.log(max(left, 1e-300)) / np.log(self.ratio) - 1e-9)
        return self.last + max(1, int(steps))


def counts_from_samples(samples: Any) -> CountDistribution:
    """Return the smoothed distribution of sampled counts.

    Parameters
    ----------
    samples
        Whole numbers >= 0, shape (n,), n >= 1.

    Returns
    -------
    CountDistribution
        Of n samples and m of them equal to v, the share of v is
        ``(m + g(v)) / (n + 1)`` with g a geometric distribution on 0, 1, 2, ... whose
        mean is one more than that of the samples.

    Raises
    ------
    StudyError
        If there is no sample, or one is no count.

    Examples
    --------
    >>> law = counts_from_samples([0, 0, 1, 3, 0, 0, 1])
    >>> round(law.share(0), 4), round(law.share(2), 4), round(law.share(50), 12)
    (0.5461, 0.0184, 5e-12)
    """
    values = np.asarray(samples, np.float64)
    if not values.size:
        message = "a distribution of counts needs at least one sample; there is none"
        raise StudyError(message)
    bad = values[~(values >= 0.0) | (values != np.round(values))]
    if bad.size:
        message = f"{bad[0]:g} is not a count; samples must be whole and not below 0"
        raise StudyError(message)
    _require_few(float(values.max()))
    n, ratio = len(values), (values.mean() + 1.0) / (values.mean() + 2.0)
    last = int(values.max())
    seen = np.bincount(values.astype(np.int64), minlength=last + 1)
    spread = (1.0 - ratio) * ratio ** np.arange(last + 1) * SMOOTHING_SAMPLES
    shares = (seen + spread) / (n + SMOOTHING_SAMPLES)
    shares = np.maximum(shares, _LEAST_OF_SAMPLES)
    beyond = SMOOTHING_SAMPLES * ratio ** (last + 1) / (n + SMOOTHING_SAMPLES)
    beyond = max(float(beyond), _LEAST_OF_SAMPLES)
    return _rounded(shares, beyond, float(ratio))


def counts_from_formula(mass: Callable[[Floats], Floats]) -> CountDistribution:
    """Return the distribution that a formula gives.

    Parameters
    ----------
    mass
        The probability of each count of an array.

    Raises
    ------
    StudyError
        If the counts that matter are too many to list.
    """
    size = 64
    while True:
        shares = np.maximum(mass(np.arange(size, dtype=np.float64)), _LEAST)
        cumulated = np.cumsum(shares)
        if cumulated[-1] >= 1.0 - TAIL:
            break
        _require_few(2.0 * size)
        size *= 2
    last = max(1, int(np.searchsorted(cumulated, 1.0 - TAIL)))
    shares = shares[: last + 1]
    beyond = max(1.0 - float(shares.sum()), TAIL * 1e-3)
    return _rounded(shares, beyond, float(shares[-1] / shares[-2]))


def _require_few(most: float) -> None:
    if most > _MOST_VALUES:
        message = f"counts above {_MOST_VALUES} cannot be forecast one by one"
        raise StudyError(message)


def _rounded(shares: Floats, beyond: float, ratio: float) -> CountDistribution:
    """Return shares that add up to 1, with the digits that a file keeps."""
    total = float(shares.sum()) + beyond
    return CountDistribution(
        tuple(float(f"{share / total:.9g}") for share in shares.tolist()),
        float(f"{beyond / total:.9g}"),
        float(f"{min(max(ratio, _STEEPEST), _FLATTEST):.9g}"),
    )
