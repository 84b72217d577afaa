"""How likely an operation is broken off by those who notice it, as things stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sim.engine.replay import at_start
from sim.engine.world import holdings_of
from sim.rules.behaviour import Breaks, Effect, Setting
from sim.rules.perceiving import percept_of
from sim.study.delay_law import choice_shares, law_of

if TYPE_CHECKING:
    from sim.engine.cast import BoundResponse, Cast
    from sim.engine.replay import State
    from sim.rules.behaviour import Operation, Percept

_HALVES: Final = (0.5,) * 12
_NOWHERE: Final = Setting(*[0.0] * len(Setting._fields))


class Interception:
    """What may break an operation off at the end of an exposed stage, watcher by watcher.

    Durations are taken with the numbers that the operation's actor has at the start.
    """

    def __init__(self, cast: Cast, actor: int, operation: Operation) -> None:
        self.cast, self.actor, self.operation = cast, actor, operation
        self.mine = view_at(cast, at_start(cast), actor, actor, 0.0)
        self.ways = [
            (place, watcher, answer)
            for place, stage in enumerate(operation.stages)
            if stage.is_exposed
            for watcher in cast.watchers[actor]
            for answer in cast.stage_answers[watcher].get(operation.act, ())
            if any(op.breaks == Breaks.NOTICED for op in answer.response.operations)
        ]
        self._known: dict[tuple[int, Any], float] = {}

    def share(self, state: State, now: float) -> float:
        """Return the probability that an operation exposed now is broken off."""
        escapes = 1.0
        for way, (place, watcher, answer) in enumerate(self.ways):
            kind, params = self.cast.kinds[watcher], state.params[watcher]
            view = view_at(self.cast, state, watcher, self.actor, now)
            key = (way, params)
            if key not in self._known:
                self._known[key] = self._in_time(place, watcher, answer, params, view)
            escapes *= 1.0 - kind.detection(params, view) * self._known[key]
        return 1.0 - escapes

    def _in_time(
        self, place: int, watcher: int, answer: BoundResponse, params: Any, view: Any
    ) -> float:
        """Return the probability that who noticed it decides to act, and comes in time."""
        own, mine = self.cast.params[self.actor], self.mine
        left = law_of(
            [
                lambda u, s=stage: s.duration(own, mine, u)
                for stage in self.operation.stages[place + 1 :]
            ]
        )
        percept = self._percept(watcher)
        shares = choice_shares(
            lambda u: answer.response.choose(params, view, percept, u)
        )
        found = 0.0
        for number, operation in enumerate(answer.response.operations, start=1):
            if operation.breaks != Breaks.NOTICED:
                continue
            delays = [lambda u: answer.response.delay(params, view, u)]
            delays += [
                lambda u, s=stage: s.duration(params, view, u)
                for stage in operation.stages
            ]
            effect = operation.effect(params, view, _NOWHERE, _HALVES)
            chance = shares.get(number, 0.0) * effect.interdiction
            found += chance * law_of(delays).share_before(left)
        return found

    def _percept(self, watcher: int) -> Percept:
        sides = self.cast.sides
        return percept_of(
            int(self.operation.act), 1, self.actor, -1, Effect(), watcher,
            sides[watcher], -1, self.actor, 1.0,
        )  # fmt: skip


def view_at(cast: Cast, state: State, actor: int, other: int, now: float) -> Any:
    """Return what an actor knows at a moment, with regard to another."""
    held = holdings_of(state.world, actor, other)
    params, memory = state.params[actor], state.memories[actor]
    return cast.kinds[actor].view(params, memory, held, other, now)
