"""What a driver is: a clock that runs replications of one cast, and gives their logs.

Both drivers run the same rules on the same keyed draws, so whoever holds one need not
know which it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from sim.engine.log import LOG, Rows
from sim.engine.run import run_replication

if TYPE_CHECKING:
    from sim.engine.cast import Cast
    from sim.engine.log import IncidentLog, Record, Report

_WORD = 2**64 - 1


class Driver(Protocol):
    """Runs replications of one cast."""

    name: str
    """``simpy`` or ``compiled``."""
    cast: Cast

    def rows(self, root_seed: int, number: int, until: float | None = None) -> Rows:
        """Run one replication and return its records as numbers.

        The array may be a view that the thread's next replication overwrites.
        """
        ...

    def log(
        self, root_seed: int, number: int, until: float | None = None
    ) -> IncidentLog:
        """Run one replication and return its log."""
        ...


@runtime_checkable
class Renewable(Protocol):
    """A driver that can take another cast of the same actors, and be quick about it."""

    def renew(self, cast: Cast) -> None:
        """Take another cast that differs in numbers only, for this thread alone."""
        ...


class SimpyDriver:
    """The reference: SimPy's clock, the rules as they are written, readable records."""

    name = "simpy"

    def __init__(self, cast: Cast) -> None:
        self.cast = cast

    def rows(self, root_seed: int, number: int, until: float | None = None) -> Rows:
        """Run one replication and return its records as numbers."""
        return rows_of(self.log(root_seed, number, until))

    def log(
        self, root_seed: int, number: int, until: float | None = None
    ) -> IncidentLog:
        """Run one replication and return its log."""
        return run_replication(self.cast, root_seed, number, until)


def rows_of(log: IncidentLog) -> Rows:
    """Return a log's records as numbers."""
    both = zip(log.records, log.reports, strict=True)
    return np.array([_numbers(record, report) for record, report in both], LOG)


def _numbers(record: Record, report: Report) -> tuple[Any, ...]:
    """Return one record in the order of `LOG`; identities in two words."""
    time, kind, identity, cause, *where, effect, confidence, origin = record
    words = (identity & _WORD, identity >> 64, cause & _WORD, cause >> 64)
    return (time, kind, *words, *where, tuple(effect), confidence, origin, *report)
