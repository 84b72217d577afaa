"""The section `score` of an experiment: what it means, and every fault told."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from sim.errors import ScenarioError
from sim.experiment.load import load_experiment

if TYPE_CHECKING:
    from pathlib import Path

    from sim.experiment.experiment import Experiment

FILE = """
schema: 1
id: small
question: How good were the forecasts?
scenario: iraq_2019_2020
root_seed: 3
until: 2020-04-01
score:
  calibration: c01_iraq_2019_2020
  every: month
  first: 2020-01-01
  last: 2020-03-01
  particles: 30
  questions: [n_raids, a_strike]
"""
OWN = """calibrate:
  particles: 20
factors:
  rate:
    path: actors.kataib_hezbollah.base_rate
    distribution: {shape: uniform, low: 0.01, high: 0.2, basis: assumed}
"""


def read(folder: Path, text: str) -> Experiment:
    """Return the experiment of a text."""
    file = folder / "small.yaml"
    file.write_text(text, "utf-8")
    return load_experiment(file)


def test_every_month_is_an_origin(tmp_path: Path) -> None:
    """Windows reach from month to month, the last one to the end."""
    experiment = read(tmp_path, FILE)
    plan = experiment.scoring
    assert plan is not None
    days = [date(2020, month, 1) for month in (1, 2, 3, 4)]
    assert plan.windows == tuple(pairwise(days))
    assert plan.calibration is not None
    assert plan.calibration.name == "c01_iraq_2019_2020"
    assert (plan.options.particles, plan.options.generations) == (30, 9)
    assert plan.questions == ("n_raids", "a_strike")
    assert experiment.outcomes == ("n_raids", "n_strikes")
    assert experiment.factors == ()


def test_origins_may_be_listed(tmp_path: Path) -> None:
    """With a window of their own, and with the file's own factors."""
    text = FILE.replace("  calibration: c01_iraq_2019_2020\n", "").replace(
        "  every: month\n  first: 2020-01-01\n  last: 2020-03-01\n",
        "  origins: [2020-01-05, 2020-02-01]\n  window: 14\n",
    )
    plan = read(tmp_path, text + OWN).scoring
    assert plan is not None
    assert plan.calibration is None
    assert plan.windows == (
        (date(2020, 1, 5), date(2020, 1, 19)),
        (date(2020, 2, 1), date(2020, 2, 15)),
    )


LISTED = "origins: [2020-01-05, 2020-02-01]"
EACH = "every: month\n  first: 2020-01-01\n  last: 2020-03-01"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (EACH, "origins: []", "is empty; at least 1"),
        (EACH, "origins: [2020-02-01, 2020-01-01]", "2020-01-01 does not come after"),
        (EACH, "origins: [2020-01-01, 2020-01-01]", "does not come after"),
        (EACH, "origins: [2019-10-28]", "2019-10-28 is no origin: it must lie after"),
        (EACH, "origins: [2020-04-01]", "2020-04-01 is no origin"),
        (EACH, "origins: [2020-02-30]", "not in the calendar"),
        (EACH, "origins: [soon]", "is not a date"),
        (EACH, "origins: [3]", "3 is not a date; write it like"),
        (EACH, f"{LISTED}\n  window: 60", "60 days from 2020-01-05 reach beyond the"),
        (EACH, f"{LISTED}\n  window: 0", "0 is below the range [1, 366]"),
        (EACH, f"{LISTED}\n  every: month", "has origins and every; give origins or"),
        (EACH, f"{LISTED}\n  first: 2020-01-01", "goes with every"),
        (EACH, "window: 3", "has no days; give origins or every"),
        ("  last: 2020-03-01\n", "", "is missing: it goes with every"),
        ("first: 2020-01-01", "first: 2020-01-02", "is not the first day of a month"),
        ("last: 2020-03-01", "last: 2019-12-01", "2019-12-01 comes before 2020-01-01"),
        ("last: 2020-03-01", "last: 2020-04-01", "2020-04-01 is no origin"),
        ("every: month", "every: week", "'week' is not a step; steps: month"),
        ("n_raids", "n_raid", "'n_raid' is not a question"),
        ("[n_raids, a_strike]", "[]", "at least 1 is needed"),
        ("particles: 30", "particles: 3", "3 is below the range [20"),
        ("particles: 30", "particle: 30", "unknown field"),
        ("c01_iraq_2019_2020\n", "c02\n", "no shipped experiment"),
        ("c01_iraq_2019_2020\n", "e01_red_line\n", "has no section calibrate"),
        ("c01_iraq_2019_2020\n", "f01_monthly_origins\n", "is scored itself"),
        ("scenario: iraq_2019_2020", "scenario: iraq_endogenous_2019_2020",
         "is of another scenario, iraq_2019_2020"),
        ("  calibration: c01_iraq_2019_2020\n", "", "there is nothing to refit"),
        ("score:", OWN + "score:", "stands beside calibrate or factors"),
    ],
)  # fmt: skip
def test_each_fault_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    """Whatever is wrong is said where it stands."""
    assert old in FILE
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, FILE.replace(old, new))
    assert told in str(caught.value)
    assert all(fault.line for fault in caught.value.faults)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """A wrong question, a wrong day and a wrong calibration: three faults."""
    text = FILE.replace("n_raids", "raids").replace("c01_iraq_2019_2020\n", "c02\n")
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, text.replace("last: 2020-03-01", "last: March"))
    assert len(caught.value.faults) == 3


def test_the_section_must_be_a_mapping(tmp_path: Path) -> None:
    """A list is refused in words."""
    text = FILE.partition("score:")[0] + "score: [2020-01-01]\n"
    with pytest.raises(ScenarioError, match="not a mapping"):
        read(tmp_path, text)
