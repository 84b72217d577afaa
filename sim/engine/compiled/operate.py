"""Compiled: operations start, pass their stages, take effect, or are broken off.

The twin of `sim.engine.operations` and `sim.engine.breaking`; same names, same order
of steps.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.engine.capacity import MOST_RUNNING
from sim.engine.cast import WORD_BROKEN, WORD_INCIDENT, WORD_SITE, WORD_STAGE
from sim.engine.clock import Rank
from sim.engine.compiled.inner import inner
from sim.engine.compiled.moments import (
    STATUS_INCIDENTS,
    STATUS_RUNNING,
    begin_running,
    end_running,
    push_slot,
    schedule,
)
from sim.engine.compiled.perceive import NOBODY, Perceiving, holdings_of
from sim.engine.compiled.philox import block, child
from sim.engine.compiled.state import N_EFFECT
from sim.engine.draws import Purpose
from sim.engine.log import Origin, RecordType
from sim.ladder import Act
from sim.rules.behaviour import Breaks, Effect, Setting
from sim.rules.inversion import choice_race
from sim.rules.transitions import Deed, apply

if TYPE_CHECKING:
    from sim.engine.compiled.dispatch import Dispatch

_STAGE, _INCIDENT = np.uint64(WORD_STAGE), np.uint64(WORD_INCIDENT)
_SITE, _BROKEN = np.uint64(WORD_SITE), np.uint64(WORD_BROKEN)
_ZERO = np.uint64(0)

P_STAGES, P_EFFECT = np.int64(Purpose.STAGES), np.int64(Purpose.EFFECT)
P_PLACE, P_INTERRUPTION = np.int64(Purpose.PLACE), np.int64(Purpose.INTERRUPTION)
RANK_STAGE = np.int64(Rank.STAGE)
STAGE, INCIDENT = np.int64(RecordType.STAGE), np.int64(RecordType.INCIDENT)
SIMULATED = np.int64(Origin.SIMULATED)
NO_ACT = np.int64(Act.NONE)
NOTHING, NOTICED = np.int64(Breaks.NOTHING), np.int64(Breaks.NOTICED)
TARGETS, OWN = np.int64(Breaks.TARGETS), np.int64(Breaks.OWN)


class Operating(NamedTuple):
    """The compiled functions that the loop calls."""

    emit: Any
    start: Any
    pass_stage: Any


@inner
def uniforms(live: Any, low: int, high: int):
    """Return the uniforms of an effect; three blocks."""
    a = block(live.root_seed, live.number, low, high, P_EFFECT, 0)
    b = block(live.root_seed, live.number, low, high, P_EFFECT, 1)
    c = block(live.root_seed, live.number, low, high, P_EFFECT, 2)
    return (
        a[0], a[1], a[2], a[3], b[0], b[1], b[2], b[3], c[0], c[1], c[2], c[3],
    )  # fmt: skip


@inner
def setting_of(x: Any, m: Any, place: int) -> Setting:
    """Return the true facts of an operation; see `sim.engine.world.setting_of`."""
    s = x.s
    live = x.live
    w = m.w
    actor, target, site = live.actor[place], live.target[place], live.site[place]
    presence = foreign = host = civilian = 0.0
    if site >= 0:
        presence = w.presence[site * w.n_actors + target]
        foreign = s.exposed_foreign[site]
        host = s.exposed_host[site]
        civilian = s.exposed_civilian[site]
    return Setting(
        presence,
        foreign,
        host,
        civilian,
        w.launchers[actor],
        w.rounds[actor],
        w.launchers[target],
        w.rounds[target],
        live.stake[place],
    )


@inner
def is_left_to_record(s: Any, act: int, time: float) -> bool:
    """Whether an act at a time is the record's to tell."""
    return time < s.since and s.is_recorded[act] == 1


@inner
def is_empty(s: Any, op: int, effect: Effect) -> bool:
    """Whether an operation that needs persons or launchers ends with neither."""
    if s.op_needs_amount[op] == 0:
        return False
    return effect.persons <= 0.0 and effect.launchers <= 0.0


@inner
def nothing() -> Effect:
    """Return an effect of nothing at all."""
    return Effect(
        0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
        0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
    )  # fmt: skip


@inner
def with_counts(e: Effect, persons: float, launchers: float) -> Effect:
    """Return an effect with other persons and launchers."""
    return Effect(
        e[0], e[1], e[2], e[3], e[4], e[5], e[6], e[7], e[8],
        e[9], e[10], e[11], e[12], persons, launchers, e[15], e[16],
    )  # fmt: skip


def build_operating(rules: Dispatch, perceiving: Perceiving) -> Operating:
    """Tie the functions of this page to the rules of a tuple of kinds."""
    feasible_rule, limit_rule, duration = rules.feasible, rules.limit, rules.duration
    effect_rule, broken_rule = rules.effect, rules.broken_effect
    weight_rule = rules.site_weight
    write, spread, watch = perceiving.write, perceiving.spread, perceiving.watch

    @inner
    def emit(
        x, m, low, high, cause_low, cause_high,
        actor, act, target, site, operation, effect, origin,
    ):  # fmt: skip
        s = x.s
        live = x.live
        w = m.w
        live.n_incidents += 1
        if live.n_incidents > s.max_incidents:
            live.status = STATUS_INCIDENTS
            return
        put_in = 0 if origin == SIMULATED else 1
        apply(w, Deed(act, actor, target, site, effect, put_in))
        row = write(
            x, INCIDENT, low, high, cause_low, cause_high,
            actor, act, target, site, operation, NOBODY, 0.0, origin,
        )  # fmt: skip
        if row < 0:
            return
        for k in range(N_EFFECT):
            x.log[row].effect[k] = effect[k]
        spread(x, m, row)

    @inner
    def feasible(x, m, place):
        s = x.s
        live = x.live
        op, actor, target = live.operation[place], live.actor[place], live.target[place]
        if s.op_has_feasible[op] == 0:
            return True
        holdings = holdings_of(m.w, actor, target)
        own, slot = live.row[actor], s.slot[actor]
        return feasible_rule(op, x, m, own, slot, holdings, target, live.now)

    @inner
    def weight_of(x, m, place, site):
        s = x.s
        live = x.live
        w = m.w
        actor, target = live.actor[place], live.target[place]
        if s.weighs_sites[actor] == 0:
            return 0.0
        present = actor if s.op_is_own_site[live.operation[place]] == 1 else target
        return weight_rule(
            s.kind[actor], x, m, live.row[actor], s.slot[actor],
            holdings_of(w, actor, target), target, live.now,
            s.reach[actor, site], w.presence[site * w.n_actors + present],
        )  # fmt: skip

    @inner
    def choose_site(x, m, place):
        s = x.s
        live = x.live
        best, site, avoided = inf, -1, -1
        if s.op_avoids_noticed[live.operation[place]] == 1:
            avoided = live.noticed_site[place]
        for j in range(s.n_sites):
            weight = weight_of(x, m, place, j)
            if weight > 0.0 and j != avoided:
                a, b = child(
                    live.low[place], live.high[place], _SITE, s.site_word[j], 0
                )
                u, _, _, _ = block(live.root_seed, live.number, a, b, P_PLACE, 0)
                clock = choice_race(u, weight)
                if clock < best:
                    best, site = clock, j
        return site

    @inner
    def effect_of(x, m, place, is_broken):
        s = x.s
        live = x.live
        op, actor, target = live.operation[place], live.actor[place], live.target[place]
        has = s.op_has_broken_effect[op] if is_broken else s.op_has_effect[op]
        if has == 0:
            return nothing()
        setting = setting_of(x, m, place)
        u = uniforms(live, live.low[place], live.high[place])
        holdings = holdings_of(m.w, actor, target)
        own, slot = live.row[actor], s.slot[actor]
        if is_broken:
            return broken_rule(
                op, x, m, own, slot, holdings, target, live.now, setting, u
            )
        return effect_rule(op, x, m, own, slot, holdings, target, live.now, setting, u)

    @inner
    def break_off(x, m, other, by, cause_low, cause_high):
        s = x.s
        live = x.live
        end_running(live, other)
        effect = effect_of(x, m, other, True)
        op, actor = live.operation[other], live.actor[other]
        target = live.target[other] if by == actor else actor
        if is_empty(s, op, effect):
            push_slot(live, other)
            return
        low, high = child(
            live.low[other], live.high[other], _BROKEN, s.op_broken_word[op], 0
        )
        site = live.site[other]
        push_slot(live, other)
        emit(
            x, m, low, high, cause_low, cause_high,
            by, s.op_broken_act[op], target, site, s.op_code[op], effect, SIMULATED,
        )  # fmt: skip

    @inner
    def may_break(x, place, other, breaks):
        s = x.s
        live = x.live
        if other == place:
            return False
        op = live.operation[other]
        if breaks == NOTICED:
            if other != live.noticed[place]:
                return False
            same = live.low[other] == live.noticed_low[place]
            if not (same and live.high[other] == live.noticed_high[place]):
                return False
            return s.op_breakable_by[op] == TARGETS
        if breaks == TARGETS:
            if live.actor[other] != live.target[place]:
                return False
            return s.op_breakable_by[op] == TARGETS
        if live.actor[other] != live.actor[place]:
            return False
        if live.target[other] != live.target[place]:
            return False
        return s.op_breakable_by[op] == OWN

    @inner
    def break_others(x, m, place, chance, cause_low, cause_high):
        s = x.s
        live = x.live
        breaks = s.op_breaks[live.operation[place]]
        # In the order of identities: each turn takes the next one above the last.
        last_low, last_high, is_first = _ZERO, _ZERO, True
        while live.status == 0:
            other = NOBODY
            for r in range(live.n_running):
                k = live.running[r]
                if not may_break(x, place, k, breaks):
                    continue
                low, high = live.low[k], live.high[k]
                is_later = is_first or (
                    high > last_high or (high == last_high and low > last_low)
                )
                if not is_later:
                    continue
                if other < 0 or (
                    high < live.high[other]
                    or (high == live.high[other] and low < live.low[other])
                ):
                    other = k
            if other < 0:
                return
            last_low, last_high, is_first = live.low[other], live.high[other], False
            told = s.op_broken_act[live.operation[other]]
            if is_left_to_record(s, told, live.now):
                continue
            if breaks != OWN:
                a, b = child(
                    live.low[place], live.high[place], _BROKEN, live.low[other], 0
                )
                u, _, _, _ = block(live.root_seed, live.number, a, b, P_INTERRUPTION, 0)
                if u >= chance:
                    continue
            by = live.actor[place]
            break_off(x, m, other, by, cause_low, cause_high)

    @inner
    def complete(x, m, place):
        s = x.s
        live = x.live
        op, actor, target = live.operation[place], live.actor[place], live.target[place]
        if not feasible(x, m, place):
            return
        site = live.site[place]
        if s.op_needs_site[op] == 1:
            if not weight_of(x, m, place, site) > 0.0:
                return
        effect = effect_of(x, m, place, False)
        cause_low, cause_high = live.cause_low[place], live.cause_high[place]
        if s.op_act[op] != NO_ACT and not is_empty(s, op, effect):
            main = effect
            if s.op_n_consequences[op] > 0:
                main = with_counts(effect, 0.0, 0.0)
            low, high = child(
                live.low[place], live.high[place], _INCIDENT, s.op_word[op], 0
            )
            emit(
                x, m, low, high, cause_low, cause_high,
                actor, s.op_act[op], target, site, s.op_code[op], main, SIMULATED,
            )  # fmt: skip
            cause_low, cause_high = low, high
            for k in range(s.op_n_consequences[op]):
                persons = launchers = 0.0
                if s.op_consequence_persons[op, k] == 1:
                    persons = effect.persons
                if s.op_consequence_launchers[op, k] == 1:
                    launchers = effect.launchers
                if live.status != 0 or not (persons > 0.0 or launchers > 0.0):
                    continue
                if is_left_to_record(s, s.op_consequence_act[op, k], live.now):
                    continue
                word = s.op_consequence_word[op, k]
                low, high = child(live.low[place], live.high[place], _INCIDENT, word, 0)
                emit(
                    x, m, low, high, cause_low, cause_high, actor,
                    s.op_consequence_act[op, k], target, site, s.op_code[op],
                    with_counts(nothing(), persons, launchers), SIMULATED,
                )  # fmt: skip
        if live.status == 0 and s.op_breaks[op] != NOTHING:
            break_others(x, m, place, effect.interdiction, cause_low, cause_high)

    @inner
    def start(x, m, place):
        """Start the operation in a slot that is not running; it may be done at once."""
        s = x.s
        live = x.live
        op, actor, target = live.operation[place], live.actor[place], live.target[place]
        own, slot = live.row[actor], s.slot[actor]
        if not feasible(x, m, place):
            push_slot(live, place)
            return
        if s.op_has_limit[op] == 1:
            limit = limit_rule(op, x, own)
            if limit > 0.0:
                same = 0
                for r in range(live.n_running):
                    k = live.running[r]
                    if live.actor[k] == actor:
                        if s.op_code[live.operation[k]] == s.op_code[op]:
                            same += 1
                if same >= limit:
                    push_slot(live, place)
                    return
        if s.op_needs_site[op] == 1:
            live.site[place] = choose_site(x, m, place)
            if live.site[place] == -1:
                push_slot(live, place)
                return
        if s.op_n_stages[op] == 0:
            if not is_left_to_record(s, s.op_act[op], live.now):
                complete(x, m, place)
            push_slot(live, place)
            return
        holdings = holdings_of(m.w, actor, target)
        low, high = live.low[place], live.high[place]
        for k in range(s.op_n_stages[op]):
            u, _, _, _ = block(live.root_seed, live.number, low, high, P_STAGES, k)
            live.duration[place, k] = duration(
                op * 8 + k, x, m, own, slot, holdings, target, live.now, u
            )
        end = live.now
        for k in range(s.op_n_stages[op]):
            end = end + live.duration[place, k]
        if is_left_to_record(s, s.op_act[op], end):
            push_slot(live, place)
            return
        begin_running(live, place)
        if live.n_running > MOST_RUNNING:
            live.status = STATUS_RUNNING
            return
        live.stage[place] = 0
        schedule(live, live.duration[place, 0], RANK_STAGE, low, high, place)

    @inner
    def pass_stage(x, m, place, low, high):
        """End a stage, unless the operation was broken off before."""
        s = x.s
        live = x.live
        if live.is_running[place] == 0:
            return
        if live.low[place] != low or live.high[place] != high:
            return
        op, k = live.operation[place], live.stage[place]
        a, b = child(low, high, _STAGE, s.op_stage_word[op, k], k)
        row = write(
            x, STAGE, a, b, live.cause_low[place], live.cause_high[place],
            live.actor[place], s.op_act[op], live.target[place], live.site[place],
            s.op_code[op], k, 0.0, SIMULATED,
        )  # fmt: skip
        if row < 0:
            return
        live.cause_low[place], live.cause_high[place] = a, b
        watch(x, m, row, place)
        if k + 1 < s.op_n_stages[op]:
            live.stage[place] = k + 1
            schedule(live, live.duration[place, k + 1], RANK_STAGE, low, high, place)
            return
        end_running(live, place)
        complete(x, m, place)
        push_slot(live, place)

    return Operating(emit, start, pass_stage)
