"""Attacks that excite themselves: a linear Hawkes process with exponential kernel."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.linalg import expm

from tests.builders import self_exciting
from tests.verification.judging import (
    NO_FAULT,
    judge,
    logs_of,
    mean_off,
    variance_off,
)

if TYPE_CHECKING:
    from sim.engine.log import Record

pytestmark = pytest.mark.verify

MU, BRANCHING, MEMORY = 0.2, 0.5, 5.0
DECAY = 1.0 / MEMORY
JUMP = BRANCHING * DECAY
BURN_IN, WINDOW = 100.0, 60.0


def moments_from_calm(days: float) -> tuple[float, float]:
    """Return mean and variance of the count of a process that starts without a past.

    With rate x and count N, d(x) = decay (mu - x) dt + jump dN. The moments E[x],
    E[N], E[x x], E[x N] and E[N N] obey linear equations with a constant inflow.
    """
    k = JUMP - DECAY
    inflow = DECAY * MU
    # Rows and columns: 1, x, N, xx, xN, NN.
    flow = np.zeros((6, 6))
    flow[1, [0, 1]] = inflow, k
    flow[2, 1] = 1.0
    flow[3, [1, 3]] = 2.0 * inflow + JUMP * JUMP, 2.0 * k
    flow[4, [1, 2, 3, 4]] = JUMP, inflow, 1.0, k
    flow[5, [1, 4]] = 1.0, 2.0
    start = np.array([1.0, MU, 0.0, MU * MU, 0.0, 0.0])
    _, _, mean, _, _, square = expm(flow * days) @ start
    return float(mean), float(square - mean * mean)


def moments_when_stationary(days: float) -> tuple[float, float]:
    """Return mean and variance of the count in a window of the stationary process.

    The variance is equation 21 of Da Fonseca and Zaatour (2013).
    """
    rate = MU / (1.0 - BRANCHING)
    kappa = 1.0 / (1.0 - BRANCHING)
    gamma = DECAY - JUMP
    swing = (1.0 - kappa**2) * (1.0 - np.exp(-gamma * days)) / gamma
    return rate * days, rate * (days * kappa**2 + swing)


def quick_ones_lost(cast: Any) -> None:
    """Plant: an act within 0.3 days of the last one remembered adds no jump."""
    kind = cast.kinds[0]

    def notice(params: Any, memory: Any, percept: Any, now: float) -> None:
        if now - memory.since >= 0.3:
            kind.notice(params, memory, percept, now)

    cast.kinds = (kind._replace(notice=notice), *cast.kinds[1:])


FAULTS: dict[str, tuple[dict[str, float], Any]] = {
    NO_FAULT: ({}, None),
    "base rate 5 % high": ({"base_rate": MU * 1.05}, None),
    "jump 5 % high": ({"jump": JUMP * 1.05}, None),
    "memory 5 % short": ({"memory_days": MEMORY * 0.95}, None),
    "memory half, jump double": ({"memory_days": MEMORY / 2, "jump": JUMP * 2}, None),
    "acts in quick succession lost": ({}, quick_ones_lost),
}


def test_the_two_theories_meet() -> None:
    """Far from the start the count from calm grows as the stationary one does."""
    (mean_1, variance_1), (mean_2, variance_2) = map(moments_from_calm, (600.0, 660.0))
    (mean_3, variance_3), (mean_4, variance_4) = map(
        moments_when_stationary, (600.0, 660.0)
    )
    assert mean_2 - mean_1 == pytest.approx(mean_4 - mean_3)
    assert variance_2 - variance_1 == pytest.approx(variance_4 - variance_3)


@pytest.mark.parametrize("fault", FAULTS)
def test_counts_have_the_mean_and_variance_of_a_hawkes_process(fault: str) -> None:
    """Counts from calm and in a late window have the moments that theory gives.

    90,000 incidents in 2,000 replications: 5 % in the base rate or the jump is 9
    standard errors of the mean, in the memory 5. A kernel of the same branching ratio
    and half the length keeps the stationary mean; the count from calm tells it.
    """
    changed, spoil = FAULTS[fault]
    chosen = self_exciting(
        base_rate=MU,
        branching_ratio=BRANCHING,
        memory_days=MEMORY,
        ceiling_per_day=4.0,
        horizon=BURN_IN + WINDOW,
    )
    actor = chosen.actors[0]
    actor = replace(actor, params=actor.params._replace(**changed))
    chosen = replace(chosen, actors=(actor, *chosen.actors[1:]))
    early: list[int] = []
    late: list[int] = []
    for log in logs_of(chosen, 2000, spoil=spoil):
        records: list[Record] = list(log.incidents())
        early.append(sum(record.time < WINDOW for record in records))
        late.append(sum(record.time >= BURN_IN for record in records))
    mean, variance = moments_from_calm(WINDOW)
    late_mean, late_variance = moments_when_stationary(WINDOW)
    judge(
        {
            "mean from calm": mean_off(early, mean, variance),
            "variance from calm": variance_off(early, variance),
            "stationary mean": mean_off(late, late_mean, late_variance),
            "stationary variance": variance_off(late, late_variance),
            "mean of both": mean_off(
                np.add(early, late), mean + late_mean, variance + late_variance
            ),
        },
        fault,
    )
