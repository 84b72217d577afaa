"""The measuring of replications: records of one in, every outcome of it out.

Each outcome is defined once, as a plain function over incidents. Where the replications
ran compiled, the functions are compiled too and read the records where they lie;
elsewhere Python calls the same functions.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from types import FunctionType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.engine.driver import rows_of
from sim.engine.log import LOG, IncidentLog, Origin, RecordType
from sim.ladder import ACTS, Act, Visibility
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
    site_shares,
    sites_hit,
)
from sim.outcomes.incidents import (
    Facts,
    Incident,
    View,
    one_if,
    places_of,
    ratio,
)
from sim.outcomes.rhythm import Rhythm, rhythm
from sim.outcomes.rungs import (
    RUNG_OF,
    TOP_RUNG,
    days_at_rungs,
    peak_rung,
)
from sim.outcomes.standing import (
    authority,
    drifts_of,
    government_of,
    n_sites_occupied,
    terms_of,
)
from sim.outcomes.table import COUNTED, TRUE
from sim.rules.behaviour import Side

if TYPE_CHECKING:
    from sim.engine.log import Rows
    from sim.scenario.scenario import Scenario

Floats = np.ndarray[Any, np.dtype[np.float64]]


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


def hidden(view: View, rows: Any) -> Hidden:
    """Measure what no press can see, of what happened and of all records."""
    obeyed = ignored = 0.0
    for incident in view.incidents:
        obeyed += one_if(incident.act == Act.COMPLIANCE)
        ignored += one_if(incident.act == Act.DISOBEDIENCE)
    last, lowest = authority(rows, view.facts)
    return Hidden(
        authority_end=last,
        authority_lowest=lowest,
        n_sites_occupied_end=n_sites_occupied(rows, view.facts),
        share_orders_obeyed=ratio(obeyed, obeyed + ignored),
        share_strikes_misattributed=misattributed(view, rows),
    )


def take(rows: Any, incidents: Any, facts: Facts) -> int:
    """Write the incidents that count as they happened; return how many there are."""
    n = 0
    for number in range(len(rows)):
        row = rows[number]
        if row.record_type != RecordType.INCIDENT or row.origin != Origin.SIMULATED:
            continue
        if row.time < facts.since:
            continue
        one, e = incidents[n], row.effect
        one.time, one.row = row.time - facts.since, number
        one.act, one.actor = row.act, row.actor
        one.target, one.site = row.target, row.site
        one.rounds, one.unfired, one.hits = e[0], e[1], e[2]
        one.killed_foreign, one.killed_host, one.killed_civilian = e[3], e[4], e[5]
        one.killed_militia, one.killed_sponsor = e[6], e[7]
        one.wounded_foreign, one.wounded_host, one.wounded_civilian = e[8], e[9], e[10]
        one.wounded_militia, one.wounded_sponsor = e[11], e[12]
        one.persons, one.launchers, one.force = e[13], e[14], e[15]
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


def measured(rows: Any, incidents: Any, facts: Facts, values: Any) -> None:
    """Write every outcome of one replication: happened, hidden, reported.

    Parameters
    ----------
    rows
        Its records, fields as in `sim.engine.log.LOG`.
    incidents
        Room for as many incidents.
    facts
        The scenario's.
    values
        Written; shape (outcomes,).
    """
    n = take(rows, incidents, facts)
    seen = incidents[:n]
    view = View(seen, facts, *places_of(seen))
    at = _families(view, values, 0)
    for value in hidden(view, rows):
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


class Measure:
    """Measures replications of one scenario; any number of threads may share it.

    Parameters
    ----------
    scenario
        What they are run from.
    until
        Day on which they end.
    since
        Day from which everything is simulated; times count from it.
    is_compiled
        Whether to compile; values are the same to the bit.
    own
        Outcomes of one's own by name, each a function from a `View` to a float.
    """

    def __init__(
        self,
        scenario: Scenario,
        until: float,
        since: float = 0.0,
        *,
        is_compiled: bool = False,
        own: Mapping[str, Callable[[View], float]] | None = None,
    ) -> None:
        sites = tuple(f"share_{site.name}" for site in scenario.sites)
        families = (
            *FAMILIES,
            Family(sites, site_shares),
            *(Family((name,), of, is_one=True) for name, of in (own or {}).items()),
        )
        names = [name for family in families for name in family.names]
        self.width = 2 * len(names) + len(Hidden._fields)
        self._place: dict[str, int] = {}
        first = len(names) + len(Hidden._fields)
        for place, name in enumerate(names):
            if name not in _PRIVATE_COUNTS:
                self._place.setdefault(name, first + place)
        for place, name in enumerate((*names, *Hidden._fields)):
            self._place.setdefault(name + TRUE, place)
        facts = facts_of(scenario, since, until)
        if is_compiled:
            from sim.outcomes.compiled import CompiledMeasure

            self._call: Any = CompiledMeasure(families, facts)
        else:
            self._call = _InPython(families, facts)

    def into(self, values: Floats, rows: Rows) -> None:
        """Write the values of one replication, shape (`width`,)."""
        self._call(rows, values)

    def columns(self, values: Floats) -> dict[str, Floats]:
        """Return values of shape (n, `width`) by the names of the outcomes."""
        return {name: values[:, place] for name, place in self._place.items()}

    def of(self, rows: Rows) -> dict[str, float]:
        """Return every outcome of one replication."""
        values = np.empty(self.width)
        self.into(values, rows)
        return {name: float(values[place]) for name, place in self._place.items()}


_PRIVATE_COUNTS: Final = frozenset(
    name for act, name in COUNTED.items() if ACTS[act].visibility == Visibility.PRIVATE
)

_Record = namedtuple("_Record", LOG.names or ())


class _InPython:
    """Measures by calling the functions as they are written."""

    def __init__(self, families: Sequence[Family], facts: Facts) -> None:
        self._facts = facts
        self._measured = with_families(families, lambda function: function)

    def __call__(self, rows: Rows, values: Floats) -> None:
        # No outcome reads what was perceived, which is most of a log.
        some = rows[rows["record_type"] != RecordType.PERCEPTION]
        effects: list[list[float]] = some["effect"].tolist()
        records = [
            _Record(*row)._replace(effect=effect)
            for row, effect in zip(some.tolist(), effects, strict=True)
        ]
        room, plain = [Incident() for _ in records], values.tolist()
        self._measured(records, room, self._facts, plain)
        values[:] = plain


def facts_of(scenario: Scenario, since: float, until: float) -> Facts:
    """Return what the outcomes of a scenario may know of it."""
    foreign = {
        actor.name: number
        for number, actor in enumerate(scenario.actors)
        if actor.kind.side == Side.FOREIGN
    }
    present = [
        (number, foreign[name])
        for number, site in enumerate(scenario.sites)
        for name, persons in site.presence.items()
        if name in foreign and persons > 0.0
    ]
    government = government_of(scenario)
    terms = [] if government < 0 else terms_of(scenario, government)
    drifts = drifts_of(terms)
    return Facts(
        since=since,
        until=until,
        horizon=until - since,
        rung_window=scenario.rung_window,
        exchange_window=scenario.exchange_window,
        exchange_strikes=scenario.exchange_strikes,
        n_actors=len(scenario.actors),
        n_sites=len(scenario.sites),
        side=[int(actor.kind.side) for actor in scenario.actors],
        rung=list(RUNG_OF),
        is_private=[int(row.visibility == Visibility.PRIVATE) for row in ACTS],
        goldstein_cameo=[row.goldstein_cameo for row in ACTS],
        goldstein_weis=[row.goldstein_weis for row in ACTS],
        government=government,
        n_terms=len(terms),
        terms=terms,
        n_drifts=len(drifts),
        drifts=drifts,
        n_present=len(present),
        present_site=[site for site, _ in present],
        present_actor=[actor for _, actor in present],
    )


def outcomes_of(log: IncidentLog, scenario: Scenario) -> dict[str, float]:
    """Return every outcome of one replication.

    Parameters
    ----------
    log
        The log of the replication.
    scenario
        The scenario that it was run from: windows of rungs and war, sites.

    Returns
    -------
    dict of str to float
        One value for each name in ``outcomes_for(scenario)``; nan where the outcome is
        not defined in this replication.
    """
    return Measure(scenario, log.horizon, log.since).of(rows_of(log))
