"""How often attacks come, and how evenly."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.outcomes.incidents import (
    deviation,
    largest,
    mean,
    median,
    one_if,
    ratio,
    variance,
)
from sim.outcomes.table import MONTH_DAYS, WEEK_DAYS

if TYPE_CHECKING:
    from sim.outcomes.incidents import View


class Rhythm(NamedTuple):
    """Counts of weeks, and gaps; variances are those of a sample."""

    rocket_attacks_per_month: float
    weekly_dispersion: float
    share_empty_weeks: float
    gap_cv: float
    gap_median_days: float
    longest_gap_days: float


def rhythm(view: View) -> Rhythm:
    """Measure the counts of weeks and the gaps between attacks."""
    incidents, horizon = view.incidents, view.facts.horizon
    n_weeks = int(horizon / WEEK_DAYS)
    weeks = [0.0] * n_weeks
    gaps: list[float] = []
    n = n_in_weeks = 0.0
    last = 0.0
    for place in view.attacks:
        time = incidents[place].time
        if n > 0.0:
            gaps.append(time - last)
        last = time
        n += 1.0
        week = int(time / WEEK_DAYS)
        if week < n_weeks:
            weeks[week] += 1.0
            n_in_weeks += 1.0
    n_empty = 0.0
    for count in weeks:
        n_empty += one_if(count == 0.0)
    return Rhythm(
        rocket_attacks_per_month=n / horizon * MONTH_DAYS,
        weekly_dispersion=ratio(variance(weeks) * n_weeks, n_in_weeks),
        share_empty_weeks=ratio(n_empty, float(n_weeks)),
        gap_cv=ratio(deviation(gaps), mean(gaps)),
        gap_median_days=median(gaps),
        longest_gap_days=largest(gaps),
    )
