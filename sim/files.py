"""Files: where what ships lies, what is kept by the user, and writing that is whole.

An installed wheel carries scenarios and seeds as ``sim/data/scenarios`` and
``sim/data/seeds``; in a checkout they are the top-level folders of these names.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from sim.errors import RunError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

PACKAGE = Path(__file__).resolve().parent

TEMPORARY: Final = ".writing"
"""How the name of a file ends that is not yet whole."""


def data_folder(name: str) -> Path:
    """Find a folder of shipped data.

    Parameters
    ----------
    name
        ``"scenarios"`` or ``"seeds"``.

    Returns
    -------
    Path
        The folder; it exists.

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
    """Return the user's cache folder of escalade, or a temporary one if that is closed.

    What lies in it can be made again: compiled rules, and results that are known by a
    digest of all that they depend on.
    """
    given = os.environ.get("XDG_CACHE_HOME")
    root = (Path(given) if given else Path.home() / ".cache") / "escalade"
    try:
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=root):
            return root
    except OSError:
        return Path(tempfile.gettempdir()) / f"escalade-{os.getuid()}"


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

    Raises
    ------
    RunError
        If the folder cannot be written or the disk is full; nothing is left under the
        file's name.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}{TEMPORARY}")
    with plain_failure(path):
        try:
            with temporary.open("wb") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file of given bytes whole."""
    write_whole(path, lambda file: file.write(content))
