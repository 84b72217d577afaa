"""An origin: the day on which a forecast is made, and the scenario as known on it.

Nothing later may be in either of the two scenarios of an origin:

- the one that is **refitted** is simulated freely from its start up to the day, with
  the developments that had come by then;
- the one that is **forecast** has the record put in up to the day, runs free from then
  on to the end of the window, and has of later developments those that could be known.

In both, a development that nobody could know of (`known_from`) is left out, so is a
row of the record whose range of days has not ended, and which acts come from the record
before the day depends on no row: they are all that the press can see.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.calibration.calibrate import study_digest
from sim.digest import content_digest
from sim.errors import Fault, ScenarioError, StudyError
from sim.experiment.experiment import CalibrationPlan
from sim.ladder import ACTS, Visibility
from sim.record.summary import unfinished
from sim.record.targets import targets_at
from sim.scenario.history import known_by, record_of, with_history

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sim.experiment.experiment import Experiment, ScorePlan
    from sim.record.targets import Target
    from sim.scenario.scenario import Scenario


SEEN: Final = tuple(
    sorted(int(row.act) for row in ACTS if row.visibility != Visibility.PRIVATE)
)
"""Acts that the press can see: before an origin they come from the record alone."""


def days_until(scenario: Scenario, day: date) -> float:
    """Return the days from the scenario's start to a day, 00:00."""
    return float((day - scenario.start).days)


def last_day(scenario: Scenario) -> date:
    """Return the last day on which a forecast may be made from the coded record.

    What came later is not coded, and must not pass for nothing.
    """
    end = scenario.start + timedelta(days=scenario.horizon)
    return record_of(scenario).first_gap(scenario.start, end) or end


def known_at(scenario: Scenario, day: date) -> Scenario:
    """Return the scenario of a fit that knows nothing after a day.

    Raises
    ------
    ScenarioError
        If the day lies outside the scenario.
    """
    require_origin(scenario, day)
    return known_by(scenario, days_until(scenario, day))


def free_at(scenario: Scenario, day: date, end: date) -> Scenario:
    """Return the scenario of a forecast: the record up to a day, free up to the end.

    Parameters
    ----------
    scenario
        As its file has it, nothing put in.
    day
        The origin: first day of the window.
    end
        First day after the window.

    Raises
    ------
    ScenarioError
        If the scenario has no record, or the record does not reach up to the day.
    """
    require_origin(scenario, day)
    since, until = days_until(scenario, day), days_until(scenario, end)
    return with_history(
        replace(scenario, horizon=max(until, since + 1.0)),
        day,
        acts=SEEN,
        unknown=unfinished(scenario, day),
    )


def require_origin(scenario: Scenario, day: date) -> None:
    """Refuse a day from which no forecast may be made.

    Raises
    ------
    ScenarioError
        If it lies outside the period, or the record does not reach up to it.
    """
    last = last_day(scenario)
    if scenario.start <= day <= last:
        return
    message = (
        f"{day} is no origin of {scenario.name}: its period begins on "
        f"{scenario.start}, and its record is coded up to {last}, which is the last "
        "origin"
    )
    where = scenario.path or scenario.name
    raise ScenarioError(where, [Fault(0, 0, "origin", message)])


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
    """With the record put in up to the day, free up to the end of what is forecast."""


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
    origins: list[PlannedOrigin] = []
    for day, end in plan.windows:
        until = days_until(scenario, day)
        known = known_at(scenario, day)
        refit = replace(
            base,
            name=f"{experiment.name}-{day}",
            scenario=known,
            factors=tuple(f for f in base.factors if _is_known(known, f.paths)),
            root_seed=experiment.root_seed,
            until=until,
            calibration=CalibrationPlan(plan.options, names),
        )
        targets = targets_at(scenario, until, names)
        free = free_at(scenario, day, plan.ahead(day)[-1][1])
        origins.append(PlannedOrigin(day, end, refit, targets, free))
    return tuple(origins)


def _is_known(scenario: Scenario, paths: Sequence[str]) -> bool:
    """Whether a factor sets anything on the day.

    What a development sets is no number of the scenario before the development is
    known; a factor of that alone waits for it.
    """
    there = {change.identity for change in scenario.changes}
    places = [path.split(".") for path in paths]
    return all(place[0] != "developments" or place[1] in there for place in places)


def rolling_digest(experiment: Experiment, origins: Sequence[PlannedOrigin]) -> str:
    """Return what the study is known by: refits, scenarios, sizes and questions."""
    plan = scoring_of(experiment)
    content: dict[str, Any] = {
        "refits": [study_digest(o.refit, o.targets) for o in origins],
        "scenarios": [o.scenario.digest for o in origins],
        "windows": [[o.day.isoformat(), o.end.isoformat()] for o in origins],
        "size": [plan.size.draws, plan.size.replications],
        "questions": list(plan.questions),
        "root_seed": experiment.root_seed,
    }
    return content_digest(content)
