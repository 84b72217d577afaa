"""From the file as people write it to one in which every section stands whole.

A file says once what is shared: by kind of actor and by class of site. A sibling names
the one file that it is based on, and what differs. Here both are put where they count;
all else reads the whole document, in which each value keeps the line where it was
written.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace as replaced
from pathlib import Path
from typing import Final

from sim.errors import Fault, Hinted, ScenarioError, one_of
from sim.files import data_folder
from sim.reading.faults import FaultList
from sim.reading.scalar import shown
from sim.reading.slot import as_list, as_mapping, development_name
from sim.reading.strict_yaml import Document, read
from sim.reading.structure import name_fault
from sim.reading.tree import Keys, Plain
from sim.rules.behaviour import Kind
from sim.rules.registry import KINDS
from sim.scenario.beside import BESIDE
from sim.scenario.edit import (
    put,
    value_places,
    without_actors,
    without_developments,
)
from sim.scenario.gone import gone_at
from sim.scenario.schema import VERSION

SHARED: Final = {"actors": "kind", "sites": "class"}
"""By section: the field by which its entries belong together."""

OWN: Final = (
    "schema",
    "id",
    "title",
    "status",
    "start",
    "end",
    "utc_offset_hours",
    *BESIDE,
    "free_from",
    "past",
    "particles",
    "note",
    "exogenous",
)
"""What a sibling may say of itself; what it leaves out is its base's."""

OPTIONAL: Final = (*BESIDE, "free_from", "note")
"""What of it a sibling has not, where it says an empty text."""

DIFFERENCES: Final = ("based_on", "changes", "absent", "cancels", "developments")
"""What else a sibling may say."""

NESTED: Final = ("reach", "roles", "presence", "means", "defences")
"""Sections of an entry of which part may be shared, and part its own."""

_Origins = dict[Keys, Keys]


def read_scenario(path: str | Path, kinds: Mapping[str, Kind] = KINDS) -> Document:
    """Read a scenario's file and make it whole.

    Parameters
    ----------
    path
        The file.
    kinds
        Kinds of actor by the name that the file uses.

    Raises
    ------
    ScenarioError
        If it cannot be read, what it shares belongs to nobody, or its differences from
        its base name what is not there.
    """
    return whole(read(path), kinds)


def whole(document: Document, kinds: Mapping[str, Kind] = KINDS) -> Document:
    """Return a file's data with what is shared or inherited in its place.

    Parameters and faults are those of `read_scenario`.
    """
    top = as_mapping(document.data)
    if "scenario" in top and "actors" not in top:
        message = "is an experiment, not a scenario; escalade sweep and compare take it"
        raise ScenarioError(document.path, [Fault(0, 0, "", message)])
    version = top.get("schema")
    if version == VERSION - 1 and not isinstance(version, bool):
        message = (
            f"schema {version} is read no more; escalade upgrade rewrites the file"
        )
        faults = FaultList(document)
        faults.add(("schema",), message)
        faults.stop_if_any()
    if "based_on" in top:
        return _sibling(document, kinds)
    if {"changes", "absent", "cancels"} & top.keys():
        faults = FaultList(document)
        for name in ("changes", "absent", "cancels"):
            if name in top:
                message = "goes with based_on, and there is none"
                faults.add((name,), message, at_key=True)
        faults.stop_if_any()
    return _spread(document)


def _spread(document: Document) -> Document:
    """Put what is shared into each entry that shares it."""
    if not isinstance(document.data, dict):
        return document
    data = deepcopy(document.data)
    origins: _Origins = {}
    faults = FaultList(document)
    shared = data.pop("shared", {})
    if not isinstance(shared, dict):
        faults.add(("shared",), "is not a mapping of actors and sites")
    for section in as_mapping(shared):
        if section not in SHARED:
            message = Hinted(
                "unknown field", section, SHARED, "; fields: actors, sites"
            )
            faults.add(("shared", section), message, at_key=True)
    for section, field in SHARED.items():
        groups = as_mapping(shared).get(section, {})
        if not isinstance(groups, dict):
            faults.add(("shared", section), f"is not a mapping by {field}")
            groups = {}
        entries = as_mapping(data.get(section))
        members: dict[str, list[str]] = {}
        for name, entry in entries.items():
            group = as_mapping(entry).get(field)
            if field == "class" and group is not None:
                del as_mapping(entry)[field]
                if not isinstance(group, str) or group not in groups:
                    says = f"{shown(group)} is not a class that shares anything"
                    listed = f"; classes: {one_of(groups)}" if groups else ""
                    message = Hinted(says + listed, str(group), groups)
                    faults.add((section, name, field), message)
            if isinstance(group, str):
                members.setdefault(group, []).append(name)
        for group, values in groups.items():
            keys: Keys = ("shared", section, group)
            if not isinstance(values, dict):
                faults.add(keys, "is not a mapping; write 'key: value' lines")
            elif group not in members:
                message = f"nothing in {section} is of this {field}"
                faults.add(keys, Hinted(message, group, members), at_key=True)
            else:
                targets: dict[Keys, dict[str, Plain]] = {
                    (section, name): as_mapping(entries[name])
                    for name in members[group]
                }
                _share(faults, origins, keys, values, targets)
    faults.stop_if_any()
    return replaced(document, data=data, origins=origins)


def _share(
    faults: FaultList,
    origins: _Origins,
    source: Keys,
    values: Mapping[str, Plain],
    targets: Mapping[Keys, dict[str, Plain]],
) -> None:
    """Put each shared value into the sections that do not say it themselves."""
    for name, value in values.items():
        own = [section[name] for section in targets.values() if name in section]
        if name in NESTED and own and all(isinstance(x, dict) for x in (value, *own)):
            for section in targets.values():
                section.setdefault(name, {})
            inner: dict[Keys, dict[str, Plain]] = {
                (*at, name): as_mapping(one[name]) for at, one in targets.items()
            }
            _share(faults, origins, (*source, name), as_mapping(value), inner)
            continue
        if len(own) == len(targets):
            message = "is shared by none: each that could share it has its own"
            faults.add((*source, name), message, at_key=True)
        for at, section in targets.items():
            if name not in section:
                section[name] = deepcopy(value)
                origins[(*at, name)] = (*source, name)


def _sibling(document: Document, kinds: Mapping[str, Kind]) -> Document:
    """Return the data of a sibling's base with the sibling's differences in it."""
    faults = FaultList(document)
    top = as_mapping(document.data)
    for name in top:
        if name not in (*OWN, *DIFFERENCES):
            message = (
                "is not a sibling's to say; write a difference from its base under "
                "changes, by its path"
            )
            faults.add((name,), message, at_key=True)
    for name in ("schema", "id", "title"):
        if name not in top:
            faults.add((name,), "is missing", at_key=True)
    base = _base(faults, top["based_on"], kinds)
    origins: _Origins = {(): ("based_on",)}
    data = deepcopy(base.data)
    for name in OWN:
        if name in OPTIONAL and top.get(name) == "":
            as_mapping(data).pop(name, None)
        elif name in top:
            as_mapping(data)[name] = top[name]
            origins[(name,)] = (name,)
    chosen: dict[str, list[str]] = {}
    for name in ("absent", "cancels"):
        raw = top.get(name, [])
        if not isinstance(raw, list):
            faults.add((name,), "is not a list; write [a, b]")
        chosen[name] = faults.distinct((name,), raw)
    developments = as_list(as_mapping(data).get("developments"))
    ids = [development_name(i, entry) for i, entry in enumerate(developments)]
    known = {"absent": [*as_mapping(as_mapping(data).get("actors"))], "cancels": ids}
    for name in chosen:
        noun = "an actor" if name == "absent" else "a development"
        for place, one in enumerate(as_list(top.get(name))):
            if one not in known[name]:
                message = f"{shown(one)} is not {noun} of {top['based_on']}"
                faults.add((name, place), Hinted(message, str(one), known[name]))
    faults.stop_if_any()
    data = without_developments(data, chosen["cancels"])
    data = without_actors(data, chosen["absent"])
    _replace_developments(faults, data, origins)
    _change(faults, data, origins, kinds)
    faults.stop_if_any()
    return replaced(document, data=data, origins=origins, base=base)


def _base(faults: FaultList, name: Plain, kinds: Mapping[str, Kind]) -> Document:
    """Return the whole file that a sibling is based on."""
    document = faults.document
    message = name_fault(name)
    file = Path(document.path).parent / f"{name}.yaml"
    if not message and not file.is_file():
        try:
            file = data_folder("scenarios") / f"{name}.yaml"
        except FileNotFoundError:
            message = "there is no such file beside this one"
        if not message and not file.is_file():
            shipped = [one.stem for one in file.parent.glob("*.yaml")]
            says = f"there is no {name}.yaml beside this file, nor does one ship"
            message = Hinted(says, str(name), shipped)
    if not message:
        base = read(file)
        beyond = as_mapping(base.data).get("based_on")
        if beyond is None:
            return whole(base, kinds)
        message = (
            f"{name} is itself based on {shown(beyond)}; name that one, and repeat "
            "the changes"
        )
    faults.add(("based_on",), message)
    faults.stop_if_any()
    raise AssertionError


def _replace_developments(faults: FaultList, data: Plain, origins: _Origins) -> None:
    """Put a sibling's developments in: in the place of that of the same id, or last."""
    raw = as_mapping(faults.document.data).get("developments", [])
    if not isinstance(raw, list):
        faults.add(("developments",), "is not a list; begin each entry with '- id:'")
    entries = as_list(as_mapping(data).setdefault("developments", []))
    ids = [development_name(place, entry) for place, entry in enumerate(entries)]
    for number, entry in enumerate(as_list(raw)):
        identity = development_name(number, entry)
        place = ids.index(identity) if identity in ids else len(entries)
        entries[place : place + 1] = [deepcopy(entry)]
        origins[("developments", place)] = ("developments", number)


def _change(
    faults: FaultList, data: Plain, origins: _Origins, kinds: Mapping[str, Kind]
) -> None:
    """Put a sibling's changed values in."""
    changes = as_mapping(faults.document.data).get("changes", {})
    if not isinstance(changes, dict):
        faults.add(("changes",), "is not a mapping; write 'path: value' lines")
    places = dict(value_places(data, kinds))
    for path, value in as_mapping(changes).items():
        keys = places.get(path)
        if keys is None or keys[0] in OWN:
            says = Hinted("is not the path of a value", path, places)
            message = gone_at(data, path) or says
            faults.add(("changes", path), message, at_key=True)
            continue
        put(data, keys, deepcopy(value))
        origins[keys] = ("changes", path)
