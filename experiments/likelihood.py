#!/usr/bin/env python
"""Fit to the dates of the attacks, and by simulation: ``likelihood.py c02``.

The folder gets the estimates, the posterior, the expected attacks by day, a manifest
and the table of its README.md; docs/likelihood.md gets the same table. Two minutes.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.choice import has_numba
from sim.study import abc
from sim.study.archive import read_manifest
from sim.study.attack_likelihood import Detail
from sim.study.calibrate import Model, parameter_values
from sim.study.digest import scenario_digest
from sim.study.likelihood import experiment_likelihood, fit_likelihood
from sim.study.likelihood_folder import run_likelihood
from sim.study.plan import Experiment, load_experiment
from sim.study.point_run import PointTask, run_points
from sim.study.targets import targets_for

if TYPE_CHECKING:
    from sim.study.likelihood import LikelihoodFit

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "likelihood.md"
KEPT = ("posterior.parquet", "estimates.csv", "days.csv")
WEEKS = tuple(range(0, 252, 7))
N_TABLE, N_KEPT = 8000, 400
STATISTICS = (("n_rocket_attacks",), ("n_rocket_attacks", "weekly_dispersion"))
BEGIN, END = "<!-- results: begin -->\n", "<!-- results: end -->"


def main() -> None:
    """Run one such fit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("name", help="a folder beside this file, or how it begins")
    asked = parser.parse_args()
    folder = next(iter(sorted(HERE.glob(f"{asked.name}*"))))
    plan = load_experiment(folder)
    with tempfile.TemporaryDirectory() as place:
        done = run_likelihood(plan, out=Path(place) / "fit", tell=print)
        for name in KEPT:
            shutil.copyfile(done.path / name, folder / name)
        made = read_manifest(done.path) or {}
    weekly = fit_likelihood(
        plan.factors,
        experiment_likelihood(plan, Detail(edges=WEEKS)),
        root_seed=plan.root_seed,
        tell=print,
    )
    rows = [
        ("dates, by likelihood", *of_likelihood(plan, done.fit)),
        ("weeks, by likelihood", *of_likelihood(plan, weekly)),
        *by_simulation(plan),
    ]
    manifest = {
        "command": f"experiments/likelihood.py {folder.name}",
        "scenario_digest": scenario_digest(plan.scenario),
        "file_digest": sha256((folder / "experiment.yaml").read_bytes()).hexdigest(),
        "rules_digest": made.get("rules_digest"),
        "posterior_digest": done.posterior.digest,
        "root_seed": plan.root_seed,
        "log_likelihood": round(done.fit.log_likelihood, 3),
        "monte_carlo_error": round(done.fit.monte_carlo_error, 3),
        "expected_attacks": round(float(done.fit.expected.sum()), 2),
        "versions": made.get("versions"),
    }
    text = json.dumps(manifest, indent=2, sort_keys=True) + "\n"
    (folder / "manifest.json").write_text(text, "utf-8")
    table = results(plan, done.fit, rows)
    for page in (folder / "README.md", PAGE):
        before, _, rest = page.read_text("utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        page.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", "utf-8")


def of_likelihood(plan: Experiment, fit: LikelihoodFit) -> tuple[Any, Any]:
    """Return means and deviations of the posterior that a likelihood gives."""
    values = parameter_values(plan.factors, fit.draws.scores)
    return moments(values, fit.draws.weights)


def by_simulation(plan: Experiment) -> list[tuple[str, Any, Any]]:
    """Return means and deviations of fits to statistics: rejection and regression."""
    engine = "compiled" if has_numba() else "simpy"
    task = PointTask(plan.scenario, plan.root_seed, plan.until, engine)
    names = STATISTICS[-1]
    model = Model(task, plan.factors, names)
    batches = abc.prior_batches(len(plan.factors), plan.root_seed)
    scores = np.concatenate([b.scores for b in islice(batches, N_TABLE // abc.BATCH)])
    told = run_points(task, model.points(scores), range(N_TABLE), names)
    record = {t.outcome: t.value for t in targets_for(plan.scenario, plan.until)}
    found: list[tuple[str, Any, Any]] = []
    for chosen in STATISTICS:
        seen = told[:, [names.index(name) for name in chosen]]
        observed = np.array([record[name] for name in chosen])
        spread = abc.spread_of(seen, observed)
        far = abc.distances_of(seen, observed, spread)
        far = np.where(np.isnan(seen).all(axis=1), np.inf, far)
        near = np.argsort(far, kind="stable")[:N_KEPT]
        even = np.full(N_KEPT, 1.0 / N_KEPT)
        last = abc.Generation(
            1, scores[near], even, seen[near], far[near], float(far[near[-1]]),
            N_TABLE, spread,
        )  # fmt: skip
        values = parameter_values(plan.factors, abc.adjusted(last, observed))
        label = " and ".join(chosen) + ", by simulation"
        found.append((label, *moments(values, even)))
    return found


def moments(values: dict[str, Any], weights: Any) -> tuple[Any, Any]:
    """Return weighted means and deviations by parameter."""
    columns = np.column_stack([*values.values()])
    mean = weights @ columns
    return mean, np.sqrt(weights @ (columns - mean) ** 2)


def results(plan: Experiment, fit: LikelihoodFit, rows: list[Any]) -> str:
    """Return the tables in Markdown."""
    lines = [
        "| parameter | unit | prior mean | prior sd | maximum | standard error "
        "| 95 % profile interval |",
        "|---|---|---:|---:|---:|---:|---|",
    ]
    even = np.asarray((np.arange(1000) + 0.5) / 1000.0, np.float64)
    for factor, e in zip(plan.factors, fit.estimates, strict=True):
        prior = factor.numbers_at(even)
        error = "–" if np.isnan(e.standard_error) else f"{e.standard_error:.3g}"
        low = f"{e.low:.3g}{' (limit)' if e.is_low_open else ''}"
        high = f"{e.high:.3g}{' (limit)' if e.is_high_open else ''}"
        lines.append(
            f"| {e.label} | {e.unit} | {prior.mean():.3g} | {prior.std():.3g} "
            f"| {e.value:.3g} | {error} | {low} to {high} |"
        )
    heads = " | ".join(f"{factor.name}: mean | sd" for factor in plan.factors)
    lines += ["", f"| posterior from | {heads} |"]
    lines.append("|---|" + "---:|---:|" * len(plan.factors))
    for label, mean, sd in rows:
        cells = " | ".join(f"{m:.3g} | {s:.2g}" for m, s in zip(mean, sd, strict=True))
        lines.append(f"| {label} | {cells} |")
    lines += [
        "",
        f"{int(fit.counts.sum())} attacks were counted; {fit.expected.sum():.1f} are "
        "expected at the maximum, given the record before each day. Log likelihood "
        f"{fit.log_likelihood:.2f}, Monte Carlo error {fit.monte_carlo_error:.2f}.",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
