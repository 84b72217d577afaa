"""How one incident answers another: delays and shares, by order in time.

The press knows no causes, so an answer is what comes next; only what no press can see
(`misattributed`) follows the causes in the log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sim.engine.log import RecordType
from sim.ladder import Act
from sim.outcomes.incidents import (
    days_since_last,
    days_to_next,
    is_attack,
    mean,
    n_until,
    one_if,
    ratio,
)
from sim.outcomes.table import ANSWER_DAYS, PROTEST_DAYS
from sim.rules.behaviour import Side

if TYPE_CHECKING:
    from sim.outcomes.incidents import View


def is_protest(act: int) -> bool:
    """Whether a host government protests by an act, done to a foreign power."""
    return (
        act == Act.ACCUSATION
        or act == Act.PROTEST_NOTE
        or act == Act.DEMAND_TO_LEAVE
        or act == Act.EXPULSION_VOTE
        or act == Act.EXPULSION
    )


class StrikeAnswers(NamedTuple):
    """Strikes as answers to coalition deaths, and what answers strikes."""

    n_air_strikes_after_death: float
    share_strike_given_coalition_death: float
    n_strikes_without_death: float
    share_strike_given_coalition_wounded: float
    strike_delay_days: float
    reply_delay_days: float
    n_accusations_after_strikes: float


def strike_answers(view: View) -> StrikeAnswers:
    """Measure what strikes answer, and what answers them."""
    incidents, side = view.incidents, view.facts.side
    last_day = view.facts.horizon - ANSWER_DAYS
    deadly: list[int] = []
    wounding: list[int] = []
    for place in view.attacks:
        attack = incidents[place]
        if attack.killed_foreign > 0.0:
            deadly.append(place)
        elif attack.wounded_foreign > 0.0 and attack.time <= last_day:
            wounding.append(place)
    protests: list[int] = []
    for place in range(len(incidents)):
        one = incidents[place]
        if is_protest(one.act) and one.actor >= 0 and one.target >= 0:
            if side[one.actor] == Side.HOST and side[one.target] == Side.FOREIGN:
                protests.append(place)
    delays: list[float] = []
    n_whole = n_whole_met = 0.0
    for place in deadly:
        time = incidents[place].time
        delay = days_to_next(incidents, view.strikes, time)
        if delay <= ANSWER_DAYS:
            delays.append(delay)
        if time <= last_day:
            n_whole += 1.0
            n_whole_met += one_if(delay <= ANSWER_DAYS)
    unprovoked: list[int] = []
    replies: list[float] = []
    n_protested = 0.0
    for place in view.strikes:
        time = incidents[place].time
        if not days_since_last(incidents, deadly, time) <= ANSWER_DAYS:
            unprovoked.append(place)
        reply = days_to_next(incidents, view.attacks, time)
        if reply >= 0.0:
            replies.append(reply)
        if days_to_next(incidents, protests, time) <= PROTEST_DAYS:
            n_protested += 1.0
    n_wounding_met = 0.0
    for place in wounding:
        delay = days_to_next(incidents, unprovoked, incidents[place].time)
        n_wounding_met += one_if(delay <= ANSWER_DAYS)
    return StrikeAnswers(
        n_air_strikes_after_death=float(len(delays)),
        share_strike_given_coalition_death=ratio(n_whole_met, n_whole),
        n_strikes_without_death=float(len(unprovoked)),
        share_strike_given_coalition_wounded=ratio(
            n_wounding_met, float(len(wounding))
        ),
        strike_delay_days=mean(delays),
        reply_delay_days=mean(replies),
        n_accusations_after_strikes=n_protested,
    )


class RaidAnswers(NamedTuple):
    """What follows raids, arrests and releases, by whom they are done to; days."""

    raid_to_show_of_force_days: float
    arrest_to_release_days: float
    release_to_next_attack_days: float


def raid_answers(view: View) -> RaidAnswers:
    """Measure what follows raids, arrests and releases."""
    incidents, raids, shows = view.incidents, view.raids, view.shows_of_force
    releases, attacks = view.releases, view.attacks
    shown: list[float] = []
    first = 0
    for place in raids:
        raid = incidents[place]
        first = n_until(incidents, shows, raid.time, first)
        for k in range(first, len(shows)):
            show = incidents[shows[k]]
            if show.actor == raid.target:
                if not is_raided_between(view, raid.target, raid.time, show.time):
                    shown.append(show.time - raid.time)
                break
    freed: list[float] = []
    first = 0
    for place in view.arrests:
        arrest = incidents[place]
        first = n_until(incidents, releases, arrest.time, first)
        for k in range(first, len(releases)):
            release = incidents[releases[k]]
            if release.target == arrest.target:
                freed.append(release.time - arrest.time)
                break
    following: list[float] = []
    first = 0
    for place in releases:
        release = incidents[place]
        first = n_until(incidents, attacks, release.time, first)
        if first < len(attacks):
            following.append(incidents[attacks[first]].time - release.time)
    return RaidAnswers(
        raid_to_show_of_force_days=mean(shown),
        arrest_to_release_days=mean(freed),
        release_to_next_attack_days=mean(following),
    )


def is_raided_between(view: View, target: int, after: float, before: float) -> bool:
    """Whether an actor is raided between two moments, either excluded."""
    incidents, raids = view.incidents, view.raids
    for k in range(n_until(incidents, raids, after), len(raids)):
        raid = incidents[raids[k]]
        if raid.time >= before:
            return False
        if raid.target == target:
            return True
    return False


def misattributed(view: View, rows: Any) -> float:
    """Return the share of strikes on militias that hit another than the attacker.

    A strike's causes are followed back to the attack that it answers; strikes that
    answer none do not count. Nor do strikes on others than militias: what is done to a
    sponsor for what its client did, as the killing of its leader, mistakes nobody.

    Parameters
    ----------
    view
        What happened.
    rows
        Records of the replication, in order, with or without perceptions.
    """
    incidents = view.incidents
    n = n_wrong = 0.0
    for place in view.strikes:
        strike = incidents[place]
        if strike.target < 0 or view.facts.side[strike.target] != Side.MILITIA:
            continue
        at = cause_of(rows, strike.row)
        while at >= 0 and not is_attack(rows[at].act):
            at = cause_of(rows, at)
        if at >= 0:
            n += 1.0
            n_wrong += one_if(rows[at].actor != strike.target)
    return ratio(n_wrong, n)


def cause_of(rows: Any, at: int) -> int:
    """Return the number of the record that another answers, -1 for none."""
    low, high = rows[at].cause_low, rows[at].cause_high
    if low == 0 and high == 0:
        return -1
    for k in range(at - 1, -1, -1):
        if rows[k].low == low and rows[k].high == high:
            if rows[k].record_type != RecordType.PERCEPTION:
                return k
    return -1
