"""What the command prints, what replications log and how scenarios resolve is fixed."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.engine.log import COLUMNS
from sim.engine.run import run_replication
from sim.scenario.dump import dump
from sim.scenario.load import load, shipped_scenarios
from tests import builders

HERE = Path(__file__).parent
EXAMPLES = sorted(HERE.glob("cli_*.sh"))
SCENARIOS = shipped_scenarios()
LOGS: dict[str, Callable[[], Any]] = {
    "calm": builders.calm,
    "hot": builders.hot,
    "self_exciting": builders.self_exciting,
}
Golden = Callable[[Path, str], None]


def run_script(script: Path, folder: Path) -> str:
    """Run the one command of a script; return exit code, stdout and stderr."""
    lines = [x for x in script.read_text("utf-8").splitlines() if x and x[0] != "#"]
    words = shlex.split(" ".join(lines))
    assert words[0] == "escalade"
    done = subprocess.run(
        [sys.executable, "-m", "sim", *words[1:]],
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
        env=os.environ | {"COLUMNS": "80", "PYTHONPATH": str(HERE.parents[1])},
    )
    text = f"exit {done.returncode}\n--- stdout\n{done.stdout}--- stderr\n{done.stderr}"
    text = text.replace(str(HERE.parents[1]), "ROOT")
    return re.sub(r"done in [^;]+;", "done in TIME;", text)


@pytest.mark.parametrize("script", EXAMPLES, ids=lambda script: script.stem)
def test_example_prints_what_it_printed(
    script: Path, golden: Golden, tmp_path: Path
) -> None:
    """Each example of the command line gives the same exit code and the same text."""
    golden(script.with_suffix(".out"), run_script(script, tmp_path))


def test_a_scenario_resolves_to_the_same(golden: Golden) -> None:
    """One shipped scenario resolves to the same values; that every one resolves to what
    its own dump does is a property (``tests/unit/scenario/test_resolve.py``).
    """
    resolved = dump(load(SCENARIOS["iraq_2019_2020"]))
    text = json.dumps(resolved, indent=1, ensure_ascii=False) + "\n"
    golden(HERE / "resolved_iraq_2019_2020.json", text)


@pytest.mark.parametrize("name", LOGS)
def test_replication_logs_the_same(name: str, golden: Golden) -> None:
    """Thirty days of a replication give the same log."""
    log = run_replication(LOGS[name](), root_seed=7, number=3, until=30.0)
    rows = ["\t".join(COLUMNS), *("\t".join(map(_cell, row)) for row in log.rows())]
    golden(HERE / f"log_{name}.tsv", "\n".join(rows) + "\n")


@pytest.mark.parametrize("name", SCENARIOS)
def test_shipped_replication_logs_the_same(name: str, golden: Golden) -> None:
    """Ninety days of a shipped scenario's first replication give the same log."""
    log = run_replication(load(SCENARIOS[name]), root_seed=1, number=0, until=90.0)
    rows = ["\t".join(COLUMNS), *("\t".join(map(_cell, row)) for row in log.rows())]
    golden(HERE / f"log_{name}.tsv", "\n".join(rows) + "\n")


def _cell(value: object) -> str:
    return repr(value) if isinstance(value, float) else str(value)
