"""What a calibration says: prior beside posterior, targets, and what stays unknown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from scipy.special import ndtri

from sim.digits import markdown_table, short
from sim.files import write_text
from sim.record.table import mid_rank
from sim.record.targets import targets_for
from sim.statistics.weighted import kish

if TYPE_CHECKING:
    import pandas as pd

    from sim.calibration.calibrate import Calibration
    from sim.experiment.factor import Distribution
    from sim.experiment.posterior import Posterior

LITTLE: Final = 0.2
"""Shrinkage below which one history has said little of a parameter."""

TIED: Final = 0.6
"""Correlation of normal scores from which only a combination of two is seen."""


class Tables(NamedTuple):
    """The tables of a calibration."""

    parameters: pd.DataFrame
    """Prior and posterior of each parameter, and how far it shrank."""
    targets: pd.DataFrame
    """The record within prior and posterior predictive draws, fitted and checked."""
    limits: list[str]
    """What one history does not tell, in sentences."""


def as_written(calibration: Calibration) -> Posterior:
    """Return the posterior in the units that the experiment's file writes."""
    posterior = calibration.posterior
    factors = {factor.name: factor for factor in calibration.experiment.factors}
    values, parameters = dict(posterior.values), list(posterior.parameters)
    for place, parameter in enumerate(parameters):
        name, prior = parameter["name"], parameter["prior"]
        factor = factors[name]
        if factor.each == 1.0 or prior["shape"] == "beta":
            continue
        values[name] = values[name] / factor.each
        # The spread of a logarithm has no unit.
        n_scaled = 1 if prior["shape"] == "lognormal" else len(prior["numbers"])
        numbers = [
            number / factor.each if at < n_scaled else number
            for at, number in enumerate(prior["numbers"])
        ]
        scaled = prior | {"numbers": numbers}
        if "limits" in prior:
            scaled["limits"] = [limit / factor.each for limit in prior["limits"]]
        parameters[place] = parameter | {"unit": factor.written, "prior": scaled}
    metadata = posterior.metadata | {"parameters": parameters}
    return replace(posterior, values=values, metadata=metadata)


def write_tables(calibration: Calibration) -> Tables:
    """Return the tables, and write them beside the posterior."""
    tables = Tables(
        parameter_table(as_written(calibration)),
        target_table(calibration),
        limits_of(calibration.posterior),
    )
    for name, frame in (("parameters", tables.parameters), ("targets", tables.targets)):
        write_text(calibration.path / f"{name}.csv", frame.to_csv(index=False))
        write_text(calibration.path / f"{name}.md", markdown(frame))
    write_text(
        calibration.path / "limits.md", "".join(f"- {line}\n" for line in tables.limits)
    )
    return tables


def prior_of(parameter: dict[str, Any]) -> Distribution:
    """Return the prior that a posterior's file tells of a parameter."""
    from sim.experiment.factor import Distribution

    prior = parameter["prior"]
    numbers = tuple(float(number) for number in prior["numbers"])
    low, high = prior.get("limits", (numbers[0], numbers[-1]))
    return Distribution(prior["shape"], numbers, low, high, prior.get("basis", ""))


def scores_of(posterior: Posterior) -> dict[str, Any]:
    """Return the particles' normal scores by parameter, shape (particles,)."""
    scores: dict[str, Any] = {}
    for parameter in posterior.parameters:
        places = prior_of(parameter).positions(posterior.values[parameter["name"]])
        scores[parameter["name"]] = ndtri(np.clip(places, 1e-9, 1.0 - 1e-9))
    return scores


def parameter_table(posterior: Posterior) -> pd.DataFrame:
    """Return one row a parameter: prior and posterior range, and the shrinkage.

    Shrinkage is 1 minus the variance of the normal score over the prior's, which is 1:
    0 says nothing was learned, 1 says all was.
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    scores = scores_of(posterior)
    for parameter in posterior.parameters:
        prior, name = prior_of(parameter), parameter["name"]
        low, median, high = posterior.quantiles(name, (0.05, 0.5, 0.95))
        mean = float(posterior.weights @ scores[name])
        variance = float(posterior.weights @ (scores[name] - mean) ** 2)
        rows.append(
            {
                "parameter": parameter["label"],
                "unit": parameter["unit"],
                "prior_5": prior.quantile(0.05),
                "prior_50": prior.quantile(0.5),
                "prior_95": prior.quantile(0.95),
                "posterior_5": low,
                "posterior_50": median,
                "posterior_95": high,
                "shrinkage": 1.0 - variance,
            }
        )
    return pd.DataFrame(rows)


def target_table(calibration: Calibration) -> pd.DataFrame:
    """Return one row a target: where the record lies among predictive draws."""
    import pandas as pd

    frames = {
        name: pd.read_parquet(calibration.path / f"{name}.parquet")
        for name in ("prior_predictive", "predictive")
    }
    fitted = {target.name for target in calibration.targets}
    rows: list[dict[str, Any]] = []
    for target in targets_for(
        calibration.experiment.scenario, calibration.experiment.until
    ):
        row: dict[str, Any] = {
            "target": target.name,
            "role": "fitted" if target.name in fitted else "only checked",
            "record": target.value,
        }
        for name, word in (("prior_predictive", "prior"), ("predictive", "post.")):
            values = frames[name][target.outcome].to_numpy()
            defined = values[np.isfinite(values)]
            low, high = (
                np.quantile(defined, (0.05, 0.95)) if len(defined) else (np.nan, np.nan)
            )
            row |= {f"{word}_5": low, f"{word}_95": high}
            row[f"{word}_percentile"] = mid_rank(defined, target.value)
            row[f"{word}_width"] = high - low
        row["defined"] = len(defined) / len(values)
        rows.append(row)
    return pd.DataFrame(rows)


class Pair(NamedTuple):
    """Two parameters, and how far they move together."""

    first: str
    second: str
    correlation: float
    """Of their normal scores, -1 to 1."""
    error: float
    """Monte Carlo standard error, by the effective number of particles."""


def tied_pairs(posterior: Posterior) -> list[Pair]:
    """Return every pair of parameters that vary, the most correlated first.

    The error is that of a normal sample, (1 - r²) / √(n - 1), with n Kish's size.
    """
    scores = {
        name: column
        for name, column in scores_of(posterior).items()
        if np.ptp(column) > 0.0
    }
    names = list(scores)
    if len(names) < 2:
        return []
    columns = np.column_stack(list(scores.values()))
    off = columns - posterior.weights @ columns
    covariance = (off * posterior.weights[:, None]).T @ off
    spread = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(spread, spread)
    size = max(kish(posterior.weights), 2.0)
    pairs = [
        Pair(first, second, float(r), float((1.0 - r**2) / np.sqrt(size - 1.0)))
        for i, first in enumerate(names)
        for k, second in enumerate(names[:i])
        for r in (correlation[i, k],)
    ]
    return sorted(pairs, key=lambda pair: -abs(pair.correlation))


def limits_of(posterior: Posterior) -> list[str]:
    """Return what one history cannot tell, in sentences."""
    labels = {
        parameter["name"]: parameter["label"] for parameter in posterior.parameters
    }
    table = parameter_table(posterior)
    shrunk = zip(table["parameter"].tolist(), table["shrinkage"].tolist(), strict=True)
    sentences = [
        f"The posterior of {label} is about as wide as its prior (shrinkage "
        f"{shrinkage:.2f}), though it may have moved."
        for label, shrinkage in shrunk
        if shrinkage < LITTLE
    ]
    sentences += [
        f"Only a combination of {labels[pair.second]} and {labels[pair.first]} is "
        f"seen (correlation {pair.correlation:+.2f})."
        for pair in tied_pairs(posterior)
        if abs(pair.correlation) >= TIED
    ]
    return sentences or [
        f"No posterior is nearly its prior (shrinkage {LITTLE:g} or more), and no two "
        f"parameters are seen only together (correlation below {TIED:g})."
    ]


def markdown(frame: pd.DataFrame) -> str:
    """Return a table in Markdown, numbers to three digits."""
    heads = [str(head).replace("_", " ") for head in frame.columns]
    return markdown_table(
        heads,
        (
            [x if isinstance(x, str) else short(float(x)) for x in row]
            for row in frame.itertuples(index=False)
        ),
    )


def results_sections(calibration: Calibration) -> dict[str, str]:
    """Return the tables that a page of results shows, Markdown, by name.

    They are read from the fit's folder, where `write_tables` and `write_diagnostics`
    have written them.
    """
    sections = {
        name: (calibration.path / f"{name}.md").read_text("utf-8").rstrip()
        for name in ("parameters", "diagnostics", "targets", "limits")
    }
    text = (calibration.path / "generations.csv").read_text("utf-8")
    heads, *rows = [row.split(",") for row in text.splitlines()]
    heads = [head.replace("_", " ") for head in heads]
    table = markdown_table(heads, rows, numbers=range(len(heads)))
    return {"generations": table.rstrip("\n"), **sections}
