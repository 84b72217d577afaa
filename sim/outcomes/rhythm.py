"""How often attacks come, and how evenly."""

from __future__ import annotations

import numpy as np

from sim.outcomes.incidents import (
    Floats,
    Incidents,
    largest_by,
    mean_by,
    median_by,
    ratio,
    spread_by,
)
from sim.outcomes.table import MONTH_DAYS


def rhythm(attacks: Incidents) -> dict[str, Floats]:
    """Measure the counts of weeks and the gaps; variances are those of a sample."""
    n, horizon = attacks.n, attacks.horizon
    n_weeks = int(horizon / 7.0)
    week = (attacks.time / 7.0).astype(np.int64)
    whole = week < n_weeks
    cells = attacks.place[whole] * max(n_weeks, 1) + week[whole]
    weeks = np.bincount(cells, minlength=n * n_weeks).reshape(n, n_weeks)
    count = weeks.sum(axis=1).astype(float)
    nothing = np.full(n, np.nan)
    variance = weeks.var(axis=1, ddof=1) if n_weeks > 1 else nothing
    gap = np.diff(attacks.time)
    same = np.diff(attacks.place) == 0
    gap, place = gap[same], attacks.place[1:][same]
    return {
        "rocket_attacks_per_month": attacks.counted() / horizon * MONTH_DAYS,
        "weekly_dispersion": ratio(variance * n_weeks, count),
        "share_empty_weeks": (weeks == 0).mean(axis=1) if n_weeks else nothing,
        "gap_cv": spread_by(n, place, gap) / mean_by(n, place, gap),
        "gap_median_days": median_by(n, place, gap),
        "longest_gap_days": largest_by(n, place, gap),
    }
