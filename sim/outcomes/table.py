"""The table of outcomes: what each number is called, counts and means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sim.ladder import ACTS, RUNGS, Act, Visibility, name_of
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


NOT_COUNTED: Final[dict[Act, str]] = {
    Act.NONE: "nothing happened",
    Act.COMPLIANCE: "a share of the answered orders, share_orders_obeyed",
    Act.DISOBEDIENCE: "the rest of that share",
    Act.READINESS_RAISED: "an actor's own move, which only attacks and words show",
    Act.READINESS_LOWERED: "an actor's own move, as above",
    Act.GOVERNMENT_SWORN_IN: "comes by developments only, which no outcome counts",
}
"""Acts without a count of their own, and why."""

_OTHER_PLURALS: Final[dict[Act, str]] = {
    Act.THWARTED_ATTACK: "thwarted",
    Act.SHOW_OF_FORCE: "shows_of_force",
    Act.DEMAND_TO_LEAVE: "demands_to_leave",
    Act.TALKS: "talks",
    Act.RULE_LIFTED: "rules_lifted",
    Act.DIRECTIVE_PRESS: "orders_to_attack",
    Act.DIRECTIVE_HOLD: "orders_to_hold",
    Act.RESUPPLY: "resupplies",
}
"""Where the plural is more than an s, or another word says more."""

COUNTED: Final[dict[Act, str]] = {
    row.act: f"n_{_OTHER_PLURALS.get(row.act, name_of(row.act) + 's')}"
    for row in ACTS
    if row.act not in NOT_COUNTED
}
"""Acts whose incidents are counted, and the name of the count."""

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
    outcomes: list[Outcome] = []

    def add(
        name: str, label: str, unit: str, kind: str, how: str, meaning: str
    ) -> None:
        outcomes.append(
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
        outcomes.append(row)
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
    return outcomes


OUTCOMES: Final[dict[str, Outcome]] = {
    outcome.name: outcome for outcome in (*_of_one_view(True), *_of_one_view(False))
}
"""Outcomes by name; those of a scenario's sites come on top (`outcomes_for`)."""


def outcomes_for(scenario: Scenario) -> dict[str, Outcome]:
    """Return a scenario's table of outcomes: `OUTCOMES`, its sites, the user's own."""
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
    for name, measure in scenario.own_outcomes.items():
        label = name.replace("_", " ")
        meaning = (measure.__doc__ or "an outcome of one's own").strip()
        meaning = meaning.partition("\n")[0].rstrip(".")
        for tail, which in (("", "reported "), (TRUE, "")):
            table[name + tail] = Outcome(
                name + tail, which + label, "", "number", meaning, not tail
            )
    return table
