"""Completing a run directory: what is whole is kept, what is missing is run.

A folder may hold more replications than are asked for, and may be asked for more than
it holds; its numbers stay one range without a gap.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from sim import lock
from sim.ensemble import archive, provenance
from sim.ensemble.archive import OUTCOME_PARTS, RECORDS, Part, RunDirectory, parts_of
from sim.ensemble.frames import RECORD_SCHEMA, outcome_schema
from sim.ensemble.replicate import Progress, Task, scenario_file
from sim.ensemble.workers import Job, Workers, finished, told
from sim.errors import StudyError
from sim.files import write_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable


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
    chunks = {number // archive.CHUNK for number in again}
    before = directory.prepare()
    every = _joined(numbers, directory)
    is_complete = before is not None and before.get("state") == "complete"
    if (
        is_complete
        and not chunks
        and all(_is_whole(task, directory, part) for part in parts_of(every))
    ):
        if progress is not None:
            progress(len(numbers), len(numbers))
        return
    with lock.held(directory.path):
        directory.prepare()  # another may have been here
        every = _joined(numbers, directory)
        missing = [
            part
            for part in parts_of(every)
            if part.number in chunks or not _is_whole(task, directory, part)
        ]
        _fill(task, directory, every, missing, workers, progress)


def _fill(
    task: Task,
    directory: RunDirectory,
    every: range,
    missing: list[Part],
    workers: Workers,
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
        "workers": told(workers),
        "started": provenance.now(),
    }
    if task.draws is not None:
        manifest["draws"] = task.draws.manifest()
    began = time.perf_counter()
    directory.write_manifest(manifest)
    directory.make_folders(task.with_records)
    text = provenance.resolved_text(task.scenario)
    if text is not None:
        file = scenario_file(task.scenario, directory.path)
        write_bytes(file, text.encode())
    done = len(every) - sum(len(part.replications) for part in missing)
    if progress is not None:
        progress(done, len(every))
    try:
        for job, _ in finished([Job(task, part) for part in missing], workers):
            done += len(job.part.replications)
            if progress is not None:
                progress(done, len(every))
    except BaseException:
        manifest["state"] = "broken off"
        manifest["duration_seconds"] = round(time.perf_counter() - began, 3)
        directory.write_manifest(manifest)
        raise
    directory.sweep()
    manifest |= {
        "state": "complete",
        "duration_seconds": round(time.perf_counter() - began, 3),
        "failures": failed_numbers(directory, every),
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
