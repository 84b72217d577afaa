"""``escalade run``: many replications, what they say, and their pictures."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
    ParticlesOption,
    PastOption,
    RootSeedOption,
    SetOption,
    UntilOption,
    VerboseOption,
    WithoutOption,
    end_with_failures,
    integer_option,
    parse_changes,
    print_json,
    print_record,
    print_table,
    wrapped,
)
from sim.cli.progress import ClusterOption, WorkersOption, watched
from sim.digits import figure, interval_text, short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.verbs.replications.run import Run

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
    past: PastOption = None,
    particles: ParticlesOption = None,
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
    from sim.verbs.replications.run import failures_text
    from sim.verbs.replications.run import run as run_scenario

    with watched() as screen:
        done = run_scenario(
            file,
            replications=replications,
            root_seed=root_seed,
            workers=workers,
            cluster=cluster,
            free_from=free_from,
            past=past,
            particles=particles,
            until=until,
            changes=parse_changes(changes),
            lineage=lineage,
            without=without,
            out=True if out is None else out,
            engine=engine,
            outcomes_only=outcomes_only,
            pictures=pictures,
            posterior=posterior,
            draws=draws,
            plugin=plugins,
            watch=screen,
        )
    folder, failed = done.path, done.ensemble.failed
    assert folder is not None  # a run from the command line has a folder
    if as_json:
        print_json(_data(done, folder))
    elif done.ensemble.draws is not None:
        _print_draws(done, verbose=verbose)
    else:
        repeat = [file, *_repeated("--set", changes or [])]
        repeat += _repeated("--from", [free_from]) + _repeated("--until", [until])
        repeat += _repeated("--past", [past]) + _repeated("--plugin", plugins or [])
        repeat += ["--root-seed", str(root_seed)]
        drawn = folder / "pictures" if pictures else None
        _print(done, repeat, drawn, verbose=verbose)
    screen.done(f"everything is in {folder}")
    end_with_failures(failures_text(done.ensemble) if failed else "")


def _data(done: Run, folder: Path) -> dict[str, Any]:
    """Return what ``--json`` prints: the answer, and where it is."""
    data = done.data() | {"out": str(folder)}
    if done.ensemble.draws is None:
        files = sorted((folder / "pictures").glob("*.*"))
        data["pictures"] = [str(file) for file in files]
    return data


def _print(
    done: Run, repeat: list[str], pictures: Path | None, *, verbose: bool
) -> None:
    """Print a run: the bottom line, a dozen outcomes, the record, what is next."""
    _print_bottom_line(done, {row["outcome"]: row for row in done.summary_rows})
    if verbose:
        _print_outcomes(done.summary_rows)
    print_record(done.record, verbose=verbose)
    if pictures is not None:
        print(f"Pictures: {pictures}\n")
    number, altered = done.ensemble.alteration.member(done.typical)
    words = ["escalade", "replay", *repeat, *altered.words()]
    words += ["--replication", str(number)]
    _print_next(done, shlex.join(words))


def _print_draws(done: Run, *, verbose: bool) -> None:
    """Print a run under draws: the budget of each outcome, the record, caveats."""
    from sim.ensemble.draw_summary import HEADS, LEGEND, budget_cells, caveats

    draws: Any = done.ensemble.draws
    summary: Any = done.table()
    _print_bottom_line(done, {str(name): row for name, row in summary.iterrows()})
    cells = budget_cells(summary, SHOWN)
    print_table(HEADS, cells, numbers=(2, 3, 4, 5, 6), whole=(0, 1))
    print(f"{LEGEND}\nsummary.csv has all outcomes.\n")
    print_record(done.record, verbose=verbose)
    for text in caveats(draws, len(done.ensemble.failed)):
        print(wrapped(f"- {text}"))
    _print_next(done)


def _print_bottom_line(done: Run, rows: dict[str, Any]) -> None:
    """Print what a run comes to: two sentences, how it was run, a dozen outcomes."""
    from sim.ensemble.summary import DEAD
    from sim.reports.headline import run_answer, run_table

    scenario, rows = done.scenario, rows | {DEAD: done.ensemble.dead_row()}
    days = scenario.counted_days(done.ensemble.until)
    print(f"{scenario.heading}\n")
    for sentence in run_answer(rows, scenario, days)[:2]:
        print(wrapped(sentence))
    print()
    _print_head(done)
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


def _print_next(done: Run, story: str = "") -> None:
    """Print what to do next with a run."""
    folder = shlex.quote(str(done.path))
    print("Next:")
    print(f"  escalade report {folder}")
    print("      the answer, every outcome, the record and the sources as one page")
    print(f"  escalade brief {folder}")
    print("      one sheet to send on: HTML, PDF and a table for spreadsheets")
    if done.ensemble.draws is None:
        print(f"  escalade explain {folder}")
        print("      why one history came to its gravest strike, and what prevents it")
    if story:
        print(f"  {story}\n      a typical history, told day by day")


def _print_head(done: Run) -> None:
    from sim.reports.departure import departure_text, departures, past_text
    from sim.verbs.arguments import caution

    one, scenario = done.ensemble, done.scenario
    n, draws = len(one.numbers) - len(one.failed), one.draws
    size = f"{n} replications" if draws is None else draws.size_text
    text = (
        f"{scenario.name} ({scenario.status}), {size}, root_seed {one.root_seed}, "
        f"{scenario.counted_days(one.until):g} days"
    )
    print(wrapped(text))
    parts = departures(scenario, one.alteration, n, done.changes)
    for said in (departure_text(parts), past_text(scenario, one.alteration)):
        if said:
            print(wrapped(said))
    if warning := caution(scenario):
        print(wrapped(f"Caution: {warning}."))


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


def _repeated(option: str, values: Sequence[str | None]) -> list[str]:
    """Return an option before each of its values; None is not given."""
    return [word for value in values if value is not None for word in (option, value)]
