"""How the actors stand: the sponsor's pushback, authority, and who is still there.

Pushback is read off simulated acts. Authority and presence are states: what was put in
moved them too, so it is followed through, but only their values at the end are told.
"""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING, Any

from sim.engine.log import IncidentLog, Record, RecordType
from sim.ladder import ACTS, Act
from sim.rules.behaviour import Side
from sim.rules.host_government.authority import authority_change, authority_now
from sim.rules.tolerance import WOUNDED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.scenario.scenario import Actor, Scenario


def pushback_times(
    incidents: Sequence[Record], log: IncidentLog, scenario: Scenario
) -> list[float]:
    """Return when a sponsor acted against others, days since the free start.

    An act counts when it stands on a rung of the ladder (a threat, an accusation, a
    direct strike), or is an order to attack; orders are never reported, so the press
    sees the former alone.
    """
    sponsors = {
        actor.name for actor in scenario.actors if actor.kind.side == Side.SPONSOR
    }
    acting = {number for number, name in enumerate(log.actors) if name in sponsors}
    return [
        record.time
        for record in incidents
        if record.actor in acting
        and (ACTS[record.act].rung > 0 or record.act == Act.DIRECTIVE_PRESS)
    ]


def authority_path(log: IncidentLog, scenario: Scenario) -> list[tuple[float, float]]:
    """Return a government's authority before and after whatever moved it.

    Parameters
    ----------
    log
        The log of a replication.
    scenario
        The scenario that it was run from.

    Returns
    -------
    list of (days, authority)
        Begins at day 0; ends at the horizon. Empty without a government. The first
        government counts where there are several.

    Notes
    -----
    The rules are those of the government's own memory
    (`sim.rules.host_government.authority`), here moved when an incident happens, not
    when the government learns of it, with the parameters of the moment. Every day of a
    development is a stop, as every incident is.
    """
    government = _government(scenario)
    if government is None:
        return []
    number = log.actors.index(government.name)
    stops: list[tuple[float, int, Record | None]] = [(log.horizon, 2, None)]
    for change in scenario.changes:
        if change.actor == government.name and change.time < log.horizon:
            stops.append((change.time, 0, None))
    stops += [(record.time, 1, record) for record in log.incidents()]
    level, since = government.params.authority, 0.0
    path = [(0.0, level)]
    before = params_on(government, scenario, 0.0)
    for time, _, record in sorted(stops, key=lambda stop: stop[:2]):
        level = authority_now(before, level, since, time)
        path.append((time, level))
        now = params_on(government, scenario, time)
        if record is not None:
            mine, at_me = record.actor == number, record.target == number
            harm = _harm(record, now, scenario, log)
            level += authority_change(now, record.act, int(mine), int(at_me), harm)
            level = min(1.0, max(0.0, level))
            path.append((time, level))
        since, before = time, now
    return path


def params_on(actor: Actor, scenario: Scenario, day: float) -> Any:
    """Return an actor's parameters on a day: all changes until then, from the first."""
    values = actor.params._asdict()
    for change in sorted(scenario.changes, key=lambda change: change.time):
        if change.actor != actor.name or change.time > day:
            continue
        old = values[change.parameter]
        values[change.parameter] = {
            "set": change.value,
            "scale": old * change.value,
            "add": old + change.value,
        }[change.how]
    return type(actor.params)(**values)


def standing(log: IncidentLog, scenario: Scenario) -> dict[str, float]:
    """Return how authority and presence stand at the end of a replication."""
    path = authority_path(log, scenario)
    return {
        "authority_end": path[-1][1] if path else nan,
        "authority_lowest": min(level for _, level in path) if path else nan,
        "n_sites_occupied_end": float(_occupied(log, scenario)),
    }


def _government(scenario: Scenario) -> Actor | None:
    for actor in scenario.actors:
        if "authority_step" in getattr(actor.params, "_fields", ()):
            return actor
    return None


def _occupied(log: IncidentLog, scenario: Scenario) -> int:
    """Return at how many sites a foreign power still has people."""
    foreign = {a.name for a in scenario.actors if a.kind.side == Side.FOREIGN}
    present = {
        (site.name, name)
        for site in scenario.sites
        for name, persons in site.presence.items()
        if name in foreign and persons > 0.0
    }
    for record in log.records:
        if (
            record.record_type == RecordType.INCIDENT
            and record.act == Act.BASE_HANDOVER
            and record.site >= 0
            and record.actor >= 0
        ):
            present.discard((log.sites[record.site], log.actors[record.actor]))
    return len({site for site, _ in present})


def _harm(record: Record, params: Any, scenario: Scenario, log: IncidentLog) -> float:
    """Return the harm of an attack on the government's soil, in deaths."""
    effect = record.effect
    dead = effect.killed_host + effect.killed_civilian
    sides = {actor.name: actor.kind.side for actor in scenario.actors}
    if record.target >= 0:
        side = sides[log.actors[record.target]]
        if side == Side.FOREIGN:
            dead += effect.killed_foreign
        elif side == Side.MILITIA:
            dead += effect.killed_militia
    wounded = effect.wounded_host + effect.wounded_civilian
    return dead + WOUNDED * wounded
