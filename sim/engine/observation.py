"""What the press reports of each incident, drawn after the fact.

It is keyed by the incident and feeds nothing back, so a change of reporting changes
no incident. Every count exists twice: true, and as reported. An incident is reported by
itself, or because an answer to it is: a claim that is heard of tells of the attack.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.draws import Draws, Purpose
from sim.engine.log import (
    NOBODY,
    UNREPORTED,
    Origin,
    Record,
    RecordType,
    Report,
)
from sim.ladder import ACTS, Act, Visibility
from sim.scenario.scenario import Observation

if TYPE_CHECKING:
    from collections.abc import Mapping


def shares_of(observations: Mapping[Act, Observation]) -> list[Observation]:
    """Return how often each act is reported, and with its author, by act.

    An act that the scenario says nothing about is reported with its author, unless it
    is private: then never.
    """
    usual, never = Observation(1.0, 1.0), Observation(0.0, 1.0)
    return [
        observations.get(
            row.act, never if row.visibility == Visibility.PRIVATE else usual
        )
        for row in ACTS
    ]


def reports_on(
    draws: Draws,
    observations: Mapping[Act, Observation],
    records: list[Record],
    lineage: tuple[tuple[float, int], ...] = (),
) -> list[Report]:
    """Return one report per record; anything but an incident goes unreported.

    What was put in from the record was reported by definition. A report that names who
    did it makes known what that answers, unless the press never hears of such acts; who
    did that only where every report of it says so. From each moment of the lineage on
    another number keys what is drawn.
    """
    shares = shares_of(observations)
    reports: list[Report] = []
    ahead = list(lineage)
    rows: dict[int, int] = {}
    for at, record in enumerate(records):
        rows[record.identity] = at
        while ahead and record.time >= ahead[0][0]:
            draws = Draws(draws.root_seed, ahead.pop(0)[1])
        if record.record_type != RecordType.INCIDENT:
            reports.append(UNREPORTED)
            continue
        share = shares[record.act]
        reported, attributed = share.reported, share.attributed
        if record.origin == Origin.RECORD:
            reported, attributed = 1.0, 1.0
        u_reported, u_actor = 0.0, 0.0
        if 0.0 < reported < 1.0 or attributed < 1.0:
            u_reported, u_actor = draws.two(record.identity, Purpose.OBSERVATION)
        if u_reported >= reported:
            reports.append(UNREPORTED)
        else:
            named = record.actor if u_actor < attributed else NOBODY
            reports.append(Report(True, named))
            row = rows.get(record.cause) if named != NOBODY else None
            while row is not None:
                answered = records[row]
                if answered.record_type == RecordType.STAGE:
                    row = rows.get(answered.cause)
                    continue
                share = shares[answered.act]
                is_news = not reports[row].is_reported and share.reported > 0.0
                if answered.record_type != RecordType.INCIDENT or not is_news:
                    break
                is_named = share.attributed >= 1.0
                reports[row] = Report(True, answered.actor if is_named else NOBODY)
                row = rows.get(answered.cause) if is_named else None
    return reports
