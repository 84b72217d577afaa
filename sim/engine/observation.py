"""What the press reports of each incident, drawn after the fact.

It is keyed by the incident and feeds nothing back, so a change of reporting changes
no incident. Every count exists twice: true, and as reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.draws import Draws, Purpose
from sim.engine.log import NOBODY, UNREPORTED, Origin, Record, RecordType, Report
from sim.ladder import ACTS, Act, Visibility

if TYPE_CHECKING:
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
