"""Is compiled code found where it was put, and never taken for another's?"""

import itertools
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("numba")

from filelock import FileLock
from numba.core import bytecode

from sim.engine.compiled import cache
from sim.engine.compiled.linking import name_apart
from sim.rules.registry import KINDS

pytestmark = pytest.mark.numba


def test_two_checkouts_share_no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Numba looks for code by the path of its source: one would undo the other's."""
    files, names = {*cache.sources()}, repr(tuple(KINDS))
    here = cache.folder_for(files, names)
    assert cache.folder_for(files, names) == here
    monkeypatch.setattr(cache, "__file__", "/elsewhere/sim/engine/compiled/cache.py")
    assert cache.folder_for(files, names) != here


def test_what_is_compiled_in_numbas_own_way_has_names_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Functions are numbered from the folder's digest on, not from 1."""
    monkeypatch.setattr(bytecode.FunctionIdentity, "_unique_ids", itertools.count(1))
    name_apart(10**15)
    identity: Any = bytecode.FunctionIdentity.from_function(name_apart)
    assert identity.unique_name.endswith(f"${10**15}")


ROOT = Path(__file__).parents[3]
FILLS = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from sim.engine.compiled import cache
from tests.unit.engine.test_compiled_names import held_up
cache._fill(Path(sys.argv[2]), held_up, sys.argv[2])
"""


def held_up(folder: str) -> None:
    """Stand for what compiles: write code once somebody lets it."""
    with Path(folder, "gate").open("rb") as gate:
        gate.read()
    Path(folder, "code.nbi").write_bytes(b"whole")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_code_is_sealed_though_who_asked_for_it_has_gone(tmp_path: Path) -> None:
    """A study that ends first leaves its compiler the lock, and code that is whole."""
    os.mkfifo(tmp_path / "gate")
    asks = subprocess.Popen([sys.executable, "-c", FILLS, str(ROOT), str(tmp_path)])
    with (tmp_path / "gate").open("wb"):  # opens when the other end does
        asks.kill()
        asks.wait()
        assert cache.is_locked(tmp_path)
        assert not cache.is_warm(tmp_path)
    with FileLock(tmp_path / ".lock", timeout=60):
        assert cache.is_warm(tmp_path)
