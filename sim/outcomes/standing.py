"""How the actors stand: the authority of a government, and who is still there.

Both are states: what was put in moved them too, so it is followed through.
"""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING, Any

from sim.engine.log import RecordType
from sim.ladder import Act
from sim.outcomes.incidents import Term, is_attack
from sim.rules.effects import effect_of
from sim.rules.host_government.authority import (
    authority_change,
    authority_now,
    harm_on_soil,
)
from sim.rules.perceiving import percept_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.outcomes.incidents import Facts
    from sim.scenario.scenario import Scenario


def authority(rows: Any, effects: Any, facts: Facts) -> tuple[float, float]:
    """Return a government's authority at the end and its lowest; nan without one.

    Parameters
    ----------
    rows
        Records of the replication, in order.
    effects
        As in `sim.engine.log.Rows`.
    facts
        The government and its parameters.

    Notes
    -----
    The rules are those of the government's own memory
    (`sim.rules.host_government.authority`), here moved when an incident happens, not
    when the government learns of it, and under the parameters in force at each moment:
    what a development changes counts from its day on. Between incidents authority
    drifts one way, so that its least is at a change, or just before one.
    """
    me = facts.government
    if me < 0:
        return nan, nan
    level, since, term = facts.terms[0].authority, 0.0, 0
    lowest = level
    for k in range(len(rows)):
        row = rows[k]
        if row.record_type != RecordType.INCIDENT:
            continue
        while term + 1 < facts.n_terms and facts.terms[term + 1].begin <= row.time:
            term += 1
        change = authority_moved(row, effects, facts, facts.terms[term])
        if change == 0.0:
            continue
        level, before = drifted(facts, level, since, row.time)
        level, since = min(1.0, max(0.0, level + change)), row.time
        lowest = min(lowest, before, level)
    level, before = drifted(facts, level, since, facts.until)
    return level, min(lowest, before)


def authority_moved(row: Any, effects: Any, facts: Facts, params: Any) -> float:
    """Return by how much an incident changes the government's authority."""
    me = facts.government
    target: int = row.target
    is_mine = 1 if row.actor == me else 0
    is_at_me = 1 if target == me else 0
    site: int = row.site
    if site >= 0 and facts.is_abroad[site] == 1 and is_at_me == 0 and is_mine == 0:
        return 0.0
    harm = 0.0
    if is_attack(row.act):
        target_side = facts.side[target] if target >= 0 else -1
        percept = percept_of(
            row.act, 0, row.actor, target, effect_of(effects[row.effect]), me,
            facts.side[me], target_side, row.actor, 1.0, -1, 0,
        )  # fmt: skip
        harm = harm_on_soil(percept)
    return authority_change(params, row.act, is_mine, is_at_me, harm)


def drifted(
    facts: Facts, level: float, since: float, until: float
) -> tuple[float, float]:
    """Let authority drift from one moment to a later one; return its end and least."""
    least = level
    for k in range(facts.n_drifts):
        is_last = k + 1 == facts.n_drifts or facts.drifts[k + 1].begin >= until
        stop = until if is_last else facts.drifts[k + 1].begin
        if stop > since:
            params: Any = facts.drifts[k]
            level = authority_now(params, level, max(since, params.begin), stop)
            least = min(least, level)
        if is_last:
            break
    return level, least


def n_sites_occupied(rows: Any, facts: Facts) -> float:
    """Return at how many sites a foreign power still has people at the end."""
    is_gone = [False] * facts.n_present
    for k in range(len(rows)):
        row = rows[k]
        if row.act == Act.BASE_HANDOVER and row.record_type == RecordType.INCIDENT:
            for p in range(facts.n_present):
                if facts.present_site[p] == row.site:
                    if facts.present_actor[p] == row.actor:
                        is_gone[p] = True
    n, last = 0.0, -1
    for p in range(facts.n_present):
        if not is_gone[p] and facts.present_site[p] != last:
            n, last = n + 1.0, facts.present_site[p]
    return n


def terms_of(scenario: Scenario, government: int) -> list[Term]:
    """Follow a government's parameters through the developments."""
    actor = scenario.actors[government]
    params = actor.params
    terms = [_term(0.0, params)]
    for change in sorted(scenario.changes, key=lambda change: change.time):
        if change.actor == actor.name:
            params = change.applied_to(params)
            terms.append(_term(change.time, params))
    return terms


def _term(begin: float, params: Any) -> Term:
    """Return what authority depends on among a government's parameters."""
    return Term(begin, *(getattr(params, name) for name in Term._fields[1:]))


def drifts_of(terms: Sequence[Term]) -> list[Term]:
    """Return the terms without those that leave the drift of authority as it was."""
    drifts = list(terms[:1])
    for term in terms[1:]:
        before = drifts[-1].authority, drifts[-1].authority_memory
        if before != (term.authority, term.authority_memory):
            drifts.append(term)
    return drifts


def government_of(scenario: Scenario) -> int:
    """Return the number of the first actor that has an authority, -1 for none."""
    for number, actor in enumerate(scenario.actors):
        if "authority_step" in getattr(actor.params, "_fields", ()):
            return number
    return -1
