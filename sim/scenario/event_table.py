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
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple

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
from sim.reading.strict_csv import CsvTable, read_csv
from sim.reading.structure import MOST_NOTED, Section, check_structure

if TYPE_CHECKING:
    from collections.abc import Sequence
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
    amounts: dict[str, int]
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

    Raises
    ------
    ScenarioError
        With every fault of the file, each with its line.
    """
    table = read_csv(file, "`date_start` and `act`")
    _check_header(table.path, table.header)
    faults = FaultList(table)
    rows: list[tuple[int, Row]] = []
    for place, (line, cells) in enumerate(zip(table.lines, table.data, strict=True)):
        if not isinstance(cells, dict):
            faults.add((place,), str(cells))
        elif row := check_structure(faults, _ROW, cells, (place,)):
            rows.append((line, row))
        if len(faults.faults) > MOST_NOTED:
            raise ScenarioError(table.path, faults.faults, ended_at=line)
    corrected = _corrected(faults, table)
    if is_record:
        _check_named(faults, table)
    faults.stop_if_any()
    spans = [*covered]
    events: list[Event] = []
    for line, row in rows:
        if row.act == COVERAGE:
            spans.append((row.day, (row.date_end or row.day) + timedelta(days=1)))
        elif not row.id or row.id not in corrected:
            events.append(row.event(line))
    events.sort(key=lambda event: event.day)
    return EventTable(table.path, tuple(events), _joined(spans))


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
    order_in_day: Annotated[int | None, BeforeValidator(_count)] = None
    actor: str = ""
    target: str = ""
    site: str = ""
    id: str = ""
    cause: str = ""
    source: str = ""

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
        amounts = {column: getattr(self, column) for column in AMOUNTS}
        ids = [i.strip() for i in self.source.split(";") if i.strip()]
        return Event(
            line=line,
            day=self.day,
            last_day=self.date_end or self.day,
            act=act_named(self.act),
            actor=self.actor,
            target=self.target,
            site=self.site,
            list=self.list,
            precision=self.date_precision,
            order=self.order_in_day or 1,
            amounts={name: n for name, n in amounts.items() if n is not None},
            id=self.id,
            cause=self.cause,
            sources=tuple(ids),
        )


_COUNTS: Final[dict[str, Any]] = dict.fromkeys(
    AMOUNTS, (Annotated[int | None, BeforeValidator(_count)], None)
)
_ROW: Final = create_model("Row", __base__=Row, **_COUNTS)


def _check_header(path: str, header: list[str]) -> None:
    """Refuse a header with columns that are missing or misspelt."""
    faults: list[Fault] = []
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


def _corrected(faults: FaultList, table: CsvTable) -> set[str]:
    """Return the ids that a later row corrects; note ids that are no good."""
    lines: dict[str, int] = {}
    corrected: set[str] = set()
    rows = [as_mapping(row) for row in table.data]
    ids = {str(row.get("id", "")) for row in rows} - {""}
    for place, (line, row) in enumerate(zip(table.lines, rows, strict=True)):
        name, old = str(row.get("id", "")), str(row.get("corrects", ""))
        if name and name in lines:
            message = f"{name!r} is the id of line {lines[name]} too"
            faults.add((place, "id"), message)
        if old and old not in lines:
            message = Hinted(f"{old!r} is not the id of a row above", old, ids)
            faults.add((place, "corrects"), message)
        cause = str(row.get("cause", ""))
        if cause and (cause not in ids or cause == name):
            fault = "is the row's own id" if cause == name else "is no row's id"
            faults.add((place, "cause"), Hinted(f"{cause!r} {fault}", cause, ids))
        lines.setdefault(name, line)
        corrected |= {old} - {""}
        if len(faults.faults) > MOST_NOTED:
            raise ScenarioError(table.path, faults.faults, ended_at=line)
    return corrected


def _check_named(faults: FaultList, table: CsvTable) -> None:
    """Note rows of a record that lack an id or an actor."""
    for place, row in enumerate(table.data):
        cells = as_mapping(row)
        if not cells or cells.get("act") == COVERAGE:
            continue
        if not cells.get("id"):
            message = "is blank; each row of a record has one, such as ev-2030-03-04-01"
            faults.add((place, "id"), message)
        if not cells.get("actor"):
            message = (
                f"is blank; an actor of the scenario, {UNKNOWN} where nobody has "
                f"established who did it, or {OUTSIDE}NAME"
            )
            faults.add((place, "actor"), message)


_PASSED_OVER: Final = (
    "time_local", "order_basis", "actor_as_told", "target_as_told", "second_site",
    "weapon", "n_parts", "claim", "claimed_by", "attributed_to", "attribution_by",
    "attribution_scope", "cause_basis", "hours_after_cause", "coordinated_with",
    "article_rows", "basis", "confidence", "conflict", "note",
)  # fmt: skip
"""Columns of the source record that are not read: no slip of another name."""
