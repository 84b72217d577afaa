"""Parts of the likelihood of dated attacks, and what it refuses."""

from __future__ import annotations

import json
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy import stats

from sim.cli.calibrate_likelihood import calibrate_likelihood
from sim.errors import StudyError
from sim.study import likelihood_folder
from sim.study.attack_likelihood import Detail
from sim.study.count_likelihood import CountLikelihood, probability
from sim.study.delay_law import choice_shares, law_of, share_blocked
from sim.study.hazard_table import HazardTable
from sim.study.importance import weighted_draws
from sim.study.likelihood import Axes, dated_counts
from sim.study.likelihood_folder import run_likelihood
from sim.study.maximum import maximise, profile_interval
from sim.study.plan import load_experiment
from sim.study.posterior import read_posterior
from sim.study.traced import Kept

if TYPE_CHECKING:
    from pathlib import Path


def lognormal(params: Any, view: Any, u: float) -> float:
    """Median 3 days, log deviation 0.6."""
    return float(3.0 * np.exp(0.6 * stats.norm.ppf(u)))


def exponential(params: Any, view: Any, u: float) -> float:
    """Mean 0.1 days."""
    return float(-0.1 * np.log1p(-u))


def test_a_law_has_the_moments_of_its_sum() -> None:
    """Mean and variance are those of theory; moved over a grid, the mean moves too."""
    law = law_of([lognormal, exponential], None, None)
    mean = 3.0 * np.exp(0.18) + 0.1
    variance = (9.0 * np.exp(0.36)) * (np.exp(0.36) - 1.0) + 0.01
    assert law.weights.sum() == pytest.approx(1.0)
    assert law.weights @ law.days == pytest.approx(mean, rel=1e-3)
    found = law.weights @ (law.days - law.weights @ law.days) ** 2
    assert found == pytest.approx(variance, rel=5e-3)
    lags = law.lags(0.5, 400)
    assert lags @ np.arange(400) * 0.5 == pytest.approx(mean, rel=1e-3)
    lasting = law.lasting(0.5, 400).sum() * 0.5  # the mean again
    assert lasting == pytest.approx(mean, rel=0.01)


def test_a_race_of_two_exponentials() -> None:
    """The first of two is before the other in proportion to its rate."""

    def slow(params: Any, view: Any, u: float) -> float:
        return 3.0 * exponential(params, view, u)

    first, other = law_of([exponential], None, None), law_of([slow], None, None)
    assert first.share_before(other) == pytest.approx(0.75, abs=0.02)


def test_blocking_is_erlangs_loss() -> None:
    """Two lines at load 1 lose a fifth; no limit loses nothing."""
    load = np.array([1.0])
    assert share_blocked(2.0, load)[0] == pytest.approx(0.2)
    assert share_blocked(0.0, load)[0] == 0.0


def test_shares_of_a_choice() -> None:
    """Thresholds are found to a millionth."""
    found = choice_shares(lambda u: 1 if u < 0.3 else 2 if u < 0.77 else 0)
    assert found[1] == pytest.approx(0.3, abs=1e-6)
    assert found[2] == pytest.approx(0.47, abs=1e-6)
    assert found[0] == pytest.approx(0.23, abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_probabilities_of_counts_add_up(seed: int) -> None:
    """Over all counts of two days, with two answers that may fall on either.

    One of the terms is checked by hand: nothing at all happened.
    """
    rng = np.random.default_rng(seed)
    single, double = rng.uniform(0.1, 0.6, (1, 2)), rng.uniform(0.0, 0.2, (1, 2))
    answers = rng.uniform(0.0, 0.45, (1, 2, 2))
    total, mean = 0.0, np.zeros(2)
    for counts in product(range(14), repeat=2):
        likelihood = CountLikelihood(np.array(counts), answers)
        chance = float(np.exp(likelihood(single, double)[0]))
        total, mean = total + chance, mean + chance * np.array(counts)
    assert total == pytest.approx(1.0, abs=1e-5)
    expected = (single + 2.0 * double + answers.sum(axis=1))[0]
    np.testing.assert_allclose(mean, expected, rtol=1e-4)
    nothing = np.exp(CountLikelihood(np.zeros(2, int), answers)(single, double)[0])
    missed = np.prod(1.0 - answers.sum(axis=2))
    assert nothing == pytest.approx(missed * np.exp(-(single + double).sum()))
    assert probability(1, single[:, 0], double[:, 0])[0] == pytest.approx(
        single[0, 0] * np.exp(-single[0, 0] - double[0, 0])
    )


def test_a_maximum_with_its_error_and_interval() -> None:
    """A normal log likelihood gives back its covariance; an end of the box is told."""
    covariance = np.array([[0.004, 0.001], [0.001, 0.002]])
    inverse, centre = np.linalg.inv(covariance), np.array([0.4, 0.55])

    def normal(place: Any) -> float:
        off = place - centre
        return float(-0.5 * off @ inverse @ off)

    found = maximise(normal, [np.full(2, 0.2)])
    np.testing.assert_allclose(found.place, centre, atol=1e-3)
    np.testing.assert_allclose(found.covariance, covariance, rtol=0.02)
    low, high = profile_interval(normal, found, 0)
    np.testing.assert_allclose(
        (low, high), 0.4 + np.array([-1.96, 1.96]) * np.sqrt(0.004), atol=2e-3
    )
    at_end = maximise(lambda place: float(place[0]), [np.array([0.5])])
    assert at_end.at_end == (True,)
    assert np.isnan(at_end.covariance[0, 0])
    assert profile_interval(lambda place: float(place[0]), at_end, 0) == (0.0, 1.0)


def test_weighted_draws_are_of_the_posterior() -> None:
    """Normal prior times normal likelihood is normal, with a known mean."""
    found = weighted_draws(lambda z: -0.5 * ((z[:, 0] - 1.0) / 0.5) ** 2, 2, 1500, 3)
    mean = found.weights @ found.scores
    error = 4.0 / np.sqrt(found.effective_size)
    assert abs(mean[0] - 0.8) < error * np.sqrt(0.2)
    assert abs(mean[1]) < error
    exact = stats.norm.logpdf(1.0, 0.0, np.sqrt(1.25)) + 0.5 * np.log(2 * np.pi * 0.25)
    assert found.log_evidence == pytest.approx(exact, abs=0.1)


def test_a_kept_result_is_made_anew_when_what_it_read_changes() -> None:
    """A parameter that was not read changes nothing."""
    from sim.rules.examples import MILITIA

    made: list[float] = []

    def make(every: Any) -> float:
        made.append(every[0].preparation_days)
        return made[-1]

    kept: Kept[float] = Kept()
    kept.get([MILITIA], make)
    kept.get([MILITIA._replace(base_rate=0.5)], make)
    assert len(made) == 1
    assert kept.get([MILITIA._replace(preparation_days=9.0)], make) == 9.0


@pytest.mark.slow
@pytest.mark.numba
def test_a_compiled_hazard_is_the_rule_itself() -> None:
    """Compiled or called in Python, a hazard has the same values."""
    from sim.rules import militia
    from sim.rules.examples import MILITIA
    from sim.rules.militia.state import MilitiaView

    rng = np.random.default_rng(2)
    views = [MilitiaView(*row) for row in rng.uniform(0.0, 3.0, (200, 8)).tolist()]
    hazard = militia.KIND.options[0].hazard
    table = HazardTable(militia.KIND, hazard, views)
    plain = np.array([hazard(MILITIA, view) for view in views])
    np.testing.assert_allclose(table(MILITIA), plain, rtol=1e-12)
    np.testing.assert_allclose(table(MILITIA, 10, 20), plain[10:20], rtol=1e-12)
    table._fill = None
    np.testing.assert_array_equal(table(MILITIA), plain)


def test_the_record_counts_36_attacks() -> None:
    """They are those of the target; two on one day are two."""
    experiment = load_experiment("c02_attack_likelihood")
    counts = dated_counts(experiment.scenario, 252)
    assert counts.sum() == 36
    axes = Axes(experiment.factors)
    values = axes.values(np.array([0.2, 0.7]))
    np.testing.assert_allclose(axes.place(values), [0.2, 0.7])


FILE = """
schema: 1
id: small
question: What do the dates say?
scenario: iraq_2019_2020
root_seed: 3
outcomes: [n_rocket_attacks]
calibrate: {particles: 60}
factors:
  memory:
    path: actors.kataib_hezbollah.tension_memory
    distribution: {shape: uniform, low: 5 days, high: 30 days, basis: assumed}
  accuracy:
    path: actors.kataib_hezbollah.accuracy
    distribution: {shape: uniform, low: 0.1, high: 0.9, basis: assumed}
"""


def test_what_the_likelihood_cannot_follow_is_refused(tmp_path: Path) -> None:
    """A number of memory, and one that the dates say nothing of: both are named."""
    file = tmp_path / "small.yaml"
    file.write_text(FILE, "utf-8")
    with pytest.raises(StudyError) as told:
        run_likelihood(
            load_experiment(file), out=tmp_path / "run", detail=Detail(replications=1)
        )
    assert "memory moves what is remembered" in str(told.value)
    assert "accuracy moves nothing in the dates" in str(told.value)


def test_a_prior_may_not_rest_on_the_dates(tmp_path: Path) -> None:
    """The scenario's own range of a rate was set from the count of these attacks."""
    text = (
        FILE[: FILE.index("factors:")]
        + """factors:
  rate:
    path: actors.kataib_hezbollah.base_rate
    range: [0.02, 0.2]
"""
    )
    file = tmp_path / "small.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(StudyError, match="may not rest on the data"):
        run_likelihood(
            load_experiment(file), out=tmp_path / "run", detail=Detail(replications=1)
        )


RATE = """  rate:
    label: calm rate
    path: actors.kataib_hezbollah.base_rate
    distribution: {shape: log_uniform, low: 0.01/day, high: 0.3/day, basis: assumed}
"""


@pytest.mark.slow
@pytest.mark.numba
def test_a_fit_is_told_and_repeats_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The verb prints a table or JSON; the same fit again leaves the same bytes."""
    quick = partial(
        likelihood_folder.run_likelihood, detail=Detail(replications=2), n_draws=60
    )
    monkeypatch.setattr(likelihood_folder, "run_likelihood", quick)
    file = tmp_path / "small.yaml"
    file.write_text(FILE[: FILE.index("  memory:")] + RATE, "utf-8")
    calibrate_likelihood(load_experiment(file), tmp_path / "one", as_json=False)
    told = capsys.readouterr().out
    assert "36 dated attacks in 252 days" in told
    assert "calm rate" in told
    calibrate_likelihood(load_experiment(file), tmp_path / "two", as_json=True)
    data = json.loads(capsys.readouterr().out)
    low, high = data["estimates"][0]["low"], data["estimates"][0]["high"]
    assert low < data["estimates"][0]["value"] < high
    for name in ("estimates.csv", "days.csv", "posterior.parquet"):
        assert (tmp_path / "one" / name).read_bytes() == (
            tmp_path / "two" / name
        ).read_bytes()
    posterior = read_posterior(tmp_path / "one")
    assert posterior.require(load_experiment(file).scenario) == ""
    days = (tmp_path / "one" / "days.csv").read_text("utf-8").splitlines()
    assert len(days) == 253
    assert days[1].startswith("2019-10-28,1,")
