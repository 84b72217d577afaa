"""The work of one part of an ensemble: run, reported on, measured, written.

Whichever driver runs, what leaves it are rows of numbers; they are measured where they
lie, and the table of records is made without a Python object a record.
Under parameter draws a part holds a few replications of each draw.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.engine.alteration import UNALTERED, Alteration
from sim.engine.cast import Cast
from sim.engine.choice import driver_for
from sim.engine.driver import Renewable
from sim.engine.log import LOG, Rows
from sim.ensemble import archive
from sim.ensemble.archive import OUTCOME_PARTS, RECORDS, Part, RunDirectory
from sim.ensemble.filtered_past import pasts_of_draw
from sim.ensemble.frames import Table, log_table, names_of, outcome_table
from sim.errors import RunError, StudyError
from sim.files import write_bytes
from sim.outcomes import Measure
from sim.rules.behaviour import N_EFFECT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sim.engine.driver import Driver
    from sim.ensemble.draw_set import DrawSet
    from sim.outcomes.measure import Floats
    from sim.scenario.scenario import Scenario


class Measured(NamedTuple):
    """What the replications of one part gave."""

    numbers: list[int]
    """The replications that did not fail, in order."""
    outcomes: dict[str, Floats]
    """By outcome, one value for each of `numbers`."""
    failures: dict[int, Exception]
    """What went wrong, by the replication's number."""
    log: Table | None
    """Logs of those that did not fail, in order; None where they are not kept."""


def run_replications(
    driver: Driver,
    root_seed: int,
    numbers: Iterable[int],
    until: float,
    *,
    with_log: bool,
    alteration: Alteration = UNALTERED,
) -> Measured:
    """Run replications one after another, and measure them.

    Raises
    ------
    RunError
        If memory ends; anything else that a replication raises is its failure.
    """
    cast, numbers = driver.cast, list(numbers)
    measure = Measure(
        cast.scenario, until, cast.since, is_compiled=driver.name == "compiled"
    )
    values = np.empty((len(numbers), measure.width))
    finished: list[int] = []
    failures: dict[int, Exception] = {}
    logs = _Rows()
    for number in numbers:
        try:
            past, altered = alteration.member(number)
            rows = driver.rows(root_seed, past, until, altered)
            measure.into(values[len(finished)], rows)
        except MemoryError:  # says nothing of the replication: the next try may do
            message = (
                f"replication {number}: not enough memory; finished parts are kept"
            )
            raise RunError(message) from None
        except Exception as error:
            failures[number] = error
            continue
        finished.append(number)
        if with_log:
            logs.add(rows)
    outcomes = measure.columns(values[: len(finished)])
    table = None
    if with_log:
        of_each = np.repeat(np.array(finished, np.uint64), logs.lengths)
        table = log_table(names_of(cast), logs.rows(), of_each)
    return Measured(finished, outcomes, failures, table)


class _Rows:
    """The rows of several replications, one after another.

    They are held as bytes: NumPy copies records field by field, five times as slowly.
    """

    def __init__(self) -> None:
        self._records: list[bytes] = []
        self._effects: list[bytes] = []
        self.lengths: list[int] = []
        """How many records each replication has."""
        self._n_effects: list[int] = []

    def add(self, rows: Rows) -> None:
        """Take in one replication."""
        self._records.append(rows.records.tobytes())
        self._effects.append(rows.effects.tobytes())
        self.lengths.append(len(rows.records))
        self._n_effects.append(len(rows.effects))

    def rows(self) -> Rows:
        """Return what was taken in."""
        records = np.frombuffer(bytearray().join(self._records), LOG)
        effects = np.frombuffer(b"".join(self._effects)).reshape(-1, N_EFFECT)
        before = np.cumsum([0, *self._n_effects])[:-1]
        number = records["effect"]
        number += (number > 0) * np.repeat(before, self.lengths).astype(number.dtype)
        return Rows(records, effects)


def run_under_draws(task: Task, draws: DrawSet, numbers: Iterable[int]) -> Measured:
    """Run replications, each under its own draw, and measure them.

    Parameters
    ----------
    task
        The run, its scenario before any draw; records are not kept.
    draws
        What each draw sets.
    numbers
        The replications, in order.

    Raises
    ------
    RunError
        If memory ends.
    """
    pieces: list[Measured] = []
    driver: Driver | None = None
    base = Cast(task.scenario)
    for draw, some in groupby(numbers, draws.draw_of):
        scenario = draws.scenario_of(task.scenario, draw)
        is_alike = draws.source is None  # but for numbers
        cast = base.renumbered(scenario) if is_alike else Cast(scenario)
        # This driver is nobody else's.
        if is_alike and isinstance(driver, Renewable):
            driver.renew(cast)
        else:
            driver = driver_for(cast, task.engine)
        pieces.append(
            run_replications(
                driver,
                task.root_seed,
                some,
                task.until,
                with_log=False,
                alteration=Alteration(
                    pasts=pasts_of_draw(driver, task.root_seed, draw)
                ),
            )
        )
    return _joined(pieces)


def _joined(pieces: Sequence[Measured]) -> Measured:
    """Put the pieces of a part together, in order."""
    names = pieces[0].outcomes
    return Measured(
        [number for piece in pieces for number in piece.numbers],
        {n: np.concatenate([piece.outcomes[n] for piece in pieces]) for n in names},
        {n: error for piece in pieces for n, error in piece.failures.items()},
        None,
    )


Progress = Callable[[int, int], None]
"""Called with the replications done and those asked for."""


@dataclass(frozen=True, slots=True)
class Task:
    """What every part of a run shares."""

    scenario: Scenario
    root_seed: int
    until: float
    directory: RunDirectory | None
    with_log: bool
    engine: str = "simpy"
    """``simpy`` or ``compiled``; the results do not depend on it."""
    draws: DrawSet | None = None
    """Parameter draws, each of some replications; None leaves them alone."""
    name: str = ""
    """Of the ensemble, where a study has several."""
    alteration: Alteration = UNALTERED
    """What is made otherwise in every replication."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What a part gave: the bytes of its files, or its outcomes where none is kept."""

    outcomes: bytes | Table
    log: bytes | None = None


def make_part(task: Task, cast: Cast, part: Part) -> Finished:
    """Run one part; write nothing.

    Raises
    ------
    StudyError
        If the past is to be filtered, and this study has not done so.
    """
    altered = task.alteration
    has_past = altered.pasts or altered.lineage or altered.branch or task.draws
    if cast.is_filtered and cast.since > 0.0 and not has_past:
        message = (
            "this study does not filter pasts: its worlds would have a past that "
            "nothing weighed; say --past injected, or `past: injected` in the file"
        )
        raise StudyError(message)
    records: bytes | None = None
    if task.draws is not None:
        measured = run_under_draws(task, task.draws, part.replications)
    elif task.with_log:
        measured, records = _run_with_log(task, cast, part)
    else:
        measured = run_replications(
            driver_for(cast, task.engine),
            task.root_seed,
            part.replications,
            task.until,
            with_log=False,
            alteration=task.alteration,
        )
    failed = {
        number: (_said(error), repeat_command(task, number))
        for number, error in measured.failures.items()
    }
    of_draw = task.draws and [task.draws.draw_of(n) for n in part.replications]
    outcomes = outcome_table(
        task.scenario,
        part.replications,
        measured.outcomes,
        measured.numbers,
        failed,
        of_draw,
    )
    if task.directory is None:
        return Finished(outcomes)
    return Finished(archive.encoded(outcomes, task.directory.digest), records)


def _run_with_log(task: Task, cast: Cast, part: Part) -> tuple[Measured, bytes]:
    """Run a part of which records are kept, and encode them piece by piece."""
    assert task.directory is not None
    pieces: list[Measured] = []

    def logs() -> Iterator[Table]:
        for numbers in archive.pieces_of(part):
            piece = run_replications(
                driver_for(cast, task.engine),
                task.root_seed,
                numbers,
                task.until,
                with_log=True,
                alteration=task.alteration,
            )
            pieces.append(piece._replace(log=None))
            yield piece.log

    records = archive.encoded(logs(), task.directory.digest, part.replications)
    return _joined(pieces), records


def put_away(task: Task, part: Part, done: Finished) -> Table | None:
    """Write a part's files whole; without a directory return its outcomes.

    Raises
    ------
    RunError
        If they cannot be written.
    """
    if task.directory is None:
        return done.outcomes
    for folder, content in ((RECORDS, done.log), (OUTCOME_PARTS, done.outcomes)):
        if content is not None:
            write_bytes(task.directory.file(folder, part), content)
    return None


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
    scenario, alteration = task.scenario, task.alteration
    if task.draws is not None:
        draw = task.draws.draw_of(number)
        cast = Cast(task.draws.scenario_of(scenario, draw))
        if cast.is_filtered:
            driver = driver_for(cast, task.engine)
            pasts = pasts_of_draw(driver, task.root_seed, draw)
            alteration = Alteration(pasts=pasts)
    member = number
    number, altered = alteration.member(member)
    if not scenario.path:
        draw = task.draws and task.draws.draw_of(member)
        which = "scenario" if draw is None else f"draws.scenario_of(scenario, {draw})"
        words = altered.words()
        options: dict[str, list[str]] = {}
        for option, value in zip(words[::2], words[1::2], strict=True):
            options.setdefault(option.removeprefix("--"), []).append(value)
        more = "".join(f", {name}={values!r}" for name, values in options.items())
        return (
            f"sim.replay({which}, {number}, root_seed={task.root_seed}, "
            f"until={task.until!r}{more})"
        )
    is_stored = task.directory is not None
    file = str(scenario_file(scenario, folder)) if is_stored else scenario.path
    words = ["escalade", "replay", file]
    words += ["--root-seed", str(task.root_seed), "--replication", str(number)]
    if task.until != scenario.horizon:
        words += ["--until", repr(task.until)]
    words += altered.words()
    if task.draws is not None:
        values = task.draws.written(task.draws.draw_of(member))
        for path, value in values.items():
            words += ["--set", f"{path}={value}"]
    return shlex.join(words)


def _said(error: Exception) -> str:
    """Return what went wrong in one line; our own refusals speak for themselves."""
    if isinstance(error, RunError):
        return str(error).partition("\n")[0]
    return " ".join(f"{type(error).__name__}: {error}".split())
