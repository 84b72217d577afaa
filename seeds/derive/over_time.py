"""How targets and salvoes of the second half of the period differ from the first."""

from math import log

import numpy as np
from record import N_DAYS, Row, Statistics, core_attacks, known, middle, show
from uncertainty import Floats, binomial_share, correlation, resampled

LATE = 1000
"""Added to a site's number when the attack fell in the second half."""


def is_late(row: Row) -> bool:
    """Tell whether an attack falls in the second half, from 2 March 2020 on."""
    return middle(row) >= N_DAYS / 2


def means(samples: Floats) -> Floats:
    """Mean of each row."""
    return samples.mean(axis=1)


def distinct(samples: Floats) -> Floats:
    """Count the different values of each row."""
    ordered = np.sort(samples, axis=1)
    return 1.0 + (np.diff(ordered, axis=1) > 0).sum(axis=1)


def mix_changes(samples: Floats) -> Floats:
    """Half the sum of differences between the halves' shares of each site."""
    late = samples >= LATE
    sites = np.unique(samples % LATE)
    n_late = late.sum(axis=1)
    n_early = samples.shape[1] - n_late
    change = np.zeros(len(samples))
    for site in sites:
        here = samples % LATE == site
        early = (here & ~late).sum(axis=1) / n_early
        change += np.abs(early - (here & late).sum(axis=1) / n_late)
    return change / 2


def derive(rows: list[Row]) -> Statistics:
    """Derive sites and salvoes of each half, and the change of the mix of sites."""
    attacks = core_attacks(rows)
    names = sorted({row["site"] for row in attacks})
    number = {name: float(place) for place, name in enumerate(names)}
    halves = {
        "first": [row for row in attacks if not is_late(row)],
        "second": [row for row in attacks if is_late(row)],
    }
    statistics: Statistics = {}
    for half, part in halves.items():
        sites = [number[row["site"]] for row in part]
        statistics[f"n_sites_attacked_{half}_half"] = resampled(
            sites, distinct, "bootstrap of attacks, 95 % of 4000 samples"
        )
        most = max(sites.count(site) for site in sites)
        statistics[f"share_on_most_attacked_{half}_half"] = binomial_share(
            most, len(sites)
        )
        statistics[f"salvo_mean_{half}_half"] = resampled(
            known(part, "rounds"),
            means,
            "bootstrap of attacks with known rounds, 95 % of 4000 samples",
        )
    statistics["salvo_trend"] = correlation(
        [(middle(row), log(int(row["rounds"]))) for row in attacks if row["rounds"]]
    )
    both = [number[row["site"]] + LATE * is_late(row) for row in attacks]
    statistics["site_mix_change"] = resampled(
        both, mix_changes, "bootstrap of attacks, 95 % of 4000 samples"
    )
    return statistics


if __name__ == "__main__":
    show(derive)
