"""The rows of event data, read by a map: each becomes an event, or says why it cannot.

A row's codes mean acts by the table of codes, unless the map says otherwise; its actors
are those that the map names. All faults of a file are told, each by line and column.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.errors import Hinted, StudyError, nearest, one_of
from sim.files import write_text
from sim.importing.codes import Code, codes_of
from sim.importing.delimited import WINDOWS, read_table
from sim.importing.event_map import (
    FORMS,
    NEEDED,
    READ,
    SKIP,
    TOTAL,
    AcledMap,
    AnyMap,
    drafted_columns,
    drafted_names,
    drafted_period,
)
from sim.importing.events import ImportedEvent, ImportedEvents
from sim.reading.faults import FaultList
from sim.reading.scalar import shorten
from sim.reading.strict_yaml import read
from sim.reading.structure import checked_file
from sim.scenario.calendar import day_of
from sim.scenario.event_table import AMOUNTS, OUTSIDE, PRECISIONS, RANGE

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from sim.reading.strict_csv import CsvTable

_IN_FIGURES: Final = {
    "day/month/year": r"(?P<day>\d{1,2})[./-](?P<month>\d{1,2})[./-](?P<year>\d{4})",
    "month/day/year": r"(?P<month>\d{1,2})[./-](?P<day>\d{1,2})[./-](?P<year>\d{4})",
    "yearmonthday": r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)",
}
_ISO: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T]00:00(?::00)?)?")
_IN_WORDS: Final = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3,9})[ -](\d{4})")
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august",
    "september", "october", "november", "december",
)  # fmt: skip
_WHOLE: Final = re.compile(r"(\d{1,6})(?:\.0)?")
_TIME_PRECISION: Final = {"1": "day", "2": "about", "3": "month"}
"""What ACLED's figures mean: the day is known, the week, the month."""


def import_events(
    file: str | Path, map_file: str | Path, *, form: str = "acled"
) -> ImportedEvents:
    """Read event data that others coded into the rows of a record.

    Parameters
    ----------
    file
        A table, its cells separated by commas, semicolons or tabs.
    map_file
        A YAML file that says who is who. Where there is none it is drafted, and where
        it lists no actors those that are met are added to it.
    form
        ``acled``, whose columns are known; or ``csv``: the map says what they hold.

    Raises
    ------
    ScenarioError
        With every fault of the map or of the file, each with its line.
    StudyError
        If the map was drafted, and has to be filled in first.

    Examples
    --------
    >>> events = import_events("acled.csv", "map.yaml")  # doctest: +SKIP
    >>> events.write("events.csv")  # doctest: +SKIP
    """
    if form not in FORMS:
        message = f"{form!r} is no form of event data; forms: {one_of(FORMS)}"
        raise StudyError(f"{message}{nearest(form, FORMS)}")
    table, path = read_table(file), Path(map_file)
    if not path.exists():
        raise _drafted(path, table, form)
    document = read(path)
    event_map = checked_file(document, FORMS[form])
    if "actors" not in event_map.model_fields_set:
        text = path.read_text("utf-8").rstrip("\n")
        write_text(path, f"{text}\n{_names_met(table, event_map)}")
        raise StudyError(_fill_in(path, f"lists the actors of {table.file.name} now"))
    reader = _Reader(table, event_map)
    events = reader.events()
    faults = FaultList(document)
    for code in event_map.acts:
        if code.casefold() not in reader.codes and code.casefold() not in reader.met:
            message = f"is no code of {event_map.coding}, and none of the file"
            faults.add(("acts", code), Hinted(message, code, reader.codes), at_key=True)
    named = [*event_map.actors.values(), event_map.unlisted or SKIP]
    targets = sorted({*named} - {SKIP})
    for name in event_map.killed:
        if name not in ("", *targets):  # a row may have no target
            message = "is nobody of the scenario whom the map names"
            meant = event_map.actors.get(name, name)  # as the file has it
            fault = Hinted(message, meant, targets, f"; it names {one_of(targets)}")
            faults.add(("killed", name), fault, at_key=True)
    faults.stop_if_any()
    return events


def _drafted(path: Path, table: CsvTable, form: str) -> StudyError:
    """Write a map where there is none, and say so."""
    text = f"# How {table.file.name} is read by escalade import {form}.\nschema: 1\n"
    if form == "csv":
        text += drafted_columns(table.header)
    else:
        text += _names_met(table, AcledMap.model_validate({"schema": 1}))
    write_text(path, text)
    return StudyError(_fill_in(path, "was not there and is drafted now"))


def _fill_in(path: Path, change: str) -> str:
    return f"{path} {change}: fill in what it leaves as ?, and give the command again"


def _names_met(table: CsvTable, event_map: AnyMap) -> str:
    """Return what a map says of the days, actors and sites of a file."""
    reader = _Reader(table, event_map)
    actors: Counter[str] = Counter()
    sites: Counter[str] = Counter()
    days: set[date] = set()
    for _, row in table.rows():
        cells = reader.cells(row)
        actors.update(filter(None, (cells["actor"], cells["target"])))
        sites.update(filter(None, (cells["site"],)))
        day = reader.day(cells["date_start"])
        days |= {day} if isinstance(day, date) else set()
    period = "" if event_map.period else drafted_period(days)
    return period + drafted_names(actors, sites)


class _Reader:
    """Reads the rows of one file by its map, and notes what is wrong with them."""

    def __init__(self, table: CsvTable, event_map: AnyMap) -> None:
        self.table, self.map = table, event_map
        self.places = self._places()
        table.stop_if_faulty()
        self.amounts = [key for key in self.places if key in (TOTAL, *AMOUNTS)]
        self.codes = codes_of(event_map.coding)
        self.acts = {code.casefold(): act for code, act in event_map.acts.items()}
        self.met: set[str] = set()
        """Codes of the file, in small letters."""
        self.day = cache(self._day)
        self.left_out: Counter[str] = Counter()
        self.strangers: dict[tuple[str, str], tuple[int, int]] = {}
        """By column and name of an actor whom the map does not list, the line where it
        is met first and on how many."""
        self.ids: dict[str, list[int]] = {}
        """By id as the file has it, its lines."""
        self.taken: set[str] = set()
        self.serials: Counter[str] = Counter()

    def _places(self) -> dict[str, int]:
        """Return the place of each column; note those that are missing or doubled."""
        header = [name.casefold() for name in self.table.header]
        is_acled = isinstance(self.map, AcledMap)
        places: dict[str, int] = {}
        for key, column in self.map.columns.items():
            names = [column.casefold()]
            if is_acled and key == "act":  # files of before March 2019 have no others
                names.append("event_type")
            name = next((name for name in names if name in header), None)
            if name is not None and header.count(name) > 1:
                self._fault(1, key, "is the name of two columns")
            elif name is not None:
                places[key] = header.index(name)
            elif key in NEEDED or not is_acled:
                message = "is no column of the file"
                self._fault(1, key, Hinted(message, column, self.table.header))
        return places

    def _fault(self, line: int, key: str, message: str) -> None:
        """Note what is wrong with a cell; a message names its column."""
        self.table.fault(line, self.map.columns.get(key, key), message)

    def cells(self, row: list[str]) -> dict[str, str]:
        """Return the cells of a row by what is read, without idle white space."""
        cells = dict.fromkeys(READ, "")
        for key, place in self.places.items():
            cells[key] = " ".join(row[place].split())
        return cells

    def events(self) -> ImportedEvents:
        """Read all rows.

        Raises
        ------
        ScenarioError
            With every fault of the file.
        """
        n_rows = 0
        events: list[ImportedEvent] = []
        for line, row in self.table.rows():
            n_rows += 1
            if event := self._event(line, self.cells(row)):
                events.append(event)
        for (key, name), (line, n) in self.strangers.items():
            message = f"{shorten(name)!r} is not among the `actors` of the map"
            message += f", and is met on {n} lines" if n > 1 else ""
            self._fault(line, key, Hinted(message, name, self.map.actors))
        self.table.stop_if_faulty()
        same_id = {tuple(lines) for lines in self.ids.values() if len(lines) > 1}
        period = self.map.period
        return ImportedEvents(
            coding=self.map.coding,
            is_windows=self.table.encoding == WINDOWS,
            period=(day_of(period[0]), day_of(period[1])) if period else None,
            source=";".join(self.map.source),
            n_rows=n_rows,
            left_out=dict(self.left_out),
            events=tuple(events),
            same_id=tuple(sorted(same_id)),
            alike=tuple(group for group in _alike(events) if group not in same_id),
            running=tuple(sorted(_running(events))),
        )

    def _event(self, line: int, cells: dict[str, str]) -> ImportedEvent | None:
        """Return the event of a row; None where it is left out or faulty."""
        n_faults = len(self.table.faults)
        day = self._day_at(line, "date_start", cells)
        last = self._day_at(line, "date_end", cells) if cells["date_end"] else day
        if day and last and last < day:
            self._fault(line, "date_end", f"{last} lies before the first day, {day}")
        code = self._code(line, cells)
        cell = cells["date_precision"] or "day"
        precision = _TIME_PRECISION.get(cell, cell)
        if precision not in PRECISIONS:
            allowed = one_of([*_TIME_PRECISION, *PRECISIONS])
            message = f"{precision!r} is no precision; allowed: {allowed}"
            self._fault(line, "date_precision", message)
        amounts = self._amounts(line, cells)
        if len(self.table.faults) > n_faults or not (day and last and code):
            return None
        period = self.map.period
        if period and not period[0] <= day.isoformat() <= period[1]:
            return self._leave_out("outside the period")
        if code.act == SKIP:
            return self._leave_out(f"{self._code_text(cells)} is skipped")
        actor = self._who(line, "actor", cells)
        target = self._who(line, "target", cells)
        if actor is None or target is None:
            return None
        for key, name in (("actor", actor), ("target", target)):
            if name == SKIP:
                return self._leave_out(f"{cells[key]} is skipped")
        if rest := amounts.pop(TOTAL, 0):
            side = f"killed_{self.map.killed.get(target, 'other')}"
            if side in amounts:  # they are of none of the sides that are told
                side = "killed_other"
            amounts[side] = amounts.get(side, 0) + rest
        if last > day and precision == "day":
            precision = RANGE
        site = cells["site"]
        return ImportedEvent(
            line=line,
            id=self._id(line, day, cells),
            date_start=day,
            date_end=last,
            date_precision=precision,
            code=self._code_text(cells),
            is_directed=code.is_directed,
            act=code.act,
            actor=actor,
            actor_as_told=cells["actor"],
            target=target,
            target_as_told=cells["target"],
            site=self.map.sites.get(site, f"{OUTSIDE}{site}") if site else "",
            amounts=amounts,
        )

    def _leave_out(self, reason: str) -> None:
        self.left_out[reason] += 1

    def _day_at(self, line: int, key: str, cells: dict[str, str]) -> date | None:
        day = self.day(cells[key])
        if isinstance(day, date):
            return day
        self._fault(line, key, day)
        return None

    def _day(self, text: str) -> date | str:
        """Return the day that a cell names, or what is wrong with it."""
        figures = _IN_FIGURES.get(self.map.dates or "")
        if whole := _ISO.fullmatch(text):
            text = whole[1]
        elif words := _IN_WORDS.fullmatch(text):
            name = words[2].casefold()
            months = [n for n, month in enumerate(_MONTHS, 1) if month.startswith(name)]
            if len(months) == 1:
                text = f"{words[3]}-{months[0]:02}-{int(words[1]):02}"
        elif figures and (parts := re.fullmatch(figures, text)):
            text = f"{parts['year']}-{int(parts['month']):02}-{int(parts['day']):02}"
        elif not text:
            return "is blank"
        else:
            form = self.map.dates or "2031-03-04 or 4 March 2031"
            hint = "" if figures else "; `dates` in the map says how figures are meant"
            return f"{shorten(text)!r} is not a day such as {form}{hint}"
        try:
            return day_of(text)
        except ValueError as error:
            return str(error)

    def _code_text(self, cells: dict[str, str]) -> str:
        return f"{cells['act']}/{cells['mode']}" if cells["mode"] else cells["act"]

    def _code(self, line: int, cells: dict[str, str]) -> Code | None:
        """Return what the code of a row means; the map comes before the table."""
        text = self._code_text(cells)
        name = text.casefold()
        self.met.add(name)
        code = self.codes.get(name)
        if act := self.acts.get(name):
            return Code(act, code is None or code.is_directed)
        if code is None:
            coding = self.map.coding
            message = (
                f"{shorten(text)!r} is no code of {coding}" if text else "is blank"
            )
            end = "; `acts` in the map may say what it means"
            self._fault(line, "act", Hinted(message, text, self.codes, end))
        return code

    def _who(self, line: int, key: str, cells: dict[str, str]) -> str | None:
        """Return who an actor of a row is in the scenario; empty for nobody."""
        name = cells[key]
        if not name:
            if key == "target":
                return ""
            self._fault(line, key, "is blank")
            return None
        who = self.map.actors.get(name) or self.map.unlisted
        if who is None:
            first, n = self.strangers.get((key, name), (line, 0))
            self.strangers[key, name] = first, n + 1
        return who

    def _amounts(self, line: int, cells: dict[str, str]) -> dict[str, int]:
        """Return the numbers of a row; blanks, which are unknown, are left out.

        The dead of all sides are those that no column of a side tells.
        """
        amounts: dict[str, int] = {}
        for key in self.amounts:
            if text := cells[key]:
                if whole := _WHOLE.fullmatch(text):
                    amounts[key] = int(whole[1])
                else:
                    message = f"{shorten(text)!r} is no whole number: 0, 1, ..."
                    self._fault(line, key, message)
        of_sides = [key for key in amounts if key.startswith("killed_")]
        if TOTAL in amounts:
            n_told = sum(amounts[key] for key in of_sides)
            amounts[TOTAL] -= n_told
            if amounts[TOTAL] < 0:
                sides = one_of(self.map.columns[key] for key in of_sides)
                message = f"{n_told + amounts[TOTAL]} are fewer than the {n_told} of "
                self._fault(line, TOTAL, f"{message}{sides}")
        return amounts

    def _id(self, line: int, day: date, cells: dict[str, str]) -> str:
        """Return an id that no row before has; a number makes a second one differ."""
        given = cells["id"]
        if given:
            self.ids.setdefault(given, []).append(line)
        name = identity = given or f"ev-{day}"
        while identity in self.taken or identity != given:
            self.serials[name] += 1
            identity = f"{name}-{self.serials[name]:02}"
            if identity not in self.taken:
                break
        self.taken.add(identity)
        return identity


def _alike(events: Iterable[ImportedEvent]) -> Iterator[tuple[int, ...]]:
    """Yield the lines of events of one day, code, pair of actors and site."""
    groups: defaultdict[Hashable, list[int]] = defaultdict(list)
    for event in events:
        groups[event.date_start, *_sort(event)].append(event.line)
    return (tuple(lines) for lines in groups.values() if len(lines) > 1)


def _running(events: Iterable[ImportedEvent]) -> Iterator[tuple[int, ...]]:
    """Yield the lines of events that last for days, or recur on day after day."""
    groups: defaultdict[Hashable, list[tuple[date, int]]] = defaultdict(list)
    for event in events:
        if event.date_end > event.date_start:
            yield (event.line,)
        elif event.date_precision == "day":
            groups[_sort(event)].append((event.date_start, event.line))
    for group in groups.values():
        runs: list[list[tuple[date, int]]] = []
        for day, line in sorted(group):
            if not runs or day - runs[-1][-1][0] > timedelta(days=1):
                runs.append([])
            runs[-1].append((day, line))
        for run in runs:
            if run[-1][0] > run[0][0]:
                yield tuple(line for _, line in run)


def _sort(event: ImportedEvent) -> tuple[object, ...]:
    """Return what events have in common that differ in their days alone."""
    pair = sorted((event.actor_as_told, event.target_as_told))
    return event.code.casefold(), *pair, event.site
