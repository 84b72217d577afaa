"""Forecasts that are made now, to be kept as files and resolved later.

The simulator's is made by `sim.forecasts.model`; here is what its date asks for:
that its posterior knows nothing later, that it says when it was made, and what the
yardsticks say of the same window.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sim.ensemble import provenance
from sim.errors import StudyError
from sim.forecasts.origin import days_until, free_at
from sim.forecasts.planned_origin import record_events
from sim.forecasts.yardstick import yardstick_forecasts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sim.experiment.posterior import Posterior
    from sim.forecasts.forecast import Forecast
    from sim.record.question import Question
    from sim.scenario.scenario import Scenario


def dated(forecast: Forecast) -> Forecast:
    """Return a forecast with when, and with which versions, it was made."""
    return replace(forecast, made=provenance.now(), versions=provenance.versions())


def yardsticks_now(
    scenario: Scenario,
    window: tuple[date, date],
    questions: Sequence[Question],
    root_seed: int,
) -> list[Forecast]:
    """Return what the yardsticks say of the same window, from the coded record."""
    forecasts = yardstick_forecasts(
        record_events(scenario),
        free_at(scenario, *window),
        window,
        questions,
        root_seed=root_seed,
    )
    return [dated(forecast) for forecast in forecasts]


def refuse_hindsight(posterior: Posterior, scenario: Scenario, origin: date) -> None:
    """Refuse a posterior that was fitted to days after the origin.

    Raises
    ------
    StudyError
        That says what to do instead.
    """
    until = float(posterior.made.get("until_days", 0.0))
    if until <= days_until(scenario, origin):
        return
    fitted = scenario.start + timedelta(days=until)
    message = (
        f"the posterior of {posterior.made['experiment']} was fitted to the record up "
        f"to {fitted}, which a forecast from {origin} must not know; forecast from "
        f"{fitted} on, or let escalade score refit at each origin"
    )
    raise StudyError(message)
