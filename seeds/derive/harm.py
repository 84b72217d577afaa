"""How many rounds the reported attacks fired, and whom they hurt."""

import numpy as np
from record import Row, Statistics, core_attacks, known, show, total
from uncertainty import Floats, binomial_share, compound_sum, resampled

LARGE_SALVO = 10
"""Rounds from which a salvo is called large."""


def means(samples: Floats) -> Floats:
    """Mean of each row."""
    return samples.mean(axis=1)


def medians(samples: Floats) -> Floats:
    """Median of each row."""
    return np.median(samples, axis=1)


def maxima(samples: Floats) -> Floats:
    """Largest of each row."""
    return samples.max(axis=1)


def derive(rows: list[Row]) -> Statistics:
    """Derive salvo sizes and casualties of the core list."""
    attacks = core_attacks(rows)
    n = len(attacks)
    killed = [total(row, "killed") for row in attacks]
    wounded = [total(row, "wounded") for row in attacks]
    coalition_killed = [int(row["killed_foreign"] or 0) for row in attacks]
    harmed = {
        side: sum(
            int(row[f"killed_{side}"] or 0) + int(row[f"wounded_{side}"] or 0) > 0
            for row in attacks
        )
        for side in ("foreign", "host", "civilian")
    }
    salvos = known(attacks, "rounds")
    how = "bootstrap of attacks with known rounds, 95 % of 4000 samples"
    return {
        "share_attacks_with_casualties": binomial_share(
            sum(k + w > 0 for k, w in zip(killed, wounded, strict=True)), n
        ),
        "share_attacks_with_deaths": binomial_share(sum(k > 0 for k in killed), n),
        "share_attacks_harming_coalition": binomial_share(harmed["foreign"], n),
        "share_attacks_harming_host": binomial_share(harmed["host"], n),
        "share_attacks_harming_civilians": binomial_share(harmed["civilian"], n),
        "n_coalition_deaths": compound_sum(coalition_killed),
        "n_wounded_all": compound_sum(wounded),
        "salvo_median": resampled(salvos, medians, how),
        "salvo_mean": resampled(salvos, means, how),
        "salvo_max": resampled(salvos, maxima, how),
        "share_salvo_ge_10": binomial_share(
            sum(rounds >= LARGE_SALVO for rounds in salvos), len(salvos)
        ),
    }


if __name__ == "__main__":
    show(derive)
