"""Completing what a folder lacks: what is whole is kept, what is missing is run.

A run directory may hold more replications than are asked for, and may be asked for more
than it holds; its numbers stay one range without a gap. The cells of a study are
ensembles run side by side by one set of workers, each marked with the digest of its own
run (`sim.ensemble.archive`), so a part of another scenario is never taken for its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from sim.ensemble import archive, provenance
from sim.ensemble.archive import OUTCOME_PARTS, RECORDS, Part, RunDirectory, parts_of
from sim.ensemble.frames import RECORD_SCHEMA, Table, outcome_schema
from sim.ensemble.part import Progress, Task, scenario_file
from sim.ensemble.study_folder import StudyFolder
from sim.ensemble.workers import Workers, describe_workers, finished
from sim.errors import RunError, StudyError
from sim.files import plain_failure, write_bytes
from sim.scenario.beside import own_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    from sim.ensemble.draw_set import DrawSet
    from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Cell:
    """One ensemble of a study."""

    name: str
    """Name of its folder."""
    scenario: Scenario
    digest: str
    """Of its run: scenario, rules, root_seed, length; and of its draws."""
    draws: DrawSet | None = None
    """Parameter draws, each of some of the replications."""


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
        Who runs the parts; processes of this machine unless given.
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
    work: list[tuple[Task, Part]] = []
    done = 0
    for cell in cells:
        task = task_of(cell, root_seed, until, folder, engine)
        directory = task.directory
        for part in parts_of(replications):
            if directory is not None and _is_whole(task, directory, part):
                done += len(part.replications)
            else:
                work.append((task, part))
        if directory is not None:
            with plain_failure(directory.path):
                (directory.path / OUTCOME_PARTS).mkdir(parents=True, exist_ok=True)
    asked = len(cells) * len(replications)
    if progress is not None:
        progress(done, asked)
    tables: dict[str, dict[int, Table]] = {cell.name: {} for cell in cells}
    crew = workers if executor is None else executor
    for task, part, table in finished(work, crew):
        if table is not None:
            tables[task.name][part.number] = table
        done += len(part.replications)
        if progress is not None:
            progress(done, asked)
    if folder is not None:
        return {}
    return {name: [t[number] for number in sorted(t)] for name, t in tables.items()}


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
    """Return what the parts of a cell share."""
    directory = directory_of(cell, folder)
    return Task(
        scenario=cell.scenario,
        root_seed=root_seed,
        until=until,
        directory=directory,
        with_records=False,
        engine=engine,
        draws=cell.draws,
        name=cell.name,
    )


def directory_of(cell: Cell, folder: Path | None) -> RunDirectory | None:
    """Return where a cell keeps its parts."""
    if folder is None:
        return None
    return RunDirectory(folder / "cells" / cell.name, cell.digest)


def complete(
    task: Task,
    directory: RunDirectory,
    numbers: range,
    workers: Workers,
    progress: Progress | None,
    again: Iterable[int] = (),
) -> None:
    """Run what a run directory lacks, and the parts of some numbers `again`.

    Raises
    ------
    StudyError
        If the folder holds something else, or another process writes in it.
    RunError
        If it cannot be written, or the workers are lost.
    """
    parts = {number // archive.PART_SIZE for number in again}
    folder = StudyFolder(directory.path, directory.digest)
    before = folder.take()
    every = _joined(numbers, directory)
    is_complete = before is not None and before.get("state") == "complete"
    if (
        is_complete
        and not parts
        and not folder.changed()
        and all(_is_whole(task, directory, part) for part in parts_of(every))
    ):
        if progress is not None:
            progress(len(numbers), len(numbers))
        return
    with folder.held():
        every = _joined(numbers, directory)
        missing = [
            part
            for part in parts_of(every)
            if part.number in parts or not _is_whole(task, directory, part)
        ]
        with folder.sealed(_manifest(task, directory, every, workers)) as results:
            _fill(task, directory, every, missing, workers, progress)
            results["failures"] = failed_numbers(directory, every)


def _fill(
    task: Task,
    directory: RunDirectory,
    every: range,
    missing: list[Part],
    workers: Workers,
    progress: Progress | None,
) -> None:
    """Run the missing parts of a directory."""
    directory.make_folders(task.with_records)
    text = provenance.resolved_text(task.scenario)
    if text is not None:
        file = scenario_file(task.scenario, directory.path)
        write_bytes(file, text.encode())
        for name, own in own_files(task.scenario).items():
            (directory.path / name).parent.mkdir(parents=True, exist_ok=True)
            write_bytes(directory.path / name, own.read_bytes())
    done = len(every) - sum(len(part.replications) for part in missing)
    if progress is not None:
        progress(done, len(every))
    for _, part, _ in finished([(task, part) for part in missing], workers):
        done += len(part.replications)
        if progress is not None:
            progress(done, len(every))


def _manifest(
    task: Task, directory: RunDirectory, every: range, workers: Workers
) -> dict[str, Any]:
    """Return what is known of a run before it begins."""
    manifest = provenance.manifest_of(
        task.scenario,
        run_digest=directory.digest,
        root_seed=task.root_seed,
        until=task.until,
    )
    manifest |= {
        "replications": {"first": every.start, "count": len(every)},
        "keeps_records": task.with_records,
        "workers": describe_workers(workers),
    }
    if task.draws is not None:
        manifest["draws"] = task.draws.manifest()
    return manifest


def _joined(numbers: range, directory: RunDirectory) -> range:
    """Return the asked numbers and those that are there, as one range."""
    there = directory.numbers_there()
    if not len(there):
        return numbers
    if numbers.start > there.stop or there.start > numbers.stop:
        message = (
            f"{directory.path} holds replications {there.start} to {there.stop - 1}; "
            f"{numbers.start} to {numbers.stop - 1} would leave a gap: name another "
            "folder"
        )
        raise StudyError(message)
    return range(min(numbers.start, there.start), max(numbers.stop, there.stop))


def _is_whole(task: Task, directory: RunDirectory, part: Part) -> bool:
    """Whether a part's files are there, whole, and hold just its replications."""
    file = directory.file(OUTCOME_PARTS, part)
    schema = outcome_schema(task.scenario, is_drawn=task.draws is not None)
    table = archive.read_part(file, schema, directory.digest)
    if table is None or table["replication"].to_pylist() != list(part.replications):
        return False
    if not task.with_records:
        return True
    file = directory.file(RECORDS, part)
    return archive.read_part(file, RECORD_SCHEMA, directory.digest) is not None


def failed_numbers(directory: RunDirectory, every: range) -> list[int]:
    """Return the numbers of the failed replications of a directory."""
    failed: list[int] = []
    for part in parts_of(every):
        with pq.ParquetFile(directory.file(OUTCOME_PARTS, part)) as file:
            table = file.read(["replication", "error"])
        rows = zip(
            table["replication"].to_pylist(), table["error"].to_pylist(), strict=True
        )
        failed += [number for number, error in rows if error]
    return failed
