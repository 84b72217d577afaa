"""The import arrows between rooms and files: one that is planted wrong is found."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINTER = Path(sys.executable).with_name("lint-imports")

PLANTED = {
    "a circle inside a room": (
        "sim/engine/world.py",
        "from sim.engine.run import run_replication",
        "No import circle",
    ),
    "an arrow that runs up": (
        "sim/ensemble/summary.py",
        "from sim.comparison.pairing import pair",
        "Import arrows go one way",
    ),
    "an arrow between questions": (
        "sim/sweeps/design_of_none.py",
        "from sim.comparison.compare import compare",
        "Import arrows go one way",
    ),
    "statistics that know a scenario": (
        "sim/statistics/prim.py",
        "from sim.scenario.scenario import Scenario",
        "Statistics know errors and keyed draws only",
    ),
    "a second reader of files": (
        "sim/sweeps/sweep.py",
        "from pydantic import BaseModel",
        "Only readers of files import pydantic",
    ),
    "a second folder of studies": (
        "sim/sweeps/sweep.py",
        "from sim import lock",
        "Only the folder of a study holds locks",
    ),
    "a room that no layer names": (
        "sim/helpers/__init__.py",
        "HELP = 1",
        "Import arrows go one way",
    ),
}


def judged(folder: Path) -> str:
    """Return what the linter says of a copy of the package."""
    done = subprocess.run(
        [str(LINTER), "--no-cache", "--no-logo"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": str(LINTER.parent), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_import_breaks_its_contract(name: str, tmp_path: Path) -> None:
    """Each kind of wrong import is found by the contract that is about it."""
    file, line, contract = PLANTED[name]
    shutil.copytree(
        ROOT / "sim", tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copyfile(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    target = tmp_path / file
    target.parent.mkdir(exist_ok=True)
    text = target.read_text("utf-8") if target.is_file() else ""
    target.write_text(f"{text}\n{line}\n", "utf-8")
    said = judged(tmp_path)
    assert f"{contract} BROKEN" in said, said


def test_no_room_is_a_storehouse() -> None:
    """No folder of Python modules holds more than some twenty files side by side."""
    for tree in ("sim", "tests"):
        for folder in [ROOT / tree, *(ROOT / tree).rglob("*/")]:
            if "__pycache__" not in folder.parts:
                files = sorted(file.name for file in folder.glob("*.py"))
                assert len(files) <= 20, f"{folder} holds {len(files)} files"
