"""The origins of an experiment: what is refitted on each day, and forecast from it.

All is as it was known on the day (`sim.forecasts.origin`): the scenario that is refitted,
the record's values that it is fitted to, and the scenario that runs on from the record.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from json import dumps
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.calibration.calibrate import study_digest
from sim.errors import StudyError
from sim.experiment.experiment import CalibrationPlan
from sim.forecasts.origin import days_until, free_at, known_at, last_day
from sim.record.event_table import read_event_table
from sim.record.summary import targets_at
from sim.scenario.history import record_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sim.experiment.experiment import Experiment, ScorePlan
    from sim.record.event_table import EventTable
    from sim.record.targets import Target
    from sim.scenario.scenario import Scenario


class PlannedOrigin(NamedTuple):
    """One origin: what is fitted, and what is forecast from it."""

    day: date
    """First day of the window; only what was known before it is used."""
    end: date
    """First day after the window."""
    refit: Experiment
    """The calibration, of the scenario as known on the day."""
    targets: tuple[Target, ...]
    """With what the record had by then."""
    scenario: Scenario
    """With the record put in up to the day, free up to the end."""


def scoring_of(experiment: Experiment) -> ScorePlan:
    """Return how an experiment is scored.

    Raises
    ------
    StudyError
        If its file does not say so.
    """
    if experiment.scoring is None:
        message = (
            f"{experiment.path} has no section 'score': escalade score forecasts from "
            "the origins that it names; escalade sweep runs a design"
        )
        raise StudyError(message)
    return experiment.scoring


def planned_origins(experiment: Experiment) -> tuple[PlannedOrigin, ...]:
    """Return the origins of an experiment, as known on their days.

    Raises
    ------
    StudyError
        If it names none, or its scenario is not that of the recorded period.
    """
    plan, scenario = scoring_of(experiment), experiment.scenario
    if scenario.history is not None:
        message = (
            f"{scenario.name} has its record put in already; score the scenario of the "
            "recorded period itself"
        )
        raise StudyError(message)
    base = plan.calibration or experiment
    names = () if base.calibration is None else base.calibration.targets
    found: list[PlannedOrigin] = []
    for day, end in plan.windows:
        until = days_until(scenario, day)
        refit = replace(
            base,
            name=f"{experiment.name}-{day}",
            scenario=known_at(scenario, day),
            root_seed=experiment.root_seed,
            until=until,
            calibration=CalibrationPlan(plan.options, names),
        )
        targets = targets_at(scenario, until, names)
        free = free_at(scenario, day, end)
        found.append(PlannedOrigin(day, end, refit, targets, free))
    return tuple(found)


def rolling_digest(experiment: Experiment, origins: Sequence[PlannedOrigin]) -> str:
    """Return what the study is known by: refits, scenarios, sizes and questions."""
    plan = scoring_of(experiment)
    what: dict[str, Any] = {
        "refits": [study_digest(o.refit, o.targets) for o in origins],
        "scenarios": [o.scenario.digest for o in origins],
        "windows": [[o.day.isoformat(), o.end.isoformat()] for o in origins],
        "size": [plan.size.draws, plan.size.replications],
        "questions": list(plan.questions),
        "root_seed": experiment.root_seed,
    }
    return sha256(dumps(what, sort_keys=True).encode()).hexdigest()


def record_events(scenario: Scenario) -> EventTable:
    """Return a scenario's record as a table of events, coded for its whole period."""
    file, _ = record_table(scenario)
    return read_event_table(file, [(scenario.start, last_day(scenario))])
