"""Many replications of one scenario under draws of a posterior.

An ensemble (`sim.ensemble.ensemble`) takes the scenario's numbers as true. Here they are
drawn from what a calibration left to be believed of them, some replications for each
draw, so that what an answer owes to the parameters and what to chance can be told
apart. Outcomes are kept, and no records: any replication's are to be had by the command
that repeats it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.digest import run_digest
from sim.engine.cast import Cast
from sim.engine.choice import choose_driver, compiles_first
from sim.ensemble import archive
from sim.ensemble.archive import RunDirectory
from sim.ensemble.cells import Cell, run_cells
from sim.ensemble.completion import complete
from sim.ensemble.draw_check import refuse_unfit
from sim.ensemble.draw_set import DRAWS, REPLICATIONS, DrawSet, draws_from
from sim.ensemble.ensemble import WORTH_PROCESSES
from sim.ensemble.outcome_parts import OutcomeParts
from sim.ensemble.replicate import Progress, Task, repeat_command
from sim.errors import StudyError
from sim.outcomes import outcomes_for

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray

    from sim.ensemble.workers import Workers
    from sim.experiment.posterior import Posterior
    from sim.scenario.scenario import Scenario


@dataclass(frozen=True, eq=False)
class DrawnEnsemble:
    """Replications of one scenario under draws of its parameters."""

    scenario: Scenario
    """Before any draw."""
    draws: DrawSet
    root_seed: int
    until: float
    """Days that each replication was simulated."""
    parts: OutcomeParts = field(repr=False)
    path: Path | None
    """The run directory, if there is one."""

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """One row a replication, one column an outcome.

        The index is the draw and the replication's number. nan where undefined, all nan
        where the replication failed.
        """
        return self.frame(list(outcomes_for(self.scenario)))

    @cached_property
    def failed(self) -> list[tuple[int, str, str]]:
        """The failed replications: number, error, and the command to repeat it."""
        found = self.parts.failures()
        if self.path is None:
            return found
        directory = RunDirectory(self.path, "")
        asked = (self.scenario, self.root_seed, self.until, directory, False)
        task = Task(*asked, draws=self.draws)
        return [(n, error, repeat_command(task, n, self.path)) for n, error, _ in found]

    def frame(self, names: list[str]) -> pd.DataFrame:
        """Return some outcomes as `outcomes` does."""
        import pandas as pd

        numbers = np.array(self.draws.numbers)
        index = pd.MultiIndex.from_arrays(
            [numbers // self.draws.replications, numbers], names=["draw", "replication"]
        )
        return pd.DataFrame(self.parts.columns(names), index=index)

    def values(self, names: list[str]) -> dict[str, NDArray[np.float64]]:
        """Return some outcomes, each of shape (draws, replications of a draw)."""
        shape = (-1, self.draws.replications)
        columns = self.parts.columns(names)
        return {name: column.reshape(shape) for name, column in columns.items()}

    def summary(self) -> pd.DataFrame:
        """Return the error budget of each outcome: `draw_summary.budget_table`."""
        from sim.ensemble.draw_summary import budget_table

        table = outcomes_for(self.scenario)
        return budget_table(self.values(list(table)), table, self.root_seed)


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
) -> DrawnEnsemble:
    """Run a scenario under draws of a posterior.

    Parameters
    ----------
    scenario
        The scenario; the draws set some of its numbers.
    posterior
        What `sim.read_posterior` read.
    draws
        How many sets of parameters, K >= 1; an error budget needs 30. Draw k is the
        same for every K, so a run directory is extended by asking for more.
    replications
        Within each draw, M >= 2. Draw k has the numbers kM to (k + 1)M - 1.
    root_seed
        0 to 2**64 - 1.
    workers
        As in `sim.run_ensemble`; results do not depend on it.
    until
        Days to simulate, > 0; the scenario's horizon when None.
    out
        The run directory. Parts in it that are whole are kept and the rest is run.
        None keeps the outcomes in memory.
    progress
        Called with (done, asked) after each chunk of replications.
    engine
        ``auto``, ``simpy`` or ``compiled``; results do not depend on it.
    tell
        Called with a sentence: what is to be said of the posterior, which engine runs.

    Returns
    -------
    DrawnEnsemble
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
    >>> fit = sim.read_posterior("c01_iraq_2019_2020")
    >>> scenario = sim.load("iraq_2019_2020")
    >>> drawn = sim.run_draws(scenario, fit, draws=2, until=10.0)
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
    told = refuse_unfit(posterior, drawn, scenario)
    cast, n = Cast(scenario), len(drawn.numbers)
    if tell is not None and compiles_first(cast, n, engine):
        tell("compiling the rules, half a minute, once for each state of the rules")
    driver, sentence = choose_driver(cast, n, engine, length)
    for text in (told, sentence):
        if tell is not None and text:
            tell(text)
    if driver.name == "compiled" and n < WORTH_PROCESSES and isinstance(workers, int):
        workers = 1  # done before other processes have started
    digest = digest_of(scenario, drawn, root_seed, length)
    if out is None:
        tables = run_cells(
            [Cell(scenario.name, scenario, digest, drawn)],
            replications=drawn.numbers,
            root_seed=root_seed,
            until=length,
            folder=None,
            workers=workers,
            progress=progress,
            engine=driver.name,
        )
        parts = OutcomeParts(drawn.numbers, tables[scenario.name])
        return DrawnEnsemble(scenario, drawn, root_seed, length, parts, None)
    directory = RunDirectory(Path(out), digest)
    # What the folder holds beyond is part of it, and may have to be completed too.
    n_there = -(-directory.numbers_there().stop // replications)
    every = draws_from(posterior, max(draws, n_there), replications)
    task = Task(
        *(scenario, root_seed, length, directory, False, driver.name), draws=every
    )
    complete(task, directory, drawn.numbers, workers, progress)
    every.write(directory.path)
    parts = OutcomeParts(drawn.numbers, directory)
    return DrawnEnsemble(scenario, drawn, root_seed, length, parts, directory.path)


def digest_of(scenario: Scenario, draws: DrawSet, root_seed: int, until: float) -> str:
    """Return what names a run under draws; how many draws is not in it."""
    return draws.digest_of(run_digest(scenario, root_seed, until))


def folder_of(scenario: Scenario, draws: DrawSet, root_seed: int, until: float) -> Path:
    """Return the default folder: ``runs/<scenario>-<12 of its digest>``."""
    digest = digest_of(scenario, draws, root_seed, until)
    return archive.default_folder(scenario, digest)
