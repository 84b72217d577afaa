"""What the picture of a brief shows, before it is plotted."""

from __future__ import annotations

from math import nan
from typing import NamedTuple


class Line(NamedTuple):
    """One line of a picture: a value with its interval."""

    label: str
    value: float
    low: float
    high: float
    draws_low: float = nan
    """Where 95 % of parameter draws begin; nan where there are none, or none told."""
    draws_high: float = nan


class Panel(NamedTuple):
    """Lines of a picture that share an axis."""

    title: str
    unit: str
    lines: tuple[Line, ...]
    is_difference: bool = False
    """Whether the values are differences, to be held against 0."""
