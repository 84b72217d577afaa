"""A factor: what a design varies, and which value belongs to which place in it.

Designs live in the unit cube. A factor turns a place between 0 and 1 into a value, by
the quantiles of its distribution; without one every value of its range is as likely.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

from sim.digits import plural
from sim.scenario.calendar import days_since, moment_of, moment_text

if TYPE_CHECKING:
    from datetime import date

Floats = np.ndarray[Any, np.dtype[np.float64]]

Level: TypeAlias = float | str
"""A factor's value: a number, a date (ISO 8601) or the name of an arm."""

SHAPES: Final[dict[str, tuple[str, ...]]] = {
    "uniform": ("low", "high"),
    "log_uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "normal": ("mean", "sd"),
    "lognormal": ("median", "log_sd"),
    "beta": ("a", "b"),
}
"""Families of distributions, and what each is given by."""


@dataclass(frozen=True)
class Distribution:
    """How likely a factor's values are, cut to the parameter's legal limits."""

    shape: str
    numbers: tuple[float, ...]
    """As `SHAPES` names them, canonical unit."""
    low: float
    """Nothing lies below; canonical unit."""
    high: float
    basis: str
    source: str = ""
    note: str = ""

    def quantile(self, share: float) -> float:
        """Return the value below which a share of the cut distribution lies."""
        return float(self.quantiles(np.array(share)))

    def quantiles(self, shares: Floats) -> Floats:
        """Return `quantile` of many shares at once."""
        first, last = (float(self._frozen.cdf(x)) for x in (self.low, self.high))
        values = self._frozen.ppf(first + shares * (last - first))
        return np.clip(values, self.low, self.high)

    def position(self, value: float) -> float:
        """Return the share of the cut distribution below a value."""
        return float(self.positions(np.array(value)))

    def positions(self, values: Floats) -> Floats:
        """Return `position` of many values at once."""
        first, last = (float(self._frozen.cdf(x)) for x in (self.low, self.high))
        return (self._frozen.cdf(values) - first) / (last - first)

    @property
    def mass(self) -> float:
        """Probability of the legal limits before the cut, 0 to 1."""
        return float(self._frozen.cdf(self.high) - self._frozen.cdf(self.low))

    @cached_property
    def _frozen(self) -> Any:
        from scipy import stats

        a, b = self.numbers[0], self.numbers[-1]
        match self.shape:
            case "uniform":
                return stats.uniform(a, b - a)
            case "log_uniform":
                return stats.loguniform(a, b)
            case "triangular":
                return stats.triang((self.numbers[1] - a) / (b - a), a, b - a)
            case "normal":
                return stats.norm(a, b)
            case "lognormal":
                return stats.lognorm(b, scale=a)
            case _:
                return stats.beta(a, b)


def shape_fault(shape: str, numbers: tuple[float, ...]) -> str:
    """Say why numbers do not make a distribution; say nothing if they do.

    >>> shape_fault("triangular", (1.0, 0.5, 2.0))
    'low, mode and high must rise; they are 1, 0.5, 2'
    """
    names = SHAPES[shape]
    listed = ", ".join(f"{number:.12g}" for number in numbers)
    if names[0] == "low" and (
        sorted(numbers) != list(numbers) or numbers[0] == numbers[-1]
    ):
        words = f"{', '.join(names[:-1])} and {names[-1]}"
        return f"{words} must rise; they are {listed}"
    positive = {"log_uniform": 2, "normal": 1, "lognormal": 2, "beta": 2}.get(shape, 0)
    which = numbers[len(numbers) - positive :]
    if any(number <= 0.0 for number in which):
        words = " and ".join(names[len(names) - positive :])
        return f"{words} must be above 0; given: {listed}"
    return ""


@dataclass(frozen=True)
class Factor:
    """One thing that a design varies."""

    name: str
    label: str
    kind: str
    """``number``, ``date``, ``presence`` or ``arm``."""
    paths: tuple[str, ...] = ()
    """The values that it sets, all to the same; or the actor whose presence it is."""
    unit: str = "1"
    """Canonical unit of a number."""
    low: float = 0.0
    """Canonical unit; days since the scenario's start for dates."""
    high: float = 1.0
    levels: tuple[Level, ...] = ()
    """The values, where they are listed; in the order of the file."""
    distribution: Distribution | None = None
    is_whole: bool = False
    """Whether only whole numbers make sense; others are rounded."""
    written: str = ""
    """The unit that the file writes; the canonical one when empty."""
    each: float = 1.0
    """How many canonical units one of it is."""
    start: date | None = None
    """The scenario's first day; dates count from it."""
    note: str = ""

    def value(self, place: float) -> Level:
        """Return the value at a place of the design.

        Parameters
        ----------
        place
            0 to 1.

        Examples
        --------
        >>> rate = Factor("rate", "rate", "number", low=2.0, high=4.0)
        >>> rate.value(0.25)
        2.5
        """
        if self.levels:
            number = min(int(place * len(self.levels)), len(self.levels) - 1)
            return self.levels[number]
        if self.distribution is not None:
            exact = self.distribution.quantile(place)
        else:
            exact = self.low + place * (self.high - self.low)
        if self.is_whole:
            return float(round(exact))
        if self.kind == "date" and self.start is not None:
            return moment_text(self.start, exact)
        return exact

    def numbers_at(self, places: Floats) -> Floats:
        """Return the values of a number at many places of the design at once."""
        if self.distribution is not None:
            numbers = self.distribution.quantiles(places)
        else:
            numbers = self.low + places * (self.high - self.low)
        return np.round(numbers) if self.is_whole else numbers

    def position(self, value: Level) -> float:
        """Return the place of a value; undoes `value`.

        Examples
        --------
        >>> Factor("x", "x", "number", levels=(1.0, 2.0)).position(2.0)
        0.75
        """
        if self.levels:
            return (self.levels.index(value) + 0.5) / len(self.levels)
        number = self.number(value)
        if self.distribution is not None:
            return self.distribution.position(number)
        return (number - self.low) / (self.high - self.low)

    def number(self, value: Level) -> float:
        """Return a value as a number: days for a date, its order for an arm."""
        if not isinstance(value, str):
            return float(value)
        if self.kind == "date" and self.start is not None:
            return days_since(self.start, moment_of(value))
        return float(self.levels.index(value))

    def grid(self, n_levels: int) -> list[float]:
        """Return the places of a grid: each level, or so many from end to end.

        A factor with a distribution is taken at the middles of equally likely parts.
        """
        if self.levels:
            n = len(self.levels)
            return [(i + 0.5) / n for i in range(n)]
        if self.distribution is not None:
            return [(i + 0.5) / n_levels for i in range(n_levels)]
        return [float(x) for x in np.linspace(0.0, 1.0, n_levels)]

    @property
    def n_values(self) -> int | None:
        """How many values it has, where they can be counted."""
        return len(self.levels) or None

    def text(self, value: Level) -> str:
        """Write a value with its unit."""
        if isinstance(value, str):
            return value.removesuffix("T00:00")
        if self.kind == "presence":
            return "there" if value else "absent"
        unit, value = self.written or self.unit, value / self.each
        if unit in ("1", "count"):
            return f"{value:.3g}"
        if unit.startswith("1/"):
            return f"{value:.3g} per {unit[2:]}"
        return f"{value:.3g} {plural(value, unit) if unit == 'day' else unit}"
