"""Small results that are costly to find, kept between processes by what they hang on.

A result is kept under a digest of everything that it depends on, the code that makes
it among it, so it is never stale; a file that is missing, damaged or closed to us
means no more than that the result is found again.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from sim.files import cache_folder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FOLDER: Final = "results"
"""Where they lie in the user's cache folder."""


def key_of(subject: str, depends_on: Iterable[str], code: Iterable[Path]) -> str:
    """Return the key of a result: its name, what it depends on, the files that make it.

    Parameters
    ----------
    what
        Name of the result.
    depends_on
        Digests, or other texts.
    code
        Source files.
    """
    total = sha256(json.dumps([subject, *depends_on]).encode())
    for file in code:
        content = file.read_bytes()
        total.update(f"{file.name} {len(content)} ".encode() + content)
    return total.hexdigest()


def recall(key: str) -> Any:
    """Return what was kept under a key, or None."""
    try:
        return json.loads(_file(key).read_text("utf-8"))
    except (OSError, ValueError):
        return None


def keep(key: str, value: Any) -> None:
    """Keep plain data under a key; where that is not possible, do nothing."""
    file = _file(key)
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(value), "utf-8")
        temporary.replace(file)


def _file(key: str) -> Path:
    return cache_folder() / FOLDER / f"{key[:32]}.json"
