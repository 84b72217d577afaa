"""An operation under way, and what it does to the world when it ends either way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.engine.cast import ACT_WORDS, WORD_INCIDENT
from sim.engine.draws import Purpose, child
from sim.engine.log import NOBODY, Origin, Record, RecordType
from sim.engine.world import setting_of
from sim.rules.behaviour import N_UNIFORMS, Effect, Operation, no_effect

if TYPE_CHECKING:
    from sim.engine.run import Replication
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
    site: int = NOBODY
    durations: tuple[float, ...] = ()
    """Days that each of its stages takes, drawn when it starts."""
    stage: int = 0
    """Index of the stage that it is in."""
    is_over: bool = False


def is_left_to_record(replication: Replication, act: Act, time: float) -> bool:
    """Whether an act at a time is the record's to tell, and so does not happen."""
    cast = replication.cast
    return time < cast.since and act in cast.recorded_acts


def is_empty(operation: Operation, effect: Effect) -> bool:
    """Whether an operation that needs persons or launchers ends with neither."""
    return operation.needs_amount and effect.persons <= 0.0 and effect.launchers <= 0.0


def effect_of(
    replication: Replication, running: Running, rule: Any, view: Any
) -> Effect:
    """Ask nature what an operation does, with its own uniforms."""
    if rule is no_effect:
        return NOTHING
    actor = running.actor
    setting = setting_of(
        replication.cast,
        replication.world,
        actor,
        running.target,
        running.site,
        running.stake,
    )
    u = replication.draws.many(running.identity, Purpose.EFFECT, N_UNIFORMS)
    return rule(replication.params[actor], view, setting, u)


def incident(
    replication: Replication, running: Running, act: Act, effect: Effect, cause: int
) -> int:
    """Emit one incident of an operation; return the incident's identity."""
    identity = child(running.identity, WORD_INCIDENT, ACT_WORDS[act], 0)
    replication.emit(
        Record(
            replication.env.now,
            RecordType.INCIDENT,
            identity,
            cause,
            running.actor,
            act,
            running.target,
            running.site,
            running.code,
            NOBODY,
            effect,
            0.0,
            Origin.SIMULATED,
        )
    )
    return identity
