"""Compiling beside a study: nothing of when it took over can be seen in the results."""

import os
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from sim.engine.cast import Cast
from sim.ensemble import compiling as beside
from sim.ensemble.archive import parts_of
from sim.ensemble.compiling import Compiling, compiles_beside
from sim.ensemble.completion import run_parts
from sim.ensemble.part import Task
from sim.scenario.load import load
from tests import builders

SCENARIO = load("iraq_2019_2020")
NUMBERS = range(95, 320)


class TakesOver(Compiling):
    """What was compiled is there after so many parts were given out."""

    def __init__(self, after: int) -> None:
        self._compiled = {}
        self.has_begun = True
        self.is_ready = after == 0
        self.left = after
        self.engines: list[str] = []

    def now(self, task: Task) -> Task:
        """Return the task as it is given out, and count it."""
        chosen = super().now(task)
        self.engines.append(chosen.engine)
        self.left -= 1
        self.is_ready = self.left <= 0
        return chosen


def task_of(scenario: Any, until: float) -> Task:
    """Return a run of which nothing is kept."""
    return Task(scenario, 7, until, None, with_log=False)


@pytest.mark.numba
@pytest.mark.parametrize("workers", [1, 2])
def test_when_the_compiled_engine_took_over_is_not_to_be_seen(workers: int) -> None:
    """At once, after some parts, never: the same tables."""
    pytest.importorskip("numba")
    task = task_of(SCENARIO, 10.0)
    work = [(task, part) for part in parts_of(NUMBERS)]
    tables: list[Any] = []
    for after in (0, 2, len(work)):
        taking = TakesOver(after)
        (parts,) = run_parts(work, workers, None, 0, len(NUMBERS), taking).values()
        tables.append([part.to_pydict() for part in parts])
        n_compiled = len(work) - after
        assert sorted(taking.engines) == ["compiled"] * n_compiled + ["simpy"] * after
    for other in tables[1:]:
        for one, two in zip(tables[0], other, strict=True):
            assert one.keys() == two.keys()
            for name in one:
                np.testing.assert_array_equal(one[name], two[name], name)


class Counting(Executor):
    """Threads that count how many parts are out at once."""

    def __init__(self, n: int) -> None:
        self._max_workers = n
        self._threads = ThreadPoolExecutor(n)
        self.out = self.most = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Count a part that is given out."""
        self.out += 1
        self.most = max(self.most, self.out)
        future = self._threads.submit(fn, *args, **kwargs)
        future.add_done_callback(self._back)
        return future

    def _back(self, _: Any) -> None:
        self.out -= 1


def test_one_core_is_left_to_the_compiler() -> None:
    """Of three workers two are given parts until it is done."""
    task = task_of(builders.ticking(0.3, horizon=5.0), 5.0)
    work = [(task, part) for part in parts_of(range(900))]
    for after, most in ((len(work), 2), (0, 9)):
        executor, taking = Counting(3), TakesOver(after)
        taking.now = lambda task: task  # type: ignore[method-assign]
        run_parts(work, executor, None, 0, 900, taking)
        assert executor.most == most


@pytest.mark.parametrize(
    ("seconds", "left", "expected"), [(1.0, 400, False), (1.0, 600, True)]
)
def test_what_lasts_is_compiled_though_nobody_foresaw_it(
    seconds: float, left: int, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the pace of the first part the rest takes more than five seconds, or less."""
    monkeypatch.setattr(beside, "why_not_compiled", lambda _: "")
    now, said = [0.0], list[str]()
    monkeypatch.setattr(beside.time, "monotonic", lambda: now[0])
    compiling = Compiling(SCENARIO, said.append, at_once=False)
    assert not compiling.is_busy
    now[0] = seconds
    compiling.heed(100, left)
    assert compiling.has_begun is expected
    assert said == [beside.SENTENCE] * expected
    if expected:
        compiling.join()
        assert compiling.is_ready


@pytest.mark.parametrize(
    ("wanted", "workers", "cores", "is_long", "expected"),
    [
        ("auto", 2, 2, True, True),
        ("auto", 1, 2, True, True),
        ("auto", 2, 2, False, False),
        ("auto", 2, 1, True, False),
        ("compiled", 2, 2, True, False),
        ("simpy", 2, 2, True, False),
        ("auto", ThreadPoolExecutor(1), 2, True, False),
    ],
)
def test_what_is_begun_on_simpy(
    wanted: str,
    workers: Any,
    cores: int,
    is_long: bool,
    expected: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Long work of processes of this machine, where a core is to spare."""
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    monkeypatch.setattr(beside, "has_numba", lambda: True)
    monkeypatch.setattr(beside, "compiles_first", lambda *_: is_long)
    assert compiles_beside(Cast(SCENARIO), 10**6, wanted, 252.0, workers) is expected
