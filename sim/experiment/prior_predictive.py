"""What was believed before the record: a fit's draws of its prior, each simulated once.

A committed fit keeps, beside its posterior, where the record lies among such draws
(``targets.csv``). It belongs to the scenario that was fitted, and to the one that holds
a point of the posterior.
"""

from __future__ import annotations

import csv
import json
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from sim.experiment.named import shipped_experiments
from sim.scenario.calibrated import SHORT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sim.record.table import RecordRow
    from sim.record.targets import Target
    from sim.scenario.scenario import Scenario

MANIFEST, TABLE = "manifest.json", "targets.csv"


class PriorRow(NamedTuple):
    """Where the record lies among draws of a prior."""

    low: float
    """5 % quantile of the draws; nan where the outcome is never defined."""
    high: float
    """95 % quantile."""
    percentile: float
    """Mid-rank of the record, 0 to 100."""


def beside_prior(
    scenario: Scenario, rows: Iterable[RecordRow], targets: Iterable[Target]
) -> tuple[str, tuple[RecordRow, ...]]:
    """Return the rows with what a fit's prior makes of each statistic, and the fit.

    Parameters
    ----------
    scenario
        The scenario.
    rows
        The record against the model.
    targets
        The record's statistics: they name what a fit's table calls its targets.

    Returns
    -------
    tuple
        Id of the fit, and the rows; empty, and the rows as they were, where no fit that
        ships is of this scenario as it is now.
    """
    fit, priors = prior_rows(scenario)
    names = {target.outcome: target.name for target in targets}
    compared: list[RecordRow] = []
    for row in rows:
        prior = priors.get(names.get(row.outcome, ""))
        compared.append(
            row
            if prior is None
            else row._replace(
                prior_low=prior.low,
                prior_high=prior.high,
                prior_percentile=prior.percentile,
            )
        )
    return fit, tuple(compared)


def prior_rows(scenario: Scenario) -> tuple[str, dict[str, PriorRow]]:
    """Return the fit whose prior belongs to a scenario, and its rows by target.

    Empty where no fit that ships is of this scenario as it is now.
    """
    digest = scenario.digest
    named = {row.manifest.rpartition("#")[2] for row in scenario.cited if row.manifest}
    for identity, file in shipped_experiments().items():
        with suppress(OSError, ValueError, KeyError, TypeError):
            of_fit = json.loads((file.parent / MANIFEST).read_text("utf-8"))
            fitted = str(of_fit["posterior_digest"])
            if of_fit["scenario_digest"] == digest or fitted[:SHORT] in named:
                return identity, _rows(file.parent / TABLE)
    return "", {}


def _rows(file: Path) -> dict[str, PriorRow]:
    with file.open(encoding="utf-8", newline="") as stream:
        return {
            row["target"]: PriorRow(
                _number(row["prior_5"]),
                _number(row["prior_95"]),
                _number(row["prior_percentile"]),
            )
            for row in csv.DictReader(stream)
        }


def _number(text: str) -> float:
    return float(text) if text else float("nan")
