"""Completing a run directory: what is whole is kept, what is missing is run.

A folder may hold more replications than are asked for, and may be asked for more than
it holds; its numbers stay one range without a gap.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sim.errors import RunError, StudyError
from sim.study import archive, provenance
from sim.study.archive import OUTCOME_PARTS, RECORDS, Part, RunDirectory, parts_of
from sim.study.frames import RECORD_SCHEMA, outcome_schema
from sim.study.replicate import Progress, Task, run_parts

if TYPE_CHECKING:
    from sim.study.frames import Table


def complete(
    task: Task,
    directory: RunDirectory,
    numbers: range,
    workers: int,
    progress: Progress | None,
) -> list[Table]:
    """Run what a run directory lacks; return its tables of outcomes, in order."""
    before = directory.prepare(task.with_records)
    every = _joined(numbers, directory)
    parts = parts_of(every)
    missing = [part for part in parts if not _is_whole(task, directory, part)]
    if missing or before is None or before.get("state") != "complete":
        _fill(task, directory, every, missing, workers, progress)
    elif progress is not None:
        progress(len(numbers), len(numbers))
    schema = outcome_schema(task.scenario)
    tables: list[Table] = []
    for part in parts_of(numbers):
        file = directory.file(OUTCOME_PARTS, part)
        table = archive.read_part(file, schema, directory.digest)
        if table is None:
            message = f"{file} was damaged while it was read; run again"
            raise RunError(message)
        tables.append(table)
    return tables


def _fill(
    task: Task,
    directory: RunDirectory,
    every: range,
    missing: list[Part],
    workers: int,
    progress: Progress | None,
) -> None:
    """Run the missing parts of a directory and seal it with its manifest."""
    manifest = provenance.manifest_of(
        task.scenario,
        run_digest=directory.digest,
        root_seed=task.root_seed,
        until=task.until,
    )
    manifest |= {
        "replications": {"first": every.start, "count": len(every)},
        "keeps_records": task.with_records,
        "workers": workers,
        "started": provenance.now(),
    }
    began = time.perf_counter()
    directory.write_manifest(manifest)
    text = provenance.resolved_text(task.scenario)
    if text is not None:
        file = directory.path / "scenario.yaml"
        archive.write_whole(file, lambda f: f.write(text.encode()))
    n_missing = sum(len(part.replications) for part in missing)
    done = len(every) - n_missing
    try:
        run_parts(task, missing, workers, progress, done, len(every))
    except BaseException:
        manifest["state"] = "broken off"
        manifest["duration_seconds"] = round(time.perf_counter() - began, 3)
        directory.write_manifest(manifest)
        raise
    directory.sweep()
    manifest |= {
        "state": "complete",
        "duration_seconds": round(time.perf_counter() - began, 3),
        "failures": _failed_numbers(task, directory, every),
        "parts": directory.checksums(),
    }
    directory.write_manifest(manifest)


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
    schema = outcome_schema(task.scenario)
    table = archive.read_part(file, schema, directory.digest)
    if table is None or table["replication"].to_pylist() != list(part.replications):
        return False
    if not task.with_records:
        return True
    file = directory.file(RECORDS, part)
    return archive.read_part(file, RECORD_SCHEMA, directory.digest) is not None


def _failed_numbers(task: Task, directory: RunDirectory, every: range) -> list[int]:
    """Return the numbers of the failed replications of a directory."""
    failed: list[int] = []
    for part in parts_of(every):
        table = archive.read_table(directory.file(OUTCOME_PARTS, part))
        rows = zip(
            table["replication"].to_pylist(), table["error"].to_pylist(), strict=True
        )
        failed += [number for number, error in rows if error]
    return failed
