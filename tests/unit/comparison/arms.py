"""Arms of made-up outcomes, and their comparison."""

from typing import Any

import numpy as np
import pandas as pd

from sim.comparison.compare import compare_arms
from sim.comparison.pairing import ArmOutcomes
from sim.comparison.result import OutcomeComparison
from sim.outcomes import OUTCOMES

COUNT = "n_rocket_attacks_true"
SHARE = "direct_exchange_happened_true"
TIME = "time_to_first_strike_days_true"
CAME = "first_strike_happened_true"
DELAY = "strike_delay_days_true"


def arm(
    name: str = "a",
    n: int = 200,
    *,
    shift: float = 0.0,
    root_seed: int = 1,
    until: float = 100.0,
    failed: tuple[int, ...] = (),
) -> ArmOutcomes:
    """Return an arm of made-up outcomes; arms of one root_seed share their chance."""
    random = np.random.default_rng(root_seed)
    count = random.poisson(5.0, n) + (random.random(n) < shift)
    waiting = random.exponential(80.0, n) * (1.0 - shift / 2.0)
    war = random.random(n) < 0.3 + shift / 5.0
    delay = np.where(random.random(n) < 0.5, random.exponential(3.0, n) + shift, np.nan)
    frame = pd.DataFrame(
        {
            COUNT: count.astype(float),
            SHARE: war.astype(float),
            TIME: np.minimum(waiting, until),
            CAME: (waiting < until).astype(float),
            DELAY: delay,
        }
    )
    frame.loc[list(failed)] = np.nan
    table = {column: OUTCOMES[column] for column in frame}
    return ArmOutcomes(name, root_seed, until, frame, frozenset(failed), table)


def compared(*arms: ArmOutcomes, **options: Any) -> dict[str, OutcomeComparison]:
    """Compare two arms in everything."""
    return compare_arms(arms, ["all"], **options).comparisons[0].outcomes
