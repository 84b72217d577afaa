"""Compiled: what a running operation does to the world when it ends either way.

As in `sim.engine.escalation`: incidents, and ends of operations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.draws import Purpose
from sim.engine.compiled.inner import inner
from sim.engine.compiled.moments import STATUS_INCIDENTS
from sim.engine.compiled.perceive import NOBODY, Perceiving, holdings_of
from sim.engine.compiled.philox import block
from sim.engine.log import Origin, RecordType
from sim.ladder import Act
from sim.rules.behaviour import N_EFFECT, Effect, Setting
from sim.rules.transitions import Deed, apply

if TYPE_CHECKING:
    from sim.engine.compiled.dispatch import Dispatch
    from sim.engine.compiled.weighing import Weighing

P_EFFECT = np.int64(Purpose.EFFECT)
P_OBSERVATION = np.int64(Purpose.OBSERVATION)
RECORD = np.int64(Origin.RECORD)
INCIDENT = np.int64(RecordType.INCIDENT)
STAGE = np.int64(RecordType.STAGE)
BASE_HANDOVER = np.int64(Act.BASE_HANDOVER)
SIMULATED = np.int64(Origin.SIMULATED)


class Effecting(NamedTuple):
    """The compiled functions by which operations take effect."""

    emit: Any
    effect_of: Any


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
    running = live.slots[place]
    target, site = running.target, running.site
    means = running.means
    numbers = s.means_of[means]
    presence = defence = launchers = 0.0
    foreign, host = numbers.exposed_foreign, numbers.exposed_host
    civilian = numbers.exposed_civilian
    if site >= 0:
        presence = w.presence[site * w.n_actors + target]
        foreign = foreign * s.exposed_foreign[site]
        host = host * s.exposed_host[site]
        civilian = civilian * s.exposed_civilian[site]
        if means > 0:
            defence = s.defence[site, means - 1]
    if means > 0:
        launchers = s.opportunity[target, means - 1]
    return Setting(
        presence,
        foreign,
        host,
        civilian,
        launchers,
        running.stake,
        defence,
        float(means),
        numbers.salvo_median,
        numbers.salvo_spread,
        numbers.malfunction_share,
        numbers.accuracy,
        numbers.killed_per_hit,
        numbers.wounded_per_hit,
        numbers.harm_spread,
    )


@inner
def is_left_to_record(s: Any, act: int, time: float) -> bool:
    """Whether an act is the record's to tell, or happens only where it is put in."""
    if s.is_exogenous[act] == 1:
        return True
    return time < s.since and s.is_recorded[act] == 1


@inner
def is_suppressed(x: Any, act: int, low: int, high: int) -> bool:
    """Whether an incident is left out of this replication, now."""
    altered = x.altered
    if x.live.now >= altered.without_from[act]:
        return True
    for k in range(altered.n_without):
        if low == altered.without_low[k] and high == altered.without_high[k]:
            return True
    return False


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
        0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
    )  # fmt: skip


@inner
def with_counts(e: Effect, persons: float, launchers: float, means: float) -> Effect:
    """Return an effect with other persons, launchers and means."""
    return Effect(
        e[0], e[1], e[2], e[3], e[4], e[5], e[6], e[7], e[8],
        e[9], e[10], e[11], e[12], persons, launchers, e[15], means, e[17], e[18],
    )  # fmt: skip


@inner
def report(s: Any, live: Any, r: Any) -> None:
    """Draw what the press makes of an incident; see `sim.engine.observation`."""
    reported, attributed = s.reported[r.act], s.attributed[r.act]
    if r.origin == RECORD:
        reported, attributed = 1.0, 1.0
    u_reported, u_actor = 0.0, 0.0
    if 0.0 < reported < 1.0 or attributed < 1.0:
        u_reported, u_actor, _, _ = block(
            live.root_seed, live.number, r.low, r.high, P_OBSERVATION, 0
        )
    if u_reported < reported:
        r.is_reported = 1
        if u_actor < attributed:
            r.reported_actor = r.actor


@inner
def make_known(x: Any, row: int) -> None:
    """Let a report that names who did it make known what that answers."""
    s = x.s
    r = x.log[row]
    low, high = r.cause_low, r.cause_high
    if r.is_reported == 0 or r.reported_actor == NOBODY or (low == 0 and high == 0):
        return
    for before in range(row - 1, -1, -1):
        answered = x.log[before]
        if answered.low != low or answered.high != high:
            continue
        if answered.record_type == STAGE:
            low, high = answered.cause_low, answered.cause_high
            if low == 0 and high == 0:
                return
            continue
        is_news = answered.is_reported == 0 and s.reported[answered.act] > 0.0
        if answered.record_type != INCIDENT or not is_news:
            return
        answered.is_reported = 1
        if s.attributed[answered.act] < 1.0:
            return
        answered.reported_actor = answered.actor
        low, high = answered.cause_low, answered.cause_high
        if low == 0 and high == 0:
            return


def build_effecting(
    rules: Dispatch, perceiving: Perceiving, weighing: Weighing | None
) -> Effecting:
    """Tie the functions of this page to the rules of a tuple of kinds."""
    is_filtered = weighing is not None
    settle_all: Any = None if weighing is None else weighing.settle_all
    effect_rule, broken_rule = rules.effect, rules.broken_effect
    write, spread = perceiving.write, perceiving.spread

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
        if is_filtered and (effect.persons > 0.0 or act == BASE_HANDOVER):
            settle_all(x, m)
        put_in = 0 if origin == SIMULATED else 1
        apply(w, Deed(act, actor, target, site, effect, put_in))
        row = write(
            x, INCIDENT, low, high, cause_low, cause_high,
            actor, act, target, site, operation, NOBODY, 0.0, origin,
        )  # fmt: skip
        if row < 0:
            return
        number = live.n_effects
        live.n_effects = number + 1
        x.log[row].effect = number
        for k in range(N_EFFECT):
            x.effects[number].of[k] = effect[k]
        report(s, live, x.log[row])
        make_known(x, row)
        spread(x, m, row)

    @inner
    def effect_of(x, m, place, is_broken):
        s = x.s
        live = x.live
        running = live.slots[place]
        op, actor, target = running.operation, running.actor, running.target
        has = s.op_has_broken_effect[op] if is_broken else s.op_has_effect[op]
        if has == 0:
            return nothing()
        setting = setting_of(x, m, place)
        u = uniforms(live, running.low, running.high)
        holdings = holdings_of(m.w, actor, target)
        own, slot = live.row[actor], s.slot[actor]
        if is_broken:
            return broken_rule(
                op, x, m, own, slot, holdings, target, live.now, setting, u
            )
        return effect_rule(op, x, m, own, slot, holdings, target, live.now, setting, u)

    return Effecting(emit, effect_of)
