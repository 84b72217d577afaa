"""``escalade score``: how good forecasts were, from origins of the past or by file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.present import (
    EngineOption,
    JsonOption,
    PluginOption,
    print_json,
    print_table,
)
from sim.cli.progress import WorkersOption, watched
from sim.verbs.watch import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.forecasts.score_table import Rows
    from sim.forecasts.scoring import Score


def score(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="EXPERIMENT|FORECAST.json...",
            help="An experiment with a section score (file, folder or id), or files "
            "of escalade forecast.",
        ),
    ],
    events: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.csv",
            help="What happened, for forecasts by file (docs/forecasts.md has the "
            "columns).",
        ),
    ] = None,
    coded_until: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="All days up to, and without, this one were coded in FILE.csv; "
            "without it, its rows with the act `coverage` say so.",
        ),
    ] = None,
    questions: Annotated[
        list[str] | None,
        typer.Option(
            "--question",
            metavar="ID",
            help="Score this question alone, where FILE.csv codes no more; may be "
            "repeated.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder of the tables and pictures; by default runs/ and a name of "
            "its own for an experiment, none for forecasts by file."
        ),
    ] = None,
    workers: WorkersOption = None,
    engine: EngineOption = "auto",
    plugins: PluginOption = None,
    as_json: JsonOption = False,
) -> None:
    """Score forecasts: from an experiment's origins, or files against later events.

    An experiment is refitted at each of its origins to what was known then, and
    forecasts from there; the same command goes on where it was broken off.
    """
    from sim.forecasts.score_table import notes_of, verdict
    from sim.verbs.evidence.score import score as score_inputs

    with watched() as screen:
        answer = score_inputs(
            *inputs,
            events=events,
            coded_until=coded_until,
            question=questions,
            out=out,
            workers=workers,
            engine=engine,
            plugin=plugins,
            watch=screen,
        )
    scores = answer.scores
    if as_json:
        print_json(answer.data())
    else:
        print(f"{answer.title}\n")
        _print_said(scores)
        _print_means(scores)
        if answer.differences:
            print(verdict(answer.differences))
        for note in notes_of(scores):
            print(f"note: {note}")
    if events is None:
        screen.done(f"everything is in {answer.path}")
    elif out is not None:
        say(f"tables and pictures are in {out}")


def _print_said(scores: Sequence[Score]) -> None:
    """Print what each forecaster said of each window, and what came."""
    from sim.forecasts.score_table import said_rows

    _print_rows(scores, ("question", "window", "came"), said_rows)


def _print_means(scores: Sequence[Score]) -> None:
    """Print each forecaster's mean scores."""
    from sim.forecasts.score_table import mean_rows

    _print_rows(scores, ("question", "mean of"), mean_rows)


def _print_rows(scores: Sequence[Score], first: Sequence[str], rows_of: Rows) -> None:
    from sim.forecasts.score_table import forecaster_label, forecasters_of

    names = forecasters_of(scores)
    rows = [
        [question, *row]
        for question in dict.fromkeys(s.question for s in scores)
        for row in rows_of(question, scores, names, "–")
    ]
    heads = [*first, *map(forecaster_label, names)]
    print_table(heads, rows, numbers=range(2, len(heads)), whole=(0, 1))
