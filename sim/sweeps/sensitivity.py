"""Which factors matter: Morris screening and Sobol' indices, with the noise kept apart.

An outcome of a replication is the effect of the factors and of chance. Of M coupled
replications at each point the mean is taken; what chance still adds to the indices is
estimated from the spread between replications and taken off. Nothing here knows of
scenarios: any function of a design will do, and one without chance has M = 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.errors import StudyError

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
    """One row a factor; see `sim.sweeps.morris` and `sim.sweeps.sobol`."""
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

    Parameters
    ----------
    design
        A Morris or Saltelli design.
    values
        The function, shape (points, replications), or (points,) for one without
        chance.
    root_seed
        Of the bootstrap.

    Raises
    ------
    StudyError
        If the design serves no such analysis, or a value is undefined.
    """
    from sim.sweeps.morris import morris_effects
    from sim.sweeps.sobol import sobol_indices

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
