"""Statistics of the record that the model is held against: fitted, or only checked.

They stand in ``targets.yaml`` of a record, which is read whole or refused whole. Like
is held against like: an incident that a scenario puts in never counts in an outcome, so
its row is left out of the record's statistic as well (``without`` in the file).
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from math import floor, isfinite, nan
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.errors import Hinted, ScenarioError, SourceError, StudyError, nearest, one_of
from sim.files import data_folder
from sim.ladder import Act
from sim.outcomes.table import OUTCOMES
from sim.reading.faults import FaultList
from sim.reading.strict_yaml import read
from sim.scenario.calibrated import calibrated_paths

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from sim.reading.tree import Keys, Plain
    from sim.scenario.scenario import Scenario


ROLES: Final = ("fitted", "checked")

_FIGURES: Final = ("value", "standard_error", "low", "high", "n")
_TEXTS: Final = ("meaning", "outcome", "unit", "method", "source", "derive", "role",
                 "role_note")  # fmt: skip
_TOP: Final = ("schema", "record", "start", "end", "targets")
_LISTS: Final = ("used_to_set", "without")
_PART: Final = ("rows", *_FIGURES)
_FIELDS: Final = (*_TEXTS, *_FIGURES, *_LISTS, "note")


class Figures(NamedTuple):
    """A statistic and its uncertainty."""

    value: float
    standard_error: float
    low: float
    """Lower end of the 95 % interval of the record's own uncertainty."""
    high: float
    n: int
    """Observations behind the value."""


class Entry(NamedTuple):
    """One statistic of the record, as the file has it."""

    name: str
    meaning: str
    outcome: str
    unit: str
    figures: Figures
    without: tuple[tuple[tuple[str, ...], Figures], ...]
    """Ids of rows, and the figures without them."""
    used_to_set: tuple[str, ...]
    note: str
    role: str


class TargetFile(NamedTuple):
    """A record's statistics, and of what and when they speak."""

    record: str
    """Id of the record."""
    start: str
    """First day, ISO."""
    end: str
    """First day after, ISO."""
    entries: tuple[Entry, ...]


def read_targets(file: Path) -> TargetFile:
    """Read the targets of a record.

    Raises
    ------
    SourceError
        That names every fault of the file with its line.
    """
    try:
        document = read(file)
        faults = FaultList(document)
        data = _fields(faults, (), document.data, _TOP, _TOP)
        if data.get("schema", 1) != 1:
            message = f"{data['schema']!r} is not known; the schema is 1"
            faults.add(("schema",), message)
        for name in ("record", "start", "end"):
            _text(faults, (name,), data.get(name, ""))
        found = _mapping(faults, ("targets",), data.get("targets", {}))
        entries = [_entry(faults, name, value) for name, value in (found or {}).items()]
        faults.stop_if_any()
    except ScenarioError as error:
        raise SourceError(str(error)) from error
    return TargetFile(
        str(data["record"]), str(data["start"]), str(data["end"]), tuple(entries)
    )


def _entry(faults: FaultList, name: str, value: Plain) -> Entry:
    """Return a target; what is wrong with it is noted, and a stand-in returned."""
    keys: Keys = ("targets", name)
    data = _fields(faults, keys, value, _FIELDS, (*_TEXTS, *_FIGURES, "used_to_set"))
    texts = {
        field: _text(faults, (*keys, field), data.get(field, ""))
        for field in (*_TEXTS, "note")
    }
    if "role" in data and texts["role"] not in ROLES:
        message = f"{texts['role']!r} is no role; roles: {one_of(ROLES)}"
        faults.add((*keys, "role"), message + nearest(texts["role"], ROLES))
    outcome = texts["outcome"]
    if outcome and outcome not in OUTCOMES and not outcome.startswith("share_"):
        message = f"{outcome!r} is not an outcome{nearest(outcome, OUTCOMES)}"
        faults.add((*keys, "outcome"), message)
    without: list[tuple[tuple[str, ...], Figures]] = []
    listed = _list(faults, (*keys, "without"), data.get("without", []))
    for place, part in enumerate(listed):
        at: Keys = (*keys, "without", place)
        fields = _fields(faults, at, part, _PART, _PART)
        rows = _texts(faults, (*at, "rows"), fields.get("rows", []))
        without.append((rows, _figures(faults, at, fields)))
    return Entry(
        name,
        texts["meaning"],
        outcome,
        texts["unit"],
        _figures(faults, keys, data),
        tuple(without),
        _texts(faults, (*keys, "used_to_set"), data.get("used_to_set", [])),
        texts["note"],
        texts["role"],
    )


def _figures(faults: FaultList, keys: Keys, data: dict[str, Plain]) -> Figures:
    numbers = [
        _number(faults, (*keys, field), data.get(field, 0.0)) for field in _FIGURES
    ]
    value, error, low, high, n = numbers
    if error < 0.0:
        faults.add((*keys, "standard_error"), f"{error:g} is below 0")
    if low > high:
        faults.add((*keys, "low"), f"{low:g} is above high, {high:g}")
    if n < 0.0 or n != int(n):
        faults.add((*keys, "n"), f"{n:g} is not a whole number, 0 or more")
    return Figures(value, error, low, high, int(n))


def _fields(
    faults: FaultList,
    keys: Keys,
    value: Plain,
    known: Collection[str],
    needed: Collection[str],
) -> dict[str, Plain]:
    """Return a mapping; note unknown fields and missing ones."""
    data = _mapping(faults, keys, value)
    if data is None:
        return {}
    for name in data:
        if name not in known:
            message = Hinted("unknown field", name, known)
            faults.add((*keys, name), message, at_key=True)
    if missing := [name for name in needed if name not in data]:
        faults.add(keys, f"lacks {', '.join(missing)}", at_key=True)
    return data


def _mapping(faults: FaultList, keys: Keys, value: Plain) -> dict[str, Plain] | None:
    if isinstance(value, dict):
        return value
    faults.add(keys, "is no mapping of names to values")
    return None


def _list(faults: FaultList, keys: Keys, value: Plain) -> list[Plain]:
    if not isinstance(value, list):
        faults.add(keys, "is no list")
        return []
    return value


def _texts(faults: FaultList, keys: Keys, value: Plain) -> tuple[str, ...]:
    parts = _list(faults, keys, value)
    return tuple(_text(faults, (*keys, n), part) for n, part in enumerate(parts))


def _text(faults: FaultList, keys: Keys, value: Plain) -> str:
    if not isinstance(value, str):
        faults.add(keys, "is no text; put it in quotes")
        return ""
    return value


def _number(faults: FaultList, keys: Keys, value: Plain) -> float:
    if isinstance(value, (bool, str, list, dict)) or not isfinite(value):
        faults.add(keys, "is no number")
        return 0.0
    return float(value)


__all__ = ["ROLES", "Target", "fitted_targets", "targets_for"]


class Target(NamedTuple):
    """One statistic of the record."""

    name: str
    meaning: str
    outcome: str
    """Name of the outcome that it is paired with."""
    unit: str
    value: float
    low: float
    """Lower end of the 95 % interval of the record's own uncertainty."""
    high: float
    used_to_set: tuple[str, ...]
    """Paths of the parameters that were set from it."""
    note: str = ""
    role: str = "checked"
    """``fitted`` where a calibration may use it, ``checked`` where none may."""
    standard_error: float = nan
    """In the unit of the value."""
    n: int = 0
    """Observations behind the value."""
    without: tuple[str, ...] = ()
    """Ids of the rows of the record that it leaves out: the scenario puts them in."""


def targets_for(
    scenario: Scenario, until: float | None = None, seeds: Path | None = None
) -> tuple[Target, ...]:
    """Return the record's statistics for a scenario; none where it has no record.

    Parameters
    ----------
    scenario
        The scenario. The record speaks of it when ``targets.yaml`` names the scenario's
        record and its first and last day. Rows of the record that the scenario puts in
        are left out of every statistic that counts them.
    until
        Days simulated; less than the horizon has no record.
    seeds
        Folder of the record; the one that ships with escalade when None.

    Raises
    ------
    SourceError
        That names every fault of the file of targets with its line.
    """
    if until is not None and until != scenario.horizon:
        return ()
    if scenario.history is not None:  # what is left to simulate is a part of it
        return ()
    folder = data_folder("seeds") if seeds is None else seeds
    file = folder / "targets.yaml"
    if not file.is_file():
        return ()
    told = read_targets(file)
    end = scenario.start + timedelta(days=scenario.horizon)
    period = (scenario.start.isoformat(), end.isoformat())
    if (told.record, told.start, told.end) != (scenario.record, *period):
        return ()
    named = {row for entry in told.entries for ids, _ in entry.without for row in ids}
    put_in = _put_in(scenario, folder, named)
    targets = tuple(_target(entry, put_in) for entry in told.entries)
    return _with_fitted(targets, scenario)


def _target(entry: Entry, put_in: dict[str, str]) -> Target:
    """Return a target without the rows that are put in, where it counts any."""
    left_out: tuple[str, ...] = ()
    figures: Figures = entry.figures
    for rows, others in entry.without:
        if len(rows) > len(left_out) and put_in.keys() >= set(rows):
            left_out, figures = rows, others
    meaning = entry.meaning
    if left_out:
        what = ", ".join(put_in[row] for row in left_out)
        meaning += f", without what is put in ({what})"
    return Target(
        name=entry.name,
        meaning=meaning,
        outcome=entry.outcome,
        unit=entry.unit,
        value=figures.value,
        low=figures.low,
        high=figures.high,
        used_to_set=entry.used_to_set,
        note=entry.note,
        role=entry.role,
        standard_error=figures.standard_error,
        n=figures.n,
        without=left_out,
    )


def _put_in(scenario: Scenario, folder: Path, named: set[str]) -> dict[str, str]:
    """Return which of the named rows a scenario puts in, and what each of them is.

    It does where it lists the row's act as exogenous, so that its model makes none; and
    where one of its developments is such an act of the same actor on a day of the row.
    """
    if not named:
        return {}
    file = folder / "incidents" / f"{scenario.record}.csv"
    if not file.is_file():
        message = (
            f"{folder / 'targets.yaml'} names rows of {file}, which does not exist"
        )
        raise SourceError(message)
    with file.open(encoding="utf-8", newline="") as stream:
        rows = {row["id"]: row for row in csv.DictReader(stream) if row["id"] in named}
    if lost := sorted(named - rows.keys()):
        message = f"{folder / 'targets.yaml'}: {file.name} has no row {one_of(lost)}"
        raise SourceError(message)
    given = {
        (entry.act, entry.actor, scenario.start + timedelta(days=floor(entry.time)))
        for entry in scenario.given
    }
    found: dict[str, str] = {}
    for identity, row in rows.items():
        act = Act.__members__.get(row["act"].upper(), Act.NONE)
        days = [date.fromisoformat(row[name]) for name in ("date_start", "date_end")]
        is_given = any(
            (act, row["actor"]) == (of, by) and days[0] <= day <= days[1]
            for of, by, day in given
        )
        if is_given or act in scenario.exogenous:
            what = row["act"].replace("_", " ")
            found[identity] = f"{what} of {days[0].isoformat()}"
    return found


def fitted_targets(
    targets: Sequence[Target], names: Sequence[str] = ()
) -> tuple[Target, ...]:
    """Return the targets that a calibration uses.

    Parameters
    ----------
    targets
        All of the record.
    names
        Those that are wanted; every fitted one when empty.

    Raises
    ------
    StudyError
        If there is none, one does not exist, or one is only to be checked.
    """
    by_name = {target.name: target for target in targets}
    if not targets:
        message = "the scenario has no record to be calibrated on"
        raise StudyError(message)
    for name in names:
        if name not in by_name:
            message = f"{name!r} is not a target{nearest(name, by_name)}"
            raise StudyError(message)
        if by_name[name].role != "fitted":
            fitted = [t.name for t in targets if t.role == "fitted"]
            message = (
                f"{name} is only to be checked (seeds/targets.yaml says so, and why); "
                f"fitted: {one_of(fitted)}"
            )
            raise StudyError(message)
    wanted = names or [t.name for t in targets if t.role == "fitted"]
    return tuple(by_name[name] for name in wanted)


def _with_fitted(targets: tuple[Target, ...], scenario: Scenario) -> tuple[Target, ...]:
    """Say of each target that may be fitted that it set the scenario's fitted numbers.

    All of them are told of all: a fit moves every number towards every statistic. So
    tables call none of them a test, and no new fit takes such a number for a prior.
    """
    fitted = calibrated_paths(scenario)
    return tuple(
        target._replace(
            used_to_set=tuple(dict.fromkeys((*target.used_to_set, *fitted)))
        )
        if fitted and target.role == "fitted"
        else target
        for target in targets
    )
