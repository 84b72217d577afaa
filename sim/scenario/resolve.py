"""From the file as people write it to the frozen scenario that the engine runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from sim.ladder import Act, act_named, name_of
from sim.reading.faults import FaultList, Readable
from sim.reading.slot import (
    ACT_NAMES,
    EXPOSED,
    LIMITS,
    VALUE_KEY,
    as_list,
    as_mapping,
    changed_parameter,
    means_in,
    slots,
    table_of,
)
from sim.reading.structure import check_structure
from sim.reading.tree import Plain
from sim.rules.behaviour import Effect, Kind
from sim.rules.means import MeansParams
from sim.scenario.beside import BESIDE, located, with_own
from sim.scenario.calendar import day_of, days_since, moment_of
from sim.scenario.check import check_whole, refuse_crowded
from sim.scenario.check_development import check_developments
from sim.scenario.read_number import BETWEEN_IDS, read_number
from sim.scenario.scenario import (
    INJECTED,
    PARTICLES,
    ROCKET,
    Actor,
    Change,
    Cited,
    Facade,
    Given,
    Means,
    Observation,
    Scenario,
    Site,
)
from sim.scenario.schema import COUNTED, file_model
from sim.sources import Sources


def resolve(
    document: Readable, kinds: Mapping[str, Kind], sources: Sources
) -> Scenario:
    """Check a file and freeze it: complete, in canonical units.

    Parameters
    ----------
    document
        The file's data with positions, edited or as it was read.
    kinds
        Kinds of actor by the name that the file uses.
    sources
        The source record that the file cites.

    Returns
    -------
    Scenario
        Everything explicit. Dumped and resolved again it is the same scenario.

    Raises
    ------
    ScenarioError
        With every fault of the file at once.
    """
    faults = FaultList(document)
    sources = _with_own(faults, sources)
    refuse_crowded(faults)
    check_structure(faults, file_model(kinds))
    cited = [read_number(faults, slot, sources) for slot in slots(document.data, kinds)]
    numbers = {number.path: number for number in cited if number is not None}
    check_whole(faults, kinds)
    check_developments(faults, kinds, sources, numbers)
    base = getattr(document, "base", None)
    if faults.faults and base is not None:
        resolve(base, kinds, sources)  # if its own numbers are wrong, it says so
    faults.stop_if_any()
    scenario = _Freezer(document.data, kinds, numbers).scenario()
    folder = str(Path(document.path).parent)
    return replace(scenario, path=document.path, folder=folder)


def _with_own(faults: FaultList, sources: Sources) -> Sources:
    """Note files that the scenario names and has not; return its sources with others'.

    An id of its own comes before the same id of another.
    """
    folder = Path(faults.document.path).parent
    top = as_mapping(faults.document.data)
    for key in BESIDE:
        name = top.get(key)
        if not isinstance(name, str) or not name:
            continue
        try:
            file = located(folder, key, name)
        except ValueError as error:
            faults.add((key,), str(error))
            continue
        if key == "sources":
            sources = with_own(sources, file)
    return sources


class _Freezer:
    """Builds the frozen parts of a file that has been found to be right."""

    def __init__(
        self, data: Plain, kinds: Mapping[str, Kind], numbers: dict[str, Cited]
    ) -> None:
        self.data, self.kinds, self.numbers = data, kinds, numbers
        self.top: dict[str, Any] = {**as_mapping(data)}
        self.start = day_of(self.top["start"])

    def scenario(self) -> Scenario:
        top = self.top
        changes, given = self._developments()
        exogenous = {_act(name) for name in top.get("exogenous", [])}
        limits: dict[str, Any] = {n: self._value("limits", n) for n in LIMITS}
        for name in ("exchange_strikes", "max_incidents"):
            limits[name] = int(limits[name])
        return Scenario(
            name=top["id"],
            title=top["title"],
            status=top["status"],
            start=self.start,
            horizon=float((day_of(top["end"]) - self.start).days),
            utc_offset_hours=float(top["utc_offset_hours"]) + 0.0,
            **{key: top.get(key, "") for key in BESIDE},
            free_from=day_of(top["free_from"]) if top.get("free_from") else None,
            past=top.get("past", INJECTED),
            particles=int(top.get("particles", PARTICLES)),
            actors=tuple(self._actor(name) for name in top["actors"]),
            sites=tuple(self._site(name) for name in top.get("sites", {})),
            means=tuple(
                self._means(name, {**as_mapping(section)})
                for name, section in means_in(self.data).items()
            ),
            changes=tuple(changes),
            given=tuple(given),
            observations={
                _act(act): Observation(
                    self._value("observations", act, "reported"),
                    self._value("observations", act, "attributed"),
                )
                for act in ACT_NAMES
                if act in top.get("observations", {})
            },
            exogenous=tuple(sorted(exogenous)),
            facades=tuple(self._facade(name) for name in top.get("facades", {})),
            cited=tuple(self.numbers.values()),
            **limits,
        )

    def _value(self, *names: str) -> float:
        return self.numbers[".".join(names)].value

    def _values(self, *names: str) -> dict[str, float]:
        """Return the numbers that stand in a section, by name."""
        stem = ".".join(names) + "."
        return {
            path.removeprefix(stem): number.value
            for path, number in self.numbers.items()
            if path.startswith(stem)
        }

    def _actor(self, name: str) -> Actor:
        section: dict[str, Any] = self.top["actors"][name]
        kind = self.kinds[section["kind"]]
        roles: dict[str, list[str]] = section.get("roles", {})
        return Actor(
            name=name,
            label=section.get("label", name),
            kind=kind,
            params=kind.params(
                **{row: self._value("actors", name, row) for row in table_of(kind)}
            ),
            roles={
                role.name: tuple(roles[role.name])
                for role in kind.roles
                if role.name in roles
            },
            reach=self._values("actors", name, "reach"),
            opportunity=self._values("actors", name, "means"),
        )

    def _means(self, name: str, section: dict[str, Any]) -> Means:
        act = section.get("act", name_of(ROCKET.act))
        usual = ROCKET.label if name == ROCKET.name else name.replace("_", " ")
        return Means(
            name=name,
            label=section.get("label", usual),
            act=_act(act),
            params=MeansParams(**self._values("means", name)),
        )

    def _site(self, name: str) -> Site:
        section: dict[str, Any] = self.top["sites"][name]
        return Site(
            name=name,
            label=section.get("label", name),
            latitude=float(section["latitude"]) + 0.0,
            longitude=float(section["longitude"]) + 0.0,
            soil=section.get("soil", ""),
            presence=self._values("sites", name, "presence"),
            defences=self._values("sites", name, "defences"),
            **{row: self._value("sites", name, row) for row in EXPOSED},
        )

    def _facade(self, name: str) -> Facade:
        section: dict[str, Any] = self.top["facades"][name]
        source = section.get("source", [])
        return Facade(
            name=name,
            label=section.get("label", name),
            owner=section["owner"],
            since=float((day_of(section["since"]) - self.start).days),
            source=source if isinstance(source, str) else BETWEEN_IDS.join(source),
            note=section.get("note", ""),
        )

    def _developments(self) -> tuple[list[Change], list[Given]]:
        changes: list[Change] = []
        given: list[Given] = []
        for raw in as_list(self.top.get("developments")):
            entry: dict[str, Any] = {**as_mapping(raw)}
            source = entry.get("source", [])
            common = {
                "identity": entry["id"],
                "time": _days(self.start, entry["date"]),
                "known_from": _days(self.start, entry.get("known_from", entry["date"])),
                "note": entry.get("note", ""),
                "source": source
                if isinstance(source, str)
                else BETWEEN_IDS.join(source),
                "confidence": entry.get("confidence", ""),
            }
            if "incident" in entry:
                given.append(_given(entry["incident"], common))
            else:
                changes.append(self._change(entry, common))
        return changes, given

    def _change(self, entry: dict[str, Any], common: dict[str, Any]) -> Change:
        how = next(way for way in VALUE_KEY if way in entry)
        path = entry[how]["parameter"]
        changed = changed_parameter(self.data, path, self.kinds)
        assert changed is not None  # checked before
        return Change(
            actor=changed[0],
            parameter=changed[1],
            how=how,
            value=self._value("developments", entry["id"], how, VALUE_KEY[how]),
            **common,
        )


def _given(incident: dict[str, Any], common: dict[str, Any]) -> Given:
    counts = {name: float(incident.get(name, 0)) for name in COUNTED}
    return Given(
        act=_act(incident["act"]),
        actor=incident["actor"],
        target=incident.get("target", ""),
        site=incident.get("site", ""),
        effect=Effect(**counts),
        is_played=incident.get("played", False),
        **common,
    )


def _days(start: date, text: str) -> float:
    return days_since(start, moment_of(text))


def _act(name: str) -> Act:
    act = act_named(name)
    assert act is not None  # checked before
    return act
