"""Reading rows: what the press made of them, and the log that they stand for.

Rows are the numbers that a driver writes (`sim.engine.log.LOG`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.draws import Purpose, uniform_pairs
from sim.engine.log import (
    NOBODY,
    UNREPORTED,
    IncidentLog,
    Origin,
    Record,
    RecordType,
    Report,
)
from sim.ladder import ACTS, Act, Visibility
from sim.rules.behaviour import Effect

if TYPE_CHECKING:
    from sim.engine.cast import Cast
    from sim.engine.driver import Rows
    from sim.scenario.scenario import Observation

_NOTHING: Final = Effect()
_ACTS: Final = tuple(Act)
_TYPES: Final = tuple(RecordType)
_ORIGINS: Final = tuple(Origin)
_PRIVATE: Final = np.array([row.visibility == Visibility.PRIVATE for row in ACTS])


def reports_in(
    rows: Rows, numbers: Any, root_seed: int, observations: dict[Act, Observation]
) -> tuple[Any, Any]:
    """Return for each row whether it was reported, and whom the report names.

    The twin of `sim.engine.observation.reports_on` for columns.

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


def log_in(
    cast: Cast,
    rows: Rows,
    reports: tuple[Any, Any],
    root_seed: int,
    number: int,
    until: float,
    *,
    perceptions: bool = True,
) -> IncidentLog:
    """Return the log that rows stand for, without perceptions where none are asked."""
    told, named = reports
    if not perceptions:
        kept = rows["record_type"] != RecordType.PERCEPTION
        rows, told, named = rows[kept], told[kept], named[kept]
    return IncidentLog(
        replication=number,
        root_seed=root_seed,
        horizon=until,
        since=cast.since,
        actors=cast.names,
        sites=cast.sites,
        operations=tuple(operation.name for operation in cast.operations),
        stages=tuple(
            tuple(stage.name for stage in operation.stages)
            for operation in cast.operations
        ),
        records=tuple(_records(rows)),
        reports=tuple(
            Report(True, actor) if is_told else UNREPORTED
            for is_told, actor in zip(told.tolist(), named.tolist(), strict=True)
        ),
    )


def _records(rows: Rows) -> list[Record]:
    """Return rows as records, each number in its own type."""
    effects = rows["effect"]
    found = [_NOTHING] * len(rows)
    for place in np.flatnonzero(effects.any(axis=1)).tolist():
        found[place] = Effect(*effects[place].tolist())
    columns = [
        found if name == "effect" else rows[name].tolist()
        for name in rows.dtype.names or ()
    ]
    return [
        Record(
            time,
            _TYPES[kind],
            high << 64 | low,
            cause_high << 64 | cause_low,
            actor,
            _ACTS[act],
            target,
            site,
            operation,
            stage,
            effect,
            confidence,
            _ORIGINS[origin],
        )
        for (
            time, kind, low, high, cause_low, cause_high, actor, act, target, site,
            operation, stage, effect, confidence, origin,
        ) in zip(*columns, strict=True)
    ]  # fmt: skip
