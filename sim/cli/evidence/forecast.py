"""``escalade forecast``: say now what a window of days will bring, as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.present import (
    EngineOption,
    FileArgument,
    JsonOption,
    ParticlesOption,
    PastOption,
    PluginOption,
    RootSeedOption,
    SetOption,
    integer_option,
    parse_changes,
    print_json,
    print_table,
)
from sim.cli.progress import WorkersOption, watched

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.forecasts.forecast import Answer, Forecast


def forecast(
    file: FileArgument,
    origin: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="DATE",
            help="First day of the window. The coded record is put in up to it; "
            "nothing later is known.",
        ),
    ],
    days: Annotated[int, integer_option(help="Length of the window, days.")],
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="The forecast's file, JSON.")
    ],
    posterior: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Simulate draws of this posterior of escalade calibrate; without it, "
            "the scenario's own numbers.",
        ),
    ] = None,
    draws: Annotated[
        int | None,
        integer_option(metavar="K", help="Draws of the posterior. Default: 1000."),
    ] = None,
    replications: Annotated[
        int | None,
        integer_option(
            "--replications",
            "-n",
            metavar="M",
            help="Of each draw (default: 4), or in all without a posterior (4000).",
        ),
    ] = None,
    questions: Annotated[
        list[str] | None,
        typer.Option(
            "--question",
            metavar="ID",
            help="What to ask (docs/forecasts.md); may be repeated. Default: five.",
        ),
    ] = None,
    yardsticks: Annotated[
        bool,
        typer.Option(
            "--yardsticks",
            help="Write the forecasts of simple yardsticks beside FILE too.",
        ),
    ] = False,
    past: PastOption = None,
    particles: ParticlesOption = None,
    steps: Annotated[
        int,
        integer_option(
            help="Windows of that length, one after the other, each forecast from the "
            "same day into a file of its own.",
        ),
    ] = 1,
    root_seed: RootSeedOption = 1,
    changes: SetOption = None,
    workers: WorkersOption = None,
    engine: EngineOption = "auto",
    plugins: PluginOption = None,
    as_json: JsonOption = False,
) -> None:
    """Forecast what the press will report in a window of days; write a file.

    The file is resolved later, against what came: escalade score FILE --events CSV.
    """
    from sim.verbs.evidence.forecast import forecast as forecast_window

    with watched() as screen:
        answer = forecast_window(
            file,
            free_from=origin,
            days=days,
            out=out,
            posterior=posterior,
            draws=draws,
            replications=replications,
            question=questions,
            yardsticks=yardsticks,
            past=past,
            particles=particles,
            steps=steps,
            root_seed=root_seed,
            changes=parse_changes(changes),
            workers=workers,
            engine=engine,
            plugin=plugins,
            watch=screen,
        )
    if as_json:
        print_json(answer.data())
    else:
        _print(answer.scenario.heading, answer.forecasts)
    screen.done(f"the forecast is in {out}")


def _print(title: str, forecasts: Sequence[Forecast]) -> None:
    from sim.record.question import QUESTIONS

    first = forecasts[0]
    print(
        f"{title}\nFrom {first.origin} up to, and without, {first.end} "
        f"({first.days} days), as known on {first.origin}:\n"
    )
    names = [
        one.forecaster if one.step == 1 else f"{one.forecaster} from {one.first_day}"
        for one in forecasts
    ]
    rows = [
        [
            QUESTIONS[name].wording,
            *(_answer_text(forecast.answers[name]) for forecast in forecasts),
        ]
        for name in first.answers
    ]
    print_table(["question", *names], rows, numbers=range(1, len(names) + 1))
    print("Of a count: the mean, and between brackets the 5 % and 95 % quantiles.")


def _answer_text(answer: Answer) -> str:
    from sim.statistics.count_distribution import CountDistribution

    if not isinstance(answer, CountDistribution):
        return f"{100.0 * answer:.2g} %"
    low, high = answer.quantile(0.05), answer.quantile(0.95)
    return f"{answer.mean:.1f} [{low}, {high}]"
