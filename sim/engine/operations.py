"""Courses of action that take time: each stage a moment, the effect at the end only.

All durations are drawn when an operation starts. One that was broken off meanwhile
(`sim.engine.breaking`) goes no further.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sim.engine.breaking import break_others
from sim.engine.capacity import MOST_RUNNING, too_many_running
from sim.engine.cast import WORD_SITE, WORD_STAGE
from sim.engine.clock import Moment, Rank, order
from sim.engine.draws import Purpose, child, name_word
from sim.engine.log import NOBODY, Origin, Record, RecordType
from sim.engine.perception import watch
from sim.engine.running import (
    NOTHING,
    Running,
    effect_of,
    incident,
    is_empty,
    is_left_to_record,
)
from sim.errors import RunError
from sim.ladder import Act
from sim.rules.behaviour import Breaks
from sim.rules.inversion import choice_race

if TYPE_CHECKING:
    from sim.engine.run import Replication


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
            take_effect(replication, running, view)
        return
    running.durations = tuple(
        stage.duration(
            params,
            view,
            replication.draws.one(running.identity, Purpose.STAGES, number),
        )
        for number, stage in enumerate(operation.stages)
    )
    end = replication.env.now
    for duration in running.durations:
        end = end + duration
    if is_left_to_record(replication, operation.act, end):
        return
    replication.n_running += 1
    if replication.n_running > MOST_RUNNING:
        raise RunError(too_many_running(replication.env.now))
    replication.running[actor].append(running)
    await_stage(replication, running)


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


def await_stage(replication: Replication, running: Running) -> None:
    """Let the operation's stage end after its duration."""
    env = replication.env
    Moment(
        env,
        env.now + running.durations[running.stage],
        order(Rank.STAGE, running.identity),
        partial(_pass_stage, replication, running),
    )


def _pass_stage(replication: Replication, running: Running, _: Any) -> None:
    """End a stage, unless the operation was broken off before."""
    if running.is_over:
        return
    operation, number = running.operation, running.stage
    stage = operation.stages[number]
    record = Record(
        replication.env.now,
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
    if number + 1 < len(operation.stages):
        running.stage = number + 1
        await_stage(replication, running)
        return
    running.is_over = True
    replication.n_running -= 1
    replication.running[running.actor].remove(running)
    complete(replication, running)


def complete(replication: Replication, running: Running) -> None:
    """Let an operation end as it was meant to, if that is still feasible."""
    operation, actor = running.operation, running.actor
    view = replication.view(actor, running.target)
    if not operation.feasible(replication.params[actor], view):
        return
    if operation.needs_site and not (
        site_weight(replication, running, running.site, view) > 0.0
    ):
        return
    take_effect(replication, running, view)


def take_effect(replication: Replication, running: Running, view: Any) -> None:
    """Let an operation take effect: its incident, what follows, whom it breaks off."""
    operation, cause = running.operation, running.cause
    effect = effect_of(replication, running, operation.effect, view)
    if operation.act != Act.NONE and not is_empty(operation, effect):
        main = effect
        if operation.consequences:
            # They carry the persons and launchers.
            main = effect._replace(persons=0.0, launchers=0.0)
        cause = incident(replication, running, operation.act, main, cause)
        for consequence in operation.consequences:
            persons = effect.persons if consequence.persons else 0.0
            launchers = effect.launchers if consequence.launchers else 0.0
            if is_left_to_record(replication, consequence.act, replication.env.now):
                continue
            if persons > 0.0 or launchers > 0.0:
                part = NOTHING._replace(persons=persons, launchers=launchers)
                incident(replication, running, consequence.act, part, cause)
    if operation.breaks != Breaks.NOTHING:
        break_others(replication, running, effect.interdiction, cause)
