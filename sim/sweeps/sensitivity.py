"""Which factors matter: Morris screening and Sobol' indices, with the noise kept apart.

An outcome of a replication is the effect of the factors and of chance. Of M coupled
replications at each point the mean is taken; what chance still adds to the indices is
estimated from the spread between replications and taken off. Nothing here knows of
scenarios: any function of a design will do, and one without chance has M = 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.errors import StudyError
from sim.statistics.variance import noise_of_mean, variances

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from sim.experiment.design import Design


RESAMPLES: Final = 1000
"""Bootstrap samples behind each interval."""


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """How an outcome answers to the factors."""

    method: str
    """``morris`` or ``sobol``."""
    table: pd.DataFrame
    """One row a factor; see `sim.sweeps.sensitivity` and `sim.sweeps.sensitivity`."""
    n_points: int
    replications: int
    variance: float
    """Of the mean outcome over the design, noise taken off; >= 0."""
    noise_variance: float
    """What M replications still leave of chance in the mean at a point; nan for 1."""

    @property
    def noise_share(self) -> float:
        """Share of the seen variance over the points that is chance, 0 to 1."""
        total = self.variance + self.noise_variance
        return self.noise_variance / total if total > 0.0 else float("nan")


def analyse(
    design: Design, values: NDArray[np.float64], root_seed: int = 1
) -> Sensitivity:
    """Analyse a function of a design by the method that the design was made for.

    The values have shape (points, replications), or (points,) of one without chance.

    Raises
    ------
    StudyError
        If the design is neither a Morris nor a Saltelli one, or a value is undefined.
    """
    table = np.asarray(values, dtype=float)
    table = table[:, np.newaxis] if table.ndim == 1 else table
    if design.plan.kind == "morris":
        return morris_effects(design, table, root_seed)
    if design.plan.kind == "saltelli":
        return sobol_indices(design, table, root_seed)
    message = (
        f"a {design.plan.kind} design gives no indices; use design kind morris (which "
        "factors matter at all) or saltelli (how much of the variance each makes)"
    )
    raise StudyError(message)


def check_values(values: NDArray[np.float64]) -> None:
    """Refuse what cannot be analysed."""
    n_bad = int(np.isnan(values).any(axis=1).sum())
    if n_bad:
        message = (
            f"the outcome is undefined at {n_bad} of {len(values)} points in some "
            "replication, so effects between points cannot be formed; choose an "
            "outcome that is always defined, such as a count"
        )
        raise StudyError(message)
    if float(np.ptp(values.mean(axis=1))) <= 0.0:
        message = "the outcome is the same at every point; there is nothing to explain"
        raise StudyError(message)


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
    return Sensitivity(
        method="morris",
        table=table,
        n_points=len(design),
        replications=values.shape[1],
        variance=variance,
        noise_variance=left,
    )


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
    effects = np.zeros((n_paths, n_factors, values.shape[1]))
    for path in range(n_paths):
        for number in range(n_factors):
            moved = int(np.abs(steps[path, number]).argmax())
            effects[path, moved] = rises[path, number] / steps[path, number, moved]
    return effects


def _p_values(
    squared: NDArray[np.float64], noise: NDArray[np.float64], n_paths: int, n: int
) -> NDArray[np.float64]:
    """Return how often chance gives effects as large; without chance 0 or 1."""
    from scipy.stats import f

    p_values = np.where(squared > 0.0, 0.0, 1.0)
    for number in np.flatnonzero(np.nan_to_num(noise) > 0.0):
        ratio = squared[number] / noise[number]
        p_values[number] = f.sf(ratio, n_paths, n_paths * (n - 1))
    return p_values


LEAST_BASE_POINTS: Final = 32


def sobol_indices(
    design: Design, values: NDArray[np.float64], root_seed: int = 1
) -> Sensitivity:
    """Return first-order and total Sobol' indices of each factor.

    Parameters
    ----------
    design
        A Saltelli design.
    values
        Shape (points, replications).
    root_seed
        Of the bootstrap.

    Returns
    -------
    Sensitivity
        For each factor: `first` and `total`, shares of the variance that the factors
        make, with their 95 % intervals `first_low` to `first_high` and `total_low` to
        `total_high`; `first_seen` and `total_seen`, of the mean over replications as
        it is, noise and all, as SALib reckons them.

    Notes
    -----
    With f the mean over M replications at points A, B and A with one column of B
    (Saltelli et al. 2010): first = mean(f_B (f_AB - f_A)) / V and, by Jansen (1999),
    total = mean((f_A - f_AB)²) / 2 V. Chance adds cov(y_B, y_AB - y_A) / M to the one
    and var(y_A - y_AB) / 2 M to the other, y being single replications at the same
    points; both are estimated from the replications and taken off, and so is what it
    adds to V. The intervals resample the base points.
    """
    import pandas as pd

    check_values(values)
    n_factors = len(design.factors)
    n_base = len(design) // (n_factors + 2)
    if n_base < LEAST_BASE_POINTS:
        message = (
            f"{n_base} base points say too little; at least {LEAST_BASE_POINTS} are "
            "needed (design points)"
        )
        raise StudyError(message)
    shaped = values.reshape(n_base, n_factors + 2, values.shape[1])
    terms = _sobol_terms(shaped)
    first, total = _indices(terms, np.arange(n_base))
    chance = np.random.default_rng(root_seed)
    drawn = [
        _indices(terms, chance.integers(n_base, size=n_base)) for _ in range(RESAMPLES)
    ]
    spread = np.std(np.array(drawn), axis=0, ddof=1)
    half = NormalDist().inv_cdf(0.975) * spread
    seen = _seen_indices(design, values)
    table = pd.DataFrame(
        {
            "factor": [factor.name for factor in design.factors],
            "first": first,
            "first_low": first - half[0],
            "first_high": first + half[0],
            "total": total,
            "total_low": total - half[1],
            "total_high": total + half[1],
            "first_seen": seen["S1"],
            "total_seen": seen["ST"],
        }
    ).set_index("factor")
    variance, left = variances(shaped[:, [0, -1]].reshape(-1, values.shape[1]))
    return Sensitivity(
        method="sobol",
        table=table,
        n_points=len(design),
        replications=values.shape[1],
        variance=variance,
        noise_variance=left,
    )


def _sobol_terms(shaped: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Return what each base point adds to numerators and variance, noise taken off."""
    n = shaped.shape[2]
    centred = shaped - shaped.mean()
    a, b, ab = centred[:, 0], centred[:, -1], centred[:, 1:-1]
    rise = ab - a[:, np.newaxis]
    product = b.mean(axis=1)[:, np.newaxis] * rise.mean(axis=2)
    square = rise.mean(axis=2) ** 2 / 2.0
    if n > 1:
        own = b - b.mean(axis=1, keepdims=True)
        together = (own[:, np.newaxis] * (rise - rise.mean(axis=2, keepdims=True))).sum(
            axis=2
        ) / (n - 1)
        product = product - together / n
        square = square - noise_of_mean(rise) / 2.0
    _, left = variances(shaped[:, [0, -1]].reshape(-1, n))
    return {
        "product": product,
        "square": square,
        "a": a.mean(axis=1),
        "b": b.mean(axis=1),
        "left": np.array(0.0 if np.isnan(left) else left),
    }


def _indices(
    terms: dict[str, NDArray[np.float64]], rows: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return first-order and total indices of some of the base points."""
    both = np.concatenate([terms["a"][rows], terms["b"][rows]])
    variance = float(both.var()) - float(terms["left"])
    if variance <= 0.0:
        nothing = np.full(terms["product"].shape[1], np.nan)
        return nothing, nothing
    first = terms["product"][rows].mean(axis=0) / variance
    return first, terms["square"][rows].mean(axis=0) / variance


def _seen_indices(design: Design, values: NDArray[np.float64]) -> dict[str, Any]:
    """Return SALib's indices of the mean over replications, noise and all."""
    from SALib.analyze import sobol

    # Never 0: SALib takes a seed of 0 for none. Its intervals are not used.
    return sobol.analyze(
        design.problem(),
        values.mean(axis=1),
        calc_second_order=False,
        num_resamples=2,
        seed=1,
    )
