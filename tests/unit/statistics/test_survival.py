"""The log-rank test is SciPy's, where there is anything to test."""

from math import isnan

import numpy as np
import pytest
from scipy import stats

from sim.statistics.survival import logrank_p_value

TIMES = np.array([1.0, 2.0, 2.5, 4.0, 9.0, 10.0])
CAME = np.array([True, True, False, True, True, False])


def test_the_log_rank_test_is_scipys() -> None:
    """Times that are censored are told to it as such."""

    def censored(times):
        return stats.CensoredData(uncensored=times[CAME], right=times[~CAME])

    later = TIMES * 3.0
    known = stats.logrank(censored(TIMES), censored(later)).pvalue
    found = logrank_p_value((TIMES, CAME), (later, CAME))
    assert found == pytest.approx(known)
    assert 0.0 < found < 1.0


def test_without_an_event_there_is_nothing_to_test() -> None:
    """One event in either arm is enough for a p-value; none gives nan."""
    never = np.zeros(6, bool)
    assert isnan(logrank_p_value((TIMES, never), (TIMES, never)))
    assert logrank_p_value((TIMES, CAME), (TIMES, never)) < 0.1
    assert logrank_p_value((TIMES, never), (TIMES, CAME)) < 0.1
