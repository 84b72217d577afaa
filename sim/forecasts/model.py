"""The simulator's forecast: draws of the posterior, simulated on from the record.

K draws times M replications of the scenario with the record put in up to the origin;
what the press reports in the window is counted in each, and the counts are the answers.
Draw k is that of `Posterior.point`, and its replications are kM to (k + 1)M - 1 from
`FIRST` on under the root_seed, so a forecast does not depend on who worked, nor in
which order. One that is made now, to be kept as a file and resolved later, also says
when it was made, and refuses a posterior that knows something later than its date.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.ensemble import provenance
from sim.ensemble.filtered_past import FILTERED_BY_DRAW, pasts_for
from sim.ensemble.point_run import PointTask, run_in_batches
from sim.errors import StudyError
from sim.forecasts.forecast import MODEL, Forecast, answers_of
from sim.forecasts.origin import days_until, free_at
from sim.forecasts.yardstick import yardstick_forecasts
from sim.scenario.history import record_of
from sim.scenario.scenario import FILTERED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor
    from datetime import date

    from sim.experiment.experiment import Size
    from sim.experiment.posterior import Posterior
    from sim.record.question import Question
    from sim.scenario.scenario import Scenario


Floats = np.ndarray[Any, np.dtype[np.float64]]

BATCH: Final = 100
"""Replications that are simulated together."""

FIRST: Final = 2**61
"""Number of the first replication: apart from all attempts of a fit."""

MOST_FAILED: Final = 0.001
"""Share of failed replications above which there is no forecast."""


def forecasts_ahead(  # noqa: PLR0913 - each is a decision of the study
    scenario: Scenario,
    posterior: Posterior | None,
    questions: Sequence[Question],
    size: Size,
    root_seed: int,
    *,
    starts: Sequence[date] = (),
    engine: str = "compiled",
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
    tell: Callable[[str], None] | None = None,
) -> list[Forecast]:
    """Return what the simulator says of one window after the other, from one origin.

    Parameters
    ----------
    scenario
        With the record put in up to the origin, ending where the last window ends
        (`sim.forecasts.origin.free_at`).
    posterior
        Whose draws are simulated; the scenario's own numbers when None.
    questions
        What is asked.
    size
        Draws and replications.
    root_seed
        What all chance hangs on.
    starts
        First days of the windows after the first, which begins on the origin; each ends
        where the next one begins, the last with the scenario.
    engine
        ``simpy`` or ``compiled``; forecasts do not depend on it.
    executor
        Where replications run; this process when None.
    progress
        Called with the replications done and asked.
    tell
        Called with how the past was filtered, where it was.

    Raises
    ------
    StudyError
        If more than one replication in a thousand failed, or a past that is filtered
        once for all is worth too little.
    """
    history = scenario.history
    if history is None:
        message = "a forecast needs the record up to its origin"
        raise ValueError(message)
    outcomes = tuple(dict.fromkeys(question.outcome for question in questions))
    before = tuple(float((day - scenario.start).days) for day in starts)
    pasts = None
    if posterior is None:
        pasts = pasts_for(
            scenario, root_seed, engine=engine, executor=executor, tell=tell
        )
    elif tell is not None and history.past == FILTERED:
        tell(FILTERED_BY_DRAW)
    task = PointTask(scenario, root_seed, scenario.horizon, engine, before, pasts)
    points = [
        point
        for draw in range(size.draws)
        for point in [{} if posterior is None else posterior.point(draw)]
        for _ in range(size.replications)
    ]
    parts: list[Floats] = []
    done = 0
    for part in run_in_batches(
        task, points, outcomes, first=FIRST, batch=BATCH, executor=executor
    ):
        parts.append(part)
        done += len(part)
        if progress is not None:
            progress(done, size.total)
    values = np.concatenate(parts)
    failed = np.isnan(values).all(axis=1)
    if failed.mean() > MOST_FAILED:
        message = (
            f"{int(failed.sum())} of {len(values)} replications failed; above 0.1 % "
            "those that are left no longer stand for all. Narrow the priors, or raise "
            "limits.max_incidents"
        )
        raise StudyError(message)
    # Counts up to each day: what a window holds is the difference of two.
    counts = values[~failed].reshape(-1, len(before) + 1, len(outcomes))
    windows = np.diff(counts, axis=1, prepend=0.0)
    ends = [*starts, _day(scenario, scenario.horizon)]
    return [
        Forecast(
            forecaster=MODEL,
            scenario=scenario.name,
            scenario_digest=scenario.digest,
            origin=_day(scenario, history.since),
            end=end,
            start=None if step == 1 else starts[step - 2],
            step=step,
            answers=answers_of(
                dict(zip(outcomes, windows[:, step - 1].T, strict=True)), questions
            ),
            actors=tuple(actor.name for actor in scenario.actors),
            posterior_digest="" if posterior is None else posterior.digest,
            root_seed=root_seed,
            draws=size.draws if posterior is not None else 0,
            replications=size.replications if posterior is not None else size.total,
        )
        for step, end in enumerate(ends, start=1)
    ]


def _day(scenario: Scenario, days: float) -> date:
    return scenario.start + timedelta(days=days)


def dated(forecast: Forecast) -> Forecast:
    """Return a forecast with when, and with which versions, it was made."""
    return replace(forecast, made=provenance.now(), versions=provenance.versions())


def yardsticks_now(
    scenario: Scenario,
    window: tuple[date, date],
    questions: Sequence[Question],
    root_seed: int,
    start: date | None = None,
    step: int = 1,
) -> list[Forecast]:
    """Return what the yardsticks say of the same window, from the coded record."""
    forecasts = yardstick_forecasts(
        record_of(scenario),
        free_at(scenario, *window),
        window,
        questions,
        root_seed=root_seed,
        start=start,
        step=step,
    )
    return [dated(forecast) for forecast in forecasts]


def refuse_hindsight(posterior: Posterior, scenario: Scenario, origin: date) -> None:
    """Refuse a posterior that was fitted to days after the origin.

    Raises
    ------
    StudyError
        That says what to do instead.
    """
    until = float(posterior.metadata.get("until_days", 0.0))
    if until <= days_until(scenario, origin):
        return
    fitted = scenario.start + timedelta(days=until)
    message = (
        f"the posterior of {posterior.metadata['experiment']} was fitted to the record "
        f"up to {fitted}, which a forecast from {origin} must not know; forecast from "
        f"{fitted} on, or let escalade score refit at each origin"
    )
    raise StudyError(message)
