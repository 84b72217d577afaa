"""Forecasts from rolling origins: nothing later leaks in, and bytes never differ."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from sim.engine.cast import Cast
from sim.engine.log import Origin
from sim.engine.run import run_replication
from sim.ensemble.point_run import PointTask, run_points
from sim.errors import ScenarioError, StudyError
from sim.experiment.experiment import Experiment, Size
from sim.experiment.load import load_experiment
from sim.files import data_folder
from sim.forecasts.file import forecast_text, read_forecast
from sim.forecasts.forecast import MODEL
from sim.forecasts.model import FIRST, forecasts_ahead
from sim.forecasts.origin import (
    SEEN,
    free_at,
    known_at,
    planned_origins,
    rolling_digest,
)
from sim.forecasts.rolling import results_section, run_origins, write_rolling
from sim.forecasts.scoring import paired_differences, score_forecasts
from sim.forecasts.yardstick import YARDSTICKS, yardstick_forecasts
from sim.ladder import Act
from sim.outcomes import outcomes_of
from sim.record.question import questions_named
from sim.rules.behaviour import Effect
from sim.scenario.history import record_of
from sim.scenario.load import load, load_whole
from sim.scenario.scenario import Change, Given

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FILE = """
schema: 1
id: small
question: How good were the forecasts?
scenario: iraq_2019_2020
root_seed: 3
until: 2019-12-22
calibrate:
  particles: 20
  generations: 2
  targets: [n_rocket_attacks]
score:
  origins: [2019-11-12, 2019-12-01]
  draws: 10
  replications: 2
  questions: [n_rocket_attacks, a_strike]
factors:
  rate:
    label: calm rate
    path: actors.kataib_hezbollah.base_rate
    distribution: {shape: log_uniform, low: 0.01/day, high: 0.2/day, basis: assumed}
"""
ORIGIN = date(2019, 12, 1)
ROW = (
    "{id},{day},{day},day,,9,assumed,{list},{act},{actor},nobody,{target},nobody,"
    "green_zone,,rocket,1,9,9,,9,0,0,0,0,9,0,0,0,0,,,none,,,,,,,,,,planted,found,low,,"
    "planted,"
)
"""A row of the record that never was: planted to see whom it reaches."""


def small(folder: Path, text: str = FILE) -> Experiment:
    """Return a small study of two origins."""
    file = folder / "small.yaml"
    file.write_text(text, "utf-8")
    return load_experiment(file)


@pytest.fixture
def plant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let a test plant an incident in a copy of the record."""
    seeds = tmp_path / "seeds"
    for part in ("incidents", "targets"):
        shutil.copytree(data_folder("seeds") / part, seeds / part)
    monkeypatch.setattr("sim.scenario.beside.data_folder", lambda _: seeds)
    file = seeds / "incidents" / "iraq_2019_2020.csv"
    header = file.read_text("utf-8").splitlines()[0]

    def planted(day: str, act: str = "rocket_attack", **more: str) -> None:
        told = {"list": "core", "actor": "unknown_militia", "target": "united_states"}
        row = ROW.format(id=f"iq-{day}-99", day=day, act=act, **(told | more))
        assert row.count(",") == header.count(",")
        with file.open("a", encoding="utf-8") as stream:
            stream.write(row + "\n")

    return planted


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a fit of 20 particles simulate 30 attempts at once, and not 200."""
    monkeypatch.setattr("sim.statistics.abc.BATCH", 30)


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Return what a study leaves, but for the times of its manifests."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name not in ("manifest.json", ".lock")
    }


def yardsticks(experiment: Experiment) -> list[str]:
    """Return what the yardsticks say from the second origin."""
    planned = planned_origins(experiment)[1]
    forecasts = yardstick_forecasts(
        record_of(experiment.scenario), planned.scenario,
        (planned.day, planned.end), questions_named(["n_rocket_attacks"]),
        root_seed=3,
    )  # fmt: skip
    chosen = ("constant_rate", "last_month")
    return [forecast_text(one) for one in forecasts if one.forecaster in chosen]


LATER = [
    ("2019-12-01", {}),  # the origin's own day is in the window
    ("2019-12-15", {}),
    ("2020-05-01", {}),
    ("2019-12-15", {"act": "raid", "list": "context", "actor": "iraq"}),
    # An act that the record has nowhere else.
    ("2019-12-15", {"act": "truce", "list": "context", "actor": "united_states"}),
    ("2019-12-15", {"act": "mobilisation", "list": "context", "actor": "iran"}),
]


@pytest.mark.parametrize(("day", "more"), LATER)
def test_a_later_incident_leaks_nowhere(
    tmp_path: Path, plant: Any, day: str, more: dict[str, str]
) -> None:
    """What is refitted, forecast and measured from an origin knows nothing later.

    All that is simulated is a function of what is compared here.
    """
    experiment = small(tmp_path)
    before = planned_origins(experiment)[1], yardsticks(experiment)
    plant(day, **more)
    after = planned_origins(experiment)[1], yardsticks(experiment)
    assert facts(before[0]) == facts(after[0])
    assert before[1] == after[1]


def test_an_earlier_incident_is_known_everywhere(tmp_path: Path, plant: Any) -> None:
    """The same comparison sees the difference, where there has to be one."""
    experiment = small(tmp_path)
    before = planned_origins(experiment)[1], yardsticks(experiment)
    plant("2019-11-30")
    after = planned_origins(experiment)[1], yardsticks(experiment)
    old, new = facts(before[0]), facts(after[0])
    assert [old[key] == new[key] for key in ("targets", "refit", "free")] == [
        False, True, False,
    ]  # fmt: skip
    assert before[1] != after[1]


def facts(planned: Any) -> dict[str, Any]:
    """Return all that an origin's refit and forecast are made of."""
    return {
        "targets": [(t.name, t.value) for t in planned.targets],
        "refit": planned.refit.scenario.digest,
        "free": planned.scenario.digest,
        "until": planned.refit.until,
    }


@pytest.mark.slow
@pytest.mark.usefixtures("quick")
def test_a_later_incident_changes_no_byte(tmp_path: Path, plant: Any) -> None:
    """The whole study, run before and after an incident is planted behind it.

    Behind the last origin only scores may change: they are what came.
    """
    experiment = small(tmp_path)
    run_origins(experiment, out=tmp_path / "before", engine="simpy")
    plant("2019-12-15")
    run_origins(experiment, out=tmp_path / "after", engine="simpy")
    assert bytes_of(tmp_path / "before") == bytes_of(tmp_path / "after")
    plant("2019-11-11")
    run_origins(experiment, out=tmp_path / "other", engine="simpy")
    old, new = bytes_of(tmp_path / "before"), bytes_of(tmp_path / "other")
    assert old.keys() == new.keys()
    same = {name for name in old if old[name] == new[name]}
    assert same == set()


STRIKE = Given(
    "planted", 40.0, 40.0, Act.AIR_STRIKE, "united_states", "kataib_hezbollah",
    "green_zone", Effect(killed_militia=5.0),
)  # fmt: skip
TURN = Change("planted", 40.0, 40.0, "iraq", "tolerance", "set", 0.0)


@pytest.mark.parametrize("what", [STRIKE, TURN], ids=["incident", "parameter"])
def test_a_development_is_known_from_its_day(what: Any) -> None:
    """What comes in the window is there if it could be known of, and only then.

    The planted fault is a development that says it was known before the origin: it is
    seen in what is forecast, so a filter that let it pass would be seen too.
    """
    scenario = load("iraq_2019_2020")
    end = date(2019, 12, 22)
    field = "given" if isinstance(what, Given) else "changes"

    def digests(known_from: float | None) -> tuple[str, str]:
        other = scenario
        if known_from is not None:
            put_in = (*getattr(scenario, field), replace(what, known_from=known_from))
            other = replace(scenario, **{field: put_in})
        return (
            known_at(other, ORIGIN).digest,
            free_at(other, ORIGIN, end).digest,
        )

    without = digests(None)
    assert digests(40.0) == without
    assert digests(34.5) == without  # the origin is day 34
    assert digests(34.0)[1] != without[1]


def test_a_filter_that_lets_everything_pass_is_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The fault itself: were `known_from` not looked at, the digests would differ."""
    scenario = load("iraq_2019_2020")
    other = replace(scenario, given=(*scenario.given, STRIKE))
    end = date(2019, 12, 22)
    for module in ("sim.scenario.history", "sim.forecasts.origin"):
        monkeypatch.setattr(f"{module}.known_by", lambda scenario, _: scenario)
    assert free_at(other, ORIGIN, end).digest != free_at(scenario, ORIGIN, end).digest
    assert known_at(other, ORIGIN).digest != known_at(scenario, ORIGIN).digest


def test_a_range_is_known_when_it_has_ended() -> None:
    """A row that sums up days until May is not in the record before."""
    scenario = load("iraq_2019_2020")
    name = "iq-2020-03-15-02"
    for day, is_there in ((date(2020, 4, 30), False), (date(2020, 5, 1), True)):
        history = free_at(scenario, day, date(2020, 6, 1)).history
        assert history is not None
        assert (name in {row.identity for row in history.rows}) is is_there
        assert history.acts == SEEN


def test_an_origin_needs_a_record_up_to_it() -> None:
    """Neither before the period, nor behind the last coded day."""
    whole, later = load_whole("iraq_2019_2020"), load_whole("iraq_from_july_2020")
    for scenario, day in (
        (whole, date(2019, 10, 1)),
        (whole, date(2020, 7, 7)),
        (later, date(2020, 7, 7)),
    ):
        with pytest.raises(ScenarioError, match="is no origin"):
            free_at(scenario, day, date(2020, 12, 1))
    assert free_at(whole, date(2020, 7, 6), date(2020, 8, 5)).horizon == 282.0


@pytest.mark.slow
@pytest.mark.usefixtures("quick")
def test_workers_and_breaks_cannot_be_seen(tmp_path: Path) -> None:
    """One worker, two, and a study broken off in a refit and in a forecast."""
    experiment = small(tmp_path)
    for name, workers in (("one", 1), ("two", 2)):
        rolling = run_origins(
            experiment, out=tmp_path / name, workers=workers, engine="simpy"
        )
        assert rolling.is_new
    whole = bytes_of(tmp_path / "one")
    assert whole == bytes_of(tmp_path / "two")

    class BrokenOffError(Exception):
        """Stands for a kill."""

    steps: list[int] = []
    for at in (25, 45, 85):  # in a refit, in a forecast, in the second refit

        def break_off(done: int, asked: int, at: int = at) -> None:
            steps.append(asked)
            if done >= at:
                raise BrokenOffError

        with pytest.raises(BrokenOffError):
            run_origins(
                experiment, out=tmp_path / "broken", engine="simpy", progress=break_off
            )
    assert set(steps) == {2 * (20 * 2 + 10 * 2)}
    again = run_origins(experiment, out=tmp_path / "broken", engine="simpy")
    assert again.is_new
    assert bytes_of(tmp_path / "broken") == whole
    scores = write_rolling(again)
    assert len(scores) == 2 * 2 * 6  # origins, questions, forecasters
    section = results_section(again, scores)
    assert section.startswith(
        "2 origins, root_seed 3; forecasts from 10 draws × 2 replications."
    )
    assert section.count("\n| 2019-") >= 2  # the refits
    assert "## To be known" in section or "Too few windows" in section
    made = {"scores.csv", "summary.csv", "refits.csv"}
    assert made <= bytes_of(tmp_path / "broken").keys()
    assert not run_origins(experiment, out=tmp_path / "broken", engine="simpy").is_new
    other = small(tmp_path, FILE.replace("draws: 10", "draws: 11"))
    with pytest.raises(StudyError, match="holds another study"):
        run_origins(other, out=tmp_path / "broken", engine="simpy")


@pytest.mark.usefixtures("quick")
def test_windows_of_unequal_length_keep_their_steps(tmp_path: Path) -> None:
    """A window is the second one ahead by its place, however long the first is."""
    days = "[2019-11-12, 2019-11-15, 2019-12-01]"
    text = FILE.replace("[2019-11-12, 2019-12-01]", f"{days}\n  steps: 2")
    experiment = small(tmp_path, text.replace("draws: 10", "draws: 2"))
    rolling = run_origins(experiment, out=tmp_path / "out", engine="simpy")
    own = [f for f in rolling.forecasts if f.forecaster == MODEL]
    first, second = date(2019, 11, 12), date(2019, 11, 15)
    last, end = date(2019, 12, 1), date(2019, 12, 22)
    assert [(f.step, f.origin, f.first_day, f.end) for f in own] == [
        (1, first, first, second),
        (2, first, second, last),
        (1, second, second, last),
        (2, second, last, end),
        (1, last, last, end),
    ]
    files = [*(tmp_path / "out" / "forecasts").iterdir()]
    kept = {read_forecast(file).digest for file in files}
    assert kept == {f.digest for f in rolling.forecasts}
    windows = {(d.yardstick, d.step): d.n for d in paired_differences(
        score_forecasts(rolling.forecasts, rolling.table, ["a_strike"])
    )}  # fmt: skip
    assert windows == {(y, step): n for y in YARDSTICKS for step, n in ((1, 3), (2, 2))}
    again = run_origins(experiment, out=tmp_path / "out", engine="simpy")
    assert not again.is_new
    assert again.forecasts == rolling.forecasts


def test_the_digest_knows_what_matters(tmp_path: Path) -> None:
    """Sizes, windows, questions and root_seed name another study; a note does not."""
    experiment = small(tmp_path)
    found = {rolling_digest(experiment, planned_origins(experiment))}
    for old, new in (
        ("particles: 20", "particles: 21"),
        ("replications: 2", "replications: 3"),
        ("2019-12-22", "2019-12-23"),
        ("[n_rocket_attacks, a_strike]", "[n_rocket_attacks]"),
        ("root_seed: 3", "root_seed: 4"),
        ("low: 0.01/day", "low: 0.02/day"),
    ):
        other = small(tmp_path, FILE.replace(old, new))
        found.add(rolling_digest(other, planned_origins(other)))
    assert len(found) == 7
    same = small(tmp_path, FILE + "note: nothing\n")
    assert rolling_digest(same, planned_origins(same)) in found


def test_a_forecast_counts_replications(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw k has replications kM to (k + 1)M - 1; failed ones are counted, and few."""
    free = free_at(load("iraq_2019_2020"), ORIGIN, date(2019, 12, 22))
    asked = questions_named(["n_rocket_attacks", "a_strike"])
    seen: list[int] = []
    failing: list[int] = []

    def counted(_: Any, points: Any, numbers: Any, outcomes: Any, more: Any) -> Any:
        import numpy as np

        seen.extend(numbers)
        found = np.array([[float(n % 3), 0.0] for n in numbers])
        found[[n in failing for n in numbers]] = float("nan")
        assert outcomes == ("n_rocket_attacks", "n_strikes")
        assert all(point == {} for point in points)
        assert more is None
        return found

    monkeypatch.setattr("sim.ensemble.point_run.run_points", counted)
    (forecast,) = forecasts_ahead(free, None, asked, Size(1, 1500), 7)
    assert seen == list(range(FIRST, FIRST + 1500))
    assert (forecast.draws, forecast.replications) == (0, 1500)
    assert (forecast.origin, forecast.end) == (ORIGIN, date(2019, 12, 22))
    assert forecast.answers["a_strike"] == pytest.approx(0.5 / 1501)
    failing += seen[:2]
    with pytest.raises(StudyError, match="2 of 1500 replications failed"):
        forecasts_ahead(free, None, asked, Size(1, 1500), 7)


def test_a_window_is_measured_as_a_run_is() -> None:
    """What a forecast counts is what the outcomes of the same replication are."""
    end = date(2020, 3, 20)
    free = free_at(load("iraq_2019_2020"), date(2020, 3, 1), end)
    names = ("n_rocket_attacks", "n_coalition_deaths", "n_strikes")
    task = PointTask(free, 7, free.horizon, "simpy")
    numbers = range(FIRST, FIRST + 4)
    values = run_points(task, [{}] * 4, numbers, names)
    for row, number in zip(values, numbers, strict=True):
        log = run_replication(Cast(free), 7, number, free.horizon)
        measured = outcomes_of(log, free)
        assert [measured[name] for name in names] == row.tolist()
        late = [r for r in log.incidents() if r.origin == Origin.SIMULATED]
        assert all(r.time >= 125.0 for r in late if r.act in SEEN)
    assert values[:, 0].sum() > 0


def test_an_experiment_without_origins_is_refused() -> None:
    """A sweep is not scored, and the message says what to do."""
    with pytest.raises(StudyError, match="has no section 'score'"):
        run_origins(load_experiment("e01_red_line"))
