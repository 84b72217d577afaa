"""Rules as machine code: the functions that the SimPy driver calls, under numba.

A rule is compiled as it stands: its twin is the same code object in a twin of its
module, where every function is compiled. Memories and the world, dataclasses in Python,
become NumPy records with the same field names. Nothing here is shared with the compiled
engine, so the rules are tested by themselves.
"""

from __future__ import annotations

from dataclasses import astuple, is_dataclass
from types import FunctionType
from typing import TYPE_CHECKING, Any, Final, get_args, get_type_hints

import numba
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOM: Final = "sim.rules"
"""Only what lies in this room is compiled."""

_NUMBERS: Final[dict[type[Any], str]] = {int: "i8", float: "f8"}
_TWINS: Final[dict[FunctionType, Any]] = {}
_NAMESPACES: Final[dict[str, dict[str, Any]]] = {}


def compiled(rule: Callable[..., Any]) -> Any:
    """Return a rule as a numba function, compiled when first called."""
    assert isinstance(rule, FunctionType), f"{rule} is not a plain function"
    assert rule.__closure__ is None, f"{rule.__qualname__} closes over something"
    if rule not in _TWINS:
        twin = FunctionType(
            rule.__code__, _namespace(rule), rule.__name__, rule.__defaults__
        )
        _TWINS[rule] = numba.njit(twin)
    return _TWINS[rule]


def record_type(
    table: type[Any], n_actors: int, lengths: Mapping[str, int] | None = None
) -> np.dtype[Any]:
    """Return the NumPy type of a class of numbers, of such classes, and of lists.

    A list has the length that `lengths` gives it, and else one entry for each actor.
    """
    columns: list[tuple[Any, ...]] = []
    for name, hint in get_type_hints(table).items():
        in_list = get_args(hint)
        entry = in_list[0] if in_list else hint
        kind_of = _NUMBERS.get(entry) or record_type(entry, n_actors)
        shape = ((lengths or {}).get(name, n_actors),) if in_list else ()
        columns.append((name, kind_of, shape))
    return np.dtype(columns)


def record_of(value: Any, kind_of: np.dtype[Any]) -> Any:
    """Return a dataclass's numbers as one record."""
    record = np.zeros(1, kind_of)[0]
    for name in kind_of.names or ():
        record[name] = _plain(getattr(value, name))
    return record


def _plain(value: Any) -> Any:
    """Return a value as NumPy takes it: a dataclass becomes a tuple."""
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    return astuple(value) if is_dataclass(value) else value  # pyright: ignore[reportArgumentType]


def _namespace(rule: FunctionType) -> dict[str, Any]:
    """Return the twin of a rule's module: the same names, compiled."""
    name = rule.__module__
    if name not in _NAMESPACES:
        twin: dict[str, Any] = {"__name__": name}
        _NAMESPACES[name] = twin
        for key, value in rule.__globals__.items():
            if isinstance(value, FunctionType) and value.__module__.startswith(ROOM):
                twin[key] = compiled(value)
            elif not key.startswith("__"):
                twin[key] = value
    return _NAMESPACES[name]
