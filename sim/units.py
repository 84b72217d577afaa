"""Units: inside everything is days, rates per day and shares of one.

Values arrive from files with a unit and are converted once, here. A rate is not a
probability: nothing converts the one to the other.
"""

from __future__ import annotations

import math
import re
from enum import StrEnum

from sim.errors import nearest, one_of


class Dimension(StrEnum):
    """What kind of quantity a parameter is; it decides which units are legal."""

    RATE = "rate"
    DURATION = "duration"
    SHARE = "share"  # of a whole, 0 to 1; the range is checked elsewhere
    NUMBER = "number"
    COUNT = "count"  # whole things: persons, rounds, deaths


# (multiply by, then divide by): two exact numbers, so that 2/week is exactly 2 / 7.
# A year is 365.25 days and a month its twelfth, 30.4375 days.
_SAME = (1.0, 1.0)
_SHORT = {"minute": (1.0, 1440.0), "hour": (1.0, 24.0), "day": _SAME}
_LONG = {"week": (7.0, 1.0), "month": (30.4375, 1.0), "year": (365.25, 1.0)}
_SPANS = _SHORT | _LONG
_COUNTED = ("count", "person", "persons", "rounds", "launchers", "deaths", "1")
_UNITS: dict[Dimension, dict[str, tuple[float, float]]] = {
    Dimension.RATE: {f"1/{s}": (f[1], f[0]) for s, f in _SPANS.items()},
    Dimension.DURATION: {n: f for s, f in _SPANS.items() for n in (s, f"{s}s")},
    Dimension.SHARE: {"1": _SAME, "%": (1.0, 100.0), "share": _SAME},
    Dimension.NUMBER: {"1": _SAME},
    Dimension.COUNT: dict.fromkeys(_COUNTED, _SAME),
}
del _UNITS[Dimension.RATE]["1/minute"]  # nothing here happens once a minute
_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_QUANTITY = re.compile(
    rf"({_NUMBER}) *(?:/ *([A-Za-z]+)|(1/[A-Za-z]+|[A-Za-z]+|%))?", re.ASCII
)
_LONGEST = 80  # characters; a quantity is a number and a word


def legal_units(dimension: Dimension) -> tuple[str, ...]:
    """Return the unit strings that a file may use for a dimension."""
    return tuple(_UNITS[dimension])


def canonical_unit(dimension: Dimension) -> str:
    """Return the unit in which the inside keeps a dimension."""
    named = {"rate": "1/day", "duration": "day", "count": "count"}
    return named.get(dimension, "1")


def to_canonical(value: float, unit: str, dimension: Dimension) -> float:
    """Convert a value to the canonical unit of its dimension.

    >>> to_canonical(14.0, "1/week", Dimension.RATE)
    2.0
    """
    units = _UNITS[dimension]
    if unit not in units:
        given = "a bare number" if unit == "1" else repr(unit[:_LONGEST])
        if [*units] == ["1"]:
            message = f"{given} is a unit, and this is a bare number: write no unit"
            raise ValueError(message)
        hint = nearest(unit, units)
        message = f"{given} is not a unit of {dimension}; units: {one_of(units)}{hint}"
        raise ValueError(message)
    multiply, divide = units[unit]
    converted = value * multiply / divide
    if not math.isfinite(converted):
        message = f"{value} {unit} is not a finite number"
        raise ValueError(message)
    return converted


def parse_quantity(text: str) -> tuple[float, str]:
    """Split the short form into a value and a unit; no unit is the unit ``1``.

    >>> [parse_quantity(t) for t in ("1.1/week", "3 days", "45 %", "0.5")]
    [(1.1, '1/week'), (3.0, 'days'), (45.0, '%'), (0.5, '1')]
    """
    stripped = text.strip(" ")
    match = _QUANTITY.fullmatch(stripped) if len(stripped) <= _LONGEST else None
    if match is None:
        form = "1.1/week, 3 days, 45 % or 0.5"
        message = f"{text[:_LONGEST]!r} is not a quantity; write it like {form}"
        raise ValueError(message)
    value = float(match[1])
    if not math.isfinite(value):
        message = f"{match[1]} is too large for a number"
        raise ValueError(message)
    return value, f"1/{match[2]}" if match[2] else match[3] or "1"


def as_in_file(value: float | str, unit: str) -> float | str:
    """Return a canonical value as a file would write it; a text stays as it is.

    >>> as_in_file(0.5, "1/day"), as_in_file(0.5, "1"), as_in_file("2020-01-03", "date")
    ('0.5 1/day', 0.5, '2020-01-03')
    """
    return value if isinstance(value, str) or unit == "1" else f"{value!r} {unit}"


def plain_unit(value: float, unit: str) -> tuple[float, str]:
    """Return a factor and a unit in which a canonical value is shortest to write.

    So a rate is told as it was written: per week, month or year.

    >>> plain_unit(0.2 / 30.4375, "1/day")
    (30.4375, '1/month')
    >>> plain_unit(14.0, "day"), plain_unit(0.3, "1")
    ((1.0, 'day'), (1.0, '1'))
    """
    if unit != "1/day" or value == 0.0:
        return 1.0, unit
    spans = {"day": 1.0} | {name: up for name, (up, _) in _LONG.items()}

    def length(span: str) -> tuple[bool, int]:
        number = value * spans[span]
        mantissa = f"{number:.3g}".split("e")[0].replace(".", "").strip("0")
        return not math.isclose(float(f"{number:.3g}"), number, rel_tol=1e-6), len(
            mantissa
        )

    span = min(spans, key=length)
    return spans[span], f"1/{span}"
