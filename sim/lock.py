"""One writer a folder: a lock that ends with its holder, and a note that names it.

The lock is the operating system's own (`filelock`: flock, or its like on Windows), so
it is gone the moment its holder is, however that died: no stale lock is to be told from
a live one by process numbers, which are used again. It is on the file `.lock`, which
stays; the note `.writer` says who holds it, and is only ever read by those refused.
Readers need no lock: parts are whole or not there.
"""

from __future__ import annotations

import json
import os
import shlex
import socket
import sys
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from sim.errors import RunError, StudyError
from sim.files import write_text

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

LOCK: Final = ".lock"
WRITER: Final = ".writer"


@contextmanager
def held(folder: Path) -> Generator[None]:
    """Hold a folder that is there, so that no other process writes in it.

    Raises
    ------
    StudyError
        If another process, or another thread of this one, holds it; it is named.
    RunError
        If the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        message = (
            f"{folder} is being written by {_writer(folder)}; wait until that has "
            "ended, or stop it, and give the same command again: what it finished is "
            "kept"
        )
        raise StudyError(message) from None
    except OSError as error:
        message = f"cannot write {folder / LOCK}: {error.strerror or error}"
        raise RunError(message) from error
    note = folder / WRITER
    try:
        with suppress(RunError):
            write_text(note, _own_note())  # in place of a link, not through it
        yield
    finally:
        with suppress(OSError):
            note.unlink()
        lock.release()


def _own_note() -> str:
    """Return who this process is."""
    note = {
        "process": os.getpid(),
        "host": socket.gethostname(),
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": shlex.join(sys.argv),
    }
    return json.dumps(note)


def _writer(folder: Path) -> str:
    """Say who holds a folder, as far as it is known."""
    try:
        note = json.loads((folder / WRITER).read_text("utf-8"))
        return (
            f"process {note['process']} on {note['host']} since {note['since']} "
            f"({note['command']})"
        )
    except (OSError, ValueError, KeyError, TypeError):
        return "another process that has just begun"
