"""Whether the developments of a file can happen: when, by whom, to whom, how much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time
from typing import Final

from sim.errors import Hinted, one_of
from sim.ladder import ACTS, Act, act_named, name_of
from sim.reading.faults import FaultList
from sim.reading.scalar import shorten
from sim.reading.slot import (
    ACT_NAMES,
    VALUE_KEY,
    as_list,
    as_mapping,
    changed_parameter,
    development_name,
    kind_at,
    table_of,
)
from sim.reading.tree import Keys, Plain
from sim.rules.behaviour import Kind, Parameter, acts_of, operations_of
from sim.rules.registry import KINDS
from sim.scenario.calendar import moment_of
from sim.scenario.check import check_name, period
from sim.scenario.gone import gone_at
from sim.scenario.read_number import source_faults
from sim.scenario.scenario import Cited
from sim.sources import Sources

WAYS = (*VALUE_KEY, "incident")
_NEED_TARGET = tuple(
    name_of(act) for act in (Act.ARREST, Act.RELEASE, Act.RESUPPLY)
)  # what they change in the world is the target's

FORCE: Final = 7
"""Rung from which an act is force: words are free, force belongs to a kind."""


def misfit(act: Act, kind: Kind, kinds: Mapping[str, Kind] = KINDS) -> str:
    """Say why actors of a kind do not do an act; empty where they may.

    >>> misfit(Act.AIR_STRIKE, KINDS["sponsor"])
    'a sponsor, which does no air_strike (foreign_power); of force it has direct_strike'
    >>> misfit(Act.THREAT, KINDS["foreign_power"])
    ''
    """
    doers = [one.name for one in kinds.values() if act in acts_of(one)]
    if ACTS[act].rung < FORCE or not doers or kind.name in doers:
        return ""
    mine = sorted(name_of(one) for one in acts_of(kind) if ACTS[one].rung >= FORCE)
    return (
        f"a {kind.name}, which does no {name_of(act)} ({one_of(doers)}); of force it "
        f"has {one_of(mine) if mine else 'nothing'}"
    )


def check_developments(
    faults: FaultList,
    kinds: Mapping[str, Kind],
    sources: Sources,
    numbers: Mapping[str, Cited],
) -> None:
    """Note what is wrong with each development, and with all of them together."""
    data = faults.document.data
    top = as_mapping(data)
    exogenous = top.get("exogenous", [])
    able = _own_acts(data, kinds) | {str(act) for act in as_list(exogenous)}
    if not (isinstance(exogenous, list) and able <= set(ACT_NAMES)):
        able = set(ACT_NAMES)  # the list is faulty; what it lacks cannot be told
    first: dict[str, int] = {}
    for place, raw in enumerate(as_list(top.get("developments"))):
        entry, keys = as_mapping(raw), ("developments", place)
        identity = entry.get("id")
        if isinstance(identity, str) and first.setdefault(identity, place) != place:
            line = faults.document.position(("developments", first[identity]))[0]
            message = f"{shorten(identity)!r} is given twice; first on line {line}"
            faults.add((*keys, "id"), message)
        _check_dates(faults, keys, entry)
        source = entry.get("source")
        ids = [source] if isinstance(source, str) else as_list(source)
        for message in source_faults([i for i in ids if isinstance(i, str)], sources):
            faults.add((*keys, "source"), message)
        ways = [way for way in WAYS if way in entry]
        if entry and len(ways) != 1:
            listed = " and ".join(ways) if ways else "no change"
            message = f"has {listed}; give exactly one of {', '.join(WAYS)}"
            faults.add(keys, message)
        for how in VALUE_KEY:
            _check_path(faults, (*keys, how), entry.get(how), kinds)
        if "incident" in entry:
            _check_incident(faults, keys, entry, able, kinds)
    _check_course(faults, kinds, numbers)


def _own_acts(data: Plain, kinds: Mapping[str, Kind]) -> set[str]:
    """Return the acts that some actor of the file does by itself."""
    acts: set[str] = set()
    for actor in as_mapping(as_mapping(data).get("actors")):
        kind = kind_at(data, actor, kinds)
        if kind is not None:
            for operation in operations_of(kind).values():
                acts |= {name_of(operation.act), name_of(operation.broken_act)}
                acts |= {name_of(more.act) for more in operation.consequences}
    return acts - {name_of(Act.NONE)}


def _moment(faults: FaultList, keys: Keys, text: Plain | None) -> datetime | None:
    if not isinstance(text, str):
        return None
    try:
        return moment_of(text)
    except ValueError as error:
        faults.add(keys, str(error))
        return None


def _check_dates(faults: FaultList, keys: Keys, entry: dict[str, Plain]) -> None:
    moment = _moment(faults, (*keys, "date"), entry.get("date"))
    known = _moment(faults, (*keys, "known_from"), entry.get("known_from"))
    days = period(faults)
    if moment is not None and days is not None:
        start, end = (datetime.combine(day, time()) for day in days)
        if not start <= moment < end:
            message = f"{entry['date']} is outside the scenario"
            faults.add((*keys, "date"), f"{message}, [{days[0]}, {days[1]})")
    if moment is not None and known is not None and known > moment:
        message = f"{entry['known_from']} is later than the date, {entry['date']}"
        faults.add((*keys, "known_from"), message)


def _check_path(
    faults: FaultList, keys: Keys, section: Plain | None, kinds: Mapping[str, Kind]
) -> None:
    """Note a development whose parameter does not exist."""
    data = faults.document.data
    path = as_mapping(section).get("parameter")
    if not isinstance(path, str) or changed_parameter(data, path, kinds) is not None:
        return
    actors = as_mapping(as_mapping(data).get("actors"))
    actor = path.split(".")[1] if path.count(".") == 2 else ""
    if actor in actors and kind_at(data, actor, kinds) is None:
        return  # the actor's kind is faulty; its parameters cannot be told
    every = (
        f"actors.{actor}.{name}"
        for actor in actors
        if (kind := kind_at(data, actor, kinds)) is not None
        for name in table_of(kind)
    )
    form = "; write actors.<actor>.<parameter>" if path.count(".") != 2 else ""
    message = f"{shorten(path)!r} is not a parameter of an actor{form}"
    says = gone_at(data, path) or Hinted(message, path, every)
    faults.add((*keys, "parameter"), says)


def _check_incident(
    faults: FaultList,
    keys: Keys,
    entry: dict[str, Plain],
    able: set[str],
    kinds: Mapping[str, Kind],
) -> None:
    """Note an incident whose act, actor, target, site or source is wrong."""
    top = as_mapping(faults.document.data)
    incident, at = as_mapping(entry["incident"]), (*keys, "incident")
    if not (entry.get("source") or incident.get("played")):
        message = "has no source; an incident that is put in needs one"
        faults.add(keys, message)
    act, actor, target = (incident.get(k) for k in ("act", "actor", "target"))
    if check_name(faults, (*at, "act"), act, "act", ACT_NAMES) and act not in able:
        message = f"no actor does {act!r} by itself; list it under exogenous"
        faults.add((*at, "act"), message)
    actors, sites = as_mapping(top.get("actors")), as_mapping(top.get("sites"))
    if check_name(faults, (*at, "actor"), actor, "actor", actors):
        kind = kind_at(faults.document.data, str(actor), kinds)
        deed = act_named(str(act))
        if kind is None or deed is None:
            pass
        elif message := misfit(deed, kind, kinds):
            faults.add((*at, "actor"), f"{actor!r} is {message}")
    if "target" in incident:
        is_known = check_name(faults, (*at, "target"), target, "actor", actors)
        if is_known and target == actor:
            faults.add((*at, "target"), f"{target!r} is the actor itself")
    elif act in _NEED_TARGET:
        faults.add(at, f"has no target; {act} needs one", at_key=True)
    if "site" in incident:
        check_name(faults, (*at, "site"), incident["site"], "site", sites)


def _changes(
    faults: FaultList, kinds: Mapping[str, Kind], numbers: Mapping[str, Cited]
) -> Iterator[tuple[datetime, str, str, Parameter, str, float, Keys]]:
    """Yield each well-formed change: when, id, path, row, how, number, keys."""
    data = faults.document.data
    for place, raw in enumerate(as_list(as_mapping(data).get("developments"))):
        entry, name = as_mapping(raw), development_name(place, raw)
        if sum(way in entry for way in WAYS) != 1:
            continue
        try:
            moment = moment_of(str(entry.get("date")))
        except ValueError:
            continue
        for how, key in VALUE_KEY.items():
            path = as_mapping(entry.get(how)).get("parameter")
            changed = changed_parameter(data, path, kinds)
            number = numbers.get(f"developments.{name}.{how}.{key}")
            if changed is not None and number is not None:
                keys = ("developments", place, how, key)
                yield moment, name, str(path), changed[2], how, number.value, keys


def _check_course(
    faults: FaultList, kinds: Mapping[str, Kind], numbers: Mapping[str, Cited]
) -> None:
    """Follow each parameter through its changes; note where it leaves its limits."""
    now: dict[str, float] = {}
    last: dict[str, tuple[datetime, str]] = {}
    ordered = sorted(_changes(faults, kinds, numbers), key=lambda c: (c[0], c[1]))
    for moment, name, path, row, how, number, keys in ordered:
        if path in last and last[path][0] == moment:
            message = f"changes {path} at the same moment as {last[path][1]}"
            faults.add(keys[:2], f"{message}; give them different times")
        last[path] = moment, name
        base = numbers.get(path)
        if base is None:
            continue
        value = now.get(path, base.value)
        if how == "set":
            value = number
        else:
            value = value * number if how == "scale" else value + number
        now[path] = value
        if not row.low <= value <= row.high:
            side = "below" if value < row.low else "above"
            limits = f"[{row.low:.12g}, {row.high:.12g}]"
            message = f"makes {path} {value:.12g}, {side} the range {limits}"
            faults.add(keys, message)
