"""Calibration: an experiment's factors become parameters that must meet its record.

The experiment's factors are the priors. Each attempt is one replication at a point of
them, seen through the observation layer; `sim.study.abc` decides which come close. Each
finished generation is written down, so a fit that was broken off goes on with the next.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from fnmatch import fnmatchcase
from hashlib import sha256
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.errors import StudyError
from sim.study import abc, archive, lock, provenance
from sim.study.archive import RunDirectory
from sim.study.digest import rules_digest, run_digest
from sim.study.point_run import PointTask, reported_outcomes, run_points
from sim.study.posterior import Posterior, write_posterior
from sim.study.sweep_folder import prepare
from sim.study.targets import Target, fitted_targets, targets_for
from sim.study.workers import hired, told

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from concurrent.futures import Executor

    from sim.study.abc import Batch, Floats, Generation
    from sim.study.factor import Factor
    from sim.study.plan import Experiment
    from sim.study.workers import Workers

N_PREDICTIVE: Final = 1000
"""Draws of the prior and of the posterior that are simulated once more, to be shown."""

_PREDICTIVE_PRIOR: Final = 2**62
_PREDICTIVE: Final = 2**62 + 2**40
"""Numbers of the replications of the predictive draws: apart from all attempts."""


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


def run_calibration(
    experiment: Experiment,
    *,
    out: str | Path | None = None,
    workers: Workers = 1,
    engine: str = "compiled",
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
    workers
        Processes, 1 being this one, an executor, or a cluster's address. Results do
        not depend on it.
    engine
        ``simpy`` or ``compiled``; results do not depend on it.
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
    folder = Path(out) if out else Path("runs") / f"{experiment.name}-{digest[:12]}"
    prepare(folder, digest)
    observed = np.array([target.value for target in targets])
    with lock.held(folder), hired(workers) as executor:
        directory = RunDirectory(folder, digest)
        began = time.perf_counter()
        manifest = _manifest(experiment, digest, workers)
        directory.write_manifest(manifest)
        earlier = _read_generations(folder, digest)

        def keep(generation: Generation) -> None:
            _write_generation(folder, digest, generation)
            if tell is not None:
                tell(_said(generation))

        found = abc.fit(
            len(model.factors),
            lambda batches: _simulated(model, batches, executor),
            observed,
            plan.options,
            experiment.root_seed,
            earlier=earlier,
            told=keep,
            progress=progress,
        )
        posterior = _posterior(experiment, targets, found, observed)
        write_posterior(folder / "posterior.parquet", posterior)
        _write_predictive(folder, model, posterior, executor)
        archive.write_whole(
            folder / "generations.csv",
            lambda stream: stream.write(generations_csv(found).encode()),
        )
        manifest |= {
            "state": "complete",
            "duration_seconds": round(time.perf_counter() - began, 3),
            "posterior_digest": posterior.digest,
        }
        directory.write_manifest(manifest)
    is_new = len(earlier) < len(found)
    return Calibration(experiment, targets, found, posterior, folder, is_new)


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
        made = factor.distribution
        own = made is not None and "record-derived" not in made.source
        own = own and made is not None and bool(made.basis)
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
    told = {
        "run": run_digest(experiment.scenario, experiment.root_seed, experiment.until),
        "rules": rules_digest(experiment.scenario),
        "priors": [_prior(factor) for factor in experiment.factors],
        "targets": [[t.outcome, t.value] for t in targets],
        "options": None if plan is None else list(plan.options),
    }
    return sha256(dumps(told, sort_keys=True).encode()).hexdigest()


def _simulated(
    model: Model, batches: Iterable[Batch], executor: Executor | None
) -> Generator[Floats]:
    """Yield the summaries of batches in their order, some ahead of being asked."""
    if executor is None:
        for batch in batches:
            yield simulate_batch(model, batch)
        return
    ahead = 2 * int(getattr(executor, "_max_workers", 2))
    waiting: deque[Any] = deque()
    try:
        for batch in batches:
            waiting.append(executor.submit(simulate_batch, model, batch))
            if len(waiting) > ahead:
                yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()


def _posterior(
    experiment: Experiment,
    targets: tuple[Target, ...],
    found: list[Generation],
    observed: Floats,
) -> Posterior:
    """Return the last generation as a posterior, corrected if that is asked for."""
    plan, last = experiment.calibration, found[-1]
    assert plan is not None
    is_adjusted = plan.options.is_adjusted and len(found) > 1
    scores = abc.adjusted(last, observed) if is_adjusted else last.scores
    made = {
        "experiment": experiment.name,
        "scenario": experiment.scenario.name,
        "scenario_digest": experiment.scenario.digest,
        "root_seed": experiment.root_seed,
        "until_days": experiment.until,
        "adjustment": "linear" if is_adjusted else "none",
        "parameters": [
            {
                "name": factor.name,
                "label": factor.label,
                "paths": list(factor.paths),
                "unit": factor.unit,
                "is_whole": factor.is_whole,
                "prior": _prior(factor),
            }
            for factor in experiment.factors
        ],
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
            for g in found
        ],
    }
    values = parameter_values(experiment.factors, scores)
    return Posterior(values, last.weights, last.distances, last.scores, made)


def _prior(factor: Factor) -> dict[str, Any]:
    made = factor.distribution
    if made is None:
        return {"shape": "uniform", "numbers": [factor.low, factor.high]}
    return {
        "shape": made.shape,
        "numbers": list(made.numbers),
        "limits": [made.low, made.high],
        "basis": made.basis,
        "source": made.source,
        "note": made.note,
    }


def _write_predictive(
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
        archive.write_whole(
            folder / f"{name}.parquet", lambda stream, f=frame: f.to_parquet(stream)
        )


def _write_generation(folder: Path, digest: str, generation: Generation) -> None:
    def write(stream: Any) -> None:
        np.savez(stream, digest=np.array(digest), **generation._asdict())

    with archive.plain_failure(folder):
        (folder / "generations").mkdir(exist_ok=True)
    archive.write_whole(_file_of(folder, generation.number), write)


def _read_generations(folder: Path, digest: str) -> list[Generation]:
    """Return the generations that are there, whole and of this fit, in order."""
    found: list[Generation] = []
    while (file := _file_of(folder, len(found))).is_file():
        with np.load(file) as stored:
            if str(stored["digest"]) != digest:
                break
            fields = {name: stored[name] for name in abc.Generation._fields}
        for name in ("number", "attempts"):
            fields[name] = int(fields[name])
        fields["tolerance"] = float(fields["tolerance"])
        found.append(abc.Generation(**fields))
    return found


def _file_of(folder: Path, number: int) -> Path:
    return folder / "generations" / f"generation-{number:02d}.npz"


def generations_csv(found: Iterable[Generation]) -> str:
    """Return a table of the generations: how close, how many tries, how many count."""
    lines = ["generation,tolerance,attempts,acceptance,effective_size"]
    lines += [
        f"{g.number},{g.tolerance:.6g},{g.attempts},{g.acceptance:.4g},"
        f"{g.effective_size:.1f}"
        for g in found
    ]
    return "\n".join(lines) + "\n"


def _said(generation: Generation) -> str:
    near = (
        "from the priors"
        if not np.isfinite(generation.tolerance)
        else f"within {generation.tolerance:.3g} spreads of the record"
    )
    return (
        f"generation {generation.number}: {len(generation.weights)} particles {near}, "
        f"{100 * generation.acceptance:.3g} % of {generation.attempts} attempts, "
        f"worth {generation.effective_size:.0f}"
    )


def _manifest(experiment: Experiment, digest: str, workers: Workers) -> dict[str, Any]:
    manifest = provenance.manifest_of(
        experiment.scenario,
        run_digest=digest,
        root_seed=experiment.root_seed,
        until=experiment.until,
    )
    return manifest | {
        "study_digest": digest,
        "experiment": {
            "id": experiment.name,
            "question": experiment.question,
            "file": experiment.path,
        },
        "workers": told(workers),
        "started": provenance.now(),
    }
