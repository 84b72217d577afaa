"""Compiled: operations start, pass their stages and take effect.

As in `sim.engine.escalation`: same names, same order of steps.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.draws import Purpose
from sim.engine.capacity import MOST_RUNNING
from sim.engine.cast import WORD_INCIDENT, WORD_MEANS, WORD_SITE, WORD_STAGE
from sim.engine.clock import Rank
from sim.engine.compiled.breaking import build_breaking
from sim.engine.compiled.inner import inner
from sim.engine.compiled.moments import (
    STATUS_RUNNING,
    begin_running,
    end_running,
    push_slot,
    schedule,
)
from sim.engine.compiled.perceive import Perceiving, holdings_of
from sim.engine.compiled.philox import block, child
from sim.engine.compiled.running import (
    SIMULATED,
    build_effecting,
    is_empty,
    is_left_to_record,
    is_suppressed,
    nothing,
    with_counts,
)
from sim.engine.log import RecordType
from sim.ladder import Act
from sim.rules.behaviour import Breaks, MeansUse
from sim.rules.inversion import choice_race

if TYPE_CHECKING:
    from sim.engine.compiled.dispatch import Dispatch
    from sim.engine.compiled.weighing import Weighing

_STAGE, _INCIDENT = np.uint64(WORD_STAGE), np.uint64(WORD_INCIDENT)
_SITE, _MEANS = np.uint64(WORD_SITE), np.uint64(WORD_MEANS)

P_STAGES, P_PLACE = np.int64(Purpose.STAGES), np.int64(Purpose.PLACE)
P_MEANS = np.int64(Purpose.MEANS)
RANK_STAGE = np.int64(Rank.STAGE)
STAGE = np.int64(RecordType.STAGE)
NO_ACT = np.int64(Act.NONE)
ON_THE_ROAD = np.int64(Act.CONVOY_BOMB)
NOTHING = np.int64(Breaks.NOTHING)
NO_MEANS, OWN_MEANS = np.int64(MeansUse.NONE), np.int64(MeansUse.OWN)
TARGETS_MEANS = np.int64(MeansUse.TARGETS)


class Operating(NamedTuple):
    """The compiled functions that the loop calls."""

    emit: Any
    start: Any
    carry_out: Any
    pass_stage: Any


@inner
def uses_own(s: Any, op: int, means: int) -> bool:
    """Whether an operation is done by a means; see `sim.engine.cast.Cast.act_of`."""
    use = s.op_means[op]
    return means > 0 and NO_MEANS < use < TARGETS_MEANS


def build_operating(
    rules: Dispatch, perceiving: Perceiving, weighing: Weighing | None
) -> Operating:
    """Tie the functions of this page to the rules of a tuple of kinds."""
    is_filtered = weighing is not None
    begin_row_running: Any = None if weighing is None else weighing.begin_row_running
    fill_up: Any = None if weighing is None else weighing.fill_up
    settle: Any = None if weighing is None else weighing.settle
    feasible_rule, limit_rule, duration = rules.feasible, rules.limit, rules.duration
    weight_rule, means_weight = rules.site_weight, rules.means_weight
    stands_rule = rules.stands
    write, watch = perceiving.write, perceiving.watch
    effecting = build_effecting(rules, perceiving, weighing)
    emit, effect_of = effecting.emit, effecting.effect_of
    break_others = build_breaking(effecting, weighing)

    @inner
    def feasible(x, m, place):
        s = x.s
        live = x.live
        running = live.slots[place]
        op, actor, target = running.operation, running.actor, running.target
        if s.op_has_feasible[op] == 0:
            return True
        holdings = holdings_of(m.w, actor, target)
        own, slot = live.row[actor], s.slot[actor]
        return feasible_rule(op, x, m, own, slot, holdings, target, live.now)

    @inner
    def stands(x, m, place):
        live = x.live
        running = live.slots[place]
        if running.response < 0:
            return True
        actor, target = running.actor, running.target
        holdings = holdings_of(m.w, actor, target)
        own, slot = live.row[actor], x.s.slot[actor]
        waited = live.now - running.since
        return stands_rule(
            running.response, x, m, own, slot, holdings, target, live.now, waited
        )

    @inner
    def weight_of(x, m, place, site):
        s = x.s
        live = x.live
        running = live.slots[place]
        w = m.w
        actor, target = running.actor, running.target
        if s.weighs_sites[actor] == 0:
            return 0.0
        is_own = s.op_is_own_site[running.operation] == 1
        if is_own and s.soil[site] >= 0 and s.soil[site] != target:
            return 0.0
        present = actor if is_own else target
        return weight_rule(
            s.kind[actor], x, m, live.row[actor], s.slot[actor],
            holdings_of(w, actor, target), target, live.now,
            s.reach[actor, site], w.presence[site * w.n_actors + present],
        )  # fmt: skip

    @inner
    def means_of(x, m, place):
        s = x.s
        live = x.live
        running = live.slots[place]
        use, actor = s.op_means[running.operation], running.actor
        if use == NO_MEANS:
            return 0
        if running.means > 0 and use != OWN_MEANS:
            return running.means
        best, number = inf, 0
        for k in range(s.n_means):
            weight = 0.0
            if use == TARGETS_MEANS:
                seen = s.means_of[k + 1].visibility
                weight = s.opportunity[running.target, k] * seen
            elif s.weighs_means[actor] == 1:
                weight = means_weight(
                    s.kind[actor], x, m, live.row[actor], s.slot[actor], k, live.now
                )
            if weight > 0.0:
                a, b = child(running.low, running.high, _MEANS, s.means_word[k], 0)
                u, _, _, _ = block(live.root_seed, live.number, a, b, P_MEANS, 0)
                clock = choice_race(u, weight)
                if clock < best:
                    best, number = clock, k + 1
        return number

    @inner
    def choose_site(x, m, place):
        s = x.s
        live = x.live
        running = live.slots[place]
        best, site, avoided = inf, -1, -1
        if s.op_avoids_noticed[running.operation] == 1:
            avoided = running.noticed_site
        for j in range(s.n_sites):
            weight = weight_of(x, m, place, j)
            if weight > 0.0 and j != avoided:
                a, b = child(running.low, running.high, _SITE, s.site_word[j], 0)
                u, _, _, _ = block(live.root_seed, live.number, a, b, P_PLACE, 0)
                clock = choice_race(u, weight)
                if clock < best:
                    best, site = clock, j
        return site

    @inner
    def complete(x, m, place):
        s = x.s
        live = x.live
        running = live.slots[place]
        op, actor, target = running.operation, running.actor, running.target
        if not feasible(x, m, place):
            return
        site = running.site
        if s.op_needs_site[op] == 1 and running.act != ON_THE_ROAD:
            if not weight_of(x, m, place, site) > 0.0:
                return
        word = s.op_word[op]
        if uses_own(s, op, running.means):
            word = s.means_act_word[running.means - 1]
        low, high = child(running.low, running.high, _INCIDENT, word, 0)
        if is_suppressed(x, running.act, low, high):
            return
        effect = effect_of(x, m, place, False)
        cause_low, cause_high = running.cause_low, running.cause_high
        if running.act != NO_ACT and not is_empty(s, op, effect):
            main = effect
            if s.op_n_consequences[op] > 0:
                main = with_counts(effect, 0.0, 0.0, 0.0)
            emit(
                x, m, low, high, cause_low, cause_high,
                actor, running.act, target, site, s.op_code[op], main, SIMULATED,
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
                low, high = child(running.low, running.high, _INCIDENT, word, 0)
                if is_suppressed(x, s.op_consequence_act[op, k], low, high):
                    continue
                emit(
                    x, m, low, high, cause_low, cause_high, actor,
                    s.op_consequence_act[op, k], target, site, s.op_code[op],
                    with_counts(
                        nothing(), persons, launchers,
                        effect.means if launchers > 0.0 else 0.0,
                    ),
                    SIMULATED,
                )  # fmt: skip
        if live.status == 0 and s.op_breaks[op] != NOTHING:
            break_others(x, m, place, effect.interdiction, cause_low, cause_high)

    @inner
    def draw_durations(x, m, place):
        s = x.s
        live = x.live
        running = live.slots[place]
        op, actor, target = running.operation, running.actor, running.target
        own, slot = live.row[actor], s.slot[actor]
        holdings = holdings_of(m.w, actor, target)
        low, high = running.low, running.high
        for k in range(s.op_n_stages[op]):
            u, _, _, _ = block(live.root_seed, live.number, low, high, P_STAGES, k)
            running.duration[k] = duration(
                op * 8 + k, x, m, own, slot, holdings, target, live.now, u
            )

    @inner
    def start(x, m, place):
        """Start the operation in a slot that is not running; it may be done at once."""
        s = x.s
        live = x.live
        running = live.slots[place]
        op, actor = running.operation, running.actor
        own = live.row[actor]
        if is_filtered and running.row >= 0:
            if s.op_n_stages[op] == 0:
                push_slot(live, place)
                return
            running.act = s.op_act[op]
            if uses_own(s, op, running.means):
                running.act = s.means_act[running.means - 1]
            draw_durations(x, m, place)
            fill_up(x, m, place)
            begin_row_running(x, m, place)
            return
        if not feasible(x, m, place):
            push_slot(live, place)
            return
        if s.op_has_limit[op] == 1:
            limit = limit_rule(op, x, own)
            if limit > 0.0:
                same = 0
                for r in range(live.n_running):
                    k = live.running[r]
                    if live.slots[k].actor == actor:
                        if s.op_code[live.slots[k].operation] == s.op_code[op]:
                            same += 1
                if same >= limit:
                    push_slot(live, place)
                    return
        running.means = means_of(x, m, place)
        running.act = s.op_act[op]
        if uses_own(s, op, running.means):
            running.act = s.means_act[running.means - 1]
        if s.op_needs_site[op] == 1 and running.act != ON_THE_ROAD:
            running.site = choose_site(x, m, place)
            if running.site == -1:
                push_slot(live, place)
                return
        if s.op_n_stages[op] == 0:
            if not is_left_to_record(s, running.act, live.now):
                complete(x, m, place)
            push_slot(live, place)
            return
        draw_durations(x, m, place)
        low, high = running.low, running.high
        end = live.now
        for k in range(s.op_n_stages[op]):
            end = end + running.duration[k]
        if is_left_to_record(s, running.act, end):
            push_slot(live, place)
            return
        if is_filtered:
            settle(x, m, actor)
        begin_running(live, place)
        if live.n_running > MOST_RUNNING:
            live.status = STATUS_RUNNING
            return
        running.stage = 0
        schedule(live, running.duration[0], RANK_STAGE, low, high, place)

    @inner
    def pass_stage(x, m, place, low, high):
        """End a stage, unless the operation was broken off before."""
        s = x.s
        live = x.live
        running = live.slots[place]
        if running.is_running == 0:
            return
        if running.low != low or running.high != high:
            return
        op, k = running.operation, running.stage
        a, b = child(low, high, _STAGE, s.op_stage_word[op, k], k)
        row = write(
            x, STAGE, a, b, running.cause_low, running.cause_high,
            running.actor, running.act, running.target, running.site,
            s.op_code[op], k, 0.0, SIMULATED,
        )  # fmt: skip
        if row < 0:
            return
        running.cause_low, running.cause_high = a, b
        if k == 0:
            running.since = live.now
        watch(x, m, row, place)
        if k + 1 < s.op_n_stages[op]:
            running.stage = k + 1
            schedule(live, running.duration[k + 1], RANK_STAGE, low, high, place)
            return
        if is_filtered:
            settle(x, m, running.actor)
        end_running(live, place)
        # Of a row the record tells the end.
        if not (is_filtered and running.row >= 0) and stands(x, m, place):
            complete(x, m, place)
        push_slot(live, place)

    @inner
    def carry_out(x, m, place):
        x.live.n_pending -= 1
        is_row = is_filtered and x.live.slots[place].row >= 0
        if is_row or stands(x, m, place):
            start(x, m, place)
        else:
            push_slot(x.live, place)

    return Operating(emit, start, carry_out, pass_stage)
