"""Scores of forecasts against a table of events, as tables and pictures."""

import csv
from dataclasses import replace
from datetime import date
from itertools import pairwise
from json import dumps
from math import isnan, log
from pathlib import Path

import numpy as np
import pytest

from sim.errors import StudyError
from sim.forecasts.forecast import Forecast
from sim.forecasts.score_table import (
    score_data,
    score_frame,
    score_page,
    verdict,
    write_scores,
)
from sim.forecasts.scoring import (
    Score,
    detectable,
    paired_differences,
    score_forecasts,
)
from sim.pictures.evidence.score import groups_of, rank_shares, score_pictures
from sim.pictures.style import save_all
from sim.scenario.event_table import EventTable, read_event_table
from sim.statistics.count_distribution import counts_from_samples

MONTHS = tuple(date(2020, month, 1) for month in range(8, 13))
EVENTS = """date,date_end,act,actor,killed_foreign
2020-08-01,2020-11-30,coverage,,
2020-08-05,,rocket_attack,unknown_militia,0
2020-08-09,,rocket_attack,unknown_militia,
2020-09-02,,air_strike,united_states,
2020-10-11,,rocket_attack,unknown_militia,1
"""


def table_of(folder: Path, text: str = EVENTS) -> EventTable:
    """Return an invented table of events."""
    file = folder / "invented.csv"
    file.write_text(text, "utf-8")
    return read_event_table(file)


def forecasts_by(name: str, probability: float, samples: list[int]) -> list[Forecast]:
    """Return one forecaster's four monthly forecasts, all alike."""
    return [
        Forecast(
            forecaster=name,
            scenario="invented",
            scenario_digest="",
            origin=origin,
            end=end,
            answers={
                "n_rocket_attacks": counts_from_samples(samples),
                "a_strike": probability,
            },
            actors=("united_states",),
        )
        for origin, end in pairwise(MONTHS)
    ]


def scores_in(folder: Path) -> list[Score]:
    """Return the scores of the model and of one yardstick."""
    forecasts = [
        *forecasts_by("escalade", 0.25, [0, 1, 1, 2]),
        *forecasts_by("constant_rate", 0.4, [3, 4, 4, 5]),
    ]
    return score_forecasts(forecasts, table_of(folder))


def test_scores_are_those_of_hand(tmp_path: Path):
    """What came is read off the table month by month, and the scores are their
    formulas.
    """
    scores = scores_in(tmp_path)
    assert [s.forecaster for s in scores[::2]] == ["escalade", "constant_rate"] * 4
    own = [s for s in scores if s.forecaster == "escalade"]
    attacks = [s for s in own if s.question == "n_rocket_attacks"]
    strikes = [s for s in own if s.question == "a_strike"]
    assert [s.observed for s in attacks] == [2, 0, 1, 0]
    assert [s.observed for s in strikes] == [0, 1, 0, 0]
    assert [s.scores["brier"] for s in strikes] == [0.0625, 0.5625, 0.0625, 0.0625]
    assert strikes[1].scores["log_score"] == pytest.approx(log(4.0))
    assert isnan(strikes[0].low)
    assert attacks[0].low == 0.0
    assert attacks[0].below < attacks[0].up_to


def test_differences_are_of_pairs(tmp_path: Path):
    """Model minus yardstick, window by window, with an interval and what it could have
    shown.
    """
    scores = scores_in(tmp_path)
    found = {(d.question, d.score): d for d in paired_differences(scores)}
    d = found["a_strike", "brier"]
    pairs = np.array([0.0625 - 0.16, 0.5625 - 0.36, 0.0625 - 0.16, 0.0625 - 0.16])
    assert d.n == 4
    assert d.mean == pytest.approx(pairs.mean())
    assert d.error == pytest.approx(pairs.std(ddof=1) / 2.0)
    assert d.low == pytest.approx(pairs.mean() - 3.182446 * d.error)
    assert d.detectable == pytest.approx(detectable(4) * pairs.std(ddof=1))
    assert found["n_rocket_attacks", "crps"].mean < 0.0
    assert d.skill == pytest.approx(1.0 - 0.1875 / 0.21)
    assert isnan(found["a_strike", "log_score"].skill)


def test_windows_that_end_on_one_day_are_told_apart(tmp_path: Path):
    """A whole month, and its second half as a window two steps ahead: both are scored,
    each is paired with its own, and the page names the days of each.
    """
    halves = [
        replace(f, start=date(2020, 8, 17), step=2, origin=MONTHS[0], end=MONTHS[1])
        for name, p in (("escalade", 0.3), ("constant_rate", 0.7))
        for f in forecasts_by(name, p, [0, 1])[:1]
    ]
    months = [forecasts_by(name, 0.5, [0, 1])[0] for name in ("escalade", "other")]
    scores = score_forecasts([*months, *halves], table_of(tmp_path), ["a_strike"])
    assert [s.window for s in scores] == [
        (MONTHS[0], day, MONTHS[1])
        for day in (MONTHS[0], date(2020, 8, 17))
        for _ in range(2)
    ]
    briers = [d for d in paired_differences(scores) if d.score == "brier"]
    found = [(d.step, d.yardstick, d.model, d.other) for d in briers]
    assert found == [
        (1, "other", 0.25, 0.25),
        (2, "constant_rate", pytest.approx(0.09), pytest.approx(0.49)),
    ]
    assert score_frame(scores)["start"].tolist()[::2] == [str(MONTHS[0]), "2020-08-17"]
    page = score_page(scores, [])
    assert f"2 windows, from {MONTHS[0]} to {MONTHS[1]}" in page
    assert f"| {MONTHS[0]} to {MONTHS[1]} |" in page
    assert f"| 2020-08-17 to {MONTHS[1]} |" in page
    with pytest.raises(StudyError, match=f"from 2020-08-17 to {MONTHS[1]} twice"):
        score_forecasts([*halves, halves[0]], table_of(tmp_path))
    assert save_all(score_pictures(scores, "invented"), tmp_path)


def test_few_windows_have_no_interval(tmp_path: Path):
    """One window has no error, two have no interval; none is made up."""
    scores = scores_in(tmp_path)
    for n, has_error in ((1, False), (2, True)):
        some = [s for s in scores if s.origin in MONTHS[:n]]
        for d in paired_differences(some):
            assert d.n == n
            assert isnan(d.error) != has_error
            assert isnan(d.low)
            assert isnan(d.detectable)
        data = score_data(some, paired_differences(some))
        assert "Too few windows" in data["verdict"]
        dumps(data, allow_nan=False)


def test_few_windows_boast_of_nothing(tmp_path: Path):
    """Of fewer than six windows it is not said who was better."""
    (one, *_) = paired_differences(scores_in(tmp_path))
    clear = one._replace(n=3, low=-2.0, high=-1.0)
    assert "Too few windows: from 3" in verdict([clear])
    assert "better in 1" in verdict([clear._replace(n=6)])


def test_unsound_requests_are_refused(tmp_path: Path):
    """Nothing is scored twice, unasked, or before its window is over."""
    forecasts = forecasts_by("escalade", 0.25, [1])
    table = table_of(tmp_path)
    with pytest.raises(StudyError, match="twice"):
        score_forecasts([*forecasts, forecasts[0]], table)
    with pytest.raises(StudyError, match="nothing to score"):
        score_forecasts(forecasts, table, ["n_raids"])
    late = replace(forecasts[-1], end=date(2020, 12, 6))
    with pytest.raises(StudyError, match="2020-12-01 is the first day"):
        score_forecasts([late], table)
    assert len(score_forecasts(forecasts, table, ["a_strike"])) == 4


def test_tables_are_written(tmp_path: Path):
    """The tables hold every answer, each mean and each difference, and the page says
    what was taken for granted; made again they are the same.
    """
    scores = scores_in(tmp_path)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_scores(tmp_path / name, scores)
    for file in sorted((tmp_path / "a").iterdir()):
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()
    with (tmp_path / "a" / "scores.csv").open(newline="") as text:
        assert len(list(csv.DictReader(text))) == 16
    with (tmp_path / "a" / "summary.csv").open(newline="") as text:
        means = {
            (row["question"], row["score"], row["forecaster"]): float(row["mean"])
            for row in csv.DictReader(text)
        }
    assert means["a_strike", "brier", "escalade"] == pytest.approx(0.1875)
    page = (tmp_path / "a" / "scores.md").read_text("utf-8")
    assert "| 2020-09-01 to 2020-10-01 | yes | 25 % | 40 % |" in page
    assert "Too few windows: from 4" in page
    data = score_data(scores, paired_differences(scores))
    assert len(data["scores"]) == 16
    assert data["scores"][0]["brier"] is None
    dumps(data, allow_nan=False)


def test_blank_cells_are_noted(tmp_path: Path):
    """A number that the table leaves blank is taken as none, and said in the page."""
    forecasts = [
        replace(f, answers={"n_coalition_deaths": counts_from_samples([0, 1])})
        for f in forecasts_by("escalade", 0.5, [0])
    ]
    scores = score_forecasts(forecasts, table_of(tmp_path))
    data = score_data(scores, paired_differences(scores))
    assert data["notes"] == [
        "2020-08-01 to 2020-09-01, coalition deaths: killed_foreign is blank, and "
        "taken as none, in line 4"
    ]
    assert data["differences"] == []


def test_groups_say_what_chance_allows():
    """Of events at one probability the bar is the binomial's; a class holds what its
    edges say.
    """
    (group,) = groups_of([0.3] * 10, [1] * 4 + [0] * 6)
    assert (group.came, group.n, group.low, group.high) == (4, 10, 1, 5)
    low, high = groups_of([0.1, 0.95, 0.19], [0, 1, 0])
    assert (low.n, high.n) == (2, 1)


def test_counts_from_their_own_forecast_spread_evenly():
    """Ranks of counts that were drawn from their forecasts are even; of forecasts that
    are too low they gather at the top.
    """
    random = np.random.default_rng(5)
    samples = random.poisson(3.0, 4000)
    counts = counts_from_samples(samples)

    def score(observed: int) -> Score:
        below, up_to = counts.at_most(observed - 1), counts.at_most(observed)
        day = MONTHS[0]
        return Score(
            "escalade", "n_rocket_attacks", day, day, day, observed, 3.0, 0.0, 6.0,
            below, up_to, {},
        )  # fmt: skip

    even = rank_shares([score(y) for y in random.poisson(3.0, 500).tolist()])
    assert np.abs(even - 0.2).max() < 4.0 * np.sqrt(0.16 / 500)
    low = rank_shares([score(y) for y in random.poisson(5.0, 500).tolist()])
    assert low[-1] > 0.4


def test_pictures_are_the_same_each_time(tmp_path: Path):
    """Both pictures are drawn, of one forecaster and one question too, with equal
    bytes.
    """
    scores = scores_in(tmp_path)
    files = save_all(score_pictures(scores, "invented"), tmp_path / "a")
    assert [file.name for file in files] == [
        "forecasts.svg", "forecasts.png", "reliability.svg", "reliability.png",
    ]  # fmt: skip
    one = [s for s in scores if s.forecaster == "escalade" and s.question == "a_strike"]
    made = [save_all(score_pictures(one), tmp_path / name) for name in ("b", "c")]
    for first, second in zip(*made, strict=True):
        assert first.read_bytes() == second.read_bytes()
