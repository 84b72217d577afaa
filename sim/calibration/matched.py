"""Numbers set so that a scenario shows, on average, what is said of its violence.

"About two attacks a week" is no parameter: the rate at which a calm militia begins an
attack is, and what others do moves the attacks that come of it. So the parameters are
searched for, over replications that are the same worlds at every step.
"""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.engine.cast import Cast
from sim.engine.choice import choose_driver
from sim.ensemble.point_run import PointTask, run_points
from sim.scenario.renumber import row_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.scenario.scenario import Scenario

N_WORLDS: Final = 200
"""Replications at each step."""

_MOST_STEPS: Final = 12
_CLOSE: Final = 0.02
"""How near is near enough, as a share of what is wanted."""
_LONGEST_STEP: Final = 4.0
"""Most by which a parameter is multiplied or divided in one step."""


class Wish(NamedTuple):
    """What a scenario is to show on average, and the parameter that brings it about."""

    outcome: str
    """A reported outcome, which rises with the parameter."""
    mean: float
    """Wanted, > 0, in the outcome's unit over the whole scenario."""
    kind: str
    """Whose parameter it is: that of all actors of this kind alike, or of all
    ``means``."""
    parameter: str
    is_log_odds: bool = False
    """Whether the parameter is a log odds, to which a step adds; others multiply."""


class Match(NamedTuple):
    """What a search came to."""

    values: dict[str, float]
    """The parameters by name, canonical unit."""
    means: dict[str, float]
    """What the scenario shows with them, by outcome."""


def matched(scenario: Scenario, wishes: Sequence[Wish]) -> Match:
    """Search for the parameters with which a scenario shows what is wished.

    Each step multiplies every parameter by how far its outcome falls short, as fits an
    outcome that rises about in proportion; to log odds it adds. Replications of equal
    number are the same worlds at every step, so little of a step is noise.

    Parameters
    ----------
    scenario
        The scenario; its own values are where the search begins.
    wishes
        What it is to show.

    Returns
    -------
    Match
        The best step. A parameter at its legal limit, or a mean far from the wish, says
        that the wish is beyond the scenario's reach.
    """
    driver, _ = choose_driver(Cast(scenario), N_WORLDS * _MOST_STEPS)
    task = PointTask(scenario, 1, scenario.horizon, driver.name)
    owners = {wish: _owners(scenario, wish) for wish in wishes}
    paths = {
        wish: [f"{stem}.{wish.parameter}" for stem in stems]
        for wish, stems in owners.items()
    }
    values: dict[Wish, float] = {}
    for wish, stems in owners.items():
        value = getattr(next(iter(stems.values())), wish.parameter)
        values[wish] = value if wish.is_log_odds else max(value, 1e-6)
    outcomes = [wish.outcome for wish in wishes]
    best: tuple[float, Match] | None = None
    for _ in range(_MOST_STEPS):
        point = {path: value for wish, value in values.items() for path in paths[wish]}
        drawn = run_points(task, [point] * N_WORLDS, range(N_WORLDS), outcomes)
        means = [float(np.mean(x[np.isfinite(x)])) if np.isfinite(x).any() else 0.0
                 for x in drawn.T]  # fmt: skip
        ratios = [wish.mean / max(mean, wish.mean / _LONGEST_STEP)
                  for wish, mean in zip(wishes, means, strict=True)]  # fmt: skip
        miss = max(abs(np.log(ratio)) for ratio in ratios)
        if best is None or miss < best[0]:
            parameters = {wish.parameter: value for wish, value in values.items()}
            best = miss, Match(parameters, dict(zip(outcomes, means, strict=True)))
        if miss <= _CLOSE:
            break
        for wish, ratio in zip(wishes, ratios, strict=True):
            row = row_at(scenario, paths[wish][0])
            factor = max(ratio, 1.0 / _LONGEST_STEP)
            moved = values[wish] * factor
            if wish.is_log_odds:
                # Newton's step for an outcome that rises with the square of the odds'
                # share: what is willed is also prepared.
                slope = 2.0 / (1.0 + exp(values[wish]))
                moved = values[wish] + min(max(log(factor) / slope, -2.0), 2.0)
            values[wish] = min(max(moved, row.low), row.high)
    assert best is not None
    return best[1]


def _owners(scenario: Scenario, wish: Wish) -> dict[str, Any]:
    """Return the tuples of numbers in which a wish's parameter stands, by path."""
    if wish.kind == "means":
        return {f"means.{means.name}": means.params for means in scenario.means}
    return {
        f"actors.{actor.name}": actor.params
        for actor in scenario.actors
        if actor.kind.name == wish.kind
    }
