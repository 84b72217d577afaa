"""``escalade forecast``: say now what a window of days will bring, as a file."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from sim.cli.present import (
    EngineOption,
    FileArgument,
    JsonOption,
    PastOption,
    PluginOption,
    RootSeedOption,
    SetOption,
    day_from,
    integer_option,
    parse_changes,
    past_asked,
    print_json,
    print_table,
    require,
    say,
    say_caution,
)
from sim.cli.progress import WorkersOption, progress, span, workers_asked

if TYPE_CHECKING:
    from sim.experiment.experiment import Size
    from sim.forecasts.forecast import Answer, Forecast

DRAWS: Final = 1000
"""Of a posterior, unless said otherwise."""
REPLICATIONS: Final = 4
"""Of each draw, unless said otherwise; without a posterior all draws are one."""


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
    past: PastOption = None,
    yardsticks: Annotated[
        bool,
        typer.Option(
            "--yardsticks",
            help="Write the forecasts of simple yardsticks beside FILE too.",
        ),
    ] = False,
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
    from sim.analytic.branching import refuse_runaway
    from sim.engine.cast import Cast
    from sim.engine.choice import choose_driver
    from sim.ensemble.workers import hired
    from sim.experiment.posterior import read_posterior
    from sim.forecasts.file import write_forecast
    from sim.forecasts.model import (
        dated,
        forecast_from,
        refuse_hindsight,
        yardsticks_now,
    )
    from sim.forecasts.origin import free_at
    from sim.record.question import questions_named
    from sim.scenario.history import with_past
    from sim.scenario.load import load_whole
    from sim.scenario.plugins import known_kinds

    began = time.monotonic()
    size = _size(draws, replications, posterior is not None)
    require("--days", days, 1, 3660)
    require("--root-seed", root_seed, 0)
    crew = workers_asked(workers, None)
    asked = questions_named(questions or ())
    day = day_from(origin)
    assert day is not None  # --from is required
    kinds = known_kinds(plugins or (), installed=True)
    scenario = load_whole(file, parse_changes(changes), kinds=kinds)
    window = (day, day + timedelta(days=days))
    free = free_at(with_past(scenario, past_asked(past, None)), *window)
    _refuse_folder(out)
    say_caution(scenario)
    drawn = None if posterior is None else read_posterior(posterior)
    if drawn is None:
        refuse_runaway(free)
    else:
        if warning := drawn.require(scenario):
            say(warning)
        refuse_hindsight(drawn, scenario, day)
    driver, sentence = choose_driver(Cast(free), size.total, engine, free.horizon)
    say(sentence)
    with progress(f"simulating {scenario.name}") as shown, hired(crew) as executor:
        simulated = forecast_from(
            free,
            drawn,
            asked,
            size,
            root_seed,
            engine=driver.name,
            executor=executor,
            progress=shown,
        )
    written = {out: dated(simulated)}
    if yardsticks:
        for other in yardsticks_now(scenario, window, asked, root_seed):
            written[out.with_name(f"{out.stem}-{other.forecaster}{out.suffix}")] = other
    for path, each in written.items():
        write_forecast(path, each)
    if as_json:
        print_json(_as_data(written))
    else:
        _print(scenario.heading, written)
    say(f"done in {span(time.monotonic() - began)}; the forecast is in {out}")


def _size(draws: int | None, replications: int | None, is_posterior: bool) -> Size:
    """Return draws and replications as they are asked for."""
    from sim.errors import StudyError
    from sim.experiment.experiment import Size

    if not is_posterior:
        if draws is not None:
            message = "--draws goes with --posterior: without one there is one draw"
            raise StudyError(message)
        number = DRAWS * REPLICATIONS if replications is None else replications
        require("--replications", number, 2, 10_000_000)
        return Size(1, number)
    number = DRAWS if draws is None else draws
    each = REPLICATIONS if replications is None else replications
    require("--draws", number, 1, 1_000_000)
    require("--replications", each, 1, 100_000)
    return Size(number, each)


def _refuse_folder(out: Path) -> None:
    from sim.errors import StudyError

    if out.is_dir() or not out.parent.is_dir():
        fault = "is a folder" if out.is_dir() else f"{out.parent} is no folder"
        message = f"--out {out}: {fault}; name a file in a folder that is there"
        raise StudyError(message)


def _as_data(written: dict[Path, Forecast]) -> dict[str, Any]:
    from sim.forecasts.forecast import as_data

    return {
        "forecasts": [
            {"file": str(path), "digest": forecast.digest} | as_data(forecast)
            for path, forecast in written.items()
        ]
    }


def _print(title: str, written: dict[Path, Forecast]) -> None:
    from sim.record.question import QUESTIONS

    forecasts = [*written.values()]
    first = forecasts[0]
    print(
        f"{title}\nFrom {first.origin} up to, and without, {first.end} "
        f"({first.days} days), as known on {first.origin}:\n"
    )
    names = [one.forecaster for one in forecasts]
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
