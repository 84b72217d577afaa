"""What one incident of a calm world brings about: its expected offspring.

The state does not move while this is asked: every incident is shown to a fresh memory,
and what rises from it is integrated over the time in which it fades, by fixed points
and weights.
"""

from __future__ import annotations

import copy
import itertools
import pickle
from collections import Counter
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.engine.cast import VISIBILITY, BoundResponse, Cast, Channel
from sim.engine.log import NOBODY, Origin, Record, RecordType
from sim.engine.perception import percept_by
from sim.engine.replication import NOTHING
from sim.engine.world import holdings_of, new_memory, new_world, setting_of
from sim.ladder import Act, Visibility
from sim.rules.behaviour import (
    MEANS_ACTS,
    N_UNIFORMS,
    Effect,
    MeansUse,
    Operation,
    Percept,
    Toward,
    no_effect,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from sim.rules.transitions import World


PROBES: Final = (0, 20, 40, 60)
"""Nodes of `quadrature` at which a hazard must differ for it to be integrated."""


def grid(n: int, dimensions: int) -> NDArray[np.float64]:
    """Return a Kronecker grid on the unit cube, shape (n, dimensions).

    The steps are powers of the generalised golden ratio (x**(d+1) = x + 1).
    """
    golden = 2.0
    for _ in range(64):
        golden = (1.0 + golden) ** (1.0 / (dimensions + 1))
    steps = golden ** -np.arange(1.0, dimensions + 1.0)
    return (0.5 + np.outer(np.arange(n), steps)) % 1.0


def quadrature() -> tuple[list[float], NDArray[np.float64]]:
    """Return days and weights of Gauss's rule on doubling panels up to 11 years."""
    nodes, weights = np.polynomial.legendre.leggauss(4)
    edges = [0.0, *(2.0**k for k in range(-8, 13))]
    days: list[float] = []
    weight: list[float] = []
    for low, high in itertools.pairwise(edges):
        half = (high - low) / 2
        days += list(low + half * (nodes + 1))
        weight += list(half * weights)
    return days, np.array(weight)


def copier(memory: Any) -> Callable[[], Any]:
    """Return what copies a memory as it is now, however often it is called.

    To unpickle one takes a tenth of the time that it takes to make or to copy it.
    """
    try:
        pickled = pickle.dumps(memory)
    except (pickle.PicklingError, AttributeError):  # no module holds its class by name
        template = copy.deepcopy(memory)
        return lambda: copy.deepcopy(template)
    return lambda: pickle.loads(pickled)


N_EFFECTS: Final = 512
"""Typical effects of an operation, on a low-discrepancy grid of its uniforms."""

N_MEMORIES: Final = 64
"""How many of them are shown to an observer's memory."""

ROUGHLY: Final = 8
"""A rough estimate takes so many times fewer of both."""

N_CHOICES: Final = 16
"""Size of the grid of a response's own uniform."""

CHOICES: Final = tuple((k + 0.5) / N_CHOICES for k in range(N_CHOICES))


class Deed(NamedTuple):
    """A type of incident: who does what to whom, by which operation."""

    actor: int
    code: int
    """Number of the operation in the cast's table."""
    act: int
    target: int


class Known(NamedTuple):
    """What was found by the parameters of who acts and who observes.

    It holds for scenarios that differ in nothing but parameters and their changes, and
    for every day of them; a rough estimate has its own.
    """

    effects: dict[Any, list[tuple[int, Effect]]]
    calm: dict[Any, NDArray[np.float64]]
    caused: dict[Any, list[tuple[int, int, int, float]]]

    @classmethod
    def nothing(cls) -> Known:
        """Return what is known before anything was found."""
        return cls({}, {}, {})


class Linear:
    """A cast in its calm starting state.

    Parameters
    ----------
    cast
        The cast.
    at
        Day whose parameters count, from the start.
    known
        What was found on another day, or with other parameters of some actors: those
        whose parameters are the same are not asked again. What is found is added.
    rough
        Whether a few typical effects will do, as to rank parameters.
    """

    def __init__(
        self,
        cast: Cast,
        at: float,
        known: Known | None = None,
        *,
        rough: bool = False,
    ) -> None:
        self.cast, self.at = cast, at
        self.n_memories = N_MEMORIES // (ROUGHLY if rough else 1)
        self.params: list[Any] = list(cast.params)
        for turn in cast.turns:
            if turn.change.time <= at:
                self.params[turn.actor] = turn.params
        self.world: World = new_world(cast)
        n_effects = N_EFFECTS // (ROUGHLY if rough else 1)
        self.points = grid(n_effects, N_UNIFORMS + 1)
        self.uniforms: list[Any] = [
            tuple(point) for point in self.points[:, :-1].tolist()
        ]
        self.days, self.weights = quadrature()
        self.starts: dict[int, Callable[[], Any]] = {}
        self.brought: dict[tuple[int, int, int], dict[Deed, float]] = {}
        self.known = Known.nothing() if known is None else known

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
        if actor not in self.starts:
            memory = new_memory(self.cast, actor)
            self.cast.kinds[actor].starting(self.params[actor], memory, 0.5)
            self.starts[actor] = copier(memory)
        return self.starts[actor]()

    def view(self, actor: int, memory: Any, other: int, day: float) -> Any:
        """Return what an actor with this memory knows, some days later."""
        holdings = holdings_of(self.world, actor, other)
        kind = self.cast.kinds[actor]
        return kind.view(self.params[actor], memory, holdings, other, day)

    def typical(self, actor: int, code: int, target: int) -> list[tuple[int, Effect]]:
        """Return where an operation takes place and what it does, over the grid."""
        key = (actor, code, target, self.params[actor])
        if key in self.known.effects:
            return self.known.effects[key]
        cast, operation = self.cast, self.cast.operations[code]
        view = self.view(actor, self.memory(actor), target, 0.0)
        places, shares = self.places(actor, target, view, operation)
        effects_by_site: list[tuple[int, Effect]] = []
        if places:
            drawn: Any = np.searchsorted(shares, self.points[:, -1], side="right")
            chosen: list[int] = drawn.tolist()
            settings = [
                setting_of(cast, self.world, target, site, means, 0.0)
                for means, site in places
            ]
            params, rule = self.params[actor], operation.effect
            effects_by_site = [
                (
                    places[n][1],
                    NOTHING
                    if rule is no_effect
                    else rule(params, view, settings[n], u),
                )
                for n, u in zip(chosen, self.uniforms, strict=True)
            ]
        self.known.effects[key] = effects_by_site
        return effects_by_site

    def places(
        self, actor: int, target: int, view: Any, operation: Operation
    ) -> tuple[list[tuple[int, int]], NDArray[np.float64]]:
        """Return by which means and where an operation may take place.

        Also their cumulative shares but the last one's. Nothing is lost yet, so a means
        is chosen by its opportunity.
        """
        cast = self.cast
        weights: dict[tuple[int, int], float] = {}
        for means, weight in self.means(actor, target, operation).items():
            act = cast.act_of(operation, means)
            if not cast.hits_site(operation, act):
                weights[means, NOBODY] = weight
                continue
            sites = self.sites(actor, target, view)
            total = sum(sites.values())
            for site, share in sites.items():
                weights[means, site] = weight * share / total
        sums = np.cumsum(list(weights.values()))
        return list(weights), sums[:-1] / sums[-1] if weights else sums

    def means(self, actor: int, target: int, operation: Operation) -> dict[int, float]:
        """Return the weight of each means of an operation, 1 for none."""
        cast = self.cast
        if operation.means == MeansUse.NONE:
            return {0: 1.0}
        weights: dict[int, float] = {}
        whose = target if operation.means == MeansUse.TARGETS else actor
        for number, launchers in enumerate(cast.opportunity[whose], 1):
            seen = 1.0
            if operation.means == MeansUse.TARGETS:
                seen = cast.visibility(number)
            weight = launchers * seen
            if weight > 0.0:
                weights[number] = weight
        if operation.means == MeansUse.TARGETS:
            return weights or {0: 1.0}
        return weights

    def sites(self, actor: int, target: int, view: Any) -> dict[int, float]:
        """Return the weight of each site that an operation may hit."""
        cast, weigh = self.cast, self.cast.kinds[actor].site_weight
        weights: dict[int, float] = {}
        for site, reach in enumerate(cast.reach[actor]):
            there = self.world.presence[site * cast.n_actors + target]
            weight = weigh(self.params[actor], view, reach, there) if weigh else 0.0
            if weight > 0.0:
                weights[site] = weight
        return weights

    def brought_by(self, actor: int, code: int, target: int) -> dict[Deed, float]:
        """Return the expected incidents of one operation that runs its course."""
        key = (actor, code, target)
        if key not in self.brought:
            self.brought[key] = self._brought_by(actor, code, target)
        return self.brought[key]

    def _brought_by(self, actor: int, code: int, target: int) -> dict[Deed, float]:
        operation = self.cast.operations[code]
        if operation.act == Act.NONE:
            return {}
        effects = self.typical(actor, code, target)
        if not effects:
            return {}
        acts = Counter(
            self.cast.act_of(operation, int(effect.means)) for _, effect in effects
        )
        expected = {
            Deed(actor, code, int(act), target): n / len(effects)
            for act, n in acts.items()
        }
        for consequence in operation.consequences:
            n = sum(
                (consequence.persons and effect.persons > 0.0)
                or (consequence.launchers and effect.launchers > 0.0)
                for _, effect in effects
            )
            if n:
                deed = Deed(actor, code, int(consequence.act), target)
                expected[deed] = n / len(effects)
        return expected

    def offspring(self, deed: Deed) -> dict[Deed, float]:
        """Return the incidents that one incident of a type is expected to cause."""
        cast = self.cast
        observers = [
            observer
            for observer in cast.observers[deed.act]
            if observer != deed.actor
            and cast.is_seen_by(deed.act, observer, deed.actor, deed.target, NOBODY)
        ]
        if deed.act in cast.heeds_own[deed.actor]:
            observers.append(deed.actor)
        expected: dict[Deed, float] = {}
        for observer in observers:
            for actor, code, target, n in self.moved(observer, deed):
                for child, share in self.brought_by(actor, code, target).items():
                    expected[child] = expected.get(child, 0.0) + n * share
        return expected

    def expected(self, deed: Deed, child: Deed) -> float:
        """Return how many incidents of one type one of another is expected to cause."""
        if (
            child.actor != deed.actor
            and child.actor not in self.cast.observers[deed.act]
        ):
            return 0.0
        return sum(
            n * self.brought_by(actor, code, target).get(child, 0.0)
            for actor, code, target, n in self.moved(child.actor, deed)
        )

    def moved(self, observer: int, deed: Deed) -> list[tuple[int, int, int, float]]:
        """Return what an observer does about an incident, and how often."""
        key = (observer, self.params[observer], deed, self.params[deed.actor])
        if key not in self.known.caused:
            percepts = self.percepts(observer, deed)
            noticed = self.noticed(observer, percepts)
            few, all_of_them = Counter(percepts[: self.n_memories]), Counter(percepts)
            self.known.caused[key] = [
                *self.roused(observer, deed, few, noticed),
                *self.answered(observer, deed, all_of_them, noticed),
            ]
        return self.known.caused[key]

    def percepts(self, observer: int, deed: Deed) -> list[Percept]:
        """Return an incident of a type as an observer perceives it, over the grid."""
        cast = self.cast
        confidence = 1.0
        if VISIBILITY[deed.act] == Visibility.COVERT and observer != deed.actor:
            confidence = cast.kinds[observer].evidence(self.params[observer])
        operation = cast.operations[deed.code]
        effects = [
            effect
            for _, effect in self.typical(deed.actor, deed.code, deed.target)
            if deed.act not in MEANS_ACTS
            or cast.act_of(operation, int(effect.means)) == deed.act
        ]
        seen = {
            effect: percept_by(
                cast,
                observer,
                Record(
                    time=0.0,
                    record_type=RecordType.INCIDENT,
                    identity=0,
                    cause=0,
                    actor=deed.actor,
                    act=deed.act,
                    target=deed.target,
                    site=NOBODY,
                    operation=deed.code,
                    stage=NOBODY,
                    effect=effect,
                    confidence=0.0,
                    origin=Origin.SIMULATED,
                ),
                deed.actor,
                confidence,
            )
            for effect in set(effects)
        }
        return [seen[effect] for effect in effects]

    def noticed(self, observer: int, percepts: list[Percept]) -> dict[Percept, Any]:
        """Return the memory of an observer that each percept leaves."""
        notice, params = self.cast.kinds[observer].notice, self.params[observer]
        memories: dict[Percept, Any] = {}
        for percept in percepts:
            if percept not in memories:
                memories[percept] = self.memory(observer)
                notice(params, memories[percept], percept, 0.0)
        return memories

    def roused(
        self,
        observer: int,
        deed: Deed,
        percepts: Counter[Percept],
        noticed: dict[Percept, Any],
    ) -> Iterator[tuple[int, int, int, float]]:
        """Yield how many more operations an observer begins of its own accord.

        What a deed of its own sets counts as far as it is not undone yet.
        """
        lasts, left = 0.0, np.ones_like(self.weights)
        if deed.actor == observer:
            lasts = self.cast.kinds[observer].lasts(self.params[observer], deed.act)
        if lasts > 0.0:
            left = np.exp(-np.array(self.days) / lasts)
        groups: dict[tuple[Any, ...], tuple[Any, int]] = {}
        names = [field.name for field in fields(self.cast.kinds[observer].memory)]
        for percept, n in percepts.items():
            memory = noticed[percept]
            key = tuple(str(getattr(memory, name)) for name in names)
            groups[key] = (memory, n + (groups[key][1] if key in groups else 0))
        for number, channel in enumerate(self.cast.channels):
            if channel.actor != observer:
                continue
            for memory, n in groups.values():
                rise = self.rise(number, channel, memory, left)
                if rise > 0.0:
                    share = n / percepts.total()
                    yield observer, channel.operation, channel.target, rise * share

    def rise(
        self,
        number: int,
        channel: Channel,
        memory: Any,
        left: NDArray[np.float64],
    ) -> float:
        """Integrate how much a memory lifts an option's hazard over the calm one."""
        key = (number, self.params[channel.actor])
        if key not in self.known.calm:
            calm = self.memory(channel.actor)
            self.known.calm[key] = np.array(
                [self.hazard(channel, calm, day) for day in self.days]
            )
        before = self.known.calm[key]
        if all(self.hazard(channel, memory, self.days[k]) == before[k] for k in PROBES):
            return 0.0
        after = np.array([self.hazard(channel, memory, day) for day in self.days])
        return float(self.weights @ ((after - before) * left))

    def hazard(self, channel: Channel, memory: Any, day: float) -> float:
        """Return an option's hazard under a memory, some days later, 1/day."""
        view = self.view(channel.actor, memory, channel.target, day)
        params = self.params[channel.actor]
        if not channel.option.operation.feasible(params, view):
            return 0.0
        return channel.option.hazard(params, view)

    def answered(
        self,
        observer: int,
        deed: Deed,
        percepts: Counter[Percept],
        noticed: dict[Percept, Any],
    ) -> Iterator[tuple[int, int, int, float]]:
        """Yield how often an observer's responses answer with which operation."""
        for answer in self.cast.answers[observer].get(deed.act, ()):
            for target in self.targets(answer, deed):
                counts = self.choices(observer, answer, target, percepts, noticed)
                for code, operation, n in zip(
                    answer.operations, answer.bound, counts, strict=True
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
        self,
        observer: int,
        answer: BoundResponse,
        target: int,
        percepts: Counter[Percept],
        noticed: dict[Percept, Any],
    ) -> list[float]:
        """Return the share in which a response chooses each of its operations."""
        params, choose = self.params[observer], answer.response.choose
        view_of = self.cast.kinds[observer].view
        holdings = holdings_of(self.world, observer, target)
        counts = [0] * (len(answer.operations) + 1)
        for percept, n in percepts.items():
            view = view_of(params, noticed[percept], holdings, target, 0.0)
            for u in CHOICES:
                counts[choose(params, view, percept, u)] += n
        return [n / (percepts.total() * N_CHOICES) for n in counts[1:]]
