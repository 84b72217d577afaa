"""Is compiled code found where it was put, and never taken for another's?"""

import itertools
from typing import Any

import pytest

pytest.importorskip("numba")

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
