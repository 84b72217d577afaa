"""A table of dated events, as people write it: read strictly, faults told by line.

It is a CSV file with the columns of the source record (`seeds/README.md`), of which
only a day and an act are required, so the record itself is such a table and a table of
later events can be written by hand. A row with the act ``coverage`` says which days
were coded: without it, a day without events could not be told from a day that nobody
has looked at yet.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, NoReturn

from sim.errors import MOST_FAULTS, Fault, Hinted, ScenarioError, nearest, one_of
from sim.ladder import Act, act_named

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

COVERAGE: Final = "coverage"
"""The act of a row that says which days were coded."""
OTHER: Final = "other"
"""The act of a row that no act of the ladder fits."""
SERIES: Final = "core"
OTHER_ROCKET: Final = "other_rocket"
BEFORE: Final = "before_period"
LISTS: Final = (SERIES, OTHER_ROCKET, "convoy_bomb", BEFORE, "context")
RANGE: Final = "range"
PRECISIONS: Final = ("day", "night", RANGE, "about", "month")
UNSURE: Final = (RANGE, "about", "month")
"""Precisions at which the day of a row is not certain."""

AMOUNTS: Final = tuple(
    f"{harm}_{side}"
    for harm in ("killed", "wounded")
    for side in ("foreign", "host", "civilian", "militia", "other")
)
"""Columns of persons."""
DAYS: Final = ("date_start", "date")
"""Names of the column of a row's first day; one of them is required."""
COLUMNS: Final = (
    *DAYS, "act", "date_end", "date_precision", "actor", "list", *AMOUNTS, "id",
    "corrects",
)  # fmt: skip
"""Columns that are read; others are passed over."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_WHOLE = re.compile(r"[0-9]{1,6}")
_MOST_BYTES = 20_000_000


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
    list: str
    precision: str
    amounts: dict[str, int]
    """By column; blank cells, which are unknown, are left out."""


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
    file: str | Path, covered: Sequence[tuple[date, date]] = ()
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

    Raises
    ------
    ScenarioError
        With every fault of the file, each with its line.
    """
    reading = _Reading(str(file))
    lines = list(reading.rows(Path(file)))
    rows = [row for line, cells in lines if (row := reading.row(line, cells))]
    corrected = reading.corrected(lines)
    if reading.faults:
        raise ScenarioError(str(file), reading.faults)
    events = [event for event, name in rows if not name or name not in corrected]
    spans = [*covered, *reading.coverage]
    return EventTable(
        str(file), tuple(sorted(events, key=lambda event: event.day)), _joined(spans)
    )


def _joined(spans: Sequence[tuple[date, date]]) -> tuple[tuple[date, date], ...]:
    """Join intervals that overlap or touch."""
    joined: list[tuple[date, date]] = []
    for first, after in sorted(spans):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(after, joined[-1][1]))
        else:
            joined.append((first, after))
    return tuple(joined)


class _Reading:
    """The reading of one file; collects what is wrong with it."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.faults: list[Fault] = []
        self.coverage: list[tuple[date, date]] = []

    def rows(self, file: Path) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield each row with its line, its cells stripped; check header and shape."""
        cells = self._cells(file)
        if not cells:
            self.stop("is empty; a header with `date_start` and `act` comes first")
        header = [name.strip() for name in cells[0][1]]
        self._check_header(header)
        for line, row in cells[1:]:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(header):
                self.fault(
                    line,
                    "",
                    f"has {len(row)} cells, and the header {len(header)}; a text with "
                    "a comma stands between double quotes",
                )
                continue
            yield line, dict(zip(header, (c.strip() for c in row), strict=True))

    def _cells(self, file: Path) -> list[tuple[int, list[str]]]:
        if not file.is_file():
            self.stop("no such file" if not file.exists() else "is not a file")
        try:
            if file.stat().st_size > _MOST_BYTES:
                self.stop(f"is larger than {_MOST_BYTES // 1_000_000} MB")
            text = file.read_text("utf-8-sig")
        except OSError as error:
            self.stop(f"cannot be read: {error.strerror}")
        except UnicodeDecodeError as error:
            self.stop(f"is not UTF-8 text: {error.reason} at byte {error.start}")
        reader = csv.reader(text.splitlines(keepends=True), strict=True)
        found: list[tuple[int, list[str]]] = []
        before = 0
        try:
            for row in reader:
                found.append((before + 1, row))
                before = reader.line_num
        except csv.Error as error:
            self.stop(f"is no CSV: {error}", before + 1)
        return found

    def _check_header(self, header: list[str]) -> None:
        if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
            self.stop("the cells must be separated by commas", 1)
        for name, times in Counter(header).items():
            if times > 1 and name:
                self.fault(1, name, "is the name of two columns")
        unread = [n for n in header if n not in COLUMNS and n not in _PASSED_OVER]
        for name in unread[:MOST_FAULTS]:
            if close := nearest(name, COLUMNS):
                self.fault(1, name, f"is not a column that is read{close}")
        days = [name for name in DAYS if name in header]
        if len(days) != 1:
            found = "both `date_start` and" if days else "neither `date_start` nor"
            self.fault(1, "", f"has {found} `date`; one of them is needed")
        if "act" not in header:
            self.fault(1, "", "has no column `act`")
        if self.faults:
            raise ScenarioError(self.path, self.faults)

    def row(self, line: int, cells: dict[str, str]) -> tuple[Event, str] | None:
        """Return a row and its id; None for one that is faulty or says coverage."""
        n_faults = len(self.faults)
        name = next(name for name in DAYS if name in cells)
        day = self._day(line, name, cells[name])
        told = cells.get("date_end", "")
        last = self._day(line, "date_end", told) if told else day
        if day and last and last < day:
            self.fault(line, "date_end", f"{last} lies before the first day, {day}")
        if cells["act"] == COVERAGE:
            if day and not told:
                message = "a row of coverage needs its last day, in `date_end`"
                self.fault(line, "date_end", message)
            elif day and last and last >= day:
                self.coverage.append((day, last + timedelta(days=1)))
            return None
        if cells["act"] not in _ACTS:
            self._unknown(line, "act", cells["act"], _ACTS)
        for column, allowed in (("list", LISTS), ("date_precision", PRECISIONS)):
            if cells.get(column) and cells[column] not in allowed:
                self._unknown(line, column, cells[column], allowed)
        amounts: dict[str, int] = {}
        for column in AMOUNTS:
            persons = cells.get(column, "")
            if persons and not _WHOLE.fullmatch(persons):
                self.fault(
                    line,
                    column,
                    f"{persons!r} is no number of persons: 0, 1, ...; blank where it "
                    "is not known",
                )
            elif persons:
                amounts[column] = int(persons)
        if not day or not last or len(self.faults) > n_faults:
            return None
        event = Event(
            line,
            day,
            last,
            act_named(cells["act"]),
            cells.get("actor", ""),
            cells.get("list", ""),
            cells.get("date_precision", "") or "day",
            amounts,
        )
        return event, cells.get("id", "")

    def corrected(self, lines: list[tuple[int, dict[str, str]]]) -> set[str]:
        """Return the ids that a later row corrects; check ids."""
        at: dict[str, int] = {}
        names: list[str] = []
        for line, cells in lines:
            name, old = cells.get("id", ""), cells.get("corrects", "")
            if name and name in at:
                self.fault(line, "id", f"{name!r} is the id of line {at[name]} too")
            if old and old not in at:
                message = f"{old!r} is not the id of a row above"
                above = islice(names, len(names))
                self.fault(line, "corrects", Hinted(message, old, above))
            if name not in at:
                at[name] = line
                names.append(name)
        return {cells.get("corrects", "") for _, cells in lines} - {""}

    def _day(self, line: int, column: str, told: str) -> date | None:
        try:
            if _DAY.fullmatch(told):
                return date.fromisoformat(told)
            message = "is not a day such as 2020-07-06"
        except ValueError as error:
            message = f"is no day of the calendar: {error}"
        self.fault(line, column, f"{told!r} {message}" if told else "is blank")
        return None

    def _unknown(
        self, line: int, column: str, told: str, allowed: Sequence[str]
    ) -> None:
        self.fault(
            line,
            column,
            Hinted(
                (f"{told!r} is not known" if told else "is blank")
                + f"; allowed: {one_of(allowed)}",
                told,
                allowed,
            ),
        )

    def fault(self, line: int, column: str, message: str) -> None:
        self.faults.append(Fault(line, 0, column, message))

    def stop(self, message: str, line: int = 0) -> NoReturn:
        self.fault(line, "", message)
        raise ScenarioError(self.path, self.faults)


_ACTS: Final = (
    *(act.name.lower() for act in Act if act != Act.NONE), OTHER, COVERAGE,
)  # fmt: skip
_PASSED_OVER: Final = (
    "time_local", "order_in_day", "order_basis", "actor_as_told", "target",
    "target_as_told", "site", "second_site", "weapon", "n_parts", "rounds",
    "rounds_hit", "rounds_unfired", "persons", "launchers", "claim", "claimed_by",
    "attributed_to", "attribution_by", "attribution_scope", "cause", "cause_basis",
    "hours_after_cause", "coordinated_with", "article_rows", "source", "basis",
    "confidence", "conflict", "note",
)  # fmt: skip
"""Columns of the source record that are not read: no slip of another name."""
