"""The coded record, measured by the code that measures replications: like with like.

The record's incidents become the log of one replication, as if simulated and all
reported, and go through `sim.outcomes.Measure`, so a fit or a score up to any day
has what was observed then. Three things are settled here, since a record is no
replication:

- a rocket attack outside the press series (``list`` is ``other_rocket``) is none of the
  attacks that the series counts, and is left out;
- an act that the scenario never brings about by itself (its ``exogenous`` acts), or an
  incident that it puts in as a development, is marked as put in: it counts in no
  outcome, as it counts in none of a replication;
- a row that covers a range of days is not known before the range has ended.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.log import LOG, NOBODY, Origin, RecordType, Rows
from sim.outcomes import Measure
from sim.rules.behaviour import Effect
from sim.scenario.event_table import OTHER_ROCKET, RANGE
from sim.scenario.history import read_record, record_of

if TYPE_CHECKING:
    from datetime import date

    from sim.scenario.scenario import Recorded, Scenario


def record_outcomes(
    scenario: Scenario, until: float, since: float = 0.0
) -> dict[str, float]:
    """Return every reported outcome of the record within a window.

    Parameters
    ----------
    scenario
        It names the record.
    until
        Day on which the window ends, days since the scenario's start; what comes then
        or later is not used.
    since
        Day on which it begins. Times count from it.

    Returns
    -------
    dict of str to float
        By the outcome's name, without those of what happened unreported; nan where it
        is not defined.

    Raises
    ------
    ScenarioError
        If the scenario names no record, or the record is malformed.

    Notes
    -----
    A blank number of rounds, dead or wounded is taken as none. A moment within a day is
    the record's order, not its hour, so delays are right to about a day.
    """
    outcomes = Measure(scenario, until, since).of(record_rows(scenario, until))
    return {
        name: value for name, value in outcomes.items() if not name.endswith("_true")
    }


def record_rows(scenario: Scenario, until: float) -> Rows:
    """Return the record's incidents before a day, as rows of a replication's log."""
    outside = {
        event.id for event in record_of(scenario).events if event.list == OTHER_ROCKET
    } | unfinished(scenario, scenario.start + timedelta(days=until))
    chosen = [
        row
        for row in read_record(scenario)
        if row.time < until and row.identity not in outside
    ]
    put_in = {(given.act, int(given.time)) for given in scenario.given}
    actors = [actor.name for actor in scenario.actors]
    sites = [site.name for site in scenario.sites]
    records = np.zeros(len(chosen), LOG)
    for number, (row, record) in enumerate(zip(chosen, records, strict=True), 1):
        is_given = row.act in scenario.exogenous or _day(row) in put_in
        record["time"], record["record_type"] = row.time, RecordType.INCIDENT
        record["low"] = record["effect"] = number  # the press tells no cause
        record["act"] = row.act
        record["actor"] = record["reported_actor"] = _place(actors, row.actor)
        record["target"] = _place(actors, row.target)
        record["site"] = _place(sites, row.site)
        record["operation"] = record["stage"] = NOBODY
        record["origin"] = Origin.DEVELOPMENT if is_given else Origin.SIMULATED
        record["is_reported"] = True
    return Rows(records, np.array([Effect(), *(row.effect for row in chosen)]))


def unfinished(scenario: Scenario, day: date) -> frozenset[str]:
    """Return the ids of the rows whose range of days has not ended before a day.

    Such a row sums up what nobody could know yet: how long it would go on, or that the
    incident lay in it.
    """
    return frozenset(
        event.id
        for event in record_of(scenario).events
        if event.precision == RANGE and event.last_day >= day
    )


def _day(row: Recorded) -> tuple[Any, int]:
    return row.act, int(row.time)


def _place(names: list[str], name: str) -> int:
    return names.index(name) if name in names else NOBODY
