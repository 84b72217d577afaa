"""Read the distribution of a factor, and the numbers of an experiment's file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import nearest, one_of
from sim.experiment.factor import SHAPES, Distribution, shape_fault
from sim.experiment.shape import DISTRIBUTION, Field, check_fields, shown
from sim.reading.slot import as_list, as_mapping
from sim.sources import Basis, shipped_sources
from sim.units import Dimension, parse_quantity, to_canonical

if TYPE_CHECKING:
    from sim.experiment.shape import Section
    from sim.reading.faults import FaultList
    from sim.reading.tree import Keys, Plain


def canonical_number(item: Plain, unit: str, dimension: Dimension) -> float:
    """Return a number of the file in the canonical unit.

    Raises
    ------
    ValueError
        If it is none; the message says why.
    """
    if isinstance(item, str):
        value, own = parse_quantity(item)
        return to_canonical(value, own if own != "1" else unit, dimension) + 0.0
    if isinstance(item, bool) or not isinstance(item, int | float):
        message = f"{shown(item)} is not a number"
        raise ValueError(message)
    return to_canonical(float(item), unit, dimension) + 0.0


def read_distribution(
    faults: FaultList,
    keys: Keys,
    raw: Plain,
    unit: str,
    dimension: Dimension,
    limits: tuple[float, float],
    path: str,
) -> Distribution | None:
    """Return a distribution, or None when it is faulty.

    Parameters
    ----------
    faults
        Takes what is wrong.
    keys
        Where it stands.
    raw
        What the file says.
    unit
        Of its numbers.
    dimension
        Of the parameter.
    limits
        Its legal limits, canonical unit.
    path
        Its path, for messages.
    """
    shape = as_mapping(raw).get("shape")
    names = SHAPES.get(shape, ()) if isinstance(shape, str) else ()
    extra = {n: Field("any", f"of the {shape} distribution", True) for n in names}
    if not names:
        # Without a known shape nothing can be said of the other fields.
        raw = {k: v for k, v in as_mapping(raw).items() if k in DISTRIBUTION}
    fields = check_fields(faults, keys, raw, DISTRIBUTION | extra)
    if "shape" in fields and not names:
        hint = nearest(str(shape), SHAPES) or f"; shapes: {one_of(SHAPES)}"
        message = f"{shown(shape)} is not a shape{hint}"
        faults.add((*keys, "shape"), message)
    _check_basis(faults, keys, fields)
    numbers: list[float] = []
    for name in names:
        if name in fields:
            try:
                # A spread of logarithms and the shape of a beta have no unit.
                plain = name in ("log_sd", "a", "b")
                own = Dimension.NUMBER if plain else dimension
                given = "1" if plain else unit
                numbers.append(canonical_number(fields[name], given, own))
            except ValueError as error:
                faults.add((*keys, name), str(error))
    if not names or len(numbers) < len(names):
        return None
    if message := shape_fault(str(shape), tuple(numbers)):
        faults.add(keys, message)
        return None
    source = fields.get("source", "")
    ids = [source] if isinstance(source, str) else as_list(source)
    made = Distribution(
        str(shape),
        tuple(numbers),
        *limits,
        str(fields.get("basis", "")),
        ", ".join(str(i) for i in ids if i),
        str(fields.get("note", "")),
    )
    if made.mass < 0.5:
        message = (
            f"only {100 * made.mass:.0f} % of it lies inside the legal limits of "
            f"{path}, [{limits[0]:.12g}, {limits[1]:.12g}]"
        )
        faults.add(keys, message)
        return None
    return made


def _check_basis(faults: FaultList, keys: Keys, fields: Section) -> None:
    """Note a basis that is none, or one without its source."""
    basis, bases = fields.get("basis"), [b.value for b in Basis]
    if isinstance(basis, str) and basis not in bases:
        message = f"{shown(basis)} is not a basis; bases: {one_of(bases)}"
        faults.add((*keys, "basis"), f"{message}{nearest(basis, bases)}")
    elif basis not in (None, Basis.ASSUMED.value) and "source" not in fields:
        message = f"has no source; a {basis} distribution needs one"
        faults.add(keys, message)
    source = fields.get("source", [])
    sources = shipped_sources()
    for one in [source] if isinstance(source, str) else as_list(source):
        if isinstance(one, str) and one not in sources:
            message = f"{one!r} is not a source{nearest(one, sources)}"
            faults.add((*keys, "source"), message)
