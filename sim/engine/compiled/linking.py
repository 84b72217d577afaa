"""One link: what only compiled code calls is optimised once, with the whole.

numba optimises every function by itself and again in each function that calls it. Here
the inner ones wait, and the way in links all that it reaches, hides it from others, and
optimises once: half of compiling is saved. It rests on private names of numba, so it is
done for versions that were tested alone, and in a process of its own, which compiles,
keeps the code and ends: whoever uses numba beside this is left alone.
"""

from __future__ import annotations

import itertools
import pickle
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import llvmlite.binding as llvm
from numba import _dynfunc  # pyright: ignore
from numba.core import bytecode, codegen, cpu, event, ir, registry, typed_passes
from numba.core.compiler_lock import global_compiler_lock
from numba.core.runtime.nrt import rtsys
from numba.core.targetconfig import TargetConfig
from numba.core.types import Record

from sim.engine.compiled.machine_code import is_tested

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

_CHILD: Final = """
import gc, pickle, sys
gc.set_threshold(100_000, 50, 100)
sys.path[:] = pickle.load(sys.stdin.buffer)
from sim.engine.compiled.linking import link_once, spare_repetition
link_once()
spare_repetition()
function, argument = pickle.load(sys.stdin.buffer)
function(argument)
"""
"""What the process runs. Compiling makes millions of small objects that stay, and a
tenth of its time went to looking for garbage among them."""

_Library: Any = codegen.JITCodeLibrary
_finalize: Any = codegen.CPUCodeLibrary.finalize
_pointer: Any = _Library.get_pointer_to_function
_executable: Any = cpu.CPUContext.get_executable
_lower: Any = typed_passes.NativeLowering.run_pass


def compile_apart(function: Callable[[Any], Any], argument: Any) -> None:
    """Call what compiles into the cache, in a process of its own.

    Where that fails, nothing is kept, and whoever asks for the code compiles it in
    numba's own way.

    Parameters
    ----------
    function
        Of a module that can be imported.
    argument
        It pickles.
    """
    if not is_tested():
        return
    try:
        sent = pickle.dumps(sys.path) + pickle.dumps((function, argument))
    except (pickle.PicklingError, AttributeError, TypeError):
        return  # a kind of a notebook has no module to be imported from
    command = [sys.executable, "-c", _CHILD]
    subprocess.run(command, input=sent, capture_output=True, check=False)


@contextmanager
def only_loading() -> Generator[None]:
    """Let numba look for kept code without what compiling needs, as long as it lasts.

    Before it looks into its cache, it loads whatever it can compile, and SciPy's
    linear algebra: 0.2 s. If nothing is found, it loads that before it compiles.
    """
    context: Any = registry.cpu_target.target_context

    def refresh() -> None:
        vars(context).pop("refresh", None)  # the next call is of numba's own
        rtsys.initialize(context)

    if not is_tested():
        yield
        return
    with global_compiler_lock:
        context.refresh = refresh
        try:
            yield
        finally:
            vars(context).pop("refresh", None)


def name_apart(digest: int) -> None:
    """Number what this process compiles in numba's own way from a digest on.

    numba numbers functions from 1 in every process, and writes the inner ones so that
    others may stand in their place: what two processes compiled and a third loads would
    take each other's of equal number. What is linked once hides its inner functions.
    """
    identity: Any = bytecode.FunctionIdentity
    if hasattr(identity, "_unique_ids"):  # a private name
        identity._unique_ids = itertools.count(digest)


def link_once() -> None:
    """Let this process link and optimise once whatever it compiles from now on."""
    library: Any = codegen.CPUCodeLibrary
    library.finalize = _wait_or_link
    library._optimize_functions = _set_layout
    _Library.get_pointer_to_function = _pointer_into
    context: Any = cpu.CPUContext
    context.get_executable = _executable_of
    lowering: Any = typed_passes.NativeLowering
    lowering.run_pass = _lower_marked


def spare_repetition() -> None:
    """Let this process do once, or not at all, what numba does again in every pass.

    It writes the type of each argument out in full, gathers all options of a function
    to see whether they are those of another, tells listeners that nobody has, and
    looks for the class of each part of an instruction: a quarter of compiling. What
    is compiled is the same in every byte.
    """
    record: Any = Record
    record.__repr__ = _described
    options: Any = TargetConfig
    options.values = _all_options
    options.__hash__ = _hash_of_kind
    heard: Any = event
    heard.start_event = heard.end_event = _unheard
    heard.install_timer = _no_timer
    instruction: Any = ir.Inst
    instruction._rec_list_vars = _variables


_describe: Any = Record.__repr__
_descriptions: Final[dict[int, tuple[Any, str]]] = {}


def _described(self: Any) -> str:
    """Return what a type of a record is written as, which never changes."""
    known = _descriptions.get(id(self))
    if known is None:  # the type is kept too, lest another take its number
        known = _descriptions[id(self)] = self, _describe(self)
    return known[1]


_defaults: Final[dict[type, dict[str, Any]]] = {}


def _all_options(self: Any) -> dict[str, Any]:
    """Return the options of a function: what is set, over what is not."""
    kind = type(self)
    if kind not in _defaults:
        _defaults[kind] = {name: one.default for name, one in kind.options.items()}
    return _defaults[kind] | self._values


def _hash_of_kind(self: Any) -> int:
    """Return what numba's own is too: one number for all options of a kind."""
    return hash(type(self))


def _unheard(*_: Any, **__: Any) -> None:
    """Tell nobody: in this process nobody listens."""


@contextmanager
def _no_timer(*_: Any) -> Generator[None]:
    """Let the time of a part of compiling go unmeasured."""
    yield


_forms: Final[dict[type, str]] = {}


def _form_of(kind: type) -> str:
    """Return what a part of an instruction is, as numba tells it by its class."""
    for form, classes in (
        ("variable", ir.Var), ("instruction", ir.Inst),
        ("list", (list, tuple)), ("dict", dict),
    ):  # fmt: skip
        if issubclass(kind, classes):
            return form
    return "neither"


def _variables(self: Any, value: Any) -> list[Any]:
    """Return the variables in a part of an instruction."""
    kind: type = type(value)
    form = _forms.get(kind)
    if form is None:
        form = _forms[kind] = _form_of(kind)
    if form == "neither":
        return []
    if form == "variable":
        return [value]
    if form == "instruction":
        return value.list_vars()
    parts = value.values() if form == "dict" else value
    return [variable for part in parts for variable in _variables(self, part)]


def _lower_marked(self: Any, state: Any) -> Any:
    """Lower a function; mark its library as one that Python has a way into, or not."""
    if state.library is None:
        state.library = state.targetctx.codegen().create_library(
            state.func_id.func_qualname
        )
        state.library.enable_object_caching()
    flags = state.flags
    state.library.is_inner = flags.no_cpython_wrapper and flags.no_cfunc_wrapper
    return _lower(self, state)


def _executable_of(self: Any, library: Any, described: Any, environment: Any) -> Any:
    """Return what Python calls; of an inner function nothing that it could."""
    if not getattr(library, "is_inner", False):
        library.is_root = True
        return _executable(self, library, described, environment)
    library._ensure_finalized()
    name = described.qualname.rpartition(".")[2]
    return _dynfunc.make_function(
        described.lookup_module(), name, "inner", 0, environment, (library,)
    )


def _pointer_into(self: Any, name: str) -> Any:
    """Return the address of a function, whose library is linked for it."""
    if not self._finalized:
        self.is_root = True
    return _pointer(self, name)


def _set_layout(self: Any, module: Any) -> None:
    """Do without a first pass over each function: the whole is optimised later."""
    module.data_layout = self._codegen._data_layout


def _wait_or_link(self: Any) -> None:
    """Let an inner library wait; link all that the way in reaches, and optimise it."""
    if not hasattr(self, "is_inner"):  # numba's own runtime, of no function
        _finalize(self)
        return
    self._raise_if_finalized()
    reached: list[Any] = []
    _reach(self, {id(self)}, reached)
    for library in reached:
        self._reload_init.update(library._reload_init)
    if not getattr(self, "is_root", False):
        self._finalized = self.is_waiting = True
        return
    module = self._final_module
    own = {f.name for f in module.functions if not f.is_declaration}
    # Of a module only what is called by then is linked, so the runtime's, which is
    # called from all of them, comes last: it is inlined, as what reads a list is.
    for library in sorted(reached, key=lambda one: not _is_waiting(one)):
        module.link_in(_module_alone(library), preserve=False)
    for function in module.functions:
        is_runtime = function.name.startswith("NRT_")
        if not (function.is_declaration or function.name in own or is_runtime):
            function.linkage = "internal"
    self._optimize_final_module()
    module.verify()
    self._finalize_final_module()


def _reach(library: Any, seen: set[int], reached: list[Any]) -> None:
    """List what a library calls, and what that calls, each once."""
    for other in library._linking_libraries:
        if id(other) not in seen:
            seen.add(id(other))
            reached.append(other)
            _reach(other, seen, reached)


def _is_waiting(library: Any) -> bool:
    """Whether a library waits to be optimised with the whole; not the runtime."""
    return getattr(library, "is_waiting", False)


def _module_alone(library: Any) -> Any:
    """Return a copy of a library's own module, to be linked in."""
    if _is_waiting(library):
        module = library._final_module.clone()
    else:
        module = library._get_module_for_linking().clone()
    for function in module.functions:
        if not function.is_declaration and function.linkage == llvm.Linkage.external:
            function.linkage = "linkonce_odr"
    return module
