"""Whom incidents harmed, how attacks fell, and on which sites."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING, NamedTuple

from sim.outcomes.incidents import (
    correlation,
    largest,
    mean,
    median,
    one_if,
    ratio,
)
from sim.outcomes.table import LARGE_SALVO

if TYPE_CHECKING:
    from sim.outcomes.incidents import View


class Casualties(NamedTuple):
    """The dead and wounded of all incidents, by side; persons."""

    n_killed_foreign: float
    n_killed_host: float
    n_killed_civilian: float
    n_killed_militia: float
    n_killed_sponsor: float
    n_wounded_foreign: float
    n_wounded_host: float
    n_wounded_civilian: float
    n_wounded_militia: float
    n_wounded_sponsor: float


def casualties(view: View) -> Casualties:
    """Add up the dead and wounded of all incidents."""
    foreign = host = civilian = militia = sponsor = 0.0
    hurt_foreign = hurt_host = hurt_civilian = hurt_militia = hurt_sponsor = 0.0
    for incident in view.incidents:
        foreign += incident.killed_foreign
        host += incident.killed_host
        civilian += incident.killed_civilian
        militia += incident.killed_militia
        sponsor += incident.killed_sponsor
        hurt_foreign += incident.wounded_foreign
        hurt_host += incident.wounded_host
        hurt_civilian += incident.wounded_civilian
        hurt_militia += incident.wounded_militia
        hurt_sponsor += incident.wounded_sponsor
    return Casualties(
        foreign,
        host,
        civilian,
        militia,
        sponsor,
        hurt_foreign,
        hurt_host,
        hurt_civilian,
        hurt_militia,
        hurt_sponsor,
    )


class Harm(NamedTuple):
    """What rocket attacks did, and how many of them did it."""

    n_coalition_deaths: float
    n_wounded_all: float
    n_rounds_fired: float
    n_attacks_with_casualties: float
    share_attacks_with_casualties: float
    n_attacks_with_deaths: float
    share_attacks_with_deaths: float
    n_attacks_harming_coalition: float
    share_attacks_harming_coalition: float
    n_attacks_harming_host: float
    share_attacks_harming_host: float
    n_attacks_harming_civilians: float
    share_attacks_harming_civilians: float


def harm_of_attacks(view: View) -> Harm:
    """Measure the harm that rocket attacks did."""
    incidents = view.incidents
    coalition = wounded = rounds = 0.0
    with_casualties = with_deaths = 0.0
    harming_coalition = harming_host = harming_civilians = 0.0
    for place in view.attacks:
        a = incidents[place]
        dead = (
            a.killed_foreign
            + a.killed_host
            + a.killed_civilian
            + a.killed_militia
            + a.killed_sponsor
        )
        hurt = (
            a.wounded_foreign
            + a.wounded_host
            + a.wounded_civilian
            + a.wounded_militia
            + a.wounded_sponsor
        )
        coalition += a.killed_foreign
        wounded += hurt
        rounds += a.rounds
        with_casualties += one_if(dead + hurt > 0.0)
        with_deaths += one_if(dead > 0.0)
        harming_coalition += one_if(a.killed_foreign + a.wounded_foreign > 0.0)
        harming_host += one_if(a.killed_host + a.wounded_host > 0.0)
        harming_civilians += one_if(a.killed_civilian + a.wounded_civilian > 0.0)
    n = float(len(view.attacks))
    return Harm(
        n_coalition_deaths=coalition,
        n_wounded_all=wounded,
        n_rounds_fired=rounds,
        n_attacks_with_casualties=with_casualties,
        share_attacks_with_casualties=ratio(with_casualties, n),
        n_attacks_with_deaths=with_deaths,
        share_attacks_with_deaths=ratio(with_deaths, n),
        n_attacks_harming_coalition=harming_coalition,
        share_attacks_harming_coalition=ratio(harming_coalition, n),
        n_attacks_harming_host=harming_host,
        share_attacks_harming_host=ratio(harming_host, n),
        n_attacks_harming_civilians=harming_civilians,
        share_attacks_harming_civilians=ratio(harming_civilians, n),
    )


def site_shares(view: View) -> list[float]:
    """Return the share of the attacks on each site; a joint attack counts on its first.

    A site stands in the order of the scenario's.
    """
    incidents, counts = view.incidents, [0.0] * view.facts.n_sites
    for place in view.attacks:
        site = incidents[place].site
        if site >= 0:
            counts[site] += 1.0
    n = float(len(view.attacks))
    return [ratio(count, n) for count in counts]


class SitesHit(NamedTuple):
    """How the mix of sites changed between the halves of the free period."""

    n_sites_attacked_first_half: float
    share_on_most_attacked_first_half: float
    n_sites_attacked_second_half: float
    share_on_most_attacked_second_half: float
    site_mix_change: float


def sites_hit(view: View) -> SitesHit:
    """Measure on how many sites attacks fell in each half, and how evenly."""
    incidents, n_sites = view.incidents, view.facts.n_sites
    early, late = [0.0] * n_sites, [0.0] * n_sites
    for place in view.attacks:
        attack = incidents[place]
        if attack.site >= 0:
            if attack.time >= view.facts.horizon / 2.0:
                late[attack.site] += 1.0
            else:
                early[attack.site] += 1.0
    n_early = n_late = most_early = most_late = all_early = all_late = 0.0
    for site in range(n_sites):
        n_early += one_if(early[site] > 0.0)
        n_late += one_if(late[site] > 0.0)
        most_early, most_late = max(most_early, early[site]), max(most_late, late[site])
        all_early, all_late = all_early + early[site], all_late + late[site]
    change = 0.0
    for site in range(n_sites):
        change += abs(ratio(early[site], all_early) - ratio(late[site], all_late))
    return SitesHit(
        n_sites_attacked_first_half=n_early,
        share_on_most_attacked_first_half=ratio(most_early, all_early),
        n_sites_attacked_second_half=n_late,
        share_on_most_attacked_second_half=ratio(most_late, all_late),
        site_mix_change=change / 2.0,
    )


class Salvoes(NamedTuple):
    """The rounds of the attacks that fired any."""

    salvo_median: float
    salvo_mean: float
    salvo_max: float
    share_salvo_ge_10: float
    salvo_trend: float
    salvo_mean_first_half: float
    salvo_mean_second_half: float


def salvoes(view: View) -> Salvoes:
    """Measure the salvoes."""
    incidents = view.incidents
    times: list[float] = []
    rounds: list[float] = []
    early: list[float] = []
    late: list[float] = []
    large = 0.0
    for place in view.attacks:
        attack = incidents[place]
        if not attack.rounds > 0.0:
            continue
        times.append(attack.time)
        rounds.append(attack.rounds)
        large += one_if(attack.rounds >= LARGE_SALVO)
        if attack.time >= view.facts.horizon / 2.0:
            late.append(attack.rounds)
        else:
            early.append(attack.rounds)
    return Salvoes(
        salvo_median=median(rounds),
        salvo_mean=mean(rounds),
        salvo_max=largest(rounds),
        share_salvo_ge_10=ratio(large, float(len(rounds))),
        salvo_trend=correlation(times, [log(fired) for fired in rounds]),
        salvo_mean_first_half=mean(early),
        salvo_mean_second_half=mean(late),
    )
