"""Weights of a mixture of forecasters: where the optimum is known, and errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from sim.statistics.stacking import stacked, stacking_weights


def test_who_is_better_in_every_window_gets_all() -> None:
    """A mixture with what is worse everywhere can only lose."""
    logs = np.log(np.array([[0.5, 0.4, 0.1], [0.3, 0.2, 0.2], [0.9, 0.1, 0.6]]))
    assert stacking_weights(logs) == pytest.approx([1.0, 0.0, 0.0], abs=1e-3)


def test_weights_are_where_a_search_finds_the_optimum() -> None:
    """Two forecasters of 200 answers, against a bounded search over one weight."""
    rng = np.random.default_rng(3)
    shares = rng.beta(2.0, 3.0, (200, 2))
    best: Any = minimize_scalar(
        lambda w: -np.log(shares @ np.array([w, 1.0 - w])).mean(),
        bounds=(0.0, 1.0),
        method="bounded",
    )
    assert stacking_weights(np.log(shares))[0] == pytest.approx(best.x, abs=0.01)


def test_small_probabilities_are_no_harm() -> None:
    """Only ratios count: shares of 1e-300 give the weights of the same ratios."""
    logs = np.log(np.array([[0.9, 0.1], [0.1, 0.9], [0.3, 0.6]]))
    far = logs - np.array([[700.0], [0.0], [300.0]])
    assert stacking_weights(far) == pytest.approx(stacking_weights(logs))


def test_errors_are_a_jackknife_over_windows() -> None:
    """Windows that all say the same leave no doubt; one against another leaves much."""
    same = np.log(np.tile([[0.8, 0.3], [0.2, 0.4]], (4, 1)))
    windows = np.repeat(np.arange(4.0), 2)
    assert stacked(same, windows).errors == pytest.approx([0.0, 0.0], abs=1e-3)
    apart = np.log(np.array([[0.9, 0.1], [0.1, 0.9]]))
    result = stacked(apart, np.array([0.0, 1.0]))
    # Without one window the other's forecaster has all: (n - 1) / n times 2 x 1/4.
    assert result.errors == pytest.approx([0.5, 0.5], abs=1e-3)
    assert result.log_score == pytest.approx(-np.log(0.5), abs=1e-6)
    assert np.isnan(stacked(apart[:1], np.zeros(1)).errors).all()
