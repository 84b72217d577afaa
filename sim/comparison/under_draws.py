"""Running every arm under every parameter draw, in one folder or in memory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.comparison.arms import refuse_names
from sim.comparison.pairing import MOST_FAILED
from sim.digest import content_digest, run_digest
from sim.ensemble import provenance
from sim.ensemble.completion import Cell, run_cells, tables_of
from sim.ensemble.summary import (
    DEAD,
    OF_DEAD,
    OTHER_DEAD,
    all_dead,
    other_dead,
    others_of,
)
from sim.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.ensemble.compiling import Compiling
    from sim.ensemble.draw_set import ArmSource, DrawSet
    from sim.ensemble.part import Progress
    from sim.ensemble.workers import Workers
    from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class DrawnArms:
    """Arms, and the draws that they share."""

    scenarios: Mapping[str, Scenario]
    """By arm, before any draw; the reference first."""
    draws: DrawSet
    root_seed: int
    until: float
    sources: Mapping[str, ArmSource] | None = None
    """By arm, where draws change the file and not the resolved numbers."""

    def cells(self) -> list[Cell]:
        """Return each arm as an ensemble.

        Raises
        ------
        StudyError
            If the name of an arm cannot be that of a folder.
        """
        refuse_names(self.scenarios)
        drawn: list[Cell] = []
        for name, scenario in self.scenarios.items():
            source = None if self.sources is None else self.sources[name]
            draws = replace(self.draws, source=source)
            digest = run_digest(scenario, self.root_seed, self.until)
            drawn.append(Cell(name, scenario, draws.digest_of(digest), draws))
        return drawn


@dataclass(frozen=True, eq=False)
class Drawn:
    """The outcomes of every arm, draw and replication."""

    values: dict[str, dict[str, NDArray[np.float64]]]
    """By outcome, then arm: shape (K, M); nan where undefined."""
    draws: DrawSet
    n_refused: int = 0
    """Draws that were no legal scenario or ran away, and were drawn again."""
    n_failed: int = 0
    """Replications that failed; their numbers are nan in every arm."""


def study_digest(cells: Sequence[Cell]) -> str:
    """Return what names a study of arms under draws; how many draws is not in it."""
    return content_digest([[cell.name, cell.digest] for cell in cells])


def run_drawn_arms(
    arms: DrawnArms,
    outcomes: Sequence[str],
    *,
    workers: Workers = 1,
    folder: Path | None = None,
    progress: Progress | None = None,
    engine: str = "simpy",
    compiling: Compiling | None = None,
) -> Drawn:
    """Run all arms under each draw; draw k has replications kM to (k + 1)M - 1.

    The replications of different draws are different worlds, those of the arms within a
    draw the same ones: nested, and coupled. A folder, where parts are kept and found
    again, must be held (`sim.ensemble.study_folder`). What is compiled meanwhile takes
    over from `engine`.

    Raises
    ------
    StudyError
        If more than 0.1 % of the replications failed in some arm.
    """
    cells, numbers = arms.cells(), arms.draws.numbers
    in_memory = run_cells(
        cells,
        replications=numbers,
        root_seed=arms.root_seed,
        until=arms.until,
        folder=folder,
        workers=workers,
        progress=progress,
        engine=engine,
        compiling=compiling,
    )
    failed = np.zeros(len(numbers), bool)
    outcome_values: dict[str, dict[str, Any]] = {name: {} for name in outcomes}
    for cell in cells:
        tables = tables_of(cell, folder, numbers) if folder else in_memory[cell.name]
        errors = [error for table in tables for error in table["error"].to_pylist()]
        failed |= np.array([bool(error) for error in errors])
        for name in outcomes:
            columns = [table[name].to_numpy() for table in tables]
            outcome_values[name][cell.name] = np.concatenate(columns)
    n_failed = int(failed.sum())
    if n_failed > MOST_FAILED * len(numbers):
        message = (
            f"{n_failed} of {len(numbers)} replications failed; above 0.1 % those that "
            "are left no longer stand for all. Narrow the ranges, or raise "
            "limits.max_incidents"
        )
        raise StudyError(message)
    shape = (-1, arms.draws.replications)
    values = {
        name: {
            arm: np.where(failed, np.nan, column).reshape(shape)
            for arm, column in by_arm.items()
        }
        for name, by_arm in outcome_values.items()
    }
    return Drawn(values, arms.draws, 0, n_failed)


def with_all_dead(drawn: Drawn, outcomes: Sequence[str]) -> Drawn:
    """Return some of the outcomes; where any dead are, all others and all of them."""
    values = {name: drawn.values[name] for name in outcomes}
    if not set(outcomes).isdisjoint(OF_DEAD):
        columns = {
            arm: {name: one[arm] for name, one in drawn.values.items()}
            for arm in next(iter(values.values()))
        }
        if others_of(outcomes) is not None:
            values[OTHER_DEAD] = {
                arm: other_dead(one, outcomes) for arm, one in columns.items()
            }
        values[DEAD] = {arm: all_dead(one) for arm, one in columns.items()}
    return replace(drawn, values=values)


def manifest_of(arms: DrawnArms, digest: str) -> dict[str, Any]:
    """Return what is known of a study of arms under draws before it runs."""
    first = next(iter(arms.scenarios.values()))
    return provenance.manifest_of(
        first, run_digest=digest, root_seed=arms.root_seed, until=arms.until
    ) | {
        "study_digest": digest,
        "arms": {cell.name: cell.digest for cell in arms.cells()},
        "scenarios": {name: one.name for name, one in arms.scenarios.items()},
        "draws": arms.draws.manifest(),
    }
