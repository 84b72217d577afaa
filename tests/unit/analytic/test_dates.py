"""What dates alone say of the law that they follow."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.analytic.dates import (
    LAWS,
    RATE_SPREAD,
    attack_days,
    evidence,
    judged,
    prior_about,
)
from sim.record.summary import record_rows
from sim.scenario.load import load

DAYS = 252.0


def test_evidence_prefers_what_brought_the_dates_about() -> None:
    """Bursts speak against a constant rate, and even spacing for it."""
    prior = prior_about(36.0 / DAYS)
    even: Any = np.arange(3.5, DAYS, 7.0)
    starts = np.array([20.0, 110.0, 200.0])
    bursts: Any = (starts[:, None] + np.arange(12) * 1.5).ravel()
    constant, campaigns, exciting = evidence([judged(even, DAYS, prior)])
    assert constant > max(campaigns, exciting)
    constant, campaigns, exciting = evidence([judged(bursts, DAYS, prior)])
    assert min(campaigns, exciting) > constant + 3.0
    assert LAWS == ("constant", "campaigns", "exciting")


def test_a_constant_rate_is_averaged_over_its_prior() -> None:
    """Against the integral of the Poisson likelihood over a lognormal rate."""
    one = judged(np.array([3.0, 70.0, 71.0]), DAYS, prior_about(0.02))
    rates = 0.02 * np.exp(RATE_SPREAD * np.linspace(-6.0, 6.0, 4001))
    density = stats.norm.pdf(np.linspace(-6.0, 6.0, 4001))
    values = rates**3 * np.exp(-rates * DAYS)
    expected = np.log((values * density).sum() / density.sum())
    assert one.constant == pytest.approx(expected, abs=0.02)


def test_the_record_has_36_dates() -> None:
    """Reported attacks with rockets of the press series, rising."""
    scenario = load("iraq_2019_2020")
    days = attack_days(record_rows(scenario, scenario.horizon))
    assert len(days) == 36
    assert (np.diff(days) >= 0.0).all()
