"""Sobol' indices: how much of an outcome's variance each factor makes."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.errors import StudyError
from sim.statistics.noise import noise_of_mean, variances
from sim.sweeps.sensitivity import RESAMPLES, Sensitivity, check_values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.experiment.design import Design

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
    return Sensitivity("sobol", table, len(design), values.shape[1], variance, left)


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
