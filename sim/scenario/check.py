"""What only the whole file can tell: that names exist, and that parts fit together.

Every check tolerates data of any shape: what is malformed is reported by
`sim.reading.structure`, and here it is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import PurePath

from sim.errors import Hinted, one_of
from sim.reading.faults import FaultList
from sim.reading.scalar import shorten
from sim.reading.slot import ACT_NAMES, as_list, as_mapping, kind_at, means_in
from sim.reading.tree import Keys, Plain
from sim.rules.behaviour import MOST_MEANS, Kind, Role, Side
from sim.scenario.calendar import day_of
from sim.scenario.schema import NAME

MOST_ACTORS = 32
MOST_SITES = 64
MOST_DEVELOPMENTS = 1000
LONGEST_DAYS = 3660


def check_whole(faults: FaultList, kinds: Mapping[str, Kind]) -> None:
    """Note what does not fit together in a file, developments apart."""
    data = faults.document.data
    top = as_mapping(data)
    _check_id(faults, top.get("id"))
    _check_capacity(faults, top)
    period(faults)
    check_names(faults, ("exogenous",), as_list(top.get("exogenous")), "act")
    for act in as_mapping(top.get("observations")):
        check_name(faults, ("observations", act), act, "act", ACT_NAMES, at_key=True)
    actors, sites = as_mapping(top.get("actors")), as_mapping(top.get("sites"))
    every = means_in(data)
    hosts = [
        name
        for name in actors
        if (kind := kind_at(data, name, kinds)) is None or kind.side == Side.HOST
    ]
    for site, section in sites.items():
        soil = as_mapping(section).get("soil")
        check_name(faults, ("sites", site, "soil"), soil, "host", hosts)
        for name in as_mapping(as_mapping(section).get("presence")):
            keys = ("sites", site, "presence", name)
            check_name(faults, keys, name, "actor", actors, at_key=True)
        for name in as_mapping(as_mapping(section).get("defences")):
            keys = ("sites", site, "defences", name)
            check_name(faults, keys, name, "means", every, at_key=True)
    for name, section in as_mapping(top.get("facades")).items():
        keys = ("facades", name)
        if name in actors:
            faults.add(keys, f"{name!r} is an actor already", at_key=True)
        owner = as_mapping(section).get("owner")
        check_name(faults, (*keys, "owner"), owner, "actor", actors)
        since = as_mapping(section).get("since")
        if isinstance(since, str):
            try:
                day_of(since)
            except ValueError as error:
                faults.add((*keys, "since"), str(error))
    for actor, section in actors.items():
        kind = kind_at(data, actor, kinds)
        if kind is None or kind.site_weight is not None:
            for name in as_mapping(as_mapping(section).get("reach")):
                keys = ("actors", actor, "reach", name)
                check_name(faults, keys, name, "site", sites, at_key=True)
        for name in as_mapping(as_mapping(section).get("means")):
            keys = ("actors", actor, "means", name)
            check_name(faults, keys, name, "means", every, at_key=True)
        if kind is not None:
            roles = as_mapping(as_mapping(section).get("roles"))
            for role in kind.roles:
                _check_role(faults, actor, role, roles.get(role.name), kinds)


def check_name(
    faults: FaultList,
    keys: Keys,
    name: Plain | None,
    noun: str,
    allowed: Collection[str],
    *,
    at_key: bool = False,
) -> bool:
    """Note a name that is not one of the allowed; return whether it is one."""
    if not isinstance(name, str):
        return False
    if name in allowed:
        return True
    article = "an" if noun[0] in "aeiou" else "a"
    fault = f"{shorten(name)!r} is not {article} {noun}"
    listed = f"; {noun}s: {one_of(allowed)}" if allowed else f"; there are no {noun}s"
    faults.add(keys, Hinted(fault + listed, name, allowed), at_key=at_key)
    return False


def check_names(faults: FaultList, keys: Keys, names: list[Plain], noun: str) -> None:
    """Note each act of a list that does not exist or is given twice."""
    seen: set[Plain] = set()
    for place, name in enumerate(names):
        if not check_name(faults, (*keys, place), name, noun, ACT_NAMES):
            continue
        if name in seen:
            faults.add((*keys, place), f"{name!r} is listed twice")
        seen.add(name)


def period(faults: FaultList) -> tuple[date, date] | None:
    """Return the first day and the day after the last, or note why there are none."""
    top = as_mapping(faults.document.data)
    days: list[date] = []
    for key in ("start", "end"):
        text = top.get(key)
        if isinstance(text, str):
            try:
                days.append(day_of(text))
            except ValueError as error:
                faults.add((key,), str(error))
    if len(days) < 2:
        return None
    length = (days[1] - days[0]).days
    if not 1 <= length <= LONGEST_DAYS:
        message = f"{days[1]} is {length} days after the start"
        faults.add(("end",), f"{message}; a scenario has 1 to {LONGEST_DAYS} days")
        return None
    return days[0], days[1]


def _check_id(faults: FaultList, identity: Plain | None) -> None:
    """Note an id that is not the name of its file."""
    file = PurePath(faults.document.path)
    is_file = file.suffix in (".yaml", ".yml")
    is_name = isinstance(identity, str) and re.fullmatch(NAME, identity)
    if is_file and is_name and identity != file.stem:
        message = f"{shorten(str(identity))!r} is not the file's name, {file.stem!r}"
        faults.add(("id",), message)


def refuse_crowded(faults: FaultList) -> None:
    """Refuse a file with ten times as many parts as are allowed, before it is checked.

    Every actor may be at every site: to list what is wrong with each pair of very many
    takes for ever.

    Raises
    ------
    ScenarioError
        If it has.
    """
    _check_capacity(faults, as_mapping(faults.document.data), times=10)
    faults.stop_if_any()


def _check_capacity(faults: FaultList, top: dict[str, Plain], times: int = 1) -> None:
    counts = (
        ("actors", len(as_mapping(top.get("actors"))), 1, MOST_ACTORS),
        ("means", len(as_mapping(top.get("means"))), 0, MOST_MEANS),
        ("sites", len(as_mapping(top.get("sites"))), 0, MOST_SITES),
        (
            "developments",
            len(as_list(top.get("developments"))),
            0,
            MOST_DEVELOPMENTS,
        ),
    )
    for name, count, least, most in counts:
        if count > times * most:
            message = f"has {count} {name}; at most {most} are allowed"
            faults.add((name,), message, at_key=True)
        elif times == 1 and count < least and isinstance(top.get(name), dict):
            message = f"has no {name}; at least {least} is needed"
            faults.add((name,), message, at_key=True)


def _check_role(
    faults: FaultList,
    actor: str,
    role: Role,
    filled: Plain | None,
    kinds: Mapping[str, Kind],
) -> None:
    """Note actors in a role that do not exist or may not fill it."""
    data = faults.document.data
    actors = as_mapping(as_mapping(data).get("actors"))
    keys = ("actors", actor, "roles", role.name)
    if role.is_required and filled == []:
        faults.add(keys, f"is empty; it needs at least one: {role.meaning}")
    seen: set[Plain] = set()
    for place, name in enumerate(as_list(filled)):
        at = (*keys, place)
        if not check_name(faults, at, name, "actor", actors):
            continue
        kind = kind_at(data, str(name), kinds)
        if name == actor:
            faults.add(at, f"{name!r} is the actor itself")
        elif name in seen:
            faults.add(at, f"{name!r} is listed twice")
        elif kind is not None and kind.name not in role.kinds:
            allowed = f"{role.name} may be: {one_of(role.kinds)}"
            faults.add(at, f"{name!r} is of kind {kind.name}; {allowed}")
        seen.add(name)
