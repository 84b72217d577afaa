"""Whether attacks come more often after strikes and raids than before them.

A comparison of before and after proves nothing of cause: a strike answers attacks, so
there are many before it by the very way it comes about. It is held against the same
comparison in the record, that is all.
"""

from __future__ import annotations

import numpy as np

from sim.ladder import Act
from sim.outcomes.answers import STRIKES
from sim.outcomes.incidents import Floats, Incidents, count_between, ratio
from sim.outcomes.table import LEAST_WINDOW_DAYS, WEEK_DAYS, WINDOW_DAYS


def attack_changes(incidents: Incidents) -> dict[str, Floats]:
    """Return how the rate of attacks changed at strikes and at raids, per week."""
    attacks = incidents.of(Act.ROCKET_ATTACK)
    strikes = incidents.of(*STRIKES)
    return {
        "attack_change_after_strikes": rate_change(strikes, attacks),
        "attack_change_after_raids": rate_change(incidents.of(Act.RAID), attacks),
    }


def rate_change(turns: Incidents, attacks: Incidents) -> Floats:
    """Return the rate of attacks after some incidents less that before, per week.

    Parameters
    ----------
    turns
        The incidents at which the rate may change.
    attacks
        What is counted; one at the very moment of a turn counts as after it.

    Returns
    -------
    array
        Per week, shape (n,); nan where no turn has a week of the period on both sides.

    Notes
    -----
    With windows of 28 days, cut off at the ends of the period, the rate on each side is
    all its attacks over all its days. Windows may overlap: an attack is then counted
    once for each turn.
    """
    before = np.minimum(turns.time, WINDOW_DAYS)
    after = np.minimum(turns.horizon - turns.time, WINDOW_DAYS)
    kept = np.minimum(before, after) >= LEAST_WINDOW_DAYS
    turns, before, after = turns.where(kept), before[kept], after[kept]
    at = turns.time
    n_before, n_after = count_between(
        np.tile(turns.place, 2),
        np.concatenate((at - WINDOW_DAYS, at)),
        np.concatenate((at, at + WINDOW_DAYS)),
        attacks.place,
        attacks.time,
    ).reshape(2, len(at))
    later = ratio(turns.total(n_after), turns.total(after))
    earlier = ratio(turns.total(n_before), turns.total(before))
    return WEEK_DAYS * (later - earlier)
