"""Every outcome, by the function that measures it, and all of them as one function.

Each is defined once, as plain Python over incidents. What is here is called as it
stands, or compiled as it stands.
"""

from __future__ import annotations

from types import FunctionType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.engine.log import Origin, RecordType
from sim.ladder import Act
from sim.outcomes.answers import (
    RaidAnswers,
    StrikeAnswers,
    misattributed,
    raid_answers,
    strike_answers,
)
from sim.outcomes.before_after import Changes, attack_changes
from sim.outcomes.counts import (
    Firsts,
    Pushback,
    Sums,
    Wars,
    counts,
    firsts,
    pushback,
    sums,
    wars,
)
from sim.outcomes.harm import (
    Casualties,
    Harm,
    Salvoes,
    SitesHit,
    casualties,
    harm_of_attacks,
    salvoes,
    sites_hit,
)
from sim.outcomes.incidents import (
    Facts,
    View,
    one_if,
    places_of,
    ratio,
)
from sim.outcomes.rhythm import Rhythm, rhythm
from sim.outcomes.rungs import (
    TOP_RUNG,
    days_at_rungs,
    peak_rung,
)
from sim.outcomes.standing import (
    authority,
    n_sites_occupied,
)
from sim.outcomes.table import COUNTED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Family(NamedTuple):
    """Outcomes that one function measures in one view."""

    names: tuple[str, ...]
    measure: Callable[[View], Any]
    """Returns a number, a float, for each name."""
    is_one: bool = False
    """Whether it returns the one number itself."""


FAMILIES: Final = (
    Family(tuple(COUNTED.values()), counts),
    Family(Sums._fields, sums),
    Family(Casualties._fields, casualties),
    Family(Harm._fields, harm_of_attacks),
    Family(SitesHit._fields, sites_hit),
    Family(Rhythm._fields, rhythm),
    Family(Salvoes._fields, salvoes),
    Family(StrikeAnswers._fields, strike_answers),
    Family(Changes._fields, attack_changes),
    Family(RaidAnswers._fields, raid_answers),
    Family(("peak_rung",), peak_rung, is_one=True),
    Family(
        tuple(f"days_at_rung_{rung}" for rung in range(TOP_RUNG + 1)), days_at_rungs
    ),
    Family(Firsts._fields, firsts),
    Family(Wars._fields, wars),
    Family(Pushback._fields, pushback),
)
"""Measured as reported, and as happened; the shares of the sites come on top."""


class Hidden(NamedTuple):
    """What no press can see."""

    authority_end: float
    authority_lowest: float
    n_sites_occupied_end: float
    share_orders_obeyed: float
    share_strikes_misattributed: float


def hidden(view: View, rows: Any, effects: Any) -> Hidden:
    """Measure what no press can see, of what happened and of all records."""
    obeyed = ignored = 0.0
    for incident in view.incidents:
        obeyed += one_if(incident.act == Act.COMPLIANCE)
        ignored += one_if(incident.act == Act.DISOBEDIENCE)
    last, lowest = authority(rows, effects, view.facts)
    return Hidden(
        authority_end=last,
        authority_lowest=lowest,
        n_sites_occupied_end=n_sites_occupied(rows, view.facts),
        share_orders_obeyed=ratio(obeyed, obeyed + ignored),
        share_strikes_misattributed=misattributed(view, rows),
    )


def take(rows: Any, effects: Any, incidents: Any, facts: Facts) -> int:
    """Write the incidents that count as they happened; return how many there are."""
    n = 0
    for number in range(len(rows)):
        row = rows[number]
        if row.record_type != RecordType.INCIDENT or row.origin != Origin.SIMULATED:
            continue
        if row.time < facts.since:
            continue
        one, e = incidents[n], effects[row.effect]
        one.time, one.row = row.time - facts.since, number
        one.act, one.actor = row.act, row.actor
        one.target, one.site = row.target, row.site
        one.rounds, one.unfired, one.hits = e[0], e[1], e[2]
        one.killed_foreign, one.killed_host, one.killed_civilian = e[3], e[4], e[5]
        one.killed_militia, one.killed_sponsor = e[6], e[7]
        one.wounded_foreign, one.wounded_host, one.wounded_civilian = e[8], e[9], e[10]
        one.wounded_militia, one.wounded_sponsor = e[11], e[12]
        one.persons, one.launchers, one.force = e[13], e[14], e[17]
        n += 1
    return n


def take_reported(rows: Any, incidents: Any, n: int, facts: Facts) -> int:
    """Leave the reported ones of n incidents, by whom the press names; return how many.

    Private acts are never reported.
    """
    n_reported = 0
    for place in range(n):
        one = incidents[place]
        if rows[one.row].is_reported == 1 and facts.is_private[one.act] == 0:
            one.actor = rows[one.row].reported_actor
            incidents[n_reported] = one
            n_reported += 1
    return n_reported


def _families(view: View, values: Any, at: int) -> int:
    """Stand in for the chain of families, which `linked` makes."""
    return at


def measured(
    rows: Any, effects: Any, incidents: Any, facts: Facts, values: Any
) -> None:
    """Write every outcome of one replication: happened, hidden, reported.

    Parameters
    ----------
    rows
        Its records, fields as in `sim.engine.log.LOG`.
    effects
        As in `sim.engine.log.Rows`.
    incidents
        Room for as many incidents.
    facts
        The scenario's.
    values
        Written; shape (outcomes,).
    """
    n = take(rows, effects, incidents, facts)
    seen = incidents[:n]
    view = View(seen, facts, *places_of(seen))
    at = _families(view, values, 0)
    for value in hidden(view, rows, effects):
        values[at] = value
        at += 1
    n = take_reported(rows, incidents, n, facts)
    seen = incidents[:n]
    _families(View(seen, facts, *places_of(seen)), values, at)


def with_families(families: Sequence[Family], compiled: Callable[[Any], Any]) -> Any:
    """Return `measured` for some families.

    It is a copy whose one global that differs is the chain: a closure numba would not
    find again in the cache of a later process.
    """
    names = {**globals(), "_families": linked(families, compiled)}
    return FunctionType(measured.__code__, names, "measured")


def linked(families: Sequence[Family], compiled: Callable[[Any], Any]) -> Any:
    """Tie families into one function that writes the values of all, in order.

    Parameters
    ----------
    families
        Some.
    compiled
        What makes a function one that its caller can call.
    """

    def end(view: View, values: Any, at: int) -> int:
        return at

    chain = compiled(end)
    for family in reversed(families):
        link = _link_one if family.is_one else _link
        chain = compiled(link(compiled(family.measure), chain))
    return chain


def _link_one(measure: Any, rest: Any) -> Any:
    def link(view: View, values: Any, at: int) -> int:
        values[at] = measure(view)
        return rest(view, values, at + 1)

    return link


def _link(measure: Any, rest: Any) -> Any:
    def link(view: View, values: Any, at: int) -> int:
        for value in measure(view):
            values[at] = value
            at += 1
        return rest(view, values, at)

    return link
