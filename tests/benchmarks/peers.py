"""The micro-model on other tools' clocks, as one writes it there with calls and dates.

The same laws as `tests.benchmarks.idiomatic`, written a third time: whatever takes time
is a call on a later day, whatever is broken off is a call that is taken back. Each tool
brings a clock. Mesa and salabim are in the dependency group `peers`, as is cimba, which
compiles models and is written apart (`tests.benchmarks.in_cimba`).
"""

from __future__ import annotations

from heapq import heappop, heappush
from importlib import import_module
from itertools import count
from math import exp, log
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from tests.benchmarks import micro_model as laws

if TYPE_CHECKING:
    from collections.abc import Callable


class Clock(Protocol):
    """What the model asks of a tool."""

    @property
    def now(self) -> float:
        """Days since the start."""
        ...

    def after(self, days: float, call: Callable[[], None]) -> Any:
        """Make a call on a later day; return what takes it back."""
        ...

    def take_back(self, handle: Any) -> None:
        """Do without a call."""
        ...

    def run(self, until: float) -> None:
        """Let the days pass."""
        ...


class Heap:
    """A heap of Python's, and nothing else."""

    def __init__(self) -> None:
        self.now = 0.0
        self._heap: list[list[Any]] = []
        self._count = count()

    def after(self, days: float, call: Callable[[], None]) -> list[Any]:
        """Make a call on a later day."""
        entry = [self.now + days, next(self._count), call]
        heappush(self._heap, entry)
        return entry

    def take_back(self, handle: list[Any]) -> None:
        """Do without a call."""
        handle[2] = None

    def run(self, until: float) -> None:
        """Let the days pass."""
        while self._heap and self._heap[0][0] < until:
            self.now, _, call = heappop(self._heap)
            if call is not None:
                call()


class Mesa:
    """Mesa's scheduler of discrete events."""

    def __init__(self) -> None:
        model: Any = import_module("mesa").Model()
        self._simulator: Any = import_module("mesa.experimental.devs").DEVSimulator()
        self._simulator.setup(model)
        # It holds what it calls by weak references alone.
        self._held: set[Any] = set()

    @property
    def now(self) -> float:
        """Days since the start."""
        return self._simulator.time

    def after(self, days: float, call: Callable[[], None]) -> Any:
        """Make a call on a later day."""

        def made() -> None:
            self._held.discard(made)
            call()

        self._held.add(made)
        return self._simulator.schedule_event_relative(made, days)

    def take_back(self, handle: Any) -> None:
        """Do without a call."""
        self._held.discard(handle.fn())
        self._simulator.cancel_event(handle)

    def run(self, until: float) -> None:
        """Let the days pass."""
        self._simulator.run_until(until)


class Salabim:
    """salabim, a component for each call."""

    def __init__(self) -> None:
        salabim: Any = import_module("salabim")
        salabim.yieldless(False)
        self._env: Any = salabim.Environment(trace=False)
        env = self._env

        class Call(salabim.Component):
            def setup(self, days: float, call: Callable[[], None]) -> None:
                self.days, self.call = days, call

            def process(self) -> Any:
                yield self.hold(self.days)
                self.call()

        self._make: Any = lambda days, call: Call(days=days, call=call, env=env)

    @property
    def now(self) -> float:
        """Days since the start."""
        return self._env.now()

    def after(self, days: float, call: Callable[[], None]) -> Any:
        """Make a call on a later day."""
        return self._make(days, call)

    def take_back(self, handle: Any) -> None:
        """Do without a call."""
        handle.cancel()

    def run(self, until: float) -> None:
        """Let the days pass."""
        self._env.run(till=until)


CLOCKS: dict[str, Callable[[], Clock]] = {
    "heapq": Heap,
    "mesa": Mesa,
    "salabim": Salabim,
}


class Level:
    """A level that fades."""

    def __init__(self, clock: Clock) -> None:
        self.clock, self.value, self.at = clock, 0.0, 0.0

    def now(self) -> float:
        """Return what is left of it."""
        return self.value * exp((self.at - self.clock.now) / laws.TENSION_DAYS)

    def add(self, amount: float, most: float = float("inf")) -> None:
        """Raise it."""
        self.value, self.at = min(most, self.now() + amount), self.clock.now


class Cell:
    """Plans attacks, each a call that a raid may take back."""

    def __init__(self, world: World, number: int, rate: float) -> None:
        self.world, self.number, self.rate = world, number, rate
        self.tension, self.order = Level(world.clock), 0.0
        self.plans: dict[int, Any] = {}
        self.next: Any = None
        self.wait()

    def hazard(self) -> float:
        """Return the rate at which attacks are planned now, 1/day."""
        return self.rate * exp(self.tension.now() + self.order)

    def wait(self) -> None:
        """Draw the next opportunity anew, under a bound of now."""
        if self.next is not None:
            self.world.clock.take_back(self.next)
        bound = self.hazard()
        days = self.world.rng.exponential(1.0 / bound)
        self.next = self.world.clock.after(days, lambda: self.offered(bound))

    def offered(self, bound: float) -> None:
        """Plan an attack, or let the opportunity pass."""
        world = self.world
        self.next = None
        if world.rng.random() * bound < self.hazard():
            median = log(laws.PREPARATION)
            days = world.rng.lognormal(median, laws.PREPARATION_SPREAD)
            key = next(world.count)
            self.plans[key] = world.clock.after(days, lambda: self.attack(key))
        self.wait()

    def attack(self, key: int) -> None:
        """Carry an attack out."""
        world, rng = self.world, self.world.rng
        del self.plans[key]
        killed = rng.poisson(laws.HURT * (1 + rng.poisson(laws.ROUNDS)))
        world.note("rocket_attack")
        if rng.random() < laws.ANSWERED / (1.0 + 0.1 * world.raided.now()):
            days = rng.exponential(laws.ANSWER_DAYS)
            world.clock.after(days, lambda: world.raid(self))
        if killed > 0 or rng.random() < laws.STRIKE_SHARE:
            days = rng.exponential(laws.STRIKE_DAYS)
            world.clock.after(days, lambda: world.strike(self))


class World:
    """The state, its patron's adversary, and the cells."""

    def __init__(self, seed: int, clock: Clock) -> None:
        self.clock, self.rng = clock, np.random.default_rng(seed)
        self.log: list[tuple[float, str]] = []
        self.count = count()
        self.raided, self.alarm = Level(clock), Level(clock)
        self.cells = [Cell(self, n, rate) for n, rate in enumerate(laws.RATES)]
        for cell in self.cells:
            self.await_police(cell)
        self.await_review()
        clock.run(laws.HORIZON)

    def note(self, act: str) -> None:
        """Write an incident down."""
        self.log.append((self.clock.now, act))

    def await_police(self, cell: Cell) -> None:
        """Wait for the next routine raid of a cell."""
        days = self.rng.exponential(len(laws.RATES) / laws.ROUTINE)
        self.clock.after(days, lambda: self.police(cell))

    def police(self, cell: Cell) -> None:
        """Raid a cell as a matter of routine."""
        if self.rng.random() < 1.0 / (1.0 + 0.1 * self.raided.now()):
            self.raid(cell)
        self.await_police(cell)

    def raid(self, cell: Cell) -> None:
        """Raid: arrest, and stop attacks in preparation."""
        persons = self.rng.poisson(laws.ARRESTED)
        self.note("raid")
        self.raided.add(1.0)
        if persons > 0:
            self.note("arrest")
            days = self.rng.exponential(laws.CUSTODY_DAYS)
            self.clock.after(days, lambda: self.note("release"))
        for key in list(cell.plans):
            if self.rng.random() < laws.INTERDICTION:
                self.clock.take_back(cell.plans.pop(key))
                self.note("thwarted_attack")

    def strike(self, cell: Cell) -> None:
        """Strike a cell."""
        self.note("air_strike")
        cell.tension.add(laws.STRIKE_TENSION, laws.MOST_TENSION)
        self.alarm.add(1.0)
        cell.wait()

    def await_review(self) -> None:
        """Wait for the patron's next order."""
        self.clock.after(self.rng.exponential(1.0 / laws.REVIEW), self.review)

    def review(self) -> None:
        """Order to press, likelier after strikes, or to hold."""
        alarm = self.alarm.now()
        presses = self.rng.random() < (1.0 + alarm) / (2.0 + alarm)
        self.note("demand" if presses else "truce")
        for cell in self.cells:
            cell.order = laws.PRESS if presses else laws.HOLD
            cell.wait()
        self.await_review()


def run(seed: int, tool: str) -> list[tuple[float, str]]:
    """Run one replication by a tool's clock, and return its log."""
    return World(seed, CLOCKS[tool]()).log
