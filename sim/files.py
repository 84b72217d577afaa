"""Files: where what ships lies, what is kept by the user, and writing that is whole.

An installed wheel carries scenarios and seeds as ``sim/data/scenarios`` and
``sim/data/seeds``; in a checkout they are the top-level folders of these names.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import stat
import tempfile
from contextlib import contextmanager, suppress
from functools import cache
from math import isfinite
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from sim.errors import RunError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

PACKAGE = Path(__file__).resolve().parent

TEMPORARY: Final = ".writing"
"""How the name of a file ends that is not yet whole."""


def data_folder(name: str) -> Path:
    """Return a folder of shipped data, ``"scenarios"`` or ``"seeds"``.

    Raises
    ------
    FileNotFoundError
        When neither the installed package nor a checkout holds the folder.

    Examples
    --------
    >>> data_folder("seeds").name
    'seeds'
    """
    installed = PACKAGE / "data" / name
    if installed.is_dir():
        return installed
    root = PACKAGE.parent
    # Beside an installed package lie other people's folders: only a checkout counts.
    if (root / "pyproject.toml").is_file() and (root / name).is_dir():
        return root / name
    message = (
        f"the data folder '{name}' is neither at {installed} (installed package) "
        f"nor at {root / name} (checkout); install escalade again"
    )
    raise FileNotFoundError(message)


def cache_folder() -> Path:
    """Return the user's cache folder of escalade, or another if that is closed.

    What lies in it can be made again: compiled rules, and results that are known by a
    digest of all that they depend on. Compiled rules are read by unpickling, which runs
    whatever the file says: in the temporary folder, where others write too, only a
    folder that is ours alone will do. Where there is none it lasts as long as this
    process.
    """
    given = os.environ.get("XDG_CACHE_HOME")
    try:
        root = (Path(given) if given else Path.home() / ".cache") / "escalade"
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=root):
            return root
    except (OSError, RuntimeError):  # closed to us; or a user without a home
        return _temporary_cache()


def _temporary_cache() -> Path:
    """Return this user's cache in the temporary folder, or this process's own."""
    if not hasattr(os, "getuid"):
        return _own_cache()
    root = Path(tempfile.gettempdir()) / f"escalade-{os.getuid()}"
    with suppress(OSError):
        root.mkdir(mode=0o700, exist_ok=True)
        if _is_ours_alone(root):
            return root
    return _own_cache()


def _is_ours_alone(folder: Path) -> bool:
    """Whether nobody else can write in a folder, or put another in its place."""
    above, own = folder.parent.stat(), folder.lstat()
    is_open = above.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return (
        stat.S_ISDIR(own.st_mode)  # and no link to one
        and own.st_uid == os.getuid()
        and not own.st_mode & (stat.S_IRWXG | stat.S_IRWXO)
        and (not is_open or bool(above.st_mode & stat.S_ISVTX))
    )


@cache
def _own_cache() -> Path:
    """Make a cache that goes when this process ends."""
    folder = tempfile.mkdtemp(prefix="escalade-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


@contextmanager
def plain_failure(path: Path) -> Generator[None]:
    """Turn a refusal of the file system into a RunError that names the file."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        message = f"cannot write {path}: {reason}; finished parts are kept"
        raise RunError(message) from error


def write_whole(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a file so that it is there whole or not at all.

    A link under its name is replaced, not followed.

    Raises
    ------
    RunError
        If the folder cannot be written or the disk is full; nothing is left under the
        file's name.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}{TEMPORARY}")
    with plain_failure(path):
        try:
            temporary.unlink(missing_ok=True)
            with temporary.open("xb") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise


def sweep_up(path: Path) -> None:
    """Remove what processes that were killed left of a file, half-written."""
    for file in path.parent.glob(f".{path.name}.*{TEMPORARY}"):
        if _has_ended(file.name.split(".")[-2]):
            file.unlink(missing_ok=True)


def _has_ended(process: str) -> bool:
    """Whether a process of this machine is surely gone."""
    if os.name != "posix" or not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, OverflowError):
        return True
    except PermissionError:
        pass
    return False


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file of given bytes whole."""
    write_whole(path, lambda file: file.write(content))


def write_text(path: Path, text: str) -> None:
    """Write a text file whole, in UTF-8."""
    write_bytes(path, text.encode())


def make_folder(path: Path) -> None:
    """Make a folder, and those above it; one that is there is left as it is.

    Raises
    ------
    RunError
        If the file system refuses.
    """
    with plain_failure(path):
        path.mkdir(parents=True, exist_ok=True)


def plain(data: Any) -> Any:
    """Return data without numbers that JSON cannot hold: they become None.

    >>> plain({"mean": float("nan"), "n": (1, 2)})
    {'mean': None, 'n': [1, 2]}
    """
    if isinstance(data, dict):
        return {str(key): plain(value) for key, value in data.items()}  # pyright: ignore
    if isinstance(data, list | tuple):
        return [plain(value) for value in data]  # pyright: ignore
    if isinstance(data, float) and not isfinite(data):
        return None
    return data


def write_json(path: Path, data: Any) -> None:
    """Write data as a JSON file, whole."""
    text = json.dumps(plain(data), indent=2, ensure_ascii=False) + "\n"
    write_text(path, text)
