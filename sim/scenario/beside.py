"""Files beside a scenario: its record, its sources and its targets.

A scenario names each by a file in its own folder, or below it, or by the id of one that
ships. Nothing outside the folder is read: a scenario that somebody sends cannot name
another's files.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.errors import Fault, ScenarioError, nearest, one_of
from sim.files import data_folder
from sim.reading.structure import NAME
from sim.sources import Sources, read_sources, shipped_sources

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


class _Beside(NamedTuple):
    """How a file of one key is called, and where those are that ship."""

    suffix: str
    shipped: str
    """Folder in the source record; empty where a scenario names no shipped one."""


BESIDE: Final = {
    "record": _Beside(".csv", "incidents"),
    "sources": _Beside(".yaml", ""),
    "targets": _Beside(".yaml", "targets"),
}
"""The keys of a scenario that name a file."""

TAKEN: Final = ("summary.csv", "draws.csv", "comparison.csv", "ledger.csv")
"""Files of results: a run keeps what its scenario names in the same folder."""


def located(folder: str | Path, key: str, name: str) -> Path:
    """Return the file that a scenario names under a key.

    Parameters
    ----------
    folder
        The scenario's.
    key
        ``record``, ``sources`` or ``targets``.
    name
        A file in the folder, such as ``events.csv``; or the id of one that ships.

    Raises
    ------
    ValueError
        If there is none, or it does not lie in the folder; it says what is allowed.
    """
    suffix, shipped = BESIDE[key]
    if shipped and re.fullmatch(NAME, name):
        home = data_folder("seeds") / shipped
        if (home / f"{name}{suffix}").is_file():
            return home / f"{name}{suffix}"
        names = sorted(path.stem for path in home.glob(f"*{suffix}"))
        message = (
            f"{name!r} is not a shipped one ({one_of(names)}), and no file: a file's "
            f"name ends in {suffix}{nearest(name, names)}"
        )
        raise ValueError(message)
    relative = PurePosixPath(name)
    if relative.is_absolute() or ".." in relative.parts or re.search(r"[\\:\0]", name):
        message = (
            f"{name!r} is not in the scenario's own folder, and nothing else is read"
        )
        raise ValueError(message)
    if relative.suffix != suffix or relative.name in TAKEN:
        is_taken = relative.name in TAKEN
        why = "is what a run calls a file of its own" if is_taken else "is no such file"
        message = f"{name!r} {why}; name it like {key}{suffix}"
        raise ValueError(message)
    file, home = Path(folder) / relative, Path(folder).resolve()
    if not file.resolve().is_relative_to(home):
        message = f"{name!r} is a link out of the scenario's folder; put the file there"
        raise ValueError(message)
    if not file.is_file():
        there = [path.name for path in home.glob(f"*{suffix}")]
        message = f"{name!r} is no file beside the scenario{nearest(name, there)}"
        raise ValueError(message)
    return file


def file_of(scenario: Scenario, key: str) -> Path | None:
    """Return the file that a scenario names under a key; None where it names none.

    Raises
    ------
    ScenarioError
        If it is not there.
    """
    name = str(getattr(scenario, key))
    try:
        return located(scenario.folder, key, name) if name else None
    except ValueError as error:
        where = scenario.path or scenario.name
        raise ScenarioError(where, [Fault(0, 0, key, str(error))]) from error


def own_files(scenario: Scenario) -> dict[str, Path]:
    """Return the files in its folder that a scenario names, by what it calls them."""
    named = {str(getattr(scenario, key)): file_of(scenario, key) for key in BESIDE}
    return {name: file for name, file in named.items() if file and "." in name}


def sources_of(scenario: Scenario) -> Sources:
    """Return the sources that a scenario may cite: its own before those that ship."""
    file = file_of(scenario, "sources")
    return with_own(shipped_sources(), file)


def with_own(shipped: Sources, file: Path | None) -> Sources:
    """Return sources with those of a file beside a scenario, which come first."""
    return shipped if file is None else Sources({**shipped, **read_sources(file)})
