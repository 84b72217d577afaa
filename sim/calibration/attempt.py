"""Attempts of a calibration: one replication at each point, many points at once.

A point is drawn in normal scores of the priors; an attempt is one replication at it,
seen through the observation layer, of which the summaries are kept. Predictive draws
are the same for prior and posterior, simulated once more with all that is reported:
they show where the record lies among the worlds of each.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.ensemble.executors import hands
from sim.ensemble.point_run import (
    PointTask,
    reported_outcomes,
    run_in_batches,
    run_points,
)
from sim.files import write_whole
from sim.statistics import abc

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable
    from concurrent.futures import Executor
    from pathlib import Path

    from sim.experiment.factor import Factor
    from sim.experiment.posterior import Posterior
    from sim.statistics.abc import Batch, Floats


@dataclass(frozen=True)
class Model:
    """What an attempt needs. It pickles."""

    task: PointTask
    factors: tuple[Factor, ...]
    outcomes: tuple[str, ...]

    def points(self, scores: Floats) -> list[dict[str, float]]:
        """Return normal scores as numbers by path, canonical unit."""
        columns = parameter_values(self.factors, scores)
        return [
            {
                path: float(columns[factor.name][row])
                for factor in self.factors
                for path in factor.paths
            }
            for row in range(len(scores))
        ]


def parameter_values(factors: Iterable[Factor], scores: Floats) -> dict[str, Floats]:
    """Return the parameters at normal scores, shape (points, parameters), by name."""
    from scipy.special import ndtr

    places = ndtr(scores)
    return {
        factor.name: factor.numbers_at(places[:, k]) for k, factor in enumerate(factors)
    }


def simulate_batch(model: Model, batch: Batch) -> Floats:
    """Return the summaries of a batch of attempts."""
    numbers = range(batch.first, batch.first + len(batch.scores))
    return run_points(model.task, model.points(batch.scores), numbers, model.outcomes)


def simulated(
    model: Model, batches: Iterable[Batch], executor: Executor | None
) -> Generator[Floats]:
    """Yield the summaries of batches in their order, some ahead of being asked."""
    if executor is None:
        for batch in batches:
            yield simulate_batch(model, batch)
        return
    ahead = 2 * hands(executor)
    waiting: deque[Any] = deque()
    try:
        for batch in batches:
            waiting.append(executor.submit(simulate_batch, model, batch))
            if len(waiting) > ahead:
                yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()


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
    task = model.task
    prior = abc.prior_scores(len(model.factors), task.root_seed, N_PREDICTIVE)
    later = [posterior.point(draw) for draw in range(N_PREDICTIVE)]
    for name, points, first in (
        ("prior_predictive", model.points(prior), _PREDICTIVE_PRIOR),
        ("predictive", later, _PREDICTIVE),
    ):
        parts = run_in_batches(
            task, points, names, first=first, batch=abc.BATCH, executor=executor
        )
        frame = pd.DataFrame(np.concatenate(list(parts)), columns=list(names))
        write_whole(
            folder / f"{name}.parquet", lambda stream, f=frame: f.to_parquet(stream)
        )
