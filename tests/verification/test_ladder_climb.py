"""Climbing the ladder to its top: the absorption time of a Markov chain."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.ladder import Act
from tests.verification.judging import (
    NO_FAULT,
    judge,
    link_between,
    logs_of,
    mean_off,
    variance_off,
    without_band,
)
from tests.verification.kinds import LADDER, LadderParams, alone

pytestmark = pytest.mark.verify

RATES = LadderParams(up_0=0.5, up_1=0.4, up_2=0.3, down_1=0.2, down_2=0.3)
N_CLIMBS = 50


def moments(rates: LadderParams) -> tuple[float, float]:
    """Return mean and variance of the time from the ground to the top, days.

    With Q the generator among the rungs below the top, E[T] = -inv(Q) 1 and
    E[T T] = 2 inv(Q) inv(Q) 1.
    """
    a, b, c, d, e = rates
    generator = np.array([[-a, a, 0.0], [d, -(b + d), b], [0.0, e, -(c + e)]])
    once = np.linalg.solve(-generator, np.ones(3))
    twice = 2.0 * np.linalg.solve(-generator, once)
    return float(once[0]), float(twice[0] - once[0] ** 2)


def climbs(records: Any) -> list[float]:
    """Return the first times from the ground to the top, from a log's incidents."""
    found: list[float] = []
    rung, since = 0, 0.0
    for record in records:
        rung += 1 if record.act == Act.THREAT else -1
        if rung == 3:
            found.append(record.time - since)
            rung, since = 0, record.time
    assert len(found) >= N_CLIMBS
    return found[:N_CLIMBS]


FAULTS: dict[str, tuple[dict[str, float], Any]] = {
    NO_FAULT: ({}, None),
    "all rates 5 % high": ({n: 1.05 * x for n, x in RATES._asdict().items()}, None),
    "last step 10 % low": ({"up_2": 0.27}, None),
    "band of coming down dropped": ({}, without_band("talks", 1)),
    "rungs 1 and 2 mixed up": ({"up_1": 0.3, "up_2": 0.4}, None),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_climb_takes_as_long_as_the_generator_matrix_says(fault: str) -> None:
    """Times to the top have the exact mean and variance, each unrelated to the last.

    15,000 climbs: 5 % in all rates is 6 standard errors of the mean.
    """
    changed, spoil = FAULTS[fault]
    mean, variance = moments(RATES)
    chosen = alone(LADDER, RATES._replace(**changed), 2.2 * N_CLIMBS * mean)
    times = np.array(
        [climbs(log.incidents()) for log in logs_of(chosen, 300, spoil=spoil)]
    )
    judge(
        {
            "mean": mean_off(times, mean, variance),
            "variance": variance_off(times.ravel(), variance),
            "link": link_between(times[:, :-1].ravel(), times[:, 1:].ravel()),
        },
        fault,
    )
