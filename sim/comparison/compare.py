"""Is the difference between two arms real, and how big? Pairs respected throughout.

The point estimates are SciPy's and NumPy's on the replications themselves; intervals
know how few pairs differ (`sim.statistics.effect`), tests swap arms within pairs
(`sim.statistics.swap`). SciPy's own p-values assume independent samples; they are given
only for arms that are.
"""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.comparison.pairing import (
    FEWEST_REPLICATIONS,
    ArmOutcomes,
    Pairing,
    outcomes_to_compare,
    pair,
)
from sim.comparison.result import (
    LEVEL,
    ArmComparison,
    Comparison,
    Distances,
    OutcomeComparison,
)
from sim.errors import StudyError
from sim.experiment.experiment import Asked
from sim.statistics.bootstrap import RESAMPLES, generator
from sim.statistics.effect import (
    MEAN_DIFFERENCE,
    MEDIAN_DIFFERENCE,
    Estimate,
    Sample,
    effects_of,
    point_effects,
    sample_of,
    variance_ratio,
)
from sim.statistics.mean_interval import own_interval
from sim.statistics.survival import logrank_p_value
from sim.statistics.swap import distance_floor, swap_test

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.outcomes import Outcome


def compare_arms(
    arms: Sequence[ArmOutcomes],
    outcomes: Sequence[str],
    *,
    independent: bool = False,
    resamples: int = RESAMPLES,
    notes: tuple[str, ...] = (),
    asked: Asked | None = None,
) -> Comparison:
    """Compare every arm with the first, in the outcomes named, or in ``["all"]``.

    Raises
    ------
    StudyError
        If it would be unsound, with the reason; see `sim.comparison.pairing.pair`.
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
            reference=pairing.reference.name,
            arm=pairing.arm.name,
            is_coupled=pairing.is_coupled,
            n=min(len(pairing.numbers), len(pairing.arm_numbers)),
            n_failed=pairing.n_failed,
            outcomes={
                name: compare_outcome(pairing, row, resamples=resamples)
                for name, row in chosen.items()
            },
            label=pairing.arm.called,
            reference_label=pairing.reference.called,
        )
        for pairing in pairings
    ]
    return Comparison(
        arms=tuple(arms),
        pairings=tuple(pairings),
        comparisons=tuple(comparisons),
        outcomes=chosen,
        level=LEVEL,
        resamples=resamples,
        notes=notes,
        asked=asked or Asked(),
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
        return OutcomeComparison(
            outcome=outcome,
            n=n,
            n_defined=0,
            effects={
                name: Estimate(name, nan, nan, nan)
                for name in (MEAN_DIFFERENCE, MEDIAN_DIFFERENCE)
            },
            reason=f"it is defined in none of {n} pairs",
        )
    reason = ""
    root_seed = pairing.reference.root_seed
    coupled = pairing.is_coupled
    p_value = nan
    if coupled:
        random = generator(root_seed, "swap", outcome.name)
        p_value = swap_test(sample.differences, random)
    if n_defined < FEWEST_REPLICATIONS:
        reason = (
            f"it is defined in {n_defined} of {n} pairs; an interval needs at least "
            f"{FEWEST_REPLICATIONS}"
        )
        points = point_effects(sample, is_share=is_share)
        effects = {key: Estimate(key, x, nan, nan) for key, x in points.items()}
    else:
        effects = effects_of(
            sample,
            root_seed,
            is_share=is_share,
            level=level,
            resamples=resamples,
            swap_p_value=p_value,
        )
    return OutcomeComparison(
        outcome=outcome,
        n=n,
        n_defined=n_defined,
        reference_mean=float(a.mean()),
        arm_mean=float(b.mean()),
        reference_error=_error(a, level),
        arm_error=_error(b, level),
        reference_median=float(np.median(a)),
        arm_median=float(np.median(b)),
        effects=effects,
        distances=_distances(sample, root_seed),
        n_differing=int((a != b).sum()) if coupled else 0,
        share_more=float((b > a).mean()) if coupled else nan,
        share_less=float((b < a).mean()) if coupled else nan,
        swap_p_value=p_value,
        scipy_p_values={} if coupled else _p_values(pairing, outcome, sample),
        variance_ratio=variance_ratio(sample) if coupled and n_defined > 1 else nan,
        reason=reason,
    )


def _error(values: NDArray[np.float64], level: float) -> float:
    """Return the half-width of the interval of one arm's mean; nan of one value."""
    if len(values) < 2:
        return nan
    low, high = own_interval(values, level)
    return (high - low) / 2.0


def _distances(sample: Sample, root_seed: int) -> Distances:
    """Return SciPy's distances, and what swapping the arms makes of them."""
    from scipy.stats import ks_2samp, wasserstein_distance

    a, b = sample.reference, sample.arm
    floor = distance_floor(
        a, b, generator(root_seed, "distance"), coupled=sample.is_coupled
    )
    test: Any = ks_2samp(a, b, method="asymp")
    largest = float(test.statistic)
    return Distances(largest, floor[0], float(wasserstein_distance(a, b)), floor[1])


def _p_values(pairing: Pairing, outcome: Outcome, sample: Sample) -> dict[str, float]:
    """Return SciPy's p-values of two independent samples."""
    from scipy.stats import ks_2samp, mannwhitneyu, ttest_ind

    a, b = sample.reference, sample.arm
    if len(a) < 2 or len(b) < 2 or np.ptp(np.concatenate([a, b])) == 0.0:
        return {}
    tests: dict[str, Any] = {
        "mann_whitney_u": mannwhitneyu(b, a, method="asymptotic"),
        "kolmogorov_smirnov": ks_2samp(a, b, method="asymp"),
    }
    if np.ptp(a) + np.ptp(b) > 0.0:
        tests["welch_t"] = ttest_ind(b, a, equal_var=False)
    p_values = {name: float(test.pvalue) for name, test in tests.items()}
    if outcome.aggregate == "censored":
        happened = pairing.columns(outcome.companion)
        columns = pairing.columns(outcome.name)
        of_reference, of_arm = (
            (times, came > 0.0) for times, came in zip(columns, happened, strict=True)
        )
        p_values["logrank"] = logrank_p_value(of_reference, of_arm)
    return p_values
