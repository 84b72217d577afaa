"""``escalade run``: many replications, what they say, and their pictures."""

from __future__ import annotations

import shlex
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple

import typer

from sim.cli.present import (
    SCREEN,
    SHOWN,
    EngineOption,
    FileArgument,
    FromOption,
    JsonOption,
    LineageOption,
    OutcomePluginOption,
    RootSeedOption,
    SetOption,
    UntilOption,
    VerboseOption,
    WithoutOption,
    caution,
    header,
    integer_option,
    parse_changes,
    print_json,
    print_record,
    print_table,
    require,
    say,
    scenario_asked,
    tell_failures,
    wrapped,
    write_json,
)
from sim.cli.progress import (
    ClusterOption,
    Progress,
    WorkersOption,
    resumable,
    span,
    workers_asked,
)
from sim.digits import figure, interval_text, short

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.ensemble.ensemble import Ensemble
    from sim.ensemble.workers import Workers
    from sim.ledger.against_record import AgainstRecord
    from sim.scenario.scenario import Scenario


REPLICATIONS: Final = 1000
MOST_REPLICATIONS: Final = 10_000_000
MOST_DRAWS: Final = 1_000_000

MANY: Final = 300_000
"""Replications from which the summary takes so long that it is announced."""

PosteriorOption = Annotated[
    Path | None,
    typer.Option(
        help="Draw the numbers that this posterior of escalade calibrate holds (file, "
        "folder, or a shipped experiment's id); -n is then of each draw, by default 2.",
    ),
]
DrawsOption = Annotated[
    int | None,
    integer_option(help="How many draws of the posterior. Default: 200."),
]


def run(
    file: FileArgument,
    replications: Annotated[
        int | None,
        integer_option(
            "--replications", "-n", help="How many replications. Default: 1000."
        ),
    ] = None,
    root_seed: RootSeedOption = 1,
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
    free_from: FromOption = None,
    until: UntilOption = None,
    changes: SetOption = None,
    lineage: LineageOption = None,
    without: WithoutOption = None,
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
    plugins: OutcomePluginOption = None,
    verbose: VerboseOption = False,
    as_json: JsonOption = False,
) -> None:
    """Run replications of a scenario; print a summary, write its tables."""
    from sim.analytic.branching import refuse_runaway
    from sim.engine.alteration import alteration_of
    from sim.ensemble.ensemble import folder_of, run_ensemble
    from sim.errors import StudyError
    from sim.outcomes import with_outcomes
    from sim.scenario.plugins import own_outcomes

    began = time.monotonic()
    crew = workers_asked(workers, cluster)
    asked = draws_asked(posterior, draws, replications, pictures=pictures)
    replications = REPLICATIONS if replications is None else replications
    require("--replications", replications, 1, MOST_REPLICATIONS)
    require("--root-seed", root_seed, 0)
    scenario, length = scenario_asked(file, changes, plugins, free_from, until)
    scenario = with_outcomes(scenario, own_outcomes(plugins or ()))
    alteration = alteration_of(scenario.start, lineage or (), without or ())
    if asked is not None and alteration:
        message = "--lineage and --without go with one set of parameters, no posterior"
        raise StudyError(message)
    if asked is not None:
        ensemble, folder = _run_draws(
            scenario=scenario,
            asked=asked,
            changes=parse_changes(changes),
            root_seed=root_seed,
            until=length,
            workers=crew,
            out=out,
            engine=engine,
        )
        _present_draws(ensemble, folder, changes or [], verbose, as_json)
    else:
        refuse_runaway(scenario, length)
        folder = out
        if folder is None:
            folder = folder_of(scenario, root_seed, length, alteration=alteration)
        shown = Progress(f"simulating {scenario.name}")
        with resumable(lambda: _kept(shown.done, replications, folder)):
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
                    alteration=alteration,
                )
            if len(ensemble.failed) == len(ensemble.numbers):
                _end_with_failures(ensemble)
            repeat = [file, *_repeated("--set", changes or [])]
            repeat += _repeated("--from", [free_from]) + _repeated("--until", [until])
            repeat += [*_repeated("--plugin", plugins or []), *alteration.words()]
            repeat += ["--root-seed"]
            _present(
                ensemble=ensemble,
                folder=folder,
                changes=changes or [],
                pictures=pictures,
                repeat=[*repeat, str(root_seed)],
                workers=crew,
                engine=engine,
                verbose=verbose,
                as_json=as_json,
            )
    say(f"done in {span(time.monotonic() - began)}; everything is in {folder}")
    _end_with_failures(ensemble)


def _present(
    ensemble: Ensemble,
    folder: Path,
    changes: list[str],
    pictures: bool,
    repeat: list[str],
    workers: Workers,
    engine: str,
    verbose: bool,
    as_json: bool,
) -> None:
    """Write the tables of a run, and pictures if asked for; print them."""
    import numpy as np

    from sim.ensemble.summary import NOTE, summary_csv
    from sim.ensemble.typical import TYPICAL_BY, typical_number
    from sim.files import write_bytes
    from sim.ledger.against_record import against_record, columns_for
    from sim.record.targets import targets_for

    if len(ensemble.numbers) >= MANY:
        say(f"summarising {len(ensemble.numbers):,} replications; it takes minutes")
    columns = columns_for(ensemble, TYPICAL_BY)
    record = against_record(ensemble, columns, workers=workers, engine=engine, tell=say)
    summary = ensemble.summary_rows()
    write_bytes(folder / "summary.csv", summary_csv(summary).encode())
    _write_record(record, folder)
    failed = {number for number, _, _ in ensemble.failed}
    numbers = np.array([n for n in ensemble.numbers if n not in failed])
    typical, files = typical_number(numbers, columns), list[Path]()
    if pictures:
        from sim.pictures.run import plot_run

        targets = targets_for(ensemble.scenario, ensemble.until)
        files = plot_run(ensemble, targets, folder / "pictures", changes)
    if as_json:
        data = _head_data(ensemble, changes) | {
            "replications": len(ensemble.numbers),
            "intervals": NOTE,
            "outcomes": summary,
            **_record_data(record),
            "typical_replication": typical,
            "out": str(folder),
            "pictures": [str(file) for file in files],
        }
        print_json(data)
        return
    n = len(ensemble.numbers) - len(ensemble.failed)
    _print_bottom_line(
        ensemble,
        {row["outcome"]: row for row in summary},
        lambda: _print_head(ensemble, f"{n} replications", changes),
    )
    if verbose:
        _print_outcomes(summary)
    print_record(record, verbose=verbose)
    if files:
        print(f"Pictures: {folder / 'pictures'}\n")
    words = ["escalade", "replay", *repeat, "--replication", str(typical)]
    _print_next(folder, shlex.join(words))


class DrawsAsked(NamedTuple):
    """What ``--posterior`` and ``--draws`` ask for."""

    posterior: Path
    draws: int
    replications: int
    """Within each draw."""


def draws_asked(
    posterior: Path | None,
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
    from sim.ensemble.draw_set import DRAWS, REPLICATIONS
    from sim.errors import StudyError
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
    m = REPLICATIONS if replications is None else replications
    require("--draws", n, FEWEST_DRAWS, MOST_DRAWS)
    require("--replications", m, 2, MOST_DRAWS)
    return DrawsAsked(posterior, n, m)


def _run_draws(
    scenario: Scenario,
    asked: DrawsAsked,
    changes: dict[str, Any],
    root_seed: int,
    until: float,
    workers: Workers,
    out: Path | None,
    engine: str,
) -> tuple[Ensemble, Path]:
    """Run a scenario under draws of a posterior; return it with its folder."""
    from sim.ensemble.draw_set import draws_from, refuse_set_twice
    from sim.ensemble.ensemble import folder_of, run_draws
    from sim.experiment.posterior import read_posterior

    posterior = read_posterior(asked.posterior)
    refuse_set_twice(posterior, {"--set": changes})
    draws = draws_from(posterior, asked.draws, asked.replications)
    folder = folder_of(scenario, root_seed, until, draws) if out is None else out
    shown = Progress(f"simulating {scenario.name}")
    n_asked = len(draws.numbers)
    with resumable(lambda: _kept(shown.done, n_asked, folder)), closing(shown):
        ensemble = run_draws(
            scenario=scenario,
            posterior=posterior,
            draws=asked.draws,
            replications=asked.replications,
            root_seed=root_seed,
            workers=workers,
            until=until,
            out=folder,
            progress=shown,
            engine=engine,
            tell=say,
        )
    return ensemble, folder


def _present_draws(
    ensemble: Ensemble,
    folder: Path,
    changes: list[str],
    verbose: bool,
    as_json: bool,
) -> None:
    """Write summary, budget and record table of a run under draws; print them."""
    from sim.ensemble.draw_summary import HEADS, LEGEND, budget_cells, caveats
    from sim.files import write_bytes
    from sim.ledger.against_record import against_record, columns_for

    draws = ensemble.draws
    assert draws is not None
    summary: Any = ensemble.summary()
    write_bytes(folder / "summary.csv", summary.to_csv().encode())
    record = against_record(ensemble, columns_for(ensemble))
    _write_record(record, folder)
    doubts = caveats(draws, len(ensemble.failed))
    data = _head_data(ensemble, changes) | {
        "draws": draws.manifest(),
        "intervals": summary.attrs["note"],
        "caveats": doubts,
        "outcomes": summary.reset_index().to_dict("records"),
        **_record_data(record),
    }
    write_json(folder / "budget.json", data)
    if as_json:
        print_json(data | {"out": str(folder)})
        return
    _print_bottom_line(
        ensemble,
        {str(name): row for name, row in summary.iterrows()},
        lambda: _print_head(ensemble, draws.size_text, changes),
    )
    cells = budget_cells(summary, SHOWN)
    print_table(HEADS, cells, numbers=(2, 3, 4, 5, 6), whole=(0, 1))
    print(f"{LEGEND}\nsummary.csv has all outcomes.\n")
    print_record(record, verbose=verbose)
    for text in doubts:
        print(wrapped(f"- {text}"))
    _print_next(folder)


def _write_record(record: AgainstRecord, folder: Path) -> None:
    """Write the table of the record, where there is one."""
    from sim.files import write_bytes

    if record.rows:
        write_bytes(folder / "record.md", record.markdown().encode())


def _record_data(record: AgainstRecord) -> dict[str, Any]:
    rows = [row._asdict() | {"is_inside_5_to_95": row.is_inside} for row in record.rows]
    return {"record": rows, "record_notes": list(record.notes)}


def _head_data(ensemble: Ensemble, changes: list[str]) -> dict[str, Any]:
    from sim.engine.alteration import as_data

    return {
        "changes": changes,
        "scenario": header(ensemble.scenario),
        "root_seed": ensemble.root_seed,
        "until_days": ensemble.until,
        **(
            {"alteration": as_data(altered)} if (altered := ensemble.alteration) else {}
        ),
        "failed": [number for number, _, _ in ensemble.failed],
    }


def _print_head(ensemble: Ensemble, size: str, changes: Sequence[str]) -> None:
    scenario = ensemble.scenario
    text = (
        f"{scenario.name} ({scenario.status}), {size}, root_seed {ensemble.root_seed}, "
        f"{scenario.counted_days(ensemble.until):g} days"
    )
    print(wrapped(text))
    if changes:
        print(f"Changed: {', '.join(changes)}")
    if ensemble.alteration:
        print(f"Altered: {ensemble.alteration}")
    if warning := caution(scenario):
        print(wrapped(f"Caution: {warning}."))


def _print_bottom_line(
    ensemble: Ensemble, rows: dict[str, Any], head: Callable[[], None]
) -> None:
    """Print what a run comes to: two sentences, how it was run, a dozen outcomes."""
    from sim.reports.headline import run_answer, run_table

    scenario = ensemble.scenario
    days = scenario.counted_days(ensemble.until)
    print(f"{scenario.heading}\n")
    for sentence in run_answer(rows, scenario, days)[:2]:
        print(wrapped(sentence))
    print()
    head()
    table = run_table(rows)
    print_table(table.heads, table.rows, table.numbers, whole=(0,), width=SCREEN)
    if table.note:
        print(wrapped(table.note))
    print(
        wrapped(
            "All as it happened, not as reported. The interval is the Monte Carlo "
            "error of the average; nine histories in ten lie within the last column. "
            "summary.csv has all outcomes, --verbose prints more."
        )
        + "\n"
    )


def _print_next(folder: Path, story: str = "") -> None:
    """Print what to do next with a run."""
    print("Next:")
    print(f"  escalade report {shlex.quote(str(folder))}")
    print("      the answer, every outcome, the record and the sources as one page")
    print(f"  escalade brief {shlex.quote(str(folder))}")
    print("      one sheet to send on: HTML, PDF and a table for spreadsheets")
    if story:
        print(f"  {story}\n      a typical history, told day by day")


def _print_outcomes(summary: list[dict[str, Any]]) -> None:
    cells: list[tuple[str, ...]] = []
    by_name = {row["outcome"]: row for row in summary}
    for row in (by_name[name] for name in SHOWN if name in by_name):
        if not row["n"] or row["mean"] == 0.0 == row["q95"]:
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


def _kept(done: int, replications: int, folder: Path) -> str:
    """Say how much of a run is kept."""
    if not done:
        return f"no part of {replications} replications is whole yet in {folder}"
    return f"at least {done} of {replications} replications are kept in {folder}"


def _repeated(option: str, values: Sequence[str | None]) -> list[str]:
    """Return an option before each of its values; None is not given."""
    return [word for value in values if value is not None for word in (option, value)]


def _end_with_failures(ensemble: Ensemble) -> None:
    """Say which replications failed, and end with the code for it."""
    if ensemble.failed:
        _, error, repeat = ensemble.failed[0]
        tell_failures(
            len(ensemble.failed), len(ensemble.numbers), f"{error}\n  {repeat}"
        )
