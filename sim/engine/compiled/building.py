"""The entry point for some kinds as numba builds it, compiles it and finds it again."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import typeof

from sim.engine.compiled import machine_code
from sim.engine.compiled.cache import folder_for_kinds, kept_in
from sim.engine.compiled.loop import build_run
from sim.engine.compiled.numbering import Numbering
from sim.engine.compiled.state import place_dtype, state_dtype
from sim.engine.compiled.static import STATIC

if TYPE_CHECKING:
    from sim.rules.behaviour import Kind


@lru_cache(maxsize=8)
def run_for(kinds: tuple[Kind, ...], is_filtered: bool) -> Any:
    """Build the compiled entry point for a tuple of kinds, once a process.

    What weighs a filtered past is compiled apart: other replications go without.
    """
    folder = folder_for_kinds(kinds, "filtered" if is_filtered else "")
    with kept_in(folder):
        return build_run(Numbering(kinds), folder.name, is_filtered)


def compile_kinds(asked: tuple[tuple[Kind, ...], bool]) -> None:
    """Compile the entry point for kinds, and whether pasts are weighed; keep it."""
    kinds, is_filtered = asked
    run = run_for(kinds, is_filtered)
    place = np.zeros(1, place_dtype(kinds, STATIC))
    state = np.zeros(1, state_dtype(kinds))
    takes = (place, state, state, np.uint64(0), np.uint64(0), 0.0)
    run.compile(tuple(map(typeof, takes)))
    folder = folder_for_kinds(kinds, "filtered" if is_filtered else "")
    machine_code.keep(folder, run)
