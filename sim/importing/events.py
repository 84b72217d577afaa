"""Event data become the rows of a record, and what they cannot tell is said.

Nothing is dropped without a word: rows that are alike, days of one course of events,
rows that the map leaves out and codes that mean no act of the ladder are all counted,
with their lines.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.digits import plural
from sim.files import write_text
from sim.importing.codes import acts_without_code
from sim.scenario.event_table import AMOUNTS, COVERAGE, UNSURE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

_MOST_SHOWN: Final = 10
"""Groups of lines that one sentence names."""
COLUMNS: Final = (
    "id", "date_start", "date_end", "date_precision", "act", "actor", "actor_as_told",
    "target", "target_as_told", "site", *AMOUNTS, "source", "note",
)  # fmt: skip
"""Columns that are written: those of a record that event data can fill."""


class ImportedEvent(NamedTuple):
    """One row of the file, as a record has it."""

    line: int
    """Line of the file; the header is line 1."""
    id: str
    date_start: date
    date_end: date
    date_precision: str
    code: str
    """As the file has it."""
    is_directed: bool
    """Whether the code says that the first of two actors is the one who acts."""
    act: str
    """An act of the ladder, or ``other``."""
    actor: str
    actor_as_told: str
    target: str
    target_as_told: str
    site: str
    amounts: Mapping[str, int]
    """By column of a record; what is unknown is left out."""


@dataclass(frozen=True)
class ImportedEvents:
    """The events of a file, in its order, and what is to be known of them."""

    coding: str
    """To which scheme the codes belong."""
    is_windows: bool
    """Whether it was no UTF-8, and was read as Windows-1252 (latin-1)."""
    period: tuple[date, date] | None
    """First and last day that the file covers."""
    source: str
    """Ids of where all of them are from, parted by semicolons."""
    n_rows: int
    left_out: Mapping[str, int]
    """Rows that the map leaves out, by reason."""
    events: tuple[ImportedEvent, ...]
    same_id: tuple[tuple[int, ...], ...]
    """Lines of the rows that have one id; the later ones have a number added to it."""
    alike: tuple[tuple[int, ...], ...]
    """Lines of other rows of one day, code, pair of actors and site."""
    running: tuple[tuple[int, ...], ...]
    """Lines of rows that are alike but for their days, which follow each other; and of
    single rows that last for days."""

    def text(self) -> str:
        """Return the file of a record; it covers the period, where there is one."""
        stream = io.StringIO()
        writer = csv.DictWriter(
            stream, COLUMNS, extrasaction="ignore", lineterminator="\n"
        )
        writer.writeheader()
        if self.period:
            days = dict(zip(("date_start", "date_end"), self.period, strict=True))
            writer.writerow({"act": COVERAGE, "source": self.source, **days})
        for event in sorted(self.events, key=lambda event: event.date_start):
            note = f"line {event.line}: {event.code}"
            row = {"source": self.source, "note": note, **event._asdict()}
            writer.writerow({**row, **event.amounts})
        return stream.getvalue()

    def write(self, out: str | Path) -> None:
        """Write the file of a record whole, or not at all."""
        write_text(Path(out), self.text())

    def remarks(self) -> list[str]:
        """Return what is to be known of the events, in sentences."""
        said = [f"{_rows(n)} left out: {reason}" for reason, n in self.left_out.items()]
        if self.is_windows:
            said.append("the file is no UTF-8 and was read as Windows-1252 (latin-1)")
        for groups, meaning in (
            (self.same_id, "have one id; all stand, and the later ids are numbered"),
            (self.alike, "are alike in day, code, actors and site; all stand"),
            (self.running, "go on for days, and may be one course of events"),
        ):
            if groups:
                said.append(f"lines {_lines(groups)} {meaning}")
        if unsure := sum(event.date_precision in UNSURE for event in self.events):
            said.append(
                f"{_rows(unsure)} of an uncertain day, filed under the one that is told"
            )
        if not self.period:
            said.append(
                "no `period` in the map: a scenario takes it that every day was coded"
            )
        return [*said, *self.unseen()]

    def unseen(self) -> list[str]:
        """Return what a file of this coding cannot tell, in sentences."""
        said: list[str] = []
        pairs = [event for event in self.events if event.target_as_told]
        if n := sum(not event.is_directed for event in pairs):
            said.append(
                f"the order of the two actors has no meaning in {_rows(n)}: "
                "the first was taken for the one who acts"
            )
        amounts = {name for event in self.events for name in event.amounts}
        if "killed_other" in amounts:
            said.append(
                "deaths whose side is not told are `killed_other`, and counted in no "
                "outcome; `killed` in the map says whose they are"
            )
        if self.coding == "acled":
            said.append(
                "no deaths may mean that none are told, and is left blank; what went "
                "on for days is a row a day, and what a place saw in a day one row"
            )
        acts = {event.act for event in self.events}
        if lacking := [a for a in acts_without_code(self.coding) if a not in acts]:
            said.append(f"no code of {self.coding} means: {', '.join(lacking)}")
        blank = [name for name in AMOUNTS if name not in amounts]
        untold = [*blank, "hours", "the order within a day", "causes", "claims"]
        said.append(f"not told: {', '.join(untold)}")
        return said


def _rows(n: int) -> str:
    return f"{n:,} {plural(n, 'row')}"


def _lines(groups: Sequence[Iterable[int]]) -> str:
    shown = "; ".join(", ".join(map(str, group)) for group in groups[:_MOST_SHOWN])
    more = len(groups) - _MOST_SHOWN
    return f"{shown}; and {more:,} more" if more > 0 else shown
