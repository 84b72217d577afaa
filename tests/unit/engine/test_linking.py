"""Is what the compiling process does in numba's place what numba would have done?"""

from typing import Any

import numpy as np
import pytest

pytest.importorskip("numba")

from numba import from_dtype
from numba.core import compiler, ir
from numba.core.targetconfig import TargetConfig

from sim.engine.compiled import linking
from sim.engine.compiled.state import SLOT

pytestmark = pytest.mark.numba


def branching(x: float, names: tuple[float, ...]) -> float:
    """Have instructions of many forms: calls, branches, a loop, a list, a return."""
    total = 0.0
    for name in names:
        if name > x:
            total += max(name, x, 1.0)
        else:
            total -= [name, x][0]
    return total


def test_an_instruction_has_the_variables_that_numba_sees() -> None:
    """In the same order, of every statement and of every value of one."""
    blocks: Any = compiler.run_frontend(branching).blocks  # pyright: ignore
    numbas: Any = ir.Inst._rec_list_vars  # pyright: ignore
    statements = [one for block in blocks.values() for one in block.body]
    parts = [(one, part) for one in statements for part in (one, vars(one))]
    set_to = [one for one in statements if isinstance(one, ir.Assign)]
    parts += [(one, one.value) for one in set_to]
    parts += [(one, ([one.target], {"a": one.target}, "a", 1)) for one in set_to]
    found = [linking._variables(*part) for part in parts]
    assert found == [numbas(*part) for part in parts]
    assert sum(map(bool, found)) > 50


def test_options_are_all_there_those_set_over_those_not() -> None:
    """As numba gathers them; options that differ stay apart."""
    plain, fast = compiler.Flags(), compiler.Flags()
    setting: Any = fast
    setting.nrt = True
    for options in (plain, fast):
        assert linking._all_options(options) == TargetConfig.values(options)
    assert linking._all_options(plain) != linking._all_options(fast)
    assert linking._hash_of_kind(plain) == linking._hash_of_kind(fast)


def test_a_record_is_written_as_numba_writes_it() -> None:
    """The first time and the second; each its own."""
    types: list[Any] = [from_dtype(SLOT), from_dtype(np.dtype([("a", "f8")]))]
    for _ in range(2):
        assert [linking._described(one) for one in types] == [*map(repr, types)]
