"""Outcomes of the user's own, from the function to the folder and the command."""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.ensemble.ensemble import run_ensemble
from sim.ensemble.rerun import read_run, run_again
from sim.errors import StudyError
from sim.outcomes import View, outcomes_for, with_outcomes
from tests import builders

SCENARIO = builders.hot(horizon=60.0)


def dead_in_raids(view: View) -> float:
    """Return the dead of raids."""
    dead = 0.0
    for place in view.raids:
        dead += view.incidents[place].killed_militia
    return dead


def n_raids_again(view: View) -> float:
    """Return how many raids there were."""
    return float(len(view.raids))


def broken(view: View) -> float:
    """Divide by nothing where there was a raid."""
    return 1.0 / (len(view.raids) == 0)


OWN = {"dead_in_raids": dead_in_raids, "n_raids_again": n_raids_again}


def test_an_ensemble_measures_outcomes_of_ones_own() -> None:
    """Reported and true are columns, and rows of the summary, with what they mean."""
    ensemble = run_ensemble(SCENARIO, replications=20, outcomes=OWN)
    frame: Any = ensemble.outcomes
    summary: Any = ensemble.summary()
    assert frame["n_raids_true"].sum() > 0
    for tail in ("", "_true"):
        raids, again = frame[f"n_raids{tail}"], frame[f"n_raids_again{tail}"]
        assert raids.tolist() == again.tolist()
        row = summary.loc[f"n_raids_again{tail}"]
        assert row["mean"] == again.mean()
    table = outcomes_for(ensemble.scenario)
    assert table["dead_in_raids_true"].meaning == "Return the dead of raids"
    assert not table["dead_in_raids_true"].is_reported


def test_a_folder_belongs_to_its_outcomes(tmp_path: Path) -> None:
    """Another set of outcomes is another run; who reads it back brings them along."""
    scenario = sim.load("iraq_2019_2020")
    out = tmp_path / "run"
    run = partial(
        run_ensemble, scenario, replications=3, until=20.0, out=out, engine="simpy"
    )
    run(outcomes=OWN)
    with pytest.raises(StudyError, match="another run"):
        run()
    with pytest.raises(StudyError, match="'dead_in_raids' of a module of yours"):
        read_run(out)
    stored = read_run(out, own=OWN)
    assert not run_again(stored, tmp_path / "again", engine="simpy")


def test_what_fails_on_a_log_fails_its_replication() -> None:
    """The others go on; the reason and the number are there."""
    ensemble = run_ensemble(SCENARIO, replications=8, outcomes={"broken": broken})
    errors = ensemble.failures["error"]
    assert len(errors) > 0
    assert all("ZeroDivisionError" in error for error in errors)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("n_raids", "there is one of this name already"),
        ("share_taji", "there is one of this name already"),
        ("Mine", "lower-case letters"),
        ("mine_true", "does not end in _true"),
    ],
)
def test_a_name_that_will_not_do_is_refused(name: str, said: str) -> None:
    """Taken, or not of the form of the others."""
    with pytest.raises(StudyError, match=said):
        with_outcomes(SCENARIO, {name: dead_in_raids})


MODULE = '''
def n_strikes_of_mine(view):
    """Return how many strikes there were."""
    return float(len(view.strikes))

OUTCOMES = {"n_strikes_of_mine": n_strikes_of_mine}
'''


@pytest.mark.slow
def test_the_command_takes_a_module_of_outcomes(tmp_path: Path) -> None:
    """Run and report, with processes that import it too."""
    (tmp_path / "strikes.py").write_text(MODULE)
    words = ["run", "iraq_2019_2020", "--until", "20", "-n", "120", "--workers", "2"]
    words += ["--engine", "simpy", "--plugin", "strikes", "--out", "r"]
    for more in (words,
                 ["report", "r", "--plugin", "strikes"]):  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "sim", *more],
            cwd=tmp_path, capture_output=True, text=True, check=False,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    summary = (tmp_path / "r" / "summary.csv").read_text()
    assert "\nn_strikes_of_mine_true,n strikes of mine," in summary
