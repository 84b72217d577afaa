"""Which cases of a study are of interest: those beyond a threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.errors import StudyError
from sim.outcomes import outcomes_for

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.sweeps.sweep import Sweep


def interest_of(
    sweep: Sweep, outcome: str, arm: str, above: float | None, below: float | None
) -> tuple[NDArray[np.float64], str]:
    """Return the share of replications of interest at each point, and what they are.

    Parameters
    ----------
    sweep
        The study.
    outcome
        The outcome looked at.
    arm
        The arm looked at.
    above, below
        The threshold; exactly one is given. A case at the threshold does not count.

    Returns
    -------
    tuple
        Shares from 0 to 1, shape (points,), of the replications in which the outcome
        is defined; and the case of interest in words.

    Raises
    ------
    StudyError
        If not exactly one threshold is given, or the outcome is undefined throughout
        at some point.
    """
    if (above is None) == (below is None):
        message = "say which cases are of interest: give one of --above and --below"
        raise StudyError(message)
    values = sweep.responses(outcome, arm)
    is_known = ~np.isnan(values)
    if not is_known.any(axis=1).all():
        n = int((~is_known.any(axis=1)).sum())
        message = f"{outcome} is undefined in every replication of {n} design points"
        raise StudyError(message)
    hit = values > above if above is not None else values < (below or 0.0)
    shares = np.where(is_known, hit, 0.0).sum(axis=1) / is_known.sum(axis=1)
    label = outcomes_for(sweep.experiment.scenario)[outcome].label
    how = f"above {above:g}" if above is not None else f"below {below:g}"
    return shares, f"{label} {how}"
