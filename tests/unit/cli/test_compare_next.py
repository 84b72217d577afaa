"""What a comparison's screen says to do next can be done."""

from __future__ import annotations

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
    assert "tolerance is 3, outside its range in iraq_2019_2020, 0.5 to" in (
        " ".join(result.stderr.split())
    )
    told = result.stdout.split("Next:\n")[1].splitlines()
    commands = [shlex.split(line) for line in told if "escalade " in line]
    assert [words[1] for words in commands] == ["brief", "report", "explain"]
    for words in commands[:2]:
        assert RUNNER.invoke(app, words[1:]).exit_code == 0, words
    assert (tmp_path / "seen" / "brief.html").is_file()
    whole = RUNNER.invoke(app, ["explain", str(folder)])
    assert whole.exit_code == 2
    assert commands[2][2] in whole.stderr.replace("\n", " ")
