"""How the actors stand: the sponsor's pushback, authority, and who is still there.

Pushback is read off simulated acts. Authority and presence are states: what was put in
moved them too, so it is followed through, but only their values at the end are told.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.ladder import ACTS, Act
from sim.rules.behaviour import Side
from sim.rules.host_government.authority import authority_change, authority_now

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.outcomes.incidents import Floats, Incidents
    from sim.scenario.scenario import Actor, Scenario

_ON_A_RUNG = np.array([row.rung > 0 for row in ACTS])


def pushback(incidents: Incidents, scenario: Scenario) -> Incidents:
    """Return the acts of a sponsor against others.

    An act counts when it stands on a rung of the ladder (a threat, an accusation, a
    direct strike), or is an order to attack; orders are never reported, so the press
    sees the former alone.
    """
    sponsors = [
        number
        for number, actor in enumerate(scenario.actors)
        if actor.kind.side == Side.SPONSOR
    ]
    counts = _ON_A_RUNG[incidents.act] | (incidents.act == Act.DIRECTIVE_PRESS)
    return incidents.where(np.isin(incidents.actor, sponsors) & counts)


def standing(every: Incidents, end: float, scenario: Scenario) -> dict[str, Floats]:
    """Return how authority and presence stand at the end of each replication.

    Parameters
    ----------
    every
        All incidents, put in or not, by days since the scenario's start.
    end
        Day on which the replications end.
    scenario
        The scenario.
    """
    lowest, last = _authority(every, end, scenario)
    return {
        "authority_end": last,
        "authority_lowest": lowest,
        "n_sites_occupied_end": _occupied(every, scenario),
    }


def _authority(
    every: Incidents, end: float, scenario: Scenario
) -> tuple[Floats, Floats]:
    """Return a government's lowest authority and its last; nan without a government.

    The rules are those of the government's own memory
    (`sim.rules.host_government.authority`), here moved when an incident happens, not
    when the government learns of it, and under the parameters in force at each moment:
    what a development changes counts from its day on. Between incidents authority
    drifts one way, so that its least is at a change, or just before one. The first
    government counts where there are several.
    """
    lowest, last = np.full(every.n, np.nan), np.full(every.n, np.nan)
    government = _government(scenario)
    if government is None:
        return lowest, last
    terms = _terms(scenario, government)
    change = np.zeros((len(terms), len(ACTS), 2, 2))
    for term, act, mine, at_me in product(
        range(len(terms)), range(len(ACTS)), (0, 1), (0, 1)
    ):
        params = terms[term].params
        change[term, act, mine, at_me] = authority_change(params, act, mine, at_me, 0.0)
    begins = np.array([term.begin for term in terms])
    term_of = np.searchsorted(begins, every.time, side="right") - 1
    moved = change[
        term_of,
        every.act,
        (every.actor == government).astype(np.int64),
        (every.target == government).astype(np.int64),
    ]
    attacks = np.isin(every.act, (Act.ROCKET_ATTACK, Act.CONVOY_BOMB))
    losses = np.array([term.params.attack_loss for term in terms])[term_of]
    weights = np.array([term.params.wounded_weight for term in terms])[term_of]
    harm = _harm(every, weights, scenario)
    moved[attacks] = -np.minimum(1.0, losses * harm)[attacks]
    some = moved != 0.0
    ends = np.cumsum(np.bincount(every.place[some], minlength=every.n)).tolist()
    times, moves = every.time[some].tolist(), moved[some].tolist()
    drifts = _drifts(terms)
    begin = 0
    for place, stop in enumerate(ends):
        level, since = terms[0].params.authority_start, 0.0
        least = level
        for time, by in zip(times[begin:stop], moves[begin:stop], strict=True):
            level, before = _drifted(drifts, level, since, time)
            level, since = min(1.0, max(0.0, level + by)), time
            least = min(least, before, level)
        begin = stop
        last[place], before = _drifted(drifts, level, since, end)
        lowest[place] = min(least, before)
    return lowest, last


class _Term(NamedTuple):
    """A time in which a government's parameters stay as they are."""

    begin: float
    """Days since the scenario's start; it ends where the next one begins."""
    params: Any


def _terms(scenario: Scenario, government: int) -> list[_Term]:
    """Follow a government's parameters through the developments."""
    actor = scenario.actors[government]
    terms = [_Term(0.0, actor.params)]
    for change in sorted(scenario.changes, key=lambda change: change.time):
        if change.actor == actor.name:
            terms.append(_Term(change.time, change.applied_to(terms[-1].params)))
    return terms


def _drifts(terms: Sequence[_Term]) -> list[_Term]:
    """Return the terms without those that leave the drift of authority as it was."""
    drifts = [terms[0]]
    for term in terms[1:]:
        before, after = drifts[-1].params, term.params
        if (before.authority_rest, before.authority_memory) != (
            after.authority_rest,
            after.authority_memory,
        ):
            drifts.append(term)
    return drifts


def _drifted(
    drifts: Sequence[_Term], level: float, since: float, until: float
) -> tuple[float, float]:
    """Let authority drift from one moment to a later one; return its end and least."""
    least = level
    for number, (begin, params) in enumerate(drifts):
        ends = number + 1 == len(drifts) or drifts[number + 1].begin >= until
        stop = until if ends else drifts[number + 1].begin
        if stop > since:
            level = authority_now(params, level, max(since, begin), stop)
            least = min(least, level)
        if ends:
            break
    return level, least


def _harm(every: Incidents, wounded_weight: Floats, scenario: Scenario) -> Floats:
    """Return each incident's harm on the government's soil, in deaths.

    The twin of `sim.rules.host_government.authority.harm_on_soil` for columns.
    """
    sides = np.array([*(int(actor.kind.side) for actor in scenario.actors), -1])
    dead = every.amount("killed_host") + every.amount("killed_civilian")
    for side, name in ((Side.FOREIGN, "foreign"), (Side.MILITIA, "militia")):
        struck = sides[every.target] == side
        dead = dead + np.where(struck, every.amount(f"killed_{name}"), 0.0)
    wounded = every.amount("wounded_host") + every.amount("wounded_civilian")
    return dead + wounded_weight * wounded


def _government(scenario: Scenario) -> int | None:
    """Return the number of the first actor that has an authority."""
    for number, actor in enumerate(scenario.actors):
        if "authority_start" in getattr(actor.params, "_fields", ()):
            return number
    return None


def _occupied(every: Incidents, scenario: Scenario) -> Floats:
    """Return at how many sites a foreign power still has people."""
    present = _present(scenario.actors, scenario)
    handed = every.of(Act.BASE_HANDOVER)
    gone = set(
        zip(
            handed.place.tolist(),
            handed.site.tolist(),
            handed.actor.tolist(),
            strict=True,
        )
    )
    left = [
        len({site for site, actor in present if (place, site, actor) not in gone})
        for place in range(every.n)
    ]
    return np.array(left, np.float64)


def _present(actors: Sequence[Actor], scenario: Scenario) -> set[tuple[int, int]]:
    """Return the sites and foreign powers of which one is at the other."""
    foreign = {
        actor.name: number
        for number, actor in enumerate(actors)
        if actor.kind.side == Side.FOREIGN
    }
    return {
        (number, foreign[name])
        for number, site in enumerate(scenario.sites)
        for name, persons in site.presence.items()
        if name in foreign and persons > 0.0
    }
