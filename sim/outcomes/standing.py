"""How the actors stand: the sponsor's pushback, authority, and who is still there.

Pushback is read off simulated acts. Authority and presence are states: what was put in
moved them too, so it is followed through, but only their values at the end are told.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.ladder import ACTS, Act
from sim.rules.behaviour import Side
from sim.rules.host_government.authority import authority_change, authority_now
from sim.rules.tolerance import ACT_WEIGHT

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
    when the government learns of it. The first government counts where there are
    several.
    """
    lowest, last = np.full(every.n, np.nan), np.full(every.n, np.nan)
    government = _government(scenario)
    if government is None:
        return lowest, last
    number, params = government
    change = np.zeros((len(ACTS), 2, 2))
    for act, mine, at_me in product(range(len(ACTS)), (0, 1), (0, 1)):
        change[act, mine, at_me] = authority_change(params, act, mine, at_me, 0.0)
    mine, at_me = every.actor == number, every.target == number
    moved = change[every.act, mine.astype(np.int64), at_me.astype(np.int64)]
    attacks = np.isin(every.act, (Act.ROCKET_ATTACK, Act.CONVOY_BOMB))
    moved[attacks] = -np.minimum(
        1.0, params.attack_loss * _harm(every, params, scenario)[attacks]
    )
    some = moved != 0.0
    ends = np.cumsum(np.bincount(every.place[some], minlength=every.n)).tolist()
    times, moves = every.time[some].tolist(), moved[some].tolist()
    begin = 0
    for place, stop in enumerate(ends):
        level, since = params.authority_start, 0.0
        least = level
        for time, by in zip(times[begin:stop], moves[begin:stop], strict=True):
            level = authority_now(params, level, since, time) + by
            level, since = min(1.0, max(0.0, level)), time
            least = min(least, level)
        begin = stop
        last[place] = authority_now(params, level, since, end)
        lowest[place] = min(least, last[place])
    return lowest, last


def _harm(every: Incidents, params: Any, scenario: Scenario) -> Floats:
    """Return each incident's harm on the government's soil, in deaths.

    The twin of `sim.rules.host_government.authority.harm_on_soil` for columns.
    """
    sides = np.array([*(int(actor.kind.side) for actor in scenario.actors), -1])
    dead = every.amount("killed_host") + every.amount("killed_civilian")
    for side, name in ((Side.FOREIGN, "foreign"), (Side.MILITIA, "militia")):
        struck = sides[every.target] == side
        dead = dead + np.where(struck, every.amount(f"killed_{name}"), 0.0)
    wounded = every.amount("wounded_host") + every.amount("wounded_civilian")
    return ACT_WEIGHT + dead + params.wounded_weight * wounded


def _government(scenario: Scenario) -> tuple[int, Any] | None:
    for number, actor in enumerate(scenario.actors):
        if "authority_start" in getattr(actor.params, "_fields", ()):
            return number, actor.params
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
