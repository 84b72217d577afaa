"""The state again, from the log alone: what no record tells has not happened.

State changes in two places only, the world by incidents and memories by what is
noticed, and both are in the log. So its records, taken in order, rebuild the true
world and every actor's memory exactly, at any moment; nothing is drawn but what the
start found in the memories.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sim.draws import Draws
from sim.engine.log import Origin, RecordType
from sim.engine.perception import percept_by
from sim.engine.world import new_memories, new_world
from sim.rules.transitions import Deed, World, apply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.engine.cast import Cast
    from sim.engine.log import IncidentLog, Record


class State(NamedTuple):
    """All that changes in a replication; the next record changes it in place."""

    world: World
    memories: list[Any]
    """Each actor's memory."""
    params: list[Any]
    """Each actor's parameters at the time."""


def rebuild(cast: Cast, log: IncidentLog) -> State:
    """Return the state in which a replication ended, from its log.

    Parameters
    ----------
    cast
        The cast of the scenario that was run.
    log
        The log of one of its replications.

    Returns
    -------
    State
        Equal in every bit to the replication's own at its horizon.
    """
    state = at_start(cast, log)
    for _ in replay(cast, log, state):
        pass
    return state


def at_start(cast: Cast, log: IncidentLog) -> State:
    """Return the state at the start of the replication that a log tells of."""
    draws = Draws(log.root_seed, log.replication)
    return State(new_world(cast), new_memories(cast, draws), list(cast.params))


def replay(cast: Cast, log: IncidentLog, state: State) -> Iterator[Record]:
    """Change the state by one record after another; yield each one done."""
    turns = {turn.identity: turn for turn in cast.turns}
    noticeable: dict[int, Record] = {}
    for record in log.records:
        if record.record_type == RecordType.DEVELOPMENT:
            turn = turns[record.identity]
            state.params[turn.actor] = turn.params
        elif record.record_type == RecordType.PERCEPTION:
            observer, noticed = record.actor, noticeable[record.cause]
            percept = percept_by(
                cast, observer, noticed, record.target, record.confidence
            )
            cast.kinds[observer].notice(
                state.params[observer], state.memories[observer], percept, record.time
            )
        else:
            noticeable[record.identity] = record
            if record.record_type == RecordType.INCIDENT:
                apply(
                    state.world,
                    Deed(
                        record.act,
                        record.actor,
                        record.target,
                        record.site,
                        record.effect,
                        0 if record.origin == Origin.SIMULATED else 1,
                    ),
                )
        yield record
