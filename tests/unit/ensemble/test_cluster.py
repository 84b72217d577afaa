"""A Dask cluster gives the bytes of one process, and may lose workers on the way."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest

from sim.ensemble.ensemble import run_ensemble
from sim.errors import StudyError
from tests import builders

pytest.importorskip("distributed")

ROOT = Path(__file__).parents[3]
LOOPBACK = ("--host", "127.0.0.1", "--no-dashboard")


class Cluster(NamedTuple):
    """A scheduler and its workers, each a process of its own on loopback."""

    address: str
    scheduler: subprocess.Popen[str]
    workers: list[subprocess.Popen[str]]


def start(
    stack: ExitStack, until: str, *words: str
) -> tuple[str, subprocess.Popen[str]]:
    """Start a program of Dask; return the first line that says `until`, and it."""
    process = stack.enter_context(
        subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{words[0]}", *words[1:]],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
    )
    stack.callback(process.kill)
    assert process.stderr is not None
    said: list[str] = []
    for line in process.stderr:
        said.append(line)
        if until in line:
            return line, process
    message = f"{words[0]} ended: {''.join(said)}"
    raise AssertionError(message)


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A scheduler on a free port, and two workers without a nanny to revive them."""
    with ExitStack() as stack:
        line, scheduler = start(
            stack, "Scheduler at:", "dask_scheduler", *LOOPBACK, "--port=0"
        )
        address = line.split()[-1]
        options = (*LOOPBACK, "--no-nanny", "--nthreads=1")
        workers = [
            start(stack, "Registered to:", "dask_worker", address, *options)[1]
            for _ in range(2)
        ]
        yield Cluster(address, scheduler, workers)


def parts(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every part by its path."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.glob("*/part-*"))
    }


@pytest.mark.slow
def test_a_lost_worker_changes_nothing(tmp_path: Path, cluster: Cluster) -> None:
    """One of two workers is killed at the first chunk; no byte is other than alone."""
    scenario = builders.ticking(0.3, horizon=20.0)
    seen: list[int] = []

    def kill_one(done: int, asked: int) -> None:
        del asked
        seen.append(done)
        if len(seen) == 2:
            cluster.workers[0].send_signal(signal.SIGKILL)

    run_ensemble(scenario, replications=2050, out=tmp_path / "alone")
    run_ensemble(
        scenario,
        replications=2050,
        workers=cluster.address,
        out=tmp_path / "cluster",
        progress=kill_one,
    )
    assert cluster.workers[0].wait() == -signal.SIGKILL
    assert cluster.workers[1].poll() is None
    assert seen[-1] == 2050
    assert len(parts(tmp_path / "alone")) == 42
    assert parts(tmp_path / "cluster") == parts(tmp_path / "alone")


LOST = """
import os, signal, sys
from sim.ensemble.ensemble import run_ensemble
from sim.errors import WorkersLostError
from tests import builders

scheduler, address, folder = sys.argv[1:]
try:
    run_ensemble(
        builders.ticking(0.3, horizon=20.0), replications=2050, workers=address,
        out=folder,
        progress=lambda done, _: done and os.kill(int(scheduler), signal.SIGKILL),
    )
except (WorkersLostError, ProcessLookupError) as error:
    print(error)
"""
"""A run whose scheduler is killed when something is done."""


@pytest.mark.slow
def test_a_lost_scheduler_is_told_in_words(tmp_path: Path, cluster: Cluster) -> None:
    """It ends the run, with what is finished kept, and no traceback of a library."""
    pid, folder = str(cluster.scheduler.pid), str(tmp_path / "run")
    done = subprocess.run(
        [sys.executable, "-c", LOST, pid, cluster.address, folder],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "finished parts are kept" in done.stdout
    assert "Traceback" not in done.stderr
    assert parts(tmp_path / "run")


def test_an_address_is_asked_for() -> None:
    """A cluster that is named by no address is refused."""
    with pytest.raises(StudyError, match="tcp://"):
        run_ensemble(builders.ticking(), replications=1, workers="my-cluster")
