"""Compiled: who learns of a record, whom it blames, and what it decides then.

As in `sim.engine.perception` and `sim.engine.escalation`; the
functions have the same names and the same order of steps.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.draws import Purpose
from sim.engine.capacity import MOST_PENDING, MOST_RECORDS
from sim.engine.cast import (
    WORD_OPERATION,
    WORD_PERCEPTION,
    WORD_RESPONSE,
    WORD_SUSPECT,
)
from sim.engine.clock import Rank
from sim.engine.compiled.inner import inner
from sim.engine.compiled.moments import STATUS_PENDING, STATUS_RECORDS, schedule
from sim.engine.compiled.philox import block, child
from sim.engine.log import Origin, RecordType
from sim.ladder import Visibility
from sim.rules.attribution import evidence_is_true, posterior_of_named
from sim.rules.behaviour import Effect, Holdings, Toward
from sim.rules.effects import effect_of
from sim.rules.inversion import choice_race
from sim.rules.perceiving import percept_of

if TYPE_CHECKING:
    from sim.engine.compiled.dispatch import Dispatch
    from sim.engine.compiled.weighing import Weighing

_PERCEPTION = np.uint64(WORD_PERCEPTION)
_SUSPECT = np.uint64(WORD_SUSPECT)
_RESPONSE = np.uint64(WORD_RESPONSE)
_OPERATION = np.uint64(WORD_OPERATION)
_ZERO = np.uint64(0)

NOBODY = np.int64(-1)
"""Typed, as all constants here: a bare -1 is a type of its own, compiled for anew."""
P_NOTICE, P_CHOICE, P_EVIDENCE = (
    np.int64(Purpose.NOTICE),
    np.int64(Purpose.CHOICE),
    np.int64(Purpose.EVIDENCE),
)
RANK_PERCEPTION, RANK_DECISION = np.int64(Rank.PERCEPTION), np.int64(Rank.DECISION)
PERCEPTION, STAGE = np.int64(RecordType.PERCEPTION), np.int64(RecordType.STAGE)
SIMULATED = np.int64(Origin.SIMULATED)
MEANS = Effect._fields.index("means")
PRIVATE, COVERT = int(Visibility.PRIVATE), int(Visibility.COVERT)
TO_AUTHOR, TO_TARGET = int(Toward.AUTHOR), int(Toward.TARGET)


class Perceiving(NamedTuple):
    """The compiled functions that the operations call."""

    learn: Any
    write: Any
    spread: Any
    watch: Any


@inner
def holdings_of(w: Any, actor: int, other: int) -> Holdings:
    """Return what an actor itself has; see `sim.engine.world.holdings_of`."""
    return Holdings(
        w.custody[actor * w.n_actors + other],
        w.detained[actor],
    )


@inner
def write(
    x, kind, low, high, cause_low, cause_high,
    actor, act, target, site, operation, stage, confidence, origin,
):  # fmt: skip
    """Write a record without effect to the log; return its row, -1 when full."""
    live = x.live
    row = live.n_rows
    if row >= MOST_RECORDS:
        live.status = STATUS_RECORDS
        return -1
    live.n_rows = row + 1
    r = x.log[row]
    r.time = live.now
    r.record_type = kind
    r.low, r.high = low, high
    r.cause_low, r.cause_high = cause_low, cause_high
    r.actor, r.act, r.target = actor, act, target
    r.site, r.operation, r.stage = site, operation, stage
    r.effect = 0
    r.confidence, r.origin = confidence, origin
    r.is_reported, r.reported_actor = 0, NOBODY
    return row


@inner
def is_at_home(s: Any, actor: int, author: int, target: int, site: int) -> bool:
    """Whether something concerns an actor by where it is; see `sim.engine.cast`."""
    if s.is_host[actor] == 0:
        return True
    if site >= 0 and s.soil[site] >= 0:
        return s.soil[site] == actor
    if target >= 0 and s.is_watched[target] == 1:
        return s.watches[target, actor] == 1
    if author >= 0 and s.is_watched[author] == 1:
        return s.watches[author, actor] == 1
    return True


def build_perceiving(rules: Dispatch, weighing: Weighing | None) -> Perceiving:
    """Tie the functions of this page to the rules of a tuple of kinds.

    `weighing` is None where no past is filtered.
    """
    is_filtered = weighing is not None
    decide: Any = None if weighing is None else weighing.decide
    settle: Any = None if weighing is None else weighing.settle
    choose, delay, notice_rule = rules.choose, rules.delay, rules.notice
    news_delay, evidence = rules.news_delay, rules.evidence
    detection, suspicion = rules.detection, rules.suspicion

    @inner
    def respond(x, m, actor, n, row, low, high, percept, noticed):
        s = x.s
        live = x.live
        low, high = child(low, high, _RESPONSE, s.answer_word[n], 0)
        toward = s.answer_toward[n]
        count = s.answer_role_count[n] if toward > TO_TARGET else 1
        for k in range(count):
            if toward == TO_AUTHOR:
                target = percept.author
            elif toward == TO_TARGET:
                target = percept.target
            else:
                target = s.listed[s.answer_role_first[n] + k]
            if target < 0:
                continue
            key_low, key_high = child(low, high, _OPERATION, s.word[target], 0)
            draw_low, draw_high = low, high
            if toward > TO_TARGET:
                draw_low, draw_high = key_low, key_high
            u_choice, u_delay, _, _ = block(
                live.root_seed, live.number, draw_low, draw_high, P_CHOICE, 0
            )
            code, own, slot = s.answer_response[n], live.row[actor], s.slot[actor]
            holdings = holdings_of(m.w, actor, target)
            record_row, wait = NOBODY, 0.0
            if is_filtered:
                choice, record_row, wait = decide(
                    x, m, actor, n, row, percept, target, key_low, key_high,
                    u_choice, u_delay,
                )  # fmt: skip
            else:
                choice = choose(
                    code, x, m, own, slot, holdings, target, live.now, percept, u_choice
                )
            if choice == 0:
                continue
            live.n_pending += 1
            if live.n_pending > MOST_PENDING:
                live.status = STATUS_PENDING
                return
            live.n_free -= 1
            place = live.free[live.n_free]
            decided = live.slots[place]
            decided.is_running = 0
            decided.low, decided.high = key_low, key_high
            decided.actor, decided.target = actor, target
            decided.operation = s.answer_operation[n, choice - 1]
            decided.cause_low, decided.cause_high = (
                x.log[row].low,
                x.log[row].high,
            )
            decided.response = code if s.answer_lapses[n] == 1 else -1
            decided.since = live.now
            decided.stake = percept.persons
            decided.noticed = noticed
            decided.noticed_site = -1
            decided.means = int(percept.means)
            if noticed >= 0:
                decided.means = live.slots[noticed].means
                decided.noticed_site = live.slots[noticed].site
                decided.noticed_low = live.slots[noticed].low
                decided.noticed_high = live.slots[noticed].high
            decided.site, decided.row = -1, record_row
            if not is_filtered:
                wait = delay(code, x, m, own, slot, holdings, target, live.now, u_delay)
            schedule(live, wait, RANK_DECISION, key_low, key_high, place)

    @inner
    def notice(x, m, observer, row, low, high, author, sure, noticed):
        s = x.s
        live = x.live
        r = x.log[row]
        act, target = np.int64(r.act), np.int64(r.target)
        is_stage = 1 if r.record_type == STAGE else 0
        written = write(
            x, PERCEPTION, low, high, r.low, r.high,
            observer, act, author, np.int64(r.site), np.int64(r.operation),
            np.int64(r.stage), sure, SIMULATED,
        )  # fmt: skip
        if written < 0:
            return
        target_side = s.side[target] if target >= 0 else -1
        percept = percept_of(
            act, is_stage, np.int64(r.actor), target,
            effect_of(x.effects[r.effect].of), observer,
            s.side[observer], target_side, author, sure,
            s.soil[r.site] if r.site >= 0 else -2,
            0 if r.origin == SIMULATED else 1,
        )  # fmt: skip
        own, slot = live.row[observer], s.slot[observer]
        if is_filtered:
            settle(x, m, observer)
        notice_rule(s.kind[observer], x, m, own, slot, percept, live.now)
        first = s.answer_first[is_stage, act, observer]
        for n in range(first, first + s.answer_count[is_stage, act, observer]):
            respond(x, m, observer, n, row, low, high, percept, noticed)

    @inner
    def blamed(x, m, observer, row, low, high, u):
        s = x.s
        live = x.live
        actor, act = np.int64(x.log[row].actor), np.int64(x.log[row].act)
        if s.visibility[act] != COVERT:
            return actor, 1.0
        for k in range(s.n_beliefs):
            if (
                s.belief_observer[k] == observer
                and s.belief_low[k] == x.log[row].low
                and s.belief_high[k] == x.log[row].high
            ):
                return s.belief_author[k], 1.0
        kind, own, slot = s.kind[observer], live.row[observer], s.slot[observer]
        means = int(x.effects[x.log[row].effect].of[MEANS])
        quality = evidence(kind, x, own) * s.means_of[means].trace
        count = s.n_suspects[observer]
        if count == 0:
            return actor, quality
        total = 0.0
        of_actor = -1.0
        best, named, of_named = inf, actor, 0.0
        for k in range(count):
            suspect = s.suspect[observer, k]
            holdings = holdings_of(m.w, observer, suspect)
            weight = suspicion(kind, x, m, own, slot, holdings, suspect, live.now)
            total += weight
            if suspect == actor:
                of_actor = weight
            a, b = child(low, high, _SUSPECT, s.word[suspect], 0)
            draw, _, _, _ = block(live.root_seed, live.number, a, b, P_EVIDENCE, 0)
            clock = choice_race(draw, weight)
            if clock < best or k == 0:
                best, named, of_named = clock, suspect, weight
        if of_actor >= 0.0 and evidence_is_true(quality, u):
            named, of_named = actor, of_actor
        return named, posterior_of_named(quality, of_named / total)

    @inner
    def spread(x, m, row):
        s = x.s
        live = x.live
        r = x.log[row]
        act, actor, target = np.int64(r.act), np.int64(r.actor), np.int64(r.target)
        low, high = r.low, r.high
        if actor >= 0 and s.heeds_own[act, actor] == 1:
            a, b = child(low, high, _PERCEPTION, s.word[actor], 0)
            notice(x, m, actor, row, a, b, actor, 1.0, NOBODY)
        for observer in range(s.n_actors):
            if s.heeds[act, observer] == 0 or observer == actor:
                continue
            if observer != target and (
                s.visibility[act] == PRIVATE
                or not is_at_home(s, observer, actor, target, r.site)
            ):
                continue
            if actor < 0 and (
                s.visibility[act] != COVERT or s.n_suspects[observer] == 0
            ):
                continue
            a, b = child(low, high, _PERCEPTION, s.word[observer], 0)
            u_delay, u_evidence, _, _ = block(
                live.root_seed, live.number, a, b, P_NOTICE, 0
            )
            live.n_pending += 1
            if live.n_pending > MOST_PENDING:
                live.status = STATUS_PENDING
                return
            live.n_free_news -= 1
            place = live.free_news[live.n_free_news]
            live.news_row[place], live.news_observer[place] = row, observer
            live.news_u[place] = u_evidence
            wait = news_delay(s.kind[observer], x, live.row[observer], u_delay)
            schedule(live, wait, RANK_PERCEPTION, a, b, place)

    @inner
    def learn(x, m, place, low, high):
        live = x.live
        row, observer = live.news_row[place], live.news_observer[place]
        u = live.news_u[place]
        live.free_news[live.n_free_news] = place
        live.n_free_news += 1
        live.n_pending -= 1
        author, sure = blamed(x, m, observer, row, low, high, u)
        notice(x, m, observer, row, low, high, author, sure, NOBODY)

    @inner
    def watch(x, m, row, place):
        s = x.s
        live = x.live
        actor = np.int64(x.log[row].actor)
        op, k = live.slots[place].operation, live.slots[place].stage
        if s.op_stage_followed[op, k] == 1:
            a, b = child(x.log[row].low, x.log[row].high, _PERCEPTION, s.word[actor], 0)
            notice(x, m, actor, row, a, b, actor, 1.0, place)
        if s.op_stage_exposed[op, k] == 0:
            return
        for observer in range(s.n_actors):
            if s.watches[actor, observer] == 0:
                continue
            if not is_at_home(s, observer, actor, NOBODY, x.log[row].site):
                continue
            a, b = child(
                x.log[row].low, x.log[row].high, _PERCEPTION, s.word[observer], 0
            )
            own, slot = live.row[observer], s.slot[observer]
            holdings = holdings_of(m.w, observer, actor)
            share = detection(
                s.kind[observer], x, m, own, slot, holdings, actor, live.now
            )
            share = share * s.means_of[live.slots[place].means].visibility
            u, _, _, _ = block(live.root_seed, live.number, a, b, P_NOTICE, 0)
            if u < share:
                notice(x, m, observer, row, a, b, actor, 1.0, place)

    return Perceiving(learn, write, spread, watch)
