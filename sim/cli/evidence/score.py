"""``escalade score``: how good forecasts were, from origins of the past or by file."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.present import (
    EngineOption,
    JsonOption,
    PluginOption,
    day_from,
    print_json,
    print_table,
    say,
)
from sim.cli.progress import WorkersOption, progress, span, workers_asked

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    from sim.errors import StudyError

    by_file = [name for name in inputs if name.endswith(".json")]
    if by_file and len(by_file) < len(inputs):
        other = next(name for name in inputs if name not in by_file)
        message = f"{other} is no forecast's file (.json); score either kind alone"
        raise StudyError(message)
    if by_file:
        _score_files(by_file, events, coded_until, questions or (), out, as_json)
        return
    if len(inputs) > 1 or events is not None or coded_until is not None or questions:
        message = (
            "--events, --coded-until and --question go with forecasts by file (.json); "
            "an experiment is scored on its scenario's own record"
            if len(inputs) == 1
            else "name one experiment, or files of forecasts (.json)"
        )
        raise StudyError(message)
    _score_experiment(inputs[0], out, workers, engine, plugins or (), as_json)


def _score_experiment(
    name: str,
    out: Path | None,
    workers: int | None,
    engine: str,
    plugins: Sequence[str],
    as_json: bool,
) -> None:
    from sim.engine.cast import Cast
    from sim.engine.choice import choose_driver
    from sim.experiment.load import load_experiment
    from sim.forecasts.origin import scoring_of
    from sim.forecasts.rolling import run_origins, write_rolling
    from sim.pictures.score import plot_scores
    from sim.scenario.plugins import known_kinds

    began = time.monotonic()
    experiment = load_experiment(name, known_kinds(plugins, installed=True))
    plan = scoring_of(experiment)
    least = (plan.options.particles + plan.size.total) * len(plan.windows)
    driver, sentence = choose_driver(Cast(experiment.scenario), least, engine)
    say(sentence)
    with progress("particles and windows") as shown:
        rolling = run_origins(
            experiment,
            out=out,
            workers=workers_asked(workers, None),
            engine=driver.name,
            progress=shown,
            tell=say,
        )
    scores = write_rolling(rolling)
    plot_scores(scores, rolling.path, experiment.name)
    more = {"experiment": experiment.name, "folder": str(rolling.path)}
    _present(scores, experiment.question, more, as_json)
    say(f"done in {span(time.monotonic() - began)}; everything is in {rolling.path}")


def _score_files(
    names: Sequence[str],
    events: Path | None,
    coded_until: str | None,
    questions: Sequence[str],
    out: Path | None,
    as_json: bool,
) -> None:
    from sim.errors import StudyError
    from sim.forecasts.file import read_forecast
    from sim.forecasts.score_table import write_scores
    from sim.forecasts.scoring import score_forecasts
    from sim.record.question import questions_named
    from sim.scenario.event_table import read_event_table

    if events is None:
        message = (
            "--events FILE.csv is needed: what happened, in the columns of "
            "docs/forecasts.md"
        )
        raise StudyError(message)
    forecasts = [read_forecast(name) for name in names]
    after = day_from(coded_until, "--coded-until")
    first = min(forecast.origin for forecast in forecasts)
    if after is not None and after <= first:
        message = (
            f"--coded-until {after} does not come after the first origin, {first}: "
            "nothing would be coded"
        )
        raise StudyError(message)
    table = read_event_table(events, [] if after is None else [(first, after)])
    asked = [question.id for question in questions_named(questions)]
    scores = score_forecasts(forecasts, table, asked if questions else ())
    if out is not None:
        from sim.pictures.score import plot_scores

        out.mkdir(parents=True, exist_ok=True)
        write_scores(out, scores)
        plot_scores(scores, out, events.name)
    _present(scores, f"Resolved by {events}:", {"events": str(events)}, as_json)
    if out is not None:
        say(f"tables and pictures are in {out}")


def _present(
    scores: Sequence[Score], title: str, more: dict[str, Any], as_json: bool
) -> None:
    """Print what was said and came, mean scores, and differences."""
    from sim.forecasts.score_table import notes_of, score_data, verdict
    from sim.forecasts.scoring import paired_differences

    differences = paired_differences(scores)
    if as_json:
        print_json(more | score_data(scores, differences))
        return
    print(f"{title}\n")
    _print_said(scores)
    _print_means(scores)
    if differences:
        print(verdict(differences))
    for note in notes_of(scores):
        print(f"note: {note}")


def _print_said(scores: Sequence[Score]) -> None:
    """Print what each forecaster said of each window, and what came."""
    from sim.forecasts.score_table import forecaster_label, said
    from sim.record.question import EVENT, QUESTIONS

    names = _forecasters(scores)
    rows: list[list[str]] = []
    for question in dict.fromkeys(s.question for s in scores):
        here = [s for s in scores if s.question == question]
        for window in sorted({(s.origin, s.end) for s in here}):
            by = {s.forecaster: s for s in here if (s.origin, s.end) == window}
            came = next(iter(by.values())).observed
            is_event = QUESTIONS[question].kind == EVENT
            rows.append(
                [
                    question,
                    f"{window[0]} to {window[1]}",
                    ("yes" if came else "no") if is_event else str(came),
                    *(said(by[name]) if name in by else "–" for name in names),
                ]
            )
    heads = ["question", "window", "came", *map(forecaster_label, names)]
    print_table(heads, rows, numbers=range(2, len(heads)), whole=(0, 1))


def _print_means(scores: Sequence[Score]) -> None:
    """Print each forecaster's mean scores."""
    from sim.forecasts.score_table import forecaster_label
    from sim.forecasts.scoring import LABELS, SCORES
    from sim.record.question import QUESTIONS

    names = _forecasters(scores)
    rows: list[list[str]] = []
    for question in dict.fromkeys(s.question for s in scores):
        for kind in SCORES[QUESTIONS[question].kind]:
            cells: list[str] = []
            for name in names:
                values = [
                    s.scores[kind]
                    for s in scores
                    if (s.question, s.forecaster) == (question, name)
                ]
                cells.append(f"{sum(values) / len(values):.3f}" if values else "–")
            rows.append([question, LABELS[kind], *cells])
    heads = ["question", "mean of", *map(forecaster_label, names)]
    print_table(heads, rows, numbers=range(2, len(heads)), whole=(0, 1))


def _forecasters(scores: Sequence[Score]) -> list[str]:
    """Return the forecasters, the simulator first."""
    from sim.forecasts.forecast import MODEL

    names = dict.fromkeys(s.forecaster for s in scores)
    return sorted(names, key=lambda name: name != MODEL)
