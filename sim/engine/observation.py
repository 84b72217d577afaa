"""What the press reports of each incident, drawn after the fact.

It is keyed by the incident and feeds nothing back, so a change of reporting changes
no incident. Every count exists twice: true, and as reported. `reports_on` reads
records, `reports_in` the rows of a driver; they say the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.draws import Draws, Purpose, uniform_pairs
from sim.engine.log import (
    NOBODY,
    UNREPORTED,
    Origin,
    Record,
    RecordType,
    Report,
)
from sim.ladder import ACTS, Act, Visibility

if TYPE_CHECKING:
    from sim.engine.log import Rows
    from sim.scenario.scenario import Observation


def reports_on(
    draws: Draws, observations: dict[Act, Observation], records: list[Record]
) -> list[Report]:
    """Return one report per record; anything but an incident goes unreported.

    An act that the scenario says nothing about is reported with its author, unless it
    is private: then never. What was put in from the record was reported by definition.
    """
    reports: list[Report] = []
    for record in records:
        if record.record_type != RecordType.INCIDENT:
            reports.append(UNREPORTED)
            continue
        rule = observations.get(Act(record.act))
        if record.origin == Origin.RECORD:
            reports.append(Report(True, record.actor))
            continue
        if rule is None:
            is_private = ACTS[record.act].visibility == Visibility.PRIVATE
            reports.append(UNREPORTED if is_private else Report(True, record.actor))
            continue
        u_reported, u_actor = draws.two(record.identity, Purpose.OBSERVATION)
        if u_reported >= rule.reported:
            reports.append(UNREPORTED)
        else:
            named = record.actor if u_actor < rule.attributed else NOBODY
            reports.append(Report(True, named))
    return reports


_PRIVATE: Final = np.array([row.visibility == Visibility.PRIVATE for row in ACTS])


def reports_in(
    rows: Rows, numbers: Any, root_seed: int, observations: dict[Act, Observation]
) -> tuple[Any, Any]:
    """Return for each row whether it was reported, and whom the report names.

    The twin of `reports_on` for columns.

    Parameters
    ----------
    rows
        Records of one or more replications.
    numbers
        Number of each row's replication.
    root_seed
        The study's.
    observations
        The scenario's, by act.
    """
    told = np.zeros(len(rows), bool)
    named = np.full(len(rows), NOBODY, np.int64)
    at = np.flatnonzero(rows["record_type"] == RecordType.INCIDENT)
    part, numbers = rows[at], np.asarray(numbers, np.uint64)[at]
    act, actor = part["act"], part["actor"]
    reported, attributed = np.zeros(len(ACTS)), np.ones(len(ACTS))
    reported[~_PRIVATE] = 1.0
    for observed, rule in observations.items():
        reported[observed], attributed[observed] = rule.reported, rule.attributed
    u, v = uniform_pairs(
        root_seed, numbers, part["low"], part["high"], Purpose.OBSERVATION
    )
    given = part["origin"] == Origin.RECORD
    told[at] = given | (u < reported[act])
    by_name = told[at] & (given | (v < attributed[act]))
    named[at] = np.where(by_name, actor, NOBODY)
    return told, named
