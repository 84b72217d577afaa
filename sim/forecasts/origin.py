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
from typing import TYPE_CHECKING, Final

from sim.errors import Fault, ScenarioError
from sim.ladder import ACTS, Visibility
from sim.record.summary import unfinished
from sim.scenario.history import known_by, with_history

if TYPE_CHECKING:
    from datetime import date

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

    It is the day from which the scenario's file says that it runs free, or the end of
    its period: what came later is not coded, and must not pass for nothing.
    """
    return scenario.free_from or scenario.start + timedelta(days=scenario.horizon)


def known_at(scenario: Scenario, day: date) -> Scenario:
    """Return the scenario of a fit that knows nothing after a day.

    Raises
    ------
    ScenarioError
        If the day lies outside the scenario.
    """
    _require(scenario, day)
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
    _require(scenario, day)
    since, until = days_until(scenario, day), days_until(scenario, end)
    return with_history(
        replace(scenario, horizon=max(until, since + 1.0)),
        day,
        acts=SEEN,
        unknown=unfinished(scenario, day),
    )


def _require(scenario: Scenario, day: date) -> None:
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
