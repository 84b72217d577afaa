"""Compiled code called without numba: kept as one object, linked by llvmlite alone.

To import numba and to let it find its code takes a third of a second, as long as a
thousand replications. The object that numba links needs nothing of it but two modules
of C, which are loaded without the package. How its functions take arrays and say that
they failed is numba's own affair, so this is done for tested versions alone; whatever
fails is run again in numba's own way, which says what it was.
"""

from __future__ import annotations

import ctypes
import sys
import threading
from functools import cache
from importlib.machinery import ExtensionFileLoader
from importlib.metadata import version
from importlib.util import find_spec, module_from_spec, spec_from_loader
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import llvmlite.binding as llvm
import numpy as np

from sim.files import write_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

TESTED: Final = ("0.68.",)
"""Versions of numba whose private names and conventions are those used here."""

FILE: Final = "code.nbo"
"""In the folder of the code: the name of the function, a new line, the object."""

_FINE: Final = (0, -2)
"""What a function returns that did not fail: a value, or None."""

_RUNTIME: Final = (
    ("NRT_", "core/runtime/_nrt_python.*.so"),
    ("numba_", "_helperlib.*.so"),
)
"""numba's modules of C, and how the names begin that code calls them by."""


def numba_version() -> str:
    """Return the version of numba, which need not be imported for it."""
    return version("numba")


def is_tested() -> bool:
    """Whether this is done for the numba that is installed."""
    return numba_version().startswith(TESTED)


def keep(folder: Path, run: Any) -> None:
    """Keep the object of what numba has just compiled; not of what it loaded."""
    (result,) = run.overloads.values()
    code: bytes | None = getattr(result.library, "_compiled_object", None)
    if is_tested() and sys.platform == "linux" and code is not None:
        name: str = result.fndesc.llvm_func_name
        write_bytes(folder / FILE, name.encode() + b"\n" + code)


class MachineCode:
    """A function of compiled code; any number of threads may call it.

    Parameters
    ----------
    folder
        Where its object is kept.
    otherwise
        Returns what calls the same function by numba.
    """

    def __init__(self, folder: Path, otherwise: Callable[[], Any]) -> None:
        name, _, code = (folder / FILE).read_bytes().partition(b"\n")
        _name_runtime()
        # An engine owns its processor and frees it, so each has one of its own.
        target = llvm.Target.from_default_triple().create_target_machine(jit=True)
        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), target)
        self._engine.add_object_file(llvm.object_file.ObjectFileRef.from_data(code))
        self._engine.finalize_object()
        address = self._engine.get_function_address(name.decode())
        self._function = ctypes.CFUNCTYPE(ctypes.c_int)(address)
        self._otherwise = otherwise
        self._before = threading.local()

    def __call__(self, *arguments: Any) -> None:
        """Call it; arrays are passed where they lie."""
        if not self._function.argtypes:
            kinds = [kind for one in arguments for kind in _kinds(one)]
            self._function.argtypes = [ctypes.c_void_p, ctypes.c_void_p, *kinds]
        # Most arrays are those of the call before; to ask where one lies takes long.
        before: dict[int, Any] = vars(self._before)  # of this thread
        words: list[Any] = []
        for place, one in enumerate(arguments):
            if place not in before or before[place][0] is not one:
                before[place] = one, _words(one)
            words += before[place][1]
        result, error = ctypes.c_void_p(), ctypes.c_void_p()
        status: int = self._function(ctypes.byref(result), ctypes.byref(error), *words)
        if status not in _FINE:
            self._otherwise()(*arguments)


def _kinds(argument: Any) -> list[Any]:
    """Return the types of the words as which compiled code takes an argument."""
    if isinstance(argument, np.ndarray):
        number, pointer = ctypes.c_int64, ctypes.c_void_p
        ends = [number] * (2 * argument.ndim)
        return [pointer, pointer, number, number, pointer, *ends]
    return [ctypes.c_double if isinstance(argument, float) else ctypes.c_uint64]


def _words(argument: Any) -> tuple[Any, ...]:
    """Return these words: of an array its owners, size, place, shape and strides."""
    if isinstance(argument, np.ndarray):
        a = argument
        return (None, None, a.size, a.itemsize, a.ctypes.data, *a.shape, *a.strides)
    return (argument if isinstance(argument, float) else int(argument),)


@cache
def _name_runtime() -> None:
    """Let the linker know what code may call."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    spec = find_spec("numba")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    (home,) = map(Path, spec.submodule_search_locations)
    for start, pattern in _RUNTIME:
        (file,) = home.glob(pattern)
        loader = ExtensionFileLoader(file.name.partition(".")[0], str(file))
        module: Any = module_from_spec(spec_from_loader(loader.name, loader))
        for name, address in module.c_helpers.items():
            llvm.add_symbol(start + name, address)
