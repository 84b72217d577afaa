"""Where compiled code is kept: one folder per state of the sources that made it.

numba finds a cached function again by its own file alone and would keep old code when
a rule in another module changes. So the folder's name is a digest of every source that
the code depends on, of numba and of the processor. It reads damaged code as if it were
whole, and runs it; so a digest of all that lies in a folder stands beside it.
"""

from __future__ import annotations

import hashlib
import inspect
import platform
import re
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import llvmlite.binding

from sim.engine.compiled import machine_code
from sim.files import cache_folder, write_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from sim.rules.behaviour import Kind

_ADDRESS: Final = re.compile(r" at 0x[0-9a-f]+")
"""Where a function lies in memory, as `repr` tells it."""
_SEAL: Final = "digest.txt"
"""The file with the digest of the code in a folder."""

ONE_AT_A_TIME: Final = threading.RLock()
"""Held by a thread that loads code. Of code that two load at once the processor may be
sent to one copy when the other, which it was loaded as, is gone from memory."""


def folder_for_kinds(kinds: Iterable[Kind], form: str = "") -> Path:
    """Return the folder of what is compiled for these kinds, in one of its forms."""
    return cache_folder() / digest_of(kinds, form)


def folder_for(files: Iterable[Path], names: str) -> Path:
    """Return the folder of what is compiled of some files."""
    return cache_folder() / _digest(files, names)


@contextmanager
def kept_in(folder: Path) -> Generator[None]:
    """Let numba keep in a folder what is decorated meanwhile, and nobody else's."""
    from numba.core import config

    before = config.CACHE_DIR
    config.CACHE_DIR = str(folder)
    try:
        yield
    finally:
        config.CACHE_DIR = before


def digest_of(kinds: Iterable[Kind], form: str = "") -> str:
    """Return the name of the folder for these kinds, in one of its forms."""
    files, names = _made_of(kinds)
    return _digest(files, names + form)


def sources() -> set[Path]:
    """Return the files that all compiled code depends on."""
    package = Path(__file__).parents[2]
    folders = "rules/**/*.py", "engine/**/*.py", "*.py"
    return {file for pattern in folders for file in package.glob(pattern)}


def _made_of(kinds: Iterable[Kind]) -> tuple[set[Path], str]:
    """Return the files that the code of these kinds depends on, and their names."""
    package, files = Path(__file__).parents[2], sources()
    kinds = tuple(kinds)
    for kind in kinds:
        module = sys.modules[kind.view.__module__]
        home = Path(inspect.getfile(module))
        files.update(home.parent.glob("*.py") if home.parent != package else {home})
    return files, _ADDRESS.sub("", repr(kinds))  # two kinds of one home may differ


def _digest(files: Iterable[Path], names: str) -> str:
    """Return 16 hexadecimal digits that name the sources, numba and the processor.

    And where escalade lies: numba looks for code by the path of its source, so that a
    second checkout would find nothing in a folder that is full.
    """
    digest = hashlib.sha256()
    digest.update(
        f"{machine_code.numba_version()} {platform.python_version()}".encode()
    )
    digest.update(str(Path(__file__).parents[2]).encode() + b"\0")
    digest.update(llvmlite.binding.get_host_cpu_name().encode())
    digest.update(names.encode())
    for file in sorted(files):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def compile_first(
    folder: Path,
    function: Callable[[Any], Any],
    argument: Any,
    otherwise: Callable[[], Any],
) -> Any:
    """Load code from a folder, filled first by what compiles it if it is not whole.

    Who comes second waits and finds it. See
    `sim.engine.compiled.linking.compile_apart`.

    Parameters
    ----------
    folder
        The folder.
    function, argument
        What compiles the code, or loads it by numba, and what that takes.
    otherwise
        Returns what calls the code by numba.

    Returns
    -------
    callable
        The code: without numba where that can be, or what `otherwise` returns.
    """
    if not is_warm(folder):
        _fill(folder, function, argument)

    def by_numba() -> Any:
        from sim.engine.compiled.linking import only_loading

        with ONE_AT_A_TIME:
            run = otherwise()
            with only_loading():
                function(argument)
        return run

    if machine_code.is_tested() and (folder / machine_code.FILE).exists():
        return machine_code.MachineCode(folder, by_numba)
    return by_numba()


def _fill(folder: Path, function: Callable[[Any], Any], argument: Any) -> None:
    """Fill a folder by a process apart, or where that fails by this one."""
    from filelock import FileLock

    from sim.engine.compiled.linking import compile_apart, name_apart

    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / ".lock"):
        is_there = is_warm(folder)
    if not is_there:
        # The lock is that process's: it ends its work and seals it, whatever becomes
        # of this one, which may be done with all that it wanted before.
        compile_apart(compile_alone, (folder, function, argument))
        name_apart(int(folder.name, 16))
        compile_alone((folder, function, argument))


def compile_alone(asked: tuple[Path, Callable[[Any], Any], Any]) -> None:
    """Fill a folder, one process at a time; what is not whole is removed first."""
    from filelock import FileLock

    folder, function, argument = asked
    with FileLock(folder / ".lock"):
        if not is_warm(folder):
            for file in _code_in(folder):
                file.unlink()
            function(argument)
            write_bytes(folder / _SEAL, _digest_of_code(folder))


def is_locked(folder: Path) -> bool:
    """Whether another process fills a folder now."""
    from filelock import FileLock, Timeout

    if not (folder / ".lock").exists():
        return False
    try:
        with FileLock(folder / ".lock", timeout=0):
            return False
    except Timeout:
        return True


def is_warm(folder: Path) -> bool:
    """Whether compiled code is there already, every byte as it was put there."""
    try:
        return (folder / _SEAL).read_bytes() == _digest_of_code(folder)
    except OSError:
        return False


def _code_in(folder: Path) -> list[Path]:
    """Return the files of compiled code in a folder, and numba's lists of them."""
    return sorted(folder.rglob("*.nb[cio]"))


def _digest_of_code(folder: Path) -> bytes:
    digest = hashlib.sha256()
    for file in _code_in(folder):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest().encode()
