"""Compiling beside a study: nothing of when it took over can be seen in the results."""

import os
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Event
from typing import Any, NamedTuple

import numpy as np
import pytest

from sim.comparison.under_draws import DrawnArms, run_drawn_arms
from sim.engine import choice
from sim.engine.cast import Cast
from sim.engine.compiled import driver as compiled
from sim.ensemble import compiling as beside
from sim.ensemble import ensemble
from sim.ensemble.archive import parts_of
from sim.ensemble.compiling import Compiling, can_compile_beside, settled_engine
from sim.ensemble.completion import run_parts
from sim.ensemble.draw_set import ArmSource, DrawSet
from sim.ensemble.ensemble import engine_for
from sim.ensemble.executors import Processes
from sim.ensemble.part import Task
from sim.experiment.variant import Variant
from sim.scenario.form import read_scenario
from sim.scenario.load import find, load
from tests import builders

SCENARIO = load("iraq_2019_2020")
NUMBERS = range(95, 320)


class TakesOver(Compiling):
    """What was compiled is there after so many parts were given out."""

    def __init__(self, after: int) -> None:
        self._compiled = {}
        self.has_begun = True
        self._has_core = False
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


def test_a_task_that_is_gone_has_no_twin_left() -> None:
    """Each is run as itself, though a new one may lie where an old one was."""
    taking = TakesOver(0)
    for until in range(1, 2000):
        assert taking.now(task_of(SCENARIO, float(until))).until == until


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


@pytest.mark.numba
@pytest.mark.parametrize("workers", [1, 2])
def test_draws_are_taken_over_as_well(workers: int) -> None:
    """Arms under parameter draws, at once, after some parts, never: the same numbers.

    Draws change numbers of the resolved scenario in the one, of the file in the other.
    """
    pytest.importorskip("numba")
    path = "actors.kataib_hezbollah.base_rate"
    per_day = [0.05 + 0.001 * k for k in range(60)]
    values = tuple({path: rate} for rate in per_day)
    draws = DrawSet(values, 2, "d" * 64, "made up", units={path: "1/day"})
    written = tuple({path: f"{rate!r}/day"} for rate in per_day)
    source = ArmSource(read_scenario(find("iraq_2019_2020")), Variant())
    arms = DrawnArms({"one": SCENARIO, "two": SCENARIO}, draws, 7, 10.0)
    from_files = replace(
        arms,
        draws=replace(draws, values=written),
        sources={"one": source, "two": source},
    )
    for asked in (arms, from_files):
        found: list[Any] = []
        for after in (0, 1, 4):
            taking = TakesOver(after)
            drawn = run_drawn_arms(
                asked,
                ["n_rocket_attacks_true", "n_raids_true"],
                workers=workers,
                compiling=taking,
            )
            engines = ["compiled"] * (4 - after) + ["simpy"] * after
            assert sorted(taking.engines) == engines
            found.append(drawn.values)
        for other in found[1:]:
            for name, by_arm in found[0].items():
                for arm, numbers in by_arm.items():
                    np.testing.assert_array_equal(numbers, other[name][arm], name)


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
    ("cores", "workers", "left", "expected"),
    [
        (2, 1, 400, False),
        (2, 1, 600, True),
        (2, 2, 2400, False),
        (2, 2, 2600, True),
    ],
)
def test_what_lasts_is_compiled_though_nobody_foresaw_it(
    cores: int,
    workers: int,
    left: int,
    expected: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A core to spare is used early; a worker stands back only where that is sooner.

    Each of the workers' first parts takes a second; what one alone did says nothing.
    """
    monkeypatch.setattr(beside, "why_not_compiled", lambda _: "")
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    now, said = [0.0], list[str]()
    monkeypatch.setattr(beside.time, "monotonic", lambda: now[0])
    compiling = Compiling(SCENARIO, said.append, workers, at_once=False)
    assert not compiling.needs_core
    for part in range(1, workers):
        now[0] = 0.99
        compiling.heed(50 * part, 50 * (workers - part) + left)
        assert not compiling.has_begun
    now[0] = 1.0
    compiling.heed(100, left)
    assert compiling.has_begun is expected
    assert said == [beside.SENTENCE] * expected
    if expected:
        compiling.join()
        assert compiling.is_ready


def test_no_worker_stands_back_where_a_core_is_to_spare(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of two cores one worker leaves one; two workers leave none."""
    asleep = Event()
    monkeypatch.setattr(beside, "why_not_compiled", lambda _: asleep.wait() and "")
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    begun = {n: Compiling(SCENARIO, print, n, at_once=True) for n in (1, 2)}
    assert {n: one.needs_core for n, one in begun.items()} == {1: False, 2: True}
    asleep.set()
    for one in begun.values():
        one.join()
        assert not one.needs_core


@pytest.mark.parametrize(
    ("wanted", "workers", "cores", "is_cold", "expected"),
    [
        ("auto", 2, 2, True, True),
        ("auto", 1, 2, True, True),
        ("auto", 2, 2, False, False),
        ("auto", 2, 1, True, False),
        ("compiled", 2, 2, True, False),
        ("simpy", 2, 2, True, False),
        ("auto", ThreadPoolExecutor(1), 2, True, False),
        ("auto", Processes(1), 2, True, True),
    ],
)
def test_where_rules_can_be_compiled_beside(
    wanted: str,
    workers: Any,
    cores: int,
    is_cold: bool,
    expected: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is not compiled yet, for processes of this machine, with a core for it."""
    pytest.importorskip("numba")
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    monkeypatch.setattr(compiled, "needs_compiling", lambda _: is_cold)
    assert can_compile_beside(Cast(SCENARIO), wanted, workers) is expected


@dataclass
class Lasting:
    """SimPy, on which each replication takes so many seconds of processor time."""

    each: float
    now: float = 0.0

    def rows(self, *_: Any, until: float) -> None:
        """Run one, which fails."""
        self.now += self.each
        raise ValueError(until)

    def process_time(self) -> float:
        """Return the processor time so far."""
        return self.now


@pytest.mark.parametrize(
    ("each", "replications", "particles", "workers", "expected"),
    [
        (0.002, 4000, 0, 1, "simpy"),
        (0.02, 4000, 0, 1, "beside"),
        (0.02, 2400, 0, 2, "simpy"),
        (0.02, 2600, 0, 2, "beside"),
        (0.4, 180, 0, 2, "compiled"),
        (0.02, 180, 0, 2, "simpy"),
        (0.02, 180, 4500, 2, "compiled"),
        (9.9, 10, 0, 1, "simpy"),
    ],
)
def test_engines_are_chosen_by_how_long_all_replications_take(
    each: float,
    replications: int,
    particles: int,
    workers: int,
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Measured, not by days; long parts wait for the rules, short ones do not.

    Ten replications of 252 days are not even measured: they are one part, and nothing
    could take over.
    """
    pytest.importorskip("numba")
    simpy, said = Lasting(each), list[str]()
    is_cold = [True]
    monkeypatch.setattr(compiled, "needs_compiling", lambda _: is_cold[0])
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(beside, "SimpyDriver", lambda _: simpy)
    monkeypatch.setattr(beside.time, "process_time", simpy.process_time)
    monkeypatch.setattr(beside, "why_not_compiled", lambda _: "")
    monkeypatch.setattr(
        ensemble, "why_not_compiled", lambda _: is_cold.__setitem__(0, False)
    )
    monkeypatch.setattr(
        beside,
        "choose_driver",
        lambda cast, *_: (Named("simpy" if is_cold[0] else "compiled"), "said."),
    )
    name, compiling = engine_for(
        SCENARIO, replications, "auto", 252.0, workers, said.append, particles=particles
    )
    has_begun = compiling is not None and compiling.has_begun
    assert (name, has_begun) == {
        "simpy": ("simpy", False),
        "beside": ("simpy", True),
        "compiled": ("compiled", False),
    }[expected]
    assert said


@pytest.mark.parametrize(
    ("replications", "workers", "is_cold", "expected"),
    [
        (4000, 1, True, "compiled"),
        (4000, 2, True, "compiled"),
        (3000, 2, True, "simpy"),
        (4000, 1, False, "compiled"),
    ],
)
def test_whoever_waits_for_rules_to_be_compiled_is_told_before(
    replications: int,
    workers: int,
    is_cold: bool,
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A study that keeps its engine compiles first, where that is worth it."""
    pytest.importorskip("numba")
    monkeypatch.setattr(compiled, "needs_compiling", lambda _: is_cold)
    monkeypatch.setattr(compiled, "why_not", lambda _: said.append("(compiles)") or "")
    monkeypatch.setattr(choice, "driver_for", lambda *_: Named("compiled"))
    said = list[str]()
    name = settled_engine(
        Cast(SCENARIO), replications, "auto", 252.0, workers, said.append
    )
    assert name == expected
    begins = [sentence.partition(" ")[0] for sentence in said]
    waits = [] if not is_cold or expected == "simpy" else ["compiling"]
    ends = ["SimPy"] if expected == "simpy" else ["(compiles)", "Compiled"]
    assert begins == [*waits, *ends]


class Named(NamedTuple):
    """A driver, as far as it is asked for its name."""

    name: str
