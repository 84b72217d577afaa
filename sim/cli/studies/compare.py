"""``escalade compare``: whether two policies differ, and by how much."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import completion
from sim.cli.present import (
    EngineOption,
    JsonOption,
    ParticlesOption,
    PastOption,
    PluginOption,
    SetOption,
    UntilOption,
    VerboseOption,
    integer_option,
    parse_changes,
    print_json,
    print_table,
    wrapped,
)
from sim.cli.progress import ClusterOption, WorkersOption, watched

if TYPE_CHECKING:
    from sim.verbs.studies.compare import ComparisonAnswer
    from sim.verbs.studies.compare_draws import DrawnComparisonAnswer


def compare(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            autocompletion=completion.files,
            help="Scenario files or ids, the first is the reference; or one with "
            "--set; or one experiment file with arms.",
        ),
    ],
    changes: SetOption = None,
    replications: Annotated[
        int | None,
        integer_option(
            "--replications",
            "-n",
            help="Of each arm, 30 or more: 1000 by default; with --draws, of each "
            "draw.",
        ),
    ] = None,
    root_seed: Annotated[
        int | None,
        integer_option(help="The one integer all chance hangs on. Default: 1."),
    ] = None,
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
    free_from: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="DATE",
            help="Put the record in up to this date, on which the arms part: until "
            "then each is the reference, to the byte.",
        ),
    ] = None,
    past: PastOption = None,
    particles: ParticlesOption = None,
    until: UntilOption = None,
    outcomes: Annotated[
        str | None,
        typer.Option(
            metavar="NAME,...",
            help="What to compare, or 'all'.",
            autocompletion=completion.outcomes,
        ),
    ] = None,
    competing: Annotated[
        str | None,
        typer.Option(
            metavar="TIME,TIME,...",
            autocompletion=completion.outcomes,
            help="Times to events that compete: which comes first is compared too.",
        ),
    ] = None,
    independent: Annotated[
        bool,
        typer.Option("--independent", help="Give each arm a root_seed of its own."),
    ] = False,
    until_half_width: Annotated[
        str | None,
        typer.Option(
            metavar="OUTCOME=VALUE",
            help="Replicate until the interval of this difference is as narrow.",
        ),
    ] = None,
    at_most: Annotated[
        int, typer.Option(help="Replications at which --until-half-width gives up.")
    ] = 20_000,
    draws: Annotated[
        int | None,
        integer_option(
            help="Draw so many sets of parameters from their ranges, shared by all "
            "arms: what the answer owes to what is not known.",
        ),
    ] = None,
    posterior: Annotated[
        Path | None,
        typer.Option(
            help="Draw the sets from this posterior of escalade calibrate (file, "
            "folder, or a shipped experiment's id); 200 unless --draws says otherwise.",
        ),
    ] = None,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH",
            help="With --draws: a parameter to draw; may be repeated.",
            autocompletion=completion.plain_paths,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for runs, tables and pictures. Default: none; with --draws, "
            "runs/ and a name of its own."
        ),
    ] = None,
    engine: EngineOption = "auto",
    plugins: PluginOption = None,
    verbose: VerboseOption = False,
    as_json: JsonOption = False,
) -> None:
    """Compare scenarios or policies in coupled worlds; say how sure the answer is."""
    from sim.verbs.studies.compare import ComparisonAnswer
    from sim.verbs.studies.compare import compare as compare_scenarios

    with watched() as screen:
        answer = compare_scenarios(
            *files,
            changes=parse_changes(changes),
            replications=replications,
            root_seed=root_seed,
            workers=workers,
            cluster=cluster,
            free_from=free_from,
            past=past,
            particles=particles,
            until=until,
            outcomes=outcomes,
            competing=competing,
            independent=independent,
            until_half_width=until_half_width,
            at_most=at_most,
            draws=draws,
            posterior=posterior,
            vary=vary,
            out=out or (draws is not None or posterior is not None or None),
            engine=engine,
            plugin=plugins,
            watch=screen,
        )
        if isinstance(answer, ComparisonAnswer):
            _ = answer.certificates  # while its progress can be shown
    if as_json:
        print_json(answer.data())
    elif isinstance(answer, ComparisonAnswer):
        _print(answer)
    else:
        _print_draws(answer, plugins, verbose=verbose)
    screen.done("" if answer.path is None else f"everything is in {answer.path}")
    if answer.path is not None and not as_json:
        _print_next(answer)


def _print_next(answer: ComparisonAnswer | DrawnComparisonAnswer) -> None:
    """Print what to do next with a comparison, and with the run of one of its arms."""
    from sim.verbs.studies.compare import ComparisonAnswer

    folder = shlex.quote(str(answer.path))
    print(f"Next:\n  escalade brief {folder}")
    print("      one sheet to send on: HTML, PDF and a table for spreadsheets")
    print(f"  escalade report {folder}")
    print("      every outcome and pair, what the arms change, and the sources")
    if isinstance(answer, ComparisonAnswer):
        arm = shlex.quote(f"{answer.path}/{answer.result.arms[-1].name}")
        print(f"  escalade explain {arm}")
        print("      why a history of this arm went as it did; so with the others")


def _print(answer: ComparisonAnswer) -> None:
    from sim.comparison.words import TABLE_HEADS, caveats, sentences, table_cells

    comparison = answer.result
    if comparison.asked.question:
        print(f"{comparison.asked.question}\n")
    print(f"{answer.headline()}\n")
    for text in sentences(comparison):
        print(f"- {text}")
    several = len(comparison.comparisons) > 1
    heads = (*(("arm",) if several else ()), *TABLE_HEADS)
    at = len(heads) - 6
    print()
    print_table(heads, table_cells(comparison), numbers=tuple(range(at, len(heads))))
    print(
        "superior: probability that the arm exceeds the reference, ties counted half. "
        "cut: how many\ntimes as many replications independent arms would have needed."
    )
    if any(row.kind == "rung" for row in comparison.outcomes.values()):
        from sim.reports.headline import rungs_note

        print(wrapped(rungs_note()))
    for text in (*comparison.asked.assumptions, *caveats(comparison)):
        print(f"- {text}")
    for one in answer.certificates:
        print(f"- {one.sentence()}")


def _print_draws(
    answer: DrawnComparisonAnswer, plugins: list[str] | None, *, verbose: bool
) -> None:
    from sim.reports.report import page_of
    from sim.verbs.arguments import kinds_of

    report, folder = answer.report, answer.path
    if answer.question:
        print(f"{answer.question}\n")
    if folder is not None:  # what the brief says, word for word
        for text in page_of(folder, "", kinds_of(plugins)).headline.answer:
            print(wrapped(text))
        print()
    if verbose:
        for text in report.sentences:
            print(f"- {text}")
        print()
    labels, pair = report.data["labels"], report.data["pair"]
    for cells, against in (
        (report.pair_cells, pair and pair[1]),
        (report.cells, next(iter(report.data["outcomes"][0]["ranking"]))["arm"]),
    ):
        if cells:
            print(f"Differences from {labels.get(against, against)}:")
            print_table(report.heads, cells, numbers=(2, 3, 4, 5, 6), whole=(0, 1))
    for text in (*report.data["assumptions"], *report.caveats):
        print(f"- {text}")
    if not verbose:
        print("Each difference in a sentence: --verbose, or escalade report.")
