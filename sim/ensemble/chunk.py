"""Replications of one chunk as columns: run, reported on, measured.

Whichever driver runs, what leaves it are rows of numbers; reports are drawn for the
whole chunk at once and the table of records is made without a Python object a record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.engine.log import LOG
from sim.engine.reading import reports_in
from sim.ensemble.row_table import row_table
from sim.errors import RunError
from sim.outcomes import outcomes_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.engine.driver import Driver, Rows
    from sim.ensemble.frames import Table
    from sim.outcomes.incidents import Floats


ROOM: Final = 2**16
"""Rows that there is room for at first: 100 replications of the shipped scenario."""


class Chunk(NamedTuple):
    """What the replications of one chunk gave."""

    numbers: list[int]
    """The replications that did not fail, in order."""
    outcomes: dict[str, Floats]
    """By outcome, one value for each of `numbers`."""
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
    every = _Rows()
    failures: dict[int, Exception] = {}
    for number in numbers:
        try:
            every.add(number, driver.rows(root_seed, number, until))
        except MemoryError:  # says nothing of the replication: the next try may do
            message = (
                f"replication {number}: not enough memory; finished parts are kept"
            )
            raise RunError(message) from None
        except Exception as error:
            failures[number] = error
    rows, n = every.rows(), len(every.numbers)
    place = np.repeat(np.arange(n), every.lengths)
    of_each = np.array(every.numbers, np.uint64)[place]
    reports = reports_in(rows, of_each, root_seed, scenario.observations)
    outcomes = outcomes_in(rows, place, n, reports, cast.since, until, scenario)
    table = row_table(cast, rows, of_each, reports) if with_records else None
    return Chunk(every.numbers, outcomes, failures, table)


class _Rows:
    """The rows of several replications, one after another, copied once."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.lengths: list[int] = []
        self._room: Rows = np.empty(ROOM, LOG)
        self._n = 0

    def add(self, number: int, rows: Rows) -> None:
        """Take in one replication."""
        end = self._n + len(rows)
        if end > len(self._room):
            larger = np.empty(2 * end, LOG)
            larger[: self._n] = self._room[: self._n]
            self._room = larger
        self._room[self._n : end] = rows
        self._n = end
        self.numbers.append(number)
        self.lengths.append(len(rows))

    def rows(self) -> Rows:
        """Return what was taken in."""
        return self._room[: self._n]
