"""``escalade calibrate --likelihood``: fit to the dates of the attacks, in seconds."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from sim.cli.present import print_json, print_table, say
from sim.cli.progress import span

if TYPE_CHECKING:
    from pathlib import Path

    from sim.study.likelihood import Estimate
    from sim.study.likelihood_folder import DatedFit
    from sim.study.plan import Experiment


def calibrate_likelihood(
    experiment: Experiment, out: Path | None, *, as_json: bool
) -> None:
    """Fit an experiment's factors by the likelihood of the record's dated attacks."""
    from sim.study.likelihood_folder import run_likelihood

    began = time.monotonic()
    say("Playing the record and maximising the likelihood; half a minute or so.")
    found = run_likelihood(experiment, out=out, tell=say)
    if as_json:
        print_json(_as_data(found))
    else:
        _print(found)
    say(f"done in {span(time.monotonic() - began)}; everything is in {found.path}")


def _print(found: DatedFit) -> None:
    fit, experiment = found.fit, found.experiment
    print(
        f"{experiment.question}\n{experiment.scenario.name}: {int(fit.counts.sum())} "
        f"dated attacks in {len(fit.counts)} days; {fit.expected.sum():.1f} expected "
        f"at the maximum, root_seed {experiment.root_seed}\n"
    )
    heads = ["parameter", "unit", "maximum", "standard error", "95 % interval",
             "posterior mean", "posterior sd"]  # fmt: skip
    rows = [[*_row(e), *_moments(found, e.name)] for e in fit.estimates]
    print_table(heads, rows, numbers=(2, 3, 5, 6), whole=(0,))
    print(
        f"Log likelihood {fit.log_likelihood:.2f} (Monte Carlo error "
        f"{fit.monte_carlo_error:.2f}). Intervals are of the profile likelihood, "
        "within the prior's limits."
    )
    for e in fit.estimates:
        if e.is_at_end or (e.is_low_open and e.is_high_open):
            print(f"{e.label}: {_open(e)}")


def _row(e: Estimate) -> list[str]:
    error = "–" if e.standard_error != e.standard_error else f"{e.standard_error:.3g}"
    low, high = (
        f"{end:.3g}{' (limit)' if is_open else ''}"
        for end, is_open in ((e.low, e.is_low_open), (e.high, e.is_high_open))
    )
    return [e.label, e.unit, f"{e.value:.3g}", error, f"{low} to {high}"]


def _open(e: Estimate) -> str:
    if e.is_low_open and e.is_high_open:
        return "no value of its prior is excluded by the dates."
    return "the likelihood is largest at a limit of the prior."


def _moments(found: DatedFit, name: str) -> list[str]:
    values, weights = found.posterior.values[name], found.posterior.weights
    mean = weights @ values
    return [f"{mean:.3g}", f"{(weights @ (values - mean) ** 2) ** 0.5:.3g}"]


def _as_data(found: DatedFit) -> dict[str, Any]:
    fit = found.fit
    return {
        "experiment": found.experiment.name,
        "scenario": found.experiment.scenario.name,
        "root_seed": found.experiment.root_seed,
        "posterior": str(found.path / "posterior.parquet"),
        "posterior_digest": found.posterior.digest,
        "log_likelihood": fit.log_likelihood,
        "monte_carlo_error": fit.monte_carlo_error,
        "effective_size": fit.draws.effective_size,
        "estimates": [e._asdict() for e in fit.estimates],
    }
