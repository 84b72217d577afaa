"""What a comparison's screen says to do next can be done."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

from typer.testing import CliRunner

from sim.cli.app import app

if TYPE_CHECKING:
    from pathlib import Path

RUNNER = CliRunner()
FEW = ("-n", "30", "--until", "20", "--workers", "1", "--engine", "simpy")
CHANGE = ("--set", "actors.united_states.tolerance=3")


def test_every_command_that_is_told_next_works(tmp_path: Path) -> None:
    """Brief, report, and why of an arm; of the whole it is said which to name."""
    folder = tmp_path / "seen"
    words = ("compare", "iraq_2019_2020", *CHANGE, *FEW, "--out", str(folder))
    result = RUNNER.invoke(app, words)
    assert result.exit_code == 0, result.output
    told = result.stdout.split("Next:\n")[1].splitlines()
    commands = [shlex.split(line) for line in told if "escalade " in line]
    assert [words[1] for words in commands] == ["brief", "report", "explain"]
    for words in commands[:2]:
        assert RUNNER.invoke(app, words[1:]).exit_code == 0, words
    assert (tmp_path / "seen" / "brief.html").is_file()
    whole = RUNNER.invoke(app, ["explain", str(folder)])
    assert whole.exit_code == 2
    assert commands[2][2] in whole.stderr.replace("\n", " ")


def test_a_brief_of_draws_says_what_each_policy_is(tmp_path: Path) -> None:
    """Its arms' scenarios are kept, so that it names their changes and their days."""
    folder = tmp_path / "drawn"
    words = ("compare", "iraq_from_july_2020", *CHANGE, "--draws", "30", "-n", "2")
    few = ("--until", "260", "--workers", "1", "--engine", "simpy")
    outcome = ("--outcomes", "n_rocket_attacks_true")
    result = RUNNER.invoke(app, (*words, *few, *outcome, "--out", str(folder)))
    assert result.exit_code == 0, result.output
    assert RUNNER.invoke(app, ["brief", str(folder)]).exit_code == 0
    page = (folder / "brief.html").read_text("utf-8")
    assert "3 instead of 0.8" in page
    assert "8 days from 2020-07-06" in page
    assert json.loads((folder / "manifest.json").read_bytes())["state"] == "complete"
