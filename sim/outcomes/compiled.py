"""Compiled: the functions of this room as one, which reads records where they lie."""

from __future__ import annotations

import inspect
import threading
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.capacity import MOST_RECORDS
from sim.engine.compiled import machine_code
from sim.engine.compiled.cache import (
    ONE_AT_A_TIME,
    compile_first,
    folder_for,
    kept_in,
    sources,
)
from sim.engine.compiled.tables import fill
from sim.engine.log import LOG
from sim.outcomes import families as definitions
from sim.outcomes.incidents import FACTS, INCIDENT
from sim.rules.behaviour import N_EFFECT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from sim.engine.log import Rows
    from sim.outcomes.families import Family
    from sim.outcomes.incidents import Facts


class CompiledMeasure:
    """Measures by compiled code; any number of threads may share it.

    Raises
    ------
    numba.core.errors.NumbaError
        If an outcome does not compile.
    """

    def __init__(self, families: Sequence[Family], facts: Facts) -> None:
        nameless = tuple(family._replace(names=()) for family in families)
        with ONE_AT_A_TIME:
            self._run = _compiled(nameless)
        self._facts = np.zeros(1, FACTS)
        for name, value in facts._asdict().items():
            fill(self._facts[0], name, value)
        self._local = threading.local()

    def __call__(self, rows: Rows, values: Any) -> None:
        """Write the values of one replication."""
        if not hasattr(self._local, "room"):
            self._local.room = np.empty(MOST_RECORDS, INCIDENT)
        self._run(rows.records, rows.effects, self._local.room, self._facts, values)


def _measured(rows: Any, effects: Any, incidents: Any, facts: Any, values: Any) -> None:
    """Stand in for the compiled function, which `_compiled` puts in its place."""


def _run(rows: Any, effects: Any, incidents: Any, facts: Any, values: Any) -> None:
    """Measure one replication; the facts are the first record of an array."""
    _measured(rows, effects, incidents, facts[0], values)


Nameless = tuple["Family", ...]
"""Families without the names of what they measure: sites have other names elsewhere."""


@lru_cache(maxsize=8)
def _folder(families: Nameless) -> Path:
    """Return where the code for some families is kept."""
    package = Path(definitions.__file__).parent
    files = {Path(inspect.getfile(module)) for module in _modules(families)}
    named = " ".join(family.measure.__qualname__ for family in families)
    return folder_for(sources() | files | {*package.glob("*.py")}, named)


def _modules(families: Nameless) -> set[ModuleType]:
    """Return the modules in which some families are defined."""
    modules = {inspect.getmodule(family.measure) for family in families}
    return {module for module in modules if module is not None}


@lru_cache(maxsize=8)
def _built(families: Nameless) -> Any:
    """Build the entry point for some families."""
    from sim.engine.compiled.dispatch import register
    from sim.engine.compiled.inner import entry_point, inner

    names = {module.__name__ for module in _modules(families)}
    register({"sim.rules", "sim.outcomes", *names})
    measured = inner(definitions.with_families(families, inner))
    folder = _folder(families)
    with kept_in(folder):
        return entry_point(_run, folder.name, globals(), _measured=measured)


def compile_families(families: Nameless) -> None:
    """Compile the entry point for some families, and keep it."""
    from numba import typeof  # pyright: ignore

    run = _built(families)
    takes = (
        np.zeros(1, LOG),
        np.zeros((1, N_EFFECT)),
        np.zeros(1, INCIDENT),
        np.zeros(1, FACTS),
        np.zeros(1),
    )
    run.compile(tuple(typeof(one) for one in takes))  # pyright: ignore
    machine_code.keep(_folder(families), run)


@lru_cache(maxsize=8)
def _compiled(families: Nameless) -> Any:
    """Compile the entry point for some families, or load it, once a process."""
    folder, otherwise = _folder(families), partial(_built, families)
    return compile_first(folder, compile_families, families, otherwise)
