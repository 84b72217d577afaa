from __future__ import annotations

import math
import re

import pytest

from sim.units import (
    Dimension,
    canonical_unit,
    legal_units,
    parse_quantity,
    to_canonical,
)


@pytest.mark.parametrize(
    ("value", "unit", "dimension", "expected"),
    [
        (2, "1/week", Dimension.RATE, 2 / 7),
        (1, "1/hour", Dimension.RATE, 24.0),
        (0.3, "1/day", Dimension.RATE, 0.3),
        (30.4375, "1/month", Dimension.RATE, 1.0),
        (365.25, "1/year", Dimension.RATE, 1.0),
        (36, "hours", Dimension.DURATION, 1.5),
        (1, "hour", Dimension.DURATION, 1 / 24),
        (30, "minutes", Dimension.DURATION, 1 / 48),
        (3, "days", Dimension.DURATION, 3.0),
        (2, "weeks", Dimension.DURATION, 14.0),
        (12, "months", Dimension.DURATION, 365.25),
        (1, "year", Dimension.DURATION, 365.25),
        (45, "%", Dimension.SHARE, 0.45),
        (0.45, "share", Dimension.SHARE, 0.45),
        (0.45, "1", Dimension.SHARE, 0.45),
        (-7.5, "1", Dimension.NUMBER, -7.5),
        (12, "rounds", Dimension.COUNT, 12.0),
        (12, "1", Dimension.COUNT, 12.0),
    ],
)
def test_conversions(value: float, unit: str, dimension: Dimension, expected: float):
    """Each conversion is the one that can be done by hand, to the last digit."""
    assert to_canonical(value, unit, dimension) == expected


@pytest.mark.parametrize("dimension", Dimension)
def test_the_canonical_unit_changes_nothing(dimension: Dimension):
    """The canonical unit is legal, and converting from it is the identity."""
    assert canonical_unit(dimension) in legal_units(dimension)
    assert to_canonical(0.1, canonical_unit(dimension), dimension) == 0.1


def test_an_unknown_unit_names_the_legal_and_the_nearest():
    """The message says what was found, what is allowed, what was meant."""
    with pytest.raises(ValueError, match="did you mean") as caught:
        to_canonical(1.0, "1/weeks", Dimension.RATE)
    assert str(caught.value) == (
        "'1/weeks' is not a unit of rate; units: 1/hour, 1/day, 1/week, 1/month,"
        " 1/year; did you mean '1/week'?"
    )


def test_a_rate_without_a_unit_is_refused():
    """A bare number is no rate: per day or per week must be said."""
    with pytest.raises(ValueError, match=r"^a bare number is not a unit of rate"):
        to_canonical(1.0, "1", Dimension.RATE)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_only_finite_values_convert(value: float):
    """NaN and infinity are refused."""
    with pytest.raises(ValueError, match="is not a finite number"):
        to_canonical(value, "day", Dimension.DURATION)


def test_a_conversion_may_not_overflow():
    """A value that is finite only in its own unit is refused."""
    with pytest.raises(ValueError, match="is not a finite number"):
        to_canonical(1e308, "years", Dimension.DURATION)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.1/week", (1.1, "1/week")),
        ("1.1 / week", (1.1, "1/week")),
        ("1.1 1/week", (1.1, "1/week")),
        ("3 days", (3.0, "days")),
        ("3days", (3.0, "days")),
        ("0.5", (0.5, "1")),
        (" .5 ", (0.5, "1")),
        ("45 %", (45.0, "%")),
        ("45%", (45.0, "%")),
        ("2 rounds", (2.0, "rounds")),
        ("-1e-3", (-0.001, "1")),
        ("+2.", (2.0, "1")),
    ],
)
def test_the_short_form(text: str, expected: tuple[float, str]):
    """A number and perhaps a unit is a quantity."""
    assert parse_quantity(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "week", "1.1/", "/week", "3 days ago", "1,5", "1_000", "nan", "inf",
        "-inf", "NaN days", "0x10", "1.1/2 weeks", "1 2", "3\ndays", "٣ days", "%",
        "1" * 100, "1..2", "e5", "1.1/week/day",
    ],
)  # fmt: skip
def test_what_is_no_quantity_is_refused(text: str):
    """The message shows what was found and what the form is."""
    end = "is not a quantity; write it like 1.1/week, 3 days, 45 % or 0.5"
    with pytest.raises(ValueError, match=re.escape(end)):
        parse_quantity(text)


def test_a_quantity_too_large_for_a_float_is_refused():
    """1e999 is no number."""
    with pytest.raises(ValueError, match=r"^1e999 is too large for a number$"):
        parse_quantity("1e999/week")
