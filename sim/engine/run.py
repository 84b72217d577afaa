"""One replication: a scenario, a root_seed and a number in, an incident log out.

The main flow: candidates are accepted and start operations; operations end in
incidents; an incident changes the world and is noticed by actors, each in its time;
what an actor notices changes its memory and may make it respond with an operation.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sim.engine.capacity import (
    MOST_PENDING,
    MOST_RECORDS,
    too_many_incidents,
    too_many_pending,
    too_many_records,
)
from sim.engine.cast import (
    WORD_CANDIDATE,
    WORD_OPERATION,
    WORD_RESPONSE,
    BoundResponse,
    Cast,
    Channel,
)
from sim.engine.clock import Moment, Rank, Timeline, candidates, order
from sim.engine.developments import happen, recount, take_turn
from sim.engine.draws import Draws, Purpose, child
from sim.engine.log import NO_CAUSE, IncidentLog, Origin, Record, RecordType
from sim.engine.memory import new_memories
from sim.engine.observation import reports_on
from sim.engine.operations import start
from sim.engine.perception import percept_by, spread
from sim.engine.running import NOTHING, Running
from sim.engine.world import new_world
from sim.errors import RunError
from sim.rules.behaviour import Holdings, Percept, Toward
from sim.rules.transitions import Deed, apply

if TYPE_CHECKING:
    from sim.engine.clock import Action
    from sim.scenario.scenario import Scenario


def run_replication(
    scenario: Scenario | Cast, root_seed: int, number: int, until: float | None = None
) -> IncidentLog:
    """Simulate one replication.

    Parameters
    ----------
    scenario
        The scenario, or its cast where many replications share it.
    root_seed
        The study's root seed, 0 to 2**64 - 1.
    number
        The replication's number, 0 to 2**64 - 1.
    until
        Days to simulate, > 0; the scenario's horizon when None.

    Returns
    -------
    IncidentLog
        The same for the same arguments, whatever else ran before or beside it.

    Raises
    ------
    RunError
        If a hazard leaves its bounds or the cap on incidents is exceeded; it ends
        with the command that repeats this replication.
    """
    cast = scenario if isinstance(scenario, Cast) else Cast(scenario)
    return Replication(cast, root_seed, number, until).run()


class Replication:
    """The state of one replication while it runs."""

    def __init__(
        self, cast: Cast, root_seed: int, number: int, until: float | None = None
    ) -> None:
        self.cast = cast
        self.root_seed = root_seed
        self.number = number
        self.horizon = cast.scenario.horizon if until is None else until
        self.env = Timeline()
        self.draws = Draws(root_seed, number)
        self.params: list[Any] = list(cast.params)
        self.memories = new_memories(cast)
        self.world = new_world(cast)
        self._views = [kind.view for kind in cast.kinds]
        self.running: list[list[Running]] = [[] for _ in cast.names]
        self.records: list[Record] = []
        self.n_incidents = 0
        self.n_pending = 0
        self.n_running = 0

    def run(self) -> IncidentLog:
        """Simulate to the horizon and return the log."""
        cast = self.cast
        # What lies beyond the horizon never comes.
        for turn in cast.turns:
            priority = order(Rank.DEVELOPMENT, turn.identity)
            Moment(self.env, turn.change.time, priority, partial(take_turn, self, turn))
        for given, identity in cast.given:
            priority = order(Rank.DEVELOPMENT, identity)
            action = partial(happen, self, given, identity)
            Moment(self.env, given.time, priority, action)
        for row, identity, cause in cast.recorded:
            priority = order(Rank.DEVELOPMENT, identity)
            action = partial(recount, self, row, identity, cause)
            Moment(self.env, row.time, priority, action)
        for channel in cast.channels:
            for band in range(len(channel.bands)):
                self.env.process(candidates(self, channel, band))
        try:
            self.env.run(until=self.horizon)
        except RunError as error:
            path = cast.scenario.path or cast.scenario.name
            raise RunError(str(error), path, self.root_seed, self.number) from None
        return IncidentLog(
            replication=self.number,
            root_seed=self.root_seed,
            horizon=self.horizon,
            since=cast.since,
            actors=cast.names,
            sites=cast.sites,
            operations=tuple(operation.name for operation in cast.operations),
            stages=tuple(
                tuple(stage.name for stage in operation.stages)
                for operation in cast.operations
            ),
            records=tuple(self.records),
            reports=tuple(
                reports_on(self.draws, cast.scenario.observations, self.records)
            ),
        )

    def view(self, actor: int, other: int) -> Any:
        """Return what an actor knows now, with regard to another."""
        world = self.world
        held = Holdings(
            world.launchers[actor],
            world.rounds[actor],
            world.custody[actor * world.n_actors + other],
            world.detained[actor],
        )
        params, memory = self.params[actor], self.memories[actor]
        return self._views[actor](params, memory, held, other, self.env.now)

    def accept(self, channel: Channel, stream: int, number: int) -> None:
        """Do what an option offers: its candidate was accepted."""
        running = Running(
            child(stream, WORD_CANDIDATE, 0, number),
            channel.actor,
            channel.operation,
            channel.option.operation,
            channel.target,
            NO_CAUSE,
        )
        start(self, running)

    def append(self, record: Record) -> None:
        """Write a record to the log."""
        if len(self.records) >= MOST_RECORDS:
            raise RunError(too_many_records(self.env.now))
        self.records.append(record)

    def emit(self, record: Record) -> None:
        """Let an incident happen: in the world, in the log, and in the news."""
        self.n_incidents += 1
        if self.n_incidents > self.cast.scenario.max_incidents:
            most = self.cast.scenario.max_incidents
            raise RunError(too_many_incidents(self.env.now, most))
        put_in = 0 if record.origin == Origin.SIMULATED else 1
        actor, target = record.actor, record.target
        deed = Deed(record.act, actor, target, record.site, record.effect, put_in)
        apply(self.world, deed)
        self.append(record)
        spread(self, record)

    def notice(
        self,
        observer: int,
        record: Record,
        identity: int,
        author: int,
        confidence: float,
        noticed: Running | None,
    ) -> None:
        """Let an actor notice a record: it remembers, and may respond."""
        cast = self.cast
        self.append(
            Record(
                self.env.now,
                RecordType.PERCEPTION,
                identity,
                record.identity,
                observer,
                record.act,
                author,
                record.site,
                record.operation,
                record.stage,
                NOTHING,
                confidence,
                Origin.SIMULATED,
            )
        )
        percept = percept_by(cast, observer, record, author, confidence)
        cast.kinds[observer].notice(
            self.params[observer], self.memories[observer], percept, self.env.now
        )
        answers = cast.answers if noticed is None else cast.stage_answers
        for answer in answers[observer].get(record.act, ()):
            self._respond(observer, answer, record, identity, percept, noticed)

    def _respond(
        self,
        actor: int,
        answer: BoundResponse,
        record: Record,
        identity: int,
        percept: Percept,
        noticed: Running | None,
    ) -> None:
        """Decide on an answer; carry it out after its delay."""
        response = answer.response
        if response.toward == Toward.AUTHOR:
            targets = (percept.author,)
        elif response.toward == Toward.TARGET:
            targets = (percept.target,)
        else:
            targets = answer.role
        identity = child(identity, WORD_RESPONSE, answer.word, 0)
        u_choice, u_delay = self.draws.two(identity, Purpose.CHOICE)
        params = self.params[actor]
        for target in targets:
            if target < 0:
                continue
            view = self.view(actor, target)
            choice = response.choose(params, view, percept, u_choice)
            if choice == 0:
                continue
            running = Running(
                child(identity, WORD_OPERATION, self.cast.words[target], 0),
                actor,
                answer.operations[choice - 1],
                response.operations[choice - 1],
                target,
                record.identity,
                percept.persons,
                noticed,
            )
            self.later(
                response.delay(params, view, u_delay),
                Rank.DECISION,
                running.identity,
                partial(self._carry_out, running),
            )

    def _carry_out(self, running: Running, _: Any) -> None:
        """Carry a decision out, after its delay."""
        self.n_pending -= 1
        start(self, running)

    def later(self, delay: float, rank: Rank, identity: int, action: Action) -> None:
        """Await news or a decision for `delay` days; the action counts it out."""
        self.n_pending += 1
        if self.n_pending > MOST_PENDING:
            raise RunError(too_many_pending(self.env.now))
        Moment(self.env, self.env.now + delay, order(rank, identity), action)
