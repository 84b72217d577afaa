"""``escalade explore``: what it refuses, what it prints, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.cli.replications.explore import asked
from sim.ensemble.rerun import read_run
from sim.explorer.kept import keep
from sim.explorer.session import Session

if TYPE_CHECKING:
    from pathlib import Path
from typing import Final


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["iraq_2019"], "did you mean 'iraq_2019_2020'"),
        (["--port", "0"], "--port"),
        (["."], "holds no run"),
    ],
)
def test_wrong_request_is_refused(words: list[str], said: str) -> None:
    """Before anything is compiled or served."""
    result = CliRunner().invoke(app, ["explore", *words])
    assert result.exit_code == 2
    assert said in result.output + result.stderr


@pytest.mark.slow
def test_view_is_printed_as_it_was_seen(tmp_path: Path) -> None:
    """The command beside a kept view gives its numbers again, moves and ranges too."""
    session = Session("iraq_2019_2020", until=60.0)
    view = replace(
        session.view("n_strikes_true"),
        changes={"actors.united_states.tolerance": 0.5},
        ranges={"actors.kataib_hezbollah.base_rate": (0.1, 0.2)},
        replications=100,
    )
    kept = keep(session, view, "view", tmp_path, "seen")
    words = ["explore", str(tmp_path / "seen" / "view.yaml"), "--print"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout) == json.loads(kept.numbers)


@pytest.mark.slow
def test_run_is_explored_as_it_was_made(tmp_path: Path) -> None:
    """Its folder gives its own scenario, root_seed and days."""
    changed = ["--set", "actors.united_states.tolerance=0.5", "--root-seed", "7"]
    words = ["run", "iraq_2019_2020", *changed, "-n", "5", "--until", "30"]
    folder = str(tmp_path / "run")
    assert CliRunner().invoke(app, [*words, "--out", folder]).exit_code == 0
    session, view = asked(folder, None, 1, None)
    assert session.scenario.digest == read_run(tmp_path / "run").scenario.digest
    assert (session.root_seed, view.root_seed, session.until) == (7, 7, 30.0)


COMMAND: Final = """
import signal
from sim.cli.app import main

signal.signal(signal.SIGINT, signal.default_int_handler)
main()
"""
"""The command; a shell's background job has the signal ignored, and children too."""


@pytest.mark.slow
def test_page_is_served_until_interrupted(tmp_path: Path) -> None:
    """It answers at the address that it prints, and writes nothing."""
    pytest.importorskip("dash")
    words = ["explore", "--no-browser", "--in", str(tmp_path / "explored")]
    with subprocess.Popen(
        [sys.executable, "-c", COMMAND, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as server:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        with urllib.request.urlopen(address) as page:
            assert page.status == 200
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=60) == 0
    assert list(tmp_path.iterdir()) == []
