"""Files that name what is gone: refused with what replaced it, and rewritten."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.rules.behaviour import parameter_table
from sim.rules.registry import KINDS
from sim.scenario.gone import GONE
from sim.scenario.load import load
from sim.scenario.upgrade import upgraded

DATA = Path(__file__).parents[2] / "data"
OLD = DATA / "invalid" / "bad_gone_01.yaml"


def test_what_is_gone_is_no_parameter_and_what_is_renamed_is_one() -> None:
    """No row of the table names a parameter that there is; each new name exists."""
    for section, rows in GONE.items():
        if section == "limits":
            continue
        table = parameter_table(KINDS[section])
        assert not rows.keys() & table.keys()
        assert {row.by for row in rows.values() if row.is_renamed} <= table.keys()


def test_a_rewritten_file_resolves(tmp_path: Path) -> None:
    """What is gone is left out, the rest stays line by line, and the file resolves."""
    text = OLD.read_text("utf-8")
    change = upgraded(text)
    assert change.renamed == ()
    number = text.splitlines().index("    red_line: 1") + 1
    assert len(change.dropped) == 1
    assert change.dropped[0].startswith(
        f"line {number}, actors.power.red_line is gone; see tolerance, since "
    )
    assert change.text == text.replace("    red_line: 1\n", "")
    file = tmp_path / "bad_gone_01.yaml"
    file.write_text(change.text, "utf-8")
    assert load(file).name == "bad_gone_01"


def test_a_value_goes_over_with_its_lines_where_the_meaning_does() -> None:
    """A renamed parameter keeps its value, note and comments; twice is as once."""
    old = (
        "actors:\n  a:\n    kind: militia\n    tension_memory:  # weeks\n"
        "      value: 14\n      unit: days\n    deterrence:\n      value: 0.1\n"
        "    rounds: 9\n"
    )
    new = (
        "actors:\n  a:\n    kind: militia\n    readiness_memory:  # weeks\n"
        "      value: 14\n      unit: days\n    rounds: 9\n"
    )
    assert upgraded(old).text == new
    assert upgraded(new).text == new


@pytest.mark.parametrize("times", [1, 2])
def test_the_command_rewrites_a_file(tmp_path: Path, times: int) -> None:
    """The command says what it dropped; a second time there is nothing to do."""
    file = tmp_path / "bad_gone_01.yaml"
    file.write_text(OLD.read_text("utf-8"), "utf-8")
    results = [CliRunner().invoke(app, ["upgrade", str(file)]) for _ in range(times)]
    assert all(result.exit_code == 0 for result in results)
    assert load(file).name == "bad_gone_01"
