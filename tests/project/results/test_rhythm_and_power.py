"""How attacks cluster, and how much data would tell why: tables and numbers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import sim
from sim.analytic.dates import attack_days
from sim.ensemble.ensemble import run_ensemble

if TYPE_CHECKING:
    from types import ModuleType

    from tests.conftest import Generator

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "validation.md").read_text("utf-8")


@pytest.fixture
def rhythm(generator: Generator, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return ``generators/rhythm.py`` as a module, on SimPy."""
    rhythm = generator("rhythm")
    monkeypatch.setattr(rhythm, "has_numba", lambda: False)
    return rhythm


@pytest.fixture
def power(generator: Generator, rhythm: ModuleType) -> ModuleType:
    """Return ``generators/power.py`` as a module."""
    power = generator("power")
    assert power.worlds_of is rhythm.worlds_of
    return power


@pytest.fixture
def page(rhythm: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a page with the places of both tables, which the commands write to."""
    copy = tmp_path / "validation.md"
    parts = (
        f"<!-- {n}: begin -->\nold\n<!-- {n}: end -->\n" for n in ("rhythm", "power")
    )
    copy.write_text("".join(parts), "utf-8")
    monkeypatch.setattr(rhythm, "PAGE", copy)
    return copy


def test_a_small_run_writes_both_tables(
    rhythm: ModuleType, power: ModuleType, page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each command replaces its own part, and every row that the page has is there."""
    monkeypatch.setattr(power, "WINDOWS", (1, 2))
    monkeypatch.setattr(power, "BUSIER", (0.5,))
    assert rhythm.main(["--worlds", "3"]) == 0
    assert power.main(["--truths", "2"]) == 0
    text = page.read_text("utf-8")
    assert "old" not in text
    for head in ("| 0.6, shipped |", "| one ladder |", "| 2 (18 months, 72 attacks) |"):
        assert head in text
        assert head in PAGE


def test_a_page_without_the_part_is_refused(rhythm: ModuleType, page: Path) -> None:
    """Nothing is written where there is not one place for it."""
    with pytest.raises(ValueError, match="has not one part 'pulse'"):
        rhythm.renew("pulse", "text")
    assert page.read_text("utf-8").count("old") == 2


def test_what_the_record_says_is_on_the_page(power: ModuleType) -> None:
    """Bayes factors are made from the record as it is, and stand on the page."""
    assert power.record_table(sim.load(power.SCENARIO)) in PAGE


def test_fair_months_of_the_record_have_the_dispersion_on_the_page(
    rhythm: ModuleType,
) -> None:
    """Nine months of 28 days give 1.19, and weeks 0.80."""
    scenario = sim.load(rhythm.SCENARIO)
    days = attack_days(rhythm.record_rows(scenario, scenario.horizon))
    months = rhythm.counts_of([days], rhythm.MONTH, scenario.horizon)
    weeks = rhythm.counts_of([days], rhythm.WEEK, scenario.horizon)
    assert months[0].tolist() == [4, 5, 7, 4, 3, 4, 1, 1, 7]
    assert rhythm.dispersion(months) == pytest.approx([1.1875])
    assert rhythm.dispersion(weeks) == pytest.approx([0.8])
    assert rhythm.record_words(days, scenario.horizon) in PAGE


def test_weekly_dispersion_is_that_of_the_outcome(rhythm: ModuleType) -> None:
    """The worlds are the replications of the product, and counted as it counts."""
    scenario = sim.load(rhythm.SCENARIO)
    days = list(rhythm.worlds_of(scenario, [{}] * 3))
    ours = rhythm.dispersion(rhythm.counts_of(days, rhythm.WEEK, scenario.horizon))
    ensemble: Any = run_ensemble(scenario, replications=3, engine="simpy")
    assert ours == pytest.approx(ensemble.outcomes["weekly_dispersion"].to_numpy())


def test_theta_and_rho_are_those_of_a_known_intensity(rhythm: ModuleType) -> None:
    """Gamma intensities with a correlation come back within their error; without what
    varies there is none.
    """
    random = np.random.default_rng(1)
    shape, steps, n = 4.0, 9, 20_000
    fresh = random.gamma(shape, 1.0 / shape, (n, steps + 1))
    level = 0.5 * (fresh[:, 1:] + fresh[:, :-1])  # theta 1/8, rho 1/2
    theta, rho = rhythm.intensity_of(random.poisson(6.0 * level).astype(float))
    assert theta == pytest.approx(1.0 / 8.0, abs=0.006)
    assert rho == pytest.approx(0.5, abs=0.04)
    none, _ = rhythm.intensity_of(random.poisson(6.0, (n, steps)).astype(float))
    assert none == pytest.approx(0.0, abs=0.003)


def test_one_window_has_the_same_evidence_either_way(power: ModuleType) -> None:
    """Numbers of all windows, or of each its own, differ from two windows on only."""
    prior = power.prior_about(power.RATE)
    one = power.judged(np.array([1.0, 2.0, 60.0]), power.DAYS, prior)
    two = power.judged(np.array([7.0, 200.0]), power.DAYS, prior)
    assert power.evidence([one]) == pytest.approx(power.evidence_apart([one]))
    assert power.evidence([one, two])[0] == power.evidence_apart([one, two])[0]
    assert power.evidence([one, two])[1] != power.evidence_apart([one, two])[1]


@pytest.mark.slow
@pytest.mark.numba
def test_how_far_it_climbs_is_asked_under_draws(
    generator: Generator, tmp_path: Path
) -> None:
    """The scenario is a sibling of another, and is drawn from its ranges as it is."""
    pytest.importorskip("numba")
    climb = generator("climb")
    shares, n_refused = climb.under_draws(2, 2, 1, tmp_path)
    assert set(shares) == set(climb.OUTCOMES)
    assert n_refused >= 0
    for by_draw in shares.values():
        assert len(by_draw) == 2
        assert ((by_draw >= 0.0) & (by_draw <= 1.0)).all()
