"""The measuring of replications: the incidents of a whole part are taken as columns.

A part's rows are what a driver writes (`sim.engine.log.LOG`); one log is a
part of one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.driver import rows_of
from sim.engine.log import IncidentLog, Origin, RecordType
from sim.ladder import ACTS, RUNGS, Act, Visibility
from sim.outcomes.answers import (
    STRIKES,
    misattributed,
    raid_answers,
    strike_answers,
)
from sim.outcomes.before_after import attack_changes
from sim.outcomes.harm import harm_done, salvoes, sites_hit
from sim.outcomes.incidents import Floats, Incidents, ratio
from sim.outcomes.rhythm import rhythm
from sim.outcomes.rungs import both_struck, days_at_rungs, exchanges, peak_rung
from sim.outcomes.standing import pushback, standing
from sim.outcomes.table import COUNTED, PUSHBACK_DAYS, TRUE, time_names

if TYPE_CHECKING:
    from sim.engine.log import Rows
    from sim.scenario.scenario import Scenario

_PRIVATE = np.array([row.visibility == Visibility.PRIVATE for row in ACTS])
_PRIVATE_COUNTS = tuple(name for act, name in COUNTED.items() if _PRIVATE[act])
_WEIGHTS = {
    "goldstein_cameo_per_week": np.array([row.goldstein_cameo for row in ACTS]),
    "goldstein_weis_per_week": np.array([row.goldstein_weis for row in ACTS]),
}


def outcomes_of(log: IncidentLog, scenario: Scenario) -> dict[str, float]:
    """Return every outcome of one replication.

    Parameters
    ----------
    log
        The log of the replication.
    scenario
        The scenario that it was run from: windows of rungs and war, sites.

    Returns
    -------
    dict of str to float
        One value for each name in ``outcomes_for(scenario)``; nan where the outcome is
        not defined in this replication.
    """
    rows = rows_of(log)
    told = np.array([report.is_reported for report in log.reports], bool)
    named = np.array([report.actor for report in log.reports], np.int64)
    place = np.zeros(len(rows), np.int64)
    found = outcomes_in(rows, place, 1, (told, named), log.since, log.horizon, scenario)
    return {name: float(values[0]) for name, values in found.items()}


def outcomes_in(
    rows: Rows,
    place: Any,
    n: int,
    reports: tuple[Any, Any],
    since: float,
    until: float,
    scenario: Scenario,
) -> dict[str, Floats]:
    """Return every outcome of the replications of a part.

    Parameters
    ----------
    rows
        Records of the replications, one after another, each in order of time.
    place
        Replication of each row, 0 to n - 1.
    n
        How many replications there are.
    reports
        Whether each row was reported, and whom the report names.
    since
        Day from which everything is simulated; times count from it.
    until
        Day on which the replications end.
    scenario
        The scenario that they were run from.

    Returns
    -------
    dict of str to array
        One array of shape (n,) for each name in ``outcomes_for(scenario)``; nan where
        the outcome is not defined in a replication.
    """
    told, named = reports
    is_incident = rows["record_type"] == RecordType.INCIDENT
    counts = is_incident & (rows["origin"] == Origin.SIMULATED)
    counts &= rows["time"] >= since
    happened = _columns(rows, place, n, counts, since, until)
    is_told = told[counts] & ~_PRIVATE[happened.act]
    reported = happened._replace(actor=named[counts]).where(is_told)
    values = _measured(reported, scenario)
    for name in _PRIVATE_COUNTS:
        del values[name]
    for name, value in _measured(happened, scenario).items():
        values[name + TRUE] = value
    obeyed = happened.of(Act.COMPLIANCE).counted()
    ignored = happened.of(Act.DISOBEDIENCE).counted()
    values["share_orders_obeyed" + TRUE] = ratio(obeyed, obeyed + ignored)
    every = _columns(rows, place, n, is_incident, 0.0, until)
    for name, value in standing(every, until, scenario).items():
        values[name + TRUE] = value
    strike = np.isin(rows["act"], STRIKES)
    strikes = np.flatnonzero(counts & strike)
    share = misattributed(rows, np.asarray(place), strikes, n, scenario)
    values["share_strikes_misattributed" + TRUE] = share
    return values


def _columns(
    rows: Rows, place: Any, n: int, kept: Any, since: float, until: float
) -> Incidents:
    """Return some rows as incidents, their times counted from `since`."""
    at = np.flatnonzero(kept)
    return Incidents(
        n,
        until - since,
        np.asarray(place, np.int64)[at],
        rows["time"][at] - since,
        rows["act"][at].astype(np.int64),
        rows["actor"][at].astype(np.int64),
        rows["target"][at].astype(np.int64),
        rows["site"][at].astype(np.int64),
        np.arange(len(at)),
        np.ascontiguousarray(rows["effect"][at].T),
    )


def _measured(incidents: Incidents, scenario: Scenario) -> dict[str, Floats]:
    """Measure what happened, or what was reported of it."""
    n, horizon = incidents.n, incidents.horizon
    by_act = np.bincount(
        incidents.place * len(ACTS) + incidents.act, minlength=n * len(ACTS)
    )
    by_act = by_act.reshape(n, len(ACTS)).astype(float)
    values: dict[str, Floats] = {name: by_act[:, a] for a, name in COUNTED.items()}
    values["n_strikes"] = by_act[:, list(STRIKES)].sum(axis=1)
    for name, act in (("arrested", Act.ARREST), ("released", Act.RELEASE)):
        part = incidents.of(act)
        values[f"n_persons_{name}"] = part.total(part.amount("persons"))
    n_attacks, n_thwarted = by_act[:, Act.ROCKET_ATTACK], by_act[:, Act.THWARTED_ATTACK]
    values["share_thwarted"] = ratio(n_thwarted, n_attacks + n_thwarted)
    attacks = incidents.of(Act.ROCKET_ATTACK)
    values |= harm_done(incidents)
    own = sites_hit(attacks, [site.name for site in scenario.sites])
    values |= {name: value for name, value in own.items() if name not in values}
    values |= rhythm(attacks) | salvoes(attacks)
    values |= strike_answers(incidents, scenario) | attack_changes(incidents)
    values |= raid_answers(incidents, len(scenario.actors))
    for name, weights in _WEIGHTS.items():
        values[name] = incidents.total(weights[incidents.act]) / horizon * 7.0
    values["peak_rung"] = peak_rung(incidents)
    days = days_at_rungs(incidents, scenario.rung_window)
    for rung in RUNGS:
        values[f"days_at_rung_{rung}"] = days[rung]
    return values | _times(incidents, attacks, scenario)


def _times(
    incidents: Incidents, attacks: Incidents, scenario: Scenario
) -> dict[str, Floats]:
    """Return when some things first happened, and whether they did."""
    pushed = pushback(incidents, scenario)
    firsts = {
        "first_pushback": pushed.first(),
        "first_attack": attacks.first(),
        "first_strike": incidents.of(*STRIKES).first(),
        "first_coalition_death": incidents.where(
            incidents.amount("killed_foreign") > 0.0
        ).first(),
        "first_raid": incidents.of(Act.RAID).first(),
        "first_direct_strike": incidents.of(Act.DIRECT_STRIKE).first(),
        "both_struck": both_struck(incidents),
        "direct_exchange": exchanges(
            incidents, scenario.exchange_window, scenario.exchange_strikes
        ),
    }
    values: dict[str, Floats] = {}
    for stem, (times, happened) in firsts.items():
        name, companion = time_names(stem)
        values[name], values[companion] = times, happened
    time, happened = firsts["first_pushback"]
    for days in PUSHBACK_DAYS:
        within = (happened == 1.0) & (time <= days)
        values[f"pushback_within_{days}_days"] = within.astype(float)
    return values
