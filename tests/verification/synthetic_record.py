"""Records made by the model itself, so that the truth behind them is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.log import RecordType
from sim.ladder import ACTS, Act, Visibility
from sim.scenario.scenario import Recorded

if TYPE_CHECKING:
    from sim.engine.log import IncidentLog


def record_of(log: IncidentLog, unknown: tuple[Act, ...] = ()) -> list[Recorded]:
    """Return what was reported of a log, as rows of a record.

    The actors of `unknown` acts are established by nobody.
    """
    names = {record.identity: f"row-{n}" for n, record in enumerate(log.records)}
    rows: list[Recorded] = []
    told: set[str] = set()
    for record, report in zip(log.records, log.reports, strict=True):
        act = Act(record.act)
        is_incident = record.record_type == RecordType.INCIDENT
        is_private = ACTS[act].visibility == Visibility.PRIVATE
        if not is_incident or not report.is_reported or is_private:
            continue
        name, cause = names[record.identity], names.get(record.cause, "")
        is_known = record.actor >= 0 and act not in unknown
        rows.append(
            Recorded(
                name,
                record.time,
                act,
                log.actors[record.actor] if is_known else "",
                log.actors[record.target] if record.target >= 0 else "",
                False,
                log.sites[record.site] if record.site >= 0 else "",
                record.effect,
                cause if cause in told else "",
            )
        )
        told.add(name)
    return rows


def counts_of(log: IncidentLog, act: Act, days: int) -> np.ndarray[Any, Any]:
    """Return how often an act was reported on each day."""
    found = np.zeros(days, np.int64)
    for record, report in zip(log.records, log.reports, strict=True):
        if record.record_type == RecordType.INCIDENT and record.act == act:
            found[int(record.time)] += report.is_reported
    return found
