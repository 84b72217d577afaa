"""The table of outcomes: what each number is called, counts and means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sim.ladder import ACTS, RUNGS, Act, Visibility
from sim.outcomes.rows import HIDDEN, ROWS, TIMES

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

MONTH_DAYS: Final = 30.4375
"""Mean length of a month, days."""

ANSWER_DAYS: Final = 11.0
"""Within how many days a strike counts as the answer to a death (record: 2 of 2)."""

PROTEST_DAYS: Final = 7.0
"""Within how many days a protest counts as the answer to a strike."""

LARGE_SALVO: Final = 10.0
"""Fired rounds from which a salvo is large."""

WEEK_DAYS: Final = 7.0

WINDOW_DAYS: Final = 28.0
"""Days before and after a strike or a raid in which attacks are compared."""

LEAST_WINDOW_DAYS: Final = 7.0
"""Least days of the period on either side for such a comparison."""

PUSHBACK_DAYS: Final = (30, 90)
"""Days from the start (or from where the record ends) to look for pushback in."""

TRUE: Final = "_true"
"""Suffix of the outcomes of what happened, whether reported or not."""


class Outcome(NamedTuple):
    """One number that is read off a log."""

    name: str
    """Id, and column of the table of outcomes."""
    label: str
    """How a table or a plot names it."""
    unit: str
    kind: str
    """``count``, ``share``, ``days``, ``rung``, ``number`` or ``time``."""
    meaning: str
    is_reported: bool
    """Whether it is of what the press reported, and not of what happened."""
    aggregate: str = "mean"
    """How replications are put together: ``mean``, ``median``, ``proportion`` (of 0
    and 1) or ``censored`` (a time that may lie beyond the horizon)."""
    companion: str = ""
    """For a censored time, the outcome that is 1 when it happened."""


COUNTED: Final[dict[Act, str]] = {
    Act.ROCKET_ATTACK: "n_rocket_attacks",
    Act.CONVOY_BOMB: "n_convoy_bombs",
    Act.THWARTED_ATTACK: "n_thwarted",
    Act.RAID: "n_raids",
    Act.ARREST: "n_arrests",
    Act.SEIZURE: "n_seizures",
    Act.RELEASE: "n_releases",
    Act.THREAT: "n_threats",
    Act.ULTIMATUM: "n_ultimatums",
    Act.CLAIM: "n_claims",
    Act.DENIAL: "n_denials",
    Act.ADMISSION: "n_admissions",
    Act.PRAISE: "n_praises",
    Act.SHOW_OF_FORCE: "n_shows_of_force",
    Act.DEMONSTRATION: "n_demonstrations",
    Act.DEFIANCE: "n_defiances",
    Act.EMBASSY_STORMING: "n_embassy_stormings",
    Act.ACCUSATION: "n_accusations",
    Act.PROTEST_NOTE: "n_protest_notes",
    Act.DEMAND_TO_LEAVE: "n_demands_to_leave",
    Act.DEMAND: "n_demands",
    Act.EXPULSION_VOTE: "n_expulsion_votes",
    Act.PERMIT_RULE: "n_permit_rules",
    Act.RULE_LIFTED: "n_rules_lifted",
    Act.VISIT: "n_visits",
    Act.APPOINTMENT: "n_appointments",
    Act.TALKS: "n_talks",
    Act.SUPPORT: "n_supports",
    Act.SANCTION: "n_sanctions",
    Act.MOBILISATION: "n_mobilisations",
    Act.AIR_STRIKE: "n_air_strikes",
    Act.LEADER_KILLING: "n_leader_killings",
    Act.MILITIA_LEADER_KILLING: "n_militia_leader_killings",
    Act.DIRECT_STRIKE: "n_direct_strikes",
    Act.BASE_HANDOVER: "n_base_handovers",
    Act.TRUCE: "n_truces",
    Act.TRUCE_END: "n_truce_ends",
    Act.EVACUATION_THREAT: "n_evacuation_threats",
    Act.EVACUATION: "n_evacuations",
    Act.INVESTIGATION: "n_investigations",
    Act.DIRECTIVE_PRESS: "n_orders_to_attack",
    Act.DIRECTIVE_HOLD: "n_orders_to_hold",
    Act.RESUPPLY: "n_resupplies",
}
"""Acts whose incidents are counted, and the name of the count. Obeyed and ignored
orders become a share."""

SIDES: Final = ("foreign", "host", "civilian", "militia", "sponsor")
"""Names of the sides in the order of `sim.rules.behaviour.Side`."""


def time_names(stem: str) -> tuple[str, str]:
    """Return the names of a censored time and of its companion.

    >>> time_names("direct_exchange")
    ('time_to_direct_exchange_days', 'direct_exchange_happened')
    """
    return f"time_to_{stem}_days", f"{stem}_happened"


def _of_one_view(reported: bool) -> list[Outcome]:
    """Return every outcome of what was reported, or of what happened."""
    tail = "" if reported else TRUE
    which = "reported " if reported else ""
    found: list[Outcome] = []

    def add(
        name: str, label: str, unit: str, kind: str, how: str, meaning: str
    ) -> None:
        found.append(
            Outcome(name + tail, which + label, unit, kind, meaning, reported, how)
        )

    for act, name in COUNTED.items():
        if reported and ACTS[act].visibility == Visibility.PRIVATE:
            continue
        label = name[2:].replace("_", " ")
        add(name, label, "incidents", "count", "mean", f"incidents: {ACTS[act].label}")
    for side in SIDES:
        add(
            f"n_killed_{side}", f"{side} dead", "persons", "count", "mean", "by any act"
        )
        add(
            f"n_wounded_{side}",
            f"{side} wounded",
            "persons",
            "count",
            "mean",
            "by any act",
        )
    for row in ROWS:
        add(*row)
    for rung, name in RUNGS.items():
        meaning = "days on which this was the highest rung of any dyad"
        add(f"days_at_rung_{rung}", f"days of {name}", "days", "days", "mean", meaning)
    for stem, label in TIMES:
        time, happened = time_names(stem)
        row = Outcome(
            time + tail,
            f"time to {which}{label}",
            "days",
            "time",
            f"days from the start to the {label}; the horizon when it did not come",
            reported,
            "censored",
            happened + tail,
        )
        found.append(row)
        meaning = f"1 when the {label} came within the horizon, else 0"
        add(happened, f"{label} happened", "share", "share", "proportion", meaning)
    for days in PUSHBACK_DAYS:
        add(
            f"pushback_within_{days}_days",
            f"pushback of a sponsor within {days} days",
            "share",
            "share",
            "proportion",
            f"1 when a sponsor acted against others within {days} days of the start, "
            "or of the day on which the record ends; else 0",
        )
    if not reported:
        for row in HIDDEN:
            add(*row)
    return found


OUTCOMES: Final[dict[str, Outcome]] = {
    outcome.name: outcome for outcome in (*_of_one_view(True), *_of_one_view(False))
}
"""Outcomes by name; those of a scenario's sites come on top (`outcomes_for`)."""


def outcomes_for(scenario: Scenario) -> dict[str, Outcome]:
    """Return the table of outcomes of one scenario: `OUTCOMES` and its sites."""
    table = dict(OUTCOMES)
    for site in scenario.sites:
        for tail, reported in (("", True), (TRUE, False)):
            name = f"share_{site.name}{tail}"
            row = Outcome(
                name,
                f"{'reported ' if reported else ''}attacks on {site.label}",
                "share",
                "share",
                f"share of rocket attacks on {site.label}",
                reported,
            )
            table.setdefault(name, row)
    return table
