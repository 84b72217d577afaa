"""The work of an ensemble: chunks of replications, in this process or in several."""

from __future__ import annotations

import os
import pickle
import signal
import threading
from collections.abc import Callable, Generator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from sim.engine.cast import Cast
from sim.engine.run import run_replication
from sim.errors import RunError, StudyError
from sim.outcomes import outcomes_of
from sim.study import archive
from sim.study.archive import OUTCOME_PARTS, RECORDS, Part, RunDirectory
from sim.study.frames import RECORD_SCHEMA, Table, outcome_table, record_table

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

    from sim.scenario.scenario import Scenario

Progress = Callable[[int, int], None]
"""Called with the replications done and those asked for."""


@dataclass(frozen=True, slots=True)
class Task:
    """What every chunk of a run shares."""

    scenario: Scenario
    root_seed: int
    until: float
    directory: RunDirectory | None
    with_records: bool


def run_parts(
    task: Task,
    parts: list[Part],
    workers: int,
    progress: Progress | None,
    done: int,
    asked: int,
) -> dict[int, Any]:
    """Run chunks here or in several processes; give their tables if none are written.

    Raises
    ------
    RunError
        If a part cannot be written, or a worker process dies.
    StudyError
        If the scenario cannot be sent to a process.
    """
    found: dict[int, Any] = {}
    if progress is not None:
        progress(done, asked)
    with closing(_finished(task, parts, min(workers, len(parts)))) as finished:
        for part, table in finished:
            found[part.number] = table
            done += len(part.replications)
            if progress is not None:
                progress(done, asked)
    return found


def _finished(
    task: Task, parts: list[Part], workers: int
) -> Generator[tuple[Part, Table | None]]:
    """Yield each chunk as it is finished, in whatever order."""
    if workers <= 1:
        cast = Cast(task.scenario)
        for part in parts:
            yield part, run_part(task, cast, part)
        return
    _check_sendable(task)
    executor = ProcessPoolExecutor(
        workers, get_context("spawn"), initializer=_start_worker, initargs=(task,)
    )
    try:
        waiting = {executor.submit(_run_in_worker, part): part for part in parts}
        while waiting:
            ready, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in ready:
                yield waiting.pop(future), future.result()
    except BrokenProcessPool as error:
        message = "a worker process died (out of memory?); finished parts are kept"
        raise RunError(message) from error
    finally:
        # Parts under way are finished and written; what has not begun is dropped.
        executor.shutdown(wait=True, cancel_futures=True)


def _check_sendable(task: Task) -> None:
    """Refuse a scenario that another process could not import."""
    try:
        pickle.dumps(task)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        message = (
            f"{task.scenario.name} cannot be sent to a process ({error}); write its "
            "kinds at the top of a module, or use workers=1"
        )
        raise StudyError(message) from error


_WORKER: list[tuple[Task, Cast]] = []


def _start_worker(task: Task) -> None:
    """Prepare a worker process; the parent alone answers an interrupt.

    A worker whose parent was killed ends too: it would wait for work for ever.
    """
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _WORKER[:] = [(task, Cast(task.scenario))]


def _end_with(parent: BaseProcess) -> None:
    """End this process when its parent has ended, in the middle of whatever it does."""
    parent.join()
    os._exit(1)


def _run_in_worker(part: Part) -> Table | None:
    """Run a chunk in a worker process."""
    task, cast = _WORKER[0]
    return run_part(task, cast, part)


def run_part(task: Task, cast: Cast, part: Part) -> Table | None:
    """Run one chunk; write its parts, or return its outcomes without a directory."""
    rows: list[dict[str, Any]] = []
    tables: list[Table] = []
    for number in part.replications:
        row: dict[str, Any] = {"replication": number}
        try:
            log = run_replication(cast, task.root_seed, number, task.until)
        except RunError as error:
            text, _, repeat = str(error).partition("\n")
            row |= {"error": text, "repeat": repeat.strip()}
        else:
            row |= outcomes_of(log, task.scenario)
            if task.with_records:
                tables.append(record_table([log]))
        rows.append(row)
    outcomes = outcome_table(task.scenario, rows)
    directory = task.directory
    if directory is None:
        return outcomes
    if task.with_records:
        table = RECORD_SCHEMA.empty_table()
        if tables:
            table = pa.concat_tables(tables).unify_dictionaries().combine_chunks()
        archive.write_table(directory.file(RECORDS, part), table, directory.digest)
    archive.write_table(directory.file(OUTCOME_PARTS, part), outcomes, directory.digest)
    return None
