"""Many replications of one scenario, in one process or several, with the same results.

The scenario's numbers are taken as true, or drawn from what a calibration left to be
believed of them: then some replications run under each draw, so that what an answer
owes to the parameters and what to chance can be told apart. Of replications under draws
no records are kept; any one's are to be had by the command that repeats it.

Replications are cut into parts of fixed bounds. Each part is run by whoever is free,
and its worker writes its parts itself, so memory stays flat and neither the number of
workers nor their order can be seen in the results. A replication that fails is a row
that says why and how to repeat it; the others go on.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.digest import run_digest
from sim.digits import plural
from sim.engine.alteration import UNALTERED, Alteration, as_data
from sim.engine.cast import Cast
from sim.engine.choice import compiling_sentence, has_numba
from sim.ensemble import archive
from sim.ensemble.archive import RECORDS, RunDirectory, parts_of
from sim.ensemble.compiling import (
    Compiling,
    can_compile_beside,
    settled_engine,
    why_not_compiled,
    work_of,
)
from sim.ensemble.completion import complete, numbers_there, run_parts
from sim.ensemble.draw_set import DRAWS, REPLICATIONS, DrawSet, draws_from, refuse_unfit
from sim.ensemble.executors import Threads
from sim.ensemble.filtered_past import FILTERED_BY_DRAW, particles_under, pasts_for
from sim.ensemble.outcome_parts import OutcomeParts
from sim.ensemble.part import Progress, Task, repeat_command
from sim.ensemble.study_folder import folder_for, read_manifest
from sim.ensemble.summary import (
    ALL_DEAD,
    DEAD,
    OF_SIDES,
    all_dead,
    summary_frame,
    summary_rows,
)
from sim.ensemble.workers import Workers, hired
from sim.errors import StudyError
from sim.outcomes import outcomes_for, with_outcomes

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from sim.ensemble.frames import Table
    from sim.experiment.posterior import Posterior
    from sim.outcomes.own import OwnOutcome
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
    with_log: bool = field(default=False, repr=False)
    draws: DrawSet | None = None
    """Parameter draws, each of as many replications; None where the scenario's
    own numbers were run."""
    alteration: Alteration = UNALTERED
    """What was made otherwise in every replication."""

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """One row a replication, in order, one column an outcome.

        The index is the replication's number, under draws the draw and the number. nan
        where undefined, all nan where it failed. All of it is in memory: 8 bytes a
        replication and outcome.
        """
        return self.frame(list(outcomes_for(self.scenario)))

    def frame(self, names: list[str]) -> pd.DataFrame:
        """Return some outcomes as `outcomes` does."""
        if self.draws is None:
            return self.parts.frame(names)
        import pandas as pd

        numbers = np.array(self.numbers)
        index = pd.MultiIndex.from_arrays(
            [numbers // self.draws.replications, numbers], names=["draw", "replication"]
        )
        return pd.DataFrame(self.parts.columns(names), index=index)

    def values(self, names: list[str]) -> dict[str, NDArray[np.float64]]:
        """Return some outcomes, each of shape (draws, replications of a draw)."""
        each = len(self.numbers) if self.draws is None else self.draws.replications
        columns = self.parts.columns(names)
        return {name: column.reshape((-1, each)) for name, column in columns.items()}

    @cached_property
    def failed(self) -> list[tuple[int, str, str]]:
        """The failed replications: number, error, and the command to repeat it."""
        failed_parts = self.parts.failures()
        if self.path is None:
            return failed_parts
        directory = RunDirectory(self.path, "")
        task = Task(
            self.scenario,
            self.root_seed,
            self.until,
            directory,
            with_log=False,
            draws=self.draws,
            alteration=self.alteration,
        )
        return [
            (number, error, repeat_command(task, number, self.path))
            for number, error, _ in failed_parts
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

        The intervals hold Monte Carlo error only; see `sim.ensemble.summary`. Under
        draws it is the error budget of each outcome,
        `sim.ensemble.draw_summary.budget_table`.
        """
        if self.draws is not None:
            from sim.ensemble.draw_summary import budget_table

            table = outcomes_for(self.scenario)
            return budget_table(self.values(list(table)), table, self.root_seed)
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

    def dead_row(self) -> dict[str, Any]:
        """Return what a row of the summary would be of the dead on all sides."""
        table, names = {DEAD: ALL_DEAD}, list(OF_SIDES)
        if self.draws is not None:
            from sim.ensemble.draw_summary import budget_table

            columns = {DEAD: all_dead(self.values(names))}
            budget: Any = budget_table(columns, table, self.root_seed)
            return dict(budget.loc[DEAD])
        return summary_rows({DEAD: all_dead(self.finished_columns(names))}, table)[0]

    def finished_columns(self, names: Iterable[str]) -> dict[str, NDArray[np.float64]]:
        """Return some outcomes of the replications that did not fail, in order."""
        columns = self.parts.columns(list(dict.fromkeys(names)))
        if not self.failed:
            return columns
        is_finished = np.ones(len(self.numbers), bool)
        is_finished[[number - self.numbers.start for number, _, _ in self.failed]] = (
            False
        )
        return {name: columns.pop(name)[is_finished] for name in list(columns)}

    def records(self, columns: list[str] | None = None) -> pd.DataFrame:
        """Return the records of every replication, or some of their columns.

        Raises
        ------
        StudyError
            If they were not kept: without a run directory only outcomes are.
        """
        import pyarrow as pa

        tables = [
            table.select(columns) if columns else table for table in self.log_parts()
        ]
        return pa.concat_tables(tables).unify_dictionaries().to_pandas()

    def log_parts(self) -> Iterator[Table]:
        """Yield the records some replications at a time, so that memory stays flat."""
        if self.path is None or not self.with_log:
            message = "this ensemble kept no records; run it with a folder (out=...)"
            raise StudyError(message)
        for part in parts_of(self.numbers):
            for table in archive.read_pieces(self.path / RECORDS / part.file_name):
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
    outcomes: Mapping[str, OwnOutcome] | None = None,
    tell: Callable[[str], None] | None = None,
    alteration: Alteration = UNALTERED,
    n_beside: int = 0,
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
        Called with (done, asked) after each part.
    keep_records
        Whether the run directory gets the records; outcomes it always gets. One that
        has records gets them of every replication, so that it is of one make.
    engine
        ``auto``, ``simpy`` or ``compiled`` (`sim.engine.choice`). Results do not depend
        on it.
    outcomes
        Outcomes of your own by name, each a function from a `sim.outcomes.View` to a
        float, measured beside those of escalade (`sim.outcomes.with_outcomes`).
    tell
        Called with a sentence: that rules are compiled first, which engine runs and
        why.
    alteration
        What is made otherwise in every replication: numbers that key it from some day
        on, incidents that are left out, a past that all share.
    n_beside
        Replications of other scenarios that the same study runs: which engine is done
        first is a question of all.

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
    if outcomes:
        scenario = with_outcomes(scenario, outcomes)
    numbers = _numbers(replications)
    length = scenario.horizon if until is None else float(until)
    _check(root_seed, workers, length)
    directory = None
    if out is not None:
        digest = run_digest(scenario, root_seed, length, as_data(alteration))
        directory = RunDirectory(Path(out), digest)
    is_alone = not alteration.lineage and alteration.branch is None
    is_filtered = is_alone and alteration.pasts is None and Cast(scenario).is_filtered
    if is_filtered and engine == "auto" and has_numba():
        engine = "compiled"  # the past alone takes thousands of replications
    name, compiling = engine_for(
        scenario, len(numbers) + n_beside, engine, length, workers, tell
    )
    if is_filtered:
        with hired(workers) as executor:
            pasts = pasts_for(
                scenario, root_seed, engine=name, executor=executor, tell=tell
            )
        alteration = replace(alteration, pasts=pasts)
    with_log = directory is not None and (keep_records or _has_records(directory.path))
    task = Task(
        scenario=scenario,
        root_seed=root_seed,
        until=length,
        directory=directory,
        with_log=with_log,
        engine=name,
        alteration=alteration,
    )
    return _run(task, numbers, workers, progress, compiling)


def run_draws(  # noqa: PLR0913 - each is a decision of the study
    scenario: Scenario,
    posterior: Posterior,
    *,
    draws: int = DRAWS,
    replications: int = REPLICATIONS,
    root_seed: int = 1,
    workers: Workers = 1,
    until: float | None = None,
    out: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    engine: str = "auto",
    tell: Callable[[str], None] | None = None,
) -> Ensemble:
    """Run a scenario under parameter draws of a posterior.

    Parameters
    ----------
    scenario
        The scenario; the draws set some of its numbers.
    posterior
        What `sim.experiment.posterior.read_posterior` read.
    draws
        How many sets of parameters, K >= 1; an error budget needs 30. Draw k is the
        same for every K, so a run directory is extended by asking for more.
    replications
        Within each draw, M >= 2. Draw k has the numbers kM to (k + 1)M - 1.
    root_seed, workers, until, out, progress, engine, tell
        As in `run_ensemble`.

    Returns
    -------
    Ensemble
        Failed replications among it, in `failed`.

    Raises
    ------
    StudyError
        If the request is unsound, the posterior does not fit the scenario, a draw
        leaves the legal limits, or the folder holds another run.
    RunError
        If the folder cannot be written.

    Examples
    --------
    >>> import sim
    >>> from sim.experiment.posterior import read_posterior
    >>> fit = read_posterior("c01_iraq_2019_2020")
    >>> scenario = sim.load("iraq_2019_2020")
    >>> drawn = run_draws(scenario, fit, draws=2, until=10.0)
    >>> drawn.outcomes["n_rocket_attacks_true"].groupby("draw").size().tolist()
    [2, 2]
    """
    length = scenario.horizon if until is None else float(until)
    if draws < 1 or replications < 2 or not 0 <= root_seed < 2**64 or not length > 0.0:
        message = (
            f"draws {draws}, replications {replications}, root_seed {root_seed}, until "
            f"{length:g} days: allowed are at least 1 draw, 2 replications of each, a "
            "root_seed in [0, 2**64) and more than 0 days"
        )
        raise StudyError(message)
    drawn = draws_from(posterior, draws, replications)
    caution = refuse_unfit(posterior, drawn, scenario)
    if tell is not None and caution:
        tell(caution)
    if tell is not None and Cast(scenario).is_filtered:
        tell(FILTERED_BY_DRAW)
    name, compiling = engine_for(
        scenario,
        len(drawn.numbers),
        engine,
        length,
        workers,
        tell,
        particles=particles_under(scenario, draws),
    )
    directory, every = None, drawn
    if out is not None:
        digest = digest_of(scenario, drawn, root_seed, length)
        directory = RunDirectory(Path(out), digest)
        # What the folder holds beyond is part of it, and may have to be completed too.
        n_there = -(-numbers_there(directory).stop // replications)
        every = draws_from(posterior, max(draws, n_there), replications)
    task = Task(
        scenario=scenario,
        root_seed=root_seed,
        until=length,
        directory=directory,
        with_log=False,
        engine=name,
        draws=every,
    )
    ensemble = _run(task, drawn.numbers, workers, progress, compiling)
    if directory is not None:
        every.write(directory.path)
    return replace(ensemble, draws=drawn)


def _has_records(path: Path) -> bool:
    """Whether a run directory keeps the records of its replications."""
    manifest = read_manifest(path)
    return manifest is not None and bool(manifest.get("keeps_records"))


def _run(
    task: Task,
    numbers: range,
    workers: Workers,
    progress: Progress | None,
    compiling: Compiling | None,
) -> Ensemble:
    """Run a task's replications, in memory or in its directory."""
    directory = task.directory
    with _crew(task, numbers, workers) as crew:
        if directory is None:
            work = [(task, part) for part in parts_of(numbers)]
            tables = run_parts(work, crew, progress, 0, len(numbers), compiling)
            parts = OutcomeParts(numbers, tables[task.name])
        else:
            complete(task, directory, numbers, crew, progress, compiling=compiling)
            parts = OutcomeParts(numbers, directory)
    return Ensemble(
        scenario=task.scenario,
        root_seed=task.root_seed,
        numbers=numbers,
        until=task.until,
        parts=parts,
        path=None if directory is None else directory.path,
        with_log=task.with_log,
        draws=task.draws,
        alteration=task.alteration,
    )


def engine_for(
    scenario: Scenario,
    replications: int,
    wanted: str,
    until: float,
    workers: Workers = 1,
    tell: Callable[[str], None] | None = None,
    *,
    particles: int = 0,
) -> tuple[str, Compiling | None]:
    """Choose the engine to begin on, and say which and why.

    Replications are those of a whole study, and particles are what they need besides
    to filter pasts. What is compiled meanwhile, or as soon as SimPy proves to last,
    comes with it: the compiled engine then takes over.
    """

    def say(sentence: str) -> None:
        if tell is not None:
            tell(sentence)

    cast = Cast(scenario)
    if can_compile_beside(cast, wanted, workers):
        work = work_of(cast, replications, particles, until, workers)
        if not work.is_long:
            count = f"{replications:,} {plural(replications, 'replication')}"
            say(
                f"SimPy engine: to compile the rules takes longer than {count}. "
                "escalade compile does it once, in half a minute; all is faster then."
            )
        if not work.is_long or work.is_in_short_parts:
            return "simpy", Compiling(scenario, say, workers, at_once=work.is_long)
        say(compiling_sentence(cast))
        why_not_compiled(scenario)  # `choose_driver` says it, where they do not compile
    worlds = replications + particles
    return settled_engine(cast, worlds, wanted, until, workers, say), None


@contextmanager
def _crew(task: Task, numbers: range, workers: Workers) -> Generator[Workers]:
    """Hire threads in place of processes where those would start too late.

    Under draws even threads would: each needs a driver of its own for each draw.
    """
    is_few = task.engine == "compiled" and len(numbers) < WORTH_PROCESSES
    if is_few and isinstance(workers, int) and workers > 1:
        if task.draws is not None:
            yield 1
            return
        with Threads(workers) as threads:
            yield threads
    else:
        yield workers


def digest_of(
    scenario: Scenario,
    draws: DrawSet | None,
    root_seed: int,
    until: float,
    alteration: Alteration = UNALTERED,
) -> str:
    """Return what names a run; how many draws it has is not in it."""
    digest = run_digest(scenario, root_seed, until, as_data(alteration))
    return digest if draws is None else draws.digest_of(digest)


def folder_of(
    scenario: Scenario,
    root_seed: int = 1,
    until: float | None = None,
    draws: DrawSet | None = None,
    alteration: Alteration = UNALTERED,
) -> Path:
    """Return a run's default folder: ``runs/<scenario>-<12 of the run's digest>``."""
    length = scenario.horizon if until is None else float(until)
    digest = digest_of(scenario, draws, root_seed, length, alteration)
    return folder_for(None, scenario.name, digest).path


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
