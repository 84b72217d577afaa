"""Compiled: the event loop of one replication, and of many in a row.

And how numba builds it for some kinds, compiles it and finds it again: who only calls
what was compiled before need not import this, nor numba.
"""

from __future__ import annotations

from functools import lru_cache
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import typeof

from sim.draws import Purpose
from sim.engine.capacity import MOST_CANDIDATES, MOST_PENDING, MOST_RUNNING
from sim.engine.cast import WORD_CANDIDATE, WORD_SUSPECT
from sim.engine.clock import Rank
from sim.engine.compiled import machine_code
from sim.engine.compiled.cache import folder_for_kinds, kept_in
from sim.engine.compiled.dispatch import build_dispatch
from sim.engine.compiled.inner import entry_point, inner
from sim.engine.compiled.moments import (
    STATUS_CANDIDATES,
    STATUS_FINE,
    STATUS_HAZARD,
    close_hole,
    schedule,
    schedule_at,
    take_first,
)
from sim.engine.compiled.numbering import Numbering
from sim.engine.compiled.operate import (
    NO_ACT,
    NO_MEANS,
    ON_THE_ROAD,
    TARGETS_MEANS,
    build_operating,
)
from sim.engine.compiled.perceive import (
    NOBODY,
    build_perceiving,
    holdings_of,
)
from sim.engine.compiled.philox import block, child
from sim.engine.compiled.running import is_suppressed
from sim.engine.compiled.state import place_dtype, state_dtype
from sim.engine.compiled.static import STATIC
from sim.engine.compiled.weighing import build_weighing
from sim.engine.log import Origin, RecordType
from sim.rules.effects import effect_of
from sim.rules.inversion import choice_race, exponential

if TYPE_CHECKING:
    from sim.rules.behaviour import Kind

_CANDIDATE = np.uint64(WORD_CANDIDATE)
_SUSPECT = np.uint64(WORD_SUSPECT)
_ZERO = np.uint64(0)
N_SLOTS = MOST_RUNNING + MOST_PENDING + 2
N_NEWS = MOST_PENDING + 1
P_CANDIDATE = np.int64(Purpose.CANDIDATE)
P_EVIDENCE = np.int64(Purpose.EVIDENCE)
P_START = np.int64(Purpose.START)
RANK_DEVELOPMENT, RANK_STAGE = np.int64(Rank.DEVELOPMENT), np.int64(Rank.STAGE)
RANK_PERCEPTION, RANK_DECISION = np.int64(Rank.PERCEPTION), np.int64(Rank.DECISION)
RANK_CANDIDATE = np.int64(Rank.CANDIDATE)
RANK_WEIGHING = np.int64(Rank.WEIGHING)
DEVELOPMENT_RECORD = np.int64(RecordType.DEVELOPMENT)
DEVELOPMENT = np.int64(Origin.DEVELOPMENT)


@inner
def reset(x: Any, root_seed: int, number: int, until: float) -> None:
    """Clear what is under way, and put the developments and first candidates."""
    s = x.s
    live = x.live
    live.now, live.until = 0.0, until
    live.root_seed, live.number, live.own_number = root_seed, number, number
    live.n_turned = 0
    live.status = STATUS_FINE
    live.n_rows = live.n_incidents = live.n_pending = live.n_running = 0
    live.n_candidates = live.n_moments = live.is_hole = live.n_nodes = live.n_spare = 0
    # The first effect is none.
    live.n_effects = 1
    live.n_free = N_SLOTS
    for k in range(N_SLOTS):
        live.free[k] = N_SLOTS - 1 - k
    live.n_free_news = N_NEWS
    for k in range(N_NEWS):
        live.free_news[k] = N_NEWS - 1 - k
    for i in range(s.n_actors):
        live.row[i] = s.first_row[i]
    for t in range(s.n_turns):
        low, high = s.turn_low[t], s.turn_high[t]
        schedule(live, s.turn_time[t], RANK_DEVELOPMENT, low, high, -1 - t)
    for g in range(s.n_given):
        low, high = s.given_low[g], s.given_high[g]
        schedule(live, s.given_time[g], RANK_DEVELOPMENT, low, high, g)
    await_candidates(x)


@inner
def await_candidates(x: Any) -> None:
    """Let the candidates come, until another number keys them.

    See `sim.engine.run.await_candidates`.
    """
    live = x.live
    live.bound = live.until
    if live.n_turned < x.altered.n_turnings:
        live.bound = min(live.until, x.altered.turning_day[live.n_turned])
    for b in range(x.s.n_bands):
        live.candidate[b] = 0
        await_candidate(x, b, 0.0)


@inner
def key_anew(x: Any) -> bool:
    """Key what is drawn by the next number of the lineage; return whether there is."""
    live, k = x.live, x.live.n_turned
    if k >= x.altered.n_turnings or not x.altered.turning_day[k] < live.until:
        return False
    live.now, live.number = x.altered.turning_day[k], x.altered.turning_number[k]
    live.n_turned = k + 1
    await_candidates(x)
    return True


@inner
def await_candidate(x: Any, b: int, day: float) -> None:
    """Schedule a band's next candidate that is below every ceiling of its option.

    `day` is that of the candidate before it.
    """
    s = x.s
    live = x.live
    low, high, number = s.band_low[b], s.band_high[b], live.candidate[b]
    base, width, mean = s.band_base[b], s.band_width[b], 1.0 / s.band_width[b]
    while day < live.bound:
        live.n_candidates += 1
        if live.n_candidates > MOST_CANDIDATES:
            # What went wrong before, at the same moment, is what is told.
            if live.status == STATUS_FINE:
                live.status, live.wrong_channel = STATUS_CANDIDATES, s.band_channel[b]
            return
        gap, share, _, _ = block(
            live.root_seed, live.number, low, high, P_CANDIDATE, number
        )
        day = day + exponential(gap, mean)
        height = base + width * share
        if height < s.band_highest[b] and day >= live.now:
            live.candidate[b], live.height[b] = number, height
            if day < live.bound:
                schedule_at(live, day, RANK_CANDIDATE, low, high, b)
            return
        number += 1


def build_replicate(numbering: Numbering, is_filtered: bool) -> Any:
    """Return the compiled function that runs one replication of these kinds."""
    rules = build_dispatch(numbering)
    weighing = build_weighing(rules) if is_filtered else None
    perceiving = build_perceiving(rules, weighing)
    operating = build_operating(rules, perceiving, weighing)
    arrive: Any = None if weighing is None else weighing.arrive
    draw_starts: Any = None if weighing is None else weighing.draw_starts
    open_past: Any = None if weighing is None else weighing.open_past
    settle: Any = None if weighing is None else weighing.settle
    take_step: Any = None if weighing is None else weighing.take_step
    hazard, ceiling, site_weight = rules.hazard, rules.ceiling, rules.site_weight
    starting, learn, write = rules.starting, perceiving.learn, perceiving.write
    emit, start, pass_stage = operating.emit, operating.start, operating.pass_stage
    carry_out = operating.carry_out

    @inner
    def see_ceilings(x):
        """Work out every option's ceiling by its actor's parameters."""
        s = x.s
        live = x.live
        for c in range(s.n_channels):
            row = live.row[s.channel_actor[c]]
            live.ceiling[c] = ceiling(s.channel_option[c], x, row)

    @inner
    def offer(x, m, b):
        """Offer an option its candidate, and schedule the band's next one."""
        s = x.s
        live = x.live
        c = s.band_channel[b]
        actor, target = s.channel_actor[c], s.channel_target[c]
        low, high = s.band_low[b], s.band_high[b]
        number, height = live.candidate[b], live.height[b]
        own, slot, option = live.row[actor], s.slot[actor], s.channel_option[c]
        most = live.ceiling[c]
        if height < most:
            holdings = holdings_of(m.w, actor, target)
            rate = hazard(option, x, m, own, slot, holdings, target, live.now)
            if not 0.0 <= rate <= most:
                live.status = STATUS_HAZARD
                live.wrong_channel, live.wrong_rate = c, rate
                live.wrong_ceiling = most
                return
            if height < rate:
                live.n_free -= 1
                place = live.free[live.n_free]
                running = live.slots[place]
                label = live.number ^ live.own_number
                a, h = child(low, high, _CANDIDATE, label, number)
                running.is_running = 0
                running.low, running.high = a, h
                running.actor, running.target = actor, target
                running.operation = s.channel_operation[c]
                running.cause_low, running.cause_high = _ZERO, _ZERO
                running.stake, running.means = 0.0, 0
                running.response = -1
                running.noticed, running.site = -1, -1
                running.noticed_site, running.row = -1, -1
                start(x, m, place)
        live.candidate[b] = number + 1
        await_candidate(x, b, live.now)

    @inner
    def drawn(x, m, act, site, low, high, is_victim):
        """Draw who did it; see `sim.engine.given`."""
        s = x.s
        live = x.live
        w = m.w
        best, chosen = inf, NOBODY
        best_even, chosen_even = inf, NOBODY
        for actor in range(s.n_actors):
            own, slot, weighs = live.row[actor], s.slot[actor], s.weighs_sites[actor]
            weight, is_able = 0.0, False
            for c in range(s.n_channels):
                op = s.channel_operation[c]
                if s.channel_actor[c] != actor:
                    continue
                if is_victim:
                    share = 1.0 if s.op_broken_act[op] == act else 0.0
                elif NO_MEANS < s.op_means[op] < TARGETS_MEANS:
                    share = s.share_of_act[actor, act]
                else:
                    share = 1.0 if s.op_act[op] == act else 0.0
                if not share > 0.0:
                    continue
                target, option = s.channel_target[c], s.channel_option[c]
                holdings = holdings_of(w, actor, target)
                rate = hazard(option, x, m, own, slot, holdings, target, live.now)
                hits = s.op_needs_site[op] == 1 and act != ON_THE_ROAD
                if site >= 0 and hits and weighs == 1:
                    rate = rate * site_weight(
                        s.kind[actor], x, m, own, slot, holdings, target, live.now,
                        s.reach[actor, site], 1.0,
                    )  # fmt: skip
                weight, is_able = weight + share * rate, True
            if not is_able:
                continue
            a, b = child(low, high, _SUSPECT, s.word[actor], 0)
            u, _, _, _ = block(live.root_seed, live.number, a, b, P_EVIDENCE, 0)
            clock = choice_race(u, weight)
            if clock < best:
                best, chosen = clock, actor
            even = choice_race(u, 1.0)
            if even < best_even:
                best_even, chosen_even = even, actor
        if chosen < 0:
            return chosen_even
        return chosen

    @inner
    def develop(x, m, slot, low, high):
        """Let a development happen: a change (below 0) or a given incident."""
        s = x.s
        live = x.live
        if slot < 0:
            t = -1 - slot
            actor = s.turn_actor[t]
            if is_filtered:
                settle(x, m, actor)
            live.row[actor] = s.turn_row[t]
            see_ceilings(x)
            write(
                x, DEVELOPMENT_RECORD, low, high, _ZERO, _ZERO,
                actor, NO_ACT, NOBODY, NOBODY, NOBODY, NOBODY, 0.0, DEVELOPMENT,
            )  # fmt: skip
            return
        act, site = s.given_act[slot], s.given_site[slot]
        if is_suppressed(x, act, low, high):
            return
        effect = effect_of(s.given_effect[slot])
        actor, target = s.given_actor[slot], s.given_target[slot]
        weighed = NOBODY
        if is_filtered and slot >= s.n_before:
            weighed = arrive(x, m, slot)
        if s.given_draws_actor[slot] == 1 and weighed >= 0:
            actor = weighed
        elif s.given_draws_actor[slot] == 1:
            actor = drawn(x, m, act, site, low, high, False)
        if s.given_draws_target[slot] == 1:
            target = drawn(x, m, act, site, low, high, True)
        emit(
            x, m, low, high, s.given_cause_low[slot], s.given_cause_high[slot],
            actor, act, target, site, NOBODY, effect, s.given_origin[slot],
        )  # fmt: skip

    @inner
    def replicate(x, m, root_seed, number, until):
        """Run one replication; the log's rows and the status are left in `live`."""
        s = x.s
        live = x.live
        reset(x, root_seed, number, until)
        for i in range(s.n_actors):
            u, _, _, _ = block(root_seed, number, s.word[i], _ZERO, P_START, 0)
            starting(s.kind[i], x, m, live.row[i], s.slot[i], u)
        see_ceilings(x)
        if is_filtered:
            open_past(x, m)
        while live.status == STATUS_FINE:
            close_hole(live)
            if live.n_moments == 0 or not live.moments[0].time < live.bound:
                if key_anew(x):
                    if is_filtered:
                        draw_starts(x, m)
                    continue
                return
            node = live.nodes[take_first(live)]
            rank, slot, low, high = node.rank, node.slot, node.low, node.high
            if rank == RANK_CANDIDATE:
                offer(x, m, slot)
            elif rank == RANK_PERCEPTION:
                learn(x, m, slot, low, high)
            elif rank == RANK_STAGE:
                pass_stage(x, m, slot, low, high)
            elif rank == RANK_DECISION:
                carry_out(x, m, slot)
            elif is_filtered and rank == RANK_WEIGHING:
                place = take_step(x, m, slot)
                if place >= 0:
                    start(x, m, place)
                    live.moved = NOBODY
            else:
                develop(x, m, slot, low, high)

    return replicate


def _replicate(*_: Any) -> None:
    """Stand in for the compiled function, which `build_run` puts in its place."""


def _run(places, states, starts, root_seed, number, until):
    """Run one replication on the first record of each array."""
    states[0] = starts[0]
    _replicate(places[0], states[0], root_seed, number, until)


def build_run(numbering: Numbering, name: str, is_filtered: bool) -> Any:
    """Return the compiled entry point for these kinds, cached on disk.

    Parameters
    ----------
    numbering
        Of the kinds.
    name
        What no other entry point has, as `entry_point` asks.
    is_filtered
        Whether pasts are weighed (`sim.engine.compiled.weighing`).
    """
    replicate = build_replicate(numbering, is_filtered)
    return entry_point(_run, name, globals(), _replicate=replicate)


@lru_cache(maxsize=8)
def run_for(kinds: tuple[Kind, ...], is_filtered: bool) -> Any:
    """Build the compiled entry point for a tuple of kinds, once a process.

    What weighs a filtered past is compiled apart: other replications go without.
    """
    folder = folder_for_kinds(kinds, "filtered" if is_filtered else "")
    with kept_in(folder):
        return build_run(Numbering(kinds), folder.name, is_filtered)


def compile_kinds(asked: tuple[tuple[Kind, ...], bool]) -> None:
    """Compile the entry point for kinds, and whether pasts are weighed; keep it."""
    kinds, is_filtered = asked
    run = run_for(kinds, is_filtered)
    place = np.zeros(1, place_dtype(kinds, STATIC))
    state = np.zeros(1, state_dtype(kinds))
    takes = (place, state, state, np.uint64(0), np.uint64(0), 0.0)
    run.compile(tuple(map(typeof, takes)))
    folder = folder_for_kinds(kinds, "filtered" if is_filtered else "")
    machine_code.keep(folder, run)
