"""``run``: many replications of a scenario, and what they say."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.errors import RunError, StudyError
from sim.verbs.answer import Answer
from sim.verbs.arguments import (
    MOST_DRAWS,
    MOST_REPLICATIONS,
    caution,
    change_texts,
    days_until,
    folder_asked,
    header,
    require,
    say_caution,
    say_changes,
    scenario_of,
    several,
    workers_asked,
)
from sim.verbs.watch import SILENT, Watch, watch_of

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence
    from datetime import date

    import pandas as pd

    from sim.ensemble.ensemble import Ensemble
    from sim.ensemble.workers import Workers
    from sim.ledger.against_record import AgainstRecord
    from sim.outcomes.own import OwnOutcome
    from sim.pictures.style import Pictures
    from sim.scenario.scenario import Scenario

REPLICATIONS: Final = 1000
MANY: Final = 300_000
"""Replications from which the summary takes so long that it is announced."""


@dataclass(frozen=True, eq=False, repr=False)
class Run(Answer):
    """Replications of a scenario that have been run, under draws of a posterior or not.

    `table` has the summary of each outcome, `outcomes` one row a replication, and
    `record` where the scenario's record lies among them.
    """

    ensemble: Ensemble
    """The replications."""
    changes: tuple[str, ...] = ()
    """``path=value`` of what was asked to differ from the scenario's file."""
    workers: Workers = 1
    """Who works when more is asked of it, such as the null of `record`."""
    engine: str = "auto"
    watch: Watch = field(default=SILENT)

    @property
    def path(self) -> Path | None:
        """The folder, if there is one."""
        return self.ensemble.path

    @property
    def scenario(self) -> Scenario:
        """The scenario that was run."""
        return self.ensemble.scenario

    @property
    def outcomes(self) -> pd.DataFrame:
        """One row a replication, one column an outcome, in the outcome's unit."""
        return self.ensemble.outcomes

    def records(self, columns: list[str] | None = None) -> pd.DataFrame:
        """Return what happened in every replication, one row a record, of a folder.

        Raises
        ------
        StudyError
            If it was not kept: run it with a folder, ``out``.
        """
        return self.ensemble.records(columns)

    @cached_property
    def record(self) -> AgainstRecord:
        """Where each recorded value falls among the replications, and the null."""
        from sim.ledger.against_record import against_record, columns_for

        return against_record(
            self.ensemble,
            columns_for(self.ensemble),
            workers=self.workers,
            engine=self.engine,
            tell=self.watch.say,
        )

    def record_table(self) -> pd.DataFrame:
        """Return the same as a table: one row a statistic of the record."""
        import pandas as pd

        return pd.DataFrame(_record_data(self.record)["record"])

    @cached_property
    def typical(self) -> int:
        """Number of the replication nearest to the medians: one to be told."""
        from sim.ensemble.typical import TYPICAL_BY, typical_number

        one = self.ensemble
        failed = {number for number, _, _ in one.failed}
        numbers = np.array([n for n in one.numbers if n not in failed])
        return typical_number(numbers, one.finished_columns(TYPICAL_BY))

    @cached_property
    def summary_rows(self) -> list[dict[str, Any]]:
        """What is said of each outcome, as rows; without draws."""
        return self.ensemble.summary_rows()

    def table(self) -> pd.DataFrame:
        """Return the summary: one row an outcome, with mean, quantiles and interval."""
        return self.ensemble.summary()

    def headline(self) -> str:
        """Return scenario, how many replications, root_seed and days."""
        one, draws = self.ensemble, self.ensemble.draws
        n = len(one.numbers) - len(one.failed)
        size = f"{n} replications" if draws is None else draws.size_text
        changed = f", {', '.join(self.changes)}" if self.changes else ""
        return (
            f"{one.scenario.name} ({one.scenario.status}){changed}, {size}, root_seed "
            f"{one.root_seed}, {one.scenario.counted_days(one.until):g} days"
        )

    def notes(self) -> list[str]:
        """Return caution, failures, and what intervals hold."""
        from sim.ensemble.draw_summary import caveats
        from sim.ensemble.summary import NOTE

        texts = [text for text in (caution(self.scenario),) if text]
        if failed := self.ensemble.failed:
            _, error, repeat = failed[0]
            of = f"{len(failed)} of {len(self.ensemble.numbers)}"
            texts.append(f"{of} replications failed; the first: {error}; {repeat}")
        if (draws := self.ensemble.draws) is None:
            return [*texts, f"{NOTE}; table() has every outcome"]
        return [*texts, *caveats(draws, len(failed))]

    def _repr_html_(self) -> str:
        """Show the outcomes by which a replication is typical, and the highest."""
        import pandas as pd

        from sim.ensemble.draw_summary import HEADS, budget_cells
        from sim.ensemble.typical import TYPICAL_BY

        table: Any = self.table()
        highest = ("n_strikes_true", "peak_rung_true", "direct_exchange_happened_true")
        names = [name for name in (*TYPICAL_BY, *highest) if name in table.index]
        if self.ensemble.draws is not None:
            cells = budget_cells(table, names)
            return self.html(pd.DataFrame(cells, columns=pd.Index(HEADS)))
        columns = ["label", "unit", "mean", "low", "high", "q05", "q50", "q95"]
        return self.html(table.loc[names, columns])

    def data(self) -> dict[str, Any]:
        """Return what the command prints with ``--json``."""
        from sim.engine.alteration import as_data
        from sim.ensemble.draw_summary import caveats
        from sim.ensemble.summary import NOTE

        one, altered = self.ensemble, self.ensemble.alteration
        head = {
            "changes": list(self.changes),
            "scenario": header(one.scenario),
            "root_seed": one.root_seed,
            "until_days": one.until,
            **({"alteration": as_data(altered)} if altered else {}),
            "failed": [number for number, _, _ in one.failed],
        }
        if one.draws is not None:
            summary: Any = self.table()
            return head | {
                "draws": one.draws.manifest(),
                "intervals": summary.attrs["note"],
                "caveats": caveats(one.draws, len(one.failed)),
                "outcomes": summary.reset_index().to_dict("records"),
                **_record_data(self.record),
            }
        return head | {
            "replications": len(one.numbers),
            "intervals": NOTE,
            "outcomes": self.summary_rows,
            **_record_data(self.record),
            "typical_replication": self.typical,
        }

    def pictures(self) -> Pictures:
        """Return what plots the typical replication, the outcomes, the weeks."""
        from sim.pictures.run import run_pictures
        from sim.record.targets import targets_for

        if self.ensemble.draws is not None:
            return {}
        targets = targets_for(self.scenario, self.ensemble.until)
        return run_pictures(self.ensemble, targets, self.changes)

    def write(self, *, pictures: bool = False) -> list[Path]:
        """Write summary and record beside the replications; return the pictures."""
        from sim.ensemble.summary import summary_csv
        from sim.files import write_json, write_text

        folder = self.path
        assert folder is not None
        if self.record.rows:
            write_text(folder / "record.md", self.record.markdown())
        if self.ensemble.draws is not None:
            summary: Any = self.table()
            write_text(folder / "summary.csv", summary.to_csv())
            write_json(folder / "budget.json", self.data())
            return []
        write_text(folder / "summary.csv", summary_csv(self.summary_rows))
        if not pictures:
            return []
        from sim.pictures.style import save_all

        return save_all(self.pictures(), folder / "pictures")


def _record_data(record: AgainstRecord) -> dict[str, Any]:
    rows = [row._asdict() | {"is_inside_5_to_95": row.is_inside} for row in record.rows]
    return {"record": rows, "record_notes": list(record.notes)}


class DrawsAsked(NamedTuple):
    """What ``--posterior`` and ``--draws`` ask for."""

    posterior: str | os.PathLike[str]
    draws: int
    replications: int
    """Within each draw."""


def draws_asked(
    posterior: str | os.PathLike[str] | None,
    draws: int | None,
    replications: int | None,
    *,
    pictures: bool = False,
) -> DrawsAsked | None:
    """Return what is asked of draws; None where nothing is.

    Raises
    ------
    StudyError
        If draws are asked for and no posterior is named, a number is out of range, or
        pictures are asked for, which show one set of parameters.
    """
    from sim.ensemble.draw_set import DRAWS
    from sim.ensemble.draw_set import REPLICATIONS as OF_A_DRAW
    from sim.statistics.variance import FEWEST_DRAWS

    if posterior is None:
        if draws is not None:
            message = "--draws needs --posterior: the file that the draws come from"
            raise StudyError(message)
        return None
    if pictures:
        message = (
            "--pictures shows one set of parameters; with --posterior there are many, "
            "and their budget is a table: leave it out"
        )
        raise StudyError(message)
    n = DRAWS if draws is None else draws
    m = OF_A_DRAW if replications is None else replications
    require("--draws", n, FEWEST_DRAWS, MOST_DRAWS)
    require("--replications", m, 2, MOST_DRAWS)
    return DrawsAsked(posterior, n, m)


def run(
    scenario: str | os.PathLike[str] | Scenario,
    *,
    replications: int | None = None,
    root_seed: int = 1,
    workers: int | None = 1,
    cluster: str | None = None,
    free_from: str | date | None = None,
    past: str | None = None,
    particles: int | None = None,
    until: str | float | date | None = None,
    changes: Mapping[str, Any] | None = None,
    lineage: str | Sequence[str] | None = None,
    without: str | Sequence[str] | None = None,
    out: str | os.PathLike[str] | bool | None = None,
    engine: str = "auto",
    outcomes_only: bool = False,
    pictures: bool = False,
    posterior: str | os.PathLike[str] | None = None,
    draws: int | None = None,
    plugin: str | Sequence[str] | None = None,
    own_outcomes: Mapping[str, OwnOutcome] | None = None,
    watch: bool | Watch = True,
) -> Run:
    """Run replications of a scenario, as ``escalade run`` does.

    Parameters
    ----------
    scenario
        A scenario file, the id of a shipped one, or what `sim.load` loaded.
    replications
        How many, 1 or more: 1000 when None; with a posterior, of each draw, 2.
    root_seed
        The one integer all chance hangs on, 0 to 2**64 - 1.
    workers
        Processes; all CPUs when None. Results do not depend on it. A script that gives
        more than 1 must stand under ``if __name__ == "__main__":``.
    cluster
        Address of a Dask scheduler whose workers work, in place of `workers`.
    free_from
        Day up to which the record is put in; from then on it runs free.
    past
        How it is put in: ``injected`` as it is, into whatever world, or ``filtered``,
        into worlds that are chosen by how likely it was under them (docs/model.md,
        section 5); as the scenario says when None.
    particles
        Among how many worlds a filtered past is chosen, 2 or more: 1000 when None.
    until
        Date up to which, or days for which, is simulated; the whole when None.
    changes
        New values by path, as in `sim.load`.
    lineage
        ``DATE=NUMBER``: from then on what is drawn is keyed by another replication
        number.
    without
        Incidents that are left out: identity, ``act=NAME``, or ``act=NAME@DATE``.
    out
        Folder of the run, the same to the byte as the command's; brief and report of
        fewer replications in it are removed. True gives it one of its own in ``runs/``;
        None keeps outcomes in memory, and no records.
    engine
        ``auto``, ``simpy`` or ``compiled``; results do not depend on it.
    outcomes_only
        Keep outcomes and no records in the folder, unless it has records already.
    pictures
        Write the pictures into the folder; `Run.figures` gives them without one.
    posterior
        Posterior of a calibration (file, folder, or a shipped experiment's id), from
        which parameters are drawn.
    draws
        How many draws of it, 30 or more: 200 when None.
    plugin
        Module or modules that offer kinds of actor, or outcomes.
    own_outcomes
        Outcomes of your own by name: functions from a `sim.outcomes.View` to a number.
    watch
        Whether it is said on stderr, of work that takes more than two seconds, which
        engine runs and why, and how far it is with the time left.

    Returns
    -------
    Run
        `table` has one row an outcome; `outcomes` is of shape (replications, outcomes).

    Raises
    ------
    ScenarioError
        With every fault of the file, or of the changes.
    StudyError
        If the request is unsound, or the folder holds another run.
    RunError
        If every replication failed, or the folder cannot be written.

    Examples
    --------
    >>> import sim
    >>> few = sim.run("iraq_2019_2020", replications=20, until=60)
    >>> few
    <Run: iraq_2019_2020 (provisional), 20 replications, root_seed 1, 60 days>
    >>> few.outcomes["n_rocket_attacks"].shape
    (20,)
    >>> few.table().loc["n_rocket_attacks", ["mean", "low", "high"]].round(1).tolist()
    [..., ..., ...]
    """
    from sim.analytic.branching import refuse_runaway
    from sim.engine.alteration import alteration_of
    from sim.ensemble.draw_set import draws_from, refuse_set_twice
    from sim.ensemble.ensemble import folder_of, run_draws, run_ensemble
    from sim.outcomes import with_outcomes

    watch = watch_of(watch)
    crew = workers_asked(workers, cluster)
    asked = draws_asked(posterior, draws, replications, pictures=pictures)
    n = REPLICATIONS if replications is None else replications
    require("--replications", n, 1, MOST_REPLICATIONS)
    require("--root-seed", root_seed, 0)
    one = scenario_of(
        scenario, changes, free_from, plugin, past=past, particles=particles
    )
    if own_outcomes:
        one = with_outcomes(one, own_outcomes)
    length = days_until(until, one)
    say_caution(one, watch)
    say_changes(scenario, changes, plugin, one, watch)
    altered = alteration_of(one.start, several(lineage), several(without))
    if asked is not None and altered:
        message = "--lineage and --without go with one set of parameters, no posterior"
        raise StudyError(message)
    if pictures and not out:
        message = "--pictures are written into a folder: name one with --out"
        raise StudyError(message)
    if asked is None:
        refuse_runaway(one, length)
        size, draws_of_it = n, None
        simulate = partial(
            run_ensemble,
            one,
            replications=n,
            keep_records=not outcomes_only,
            alteration=altered,
        )
    else:
        from sim.experiment.posterior import read_posterior

        believed = read_posterior(Path(asked.posterior))
        refuse_set_twice(believed, {"--set": changes or {}})
        draws_of_it = draws_from(believed, asked.draws, asked.replications)
        size = len(draws_of_it.numbers)
        simulate = partial(
            run_draws,
            one,
            believed,
            draws=asked.draws,
            replications=asked.replications,
        )
    own = folder_of(one, root_seed, length, draws_of_it, altered)
    folder = folder_asked(out, own)
    watch.keep(f"at least {{done}} of {size} replications are kept in {folder}")
    with watch.stage(f"simulating {one.name}", crew) as progress:
        ensemble = simulate(
            root_seed=root_seed,
            workers=crew,
            until=length,
            out=folder,
            progress=progress,
            engine=engine,
            tell=watch.say,
        )
    answer = Run(ensemble, change_texts(changes), crew, engine, watch)
    if len(ensemble.failed) == len(ensemble.numbers):
        raise RunError(failures_text(ensemble))
    if ensemble.path is not None:
        if asked is None and len(ensemble.numbers) >= MANY:
            watch.say(f"summarising {len(ensemble.numbers):,} replications")
        answer.write(pictures=pictures)
    return answer


def failures_text(ensemble: Ensemble) -> str:
    """Say how many replications failed, and how to repeat the first."""
    _, error, repeat = ensemble.failed[0]
    of = f"{len(ensemble.failed)} of {len(ensemble.numbers)}"
    return f"{of} replications failed; the first: {error}\n  {repeat}"
