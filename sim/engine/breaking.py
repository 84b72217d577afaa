"""Breaking off operations before their time.

Whoever breaks one off emits the one incident that tells of it; what was broken off
finds itself over when its stage would have ended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.engine.cast import ACT_WORDS, WORD_BROKEN
from sim.engine.draws import Purpose, child
from sim.engine.log import NOBODY, Origin, Record, RecordType
from sim.engine.running import Running, effect_of, is_empty, is_left_to_record
from sim.rules.behaviour import Breaks

if TYPE_CHECKING:
    from sim.engine.run import Replication


def break_others(
    replication: Replication, running: Running, chance: float, cause: int
) -> None:
    """Break off the running operations that this one can reach, in total order."""
    breaks = running.operation.breaks
    if breaks == Breaks.NOTICED:
        found = [] if running.noticed is None else [running.noticed]
    elif breaks == Breaks.TARGETS:
        found = list(replication.running[running.target])
    else:
        found = [
            other
            for other in replication.running[running.actor]
            if other.target == running.target
        ]
    wanted = Breaks.OWN if breaks == Breaks.OWN else Breaks.TARGETS
    for other in sorted(found, key=lambda other: other.identity):
        if other.is_over or other.operation.breakable_by != wanted:
            continue
        told = other.operation.broken_act
        if is_left_to_record(replication, told, replication.env.now):
            continue
        if wanted == Breaks.TARGETS:
            label = other.identity & (2**64 - 1)
            identity = child(running.identity, WORD_BROKEN, label, 0)
            if replication.draws.one(identity, Purpose.INTERRUPTION) >= chance:
                continue
        break_off(replication, other, running.actor, cause)


def break_off(replication: Replication, other: Running, by: int, cause: int) -> None:
    """End an operation before its time; one incident tells of it."""
    other.is_over = True
    replication.n_running -= 1
    replication.running[other.actor].remove(other)
    view = replication.view(other.actor, other.target)
    effect = effect_of(replication, other, other.operation.broken_effect, view)
    if is_empty(other.operation, effect):
        return
    own, told = by == other.actor, other.operation.broken_act
    record = Record(
        replication.env.now,
        RecordType.INCIDENT,
        child(other.identity, WORD_BROKEN, ACT_WORDS[told], 0),
        cause,
        by,
        told,
        other.target if own else other.actor,
        other.site,
        other.code,
        NOBODY,
        effect,
        0.0,
        Origin.SIMULATED,
    )
    replication.emit(record)
