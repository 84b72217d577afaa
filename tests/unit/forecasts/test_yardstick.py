"""Yardsticks: they know only the past, and are what they say."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.errors import StudyError
from sim.files import data_folder
from sim.forecasts import yardstick as module
from sim.forecasts.file import forecast_text
from sim.forecasts.forecast import Forecast
from sim.forecasts.yardstick import (
    YARDSTICKS,
    constant_rate,
    hawkes,
    last_month,
    negative_binomial,
    yardstick_forecasts,
)
from sim.record.question import questions_named
from sim.record.resolution import Series
from sim.scenario.event_table import EventTable, read_event_table
from sim.scenario.load import load
from sim.scenario.scenario import Scenario
from sim.statistics.bootstrap import generator
from sim.statistics.count_distribution import CountDistribution

START, ORIGIN, END = date(2019, 10, 28), date(2020, 3, 1), date(2020, 4, 1)
RECORD = data_folder("seeds") / "incidents" / "iraq_2019_2020.csv"


@lru_cache
def scenario() -> Scenario:
    """Return the scenario of the record."""
    return load(data_folder("scenarios") / "iraq_2019_2020.yaml")


def series(*times: float, days: float = 120.0) -> Series:
    """Return a past of single incidents."""
    return Series(np.array(times), np.ones(len(times)), days)


def forecasts_from(table: EventTable) -> list[Forecast]:
    """Return what the yardsticks say of March 2020."""
    return yardstick_forecasts(
        table,
        scenario(),
        (ORIGIN, END),
        questions_named(),
        root_seed=1,
    )


def texts_from(file: Path) -> list[str]:
    """Return the forecasts' files, from a record that is known up to the origin."""
    table = read_event_table(file, [(START, ORIGIN)])
    return [forecast_text(forecast) for forecast in forecasts_from(table)]


def test_nothing_later_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A forecast is the same to the byte whatever the record holds from the origin on;
    an incident of the day before changes every one of them.
    """
    monkeypatch.setattr(module, "SAMPLES", 2000)
    forecasts = texts_from(RECORD)
    lines = RECORD.read_text("utf-8").splitlines()
    header = lines[0].split(",")
    attack = {"act": "rocket_attack", "actor": "unknown_militia", "list": "core"}
    deadly = attack | {"killed_foreign": "9", "date_precision": "day"}

    def planted(day: str) -> list[str]:
        cells = deadly | {"id": "planted", "date_start": day, "date_end": day}
        return [*lines, ",".join(cells.get(name, "") for name in header)]

    def told_by(rows: list[str]) -> list[str]:
        file = tmp_path / "record.csv"
        file.write_text("\n".join(rows) + "\n", "utf-8")
        return texts_from(file)

    assert told_by(planted("2020-03-01")) == forecasts
    assert told_by(planted("2020-07-04")) == forecasts
    day = header.index("date_start")
    past = [r for r in lines if r.split(",")[day] < "2020-03-01" or r is lines[0]]
    assert told_by(past) == forecasts
    changed = told_by(planted("2020-02-29"))
    assert all(a != b for a, b in zip(forecasts, changed, strict=True))


def test_past_has_to_be_covered():
    """A yardstick does not take days that nobody coded for days without incidents."""
    with pytest.raises(StudyError, match="does not say which days were coded"):
        forecasts_from(read_event_table(RECORD))
    with pytest.raises(StudyError, match="2020-02-01 is the first day"):
        forecasts_from(read_event_table(RECORD, [(START, date(2020, 2, 1))]))


def test_every_yardstick_answers_every_question():
    """The answers are whole distributions and probabilities, made anew the same."""
    table = read_event_table(RECORD, [(START, ORIGIN)])
    forecasts = forecasts_from(table)
    assert [f.forecaster for f in forecasts] == list(YARDSTICKS)
    assert forecasts == forecasts_from(table)
    for forecast in forecasts:
        answers = forecast.answers
        assert list(answers) == [q.id for q in questions_named()]
        deaths = answers["n_coalition_deaths"]
        assert isinstance(deaths, CountDistribution)
        any_death = answers["a_coalition_death"]
        assert isinstance(any_death, float)
        assert 1.0 - deaths.share(0) == pytest.approx(any_death, abs=0.02)


def test_constant_rate_carries_the_error_of_its_rate():
    """Mean and variance are those of Poisson counts whose rate has a Gamma posterior:
    much is expected where little was seen, and little more than seen where much was.
    """
    for seen, days in ((0, 60.0), (10, 60.0), (1000, 6000.0)):
        distribution = constant_rate(
            series(*range(seen), days=days), 30.0, generator(1)
        )
        mean = (seen + 0.5) * 30.0 / days
        counts = np.arange(len(distribution.shares))
        square = float(counts**2 @ np.array(distribution.shares))
        assert distribution.mean == pytest.approx(mean, rel=1e-4)
        spread = mean + mean**2 / (seen + 0.5)
        assert square - distribution.mean**2 == pytest.approx(spread, rel=1e-3)


def test_last_month_forgets():
    """Persistence looks at the last month, or as many days as the window has."""
    late = last_month(series(100.0, 110.0), 30.0, generator(1))
    assert late == last_month(series(1.0, 2.0, 3.0, 100.0, 110.0), 30.0, generator(1))
    assert late.mean == pytest.approx(2.5, rel=1e-4)
    assert last_month(series(95.0), 7.0, generator(1)).mean == pytest.approx(
        1.5 * 7.0 / 30.0, rel=1e-4
    )
    long = last_month(series(61.0, 110.0), 60.0, generator(1))
    assert long.mean == pytest.approx(2.5, rel=1e-4)
    short = last_month(series(1.0, days=10.0), 30.0, generator(1))
    assert short.mean == pytest.approx(1.5 * 3.0, rel=1e-4)


def test_negative_binomial_with_even_months_is_constant_rate(
    monkeypatch: pytest.MonkeyPatch,
):
    """Where months are known not to differ, their mixture is one Poisson process."""
    past = series(*np.linspace(1.0, 119.0, 14))
    wide = negative_binomial(past, 30.0, generator(1))
    monkeypatch.setattr(module, "_USUAL", 1e-9)
    even = negative_binomial(past, 30.0, generator(1))
    plain = constant_rate(past, 30.0, generator(1))
    assert even.mean == pytest.approx(plain.mean, rel=2e-3)
    assert even.up_to(12) == pytest.approx(plain.up_to(12), abs=2e-3)
    assert wide.share(0) > even.share(0)
    assert wide.quantile(0.99) > even.quantile(0.99)


def test_log_mass_is_the_negative_binomial():
    """The formula is SciPy's, and the Poisson one where the size is very large."""
    from scipy import stats

    laws: Any = stats
    counts = np.arange(40.0)
    for size, mean in ((0.3, 2.0), (5.0, 0.01), (160.0, 30.0)):
        own = module._log_mass(counts, np.array(size), np.array(mean))
        known = laws.nbinom(size, size / (size + mean)).logpmf(counts)
        assert own == pytest.approx(known, rel=1e-9, abs=1e-9)
    own = module._log_mass(counts, np.array(1e10), np.array(3.0))
    assert own == pytest.approx(laws.poisson(3.0).logpmf(counts), abs=1e-5)


def test_uneven_months_widen_the_negative_binomial():
    """The same number of incidents, all in one month, makes the forecast wider."""
    even = negative_binomial(series(*np.linspace(1, 119, 16)), 30.0, generator(1))
    uneven = negative_binomial(series(*np.linspace(31, 59, 16)), 30.0, generator(1))
    assert uneven.share(0) > even.share(0) + 0.02
    assert uneven.quantile(0.95) > even.quantile(0.95)


def test_hawkes_remembers_a_cluster():
    """A cluster just before the origin raises the forecast; the same one long ago does
    not as much.
    """
    old = hawkes(series(*np.linspace(10, 13, 12)), 30.0, generator(1))
    fresh = hawkes(series(*np.linspace(116.5, 119.5, 12)), 30.0, generator(1))
    assert fresh.mean > 1.5 * old.mean


def test_persons_come_with_incidents(monkeypatch: pytest.MonkeyPatch):
    """The expected number of dead is incidents times the mean of their sizes, and no
    death comes without an incident.
    """
    from sim.forecasts.yardstick import _compound

    monkeypatch.setattr(module, "SAMPLES", 200_000)
    incidents = constant_rate(series(20.0, 50.0, 90.0), 30.0, generator(1))
    sizes = np.array([1.0, 3.0, 2.0])
    counts = _compound(incidents, sizes, generator(2))
    ends, others = 2.0 + 3.0, 1.0 + 6.0 - 3.0
    mean_size = (ends + others - 1.0) / (ends - 1.0)
    assert counts.mean == pytest.approx(incidents.mean * mean_size, rel=0.02)
    assert counts.share(0) == pytest.approx(incidents.share(0), abs=0.005)
