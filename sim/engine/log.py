"""The log of one replication: every incident, stage and perception, in order.

Its columns are a contract (`COLUMNS`, version `LOG_VERSION`). Inside, actors, sites
and operations are numbers; names come in at the edge.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.ladder import Act, name_of
from sim.rules.behaviour import Effect

if TYPE_CHECKING:
    from collections.abc import Iterator

LOG_VERSION: Final = 2

NOBODY: Final = -1
"""Stands for no actor, no site, no operation or no stage."""

NO_CAUSE: Final = 0
"""Stands for no cause: an Option, or a development."""


class RecordType(IntEnum):
    """What a record is."""

    DEVELOPMENT = 0
    """A parameter was changed from outside."""
    STAGE = 1
    """A stage of an operation ended."""
    PERCEPTION = 2
    """An actor noticed an incident or a stage."""
    INCIDENT = 3
    """Something one actor did to another."""


class Origin(IntEnum):
    """Where a record comes from; only simulated ones count as results."""

    SIMULATED = 0
    DEVELOPMENT = 1
    RECORD = 2
    PLAYED = 3


class Record(NamedTuple):
    """One row of the log."""

    time: float
    """Days since the scenario's start."""
    record_type: RecordType
    identity: int
    """128-bit identity of what happened; the key of its draws."""
    cause: int
    """Identity of the record that it answers, interrupts or completes."""
    actor: int
    """Who did it; for a perception, who noticed."""
    act: int
    """What was done; for a stage, what it prepares; for a perception, what was
    noticed."""
    target: int
    """Against whom; for a perception, who is held responsible."""
    site: int
    operation: int
    """Index in the cast's table of operations."""
    stage: int
    """Index of the stage in its operation."""
    effect: Effect
    confidence: float
    """For a perception, the probability given to the actor held responsible."""
    origin: Origin


class Report(NamedTuple):
    """What the press made of an incident."""

    is_reported: bool
    actor: int
    """Whom the report names; `NOBODY` when unreported or unattributed."""


UNREPORTED: Final = Report(False, NOBODY)

EFFECT_COLUMNS: Final = tuple(name for name in Effect._fields if name != "interdiction")

COLUMNS: Final[tuple[str, ...]] = (
    "replication",
    "time_days",
    "record_type",
    "identity",
    "cause",
    "actor",
    "act",
    "target",
    "site",
    "operation",
    "stage",
    *EFFECT_COLUMNS,
    "confidence",
    "reported",
    "reported_actor",
    "origin",
)
"""Names of the log's columns in order. `identity` and `cause` are 32 hexadecimal
digits, empty for none; `means` is a name; counts are whole numbers; `confidence` is 0
to 1."""


@dataclass(frozen=True, slots=True)
class IncidentLog:
    """The ordered records of one replication, with the names to read them by."""

    replication: int
    root_seed: int
    horizon: float
    """Days that were simulated."""
    since: float
    """Day from which everything is simulated; before it, the record was put in."""
    actors: tuple[str, ...]
    sites: tuple[str, ...]
    means: tuple[str, ...]
    operations: tuple[str, ...]
    stages: tuple[tuple[str, ...], ...]
    """Names of the stages of each operation."""
    records: tuple[Record, ...]
    reports: tuple[Report, ...]
    """One per record; `UNREPORTED` for anything but an incident."""

    def incidents(self) -> Iterator[Record]:
        """Yield the incidents, in order."""
        for record in self.records:
            if record.record_type == RecordType.INCIDENT:
                yield record

    def rows(self) -> Iterator[tuple[object, ...]]:
        """Yield one tuple per record in the order of `COLUMNS`, with names."""
        for record, report in zip(self.records, self.reports, strict=True):
            effect = record.effect
            yield (
                self.replication,
                record.time,
                record.record_type.name.lower(),
                hexadecimal(record.identity),
                hexadecimal(record.cause),
                self.actor_name(record.actor),
                name_of(record.act) if record.act != Act.NONE else "",
                self.actor_name(record.target),
                self.sites[record.site] if record.site >= 0 else "",
                self.operations[record.operation] if record.operation >= 0 else "",
                self.stages[record.operation][record.stage]
                if record.stage >= 0
                else "",
                *(int(x) for x in effect[:-3]),
                self.means[int(effect.means) - 1] if effect.means > 0.0 else "",
                effect.force,
                record.confidence,
                report.is_reported,
                self.actor_name(report.actor),
                record.origin.name.lower(),
            )

    def actor_name(self, index: int) -> str:
        """Return an actor's name, or the empty string for nobody."""
        return self.actors[index] if index >= 0 else ""


def hexadecimal(identity: int) -> str:
    """Return an identity as 32 hexadecimal digits, or the empty string for none."""
    return f"{identity:032x}" if identity else ""


LOG: Final = np.dtype(
    [
        ("time", "f8"),
        ("low", "u8"),
        ("high", "u8"),
        ("cause_low", "u8"),
        ("cause_high", "u8"),
        ("confidence", "f8"),
        ("effect", "i4"),
        ("actor", "i2"),
        ("target", "i2"),
        ("site", "i2"),
        ("operation", "i2"),
        ("reported_actor", "i2"),
        ("record_type", "i1"),
        ("act", "i1"),
        ("stage", "i1"),
        ("origin", "i1"),
        ("is_reported", "i1"),
    ],
    align=True,
)
"""`Record` and its `Report` as numbers; identities in two words, and in place of the
effect its number among `Rows.effects`, 0 for none."""


class Rows(NamedTuple):
    """Records of one or more replications as numbers."""

    records: np.ndarray[Any, Any]
    """Columns as in `LOG`, shape (records,)."""
    effects: np.ndarray[Any, np.dtype[np.float64]]
    """Shape (effects, `N_EFFECT`); the first is none at all."""

    def copy(self) -> Rows:
        """Return rows that no later replication overwrites."""
        return Rows(self.records.copy(), self.effects.copy())

    def tobytes(self) -> bytes:
        """Return bytes that are equal where all records are, effects included."""
        columns = (self.records[name] for name in LOG.names or ())
        return b"".join(column.tobytes() for column in (*columns, self.effects))
