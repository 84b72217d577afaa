"""Load a scenario: read the file, change what is asked, check it, freeze it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from sim.errors import Fault, ScenarioError, nearest, one_of
from sim.files import data_folder
from sim.rules.behaviour import Kind
from sim.rules.registry import KINDS
from sim.scenario.edit import New, replace
from sim.scenario.form import read_scenario
from sim.scenario.history import check_record, with_history, with_past
from sim.scenario.resolve import resolve
from sim.scenario.scenario import Scenario
from sim.scenario.schema import NAME
from sim.sources import Sources, shipped_sources


def load(
    path: str | Path,
    changes: Mapping[str, New] | None = None,
    *,
    kinds: Mapping[str, Kind] = KINDS,
    sources: Sources | None = None,
    free_from: date | None = None,
    past: str | None = None,
    particles: int | None = None,
) -> Scenario:
    """Load a scenario file, or a shipped scenario by its id.

    Parameters
    ----------
    path
        A file, or the bare id of a shipped scenario such as ``iraq_2019_2020``.
    changes
        New values by path, as in `sim.scenario.edit.replace`.
    kinds
        Kinds of actor by the name that the file uses.
    sources
        The source record; the one that ships with escalade unless given.
    free_from
        Day up to which the coded record is put in; the file's own when None.
    past
        How it is put in: ``injected`` as it is, or ``filtered``, into worlds that are
        chosen by how likely it was under them; as the file says when None.
    particles
        Among how many worlds a filtered past is chosen; as the file says when None.

    Raises
    ------
    ScenarioError
        With every fault of the file, or of the changes.
    """
    scenario = load_whole(path, changes, kinds=kinds, sources=sources)
    scenario = with_past(scenario, past, particles)
    day = scenario.free_from if free_from is None else free_from
    return scenario if day is None else with_history(scenario, day)


def load_whole(
    path: str | Path,
    changes: Mapping[str, New] | None = None,
    *,
    kinds: Mapping[str, Kind] = KINDS,
    sources: Sources | None = None,
) -> Scenario:
    """Load a scenario as its file has it, with nothing of its record put in.

    Parameters and faults are those of `load`.
    """
    document = read_scenario(find(path), kinds)
    known = shipped_sources() if sources is None else sources
    try:
        edited = replace(document, changes, kinds) if changes else document
        scenario = resolve(edited, kinds, known)
    except ScenarioError as error:
        raise (error.as_changed() if changes else error) from None
    check_record(scenario)
    return scenario


def find(path: str | Path) -> Path:
    """Return the file of a scenario that is named by path or by its bare id."""
    name = str(path)
    if not name:
        raise ScenarioError("scenario", [Fault(0, 0, "", "no file and no id is named")])
    if not re.fullmatch(NAME, name) or Path(name).exists():
        return Path(path)
    shipped = shipped_scenarios()
    if name not in shipped:
        near = nearest(name, shipped) or f"; shipped are {one_of(shipped)}"
        message = f"no such file, and no shipped scenario{near}"
        raise ScenarioError(name, [Fault(0, 0, "", message)])
    return shipped[name]


def shipped_scenarios() -> dict[str, Path]:
    """Return the files of the scenarios that ship with escalade, by id."""
    try:
        folder = data_folder("scenarios")
    except FileNotFoundError:
        return {}
    return {file.stem: file for file in sorted(folder.glob("*.yaml"))}
