"""Which driver runs a piece of work: the one that is done first, unless one is named.

The logs are the same in every bit, so the choice is of time only, and by constants:
they were measured on the shipped scenario (docs/performance.md), on one core. A study
that proves slower has its rules compiled beside it (`sim.ensemble.compiling`).
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final, Literal, get_args

from sim.digits import plural
from sim.engine.driver import Driver, SimpyDriver
from sim.errors import StudyError, nearest

if TYPE_CHECKING:
    from sim.engine.cast import Cast

Engine = Literal["auto", "simpy", "compiled"]
"""What may be asked for."""

SIMPY_SECONDS_A_DAY: Final = 5.0e-5
"""Of one simulated day on SimPy; the shipped scenario takes 13 ms for 252 days."""

WARM_SECONDS: Final = 0.1
"""To link compiled code that is kept, without numba; with numba it takes 0.4 longer."""

WORTH_COMPILING: Final = 25.0
"""Seconds of work on SimPy, for each worker, from which it is done sooner if the rules
are compiled first. That takes so long, once for each state of the rules."""


def choose_driver(
    cast: Cast,
    replications: int,
    wanted: str = "auto",
    until: float | None = None,
    workers: int = 1,
) -> tuple[Driver, str]:
    """Return the driver for so many replications, and which and why in one sentence.

    Parameters
    ----------
    cast
        The scenario's cast.
    replications
        How many will be run, >= 1.
    wanted
        ``auto``, ``simpy`` or ``compiled``.
    until
        Days of each replication; the scenario's horizon when None.
    workers
        Processes that share the work on SimPy.

    Raises
    ------
    StudyError
        If `wanted` is none of the three, or ``compiled`` cannot be had.
    """
    if wanted not in get_args(Engine):
        allowed = ", ".join(get_args(Engine))
        near = nearest(wanted, get_args(Engine))
        message = f"engine: {wanted!r} is none; allowed are {allowed}{near}"
        raise StudyError(message)
    if wanted == "simpy":
        return SimpyDriver(cast), "SimPy engine, as asked for."
    if not has_numba():
        reason = "numba is not installed (pip install 'escalade[compiled]')"
        return _without(cast, wanted, reason)
    on_simpy = _simpy_seconds(cast, replications, until)
    count = f"{replications:,} {plural(replications, 'replication')}"
    if wanted == "auto" and on_simpy < WARM_SECONDS:
        return SimpyDriver(cast), (
            f"SimPy engine: to load the compiled one takes longer than {count}."
        )
    from sim.engine.compiled.driver import needs_compiling, why_not

    is_cold = needs_compiling(cast)
    if wanted == "auto" and is_cold and on_simpy < WORTH_COMPILING * workers:
        return SimpyDriver(cast), (
            f"SimPy engine: to compile the rules takes longer than {count}. "
            "escalade compile does it once, in half a minute; all is faster then."
        )
    reason = why_not(cast)
    if reason:
        return _without(cast, wanted, reason)
    why = "as asked for" if wanted == "compiled" else f"for {count}"
    return driver_for(cast, "compiled"), f"Compiled engine, {why}."


@lru_cache(maxsize=32)
def driver_for(cast: Cast, name: str) -> Driver:
    """Return a cast's driver by its name, ``simpy`` or ``compiled``; made once."""
    if name == "compiled":
        from sim.engine.compiled.driver import CompiledDriver

        return CompiledDriver(cast)
    return SimpyDriver(cast)


def compiles_first(
    cast: Cast,
    replications: int,
    wanted: str = "auto",
    until: float | None = None,
    workers: int = 1,
) -> bool:
    """Whether `choose_driver` would compile the rules first, for half a minute.

    It answers at once; whoever calls can say so while people wait.
    """
    seconds = _simpy_seconds(cast, replications, until)
    is_long = seconds >= WORTH_COMPILING * workers
    if wanted == "simpy" or not has_numba() or not (is_long or wanted == "compiled"):
        return False
    from sim.engine.compiled.driver import needs_compiling

    return needs_compiling(cast)


def compiling_sentence(cast: Cast) -> str:
    """Say that rules are compiled, by whom, and for how long."""
    from sim.engine.compiled import machine_code
    from sim.engine.compiled.driver import is_being_compiled

    if is_being_compiled(cast):
        return "waiting for another process that compiles the rules, half a minute"
    sentence = "compiling the rules, half a minute, once for each state of the rules"
    if not machine_code.is_tested():
        sentence += (
            f"; twice that by numba {machine_code.numba_version()}, which is used in "
            "its own way (with numba 0.68 it is faster, and starts sooner)"
        )
    return sentence


def _simpy_seconds(cast: Cast, replications: int, until: float | None) -> float:
    """Return about how long so many replications take on SimPy, on one core."""
    days = cast.scenario.horizon if until is None else until
    return replications * days * SIMPY_SECONDS_A_DAY


def has_numba() -> bool:
    """Whether the compiled driver's one requirement is installed."""
    return find_spec("numba") is not None


def _without(cast: Cast, wanted: str, reason: str) -> tuple[Driver, str]:
    """Run on SimPy for a reason, or refuse where compiled was asked for."""
    if wanted == "compiled":
        message = f"the compiled engine cannot run {cast.scenario.name}: {reason}"
        raise StudyError(message)
    return SimpyDriver(cast), f"SimPy engine: {reason}."
