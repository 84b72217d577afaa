"""Whoever works, the bytes are the same; and one process at a time writes a folder."""

import gc
import os
import shutil
import struct
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import Any

import pytest

from sim import lock
from sim.ensemble import workers
from sim.ensemble.ensemble import run_ensemble
from sim.ensemble.part import Finished, Task, make_part
from sim.errors import RunError, StudyError
from tests import builders

MAKE_CHUNK = workers.make_sent_part
SMALL = builders.ticking(0.3, horizon=15.0, max_incidents=8)


def parts(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every part by its path."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.glob("*/part-*"))
    }


def run(folder: Path, crew: workers.Workers, scenario: Any = SMALL) -> dict[str, bytes]:
    """Run a small ensemble; return its parts."""
    run_ensemble(scenario, replications=450, root_seed=6, out=folder, workers=crew)
    return parts(folder)


@pytest.fixture
def threads() -> Iterator[Executor]:
    """Three threads."""
    with ThreadPoolExecutor(3) as executor:
        yield executor


def test_threads_give_the_bytes_of_one_process(
    tmp_path: Path, threads: Executor
) -> None:
    """An executor of threads, used for two runs, changes no byte, failures included."""
    alone = run(tmp_path / "alone", 1)
    assert len(alone) == 10
    assert run(tmp_path / "threads", threads) == alone
    assert run(tmp_path / "again", threads) == alone


@pytest.mark.slow
def test_hired_processes_serve_several_runs(tmp_path: Path) -> None:
    """Processes that are hired once give each run the bytes that it has alone."""
    other = builders.ticking(0.2, horizon=15.0)
    with workers.hired(2) as executor:
        assert executor is not None
        found = [run(tmp_path / name, executor, s) for name, s in _two(other)]
    assert found == [run(tmp_path / f"{name}1", 1, s) for name, s in _two(other)]


def _two(other: Any) -> list[tuple[str, Any]]:
    return [("one", SMALL), ("other", other)]


def killing(task: Task, cast: Any, part: Any) -> Finished:
    """Do a chunk's work, but die at the first sight of one."""
    flag = os.environ["ESCALADE_TEST_FLAG"]
    if part.number == 3 and not (flag and Path(flag).exists()):
        if flag:
            Path(flag).touch()
        os._exit(9)
    return make_part(task, cast, part)


def kill_once(key: str, blob: bytes, part: Any) -> Finished:
    """Run a chunk in a worker that dies once."""
    workers.make_part = killing
    return MAKE_CHUNK(key, blob, part)


@pytest.mark.slow
def test_a_process_that_dies_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker process that dies in mid-study changes nothing; a chunk that always
    kills its worker ends the run, and what was finished is kept.
    """
    alone = run(tmp_path / "alone", 1)
    monkeypatch.setenv("ESCALADE_TEST_FLAG", str(tmp_path / "flag"))
    monkeypatch.setattr(workers, "make_sent_part", kill_once)
    assert run(tmp_path / "two", 2) == alone
    assert (tmp_path / "flag").exists()
    monkeypatch.setenv("ESCALADE_TEST_FLAG", "")
    with pytest.raises(RunError, match="a worker process died 4 times running"):
        run(tmp_path / "none", 2)
    kept = parts(tmp_path / "none")
    assert kept.items() < alone.items()


@pytest.mark.slow
@pytest.mark.timeout(60)
def test_a_worker_that_was_killed_holds_up_no_end() -> None:
    """A study that breaks off ends although a worker was killed while it waited."""
    with pytest.raises(BrokenExecutor):
        break_off()


def break_off() -> None:
    """Leave hired workers by the error of one that was killed."""
    with workers.hired(2) as executor:
        assert executor is not None
        executor.submit(os.kill, executor.submit(os.getpid).result(), 9).result()


def send_half_once(key: str, blob: bytes, part: Any) -> Finished:
    """Run a chunk in a worker that dies once, in the middle of sending a result."""
    flag = Path(os.environ["ESCALADE_TEST_FLAG"])
    if part.number == 3 and not flag.exists():
        flag.touch()
        queues = (q for q in gc.get_objects() if isinstance(q, SimpleQueue))
        queue: Any = next(queues)
        queue._wlock.acquire()
        os.write(queue._writer.fileno(), struct.pack("!i", 1000) + b"half")
        os._exit(9)
    return MAKE_CHUNK(key, blob, part)


@pytest.mark.slow
def test_a_process_that_dies_in_mid_sentence_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a result, and a lock that nobody frees any more, block no run for ever."""
    monkeypatch.setenv("ESCALADE_TEST_FLAG", str(tmp_path / "flag"))
    monkeypatch.setattr(workers, "make_sent_part", send_half_once)
    assert run(tmp_path / "two", 2) == run(tmp_path / "alone", 1)
    assert (tmp_path / "flag").exists()


def test_a_worker_with_other_rules_is_refused(
    monkeypatch: pytest.MonkeyPatch, threads: Executor
) -> None:
    """A worker that has other rules than the study says so, and what it has."""
    making = workers._making
    asked: list[int] = []

    def changed(task: Task) -> dict[str, str]:
        asked.append(1)
        return making(task) | ({"rules": "0000"} if len(asked) > 1 else {})

    monkeypatch.setattr(workers, "_making", changed)
    with pytest.raises(StudyError, match="rules '0000' for"):
        run_ensemble(SMALL, replications=10, workers=threads)


def test_a_folder_has_one_writer(tmp_path: Path) -> None:
    """While one holds a folder a second is refused with the first's name; then not."""
    folder = tmp_path / "run"
    folder.mkdir()
    with lock.held(folder), pytest.raises(StudyError) as refused:
        run(folder, 1)
    assert f"process {os.getpid()} on" in str(refused.value)
    assert not parts(folder)
    before = run(folder, 1)
    shutil.copytree(folder, tmp_path / "copy")
    with lock.held(folder):  # whoever only reads needs no lock
        assert run(folder, 1) == before


def test_a_lock_that_cannot_be_made_is_a_run_error(tmp_path: Path) -> None:
    """A folder that cannot be there cannot be held."""
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(RunError, match="cannot write"), lock.held(tmp_path / "file"):
        pass


def test_results_that_nobody_asks_for_are_not_cancelled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A cancelled call breaks the thread that marks it as lost, with a traceback."""

    def cancel(self: Future[Any]) -> bool:
        pytest.fail("cancelled")

    with workers.hired(2) as executor:
        assert executor is not None
        results: Any = executor.map(pow, (2, 3, 4), (2, 2, 2))
        assert next(results) == 4
        with monkeypatch.context() as patch:
            patch.setattr(Future, "cancel", cancel)
            results.close()
