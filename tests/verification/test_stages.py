"""How long the stages of an operation take: lognormal and exponential."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim.engine.log import RecordType
from tests.verification.judging import (
    NO_FAULT,
    judge,
    law_off,
    link_between,
    logs_of,
    mean_off,
    variance_off,
)
from tests.verification.kinds import STAGED, StagedParams, alone

pytestmark = pytest.mark.verify

TRUE = StagedParams(rate=0.9, median=3.0, spread=0.5, mean=2.0)
DAYS, LAST_START = 300.0, 200.0

FAULTS: dict[str, dict[str, float]] = {
    NO_FAULT: {},
    "median 5 % long": {"median": 3.15},
    "spread 5 % wide": {"spread": 0.525},
    "mean 5 % long": {"mean": 2.1},
    "days taken for 30 hours": {"median": 3.0 * 24.0 / 30.0, "mean": 2.0 * 24.0 / 30.0},
}


@pytest.mark.parametrize("fault", FAULTS)
def test_stages_take_their_time_independently(fault: str) -> None:
    """Stages have the laws that their rules invert, and do not know of each other.

    Operations that began early enough to end for sure: 18,000. 5 % in the median is 13
    standard errors, in the spread 9, in the exponential's mean 6.7.
    """
    first, second = [], []
    for log in logs_of(alone(STAGED, TRUE._replace(**FAULTS[fault]), DAYS), 100):
        stages = [r for r in log.records if r.record_type == RecordType.STAGE]
        times = {record.identity: record.time for record in stages}
        started = {r.identity for r in stages if r.stage == 0 and r.time < LAST_START}
        prepared = {r.identity: r for r in stages if r.cause in started}
        first += [r.time - times[r.cause] for r in prepared.values()]
        waited = [r for r in stages if r.cause in prepared]
        second += [r.time - times[r.cause] for r in waited]
        assert len(started) == len(prepared) == len(waited)
        ended = {r.cause: r.time for r in log.incidents()}
        assert all(ended[r.identity] == r.time for r in waited)
    logs = np.log(first)
    judge(
        {
            "log mean": mean_off(logs, np.log(TRUE.median), TRUE.spread**2),
            "log variance": variance_off(logs, TRUE.spread**2),
            "lognormal": law_off(first, stats.lognorm(TRUE.spread, scale=TRUE.median)),
            "mean": mean_off(second, TRUE.mean, TRUE.mean**2),
            "exponential": law_off(second, stats.expon(scale=TRUE.mean)),
            "link": link_between(first, second),
        },
        fault,
    )
