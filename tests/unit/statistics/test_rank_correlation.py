"""What a rank correlation shows, and how large one it would have shown."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from sim.statistics.rank_correlation import (
    correlated,
    detectable_correlation,
    rank_correlation,
)

N, TRIALS = 60, 600


@pytest.mark.parametrize("level", [0.95, 1.0 - 0.05 / 300])
def test_what_is_detectable_is_shown_in_four_samples_of_five(level: float) -> None:
    """The share of samples within 4 standard errors of 80 %, give or take 3 points.

    The 3 points are for Fisher's transform, which is near the truth only. A least
    correlation 0.06 too small is caught.
    """
    rng = np.random.default_rng(11)
    rho = detectable_correlation(N, level)
    pearson = 2.0 * np.sin(np.pi * rho / 6.0)  # of normal samples with this Spearman's
    shown = 0
    for _ in range(TRIALS):
        x, z = rng.standard_normal((2, N))
        y = pearson * x + sqrt(1.0 - pearson**2) * z
        _, low, _ = rank_correlation(x, y, level)
        shown += low > 0.0
    assert shown / TRIALS == pytest.approx(0.8, abs=4.0 * sqrt(0.16 / TRIALS) + 0.03)


def test_more_columns_ask_for_more_of_each() -> None:
    """What chance would show of one among very many is not shown."""
    rng = np.random.default_rng(2)
    y = rng.standard_normal(N)
    columns = {f"x{k}": rng.standard_normal(N) for k in range(300)}
    columns["like"] = y + 0.5 * rng.standard_normal(N)
    named, least = correlated(columns, y)
    assert [name for name, _ in named] == ["like"]
    assert least > correlated({"like": columns["like"]}, y)[1]
