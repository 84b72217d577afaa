"""Read and replace values of a scenario by path; sweeps and ``--set`` work by it.

A change is made in the file's data before it is checked, so a changed value meets the
same checks as one that was written there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from sim.errors import Fault, Hinted, ScenarioError, nearest
from sim.reading.faults import Readable
from sim.reading.scalar import shorten
from sim.reading.slot import as_list, as_mapping, development_name, slots
from sim.reading.syntax import Mark
from sim.reading.tree import Keys, Plain
from sim.rules.behaviour import Kind
from sim.rules.registry import KINDS
from sim.scenario.gone import gone_at
from sim.scenario.scenario import Scenario
from sim.scenario.schema import COUNTED

New: TypeAlias = "Mapping[str, Any] | list[Any] | str | float"
"""A new value: a number, a text such as ``0.5/week``, or a number in full."""

_PLAIN_VALUES = ("status", "start", "end", "utc_offset_hours")


@dataclass(frozen=True)
class EditedDocument:
    """A file's data after changes; a changed value has no line in the file."""

    original: Readable
    data: Plain
    changed: frozenset[Keys]

    @property
    def path(self) -> str:
        """The file that was changed."""
        return self.original.path

    def position(self, keys: Keys) -> Mark:
        """Return line and column of a value, or 0 where it was changed."""
        return (0, 0) if self._is_changed(keys) else self.original.position(keys)

    def key_position(self, keys: Keys) -> Mark:
        """Return line and column of a value's key, or 0 where it was changed."""
        return (0, 0) if self._is_changed(keys) else self.original.key_position(keys)

    def _is_changed(self, keys: Keys) -> bool:
        return any(keys[:n] in self.changed for n in range(1, len(keys) + 1))


def replace(
    document: Readable,
    changes: Mapping[str, New],
    kinds: Mapping[str, Kind] = KINDS,
) -> EditedDocument:
    """Return a file's data with some values replaced; nothing is checked but paths.

    Parameters
    ----------
    document
        What was read (`sim.scenario.form.read_scenario`).
    changes
        New values by path, such as ``{"actors.iraq.tolerance": "20 %"}``. A short form
        counts as assumed, as it does in a file.
    kinds
        Kinds of actor by the name that the file uses.

    Raises
    ------
    ScenarioError
        For each path that does not exist, and for each value that a development sets
        later, since the change would end on that date without a word.
    """
    places = {path: keys for path, keys in value_places(document.data, kinds)}
    faults: list[Fault] = []
    data = deepcopy(document.data)
    changed: set[Keys] = set()
    for path, value in changes.items():
        if path not in places:
            says = Hinted(f"{shorten(path)!r} is not a value", path, places)
            message = gone_at(document.data, path) or says
            faults.append(Fault(0, 0, path, message))
            continue
        for message in _overrides(document.data, path, changes):
            faults.append(Fault(0, 0, path, message))
        put(data, places[path], cast("Plain", deepcopy(value)))
        changed.add(places[path])
    if faults:
        raise ScenarioError(document.path, faults)
    return EditedDocument(document, data, frozenset(changed))


def value_at(scenario: Scenario, path: str) -> float:
    """Return the number at a path of a resolved scenario, canonical unit.

    Raises
    ------
    ScenarioError
        When there is none; it names the nearest.
    """
    by_path = {cited.path: cited.value for cited in scenario.cited}
    if path not in by_path:
        message = f"{shorten(path)!r} is not a number{nearest(path, by_path)}"
        raise ScenarioError(
            scenario.path or scenario.name, [Fault(0, 0, path, message)]
        )
    return by_path[path]


def value_places(data: Plain, kinds: Mapping[str, Kind]) -> Iterator[tuple[str, Keys]]:
    """List every value that can be replaced, whether or not the file gives it."""
    for slot in slots(data, kinds):
        yield slot.path, slot.keys
    for name in _PLAIN_VALUES:
        yield name, (name,)
    for site in as_mapping(as_mapping(data).get("sites")):
        for name in ("latitude", "longitude"):
            yield f"sites.{site}.{name}", ("sites", site, name)
    for place, raw in enumerate(as_list(as_mapping(data).get("developments"))):
        stem, keys = (
            f"developments.{development_name(place, raw)}",
            ("developments", place),
        )
        for name in ("date", "known_from"):
            yield f"{stem}.{name}", (*keys, name)
        if "incident" in as_mapping(raw):
            for name in COUNTED:
                yield f"{stem}.incident.{name}", (*keys, "incident", name)


def _overrides(data: Plain, path: str, changes: Mapping[str, New]) -> Iterator[str]:
    """Say which later development sets the same value, and how to change that."""
    for place, raw in enumerate(as_list(as_mapping(data).get("developments"))):
        entry = as_mapping(raw)
        if as_mapping(entry.get("set")).get("parameter") != path:
            continue
        later = f"developments.{development_name(place, raw)}"
        if f"{later}.set.to" not in changes:
            fault = f"{later} sets it on {entry.get('date')}"
            yield f"{fault}, which would undo this; change {later}.set.to as well"


def put(data: Plain, keys: Keys, value: Plain) -> None:
    """Put a value where the keys lead, opening sections that the file left out."""
    here = data
    for key in keys[:-1]:
        if isinstance(here, list):
            here = here[int(key)]
        else:
            section = as_mapping(here)
            if not isinstance(section.get(str(key)), dict | list):
                section[str(key)] = {}
            here = section[str(key)]
    as_mapping(here)[str(keys[-1])] = value


def without_developments(data: Plain, cancels: Iterable[str]) -> Plain:
    """Return a file's data without the developments of these ids."""
    dropped = set(cancels)
    if not dropped:
        return data
    top = dict(as_mapping(data))
    top["developments"] = [
        entry
        for entry in as_list(top.get("developments"))
        if as_mapping(entry).get("id") not in dropped
    ]
    return top


def without_actors(data: Plain, absent: Iterable[str]) -> Plain:
    """Return a file's data without these actors, wherever they stand."""
    gone = set(absent)
    if not gone:
        return data
    top = as_mapping(deepcopy(data))
    actors = as_mapping(top.get("actors"))
    for name in gone:
        actors.pop(name, None)
    for section in actors.values():
        roles = as_mapping(as_mapping(section).get("roles"))
        for role, names in roles.items():
            roles[role] = [name for name in as_list(names) if name not in gone]
    for site in as_mapping(top.get("sites")).values():
        presence = as_mapping(as_mapping(site).get("presence"))
        for name in gone:
            presence.pop(name, None)
    top["developments"] = [
        entry
        for entry in as_list(top.get("developments"))
        if not _concerned(as_mapping(entry)) & gone
    ]
    return top


def _concerned(entry: Mapping[str, Plain]) -> set[str]:
    """Return the actors that a development is by, on, or changes."""
    incident = as_mapping(entry.get("incident"))
    actors = {str(incident.get(key, "")) for key in ("actor", "target")}
    for how in ("set", "scale", "add"):
        path = as_mapping(entry.get(how)).get("parameter")
        if isinstance(path, str) and path.count(".") == 2:
            actors.add(path.split(".")[1])
    return actors
