"""Courses of action that take time, as SimPy processes that can be broken off.

All durations are drawn when an operation starts; its effect comes at its end only.
Whoever breaks it off emits the one incident that tells of it; the interrupt merely
ends the process.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import simpy

from sim.engine.capacity import MOST_RUNNING, too_many_running
from sim.engine.cast import WORD_BROKEN, WORD_INCIDENT, WORD_SITE, WORD_STAGE
from sim.engine.clock import Moment, Rank, order
from sim.engine.draws import Purpose, child, name_word
from sim.engine.log import NOBODY, Origin, Record, RecordType
from sim.engine.perception import watch
from sim.engine.world import setting_of
from sim.errors import RunError
from sim.ladder import Act
from sim.rules.behaviour import N_UNIFORMS, Breaks, Effect, Operation, no_effect
from sim.rules.inversion import choice_race

if TYPE_CHECKING:
    from collections.abc import Generator

    from sim.engine.run import Replication

NOTHING = Effect()
_ZEROS = (0.0,) * N_UNIFORMS


@dataclass(slots=True, eq=False)
class Running:
    """An operation under way."""

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
    process: simpy.Process | None = None
    has_begun: bool = False
    is_over: bool = False


def start(replication: Replication, running: Running) -> None:
    """Start an operation, if it is feasible and not too many are under way."""
    operation, actor = running.operation, running.actor
    params = replication.params[actor]
    view = replication.view(actor, running.target)
    if not operation.feasible(params, view):
        return
    limit = operation.max_parallel(params)
    if limit > 0.0:
        same = [r for r in replication.running[actor] if r.code == running.code]
        if len(same) >= limit:
            return
    if operation.needs_site:
        running.site = choose_site(replication, running, view)
        if running.site == NOBODY:
            return
    if not operation.stages:
        if not is_left_to_record(replication, operation.act, replication.env.now):
            complete(replication, running)
        return
    durations: list[float] = []
    for number, stage in enumerate(operation.stages):
        u = replication.draws.one(running.identity, Purpose.STAGES, number)
        durations.append(stage.duration(params, view, u))
    end = replication.env.now
    for duration in durations:
        end = end + duration
    if is_left_to_record(replication, operation.act, end):
        return
    replication.n_running += 1
    if replication.n_running > MOST_RUNNING:
        raise RunError(too_many_running(replication.env.now))
    replication.running[actor].append(running)
    running.process = replication.env.process(_course(replication, running, durations))


def is_left_to_record(replication: Replication, act: Act, time: float) -> bool:
    """Whether an act at a time is the record's to tell, and so does not happen."""
    cast = replication.cast
    return time < cast.since and act in cast.recorded_acts


def choose_site(replication: Replication, running: Running, view: Any) -> int:
    """Choose a site by a race of keyed clocks, so that no site re-deals the others."""
    cast = replication.cast
    avoided = NOBODY
    if running.operation.avoids_noticed_site and running.noticed is not None:
        avoided = running.noticed.site
    best, site = float("inf"), NOBODY
    for number, word in enumerate(cast.site_words):
        weight = site_weight(replication, running, number, view)
        if weight > 0.0 and number != avoided:
            identity = child(running.identity, WORD_SITE, word, 0)
            clock = choice_race(replication.draws.one(identity, Purpose.PLACE), weight)
            if clock < best:
                best, site = clock, number
    return site


def site_weight(
    replication: Replication, running: Running, site: int, view: Any
) -> float:
    """Return the weight of a site for an operation, by whoever has to be there."""
    cast, actor = replication.cast, running.actor
    weigh = cast.kinds[actor].site_weight
    if weigh is None:
        return 0.0
    present = actor if running.operation.is_own_site else running.target
    presence = replication.world.presence[site * cast.n_actors + present]
    return weigh(replication.params[actor], view, cast.reach[actor][site], presence)


def _course(
    replication: Replication, running: Running, durations: list[float]
) -> Generator[simpy.Event, Any, None]:
    """Run an operation through its stages to its end, as a process."""
    running.has_begun = True
    if running.is_over:
        return
    env, operation = replication.env, running.operation
    priority = order(Rank.STAGE, running.identity)
    try:
        for number, duration in enumerate(durations):
            yield Moment(env, env.now + duration, priority)
            stage = operation.stages[number]
            record = Record(
                env.now,
                RecordType.STAGE,
                child(running.identity, WORD_STAGE, name_word(stage.name), number),
                running.cause,
                running.actor,
                operation.act,
                running.target,
                running.site,
                running.code,
                number,
                NOTHING,
                0.0,
                Origin.SIMULATED,
            )
            running.cause = record.identity
            replication.append(record)
            watch(replication, record, running, stage)
    except simpy.Interrupt:
        return
    running.is_over = True
    replication.n_running -= 1
    replication.running[running.actor].remove(running)
    complete(replication, running)


def complete(replication: Replication, running: Running) -> None:
    """Let an operation take effect: its incident, what follows, whom it breaks off."""
    operation, actor = running.operation, running.actor
    params = replication.params[actor]
    view = replication.view(actor, running.target)
    if not operation.feasible(params, view):
        return
    if operation.needs_site and not (
        site_weight(replication, running, running.site, view) > 0.0
    ):
        return
    effect = effect_of(replication, running, operation.effect, view)
    cause = running.cause
    if operation.act != Act.NONE and not is_empty(operation, effect):
        cause = _incident(replication, running, operation.act, effect, cause).identity
        for consequence in operation.consequences:
            persons = effect.persons if consequence.persons else 0.0
            launchers = effect.launchers if consequence.launchers else 0.0
            if is_left_to_record(replication, consequence.act, replication.env.now):
                continue
            if persons > 0.0 or launchers > 0.0:
                part = NOTHING._replace(persons=persons, launchers=launchers)
                _incident(replication, running, consequence.act, part, cause)
    if operation.breaks != Breaks.NOTHING:
        _break_others(replication, running, effect.interdiction, cause)


def is_empty(operation: Operation, effect: Effect) -> bool:
    """Whether an operation that needs persons or launchers ends with neither."""
    return operation.needs_amount and effect.persons <= 0.0 and effect.launchers <= 0.0


def effect_of(
    replication: Replication, running: Running, rule: Any, view: Any
) -> Effect:
    """Ask nature what an operation does, with its own uniforms."""
    if rule is no_effect:
        return NOTHING
    setting = setting_of(
        replication.cast,
        replication.world,
        running.actor,
        running.target,
        running.site,
        running.stake,
    )
    u = replication.draws.many(running.identity, Purpose.EFFECT, N_UNIFORMS)
    return rule(replication.params[running.actor], view, setting, u)


def _incident(
    replication: Replication, running: Running, act: Act, effect: Effect, cause: int
) -> Record:
    """Emit one incident of an operation; consequences keep only their own counts."""
    if act == running.operation.act and running.operation.consequences:
        effect = effect._replace(persons=0.0, launchers=0.0)
    record = Record(
        replication.env.now,
        RecordType.INCIDENT,
        child(running.identity, WORD_INCIDENT, name_word(act.name), 0),
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
    replication.emit(record)
    return record


def _break_others(
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
    if other.process is not None and other.has_begun:
        other.process.interrupt()
    view = replication.view(other.actor, other.target)
    effect = effect_of(replication, other, other.operation.broken_effect, view)
    if is_empty(other.operation, effect):
        return
    own = by == other.actor
    record = Record(
        replication.env.now,
        RecordType.INCIDENT,
        child(
            other.identity, WORD_BROKEN, name_word(other.operation.broken_act.name), 0
        ),
        cause,
        by,
        other.operation.broken_act,
        other.target if own else other.actor,
        other.site,
        other.code,
        NOBODY,
        effect,
        0.0,
        Origin.SIMULATED,
    )
    replication.emit(record)
