"""Designs of experiments: which points of the unit cube are run.

A point is a place between 0 and 1 for each factor; the factor turns it into a value
(`sim.experiment.factor`). So the same designs serve numbers, dates, presence and arms.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.experiment.experiment import DesignPlan
    from sim.experiment.factor import Factor, Level

_SOBOL_BITS: Final = 30


@dataclass(frozen=True, eq=False)
class Design:
    """The points of a study."""

    plan: DesignPlan
    factors: tuple[Factor, ...]
    places: NDArray[np.float64]
    """Shape (points, factors), 0 to 1."""

    def __len__(self) -> int:
        return len(self.places)

    def values(self) -> list[tuple[Level, ...]]:
        """Return the value of each factor at each point; of a list as it is written."""
        if self.plan.rows and self.factors:
            return list(self.plan.rows)
        return [
            tuple(f.value(float(x)) for f, x in zip(self.factors, row, strict=True))
            for row in self.places
        ]

    def problem(self) -> dict[str, Any]:
        """Return the unit cube as SALib describes it."""
        return {
            "num_vars": len(self.factors),
            "names": [factor.name for factor in self.factors],
            "bounds": [[0.0, 1.0]] * len(self.factors),
        }


def design_of(plan: DesignPlan, factors: Sequence[Factor]) -> Design:
    """Place the points of a plan.

    Parameters
    ----------
    plan
        The kind of design, its size and its root_seed.
    factors
        What varies; without any there is one point.

    Returns
    -------
    Design
        The same points for the same plan, on every machine.

    Notes
    -----
    Latin hypercube and Sobol' points come from SciPy, trajectories (Morris 1991) and
    the radial design for Sobol' indices (Saltelli et al. 2010) from SALib. Sobol'
    points are scrambled, so that they may be averaged without bias.
    """
    known = tuple(factors)
    if not known:
        return Design(plan, (), np.zeros((1, 0)))
    # Never a bare integer: some libraries take a seed of 0 for no seed at all.
    chance = np.random.default_rng(plan.root_seed)
    match plan.kind:
        case "grid":
            places = _grid(plan, known)
        case "list":
            places = np.array(
                [
                    [f.position(value) for f, value in zip(known, row, strict=True)]
                    for row in plan.rows
                ]
            )
        case "latin_hypercube":
            from scipy.stats import qmc

            places = qmc.LatinHypercube(len(known), rng=chance).random(plan.points)
        case "sobol":
            from scipy.stats import qmc

            sampler = qmc.Sobol(len(known), bits=_SOBOL_BITS, rng=chance)
            places = sampler.random(plan.points)
        case "morris":
            places = _morris(plan, known, chance)
        case "saltelli":
            places = _saltelli(plan, known)
        case _:
            message = f"{plan.kind!r} is not a design"
            raise StudyError(message)
    return Design(plan, known, np.asarray(places, dtype=float))


def _grid(plan: DesignPlan, factors: tuple[Factor, ...]) -> NDArray[np.float64]:
    """Return every combination, the last factor fastest."""
    levels = [factor.grid(plan.points) for factor in factors]
    return np.array(list(product(*levels)))


def _morris(
    plan: DesignPlan, factors: tuple[Factor, ...], chance: np.random.Generator
) -> NDArray[np.float64]:
    """Return trajectories in which one factor changes at each step."""
    from SALib.sample import morris

    problem = Design(plan, factors, np.zeros((0, len(factors)))).problem()
    return morris.sample(problem, plan.points, num_levels=plan.levels, seed=chance)


def _saltelli(plan: DesignPlan, factors: tuple[Factor, ...]) -> NDArray[np.float64]:
    """Return A, B and, for each factor, A with that factor's column from B.

    Rows stand as SALib lays them out: A, AB of each factor, B; then the next point.
    """
    from scipy.stats import qmc

    n_factors = len(factors)
    chance = np.random.default_rng(plan.root_seed)
    both = qmc.Sobol(2 * n_factors, bits=_SOBOL_BITS, rng=chance).random(plan.points)
    rows: list[NDArray[np.float64]] = []
    for pair in both:
        a, b = pair[:n_factors], pair[n_factors:]
        rows.append(a)
        for number in range(n_factors):
            mixed = a.copy()
            mixed[number] = b[number]
            rows.append(mixed)
        rows.append(b)
    return np.array(rows)
