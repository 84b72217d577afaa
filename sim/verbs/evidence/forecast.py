"""``forecast``: what a window of days will bring, said now."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.errors import StudyError
from sim.scenario.scenario import Scenario
from sim.verbs.answer import Answer
from sim.verbs.arguments import (
    MOST_REPLICATIONS,
    caution,
    day_from,
    kinds_of,
    particles_asked,
    past_asked,
    require,
    say_caution,
    scenario_of,
    several,
    workers_asked,
)
from sim.verbs.watch import Watch, watch_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from sim.experiment.experiment import Size
    from sim.forecasts.forecast import Answer as Said
    from sim.forecasts.forecast import Forecast

DRAWS: Final = 1000
"""Of a posterior, unless said otherwise."""
REPLICATIONS: Final = 4
"""Of each draw, unless said otherwise; without a posterior all draws are one."""


@dataclass(frozen=True, eq=False, repr=False)
class ForecastAnswer(Answer):
    """What a window of days is forecast to bring; yardsticks beside, if asked for."""

    scenario: Scenario
    forecasts: Sequence[Forecast]
    """The simulator's first."""
    paths: Sequence[Path] = ()
    """Their files, where they were written."""

    def headline(self) -> str:
        """Return scenario and window."""
        first = self.forecasts[0]
        return (
            f"{self.scenario.name} from {first.origin} up to, and without, {first.end} "
            f"({first.days} days), as known on {first.origin}"
        )

    def table(self) -> pd.DataFrame:
        """Return one row a question and forecaster.

        `mean` is a probability, 0 to 1, of an event, and a count's mean; `low` and
        `high` are the 5 % and 95 % quantiles of a count, nan of an event.
        """
        import pandas as pd

        from sim.record.question import QUESTIONS

        rows = [
            {
                "question": name,
                "wording": QUESTIONS[name].wording,
                "forecaster": one.forecaster,
                **_numbers(said),
            }
            for name in self.forecasts[0].answers
            for one in self.forecasts
            for said in (one.answers[name],)
        ]
        return pd.DataFrame(rows)

    def notes(self) -> list[str]:
        """Return the caution of an unchecked scenario."""
        return [text for text in (caution(self.scenario),) if text]

    def data(self) -> dict[str, Any]:
        """Return what the command prints with ``--json``."""
        from sim.forecasts.forecast import as_data

        files = [str(path) for path in self.paths] or [None] * len(self.forecasts)
        return {
            "forecasts": [
                {"file": file, "digest": one.digest} | as_data(one)
                for file, one in zip(files, self.forecasts, strict=True)
            ]
        }

    def write(self, out: Path) -> ForecastAnswer:
        """Write each forecast as a file, the yardsticks' beside the first."""
        from sim.forecasts.file import write_forecast
        from sim.forecasts.forecast import MODEL

        paths: list[Path] = []
        for one in self.forecasts:
            step = "" if one.step == 1 else f"-step{one.step}"
            who = "" if one.forecaster == MODEL else f"-{one.forecaster}"
            paths.append(out.with_name(f"{out.stem}{who}{step}{out.suffix}"))
        for path, one in zip(paths, self.forecasts, strict=True):
            write_forecast(path, one)
        return ForecastAnswer(self.scenario, self.forecasts, paths)


def _numbers(said: Said) -> dict[str, float]:
    from sim.statistics.count_distribution import CountDistribution

    if not isinstance(said, CountDistribution):
        return {"mean": said, "low": float("nan"), "high": float("nan")}
    low, high = said.quantile(0.05), said.quantile(0.95)
    return {"mean": said.mean, "low": low, "high": high}


def forecast(
    scenario: str | os.PathLike[str] | Scenario,
    *,
    free_from: str | date,
    days: int,
    out: str | os.PathLike[str] | None = None,
    posterior: str | os.PathLike[str] | None = None,
    draws: int | None = None,
    replications: int | None = None,
    question: str | Sequence[str] | None = None,
    yardsticks: bool = False,
    past: str | None = None,
    particles: int | None = None,
    steps: int = 1,
    root_seed: int = 1,
    changes: Mapping[str, Any] | None = None,
    workers: int | None = 1,
    engine: str = "auto",
    plugin: str | Sequence[str] | None = None,
    watch: bool | Watch = True,
) -> ForecastAnswer:
    """Forecast what the press will report in a window of days.

    Parameters
    ----------
    scenario
        A scenario file, the id of a shipped one, or what `sim.load` loaded without
        anything of its record put in.
    free_from
        First day of the window (``--from``). The record is put in up to it; nothing
        later is known.
    days
        Length of the window, 1 to 3660 days.
    out
        The forecast's file, JSON; None writes none.
    posterior
        As in `sim.run`; the scenario's own numbers when None.
    draws
        Of the posterior, 1 or more: 1000 when None.
    replications
        Of each draw, 4 when None; without a posterior in all, 4000 when None.
    question
        Id or ids of what is asked (docs/forecasts.md); five when None.
    yardsticks
        Whether simple yardsticks forecast too.
    past
        As in `sim.run`.
    particles
        As in `sim.run`, without a posterior; the past under each draw of one is
        filtered among 50.
    steps
        Windows of that length, one after the other, that are forecast from the same
        day, 1 to 120.
    root_seed, changes, workers, engine, plugin, watch
        As in `sim.run`.

    Returns
    -------
    ForecastAnswer
        `table` has one row a question and forecaster: probabilities, 0 to 1, or counts.

    Raises
    ------
    ScenarioError
        With every fault of the file, or of the changes.
    StudyError
        If the window is outside the scenario, or a posterior knows what came later.

    Examples
    --------
    >>> import sim
    >>> said = sim.forecast(
    ...     "iraq_2019_2020", free_from="2020-03-01", days=14, replications=20
    ... )
    >>> said
    <Forecast: iraq_2019_2020 from 2020-03-01 up to, and without, 2020-03-15 ...>
    >>> said.table()["mean"].between(0.0, 100.0).all().item()
    True
    """
    from sim.analytic.branching import refuse_runaway
    from sim.engine.cast import Cast
    from sim.ensemble.compiling import settled_engine
    from sim.ensemble.filtered_past import OF_A_DRAW
    from sim.ensemble.workers import hired
    from sim.experiment.posterior import read_posterior
    from sim.forecasts.model import (
        dated,
        forecasts_ahead,
        refuse_hindsight,
        yardsticks_now,
    )
    from sim.forecasts.origin import free_at, require_origin
    from sim.record.question import questions_named
    from sim.scenario.history import with_past

    watch = watch_of(watch)
    size = _size(draws, replications, posterior is not None)
    require("--days", days, 1, 3660)
    require("--root-seed", root_seed, 0)
    crew = workers_asked(workers, None)
    asked = questions_named(several(question))
    day = day_from(free_from)
    assert day is not None  # --from is required
    whole = _whole(scenario, changes, plugin)
    require("--steps", steps, 1, 120)
    past_asked(past)
    whole = with_past(whole, past, particles)
    particles_asked(particles, whole.past)
    if particles is not None and posterior is not None:
        message = (
            "--particles goes without --posterior: the past under each of its draws is "
            f"filtered among {OF_A_DRAW}"
        )
        raise StudyError(message)
    require_origin(whole, day)
    starts = [day + timedelta(days=days * step) for step in range(1, steps)]
    free = free_at(whole, day, day + timedelta(days=days * steps))
    if out is not None:
        _refuse_folder(Path(out))
    say_caution(whole, watch)
    drawn = None if posterior is None else read_posterior(Path(posterior))
    if drawn is None:
        refuse_runaway(free)
    else:
        for warning in (drawn.require(whole), drawn.left_out(free)):
            if warning:
                watch.say(warning)
        refuse_hindsight(drawn, whole, day)
    name = settled_engine(Cast(free), size.total, engine, free.horizon, crew, watch.say)
    with (
        watch.stage(f"simulating {whole.name}", crew) as progress,
        hired(crew) as executor,
    ):
        simulated = forecasts_ahead(
            free,
            drawn,
            asked,
            size,
            root_seed,
            starts=starts,
            engine=name,
            executor=executor,
            progress=progress,
            tell=watch.say,
        )
    said: list[Forecast] = []
    for one in simulated:
        said.append(dated(one))
        if yardsticks:
            said += yardsticks_now(
                whole, (day, one.end), asked, root_seed, one.start, one.step
            )
    answer = ForecastAnswer(whole, said)
    return answer if out is None else answer.write(Path(out))


def _whole(
    scenario: str | os.PathLike[str] | Scenario,
    changes: Mapping[str, Any] | None,
    plugin: str | Sequence[str] | None,
) -> Scenario:
    """Return the scenario with nothing of its record put in."""
    from sim.scenario.load import load_whole

    if not isinstance(scenario, Scenario):
        return load_whole(os.fspath(scenario), changes, kinds=kinds_of(plugin))
    whole = scenario_of(scenario, changes, plugin=plugin)
    if whole.history is not None:
        message = (
            f"{whole.name} has its record put in up to {whole.free_from} already: give "
            "its file or id, or load it without --from"
        )
        raise StudyError(message)
    return whole


def _size(draws: int | None, replications: int | None, is_posterior: bool) -> Size:
    """Return draws and replications as they are asked for."""
    from sim.experiment.experiment import Size

    if not is_posterior:
        if draws is not None:
            message = "--draws goes with --posterior: without one there is one draw"
            raise StudyError(message)
        number = DRAWS * REPLICATIONS if replications is None else replications
        require("--replications", number, 2, MOST_REPLICATIONS)
        return Size(1, number)
    number = DRAWS if draws is None else draws
    each = REPLICATIONS if replications is None else replications
    require("--draws", number, 1, 1_000_000)
    require("--replications", each, 1, 100_000)
    return Size(number, each)


def _refuse_folder(out: Path) -> None:
    if out.is_dir() or not out.parent.is_dir():
        fault = "is a folder" if out.is_dir() else f"{out.parent} is no folder"
        message = f"--out {out}: {fault}; name a file in a folder that is there"
        raise StudyError(message)
