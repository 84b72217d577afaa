"""Small results that are costly to find, kept between processes by what they hang on.

A result is kept under a digest of everything that it depends on, the code that makes
it among it, so it is never stale; a file that is missing, damaged or closed to us
means no more than that the result is found again.
"""

from __future__ import annotations

import json
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from sim.errors import RunError
from sim.files import cache_folder, write_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

FOLDER: Final = "results"
"""Where they lie in the user's cache folder."""


def key_of(subject: str, depends_on: Iterable[str], code: Iterable[Path]) -> str:
    """Return the key of a result: name, what it depends on, files that make it."""
    total = sha256(json.dumps([subject, *depends_on]).encode())
    for file in code:
        content = file.read_bytes()
        total.update(f"{file.name} {len(content)} ".encode() + content)
    return total.hexdigest()


def recall(key: str, is_whole: Callable[[Any], bool]) -> Any:
    """Return what was kept under a key; None if that is nothing, or damaged."""
    try:
        value = json.loads(_file(key).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return value if is_whole(value) else None


def keep(key: str, value: Any) -> None:
    """Keep plain data under a key; where that is not possible, do nothing."""
    file = _file(key)
    with suppress(OSError, RunError):
        file.parent.mkdir(parents=True, exist_ok=True)
        write_text(file, json.dumps(value))


def _file(key: str) -> Path:
    return cache_folder() / FOLDER / f"{key[:32]}.json"
