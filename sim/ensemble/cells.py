"""The cells of a study, each an ensemble, run side by side by one set of workers.

A cell is a scenario with its replications; its folder holds parts as a run directory
does (`sim.ensemble.archive`), each marked with the digest of the cell's own run. So a
study that was killed keeps every part that is whole, and a part of another scenario
is never taken for its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.ensemble import archive
from sim.ensemble.archive import OUTCOME_PARTS, Part, RunDirectory, parts_of
from sim.ensemble.frames import Table, outcome_schema
from sim.ensemble.replicate import Task
from sim.ensemble.workers import Job, Workers, finished
from sim.errors import RunError
from sim.files import plain_failure

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    from sim.ensemble.draw_set import DrawSet
    from sim.scenario.scenario import Scenario

Progress = Callable[[int, int], None]
"""Called with the replications done and those asked for, over the whole study."""


@dataclass(frozen=True)
class Cell:
    """One ensemble of a study."""

    name: str
    """Name of its folder."""
    scenario: Scenario
    digest: str
    """Of its run: scenario, rules, root_seed, length; and of its draws."""
    draws: DrawSet | None = None
    """Draws of the parameters, each of some of the replications."""


def run_cells(  # noqa: PLR0913 - each is a decision of the study
    cells: Sequence[Cell],
    *,
    replications: range,
    root_seed: int,
    until: float,
    folder: Path | None,
    executor: Executor | None = None,
    workers: Workers = 1,
    progress: Progress | None = None,
    engine: str = "simpy",
) -> dict[str, list[Table]]:
    """Run what the cells lack.

    Parameters
    ----------
    cells
        The ensembles, of different names.
    replications
        The numbers that each runs; the same, so that the cells are coupled.
    root_seed
        Of all of them.
    until
        Days to simulate.
    folder
        Where their parts are kept; None keeps the outcomes in memory.
    executor
        Who runs the chunks; processes of this machine unless given.
    workers
        Processes, or a cluster's address, where no executor is given; 1 runs in this
        process.
    progress
        Told how far the whole is.
    engine
        ``simpy`` or ``compiled``; results do not depend on it.

    Returns
    -------
    dict
        Without a folder, the tables of outcomes of each cell, in order; else empty.

    Raises
    ------
    RunError
        If a part cannot be written or a worker dies. What is finished is kept.
    """
    jobs: list[Job] = []
    done = 0
    for cell in cells:
        task = task_of(cell, root_seed, until, folder, engine)
        directory = task.directory
        for part in parts_of(replications):
            if directory is not None and _is_whole(task, directory, part):
                done += len(part.replications)
            else:
                jobs.append(Job(task, part, cell.name))
        if directory is not None:
            with plain_failure(directory.path):
                (directory.path / OUTCOME_PARTS).mkdir(parents=True, exist_ok=True)
    asked = len(cells) * len(replications)
    if progress is not None:
        progress(done, asked)
    found: dict[str, dict[int, Table]] = {cell.name: {} for cell in cells}
    crew = workers if executor is None else executor
    for (_, part, name), table in finished(jobs, crew):
        if table is not None:
            found[name][part.number] = table
        done += len(part.replications)
        if progress is not None:
            progress(done, asked)
    if folder is not None:
        return {}
    return {name: [t[number] for number in sorted(t)] for name, t in found.items()}


def tables_of(cell: Cell, folder: Path, replications: range) -> list[Table]:
    """Read a cell's outcomes, part by part.

    Raises
    ------
    RunError
        If a part was damaged since it was written.
    """
    directory = RunDirectory(folder / "cells" / cell.name, cell.digest)
    schema = outcome_schema(cell.scenario, is_drawn=cell.draws is not None)
    tables: list[Table] = []
    for part in parts_of(replications):
        file = directory.file(OUTCOME_PARTS, part)
        table = archive.read_part(file, schema, cell.digest)
        if table is None:
            message = f"{file} is missing or damaged; run again to make it anew"
            raise RunError(message)
        tables.append(table)
    return tables


def task_of(
    cell: Cell, root_seed: int, until: float, folder: Path | None, engine: str = "simpy"
) -> Task:
    """Return what the chunks of a cell share."""
    directory = directory_of(cell, folder)
    return Task(
        *(cell.scenario, root_seed, until, directory, False, engine), cell.draws
    )


def directory_of(cell: Cell, folder: Path | None) -> RunDirectory | None:
    """Return where a cell keeps its parts."""
    if folder is None:
        return None
    return RunDirectory(folder / "cells" / cell.name, cell.digest)


def _is_whole(task: Task, directory: RunDirectory, part: Part) -> bool:
    """Whether a part is there, whole, and holds just its replications."""
    file = directory.file(OUTCOME_PARTS, part)
    if not file.exists():
        return False
    schema = outcome_schema(task.scenario, is_drawn=task.draws is not None)
    table = archive.read_part(file, schema, directory.digest)
    return table is not None and table["replication"].to_pylist() == list(
        part.replications
    )
