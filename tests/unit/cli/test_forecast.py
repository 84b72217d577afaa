"""``escalade forecast`` makes a file now; ``escalade score`` runs past origins."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from sim.cli.app import app
from sim.experiment.posterior import Posterior, write_posterior
from sim.forecasts.file import read_forecast
from sim.scenario.load import load_whole

if TYPE_CHECKING:
    from pathlib import Path

ASKED = ("iraq_2019_2020", "--from", "2020-07-06", "--days", "30")
QUICK = ("--engine", "simpy", "--workers", "1")
RATE = "actors.kataib_hezbollah.base_rate"


def escalade(*words: str | Path | int) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def posterior(tmp_path: Path) -> Path:
    """Return a posterior of one parameter, fitted to the whole period."""
    told = {
        "name": "rate",
        "label": "rate",
        "unit": "1/day",
        "paths": [RATE],
        "is_whole": False,
    }
    told |= {"prior": {"shape": "uniform", "numbers": [0.0, 1.0]}}
    scenario = load_whole("iraq_2019_2020")
    made = {
        "parameters": [told],
        "experiment": "invented",
        "scenario": scenario.name,
        "scenario_digest": scenario.digest,
        "root_seed": 1,
        "until_days": 252.0,
        "adjustment": "none",
        "generations": [],
        "targets": [],
    }
    drawn = Posterior(
        {"rate": np.array([0.1, 0.2])}, np.array([0.5, 0.5]), np.zeros(2),
        np.zeros((2, 1)), made,
    )  # fmt: skip
    write_posterior(tmp_path / "posterior.parquet", drawn)
    return tmp_path / "posterior.parquet"


def test_a_forecast_is_made_now(tmp_path: Path) -> None:
    """It says what was simulated and when; made again it says the same."""
    files = [tmp_path / "a.json", tmp_path / "b.json"]
    size = ("-n", 10, *QUICK)
    first = escalade("forecast", *ASKED, "--out", files[0], *size)
    assert first.exit_code == 0, first.output
    assert "rocket attacks are reported" in first.stdout
    result = escalade("forecast", *ASKED, "--out", files[1], *size, "--json")
    a, b = (read_forecast(file) for file in files)
    assert a.digest == b.digest
    assert a.made
    assert a.versions["numpy"]
    assert (a.draws, a.replications, a.posterior_digest) == (0, 10, "")
    assert (a.origin.isoformat(), a.end.isoformat()) == ("2020-07-06", "2020-08-05")
    (data,) = json.loads(result.stdout)["forecasts"]
    assert data["digest"] == a.digest
    assert data["file"] == str(files[1])


def test_a_posterior_is_drawn_and_yardsticks_stand_beside(
    tmp_path: Path, posterior: Path
) -> None:
    """K draws times M replications; the yardsticks' files have names of their own."""
    result = escalade(
        "forecast", *ASKED, "--posterior", posterior, "--draws", 5, "-n", 2,
        "--out", tmp_path / "july.json", "--yardsticks", *QUICK,
        "--question", "n_rocket_attacks",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    one = read_forecast(tmp_path / "july.json")
    assert (one.draws, one.replications) == (5, 2)
    assert one.posterior_digest
    assert [*one.answers] == ["n_rocket_attacks"]
    names = {file.stem for file in tmp_path.glob("july*.json")}
    assert {"july", "july-hawkes", "july-last_month", "july-constant_rate"} <= names
    assert read_forecast(tmp_path / "july-hawkes.json").forecaster == "hawkes"


def test_hindsight_is_refused(tmp_path: Path, posterior: Path) -> None:
    """A posterior that knows July makes no forecast from June."""
    result = escalade(
        "forecast", "iraq_2019_2020", "--from", "2020-06-01", "--days", 30,
        "--posterior", posterior, "--out", tmp_path / "june.json", *QUICK,
    )  # fmt: skip
    assert result.exit_code == 2
    assert "fitted to the record up to 2020-07-06" in result.stderr
    assert not (tmp_path / "june.json").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--from", "2020-08-01"), "2020-08-01 is no origin of iraq_2019_2020"),
        (("--from", "9999-12-15"), "9999-12-15 is no origin of iraq_2019_2020"),
        (("--from", "July"), "'July' is not a date"),
        (("--days", 0), "--days 0 is out of range"),
        (("--draws", 5), "--draws goes with --posterior"),
        (("--question", "n_raid"), "'n_raid' is not a question"),
        (("--posterior", "none.parquet"), "no such file"),
        (("--out", "nowhere/a.json"), "is no folder"),
        (("--out", "."), "is a folder"),
    ],
)
def test_unsound_requests_are_refused(
    tmp_path: Path, words: tuple[str | int, ...], message: str
) -> None:
    """Each is refused before anything is simulated, with exit code 2."""
    result = escalade("forecast", *ASKED, "--out", tmp_path / "a.json", *QUICK, *words)
    assert result.exit_code == 2, result.output
    assert message in result.stderr
    assert not (tmp_path / "a.json").exists()


STUDY = """
schema: 1
id: small
question: How good were the forecasts?
scenario: iraq_2019_2020
root_seed: 3
until: 2019-12-01
calibrate:
  particles: 20
  generations: 2
  targets: [n_rocket_attacks]
score:
  origins: [2019-11-12]
  draws: 10
  replications: 2
  questions: [n_rocket_attacks, a_strike]
factors:
  rate:
    label: calm rate
    path: actors.kataib_hezbollah.base_rate
    distribution: {shape: log_uniform, low: 0.01/day, high: 0.2/day, basis: assumed}
"""


@pytest.mark.slow
def test_origins_are_run_and_scored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One command refits, forecasts and scores; again it only prints."""
    monkeypatch.setattr("sim.statistics.abc.BATCH", 30)
    file = tmp_path / "small.yaml"
    file.write_text(STUDY, "utf-8")
    checked = escalade("check", file)
    assert checked.exit_code == 0, checked.output
    assert "1 origin" in checked.stdout
    result = escalade("score", file, "--out", tmp_path / "run", *QUICK)
    assert result.exit_code == 0, result.output
    assert "2019-11-12: refitted to 15 days, 20 particles" in result.stderr
    assert "self-exciting" in result.stdout
    again = escalade("score", file, "--out", tmp_path / "run", *QUICK, "--json")
    data = json.loads(again.stdout)
    assert data["folder"] == str(tmp_path / "run")
    assert len(data["scores"]) == 12
    (came,) = {s["observed"] for s in data["scores"] if s["question"] == "a_strike"}
    assert came == 0
    result = escalade("score", "e01_red_line")
    assert result.exit_code == 2
    assert "has no section 'score'" in result.stderr
