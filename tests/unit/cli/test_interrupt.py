"""Ctrl-C and SIGTERM: the exit code, what is said and kept, and that it goes on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.ensemble.study_folder import read_manifest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
SCENARIO = str(ROOT / "tests" / "data" / "valid" / "two_actors.yaml")

ENDED = """
import os, signal, sys
from sim.verbs import watch
from sim.cli.app import main

def end(self, done, asked, tell=watch.Progress.__call__):
    tell(self, done, asked)
    if done:
        os.kill(os.getpid(), number)

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if number := int(sys.argv.pop(1)):
        watch.Progress.__call__ = end
    main()
"""
"""The command, ended by a real signal as soon as something is done; 0 ends nothing."""


def escalade(
    number: int, folder: Path, *words: str
) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder and end it by a signal."""
    script = folder / "ended.py"
    script.write_text(ENDED, "utf-8")
    return subprocess.run(
        [sys.executable, str(script), str(number), *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def parts(folder: Path) -> dict[str, bytes]:
    """Return the bytes of all parts by their paths."""
    files = folder.rglob("part-*.parquet")
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


COMPILED = pytest.param("compiled", marks=pytest.mark.numba)


def words_of(engine: str) -> tuple[str, ...]:
    """Return the command of the run that is ended."""
    words = ("run", SCENARIO, "--until", "60", "-n", "3000", "--engine", engine)
    return (*words, "--outcomes-only", "--workers")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the parts of the run when nothing ends it; no engine changes them."""
    folder = tmp_path_factory.mktemp("whole")
    done = escalade(0, folder, *words_of("simpy"), "1", "--out", "run")
    assert done.returncode == 0, done.stderr
    return parts(folder / "run")


@pytest.mark.parametrize("engine", ["simpy", COMPILED])
@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize(("number", "code"), [(2, 130), (15, 143)])
def test_a_run_that_is_ended_goes_on_to_the_same_bytes(
    tmp_path: Path,
    whole: dict[str, bytes],
    engine: str,
    workers: str,
    number: int,
    code: int,
) -> None:
    """It says what is kept and how to go on; the folder says broken off."""
    if engine == "compiled":
        pytest.importorskip("numba")
    words = (*words_of(engine), workers, "--out")
    done = escalade(number, tmp_path, *words, "run")
    assert (done.returncode, done.stdout) == (code, "")
    assert ("interrupted" if number == 2 else "ended by SIGTERM") in done.stderr
    assert "of 3000 replications are kept in run; to go on" in done.stderr
    assert "Traceback" not in done.stderr
    assert (read_manifest(tmp_path / "run") or {})["state"] == "broken off"
    assert 0 < len(parts(tmp_path / "run")) < 30
    assert escalade(0, tmp_path, *words, "run").returncode == 0
    assert parts(tmp_path / "run") == whole


@pytest.mark.parametrize("out", [(), ("--out", "pair")])
def test_a_comparison_says_what_is_kept(tmp_path: Path, out: tuple[str, ...]) -> None:
    """Without a folder it is nothing; with one it is what was finished."""
    change = ("--set", "actors.host.ability=0.5", "--until", "20", "-n", "600")
    words = ("compare", SCENARIO, *change, "--workers", "2", "--engine", "simpy", *out)
    done = escalade(2, tmp_path, *words)
    said = "what is finished is kept in pair" if out else "nothing is kept"
    assert (done.returncode, done.stdout) == (130, "")
    assert f"interrupted: {said}" in done.stderr
    assert "to go on, give the same command again:\n  escalade compare" in done.stderr
    assert bool(parts(tmp_path)) == bool(out)
