"""Many replications of one scenario, in one process or several, with the same results.

Replications are cut into chunks of fixed bounds. Each chunk is run by whoever is free,
and its worker writes its parts itself, so memory stays flat and neither the number of
workers nor their order can be seen in the results. A replication that fails is a row
that says why and how to repeat it; the others go on.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.digest import run_digest
from sim.engine.cast import Cast
from sim.engine.choice import choose_driver, compiles_first
from sim.ensemble import archive
from sim.ensemble.archive import RECORDS, RunDirectory, parts_of
from sim.ensemble.completion import complete
from sim.ensemble.outcome_parts import OutcomeParts
from sim.ensemble.replicate import Progress, Task, repeat_command
from sim.ensemble.summary import summary_frame, summary_rows
from sim.ensemble.workers import Job, Threads, Workers, finished
from sim.errors import StudyError
from sim.outcomes import outcomes_for

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Generator, Iterable, Iterator

    import pandas as pd
    from numpy.typing import NDArray

    from sim.ensemble.frames import Table
    from sim.scenario.scenario import Scenario

WORTH_PROCESSES: Final = 2000
"""Compiled replications below which threads end before processes have started."""


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Replications of one scenario that have been run.

    What lies in a run directory is read when it is asked for.
    """

    scenario: Scenario
    root_seed: int
    numbers: range
    """The replications' numbers."""
    until: float
    """Days that each was simulated."""
    parts: OutcomeParts = field(repr=False)
    """The outcomes, to be read a few columns at a time."""
    path: Path | None
    """The run directory, if there is one."""
    with_records: bool = field(default=False, repr=False)

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """One row a replication, in order, one column an outcome.

        The index is the replication's number. nan where undefined, all nan where it
        failed. All of it is in memory: 8 bytes a replication and outcome.
        """
        return self.parts.frame(list(outcomes_for(self.scenario)))

    @cached_property
    def failed(self) -> list[tuple[int, str, str]]:
        """The failed replications: number, error, and the command to repeat it."""
        found = self.parts.failures()
        if self.path is None:
            return found
        directory = RunDirectory(self.path, "")
        task = Task(self.scenario, self.root_seed, self.until, directory, False)
        return [
            (number, error, repeat_command(task, number, self.path))
            for number, error, _ in found
        ]

    @cached_property
    def failures(self) -> pd.DataFrame:
        """One row a failed replication: `error`, and the command to `repeat` it."""
        import pandas as pd

        columns = pd.Index(("replication", "error", "repeat"))
        frame = pd.DataFrame(self.failed, columns=columns)
        return frame.astype({"replication": np.int64}).set_index("replication")

    def summary(self, level: float = 0.95) -> pd.DataFrame:
        """Return mean, spread, quantiles and interval of each outcome.

        The intervals hold Monte Carlo error only; see `sim.ensemble.summary`.
        """
        return summary_frame(self.summary_rows(level), level)

    def summary_rows(self, level: float = 0.95) -> list[dict[str, Any]]:
        """Return the rows of the summary, without loading pandas.

        Outcomes are read a few at a time, so that a million replications need no more
        memory than `sim.ensemble.outcome_parts.BUDGET` and some copies of it.
        """
        table = outcomes_for(self.scenario)
        names, step = list(table), self.parts.n_at_once()
        rows: list[dict[str, Any]] = []
        for start in range(0, len(names), step):
            some = {name: table[name] for name in names[start : start + step]}
            companions = [o.companion for o in some.values() if o.companion]
            columns = self.finished_columns([*some, *companions])
            rows += summary_rows(columns, some, level)
        return rows

    def finished_columns(self, names: Iterable[str]) -> dict[str, NDArray[np.float64]]:
        """Return some outcomes of the replications that did not fail, in order."""
        columns = self.parts.columns(list(dict.fromkeys(names)))
        if not self.failed:
            return columns
        is_kept = np.ones(len(self.numbers), bool)
        is_kept[[number - self.numbers.start for number, _, _ in self.failed]] = False
        return {name: column[is_kept] for name, column in columns.items()}

    def records(self, columns: list[str] | None = None) -> pd.DataFrame:
        """Return the records of every replication, or some of their columns.

        Raises
        ------
        StudyError
            If they were not kept: without a run directory only outcomes are.
        """
        import pyarrow as pa

        tables = [
            table.select(columns) if columns else table for table in self.record_parts()
        ]
        return pa.concat_tables(tables).unify_dictionaries().to_pandas()

    def record_parts(self) -> Iterator[Table]:
        """Yield the records part by part, so that memory stays flat."""
        if self.path is None or not self.with_records:
            message = "this ensemble kept no records; run it with a folder (out=...)"
            raise StudyError(message)
        for part in parts_of(self.numbers):
            file = self.path / RECORDS / part.file_name
            table = archive.read_table(file)
            number = table["replication"].to_numpy()
            asked = (number >= self.numbers.start) & (number < self.numbers.stop)
            yield table.filter(asked)


def run_ensemble(  # noqa: PLR0913 - each is a decision of the study
    scenario: Scenario,
    *,
    replications: int | range = 1000,
    root_seed: int = 1,
    workers: Workers = 1,
    until: float | None = None,
    out: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    keep_records: bool = True,
    engine: str = "auto",
    tell: Callable[[str], None] | None = None,
) -> Ensemble:
    """Run replications of a scenario.

    Parameters
    ----------
    scenario
        The scenario. With several workers its kinds must be importable by name.
    replications
        How many, numbered from 0, or a range of numbers with step 1.
    root_seed
        0 to 2**64 - 1.
    workers
        Processes on this machine, 1 being this one; the address of a Dask scheduler
        (``tcp://...``, with the extra `cluster`); or any `concurrent.futures.Executor`.
        Results do not depend on it.
    until
        Days to simulate, > 0; the scenario's horizon when None.
    out
        The run directory. Parts in it that are whole are kept and the rest is run, so
        a run that was broken off is resumed, and one that is there is read. None
        keeps outcomes only, in memory.
    progress
        Called with (done, asked) after each chunk.
    keep_records
        Whether the run directory gets the records; outcomes it always gets.
    engine
        ``auto``, ``simpy`` or ``compiled`` (`sim.engine.choice`). Results do not depend
        on it.
    tell
        Called with a sentence: that rules are compiled first, which engine runs and
        why.

    Returns
    -------
    Ensemble
        Failed replications among it, in `failures`.

    Raises
    ------
    StudyError
        If the request is unsound, or the folder holds another run.
    RunError
        If the folder cannot be written.
    """
    numbers = _numbers(replications)
    length = scenario.horizon if until is None else float(until)
    _check(root_seed, workers, length)
    if out is None:
        name = _engine(scenario, len(numbers), engine, length, tell)
        task = Task(scenario, root_seed, length, None, False, name)
        with _crew(name, numbers, workers) as crew:
            tables = _in_memory(task, numbers, crew, progress)
        parts = OutcomeParts(numbers, tables)
        return Ensemble(scenario, root_seed, numbers, length, parts, None)
    digest = run_digest(scenario, root_seed, length)
    directory = RunDirectory(Path(out), digest)
    name = _engine(scenario, len(numbers), engine, length, tell)
    task = Task(scenario, root_seed, length, directory, keep_records, name)
    with _crew(name, numbers, workers) as crew:
        complete(task, directory, numbers, crew, progress)
    parts = OutcomeParts(numbers, directory)
    path = directory.path
    return Ensemble(scenario, root_seed, numbers, length, parts, path, keep_records)


def _engine(
    scenario: Scenario,
    replications: int,
    wanted: str,
    until: float,
    tell: Callable[[str], None] | None,
) -> str:
    """Choose the engine, and say which and why."""
    cast = Cast(scenario)
    if tell is not None and compiles_first(cast, replications, wanted):
        tell("compiling the rules, half a minute, once for each state of the rules")
    driver, sentence = choose_driver(cast, replications, wanted, until)
    if tell is not None:
        tell(sentence)
    return driver.name


@contextmanager
def _crew(engine: str, numbers: range, workers: Workers) -> Generator[Workers]:
    """Hire threads in place of processes where those would start too late."""
    is_few = engine == "compiled" and len(numbers) < WORTH_PROCESSES
    if is_few and isinstance(workers, int) and workers > 1:
        with Threads(workers) as threads:
            yield threads
    else:
        yield workers


def folder_of(
    scenario: Scenario, root_seed: int = 1, until: float | None = None
) -> Path:
    """Return the default folder of a run: ``runs/<scenario>-<12 of its digest>``."""
    length = scenario.horizon if until is None else float(until)
    digest = run_digest(scenario, root_seed, length)
    return archive.default_folder(scenario, digest)


def _numbers(replications: int | range) -> range:
    """Return the replications' numbers."""
    numbers = range(replications) if isinstance(replications, int) else replications
    if not len(numbers) or numbers.step != 1 or numbers.start < 0:
        message = (
            f"replications: {replications!r}; allowed are a count of 1 or more, or a "
            "range of numbers from 0 up with step 1"
        )
        raise StudyError(message)
    return numbers


def _check(root_seed: int, workers: Workers, until: float) -> None:
    """Refuse what no run can be asked."""
    if not 0 <= root_seed < 2**64:
        message = f"root_seed: {root_seed} is outside [0, 2**64)"
        raise StudyError(message)
    if isinstance(workers, int) and workers < 1:
        message = f"workers: {workers}; at least 1 is needed"
        raise StudyError(message)
    if not until > 0.0:
        message = f"until: {until} days; a run needs more than 0"
        raise StudyError(message)


def _in_memory(
    task: Task, numbers: range, workers: Workers, progress: Progress | None
) -> list[Table]:
    """Run an ensemble that is kept in memory only; return its parts in order."""
    found: dict[int, Table] = {}
    done = 0
    if progress is not None:
        progress(done, len(numbers))
    for job, table in finished([Job(task, p) for p in parts_of(numbers)], workers):
        found[job.part.number] = table
        done += len(job.part.replications)
        if progress is not None:
            progress(done, len(numbers))
    return [found[number] for number in sorted(found)]
