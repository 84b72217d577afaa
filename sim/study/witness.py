"""What the actors know while the record happens to them, at every moment of a grid.

With its record put in to the end, a scenario simulates only what the record does not
tell: who did what nobody has established, when news arrives, what a sponsor orders in
private. One such replication, replayed from its log, says what each actor would have
read in its View at any time: all that the hazard of a dated act depends on.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.engine.log import RecordType
from sim.engine.perception import percept_by
from sim.engine.replay import at_start, replay
from sim.errors import StudyError
from sim.rules.behaviour import Breaks, operations_of
from sim.scenario.history import read_record
from sim.scenario.scenario import History
from sim.study.interception import Interception, broken_share, view_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.engine.cast import BoundResponse, Cast, Channel
    from sim.engine.log import IncidentLog, Record
    from sim.engine.replay import State
    from sim.ladder import Act
    from sim.rules.behaviour import Operation, Percept
    from sim.scenario.scenario import Recorded, Scenario

Floats = np.ndarray[Any, np.dtype[np.float64]]


_SPARED: Final = 1e-6
"""What is left where everything is broken off, so that it can be divided by."""


class Grid(NamedTuple):
    """Cells of time from day 0 on."""

    days: int
    per_day: int

    @property
    def width(self) -> float:
        """Length of a cell, days."""
        return 1.0 / self.per_day

    @property
    def n(self) -> int:
        """How many cells there are."""
        return self.days * self.per_day

    def middles(self) -> Floats:
        """Return the middle of each cell, days."""
        return np.asarray((np.arange(self.n) + 0.5) * self.width, np.float64)


class Answer(NamedTuple):
    """A moment at which an actor may decide on the act because of what it notices."""

    time: float
    actor: int
    response: BoundResponse
    view: Any
    percept: Percept
    key: tuple[int, int, str]
    """What it answers, who, by which response: the same in every replication."""


class Witness(NamedTuple):
    """One replication of the record, seen by those who might do the act."""

    views: tuple[list[Any], ...]
    """By channel, then by cell: the actor's View on the target."""
    armed: Floats
    """Whether the operation is feasible, shape (channels, cells)."""
    open: Floats
    """Weight of the sites that it could go to, times the share that no raid so far has
    broken off; shape (channels, cells). From a start to an end, what counts is by which
    factor it falls."""
    caught: Floats
    """Probability that it is broken off once exposed, shape (channels, cells)."""
    caught_second: Floats
    """The same of an operation that joins it."""
    answers: tuple[Answer, ...]


def on_record(scenario: Scenario, rows: Sequence[Recorded] | None = None) -> Scenario:
    """Return a scenario with its record put in to the very end.

    Parameters
    ----------
    scenario
        A scenario without history.
    rows
        The record; the scenario's own unless given.

    Raises
    ------
    StudyError
        If some of its record is put in already.
    """
    if scenario.history is not None:
        message = (
            f"{scenario.name} has its record put in up to a day already; the "
            "likelihood takes a scenario that is simulated from its start"
        )
        raise StudyError(message)
    told = tuple(read_record(scenario) if rows is None else rows)
    acts = tuple(sorted({row.act for row in told}))
    return replace(
        scenario,
        history=History(scenario.record, scenario.horizon, told, acts),
        given=tuple(given for given in scenario.given if given.act not in acts),
    )


def channels_of(cast: Cast, act: Act) -> tuple[Channel, ...]:
    """Return the options that end in an act."""
    return tuple(
        channel for channel in cast.channels if channel.option.operation.act == act
    )


def joining(
    cast: Cast, actor: int, act: Act
) -> tuple[tuple[BoundResponse, Operation], ...]:
    """Return the responses by which an actor joins its own operation by another."""
    return tuple(
        (answer, operation)
        for answer in cast.stage_answers[actor].get(act, ())
        for operation in answer.response.operations
        if operation.act == act
    )


def witness(cast: Cast, log: IncidentLog, act: Act, grid: Grid) -> Witness:
    """Replay a log and note what is known at the middle of each cell."""
    return _Reader(cast, log, act, grid).read()


class _Reader:
    """Replays one log with the parameters of a cast, which may be other ones."""

    def __init__(self, cast: Cast, log: IncidentLog, act: Act, grid: Grid) -> None:
        self.cast, self.log, self.act = cast, log, act
        self.channels = channels_of(cast, act)
        shape = (len(self.channels), grid.n)
        self.views: tuple[list[Any], ...] = tuple([] for _ in self.channels)
        self.armed, self.open = np.zeros(shape), np.zeros(shape)
        self.spared = [1.0] * len(self.channels)
        self.caught, self.second = np.zeros(shape), np.zeros(shape)
        self.answers: list[Answer] = []
        self.middles = grid.middles().tolist()
        self.guards = [self._guard(channel) for channel in self.channels]

    def _guard(self, channel: Channel) -> Interception:
        joined = joining(self.cast, channel.actor, self.act)
        operations = [channel.option.operation, *(op for _, op in joined[:1])]
        return Interception(self.cast, channel.actor, operations)

    def read(self) -> Witness:
        """Replay the log."""
        state, records, cell = at_start(self.cast), self.log.records, 0
        noticeable: dict[int, Record] = {}
        steps = replay(self.cast, self.log, state)
        ends = [record.time for record in records] + [float("inf")]
        cell = self._fill(state, cell, ends[0])
        for record, end in zip(records, ends[1:], strict=True):
            self._break(state, record)
            next(steps)
            if record.record_type == RecordType.PERCEPTION:
                self._note(state, record, noticeable[record.cause])
            else:
                noticeable[record.identity] = record
            cell = self._fill(state, cell, end)
        return Witness(
            self.views,
            self.armed,
            self.open,
            self.caught,
            self.second,
            tuple(self.answers),
        )

    def _fill(self, state: State, cell: int, end: float) -> int:
        while cell < len(self.middles) and self.middles[cell] < end:
            now = self.middles[cell]
            for k, channel in enumerate(self.channels):
                view = view_at(self.cast, state, channel.actor, channel.target, now)
                params = state.params[channel.actor]
                self.views[k].append(view)
                self.armed[k, cell] = channel.option.operation.feasible(params, view)
                opened = _open(self.cast, state, channel, view)
                self.open[k, cell] = opened * self.spared[k]
                caught = self.guards[k].shares(state, now)
                self.caught[k, cell], self.second[k, cell] = caught[0], caught[-1]
            cell += 1
        return cell

    def _break(self, state: State, record: Record) -> None:
        """Note an incident that breaks off what its target has under way."""
        if record.record_type != RecordType.INCIDENT or record.actor < 0:
            return
        cast, actor = self.cast, record.actor
        for operation in operations_of(cast.kinds[actor]).values():
            if operation.act != record.act or operation.breaks != Breaks.TARGETS:
                continue
            for k, channel in enumerate(self.channels):
                if channel.actor == record.target:
                    chance = broken_share(
                        cast, state, operation, actor, channel.actor, record.time
                    )
                    self.spared[k] *= max(1.0 - chance, _SPARED)

    def _note(self, state: State, record: Record, noticed: Record) -> None:
        """Note the responses by which an actor may do the act because of it."""
        if noticed.record_type != RecordType.INCIDENT:
            return
        cast, observer = self.cast, record.actor
        for answer in cast.answers[observer].get(record.act, ()):
            if all(op.act != self.act for op in answer.response.operations):
                continue
            percept = percept_by(
                cast, observer, noticed, record.target, record.confidence
            )
            other = record.target if record.target >= 0 else percept.target
            if other < 0:
                continue
            view = view_at(cast, state, observer, other, record.time)
            key = (noticed.identity, observer, answer.response.name)
            self.answers.append(
                Answer(record.time, observer, answer, view, percept, key)
            )


def _open(cast: Cast, state: State, channel: Channel, view: Any) -> float:
    """Return the weight of all sites that an operation could go to now."""
    weigh = cast.kinds[channel.actor].site_weight
    if not channel.option.operation.needs_site:
        return 1.0
    if weigh is None:
        return 0.0
    operation = channel.option.operation
    there = channel.actor if operation.is_own_site else channel.target
    total, params = 0.0, state.params[channel.actor]
    for site, reach in enumerate(cast.reach[channel.actor]):
        presence = state.world.presence[site * cast.n_actors + there]
        total += weigh(params, view, reach, presence)
    return total
