"""What a function of the user's own is known by: two that differ have different texts.

The text of its module does not tell two closures, lambdas or partial functions apart,
nor a helper that was defined anew in a notebook. So it goes into the code, and into all
that the code holds or names.
"""

# Things of any type are looked into here.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import functools
import inspect
import pickle
import types
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sim.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Sequence

_PLAIN = (bool, int, float, complex, str, bytes, type(None), type(...))


def function_text(function: Any) -> str:
    """Return a text that differs where another function may give other values.

    Raises
    ------
    StudyError
        If it holds an object that cannot be told from others.
    """
    return _text(function, set())


def _text(value: Any, seen: set[int]) -> str:
    if isinstance(value, _PLAIN):
        return repr(value)
    if id(value) in seen:
        return "above"
    seen.add(id(value))
    kind: Any = type(value)
    parts = _parts(value)
    return f"{kind.__name__}({', '.join(_text(part, seen) for part in parts)})"


def _parts(value: Any) -> Sequence[Any]:
    """Return what a thing is made of."""
    parts: Sequence[Any]
    if isinstance(value, types.ModuleType):
        parts = (value.__name__,)
    elif isinstance(value, types.CodeType):
        parts = (value.co_code, value.co_names, value.co_consts)
    elif isinstance(value, types.FunctionType):
        cells = [cell.cell_contents for cell in value.__closure__ or ()]
        held = (value.__defaults__, value.__kwdefaults__, cells, _named(value))
        parts = (value.__qualname__, _source(value), value.__code__, *held)
    elif isinstance(value, types.MethodType):
        parts = (value.__self__, value.__func__)
    elif isinstance(value, functools.partial):
        bound: Any = value
        parts = (bound.func, bound.args, bound.keywords)
    elif isinstance(value, (type, types.BuiltinFunctionType)):
        parts = (value.__module__, value.__qualname__, _source(value))
    elif isinstance(value, (tuple, list)):
        parts = value
    elif isinstance(value, dict):
        pairs: list[Any] = sorted(value.items(), key=repr)
        parts = [part for pair in pairs for part in pair]
    elif isinstance(value, (set, frozenset)):
        parts = sorted(value, key=repr)
    else:
        parts = _of_object(value)
    return parts


def _named(function: types.FunctionType) -> list[Any]:
    """Return what a function takes from its module; of other modules the text alone."""
    home, known = function.__module__, function.__globals__
    named = [known[name] for name in sorted(_names(function.__code__)) if name in known]
    return [
        (each.__module__, each.__qualname__, _source(each))
        if isinstance(each, (type, types.FunctionType)) and each.__module__ != home
        else each
        for each in named
    ]


def _names(code: types.CodeType) -> set[str]:
    """Return the names that code, and code inside it, may take from its module."""
    inner = [c for c in code.co_consts if isinstance(c, types.CodeType)]
    return set(code.co_names).union(*(_names(each) for each in inner))


def _source(value: Any) -> str:
    """Return the text of the module that something stands in, else its own, if any."""
    with suppress(OSError, TypeError):
        module = inspect.getmodule(value)
        file = getattr(module, "__file__", None)
        return inspect.getsource(value if file is None or module is None else module)
    return ""


def _of_object(value: Any) -> tuple[Any, ...]:
    if inner := getattr(value, "py_func", None):  # compiled by numba
        return (inner,)
    kind: Any = type(value)
    if callable(value) and hasattr(value, "__dict__"):
        return (kind, vars(value))
    try:
        return (kind.__qualname__, pickle.dumps(value))
    except Exception as error:
        message = (
            f"an own outcome holds {value!r}, which cannot be told from others of its "
            f"kind ({error}), so its results could not be kept apart; hold numbers, "
            "texts, lists of them and functions"
        )
        raise StudyError(message) from error
