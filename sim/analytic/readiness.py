"""A militia's readiness as a hidden chain, so that its attacks tell of its level.

Where the lean of its ladder stands still, levels are a Markov chain and attacks come at
the rate of the level: what the times of attacks tell is then known exactly
(`sim.statistics.modulated`), and no simulation is spent on it. A lean that changes is
several stretches, one after the other. Left out is what comes between a decision and
its attack: preparation, a cap on attacks at once, answers to strikes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sim.rules.militia import MilitiaView
from sim.rules.militia.attack import attack_hazard
from sim.rules.militia.campaign import calm_hazard, rise_hazard
from sim.statistics.modulated import Modulated

if TYPE_CHECKING:
    from sim.rules.militia import MilitiaParams

LEVELS: Final = (0.0, 1.0, 2.0)
"""Quiet, harassment, surge."""


def readiness(params: MilitiaParams, lean: float = 0.0) -> Modulated:
    """Return a militia's ladder of levels, by its own rules.

    Parameters
    ----------
    params
        Its parameters; `base_rate` > 0.
    lean
        Log odds of a move up against one down, while it lasts.

    Returns
    -------
    Modulated
        Three states, the levels; rates and moves a day.

    Examples
    --------
    >>> from sim.rules.militia import MilitiaParams
    >>> ladder = readiness(MilitiaParams(base_rate=0.3, swing=0.7, persistence=20.0))
    >>> ladder.rates.round(3).tolist(), round(float(ladder.rates.mean()), 12)
    ([0.127, 0.256, 0.516], 0.3)
    >>> ladder.moves.tolist()
    [[-0.05, 0.05, 0.0], [0.05, -0.1, 0.05], [0.0, 0.05, -0.05]]
    """
    views = [
        MilitiaView(level=level, drive=1.0, detained=0.0, lean=lean) for level in LEVELS
    ]
    up = np.array([rise_hazard(params, view) for view in views[:-1]])
    down = np.array([calm_hazard(params, view) for view in views[1:]])
    moves = np.diag(up, 1) + np.diag(down, -1)
    odds = up / down if down.all() else np.ones(len(up))
    balance = np.cumprod(np.append(1.0, odds))
    return Modulated(
        rates=np.array([attack_hazard(params, view) for view in views]),
        moves=moves - np.diag(moves.sum(axis=1)),
        balance=balance / balance.sum(),
    )
