"""Calibration: an experiment's factors become parameters that must meet its record.

The experiment's factors are the priors. Each attempt is one replication at a point of
them, seen through the observation layer (`sim.calibration.attempt`);
`sim.statistics.abc` decides which come close. Each finished generation is written down
(`sim.calibration.generations`), so a fit that was broken off goes on with the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import numpy as np

from sim.calibration.attempt import Model, parameter_values, simulated, write_predictive
from sim.calibration.generations import (
    generations_csv,
    read_generations,
    said,
    write_generation,
)
from sim.digest import content_digest, rules_digest, run_digest
from sim.ensemble.point_run import PointTask
from sim.ensemble.provenance import manifest_of_study
from sim.ensemble.study_folder import folder_for
from sim.ensemble.workers import describe_workers, hired
from sim.errors import StudyError
from sim.experiment.posterior import (
    Posterior,
    fit_metadata,
    prior_data,
    write_posterior,
)
from sim.files import write_text
from sim.record.targets import Target, fitted_targets, targets_for
from sim.statistics import abc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from sim.ensemble.workers import Workers
    from sim.experiment.experiment import Experiment
    from sim.experiment.factor import Factor
    from sim.statistics.abc import Floats, Generation


@dataclass(frozen=True, eq=False)
class Calibration:
    """A finished fit."""

    experiment: Experiment
    targets: tuple[Target, ...]
    """Those that were fitted."""
    generations: list[Generation]
    posterior: Posterior
    path: Path
    is_new: bool
    """Whether anything had to be simulated."""


def run_calibration(
    experiment: Experiment,
    *,
    out: str | Path | None = None,
    workers: Workers = 1,
    engine: str = "compiled",
    targets: tuple[Target, ...] | None = None,
    shows_predictive: bool = True,
    progress: Callable[[int, int, int], None] | None = None,
    tell: Callable[[str], None] | None = None,
) -> Calibration:
    """Fit an experiment's factors to its scenario's record, or complete such a fit.

    Parameters
    ----------
    experiment
        With a section ``calibrate``.
    out
        Its folder; ``runs/<experiment>-<12 of its digest>`` unless given.
    workers, engine
        As in `sim.ensemble.ensemble.run_ensemble`; results do not depend on them.
    targets
        What is fitted, where a fit may know a part of the record only; the fitted
        targets of the whole period unless given.
    shows_predictive
        Whether draws of prior and posterior are simulated once more, to be shown.
    progress
        Called with generation, particles kept so far and asked.
    tell
        Called with a sentence on each generation.

    Raises
    ------
    StudyError
        If the experiment is no sound calibration, or the folder holds another study.
    """
    plan = experiment.calibration
    if plan is None:
        message = (
            f"{experiment.path} has no section 'calibrate': escalade calibrate fits "
            "factors to the record; escalade sweep runs a design"
        )
        raise StudyError(message)
    scenario, until = experiment.scenario, experiment.until
    if targets is None:
        targets = fitted_targets(targets_for(scenario, until), plan.targets)
    refuse_borrowed(experiment.factors, targets)
    outcomes = tuple(target.outcome for target in targets)
    model = Model(
        PointTask(scenario, experiment.root_seed, until, engine),
        experiment.factors,
        outcomes,
    )
    model.points(np.zeros((1, len(model.factors))))
    digest = study_digest(experiment, targets)
    study = folder_for(out, experiment.name, digest)
    manifest = manifest_of_study(experiment, digest, describe_workers(workers))
    study.take(lambda: manifest)
    folder = study.path
    observed = np.array([target.value for target in targets])
    with hired(workers) as executor, study.written(manifest) as results:
        earlier = read_generations(folder, digest)

        def keep(generation: Generation) -> None:
            write_generation(folder, digest, generation)
            if tell is not None:
                tell(said(generation))

        generations = abc.fit(
            len(model.factors),
            lambda batches: simulated(model, batches, executor),
            observed,
            plan.options,
            experiment.root_seed,
            earlier=earlier,
            on_generation=keep,
            progress=progress,
        )
        posterior = _posterior(experiment, targets, generations, observed)
        write_posterior(folder / "posterior.parquet", posterior)
        if shows_predictive:
            write_predictive(folder, model, posterior, executor)
        write_text(folder / "generations.csv", generations_csv(generations))
        results["posterior_digest"] = posterior.digest
    is_new = len(earlier) < len(generations)
    return Calibration(
        experiment=experiment,
        targets=targets,
        generations=generations,
        posterior=posterior,
        path=folder,
        is_new=is_new,
    )


def refuse_borrowed(factors: Iterable[Factor], targets: Iterable[Target]) -> None:
    """Refuse a prior that rests on the data that it is to meet.

    Raises
    ------
    StudyError
        That names the parameter and the target.
    """
    users = {path: target.name for target in targets for path in target.used_to_set}

    def user_of(path: str) -> str:
        # The record names some parameters together, such as `sites.*.exposed_host`.
        return next((n for named, n in users.items() if fnmatchcase(path, named)), "")

    for factor in factors:
        if factor.kind != "number":
            message = f"{factor.name} is no number; only numbers can be calibrated"
            raise StudyError(message)
        prior = factor.distribution
        own = prior is not None and "record-derived" not in prior.source
        own = own and prior is not None and bool(prior.basis)
        used = next((name for path in factor.paths if (name := user_of(path))), "")
        if used and not own:
            message = (
                f"the prior of {factor.name} may not rest on the data of {used}, from "
                "which the scenario's number was set: give it a distribution of its "
                "own, with a basis and a source that is not record-derived"
            )
            raise StudyError(message)


def study_digest(experiment: Experiment, targets: Iterable[Target]) -> str:
    """Return what the fit is known by: scenario, rules, priors, targets, options."""
    plan = experiment.calibration
    content = {
        "run": run_digest(experiment.scenario, experiment.root_seed, experiment.until),
        "rules": rules_digest(experiment.scenario),
        "priors": [prior_data(factor) for factor in experiment.factors],
        "targets": [[t.outcome, t.value] for t in targets],
        "options": None if plan is None else list(plan.options),
    }
    return content_digest(content)


def _posterior(
    experiment: Experiment,
    targets: tuple[Target, ...],
    generations: list[Generation],
    observed: Floats,
) -> Posterior:
    """Return the last generation as a posterior, corrected if that is asked for."""
    plan, last = experiment.calibration, generations[-1]
    assert plan is not None
    is_adjusted = plan.options.is_adjusted and len(generations) > 1
    scores = abc.adjusted(last, observed) if is_adjusted else last.scores
    metadata = fit_metadata(
        experiment.scenario,
        experiment.factors,
        experiment=experiment.name,
        root_seed=experiment.root_seed,
        until=experiment.until,
        adjustment="linear" if is_adjusted else "none",
    ) | {
        "targets": [
            {"name": t.name, "outcome": t.outcome, "value": t.value} for t in targets
        ],
        "generations": [
            {
                "tolerance": g.tolerance if np.isfinite(g.tolerance) else None,
                "attempts": g.attempts,
                "accepted": len(g.weights),
                "effective_size": g.effective_size,
            }
            for g in generations
        ],
    }
    values = parameter_values(experiment.factors, scores)
    return Posterior(values, last.weights, last.distances, last.scores, metadata)
