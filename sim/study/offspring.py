"""What one incident of a calm world brings about: its expected offspring.

The state does not move while this is asked: every incident is shown to a fresh memory,
and what rises from it is integrated over the time in which it fades.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.engine.cast import VISIBILITY, BoundResponse, Cast, Channel
from sim.engine.log import NOBODY, Origin, Record, RecordType
from sim.engine.memory import blank
from sim.engine.perception import percept_by
from sim.engine.world import holdings_of, new_world, setting_of
from sim.ladder import Act, Visibility
from sim.rules.behaviour import N_UNIFORMS, Effect, Operation, Percept, Toward
from sim.study.quadrature import PROBES, grid, quadrature

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sim.rules.transitions import World

N_EFFECTS: Final = 512
"""Typical effects of an operation, on a low-discrepancy grid of its uniforms."""

N_MEMORIES: Final = 64
"""How many of them are shown to an observer's memory."""

N_CHOICES: Final = 16
"""Grid of a response's own uniform."""


class Deed(NamedTuple):
    """A type of incident: who does what to whom, by which operation."""

    actor: int
    code: int
    """Number of the operation in the cast's table."""
    act: int
    target: int


class Linear:
    """A cast in its calm starting state."""

    def __init__(self, cast: Cast, at: float) -> None:
        self.cast = cast
        self.params: list[Any] = list(cast.params)
        for turn in cast.turns:
            if turn.change.time <= at:
                self.params[turn.actor] = turn.params
        self.world: World = new_world(cast)
        self.points = grid(N_EFFECTS, N_UNIFORMS + 1)
        self.days, self.weights = quadrature()
        self.effects: dict[tuple[int, int, int], list[tuple[int, Effect]]] = {}
        self.calm: dict[int, NDArray[np.float64]] = {}

    def next_generation(self) -> tuple[list[Deed], NDArray[np.float64]]:
        """Return the types of incident, and how many of each one of each causes."""
        roots = {
            deed
            for channel in self.cast.channels
            for deed in self.brought_by(
                channel.actor, channel.operation, channel.target
            )
        }
        caused: dict[Deed, dict[Deed, float]] = {}
        waiting = sorted(roots)
        while waiting:
            deed = waiting.pop()
            if deed in caused:
                continue
            caused[deed] = self.offspring(deed)
            waiting += [other for other in caused[deed] if other not in caused]
        deeds = sorted(caused)
        place = {deed: number for number, deed in enumerate(deeds)}
        matrix = np.zeros((len(deeds), len(deeds)))
        for deed, children in caused.items():
            for child, expected in children.items():
                matrix[place[deed], place[child]] = expected
        return deeds, matrix

    def memory(self, actor: int) -> Any:
        """Return an actor's memory at the start."""
        kind = self.cast.kinds[actor]
        memory = blank(kind.memory, self.cast.n_actors)
        kind.starting(self.params[actor], memory)
        return memory

    def view(self, actor: int, memory: Any, other: int, day: float) -> Any:
        """Return what an actor with this memory knows, some days later."""
        holdings = holdings_of(self.world, actor, other)
        kind = self.cast.kinds[actor]
        return kind.view(self.params[actor], memory, holdings, other, day)

    def typical(self, actor: int, code: int, target: int) -> list[tuple[int, Effect]]:
        """Return where an operation takes place and what it does, over the grid."""
        key = (actor, code, target)
        if key in self.effects:
            return self.effects[key]
        cast, operation = self.cast, self.cast.operations[code]
        view = self.view(actor, self.memory(actor), target, 0.0)
        sites, shares = self.sites(actor, target, view, operation)
        found: list[tuple[int, Effect]] = []
        for point in self.points.tolist() if sites else ():
            site = sites[int(np.searchsorted(shares, point[-1], side="right"))]
            setting = setting_of(cast, self.world, actor, target, site, 0.0)
            u = tuple(point[:-1])
            effect = operation.effect(self.params[actor], view, setting, u)
            found.append((site, effect))
        self.effects[key] = found
        return found

    def sites(
        self, actor: int, target: int, view: Any, operation: Operation
    ) -> tuple[list[int], NDArray[np.float64]]:
        """Return where an operation may take place, and cumulative shares but one."""
        if not operation.needs_site:
            return [NOBODY], np.array([])
        cast, weigh = self.cast, self.cast.kinds[actor].site_weight
        weights: dict[int, float] = {}
        for site, reach in enumerate(cast.reach[actor]):
            there = self.world.presence[site * cast.n_actors + target]
            weight = weigh(self.params[actor], view, reach, there) if weigh else 0.0
            if weight > 0.0:
                weights[site] = weight
        total = np.cumsum(list(weights.values()))
        return list(weights), total[:-1] / total[-1] if weights else total

    def brought_by(self, actor: int, code: int, target: int) -> dict[Deed, float]:
        """Return the expected incidents of one operation that runs its course."""
        operation = self.cast.operations[code]
        if operation.act == Act.NONE:
            return {}
        effects = self.typical(actor, code, target)
        if not effects:
            return {}
        found = {Deed(actor, code, int(operation.act), target): 1.0}
        for consequence in operation.consequences:
            n = sum(
                (consequence.persons and effect.persons > 0.0)
                or (consequence.launchers and effect.launchers > 0.0)
                for _, effect in effects
            )
            if n:
                deed = Deed(actor, code, int(consequence.act), target)
                found[deed] = n / len(effects)
        return found

    def offspring(self, deed: Deed) -> dict[Deed, float]:
        """Return the incidents that one incident of a type is expected to cause."""
        cast = self.cast
        observers = [
            observer
            for observer in cast.observers[deed.act]
            if observer != deed.actor
            and cast.is_seen_by(deed.act, observer, deed.target)
        ]
        if deed.act in cast.heeds_own[deed.actor]:
            observers.append(deed.actor)
        found: dict[Deed, float] = {}
        for observer in observers:
            percepts = self.percepts(observer, deed)
            for actor, code, target, n in (
                *self.roused(observer, percepts[:N_MEMORIES]),
                *self.answered(observer, deed, percepts),
            ):
                for child, share in self.brought_by(actor, code, target).items():
                    found[child] = found.get(child, 0.0) + n * share
        return found

    def percepts(self, observer: int, deed: Deed) -> list[Percept]:
        """Return an incident of a type as an observer perceives it, over the grid."""
        cast = self.cast
        confidence = 1.0
        if VISIBILITY[deed.act] == Visibility.COVERT and observer != deed.actor:
            confidence = cast.kinds[observer].evidence(self.params[observer])
        return [
            percept_by(
                cast,
                observer,
                Record(
                    0.0, RecordType.INCIDENT, 0, 0, deed.actor, deed.act, deed.target,
                    site, deed.code, NOBODY, effect, 0.0, Origin.SIMULATED,
                ),
                deed.actor,
                confidence,
            )
            for site, effect in self.typical(deed.actor, deed.code, deed.target)
        ]  # fmt: skip

    def roused(
        self, observer: int, percepts: list[Percept]
    ) -> Iterator[tuple[int, int, int, float]]:
        """Yield how many more operations an observer begins of its own accord."""
        groups: dict[tuple[Any, ...], tuple[Any, int]] = {}
        notice = self.cast.kinds[observer].notice
        for percept in percepts:
            memory = self.memory(observer)
            notice(self.params[observer], memory, percept, 0.0)
            key = tuple(str(getattr(memory, f.name)) for f in fields(memory))
            groups[key] = (memory, groups[key][1] + 1 if key in groups else 1)
        for number, channel in enumerate(self.cast.channels):
            if channel.actor != observer:
                continue
            for memory, n in groups.values():
                rise = self.rise(number, channel, memory)
                if rise > 0.0:
                    share = n / len(percepts)
                    yield observer, channel.operation, channel.target, rise * share

    def rise(self, number: int, channel: Channel, memory: Any) -> float:
        """Integrate how much a memory lifts an option's hazard over the calm one."""
        if number not in self.calm:
            calm = self.memory(channel.actor)
            self.calm[number] = np.array(
                [self.hazard(channel, calm, day) for day in self.days]
            )
        before = self.calm[number]
        if all(self.hazard(channel, memory, self.days[k]) == before[k] for k in PROBES):
            return 0.0
        after = np.array([self.hazard(channel, memory, day) for day in self.days])
        return float(self.weights @ (after - before))

    def hazard(self, channel: Channel, memory: Any, day: float) -> float:
        """Return an option's hazard under a memory, some days later, 1/day."""
        view = self.view(channel.actor, memory, channel.target, day)
        params = self.params[channel.actor]
        if not channel.option.operation.feasible(params, view):
            return 0.0
        return channel.option.hazard(params, view)

    def answered(
        self, observer: int, deed: Deed, percepts: list[Percept]
    ) -> Iterator[tuple[int, int, int, float]]:
        """Yield how often an observer's responses answer with which operation."""
        for answer in self.cast.answers[observer].get(deed.act, ()):
            for target in self.targets(answer, deed):
                counts = self.choices(observer, answer, target, percepts)
                for code, operation, n in zip(
                    answer.operations, answer.response.operations, counts, strict=True
                ):
                    view = self.view(observer, self.memory(observer), target, 0.0)
                    if n > 0.0 and operation.feasible(self.params[observer], view):
                        yield observer, code, target, n

    def targets(self, answer: BoundResponse, deed: Deed) -> tuple[int, ...]:
        """Return against whom a response is directed."""
        if answer.response.toward == Toward.AUTHOR:
            return (deed.actor,)
        if answer.response.toward == Toward.TARGET:
            return (deed.target,) if deed.target >= 0 else ()
        return answer.role

    def choices(
        self, observer: int, answer: BoundResponse, target: int, percepts: list[Percept]
    ) -> list[float]:
        """Return the share in which a response chooses each of its operations."""
        params, kind = self.params[observer], self.cast.kinds[observer]
        counts = [0] * (len(answer.operations) + 1)
        views: dict[Percept, Any] = {}
        for percept in percepts:
            if percept not in views:
                memory = self.memory(observer)
                kind.notice(params, memory, percept, 0.0)
                views[percept] = self.view(observer, memory, target, 0.0)
            for k in range(N_CHOICES):
                u = (k + 0.5) / N_CHOICES
                choice = answer.response.choose(params, views[percept], percept, u)
                counts[choice] += 1
        return [n / (len(percepts) * N_CHOICES) for n in counts[1:]]
