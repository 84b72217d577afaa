"""The micro-model in SimPy as one writes it by hand: the yardstick of our driver.

NumPy's generator, a process for whatever takes time, interrupts for whatever is broken
off. The same laws as `tests.benchmarks.micro_model`, written a second time; its log is
a list of (time, act, actor, target, persons).
"""

from __future__ import annotations

from math import exp, log
from typing import Any

import numpy as np
import simpy

from tests.benchmarks import micro_model as laws


class Level:
    """A level that fades."""

    def __init__(self, env: simpy.Environment) -> None:
        self.env, self.value, self.at = env, 0.0, 0.0

    def now(self) -> float:
        """Return what is left of it."""
        return self.value * exp((self.at - self.env.now) / laws.TENSION_DAYS)

    def add(self, amount: float, most: float = float("inf")) -> None:
        """Raise it."""
        self.value, self.at = min(most, self.now() + amount), self.env.now


class Cell:
    """Plans attacks; each is a process that a raid may interrupt."""

    def __init__(self, world: World, number: int, rate: float) -> None:
        self.world, self.number, self.rate = world, number, rate
        self.tension, self.order = Level(world.env), 0.0
        self.plans: list[Any] = []
        self.clock = world.env.process(self.run())

    def run(self) -> Any:
        """Plan attacks: thinned under a bound, drawn anew when the bound rises."""
        env, rng = self.world.env, self.world.rng
        while True:
            bound = self.rate * exp(self.tension.now() + self.order)
            try:
                yield env.timeout(rng.exponential(1.0 / bound))
            except simpy.Interrupt:
                continue
            if rng.random() * bound < self.rate * exp(self.tension.now() + self.order):
                self.plans.append(env.process(self.attack()))

    def attack(self) -> Any:
        """Prepare an attack and carry it out."""
        world, rng = self.world, self.world.rng
        me = world.env.active_process
        median = log(laws.PREPARATION)
        try:
            yield world.env.timeout(rng.lognormal(median, laws.PREPARATION_SPREAD))
        except simpy.Interrupt:
            return
        self.plans.remove(me)
        rounds = 1 + rng.poisson(laws.ROUNDS)
        killed = rng.poisson(laws.HURT * rounds)
        world.note("rocket_attack", self.number, 0)
        if rng.random() < laws.ANSWERED / (1.0 + 0.1 * world.raided.now()):
            world.env.process(world.raid_later(self))
        if killed > 0 or rng.random() < laws.STRIKE_SHARE:
            world.env.process(world.strike(self))


class World:
    """The state, its patron's adversary, and the cells."""

    def __init__(self, seed: int, n_cells: int, horizon: float, scale: float) -> None:
        self.env = simpy.Environment()
        self.rng = np.random.default_rng(seed)
        self.log: list[tuple[float, str, int, int]] = []
        self.raided, self.alarm = Level(self.env), Level(self.env)
        self.cells = [Cell(self, n, scale * laws.RATES[n % 6]) for n in range(n_cells)]
        for cell in self.cells:
            self.env.process(self.police(cell))
        self.env.process(self.review())
        self.env.run(until=horizon)

    def note(self, act: str, cell: int, persons: int) -> None:
        """Write an incident down."""
        self.log.append((self.env.now, act, cell, persons))

    def police(self, cell: Cell) -> Any:
        """Raid one cell as a matter of routine."""
        rate = laws.ROUTINE / len(laws.RATES)
        while True:
            yield self.env.timeout(self.rng.exponential(1.0 / rate))
            if self.rng.random() < 1.0 / (1.0 + 0.1 * self.raided.now()):
                self.raid(cell)

    def raid_later(self, cell: Cell) -> Any:
        """Answer an attack by a raid."""
        yield self.env.timeout(self.rng.exponential(laws.ANSWER_DAYS))
        self.raid(cell)

    def raid(self, cell: Cell) -> None:
        """Raid: arrest, and stop attacks in preparation."""
        persons = self.rng.poisson(laws.ARRESTED)
        self.note("raid", cell.number, 0)
        self.raided.add(1.0)
        if persons > 0:
            self.note("arrest", cell.number, persons)
            self.env.process(self.custody(cell, persons))
        for plan in list(cell.plans):
            if self.rng.random() < laws.INTERDICTION:
                plan.interrupt()
                cell.plans.remove(plan)
                self.note("thwarted_attack", cell.number, 0)

    def custody(self, cell: Cell, persons: int) -> Any:
        """Hold people, then let them go."""
        yield self.env.timeout(self.rng.exponential(laws.CUSTODY_DAYS))
        self.note("release", cell.number, persons)

    def strike(self, cell: Cell) -> Any:
        """Plan a strike on a cell and carry it out."""
        yield self.env.timeout(self.rng.exponential(laws.STRIKE_DAYS))
        self.note("air_strike", cell.number, 0)
        cell.tension.add(laws.STRIKE_TENSION, laws.MOST_TENSION)
        self.alarm.add(1.0)
        cell.clock.interrupt()

    def review(self) -> Any:
        """Give an order now and then: to press, likelier after strikes, or to hold."""
        while True:
            yield self.env.timeout(self.rng.exponential(1.0 / laws.REVIEW))
            alarm = self.alarm.now()
            if self.rng.random() < (1.0 + alarm) / (2.0 + alarm):
                self.note("demand", 0, 0)
                order = laws.PRESS
            else:
                self.note("truce", 0, 0)
                order = laws.HOLD
            for cell in self.cells:
                cell.order = order
                cell.clock.interrupt()


def run(
    seed: int, n_cells: int = 6, horizon: float = laws.HORIZON, scale: float = 1.0
) -> list[tuple[float, str, int, int]]:
    """Run one replication and return its log."""
    return World(seed, n_cells, horizon, scale).log
