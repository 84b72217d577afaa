"""Campaigns: counts of a militia whose readiness moves on a ladder of three levels.

The intensity is a chain on three states in a row with moves at the rate
1 / persistence: its generator has the eigenvalues 0, -1 / persistence and
-3 / persistence, with the eigenvectors (1, 1, 1), (1, 0, -1) and (1, -2, 1). So the
covariance of the intensity, and with it that of counts in windows, is known exactly.

What attacks tell of the level is exact too: the filter (`sim.statistics.modulated`)
takes the ladder from the rules (`sim.analytic.readiness`), the engine runs the same
rules as operations at random moments. Where they agree, the expected slope of the log
likelihood at the truth is 0 in every parameter (Bartlett), and forecasts from the
filtered level leave residuals that nothing known at the time predicts.
"""

from __future__ import annotations

from dataclasses import replace
from math import exp
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.linalg import expm

from sim.analytic.readiness import readiness
from sim.engine.cast import Cast
from sim.engine.choice import choose_driver
from sim.ladder import Act
from sim.rules import militia
from sim.rules.behaviour import Option
from sim.rules.militia import MilitiaParams, campaign
from sim.statistics.modulated import Modulated, filtered, stacked
from tests.builders import scenario
from tests.verification.judging import NO_FAULT, ROOT_SEED, judge, mean_off

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.rules.militia import MilitiaView
    from sim.scenario.scenario import Scenario

    Floats = NDArray[np.float64]

pytestmark = pytest.mark.verify

RATE, SWING, PERSISTENCE = 0.3, 0.8, 20.0
WINDOW, WINDOWS, WORLDS = 28.0, 8, 500
ALONE = {
    "base_rate": RATE,
    "swing": SWING,
    "persistence": PERSISTENCE,
    "preparation_days": 0.01,
    "emplacement_days": 0.001,
    "max_parallel": 0.0,
    "retaliation_share": 0.0,
}


def expected() -> tuple[float, float]:
    """Return variance and lagged covariance of counts in windows over the squared mean.

    What a Poisson process adds to the variance, the mean, is left out.
    """
    factors = np.exp(SWING * np.array([-1.0, 0.0, 1.0]))
    factors = factors / factors.mean()
    within = beside = 0.0
    for vector, speed in (((1.0, 0.0, -1.0), 1.0), ((1.0, -2.0, 1.0), 3.0)):
        share = (factors @ np.array(vector)) ** 2 / np.square(vector).sum() / 3.0
        x = speed * WINDOW / PERSISTENCE
        within += share * 2.0 * (x - 1.0 + exp(-x)) / x**2
        beside += share * (1.0 - exp(-x)) ** 2 / x**2
    return within, beside


def sticky(params: MilitiaParams, view: MilitiaView) -> float:
    """Plant a fault: it calms down half as often."""
    return 0.5 * campaign.calm_hazard(params, view)


def pure_scenario() -> Scenario:
    """Return a militia alone, whose attacks nobody answers."""
    return scenario(
        militias=("kataib",),
        militia_params=ALONE,
        host_params={"raid_rate": 0.0, "detection_share": 0.0},
        sponsor_params={"directive_rate": 0.0},
        foreign_params={"tolerance": 1000.0},
        horizon=WINDOW * WINDOWS,
    )


def quiet_start(params: Any, memory: Any, u: float) -> None:
    """Start as the rules have it, but for the level."""
    militia.KIND.starting(params, memory, u)
    for other in range(len(memory.level)):
        memory.level[other] = 0.0


def spoilt(chosen: Scenario, fault: str) -> Scenario:
    """Return the scenario with a fault planted in its militia."""
    actor = chosen.actors[0]
    kind = actor.kind
    if fault == "starts quiet":
        kind = kind._replace(starting=quiet_start)
    elif fault == "sticky":
        options = [
            Option(o.operation, o.role, sticky, o.ceiling)
            if o.operation.name == "calm_down"
            else o
            for o in kind.options
        ]
        kind = kind._replace(options=tuple(options))
    return replace(chosen, actors=(replace(actor, kind=kind), *chosen.actors[1:]))


def counts_of(chosen: Scenario) -> Any:
    """Return attacks by world and window."""
    cast = Cast(chosen)
    driver, _ = choose_driver(cast, WORLDS, "simpy")
    rows = []
    for number in range(WORLDS):
        log = driver.log(ROOT_SEED, number)
        days = [r.time for r in log.incidents() if r.act == Act.ROCKET_ATTACK]
        rows.append(np.histogram(days, WINDOWS, (0.0, WINDOW * WINDOWS))[0])
    return np.array(rows, float)


@pytest.mark.parametrize("fault", [NO_FAULT, "starts quiet", "sticky"])
def test_counts_have_the_mean_variance_and_covariance_of_the_ladder(fault: str) -> None:
    """Mean, variance within and covariance between windows are those of the chain.

    Starting quiet takes 6 standard errors off the mean, calming down half as often
    adds 20.
    """
    counts = counts_of(spoilt(pure_scenario(), fault))
    mean = RATE * WINDOW
    within, beside = expected()
    off = counts - mean
    square = (off * off).mean(axis=1) - mean
    product = (off[:, 1:] * off[:, :-1]).mean(axis=1)
    judge(
        {
            "mean": mean_off(counts.mean(axis=1), mean),
            "variance": mean_off(square / mean**2, within),
            "covariance": mean_off(product / mean**2, beside),
        },
        fault,
    )


# What attacks tell of the level.

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
