"""Futures of one replication: one past, independent futures, and what changes do."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.engine.cast import Cast
from sim.engine.driver import SimpyDriver
from sim.engine.log import Origin
from sim.ensemble.ensemble import run_ensemble
from sim.errors import StudyError
from sim.explanation.branch import Branch, branch
from sim.explanation.scene import scenes_of
from sim.ladder import Act
from sim.pictures.fan import counts_by_day
from sim.scenario.load import load

if TYPE_CHECKING:
    from pathlib import Path

    from sim.engine.log import Record
    from sim.ensemble.ensemble import Ensemble

SCENARIO = "iraq_endogenous_2019_2020"
AT = 45.0


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Ensemble:
    """Return a small run in a folder."""
    out = tmp_path_factory.mktemp("run") / "run"
    return run_ensemble(
        load(SCENARIO), replications=4, until=90.0, out=out, engine="simpy"
    )


@pytest.fixture(scope="module")
def futures(run: Ensemble, tmp_path_factory: pytest.TempPathFactory) -> Branch:
    """Return twelve futures of one of its replications."""
    out = tmp_path_factory.mktemp("futures") / "futures"
    return branch(run, 2, AT, 12, out=out, engine="simpy")


def test_pasts_are_equal_and_futures_are_not(futures: Branch) -> None:
    """The records before the moment are the replication's own in all futures."""
    frame: Any = futures.futures.records()
    columns = [c for c in frame.columns if c != "replication"]
    past = [row for row in futures.log.rows() if row[1] < AT]  # pyright: ignore
    seen = set[Any]()
    for _, rows in frame.groupby("replication"):
        early = rows[rows["time_days"] < AT][columns]
        assert [tuple(row) for row in early.itertuples(index=False)] == [
            row[1:] for row in past
        ]
        seen.add(tuple(rows["identity"]))
    assert len(seen) == 12


def test_more_futures_are_the_first_and_more(run: Ensemble, futures: Branch) -> None:
    """Asked for more, the first ones are the same; workers do not count."""
    more = branch(run, 2, AT, 15, workers=2, engine="simpy").futures.outcomes
    fewer = futures.futures.outcomes
    assert more.iloc[:12].equals(fewer)


def test_an_early_branch_of_a_branch_and_a_folder_are_the_same(
    run: Ensemble, futures: Branch, tmp_path: Path
) -> None:
    """A folder may be named in place of the run; a branch may itself be branched."""
    assert run.path is not None
    again = branch(run.path, 2, "2019-12-12", 3, out=tmp_path, engine="simpy")
    assert again.futures.outcomes.equals(futures.futures.outcomes.iloc[:3])
    nested = branch(futures.futures, 5, 70.0, 4, engine="simpy")
    own = [record for record in nested.log.records if record.time < 70.0]
    driver = SimpyDriver(Cast(run.scenario))
    number, altered = nested.futures.alteration.member(1)
    log = driver.log(run.root_seed, number, 90.0, altered)
    assert [record for record in log.records if record.time < 70.0] == own
    assert [record for record in own if record.time >= AT]


def test_changes_begin_with_the_branch(run: Ensemble, futures: Branch) -> None:
    """With no attack from the moment on none begins; the past has its attacks still."""
    changes = {
        f"actors.{actor.name}.base_rate": "0/day"
        for actor in run.scenario.actors
        if actor.kind.name == "militia"
    }
    other = branch(run, 2, AT, 12, changes=changes, engine="simpy")
    early = sum(
        record.act == Act.ROCKET_ATTACK and record.time < AT
        for record in futures.log.incidents()
    )
    name = "n_rocket_attacks_true"
    attacks: Any = other.futures.outcomes[name]
    assert attacks.min() >= early > 0
    assert attacks.mean() < futures.futures.outcomes[name].mean() - 1.0


def test_what_is_left_out_comes_in_none_and_else_in_all(run: Ensemble) -> None:
    """Futures part just after it: without it none has it, with it all have.

    The planted fault: futures that part before it, which do not all have it.
    """
    (scene,) = scenes_of(run, [2], "simpy")
    own = list(scene.log().incidents())
    place = next(n for n, r in enumerate(own) if r.act == Act.ROCKET_ATTACK)
    record = own[place]
    less = branch(run, 2, n=5, without=[place + 1], engine="simpy")
    assert record.time < less.day <= record.time + 1e-9
    more, early = (
        branch(run, 2, day, 5, engine="simpy") for day in (less.day, record.time / 2.0)
    )
    assert [n_of(record, some) for some in (less, more)] == [0, 5]
    assert n_of(record, early) < 5


def n_of(record: Record, some: Branch) -> int:
    """Return in how many futures an incident happens."""
    logs = (scene.log() for scene in scenes_of(some.futures, engine="simpy"))
    return sum(any(r.identity == record.identity for r in log.records) for log in logs)


def test_the_class_that_is_left_out_ends_with_its_first(run: Ensemble) -> None:
    """Of a class from a date on futures part at the first of it, and none has one."""
    less = branch(run, 2, n=5, without=["act=rocket_attack@2019-11-10"], engine="simpy")
    (scene,) = scenes_of(run, [2], "simpy")
    own = scene.log().incidents()
    times = [r.time for r in own if r.act == Act.ROCKET_ATTACK]
    assert less.day == pytest.approx(min(time for time in times if time >= 13.0))
    early = sum(time < 13.0 for time in times)
    attacks: Any = less.futures.outcomes["n_rocket_attacks_true"]
    assert set(attacks) == {float(early)}


def test_a_past_of_the_record_is_shared_too() -> None:
    """Where the record is put in up to a date, futures part after it as elsewhere."""
    scenario = load("iraq_2019_2020", free_from=date(2019, 12, 10))
    base = run_ensemble(scenario, replications=2, until=80.0, engine="simpy")
    found = branch(base, 1, 60.0, 4, engine="simpy")
    past = [record for record in found.log.records if record.time < 60.0]
    assert any(record.origin == Origin.RECORD for record in past)
    driver = SimpyDriver(Cast(scenario))
    logs = set[int]()
    for member in range(4):
        number, altered = found.futures.alteration.member(member)
        log = driver.log(base.root_seed, number, 80.0, altered)
        assert [record for record in log.records if record.time < 60.0] == past
        logs.add(hash(log.records))
    assert len(logs) == 4


def test_counts_of_the_fan_are_those_of_the_outcomes(futures: Branch) -> None:
    """On the last day of the fan each future has counted all that it had."""
    days, (counts,) = counts_by_day(futures, [((Act.ROCKET_ATTACK,), False)])
    expected = futures.futures.outcomes["n_rocket_attacks_true"]
    assert days[0] == AT
    assert days[-1] == 90.0
    assert counts[:, -1].tolist() == expected.tolist()
    assert (np.diff(counts, axis=1) >= 0.0).all()
    early = sum(
        record.act == Act.ROCKET_ATTACK and record.time <= AT
        for record in futures.log.incidents()
    )
    assert (counts[:, 0] == early).all()


def test_a_fan_needs_no_folder(run: Ensemble, futures: Branch) -> None:
    """Futures that are only in memory are counted as those that were kept."""
    kept = counts_by_day(futures, [((Act.ROCKET_ATTACK,), False), (tuple(Act), True)])
    in_memory = branch(run, 2, AT, 12, engine="simpy")
    assert in_memory.futures.path is None
    again = counts_by_day(
        in_memory, [((Act.ROCKET_ATTACK,), False), (tuple(Act), True)]
    )
    assert (kept[0] == again[0]).all()
    assert (kept[1] == again[1]).all()
    assert kept[1].any(axis=(1, 2)).all()


@pytest.mark.parametrize(
    ("at", "changes", "words"),
    [
        (0.0, None, "above 0 and below 90"),
        ("2020-06-01", None, "above 0 and below 90"),
        ("soon", None, "is not a date"),
        (None, None, "say --at, from when on"),
        (AT, {"limits.rung_window": "20 days"}, "only parameters of actors"),
    ],
)
def test_what_cannot_be_is_refused(
    run: Ensemble, at: Any, changes: Any, words: str
) -> None:
    """A moment outside the run, and what is no actor's parameter, are refused."""
    with pytest.raises(StudyError, match=words):
        branch(run, 2, at, 3, changes=changes, engine="simpy")
