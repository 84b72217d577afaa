"""The rows of the table of outcomes: name, label, unit, kind, aggregate, meaning."""

from __future__ import annotations

from typing import Final

_C, _P = "incidents", "persons"

ROWS: Final[tuple[tuple[str, str, str, str, str, str], ...]] = (
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
    ("n_attacks_harming_host", "attacks harming the host's forces", _C, "count",
     "mean", "rocket attacks that killed or wounded the host government's forces"),
    ("n_attacks_harming_civilians", "attacks harming civilians", _C, "count", "mean",
     "rocket attacks that killed or wounded civilians"),
    ("share_attacks_harming_host", "attacks harming the host's forces", "share",
     "share", "mean",
     "share of rocket attacks that killed or wounded the host government's forces"),
    ("share_attacks_harming_civilians", "attacks harming civilians", "share", "share",
     "mean", "share of rocket attacks that killed or wounded civilians"),
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
    ("salvo_trend", "trend of salvoes", "", "number", "mean",
     "correlation of the time of an attack with the logarithm of the rounds that it "
     "fired; below 0 where salvoes shrink; not defined of fewer than three"),
    ("salvo_mean_first_half", "mean salvo, first half", "rounds", "number", "mean",
     "mean of the rounds fired in an attack of the first half of the period"),
    ("salvo_mean_second_half", "mean salvo, second half", "rounds", "number", "mean",
     "mean of the rounds fired in an attack of the second half of the period"),
    ("n_sites_attacked_first_half", "sites attacked, first half", "sites", "count",
     "mean", "different sites attacked by rockets in the first half of the period"),
    ("n_sites_attacked_second_half", "sites attacked, second half", "sites", "count",
     "mean", "different sites attacked by rockets in the second half of the period"),
    ("share_on_most_attacked_first_half", "most attacked site, first half", "share",
     "share", "mean", "share of the rocket attacks on a site, in the first half of the "
     "period, that fell on the site most attacked in that half"),
    ("share_on_most_attacked_second_half", "most attacked site, second half", "share",
     "share", "mean", "share of the rocket attacks on a site, in the second half of "
     "the period, that fell on the site most attacked in that half"),
    ("site_mix_change", "change of target mix", "share", "share", "mean",
     "half the sum, over sites, of the difference between their shares of the rocket "
     "attacks of the two halves of the period: 0 for the same mix, 1 for no site in "
     "common"),
    ("share_salvo_ge_10", "large salvoes", "share", "share", "mean",
     "share of attacks that fired any round which fired ten or more"),
    ("n_air_strikes_after_death", "coalition deaths met by a strike", _C, "count",
     "mean", "attacks with coalition deaths that a strike follows within 11 days"),
    ("share_strike_given_coalition_death", "deaths answered by a strike", "share",
     "share", "mean", "share of attacks with coalition deaths that a strike follows "
     "within 11 days; attacks in the last 11 days do not count"),
    ("n_strikes_without_death", "strikes without a coalition death", _C, "count",
     "mean", "strikes that no attack with coalition deaths precedes within 11 days"),
    ("share_strike_given_coalition_wounded", "wounded answered by a strike", "share",
     "share", "mean", "share of attacks that wounded and did not kill the foreign "
     "power's people which, within 11 days, a strike without a coalition death "
     "follows; attacks in the last 11 days do not count"),
    ("strike_delay_days", "delay of strikes", "days", "days", "median",
     "mean time from an attack with coalition deaths to the strike within 11 days"),
    ("reply_delay_days", "delay of replies", "days", "days", "median",
     "mean time from a strike to the next rocket attack, where one follows"),
    ("n_accusations_after_strikes", "strikes met by a protest", _C, "count",
     "mean", "strikes that a host government's accusation, formal protest, demand to "
     "leave or vote to expel, against a foreign power, follows within 7 days"),
    ("attack_change_after_strikes", "change of attacks after strikes", "1/week",
     "number", "mean", "rocket attacks a week in the 28 days after strikes, less those "
     "in the 28 days before; strikes with a week of the period on both sides"),
    ("attack_change_after_raids", "change of attacks after raids", "1/week", "number",
     "mean", "rocket attacks a week in the 28 days after raids, less those in the 28 "
     "days before; raids with a week of the period on both sides"),
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
"""Outcomes of what was reported and, with the suffix, of what happened."""

TIMES: Final = (
    ("first_pushback", "first pushback of a sponsor"),
    ("first_attack", "first rocket attack"),
    ("first_strike", "first strike"),
    ("first_coalition_death", "first coalition death"),
    ("first_raid", "first raid"),
    ("first_direct_strike", "first direct strike"),
    ("direct_exchange", "direct exchange"),
    ("both_struck", "direct strike by both"),
)
"""Times that may not come: stem of the name, and label."""

HIDDEN: Final[tuple[tuple[str, str, str, str, str, str], ...]] = (
    ("authority_end", "authority of the government at the end", "share", "share",
     "mean", "0 to 1, after all that happened, put in or not, under the parameters in "
     "force at each moment"),
    ("authority_lowest", "lowest authority of the government", "share", "share",
     "mean", "0 to 1, the least at any moment, so also just before a gain"),
    ("n_sites_occupied_end", "sites still occupied", "sites", "count", "mean",
     "sites with people of the foreign power at the end"),
    ("share_orders_obeyed", "orders obeyed", "share", "share", "mean",
     "share of answered orders that were obeyed"),
    ("share_strikes_misattributed", "strikes on the wrong militia", "share", "share",
     "mean", "share of the strikes on militias that answer an attack which hit another "
     "than its author; an answer toward the sponsor is no strike on a militia"),
)  # fmt: skip
"""Outcomes that no press can see."""
