"""The micro-model in cimba, as one writes it there: models that spawn models.

The same laws as `tests.benchmarks.idiomatic`, written a fourth time, for a tool that
compiles a model's methods and runs them on an engine in C. Incidents are counted and
not written down. cimba is in the dependency group `peers`; pyright leaves this file
out, since its language is cimba's own.
"""

from __future__ import annotations

from math import exp, log

import cimba as cb
from cimba import random

from tests.benchmarks import micro_model as laws

MEDIAN = log(laws.PREPARATION)
N_CELLS = len(laws.RATES)
MOST_PLANS = 64
ENDLESS = 1e9
CALLED = 1


class Level(cb.Model):
    """A level that fades."""

    value: float
    at: float

    def __init__(self) -> None:
        self.value, self.at = 0.0, 0.0

    @cb.function
    def left(self) -> float:
        """Return what is left of it."""
        return self.value * exp((self.at - cb.now()) / laws.TENSION_DAYS)

    @cb.function
    def add(self, amount: float, most: float) -> None:
        """Raise it."""
        self.value = min(most, self.left() + amount)
        self.at = cb.now()


class Custody(cb.Model):
    """The arrested of one raid."""

    world: cb.Ref[World]

    @cb.process
    def end(self):
        """Let them go."""
        cb.hold(random.exponential(laws.CUSTODY_DAYS))
        self.world.release += 1


class Strike(cb.Model):
    """A strike on a cell, planned."""

    cell: cb.Ref[Cell]

    @cb.process
    def end(self):
        """Carry it out."""
        cb.hold(random.exponential(laws.STRIKE_DAYS))
        cell = self.cell
        cell.world.air_strike += 1
        cell.tension.add(laws.STRIKE_TENSION, laws.MOST_TENSION)
        cell.world.alarm.add(1.0, ENDLESS)
        cb.Process(cell.clock).interrupt(CALLED)


class Answer(cb.Model):
    """A raid that answers an attack."""

    cell: cb.Ref[Cell]

    @cb.process
    def end(self):
        """Carry it out."""
        cb.hold(random.exponential(laws.ANSWER_DAYS))
        self.cell.raided()


class Plan(cb.Model):
    """An attack in preparation, unless a raid has taken its place in the list."""

    cell: cb.Ref[Cell]
    place: int

    @cb.process
    def end(self):
        """Carry it out, if no raid has broken it off."""
        cb.hold(random.lognormal(MEDIAN, laws.PREPARATION_SPREAD))
        cell = self.cell
        stands = cell.stands[self.place]
        cell.stands[self.place] = cell.taken[self.place] = False
        if not stands:
            return
        world = cell.world
        rounds = 1 + random.poisson(laws.ROUNDS)
        killed = random.poisson(laws.HURT * rounds)
        world.rocket_attack += 1
        if random.uniform() < laws.ANSWERED / (1.0 + 0.1 * world.heat.left()):
            cb.spawn(Answer, cell=cell)
        if killed > 0 or random.uniform() < laws.STRIKE_SHARE:
            cb.spawn(Strike, cell=cell)


class Cell(cb.Model):
    """Plans attacks, and is raided."""

    rate: cb.Param[float]
    world: cb.Ref[World]
    tension: Level
    order: float
    clock: int
    stands: cb.Array[bool]
    taken: cb.Array[bool]

    def __init__(self, rate: float) -> None:
        self.rate, self.tension = rate, Level()
        self.order, self.clock = 0.0, 0
        self.stands, self.taken = cb.Array(MOST_PLANS), cb.Array(MOST_PLANS)

    def attached(self, owner, field):
        """Know the world."""
        self.world = owner

    @cb.function
    def hazard(self) -> float:
        """Return the rate at which attacks are planned now, 1/day."""
        return self.rate * exp(self.tension.left() + self.order)

    @cb.function
    def raided(self) -> None:
        """Lose people to custody, and plans."""
        world = self.world
        persons = random.poisson(laws.ARRESTED)
        world.raid += 1
        world.heat.add(1.0, ENDLESS)
        if persons > 0:
            world.arrest += 1
            cb.spawn(Custody, world=world)
        for k in range(MOST_PLANS):
            if self.stands[k] and random.uniform() < laws.INTERDICTION:
                self.stands[k] = False
                world.thwarted_attack += 1

    @cb.process
    def plan(self):
        """Plan attacks: thinned under a bound, drawn anew when the bound rises."""
        self.clock = cb.this_process().pointer
        while True:
            bound = self.hazard()
            if cb.hold(random.exponential(1.0 / bound)) != 0:
                continue
            if random.uniform() * bound < self.hazard():
                for k in range(MOST_PLANS):
                    if not self.taken[k]:
                        self.taken[k] = self.stands[k] = True
                        cb.spawn(Plan, cell=self, place=k)
                        break

    @cb.process
    def police(self):
        """Be raided as a matter of routine."""
        while True:
            cb.hold(random.exponential(N_CELLS / laws.ROUTINE))
            if random.uniform() < 1.0 / (1.0 + 0.1 * self.world.heat.left()):
                self.raided()


class World(cb.Model):
    """The state, its patron's adversary, and the cells; and what is counted."""

    cells: list[Cell]
    heat: Level
    alarm: Level
    rocket_attack: cb.Output[int]
    raid: cb.Output[int]
    arrest: cb.Output[int]
    thwarted_attack: cb.Output[int]
    release: cb.Output[int]
    air_strike: cb.Output[int]
    demand: cb.Output[int]
    truce: cb.Output[int]

    def __init__(self) -> None:
        self.heat, self.alarm = Level(), Level()
        self.cells = [Cell(rate) for rate in laws.RATES]

    @cb.process
    def review(self):
        """Give an order now and then: to press, likelier after strikes, or to hold."""
        while True:
            cb.hold(random.exponential(1.0 / laws.REVIEW))
            alarm = self.alarm.left()
            order = laws.HOLD
            if random.uniform() < (1.0 + alarm) / (2.0 + alarm):
                self.demand += 1
                order = laws.PRESS
            else:
                self.truce += 1
            for k in range(N_CELLS):
                cell = self.cells[k]
                cell.order = order
                cb.Process(cell.clock).interrupt(CALLED)


WORLD = World()


def counts(n: int, acts: list[str]):
    """Run replications on one thread; return counts, one row a replication."""
    window = cb.Window(warmup=0.0, duration=laws.HORIZON)
    experiment = cb.Experiment(WORLD, replications=n, window=window, seed=1)
    of = experiment.run(workers=1)[WORLD]
    return [[getattr(of, act).values[0][k] for act in acts] for k in range(n)]
