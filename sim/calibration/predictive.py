"""Predictive draws: prior and posterior simulated once more, all that is reported.

They are what the table of targets is made of: where the record lies among worlds of
the prior, and among worlds of the posterior.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sim.ensemble.point_run import reported_outcomes, run_points
from sim.files import write_whole
from sim.statistics import abc

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from pathlib import Path

    from sim.calibration.attempt import Model
    from sim.experiment.posterior import Posterior

N_PREDICTIVE: Final = 1000
"""Draws of the prior and of the posterior that are simulated once more, to be shown."""

_PREDICTIVE_PRIOR: Final = 2**62
_PREDICTIVE: Final = 2**62 + 2**40
"""Numbers of the replications of the predictive draws: apart from all attempts."""


def write_predictive(
    folder: Path, model: Model, posterior: Posterior, executor: Executor | None
) -> None:
    """Simulate draws of prior and posterior once more, all that is reported."""
    import pandas as pd

    names = reported_outcomes(model.task.scenario)
    prior = np.concatenate(
        [batch.scores for batch, _ in zip(abc.prior_batches(
            len(model.factors), model.task.root_seed
        ), range(N_PREDICTIVE // abc.BATCH), strict=False)]
    )  # fmt: skip
    later = [posterior.point(draw) for draw in range(N_PREDICTIVE)]
    for name, points, first in (
        ("prior_predictive", model.points(prior), _PREDICTIVE_PRIOR),
        ("predictive", later, _PREDICTIVE),
    ):
        parts = [
            (model.task, points[at : at + abc.BATCH],
             range(first + at, first + at + abc.BATCH), names)
            for at in range(0, N_PREDICTIVE, abc.BATCH)
        ]  # fmt: skip
        run = map if executor is None else executor.map
        frame = pd.DataFrame(
            np.concatenate(list(run(run_points, *zip(*parts, strict=True)))),
            columns=list(names),
        )
        write_whole(
            folder / f"{name}.parquet", lambda stream, f=frame: f.to_parquet(stream)
        )
