"""Rival theories held against one another: one folder, that goes on where it broke off.

Each theory is refitted and scored from the same origins, fitted to the whole record,
simulated into a bank, and asked the policy question. All that takes time is kept as it
is finished; what is read off it at the end takes seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.calibration.calibrate import run_calibration, study_digest
from sim.digest import content_digest
from sim.ensemble.provenance import manifest_of_study
from sim.ensemble.study_folder import folder_for
from sim.ensemble.workers import describe_workers, hired
from sim.files import plain_failure, write_whole
from sim.forecasts.forecast import MODEL
from sim.forecasts.origin import planned_origins, rolling_digest
from sim.forecasts.rolling import run_origins
from sim.forecasts.scoring import LOG, score_forecasts
from sim.record.targets import fitted_targets, targets_for
from sim.statistics.stacking import Stacked, stacked
from sim.theories.bank import TRIED, Bank, Named, bank_of, banked, name_worlds
from sim.theories.policy import Answer, answers_of, asked_under, scenario_of
from sim.theories.structure import Theory, plan_of, theories_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sim.calibration.calibrate import Calibration
    from sim.ensemble.workers import Workers
    from sim.experiment.experiment import Experiment
    from sim.forecasts.scoring import Score
    from sim.record.targets import Target

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, eq=False)
class Rivals:
    """What came of it."""

    experiment: Experiment
    theories: tuple[Theory, ...]
    fits: tuple[Calibration, ...]
    """Of each theory, to the whole record."""
    scores: tuple[Score, ...]
    """Of theories, by their names, and of yardsticks, on the same windows."""
    stacked: Stacked
    """Weights of the theories, by their log scores out of sample."""
    answers: tuple[tuple[Answer, ...], ...]
    """By theory, then outcome."""
    bank: Bank
    named: Named
    path: Path

    @property
    def labels(self) -> dict[str, str]:
        """What the theories are called, by name."""
        return {t.structure.name: t.structure.label for t in self.theories}

    def stacked_answer(self, outcome: int) -> tuple[float, float]:
        """Return the answer of the stacked mixture, and its standard error.

        The error is that of the theories' answers; the weights are taken as given.
        """
        weights = self.stacked.weights
        rows = [answers[outcome] for answers in self.answers]
        value = float(weights @ np.array([row.value for row in rows]))
        error = float(np.sqrt(weights**2 @ np.array([row.error for row in rows]) ** 2))
        return value, error


def run_rivals(
    experiment: Experiment,
    *,
    out: str | Path | None = None,
    workers: Workers = 1,
    engine: str = "compiled",
    progress: Callable[[int, int], None] | None = None,
    tell: Callable[[str], None] | None = None,
) -> Rivals:
    """Hold the theories of an experiment against one another, or complete that.

    Parameters
    ----------
    experiment
        With the sections ``score`` and ``rivals``.
    out
        Its folder; ``runs/<experiment>-<12 of its digest>`` unless given.
    workers, engine
        As in `sim.ensemble.ensemble.run_ensemble`; results do not depend on them.
    progress
        Called with the steps done and asked; each theory has four.
    tell
        Called with a sentence on each theory that is done.

    Raises
    ------
    StudyError
        If the experiment names no theories, one of them cannot be run, or the folder
        holds another study.
    """
    plan, theories = plan_of(experiment), theories_of(experiment)
    digest = rivals_digest(experiment, theories)
    study = folder_for(out, experiment.name, digest)
    manifest = manifest_of_study(experiment, digest, describe_workers(workers))
    study.take(lambda: manifest)
    folder = study.path
    n_bank = plan.bank + plan.worlds * max(plan.windows)
    fits: list[Calibration] = []
    scores: list[Score] = []
    worlds: list[Floats] = []
    answers: list[tuple[Answer, ...]] = []
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, 4 * len(theories))

    with study.held(), hired(workers) as executor, study.sealed(manifest) as results:
        hands: Workers = 1 if executor is None else executor
        for number, theory in enumerate(theories):
            name = theory.structure.name
            home = folder / name
            with plain_failure(folder):
                home.mkdir(exist_ok=True)
            rolling = run_origins(
                theory.scored, out=home / "origins", workers=hands, engine=engine
            )
            own = [f for f in rolling.forecasts if not number or f.forecaster == MODEL]
            scores += [
                row._replace(forecaster=name) if row.forecaster == MODEL else row
                for row in score_forecasts(own, rolling.table)
            ]
            step()
            fit = run_calibration(
                theory.fit,
                out=home / "fit",
                workers=hands,
                engine=engine,
                shows_predictive=False,
            )
            fits.append(fit)
            step()
            posterior = fit.posterior
            worlds.append(
                _recalled(
                    home / "bank.npz",
                    [digest],
                    lambda theory=theory, number=number: banked(
                        theory,
                        number,
                        TRIED * n_bank,
                        engine=engine,
                        executor=executor,
                    ),
                )
            )
            step()
            differences = _recalled(
                home / "policy.npz",
                [digest, posterior.digest],
                lambda theory=theory, posterior=posterior: asked_under(
                    plan.policy, theory, posterior, engine=engine, executor=executor
                ),
            )
            answers.append(answers_of(differences, plan.policy, experiment.root_seed))
            step()
            if tell is not None:
                worth = fit.generations[-1].effective_size
                tell(f"{name}: scored, fitted (worth {worth:.0f}), banked, asked")
        results["posterior_digests"] = {
            theory.structure.name: fit.posterior.digest
            for theory, fit in zip(theories, fits, strict=True)
        }
    bank = bank_of(theories, worlds, n_bank)
    return Rivals(
        experiment=experiment,
        theories=theories,
        fits=tuple(fits),
        scores=tuple(scores),
        stacked=_stacked(theories, scores),
        answers=tuple(answers),
        bank=bank,
        named=name_worlds(
            bank,
            theories,
            histories=plan.worlds,
            windows=plan.windows,
            root_seed=experiment.root_seed,
        ),
        path=folder,
    )


def rivals_digest(experiment: Experiment, theories: Sequence[Theory]) -> str:
    """Return what the study is known by: theories, fits, origins, arms and sizes."""
    plan = plan_of(experiment)
    policy = plan.policy
    content: dict[str, Any] = {
        "theories": [
            [
                theory.structure.name,
                study_digest(theory.fit, _targets_of(theory)),
                rolling_digest(theory.scored, planned_origins(theory.scored)),
                *(
                    scenario_of(policy, arm, theory).digest
                    for arm in (policy.reference, policy.arm)
                ),
            ]
            for theory in theories
        ],
        "policy": [
            policy.experiment.root_seed,
            policy.experiment.until,
            list(policy.outcomes),
            policy.size.draws,
            policy.size.replications,
        ],
        "bank": [plan.bank, plan.worlds, list(plan.windows)],
        "root_seed": experiment.root_seed,
    }
    return content_digest(content)


def _targets_of(theory: Theory) -> tuple[Target, ...]:
    fit = theory.fit
    names = () if fit.calibration is None else fit.calibration.targets
    return fitted_targets(targets_for(fit.scenario, fit.until), names)


def _recalled(file: Path, key: Sequence[str], make: Callable[[], Floats]) -> Floats:
    """Return the array of a file, if it is of this key; else make and keep it."""
    if file.is_file():
        with np.load(file) as stored:
            if list(stored["key"]) == list(key):
                return stored["values"]
    values = make()

    def write(stream: Any) -> None:
        np.savez(stream, key=np.array(list(key)), values=values)

    write_whole(file, write)
    return values


def _stacked(theories: Sequence[Theory], scores: Sequence[Score]) -> Stacked:
    """Stack the theories by their log scores, all questions of all windows."""
    names = [theory.structure.name for theory in theories]
    by = {(s.forecaster, s.question, s.origin): s.scores[LOG] for s in scores}
    asked = sorted({(s.question, s.origin) for s in scores})
    origins = sorted({origin for _, origin in asked})
    logs = np.array([[-by[name, *one] for name in names] for one in asked])
    windows = np.array([origins.index(origin) for _, origin in asked], float)
    return stacked(logs, windows)
