"""Completing what a folder lacks: what is whole is kept, what is missing is run.

A run directory may hold more replications than are asked for, and may be asked for more
than it holds; its numbers stay one range without a gap. The cells of a study are
ensembles run side by side by one set of workers, each marked with the digest of its own
run (`sim.ensemble.archive`), so a part of another scenario is never taken for its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.engine.alteration import as_data
from sim.ensemble import archive, provenance
from sim.ensemble.archive import OUTCOME_PARTS, RECORDS, Part, RunDirectory, parts_of
from sim.ensemble.frames import LOG_SCHEMA, Table, outcome_schema
from sim.ensemble.part import Progress, Task, scenario_file
from sim.ensemble.study_folder import StudyFolder, read_manifest
from sim.ensemble.workers import Workers, describe_workers, finished
from sim.errors import RunError, StudyError
from sim.files import write_bytes, write_text
from sim.scenario.beside import own_files
from sim.scenario.dump import dump_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from sim.ensemble.compiling import Compiling
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
    workers: Workers,
    progress: Progress | None = None,
    engine: str = "simpy",
    compiling: Compiling | None = None,
) -> dict[str, list[Table]]:
    """Run what the cells lack: ensembles of different names, coupled by equal numbers.

    `progress` counts all of them. With a folder their parts are kept in it; without one
    the tables of each cell's outcomes are returned, in order.

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
            directory.make_folders()
    asked = len(cells) * len(replications)
    return run_parts(work, workers, progress, done, asked, compiling)


def run_parts(
    work: list[tuple[Task, Part]],
    workers: Workers,
    progress: Progress | None,
    done: int,
    asked: int,
    compiling: Compiling | None = None,
) -> dict[str, list[Table]]:
    """Run parts, and tell how far that is, of so many replications done and asked.

    Returns
    -------
    dict
        By the name of its task, the outcomes of the parts that no folder keeps, in
        order.
    """
    if progress is not None:
        progress(done, asked)
    tables: dict[str, dict[int, Table]] = {}
    before = done
    for task, part, table in finished(work, workers, compiling):
        if table is not None:
            tables.setdefault(task.name, {})[part.number] = table
        done += len(part.replications)
        if compiling is not None:
            compiling.heed(done - before, asked - done)
        if progress is not None:
            progress(done, asked)
    return {name: [t[number] for number in sorted(t)] for name, t in tables.items()}


def tables_of(cell: Cell, folder: Path, replications: range) -> list[Table]:
    """Read a cell's outcomes of these replications, part by part.

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
        tables.append(table[: len(part.replications)])
    return tables


def task_of(
    cell: Cell, root_seed: int, until: float, folder: Path | None, engine: str = "simpy"
) -> Task:
    """Return what the parts of a cell share."""
    directory = None
    if folder is not None:
        directory = RunDirectory(folder / "cells" / cell.name, cell.digest)
    return Task(
        scenario=cell.scenario,
        root_seed=root_seed,
        until=until,
        directory=directory,
        with_log=False,
        engine=engine,
        draws=cell.draws,
        name=cell.name,
    )


def complete(
    task: Task,
    directory: RunDirectory,
    numbers: range,
    workers: Workers,
    progress: Progress | None,
    again: Iterable[int] = (),
    compiling: Compiling | None = None,
) -> None:
    """Run what a run directory lacks, and the parts of some numbers `again`.

    Raises
    ------
    StudyError
        If the folder holds something else, or another process writes in it.
    RunError
        If it cannot be written, or the workers are lost.
    """
    parts = {archive.part_with(number) for number in again}
    folder = StudyFolder(directory.path, directory.digest)
    before = folder.take(lambda: _manifest(task, directory, numbers, workers))
    every = _joined(numbers, directory)
    own = own_files(task.scenario) if task.scenario.path else {}
    is_complete = before is not None and before.get("state") == "complete"
    if (
        is_complete
        and not parts
        and not folder.changed()
        and all(_is_copied(file, directory.path / name) for name, file in own.items())
        and all(_is_whole(task, directory, part) for part in parts_of(every))
    ):
        if progress is not None:
            progress(len(numbers), len(numbers))
        return
    with folder.held():
        every = _joined(numbers, directory)
        work = [
            (task, part)
            for part in parts_of(every)
            if part.number in parts or not _is_whole(task, directory, part)
        ]
        with folder.sealed(_manifest(task, directory, every, workers)) as results:
            directory.make_folders(task.with_log)
            if task.scenario.path:  # one that was built in Python has no file
                file = scenario_file(task.scenario, directory.path)
                write_text(file, dump_yaml(task.scenario))
                for name, own_file in own.items():
                    (directory.path / name).parent.mkdir(parents=True, exist_ok=True)
                    write_bytes(directory.path / name, own_file.read_bytes())
            done = len(every) - sum(len(part.replications) for _, part in work)
            run_parts(work, workers, progress, done, len(every), compiling)
            results["failures"] = failed_numbers(directory, every)


def _is_copied(file: Path, copy: Path) -> bool:
    """Whether a run's folder has a file of its scenario as it is now."""
    return copy.is_file() and copy.read_bytes() == file.read_bytes()


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
        "keeps_records": task.with_log,
        "workers": describe_workers(workers),
    }
    if task.alteration:
        manifest["alteration"] = as_data(task.alteration, with_pasts=True)
    if task.draws is not None:
        manifest["draws"] = task.draws.manifest()
    return manifest


def _joined(numbers: range, directory: RunDirectory) -> range:
    """Return the asked numbers and those that are there, as one range."""
    there = numbers_there(directory)
    if there and (numbers.start > there.stop or there.start > numbers.stop):
        message = (
            f"{directory.path} holds replications {there.start} to {there.stop - 1}; "
            f"{numbers.start} to {numbers.stop - 1} would leave a gap: name another "
            "folder"
        )
        raise StudyError(message)
    return _spanned(numbers, there)


def numbers_there(directory: RunDirectory) -> range:
    """Return the replications that a run directory holds, or held when complete.

    A part of them may be damaged by now; it is to be made again, not to be forgotten.
    """
    there = directory.numbers_there()
    manifest = read_manifest(directory.path) or {}
    if manifest.get("state") != "complete" or "replications" not in manifest:
        return there
    first, count = (manifest["replications"][key] for key in ("first", "count"))
    return _spanned(range(first, first + count), there)


def _spanned(numbers: range, others: range) -> range:
    """Return two ranges, and what is between them, as one."""
    ranges = [some for some in (numbers, others) if some]
    return range(min(some.start for some in ranges), max(some.stop for some in ranges))


def _is_whole(task: Task, directory: RunDirectory, part: Part) -> bool:
    """Whether a part's files are there, whole, and hold its replications.

    Outcomes may go on beyond them: of a study that was asked for more before.
    """
    file = directory.file(OUTCOME_PARTS, part)
    schema = outcome_schema(task.scenario, is_drawn=task.draws is not None)
    table = archive.read_part(file, schema, directory.digest)
    n = len(part.replications)
    if table is None or table["replication"].to_pylist()[:n] != list(part.replications):
        return False
    if not task.with_log:
        return True
    file, digest = directory.file(RECORDS, part), directory.digest
    records = archive.read_part(file, LOG_SCHEMA, digest, part.replications)
    return records is not None


def failed_numbers(directory: RunDirectory, every: range) -> list[int]:
    """Return the numbers of the failed replications of a directory."""
    failed: list[int] = []
    for part in parts_of(every):
        file = directory.file(OUTCOME_PARTS, part)
        table = archive.read_table(file, ["replication", "error"])
        numbers, errors = (table[name].to_pylist() for name in ("replication", "error"))
        failed += [n for n, error in zip(numbers, errors, strict=True) if error]
    return failed
