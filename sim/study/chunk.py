"""Replications of one chunk as columns: run, reported on, measured.

Whichever driver runs, what leaves it are rows of numbers; reports are drawn for the
whole chunk at once and the table of records is made without a Python object a record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.engine.compiled.state import LOG
from sim.engine.reading import log_in, reports_in
from sim.errors import RunError
from sim.outcomes import outcomes_of
from sim.study.row_table import row_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.engine.driver import Driver, Rows
    from sim.study.frames import Table


class Chunk(NamedTuple):
    """What the replications of one chunk gave."""

    outcomes: dict[int, dict[str, float]]
    """By the replication's number; those that failed are not in it."""
    failures: dict[int, Exception]
    """What went wrong, by the replication's number."""
    records: Table | None
    """Records of those that did not fail, in order; None where they are not kept."""


def run_chunk(
    driver: Driver,
    root_seed: int,
    numbers: Iterable[int],
    until: float,
    *,
    with_records: bool,
) -> Chunk:
    """Run replications one after another, and measure them.

    Raises
    ------
    RunError
        If memory ends; anything else that a replication raises is its failure.
    """
    cast, scenario = driver.cast, driver.cast.scenario
    parts: dict[int, Rows] = {}
    failures: dict[int, Exception] = {}
    for number in numbers:
        try:
            parts[number] = driver.rows(root_seed, number, until).copy()
        except MemoryError:  # says nothing of the replication: the next try may do
            message = (
                f"replication {number}: not enough memory; finished parts are kept"
            )
            raise RunError(message) from None
        except Exception as error:
            failures[number] = error
    rows, of_each = _joined(parts)
    told, named = reports_in(rows, of_each, root_seed, scenario.observations)
    outcomes: dict[int, dict[str, float]] = {}
    at = 0
    for number, part in parts.items():
        own = slice(at, at + len(part))
        at += len(part)
        log = log_in(
            cast, part, (told[own], named[own]), root_seed, number, until,
            perceptions=False,
        )  # fmt: skip
        try:
            outcomes[number] = outcomes_of(log, scenario)
        except Exception as error:
            failures[number] = error
    if len(outcomes) < len(parts):
        kept = np.isin(of_each, np.array(list(outcomes), np.uint64))
        rows, of_each, told, named = rows[kept], of_each[kept], told[kept], named[kept]
    table = row_table(cast, rows, of_each, (told, named)) if with_records else None
    return Chunk(outcomes, failures, table)


def _joined(parts: dict[int, Rows]) -> tuple[Rows, Any]:
    """Return all rows one after another, and the replication's number of each."""
    if not parts:
        return np.zeros(0, LOG), np.zeros(0, np.uint64)
    lengths = [len(rows) for rows in parts.values()]
    numbers = np.repeat(np.array(list(parts), np.uint64), lengths)
    return np.concatenate(list(parts.values())), numbers
