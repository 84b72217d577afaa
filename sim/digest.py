"""What a run is known by: digests of a scenario's values and of the rules.

Two runs with the same digest have the same results. Notes, titles, labels and
citations do not count; neither does the file's path, nor how many replications ran.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from enum import IntEnum
from hashlib import sha256
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from sim.files import PACKAGE
from sim.rules.behaviour import Kind

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

SOURCES: Final = ("rules", "engine", "outcomes", "ladder.py", "draws.py")
"""Folders and files of the package that the results depend on."""

_WORDS: Final = frozenset({"title", "label", "note", "cited", "status"})
"""Fields of a scenario that change no result."""

_PLACES: Final = frozenset({"digest", "path"})


def scenario_digest(scenario: Scenario) -> str:
    """Return the SHA-256 of a scenario's values, hexadecimal.

    It is computed from the object as it is, so a scenario changed in Python is not
    taken for the file that it was read from.
    """
    return sha256(dumps(_plain(scenario), sort_keys=True).encode()).hexdigest()


def rules_digest(scenario: Scenario) -> str:
    """Return the SHA-256 of the source that makes the results, hexadecimal.

    It covers the rules, the engine, the ladder and the outcomes of this package, and
    the modules of kinds that come from elsewhere.
    """
    total = sha256()
    files = [
        file
        for name in SOURCES
        for file in sorted(_files(PACKAGE / name), key=lambda f: f.as_posix())
    ]
    named = [(file.relative_to(PACKAGE).as_posix(), file) for file in files]
    for file in sorted({_home(actor.kind) for actor in scenario.actors}):
        if not file.is_relative_to(PACKAGE):
            named.append((file.name, file))
    for name, file in named:
        content = file.read_bytes()
        total.update(f"{name}\\0{len(content)}\\0".encode())
        total.update(content)
    return total.hexdigest()


def run_digest(scenario: Scenario, root_seed: int, until: float) -> str:
    """Return what names a run: its values, its rules, its root_seed and its length."""
    what = {
        "scenario": scenario_digest(scenario),
        "rules": rules_digest(scenario),
        "root_seed": root_seed,
        "until": until,
    }
    return sha256(dumps(what, sort_keys=True).encode()).hexdigest()


def file_digest(file: Path) -> str:
    """Return the SHA-256 of a file's bytes, hexadecimal."""
    return sha256(file.read_bytes()).hexdigest()


def _files(path: Path) -> list[Path]:
    """Return a source file, or all those below a folder."""
    return [path] if path.is_file() else list(path.rglob("*.py"))


def _home(kind: Kind) -> Path:
    """Return the file in which a kind's rules are written."""
    return Path(inspect.getfile(inspect.unwrap(kind.notice))).resolve()


def _plain(value: Any) -> Any:
    """Return a value as JSON would write it; a kind stands by its name."""
    if isinstance(value, Kind | IntEnum):
        return value.name
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        skipped = _WORDS | _PLACES
        return {
            field.name: _plain(getattr(value, field.name))
            for field in fields(value)
            if field.name not in skipped
        }
    if isinstance(value, Mapping):
        held = cast("Mapping[Any, Any]", value)
        return {_key(key): _plain(item) for key, item in held.items()}
    if isinstance(value, tuple | list):
        items = cast("Sequence[Any]", value)
        names: tuple[str, ...] | None = getattr(items, "_fields", None)
        if names is None:
            return [_plain(item) for item in items]
        return {name: _plain(item) for name, item in zip(names, items, strict=True)}
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)  # 1 and 1.0 are the same value
    return value


def _key(key: Any) -> str:
    """Return a mapping's key as text."""
    return key.name if isinstance(key, IntEnum) else str(key)
