"""The table of outcomes: what each number is called, counts and means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sim.ladder import ACTS, RUNGS, Act, Visibility

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

MONTH_DAYS: Final = 30.4375
"""Mean length of a month, days."""

ANSWER_DAYS: Final = 11.0
"""Within how many days a strike counts as the answer to a death (record: 2 of 2)."""

PROTEST_DAYS: Final = 7.0
"""Within how many days an accusation counts as the answer to a strike."""

LARGE_SALVO: Final = 10.0
"""Fired rounds from which a salvo is large."""

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
    Act.VISIT: "n_visits",
    Act.TALKS: "n_talks",
    Act.SUPPORT: "n_supports",
    Act.SANCTION: "n_sanctions",
    Act.MOBILISATION: "n_mobilisations",
    Act.AIR_STRIKE: "n_air_strikes",
    Act.LEADER_KILLING: "n_leader_killings",
    Act.DIRECT_STRIKE: "n_direct_strikes",
    Act.BASE_HANDOVER: "n_base_handovers",
    Act.TRUCE: "n_truces",
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

_C, _P = "incidents", "persons"

_ROWS: Final[tuple[tuple[str, str, str, str, str, str], ...]] = (
    ("n_strikes", "strikes", _C, "count", "mean", "air strikes and leaders killed"),
    ("n_persons_arrested", "persons arrested", _P, "count", "mean", "in all arrests"),
    ("n_persons_released", "persons released", _P, "count", "mean", "in all releases"),
    ("n_coalition_deaths", "coalition deaths", _P, "count", "mean",
     "deaths among the foreign power's people in rocket attacks"),
    ("n_wounded_all", "wounded by attacks", _P, "count", "mean",
     "wounded by rocket attacks, on all sides"),
    ("n_rounds_fired", "rounds fired", "rounds", "count", "mean",
     "rounds fired in rocket attacks"),
    ("n_attacks_with_casualties", "attacks with casualties", _C, "count", "mean",
     "rocket attacks that killed or wounded anybody"),
    ("n_attacks_with_deaths", "attacks with deaths", _C, "count", "mean",
     "rocket attacks that killed anybody"),
    ("n_attacks_harming_coalition", "attacks harming the coalition", _C, "count",
     "mean", "rocket attacks that killed or wounded the foreign power's people"),
    ("share_attacks_with_casualties", "attacks with casualties", "share", "share",
     "mean", "share of rocket attacks that killed or wounded anybody"),
    ("share_attacks_with_deaths", "attacks with deaths", "share", "share", "mean",
     "share of rocket attacks that killed anybody"),
    ("share_attacks_harming_coalition", "attacks harming the coalition", "share",
     "share", "mean",
     "share of rocket attacks that killed or wounded the foreign power's people"),
    ("rocket_attacks_per_month", "rocket attacks a month", "1/month", "number", "mean",
     "rocket attacks per 30.4375 days"),
    ("weekly_dispersion", "weekly dispersion", "", "number", "mean",
     "variance over mean of weekly attacks, whole weeks from day 0; Poisson gives 1"),
    ("share_empty_weeks", "weeks without attack", "share", "share", "mean",
     "share of whole weeks, from day 0, without a rocket attack"),
    ("gap_cv", "variation of gaps", "", "number", "mean",
     "standard deviation over mean of the gaps between attacks; Poisson gives 1"),
    ("gap_median_days", "median gap", "days", "days", "mean",
     "median of the gaps between attacks"),
    ("longest_gap_days", "longest gap", "days", "days", "mean",
     "longest gap between two attacks"),
    ("salvo_median", "median salvo", "rounds", "number", "mean",
     "median of the rounds fired in an attack that fired any"),
    ("salvo_mean", "mean salvo", "rounds", "number", "mean",
     "mean of the rounds fired in an attack that fired any"),
    ("salvo_max", "largest salvo", "rounds", "number", "mean",
     "most rounds fired in one attack"),
    ("salvo_mean_second_half", "mean salvo, second half", "rounds", "number", "mean",
     "mean of the rounds fired in an attack of the second half of the period"),
    ("n_sites_attacked_first_half", "sites attacked, first half", "sites", "count",
     "mean", "different sites attacked by rockets in the first half of the period"),
    ("n_sites_attacked_second_half", "sites attacked, second half", "sites", "count",
     "mean", "different sites attacked by rockets in the second half of the period"),
    ("share_salvo_ge_10", "large salvoes", "share", "share", "mean",
     "share of attacks that fired any round which fired ten or more"),
    ("n_air_strikes_after_death", "coalition deaths met by a strike", _C, "count",
     "mean", "attacks with coalition deaths that a strike follows within 11 days"),
    ("share_strike_given_coalition_death", "deaths answered by a strike", "share",
     "share", "mean", "share of attacks with coalition deaths that a strike follows "
     "within 11 days; attacks in the last 11 days do not count"),
    ("n_strikes_without_death", "strikes without a coalition death", _C, "count",
     "mean", "strikes that no attack with coalition deaths precedes within 11 days"),
    ("strike_delay_days", "delay of strikes", "days", "days", "median",
     "mean time from an attack with coalition deaths to the strike within 11 days"),
    ("reply_delay_days", "delay of replies", "days", "days", "median",
     "mean time from a strike to the next rocket attack, where one follows"),
    ("n_accusations_after_strikes", "strikes met by an accusation", _C, "count",
     "mean", "strikes that an accusation, formal protest or vote to expel follows "
     "within 7 days"),
    ("raid_to_show_of_force_days", "raid to show of force", "days", "days", "median",
     "mean time from a raid to the raided militia's next show of force, where one "
     "comes before the next raid on it"),
    ("arrest_to_release_days", "arrest to release", "days", "days", "median",
     "mean time from an arrest to the next release of the same actor's people"),
    ("release_to_next_attack_days", "release to next attack", "days", "days",
     "median", "mean time from a release to the next rocket attack by anybody"),
    ("share_thwarted", "attempts thwarted", "share", "share", "mean",
     "thwarted attacks over thwarted and completed ones"),
    ("goldstein_cameo_per_week", "Goldstein sum a week (CAMEO)", "1/week", "number",
     "mean", "weights of all incidents on the CAMEO scale, added up, per week; more "
     "negative is more hostile"),
    ("goldstein_weis_per_week", "Goldstein sum a week (WEIS)", "1/week", "number",
     "mean", "the same on Goldstein's scale of 1992, which gives releases, truces and "
     "hand-overs less weight"),
    ("peak_rung", "peak rung", "rung", "rung", "mean",
     "highest rung that any dyad reached"),
)  # fmt: skip

_TIMES: Final = (
    ("first_pushback", "first pushback of a sponsor"),
    ("first_attack", "first rocket attack"),
    ("first_strike", "first strike"),
    ("first_coalition_death", "first coalition death"),
    ("first_raid", "first raid"),
    ("first_direct_strike", "first direct strike"),
    ("war", "war"),
)

_HIDDEN: Final[tuple[tuple[str, str, str, str, str, str], ...]] = (
    ("authority_end", "authority of the government at the end", "share", "share",
     "mean", "0 to 1, after all that happened, put in or not"),
    ("authority_lowest", "lowest authority of the government", "share", "share",
     "mean", "0 to 1, the least at any moment"),
    ("n_sites_occupied_end", "sites still occupied", "sites", "count", "mean",
     "sites with people of the foreign power at the end"),
    ("share_orders_obeyed", "orders obeyed", "share", "share", "mean",
     "share of answered orders that were obeyed"),
    ("share_strikes_misattributed", "strikes on the wrong actor", "share", "share",
     "mean", "share of strikes whose target did not do the attack they answer"),
)  # fmt: skip


def time_names(stem: str) -> tuple[str, str]:
    """Return the names of a censored time and of its companion.

    >>> time_names("war")
    ('time_to_war_days', 'war_happened')
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
        add(name, label, _C, "count", "mean", f"incidents: {ACTS[act].label}")
    for side in SIDES:
        add(f"n_killed_{side}", f"{side} dead", _P, "count", "mean", "by any act")
        add(f"n_wounded_{side}", f"{side} wounded", _P, "count", "mean", "by any act")
    for row in _ROWS:
        add(*row)
    for rung, name in RUNGS.items():
        meaning = "days on which this was the highest rung of any dyad"
        add(f"days_at_rung_{rung}", f"days of {name}", "days", "days", "mean", meaning)
    for stem, label in _TIMES:
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
        for row in _HIDDEN:
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
