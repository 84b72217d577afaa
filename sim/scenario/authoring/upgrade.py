"""A scenario's file rewritten in the form that is read: nothing in it is said twice.

What actors of a kind and sites of a class have in common goes into ``shared``; a file
that differs little from another becomes its sibling; parameters that are gone take
their new name, or are left out. Comments go with the key that they stand at. The
rewritten file resolves to the same scenario, to the last note, or nothing is written.
"""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace as replaced
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import yaml

from sim.errors import Fault, ScenarioError, StudyError
from sim.reading.slot import EXPOSED, as_list, as_mapping, development_name, slots
from sim.reading.strict_yaml import Document, parse
from sim.reading.written import written
from sim.rules.registry import KINDS
from sim.scenario.authoring.upgrade_means import put_into_means
from sim.scenario.dump import dump
from sim.scenario.edit import value_places, without_actors, without_developments
from sim.scenario.form import NESTED, OPTIONAL, OWN, whole
from sim.scenario.gone import GONE, Gone
from sim.scenario.read_number import usual_range
from sim.scenario.resolve import resolve
from sim.scenario.schema import SCHEMA_LINE, VERSION
from sim.sources import shipped_sources
from sim.units import Dimension, canonical_unit, parse_quantity, to_canonical

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.reading.slot import Slot
    from sim.reading.tree import Keys, Plain
    from sim.rules.behaviour import Kind
    from sim.scenario.scenario import Scenario

_ALIKE: Final = "alike"
"""Class of sites to which nobody gave a name."""

_FIRST: Final = (
    "schema",
    "id",
    "based_on",
    "title",
    "status",
    "start",
    "end",
    "utc_offset_hours",
    "record",
    "sources",
    "targets",
    "free_from",
    "past",
    "particles",
    "note",
    "exogenous",
    "limits",
    "means",
    "shared",
)
"""Order in which a file begins."""

_Comments = dict["Keys", list[str]]


class Upgrade(NamedTuple):
    """A file rewritten, and what was done to it."""

    text: str
    renamed: tuple[str, ...]
    """Parameters that took a new name: where, old and new."""
    dropped: tuple[str, ...]
    """What was left out, and where its meaning lives now."""
    is_checked: bool
    """Whether it was seen to resolve to the same scenario; not, if it was faulty."""


def upgraded(
    text: str,
    path: str,
    base: Document | None = None,
    *,
    classes: Sequence[str] = (),
    kinds: Mapping[str, Kind] = KINDS,
) -> Upgrade:
    """Return a scenario's text in the form that is read.

    Parameters
    ----------
    text
        The file, of this form or an older one.
    path
        The file's name.
    base
        The file whose sibling it is to become, as it was read.
    classes
        Names for the classes of sites that are alike, that with most sites first.
    kinds
        Kinds of actor by the name that the file uses.

    Raises
    ------
    ScenarioError
        If the text cannot be read.
    StudyError
        If it differs from the base in what a sibling cannot say.
    """
    document = parse(text, path)
    data = deepcopy(as_mapping(document.data))
    if "scenario" in data and "actors" not in data:
        message = "is an experiment, not a scenario"
        raise ScenarioError(path, [Fault(0, 0, "", message)])
    comments = _comments(text, document)
    moved = put_into_means(data)
    renamed, dropped = _without_gone(document, data, kinds)
    renamed = (*moved, *renamed)
    data["schema"] = VERSION
    before = _resolved(replaced(document, data=deepcopy(data)), kinds)
    for slot in slots(data, kinds):
        if as_mapping(slot.raw).get("unit") == "1":
            del as_mapping(slot.raw)["unit"]
    if base is not None:
        data = _sibling(replaced(document, data=data), base, kinds, comments)
    elif "based_on" not in data and "shared" not in data:
        _share(data, classes, comments)
    rest = [key for key in data if key not in _FIRST]
    data = {key: data[key] for key in (*_FIRST, *rest) if key in data}
    new = written(data, comments)
    if SCHEMA_LINE not in new:
        new = f"{SCHEMA_LINE}\n{new}"
    new += "".join(f"{line}\n" for line in comments.get((), ()))
    if before is not None:
        _check_same(before, _resolved(parse(new, path), kinds))
    return Upgrade(new, renamed, dropped, before is not None)


def _resolved(document: Document, kinds: Mapping[str, Kind]) -> Scenario | None:
    """Return a file's scenario, or none where it is faulty."""
    try:
        return resolve(whole(document, kinds), kinds, shipped_sources())
    except ScenarioError:
        return None


def _check_same(before: Scenario, after: Scenario | None) -> None:
    """Refuse a rewritten file that says something else.

    Raises
    ------
    StudyError
        If it does; it names the first place.
    """
    where = "" if after is None else _difference(dump(before), dump(after))
    if after is None or where:
        place = f"{where} cannot differ" if where else "it would not resolve"
        message = (
            f"{place}: a sibling has other numbers, dates, developments and fewer "
            "actors than its base, and the rest is its base's"
        )
        raise StudyError(message)


def _difference(one: Any, other: Any) -> str:
    """Return the path at which two resolved files differ first; empty if nowhere."""
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return "" if one == other else "."
    for key in [*one, *(key for key in other if key not in one)]:  # pyright: ignore[reportUnknownVariableType]
        where = _difference(one.get(key), other.get(key))  # pyright: ignore[reportUnknownArgumentType,reportUnknownMemberType]
        if where:
            return f"{key}.{where}".rstrip(".")
    return ""


# What is gone.


def _without_gone(
    document: Document, data: dict[str, Plain], kinds: Mapping[str, Kind]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Rename what has a new name, and leave out what is gone."""
    actors = _kinds_of_actors(document, data, kinds)
    shared = as_mapping(as_mapping(data.get("shared")).get("actors"))
    sections: list[tuple[Keys, str]] = [
        (("limits",), "limits"),
        *((("actors", name), actors[name]) for name in as_mapping(data.get("actors"))),
        *((("shared", "actors", kind), kind) for kind in shared if kind in kinds),
    ]
    done: tuple[list[str], list[str]] = [], []

    def say(keys: Keys, row: Gone) -> None:
        line = document.key_position(keys)[0]
        where = f"line {line}, {'.'.join(map(str, keys))}"
        said = f"is now {row.by}" if row.is_renamed else row.words()
        done[0 if row.is_renamed else 1].append(f"{where} {said}")

    for keys, kind in sections:
        section = data
        for key in keys:
            section = as_mapping(section.get(str(key)))
        for name, row in GONE.get(kind, {}).items():
            if name in section:
                say((*keys, name), row)
                value = section.pop(name)
                if row.is_renamed:
                    section.setdefault(row.by, _carried(row, value))
    changes = as_mapping(data.get("changes"))
    for path in [*changes]:
        if row := _row_at(path, actors):
            say(("changes", path), row)
            value = changes.pop(path)
            if row.is_renamed:
                new = f"{path.rpartition('.')[0]}.{row.by}"
                changes.setdefault(new, _carried(row, value))
    entries: list[Plain] = []
    for place, entry in enumerate(as_list(data.get("developments"))):
        for how, operand in (("set", "to"), ("scale", "by"), ("add", "by")):
            change = as_mapping(as_mapping(entry).get(how))
            path = str(change.get("parameter", ""))
            if row := _row_at(path, actors):
                carries = row.is_renamed and (how == "set" or row.converted is None)
                row = row._replace(is_renamed=carries)
                say(("developments", place, how, "parameter"), row)
                if not carries:
                    break
                change["parameter"] = f"{path.rpartition('.')[0]}.{row.by}"
                change[operand] = _carried(row, change[operand])
        else:
            entries.append(entry)
    if "developments" in data:
        data["developments"] = entries
    return tuple(done[0]), tuple(done[1])


def _kinds_of_actors(
    document: Document, data: dict[str, Plain], kinds: Mapping[str, Kind]
) -> dict[str, str]:
    """Return the kind of each actor of a file, or of the one that it is based on."""
    actors = as_mapping(data.get("actors"))
    if "based_on" in data:
        own = {key: data[key] for key in ("based_on", *OWN) if key in data}
        with suppress(ScenarioError):
            base = whole(replaced(document, data={**own, "schema": VERSION}), kinds)
            actors = as_mapping(as_mapping(base.data).get("actors"))
    return {name: _kind_of(section) for name, section in actors.items()}


def _row_at(path: str, actors: Mapping[str, str]) -> Gone | None:
    """Return what is said of a path that names what is gone; None of another."""
    section, _, name = path.rpartition(".")
    kind = actors.get(section.removeprefix("actors."), section)
    return GONE.get(kind, {}).get(name)


def _carried(row: Gone, value: Plain) -> Plain:
    """Return a value of what has a new name as that takes it over."""
    convert = row.converted
    if convert is None:
        return value
    new: dict[str, Plain] = {"value": value}
    if isinstance(value, dict):
        new = {**value}
    unit = str(new.pop("unit", "1"))

    def carried(one: Plain) -> float:
        number, of = parse_quantity(str(one))
        given = unit if of == "1" else of
        return round(convert(to_canonical(number, given, Dimension.SHARE)), 4)

    new["value"] = carried(new["value"])
    if "range" in new:
        new["range"] = [*sorted(carried(end) for end in as_list(new["range"]))]
    return new if isinstance(value, dict) else new["value"]


def _kind_of(section: Plain) -> str:
    return str(as_mapping(section).get("kind", ""))


# What is shared.


def _share(data: dict[str, Plain], classes: Sequence[str], comments: _Comments) -> None:
    """Put what actors of a kind, and sites of a class, have in common in one place."""
    actors, sites = as_mapping(data.get("actors")), as_mapping(data.get("sites"))
    groups: dict[str, dict[str, list[str]]] = {"actors": {}, "sites": {}}
    for name, section in actors.items():
        groups["actors"].setdefault(_kind_of(section), []).append(name)
    alike: dict[str, list[str]] = {}
    for name, section in sites.items():
        exposed = [as_mapping(section).get(side) for side in EXPOSED]
        alike.setdefault(json.dumps(exposed), []).append(name)
    several = sorted((g for g in alike.values() if len(g) > 1), key=len, reverse=True)
    for place, names in enumerate(several):
        usual = f"{_ALIKE}_{place + 1}" if place else _ALIKE
        groups["sites"][classes[place] if place < len(classes) else usual] = names
    shared: dict[str, Plain] = {}
    for section, entries in (("actors", actors), ("sites", sites)):
        values: dict[str, Plain] = {}
        for group, names in groups[section].items():
            places: list[Keys] = [(section, name) for name in names]
            members = [as_mapping(entries[name]) for name in names]
            at: Keys = ("shared", section, group)
            common = _common(members, places, at, comments) if len(names) > 1 else {}
            if not common:
                continue
            values[group] = common
            for name in names if section == "sites" else ():
                entry = as_mapping(entries[name])
                label = {"label": entry.pop("label")} if "label" in entry else {}
                entries[name] = {**label, "class": group, **entry}
        if values:
            shared[section] = values
    if shared:
        data["shared"] = shared


_EACH: Final = ("kind", "label", "note", "latitude", "longitude", "class")
"""What is never shared."""


def _common(
    members: Sequence[dict[str, Plain]],
    places: Sequence[Keys],
    at: Keys,
    comments: _Comments,
) -> dict[str, Plain]:
    """Take out of sections, and return, what most of them say alike."""
    common: dict[str, Plain] = {}
    for name in members[0]:
        if name in _EACH or not all(name in member for member in members):
            continue
        values = [member[name] for member in members]
        if name in NESTED and all(isinstance(value, dict) for value in values):
            inside = [as_mapping(value) for value in values]
            below: list[Keys] = [(*place, name) for place in places]
            if inner := _common(inside, below, (*at, name), comments):
                common[name] = inner
            continue
        counts = Counter(json.dumps(value) for value in values)
        text, count = counts.most_common(1)[0]
        if count < 2 or 2 * count <= len(values):
            continue
        common[name] = json.loads(text)
        for place, value in zip(places, values, strict=True):
            if value == common[name]:
                _carry(comments, (*place, name), (*at, name))
    for member in members:
        for name, value in common.items():
            if name in NESTED and isinstance(value, dict):
                for key in value:
                    if as_mapping(member[name]).get(key) == value[key]:
                        del as_mapping(member[name])[key]
                if not member[name]:
                    del member[name]
            elif member.get(name) == value:
                del member[name]
    return common


def _carry(comments: _Comments, old: Keys, new: Keys) -> None:
    """Take the comments of a place, and of what is in it, to another, once."""
    lines: list[str] = []
    for keys in [keys for keys in comments if keys[: len(old)] == old]:
        lines += comments.pop(keys)
    if lines:
        comments.setdefault(new, lines)


# What a sibling says.


def _sibling(
    document: Document,
    base: Document,
    kinds: Mapping[str, Kind],
    comments: _Comments,
) -> dict[str, Plain]:
    """Return a file's differences from another.

    Raises
    ------
    ScenarioError
        If the base cannot be read.
    """
    mine = as_mapping(whole(document, kinds).data)
    theirs: Plain = deepcopy(whole(base, kinds).data)
    for slot in slots(theirs, kinds):
        if as_mapping(slot.raw).get("unit") == "1":
            del as_mapping(slot.raw)["unit"]
    name = as_mapping(theirs).get("id", "")
    new: dict[str, Plain] = {"schema": VERSION, "id": mine.get("id", ""),
                             "based_on": name}  # fmt: skip
    for key in OWN:
        if key in mine and (key == "title" or mine[key] != as_mapping(theirs).get(key)):
            new[key] = mine[key]
        elif key in OPTIONAL and key in as_mapping(theirs) and key not in mine:
            new[key] = ""
    lists: dict[str, list[Plain]] = {}
    actors = as_mapping(mine.get("actors"))
    absent = [one for one in as_mapping(as_mapping(theirs)["actors"])
              if one not in actors]  # fmt: skip
    lists["absent"] = [*absent]
    theirs = without_actors(theirs, absent)
    entries = as_list(mine.get("developments"))
    ids = {development_name(place, one) for place, one in enumerate(entries)}
    cancels = [
        str(as_mapping(one).get("id"))
        for one in as_list(as_mapping(theirs).get("developments"))
        if as_mapping(one).get("id") not in ids
    ]
    lists["cancels"] = [*cancels]
    theirs = without_developments(theirs, cancels)
    before = [*as_list(as_mapping(theirs).get("developments"))]
    lists["developments"] = [one for one in entries if one not in before]
    by_path = {slot.path: slot for slot in slots(mine, kinds)}
    changes: dict[str, Plain] = {}
    for path, keys in value_places(mine, kinds):
        if keys[0] in ("developments", *OWN):
            continue
        value, other = _at(mine, keys), _at(theirs, keys)
        if value is None and other is not None and path in by_path:
            value = _default(by_path[path])
        if value is not None and value != other:
            changes[path] = value
            _carry(comments, keys, ("changes", path))
    new |= {key: value for key, value in lists.items() if value}
    if changes:
        new["changes"] = changes
    return new


def _at(data: Plain, keys: Keys) -> Plain | None:
    """Return what stands at a place."""
    here: Plain | None = data
    for key in keys:
        here = as_mapping(here).get(str(key))
    return here


def _default(slot: Slot) -> Plain | None:
    """Write a default out: a sibling cannot leave out what its base gives."""
    row = slot.parameter
    if row.default is None:
        return None
    unit: dict[str, Plain] = {"unit": canonical_unit(row.dimension)}
    return {
        "value": row.default,
        **(unit if unit["unit"] != "1" else {}),
        "basis": "assumed",
        "range": [*usual_range(row, row.default)],
        "note": "default of the kind",
    }


# Comments.


def _comments(text: str, document: Document) -> _Comments:
    """Return a text's comments by the key at which, or before which, they stand."""
    ends: dict[int, int] = {}
    inside: set[int] = set()
    scan: Any = yaml.scan  # pyright: ignore[reportUnknownMemberType,reportUnknownVariableType]
    for token in scan(text, Loader=yaml.SafeLoader):
        first, last = token.start_mark.line, token.end_mark.line
        if isinstance(token, yaml.ScalarToken):
            inside |= {*range(first, last)}
            if token.end_mark.column == 0:  # a block ends where the next line begins
                continue
        ends[last] = max(ends.get(last, 0), token.end_mark.column)
    first_keys = document.first_keys()
    comments: _Comments = {}
    pending: list[str] = []
    for number, line in enumerate(text.splitlines()):
        keys = first_keys.get(number + 1)
        rest = "" if number in inside else line[ends.get(number, 0) :].strip()
        if rest.startswith("#"):
            pending.append(rest)
        if keys is not None and pending:
            comments.setdefault(keys, []).extend(pending)
            pending = []
    if pending:
        comments[()] = pending
    return comments
