"""Parameters with values at which a refused scenario would pass, for its refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.units import canonical_unit

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.rules.behaviour import Parameter


class Remedy(NamedTuple):
    """One parameter, as it is and as it would pass; canonical units."""

    path: str
    value: float
    passes: float
    unit: str

    def was(self) -> str:
        """Return the parameter as it is: ``actors.us.handover_rate = 2/day``."""
        return f"{self.path} = {written(self.value, self.unit)}"

    def __str__(self) -> str:
        return f"{self.path} = {written(self.passes, self.unit)}"


def unit_of(row: Parameter) -> str:
    """Return the unit of a parameter, empty for a plain number."""
    unit = canonical_unit(row.dimension)
    return "" if unit in ("1", "count") else unit


def written(value: float, unit: str) -> str:
    """Write a value as a file or ``--set`` takes it.

    >>> written(2.0, "1/day"), written(1.5, "day"), written(3.0, "")
    ('2/day', '1.5 days', '3')
    """
    if unit.startswith("1/"):
        return f"{value:.6g}{unit[1:]}"
    return f"{value:.6g} {unit}s" if unit else f"{value:.6g}"


def nearest_passing(
    value: float, end: float, passes: Callable[[float], bool], *, halvings: int = 12
) -> float | None:
    """Return a value of few digits that passes, near to the one that does not.

    `passes` says whether a value would; once it does on the way to `end`, it does up to
    there. None where the end does not pass either. `halvings` of that way say how near.
    """
    if not passes(end):
        return None
    good, bad = end, value
    for _ in range(halvings):
        middle = good + (bad - good) / 2.0
        if passes(middle):
            good = middle
        else:
            bad = middle
    low, high = sorted((good, end))
    # Away from the limit, not to the nearest: what is rounded still passes.
    for digits in (2, 3, 4):
        step = 10.0 ** (len(f"{abs(good):.0f}") - digits)
        for near in (float(f"{good:.{digits}g}"), good - step, good + step):
            short = float(f"{near:.{digits}g}")
            if low <= short <= high and passes(short):
                return short
    return good
