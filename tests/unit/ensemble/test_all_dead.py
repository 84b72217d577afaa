"""The dead of all sides are the sum of the sides, on screen and in briefs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sim.ensemble.ensemble import run_draws, run_ensemble
from sim.ensemble.summary import DEAD, OF_SIDES
from sim.experiment.posterior import read_posterior
from sim.reports.brief import write_brief
from sim.reports.headline import run_table
from sim.scenario.load import load
from tests import builders

if TYPE_CHECKING:
    from pathlib import Path


def test_the_sum_stands_in_brief_and_table(tmp_path: Path) -> None:
    """Its mean is that of the sums, and its interval no sum of intervals."""
    ensemble = run_ensemble(builders.hot(horizon=60.0), replications=12)
    row = ensemble.dead_row()
    whole = ensemble.outcomes[list(OF_SIDES)].sum(axis=1)
    assert whole.sum() > 0.0
    assert row["mean"] == whole.mean()
    assert row["sd"] == pytest.approx(whole.std())
    rows = {one["outcome"]: one for one in ensemble.summary_rows()} | {DEAD: row}
    labels = [cells[0] for cells in run_table(rows).rows]
    assert labels.count("dead on all sides") == 1
    kept = run_ensemble(
        load("iraq_2019_2020"), replications=6, until=60.0, out=tmp_path / "run"
    )
    brief = write_brief(tmp_path / "run")
    text = brief.html.read_text("utf-8")
    assert ("dead on all sides" in text) == (kept.dead_row()["mean"] > 0.0)


def test_under_draws_it_has_a_budget_too() -> None:
    """As every outcome has, with what it owes to parameters."""
    posterior = read_posterior("c01_iraq_2019_2020")
    scenario = load("iraq_2019_2020")
    ensemble = run_draws(scenario, posterior, draws=30, until=90.0, engine="simpy")
    values = ensemble.values(list(OF_SIDES))
    row = ensemble.dead_row()
    assert row["mean"] == pytest.approx(sum(x.mean() for x in values.values()))
    assert {"low", "high", "parameter_share"} <= row.keys()
