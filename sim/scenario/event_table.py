"""A table of dated events, as people write it: read strictly, faults told by line.

It is a CSV file with the columns of the source record (`seeds/README.md`), of which
only a day and an act are required, so the record itself is such a table and a table of
later events can be written by hand. A row with the act ``coverage`` says which days
were coded: without it, a day without events could not be told from a day that nobody
has looked at yet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache, partial
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.errors import Hinted, nearest, one_of
from sim.ladder import Act, act_named
from sim.reading.scalar import shorten
from sim.reading.strict_csv import CsvTable, read_csv

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

COVERAGE: Final = "coverage"
"""The act of a row that says which days were coded."""
OTHER: Final = "other"
"""The act of a row that no act of the ladder fits."""
SERIES: Final = "core"
OTHER_ROCKET: Final = "other_rocket"
UNKNOWN: Final = "unknown_militia"
"""How a record names a perpetrator whom nobody has established."""
OUTSIDE: Final = "other:"
"""How the name of an actor or a site begins that the scenario does not have."""
BEFORE: Final = "before_period"
LISTS: Final = (SERIES, OTHER_ROCKET, "convoy_bomb", BEFORE, "context")
RANGE: Final = "range"
PRECISIONS: Final = ("day", "night", RANGE, "about", "month")
UNSURE: Final = (RANGE, "about", "month")
"""Precisions at which the day of a row is not certain."""

AMOUNTS: Final = (
    *(
        f"{harm}_{side}"
        for harm in ("killed", "wounded")
        for side in ("foreign", "host", "civilian", "militia", "other")
    ),
    "rounds", "rounds_hit", "rounds_unfired", "persons", "launchers",
)  # fmt: skip
"""Columns of whole numbers."""
DAYS: Final = ("date_start", "date")
"""Names of the column of a row's first day; one of them is required."""
COLUMNS: Final = (
    *DAYS, "act", "date_end", "date_precision", "order_in_day", "actor", "target",
    "site", "list", *AMOUNTS, "id", "corrects", "cause", "source",
)  # fmt: skip
"""Columns that are read; others are passed over."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_WHOLE = re.compile(r"[0-9]{1,6}")


class Event(NamedTuple):
    """One row."""

    line: int
    """Line of the file; the header is line 1."""
    day: date
    """First day."""
    last_day: date
    act: Act | None
    """None for what is not on the ladder."""
    actor: str
    """Empty where it is not told."""
    target: str
    site: str
    list: str
    precision: str
    order: int
    """Place among the rows of its day, from 1; 1 where it is not told."""
    amounts: Mapping[str, int]
    """By column; blank cells, which are unknown, are left out."""
    id: str
    cause: str
    """Id of the row that it answers, interrupts or completes; empty for none."""
    sources: tuple[str, ...]
    """Ids of where it is told."""


@dataclass(frozen=True)
class EventTable:
    """The rows that stand, in the order of their days, and which days were coded."""

    path: str
    events: tuple[Event, ...]
    covered: tuple[tuple[date, date], ...]
    """Half-open intervals of days, joined where they touch, in order."""

    def first_gap(self, start: date, end: date) -> date | None:
        """Return the first day of [start, end) that was not coded, or None."""
        for first, after in self.covered:
            if first <= start < after:
                start = after
        return start if start < end else None


def read_event_table(
    file: str | Path,
    covered: Sequence[tuple[date, date]] = (),
    *,
    is_record: bool = False,
    names: Callable[[Event], Iterable[tuple[str, str]]] | None = None,
) -> EventTable:
    """Read a table of events.

    Parameters
    ----------
    file
        A CSV file, UTF-8, with a header and at least the columns ``act`` and
        ``date_start`` (or ``date``).
    covered
        Half-open intervals of days that were coded, on top of those that the rows with
        the act ``coverage`` name.
    is_record
        Whether it is the record of a scenario: each row then needs an id, by which its
        chance is drawn, and an actor.
    names
        What is wrong with what a row names, by column; told with all other faults.

    Raises
    ------
    ScenarioError
        With every fault of the file, each with its line.
    """
    table = read_csv(file, "`date_start` and `act`")
    _check_header(table)
    rows = _Rows(table, covered, is_record=is_record, names=names)
    for line, cells in table.rows():
        rows.add(line, cells)
    return rows.whole()


def _joined(spans: Sequence[tuple[date, date]]) -> tuple[tuple[date, date], ...]:
    """Join intervals that overlap or touch."""
    joined: list[tuple[date, date]] = []
    for first, after in sorted(spans):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(after, joined[-1][1]))
        else:
            joined.append((first, after))
    return tuple(joined)


def _word(allowed: Sequence[str], blank: str | None = None) -> Callable[[str], str]:
    """Make the check of a cell that holds one of some words; `blank` may be none."""

    def checked(cell: str) -> str:
        if not cell and blank is not None:
            return blank
        if cell not in allowed:
            fault = f"{shorten(cell)!r} is not known" if cell else "is blank"
            message = f"{fault}; allowed: {one_of(allowed)}"
            raise ValueError(Hinted(message, cell, allowed))
        return cell

    return checked


def _day(cell: str) -> date:
    """Read the cell of a day, or raise a ValueError that says why not."""
    if not cell:
        message = "is blank"
        raise ValueError(message)
    if not _DAY.fullmatch(cell):
        message = f"{cell!r} is not a day such as 2020-07-06"
        raise ValueError(message)
    try:
        day = date.fromisoformat(cell)
    except ValueError as error:
        message = f"{cell!r} is no day of the calendar: {error}"
        raise ValueError(message) from None
    if day == date.max:  # a span ends on the day after
        message = f"{cell!r} is the last day that there is; name an earlier one"
        raise ValueError(message)
    return day


def _count(cell: str) -> int | None:
    """Read the cell of a whole number; None where it is not known."""
    if not cell:
        return None
    if not _WHOLE.fullmatch(cell):
        message = f"{cell!r} is no whole number: 0, 1, ...; blank where it is not known"
        raise ValueError(message)
    return int(cell)


_ACTS: Final = (
    *(act.name.lower() for act in Act if act != Act.NONE), OTHER, COVERAGE,
)  # fmt: skip


_CHECKS: Final[Mapping[str, Callable[[str], Any]]] = {
    **dict.fromkeys(DAYS, _day),
    "date_end": lambda cell: _day(cell) if cell else None,
    "act": _word(_ACTS),
    "list": _word(LISTS, ""),
    "date_precision": _word(PRECISIONS, "day"),
    **dict.fromkeys(("order_in_day", *AMOUNTS), _count),
}
"""What a cell of a column is to be."""
_CHECKED: Final = ("act", "date_end", "list", "date_precision", "order_in_day")
_TEXTS: Final = ("id", "corrects", "cause", "actor", "target", "site", "source")
"""Columns that hold any text."""
_MOST_CELLS: Final = 4_096
"""Different cells of a column that are remembered."""


class _Rows:
    """The rows of one table, read in turn; what is wrong with them is noted in it.

    Cells recur from row to row, so what one says is looked up where it was read before.
    """

    def __init__(
        self,
        table: CsvTable,
        covered: Sequence[tuple[date, date]],
        *,
        is_record: bool,
        names: Callable[[Event], Iterable[tuple[str, str]]] | None,
    ) -> None:
        self.table, self.is_record, self.names = table, is_record, names
        self.spans, self.events = [*covered], list[Event]()
        self.lines: dict[str, int] = {}
        """By id, the line of its row."""
        self.corrected: set[str] = set()
        """Ids of rows that a later one corrects."""
        self.causes: list[tuple[int, str]] = []
        """Lines whose cause is no row above, and that cause."""
        place = {name: at for at, name in enumerate(table.header)}
        absent = len(place)
        """Place of a blank cell that is put behind each row."""
        amounts = [name for name in AMOUNTS if name in place]
        days = [name for name in DAYS if name in place]
        self.checked = [
            (name, place.get(name, absent), lru_cache(_MOST_CELLS)(_CHECKS[name]))
            for name in (*days, *_CHECKED, *amounts)
        ]
        self.texts: Any = itemgetter(*(place.get(name, absent) for name in _TEXTS))
        self.amounts_of = lru_cache(_MOST_CELLS)(partial(_amounts, amounts))

    def add(self, line: int, cells: list[str]) -> None:
        """Read a row: an event, or days that were coded."""
        fault, faults = self.table.fault, self.table.faults
        n_faults = len(faults)
        cells.append("")
        values: list[Any] = []
        for name, place, check in self.checked:
            try:
                values.append(check(cells[place]))
            except ValueError as error:
                fault(line, name, error.args[0])
                values.append(None)
        day, act, last, listed, precision, order, *amounts = values
        name, corrects, cause, actor, target, site, source = self.texts(cells)
        if name or corrects or cause:
            self._check_ids(line, name, corrects, cause)
        if self.is_record and act != COVERAGE:
            self._check_named(line, name, actor)
        if len(faults) > n_faults and (self.names is None or act == COVERAGE):
            return
        if last and day and last < day:
            fault(line, "date_end", f"{last} lies before the first day, {day}")
        elif act != COVERAGE:
            event = Event(
                line=line,
                day=day,
                last_day=last or day,
                act=act_named(act) if act else None,
                actor=actor,
                target=target,
                site=site,
                list=listed,
                precision=precision,
                order=order or 1,
                amounts=self.amounts_of(*amounts),
                id=name,
                cause=cause,
                sources=_sources(source),
            )
            self.events.append(event)
            for column, message in self.names(event) if self.names else ():
                fault(line, column, message)
        elif last:
            self.spans.append((day, last + timedelta(days=1)))
        else:
            message = "a row of coverage needs its last day, in `date_end`"
            fault(line, "date_end", message)

    def _check_ids(self, line: int, name: str, corrects: str, cause: str) -> None:
        """Note ids that are no good."""
        fault, lines = self.table.fault, self.lines
        if corrects and corrects not in lines:
            message = f"{shorten(corrects)!r} is not the id of a row above"
            fault(line, "corrects", Hinted(message, corrects, lines))
        elif corrects:
            self.corrected.add(corrects)
        if cause and cause == name:
            fault(line, "cause", f"{shorten(cause)!r} is the row's own id")
        elif cause and cause not in lines:
            self.causes.append((line, cause))
        if name and lines.setdefault(name, line) != line:
            message = f"{shorten(name)!r} is the id of line {lines[name]} too"
            fault(line, "id", message)

    def _check_named(self, line: int, name: str, actor: str) -> None:
        """Note a row of a record that lacks an id or an actor."""
        if not name:
            message = "is blank; each row of a record has one, such as ev-2030-03-04-01"
            self.table.fault(line, "id", message)
        if not actor:
            message = (
                f"is blank; an actor of the scenario, {UNKNOWN} where nobody has "
                f"established who did it, or {OUTSIDE}NAME"
            )
            self.table.fault(line, "actor", message)

    def whole(self) -> EventTable:
        """Return the table of the rows that stand, if nothing is wrong with any."""
        for line, cause in self.causes:
            if cause not in self.lines:
                message = f"{shorten(cause)!r} is no row's id"
                self.table.fault(line, "cause", Hinted(message, cause, self.lines))
        self.table.stop_if_faulty()
        events, corrected = self.events, self.corrected
        if corrected:
            events = [event for event in events if event.id not in corrected]
        events.sort(key=attrgetter("day"))
        return EventTable(str(self.table.file), tuple(events), _joined(self.spans))


def _amounts(columns: Sequence[str], *counts: int | None) -> Mapping[str, int]:
    pairs = zip(columns, counts, strict=True)
    return {name: n for name, n in pairs if n is not None}


@lru_cache(_MOST_CELLS)
def _sources(cell: str) -> tuple[str, ...]:
    return tuple(i.strip() for i in cell.split(";") if i.strip())


def _check_header(table: CsvTable) -> None:
    """Refuse a header with columns that are missing or misspelt."""
    header = table.header
    for name in header:
        if name not in (*COLUMNS, *_PASSED_OVER) and (close := nearest(name, COLUMNS)):
            table.fault(1, shorten(name), f"is not a column that is read{close}")
    days = [name for name in DAYS if name in header]
    if len(days) != 1:
        given = "both `date_start` and" if days else "neither `date_start` nor"
        table.fault(1, "", f"has {given} `date`; one of them is needed")
    if "act" not in header:
        table.fault(1, "", "has no column `act`")
    table.stop_if_faulty()


_PASSED_OVER: Final = (
    "time_local", "order_basis", "actor_as_told", "target_as_told", "second_site",
    "weapon", "n_parts", "claim", "claimed_by", "attributed_to", "attribution_by",
    "attribution_scope", "cause_basis", "hours_after_cause", "coordinated_with",
    "article_rows", "basis", "confidence", "conflict", "note",
)  # fmt: skip
"""Columns of the source record that are not read: no slip of another name."""
