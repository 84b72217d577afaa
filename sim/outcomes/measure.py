"""The measuring of replications: records of one in, every outcome of it out.

Where the replications ran compiled, the functions of this room are compiled too and
read the records where they lie; elsewhere Python calls the same functions.
"""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.engine.driver import rows_of
from sim.engine.log import LOG, IncidentLog, RecordType
from sim.ladder import ACTS, Visibility
from sim.outcomes.families import FAMILIES, Family, Hidden, with_families
from sim.outcomes.harm import site_shares
from sim.outcomes.incidents import Facts, Incident
from sim.outcomes.rungs import RUNG_OF
from sim.outcomes.standing import drifts_of, government_of, terms_of
from sim.outcomes.table import COUNTED, TRUE
from sim.rules.behaviour import Side

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.engine.log import Rows
    from sim.scenario.scenario import Scenario

Floats = np.ndarray[Any, np.dtype[np.float64]]


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
        Whether to compile; values are the same to the bit. Where an outcome of one's
        own does not compile, Python measures all.
    """

    def __init__(
        self,
        scenario: Scenario,
        until: float,
        since: float = 0.0,
        *,
        is_compiled: bool = False,
    ) -> None:
        sites = tuple(f"share_{site.name}" for site in scenario.sites)
        families = (
            *FAMILIES,
            Family(sites, site_shares),
            *(
                Family((name,), own, is_one=True)
                for name, own in scenario.own_outcomes.items()
            ),
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
        self._call: Callable[[Rows, Floats], None] = _InPython(families, facts)
        if is_compiled:
            from sim.outcomes.compiled import CompiledMeasure

            try:
                self._call = CompiledMeasure(families, facts)
            except Exception as error:
                # An outcome of one's own may not compile.
                if not type(error).__module__.startswith("numba."):
                    raise

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

_Record: Any = namedtuple("_Record", LOG.names or ())  # pyright: ignore[reportUntypedNamedTuple]


class _InPython:
    """Measures by calling the functions as they are written."""

    def __init__(self, families: Sequence[Family], facts: Facts) -> None:
        self._facts = facts
        self._measured = with_families(families, lambda function: function)

    def __call__(self, rows: Rows, values: Floats) -> None:
        # No outcome reads what was perceived, which is most of a log.
        kinds = rows.records["record_type"]
        some = rows.records[kinds != RecordType.PERCEPTION].tolist()
        records, effects = [_Record(*row) for row in some], rows.effects.tolist()
        room, plain = [Incident() for _ in records], values.tolist()
        self._measured(records, effects, room, self._facts, plain)
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
        is_abroad=[
            int(bool(site.soil) and site.soil != scenario.actors[government].name)
            for site in scenario.sites
        ],
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
