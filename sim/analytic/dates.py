"""What the dates of attacks alone say of the law that they follow, exactly.

Three laws: a constant rate, campaigns (one ladder of readiness), and a self-exciting
process. The likelihood of each is known without simulation
(`sim.statistics.modulated`, `sim.statistics.hawkes`), so no particles are spent on it;
what is not known of a law is averaged over a grid of its prior.
"""

from __future__ import annotations

from functools import reduce
from itertools import product
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.analytic.readiness import readiness
from sim.engine.log import RecordType
from sim.ladder import Act
from sim.rules.militia import MilitiaParams
from sim.statistics.hawkes import Hawkes, log_likelihood
from sim.statistics.modulated import Modulated, beside, filtered, stacked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.engine.log import Rows

    Floats = NDArray[np.float64]

LAWS: Final = ("constant", "campaigns", "exciting")
"""Names of the laws, in the order of what `evidence` returns."""
RATE_SPREAD: Final = 0.4
"""Standard deviation of the rate's logarithm; each window has a rate of its own."""
SWINGS: Final = (0.5, 0.8, 1.1)
PERSISTENCES: Final = (15.0, 30.0, 60.0)
BRANCHINGS: Final = (0.15, 0.3, 0.5)
ECHOES: Final = (3.0, 7.0, 14.0)
"""Days after which the excitement has fallen to 1 / e."""

NODES: Final = np.linspace(-3.0, 3.0, 13)
LOG_WEIGHTS: Final = -0.5 * NODES**2 - np.log(np.exp(-0.5 * NODES**2).sum())
"""Of the prior of the rate's logarithm, a normal one on 13 points."""


class DatesPrior(NamedTuple):
    """Points of each law; all are alike likely, but for the rate."""

    rates: Floats
    """Mean rates, 1/day, to be weighed by `LOG_WEIGHTS`."""
    campaigns: Modulated
    """One ladder by swing, persistence and rate, which varies fastest."""
    exciting: Hawkes
    """By branching ratio, echo and rate, which varies fastest."""


class Judged(NamedTuple):
    """Log likelihood of the dates of one window, its rate averaged over the prior."""

    constant: float
    campaigns: Floats
    """By swing and persistence, one axis."""
    exciting: Floats
    """By branching ratio and echo, one axis."""


def attack_days(rows: Rows) -> Floats:
    """Return the days of the reported attacks with rockets since the start, rising."""
    records = rows.records
    is_one = (
        (records["record_type"] == RecordType.INCIDENT)
        & (records["act"] == Act.ROCKET_ATTACK)
        & (records["is_reported"] == 1)
        & (records["time"] >= 0.0)
    )
    return np.sort(records["time"][is_one])


def ladders(
    swing: float, persistence: float, rates: Floats, shares: Sequence[float] = (1.0,)
) -> Modulated:
    """Return a ladder at each rate, or several that share it, beside one another."""
    models: list[Modulated] = []
    for rate in rates.tolist():
        parts = [
            readiness(
                MilitiaParams(
                    base_rate=share * rate, swing=swing, persistence=persistence
                )
            )
            for share in shares
        ]
        models.append(reduce(beside, parts))
    return stacked(models)


def prior_about(rate: float) -> DatesPrior:
    """Return the prior whose median rate is this one, 1/day."""
    rates = rate * np.exp(RATE_SPREAD * NODES)
    grid = [ladders(*point, rates) for point in product(SWINGS, PERSISTENCES)]
    points = np.array(list(product(BRANCHINGS, ECHOES, rates)))
    return DatesPrior(
        rates=rates,
        campaigns=Modulated(
            *(np.concatenate(arrays) for arrays in zip(*grid, strict=True))
        ),
        exciting=Hawkes(
            rate=points[:, 2] * (1.0 - points[:, 0]),
            branching=points[:, 0],
            decay=1.0 / points[:, 1],
        ),
    )


def averaged(log_likelihoods: Floats) -> Floats:
    """Average likelihoods over the prior of the rate, which varies fastest."""
    weighed = log_likelihoods.reshape(-1, len(LOG_WEIGHTS)) + LOG_WEIGHTS
    return _log_sum(weighed)


def judged(times: Floats, days: float, prior: DatesPrior) -> Judged:
    """Judge the dates of one window of so many days."""
    constant = len(times) * np.log(prior.rates) - prior.rates * days
    return Judged(
        constant=float(averaged(constant)[0]),
        campaigns=averaged(filtered(prior.campaigns, times, days).log_likelihood),
        exciting=averaged(log_likelihood(prior.exciting, times, days)),
    )


def evidence(windows: Sequence[Judged]) -> tuple[float, float, float]:
    """Return the log marginal likelihood of each law, given all windows.

    Swing and persistence, or branching and echo, are those of all windows; each point
    of theirs is as likely as another.
    """
    campaigns = np.sum([window.campaigns for window in windows], axis=0)
    exciting = np.sum([window.exciting for window in windows], axis=0)
    return (
        sum(window.constant for window in windows),
        float(_log_sum(campaigns) - np.log(len(campaigns))),
        float(_log_sum(exciting) - np.log(len(exciting))),
    )


def _log_sum(values: Floats) -> Floats:
    top = values.max(axis=-1, keepdims=True)
    return np.log(np.exp(values - top).sum(axis=-1)) + top[..., 0]
