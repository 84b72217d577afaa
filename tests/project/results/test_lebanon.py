"""The other theatre beside its sources is as the model makes it now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import sim

if TYPE_CHECKING:
    from types import ModuleType

    from tests.conftest import Generator

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def lebanon(generator: Generator) -> ModuleType:
    """Return ``generators/lebanon.py`` as a module."""
    return generator("lebanon")


def test_tables_are_of_scenario_and_rules_as_they_stand(lebanon: ModuleType) -> None:
    """A changed number or rule makes them stale."""
    made_from = lebanon.made_from(sim.load(lebanon.SCENARIO))
    renew = "the tables are stale: python generators/lebanon.py"
    assert f"({made_from})" in lebanon.PAGE.read_text("utf-8"), renew


@pytest.mark.slow
@pytest.mark.numba
def test_tables_are_what_the_model_makes(lebanon: ModuleType) -> None:
    """Every number of the model's column is that of the replications."""
    pytest.importorskip("numba")
    rows = lebanon.incidents()
    made = lebanon.block(rows, sim.load(lebanon.SCENARIO))
    page = lebanon.PAGE.read_text("utf-8")
    assert made in page
    assert lebanon.block(rows[::2], sim.load(lebanon.SCENARIO)) not in page


def test_course_of_a_campaign_by_hand(lebanon: ModuleType) -> None:
    """Gaps, the dead of 18 days, days in a row and months of one small world."""
    attacks = pd.DataFrame(
        {
            "replication": 0,
            "time_days": [20.0, 30.5, 38.0, 99.0],
            "killed_foreign": [1, 2, 3, 1],
        }
    )
    assert lebanon.longest_gap(attacks) == 61.0
    assert lebanon.most_within(attacks) == 6.0
    strikes = pd.DataFrame({"time_days": [3.1, 3.9, 4.2, 5.0, 9.0, 10.0]})
    assert lebanon.longest_run(strikes) == 3
    assert lebanon.longest_run(strikes[:1]) == 1
    start = pd.Timestamp("1999-07-16")
    days = [20.0, 25.0, 30.0, 50.0, 80.0, 110.0, 140.0, 140.5]
    spread = pd.DataFrame({"replication": 0, "time_days": days})
    assert lebanon.month_range(spread, start).tolist() == [2]
