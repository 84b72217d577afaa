"""The file of targets, ``targets.yaml`` of a record: read whole, or refused whole."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.errors import ScenarioError, SourceError, nearest, one_of
from sim.outcomes.table import OUTCOMES
from sim.reading.faults import FaultList
from sim.reading.strict_yaml import read

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from sim.reading.tree import Keys, Plain

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
            message = f"unknown field{nearest(name, known)}"
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
