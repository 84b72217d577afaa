"""A forecast as a file: it comes back as it was, and a wrong one is refused whole."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.errors import ScenarioError, StudyError
from sim.forecasts.file import forecast_text, read_forecast, write_forecast
from sim.forecasts.forecast import Forecast, answers_of
from sim.record.question import DEFAULT_QUESTIONS, KINDS, QUESTIONS, questions_named
from sim.statistics.count_distribution import (
    CountDistribution,
    counts_from_formula,
    counts_from_samples,
)

RATE = 3.0


def small() -> Forecast:
    """Return a forecast of every question from a handful of samples."""
    samples = np.random.default_rng(1).poisson(RATE, 400)
    outcomes = {question.outcome: samples for question in QUESTIONS.values()}
    return Forecast(
        forecaster="escalade",
        scenario="iraq_2019_2020",
        scenario_digest="ab12",
        origin=date(2020, 7, 6),
        end=date(2020, 8, 5),
        answers=answers_of(outcomes, questions_named(list(QUESTIONS))),
        actors=("iraq", "united_states"),
        root_seed=7,
        draws=20,
        replications=20,
        made="2020-07-06T08:00:00+00:00",
        versions={"python": "3.11.9"},
    )


def test_file_comes_back_as_it_was(tmp_path: Path):
    """What is read is what was written, to the last digit; equal forecasts are equal
    bytes.
    """
    forecast = small()
    for name in ("a.json", "b.json"):
        write_forecast(tmp_path / name, forecast)
    assert read_forecast(tmp_path / "a.json") == forecast
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert not list(tmp_path.glob(".*"))


def test_digest_is_of_what_is_said():
    """The moment and the versions of its making are no part of a forecast's digest;
    every answer is.
    """
    forecast = small()
    assert replace(forecast, made="", versions={}).digest == forecast.digest
    answers = forecast.answers | {"a_strike": 0.25}
    assert replace(forecast, answers=answers).digest != forecast.digest
    assert replace(forecast, end=date(2020, 8, 6)).digest != forecast.digest


def test_steps_of_an_older_file(tmp_path: Path):
    """The first window's file says nothing of steps; where a later one does not, the
    windows were of one length.
    """
    file = tmp_path / "a.json"
    assert '"step"' not in forecast_text(small())
    later = replace(small(), start=date(2020, 7, 21), step=4)
    write_forecast(file, later)
    assert read_forecast(file) == later
    file.write_text(file.read_text("utf-8").replace('  "step": 4,\n', ""), "utf-8")
    assert read_forecast(file) == replace(later, step=2)


FAULTS = (
    ('"schema": 1', '"schema": 2', 2, "schema", "2 is not a known schema"),
    ('"schema": 1', '"schema": true', 2, "schema", "true is not a known schema"),
    ('"origin": "2020-07-06"', '"origin": "6 July"', 6, "origin", "is not a date"),
    ('"end": "2020-08-05"', '"end": "2020-07-06"', 7, "end", "must come after"),
    ('"made"', '"step": 0, "made"', 8, "step", "0 is below 1, the least"),
    ('"forecaster": "escalade",', "", 1, "forecaster", "is missing"),
    ('"root_seed": 7', '"root_sed": 7', 9, "root_sed", "did you mean 'root_seed'?"),
    ('"draws": 20', '"draws": -1', 10, "draws", "-1 is below 0, the least"),
    ('["iraq", "united_states"]', '"iraq"', 12, "actors", "'iraq' is not a list"),
    ('"n_raids": {', '"n_raid": {', 0, "answers.n_raid", "did you mean 'n_raids'?"),
    ('"pmf": [[0, ', '"pmf": [[1, ', 0, ".pmf.0", "must be [0, probability]"),
    ('"ratio": ', '"ratio": 1', 0, ".beyond.ratio", "inside (0, 1)"),
    ('"ratio": ', '"rate": ', 0, ".beyond.rate", "did you mean 'ratio'?"),
    ('"probability": 0.9', '"probability": 1.9', 0, ".probability", "inside (0, 1)"),
    ('[[0, 0.0', '[[0, 0.5', 0, ".pmf", "add up to"),
)  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "where", "message"), FAULTS)
def test_wrong_file_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, where: str, message: str
):
    """Each fault of a forecast's file is told where it is."""
    text = forecast_text(small())
    assert old in text
    file = tmp_path / "wrong.json"
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_forecast(file)
    faults = caught.value.faults
    assert any(message in f.message and f.where.endswith(where) for f in faults)
    assert not line or any(f.line == line for f in faults)


def test_all_faults_at_once(tmp_path: Path):
    """Several faults are told together, and nothing that is no forecast passes."""
    text = forecast_text(small())
    for old, new, *_ in (FAULTS[0], FAULTS[2], FAULTS[6], FAULTS[8]):
        text = text.replace(old, new, 1)
    file = tmp_path / "wrong.json"
    file.write_text(text, "utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_forecast(file)
    assert len(caught.value.faults) == 4
    for other in ("[]", "{}", '{"answers": 3}', '{"schema": 1'):
        file.write_text(other, "utf-8")
        with pytest.raises(ScenarioError):
            read_forecast(file)
    with pytest.raises(ScenarioError, match="no such file"):
        read_forecast(tmp_path / "absent.json")


def test_samples_are_smoothed():
    """A distribution of samples adds up to 1, gives every count a share above 0, and
    is the samples' own but for one sample's worth.
    """
    samples = np.random.default_rng(2).poisson(RATE, 500)
    counts = counts_from_samples(samples)
    assert sum(counts.shares) + counts.beyond == pytest.approx(1.0, abs=1e-7)
    assert min(counts.shares) > 0.0
    assert counts.share(500) > 0.0
    for count in range(counts.last + 1):
        own = float(np.mean(samples == count))
        assert abs(counts.share(count) - own) <= 1.0 / 501.0
    assert counts.mean == pytest.approx(samples.mean(), abs=0.02)
    assert counts.quantile(0.5) == np.median(samples)


def test_tail_is_one_distribution():
    """Shares, cumulated shares, mean and quantiles beyond the list fit together."""
    counts = CountDistribution((0.5, 0.2), 0.3, 0.8)
    every = counts.up_to(400)
    assert every.sum() == pytest.approx(1.0)
    assert counts.mean == pytest.approx(float(np.arange(401) @ every), rel=1e-6)
    for share in (0.1, 0.5, 0.7, 0.75, 0.9, 0.99):
        at = counts.quantile(share)
        assert counts.at_most(at) >= share - 1e-9
        assert counts.at_most(at - 1) < share
    assert counts.at_most(-1) == 0.0


def test_formula_is_kept():
    """A formula's distribution has its mean and spread, whatever its size."""
    from scipy.stats import poisson

    for mean in (0.01, 3.0, 900.0):
        law: Any = poisson(mean)
        counts = counts_from_formula(law.pmf)
        assert counts.mean == pytest.approx(mean, rel=1e-4)
        assert counts.at_most(int(mean)) == pytest.approx(law.cdf(int(mean)), abs=1e-6)


@pytest.mark.parametrize("samples", [[], [1.5], [-1.0], [float("nan")], [1e9]])
def test_no_counts_are_refused(samples: list[float]):
    """What is no count cannot be a sample of counts."""
    with pytest.raises(StudyError):
        counts_from_samples(samples)


def test_questions_have_outcomes():
    """Each question names a reported outcome, and the wrong name of one its like."""
    from sim.outcomes import OUTCOMES

    for question in QUESTIONS.values():
        assert OUTCOMES[question.outcome].is_reported
        assert question.kind in KINDS
        assert question.acts
    assert [q.id for q in questions_named()] == [
        name for name in QUESTIONS if name in DEFAULT_QUESTIONS
    ]
    with pytest.raises(StudyError, match="did you mean 'a_strike'"):
        questions_named(["a_strik"])
    with pytest.raises(StudyError, match="needs the outcome n_strikes"):
        answers_of({}, questions_named(["a_strike"]))
