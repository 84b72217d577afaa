"""How likely an operation is broken off by those who notice it, as things stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sim.engine.replay import at_start
from sim.engine.world import holdings_of
from sim.rules.behaviour import Breaks, Effect, Setting
from sim.rules.perceiving import percept_of
from sim.study.delay_law import choice_shares, law_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.engine.cast import BoundResponse, Cast
    from sim.engine.replay import State
    from sim.rules.behaviour import Operation, Percept

_HALVES: Final = (0.5,) * 12
_NOWHERE: Final = Setting(*[0.0] * len(Setting._fields))


class Interception:
    """What may break operations of an actor off at the end of an exposed stage.

    Durations are taken with the numbers that the actor has at the start.

    Parameters
    ----------
    cast
        Who watches whom.
    actor
        Whose operations they are.
    operations
        The operations.
    """

    def __init__(self, cast: Cast, actor: int, operations: Sequence[Operation]) -> None:
        self.cast, self.actor, self.operations = cast, actor, operations
        self.mine = view_at(cast, at_start(cast), actor, actor, 0.0)
        self.watchers = cast.watchers[actor]
        self.ways = {
            watcher: [
                [
                    (place, answer)
                    for place, stage in enumerate(operation.stages)
                    if stage.is_exposed
                    for answer in cast.stage_answers[watcher].get(operation.act, ())
                    if any(
                        op.breaks == Breaks.NOTICED for op in answer.response.operations
                    )
                ]
                for operation in operations
            ]
            for watcher in self.watchers
        }
        self._known: dict[tuple[int, Any], list[list[float]]] = {}

    def shares(self, state: State, now: float) -> list[float]:
        """Return the probability that each operation, exposed now, is broken off."""
        escapes = [1.0] * len(self.operations)
        for watcher in self.watchers:
            kind, params = self.cast.kinds[watcher], state.params[watcher]
            view = view_at(self.cast, state, watcher, self.actor, now)
            key = (watcher, params)
            if key not in self._known:
                self._known[key] = [
                    [self._in_time(n, *way, watcher, params, view) for way in ways]
                    for n, ways in enumerate(self.ways[watcher])
                ]
            noticed = kind.detection(params, view)
            for n, chances in enumerate(self._known[key]):
                for chance in chances:
                    escapes[n] *= 1.0 - noticed * chance
        return [1.0 - escape for escape in escapes]

    def _in_time(
        self,
        number: int,
        place: int,
        answer: BoundResponse,
        watcher: int,
        params: Any,
        view: Any,
    ) -> float:
        """Return the probability that a watcher that notices it stops it in time."""
        operation, response = self.operations[number], answer.response
        later = [stage.duration for stage in operation.stages[place + 1 :]]
        left = law_of(later, self.cast.params[self.actor], self.mine)
        percept = self._percept(operation, watcher)
        shares = choice_shares(lambda u: response.choose(params, view, percept, u))
        found = 0.0
        for choice, other in enumerate(response.operations, start=1):
            if other.breaks != Breaks.NOTICED:
                continue
            delays = [response.delay, *(stage.duration for stage in other.stages)]
            effect = other.effect(params, view, _NOWHERE, _HALVES)
            chance = shares.get(choice, 0.0) * effect.interdiction
            found += chance * law_of(delays, params, view).share_before(left)
        return found

    def _percept(self, operation: Operation, watcher: int) -> Percept:
        sides = self.cast.sides
        return percept_of(
            int(operation.act), 1, self.actor, -1, Effect(), watcher,
            sides[watcher], -1, self.actor, 1.0,
        )  # fmt: skip


def view_at(cast: Cast, state: State, actor: int, other: int, now: float) -> Any:
    """Return what an actor knows at a moment, with regard to another."""
    held = holdings_of(state.world, actor, other)
    params, memory = state.params[actor], state.memories[actor]
    return cast.kinds[actor].view(params, memory, held, other, now)


def broken_share(
    cast: Cast, state: State, operation: Operation, actor: int, target: int, now: float
) -> float:
    """Return the probability that an operation breaks off each of its target's."""
    view = view_at(cast, state, actor, target, now)
    effect = operation.effect(state.params[actor], view, _NOWHERE, _HALVES)
    return min(effect.interdiction, 1.0)
