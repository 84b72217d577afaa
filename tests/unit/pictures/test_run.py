"""Pictures and the record's table: made, the same each time, and telling the truth."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from math import isnan, nan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from sim.engine.run import run_replication
from sim.ensemble.ensemble import Ensemble, run_ensemble
from sim.ensemble.typical import typical_replication
from sim.errors import RunError, StudyError
from sim.pictures.distribution import distribution_pictures
from sim.pictures.ladder import ladder_picture, spread
from sim.pictures.run import plot_run
from sim.pictures.style import Making, house_style, plot_and_save
from sim.pictures.timeline import (
    first_free_week,
    timeline_picture,
    weekly_attacks,
)
from sim.record.table import (
    mid_rank,
    record_markdown,
    record_rows,
    recorded_weeks,
)
from sim.record.targets import Target, targets_for
from sim.scenario.load import load
from tests import builders

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

MAKING = Making(1, "40 replications", 60.0)


@pytest.fixture(scope="module")
def hot(tmp_path_factory: pytest.TempPathFactory) -> Ensemble:
    """Return a small run of many attacks."""
    folder = tmp_path_factory.mktemp("hot") / "run"
    return run_ensemble(builders.hot(), replications=40, until=60.0, out=folder)


def target(**fields: Any) -> Target:
    """Return a target for attacks."""
    values: dict[str, Any] = {
        "name": "n_rocket_attacks",
        "meaning": "attacks",
        "outcome": "n_rocket_attacks",
        "unit": "attacks",
        "value": 9.0,
        "low": 4.0,
        "high": 16.0,
        "used_to_set": (),
    }
    return Target(**(values | fields))


@pytest.mark.slow
def test_a_run_gives_three_pictures_in_two_forms(hot: Ensemble, tmp_path: Path) -> None:
    """Each picture is written as SVG and as PNG of 1200 pixels' width."""
    files = plot_run(hot, [target()], tmp_path)
    assert sorted(file.name for file in files) == [
        *("ladder.png", "ladder.svg", "outcomes.png", "outcomes.svg"),
        *("weeks.png", "weeks.svg"),
    ]
    assert {file.name for file in tmp_path.iterdir()} == {f.name for f in files}
    for file in files:
        data = file.read_bytes()
        assert len(data) > 5000
        if file.suffix == ".png":
            assert int.from_bytes(data[16:20]) == 1200


@pytest.mark.slow
def test_pictures_have_the_same_bytes_each_time(hot: Ensemble, tmp_path: Path) -> None:
    """Drawn twice, a picture has the same bytes, and no date."""
    first = plot_run(hot, [target()], tmp_path / "a")
    second = plot_run(hot, [target()], tmp_path / "b")
    for a, b in zip(first, second, strict=True):
        assert a.read_bytes() == b.read_bytes()
        assert b"<dc:date>" not in a.read_bytes()


def test_a_picture_says_where_it_is_from(hot: Ensemble) -> None:
    """Scenario, status, root_seed and replications stand below the picture."""
    figure = distribution_pictures(hot.outcomes, hot.scenario, [target()], MAKING)
    said = " ".join(text.get_text() for text in figure.texts)
    for part in ("test", "provisional", "root_seed 1", "40 replications"):
        assert part in said
    assert "PROVISIONAL" in said


def test_a_checked_scenario_carries_no_warning(hot: Ensemble) -> None:
    """Only a scenario that is not checked is called provisional."""
    checked = replace(hot.scenario, status="checked")
    figure = distribution_pictures(hot.outcomes, checked, [], MAKING)
    assert not any("PROVISIONAL" in text.get_text() for text in figure.texts)


def test_the_percentile_of_the_record_is_written(hot: Ensemble) -> None:
    """The record's value and its percentile stand above the histogram."""
    low = target(value=-1.0, low=-2.0, high=0.0)
    figure = distribution_pictures(hot.outcomes, hot.scenario, [low], MAKING)
    said = [t.get_text() for axes in figure.axes for t in axes.texts]
    assert "record -1, percentile <1" in said


@pytest.mark.parametrize("n", [1, 2])
def test_few_replications_can_be_drawn(n: int, tmp_path: Path) -> None:
    """One replication or two are enough for every picture."""
    ensemble = run_ensemble(
        builders.calm(), replications=n, until=20.0, out=tmp_path / "run"
    )
    assert plot_run(ensemble, [], tmp_path / "pictures")


def test_a_world_where_nothing_happens_can_be_drawn(tmp_path: Path) -> None:
    """A scenario without attacks or sites gives a ladder that stays at rung 0."""
    scenario = builders.ticking({"a": 0.0}, ceiling_per_day=1.0)
    log = run_replication(scenario, 1, 0, 10.0)
    files = plot_and_save(
        lambda: ladder_picture(log, scenario, MAKING), tmp_path / "ladder"
    )
    assert all(file.stat().st_size for file in files)


def test_a_folder_that_cannot_be_written_is_a_broken_run(hot: Ensemble) -> None:
    """Pictures that cannot be written end as a RunError that names the file."""
    with pytest.raises(RunError, match="cannot write"):
        plot_run(hot, [], Path("/proc/none"))


def test_weekly_attacks_add_up_to_the_outcome(hot: Ensemble) -> None:
    """Reported attacks by week never exceed the reported attacks of the replication."""
    weeks = weekly_attacks(hot)
    assert weeks.shape == (40, 8)
    assert (weeks.sum(axis=1) <= hot.outcomes["n_rocket_attacks"]).all()
    assert weeks.sum() > 0


def test_labels_are_spread_in_order() -> None:
    """Labels keep their order, their distance and the picture's bounds."""
    places = spread([5.0, 5.0, 5.1, 9.9, 10.0], 1.0, 0.0, 10.0)
    assert places == sorted(places)
    assert all(b - a >= 1.0 - 1e-9 for a, b in pairwise(places))
    assert places[0] >= 0.0
    assert places[-1] <= 10.0


# The typical replication


def test_the_typical_replication_is_nearest_to_the_medians() -> None:
    """Of 0 to 10, the middle one is typical, whatever the order of rows."""
    frame = pd.DataFrame({"n_raids": np.arange(11.0), "peak_rung": np.arange(11.0)})
    assert typical_replication(frame) == 5
    assert typical_replication(frame.iloc[::-1]) == 5


def test_a_failed_replication_is_never_typical() -> None:
    """A replication without outcomes is passed over; ties go to the smallest."""
    frame = pd.DataFrame({"n_raids": [nan, 1.0, 1.0]})
    assert typical_replication(frame) == 1


def test_without_success_nothing_is_typical() -> None:
    """When every replication failed, the refusal says so."""
    with pytest.raises(StudyError, match="no replication"):
        typical_replication(pd.DataFrame({"n_raids": [nan, nan]}))


# The record


def test_mid_rank_counts_ties_half() -> None:
    """The percentile is the share below and half of the share equal."""
    values = np.array([0.0, 1.0, 1.0, 1.0, 2.0])
    assert mid_rank(values, 1.0) == pytest.approx(50.0)
    assert mid_rank(values, 3.0) == 100.0
    assert isnan(mid_rank(np.array([]), 3.0))


def test_a_miss_stays_visible() -> None:
    """A record outside the model's interval is marked, and no row is dropped."""
    frame = pd.DataFrame({"n_rocket_attacks": np.arange(20.0)})
    rows = record_rows(frame, [target(value=99.0), target(outcome="no_such")])
    assert len(rows) == 1
    assert not rows[0].is_inside
    assert rows[0].width == pytest.approx(rows[0].model_high - rows[0].model_low)
    assert "**outside**" in record_markdown(rows)


def test_a_target_that_set_a_number_says_so() -> None:
    """What was used to set a parameter is named in the table."""
    frame = pd.DataFrame({"n_rocket_attacks": [1.0, nan]})
    rows = record_rows(frame, [target(used_to_set=("actors.iraq.ability",))])
    assert rows[0].defined == pytest.approx(1.0)  # an empty row is a failed replication
    assert "`actors.iraq.ability`" in record_markdown(rows)


def shipped() -> Scenario:
    """Return the scenario that has a record."""
    return load("iraq_2019_2020")


def test_the_record_speaks_of_its_scenario_and_period_only() -> None:
    """Another scenario, and a shorter run of the same, have no record."""
    scenario = shipped()
    assert len(targets_for(scenario, scenario.horizon)) > 20
    assert targets_for(scenario, 100.0) == ()
    assert targets_for(builders.calm()) == ()


def test_the_weeks_of_the_record_hold_its_attacks() -> None:
    """The weekly counts add up to the 36 attacks of the press series."""
    scenario = shipped()
    weeks = recorded_weeks(scenario, scenario.horizon)
    assert (len(weeks), sum(n for n in weeks if n is not None)) == (36, 36)
    assert recorded_weeks(builders.calm(), 252.0) == [None] * 36


def test_a_branched_scenario_shows_the_weeks_before_and_says_so() -> None:
    """The record stands before the day; the model from the first whole week on."""
    whole = shipped()
    weeks = recorded_weeks(whole, whole.horizon)
    branched = load("iraq_2019_2020", free_from=date(2020, 3, 13))
    since = (date(2020, 3, 13) - whole.start).days
    before = recorded_weeks(branched, branched.horizon)
    assert before[: since // 7] == weeks[: since // 7]
    parted, in_whole = before[since // 7], weeks[since // 7]
    assert parted is not None
    assert in_whole is not None
    assert parted <= in_whole
    assert "Branched from its record on 13 March 2020" in branched.heading
    assert whole.heading == whole.title
    first = first_free_week(branched)
    assert (first, first_free_week(whole)) == (since // 7 + 1, 0)
    counts = np.zeros((4, 36), dtype=np.int64)
    with house_style():
        figure = timeline_picture(counts, branched, before, MAKING)
    texts = [text.get_text() for text in figure.texts]
    assert any("13 March 2020" in text for text in texts[:1])
    assert any("Up to 13 March 2020 the record is put in" in text for text in texts)
