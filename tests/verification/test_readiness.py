"""What attacks tell of a militia's level, against worlds of the engine.

The exact filter (`sim.statistics.modulated`) takes the ladder from the rules
(`sim.analytic.readiness`); the engine runs the same rules, as operations at random
moments. Where they agree, the expected slope of the log likelihood at the truth is 0 in
every parameter (Bartlett), and forecasts from the filtered level leave residuals that
nothing known at the time predicts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.linalg import expm

from sim.analytic.readiness import readiness
from sim.engine.cast import Cast
from sim.engine.choice import choose_driver
from sim.ladder import Act
from sim.rules.militia import MilitiaParams
from sim.statistics.modulated import Modulated, filtered, stacked
from tests.verification.judging import NO_FAULT, ROOT_SEED, judge, mean_off
from tests.verification.test_campaign import (
    PERSISTENCE,
    RATE,
    SWING,
    WINDOW,
    WINDOWS,
    WORLDS,
    pure_scenario,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

pytestmark = pytest.mark.verify

DAYS = WINDOW * WINDOWS
KNOWN = DAYS - WINDOW
TRUTH = np.array([RATE, SWING, PERSISTENCE])
STEP = 1e-3


@pytest.fixture(scope="module")
def worlds() -> list[Any]:
    """Return the days of attacks by world."""
    driver, _ = choose_driver(Cast(pure_scenario()), WORLDS, "simpy")
    return [
        np.array(
            [
                record.time
                for record in driver.log(ROOT_SEED, number).incidents()
                if record.act == Act.ROCKET_ATTACK
            ]
        )
        for number in range(WORLDS)
    ]


def ladder(truth: Floats, fault: str) -> Modulated:
    """Return the militia's ladder, or one with a fault planted in it."""
    rate, swing, persistence = truth.tolist()
    model = readiness(
        MilitiaParams(base_rate=rate, swing=swing, persistence=persistence)
    )
    if fault == "sticky":
        return model._replace(moves=0.5 * model.moves)
    if fault == "flat":
        return model._replace(rates=rate * (model.rates / rate) ** 0.5)
    return model


@pytest.mark.parametrize("fault", [NO_FAULT, "sticky", "flat"])
def test_likelihood_has_no_slope_at_the_truth(worlds: list[Any], fault: str) -> None:
    """The mean slope over 500 worlds is 0 in rate, swing and persistence."""
    ends = [
        ladder(TRUTH * np.exp(side * STEP * np.eye(3)[k]), fault)
        for k in range(3)
        for side in (1.0, -1.0)
    ]
    models = stacked(ends)
    values = np.array([filtered(models, w, DAYS).log_likelihood for w in worlds])
    slopes = (values[:, ::2] - values[:, 1::2]) / (2.0 * STEP)
    names = "rate", "swing", "persistence"
    judge({n: mean_off(slopes[:, k], 0.0) for k, n in enumerate(names)}, fault)


@pytest.mark.parametrize("fault", [NO_FAULT, "flat"])
def test_forecasts_from_the_level_leave_nothing_over(
    worlds: list[Any], fault: str
) -> None:
    """Attacks of the next month less those expected of the filtered level average 0,
    and so does their product with what the last month had above its mean.
    """
    model = ladder(TRUTH, fault)
    # The exponential's upper right block is the integral of that of the moves.
    blocks = np.block([[model.moves, np.eye(3)], [np.zeros((3, 6))]])
    ahead = expm(blocks * WINDOW)[:3, 3:] @ model.rates
    residuals, products = [], []
    for world in worlds:
        states = filtered(model, world[world < KNOWN], KNOWN).states
        last = ((world >= KNOWN - WINDOW) & (world < KNOWN)).sum() - RATE * WINDOW
        residual = (world >= KNOWN).sum() - states @ ahead
        residuals.append(residual)
        products.append(residual * last)
    judge(
        {"residual": mean_off(residuals, 0.0), "product": mean_off(products, 0.0)},
        fault,
    )
