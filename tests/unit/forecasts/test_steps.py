"""Forecasts some steps ahead: made from one day, kept, and scored on any table."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy import stats

from sim.ensemble import filtered_past, point_run
from sim.errors import StudyError
from sim.experiment.experiment import Size
from sim.experiment.posterior import read_posterior
from sim.forecasts.file import read_forecast, write_forecast
from sim.forecasts.forecast import MODEL, Forecast
from sim.forecasts.model import forecasts_ahead, yardsticks_now
from sim.forecasts.origin import free_at
from sim.forecasts.score_table import score_page, summary_frame
from sim.forecasts.scoring import paired_differences, score_forecasts
from sim.forecasts.yardstick import YARDSTICKS
from sim.ladder import ACTS, Act, name_of
from sim.record.question import QUESTIONS, questions_named
from sim.record.resolution import Series
from sim.scenario.event_table import read_event_table
from sim.scenario.history import with_past
from sim.scenario.load import load_whole
from sim.scenario.scenario import FILTERED
from sim.statistics.bootstrap import generator
from sim.statistics.hawkes import Hawkes
from sim.statistics.hawkes import simulated_counts as hawkes_counts
from sim.statistics.modulated import Modulated, simulated_counts, two_states

if TYPE_CHECKING:
    from pathlib import Path

DAY, DAYS, STEPS = date(2019, 11, 12), 5, 3
STARTS = [DAY + timedelta(days=DAYS * step) for step in range(1, STEPS)]


def everything() -> list[Forecast]:
    """Return what all forecasters say of three windows, one after the other."""
    whole = load_whole("iraq_2019_2020")
    asked = questions_named([*QUESTIONS])
    free = free_at(whole, DAY, DAY + timedelta(days=DAYS * STEPS))
    size = Size(1, 24)
    said = forecasts_ahead(free, None, asked, size, 7, starts=STARTS, engine="simpy")
    for one in [*said]:
        window = DAY, one.end
        said += yardsticks_now(whole, window, asked, 7, one.start, one.step)
    return said


def made_up(file: Path) -> None:
    """Write a table in the documented columns with one row of every act."""
    lines = ["date_start,date_end,act,actor,list,killed_foreign"]
    lines.append(f"{DAY},{DAY + timedelta(days=DAYS * STEPS)},coverage,,,")
    acts = [row.act for row in ACTS if row.act != Act.NONE]
    for number, act in enumerate(acts):
        day = DAY + timedelta(days=number % (DAYS * STEPS))
        lines.append(f"{day},,{name_of(act)},,,1")
    file.write_text("\n".join(lines) + "\n")


def test_every_forecaster_is_scored_at_every_step_on_a_made_up_table(
    tmp_path: Path,
) -> None:
    """One row of every act: all forecasters, one step and many ahead, are scored."""
    made_up(tmp_path / "events.csv")
    kept: list[Forecast] = []
    for number, forecast in enumerate(everything()):
        write_forecast(tmp_path / f"{number}.json", forecast)
        kept.append(read_forecast(tmp_path / f"{number}.json"))
    scores = score_forecasts(kept, read_event_table(tmp_path / "events.csv"))
    forecasters = {MODEL, *YARDSTICKS}
    assert len(scores) == len(forecasters) * STEPS * len(QUESTIONS)
    assert {(s.forecaster, s.step) for s in scores} == {
        (name, step) for name in forecasters for step in (1, 2, 3)
    }
    assert all(np.isfinite([*s.scores.values()]).all() for s in scores)
    counted = {s.step: s.observed for s in scores if s.question == "n_strikes"}
    # An air strike, the killing of a militia's leader, and of a commander.
    assert sum(counted.values()) == 3
    differences = paired_differences(scores)
    assert {d.step for d in differences} == {1, 2, 3}
    assert set(summary_frame(scores)["step"]) == {1, 2, 3}
    assert "3 steps ahead" in score_page(scores, differences)


def test_the_first_window_is_what_one_forecast_says() -> None:
    """Asked of more windows the simulator says the same of the first."""
    whole = load_whole("iraq_2019_2020")
    asked = questions_named(["n_rocket_attacks", "a_strike"])
    size = Size(1, 12)
    (one,) = forecasts_ahead(
        free_at(whole, DAY, DAY + timedelta(days=DAYS)),
        None, asked, size, 3, engine="simpy",
    )  # fmt: skip
    free = free_at(whole, DAY, DAY + timedelta(days=DAYS * STEPS))
    many = forecasts_ahead(free, None, asked, size, 3, starts=STARTS, engine="simpy")
    assert many[0].answers == one.answers
    assert [f.step for f in many] == [1, 2, 3]
    assert (many[1].first_day, many[1].end) == (STARTS[0], STARTS[1])


def test_counts_ahead_are_those_of_a_longer_simulation() -> None:
    """A process without memory counts alike in each window; with one it relaxes."""
    n = 4000
    still = Hawkes(np.full(n, 0.4), np.zeros(n), np.ones(n))
    counts = hawkes_counts(still, np.zeros(n), 10.0, generator(1), lead=30.0)
    assert abs(counts.mean() - 4.0) < 4.0 * (4.0 / n) ** 0.5
    moves = np.array([[-0.1, 0.1], [0.1, -0.1]])
    chain = Modulated(
        np.tile([0.1, 0.9], (n, 1)), np.tile(moves, (n, 1, 1)), np.full((n, 2), 0.5)
    )
    begun = np.ones(n)
    for lead in (0.0, 15.0):
        got = simulated_counts(chain, begun, 10.0, generator(2), lead)
        fades = np.exp(-0.2 * lead) * (1.0 - np.exp(-2.0)) / 0.2
        expected = 0.5 * 10.0 + 0.4 * fades
        assert abs(got.mean() - expected) < 4.0 * got.std() / n**0.5


def test_a_busy_spell_is_told_from_a_quiet_one() -> None:
    """After many incidents in a month the busy state is the likely one."""
    quiet = np.array([20.0, 60.0])
    busy = np.append(quiet, np.linspace(71.0, 99.0, 15))
    chances = []
    for times in (quiet, busy):
        model, weight, states = two_states(times, 100.0)
        assert weight.sum() == pytest.approx(1.0)
        assert states.shape == (len(weight), 2)
        chances.append(float((weight * states[:, 1]).sum()))
        assert (model.rates[:, 1] > model.rates[:, 0]).all()
    assert chances[0] < 0.4
    assert chances[1] > 0.8


@pytest.mark.verify
def test_its_forecasts_are_calibrated_on_its_own_truth() -> None:
    """Transforms of what comes are uniform where truths are drawn from the grid."""
    random = generator(20191028)
    ranks: list[float] = []
    predict = YARDSTICKS["two_states"].predict
    for _ in range(150):
        mean, share = 0.15, 0.35
        quiet = mean / (1.0 - share + share * 3.0)
        times, now, state = [], 0.0, int(random.random() < share)
        leaving = {0: share / 25.0, 1: (1.0 - share) / 25.0}
        while now < 228.0:
            until = min(now + random.exponential(1.0 / leaving[state]), 228.0)
            rate = quiet * (3.0 if state else 1.0)
            k = random.poisson(rate * (until - now))
            times += sorted(now + (until - now) * random.random(k))
            now, state = until, 1 - state
        past = np.array([t for t in times if t < 200.0])
        came = sum(t >= 200.0 for t in times)
        series = Series(past, np.ones(len(past)), 200.0)
        said = predict(series, 28.0, random, 0.0)
        below, up_to = said.at_most(came - 1), said.at_most(came)
        ranks.append(below + random.random() * (up_to - below))
    assert stats.kstest(ranks, "uniform").pvalue > 1e-3


def test_a_filtered_past_is_found_once_for_all_and_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without a posterior one filter, of the particles asked for, serves all worlds."""
    monkeypatch.setattr(filtered_past, "_REMEMBERED", {})
    monkeypatch.setattr(filtered_past, "LEAST_WORTH", 0.0)
    monkeypatch.setattr(point_run, "pasts_of_draw", lambda *_: pytest.fail("by draw"))
    whole = with_past(load_whole("iraq_2019_2020"), FILTERED, 24)
    free = free_at(whole, date(2019, 11, 2), date(2019, 11, 6))
    asked, told = questions_named(["n_rocket_attacks"]), list[str]()
    said = [
        forecasts_ahead(
            free, None, asked, Size(1, 12), 5, engine="simpy", executor=executor,
            tell=told.append,
        )
        for executor in (None, ThreadPoolExecutor(2))
    ]  # fmt: skip
    assert said[0] == said[1]
    (sentence,) = told
    assert sentence.startswith("Past filtered: 24 particles")
    monkeypatch.setattr(filtered_past, "_REMEMBERED", {})
    monkeypatch.setattr(filtered_past, "LEAST_WORTH", 1e6)
    with pytest.raises(StudyError, match="told by too few worlds"):
        forecasts_ahead(free, None, asked, Size(1, 12), 5, engine="simpy")


def test_each_draw_of_a_posterior_has_one_filter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Replications of a draw share its pasts, and it is said how these come about."""
    filtered = list[int]()

    def counted(*asked: Any) -> Any:
        filtered.append(asked[-1])

    monkeypatch.setattr(point_run, "pasts_of_draw", counted)
    whole = with_past(load_whole("iraq_2019_2020"), FILTERED)
    free = free_at(whole, date(2020, 6, 20), date(2020, 6, 24))
    fit = read_posterior("c01_iraq_2019_2020")
    asked, told = questions_named(["n_rocket_attacks"]), list[str]()
    forecasts_ahead(free, fit, asked, Size(3, 4), 5, engine="simpy", tell=told.append)
    assert len(filtered) == 3
    assert told == [filtered_past.FILTERED_BY_DRAW]
