"""How a function is compiled that only compiled code calls: without a way in for Python.

The ways in, one for each function and set of types, took a fifth of the time to compile.
"""

from __future__ import annotations

from typing import Any, Final

from numba import njit

WITHOUT_ENTRY: Final[dict[str, bool]] = {
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}

inner: Any = njit(**WITHOUT_ENTRY)
"""Compile a function that only compiled code calls."""
