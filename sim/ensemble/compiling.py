"""Compiling beside a study that has begun on SimPy: the first answer comes at once.

A process of its own compiles the rules and the outcomes, and leaves a core for that.
From then on parts are given out to the compiled engine. The logs are the same in every
bit, so nobody can see in the results when it took over.
"""

from __future__ import annotations

import os
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from sim.engine.cast import Cast
from sim.engine.choice import compiles_first, has_numba
from sim.outcomes import Measure

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.ensemble.part import Task
    from sim.scenario.scenario import Scenario

SENTENCE: Final = (
    "SimPy engine, while the rules are compiled: half a minute, once for each state of "
    "the rules; then the compiled engine takes over."
)


WORTH_BESIDE: Final = 5.0
"""Seconds that are left on SimPy, from which the rules are compiled beside them. What
is compiled stays, so that it pays even where it comes too late for the study itself."""


class Compiling(threading.Thread):
    """Compiles what a scenario needs, at once or when `heed` finds it worth while."""

    def __init__(
        self, scenario: Scenario, tell: Callable[[str], None], *, at_once: bool
    ) -> None:
        super().__init__(daemon=True)
        self._scenario, self._tell = scenario, tell
        self._compiled: dict[int, Task] = {}
        self._first = time.monotonic()
        self.has_begun = self.is_ready = False
        if at_once:
            self._begin()

    @property
    def is_busy(self) -> bool:
        """Whether it compiles now, and needs a core for that."""
        return self.has_begun and not self.is_ready

    def heed(self, done: int, left: int) -> None:
        """Begin if what is left lasts long, at the pace of what is done on SimPy."""
        if self.has_begun:
            return
        seconds = time.monotonic() - self._first
        if seconds / done * left > WORTH_BESIDE:
            self._begin()

    def _begin(self) -> None:
        self.has_begun = True
        self._tell(SENTENCE)
        self.start()

    def run(self) -> None:
        """Compile, and load once what was compiled; where it fails, SimPy goes on."""
        self.is_ready = not why_not_compiled(self._scenario)

    def now(self, task: Task) -> Task:
        """Return a task to be run by the engine that is best now."""
        if not self.is_ready:
            return task
        return self._compiled.setdefault(id(task), replace(task, engine="compiled"))


def why_not_compiled(scenario: Scenario) -> str:
    """Compile a scenario's rules and outcomes; return why not, or the empty string."""
    from sim.engine.compiled.driver import why_not

    reason = why_not(Cast(scenario))
    if not reason:
        Measure(scenario, scenario.horizon, is_compiled=True)
    return reason


def compiles_beside(
    cast: Cast, replications: int, wanted: str, until: float, workers: object
) -> bool:
    """Whether so many replications are begun on SimPy while their rules are compiled.

    So it is where they are many, nothing is compiled yet, and there is a core to spare.
    """
    return (
        can_compile_beside(wanted, workers)
        and isinstance(workers, int)
        and compiles_first(cast, replications, wanted, until, workers)
    )


def can_compile_beside(wanted: str, workers: object) -> bool:
    """Whether there is a core of this machine, and leave, to compile beside a study."""
    is_here = isinstance(workers, int) and (os.cpu_count() or 1) > 1
    return wanted == "auto" and is_here and has_numba()
