"""What a driver is: a clock that runs replications of one cast, and gives their logs.

Both drivers run the same rules on the same keyed draws, so whoever holds one need not
know which it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from sim.engine.alteration import UNALTERED, Alteration
from sim.engine.log import LOG, RecordType, Rows
from sim.engine.run import run_replication, weigh_replication
from sim.rules.behaviour import Effect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.engine.cast import Cast
    from sim.engine.log import IncidentLog, Record, Report

_WORD = 2**64 - 1


class Driver(Protocol):
    """Runs replications of one cast."""

    name: str
    """``simpy`` or ``compiled``."""
    cast: Cast

    def rows(
        self,
        root_seed: int,
        number: int,
        until: float | None = None,
        alteration: Alteration = UNALTERED,
    ) -> Rows:
        """Run one replication and return its records as numbers.

        They may be views that the thread's next replication overwrites.
        """
        ...

    def log(
        self,
        root_seed: int,
        number: int,
        until: float | None = None,
        alteration: Alteration = UNALTERED,
    ) -> IncidentLog:
        """Run one replication and return its log."""
        ...

    def weights(
        self,
        root_seed: int,
        number: int,
        days: Sequence[float],
        alteration: Alteration = UNALTERED,
    ) -> list[float]:
        """Return log weights as `sim.engine.run.weigh_replication` does."""
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

    def rows(
        self,
        root_seed: int,
        number: int,
        until: float | None = None,
        alteration: Alteration = UNALTERED,
    ) -> Rows:
        """Run one replication and return its records as numbers."""
        return rows_of(self.log(root_seed, number, until, alteration))

    def log(
        self,
        root_seed: int,
        number: int,
        until: float | None = None,
        alteration: Alteration = UNALTERED,
    ) -> IncidentLog:
        """Run one replication and return its log."""
        return run_replication(
            self.cast, root_seed, number, until, alteration=alteration
        )

    def weights(
        self,
        root_seed: int,
        number: int,
        days: Sequence[float],
        alteration: Alteration = UNALTERED,
    ) -> list[float]:
        """Return log weights as `sim.engine.run.weigh_replication` does."""
        return weigh_replication(self.cast, root_seed, number, days, alteration)


def rows_of(log: IncidentLog) -> Rows:
    """Return a log's records as numbers."""
    effects: list[Effect] = [Effect()]
    records: list[tuple[Any, ...]] = []
    for record, report in zip(log.records, log.reports, strict=True):
        number = 0
        if record.record_type == RecordType.INCIDENT:
            number = len(effects)
            effects.append(record.effect)
        records.append(_numbers(record, report, number))
    return Rows(np.array(records, LOG), np.array(effects, np.float64))


def _numbers(record: Record, report: Report, effect: int) -> tuple[Any, ...]:
    """Return one record in the order of `LOG`; identities in two words."""
    return (
        record.time,
        record.identity & _WORD,
        record.identity >> 64,
        record.cause & _WORD,
        record.cause >> 64,
        record.confidence,
        effect,
        record.actor,
        record.target,
        record.site,
        record.operation,
        report.actor,
        record.record_type,
        record.act,
        record.stage,
        record.origin,
        report.is_reported,
    )
