"""What a run is known by: its scenario's digest, the rules, root_seed and length.

Two runs with the same digest have the same results; how many replications ran does not
count.
"""

from __future__ import annotations

import inspect
from hashlib import sha256
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.files import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sim.rules.behaviour import Kind
    from sim.scenario.scenario import Scenario

SOURCES: Final = ("rules", "engine", "outcomes", "ladder.py", "draws.py")
"""Folders and files of the package that the results depend on."""


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
        total.update(f"{name}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def run_digest(
    scenario: Scenario,
    root_seed: int,
    until: float,
    alteration: Mapping[str, Any] | None = None,
) -> str:
    """Return what names a run: its values, its rules, its root_seed and its length.

    And what is made otherwise in its replications, where anything is.
    """
    depends_on = {
        "scenario": scenario.digest,
        "rules": rules_digest(scenario),
        "root_seed": root_seed,
        "until": until,
        **({"alteration": dict(alteration)} if alteration else {}),
    }
    return content_digest(depends_on)


def content_digest(content: Any) -> str:
    """Return the SHA-256 of plain data, as JSON with its keys in order, hexadecimal."""
    return sha256(dumps(content, sort_keys=True).encode()).hexdigest()


def file_digest(file: Path) -> str:
    """Return the SHA-256 of a file's bytes, hexadecimal."""
    return sha256(file.read_bytes()).hexdigest()


def _files(path: Path) -> list[Path]:
    """Return a source file, or all those below a folder."""
    return [path] if path.is_file() else list(path.rglob("*.py"))


def _home(kind: Kind) -> Path:
    """Return the file in which a kind's rules are written."""
    return Path(inspect.getfile(inspect.unwrap(kind.notice))).resolve()
