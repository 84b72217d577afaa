"""Whether an experiment file has the right shape: which fields, and of which type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from sim.errors import Hinted, one_of
from sim.reading.scalar import shorten
from sim.reading.slot import as_list, as_mapping

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.reading.faults import FaultList
    from sim.reading.tree import Keys, Plain

NAME: Final = r"[a-z][a-z0-9_]*"
_LONGEST_NAME: Final = 64

Section: TypeAlias = "dict[str, Plain]"


class Field(NamedTuple):
    """What a field of the file may hold."""

    type: str
    """``text``, ``name``, ``whole``, ``number``, ``list``, ``mapping`` or ``any``."""
    meaning: str
    is_required: bool = False
    low: float | None = None
    high: float | None = None


MOST_REPLICATIONS: Final = 10_000_000
_SEED: Final = ("whole", "the integer that all chance hangs on")

TOP: Final[dict[str, Field]] = {
    "schema": Field("whole", "version of the format, 1", True),
    "id": Field("name", "the folder's name", True),
    "question": Field("text", "what the experiment is to answer", True),
    "scenario": Field("text", "a shipped scenario's id, or a file beside this", True),
    "root_seed": Field(*_SEED, True, 0.0, 2.0**63),
    "replications": Field(
        "whole", "for each arm at each design point", False, 2, MOST_REPLICATIONS
    ),
    "precision": Field("mapping", "how narrow an interval to reach instead"),
    "until": Field("any", "date or number of days at which to end"),
    "outcomes": Field("list", "names of the outcomes to report", True),
    "changes": Field("mapping", "path: value, for every arm"),
    "arms": Field("mapping", "what is to be set side by side"),
    "factors": Field("mapping", "what the design varies"),
    "design": Field("mapping", "which points of the factors are run"),
    "calibrate": Field("mapping", "how the factors are fitted to the record"),
    "score": Field("mapping", "the days from which it forecasts and is scored"),
    "note": Field("text", "free text"),
}
CALIBRATE: Final[dict[str, Field]] = {
    "particles": Field("whole", "size of each population", True, 20, 1_000_000),
    "generations": Field("whole", "populations at most", False, 1, 100),
    "least_acceptance": Field(
        "number", "share of attempts kept below which to stop", False, 0.0, 1.0
    ),
    "adjustment": Field("name", "linear (regression) or none"),
    "targets": Field("list", "names of fitted targets; all of them unless given"),
}
SCORE: Final[dict[str, Field]] = {
    "calibration": Field("text", "the experiment whose factors are refitted"),
    "origins": Field("list", "days from which it forecasts"),
    "every": Field("name", "month: an origin on each of its first days"),
    "first": Field("any", "the first origin of every month"),
    "last": Field("any", "the last origin of every month"),
    "window": Field("whole", "days; up to the next origin unless given", False, 1, 366),
    "particles": Field("whole", "of each refit", False, 20, 1_000_000),
    "generations": Field("whole", "of each refit, at most", False, 1, 100),
    "draws": Field("whole", "of each refit's posterior", False, 1, 1_000_000),
    "replications": Field("whole", "of each draw", False, 1, 1000),
    "questions": Field("list", "what each forecast is asked"),
}
PRECISION: Final[dict[str, Field]] = {
    "outcome": Field("text", "the outcome whose mean is to be known", True),
    "half_width": Field("number", "half of its 95 % interval", True, 0.0),
    "at_most": Field(
        "whole", "replications at which to give up", True, 2, MOST_REPLICATIONS
    ),
}
ARM: Final[dict[str, Field]] = {
    "label": Field("text", "how a table names the arm"),
    "changes": Field("mapping", "path: value, for this arm"),
    "cancels": Field("list", "ids of developments or record rows that do not happen"),
    "absent": Field("list", "actors that are not there"),
    "note": Field("text", "free text"),
}
FACTOR: Final[dict[str, Field]] = {
    "label": Field("text", "how a table names the factor"),
    "path": Field("any", "the value that it sets, or a list of them"),
    "presence": Field("name", "the actor that is there (1) or not (0)"),
    "arms": Field("list", "the arms that it chooses among"),
    "range": Field("list", "[low, high]"),
    "levels": Field("list", "the values themselves"),
    "unit": Field("text", "of range, levels and distribution"),
    "distribution": Field("mapping", "how likely its values are"),
    "note": Field("text", "free text"),
}
DISTRIBUTION: Final[dict[str, Field]] = {
    "shape": Field("name", "its family", True),
    "basis": Field("name", "what it rests on", True),
    "source": Field("any", "id in the source record, or a list of ids"),
    "note": Field("text", "free text"),
}
DESIGN: Final[dict[str, Field]] = {
    "kind": Field("name", "how points are placed", True),
    "points": Field("any", "how many, or the list itself"),
    "levels": Field("whole", "of each factor in a Morris design", False, 4, 32),
    "root_seed": Field(*_SEED, False, 0.0, 2.0**63),
}


def check_fields(
    faults: FaultList, keys: Keys, raw: Plain | None, fields: Mapping[str, Field]
) -> Section:
    """Note each field that is unknown, missing or of the wrong type; return the rest.

    Returns
    -------
    dict
        The fields that are as they should be.
    """
    if not isinstance(raw, dict):
        faults.add(keys, f"{shown(raw)} is not a mapping; write 'key: value' lines")
        return {}
    section = as_mapping(raw)
    good: Section = {}
    for name, value in section.items():
        field = fields.get(name)
        if field is None:
            message = Hinted(
                "unknown field", name, fields, f"; fields: {one_of(fields)}"
            )
            faults.add((*keys, name), message, at_key=True)
        elif message := _type_fault(field, value) or _bound_fault(field, value):
            faults.add((*keys, name), message)
        else:
            good[name] = value
    for name, field in fields.items():
        if field.is_required and name not in section:
            faults.add((*keys, name), f"is missing: {field.meaning}", at_key=True)
    return good


def check_names(faults: FaultList, keys: Keys, section: Mapping[str, Any]) -> None:
    """Note each key of a mapping that is not a name."""
    for name in section:
        if message := name_fault(name):
            faults.add((*keys, name), message, at_key=True)


def name_fault(name: object) -> str:
    """Say why a text is not a name; say nothing if it is one."""
    if isinstance(name, str) and re.fullmatch(NAME, name) and len(name) <= 64:
        return ""
    form = f"use a to z, 0 to 9 and _, beginning with a letter, at most {_LONGEST_NAME}"
    return f"{shorten(str(name))!r} is not a name; {form}"


def shown(value: object) -> str:
    """Write a value of a file as a message quotes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return repr(shorten(value))
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, list) else str(value)


def texts(
    faults: FaultList, keys: Keys, raw: Plain | None, *, least: int = 0
) -> list[str]:
    """Return a list's texts; note what is no text, what comes twice, what lacks."""
    found: dict[str, None] = {}
    items = as_list(raw)
    for place, item in enumerate(items):
        if not isinstance(item, str):
            message = f"{shown(item)} is not text; put it in quotes"
            faults.add((*keys, place), message)
        elif item in found:
            faults.add((*keys, place), f"{shorten(item)!r} is listed twice")
        else:
            found[item] = None
    if isinstance(raw, list) and len(items) < least:
        faults.add(keys, f"is empty; at least {least} is needed")
    return list(found)


def _type_fault(field: Field, value: Plain) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    wanted = field.type
    if wanted == "name":
        return name_fault(value)
    if wanted == "text" and not isinstance(value, str):
        return f"{shown(value)} is not text; put it in quotes"
    if wanted == "text" and not value:
        return "is empty"
    if wanted == "whole" and not (is_number and float(str(value)).is_integer()):
        return f"{shown(value)} is not a whole number"
    if wanted == "number" and not is_number:
        return f"{shown(value)} is not a number"
    if wanted == "list" and not isinstance(value, list):
        return f"{shown(value)} is not a list; write [a, b]"
    if wanted == "mapping" and not isinstance(value, dict):
        return f"{shown(value)} is not a mapping; write 'key: value' lines"
    return ""


def _bound_fault(field: Field, value: Plain) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    low, high = field.low, field.high
    if low is not None and value < low:
        return f"{value} is below {low:.12g}, the least that is allowed"
    if high is not None and value > high:
        return f"{value} is above {high:.12g}, the most that is allowed"
    return ""
