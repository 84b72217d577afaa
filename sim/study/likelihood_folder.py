"""A fit by likelihood of an experiment, and the folder that it leaves."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.errors import StudyError
from sim.study import archive, lock, provenance
from sim.study.archive import RunDirectory
from sim.study.attack_likelihood import Detail
from sim.study.attempt import parameter_values
from sim.study.calibrate import refuse_borrowed
from sim.study.digest import rules_digest, run_digest
from sim.study.likelihood import (
    LIST,
    N_DRAWS,
    LikelihoodFit,
    dated_counts,
    experiment_likelihood,
    fit_likelihood,
)
from sim.study.posterior import Posterior, fit_told, prior_told, write_posterior
from sim.study.sweep_folder import prepare
from sim.study.targets import targets_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.study.plan import Experiment

RHYTHM: Final = frozenset(
    {
        "n_rocket_attacks",
        "rocket_attacks_per_month",
        "weekly_dispersion",
        "gap_cv",
        "gap_median_days",
        "longest_gap_days",
        "share_empty_weeks",
    }
)
"""Targets that are statistics of the dates, all of which such a fit uses."""


@dataclass(frozen=True, eq=False)
class DatedFit:
    """A finished fit and where it lies."""

    experiment: Experiment
    fit: LikelihoodFit
    posterior: Posterior
    path: Path


def run_likelihood(
    experiment: Experiment,
    *,
    out: str | Path | None = None,
    detail: Detail | None = None,
    n_draws: int = N_DRAWS,
    tell: Callable[[str], None] | None = None,
) -> DatedFit:
    """Fit an experiment's factors to the dates of the record's attacks.

    Parameters
    ----------
    experiment
        With factors that enter the hazard of an attack, its stages or its reporting.
    out
        Its folder; ``runs/<experiment>-dates-<12 of its digest>`` unless given.
    detail
        How finely the likelihood is worked out.
    n_draws
        Of the posterior.
    tell
        Called with a sentence on each step.

    Raises
    ------
    StudyError
        If the experiment has no factors, the likelihood cannot follow one of them, its
        prior rests on the data, or the folder holds another study.
    """
    scenario, until = experiment.scenario, experiment.until
    detail = detail or Detail()
    if not experiment.factors:
        message = f"{experiment.path} has no factors: nothing is to be fitted"
        raise StudyError(message)
    counts = dated_counts(scenario, int(until))
    targets = [t for t in targets_for(scenario, until) if t.name in RHYTHM]
    refuse_borrowed(experiment.factors, targets)
    told = {
        "run": run_digest(scenario, experiment.root_seed, until),
        "rules": rules_digest(scenario),
        "priors": [prior_told(factor) for factor in experiment.factors],
        "paths": [list(factor.paths) for factor in experiment.factors],
        "counts": counts.tolist(),
        "options": [list(detail), n_draws],
        "method": "likelihood",
    }
    digest = sha256(dumps(told, sort_keys=True).encode()).hexdigest()
    name = f"{experiment.name}-dates-{digest[:12]}"
    folder = Path(out) if out else Path("runs") / name
    prepare(folder, digest)
    with lock.held(folder):
        directory = RunDirectory(folder, digest)
        began = time.perf_counter()
        manifest = provenance.manifest_of(
            scenario, run_digest=digest, root_seed=experiment.root_seed, until=until
        ) | {
            "study_digest": digest,
            "method": "likelihood of the dated attacks",
            "experiment": {
                "id": experiment.name,
                "question": experiment.question,
                "file": experiment.path,
            },
            "replications_of_the_record": detail.replications,
            "started": provenance.now(),
        }
        directory.write_manifest(manifest)
        found = fit_likelihood(
            experiment.factors,
            experiment_likelihood(experiment, detail),
            root_seed=experiment.root_seed,
            n_draws=n_draws,
            tell=tell,
        )
        posterior = _posterior(experiment, found)
        write_posterior(folder / "posterior.parquet", posterior)
        for file, text in (
            ("estimates.csv", estimates_csv(found)),
            ("days.csv", _days_csv(experiment, found)),
        ):
            archive.write_whole(
                folder / file, lambda stream, t=text: stream.write(t.encode())
            )
        manifest |= {
            "state": "complete",
            "duration_seconds": round(time.perf_counter() - began, 3),
            "posterior_digest": posterior.digest,
            "log_likelihood": found.log_likelihood,
        }
        directory.write_manifest(manifest)
    return DatedFit(experiment, found, posterior, folder)


def estimates_csv(found: LikelihoodFit) -> str:
    """Return the estimates as a table, canonical units; blank where there is none."""
    head = "parameter,unit,maximum,standard_error,low,high,at_limit,low_open,high_open"
    lines = [head]
    for e in found.estimates:
        error = "" if np.isnan(e.standard_error) else f"{e.standard_error:.6g}"
        flags = (e.is_at_end, e.is_low_open, e.is_high_open)
        lines.append(
            f"{e.name},{e.unit},{e.value:.6g},{error},{e.low:.6g},{e.high:.6g},"
            + ",".join(str(flag).lower() for flag in flags)
        )
    return "\n".join(lines) + "\n"


def _posterior(experiment: Experiment, found: LikelihoodFit) -> Posterior:
    made = fit_told(experiment, "none") | {
        "method": "likelihood",
        "targets": [
            {"name": f"days of the {LIST} rows", "outcome": "n_rocket_attacks",
             "value": float(found.counts.sum())}
        ],
        "generations": [],
    }  # fmt: skip
    draws = found.draws
    values = parameter_values(experiment.factors, draws.scores)
    return Posterior(
        values, draws.weights, np.zeros(len(draws.weights)), draws.scores, made
    )


def _days_csv(experiment: Experiment, found: LikelihoodFit) -> str:
    lines = ["date,recorded,expected"]
    pairs = zip(found.counts, found.expected, strict=True)
    for day, (count, mean) in enumerate(pairs):
        date = experiment.scenario.start + timedelta(days=day)
        lines.append(f"{date},{int(count)},{mean:.6g}")
    return "\n".join(lines) + "\n"
