"""Arms that part on a date: the same to the byte until then, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.engine.cast import Cast
from sim.engine.choice import driver_for
from sim.engine.log import Rows
from sim.ensemble.draw_set import ArmSource
from sim.errors import StudyError
from sim.experiment.variant import Variant
from sim.reports.study import arms_section
from sim.scenario.dump import dump_yaml
from sim.scenario.form import read_scenario
from sim.scenario.load import find, load

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario.scenario import Scenario

DAY = date(2020, 3, 1)
NAME = "iraq_2019_2020"
TOLERANCE = "actors.united_states.tolerance"
LATE = "developments.tolerance_falls.set.to"
ENGINES = ["simpy", pytest.param("compiled", marks=pytest.mark.numba)]


def arms(variant: Variant) -> tuple[Scenario, Scenario]:
    """Return the reference and an arm that parts from it on the day."""
    document = read_scenario(find(NAME))
    first = ArmSource(document, Variant(free_from=DAY))
    arm = ArmSource(document, replace(variant, free_from=DAY), first=first)
    return first.scenario(), arm.scenario()


def rows(scenario: Scenario, engine: str, number: int) -> Rows:
    """Return the records of a replication."""
    return driver_for(Cast(scenario), engine).rows(7, number, 200.0).copy()


def before(every: Rows, since: float) -> bytes:
    """Return the bytes of what lies before the day."""
    records = every.records[every.records["time"] < since]
    return Rows(records, every.effects[: 1 + records["effect"].max()]).tobytes()


@pytest.mark.parametrize("engine", ENGINES)
def test_pasts_are_equal_to_the_byte(engine: str) -> None:
    """An arm that changes parameters has the reference's past, and another future."""
    first, arm = arms(
        Variant({TOLERANCE: 0.3, "actors.kataib_hezbollah.base_rate": "0.3/week"})
    )
    since = float((DAY - first.start).days)
    differing = 0
    for number in range(4):
        one, other = (rows(scenario, engine, number) for scenario in (first, arm))
        assert before(one, since) == before(other, since)
        assert (one.records["time"] < since).sum() > 20
        differing += one.tobytes() != other.tobytes()
    assert differing == 4


@pytest.mark.parametrize("engine", ENGINES)
def test_without_a_day_the_pasts_differ(engine: str) -> None:
    """The fault that the test above must see: a policy that acts from the start."""
    document = read_scenario(find(NAME))
    change = Variant({TOLERANCE: 0.3}, free_from=DAY)
    first = ArmSource(document, Variant(free_from=DAY)).scenario()
    arm = ArmSource(document, change).scenario()
    since = float((DAY - first.start).days)
    pairs = [
        [before(rows(scenario, engine, n), since) for scenario in (first, arm)]
        for n in range(4)
    ]
    assert any(one != other for one, other in pairs)


@pytest.mark.parametrize("day", [date(2020, 4, 20), date(2020, 6, 20)])
def test_what_a_development_set_begins_on_the_day(day: date) -> None:
    """Set before the day it is set anew on it; set after it, it is the arm's own."""
    document = read_scenario(find(NAME))
    first = ArmSource(document, Variant(free_from=day))
    arm = ArmSource(document, Variant({LATE: 0.9}, free_from=day), first=first)
    one, other = first.scenario(), arm.scenario()
    late = next(c for c in one.changes if c.identity == "tolerance_falls")
    since = float((day - one.start).days)
    (new,) = set(other.changes) - set(one.changes)
    assert (late in other.changes) == (late.time < since)
    assert (new.parameter, new.value) == (late.parameter, 0.9)
    assert new.time == max(since, late.time)


def test_an_arm_that_is_the_reference_is_the_reference() -> None:
    """Nothing otherwise is nothing set."""
    first, arm = arms(Variant())
    assert first.digest == arm.digest


def test_other_casts_are_refused() -> None:
    """Who is absent was absent before: there is no common past."""
    with pytest.raises(StudyError, match=r"differs in .*Compare without --from"):
        arms(Variant(absent=("asaib_ahl_al_haq",)))


def test_the_arm_is_kept_as_a_file(tmp_path: Path) -> None:
    """Written out and read again it is the same arm, so its run can be repeated."""
    _, arm = arms(Variant({TOLERANCE: 0.3}))
    file = tmp_path / f"{arm.name}.yaml"
    file.write_text(dump_yaml(arm), "utf-8")
    assert load(file).digest == arm.digest
    assert np.isfinite(arm.horizon)


def test_a_report_says_what_is_otherwise_in_an_arm() -> None:
    """The parameter and both values: not the development that sets it on the day."""
    first, arm = arms(Variant({TOLERANCE: 0.3}))
    tolerance = first.actors[-1].params.tolerance
    (table,) = arms_section(first, {"half": arm}).tables
    assert table.rows == (
        (
            "half",
            "tolerance of the United States (harm at which a strike on one site is "
            f"even odds) ({TOLERANCE})",
            f"{tolerance:g}",
            "0.3",
            "1",
        ),
    )
