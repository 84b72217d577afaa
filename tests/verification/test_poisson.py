"""Constant hazards, competing hazards and one that swings: Poisson processes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy import stats

from tests.builders import ticking
from tests.verification.judging import (
    NO_FAULT,
    counts_off,
    judge,
    law_off,
    link_between,
    logs_of,
    mean_off,
    one_stream_for_all,
    one_stream_for_bands,
    variance_off,
    without_band,
)
from tests.verification.kinds import SWING, SwingParams, alone

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.verify

CONSTANT: dict[str, tuple[float, Callable[..., None] | None]] = {
    NO_FAULT: (1.0, None),
    "rate 5 % high": (1.05, None),
    "lowest band dropped": (1.0, without_band("threat", 0)),
    "highest band dropped": (1.0, without_band("threat", 4)),
    "bands share a stream": (1.0, one_stream_for_bands),
}


@pytest.mark.parametrize("fault", CONSTANT)
def test_a_constant_hazard_gives_a_poisson_process(fault: str) -> None:
    """Counts are Poisson, gaps exponential and unrelated to the gap before.

    42,000 incidents: an error of 5 % in the rate is 10 standard errors.
    """
    rate, days, n, first = 0.7, 200.0, 300, 80
    factor, spoil = CONSTANT[fault]
    counts: list[int] = []
    gaps: list[Any] = []
    chosen = ticking(rate * factor, ceiling_per_day=1.0, horizon=days)
    for log in logs_of(chosen, n, spoil=spoil):
        times = np.array([record.time for record in log.incidents()])
        counts.append(times.size)
        gaps.append(np.diff(times[:first], prepend=0.0))
    pooled = np.concatenate(gaps)
    judge(
        {
            "mean": mean_off(counts, rate * days, rate * days),
            "variance": variance_off(counts, rate * days),
            "counts": counts_off(counts, stats.poisson(rate * days)),
            "gaps": law_off(pooled, stats.expon(scale=1.0 / rate)),
            "link": link_between(
                np.concatenate([gap[:-1] for gap in gaps]),
                np.concatenate([gap[1:] for gap in gaps]),
            ),
        },
        fault,
    )


COMPETING: dict[str, tuple[float, Callable[..., None] | None]] = {
    NO_FAULT: (1.0, None),
    "one rate 5 % high": (1.05, None),
    "both on the same streams": (1.0, one_stream_for_all),
}


@pytest.mark.parametrize("fault", COMPETING)
def test_of_two_competing_hazards_each_wins_in_proportion(fault: str) -> None:
    """Who comes next is in proportion to the rates and unrelated to when.

    80,000 incidents: 5 % more for the rarer one is 7 standard errors of its share.
    """
    rates, days, n = {"rare": 0.3, "frequent": 0.5}, 250.0, 400
    factor, spoil = COMPETING[fault]
    faulty = {**rates, "rare": rates["rare"] * factor}
    winners: list[Any] = []
    gaps: list[Any] = []
    for log in logs_of(
        ticking(faulty, ceiling_per_day=0.525, horizon=days), n, spoil=spoil
    ):
        records = list(log.incidents())
        winners.append(np.array([record.actor for record in records]))
        gaps.append(np.diff([record.time for record in records], prepend=0.0))
    total = rates["rare"] + rates["frequent"]
    share = rates["rare"] / total
    rare = np.concatenate(winners) == 0
    pooled = np.concatenate(gaps)
    judge(
        {
            "share": mean_off(rare, share, share * (1.0 - share)),
            "gaps": law_off(
                np.concatenate([g[:120] for g in gaps]), stats.expon(scale=1.0 / total)
            ),
            "winner and time": link_between(rare, pooled),
        },
        fault,
    )


SWINGING: dict[str, tuple[dict[str, float], Callable[..., None] | None]] = {
    NO_FAULT: ({}, None),
    "rate 5 % high": ({"rate": 0.84}, None),
    "swing 10 % small": ({"share": 0.81}, None),
    "hazard of half a day ago": ({"lag": 0.5}, None),
    "highest band dropped": ({}, without_band("threat", 5)),
}


@pytest.mark.parametrize("fault", SWINGING)
def test_thinning_is_exact_for_a_hazard_that_moves_between_incidents(
    fault: str,
) -> None:
    """With hazard r (1 + s sin(2 pi t / p)) counts over whole periods are Poisson.

    Given their number the incidents' phases have the hazard's integral as their law.
    32,000 incidents: 5 % in the rate is 9 standard errors, half a day of ten in the
    phase 7 by Kolmogorov and Smirnov.
    """
    rate, share, period, days, n = 0.8, 0.9, 10.0, 50.0, 800
    changed, spoil = SWINGING[fault]
    params = SwingParams(rate, share, period, 0.0)._replace(**changed)
    counts: list[int] = []
    phases: list[float] = []
    for log in logs_of(alone(SWING, params, days), n, spoil=spoil):
        times = [record.time for record in log.incidents()]
        counts.append(len(times))
        phases += [time % period for time in times]

    class Phase:
        """The law of the phase."""

        @staticmethod
        def cdf(t: Any) -> Any:
            """Integral of the hazard up to a phase, over that of a period."""
            turn = 2.0 * np.pi / period
            return (t + share * (1.0 - np.cos(turn * t)) / turn) / period

    judge(
        {
            "mean": mean_off(counts, rate * days, rate * days),
            "variance": variance_off(counts, rate * days),
            "phase": law_off(phases, Phase),
        },
        fault,
    )
