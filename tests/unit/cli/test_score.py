"""``escalade score`` of forecasts by file, against a table of invented events."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner, Result

from sim.cli.app import app
from sim.forecasts.file import write_forecast
from sim.forecasts.forecast import Forecast
from sim.statistics.count_distribution import counts_from_samples

if TYPE_CHECKING:
    from pathlib import Path

EVENTS = """date_start,date_end,act,actor,list,killed_foreign
2020-07-06,2020-08-04,coverage,,,
2020-07-11,,rocket_attack,unknown_militia,core,0
2020-07-19,,rocket_attack,unknown_militia,other_rocket,
2020-08-02,,air_strike,united_states,,
2020-08-09,,air_strike,united_states,,
"""


def score(*words: str | Path) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(app, ["score", *map(str, words)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with two forecasts of July 2020 and what came, all invented."""
    forecast = Forecast(
        forecaster="escalade",
        scenario="iraq_2019_2020",
        scenario_digest="",
        origin=date(2020, 7, 6),
        end=date(2020, 8, 5),
        answers={"n_rocket_attacks": counts_from_samples([0, 1, 2]), "a_strike": 0.2},
        actors=("iraq", "united_states"),
    )
    write_forecast(tmp_path / "a.json", forecast)
    write_forecast(tmp_path / "b.json", replace(forecast, forecaster="my_own_guess"))
    (tmp_path / "events.csv").write_text(EVENTS, "utf-8")
    return tmp_path


def changed(folder: Path, old: str, new: str) -> Path:
    """Return the table with one thing changed."""
    assert old in EVENTS
    file = folder / "changed.csv"
    file.write_text(EVENTS.replace(old, new, 1), "utf-8")
    return file


def test_forecasts_are_resolved_by_later_events(folder: Path) -> None:
    """Events after the record score forecasts of any forecaster, without any change."""
    result = score(
        folder / "a.json", folder / "b.json", "--events", folder / "events.csv"
    )
    assert result.exit_code == 0, result.output
    assert "my_own_guess" in result.stdout
    assert "0.640" in result.stdout
    as_json = score(
        folder / "a.json", "--events", folder / "events.csv", "--json",
        "--question", "a_strike", "--out", folder / "out",
    )  # fmt: skip
    (row,) = json.loads(as_json.stdout)["scores"]
    assert (row["observed"], row["brier"]) == (1, pytest.approx(0.64))
    assert {"scores.csv", "scores.md", "forecasts.png", "reliability.svg"} <= {
        file.name for file in (folder / "out").iterdir()
    }


def test_malformed_events_are_refused_with_their_line(folder: Path) -> None:
    """Exit 2, with the line, the column, what was found and what was probably meant."""
    table = changed(folder, "rocket_attack", "rocket_atack")
    result = score(folder / "a.json", "--events", table)
    assert result.exit_code == 2
    assert not result.stdout
    for words in ("line 3", "act", "'rocket_atack'", "did you mean 'rocket_attack'?"):
        assert words in result.stderr


def test_unfinished_window_is_not_scored(folder: Path) -> None:
    """A window that is not coded to its end is refused, until somebody says it is."""
    for new in ("2020-07-06,2020-07-31,coverage", "2020-07-06,,other"):
        table = changed(folder, "2020-07-06,2020-08-04,coverage", new)
        result = score(folder / "a.json", "--events", table)
        assert result.exit_code == 2
        assert "coverage" in result.stderr
        short = score(
            folder / "a.json", "--events", table, "--coded-until", "2020-08-04"
        )
        assert short.exit_code == 2
        whole = score(
            folder / "a.json", "--events", table, "--coded-until", "2020-08-05"
        )
        assert whole.exit_code == 0, whole.output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["a.json"], "--events FILE.csv is needed"),
        (["a.json", "a.json", "--events", "events.csv"], "twice"),
        (["a.json", "e01_red_line", "--events", "events.csv"], "is no forecast's file"),
        (["c.json", "--events", "events.csv"], "no such file"),
        (["a.json", "--events", "none.csv"], "no such file"),
        (["a.json", "--events", "events.csv", "--question", "a_strik"], "a_strike"),
        (["a.json", "--events", "events.csv", "--question", "n_raids"], "nothing to"),
        (["e01_red_line", "--events", "events.csv"], "its scenario's own record"),
        (["a.json", "--events", "events.csv", "--coded-until", "soon"], "not a date"),
    ],
)
def test_unsound_requests_are_refused(
    folder: Path, words: list[str], message: str
) -> None:
    """Each refusal says what is wrong, and exits with 2."""
    files = {file.name for file in folder.iterdir()} | {"c.json", "none.csv"}
    result = score(*(folder / word if word in files else word for word in words))
    assert result.exit_code == 2
    assert message in result.stderr
