"""Reading rows: what the press made of them, and the log that they stand for.

Rows are the numbers that a driver writes (`sim.engine.log.LOG`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.draws import Purpose, uniform_pairs
from sim.engine.log import (
    NOBODY,
    Origin,
    RecordType,
)
from sim.ladder import ACTS, Act, Visibility

if TYPE_CHECKING:
    from sim.engine.driver import Rows
    from sim.scenario.scenario import Observation

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
