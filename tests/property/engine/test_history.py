"""Is the log before a date the record, row by row, and nothing but the model after?"""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import pytest

from sim.engine.cast import VISIBILITY, Cast, row_identity
from sim.engine.log import NOBODY, Origin
from sim.engine.run import run_replication
from sim.errors import ScenarioError
from sim.files import data_folder
from sim.ladder import Act, Visibility, name_of
from sim.scenario.history import UNKNOWN, read_record, record_of, with_history
from sim.scenario.load import shipped_scenarios
from sim.scenario.scenario import Change
from tests.property.engine.record_rows import recorded, shipped, told_rows

if TYPE_CHECKING:
    from pathlib import Path

    from sim.engine.log import IncidentLog
    from sim.scenario.scenario import Scenario

ROOT_SEED: Final = 20200706
RECORDED: Final = [name for name in shipped_scenarios() if shipped(name).record]
"""Shipped scenarios of a situation that was recorded."""


def firsts(scenario: Scenario) -> list[date]:
    """Return each first of a month in a scenario, up to the end of its record."""
    table = record_of(scenario)
    days = (scenario.start + timedelta(n) for n in range(math.ceil(scenario.horizon)))
    return [
        d for d in days if d.day == 1 and table.first_gap(scenario.start, d) is None
    ]


DAY: Final = date(2020, 3, 1)
CASES: Final = [(name, day) for name in RECORDED for day in firsts(shipped(name))]
every_first = pytest.mark.parametrize(
    ("name", "day"), CASES, ids=[f"{name}-{day}" for name, day in CASES]
)


@cache
def until_the_day(name: str, day: date) -> tuple[Scenario, IncidentLog]:
    """Return a scenario on its record, and one log that ends on the day."""
    scenario = with_history(shipped(name), day)
    cast = Cast(scenario)
    return scenario, run_replication(cast, ROOT_SEED, day.month, max(cast.since, 1.0))


COUNTS: Final = {
    "rounds": "rounds",
    "rounds_unfired": "unfired",
    "killed_foreign": "killed_foreign",
    "killed_host": "killed_host",
    "killed_militia": "killed_militia",
    "wounded_civilian": "wounded_civilian",
    "persons": "persons",
    "launchers": "launchers",
}


@every_first
def test_the_log_before_the_day_is_the_record_row_by_row(name: str, day: date) -> None:
    """Day, act, actor, target, site, counts and cause are the file's, each row once.

    An actor or target whom nobody has established is drawn, and is then somebody.
    """
    scenario, log = until_the_day(name, day)
    found = {r.identity: r for r in recorded(log)}
    rows = told_rows(scenario, day)
    assert found.keys() == {row_identity(row["id"]) for row in rows}
    assert len(recorded(log)) == len(rows)
    ids = {row["id"] for row in rows}
    for row in rows:
        r = found[row_identity(row["id"])]
        assert scenario.start + timedelta(int(r.time)) == date.fromisoformat(
            row["date_start"]
        )
        assert name_of(r.act) == row["act"]
        if row["actor"] != UNKNOWN:
            assert log.actor_name(r.actor) == row["actor"]
        elif r.act == Act.ROCKET_ATTACK:
            assert r.actor != NOBODY
        if row["target"] in log.actors:
            assert log.actor_name(r.target) == row["target"]
        elif row["target"] != UNKNOWN:
            assert r.target == NOBODY
        told = log.sites[r.site] if r.site >= 0 else ""
        assert told == (row["site"] if row["site"] in log.sites else "")
        for column, field in COUNTS.items():
            assert getattr(r.effect, field) == float(row[column] or 0), (row, column)
        cause = row["cause"] if row["cause"] in ids else ""
        assert r.cause == row_identity(cause)


@every_first
def test_the_order_within_a_day_is_the_records(name: str, day: date) -> None:
    """Incidents come in the record's order, and a cause before what it brought."""
    scenario, log = until_the_day(name, day)
    assert scenario.history is not None
    found = [(r.time, r.identity) for r in recorded(log)]
    rows = [(row.time, row_identity(row.identity)) for row in scenario.history.rows]
    assert found == rows
    places = {identity: place for place, (_, identity) in enumerate(found)}
    for place, r in enumerate(recorded(log)):
        assert not r.cause or places[r.cause] < place


@every_first
def test_before_the_day_only_what_the_record_cannot_tell_is_simulated(
    name: str, day: date
) -> None:
    """No act of a recorded kind is simulated or given before the day."""
    scenario, log = until_the_day(name, day)
    assert scenario.history is not None
    assert Act.ROCKET_ATTACK in scenario.history.acts
    assert not any(
        VISIBILITY[act] == Visibility.PRIVATE for act in scenario.history.acts
    )
    for r in log.incidents():
        if r.time < scenario.history.since and r.origin != Origin.RECORD:
            assert r.act not in scenario.history.acts, name_of(r.act)


# What is not known on the day.


def test_what_nobody_knew_on_the_day_is_left_out() -> None:
    """A development after the day stays only if known by then; before it, all do."""
    bare = shipped(RECORDED[0])
    since = float((DAY - bare.start).days)

    def change(name: str, time: float, known: float) -> Change:
        return Change(name, time, known, "iraq", "tolerance", "set", 0.5)

    changes = (
        change("past", since - 5.0, since - 5.0),
        change("announced", since + 5.0, since - 1.0),
        change("unforeseen", since + 5.0, since + 1.0),
    )
    chosen = with_history(replace(bare, changes=changes), DAY)
    assert chosen.history is not None
    assert [c.identity for c in chosen.changes] == ["past", "announced"]
    for given in bare.given:
        kept = given in chosen.given
        if given.time >= since:
            assert kept == (given.known_from <= since), given.identity
        else:
            assert kept == (given.act not in chosen.history.acts), given.identity


def test_from_the_first_day_on_nothing_is_put_in() -> None:
    """On the first day the record is empty, and the scenario runs as it is."""
    bare = shipped(RECORDED[0])
    chosen = with_history(bare, bare.start)
    assert chosen.history is not None
    assert chosen.history.rows == ()


# Faults.


def test_a_scenario_without_a_record_says_how_to_name_one() -> None:
    """Without a record there is no history; the line to write is in the message."""
    with pytest.raises(ScenarioError, match=r"record: events\.csv"):
        with_history(replace(shipped(RECORDED[0]), record=""), DAY)


def test_an_unknown_record_is_told_with_the_nearest() -> None:
    """A record that does not exist is told with those that do."""
    with pytest.raises(ScenarioError, match="iraq_2019_2020"):
        read_record(replace(shipped(RECORDED[0]), record="iraq_2019_202"))


@pytest.mark.parametrize(
    "day", [date(2019, 10, 27), date(2020, 7, 6), date(1999, 1, 1)]
)
def test_a_day_outside_the_scenario_is_refused(day: date) -> None:
    """The day before the start, and the first day past the end, lie outside."""
    with pytest.raises(ScenarioError, match="lies outside the scenario"):
        with_history(shipped(RECORDED[0]), day)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("date_start", "2019-13-01"),
        ("order_in_day", "first"),
        ("date_start", ""),
        ("rounds", "many"),
        ("persons", "-3"),
    ],
)
def test_a_malformed_row_is_told_with_its_line(
    column: str, value: str, tmp_path: Path
) -> None:
    """What cannot be read is named by file, line and column."""
    bare = shipped(RECORDED[0])
    source = data_folder("seeds") / "incidents" / f"{bare.record}.csv"
    table: list[dict[str, Any]] = list(
        csv.DictReader(source.read_text("utf-8").splitlines())
    )
    table[7][column] = value
    file = tmp_path / "events.csv"
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, list(table[0]))
        writer.writeheader()
        writer.writerows(table)
    with pytest.raises(ScenarioError) as caught:
        with_history(replace(bare, folder=tmp_path, record=file.name), DAY)
    (fault,) = caught.value.faults
    assert (fault.line, fault.where) == (9, column)
    assert str(file) in str(caught.value)


# Both drivers.


@pytest.mark.numba
@pytest.mark.slow
@pytest.mark.parametrize("name", RECORDED)
def test_both_drivers_repeat_the_record_alike(name: str) -> None:
    """With the record put in, the drivers' logs are the same in every bit."""
    pytest.importorskip("numba")
    from sim.engine.compiled.driver import CompiledDriver

    for day in firsts(shipped(name)):
        cast = Cast(with_history(shipped(name), day))
        compiled = CompiledDriver(cast)
        for number in range(3):
            until = cast.since + 30.0
            expected = run_replication(cast, ROOT_SEED, number, until)
            assert compiled.log(ROOT_SEED, number, until) == expected
