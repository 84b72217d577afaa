"""The cells that an experiment asks for: every arm at every design point."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.analytic.branching import refuse_runaway
from sim.digest import run_digest
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
    found: list[PlannedCell] = []
    for point, values in enumerate(design.values()):
        chosen = experiment.arm_at(values)
        for arm in (chosen,) if chosen is not None else experiment.arms:
            try:
                scenario = experiment.scenario_at(arm, values)
            except ScenarioError as error:
                message = f"{where(experiment, point, arm, values)}: {error}"
                raise StudyError(message) from error
            digest = run_digest(scenario, experiment.root_seed, experiment.until)
            name = f"{point:05d}-{arm.name}"
            found.append(PlannedCell(point, arm, values, Cell(name, scenario, digest)))
    return tuple(found)


def refuse_runaways(experiment: Experiment, cells: tuple[PlannedCell, ...]) -> None:
    """Refuse a study some cells of which run away, of a few that are looked at.

    The estimate takes a second a cell. A cell that runs away and is not looked at
    ends in failed replications, since incidents are capped.

    Raises
    ------
    StudyError
        If one does; it names the point.
    """
    chosen = np.linspace(0, len(cells) - 1, min(len(cells), _LOOKED_AT))
    for number in sorted({round(float(x)) for x in chosen}):
        one = cells[number]
        try:
            refuse_runaway(one.cell.scenario)
        except StudyError as error:
            message = f"{where(experiment, one.point, one.arm, one.values)}: {error}"
            raise StudyError(message) from error


def study_digest(experiment: Experiment, cells: tuple[PlannedCell, ...]) -> str:
    """Return what names a study: the digests of its cells, in their order.

    It does not depend on how many replications are run, nor on the outcomes shown.
    """
    told = [[one.point, one.arm.name, one.cell.digest] for one in cells]
    text = json.dumps([experiment.name, experiment.root_seed, told])
    return sha256(text.encode()).hexdigest()


def where(
    experiment: Experiment, point: int, arm: Arm, values: tuple[Level, ...]
) -> str:
    """Name a design point and its arm."""
    told = ", ".join(
        f"{factor.name} = {factor.told(value)}"
        for factor, value in zip(experiment.factors, values, strict=True)
    )
    return f"design point {point}, arm {arm.name}" + (f" ({told})" if told else "")
