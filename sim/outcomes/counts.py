"""How many incidents there were, and when each kind of thing first came."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.ladder import Act
from sim.outcomes.incidents import MOST_ACTS, one_if, ratio
from sim.outcomes.rungs import exchange_time
from sim.outcomes.table import COUNTED, PUSHBACK_DAYS, WEEK_DAYS
from sim.rules.behaviour import Side

if TYPE_CHECKING:
    from sim.outcomes.incidents import Incident, View

_ACTS: Final = tuple(int(act) for act in COUNTED)
_SOON, _LATER = PUSHBACK_DAYS


def counts(view: View) -> list[float]:
    """Return how many incidents there were of each act in `COUNTED`."""
    by_act = [0.0] * MOST_ACTS
    for incident in view.incidents:
        by_act[incident.act] += 1.0
    return [by_act[act] for act in _ACTS]


class Sums(NamedTuple):
    """What is added up over incidents, or a quotient of counts."""

    n_strikes: float
    n_persons_arrested: float
    n_persons_released: float
    share_thwarted: float
    goldstein_cameo_per_week: float
    goldstein_weis_per_week: float


def sums(view: View) -> Sums:
    """Add up strikes, persons and Goldstein weights."""
    incidents, facts = view.incidents, view.facts
    arrested = released = thwarted = cameo = weis = 0.0
    for place in view.arrests:
        arrested += incidents[place].persons
    for place in view.releases:
        released += incidents[place].persons
    for incident in incidents:
        thwarted += one_if(incident.act == Act.THWARTED_ATTACK)
        cameo += facts.goldstein_cameo[incident.act]
        weis += facts.goldstein_weis[incident.act]
    return Sums(
        n_strikes=float(len(view.strikes)),
        n_persons_arrested=arrested,
        n_persons_released=released,
        share_thwarted=ratio(thwarted, len(view.attacks) + thwarted),
        goldstein_cameo_per_week=cameo / facts.horizon * WEEK_DAYS,
        goldstein_weis_per_week=weis / facts.horizon * WEEK_DAYS,
    )


class Firsts(NamedTuple):
    """When some things first came, or the horizon; and 1 if they did, else 0."""

    time_to_first_attack_days: float
    first_attack_happened: float
    time_to_first_strike_days: float
    first_strike_happened: float
    time_to_first_coalition_death_days: float
    first_coalition_death_happened: float
    time_to_first_raid_days: float
    first_raid_happened: float
    time_to_first_direct_strike_days: float
    first_direct_strike_happened: float


def firsts(view: View) -> Firsts:
    """Return when some things first came."""
    horizon = view.facts.horizon
    death = nan
    for incident in view.incidents:
        if incident.killed_foreign > 0.0:
            death = incident.time
            break
    attack, strike = first(view, view.attacks), first(view, view.strikes)
    raid, direct = first(view, view.raids), first(view, view.direct_strikes)
    return Firsts(
        time_to_first_attack_days=censored(attack, horizon),
        first_attack_happened=came(attack),
        time_to_first_strike_days=censored(strike, horizon),
        first_strike_happened=came(strike),
        time_to_first_coalition_death_days=censored(death, horizon),
        first_coalition_death_happened=came(death),
        time_to_first_raid_days=censored(raid, horizon),
        first_raid_happened=came(raid),
        time_to_first_direct_strike_days=censored(direct, horizon),
        first_direct_strike_happened=came(direct),
    )


class Wars(NamedTuple):
    """When two actors fought directly, or the horizon; and 1 if they did, else 0."""

    time_to_direct_exchange_days: float
    direct_exchange_happened: float
    time_to_both_struck_days: float
    both_struck_happened: float


def wars(view: View) -> Wars:
    """Return when two actors fought directly, and when each had struck the other."""
    facts, horizon = view.facts, view.facts.horizon
    exchange = exchange_time(view, facts.exchange_window, facts.exchange_strikes)
    both = exchange_time(view, horizon, 2)
    return Wars(
        time_to_direct_exchange_days=censored(exchange, horizon),
        direct_exchange_happened=came(exchange),
        time_to_both_struck_days=censored(both, horizon),
        both_struck_happened=came(both),
    )


class Pushback(NamedTuple):
    """When a sponsor first acted against others, or the horizon, and whether it did."""

    time_to_first_pushback_days: float
    first_pushback_happened: float
    pushback_within_30_days: float
    pushback_within_90_days: float


def pushback(view: View) -> Pushback:
    """Return when a sponsor first acted against others."""
    time, horizon = nan, view.facts.horizon
    for incident in view.incidents:
        if is_pushback(view, incident):
            time = incident.time
            break
    return Pushback(
        time_to_first_pushback_days=censored(time, horizon),
        first_pushback_happened=came(time),
        pushback_within_30_days=one_if(time <= _SOON),
        pushback_within_90_days=one_if(time <= _LATER),
    )


def first(view: View, places: list[int]) -> float:
    """Return the time of the first incident of some places, nan for none."""
    return view.incidents[places[0]].time if len(places) > 0 else nan


def censored(time: float, horizon: float) -> float:
    """Return a time, or the horizon for nan."""
    return time if time >= 0.0 else horizon


def came(time: float) -> float:
    """Return 1 for a time and 0 for nan."""
    return one_if(time >= 0.0)


def is_pushback(view: View, incident: Incident) -> bool:
    """Whether an incident is an act of a sponsor against others.

    An act counts when it stands on a rung of the ladder (a threat, an accusation, a
    direct strike), or is an order to attack; orders are never reported, so the press
    sees the former alone.
    """
    if incident.actor < 0 or view.facts.side[incident.actor] != Side.SPONSOR:
        return False
    return view.facts.rung[incident.act] > 0 or incident.act == Act.DIRECTIVE_PRESS
