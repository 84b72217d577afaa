"""The work of one chunk of replications, and the writing of what it made."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.engine.choice import driver_for
from sim.ensemble import archive
from sim.ensemble.archive import OUTCOME_PARTS, RECORDS, Part, RunDirectory
from sim.ensemble.chunk import run_chunk
from sim.ensemble.frames import Table, outcome_table
from sim.errors import RunError
from sim.files import write_bytes

if TYPE_CHECKING:
    from sim.engine.cast import Cast
    from sim.ensemble.draw_set import DrawSet
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
    engine: str = "simpy"
    """``simpy`` or ``compiled``; the results do not depend on it."""
    draws: DrawSet | None = None
    """Draws of the parameters, each of some replications; None leaves them alone."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a chunk gave: the bytes of its files, or its outcomes where none is kept."""

    outcomes: bytes | Table
    records: bytes | None = None


def make_part(task: Task, cast: Cast, part: Part) -> Made:
    """Run one chunk; write nothing."""
    if task.draws is None:
        chunk = run_chunk(
            driver_for(cast, task.engine),
            task.root_seed,
            part.replications,
            task.until,
            with_records=task.with_records,
        )
    else:
        from sim.ensemble.draw_chunk import run_draw_chunk

        chunk = run_draw_chunk(task, task.draws, part.replications)
    failed = {
        number: (_said(error), repeat_command(task, number))
        for number, error in chunk.failures.items()
    }
    of_draw = task.draws and [task.draws.draw_of(n) for n in part.replications]
    outcomes = outcome_table(
        *(task.scenario, part.replications, chunk.outcomes, chunk.numbers, failed),
        of_draw,
    )
    if task.directory is None:
        return Made(outcomes)
    digest = task.directory.digest
    table = chunk.records
    records = None if table is None else archive.encoded(table, digest)
    return Made(archive.encoded(outcomes, digest), records)


def put_away(task: Task, part: Part, made: Made) -> Table | None:
    """Write a chunk's files whole; without a directory return its outcomes.

    Raises
    ------
    RunError
        If they cannot be written.
    """
    if task.directory is None:
        return made.outcomes
    for folder, content in ((RECORDS, made.records), (OUTCOME_PARTS, made.outcomes)):
        if content is not None:
            write_bytes(task.directory.file(folder, part), content)
    return None


def run_part(task: Task, cast: Cast, part: Part) -> Table | None:
    """Run one chunk here; write its parts, or return its outcomes if none are kept."""
    return put_away(task, part, make_part(task, cast, part))


def scenario_file(scenario: Scenario, folder: Path | None = None) -> Path:
    """Return where a run directory keeps the resolved scenario that it ran."""
    return (folder or Path()) / f"{scenario.name}.yaml"


def repeat_command(task: Task, number: int, folder: Path | None = None) -> str:
    """Return the command that repeats one replication of a run.

    Parameters
    ----------
    task
        The run.
    number
        The replication's.
    folder
        The run directory as seen from where the command is to be given. In the parts
        it is left out: there the command is to be given in the run directory, so that
        the same run has the same bytes wherever it lies.
    """
    scenario = task.scenario
    if not scenario.path:
        draw = task.draws and task.draws.draw_of(number)
        which = "scenario" if draw is None else f"draws.scenario_of(scenario, {draw})"
        return (
            f"sim.run_replication({which}, {task.root_seed}, {number}, {task.until!r})"
        )
    kept = task.directory is not None
    file = str(scenario_file(scenario, folder)) if kept else scenario.path
    words = ["escalade", "replay", file]
    words += ["--root-seed", str(task.root_seed), "--replication", str(number)]
    if task.until != scenario.horizon:
        words += ["--until", repr(task.until)]
    if task.draws is not None:
        values = task.draws.written(task.draws.draw_of(number))
        words += [w for path, value in values.items() for w in _set(path, value)]
    return shlex.join(words)


def _set(path: str, value: object) -> tuple[str, str]:
    """Return the option that sets a value."""
    return "--set", f"{path}={value}"


def _said(error: Exception) -> str:
    """Return what went wrong in one line; our own refusals speak for themselves."""
    if isinstance(error, RunError):
        return str(error).partition("\n")[0]
    return " ".join(f"{type(error).__name__}: {error}".split())
