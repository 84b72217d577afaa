"""Is the difference between two arms real, and how big? Pairs respected throughout.

The point estimates are SciPy's and NumPy's on the replications themselves; intervals
come from resampling replication numbers (`sim.study.bootstrap`), tests from swapping
arms within pairs (`sim.study.swap`). SciPy's own p-values assume independent samples;
they are given only for arms that are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import nan, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.errors import StudyError
from sim.study.bootstrap import RESAMPLES, generator
from sim.study.effect import (
    MEAN_DIFFERENCE,
    MEDIAN_DIFFERENCE,
    Effect,
    Sample,
    effects_of,
    point_effects,
    sample_of,
    variance_ratio,
)
from sim.study.pairing import (
    FEWEST_REPLICATIONS,
    ArmOutcomes,
    Pairing,
    outcomes_to_compare,
    pair,
)
from sim.study.survival import logrank_p_value
from sim.study.swap import distance_floor, swap_test

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.outcomes import Outcome

LEVEL: Final = 0.95

FEWEST_DIFFERING: Final = 10
"""Differing pairs below which resampling knows too little: the interval is rough."""


@dataclass(frozen=True)
class Distances:
    """How far apart two distributions are, and how far noise alone would put them."""

    kolmogorov_smirnov: float
    """Largest difference of the two distribution functions, 0 to 1."""
    kolmogorov_smirnov_floor: float
    """95 % of swaps of the arms stay below it."""
    wasserstein: float
    """Mean distance by which values must move to turn one into the other; the
    outcome's unit."""
    wasserstein_floor: float


@dataclass(frozen=True)
class OutcomeComparison:
    """One outcome of an arm against the reference."""

    outcome: Outcome
    n: int
    """Pairs that were compared; the shorter arm's replications when independent."""
    n_defined: int
    """Of these, in how many the outcome is defined in both arms."""
    reference_mean: float
    arm_mean: float
    reference_error: float
    """Half-width of the interval of the reference's own mean."""
    arm_error: float
    reference_median: float
    arm_median: float
    effects: dict[str, Effect]
    """By name; ends are nan where no interval can be given."""
    distances: Distances | None
    n_differing: int
    """Pairs in which the arms differ; 0 unless coupled."""
    share_more: float
    """Share of pairs in which the arm has more than the reference; nan unless
    coupled."""
    share_less: float
    swap_p_value: float
    """Of no mean difference, by swapping arms within pairs; nan unless coupled."""
    scipy_p_values: dict[str, float]
    """SciPy's tests by name; empty unless the arms are independent."""
    variance_ratio: float
    """Variance of the mean difference if the arms were independent, over what it is;
    nan unless coupled."""
    reason: str = ""
    """Why there is no interval; empty where there is one."""

    @property
    def headline(self) -> Effect:
        """The difference that is told first: of medians for delays, else of means."""
        by_median = self.outcome.aggregate == "median"
        return self.effects[MEDIAN_DIFFERENCE if by_median else MEAN_DIFFERENCE]

    @property
    def share_same(self) -> float:
        """Share of pairs in which both arms have the same."""
        return 1.0 - self.share_more - self.share_less

    @property
    def is_rough(self) -> bool:
        """Whether so few pairs differ that the interval is only a hint."""
        return 0 < self.n_differing < FEWEST_DIFFERING

    @property
    def is_clear(self) -> bool:
        """Whether the interval of the headline leaves out no difference.

        Where few pairs differ the exact test by swapping must agree.
        """
        effect = self.headline
        excludes = effect.low > 0.0 or effect.high < 0.0
        return excludes and not (self.is_rough and self.swap_p_value > 0.05)

    @property
    def never_differs(self) -> bool:
        """Whether both arms have the same in every pair."""
        return self.share_more == 0.0 and self.share_less == 0.0


@dataclass(frozen=True)
class ArmComparison:
    """One arm against the reference, in every outcome that was looked at."""

    reference: str
    arm: str
    is_coupled: bool
    n: int
    n_failed: int
    """Replications that were left out because they failed in either arm."""
    outcomes: dict[str, OutcomeComparison]


@dataclass(frozen=True, eq=False)
class Comparison:
    """Every arm against the first, and what the figures rest on."""

    arms: tuple[ArmOutcomes, ...]
    pairings: tuple[Pairing, ...]
    comparisons: tuple[ArmComparison, ...]
    outcomes: dict[str, Outcome]
    level: float
    resamples: int
    notes: tuple[str, ...] = field(default=())
    """What a reader must know besides, such as how a run was stopped."""

    @property
    def n_looked_at(self) -> int:
        """How many differences were looked at: outcomes times arms."""
        return len(self.outcomes) * len(self.comparisons)


def compare_arms(
    arms: Sequence[ArmOutcomes],
    outcomes: Sequence[str],
    *,
    independent: bool = False,
    level: float = LEVEL,
    resamples: int = RESAMPLES,
    notes: tuple[str, ...] = (),
) -> Comparison:
    """Compare every arm with the first.

    Parameters
    ----------
    arms
        At least two; the first is the reference.
    outcomes
        Names of what to compare, or ``["all"]``.
    independent
        Whether the arms ran with different root_seeds, on purpose.
    level
        Of the intervals, 0 to 1.
    resamples
        Of each interval.
    notes
        What a reader must know besides.

    Raises
    ------
    StudyError
        If it would be unsound, with the reason; see `sim.study.pairing.pair`.
    """
    if len(arms) < 2:
        message = f"{len(arms)} arm; a comparison needs at least 2"
        raise StudyError(message)
    names = [arm.name for arm in arms]
    if len(set(names)) < len(names):
        message = f"two arms have the same name: {', '.join(names)}"
        raise StudyError(message)
    chosen = outcomes_to_compare(outcomes, arms)
    pairings = [pair(arms[0], arm, independent=independent) for arm in arms[1:]]
    comparisons = [
        ArmComparison(
            pairing.reference.name,
            pairing.arm.name,
            pairing.is_coupled,
            min(len(pairing.numbers), len(pairing.arm_numbers)),
            pairing.n_failed,
            {
                name: compare_outcome(pairing, row, level=level, resamples=resamples)
                for name, row in chosen.items()
            },
        )
        for pairing in pairings
    ]
    return Comparison(
        tuple(arms),
        tuple(pairings),
        tuple(comparisons),
        chosen,
        level,
        resamples,
        notes,
    )


def compare_outcome(
    pairing: Pairing,
    outcome: Outcome,
    *,
    level: float = LEVEL,
    resamples: int = RESAMPLES,
) -> OutcomeComparison:
    """Compare one outcome of two arms.

    Where it is defined in fewer than 30 pairs the point estimates stand alone, and the
    reason is given.
    """
    reference, arm = pairing.columns(outcome.name)
    sample = sample_of(reference, arm, coupled=pairing.is_coupled)
    n = min(len(reference), len(arm))
    a, b = sample.reference, sample.arm
    n_defined = min(len(a), len(b))
    is_share = outcome.aggregate == "proportion"
    if n_defined == 0:
        reason = f"it is defined in none of {n} pairs"
        return _undefined(outcome, n, reason)
    reason = ""
    root_seed = pairing.reference.root_seed
    if n_defined < FEWEST_REPLICATIONS:
        reason = (
            f"it is defined in {n_defined} of {n} pairs; an interval needs at least "
            f"{FEWEST_REPLICATIONS}"
        )
        points = point_effects(sample, is_share=is_share)
        effects = {key: Effect(key, x, nan, nan) for key, x in points.items()}
    else:
        effects = effects_of(
            sample, root_seed, is_share=is_share, level=level, resamples=resamples
        )
    coupled = pairing.is_coupled
    return OutcomeComparison(
        outcome,
        n,
        n_defined,
        float(a.mean()),
        float(b.mean()),
        _error(a, level),
        _error(b, level),
        float(np.median(a)),
        float(np.median(b)),
        effects,
        _distances(sample, root_seed),
        int((a != b).sum()) if coupled else 0,
        float((b > a).mean()) if coupled else nan,
        float((b < a).mean()) if coupled else nan,
        swap_test(sample.differences, generator(root_seed, "swap", outcome.name))
        if coupled
        else nan,
        {} if coupled else _p_values(pairing, outcome, sample),
        variance_ratio(sample) if coupled and n_defined > 1 else nan,
        reason,
    )


def _undefined(outcome: Outcome, n: int, reason: str) -> OutcomeComparison:
    nothing = {
        name: Effect(name, nan, nan, nan)
        for name in (MEAN_DIFFERENCE, MEDIAN_DIFFERENCE)
    }
    return OutcomeComparison(
        *(outcome, n, 0, nan, nan, nan, nan, nan, nan),
        *(nothing, None, 0, nan, nan, nan, {}, nan, reason),
    )


def _error(values: NDArray[np.float64], level: float) -> float:
    """Return the half-width of the normal interval of a mean; nan of one value."""
    if len(values) < 2:
        return nan
    z = NormalDist().inv_cdf(0.5 + level / 2.0)
    return z * float(values.std(ddof=1)) / sqrt(len(values))


def _distances(sample: Sample, root_seed: int) -> Distances:
    """Return SciPy's distances, and what swapping the arms makes of them."""
    from scipy.stats import ks_2samp, wasserstein_distance

    a, b = sample.reference, sample.arm
    floor = distance_floor(
        a, b, generator(root_seed, "distance"), coupled=sample.is_coupled
    )
    largest = float(ks_2samp(a, b, method="asymp").statistic)
    return Distances(largest, floor[0], float(wasserstein_distance(a, b)), floor[1])


def _p_values(pairing: Pairing, outcome: Outcome, sample: Sample) -> dict[str, float]:
    """Return SciPy's p-values of two independent samples."""
    from scipy.stats import ks_2samp, mannwhitneyu, ttest_ind

    a, b = sample.reference, sample.arm
    if len(a) < 2 or len(b) < 2 or np.ptp(np.concatenate([a, b])) == 0.0:
        return {}
    found = {
        "welch_t": float(ttest_ind(b, a, equal_var=False).pvalue)
        if np.ptp(a) + np.ptp(b) > 0.0
        else nan,
        "mann_whitney_u": float(mannwhitneyu(b, a, method="asymptotic").pvalue),
        "kolmogorov_smirnov": float(ks_2samp(a, b, method="asymp").pvalue),
    }
    if outcome.aggregate == "censored":
        happened = pairing.columns(outcome.companion)
        columns = pairing.columns(outcome.name)
        of_reference, of_arm = (
            (times, came > 0.0) for times, came in zip(columns, happened, strict=True)
        )
        found["logrank"] = logrank_p_value(of_reference, of_arm)
    return found
