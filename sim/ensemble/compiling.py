"""Compiling beside a study that has begun on SimPy: the first answer comes at once.

A process of its own compiles the rules and the outcomes, and leaves a core for that.
From then on parts are given out to the compiled engine. The logs are the same in every
bit, so nobody can see in the results when it took over.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.engine.cast import Cast
from sim.engine.choice import (
    SIMPY_SECONDS_A_DAY,
    WORTH_COMPILING,
    choose_driver,
    compiles_first,
    compiling_sentence,
    has_numba,
)
from sim.engine.driver import SimpyDriver
from sim.ensemble.archive import PART_SIZE
from sim.ensemble.executors import Processes, hands
from sim.outcomes import Measure
from sim.pace import Pace

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.ensemble.part import Task
    from sim.scenario.scenario import Scenario

SENTENCE: Final = (
    "SimPy engine, while the rules are compiled: half a minute, once for each state of "
    "the rules; then the compiled engine takes over."
)

WORTH_BESIDE: Final = 5.0
"""Seconds that are left on SimPy, from which the rules are compiled beside them where a
core is to spare. What is compiled stays, so that it pays even where it comes too late
for the study itself. Where a worker has to stand back, it has to pay for this study:
from `sim.engine.choice.WORTH_COMPILING` on."""

MEASURED: Final = 2
"""Replications that are run to measure how long all of them would take on SimPy."""


class Compiling(threading.Thread):
    """Compiles what a scenario needs, at once or when `heed` finds it worth while."""

    def __init__(
        self,
        scenario: Scenario,
        tell: Callable[[str], None],
        workers: object = 1,
        *,
        at_once: bool,
    ) -> None:
        super().__init__(daemon=True)
        self._scenario, self._tell = scenario, tell
        self._compiled: dict[int, tuple[Task, Task]] = {}
        """By its id each task beside its twin: held, or the id would be another's."""
        n = hands(workers)
        self._pace = Pace(time.monotonic(), n)
        self._has_core = n < (os.cpu_count() or 1)
        self.has_begun = self.is_ready = False
        if at_once:
            self._begin()

    @property
    def needs_core(self) -> bool:
        """Whether it compiles now, and a worker has to leave a core for that."""
        return self.has_begun and not self.is_ready and not self._has_core

    def heed(self, done: int, left: int) -> None:
        """Begin if what is left lasts long, at the pace of what is done on SimPy."""
        if self.has_begun:
            return
        self._pace.note(time.monotonic(), done)
        seconds = self._pace.seconds_for(left)
        worth = WORTH_BESIDE if self._has_core else WORTH_COMPILING
        if seconds is not None and seconds > worth:
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
        twins = task, replace(task, engine="compiled")
        return self._compiled.setdefault(id(task), twins)[1]


def why_not_compiled(scenario: Scenario) -> str:
    """Compile a scenario's rules and outcomes; return why not, or the empty string."""
    from sim.engine.compiled.driver import why_not

    reason = why_not(Cast(scenario))
    if not reason:
        Measure(scenario, scenario.horizon, is_compiled=True)
    return reason


def settled_engine(
    cast: Cast,
    replications: int,
    wanted: str,
    until: float | None,
    workers: object,
    tell: Callable[[str], None] | None,
) -> str:
    """Choose the engine of a study that keeps it to its end, and say which and why.

    Where the work is worth it the rules are compiled first, which is said before.

    Raises
    ------
    StudyError
        If `wanted` is no engine, or ``compiled`` cannot be had.
    """

    def say(sentence: str) -> None:
        if tell is not None:
            tell(sentence)

    n = hands(workers)
    if compiles_first(cast, replications, wanted, until, n):
        say(compiling_sentence(cast))
    driver, sentence = choose_driver(cast, replications, wanted, until, n)
    say(sentence)
    return driver.name


def can_compile_beside(cast: Cast, wanted: str, workers: object) -> bool:
    """Whether rules are yet to be compiled, and there is a core and leave for that."""
    is_here = isinstance(workers, int | Processes) and (os.cpu_count() or 1) > 1
    if wanted != "auto" or not is_here or not has_numba():
        return False
    from sim.engine.compiled.driver import needs_compiling

    return needs_compiling(cast)


class Work(NamedTuple):
    """What a study asks of its workers, so far as rules are not compiled."""

    seconds: float
    """On SimPy, for each worker."""
    of_a_part: float
    """On SimPy, the seconds of one small part."""

    @property
    def is_long(self) -> bool:
        """Whether it is done sooner if the rules are compiled first, or beside it."""
        return self.seconds >= WORTH_COMPILING

    @property
    def is_in_short_parts(self) -> bool:
        """Whether compiled rules need not wait long for a part that SimPy is at."""
        return self.of_a_part <= WORTH_COMPILING / 10.0


def work_of(
    cast: Cast, replications: int, particles: int, until: float, workers: object
) -> Work:
    """Return how long replications take on SimPy, and the particles of their pasts.

    Days say nothing of how much happens in them. So where they foresee more than
    a second, the first few replications are run for it.
    """
    worlds = replications + particles
    each = until * SIMPY_SECONDS_A_DAY
    if each * worlds > 1.0:
        driver, began = SimpyDriver(cast), time.process_time()
        for number in range(MEASURED):
            with suppress(Exception):  # one that fails takes its time too
                driver.rows(1, number, until=until)
        each = (time.process_time() - began) / MEASURED
    of_a_part = each * worlds / replications * PART_SIZE
    return Work(each * worlds / hands(workers), of_a_part)
