"""The cells that an experiment asks for: every arm at every design point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.analytic.branching import refuse_runaway
from sim.digest import content_digest, run_digest
from sim.ensemble.completion import Cell
from sim.errors import ScenarioError, StudyError

if TYPE_CHECKING:
    from sim.experiment.design import Design
    from sim.experiment.experiment import Arm, Experiment
    from sim.experiment.factor import Level

_LOOKED_AT: Final = 3
"""Cells whose branching ratio is estimated before a study: first, last, between."""


@dataclass(frozen=True)
class PlannedCell:
    """One arm at one design point."""

    point: int
    arm: Arm
    values: tuple[Level, ...]
    cell: Cell


def planned_cells(experiment: Experiment, design: Design) -> tuple[PlannedCell, ...]:
    """Return every arm at every point, each with its scenario.

    Raises
    ------
    StudyError
        If a point is no legal scenario; it names the point.
    """
    return tuple(_planned(experiment, *at) for at in _places(experiment, design))


def refuse_runaways(experiment: Experiment, cells: tuple[PlannedCell, ...]) -> None:
    """Refuse a study some cells of which run away, of a few that are looked at.

    The estimate takes a second a cell. A cell that runs away and is not looked at
    ends in failed replications, since incidents are capped.

    Raises
    ------
    StudyError
        If one does; it names the point.
    """
    for number in _looked_at(len(cells)):
        _refuse_runaway(experiment, cells[number])


def warnings_of(experiment: Experiment, design: Design) -> list[str]:
    """Return why a study would be refused, for the cells that it would look at."""
    places = _places(experiment, design)
    warnings: list[str] = []
    for number in _looked_at(len(places)):
        try:
            _refuse_runaway(experiment, _planned(experiment, *places[number]))
        except StudyError as error:
            warnings.append(str(error))
    return warnings


def _places(
    experiment: Experiment, design: Design
) -> list[tuple[int, Arm, tuple[Level, ...]]]:
    """Return every arm at every point, in order."""
    places: list[tuple[int, Arm, tuple[Level, ...]]] = []
    for point, values in enumerate(design.values()):
        chosen = experiment.arm_at(values)
        for arm in (chosen,) if chosen is not None else experiment.arms:
            places.append((point, arm, values))
    return places


def _planned(
    experiment: Experiment, point: int, arm: Arm, values: tuple[Level, ...]
) -> PlannedCell:
    """Return one arm at one point, with its scenario."""
    try:
        scenario = experiment.scenario_at(arm, values)
    except ScenarioError as error:
        message = f"{where(experiment, point, arm, values)}: {error}"
        raise StudyError(message) from error
    digest = run_digest(scenario, experiment.root_seed, experiment.until)
    cell = Cell(f"{point:05d}-{arm.name}", scenario, digest)
    return PlannedCell(point, arm, values, cell)


def _looked_at(n: int) -> list[int]:
    """Return the numbers of the cells that are looked at, of n."""
    chosen = np.linspace(0, n - 1, min(n, _LOOKED_AT))
    return sorted({round(float(x)) for x in chosen})


def _refuse_runaway(experiment: Experiment, one: PlannedCell) -> None:
    try:
        refuse_runaway(one.cell.scenario, experiment.until)
    except StudyError as error:
        message = f"{where(experiment, one.point, one.arm, one.values)}: {error}"
        raise StudyError(message) from error


def study_digest(experiment: Experiment, cells: tuple[PlannedCell, ...]) -> str:
    """Return what names a study: the digests of its cells, in their order.

    It does not depend on how many replications are run, nor on the outcomes shown.
    """
    entries = [[one.point, one.arm.name, one.cell.digest] for one in cells]
    return content_digest([experiment.name, experiment.root_seed, entries])


def where(
    experiment: Experiment, point: int, arm: Arm, values: tuple[Level, ...]
) -> str:
    """Name a design point and its arm."""
    settings = ", ".join(
        f"{factor.name} = {factor.text(value)}"
        for factor, value in zip(experiment.factors, values, strict=True)
    )
    return f"design point {point}, arm {arm.name}" + (
        f" ({settings})" if settings else ""
    )
