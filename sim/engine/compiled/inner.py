"""How what only compiled code calls is compiled: without a way in for Python.

The ways in, one for each function and its types, took a fifth of compiling.
"""

from __future__ import annotations

from typing import Any, Final

from numba import njit

WITHOUT_ENTRY: Final[dict[str, bool]] = {
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}

inner: Any = njit(**WITHOUT_ENTRY)  # pyright: ignore
"""Compile a function that only compiled code calls."""
