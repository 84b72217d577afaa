"""Where compiled code is kept: one folder per state of the sources that made it.

numba finds a cached function again by its own file alone and would keep old code when
a rule in another module changes. So the folder's name is a digest of every source that
the code depends on, of numba and of the processor.
"""

from __future__ import annotations

import hashlib
import inspect
import platform
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import llvmlite.binding
import numba
from numba.core import config

from sim.files import cache_folder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.rules.behaviour import Kind

_ADDRESS: Final = re.compile(r" at 0x[0-9a-f]+")
"""Where a function lies in memory, as `repr` tells it."""


def use_cache_for(kinds: Iterable[Kind]) -> Path:
    """Let numba keep its code in the folder for these kinds, and return it."""
    folder = cache_folder() / digest_of(kinds)
    config.CACHE_DIR = str(folder)
    return folder


def digest_of(kinds: Iterable[Kind]) -> str:
    """Return 16 hexadecimal digits that name the sources, numba and the processor."""
    package = Path(__file__).parents[2]
    files = {*package.glob("rules/**/*.py"), *package.glob("engine/**/*.py")}
    files.update(package.glob("*.py"))
    for kind in kinds:
        module = sys.modules[kind.view.__module__]
        home = Path(inspect.getfile(module))
        files.update(home.parent.glob("*.py") if home.parent != package else {home})
    made = hashlib.sha256()
    made.update(f"{numba.__version__} {platform.python_version()}".encode())
    made.update(llvmlite.binding.get_host_cpu_name().encode())
    for kind in kinds:  # two kinds of one home may differ in a rule
        made.update(_ADDRESS.sub("", repr(kind)).encode())
    for file in sorted(files):
        made.update(file.name.encode() + b"\0" + file.read_bytes())
    return made.hexdigest()[:16]


def discard(folder: Path) -> None:
    """Remove a folder of compiled code, so that it is made again."""
    shutil.rmtree(folder, ignore_errors=True)


def is_warm(folder: Path) -> bool:
    """Whether compiled code is there already."""
    return any(folder.rglob("*.nbc"))
