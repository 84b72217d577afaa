"""Whether attacks come more often after strikes and raids than before them.

A comparison of before and after proves nothing of cause: a strike answers attacks, so
there are many before it by the very way it comes about. It is held against the same
comparison in the record, that is all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.outcomes.incidents import n_before, ratio
from sim.outcomes.table import LEAST_WINDOW_DAYS, WEEK_DAYS, WINDOW_DAYS

if TYPE_CHECKING:
    from sim.outcomes.incidents import View


class Changes(NamedTuple):
    """How the rate of attacks changed, per week."""

    attack_change_after_strikes: float
    attack_change_after_raids: float


def attack_changes(view: View) -> Changes:
    """Return how the rate of attacks changed at strikes and at raids, per week."""
    return Changes(rate_change(view, view.strikes), rate_change(view, view.raids))


def rate_change(view: View, turns: list[int]) -> float:
    """Return the rate of attacks after some incidents less that before, per week.

    Parameters
    ----------
    view
        Its attacks are counted; one at the very moment of a turn counts as after it.
    turns
        Places of the incidents at which the rate may change.

    Returns
    -------
    float
        Per week; nan where no turn has a week of the period on both sides.

    Notes
    -----
    With windows of 28 days, cut off at the ends of the period, the rate on each side is
    all its attacks over all its days. Windows may overlap: an attack is then counted
    once for each turn.
    """
    incidents, attacks = view.incidents, view.attacks
    days_before = days_after = n_earlier = n_later = 0.0
    first = middle = last = 0
    for place in turns:
        at = incidents[place].time
        before = min(at, WINDOW_DAYS)
        after = min(view.facts.horizon - at, WINDOW_DAYS)
        if min(before, after) < LEAST_WINDOW_DAYS:
            continue
        days_before += before
        days_after += after
        first = n_before(incidents, attacks, at - WINDOW_DAYS, first)
        middle = n_before(incidents, attacks, at, middle)
        last = n_before(incidents, attacks, at + WINDOW_DAYS, last)
        n_earlier += middle - first
        n_later += last - middle
    return WEEK_DAYS * (ratio(n_later, days_after) - ratio(n_earlier, days_before))
