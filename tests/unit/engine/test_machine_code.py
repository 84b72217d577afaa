"""Compiled code that is called without numba, and what is done when a call fails."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

pytest.importorskip("numba")

from sim.engine.cast import Cast
from sim.engine.choice import compiling_sentence
from sim.engine.compiled import machine_code
from sim.engine.compiled.cache import kept_in
from sim.engine.compiled.machine_code import MachineCode
from tests.builders import calm

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.numba,
    pytest.mark.skipif(
        sys.platform != "linux" or not machine_code.is_tested(),
        reason="done on Linux, for tested versions of numba",
    ),
]


def reciprocals(values: Any, allowed: float) -> None:
    """Replace values by their reciprocals; one above what is allowed is refused."""
    for place in range(len(values)):
        if values[place] > allowed:
            raise ValueError
        values[place] = 1.0 / values[place]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """Return a folder with compiled code, and what calls the same by numba."""
    import numba

    folder: Path = tmp_path_factory.mktemp("code")
    with kept_in(folder):
        compiled: Any = numba.njit(cache=True)(reciprocals)
    compiled.compile((numba.types.float64[::1], numba.types.float64))
    machine_code.keep(folder, compiled)
    return folder, compiled


@pytest.fixture(scope="module")
def code(kept: tuple[Path, Any]) -> tuple[MachineCode, list[tuple[Any, ...]]]:
    """Return compiled code, and the arguments with which it was run again.

    Once, since the names in machine code are those of the whole process.
    """
    folder, compiled = kept
    again: list[tuple[Any, ...]] = []

    def by_numba() -> Any:
        def call(*arguments: Any) -> None:
            again.append(arguments)
            compiled(*arguments)

        return call

    return MachineCode(folder, by_numba), again


def test_a_call_that_does_not_fail_is_made_once(
    code: tuple[MachineCode, list[tuple[Any, ...]]],
) -> None:
    """The arrays are written where they lie, whichever they are, and numba is idle."""
    function, again = code
    again.clear()
    one, other = np.array([1.0, 2.0, 4.0]), np.array([8.0])
    for values in (one, other, one):
        function(values, 9.0)
    assert (one.tolist(), other.tolist()) == ([1.0, 2.0, 4.0], [0.125])
    assert not again


def test_a_call_that_fails_is_made_again_and_says_what_it_was(
    code: tuple[MachineCode, list[tuple[Any, ...]]],
) -> None:
    """Numba gets the same arguments, its error is raised, and later calls are made."""
    function, again = code
    again.clear()
    values = np.array([2.0, 10.0])
    with pytest.raises(ValueError):  # noqa: PT011 - compiled code has no message
        function(values, 9.0)
    assert [arguments[0] is values for arguments in again] == [True]
    function(np.array([2.0]), 9.0)
    assert len(again) == 1


ONE_AFTER_THE_OTHER = """
import gc, sys
from pathlib import Path
from sim.engine.compiled.machine_code import MachineCode
for _ in range(30):
    MachineCode(Path(sys.argv[1]), print)
    gc.collect()
"""


def test_code_can_be_loaded_when_what_was_loaded_before_has_gone(
    kept: tuple[Path, Any],
) -> None:
    """Each takes nothing that is freed with another: else the process crashes."""
    command = [sys.executable, "-c", ONE_AFTER_THE_OTHER, str(kept[0])]
    subprocess.run(command, check=True, timeout=60)


def test_another_numba_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has a version that is used in its own way is told that it takes longer."""
    assert "numba" not in compiling_sentence(Cast(calm()))
    monkeypatch.setattr(machine_code, "numba_version", lambda: "0.99.1")
    assert "numba 0.99.1" in compiling_sentence(Cast(calm()))
