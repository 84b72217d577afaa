"""Read the design of an experiment's file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sim.errors import Hinted, one_of
from sim.experiment.experiment import DESIGN_KINDS, DesignPlan
from sim.reading.scalar import shown
from sim.reading.slot import as_list, as_mapping
from sim.scenario.calendar import moment_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.experiment.factor import Factor, Level
    from sim.reading.faults import FaultList
    from sim.reading.tree import Keys, Plain

MOST_POINTS: Final = 100_000
DEFAULT_POINTS: Final[dict[str, int]] = {
    "grid": 5,
    "latin_hypercube": 64,
    "sobol": 64,
    "morris": 10,
    "saltelli": 64,
}


def read_design(
    faults: FaultList,
    raw: Plain | None,
    named: Mapping[str, Plain],
    factors: Sequence[Factor],
    is_whole: bool,
) -> DesignPlan:
    """Return the design; a grid where the file has none.

    Parameters
    ----------
    faults
        Takes what is wrong.
    raw
        What the file says.
    named
        The file's factors, faulty ones too.
    factors
        Those that are right.
    is_whole
        Whether no factor is faulty.
    """
    keys: Keys = ("design",)
    if raw is None:
        if named:
            message = f"is missing: how points are placed ({one_of(DESIGN_KINDS)})"
            faults.add(keys, message, at_key=True)
        return DesignPlan("grid", DEFAULT_POINTS["grid"])
    fields = as_mapping(raw)
    kind = str(fields.get("kind", ""))
    if not named:
        faults.add(keys, "there are no factors for it to vary", at_key=True)
    if not kind:
        return DesignPlan("grid", DEFAULT_POINTS["grid"])
    if "levels" in fields and kind != "morris":
        faults.add((*keys, "levels"), f"goes with morris only, not with {kind}")
    seed: Any = fields.get("root_seed", 1)
    levels: Any = fields.get("levels", 4)
    if levels % 2:
        message = f"{levels} is odd; a Morris design needs an even number of levels"
        faults.add((*keys, "levels"), message)
    points = fields.get("points")
    if kind == "list":
        rows = _rows(faults, points, factors) if is_whole else ()
        return DesignPlan(kind, len(rows), rows=rows)
    number: Any = DEFAULT_POINTS[kind] if points is None else points
    least = 2
    if isinstance(number, bool) or not isinstance(number, int):
        faults.add((*keys, "points"), f"{shown(number)} is not a whole number")
        number = DEFAULT_POINTS[kind]
    elif not least <= number <= MOST_POINTS:
        message = f"{number} is out of range; allowed is {least} to {MOST_POINTS}"
        faults.add((*keys, "points"), message)
    elif kind in ("sobol", "saltelli") and number & (number - 1):
        below = 1 << (number.bit_length() - 1)
        message = f"{number} is not a power of 2, as this design needs"
        faults.add(
            (*keys, "points"), f"{message}; the nearest are {below}, {2 * below}"
        )
    if kind == "grid" and is_whole and isinstance(number, int):
        size = 1
        for factor in factors:
            size *= factor.n_values or number
        if size > MOST_POINTS:
            message = f"the grid has {size} points; at most {MOST_POINTS} are allowed"
            faults.add(keys, message, at_key=True)
    return DesignPlan(kind, number, int(levels), int(seed))


def _rows(
    faults: FaultList, raw: Plain | None, factors: Sequence[Factor]
) -> tuple[tuple[Level, ...], ...]:
    """Return the points of a list; each gives every factor a value."""
    keys: Keys = ("design", "points")
    if not isinstance(raw, list) or not raw:
        fault = "is missing" if raw is None else f"{shown(raw)} is no list of points"
        faults.add(keys, f"{fault}; write one mapping of factor: value for each")
        return ()
    names = [factor.name for factor in factors]
    rows: list[tuple[Level, ...]] = []
    for place, entry in enumerate(as_list(raw)):
        at = (*keys, place)
        if not isinstance(entry, dict):
            message = f"{shown(entry)} is not a mapping; write 'factor: value' lines"
            faults.add(at, message)
            continue
        given = as_mapping(entry)
        for name in given:
            if name not in names:
                message = Hinted(
                    text=f"{name!r} is not a factor",
                    name=name,
                    allowed=names,
                    otherwise=f"; factors: {one_of(names)}",
                )
                faults.add((*at, name), message, at_key=True)
        row: list[Level] = []
        for factor in factors:
            if factor.name not in given:
                faults.add(at, f"gives {factor.name} no value")
            elif message := value_fault(factor, given[factor.name]):
                faults.add((*at, factor.name), message)
            else:
                row.append(_level(given[factor.name]))
        if len(row) == len(factors):
            rows.append(tuple(row))
    return tuple(rows)


def value_fault(factor: Factor, raw: Plain) -> str:
    """Say why a value is none of a factor's; say nothing if it is."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        return f"{shown(raw)} is not a value of {factor.name}"
    if factor.levels:
        if _level(raw) in factor.levels:
            return ""
        allowed = one_of([str(level) for level in factor.levels])
        return f"{shown(raw)} is not a level of {factor.name}; levels: {allowed}"
    if factor.kind == "date":
        try:
            moment_of(str(raw))
        except ValueError as error:
            return str(error)
    elif isinstance(raw, str):
        unit = "" if factor.unit == "1" else f" (in {factor.unit})"
        return f"{shown(raw)} is not a number{unit}"
    low, high = factor.low, factor.high
    if factor.is_whole and float(str(raw)) % 1.0:
        return f"{shown(raw)} is not a whole number, as {factor.name} must be"
    if not low <= factor.number(_level(raw)) <= high:
        ends = f"[{factor.text(factor.value(0.0))}, {factor.text(factor.value(1.0))}]"
        return f"{shown(raw)} is outside the range of {factor.name}, {ends}"
    return ""


def _level(raw: Plain) -> Level:
    return raw if isinstance(raw, str) else float(str(raw))
