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
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple, NoReturn

from pydantic import (
    AliasChoices,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    create_model,
    field_validator,
)

from sim.errors import MOST_FAULTS, Fault, Hinted, ScenarioError, nearest, one_of
from sim.ladder import Act, act_named
from sim.reading.faults import FaultList
from sim.reading.slot import as_mapping
from sim.reading.structure import MOST_NOTED, Section, check_structure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sim.reading.syntax import Mark
    from sim.reading.tree import Keys, Plain

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
    path = str(file)
    faults = FaultList(_Lines(path))
    identities = _Identities(faults)
    events: list[tuple[str, Event]] = []
    spans = [*covered]
    for line, cells in _rows(path, Path(file)):
        identities.take(line, as_mapping(cells))
        if not isinstance(cells, dict):
            faults.add((line,), str(cells))
        elif row := check_structure(faults, _ROW, cells, (line,)):
            if row.act == COVERAGE:
                spans.append((row.day, (row.date_end or row.day) + timedelta(days=1)))
            else:
                events.append((row.id, row.event(line)))
        if len(faults.faults) > MOST_NOTED:
            raise ScenarioError(path, faults.faults, ended_at=line)
    faults.stop_if_any()
    stand = (e for name, e in events if not name or name not in identities.corrected)
    ordered = sorted(stand, key=lambda event: event.day)
    return EventTable(path, tuple(ordered), _joined(spans))


def _joined(spans: Sequence[tuple[date, date]]) -> tuple[tuple[date, date], ...]:
    """Join intervals that overlap or touch."""
    joined: list[tuple[date, date]] = []
    for first, after in sorted(spans):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(after, joined[-1][1]))
        else:
            joined.append((first, after))
    return tuple(joined)


def _cell_of(allowed: Sequence[str], blank: str | None = None) -> BeforeValidator:
    """Make the check of a cell that holds one of some words; `blank` may be none."""

    def checked(cell: str) -> str:
        if not cell and blank is not None:
            return blank
        if cell not in allowed:
            fault = f"{cell!r} is not known" if cell else "is blank"
            message = f"{fault}; allowed: {one_of(allowed)}"
            raise ValueError(Hinted(message, cell, allowed))
        return cell

    return BeforeValidator(checked)


@lru_cache(maxsize=4096)
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


def _persons(cell: str) -> int | None:
    """Read the cell of a number of persons; None where it is not known."""
    if not cell:
        return None
    if not _WHOLE.fullmatch(cell):
        message = (
            f"{cell!r} is no number of persons: 0, 1, ...; blank where it is not known"
        )
        raise ValueError(message)
    return int(cell)


_ACTS: Final = (
    *(act.name.lower() for act in Act if act != Act.NONE), OTHER, COVERAGE,
)  # fmt: skip


class Row(Section):
    """A row of the table, its cells as text; columns of no concern are passed over."""

    model_config = ConfigDict(extra="ignore")
    day: Annotated[date, BeforeValidator(_day)] = Field(
        validation_alias=AliasChoices(*DAYS)
    )
    act: Annotated[str, _cell_of(_ACTS)]
    date_end: Annotated[
        date | None, BeforeValidator(lambda cell: _day(cell) if cell else None)
    ] = Field("", validate_default=True)  # pyright: ignore[reportAssignmentType]
    list: Annotated[str, _cell_of(LISTS, "")] = ""
    date_precision: Annotated[str, _cell_of(PRECISIONS, "day")] = "day"
    actor: str = ""
    id: str = ""

    @field_validator("date_end")
    @classmethod
    def _ends(cls, last: date | None, known: ValidationInfo) -> date | None:
        day = known.data.get("day", last)
        if last and last < day:
            message = f"{last} lies before the first day, {day}"
            raise ValueError(message)
        if not last and known.data.get("act") == COVERAGE:
            message = "a row of coverage needs its last day, in `date_end`"
            raise ValueError(message)
        return last

    def event(self, line: int) -> Event:
        """Return what the row tells of."""
        persons = {column: getattr(self, column) for column in AMOUNTS}
        return Event(
            line=line,
            day=self.day,
            last_day=self.date_end or self.day,
            act=act_named(self.act),
            actor=self.actor,
            list=self.list,
            precision=self.date_precision,
            amounts={name: n for name, n in persons.items() if n is not None},
        )


_PERSONS: Final[dict[str, Any]] = dict.fromkeys(
    AMOUNTS, (Annotated[int | None, BeforeValidator(_persons)], None)
)
_ROW: Final = create_model("Row", __base__=Row, **_PERSONS)


@dataclass(frozen=True)
class _Lines:
    """A CSV file, whose rows and their faults go by their lines."""

    path: str
    data: list[Plain] = field(default_factory=list["Plain"])

    def position(self, keys: Keys) -> Mark:
        """Return the line of a row."""
        return (int(keys[0]), 0)

    key_position = position


def _rows(path: str, file: Path) -> Iterator[tuple[int, Plain]]:
    """Yield the line of each row, and its stripped cells by column.

    The header is checked first. Of a row of the wrong length comes, in place of its
    cells, what is to be said of it.
    """
    rows = _cells(path, file)
    header = [name.strip() for name in next(rows, (1, []))[1]]
    if not header:
        _stop(path, "is empty; a header with `date_start` and `act` comes first")
    _check_header(path, header)
    for line, row in rows:
        cells = [cell.strip() for cell in row]
        if len(row) == len(header):
            if any(cells):
                yield line, dict(zip(header, cells, strict=True))
        elif any(cells):
            message = (
                f"has {len(row)} cells, and the header {len(header)}; a text with a "
                "comma stands between double quotes"
            )
            yield line, message


def _cells(path: str, file: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each row with its line."""
    if not file.is_file():
        _stop(path, "no such file" if not file.exists() else "is not a file")
    try:
        if file.stat().st_size > _MOST_BYTES:
            _stop(path, f"is larger than {_MOST_BYTES // 1_000_000} MB")
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        _stop(path, f"cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        _stop(path, f"is not UTF-8 text: {error.reason} at byte {error.start}")
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    before = 0
    try:
        for row in reader:
            yield before + 1, row
            before = reader.line_num
    except csv.Error as error:
        _stop(path, f"is no CSV: {error}", before + 1)


def _check_header(path: str, header: list[str]) -> None:
    """Refuse a header with columns that are missing, doubled or misspelt."""
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        _stop(path, "the cells must be separated by commas", 1)
    faults: list[Fault] = []
    for name, times in Counter(header).items():
        if times > 1 and name:
            faults.append(Fault(1, 0, name, "is the name of two columns"))
    unread = [name for name in header if name not in (*COLUMNS, *_PASSED_OVER)]
    for name in unread[:MOST_FAULTS]:
        if close := nearest(name, COLUMNS):
            faults.append(Fault(1, 0, name, f"is not a column that is read{close}"))
    days = [name for name in DAYS if name in header]
    if len(days) != 1:
        given = "both `date_start` and" if days else "neither `date_start` nor"
        faults.append(Fault(1, 0, "", f"has {given} `date`; one of them is needed"))
    if "act" not in header:
        faults.append(Fault(1, 0, "", "has no column `act`"))
    if faults:
        raise ScenarioError(path, faults)


class _Identities:
    """The ids of the rows so far, and those that a later row corrects."""

    def __init__(self, faults: FaultList) -> None:
        self.faults = faults
        self.lines: dict[str, int] = {}
        self.names: list[str] = []
        self.corrected: set[str] = set()

    def take(self, line: int, cells: Mapping[str, Plain]) -> None:
        """Take note of a row; note ids that are no good."""
        name, old = str(cells.get("id", "")), str(cells.get("corrects", ""))
        if name and name in self.lines:
            message = f"{name!r} is the id of line {self.lines[name]} too"
            self.faults.add((line, "id"), message)
        if old and old not in self.lines:
            above = islice(self.names, len(self.names))
            message = Hinted(f"{old!r} is not the id of a row above", old, above)
            self.faults.add((line, "corrects"), message)
        if name not in self.lines:
            self.lines[name] = line
            self.names.append(name)
        self.corrected |= {old} - {""}


def _stop(path: str, message: str, line: int = 0) -> NoReturn:
    raise ScenarioError(path, [Fault(line, 0, "", message)])


_PASSED_OVER: Final = (
    "time_local", "order_in_day", "order_basis", "actor_as_told", "target",
    "target_as_told", "site", "second_site", "weapon", "n_parts", "rounds",
    "rounds_hit", "rounds_unfired", "persons", "launchers", "claim", "claimed_by",
    "attributed_to", "attribution_by", "attribution_scope", "cause", "cause_basis",
    "hours_after_cause", "coordinated_with", "article_rows", "source", "basis",
    "confidence", "conflict", "note",
)  # fmt: skip
"""Columns of the source record that are not read: no slip of another name."""
