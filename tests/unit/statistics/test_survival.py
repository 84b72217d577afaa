"""Survival curves and the log-rank test are SciPy's; incidences add up."""

from math import isnan

import numpy as np
import pytest
from scipy import stats

from sim.statistics.survival import (
    cumulative_incidence,
    first_of,
    logrank_p_value,
    survival_curve,
)

TIMES = np.array([1.0, 2.0, 2.5, 4.0, 9.0, 10.0])
CAME = np.array([True, True, False, True, True, False])


def test_the_log_rank_test_is_scipys() -> None:
    """Times that are censored are told to it as such."""

    def censored(times):
        return stats.CensoredData(uncensored=times[CAME], right=times[~CAME])

    later = TIMES * 3.0
    known = stats.logrank(censored(TIMES), censored(later)).pvalue
    estimate = logrank_p_value((TIMES, CAME), (later, CAME))
    assert estimate == pytest.approx(known)
    assert 0.0 < estimate < 1.0


def test_without_an_event_there_is_nothing_to_test() -> None:
    """One event in either arm is enough for a p-value; none gives nan."""
    never = np.zeros(6, bool)
    assert isnan(logrank_p_value((TIMES, never), (TIMES, never)))
    assert logrank_p_value((TIMES, CAME), (TIMES, never)) < 0.1
    assert logrank_p_value((TIMES, never), (TIMES, CAME)) < 0.1


def test_the_survival_curve_is_scipys_with_censoring_anywhere() -> None:
    """The product-limit curve of Kaplan and Meier's kind, worked by hand."""
    times = np.array([2.0, 3.0, 3.0, 5.0, 8.0, 10.0])
    came = np.array([True, True, False, True, False, False])
    curve = survival_curve(times, came, 10.0)
    by_time = dict(zip(curve.times.tolist(), curve.survival.tolist(), strict=True))
    assert by_time[2.0] == pytest.approx(5 / 6)
    assert by_time[3.0] == pytest.approx(5 / 6 * 4 / 5)
    assert by_time[5.0] == pytest.approx(5 / 6 * 4 / 5 * 2 / 3)
    assert by_time[10.0] == by_time[5.0]
    assert (curve.low <= curve.survival).all()
    assert (curve.survival <= curve.high).all()


def test_competing_incidences_add_up_to_all_that_happened() -> None:
    """The sum of the incidences is one minus the survival of any event."""
    random = np.random.default_rng(8)
    times = random.exponential(10.0, size=(2, 300))
    limit = random.uniform(5.0, 20.0, size=300)
    came = times < limit
    columns = {
        name: (np.minimum(times[k], limit), came[k].astype(float))
        for k, name in enumerate(("raid", "strike"))
    }
    time, cause = first_of(columns)
    incidence = cumulative_incidence(time, cause, ("raid", "strike"))
    curve = survival_curve(time, cause > 0, float(time.max()))
    total = incidence.shares["raid"][-1] + incidence.shares["strike"][-1]
    assert total == pytest.approx(1.0 - curve.survival[-1])
    naive = survival_curve(time, cause == 1, float(time.max()))
    assert 1.0 - naive.survival[-1] > incidence.shares["raid"][-1] + 0.05
