"""How two arms differ in one outcome: statistics, each with its interval.

Samples are paired where arms are coupled, and hold the replications in which the
outcome is defined. Differences, ratios of shares and superiority have the intervals of
`sim.statistics.mean_interval`, which know how few pairs differ. Medians, and the
superiority of independent arms, are resampled (`sim.statistics.bootstrap`).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, nan
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.statistics.bootstrap import (
    RESAMPLES,
    bca_interval,
    generator,
    percentile_interval,
    resampled_weights,
)
from sim.statistics.mean_interval import (
    apart_interval,
    mean_interval,
    own_interval,
    ratio_interval,
    unrelated_distance,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Column = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sample:
    """An outcome of two arms, where it is defined; paired when they are coupled."""

    reference: Column
    """Shape (n,), finite."""
    arm: Column
    """Shape (m,), finite; row by row of the reference's pair when coupled."""
    is_coupled: bool

    @property
    def differences(self) -> Column:
        """Arm minus reference in each pair, shape (n,)."""
        return self.arm - self.reference

    @property
    def mean_difference(self) -> float:
        """Mean of the arm minus that of the reference."""
        if self.is_coupled:
            return float(self.differences.mean())
        return float(self.arm.mean() - self.reference.mean())


def sample_of(reference: Column, arm: Column, *, coupled: bool) -> Sample:
    """Keep what is defined: in both members of a pair, or in each arm by itself."""
    if coupled:
        defined = ~(np.isnan(reference) | np.isnan(arm))
        return Sample(reference[defined], arm[defined], True)
    return Sample(reference[~np.isnan(reference)], arm[~np.isnan(arm)], False)


def variance_ratio(sample: Sample) -> float:
    """Return how many times the coupling cut the variance of the mean difference.

    The variance that independent arms would have over that of the pairs: the number of
    times as many replications that independent arms would need. inf where no pair
    differs, nan where neither arm varies.
    """
    a, b = sample.reference, sample.arm
    apart = float(a.var(ddof=1) + b.var(ddof=1))
    if apart == 0.0:
        return float("nan")
    paired = float(sample.differences.var(ddof=1))
    return float("inf") if paired == 0.0 else apart / paired


MEAN_DIFFERENCE: Final = "mean_difference"
RELATIVE: Final = "relative_risk"
SUPERIORITY: Final = "superiority"
SUPERIORITY_WITHIN: Final = "superiority_within_pairs"
MEDIAN_DIFFERENCE: Final = "median_difference"


@dataclass(frozen=True)
class Estimate:
    """One way in which an arm differs from the reference, with its interval."""

    name: str
    value: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half the interval's width."""
        return (self.high - self.low) / 2.0


def point_effects(sample: Sample, *, is_share: bool = False) -> dict[str, float]:
    """Return every point estimate, by name, from SciPy and NumPy directly.

    Parameters
    ----------
    sample
        The outcome in both arms, at least one value in each.
    is_share
        Whether it is 0 or 1, so that a relative risk makes sense.

    Returns
    -------
    dict of str to float
        ``mean_difference`` and ``median_difference`` (arm minus reference, the
        outcome's unit); ``superiority``, the probability that a replication of the arm
        exceeds one of the reference, ties counted half (0 to 1); coupled,
        ``superiority_within_pairs``, the same in one world; of shares,
        ``relative_risk`` (inf where the reference has none, nan where neither has).
    """
    from scipy.stats import mannwhitneyu

    a, b = sample.reference, sample.arm
    size = float(len(a) * len(b))
    u_statistic = float(mannwhitneyu(b, a, method="asymptotic").statistic)
    effects = {
        MEAN_DIFFERENCE: sample.mean_difference,
        MEDIAN_DIFFERENCE: float(np.median(b) - np.median(a)),
        SUPERIORITY: u_statistic / size,
    }
    if sample.is_coupled:
        effects[SUPERIORITY_WITHIN] = float(_wins(sample.differences).mean())
    if is_share:
        effects[RELATIVE] = _ratio(float(b.mean()), float(a.mean()))
    return effects


def effects_of(
    sample: Sample,
    root_seed: int,
    *,
    is_share: bool = False,
    level: float = 0.95,
    resamples: int = RESAMPLES,
    swap_p_value: float = nan,
) -> dict[str, Estimate]:
    """Return every effect with its interval.

    Parameters
    ----------
    sample
        The outcome in both arms.
    root_seed
        Of the reference; the resamples are keyed by it and by nothing else, so every
        outcome of as many replications sees the same resamples.
    is_share
        Whether the outcome is 0 or 1.
    level
        Of the intervals, 0 to 1.
    resamples
        How many.
    swap_p_value
        Of no difference, by swapping arms within pairs; nan where there is none.

    Notes
    -----
    Where swapping does not rule out that the arms are the same, at ``1 - level``, the
    intervals of the mean difference and of the relative risk hold "no difference":
    an end beyond it is drawn to it. So they leave it out only where the test does. The
    reverse need not be: of some ten differing pairs the test may see a side, and the
    mean may yet hang on a larger difference that was not seen.
    """
    points = point_effects(sample, is_share=is_share)
    is_same = swap_p_value > 1.0 - level
    ends = {
        MEAN_DIFFERENCE: _toward(
            _mean_ends(sample, is_share=is_share, level=level), 0.0, is_same=is_same
        ),
        MEDIAN_DIFFERENCE: _median_ends(sample, root_seed, level, resamples),
        SUPERIORITY: _superiority_ends(
            sample, points[SUPERIORITY], root_seed, level, resamples
        ),
    }
    if sample.is_coupled:
        wins = np.sign(sample.differences)
        ends[SUPERIORITY_WITHIN] = _as_probability(
            mean_interval(wins, 1.0, level=level, are_sizes_known=True)
        )
    if is_share:
        difference = _mean_ends(sample, is_share=True, level=level)
        ends[SUPERIORITY] = _as_probability(difference)
        ends[RELATIVE] = _toward(_ratio_ends(sample, level), 1.0, is_same=is_same)
    return {name: Estimate(name, x, *ends[name]) for name, x in points.items()}


def mean_effect(
    sample: Sample,
    *,
    is_share: bool = False,
    level: float = 0.95,
    swap_p_value: float = nan,
) -> Estimate:
    """Return the difference of means alone, the same as in `effects_of` but sooner."""
    ends = _mean_ends(sample, is_share=is_share, level=level)
    is_same = swap_p_value > 1.0 - level
    value = sample.mean_difference
    return Estimate(MEAN_DIFFERENCE, value, *_toward(ends, 0.0, is_same=is_same))


def _toward(
    ends: tuple[float, float], nothing: float, *, is_same: bool
) -> tuple[float, float]:
    """Return ends that hold no difference, where it is not ruled out."""
    low, high = ends
    return (min(low, nothing), max(high, nothing)) if is_same else ends


def _mean_ends(sample: Sample, *, is_share: bool, level: float) -> tuple[float, float]:
    """Return the interval of the difference of means."""
    a, b = sample.reference, sample.arm
    if not sample.is_coupled:
        return apart_interval(_own(a, level, is_share), _own(b, level, is_share))
    unseen = 1.0 if is_share else unrelated_distance(a, b)
    return mean_interval(
        sample.differences, unseen, level=level, are_sizes_known=is_share
    )


def _own(
    values: Column, level: float, is_share: bool, factor: float = 1.0
) -> tuple[float, float, float]:
    """Return the mean of one arm with its interval, times a factor."""
    mean = float(values.mean())
    if is_share:
        middle = float(np.median(values))
        low, high = mean_interval(
            values, (middle, 1.0 - middle), level=level, are_sizes_known=True
        )
    else:
        low, high = own_interval(values, level)
    return factor * mean, factor * low, factor * high


def _ratio_ends(sample: Sample, level: float) -> tuple[float, float]:
    """Return the interval of the ratio of two shares."""
    a, b = sample.reference, sample.arm

    def difference(ratio: float) -> tuple[float, float]:
        if not sample.is_coupled:
            return apart_interval(
                _own(a, level, True, factor=ratio), _own(b, level, True)
            )
        apart, unseen = b - ratio * a, (ratio, 1.0)
        return mean_interval(apart, unseen, level=level, are_sizes_known=True)

    return ratio_interval(difference)


def _as_probability(ends: tuple[float, float]) -> tuple[float, float]:
    """Turn a mean of -1, 0 and 1 into a probability, ties counted half."""
    low, high = ends
    return max(0.0, (1.0 + low) / 2.0), min(1.0, (1.0 + high) / 2.0)


def _superiority_ends(
    sample: Sample, value: float, root_seed: int, level: float, resamples: int
) -> tuple[float, float]:
    """Return the interval of the probability that one of the arm exceeds another's."""
    a, b = sample.reference, sample.arm
    below = _share_below(np.sort(a), b)
    above = 1.0 - _share_below(np.sort(b), a)
    if sample.is_coupled:
        # To first order the estimate moves as the mean of these does.
        moves = below + above - 1.0
        low, high = mean_interval(moves, unrelated_distance(above, below), level=level)
        shift = value - float(moves.mean())
        return max(0.0, low + shift), min(1.0, high + shift)
    n, m = len(a), len(b)
    influence = np.concatenate(
        [_centred(above) * (n + m) / n, _centred(below) * (n + m) / m]
    )
    grid = np.unique(np.concatenate([a, b]))
    parts: list[Column] = []
    for of_reference, of_arm in _weights(sample, root_seed, resamples):
        at_a, at_b = _on_grid(of_reference, a, grid), _on_grid(of_arm, b, grid)
        up_to = np.cumsum(at_a, axis=1)
        parts.append((at_b * (up_to - 0.5 * at_a)).sum(axis=1) / (n * m))
    return bca_interval(value, np.concatenate(parts), influence, level)


def _median_ends(
    sample: Sample, root_seed: int, level: float, resamples: int
) -> tuple[float, float]:
    """Return the interval of the difference of medians.

    Coupled, it is as wide at least as the pairs allow that may cross the median: with
    few differing pairs hardly any resample moves it.
    """
    a, b = sample.reference, sample.arm
    grid = np.unique(np.concatenate([a, b]))
    parts: list[Column] = []
    for of_reference, of_arm in _weights(sample, root_seed, resamples):
        up_to_a = np.cumsum(_on_grid(of_reference, a, grid), axis=1)
        up_to_b = np.cumsum(_on_grid(of_arm, b, grid), axis=1)
        parts.append(_median(up_to_b, grid) - _median(up_to_a, grid))
    low, high = percentile_interval(np.concatenate(parts), level)
    if not sample.is_coupled:
        return low, high
    middle = float(np.median(a))
    crossing = (a <= middle).astype(float) - (b <= middle).astype(float)
    ends = mean_interval(crossing, 1.0, level=level, are_sizes_known=True)
    shares = np.clip(0.5 + np.array(ends), 0.0, 1.0)
    first, last = np.quantile(a, shares) - middle
    return min(low, float(first)), max(high, float(last))


def _weights(
    sample: Sample, root_seed: int, resamples: int
) -> Iterator[tuple[Column, Column]]:
    """Yield the weights of both arms; the very same where pairs are drawn whole."""
    random = generator(root_seed, "bootstrap")
    first = resampled_weights(len(sample.reference), random, resamples)
    if sample.is_coupled:
        for weights in first:
            yield weights, weights
        return
    of_reference = np.concatenate(list(first))
    other = generator(root_seed, "bootstrap", "arm")
    start = 0
    for of_arm in resampled_weights(len(sample.arm), other, resamples):
        yield of_reference[start : start + len(of_arm)], of_arm
        start += len(of_arm)


def _on_grid(weights: Column, values: Column, grid: Column) -> Column:
    """Return the weight at each value of the grid, shape (resamples, values)."""
    order = np.argsort(values, kind="stable")
    present, starts = np.unique(values[order], return_index=True)
    shares = np.zeros((len(weights), len(grid)))
    sums = np.add.reduceat(weights[:, order], starts, axis=1)
    shares[:, np.searchsorted(grid, present)] = sums
    return shares


def _median(up_to: Column, grid: Column) -> Column:
    """Return the median under each row of cumulative weights, as NumPy would."""
    half = up_to[:, -1:] / 2.0
    low = grid[np.argmax(up_to >= half, axis=1)]
    high = grid[np.argmax(up_to > half, axis=1)]
    return (low + high) / 2.0


def _wins(differences: Column) -> Column:
    """Return 1 where the arm exceeds the reference, 1/2 at a tie, else 0."""
    return (np.sign(differences) + 1.0) / 2.0


def _ratio(above: float, below: float) -> float:
    if below == 0.0:
        return nan if above == 0.0 else inf
    return above / below


def _share_below(ordered: Column, values: Column) -> Column:
    """Return the share of an ordered sample below each value, ties counted half."""
    low = np.searchsorted(ordered, values, side="left")
    high = np.searchsorted(ordered, values, side="right")
    return (low + high) / (2.0 * len(ordered))


def _centred(values: Column) -> Column:
    return values - values.mean()
