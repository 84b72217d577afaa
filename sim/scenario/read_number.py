"""Read one number of a file: its unit, its range, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import ValidationError

from sim.errors import Hinted
from sim.reading.faults import FaultList
from sim.reading.slot import Slot
from sim.rules.behaviour import Parameter
from sim.scenario.scenario import Cited
from sim.scenario.schema import Quantity
from sim.sources import Basis, Sources
from sim.units import canonical_unit, to_canonical

BETWEEN_IDS = ", "
"""Joins the ids of a number that rests on several sources."""


def read_number(faults: FaultList, slot: Slot, sources: Sources) -> Cited | None:
    """Read the number in a slot; None where there is none, or a faulty one.

    A number of the wrong shape is left to `sim.reading.structure`.
    """
    row = slot.parameter
    if slot.raw is None:
        return None if row.default is None else _default(slot, row.default)
    try:
        quantity = Quantity.model_validate(slot.raw)
    except ValidationError:
        return None
    is_short = not isinstance(slot.raw, dict)
    at_value = slot.keys if is_short else (*slot.keys, "value")
    n_faults = len(faults.faults)
    for key, message in _provenance_faults(quantity, sources):
        faults.add((*slot.keys, *key), message, at_key=len(key) == 0)
    if quantity.range and len(quantity.range) != 2:
        message = f"is not two numbers but {len(quantity.range)}; write [low, high]"
        faults.add((*slot.keys, "range"), message)
    is_ranged = len(quantity.range) == 2
    try:
        value = to_canonical(quantity.value, quantity.unit, row.dimension) + 0.0
        low, high = usual_range(row, value)
        if is_ranged:
            low, high = (
                to_canonical(bound, quantity.unit, row.dimension) + 0.0
                for bound in quantity.range
            )
    except ValueError as error:
        faults.add(slot.keys if is_short else (*slot.keys, "unit"), str(error))
        return None
    if message := _outside(value, quantity, row):
        faults.add(at_value, message)
    elif slot.is_whole and not value.is_integer():
        faults.add(at_value, f"{_short(value)} is not a whole number")
    elif is_ranged:
        for message in _range_faults(value, low, high, quantity, row):
            faults.add((*slot.keys, "range"), message)
    if len(faults.faults) > n_faults:
        return None
    return Cited(
        path=slot.path,
        value=value,
        unit=canonical_unit(row.dimension),
        basis=quantity.basis,
        source=BETWEEN_IDS.join(quantity.source),
        low=low,
        high=high,
        note=quantity.note,
        manifest=quantity.manifest,
    )


def usual_range(row: Parameter, value: float) -> tuple[float, float]:
    """Return the range of a number that gives none: its kind's, wide enough for it."""
    low, high = row.usual or (row.low, row.high)
    return min(low, value) + 0.0, max(high, value) + 0.0


def _default(slot: Slot, value: float) -> Cited:
    row = slot.parameter
    unit = canonical_unit(row.dimension)
    low, high = usual_range(row, value)
    whose = "kind" if slot.keys[0] == "actors" else "format"
    return Cited(
        path=slot.path,
        value=value,
        unit=unit,
        basis=Basis.ASSUMED.value,
        source="",
        low=low,
        high=high,
        note=f"default of the {whose}",
    )


def _provenance_faults(
    quantity: Quantity, sources: Sources
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield what is wrong with a number's basis, source and manifest."""
    basis = quantity.basis
    if basis != Basis.ASSUMED and not quantity.source:
        yield (), f"has no source; a {basis} number needs one"
    if basis == Basis.CALIBRATED and not quantity.manifest:
        yield (), "has no manifest; a calibrated number names what it was fitted with"
    if basis != Basis.CALIBRATED and quantity.manifest:
        message = f"only a calibrated number has a manifest; this one is {basis}"
        yield ("manifest",), message
    for message in source_faults(quantity.source, sources):
        yield ("source",), message


def source_faults(ids: list[str], sources: Sources) -> Iterator[str]:
    """Yield one message for each id that is not in the source record."""
    for source_id in ids:
        if source_id not in sources:
            yield Hinted(f"{source_id!r} is not a source", source_id, sources)


def _outside(value: float, quantity: Quantity, row: Parameter) -> str:
    """Say how a value lies outside its legal limits, if it does."""
    if row.low <= value <= row.high:
        return ""
    side = "below" if value < row.low else "above"
    return f"{_as_written(value, quantity, row)} is {side} the range {_interval(row)}"


def _range_faults(
    value: float, low: float, high: float, quantity: Quantity, row: Parameter
) -> Iterator[str]:
    """Yield what is wrong with the range that sweeps may explore."""
    written = f"[{quantity.range[0]:.12g}, {quantity.range[1]:.12g}]"
    if low > high:
        yield f"{written} is the wrong way round; write [low, high]"
    elif not low <= value <= high:
        yield f"{written} does not contain the value {quantity.value:.12g}"
    if low < row.low or high > row.high:
        unit = "" if quantity.unit == canonical_unit(row.dimension) else quantity.unit
        shown = f"{written} {unit}".rstrip()
        yield f"{shown} reaches beyond the range {_interval(row)}"


def _as_written(value: float, quantity: Quantity, row: Parameter) -> str:
    canonical = canonical_unit(row.dimension)
    number = _short(quantity.value)
    if quantity.unit in (canonical, "1"):
        return number
    if value == quantity.value:
        return f"{number} {quantity.unit}"
    shown = _short(value) if canonical == "1" else f"{_short(value)} {canonical}"
    return f"{number} {quantity.unit} ({shown})"


def _interval(row: Parameter) -> str:
    unit = canonical_unit(row.dimension)
    shown = "" if unit in ("1", "count") else f" {unit}"
    return f"[{_short(row.low)}, {_short(row.high)}]{shown}"


def _short(value: float) -> str:
    return f"{value:.12g}"
