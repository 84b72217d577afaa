"""How one incident answers another: delays and shares, by order in time.

The press knows no causes, so an answer is what comes next; only what no press can see
(`misattributed`) follows the causes in the log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.log import RecordType
from sim.ladder import Act
from sim.outcomes.incidents import Floats, Incidents, mean_by, next_after, ratio
from sim.outcomes.table import ANSWER_DAYS, PROTEST_DAYS
from sim.rules.behaviour import Side

if TYPE_CHECKING:
    from sim.engine.log import Rows
    from sim.scenario.scenario import Scenario

ATTACKS = (Act.ROCKET_ATTACK, Act.CONVOY_BOMB)
"""Acts that a strike may answer."""


STRIKES = (Act.AIR_STRIKE, Act.LEADER_KILLING, Act.MILITIA_LEADER_KILLING)
"""Acts by which a foreign power strikes on the host's soil."""

PROTESTS = (
    Act.ACCUSATION,
    Act.PROTEST_NOTE,
    Act.DEMAND_TO_LEAVE,
    Act.EXPULSION_VOTE,
    Act.EXPULSION,
)
"""Acts by which a host government protests against a strike."""


def strike_answers(incidents: Incidents, scenario: Scenario) -> dict[str, Floats]:
    """Measure strikes as answers to coalition deaths, and what answers strikes."""
    n = incidents.n
    attacks = incidents.of(Act.ROCKET_ATTACK)
    strikes = incidents.of(*STRIKES)
    protests = incidents.of(*PROTESTS)
    protests = protests.where(
        np.isin(protests.actor, _on_side(scenario, Side.HOST))
        & np.isin(protests.target, _on_side(scenario, Side.FOREIGN))
    )
    killed = attacks.amount("killed_foreign") > 0.0
    deadly = attacks.where(killed)
    wounding = attacks.where(~killed & (attacks.amount("wounded_foreign") > 0.0))
    wounding = wounding.where(wounding.time <= incidents.horizon - ANSWER_DAYS)
    delay = _delay(deadly, strikes)
    met = delay <= ANSWER_DAYS
    whole = deadly.time <= incidents.horizon - ANSWER_DAYS
    reply = _delay(strikes, attacks)
    replied = ~np.isnan(reply)
    before = _since(deadly, strikes)
    unprovoked = ~(before <= ANSWER_DAYS)
    for_wounded = _delay(wounding, strikes.where(unprovoked)) <= ANSWER_DAYS
    return {
        "n_air_strikes_after_death": deadly.total(met.astype(float)),
        "share_strike_given_coalition_death": ratio(
            deadly.total((met & whole).astype(float)),
            deadly.total(whole.astype(float)),
        ),
        "n_strikes_without_death": strikes.total(unprovoked.astype(float)),
        "share_strike_given_coalition_wounded": mean_by(
            n, wounding.place, for_wounded.astype(float)
        ),
        "strike_delay_days": mean_by(n, deadly.place[met], delay[met]),
        "reply_delay_days": mean_by(n, strikes.place[replied], reply[replied]),
        "n_accusations_after_strikes": strikes.total(
            (_delay(strikes, protests) <= PROTEST_DAYS).astype(float)
        ),
    }


def raid_answers(incidents: Incidents, n_actors: int) -> dict[str, Floats]:
    """Measure what follows raids, arrests and releases, per actor they are done to."""
    n = incidents.n
    raids, shows = incidents.of(Act.RAID), incidents.of(Act.SHOW_OF_FORCE)
    arrests, releases = incidents.of(Act.ARREST), incidents.of(Act.RELEASE)
    attacks = incidents.of(Act.ROCKET_ATTACK)

    def by(part: Incidents, who: Any) -> Any:
        return part.place * (n_actors + 1) + who + 1  # nobody, -1, is a group too

    raided = by(raids, raids.target)
    shown = next_after(raided, raids.time, by(shows, shows.actor), shows.time)
    again = next_after(raided, raids.time, raided, raids.time)
    counts = ~np.isnan(shown) & ~(again < shown)
    freed = next_after(
        by(arrests, arrests.target),
        arrests.time,
        by(releases, releases.target),
        releases.time,
    )
    some = ~np.isnan(freed)
    following = _delay(releases, attacks)
    comes = ~np.isnan(following)
    return {
        "raid_to_show_of_force_days": mean_by(
            n, raids.place[counts], (shown - raids.time)[counts]
        ),
        "arrest_to_release_days": mean_by(
            n, arrests.place[some], (freed - arrests.time)[some]
        ),
        "release_to_next_attack_days": mean_by(
            n, releases.place[comes], following[comes]
        ),
    }


def _on_side(scenario: Scenario, side: Side) -> list[int]:
    """Return the numbers of the actors of a side."""
    return [
        number
        for number, actor in enumerate(scenario.actors)
        if actor.kind.side == side
    ]


def _delay(starts: Incidents, ends: Incidents) -> Floats:
    """Return the days from each start to the next end, nan where none follows."""
    return next_after(starts.place, starts.time, ends.place, ends.time) - starts.time


def _since(starts: Incidents, ends: Incidents) -> Floats:
    """Return the days from the last start to each end, nan where none came before."""
    mirrored = next_after(ends.place, -ends.time, starts.place, -starts.time)
    return ends.time + mirrored


def misattributed(
    rows: Rows, place: Any, strikes: Any, n: int, scenario: Scenario
) -> Floats:
    """Return the share of strikes on militias that hit another than the attacker.

    A strike's causes are followed back to the attack that it answers; strikes that
    answer none do not count. Nor do strikes on others than militias: what is done to a
    sponsor for what its client did, as the killing of its leader, mistakes nobody.

    Parameters
    ----------
    rows
        All records of the replications.
    place
        Replication of each record, 0 to n - 1.
    strikes
        Numbers of the rows that are strikes and count.
    n
        How many replications there are.
    scenario
        The scenario that they were run from: its actors.
    """
    on_militias = np.isin(rows["target"][strikes], _on_side(scenario, Side.MILITIA))
    strikes = strikes[on_militias]
    if not len(strikes):
        return np.full(n, np.nan)
    known = np.flatnonzero(rows["record_type"] != RecordType.PERCEPTION)
    keys = _keys(place[known], rows["low"][known], rows["high"][known])
    order = np.argsort(keys, kind="stable")
    known, keys = known[order], keys[order]
    wrong = np.full(len(strikes), np.nan)
    at, alive = np.array(strikes), np.ones(len(strikes), bool)
    while alive.any():
        is_attack = np.isin(rows["act"][at], ATTACKS)
        ends = alive & is_attack
        wrong[ends] = rows["actor"][at[ends]] != rows["target"][strikes][ends]
        alive = alive & ~is_attack
        wanted = _keys(place[at], rows["cause_low"][at], rows["cause_high"][at])
        spot = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        has_cause = (rows["cause_low"][at] != 0) | (rows["cause_high"][at] != 0)
        alive = alive & has_cause & (keys[spot] == wanted)
        at = np.where(alive, known[spot], at)
    counts = ~np.isnan(wrong)
    return mean_by(n, place[strikes][counts], wrong[counts])


def _keys(place: Any, low: Any, high: Any) -> Any:
    """Return one word for each identity of each replication."""
    number = place.astype(np.uint64) + np.uint64(1)
    return (
        low
        ^ (high * np.uint64(0x9E3779B97F4A7C15))
        ^ (number * np.uint64(0xBB67AE8584CAA73B))
    )
