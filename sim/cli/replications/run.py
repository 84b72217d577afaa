"""``escalade run``: many replications, what they say, and their pictures."""

from __future__ import annotations

import shlex
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple

import typer

from sim.cli.present import (
    SHOWN,
    EngineOption,
    FileArgument,
    FromOption,
    JsonOption,
    PluginOption,
    RootSeedOption,
    SetOption,
    UntilOption,
    caution,
    day_from,
    days_until,
    parse_changes,
    print_json,
    print_table,
    require,
    say,
)
from sim.cli.progress import (
    ClusterOption,
    Progress,
    WorkersOption,
    kept_in,
    resumable,
    span,
    workers_asked,
)
from sim.cli.replications.run_draws import (
    DrawsOption,
    PosteriorOption,
    draws_asked,
    run_under_draws,
)
from sim.digits import figure, interval_text, short
from sim.errors import Exit

if TYPE_CHECKING:
    from sim.ensemble.ensemble import Ensemble
    from sim.ensemble.workers import Workers
    from sim.record.table import RecordRow
    from sim.record.targets import Target


REPLICATIONS: Final = 1000
MOST_REPLICATIONS: Final = 10_000_000

MANY: Final = 300_000
"""Replications from which the summary takes so long that it is announced."""


class Presented(NamedTuple):
    """What is said of a run."""

    rows: tuple[RecordRow, ...]
    """The record beside the model; empty where there is none."""
    notes: tuple[str, ...]
    """What is to be said of these rows: how many lie inside, null and prior."""
    summary: list[dict[str, Any]]
    """One row an outcome, as in summary.csv."""
    typical: int
    """Number of a typical replication."""
    files: Sequence[Path]
    """Pictures that were plotted."""


def run(
    file: FileArgument,
    replications: Annotated[
        int | None,
        typer.Option(
            "--replications", "-n", help="How many replications. Default: 1000."
        ),
    ] = None,
    root_seed: RootSeedOption = 1,
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
    free_from: FromOption = None,
    until: UntilOption = None,
    changes: SetOption = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Run directory; by default runs/ and a name of its own."),
    ] = None,
    engine: EngineOption = "auto",
    outcomes_only: Annotated[
        bool,
        typer.Option(
            "--outcomes-only",
            help="Keep outcomes and no records: less disk, less time.",
        ),
    ] = False,
    pictures: Annotated[
        bool,
        typer.Option("--pictures", help="Draw the run as well; later works too."),
    ] = False,
    posterior: PosteriorOption = None,
    draws: DrawsOption = None,
    plugins: PluginOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run replications of a scenario; print a summary, write its tables."""
    from sim.analytic.branching import refuse_runaway
    from sim.ensemble.ensemble import folder_of, run_ensemble
    from sim.scenario.load import load
    from sim.scenario.plugins import known_kinds

    began = time.monotonic()
    crew = workers_asked(workers, cluster)
    asked = draws_asked(posterior, draws, replications, pictures=pictures)
    replications = REPLICATIONS if replications is None else replications
    require("--replications", replications, 1, MOST_REPLICATIONS)
    require("--root-seed", root_seed, 0)
    kinds = known_kinds(plugins or (), installed=True)
    scenario = load(
        file, parse_changes(changes), kinds=kinds, free_from=day_from(free_from)
    )
    length = days_until(until, scenario)
    if warning := caution(scenario):
        say(warning)
    if asked is not None:
        run_under_draws(
            scenario=scenario,
            asked=asked,
            changes=parse_changes(changes),
            root_seed=root_seed,
            until=length,
            workers=crew,
            out=out,
            engine=engine,
            as_json=as_json,
        )
        return
    folder = folder_of(scenario, root_seed, length) if out is None else out
    refuse_runaway(scenario, length)
    shown = Progress(f"simulating {scenario.name}")
    with resumable(lambda: kept_in(shown.done, replications, folder)):
        with closing(shown):
            ensemble = run_ensemble(
                scenario,
                replications=replications,
                root_seed=root_seed,
                workers=crew,
                until=length,
                out=folder,
                progress=shown,
                keep_records=not outcomes_only,
                engine=engine,
                tell=say,
            )
        if len(ensemble.failed) == len(ensemble.numbers):
            _tell_failures(ensemble)
            raise typer.Exit(Exit.BROKEN)
        said = _present(
            ensemble, folder, changes or [], pictures, workers=crew, engine=engine
        )
    if as_json:
        print_json({"changes": changes or []} | _as_data(ensemble, said, folder))
    else:
        _print(ensemble, said, changes or [])
        print(f"Replication {said.typical} is typical. Its story:")
        repeat = [
            file,
            *_repeated("--set", changes or []),
            *_repeated("--from", [free_from]),
            *_repeated("--until", [until]),
            *_repeated("--plugin", plugins or []),
        ]
        repeat += ["--root-seed", str(root_seed), "--replication", str(said.typical)]
        print(f"  {shlex.join(['escalade', 'replay', *repeat])}")
        if said.files:
            print(f"Pictures: {folder / 'pictures'}")
        else:
            print("Pictures: the same command with --pictures; what was run is kept.")
    say(f"done in {span(time.monotonic() - began)}; everything is in {folder}")
    if ensemble.failed:
        _tell_failures(ensemble)
        raise typer.Exit(Exit.BROKEN)


def _present(
    ensemble: Ensemble,
    folder: Path,
    changes: list[str],
    pictures: bool,
    *,
    workers: Workers,
    engine: str,
) -> Presented:
    """Hold the run against the record; write its tables, and pictures if asked for."""
    import numpy as np

    from sim.cli.present import record_page
    from sim.ensemble.summary import summary_csv
    from sim.ensemble.typical import TYPICAL_BY, typical_number
    from sim.files import write_whole
    from sim.outcomes import outcomes_for
    from sim.record.table import count_sentence, record_rows_of, targets_for

    if len(ensemble.numbers) >= MANY:
        say(f"summarising {len(ensemble.numbers):,} replications; it takes minutes")
    targets = targets_for(ensemble.scenario, ensemble.until)
    # Of a million replications only the columns that are looked at are read, and of
    # pandas, which takes longer to load than this, nothing.
    wanted = (*(target.outcome for target in targets), *TYPICAL_BY)
    known = outcomes_for(ensemble.scenario)
    columns = ensemble.finished_columns(name for name in wanted if name in known)
    failed = {number for number, _, _ in ensemble.failed}
    numbers = np.array([n for n in ensemble.numbers if n not in failed])
    rows = record_rows_of(columns, len(numbers), targets)
    notes: tuple[str, ...] = ()
    if rows:
        rows, rivals = _beside(ensemble, rows, targets, workers=workers, engine=engine)
        notes = (count_sentence(rows), *rivals)
    summary = ensemble.summary_rows()
    text = summary_csv(summary).encode()
    write_whole(folder / "summary.csv", lambda stream: stream.write(text))
    if rows:
        table = record_page(rows, notes).encode()
        write_whole(folder / "record.md", lambda stream: stream.write(table))
    if pictures:
        from sim.pictures.run import plot_run

        plotted = plot_run(ensemble, targets, folder / "pictures", changes)
        return Presented(rows, notes, summary, plotted.typical, plotted.files)
    return Presented(rows, notes, summary, typical_number(numbers, columns), ())


def _beside(
    ensemble: Ensemble,
    rows: tuple[RecordRow, ...],
    targets: Sequence[Target],
    *,
    workers: Workers,
    engine: str,
) -> tuple[tuple[RecordRow, ...], tuple[str, ...]]:
    """Put null and prior beside the record; return the rows, and what they are."""
    from sim.experiment.prior_predictive import beside_prior
    from sim.ledger.matched_null import matched_null
    from sim.record.table import beside_null

    null = matched_null(
        ensemble,
        tuple(row.outcome for row in rows),
        workers=workers,
        engine=engine,
        tell=say,
    )
    fit, rows = beside_prior(
        ensemble.scenario, beside_null(rows, null.columns), targets
    )
    prior = f"The prior is that of {fit}: its draws, each simulated once."
    return rows, (null.sentence(), *([prior] if fit else []))


def _tell_failures(ensemble: Ensemble) -> None:
    _, error, repeat = ensemble.failed[0]
    say(
        f"escalade: {len(ensemble.failed)} of {len(ensemble.numbers)} replications "
        f"failed; the first: {error}\n  {repeat}"
    )


def _as_data(ensemble: Ensemble, said: Presented, folder: Path) -> dict[str, Any]:
    from sim.cli.files.check import header
    from sim.ensemble.summary import NOTE

    return {
        "scenario": header(ensemble.scenario),
        "root_seed": ensemble.root_seed,
        "replications": len(ensemble.numbers),
        "failed": [number for number, _, _ in ensemble.failed],
        "until_days": ensemble.until,
        "intervals": NOTE,
        "outcomes": said.summary,
        "record": [
            row._asdict() | {"is_inside_5_to_95": row.is_inside} for row in said.rows
        ],
        "record_notes": list(said.notes),
        "typical_replication": said.typical,
        "out": str(folder),
        "pictures": [str(file) for file in said.files],
    }


def _repeated(option: str, values: Sequence[str | None]) -> list[str]:
    """Return an option before each of its values; None is not given."""
    return [word for value in values if value is not None for word in (option, value)]


def _print(ensemble: Ensemble, said: Presented, changes: Sequence[str]) -> None:
    scenario = ensemble.scenario
    n = len(ensemble.numbers) - len(ensemble.failed)
    print(
        f"{scenario.title}\n{scenario.name} ({scenario.status}), {n} replications, "
        f"root_seed {ensemble.root_seed}, {ensemble.until:g} days"
    )
    if changes:
        print(f"Changed: {', '.join(changes)}")
    if warning := caution(scenario):
        print(f"Caution: {warning}.")
    _print_outcomes(said.summary)
    if said.rows:
        from sim.cli.present import print_record

        print_record(said.rows, said.notes)


def _print_outcomes(summary: list[dict[str, Any]]) -> None:
    cells: list[tuple[str, ...]] = []
    by_name = {row["outcome"]: row for row in summary}
    for name in SHOWN:
        if name not in by_name:
            continue
        row = by_name[name]
        if not row["n"] or (row["n"] and row["mean"] == 0.0 == row["q95"]):
            continue
        half: float = (row["high"] - row["low"]) / 2
        at = [short(row[q]) for q in ("q05", "q50", "q95")]
        happened: bool = row["method"].startswith("share")
        cells.append(
            (
                row["label"],
                row["unit"],
                figure(row["estimate"], half),
                interval_text(row["low"], row["high"]),
                *(("", "", "") if happened else at),
            )
        )
    heads = ("outcome", "unit", "mean", "95 % interval", "5 %", "median", "95 %")
    print_table(heads, cells, numbers=(2, 3, 4, 5, 6), whole=(0, 1))
    print(
        "The interval is the Monte Carlo error of the mean; 5 %, median and 95 % are "
        "of single\nreplications. Outcomes that never differ from 0 are left out; "
        "summary.csv has them all.\n"
    )
