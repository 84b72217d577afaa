"""Which rule does not compile: each is tried by itself, after the whole has failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numba
import numpy as np
from numba.extending import as_numba_type

from sim.engine.compiled.dispatch import register_rules
from sim.engine.compiled.state import memory_dtype, params_dtype
from sim.rules.behaviour import N_UNIFORMS, Effect, Holdings, Kind, Percept, Setting

if TYPE_CHECKING:
    from collections.abc import Iterable


def rule_at_fault(kinds: Iterable[Kind]) -> str:
    """Name the first rule that does not compile, as kind and rule, and say why.

    It is empty where each compiles by itself.
    """
    from sim.engine.situations import rules_of

    kinds = tuple(kinds)
    register_rules(kinds)
    for kind in kinds:
        takes = _arguments(kind)
        try:
            view = numba.njit(kind.view)
            names = ("params", "memory", "holdings", "other", "now")
            view.compile(tuple(takes[name] for name in names))
        except Exception as error:
            return f"the rule {kind.name}.view does not compile: {said(error)}"
        takes["view"] = view.nopython_signatures[0].return_type
        for rule in rules_of(kind):
            if rule.label == "lasts":  # Python calls them
                continue
            try:
                types = tuple(takes[name] for name in rule.takes)
                numba.njit(rule.function).compile(types)
            except Exception as error:
                where = f"{kind.name}.{rule.label}"
                return f"the rule {where} does not compile: {said(error)}"
    return ""


def said(error: Exception) -> str:
    """Return the line of an error that says most, with its type."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    telling = [
        line
        for line in lines
        if not line.startswith(("Failed in", "During", "File", "[", "<", "-"))
    ]
    return f"{type(error).__name__}: {(telling or lines or [''])[0][:200]}"


def _arguments(kind: Kind) -> dict[str, Any]:
    """Return the type of whatever a rule of the kind may take, by name."""

    def of(example: Any) -> Any:
        return numba.typeof(example)

    def numbers(table: Any, whole: tuple[str, ...] = ()) -> Any:
        names = table._fields
        return of(table(*(0 if name in whole else 0.0 for name in names)))

    whole = ("act", "is_stage", "author", "target", "is_mine", "is_at_me", "soil")
    return {
        "params": of(np.zeros(1, params_dtype(kind))[0]),
        "memory": of(np.zeros(1, memory_dtype(kind))[0]),
        "holdings": numbers(Holdings),
        "percept": numbers(Percept, whole),
        "setting": numbers(Setting),
        "effect": numbers(Effect),
        "other": as_numba_type(int),
        "index": as_numba_type(int),
        "now": as_numba_type(float),
        "waited": as_numba_type(float),
        "u": as_numba_type(float),
        "reach": as_numba_type(float),
        "presence": as_numba_type(float),
        "uniforms": of((0.0,) * N_UNIFORMS),
    }
