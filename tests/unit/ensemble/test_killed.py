"""A study that is killed at whatever moment goes on, and ends with the same bytes."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.ensemble.study_folder import read_manifest
from sim.explanation.necessity import but_for_all

ROOT = Path(__file__).parents[3]

STUDY = """
import sys
from sim.ensemble.ensemble import run_ensemble
from tests import builders

if __name__ == "__main__":
    scenario = builders.ticking(0.3, horizon=60.0, max_incidents=30)
    done = lambda done, asked: print(done, flush=True)
    run_ensemble(
        scenario, replications=int(sys.argv[2]), workers=2, out=sys.argv[1],
        progress=done,
    )
"""

SWEEP = """
schema: 1
id: sweep
question: Does the salvo matter?
scenario: {scenario}
root_seed: 3
replications: 300
until: 20
outcomes: [n_rocket_attacks]
factors:
  salvo:
    path: means.rocket.salvo_median
    range: [1, 9]
design:
  kind: sobol
  points: 8
"""

VOLATILE = ("started", "duration_seconds", "command")


def start(folder: Path, replications: int) -> subprocess.Popen[str]:
    """Start the study in a process of its own, with two workers."""
    script = folder.parent / "study.py"
    script.write_text(STUDY, "utf-8")
    return subprocess.Popen(
        [sys.executable, str(script), str(folder), str(replications)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def contents(folder: Path) -> dict[str, bytes | str]:
    """Return all that a run directory holds, but for times and locks."""
    found: dict[str, bytes | str] = {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name not in ("manifest.json", ".lock")
    }
    manifest = read_manifest(folder)
    assert manifest is not None
    said = {key: value for key, value in manifest.items() if key not in VOLATILE}
    return found | {"manifest": repr(said)}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kills", "replications"),
    [
        pytest.param(2, 800, id="few"),
        pytest.param(20, 4000, id="many", marks=pytest.mark.exhaustive),
    ],
)
def test_a_killed_study_ends_as_an_undisturbed_one(
    tmp_path: Path, kills: int, replications: int
) -> None:
    """Killed (SIGKILL) at random moments and started again, a study ends with the bytes
    of one that was left alone; no worker outlives it.
    """
    began = time.monotonic()
    out, error = start(tmp_path / "undisturbed", replications).communicate()
    lasts = time.monotonic() - began
    assert out.split()[-1] == str(replications), error
    expected = contents(tmp_path / "undisturbed")
    moment = random.Random(20 + kills)
    killed = number = 0
    while killed < kills:
        number += 1
        folder = tmp_path / f"disturbed{number}"
        while True:
            process = start(folder, replications)
            try:
                if killed < kills:
                    process.wait(moment.uniform(0.1, 1.0) * lasts)
            except subprocess.TimeoutExpired:
                process.kill()
                killed += 1
                # The pipes end when the last process that holds them has: the workers.
                process.communicate(timeout=60)
                continue
            _, error = process.communicate()
            assert process.returncode == 0, error
            break
        assert contents(folder) == expected


def sweep(folder: Path) -> subprocess.Popen[str]:
    """Start a sweep of eight points in a process of its own, with two workers."""
    file = folder.parent / "sweep.yaml"
    scenario = ROOT / "tests" / "data" / "valid" / "two_actors.yaml"
    file.write_text(SWEEP.format(scenario=scenario), "utf-8")
    words = ("sweep", str(file), "--out", str(folder), "--engine", "simpy", "--json")
    return subprocess.Popen(
        [sys.executable, "-m", "sim", *words, "--workers", "2"],
        cwd=folder.parent,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def branches(folder: Path) -> subprocess.Popen[str]:
    """Start 300 futures of a replication in a process of their own, with two workers.

    The run that they branch off is made first, beside their folder.
    """
    run = folder.parent / "run"
    if not run.exists():
        scenario = ROOT / "tests" / "data" / "valid" / "two_actors.yaml"
        words = ("run", str(scenario), "-n", "3", "--out", str(run))
        subprocess.run(
            [sys.executable, "-m", "sim", *words, "--engine", "simpy"],
            cwd=folder.parent,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
        )
    words = ("branch", str(run), "-k", "1", "--at", "10", "-n", "300")
    return subprocess.Popen(
        [sys.executable, "-m", "sim", *words, "--out", str(folder), "--engine",
         "simpy", "--workers", "2", "--json"],
        cwd=folder.parent,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("begin", [sweep, branches], ids=["sweep", "branches"])
@pytest.mark.parametrize("kills", [2, pytest.param(20, marks=pytest.mark.exhaustive)])
def test_a_killed_command_ends_as_an_undisturbed_one(
    tmp_path: Path, kills: int, begin: Callable[[Path], subprocess.Popen[str]]
) -> None:
    """Killed at random moments and started again, it ends with the same bytes.

    What is told of futures that were killed is what is told of the others.
    """
    began = time.monotonic()
    _, error = begin(tmp_path / "undisturbed").communicate()
    lasts = time.monotonic() - began
    expected = contents(tmp_path / "undisturbed")
    moment, killed, number = random.Random(40 + kills), 0, 0
    while killed < kills:
        number += 1
        folder = tmp_path / f"disturbed{number}"
        while True:
            process = begin(folder)
            try:
                if killed < kills:
                    process.wait(moment.uniform(0.1, 1.0) * lasts)
            except subprocess.TimeoutExpired:
                process.kill()
                killed += 1
                process.communicate(timeout=60)
                continue
            _, error = process.communicate()
            assert process.returncode == 0, error
            break
        assert contents(folder) == expected
        if begin is branches:
            one, two = (
                but_for_all(some, "first=rocket_attack", engine="simpy")
                for some in (folder, tmp_path / "undisturbed")
            )
            assert repr(one) == repr(two)
