"""What comes from outside: parameters changed, incidents given, and the record put in.

The record's incidents happen at their time, with whoever did them. Where nobody has
established the perpetrator, one is drawn for each replication, in proportion to the
hazard with which each actor would do such a thing at that moment, at that site, to
whomever (the sum over its targets); evenly where no hazard speaks for anybody. The draw
is keyed by the record's row and the actor's name, so that who else is a suspect moves
no suspect's clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.draws import Purpose, child
from sim.engine.cast import WORD_SUSPECT
from sim.engine.escalation import emit
from sim.engine.log import NO_CAUSE, NOBODY, Origin, Record, RecordType
from sim.engine.replication import NOTHING
from sim.engine.weighing import arrive, settle
from sim.ladder import Act
from sim.rules.inversion import choice_race

if TYPE_CHECKING:
    from sim.engine.cast import Channel, Turn
    from sim.engine.replication import Replication
    from sim.scenario.scenario import Given, Recorded


def take_turn(replication: Replication, turn: Turn, _: Any) -> None:
    """Change an actor's parameters from now on."""
    if replication.weigher is not None:
        settle(replication, turn.actor)
    replication.params[turn.actor] = turn.params
    replication.append(
        Record(
            replication.env.now,
            RecordType.DEVELOPMENT,
            turn.identity,
            NO_CAUSE,
            turn.actor,
            Act.NONE,
            NOBODY,
            NOBODY,
            NOBODY,
            NOBODY,
            NOTHING,
            0.0,
            Origin.DEVELOPMENT,
        )
    )


def happen(replication: Replication, given: Given, identity: int, _: Any) -> None:
    """Let an incident happen that was put in from outside, unless left out."""
    if replication.is_suppressed(given.act, identity):
        return
    index, sites = replication.cast.index, replication.cast.sites
    emit(
        replication,
        Record(
            replication.env.now,
            RecordType.INCIDENT,
            identity,
            NO_CAUSE,
            index[given.actor] if given.actor else NOBODY,
            given.act,
            index[given.target] if given.target else NOBODY,
            sites.index(given.site) if given.site else NOBODY,
            NOBODY,
            NOBODY,
            given.effect,
            0.0,
            Origin.PLAYED if given.is_played else Origin.DEVELOPMENT,
        ),
    )


def recount(
    replication: Replication,
    number: int,
    row: Recorded,
    identity: int,
    cause: int,
    _: Any,
) -> None:
    """Let an incident of the record happen, unless left out."""
    if replication.is_suppressed(row.act, identity):
        return
    cast = replication.cast
    site = cast.sites.index(row.site) if row.site else NOBODY
    weighed = NOBODY
    if replication.weigher is not None:
        weighed = arrive(replication, number)
    if row.actor:
        actor = cast.index[row.actor]
    elif weighed != NOBODY:
        actor = weighed
    else:
        actor = _drawn(replication, row, identity, site, is_victim=False)
    target = NOBODY
    if row.target:
        target = cast.index[row.target]
    elif row.is_target_unknown:
        target = _drawn(replication, row, identity, site, is_victim=True)
    emit(
        replication,
        Record(
            replication.env.now,
            RecordType.INCIDENT,
            identity,
            cause,
            actor,
            row.act,
            target,
            site,
            NOBODY,
            NOBODY,
            row.effect if row.effect else NOTHING,
            0.0,
            Origin.RECORD,
        ),
    )


def _drawn(
    replication: Replication, row: Recorded, identity: int, site: int, is_victim: bool
) -> int:
    """Draw who did it, or, for a broken-off operation, whose it was."""
    cast = replication.cast
    best, chosen = float("inf"), NOBODY
    best_even, chosen_even = float("inf"), NOBODY
    for actor in range(cast.n_actors):
        weight, is_able = 0.0, False
        for channel in cast.channels:
            operation = channel.option.operation
            if channel.actor != actor:
                continue
            if is_victim:
                share = 1.0 if operation.broken_act == row.act else 0.0
            else:
                share = cast.share_of_act(actor, operation, row.act)
            if share > 0.0:
                rate = _weight(replication, channel, row.act, site)
                weight, is_able = weight + share * rate, True
        if not is_able:
            continue
        key = child(identity, WORD_SUSPECT, cast.words[actor], 0)
        u = replication.draws.one(key, Purpose.EVIDENCE)
        clock = choice_race(u, weight)
        if clock < best:
            best, chosen = clock, actor
        even = choice_race(u, 1.0)
        if even < best_even:
            best_even, chosen_even = even, actor
    return chosen_even if chosen == NOBODY else chosen


def _weight(replication: Replication, channel: Channel, act: int, site: int) -> float:
    """Return the hazard of an option now, times the weight of the site where told."""
    cast, actor = replication.cast, channel.actor
    params = replication.params[actor]
    view = replication.view(actor, channel.target)
    weight = channel.option.hazard(params, view)
    weigh = cast.kinds[actor].site_weight
    hits = cast.hits_site(channel.option.operation, act)
    if site >= 0 and hits and weigh is not None:
        weight = weight * weigh(params, view, cast.reach[actor][site], 1.0)
    return weight
