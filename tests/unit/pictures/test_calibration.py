"""What is shown of a fit: pictures, ArviZ's view of it, how rough its numbers are."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.calibration.calibrate import Calibration, parameter_values
from sim.calibration.diagnostics import (
    arviz,
    diagnostics_table,
    inference_data,
    prior_draws,
    roughness,
)
from sim.calibration.table import tied_pairs
from sim.ensemble.point_run import reported_outcomes
from sim.experiment.load import load_experiment
from sim.experiment.posterior import Posterior
from sim.pictures.evidence.calibration import PICTURES, write_pictures
from sim.pictures.evidence.posterior import round_numbers
from sim.pictures.evidence.predictive import predictive_sheet
from sim.pictures.style import house_style
from sim.record.targets import fitted_targets, targets_for
from sim.statistics import abc

N_PARTICLES, N_DRAWS = 300, 120
FILE = """
schema: 1
id: small
question: Which rate, salvo and share?
scenario: iraq_2019_2020
root_seed: 3
outcomes: [n_rocket_attacks]
calibrate: {particles: 300, generations: 2, targets: [n_rocket_attacks, salvo_median]}
factors:
  rate:
    label: calm rate
    path: actors.kataib_hezbollah.base_rate
    distribution: {shape: log_uniform, low: 0.01/day, high: 0.2/day, basis: assumed}
  usual_salvo:
    label: median salvo
    path: means.rocket.salvo_median
    distribution: {shape: log_uniform, low: 1, high: 12, basis: assumed}
  share:
    label: share that is claimed
    path: actors.asaib_ahl_al_haq.claim_share
    distribution: {shape: uniform, low: 0, high: 1, basis: assumed}
"""


@pytest.fixture
def found(tmp_path: Path) -> Calibration:
    """Return a fit as if it had been made: two parameters tied, one that is free."""
    file = tmp_path / "small.yaml"
    file.write_text(FILE, "utf-8")
    experiment = load_experiment(file)
    generator = np.random.Generator(np.random.PCG64(11))
    scores = generator.normal(size=(N_PARTICLES, 3))
    scores[:, 1] = -0.9 * scores[:, 0] + 0.3 * scores[:, 1]
    scores[:, :2] *= 0.5
    weights = generator.uniform(0.1, 2.0, size=N_PARTICLES)
    made = {
        "experiment": "small",
        "scenario": experiment.scenario.name,
        "scenario_digest": experiment.scenario.digest,
        "root_seed": experiment.root_seed,
        "until_days": experiment.until,
        "adjustment": "none",
        "parameters": [
            {
                "name": factor.name,
                "label": factor.label,
                "paths": list(factor.paths),
                "unit": factor.unit,
                "is_whole": factor.is_whole,
                "prior": {
                    "shape": factor.distribution.shape,
                    "numbers": list(factor.distribution.numbers),
                },
            }
            for factor in experiment.factors
            if factor.distribution is not None
        ],
        "generations": [
            {"tolerance": t, "attempts": n, "accepted": 300, "effective_size": size}
            for t, n, size in ((None, 300, 300.0), (1.2, 700, 210.0))
        ],
    }
    values = parameter_values(experiment.factors, scores)
    posterior = Posterior(
        values, weights / weights.sum(), np.zeros(N_PARTICLES), scores, made
    )
    targets = fitted_targets(
        targets_for(experiment.scenario, experiment.until),
        ("n_rocket_attacks", "salvo_median"),
    )
    for name in ("prior_predictive", "predictive"):
        frame = pd.DataFrame(
            {
                outcome: generator.poisson(5.0, N_DRAWS).astype(float)
                for outcome in reported_outcomes(experiment.scenario)
            }
        )
        frame.loc[:9, "salvo_median"] = np.nan
        frame.to_parquet(tmp_path / f"{name}.parquet")
    return Calibration(experiment, targets, [], posterior, tmp_path, False)


def test_the_prior_is_the_one_that_was_simulated(found: Calibration) -> None:
    """Row k of the prior is the point that row k of its predictive draws came from."""
    batch = next(iter(abc.prior_batches(3, found.experiment.root_seed)))
    expected = parameter_values(found.experiment.factors, batch.scores)
    told = prior_draws(found.posterior, 50)
    for name, column in told.items():
        np.testing.assert_allclose(column, expected[name][:50], rtol=1e-12)


def test_arviz_has_the_fit(found: Calibration) -> None:
    """Its groups hold the draws that studies use, the record, and what is undefined."""
    data = inference_data(found)
    assert data.groups() == [
        "posterior", "posterior_predictive", "prior", "prior_predictive",
        "observed_data",
    ]  # fmt: skip
    point = found.posterior.point(7)
    rate = data.posterior["rate"].to_numpy()
    assert rate.shape == (1, N_DRAWS)
    assert rate[0, 7] == point["actors.kataib_hezbollah.base_rate"]
    later = data.posterior_predictive["salvo_median"]
    assert later.shape == (1, N_DRAWS, 1)
    assert np.isnan(later.to_numpy()).sum() == 10
    assert data.posterior_predictive["salvo_median"].attrs["role"] == "fitted"
    assert data.posterior_predictive["gap_cv"].attrs["role"] == "only checked"
    assert data.observed_data["n_rocket_attacks"].to_numpy()[0] == 36.0
    assert found.posterior.digest == data.posterior.attrs["posterior_digest"]


def test_diagnostics_say_how_rough_an_end_is(found: Calibration) -> None:
    """Errors grow as particles count for less; the free share is as its prior."""
    table = diagnostics_table(found.posterior).set_index("parameter")
    share = table.loc["share that is claimed"]
    assert share["mean"] == pytest.approx(0.5, abs=4.0 * share["mean_error"])
    assert 100.0 < share["effective_size"] < N_PARTICLES
    ends = table[["p5", "p50", "p95"]].to_numpy()
    assert (np.diff(ends, axis=1) > 0.0).all()
    few = found.posterior.weights**8
    poorer = Posterior(
        found.posterior.values,
        few / few.sum(),
        found.posterior.distances,
        found.posterior.scores,
        found.posterior.metadata,
    )
    rougher = diagnostics_table(poorer).set_index("parameter")
    sizes, errors = (
        rougher[name].to_numpy() / table[name].to_numpy()
        for name in ("effective_size", "mean_error")
    )
    assert sizes.max() < 0.6
    assert errors.min() > 1.0
    said = roughness(poorer, rougher.reset_index())
    assert said.startswith("The 300 particles are worth ")
    assert "roughest end" in said


def test_the_tied_pair_comes_first(found: Calibration) -> None:
    """The two that were tied are named first, with their sign; the others are not."""
    first, *others = tied_pairs(found.posterior)
    assert {first.first, first.second} == {"rate", "usual_salvo"}
    assert first.correlation < -0.8
    assert all(abs(p.correlation) < 4.0 * max(p.error, 0.06) for p in others)


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0.005, 0.2, [0.005, 0.01, 0.02, 0.05, 0.1, 0.2]),
        (1.0, 12.0, [1.0, 2.0, 5.0, 10.0]),
        (1e-4, 2.0, [1e-4, 1e-3, 1e-2, 0.1, 1.0]),
    ],
)
def test_ticks_are_round(low: float, high: float, ticks: list[float]) -> None:
    """A logarithmic axis has a handful of round numbers within its ends."""
    assert round_numbers(low, high) == pytest.approx(ticks)


def test_every_statistic_is_on_the_sheet(found: Calibration) -> None:
    """One panel a statistic, fitted and only checked under their own heads."""
    with house_style():
        figure = predictive_sheet(found)
    every = targets_for(found.experiment.scenario, found.experiment.until)
    assert len(figure.axes) == len(every)
    words = [text.get_text() for text in figure.texts]
    assert words.index("Fitted, so no test") < words.index("Only checked")
    assert "record 36" in " ".join(words)


@pytest.mark.slow
def test_odd_posteriors_are_drawn(found: Calibration) -> None:
    """A constant number, priors without bounds, a statistic that never exists."""
    told = found.posterior.metadata["parameters"]
    told[0]["prior"] = {
        "shape": "lognormal", "numbers": [0.05, 0.8], "limits": [0.0, 100.0]
    }  # fmt: skip
    told[2]["prior"] = {
        "shape": "normal", "numbers": [0.5, 0.3], "limits": [0.0, 1.0]
    }  # fmt: skip
    found.posterior.values["usual_salvo"][:] = 3.0
    file = found.path / "predictive.parquet"
    frame = pd.read_parquet(file)
    frame["strike_delay_days"] = np.nan
    frame.to_parquet(file)
    table = write_pictures(found)
    assert table[["p5", "p95"]].to_numpy()[1].tolist() == [3.0, 3.0]
    assert "worth" in roughness(found.posterior, table)
    pair = tied_pairs(found.posterior)
    assert [{p.first, p.second} for p in pair] == [{"rate", "share"}]
    found.posterior.values["share"][:] = 0.5
    assert tied_pairs(found.posterior) == []


@pytest.mark.slow
def test_pictures_are_the_same_every_time(found: Calibration) -> None:
    """All files are there, each time the same bytes, and ArviZ reads its own."""
    made: list[dict[str, bytes]] = []
    names = [f"{stem}.{suffix}" for stem in PICTURES for suffix in ("svg", "png")]
    names += ["diagnostics.csv", "diagnostics.md", "posterior.nc"]
    for _ in range(2):
        write_pictures(found)
        made.append({name: (found.path / name).read_bytes() for name in names})
        for name in names:
            (found.path / name).unlink()
    assert made[0] == made[1]
    file = found.path / "again.nc"
    file.write_bytes(made[0]["posterior.nc"])
    again = arviz().from_netcdf(str(file))
    expected = inference_data(found).posterior["rate"].to_numpy()
    np.testing.assert_array_equal(again.posterior["rate"].to_numpy(), expected)
