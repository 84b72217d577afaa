"""The circle that escalation is: deeds become known, are answered, and become deeds.

An operation ends in an incident. The incident changes the world and is noticed by
actors, each in its time; what an actor notices changes its memory and may make it
respond with an operation, whose stages take time and which others can break off.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from sim.draws import Purpose, child, name_word
from sim.engine.capacity import MOST_RUNNING, too_many_incidents, too_many_running
from sim.engine.cast import (
    ACT_WORDS,
    VISIBILITY,
    WORD_BROKEN,
    WORD_INCIDENT,
    WORD_MEANS,
    WORD_OPERATION,
    WORD_PERCEPTION,
    WORD_RESPONSE,
    WORD_SITE,
    WORD_STAGE,
    BoundResponse,
)
from sim.engine.clock import Moment, Rank, order
from sim.engine.log import NOBODY, Origin, Record, RecordType
from sim.engine.perception import blamed, percept_by
from sim.engine.replication import NOTHING, Replication, Running
from sim.engine.weighing import (
    begin_running,
    chance_of_breaking,
    decide,
    durations_of,
    durations_until_row,
    settle,
    settle_all,
    spare,
)
from sim.engine.world import setting_of
from sim.errors import RunError
from sim.ladder import Act, Visibility
from sim.rules.behaviour import (
    N_UNIFORMS,
    Breaks,
    Effect,
    MeansUse,
    Operation,
    Percept,
    Stage,
    Toward,
    lasting,
    no_effect,
)
from sim.rules.inversion import choice_race
from sim.rules.transitions import Deed, apply


def emit(replication: Replication, record: Record) -> None:
    """Let an incident happen: in the world, in the log, and in the news."""
    replication.n_incidents += 1
    if replication.n_incidents > replication.cast.scenario.max_incidents:
        most = replication.cast.scenario.max_incidents
        raise RunError(too_many_incidents(replication.env.now, most))
    put_in = 0 if record.origin == Origin.SIMULATED else 1
    actor, target = record.actor, record.target
    deed = Deed(record.act, actor, target, record.site, record.effect, put_in)
    if replication.weigher is not None and (
        record.effect.persons > 0.0 or record.act == Act.BASE_HANDOVER
    ):
        settle_all(replication)
    apply(replication.world, deed)
    replication.append(record)
    spread(replication, record)


def spread(replication: Replication, record: Record) -> None:
    """Let everybody who can learn of an incident learn of it, each in its time."""
    cast = replication.cast
    act = record.act
    if record.actor >= 0 and act in cast.heeds_own[record.actor]:
        identity = child(record.identity, WORD_PERCEPTION, cast.words[record.actor], 0)
        notice(replication, record.actor, record, identity, record.actor, 1.0, None)
    is_covert = VISIBILITY[act] == Visibility.COVERT
    for observer in cast.observers[act]:
        if observer == record.actor or not cast.is_seen_by(
            act, observer, record.actor, record.target, record.site
        ):
            continue
        if record.actor < 0 and not (is_covert and cast.suspects[observer]):
            continue
        identity = child(record.identity, WORD_PERCEPTION, cast.words[observer], 0)
        params = replication.params[observer]
        u_delay, u_evidence = replication.draws.two(identity, Purpose.NOTICE)
        replication.later(
            cast.kinds[observer].news_delay(params, u_delay),
            Rank.PERCEPTION,
            identity,
            partial(_learn, replication, observer, record, identity, u_evidence),
        )


def _learn(
    replication: Replication,
    observer: int,
    record: Record,
    identity: int,
    u: float,
    _: Any,
) -> None:
    """Let the news of an incident arrive."""
    replication.n_pending -= 1
    author, confidence = blamed(replication, observer, record, identity, u)
    notice(replication, observer, record, identity, author, confidence, None)


def watch(
    replication: Replication, record: Record, running: Running, stage: Stage
) -> None:
    """Let an actor follow its own stage, and its watchers notice an exposed one."""
    cast, actor = replication.cast, record.actor
    if stage.is_followed:
        identity = child(record.identity, WORD_PERCEPTION, cast.words[actor], 0)
        notice(replication, actor, record, identity, actor, 1.0, running)
    if not stage.is_exposed:
        return
    for observer in cast.watchers[actor]:
        if not cast.is_at_home(observer, actor, NOBODY, record.site):
            continue
        identity = child(record.identity, WORD_PERCEPTION, cast.words[observer], 0)
        kind, params = cast.kinds[observer], replication.params[observer]
        share = kind.detection(params, replication.view(observer, record.actor))
        share = share * cast.visibility(running.means)
        if replication.draws.one(identity, Purpose.NOTICE) < share:
            notice(replication, observer, record, identity, record.actor, 1.0, running)


def notice(
    replication: Replication,
    observer: int,
    record: Record,
    identity: int,
    author: int,
    confidence: float,
    noticed: Running | None,
) -> None:
    """Let an actor notice a record: it remembers, and may respond."""
    cast = replication.cast
    replication.append(
        Record(
            replication.env.now,
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
    if replication.weigher is not None:
        settle(replication, observer)
    cast.kinds[observer].notice(
        replication.params[observer],
        replication.memories[observer],
        percept,
        replication.env.now,
    )
    answers = cast.answers if noticed is None else cast.stage_answers
    for answer in answers[observer].get(record.act, ()):
        _respond(replication, observer, answer, record, identity, percept, noticed)


def _respond(
    replication: Replication,
    actor: int,
    answer: BoundResponse,
    record: Record,
    identity: int,
    percept: Percept,
    noticed: Running | None,
) -> None:
    """Decide on an answer; carry it out after its delay.

    Towards a role it is drawn for each target apart; else by the response alone, so
    that another author or target re-deals nothing.
    """
    response = answer.response
    if response.toward == Toward.AUTHOR:
        targets = (percept.author,)
    elif response.toward == Toward.TARGET:
        targets = (percept.target,)
    else:
        targets = answer.role
    identity = child(identity, WORD_RESPONSE, answer.word, 0)
    params = replication.params[actor]
    for target in targets:
        if target < 0:
            continue
        own = child(identity, WORD_OPERATION, replication.cast.words[target], 0)
        key = own if response.toward == Toward.ROLE else identity
        view = replication.view(actor, target)
        row, wait = NOBODY, 0.0
        if replication.weigher is None:
            u_choice, u_delay = replication.draws.two(key, Purpose.CHOICE)
            choice = response.choose(params, view, percept, u_choice)
            if choice != 0:
                wait = response.delay(params, view, u_delay)
        else:
            choice, row, wait = decide(
                replication,
                actor=actor,
                answer=answer,
                record=record,
                percept=percept,
                target=target,
                identity=own,
                key=key,
            )
        if choice == 0:
            continue
        running = Running(
            own,
            actor,
            answer.operations[choice - 1],
            answer.bound[choice - 1],
            target,
            record.identity,
            percept.persons,
            noticed,
            response.stands,
            replication.env.now,
            int(percept.means) if noticed is None else noticed.means,
            row=row,
        )
        replication.later(
            wait,
            Rank.DECISION,
            running.identity,
            partial(_carry_out, replication, running),
        )


def _carry_out(replication: Replication, running: Running, _: Any) -> None:
    """Carry a decision out after its delay, if it still stands."""
    replication.n_pending -= 1
    if running.row != NOBODY or stands(replication, running):
        start(replication, running)


def stands(replication: Replication, running: Running) -> bool:
    """Whether nothing has overtaken what was decided, or begun."""
    if running.stands is lasting:
        return True
    view = replication.view(running.actor, running.target)
    waited = replication.env.now - running.since
    return running.stands(replication.params[running.actor], view, waited)


def start(replication: Replication, running: Running) -> None:
    """Start an operation, if it is feasible and not too many are under way."""
    cast, operation, actor = replication.cast, running.operation, running.actor
    params = replication.params[actor]
    view = replication.view(actor, running.target)
    if running.row != NOBODY:
        if operation.stages:
            running.durations = durations_until_row(replication, running, view)
            begin_running(replication, running)
        return
    if not operation.feasible(params, view):
        return
    limit = operation.max_parallel(params)
    if limit > 0.0:
        same = [r for r in replication.running[actor] if r.code == running.code]
        if len(same) >= limit:
            return
    running.means = means_of(replication, running)
    act = cast.act_of(operation, running.means)
    if cast.hits_site(operation, act):
        running.site = choose_site(replication, running, view)
        if running.site == NOBODY:
            return
    if not operation.stages:
        if not replication.is_left_to_record(act, replication.env.now):
            take_effect(replication, running, view)
        return
    running.durations = tuple(
        durations_of(replication, running.identity, actor, operation, view)
    )
    end = replication.env.now
    for duration in running.durations:
        end = end + duration
    if replication.is_left_to_record(act, end):
        return
    if replication.weigher is not None:
        settle(replication, actor)
    replication.n_running += 1
    if replication.n_running > MOST_RUNNING:
        raise RunError(too_many_running(replication.env.now))
    replication.running[actor].append(running)
    await_stage(replication, running)


def means_of(replication: Replication, running: Running) -> int:
    """Return the number of an operation's means of attack, 0 for none.

    It is chosen by a race of keyed clocks, so that no means re-deals the others.
    """
    cast, use = replication.cast, running.operation.means
    if use == MeansUse.NONE:
        return 0
    if running.means > 0 and use != MeansUse.OWN:
        return running.means
    actor, best, number = running.actor, float("inf"), 0
    weigh = cast.kinds[actor].means_weight
    for k, word in enumerate(cast.means_words):
        if use == MeansUse.TARGETS:
            weight = cast.opportunity[running.target][k] * cast.visibility(k + 1)
        elif weigh is None:
            weight = 0.0
        else:
            memory, now = replication.memories[actor], replication.env.now
            weight = weigh(replication.params[actor], memory, k, now)
        if weight > 0.0:
            identity = child(running.identity, WORD_MEANS, word, 0)
            clock = choice_race(replication.draws.one(identity, Purpose.MEANS), weight)
            if clock < best:
                best, number = clock, k + 1
    return number


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
    lies_at = cast.soil[site]
    if running.operation.is_own_site and lies_at not in (NOBODY, running.target):
        return 0.0
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
        replication.cast.act_of(operation, running.means),
        running.target,
        running.site,
        running.code,
        number,
        NOTHING,
        0.0,
        Origin.SIMULATED,
    )
    running.cause = record.identity
    if number == 0:
        running.since = replication.env.now
    replication.append(record)
    watch(replication, record, running, stage)
    if number + 1 < len(operation.stages):
        running.stage = number + 1
        await_stage(replication, running)
        return
    if replication.weigher is not None:
        settle(replication, running.actor)
    running.is_over = True
    replication.n_running -= 1
    replication.running[running.actor].remove(running)
    # Of a row the record tells the end.
    if running.row == NOBODY and stands(replication, running):
        complete(replication, running)


def complete(replication: Replication, running: Running) -> None:
    """Let an operation end as it was meant to, if that is still feasible."""
    operation, actor = running.operation, running.actor
    view = replication.view(actor, running.target)
    if not operation.feasible(replication.params[actor], view):
        return
    act = replication.cast.act_of(operation, running.means)
    if replication.cast.hits_site(operation, act) and not (
        site_weight(replication, running, running.site, view) > 0.0
    ):
        return
    take_effect(replication, running, view)


def take_effect(replication: Replication, running: Running, view: Any) -> None:
    """Let an operation take effect: its incident, what follows, whom it breaks off."""
    operation, cause = running.operation, running.cause
    act = replication.cast.act_of(operation, running.means)
    own = child(running.identity, WORD_INCIDENT, ACT_WORDS[act], 0)
    if replication.is_suppressed(act, own):
        return
    effect = effect_of(replication, running, operation.effect, view)
    if act != Act.NONE and not is_empty(operation, effect):
        main = effect
        if operation.consequences:
            # They carry the persons and launchers.
            main = effect._replace(persons=0.0, launchers=0.0, means=0.0)
        cause = incident(replication, running, act, main, cause)
        for consequence in operation.consequences:
            persons = effect.persons if consequence.persons else 0.0
            launchers = effect.launchers if consequence.launchers else 0.0
            if replication.is_left_to_record(consequence.act, replication.env.now):
                continue
            if persons > 0.0 or launchers > 0.0:
                means = effect.means if launchers > 0.0 else 0.0
                part = NOTHING._replace(
                    persons=persons, launchers=launchers, means=means
                )
                incident(replication, running, consequence.act, part, cause)
    if operation.breaks != Breaks.NOTHING:
        break_others(replication, running, effect.interdiction, cause)


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
        running.target,
        running.site,
        running.means,
        running.stake,
    )
    u = replication.draws.many(running.identity, Purpose.EFFECT, N_UNIFORMS)
    return rule(replication.params[actor], view, setting, u)


def is_empty(operation: Operation, effect: Effect) -> bool:
    """Whether an operation that needs persons or launchers ends with neither."""
    return operation.needs_amount and effect.persons <= 0.0 and effect.launchers <= 0.0


def incident(
    replication: Replication, running: Running, act: Act, effect: Effect, cause: int
) -> int:
    """Emit one incident of an operation, unless left out; return its identity."""
    identity = child(running.identity, WORD_INCIDENT, ACT_WORDS[act], 0)
    if replication.is_suppressed(act, identity):
        return identity
    emit(
        replication,
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
        ),
    )
    return identity


def break_others(
    replication: Replication, running: Running, chance: float, cause: int
) -> None:
    """Break off the running operations that this one can reach, in total order."""
    breaks = running.operation.breaks
    if breaks == Breaks.NOTICED:
        reachable = [] if running.noticed is None else [running.noticed]
    elif breaks == Breaks.TARGETS:
        reachable = list(replication.running[running.target])
    else:
        reachable = [
            other
            for other in replication.running[running.actor]
            if other.target == running.target
        ]
    wanted = Breaks.OWN if breaks == Breaks.OWN else Breaks.TARGETS
    for other in sorted(reachable, key=lambda other: other.identity):
        if other.is_over or other.operation.breakable_by != wanted:
            continue
        at_home = replication.cast.is_at_home
        if not at_home(running.actor, other.actor, NOBODY, other.site):
            continue
        act = other.operation.broken_act
        own = child(other.identity, WORD_BROKEN, ACT_WORDS[act], 0)
        if (
            replication.is_left_to_record(act, replication.env.now)
            or other.row != NOBODY
        ):
            spare(replication, other, chance_of_breaking(wanted, chance))
            continue
        if replication.is_suppressed(act, own):
            continue
        if wanted == Breaks.TARGETS:
            label = other.identity & (2**64 - 1)
            identity = child(running.identity, WORD_BROKEN, label, 0)
            if replication.draws.one(identity, Purpose.INTERRUPTION) >= chance:
                continue
        break_off(replication, other, running.actor, cause)


def break_off(replication: Replication, other: Running, by: int, cause: int) -> None:
    """End an operation before its time; one incident tells of it."""
    if replication.weigher is not None:
        settle(replication, other.actor)
    other.is_over = True
    replication.n_running -= 1
    replication.running[other.actor].remove(other)
    view = replication.view(other.actor, other.target)
    effect = effect_of(replication, other, other.operation.broken_effect, view)
    if is_empty(other.operation, effect):
        return
    own, act = by == other.actor, other.operation.broken_act
    record = Record(
        replication.env.now,
        RecordType.INCIDENT,
        child(other.identity, WORD_BROKEN, ACT_WORDS[act], 0),
        cause,
        by,
        act,
        other.target if own else other.actor,
        other.site,
        other.code,
        NOBODY,
        effect,
        0.0,
        Origin.SIMULATED,
    )
    emit(replication, record)
