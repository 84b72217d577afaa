"""Compiled: breaking off operations; as in `sim.engine.escalation`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.draws import Purpose
from sim.engine.cast import WORD_BROKEN
from sim.engine.compiled.inner import inner
from sim.engine.compiled.moments import end_running, push_slot
from sim.engine.compiled.perceive import NOBODY, is_at_home
from sim.engine.compiled.philox import block, child
from sim.engine.compiled.running import (
    SIMULATED,
    Effecting,
    is_empty,
    is_left_to_record,
    is_suppressed,
)
from sim.rules.behaviour import Breaks

if TYPE_CHECKING:
    from sim.engine.compiled.weighing import Weighing

_BROKEN = np.uint64(WORD_BROKEN)
_ZERO = np.uint64(0)

P_INTERRUPTION = np.int64(Purpose.INTERRUPTION)
NOTICED = np.int64(Breaks.NOTICED)
TARGETS, OWN = np.int64(Breaks.TARGETS), np.int64(Breaks.OWN)


def build_breaking(effecting: Effecting, weighing: Weighing | None) -> Any:
    """Return the function by which an operation breaks off those that it can reach."""
    is_filtered = weighing is not None
    spare: Any = None if weighing is None else weighing.spare
    settle: Any = None if weighing is None else weighing.settle
    emit, effect_of = effecting.emit, effecting.effect_of

    @inner
    def break_off(x, m, other, by, cause_low, cause_high):
        s = x.s
        live = x.live
        running = live.slots[other]
        if is_filtered:
            settle(x, m, running.actor)
        end_running(live, other)
        effect = effect_of(x, m, other, True)
        op, actor = running.operation, running.actor
        target = running.target if by == actor else actor
        if is_empty(s, op, effect):
            push_slot(live, other)
            return
        low, high = child(running.low, running.high, _BROKEN, s.op_broken_word[op], 0)
        site = running.site
        push_slot(live, other)
        emit(
            x, m, low, high, cause_low, cause_high,
            by, s.op_broken_act[op], target, site, s.op_code[op], effect, SIMULATED,
        )  # fmt: skip

    @inner
    def may_break(x, place, other, breaks):
        s = x.s
        broken, breaker = x.live.slots[other], x.live.slots[place]
        if other == place:
            return False
        op = broken.operation
        if breaks == NOTICED:
            if other != breaker.noticed:
                return False
            same = broken.low == breaker.noticed_low
            if not (same and broken.high == breaker.noticed_high):
                return False
            return s.op_breakable_by[op] == TARGETS
        if breaks == TARGETS:
            if broken.actor != breaker.target:
                return False
            return s.op_breakable_by[op] == TARGETS
        if broken.actor != breaker.actor:
            return False
        if broken.target != breaker.target:
            return False
        return s.op_breakable_by[op] == OWN

    @inner
    def break_others(x, m, place, chance, cause_low, cause_high):
        s = x.s
        live = x.live
        running = live.slots[place]
        breaks = s.op_breaks[running.operation]
        # In the order of identities: each turn takes the next one above the last.
        last_low, last_high, is_first = _ZERO, _ZERO, True
        while live.status == 0:
            other = NOBODY
            for r in range(live.n_running):
                k = live.running[r]
                if not may_break(x, place, k, breaks):
                    continue
                low, high = live.slots[k].low, live.slots[k].high
                is_later = is_first or (
                    high > last_high or (high == last_high and low > last_low)
                )
                if not is_later:
                    continue
                if other < 0 or (
                    high < live.slots[other].high
                    or (high == live.slots[other].high and low < live.slots[other].low)
                ):
                    other = k
            if other < 0:
                return
            broken = live.slots[other]
            last_low, last_high, is_first = broken.low, broken.high, False
            by, whose = live.slots[place].actor, broken.actor
            if not is_at_home(s, by, whose, NOBODY, broken.site):
                continue
            act = s.op_broken_act[broken.operation]
            if is_filtered and (is_left_to_record(s, act, live.now) or broken.row >= 0):
                spare(x, other, 1.0 if breaks == OWN else min(1.0, chance))
                continue
            if is_left_to_record(s, act, live.now):
                continue
            word = s.op_broken_word[broken.operation]
            a, b = child(broken.low, broken.high, _BROKEN, word, 0)
            if is_suppressed(x, act, a, b):
                continue
            if breaks != OWN:
                a, b = child(running.low, running.high, _BROKEN, broken.low, 0)
                u, _, _, _ = block(live.root_seed, live.number, a, b, P_INTERRUPTION, 0)
                if u >= chance:
                    continue
            by = running.actor
            break_off(x, m, other, by, cause_low, cause_high)

    return break_others
