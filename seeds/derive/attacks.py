"""How often, how evenly and at which kind of site the reported attacks came."""

from itertools import pairwise

import numpy as np
from record import (
    DAYS_PER_MONTH,
    N_DAYS,
    Row,
    Statistics,
    core_attacks,
    first_day,
    show,
)
from uncertainty import (
    Floats,
    binomial_share,
    poisson_count,
    resampled,
    uniform_moments,
)

N_WEEKS = N_DAYS // 7


def weekly_counts(attacks: list[Row]) -> list[float]:
    """Count the attacks of each whole week from the start of the period."""
    counts = [0.0] * N_WEEKS
    for row in attacks:
        counts[first_day(row) // 7] += 1
    return counts


def gaps(attacks: list[Row]) -> list[float]:
    """Days from each attack to the next, by first day; two on a day give zero."""
    days = sorted(first_day(row) for row in attacks)
    return [float(b - a) for a, b in pairwise(days)]


def dispersion(counts: Floats) -> Floats:
    """Variance over mean of each row; 1 for Poisson counts."""
    return counts.var(axis=1, ddof=1) / counts.mean(axis=1)


def variation(samples: Floats) -> Floats:
    """Deviation over mean of each row; 1 for exponential gaps."""
    return samples.std(axis=1, ddof=1) / samples.mean(axis=1)


def medians(samples: Floats) -> Floats:
    """Median of each row."""
    return np.median(samples, axis=1)


def longest_gaps(days: Floats) -> Floats:
    """Longest step between neighbours of each row of sorted days."""
    return np.diff(days, axis=1).max(axis=1)


def empty_weeks(days: Floats) -> Floats:
    """Share of weeks in which no day of the row falls."""
    weeks = np.floor_divide(days, 7)
    filled = 1 + (np.diff(weeks, axis=1) > 0).sum(axis=1)
    return 1 - filled / N_WEEKS


def derive(rows: list[Row]) -> Statistics:
    """Derive the counts, the evenness and the target mix of the core list."""
    attacks = core_attacks(rows)
    n = len(attacks)
    counts, steps = weekly_counts(attacks), gaps(attacks)
    at_green_zone = sum(
        "green_zone" in (row["site"], row["second_site"]) for row in attacks
    )
    scattered = "36 moments scattered evenly over 252 days, 95 % of 4000 samples"
    return {
        "n_rocket_attacks": poisson_count(n),
        "rocket_attacks_per_month": poisson_count(n, DAYS_PER_MONTH / N_DAYS),
        "weekly_dispersion": resampled(
            counts, dispersion, "bootstrap of weeks, 95 % of 4000 samples"
        ),
        "gap_cv": resampled(
            steps, variation, "bootstrap of gaps, 95 % of 4000 samples"
        ),
        "gap_median_days": resampled(
            steps, medians, "bootstrap of gaps, 95 % of 4000 samples"
        ),
        "longest_gap_days": uniform_moments(
            max(steps), n, N_DAYS, longest_gaps, scattered
        ),
        "share_empty_weeks": uniform_moments(
            counts.count(0.0) / N_WEEKS, n, N_DAYS, empty_weeks, scattered
        ),
        "share_green_zone": binomial_share(at_green_zone, n),
    }


if __name__ == "__main__":
    show(derive)
