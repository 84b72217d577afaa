"""Incident logs in, numbers out.

No files, no replications, and no draw: an outcome is a function of a log.

Every outcome exists twice, under one rule of naming. A name without a suffix is of
what the **press reported**: reported incidents, by the actors that the reports name;
private acts are never reported. This is what meets the record. The same name with
the suffix ``_true`` is of what **happened**. A few outcomes that no press can see
(orders obeyed, strikes on the wrong militia) exist only as ``_true``. The share of
attacks on a site is ``share_<site>``, one for each site of the scenario.

Only simulated incidents count: what a scenario, a record or a player put in never does,
neither as an incident nor as what another is measured from. An undefined value is nan
(a delay without a strike). A time that did not come within the horizon is the horizon,
and its companion ``..._happened`` is 0 (censored on the right).

An *attack* is a rocket attack, a *strike* an air strike or the killing of a leader, a
*coalition death* a death among the foreign power's people.
"""

from sim.outcomes.incidents import Incident, View
from sim.outcomes.measure import Measure, outcomes_of
from sim.outcomes.own import with_outcomes
from sim.outcomes.rungs import rung_at, rung_path
from sim.outcomes.table import OUTCOMES, Outcome, outcomes_for

__all__ = [
    "OUTCOMES",
    "Incident",
    "Measure",
    "Outcome",
    "View",
    "outcomes_for",
    "outcomes_of",
    "rung_at",
    "rung_path",
    "with_outcomes",
]
