"""A militia's ladder as a hidden chain, by its own rules."""

from __future__ import annotations

import numpy as np
import pytest

from sim.analytic.readiness import readiness
from sim.rules.militia import MilitiaParams
from sim.statistics.modulated import filtered

PARAMS = MilitiaParams(base_rate=0.3, swing=0.8, persistence=20.0)
TIMES = np.array([1.0, 2.0, 2.5, 30.0])


def test_a_ladder_has_the_rates_and_moves_of_the_campaign() -> None:
    """Levels differ by the swing about the mean; moves are one in the persistence."""
    ladder = readiness(PARAMS)
    assert np.diff(np.log(ladder.rates)) == pytest.approx([0.8, 0.8])
    assert ladder.rates.mean() == pytest.approx(0.3)
    assert np.diag(ladder.moves, 1) == pytest.approx([0.05, 0.05])
    assert np.diag(ladder.moves, -1) == pytest.approx([0.05, 0.05])
    assert ladder.balance == pytest.approx([1.0 / 3.0] * 3)


def test_a_lean_shifts_the_levels_in_the_long_run() -> None:
    """Levels are then in the proportions 1 : e^b : e^2b, and in balance."""
    ladder = readiness(PARAMS, lean=-0.7)
    assert np.diff(np.log(ladder.balance)) == pytest.approx([-0.7, -0.7])
    flow = ladder.balance[:, None] * ladder.moves
    assert flow == pytest.approx(flow.T)
    assert ladder.moves.sum(axis=1) == pytest.approx(np.zeros(3))


def test_without_a_swing_attacks_tell_nothing() -> None:
    """The likelihood is a Poisson process's then, and all levels stay as likely."""
    known = filtered(readiness(PARAMS._replace(swing=0.0)), TIMES, 40.0)
    assert float(known.log_likelihood) == pytest.approx(4 * np.log(0.3) - 0.3 * 40.0)
    assert known.states == pytest.approx([1.0 / 3.0] * 3)


def test_many_attacks_speak_for_a_surge_and_none_for_quiet() -> None:
    """The filter orders the levels by what it has seen last."""
    busy = filtered(readiness(PARAMS), np.arange(1.0, 20.0), 20.0).states
    idle = filtered(readiness(PARAMS), np.array([]), 20.0).states
    assert busy[2] > 0.8 > busy[1] > busy[0]
    assert idle[0] > 0.5 > idle[1] > idle[2]
