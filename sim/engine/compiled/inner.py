"""How functions are compiled: with a way in for Python, or, most of them, without.

The ways in, one for each function and its types, took a fifth of compiling.
"""

from __future__ import annotations

from types import FunctionType
from typing import TYPE_CHECKING, Any, Final

from numba import njit

if TYPE_CHECKING:
    from collections.abc import Callable

WITHOUT_ENTRY: Final[dict[str, bool]] = {
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}

inner: Any = njit(**WITHOUT_ENTRY)  # pyright: ignore
"""Compile a function that only compiled code calls."""


def entry_point(
    function: Callable[..., None], name: str, names: dict[str, Any], **inner: Any
) -> Any:
    """Return a way in for Python, cached on disk.

    It is a copy of a plain function, whose globals alone differ: numba can find it
    again in the cache of a later process, which it cannot for a function that closes
    over others.

    Parameters
    ----------
    function
        It stands in the module whose `names` are given.
    name
        What no other entry point has. numba names machine code by it and by numbers of
        the types, which two processes give to different types: of two pieces of code of
        one name a process that loads both would run the first for either.
    names
        The globals of the function's module.
    inner
        Compiled functions that stand in the place of its globals of these names.
    """
    copy = FunctionType(function.__code__, names | inner, "run")
    copy.__module__, copy.__qualname__ = names["__name__"], f"run_{name}"
    return njit(cache=True, nogil=True)(copy)
