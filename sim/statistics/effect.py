"""How two arms differ in one outcome: statistics as functions of weights.

Each statistic is computed for the sample and for every resample by the same rows of
weights (`sim.statistics.bootstrap`), and knows its influence function, from which the
interval's acceleration comes. Samples are paired, and hold the replications in which
the outcome is defined.
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

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Column = NDArray[np.float64]

    from collections.abc import Iterator

    from numpy.typing import NDArray

    Column = NDArray[np.float64]
    Columns = dict[str, Column]


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
class Effect:
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
    found = {
        MEAN_DIFFERENCE: float(
            sample.differences.mean() if sample.is_coupled else b.mean() - a.mean()
        ),
        MEDIAN_DIFFERENCE: float(np.median(b) - np.median(a)),
        SUPERIORITY: u_statistic / size,
    }
    if sample.is_coupled:
        found[SUPERIORITY_WITHIN] = float(_wins(sample.differences).mean())
    if is_share:
        found[RELATIVE] = _ratio(float(b.mean()), float(a.mean()))
    return found


def effects_of(
    sample: Sample,
    root_seed: int,
    *,
    is_share: bool = False,
    level: float = 0.95,
    resamples: int = RESAMPLES,
) -> dict[str, Effect]:
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

    Notes
    -----
    BCa, but for the median difference, which is not smooth: percentile. Where nothing
    varies the interval is the estimate itself.
    """
    points = point_effects(sample, is_share=is_share)
    if sample.is_coupled and not sample.differences.any():
        return {name: Effect(name, x, x, x) for name, x in points.items()}
    influences = _influences(sample, is_share=is_share)
    parts: dict[str, list[Column]] = {name: [] for name in points}
    for of_reference, of_arm in _weights(sample, root_seed, resamples):
        for name, values in _weighted(sample, of_reference, of_arm, points).items():
            parts[name].append(values)
    found: dict[str, Effect] = {}
    for name, value in points.items():
        resampled = np.concatenate(parts[name])
        if name in influences:
            low, high = bca_interval(value, resampled, influences[name], level)
        else:
            low, high = percentile_interval(resampled, level)
        found[name] = Effect(name, value, low, high)
    return found


def mean_effect(
    sample: Sample, root_seed: int, level: float = 0.95, resamples: int = RESAMPLES
) -> Effect:
    """Return the difference of means alone, the same as in `effects_of` but sooner."""
    a, b = sample.reference, sample.arm
    value = float(
        sample.differences.mean() if sample.is_coupled else b.mean() - a.mean()
    )
    resampled = np.concatenate(
        [
            _mean(of_arm, b) - _mean(of_reference, a)
            if not sample.is_coupled
            else _mean(of_arm, sample.differences)
            for of_reference, of_arm in _weights(sample, root_seed, resamples)
        ]
    )
    influence = _mean_influence(sample)
    return Effect(
        MEAN_DIFFERENCE, value, *bca_interval(value, resampled, influence, level)
    )


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


def _weighted(
    sample: Sample, of_reference: Column, of_arm: Column, wanted: dict[str, float]
) -> Columns:
    """Return the wanted statistics under each row of weights."""
    a, b = sample.reference, sample.arm
    found: Columns = {}
    if sample.is_coupled:
        found[MEAN_DIFFERENCE] = _mean(of_arm, sample.differences)
        found[SUPERIORITY_WITHIN] = _mean(of_arm, _wins(sample.differences))
    else:
        found[MEAN_DIFFERENCE] = _mean(of_arm, b) - _mean(of_reference, a)
    if RELATIVE in wanted:
        above, below = _mean(of_arm, b), _mean(of_reference, a)
        with np.errstate(divide="ignore", invalid="ignore"):
            found[RELATIVE] = above / below
    grid = np.unique(np.concatenate([a, b]))
    at_a, at_b = _on_grid(of_reference, a, grid), _on_grid(of_arm, b, grid)
    up_to_a, up_to_b = np.cumsum(at_a, axis=1), np.cumsum(at_b, axis=1)
    won = (at_b * (up_to_a - 0.5 * at_a)).sum(axis=1)
    found[SUPERIORITY] = won / (len(a) * len(b))
    found[MEDIAN_DIFFERENCE] = _median(up_to_b, grid) - _median(up_to_a, grid)
    return found


def _on_grid(weights: Column, values: Column, grid: Column) -> Column:
    """Return the weight at each value of the grid, shape (resamples, values)."""
    order = np.argsort(values, kind="stable")
    present, starts = np.unique(values[order], return_index=True)
    found = np.zeros((len(weights), len(grid)))
    sums = np.add.reduceat(weights[:, order], starts, axis=1)
    found[:, np.searchsorted(grid, present)] = sums
    return found


def _median(up_to: Column, grid: Column) -> Column:
    """Return the median under each row of cumulative weights, as NumPy would."""
    half = up_to[:, -1:] / 2.0
    low = grid[np.argmax(up_to >= half, axis=1)]
    high = grid[np.argmax(up_to > half, axis=1)]
    return (low + high) / 2.0


def _mean(weights: Column, values: Column) -> Column:
    """Return the mean under each row of weights; exact where nothing varies."""
    if values.min() == values.max():
        return np.full(len(weights), float(values.mean()))
    return weights @ values / weights.sum(axis=1)


def _wins(differences: Column) -> Column:
    """Return 1 where the arm exceeds the reference, 1/2 at a tie, else 0."""
    return (np.sign(differences) + 1.0) / 2.0


def _ratio(above: float, below: float) -> float:
    if below == 0.0:
        return nan if above == 0.0 else inf
    return above / below


def _influences(sample: Sample, *, is_share: bool) -> Columns:
    """Return the influence of each unit of resampling on the smooth statistics."""
    a, b = sample.reference, sample.arm
    found: Columns = {MEAN_DIFFERENCE: _mean_influence(sample)}
    if sample.is_coupled:
        found[SUPERIORITY_WITHIN] = _centred(_wins(sample.differences))
    if is_share and a.any() and b.any():
        found[RELATIVE] = _joined(
            sample, -_centred(a) / a.mean(), _centred(b) / b.mean()
        )
    sorted_a, sorted_b = np.sort(a), np.sort(b)
    below = _share_below(sorted_a, b)
    above = 1.0 - _share_below(sorted_b, a)
    found[SUPERIORITY] = _joined(sample, _centred(above), _centred(below))
    return found


def _mean_influence(sample: Sample) -> Column:
    return _joined(sample, -_centred(sample.reference), _centred(sample.arm))


def _joined(sample: Sample, of_reference: Column, of_arm: Column) -> Column:
    """Put the arms' influences together: summed in a pair, side by side otherwise."""
    if sample.is_coupled:
        return of_reference + of_arm
    n, m = len(of_reference), len(of_arm)
    return np.concatenate([of_reference * (n + m) / n, of_arm * (n + m) / m])


def _share_below(ordered: Column, values: Column) -> Column:
    """Return the share of an ordered sample below each value, ties counted half."""
    low = np.searchsorted(ordered, values, side="left")
    high = np.searchsorted(ordered, values, side="right")
    return (low + high) / (2.0 * len(ordered))


def _centred(values: Column) -> Column:
    return values - values.mean()
