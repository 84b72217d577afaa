"""Morris screening: which factors move an outcome at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.errors import StudyError
from sim.statistics.noise import noise_of_mean, variances
from sim.sweeps.sensitivity import RESAMPLES, Sensitivity, check_values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.experiment.design import Design

CHANCE: Final = 0.01
"""A factor matters when chance would do as much less often than this."""
LEAST_TRAJECTORIES: Final = 4


def morris_effects(
    design: Design, values: NDArray[np.float64], root_seed: int = 1
) -> Sensitivity:
    """Return the elementary effects of each factor (Morris 1991).

    Parameters
    ----------
    design
        Trajectories.
    values
        Shape (points, replications).
    root_seed
        Of the bootstrap.

    Returns
    -------
    Sensitivity
        For each factor: `mu` and `sigma`, mean and spread of its effects when it goes
        from end to end of its range; `mu_star`, the mean of their sizes (Campolongo
        et al. 2007), with its 95 % interval `low` to `high`; `noise_floor`, the
        `mu_star` that chance alone would give; `effect`, the root mean square effect
        with the noise taken off; `p_value`, how often chance alone would give effects
        as large; `matters`, whether that is below 1 %.

    Notes
    -----
    With e the effects of one factor over trajectories and v the variance of the mean
    over M replications of each effect, the sample's mean square overstates by v:
    `effect` is the root of mean(e²) - mean(v), or 0. The floor is the mean size of a
    normal number with variance mean(v), sqrt(2 mean(v) / pi). Since replications are
    coupled, v is that of the paired difference, not of two independent means. The
    p-value is that of mean(e²) / mean(v) as an F with r and r (M - 1) degrees of
    freedom over r trajectories; rough, since trajectories share their replications.
    The interval is another matter: it says how far other trajectories might differ.
    """
    import pandas as pd
    from SALib.analyze import morris

    check_values(values)
    n_factors = len(design.factors)
    n_paths = len(design) // (n_factors + 1)
    if n_paths < LEAST_TRAJECTORIES:
        message = (
            f"{n_paths} trajectories say too little; at least {LEAST_TRAJECTORIES} are "
            "needed (design points)"
        )
        raise StudyError(message)
    seen: Any = morris.analyze(
        design.problem(),
        design.places,
        values.mean(axis=1),
        num_resamples=RESAMPLES,
        num_levels=design.plan.levels,
        seed=np.random.default_rng(root_seed),
    )
    effects = _effects(design, values, n_paths)
    mean_effects = effects.mean(axis=2)
    noise = noise_of_mean(effects).mean(axis=0)
    squared = (mean_effects**2).mean(axis=0)
    star = np.asarray(seen["mu_star"], dtype=float)
    half = np.asarray(seen["mu_star_conf"], dtype=float)
    floor = np.sqrt(2.0 * np.nan_to_num(noise) / np.pi)
    low = np.maximum(star - half, 0.0)
    p_values = _p_values(squared, noise, n_paths, values.shape[1])
    table = pd.DataFrame(
        {
            "factor": [factor.name for factor in design.factors],
            "mu_star": star,
            "low": low,
            "high": star + half,
            "mu": np.asarray(seen["mu"], dtype=float),
            "sigma": np.asarray(seen["sigma"], dtype=float),
            "noise_floor": floor,
            "effect": np.sqrt(np.maximum(squared - np.nan_to_num(noise), 0.0)),
            "p_value": p_values,
            "matters": p_values < CHANCE,
        }
    ).set_index("factor")
    variance, left = variances(values)
    return Sensitivity("morris", table, len(design), values.shape[1], variance, left)


def _effects(
    design: Design, values: NDArray[np.float64], n_paths: int
) -> NDArray[np.float64]:
    """Return each factor's effect in each trajectory and replication.

    Shape (trajectories, factors, replications); per unit of the factor's whole range.
    """
    n_factors = len(design.factors)
    places = design.places.reshape(n_paths, n_factors + 1, n_factors)
    shaped = values.reshape(n_paths, n_factors + 1, values.shape[1])
    steps, rises = np.diff(places, axis=1), np.diff(shaped, axis=1)
    found = np.zeros((n_paths, n_factors, values.shape[1]))
    for path in range(n_paths):
        for number in range(n_factors):
            moved = int(np.abs(steps[path, number]).argmax())
            found[path, moved] = rises[path, number] / steps[path, number, moved]
    return found


def _p_values(
    squared: NDArray[np.float64], noise: NDArray[np.float64], n_paths: int, n: int
) -> NDArray[np.float64]:
    """Return how often chance gives effects as large; without chance 0 or 1."""
    from scipy.stats import f

    found = np.where(squared > 0.0, 0.0, 1.0)
    for number in np.flatnonzero(np.nan_to_num(noise) > 0.0):
        ratio = squared[number] / noise[number]
        found[number] = f.sf(ratio, n_paths, n_paths * (n - 1))
    return found
