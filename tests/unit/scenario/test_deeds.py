"""An act of force is done by actors of its kind; words are anybody's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sim.errors import ScenarioError
from sim.scenario.authoring.starter import starting_scenario
from sim.scenario.load import load

if TYPE_CHECKING:
    from pathlib import Path

STRUCK = """developments:
  - id: struck
    at: 2020-02-01
    known_from: 2020-02-01
    incident: {act: air_strike, actor: first_militia, target: foreign_power}
    source: op-ed-2020-07-05
"""


def started(folder: Path, rows: tuple[str, ...], more: str = "") -> Path:
    """Write a small scenario with a record of some rows."""
    text = starting_scenario("mine").replace(
        "utc_offset_hours: 0", "utc_offset_hours: 0\nrecord: events.csv"
    )
    (folder / "mine.yaml").write_text(text + more, "utf-8")
    table = "\n".join(("id,date,act,actor", *rows))
    (folder / "events.csv").write_text(f"{table}\n", "utf-8")
    return folder / "mine.yaml"


def test_a_deed_of_another_kind_is_named_by_its_line(tmp_path: Path) -> None:
    """A militia raids nobody and has no aircraft; the fault says what it can do."""
    file = started(
        tmp_path,
        (
            "a,2020-01-03,raid,first_militia",
            "b,2020-01-04,air_strike,unknown_militia",
            "c,2020-01-05,rocket_attack,first_militia",
            "d,2020-01-06,threat,foreign_power",
            "e,2020-01-07,raid,other:police",
        ),
    )
    with pytest.raises(ScenarioError) as caught:
        load(file)
    assert [(fault.line, fault.where) for fault in caught.value.faults] == [
        (2, "act"),
        (3, "act"),
    ]
    assert "'first_militia' is a militia, which does no raid (host_government)" in str(
        caught.value
    )
    assert "rocket_attack" in str(caught.value)


def test_a_development_is_held_to_the_same(tmp_path: Path) -> None:
    """An incident that is put in is a deed of its actor's kind, too."""
    file = started(tmp_path, ("c,2020-01-05,rocket_attack,first_militia",), STRUCK)
    with pytest.raises(ScenarioError, match="which does no air_strike"):
        load(file)


def test_all_faults_of_a_record_are_told_at_once(tmp_path: Path) -> None:
    """A row that cannot be read says what it names wrongly, too, and so do others."""
    file = started(
        tmp_path,
        (
            "a,2020-13-03,raid,frist_militia",
            "b,2020-01-04,threat,nobody",
            "b,2020-01-05,rocket_attack,first_militia",
        ),
    )
    with pytest.raises(ScenarioError) as caught:
        load(file)
    assert {(fault.line, fault.where) for fault in caught.value.faults} == {
        (2, "date"),
        (2, "actor"),
        (3, "actor"),
        (4, "id"),
    }
    assert "did you mean 'first_militia'" in str(caught.value)
