"""Ensembles: the same numbers whoever runs them, and failures that stop nobody."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.engine import driver
from sim.engine.log import IncidentLog
from sim.engine.run import run_replication
from sim.ensemble.ensemble import run_ensemble
from sim.ensemble.frames import record_frame
from sim.errors import StudyError
from sim.outcomes import outcomes_for, outcomes_of
from sim.statistics.interval import median_interval, wilson
from sim.statistics.survival import survival_quantile
from tests import builders


def test_a_row_is_what_the_replication_alone_gives() -> None:
    """Each row of an ensemble is the outcomes of that replication run by itself."""
    scenario = builders.calm(horizon=40.0)
    ensemble = run_ensemble(scenario, replications=range(3, 6), root_seed=7)
    assert list(ensemble.outcomes.index) == [3, 4, 5]
    assert list(ensemble.outcomes.columns) == list(outcomes_for(scenario))
    alone = outcomes_of(run_replication(scenario, 7, 4), scenario)
    row = ensemble.outcomes.loc[4].to_dict()
    np.testing.assert_equal(row, alone)


@pytest.mark.slow
def test_workers_do_not_show_in_the_outcomes() -> None:
    """One process and two give the same table, with kinds made in a test module."""
    scenario = builders.ticking(0.3, horizon=20.0)
    one = run_ensemble(scenario, replications=250, root_seed=3)
    two = run_ensemble(scenario, replications=250, root_seed=3, workers=2)
    pd.testing.assert_frame_equal(one.outcomes, two.outcomes, check_exact=True)


def test_a_failed_replication_is_a_row() -> None:
    """A replication over the cap fails with its repeat command; the others go on."""
    scenario = builders.ticking(0.5, horizon=20.0, max_incidents=10)
    ensemble = run_ensemble(scenario, replications=40, root_seed=2)
    assert 0 < len(ensemble.failures) < 40
    number = ensemble.failures.index[0]
    row = ensemble.failures.loc[number]
    assert "more than 10 incidents" in row["error"]
    assert row["repeat"] == f"sim.replay(scenario, {number}, root_seed=2, until=20.0)"
    assert ensemble.outcomes.loc[number].isna().all()
    summary = ensemble.summary()
    assert summary.loc["n_threats_true", "n"] == 40 - len(ensemble.failures)


def test_without_a_folder_records_are_not_kept() -> None:
    """Asking for records that were not kept says how to keep them."""
    ensemble = run_ensemble(builders.ticking(0.1, horizon=5.0), replications=2)
    with pytest.raises(StudyError, match="out="):
        ensemble.records()


def test_records_read_back_are_the_log(tmp_path: Path) -> None:
    """Records on disk equal the log's own rows, over the range that was asked."""
    scenario = builders.scenario(horizon=30.0)
    run_ensemble(scenario, replications=4, out=tmp_path)
    ensemble = run_ensemble(scenario, replications=range(1, 3), out=tmp_path)
    records = ensemble.records()
    rows = [row for n in (1, 2) for row in run_replication(scenario, 1, n).rows()]
    assert [tuple(row) for row in records.itertuples(index=False)] == rows


def test_a_log_becomes_a_frame() -> None:
    """A frame has one row a record, with names for numbers."""
    log = run_replication(builders.scenario(horizon=30.0), 1, 0)
    frame = record_frame(log)
    assert [tuple(row) for row in frame.itertuples(index=False)] == list(log.rows())


@pytest.mark.parametrize("asked", [0, range(0), range(0, 10, 2), range(-3, 3)])
def test_unsound_replications_are_refused(asked: int | range) -> None:
    """No replications, gaps and negative numbers are refused."""
    with pytest.raises(StudyError, match="replications"):
        run_ensemble(builders.ticking(), replications=asked)


def test_a_kind_that_cannot_be_sent_is_refused() -> None:
    """Rules that no other process can import need workers=1; the refusal says so."""
    scenario = builders.ticking(0.1, horizon=5.0)
    actor = scenario.actors[0]
    kind = actor.kind._replace(starting=lambda params, memory, u: None)
    local = replace(scenario, actors=(replace(actor, kind=kind), *scenario.actors[1:]))
    with pytest.raises(StudyError, match="workers=1"):
        run_ensemble(local, replications=200, workers=2)
    assert len(run_ensemble(local, replications=2).outcomes) == 2


def test_progress_ends_at_what_was_asked() -> None:
    """Progress starts at 0, rises by chunks of 100 and ends at the number asked."""
    seen: list[tuple[int, int]] = []
    run_ensemble(
        builders.ticking(0.1, horizon=2.0),
        replications=150,
        progress=lambda done, asked: seen.append((done, asked)),
    )
    assert seen == [(0, 150), (100, 150), (150, 150)]


def test_an_interrupt_keeps_the_finished_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an interrupt the first part is whole, and a second run makes the rest."""
    scenario = builders.ticking(0.1, horizon=2.0)
    run = driver.run_replication

    def interrupted(*args: Any, **more: Any) -> IncidentLog:
        if args[2] == 150:
            raise KeyboardInterrupt
        return run(*args, **more)

    monkeypatch.setattr(driver, "run_replication", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_ensemble(scenario, replications=200, out=tmp_path)
    assert [f.name for f in (tmp_path / "outcomes").iterdir()] == ["part-00000.parquet"]
    assert "broken off" in (tmp_path / "manifest.json").read_text("utf-8")
    monkeypatch.setattr(driver, "run_replication", run)
    seen: list[int] = []
    ensemble = run_ensemble(
        scenario, replications=200, out=tmp_path, progress=lambda n, _: seen.append(n)
    )
    assert seen == [100, 200]
    assert len(ensemble.outcomes) == 200


def test_a_summary_says_its_method_and_its_limit() -> None:
    """A summary names each method, and that it holds Monte Carlo error only."""
    scenario = builders.ticking(0.2, horizon=20.0)
    summary = run_ensemble(scenario, replications=100).summary()
    assert "Monte Carlo" in summary.attrs["note"]
    row = summary.loc["n_threats_true"]
    assert row["low"] < 4.0 < row["high"]
    assert (
        summary.loc["direct_exchange_happened_true", "method"]
        == "share, Wilson interval"
    )
    assert summary.loc["time_to_direct_exchange_days_true", "q50"] == np.inf


def test_wilson_knows_its_textbook_value() -> None:
    """One of ten gives 0.1 (0.0179 to 0.4042), as in Wilson's tables."""
    assert [round(x, 4) for x in wilson(1, 10)] == [0.1, 0.0179, 0.4042]


def test_survival_quantile_takes_censoring_into_account() -> None:
    """With survival 0.8, 0.533 and 0 by hand, the median is later than the naive 4."""
    times = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    happened = np.array([False, True, False, True, False, True])
    assert survival_quantile(times, happened, 0.2) == 2.0
    assert survival_quantile(times, happened, 0.46) == 4.0
    assert survival_quantile(times, happened, 0.5) == 6.0
    assert survival_quantile(times, np.zeros(6, bool), 0.5) == np.inf


def test_median_interval_holds_the_median() -> None:
    """Of 100 ordered values the interval of the median is ranks 40 to 61."""
    values = np.arange(1.0, 101.0)
    assert median_interval(values) == (50.5, 40.0, 61.0)


def test_public_verbs_load_when_asked() -> None:
    """Every public name is there, and a wrong one is an AttributeError."""
    assert all(getattr(sim, name) for name in sim.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        getattr(sim, "nothing")  # noqa: B009
