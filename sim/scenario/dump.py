"""The resolved file: a scenario written out again with everything explicit."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sim.files import plain_failure, write_bytes, write_text
from sim.ladder import name_of
from sim.reading.slot import EXPOSED, LIMITS, VALUE_KEY
from sim.reading.written import written
from sim.rules.means import MEANS
from sim.scenario.beside import BESIDE, own_files
from sim.scenario.calendar import moment_text
from sim.scenario.read_number import BETWEEN_IDS
from sim.scenario.scenario import INJECTED, Change, Given, Scenario
from sim.scenario.schema import COUNTED, VERSION

if TYPE_CHECKING:
    from pathlib import Path


def dump(scenario: Scenario) -> dict[str, Any]:
    """Return the resolved file of a scenario as plain data, keys in a fixed order.

    It is itself a legal scenario file, and resolves to the same scenario; only what
    sections note, which no part of a scenario keeps, is gone.
    """
    number = _Numbers(scenario)
    end = scenario.start + timedelta(days=scenario.horizon)
    data: dict[str, Any] = {
        "schema": VERSION,
        "id": scenario.name,
        "title": scenario.title,
        "status": scenario.status,
        "start": scenario.start.isoformat(),
        "end": end.isoformat(),
        "utc_offset_hours": scenario.utc_offset_hours,
        **{key: getattr(scenario, key) for key in BESIDE if getattr(scenario, key)},
        **({"free_from": scenario.free_from.isoformat()} if scenario.free_from else {}),
        **(
            {"past": scenario.past, "particles": scenario.particles}
            if scenario.past != INJECTED
            else {}
        ),
        "exogenous": [name_of(act) for act in scenario.exogenous],
        "limits": {name: number(f"limits.{name}") for name in LIMITS},
        "means": {
            means.name: {
                "label": means.label,
                "act": name_of(means.act),
                **{name: number(f"means.{means.name}.{name}") for name in MEANS},
            }
            for means in scenario.means
        },
        "sites": {},
        "actors": {},
        **({"facades": _facades(scenario)} if scenario.facades else {}),
        "observations": {
            name_of(act): {
                name: number(f"observations.{name_of(act)}.{name}")
                for name in ("reported", "attributed")
            }
            for act in scenario.observations
        },
        "developments": [
            _development(scenario, development, number)
            for development in (*scenario.changes, *scenario.given)
        ],
    }
    for site in scenario.sites:
        stem = f"sites.{site.name}"
        data["sites"][site.name] = {
            "label": site.label,
            "latitude": site.latitude,
            "longitude": site.longitude,
            **({"soil": site.soil} if site.soil else {}),
            "presence": {a: number(f"{stem}.presence.{a}") for a in site.presence},
            **{name: number(f"{stem}.{name}") for name in EXPOSED},
            "defences": {m: number(f"{stem}.defences.{m}") for m in site.defences},
        }
    for actor in scenario.actors:
        stem = f"actors.{actor.name}"
        section: dict[str, Any] = {
            "kind": actor.kind.name,
            "label": actor.label,
            "roles": {role: [*names] for role, names in actor.roles.items()},
        }
        if actor.kind.site_weight is not None:
            section["reach"] = {s: number(f"{stem}.reach.{s}") for s in actor.reach}
        if actor.kind.means_weight is not None:
            section["means"] = {
                means: number(f"{stem}.means.{means}") for means in actor.opportunity
            }
        section |= {name: number(f"{stem}.{name}") for name in actor.params._fields}
        data["actors"][actor.name] = section
    return data


def _facades(scenario: Scenario) -> dict[str, Any]:
    """Return the section of names under which actors act."""
    return {
        facade.name: {
            "label": facade.label,
            "owner": facade.owner,
            "since": (scenario.start + timedelta(days=facade.since)).isoformat(),
            **({"source": _ids(facade.source)} if facade.source else {}),
            **({"note": facade.note} if facade.note else {}),
        }
        for facade in scenario.facades
    }


def dump_yaml(scenario: Scenario) -> str:
    """Return the resolved file as text; floats are written so that they survive."""
    return written(dump(scenario))


def write_resolved(scenario: Scenario, folder: Path) -> list[Path]:
    """Write a resolved scenario under its id, and what it names; the scenario first.

    Raises
    ------
    RunError
        If a file cannot be written.
    """
    beside = own_files(scenario) if scenario.path else {}
    files = [folder / f"{scenario.name}.yaml", *(folder / name for name in beside)]
    for file in files:
        with plain_failure(file):
            file.parent.mkdir(parents=True, exist_ok=True)
    write_text(files[0], dump_yaml(scenario))
    for copy, file in zip(files[1:], beside.values(), strict=True):
        write_bytes(copy, file.read_bytes())
    return files


class _Numbers:
    """Writes a scenario's numbers in full."""

    def __init__(self, scenario: Scenario) -> None:
        self.by_path = {cited.path: cited for cited in scenario.cited}

    def __call__(self, path: str) -> dict[str, Any]:
        cited = self.by_path[path]
        number: dict[str, Any] = {
            "value": cited.value,
            "unit": cited.unit,
            "basis": cited.basis,
        }
        if cited.source:
            number["source"] = _ids(cited.source)
        number["range"] = [cited.low, cited.high]
        if cited.note:
            number["note"] = cited.note
        if cited.manifest:
            number["manifest"] = cited.manifest
        return number


def _ids(joined: str) -> str | list[str]:
    ids = joined.split(BETWEEN_IDS)
    return ids if len(ids) > 1 else joined


def _development(
    scenario: Scenario, development: Change | Given, number: _Numbers
) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": development.identity,
        "date": moment_text(scenario.start, development.time),
        "known_from": moment_text(scenario.start, development.known_from),
    }
    if development.note:
        entry["note"] = development.note
    if development.source:
        entry["source"] = _ids(development.source)
    if development.confidence:
        entry["confidence"] = development.confidence
    if isinstance(development, Change):
        how, key = development.how, VALUE_KEY[development.how]
        path = f"developments.{development.identity}.{how}.{key}"
        parameter = f"actors.{development.actor}.{development.parameter}"
        entry[how] = {"parameter": parameter, key: number(path)}
        return entry
    incident: dict[str, Any] = {
        "act": name_of(development.act),
        "actor": development.actor,
    }
    if development.target:
        incident["target"] = development.target
    if development.site:
        incident["site"] = development.site
    if development.is_played:
        incident["played"] = True
    for name in COUNTED:
        count = int(getattr(development.effect, name))
        if count:
            incident[name] = count
    return entry | {"incident": incident}
