"""Parameter draws of a posterior in a sweep: every point and arm under the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.ensemble.draw_set import draws_from, refuse_set_twice, refuse_unfit
from sim.ensemble.draw_summary import level_row
from sim.errors import StudyError
from sim.sweeps.cells import where

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.ensemble.draw_set import DrawSet
    from sim.experiment.experiment import Experiment
    from sim.experiment.posterior import Posterior
    from sim.outcomes import Outcome
    from sim.sweeps.cells import PlannedCell


def with_draws(
    experiment: Experiment,
    cells: tuple[PlannedCell, ...],
    posterior: Posterior,
    n_draws: int,
    replications: int,
) -> tuple[tuple[PlannedCell, ...], list[str]]:
    """Put every cell of a study under the same draws; return what to say of that.

    Raises
    ------
    StudyError
        If a factor, an arm or a change sets what the posterior sets; or if at some
        point a draw makes no legal scenario: it names the point.
    """
    setters: dict[str, Any] = {"the changes of the experiment": experiment.changes}
    for factor in experiment.factors:
        if factor.kind in ("number", "date"):
            setters[f"the factor {factor.name}"] = factor.paths
    for arm in experiment.arms:
        setters[f"the arm {arm.name}"] = arm.variant.changes
    refuse_set_twice(posterior, setters)
    draws = draws_from(posterior, n_draws, replications)
    warnings: dict[str, None] = {}
    for one in cells:
        try:
            warning = refuse_unfit(posterior, draws, one.cell.scenario)
        except StudyError as error:
            place = where(experiment, one.point, one.arm, one.values)
            message = f"{place}: {error}"
            raise StudyError(message) from error
        # At other points the values differ: that is what a sweep is for.
        if one.cell.scenario.name == posterior.metadata["scenario"]:
            warning = posterior.left_out(one.cell.scenario)
        if warning:
            warnings[warning] = None
    drawn_cells = tuple(
        replace(
            one,
            cell=replace(
                one.cell, digest=draws.digest_of(one.cell.digest), draws=draws
            ),
        )
        for one in cells
    )
    return drawn_cells, list(warnings)


def drawn_row(
    values: NDArray[np.float64],
    draws: DrawSet,
    outcome: Outcome,
    root_seed: int,
    level: float,
) -> dict[str, Any]:
    """Return one row of a sweep's table: `level_row`, and how many it rests on."""
    by_draw = values.reshape(-1, draws.replications)
    row = level_row(by_draw, outcome, root_seed, level)
    row.pop("between_draws")
    row.pop("within_draws")
    has_mean = row["mean"] == row["mean"]
    n = row["n_draws"] * draws.replications if has_mean else 0
    first = ("mean", "standard_error", "low", "high")
    return {name: row.pop(name) for name in first} | {"n": n} | row
