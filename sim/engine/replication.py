"""The state of one replication while it runs: what is so, and what is still to come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.draws import Draws
from sim.engine.alteration import UNALTERED, Alteration
from sim.engine.capacity import (
    MOST_PENDING,
    MOST_RECORDS,
    too_many_pending,
    too_many_records,
)
from sim.engine.clock import Moment, Timeline, order
from sim.engine.log import NOBODY, IncidentLog
from sim.engine.observation import reports_on
from sim.engine.world import new_memories, new_world
from sim.errors import RunError
from sim.rules.behaviour import Effect, Holdings, Operation, lasting

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.engine.cast import Cast
    from sim.engine.clock import Action, Rank
    from sim.engine.log import Record
    from sim.ladder import Act

NOTHING = Effect()


@dataclass(slots=True, eq=False)
class Running:
    """An operation under way, or one that is decided on."""

    identity: int
    actor: int
    code: int
    """Its number in the cast's table of operations."""
    operation: Operation
    target: int
    cause: int
    """Identity of the last record of its chain."""
    stake: float = 0.0
    """Persons that it is about."""
    noticed: Running | None = None
    """The operation whose stage it answers."""
    stands: Callable[[Any, Any, float], bool] = lasting
    """Whether nothing has overtaken it, as `sim.rules.behaviour.Response` has it."""
    since: float = 0.0
    """Day on which it was decided; once its first stage is over, that day."""
    means: int = 0
    """Number of its means of attack, from 1; 0 where it has none, or none yet."""
    site: int = NOBODY
    durations: tuple[float, ...] = ()
    """Days that each of its stages takes, drawn when it starts."""
    stage: int = 0
    """Index of the stage that it is in."""
    is_over: bool = False
    row: int = NOBODY
    """Number of the row of the record that it becomes, in a past that is filtered."""


class Replication:
    """What a replication has come to: the world, memories, what is under way, the log.

    It changes in `sim.engine.escalation` and `sim.engine.given` only.
    """

    def __init__(
        self,
        cast: Cast,
        root_seed: int,
        number: int,
        until: float | None = None,
        alteration: Alteration = UNALTERED,
    ) -> None:
        self.cast = cast
        self.root_seed = root_seed
        self.number = number
        self.horizon = cast.scenario.horizon if until is None else until
        self.env = Timeline()
        self.draws = Draws(root_seed, number)
        self.alteration = alteration
        self.left_out = frozenset(alteration.without)
        self.params: list[Any] = list(cast.params)
        self.memories = new_memories(cast, self.draws)
        self.world = new_world(cast)
        self._views = [kind.view for kind in cast.kinds]
        self.running: list[list[Running]] = [[] for _ in cast.names]
        self.records: list[Record] = []
        self.n_incidents = 0
        self.n_candidates = 0
        self.n_pending = 0
        self.n_running = 0
        self.weigher: Any = None
        """What a filtered past is weighed with; None where it is not."""

    def view(self, actor: int, other: int) -> Any:
        """Return what an actor knows now, with regard to another."""
        world = self.world
        held = Holdings(
            world.custody[actor * world.n_actors + other],
            world.detained[actor],
        )
        params, memory = self.params[actor], self.memories[actor]
        return self._views[actor](params, memory, held, other, self.env.now)

    def append(self, record: Record) -> None:
        """Write a record to the log."""
        if len(self.records) >= MOST_RECORDS:
            raise RunError(too_many_records(self.env.now))
        self.records.append(record)

    def later(self, delay: float, rank: Rank, identity: int, action: Action) -> None:
        """Await news or a decision for `delay` days; the action counts it out."""
        self.n_pending += 1
        if self.n_pending > MOST_PENDING:
            raise RunError(too_many_pending(self.env.now))
        Moment(self.env, self.env.now + delay, order(rank, identity), action)

    def is_left_to_record(self, act: Act, time: float) -> bool:
        """Whether an act is not the model's to bring about at a time.

        It is the record's to tell before a day, or happens only where it is put in.
        """
        cast = self.cast
        return act in cast.exogenous or (
            time < cast.since and act in cast.recorded_acts
        )

    def is_suppressed(self, act: int, identity: int) -> bool:
        """Whether an incident is left out of this replication, now."""
        if identity in self.left_out:
            return True
        now = self.env.now
        return any(
            act == left_out and now >= day
            for left_out, day in self.alteration.without_acts
        )

    def log(self) -> IncidentLog:
        """Return the log of what has happened."""
        cast = self.cast
        return IncidentLog(
            replication=self.number,
            root_seed=self.root_seed,
            horizon=self.horizon,
            since=cast.since,
            actors=cast.names,
            sites=cast.sites,
            means=tuple(means.name for means in cast.means),
            operations=tuple(operation.name for operation in cast.operations),
            stages=tuple(
                tuple(stage.name for stage in operation.stages)
                for operation in cast.operations
            ),
            records=tuple(self.records),
            reports=tuple(
                reports_on(
                    Draws(self.root_seed, self.number),
                    cast.scenario.observations,
                    self.records,
                    self.alteration.lineage,
                )
            ),
        )
