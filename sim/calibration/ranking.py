"""Ranks of known truths in the posteriors of their own records.

Simulation-based calibration (Talts et al. 2018): a truth is drawn from the priors, a
record is simulated at it, and the fit that ships, with all its generations, is made to
that record. If the posterior is right, the share of it below the truth is uniform over
truths; so is the share of its predictions below a second record of the same truth,
statistic by statistic (Modrák et al. 2023).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.calibration.attempt import Model, simulated
from sim.ensemble.point_run import PointTask, run_points
from sim.errors import StudyError
from sim.record.targets import fitted_targets, targets_for
from sim.statistics import abc
from sim.statistics.bootstrap import generator

if TYPE_CHECKING:
    from sim.experiment.experiment import Experiment
    from sim.statistics.abc import Options

Floats = np.ndarray[Any, np.dtype[np.float64]]

PREDICTED: Final = 100
"""Worlds at draws of a posterior, whose statistics are held against a second record."""
RECORDS: Final = 2**61 + 2**52
"""Number of the first truth's record: apart from the attempts of fits."""


class Ranked(NamedTuple):
    """One truth, and where it lies in its posterior."""

    truth: int
    effective_size: float
    """Of the last generation; nan where the truth's world failed, or no attempt came
    close: then nothing else is known of it."""
    parameters: dict[str, float]
    """Share of the posterior below the truth, by the parameter's name, 0 to 1."""
    statistics: dict[str, float]
    """Share of the predictions below a second record of the truth, by the target."""


def rank_truth(
    experiment: Experiment,
    options: Options,
    truth: int,
    *,
    engine: str = "compiled",
    shift: float = 0.0,
) -> Ranked:
    """Draw a truth, simulate its record, fit it, and say where the truth lies.

    Parameters
    ----------
    experiment
        With a section ``calibrate``; its factors and fitted targets.
    options
        Of the fit: its size may be another than the experiment's.
    truth
        Its number, >= 0; all its chance hangs on that and the experiment's root_seed.
    engine
        ``simpy`` or ``compiled``; ranks do not depend on it.
    shift
        A fault that can be planted: how far truths lie from the priors, in normal
        scores.
    """
    plan = experiment.calibration
    assert plan is not None
    every = targets_for(experiment.scenario, experiment.until)
    targets = fitted_targets(every, plan.targets)
    outcomes = tuple(target.outcome for target in targets)
    factors, seed = experiment.factors, experiment.root_seed
    scores = abc.prior_scores(len(factors), seed, truth + 1)[-1:] + shift
    known = Model(
        PointTask(experiment.scenario, seed, experiment.until, engine),
        factors,
        outcomes,
    )
    first = RECORDS + 2 * truth
    records = run_points(
        known.task, known.points(scores) * 2, range(first, first + 2), outcomes
    )
    lost = Ranked(truth, float("nan"), {}, {})
    if np.isnan(records).all(axis=1).any():
        return lost
    own = seed + 1 + truth
    model = Model(
        PointTask(experiment.scenario, own, experiment.until, engine), factors, outcomes
    )
    try:
        generations = abc.fit(
            len(factors),
            lambda batches: simulated(model, batches, None),
            records[0],
            options,
            own,
        )
    except StudyError:
        return lost
    last = generations[-1]
    fitted = last.scores
    if options.is_adjusted and len(generations) > 1:
        fitted = abc.adjusted(last, records[0])
    random = generator(own, "ranks")
    rows = random.choice(len(fitted), PREDICTED, p=last.weights)
    predicted = run_points(
        model.task,
        model.points(fitted[rows]),
        range(RECORDS, RECORDS + PREDICTED),
        outcomes,
    )
    # An undefined statistic is the lowest there is: it is a value like another.
    low = [np.where(np.isnan(one), -np.inf, one) for one in (predicted, records[1])]
    below, equal = low[0] < low[1], low[0] == low[1]
    shares = below.mean(axis=0) + random.random(len(outcomes)) * equal.mean(axis=0)
    places = last.weights @ (fitted < scores)
    return Ranked(
        truth=truth,
        effective_size=last.effective_size,
        parameters={f.name: float(p) for f, p in zip(factors, places, strict=True)},
        statistics={t.name: float(s) for t, s in zip(targets, shares, strict=True)},
    )
