"""An outcome of two arms, ready to be compared: where it is defined, and paired."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
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
