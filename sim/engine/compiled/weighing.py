"""Compiled: how likely the record was under a world; as in `sim.engine.weighing`.

It is compiled only for casts whose past is filtered: others run the code without it.
"""

from __future__ import annotations

from math import ceil, inf, log
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.draws import Purpose
from sim.engine.capacity import MOST_RUNNING
from sim.engine.cast import WORD_MEANS, WORD_OPERATION, WORD_RECORD, WORD_SUSPECT
from sim.engine.clock import Rank
from sim.engine.compiled.inner import inner
from sim.engine.compiled.moments import (
    STATUS_RUNNING,
    begin_running,
    end_running,
    push_slot,
    schedule,
    schedule_at,
)
from sim.engine.compiled.philox import block, child
from sim.engine.explained import (
    BEGUN,
    BY_ANSWER,
    BY_MOVE,
    BY_OPTION,
    CHOSEN,
    LAST_U,
    LEAD,
    LEAST,
    LEFT,
    N_WAITS,
    NODE,
    PIECE,
    RIVAL,
    STEPS,
    TRIES,
    UNEXPLAINED,
    WAITING,
    WIDTH,
)
from sim.ladder import Act
from sim.rules.behaviour import Holdings, MeansUse
from sim.rules.inversion import choice_race

if TYPE_CHECKING:
    from sim.engine.compiled.dispatch import Dispatch

_SUSPECT, _OPERATION = np.uint64(WORD_SUSPECT), np.uint64(WORD_OPERATION)
_MEANS, _RECORD = np.uint64(WORD_MEANS), np.uint64(WORD_RECORD)
_ZERO = np.uint64(0)
NOBODY = np.int64(-1)
P_STAGES, P_EVIDENCE = np.int64(Purpose.STAGES), np.int64(Purpose.EVIDENCE)
P_CHOICE, P_MEANS = np.int64(Purpose.CHOICE), np.int64(Purpose.MEANS)
RANK_WEIGHING, RANK_STAGE = np.int64(Rank.WEIGHING), np.int64(Rank.STAGE)
ON_THE_ROAD = np.int64(Act.CONVOY_BOMB)
JOINED = np.int64(MeansUse.JOINED)
NO_MEANS, TARGETS_MEANS = np.int64(MeansUse.NONE), np.int64(MeansUse.TARGETS)


class Weighing(NamedTuple):
    """The compiled functions that the others call."""

    open_past: Any
    draw_starts: Any
    take_step: Any
    arrive: Any
    begin_row_running: Any
    fill_up: Any
    settle: Any
    settle_all: Any
    decide: Any
    spare: Any


@inner
def _holdings(w: Any, actor: int, other: int) -> Holdings:
    return Holdings(w.custody[actor * w.n_actors + other], w.detained[actor])


@inner
def is_by_means(s: Any, op: int) -> bool:
    """Whether an operation is done by a means of attack."""
    return NO_MEANS < s.op_means[op] < TARGETS_MEANS


@inner
def share_within(x: Any, c: int, days: float) -> float:
    """Return the chance that an option's operation ends within some days."""
    s = x.s
    if s.has_waits[c] == 0 or s.waits[c, N_WAITS - 1] <= days:
        return 1.0
    count = 0
    for k in range(N_WAITS):
        if s.waits[c, k] <= days:
            count += 1
    return count / N_WAITS


@inner
def spare(x: Any, other: int, chance: float) -> None:
    """Weigh that an operation was not broken off which might have been."""
    s = x.s
    live = x.live
    if not live.now < s.since:
        return
    act = s.op_broken_act[live.slots[other].operation]
    share = 1.0
    if live.slots[other].row < 0:
        share = s.weighed_share[act] if s.is_weighed[act] == 1 else 0.0
    live.log_weight += log(max(1.0 - share * chance, LEAST))


@inner
def share_by(s: Any, actor: int, op: int, act: int, to: int) -> float:
    """Return in which share an answer to an act is an act; what joins does the same."""
    if s.op_means[op] == JOINED:
        return 1.0 if act == to else 0.0
    if is_by_means(s, op):
        return s.share_of_act[actor, act]
    return 1.0 if s.op_act[op] == act else 0.0


def build_weighing(rules: Dispatch) -> Weighing:
    """Tie the functions of this page to the rules of a tuple of kinds."""
    hazard, feasible, limit_rule = rules.hazard, rules.feasible, rules.limit
    duration, choose, delay = rules.duration, rules.choose, rules.delay
    weigh_site, weigh_means = rules.site_weight, rules.means_weight

    @inner
    def is_feasible(x, m, op, actor, target, day):
        s = x.s
        if s.op_has_feasible[op] == 0:
            return True
        own, slot = x.live.row[actor], s.slot[actor]
        return feasible(op, x, m, own, slot, _holdings(m.w, actor, target), target, day)

    @inner
    def stage_days(x, m, op, k, actor, target, u):
        own, slot = x.live.row[actor], x.s.slot[actor]
        held = _holdings(m.w, actor, target)
        return duration(op * 8 + k, x, m, own, slot, held, target, x.live.now, u)

    @inner
    def is_at_limit(x, m, c):
        s = x.s
        live = x.live
        op, actor = s.channel_operation[c], s.channel_actor[c]
        if s.op_has_limit[op] == 0:
            return False
        limit = limit_rule(op, x, live.row[actor])
        if not limit > 0.0:
            return False
        same = 0
        for r in range(live.n_running):
            k = live.running[r]
            if live.slots[k].actor == actor:
                if s.op_code[live.slots[k].operation] == s.op_code[op]:
                    same += 1
        return same >= limit

    @inner
    def means_share(x, m, c, act):
        s = x.s
        live = x.live
        op, actor = s.channel_operation[c], s.channel_actor[c]
        if not is_by_means(s, op):
            done = s.op_act[op]
            if act < 0:
                return s.weighed_share[done] if s.is_weighed[done] == 1 else 0.0
            return s.weighed_share[done] if done == act else 0.0
        if s.weighs_means[actor] == 0:
            return 0.0
        mine = whole = 0.0
        for k in range(s.n_means):
            weight = weigh_means(
                s.kind[actor], x, m, live.row[actor], s.slot[actor], k, live.now
            )
            whole = whole + weight
            done = s.means_act[k]
            if done == act or (act < 0 and s.is_weighed[done] == 1):
                mine = mine + weight * s.weighed_share[done]
        return mine / whole if whole > 0.0 else 0.0

    @inner
    def place_share(x, m, actor, target, op, act, site, avoided):
        s = x.s
        live = x.live
        if s.op_needs_site[op] == 0 or act == ON_THE_ROAD:
            return 1.0
        if s.weighs_sites[actor] == 0:
            return 0.0
        w = m.w
        is_own = s.op_is_own_site[op] == 1
        present = actor if is_own else target
        mine = whole = 0.0
        for j in range(s.n_sites):
            if is_own and s.soil[j] >= 0 and s.soil[j] != target:
                continue
            if j == avoided:
                continue
            weight = weigh_site(
                s.kind[actor], x, m, live.row[actor], s.slot[actor],
                _holdings(w, actor, target), target, live.now,
                s.reach[actor, j], w.presence[j * w.n_actors + present],
            )  # fmt: skip
            if weight > 0.0:
                if site < 0:
                    return 1.0
                whole = whole + weight
                if j == site:
                    mine = weight
        return mine / whole if whole > 0.0 else 0.0

    @inner
    def marked_hazard(x, m, c, g):
        s = x.s
        act, site = s.given_act[g], s.given_site[g]
        live = x.live
        actor, target = s.channel_actor[c], s.channel_target[c]
        held = _holdings(m.w, actor, target)
        own, slot = live.row[actor], s.slot[actor]
        rate = hazard(s.channel_option[c], x, m, own, slot, held, target, live.now)
        op = s.channel_operation[c]
        if not rate > 0.0 or not is_feasible(x, m, op, actor, target, live.now):
            return 0.0
        if is_at_limit(x, m, c):
            return 0.0
        if s.given_route[g] == BY_MOVE:
            return rate * s.weighed_share[act]
        rate = rate * means_share(x, m, c, act)
        return rate * place_share(x, m, actor, target, op, act, site, NOBODY)

    @inner
    def settle(x, m, actor):
        s = x.s
        live = x.live
        begin, end = live.settled[actor], min(live.now, s.since)
        if not end > begin:
            return
        live.settled[actor] = end
        own, slot = live.row[actor], s.slot[actor]
        for c in range(s.n_channels):
            if s.channel_actor[c] != actor or s.channel_weighed[c] == 0:
                continue
            share = means_share(x, m, c, NOBODY)
            if not share > 0.0 or is_at_limit(x, m, c):
                continue
            op, target = s.channel_operation[c], s.channel_target[c]
            act = s.op_act[op]
            if not place_share(x, m, actor, target, op, act, NOBODY, NOBODY) > 0.0:
                continue
            held = _holdings(m.w, actor, target)
            pieces = ceil((end - begin) / PIECE)
            half = 0.5 * (end - begin) / pieces
            total = 0.0
            for piece in range(pieces):
                middle = begin + half * (2 * piece + 1)
                for node in range(2):
                    sign = -1.0 if node == 0 else 1.0
                    day = middle + sign * NODE * half
                    rate = hazard(
                        s.channel_option[c], x, m, own, slot, held, target, day
                    )
                    if rate > 0.0 and is_feasible(x, m, op, actor, target, day):
                        left = s.since - day
                        total = total + half * rate * share_within(x, c, left)
            live.log_weight -= share * total

    @inner
    def settle_all(x, m):
        for actor in range(x.s.n_actors):
            settle(x, m, actor)

    @inner
    def row_durations(x, m, g, c, attempt):
        s = x.s
        live = x.live
        op, actor = s.channel_operation[c], s.channel_actor[c]
        low, high = s.given_low[g], s.given_high[g]
        total = 0.0
        if s.given_route[g] == BY_MOVE:
            u, _, _, _ = block(
                live.root_seed, live.number, low, high, P_STAGES, 8 * attempt
            )
            target = s.channel_target[c]
            held = _holdings(m.w, actor, target)
            own, slot = live.row[actor], s.slot[actor]
            code = s.answer_response[s.given_answer[g]]
            return delay(code, x, m, own, slot, held, target, live.now, u)
        for k in range(s.op_n_stages[op]):
            u, _, _, _ = block(
                live.root_seed, live.number, low, high, P_STAGES, 8 * attempt + k
            )
            days = stage_days(x, m, op, k, actor, s.channel_target[c], u)
            live.row_durations[g, k] = days
            total = total + days
        return total

    @inner
    def draw_starts(x, m):
        s = x.s
        live = x.live
        for g in range(s.n_before, s.n_given):
            time = s.given_time[g]
            is_due = time > live.now and live.row_state[g] == WAITING
            is_begun = s.given_route[g] == BY_OPTION or s.given_route[g] == BY_MOVE
            if not is_begun or not is_due:
                continue
            attempt, first = 0, time
            while attempt < TRIES:
                first = time - (LEAD if s.given_companions[g] > 0 else 0.0)
                for n in range(s.given_count[g]):
                    c = s.given_channel[s.given_first[g] + n]
                    first = min(first, time - row_durations(x, m, g, c, attempt))
                if first >= live.now:
                    break
                attempt += 1
            live.row_attempt[g] = attempt
            day = max(first, live.now)
            live.row_turn_at[g] = day
            if day < time:
                low, high = s.given_low[g], s.given_high[g]
                schedule_at(live, day, RANK_WEIGHING, low, high, g)

    @inner
    def open_past(x, m):
        s = x.s
        live = x.live
        live.log_weight = 0.0
        live.moved = NOBODY
        for actor in range(s.n_actors):
            live.settled[actor] = 0.0
        for g in range(s.n_given):
            live.row_state[g], live.row_turn_at[g] = WAITING, inf
            live.row_actor[g] = live.row_channel[g] = live.row_slot[g] = NOBODY
            live.row_attempt[g] = 0
            live.row_chance[g] = 1.0
            live.log_weight += s.given_ahead[g]
        for k in range(live.n_weighings):
            day, high = live.weigh_day[k], _ZERO
            schedule_at(live, day, RANK_WEIGHING, np.uint64(k), high, -1 - k)
        k = live.n_weighings
        schedule_at(live, s.since, RANK_WEIGHING, np.uint64(k), _ZERO, -1 - k)
        draw_starts(x, m)

    @inner
    def means_for(x, m, place, act):
        s = x.s
        live = x.live
        running = live.slots[place]
        actor = running.actor
        if not is_by_means(s, running.operation) or s.weighs_means[actor] == 0:
            return 0
        best, number = inf, 0
        for k in range(s.n_means):
            if s.means_act[k] != act:
                continue
            weight = weigh_means(
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
    def begin_row_running(x, m, place):
        """Let what a row came of be under way, in a slot whose stages have times."""
        live = x.live
        running = live.slots[place]
        settle(x, m, running.actor)
        begin_running(live, place)
        live.row_slot[running.row] = place
        if live.n_running > MOST_RUNNING:
            live.status = STATUS_RUNNING
            return
        running.stage = 0
        low, high = running.low, running.high
        schedule(live, running.duration[0], RANK_STAGE, low, high, place)

    @inner
    def begin_row(x, m, g):
        """Begin what a row came of; return the slot of a move that is to start."""
        s = x.s
        live = x.live
        act, site = s.given_act[g], s.given_site[g]
        low, high = s.given_low[g], s.given_high[g]
        c = live.row_channel[g]
        rate = live.row_early[g] * marked_hazard(x, m, c, g)
        is_move = s.given_route[g] == BY_MOVE
        if is_move and not live.now < s.given_time[g]:
            rate = 0.0
        live.row_state[g] = BEGUN
        live.log_weight += log((rate + UNEXPLAINED) / live.row_chance[g])
        live.log_weight -= s.given_ahead[g]
        u, _, _, _ = block(live.root_seed, live.number, low, high, P_CHOICE, 0)
        op = s.channel_operation[c]
        if not u * (rate + UNEXPLAINED) < rate:
            return NOBODY
        if not is_move and s.op_n_stages[op] == 0:
            return NOBODY
        live.n_free -= 1
        place = live.free[live.n_free]
        running = live.slots[place]
        running.is_running = 0
        running.low, running.high = low, high
        running.actor, running.target = s.channel_actor[c], s.channel_target[c]
        running.operation = op
        running.cause_low, running.cause_high = _ZERO, _ZERO
        running.stake, running.means = 0.0, 0
        running.noticed, running.noticed_site = NOBODY, NOBODY
        running.response = NOBODY
        if is_move:
            running.site = running.row = NOBODY
            live.moved = g
            live.log_weight += log(LEAST)
            return place
        running.act, running.site, running.row = act, site, g
        running.means = means_for(x, m, place, act)
        for k in range(s.op_n_stages[op]):
            running.duration[k] = live.row_durations[g, k]
        begin_row_running(x, m, place)
        return NOBODY

    @inner
    def share_up_to(code, op, k, x, m, own, slot, held, target, days):
        if not days > 0.0:
            return 0.0
        if law(code, op, k, x, m, own, slot, held, target, 0.0) > days:
            return 0.0
        near, far = 0.0, 1.0
        for _ in range(STEPS):
            middle = 0.5 * (near + far)
            if law(code, op, k, x, m, own, slot, held, target, middle) <= days:
                near = middle
            else:
                far = middle
        return 0.5 * (near + far)

    @inner
    def share_begun(x, m, g, c):
        s = x.s
        if s.given_route[g] != BY_MOVE:
            return share_within(x, c, s.given_time[g])
        actor, target = s.channel_actor[c], s.channel_target[c]
        own, slot = x.live.row[actor], s.slot[actor]
        held = _holdings(m.w, actor, target)
        code = s.answer_response[s.given_answer[g]]
        op, time = s.channel_operation[c], s.given_time[g]
        return share_up_to(code, op, 0, x, m, own, slot, held, target, time)

    @inner
    def choose_channel(x, m, g):
        s = x.s
        live = x.live
        best, chosen, of_chosen, total = inf, NOBODY, 0.0, 0.0
        early = 1.0
        for n in range(s.given_count[g]):
            c = s.given_channel[s.given_first[g] + n]
            early = min(early, share_begun(x, m, g, c))
        live.row_early[g] = max(early, 0.5 / N_WAITS)
        for n in range(s.given_count[g]):
            c = s.given_channel[s.given_first[g] + n]
            weight = UNEXPLAINED + live.row_early[g] * marked_hazard(x, m, c, g)
            weight = weight + s.given_guess[s.given_first[g] + n]
            total = total + weight
            word = s.word[s.channel_actor[c]]
            a, b = child(s.given_low[g], s.given_high[g], _SUSPECT, word, 0)
            a, b = child(a, b, _OPERATION, s.word[s.channel_target[c]], 0)
            u, _, _, _ = block(live.root_seed, live.number, a, b, P_EVIDENCE, 0)
            clock = choice_race(u, weight)
            if clock < best:
                best, chosen, of_chosen = clock, c, weight
        left = 0.0
        for k in range(s.given_companions[g]):
            if live.row_state[s.companion[g, k]] != LEFT:
                left = left + s.companion_guess[g, k]
        if left > 0.0:
            total = total + left
            a, b = child(s.given_low[g], s.given_high[g], _RECORD, _ZERO, 0)
            u, _, _, _ = block(live.root_seed, live.number, a, b, P_EVIDENCE, 0)
            clock = choice_race(u, left)
            if clock < best:
                live.row_state[g], live.row_chance[g] = LEFT, left / total
                return NOBODY
        whole = row_durations(x, m, g, chosen, live.row_attempt[g])
        live.row_state[g], live.row_channel[g] = CHOSEN, chosen
        live.row_actor[g] = s.channel_actor[chosen]
        live.row_chance[g] = of_chosen / total
        day = s.given_time[g] - whole
        if day <= live.now or live.now >= s.given_time[g]:
            return begin_row(x, m, g)
        live.row_turn_at[g] = day
        low, high = s.given_low[g], s.given_high[g]
        schedule_at(live, day, RANK_WEIGHING, low, high, g)
        return NOBODY

    @inner
    def take_step(x, m, g):
        """Take the weight (below 0), or the next step of a row's start.

        Return the slot of a move that is to start, or nobody.
        """
        live = x.live
        if g < 0:
            settle_all(x, m)
            k = -1 - g
            if k < live.n_weighings:
                live.weighed[k] = live.log_weight
            return NOBODY
        if live.row_turn_at[g] != live.now:
            return NOBODY
        live.row_turn_at[g] = inf
        if live.row_state[g] == WAITING:
            return choose_channel(x, m, g)
        if live.row_state[g] == CHOSEN:
            return begin_row(x, m, g)
        return NOBODY

    @inner
    def arrive(x, m, g):
        s = x.s
        live = x.live
        if s.given_route[g] == BY_OPTION or s.given_route[g] == BY_MOVE:
            if live.row_state[g] == WAITING:
                choose_channel(x, m, g)
            if live.row_state[g] == CHOSEN:
                begin_row(x, m, g)
            if live.row_state[g] == LEFT:
                least = UNEXPLAINED / live.row_chance[g]
                live.log_weight += log(least) - s.given_ahead[g]
        elif s.given_route[g] == BY_ANSWER and live.row_state[g] == WAITING:
            live.log_weight += log(UNEXPLAINED) - s.given_ahead[g]
        place = live.row_slot[g]
        if place >= 0:
            running = live.slots[place]
            if running.is_running == 1 and running.row == g:
                settle(x, m, running.actor)
                end_running(live, place)
                push_slot(live, place)
        return live.row_actor[g]

    @inner
    def shares_of_choices(code, x, m, own, slot, held, target, percept, first):
        live = x.live
        now = live.now
        for k in range(9):
            live.shares[k] = 0.0
        low, value = 0.0, first
        for _ in range(9):
            high = 1.0
            last = choose(code, x, m, own, slot, held, target, now, percept, LAST_U)
            if last != value:
                near, far = low, 1.0
                for _ in range(STEPS):
                    middle = 0.5 * (near + far)
                    got = choose(
                        code, x, m, own, slot, held, target, now, percept, middle
                    )
                    if got == value:
                        near = middle
                    else:
                        far = middle
                high = far
            live.shares[value] = live.shares[value] + (high - low)
            if high >= 1.0:
                break
            low = high
            value = choose(code, x, m, own, slot, held, target, now, percept, low)

    @inner
    def law(code, op, k, x, m, own, slot, held, target, u):
        """Return the days of an answer's delay (`k` 0), or of a stage of what it is."""
        now = x.live.now
        if k == 0:
            return delay(code, x, m, own, slot, held, target, now, u)
        return duration(op * 8 + k - 1, x, m, own, slot, held, target, now, u)

    @inner
    def widest_of(first, code, op, x, m, own, slot, held, target):
        """Return which law is spread most, between its quartiles, from a first on."""
        widest, most = first, -inf
        for k in range(first, x.s.op_n_stages[op] + 1):
            spread = law(code, op, k, x, m, own, slot, held, target, 0.75) - law(
                code, op, k, x, m, own, slot, held, target, 0.25
            )
            if spread > most:
                widest, most = k, spread
        return widest

    @inner
    def fill_up(x, m, place):
        """Let the widest stage of an answer that becomes a row fill up its days."""
        s = x.s
        live = x.live
        running = live.slots[place]
        op, actor, target = running.operation, running.actor, running.target
        held = _holdings(m.w, actor, target)
        own, slot = live.row[actor], s.slot[actor]
        widest = widest_of(1, NOBODY, op, x, m, own, slot, held, target)
        rest = s.given_time[running.row] - live.now
        for k in range(s.op_n_stages[op]):
            if k + 1 != widest:
                rest = rest - running.duration[k]
        running.duration[widest - 1] = max(rest, 0.0)

    @inner
    def density(code, op, k, x, m, own, slot, held, target, days):
        if not days > 0.0:
            return 0.0
        above = share_up_to(code, op, k, x, m, own, slot, held, target, days + WIDTH)
        below = share_up_to(code, op, k, x, m, own, slot, held, target, days - WIDTH)
        return (above - below) / (2.0 * WIDTH)

    @inner
    def row_for(x, actor, n, row, target, first):
        s = x.s
        live = x.live
        for g in range(first, s.n_given):
            is_open = s.given_route[g] == BY_ANSWER and live.row_state[g] == WAITING
            if live.row_state[g] != LEFT and not is_open:
                continue
            if not s.given_time[g] > live.now:
                continue
            if s.given_actor[g] >= 0 and s.given_actor[g] != actor:
                continue
            if s.given_target[g] >= 0 and s.given_target[g] != target:
                continue
            low, high = s.given_cause_low[g], s.given_cause_high[g]
            if (low != _ZERO or high != _ZERO) and (
                low != x.log[row].low or high != x.log[row].high
            ):
                continue
            for k in range(s.answer_choices[n]):
                if live.shares[k + 1] > 0.0:
                    op = s.answer_operation[n, k]
                    if share_by(s, actor, op, s.given_act[g], x.log[row].act) > 0.0:
                        return g
        return NOBODY

    @inner
    def decide(
        x, m, actor, n, row, percept, target, low, high, u_choice, u_delay
    ):  # fmt: skip
        s = x.s
        live = x.live
        now = live.now
        code, own, slot = s.answer_response[n], live.row[actor], s.slot[actor]
        held = _holdings(m.w, actor, target)
        choice = choose(code, x, m, own, slot, held, target, now, percept, u_choice)
        wait = 0.0
        if choice != 0:
            wait = delay(code, x, m, own, slot, held, target, now, u_delay)
        if not now < s.since:
            return choice, NOBODY, wait
        is_open = False
        for k in range(s.answer_choices[n]):
            if s.is_weighed[s.op_act[s.answer_operation[n, k]]] == 1:
                is_open = True
        if not is_open:
            return choice, NOBODY, wait
        first = choose(code, x, m, own, slot, held, target, now, percept, 0.0)
        if first == 0:
            last = choose(code, x, m, own, slot, held, target, now, percept, LAST_U)
            if last == 0:
                return choice, NOBODY, wait
        shares_of_choices(code, x, m, own, slot, held, target, percept, first)
        g = live.moved
        if g >= 0 and s.answer_response[s.given_answer[g]] == code:
            live.moved = NOBODY
            chance = 0.0
            for k in range(s.answer_choices[n]):
                op = s.answer_operation[n, k]
                share = share_by(s, actor, op, s.given_act[g], x.log[row].act)
                chance = chance + live.shares[k + 1] * share
            live.log_weight += log(max(chance, LEAST) / LEAST)
            return 0, NOBODY, wait
        wait = delay(code, x, m, own, slot, held, target, now, u_delay)
        g = row_for(x, actor, n, row, target, s.n_before)
        while g >= 0:
            act, to = s.given_act[g], x.log[row].act
            a, b = child(low, high, _RECORD, s.given_low[g], 0)
            u_take, u_which, _, _ = block(
                live.root_seed, live.number, a, b, P_CHOICE, 0
            )
            total = 0.0
            for k in range(s.answer_choices[n]):
                op = s.answer_operation[n, k]
                total = total + live.shares[k + 1] * share_by(s, actor, op, act, to)
            reached, which = 0.0, 0
            for k in range(s.answer_choices[n]):
                op = s.answer_operation[n, k]
                part = live.shares[k + 1] * share_by(s, actor, op, act, to)
                if part > 0.0 and (which == 0 or reached <= u_which * total):
                    which = k + 1
                reached = reached + part
            op = s.answer_operation[n, which - 1]
            widest = widest_of(0, code, op, x, m, own, slot, held, target)
            due = s.given_time[g] - now
            if widest != 0:
                due = due - wait
            for k in range(s.op_n_stages[op]):
                if k + 1 != widest:
                    u, _, _, _ = block(
                        live.root_seed, live.number, low, high, P_STAGES, k
                    )
                    due = due - stage_days(x, m, op, k, actor, target, u)
            likely = s.weighed_share[act] * total
            likely = likely * density(
                code, op, widest, x, m, own, slot, held, target, due
            )
            avoided = x.log[row].site if s.op_avoids_noticed[op] == 1 else NOBODY
            likely = likely * place_share(
                x, m, actor, target, op, act, s.given_site[g], np.int64(avoided)
            )
            is_told = s.given_cause_low[g] != _ZERO or s.given_cause_high[g] != _ZERO
            rival = UNEXPLAINED if is_told and s.given_actor[g] >= 0 else RIVAL
            if u_take * (likely + rival) < likely:
                live.log_weight += log((likely + rival) / live.row_chance[g])
                live.log_weight -= s.given_ahead[g]
                live.row_state[g], live.row_actor[g] = BEGUN, actor
                return which, g, due if widest == 0 else wait
            live.log_weight += log((likely + rival) / rival)
            g = row_for(x, actor, n, row, target, g + 1)
        without, gone, unseen = live.shares[0], 0.0, 0.0
        for k in range(s.answer_choices[n]):
            op = s.answer_operation[n, k]
            act, share = s.op_act[op], live.shares[k + 1]
            if s.is_weighed[act] == 0 or not share > 0.0:
                continue
            if not is_feasible(x, m, op, actor, target, now):
                continue
            end = now + wait
            for j in range(s.op_n_stages[op]):
                u, _, _, _ = block(live.root_seed, live.number, low, high, P_STAGES, j)
                end = end + stage_days(x, m, op, j, actor, target, u)
            if not end < s.since:
                continue
            gone = gone + share
            unseen = unseen + share * (1.0 - s.weighed_share[act])
            if choice == k + 1:
                choice = 0
        if choice == 0 and gone > 0.0:
            live.log_weight += log(max((without + unseen) / (without + gone), LEAST))
        return choice, NOBODY, wait

    return Weighing(
        open_past, draw_starts, take_step, arrive, begin_row_running, fill_up,
        settle, settle_all, decide, spare,
    )  # fmt: skip
