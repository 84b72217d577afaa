"""Many replications of one scenario, in one process or several, with the same results.

Replications are cut into chunks of fixed bounds. Each chunk is run by whoever is free,
and its worker writes its parts itself, so memory stays flat and neither the number of
workers nor their order can be seen in the results. A replication that fails is a row
that says why and how to repeat it; the others go on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import StudyError
from sim.outcomes import outcomes_for
from sim.study import archive
from sim.study.archive import RECORDS, RunDirectory, parts_of
from sim.study.digest import run_digest
from sim.study.replicate import Progress, Task, run_parts
from sim.study.resume import complete
from sim.study.summary import summary_of

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    import pandas as pd

    from sim.scenario.scenario import Scenario
    from sim.study.frames import Table


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Replications of one scenario that have been run."""

    scenario: Scenario
    root_seed: int
    numbers: range
    """The replications' numbers."""
    until: float
    """Days that each was simulated."""
    outcomes: pd.DataFrame
    """One row a replication, in order, one column an outcome; the index is the
    replication's number. nan where undefined, all nan where it failed."""
    failures: pd.DataFrame
    """One row a failed replication: `error`, and the command to `repeat` it."""
    path: Path | None
    """The run directory, if there is one."""
    with_records: bool = field(default=False, repr=False)

    def summary(self, level: float = 0.95) -> pd.DataFrame:
        """Return mean, spread, quantiles and interval of each outcome.

        The intervals hold Monte Carlo error only; see `sim.study.summary`.
        """
        kept = self.outcomes.drop(index=self.failures.index)
        return summary_of(kept, outcomes_for(self.scenario), level)

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


def run_ensemble(
    scenario: Scenario,
    *,
    replications: int | range = 1000,
    root_seed: int = 1,
    workers: int = 1,
    until: float | None = None,
    out: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    keep_records: bool = True,
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
        Processes; 1 runs in this one. Results do not depend on it.
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
        task = Task(scenario, root_seed, length, None, False)
        found = run_parts(task, parts_of(numbers), workers, progress, 0, len(numbers))
        tables = [found[part.number] for part in parts_of(numbers)]
        return _ensemble(task, numbers, tables, None)
    digest = run_digest(scenario, root_seed, length)
    directory = RunDirectory(Path(out), digest)
    task = Task(scenario, root_seed, length, directory, keep_records)
    tables = complete(task, directory, numbers, workers, progress)
    return _ensemble(task, numbers, tables, directory.path)


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


def _check(root_seed: int, workers: int, until: float) -> None:
    """Refuse what no run can be asked."""
    if not 0 <= root_seed < 2**64:
        message = f"root_seed: {root_seed} is outside [0, 2**64)"
        raise StudyError(message)
    if workers < 1:
        message = f"workers: {workers}; at least 1 is needed"
        raise StudyError(message)
    if not until > 0.0:
        message = f"until: {until} days; a run needs more than 0"
        raise StudyError(message)


def _ensemble(
    task: Task, numbers: range, tables: list[Table], path: Path | None
) -> Ensemble:
    """Put the parts together."""
    import pyarrow as pa

    frame = pa.concat_tables(tables).to_pandas().set_index("replication")
    frame = frame.loc[numbers.start : numbers.stop - 1]
    failures = frame.loc[frame["error"] != "", ["error", "repeat"]]
    return Ensemble(
        task.scenario,
        task.root_seed,
        numbers,
        task.until,
        frame.drop(columns=["error", "repeat"]),
        failures,
        path,
        task.with_records,
    )
