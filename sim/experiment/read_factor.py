"""Read one factor of an experiment's file: what it sets, and which values it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.errors import MOST_FAULTS, Hinted, nearest, one_of
from sim.experiment.factor import SHAPES, Distribution, Factor, Level, shape_fault
from sim.experiment.variant import kinds_in
from sim.reading.scalar import shorten, shown
from sim.reading.slot import as_list, as_mapping, development_name, slots
from sim.scenario.beside import sources_of
from sim.scenario.calendar import days_since, moment_of
from sim.scenario.gone import gone_at
from sim.sources import Basis
from sim.units import (
    Dimension,
    canonical_unit,
    legal_units,
    parse_quantity,
    to_canonical,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.experiment.experiment import Arm
    from sim.reading.faults import FaultList
    from sim.reading.slot import Slot
    from sim.reading.strict_yaml import Document
    from sim.reading.tree import Keys, Plain
    from sim.scenario.scenario import Scenario
    from sim.sources import Sources


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
    sources: Sources,
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
    sources
        Those that it may cite.
    """
    fields = as_mapping(raw)
    shape = str(fields.get("shape", ""))
    names = SHAPES.get(shape, ())
    _check_basis(faults, keys, fields, sources)
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
    if message := shape_fault(shape, tuple(numbers)):
        faults.add(keys, message)
        return None
    source = fields.get("source", "")
    ids = [source] if isinstance(source, str) else as_list(source)
    distribution = Distribution(
        shape=shape,
        numbers=tuple(numbers),
        low=limits[0],
        high=limits[1],
        basis=str(fields.get("basis", "")),
        source=", ".join(str(i) for i in ids if i),
        note=str(fields.get("note", "")),
    )
    if distribution.mass < 0.5:
        message = (
            f"only {100 * distribution.mass:.0f} % of it lies inside the legal limits "
            f"of {path}, [{limits[0]:.12g}, {limits[1]:.12g}]"
        )
        faults.add(keys, message)
        return None
    return distribution


def _check_basis(
    faults: FaultList, keys: Keys, fields: Mapping[str, Plain], sources: Sources
) -> None:
    """Note a basis without its source, and a source that is none."""
    basis = fields.get("basis")
    if basis not in (None, Basis.ASSUMED.value) and "source" not in fields:
        message = f"has no source; a {basis} distribution needs one"
        faults.add(keys, message)
    source = fields.get("source", [])
    for one in [source] if isinstance(source, str) else as_list(source):
        if isinstance(one, str) and one not in sources:
            message = f"{one!r} is not a source{nearest(one, sources)}"
            faults.add((*keys, "source"), message)


WAYS: Final = ("path", "presence", "arms")
VALUES: Final = ("range", "levels", "distribution")


class Settable(NamedTuple):
    """What a factor of a scenario may set, by path."""

    slots: dict[str, Slot]
    dates: list[str]

    @classmethod
    def of(cls, base: Document, scenario: Scenario) -> Settable:
        """List the numbers and dates of a file; once for all factors."""
        numbers = slots(base.data, kinds_in(scenario))
        return cls({slot.path: slot for slot in numbers}, [*_date_paths(base.data)])


def read_factor(
    faults: FaultList,
    name: str,
    raw: Plain,
    settable: Settable,
    scenario: Scenario,
    arms: Sequence[Arm],
    section: Keys = (),
) -> Factor | None:
    """Return a factor of a section of the file, or None when it is faulty."""
    keys = (*section, "factors", name)
    fields, n_faults = as_mapping(raw), len(faults.faults)
    gone = [*WAYS, *VALUES, "unit"]
    if any((*keys, field) in faults.places for field in gone):
        return None  # what is left of it cannot be judged
    given = [way for way in WAYS if way in fields]
    if len(given) != 1:
        ways = " and ".join(given) or "nothing"
        faults.add(keys, f"sets {ways}; give exactly one of {', '.join(WAYS)}")
    several = [way for way in VALUES if way in fields]
    if len(several) > 1:
        message = f"has {' and '.join(several)}; give at most one of them"
        faults.add(keys, message)
    if len(faults.faults) > n_faults:
        return None
    label, note = str(fields.get("label", name)), str(fields.get("note", ""))
    if given == ["path"]:
        reader = _NumberReader(faults, keys, fields, settable, scenario)
        factor = reader.factor(name, label, note)
    else:
        factor = _switch(faults, keys, fields, given[0], scenario, arms)
        factor = Factor(name, label, *factor, note=note) if factor else None
    return factor if len(faults.faults) == n_faults else None


def _switch(
    faults: FaultList,
    keys: Keys,
    fields: Mapping[str, Plain],
    way: str,
    scenario: Scenario,
    arms: Sequence[Arm],
) -> tuple[Any, ...] | None:
    """Return the parts of a factor that chooses: presence of an actor, or an arm."""
    for other in (*VALUES, "unit"):
        if other in fields and not (way == "presence" and other == "levels"):
            faults.add((*keys, other), f"does not go with {way}")
    if way == "presence":
        actor, known = str(fields["presence"]), [a.name for a in scenario.actors]
        if actor not in known:
            hint = nearest(actor, known) or f"; actors: {one_of(known)}"
            message = f"{shorten(actor)!r} is not an actor{hint}"
            faults.add((*keys, "presence"), message)
            return None
        levels = as_list(fields.get("levels")) or [0, 1]
        if [level for level in levels if level not in (0, 1)]:
            faults.add((*keys, "levels"), "presence is 0 (absent) or 1 (there)")
        numbers = tuple(float(str(level)) for level in levels if level in (0, 1))
        return "presence", (actor,), "1", 0.0, 1.0, numbers
    known = [arm.name for arm in arms]
    at, listed = (*keys, "arms"), f"; arms: {one_of(known)}"
    names = faults.known(at, fields["arms"], known, "an arm", listed)
    return "arm", (), "1", 0.0, 1.0, tuple(names)


class _NumberReader:
    """Reads a factor that sets a number or a date."""

    def __init__(
        self,
        faults: FaultList,
        keys: Keys,
        fields: Mapping[str, Plain],
        settable: Settable,
        scenario: Scenario,
    ) -> None:
        self.faults, self.keys, self.fields = faults, keys, fields
        self.scenario = scenario
        self.slots, self.dates = settable

    def factor(self, name: str, label: str, note: str) -> Factor | None:
        """Return the factor, or None when something is wrong."""
        raw = self.fields["path"]
        paths = (
            [raw]
            if isinstance(raw, str)
            else self.faults.distinct((*self.keys, "path"), raw)
        )
        known = [path for path in paths if self._is_known(path, raw)]
        if not paths or len(known) < len(paths):
            return None
        is_date = [path in self.dates for path in paths]
        units = {
            canonical_unit(self.slots[path].parameter.dimension)
            for path in paths
            if path in self.slots
        }
        if len(units) + any(is_date) > 1:
            listed = one_of(sorted(units) + ["date"] * any(is_date))
            message = f"joins values of different units: {listed}"
            self.faults.add((*self.keys, "path"), message)
            return None
        if all(is_date):
            return self._date(name, label, note, paths)
        return self._number(name, label, note, paths)

    def _is_known(self, path: str, raw: Plain) -> bool:
        if path in self.slots or path in self.dates:
            return True
        at = (*self.keys, "path")
        if isinstance(raw, list) and len(self.faults.faults) <= MOST_FAULTS:
            at = (*at, raw.index(path))
        fault = f"{shorten(path)!r} is not a number or date of {self.scenario.name}"
        kinds: Plain = {a.name: {"kind": a.kind.name} for a in self.scenario.actors}
        says = Hinted(fault, path, [*self.slots, *self.dates])
        self.faults.add(at, gone_at({"actors": kinds}, path) or says)
        return False

    def _date(
        self, name: str, label: str, note: str, paths: list[str]
    ) -> Factor | None:
        keys, start = self.keys, self.scenario.start
        if "distribution" in self.fields or "unit" in self.fields:
            field = "unit" if "unit" in self.fields else "distribution"
            self.faults.add((*keys, field), "does not go with a date")
            return None
        way = "levels" if "levels" in self.fields else "range"
        if way not in self.fields:
            self.faults.add(keys, "has neither range nor levels; a date needs one")
            return None
        days: list[float] = []
        raw = as_list(self.fields[way])
        for place, text in enumerate(raw):
            try:
                days.append(days_since(start, moment_of(str(text))))
            except ValueError as error:
                self.faults.add((*keys, way, place), str(error))
        if len(days) < len(raw) or not self._is_range(way, days):
            return None
        levels: tuple[Level, ...] = tuple(map(str, raw)) if way == "levels" else ()
        return Factor(
            name=name,
            label=label,
            kind="date",
            paths=tuple(paths),
            unit="date",
            low=min(days),
            high=max(days),
            levels=levels,
            start=start,
            note=note,
        )

    def _number(
        self, name: str, label: str, note: str, paths: list[str]
    ) -> Factor | None:
        slot = self.slots[paths[0]]
        dimension = slot.parameter.dimension
        unit = str(self.fields.get("unit", canonical_unit(dimension)))
        if unit not in legal_units(dimension):
            message = f"{unit!r} is not a unit of {paths[0]}"
            allowed = one_of(legal_units(dimension))
            self.faults.add((*self.keys, "unit"), f"{message}; units: {allowed}")
            return None
        low = max(self.slots[path].parameter.low for path in paths)
        high = min(self.slots[path].parameter.high for path in paths)
        levels: tuple[float, ...] = ()
        distribution = None
        if "distribution" in self.fields:
            distribution = read_distribution(
                faults=self.faults,
                keys=(*self.keys, "distribution"),
                raw=self.fields["distribution"],
                unit=unit,
                dimension=dimension,
                limits=(low, high),
                path=paths[0],
                sources=sources_of(self.scenario),
            )
            if distribution is None:
                return None
            bounds = (distribution.quantile(0.0), distribution.quantile(1.0))
        else:
            way = "levels" if "levels" in self.fields else "range"
            if way in self.fields:
                numbers = self._numbers(way, unit, paths[0])
                if numbers is None or not self._is_range(way, numbers):
                    return None
                if not self._is_legal(way, numbers, (low, high), paths[0]):
                    return None
                bounds = (min(numbers), max(numbers))
                levels = tuple(numbers) if way == "levels" else ()
            else:
                bounds = self._cited(paths)
                if bounds is None:
                    return None
        return Factor(
            name=name,
            label=label,
            kind="number",
            paths=tuple(paths),
            unit=canonical_unit(dimension),
            low=bounds[0],
            high=bounds[1],
            levels=levels,
            distribution=distribution,
            is_whole=any(self.slots[path].is_whole for path in paths),
            written=unit,
            each=to_canonical(1.0, unit, dimension),
            note=note,
        )

    def _cited(self, paths: list[str]) -> tuple[float, float] | None:
        """Return the range that the scenario gives for all of the paths."""
        cited = {c.path: c for c in self.scenario.cited}
        ranges = [cited[path] for path in paths if path in cited]
        low = max((c.low for c in ranges), default=0.0)
        high = min((c.high for c in ranges), default=0.0)
        if low < high:
            return low, high
        if len(ranges) > 1:
            message = "the ranges that the scenario cites do not overlap; give one"
        else:
            message = f"has no range, and {self.scenario.name} gives {paths[0]} none"
        self.faults.add(self.keys, message)
        return None

    def _numbers(self, way: str, unit: str, path: str) -> list[float] | None:
        """Return the numbers of a list in the canonical unit."""
        numbers: list[float] = []
        raw = as_list(self.fields[way])
        for place, item in enumerate(raw):
            try:
                dimension = self.slots[path].parameter.dimension
                numbers.append(canonical_number(item, unit, dimension))
            except ValueError as error:
                self.faults.add((*self.keys, way, place), str(error))
        return numbers if len(numbers) == len(raw) else None

    def _is_range(self, way: str, numbers: list[float]) -> bool:
        at = (*self.keys, way)
        listed = ", ".join(map(str, as_list(self.fields[way])))
        message = ""
        if way == "range" and len(numbers) != 2:
            message = f"is not two values but {len(numbers)}; write [low, high]"
        elif way == "range" and not numbers[0] < numbers[1]:
            message = f"[{listed}] does not rise; write [low, high]"
        elif way == "levels" and not numbers:
            message = "is empty; at least 1 is needed"
        elif way == "levels" and len(set(numbers)) < len(numbers):
            message = f"[{listed}] holds a value twice"
        if message:
            self.faults.add(at, message)
        return not message

    def _is_legal(
        self, way: str, numbers: list[float], limits: tuple[float, float], path: str
    ) -> bool:
        if limits[0] <= min(numbers) and max(numbers) <= limits[1]:
            return True
        listed = ", ".join(map(str, as_list(self.fields[way])))
        unit = canonical_unit(self.slots[path].parameter.dimension)
        shown_unit = "" if unit in ("1", "count") else f" {unit}"
        message = f"[{listed}] reaches beyond the legal limits of {path}"
        legal = f"[{limits[0]:.12g}, {limits[1]:.12g}]{shown_unit}"
        self.faults.add((*self.keys, way), f"{message}, {legal}")
        return False


def _date_paths(data: Plain) -> list[str]:
    """List the dates that can be varied: those of the developments."""
    paths: list[str] = []
    for place, raw in enumerate(as_list(as_mapping(data).get("developments"))):
        stem = f"developments.{development_name(place, raw)}"
        paths += [f"{stem}.date", f"{stem}.known_from"]
    return paths
