"""How fast: drivers, threads, cost a record, growth, starting; and how much memory.

Figures are ratios of medians taken in turns within one run (`docs/performance.md`), so
that another machine, or a busy one, changes them little. No time is asserted.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest

from sim.engine.cast import Cast
from sim.engine.driver import Driver, SimpyDriver
from sim.engine.log import RecordType
from sim.ensemble.archive import encoded
from sim.ensemble.part import run_replications
from sim.ensemble.point_run import PointTask, reported_outcomes, run_points
from sim.ladder import Act
from sim.scenario.load import load
from sim.scenario.scenario import FILTERED
from tests.benchmarks import idiomatic, peers
from tests.benchmarks.micro_model import HORIZON, micro_model

pytest.importorskip("numba")

from sim.engine.compiled.driver import CompiledDriver

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from sim.scenario.scenario import Scenario

pytestmark = [pytest.mark.benchmark, pytest.mark.numba]

ROUNDS: Final = 5
SCENARIOS: Final[dict[str, Callable[[], Scenario]]] = {
    "micro": micro_model,
    "iraq_2019_2020": lambda: load("iraq_2019_2020"),
}
Z: Final = 4.0
MILITIAS: Final = ("kataib_hezbollah", "asaib_ahl_al_haq")


def replicate(driver: Driver, numbers: range) -> int:
    """Run replications; return how many records they have."""
    return sum(len(driver.rows(1, number).records) for number in numbers)


def medians(
    *works: Callable[[], Any], clock: Callable[[], float] = time.process_time
) -> list[float]:
    """Return the median seconds of each piece of work, done in turns.

    They are of the processor, all threads together, unless another clock is given.
    """
    spent: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for work, found in zip(works, spent, strict=True):
            began = clock()
            work()
            found.append(clock() - began)
    return [statistics.median(found) for found in spent]


def test_filtered_past(benchmark: Any) -> None:
    """A world with its weight beside one whose record is put in as it is."""
    day = date(2020, 7, 5)
    filtered = CompiledDriver(
        Cast(load("iraq_2019_2020", free_from=day, past=FILTERED))
    )
    injected = CompiledDriver(Cast(load("iraq_2019_2020", free_from=day)))
    since = filtered.cast.since

    def weigh() -> None:
        for number in range(50):
            filtered.weights(1, number, [since])

    def run() -> None:
        for number in range(50):
            injected.rows(1, number, since)

    weighed, plain = medians(weigh, run)
    benchmark.extra_info["times_injected"] = round(weighed / plain, 2)
    benchmark(weigh)


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_replications(name: str, engine: str, benchmark: Any) -> None:
    """Replications of one scenario on one driver, one thread."""
    cast = Cast(SCENARIOS[name]())
    driver: Driver = SimpyDriver(cast) if engine == "simpy" else CompiledDriver(cast)
    numbers = range(5) if engine == "simpy" else range(200)
    replicate(driver, range(1))
    records = benchmark.pedantic(
        replicate, (driver, numbers), rounds=ROUNDS, iterations=1
    )
    benchmark.extra_info["records"] = records / len(numbers)
    benchmark.extra_info["replications"] = len(numbers)


def test_idiomatic_simpy(benchmark: Any) -> None:
    """The micro-model as one writes it by hand in SimPy."""
    benchmark.pedantic(
        lambda: [idiomatic.run(seed) for seed in range(10)], rounds=ROUNDS
    )
    benchmark.extra_info["replications"] = 10


@pytest.mark.parametrize("name", SCENARIOS)
def test_ratios(name: str, benchmark: Any) -> None:
    """The ratios of docs/performance.md, in turns: drivers, threads, records."""
    scenario = SCENARIOS[name]()
    cast = Cast(scenario)
    on_simpy, compiled = SimpyDriver(cast), CompiledDriver(cast)
    replicate(compiled, range(10))
    pool = ThreadPoolExecutor(2)
    n = 1000

    def threads() -> None:
        halves = [range(n // 2), range(n // 2, n)]
        list(pool.map(lambda numbers: replicate(compiled, numbers), halves))

    def study(records: bool) -> Any:
        part = run_replications(
            compiled, 1, range(300), scenario.horizon, with_log=records
        )
        return encoded(part.log, "digest") if records else part

    # Numbers not met before, as in a study; what identities are known is (draws.child).
    fresh = iter(range(20, 1000))
    for number in range(20):
        on_simpy.log(1, number)
    study(True)
    simpy, by_hand, one, outcomes, records, short = medians(
        lambda: [on_simpy.log(1, next(fresh)) for _ in range(5)],
        lambda: [idiomatic.run(seed) for seed in range(10)],
        lambda: replicate(compiled, range(n)),
        lambda: study(False),
        lambda: study(True),
        lambda: [compiled.rows(1, number, 1e-9) for number in range(n)],
    )
    alone, two = medians(
        lambda: replicate(compiled, range(n)), threads, clock=time.perf_counter
    )
    engine = one / n
    per_record = (one - short) / replicate(compiled, range(n))
    info = benchmark.extra_info
    info["simpy ms"], info["compiled ms"] = simpy / 5 * 1e3, engine * 1e3
    info["compiled over simpy"] = (simpy / 5) / engine
    info["two threads over one"] = alone / two
    info["outcomes over engine"] = outcomes / 300 / engine
    info["encoded records over engine"] = records / 300 / engine
    info["fixed us"], info["record us"] = short / n * 1e6, per_record * 1e6
    if name == "micro":
        info["simpy driver over by hand"] = (by_hand / 10) / (simpy / 5)
        info["compiled over by hand"] = (by_hand / 10) / engine
        info["outcomes over by hand"] = (by_hand / 10) / (outcomes / 300)
    benchmark.pedantic(lambda: replicate(compiled, range(100)), rounds=3)


@pytest.mark.parametrize("tool", peers.CLOCKS)
def test_peers(tool: str, benchmark: Any) -> None:
    """The micro-model by another tool, over SimPy by hand; and the same work."""
    if tool != "heapq":
        pytest.importorskip(tool)
    names = [act.name.lower() for act in COUNTED]
    n = 20 if tool == "salabim" else 200
    theirs, by_hand = (
        np.array([[Counter(r[1] for r in run(k))[a] for a in names] for k in range(n)])
        for run in (lambda k: peers.run(k, tool), idiomatic.run)
    )
    assert largest_z(by_hand, theirs) < Z
    hand, other = medians(
        lambda: [idiomatic.run(seed) for seed in range(4)],
        lambda: [peers.run(seed, tool) for seed in range(4)],
    )
    benchmark.extra_info[f"{tool} over by hand"] = hand / other
    benchmark.pedantic(lambda: peers.run(0, tool), rounds=3)


IN_CIMBA: Final = """
import time
began = time.process_time()
from tests.benchmarks.in_cimba import counts
counts(1, ["raid"])
print(time.process_time() - began)
"""


def test_cimba(benchmark: Any) -> None:
    """The micro-model by cimba, counts alone, and what its first replication costs."""
    pytest.importorskip("cimba")
    from tests.benchmarks import in_cimba

    names = [act.name.lower() for act in COUNTED]
    theirs = np.array(in_cimba.counts(400, names))
    by_hand, ours = counts_of(400)
    assert largest_z(by_hand, theirs) < Z
    assert largest_z(theirs, ours) < Z
    compiled = CompiledDriver(Cast(micro_model()))
    hand, other, engine = medians(
        lambda: [idiomatic.run(seed) for seed in range(10)],
        lambda: in_cimba.counts(400, names),
        lambda: replicate(compiled, range(400)),
    )
    info = benchmark.extra_info
    info["cimba over by hand"] = (hand / 10) / (other / 400)
    info["compiled, with full log, over cimba"] = other / engine
    info["cimba's first replication, s"] = told(IN_CIMBA)[0]
    benchmark.pedantic(lambda: in_cimba.counts(100, names), rounds=3)


def test_paired_difference(benchmark: Any) -> None:
    """How many times fewer replications a difference takes for being coupled.

    Against common seeds alone, as by hand: rates of the cells 5 % higher.
    """
    driver, arm = (CompiledDriver(Cast(micro_model(scale=s))) for s in (1.0, 1.05))

    def attacks(k: int, of: CompiledDriver) -> int:
        rows = of.rows(1, k).records
        is_attack = rows["act"] == Act.ROCKET_ATTACK
        return int((is_attack & (rows["record_type"] == RecordType.INCIDENT)).sum())

    def by_hand(k: int, scale: float) -> int:
        log = idiomatic.run(k, scale=scale)
        return sum(row[1] == "rocket_attack" for row in log)

    ours = np.array([attacks(k, arm) - attacks(k, driver) for k in range(400)])
    theirs = np.array([by_hand(k, 1.05) - by_hand(k, 1.0) for k in range(400)])
    hand, compiled = medians(
        lambda: [by_hand(k, 1.0) for k in range(10)],
        lambda: [attacks(k, driver) for k in range(200)],
    )
    info = benchmark.extra_info
    half_width = 0.5  # attacks of a year, 95 %
    for name, apart, each in (
        ("coupled", ours, compiled / 200),
        ("common seeds", theirs, hand / 10),
    ):
        pairs = (1.96 / half_width) ** 2 * float(apart.var(ddof=1))
        info[f"{name} pairs"], info[f"{name} s"] = pairs, 2.0 * pairs * each
    benchmark.pedantic(lambda: attacks(0, driver), rounds=3)


def test_a_point(benchmark: Any) -> None:
    """Milliseconds of a point of a fit, over the engine's replication."""
    scenario = SCENARIOS["iraq_2019_2020"]()
    task = PointTask(scenario, 1, scenario.horizon, "compiled")
    outcomes = reported_outcomes(scenario)[:8]
    driver = CompiledDriver(Cast(scenario))
    points = [
        {f"actors.{name}.base_rate": 0.02 + 1e-5 * k for name in MILITIAS}
        for k in range(200)
    ]
    run_points(task, points[:2], range(2), outcomes)
    each, engine = medians(
        lambda: run_points(task, points, range(200), outcomes),
        lambda: replicate(driver, range(200)),
    )
    info = benchmark.extra_info
    info["point ms"], info["point over engine"] = each / 200 * 1e3, each / engine
    benchmark.pedantic(lambda: run_points(task, points[:9], range(9), outcomes))


COMMANDS: Final = {
    "help": ("--help",),
    "check": ("check", "iraq_2019_2020"),
    "replay": ("replay", "iraq_2019_2020", "--replication", "3"),
    "run 10": ("run", "iraq_2019_2020", "-n", "10"),
    # Of another period than the record, without which no null is run beside it.
    "run 1000, outcomes": ("run", "iraq_2019_2020", "--until", "251", "-n", "1000",
                           "--outcomes-only"),
    "run 1000, records": ("run", "iraq_2019_2020", "--until", "251", "-n", "1000"),
    "run 1000, outcomes, null": ("run", "iraq_2019_2020", "-n", "1000",
                                 "--outcomes-only"),
}  # fmt: skip


def cpu_of(words: Sequence[str], env: Mapping[str, str]) -> float:
    """Return the seconds of CPU that a command takes, as a whole process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "sim", *words], capture_output=True, check=True, env=env
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_commands(tmp_path: Path, benchmark: Any) -> None:
    """CPU seconds of commands, as whole processes, warm, their bytecode too."""
    env = os.environ | {"PYTHONPYCACHEPREFIX": str(tmp_path / "bytecode")}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    for name, words in COMMANDS.items():
        spent: list[float] = []
        for turn in range(3):
            out = ["--out", str(tmp_path / f"{name} {turn}")] * (words[0] == "run")
            spent.append(cpu_of([*words, *out], env))
        benchmark.extra_info[name] = statistics.median(spent)
    benchmark.pedantic(lambda: None, rounds=1)


def test_nothing_compiled(tmp_path: Path, benchmark: Any) -> None:
    """1,000 replications with no compiled code, over SimPy's: wall, two processes.

    And seconds of CPU to compile all that ships.
    """
    spent: dict[str, list[float]] = {"auto": [], "simpy": []}
    for turn in range(3):
        for engine, walls in spent.items():
            place = tmp_path / f"{engine} {turn}"
            began = time.perf_counter()
            subprocess.run(
                [sys.executable, "-m", "sim", "run", "iraq_2019_2020", "--until", "251",
                 "--outcomes-only", "--workers", "2", "--engine", engine,
                 "--out", str(place / "run")],
                capture_output=True, check=True,
                env=os.environ | {"XDG_CACHE_HOME": str(place)},
            )  # fmt: skip
            walls.append(time.perf_counter() - began)
    place = {"XDG_CACHE_HOME": str(tmp_path / "compiled")}
    info = benchmark.extra_info
    auto, simpy = (statistics.median(walls) for walls in spent.values())
    info["auto, s"], info["simpy, s"], info["auto over simpy"] = (
        auto,
        simpy,
        auto / simpy,
    )
    info["compile, s of CPU"] = cpu_of(["compile"], os.environ | place)
    benchmark.pedantic(lambda: None, rounds=1)


def test_growth(benchmark: Any) -> None:
    """Time of a compiled replication as horizon, actors and rates double."""
    cases = {
        "base": micro_model(),
        "horizon x 2": micro_model(horizon=2 * HORIZON),
        "cells x 2": micro_model(n_cells=12),
        "rates x 2": micro_model(scale=2.0),
    }
    drivers = [CompiledDriver(Cast(scenario)) for scenario in cases.values()]
    counts = [replicate(driver, range(200)) for driver in drivers]
    spent = medians(*(lambda d=d: replicate(d, range(200)) for d in drivers))
    for name, seconds, count in zip(cases, spent, counts, strict=True):
        benchmark.extra_info[name] = (seconds / spent[0], count / counts[0])
    benchmark.pedantic(lambda: replicate(drivers[0], range(100)), rounds=3)


STARTING: Final = """
import time
began = time.process_time()
import numba
numba_s = time.process_time() - began
from sim.engine.cast import Cast
from sim.engine.compiled.driver import CompiledDriver
from sim.scenario.load import load
cast = Cast(load("iraq_2019_2020"))
began = time.process_time()
CompiledDriver(cast).rows(1, 0)
print(numba_s, time.process_time() - began)
"""

KEEPING: Final = """
import sys
from pathlib import Path
from sim.scenario.load import load
from sim.ensemble.ensemble import run_ensemble
run_ensemble(
    load("iraq_2019_2020"), replications=int(sys.argv[1]), workers=1,
    out=Path(sys.argv[2]), keep_records=False, engine="compiled",
)
status = dict(line.split(":", 1) for line in Path("/proc/self/status").open())
print(int(status["VmHWM"].split()[0]) / 1024.0)
"""


def told(code: str, *words: Any, **environment: Any) -> list[float]:
    """Return the numbers that a process of its own prints."""
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, words)],
        capture_output=True, text=True, check=True,
        env=os.environ | environment,
    )  # fmt: skip
    return [float(word) for word in done.stdout.split()]


def test_starting(tmp_path: Path, benchmark: Any) -> None:
    """CPU seconds to the first compiled replication: cold once, then warm."""
    place = {"XDG_CACHE_HOME": str(tmp_path)}
    cold = told(STARTING, **place)
    warm = benchmark.pedantic(lambda: told(STARTING, **place), rounds=3)
    info = benchmark.extra_info
    info["import numba s"], info["cold s"], info["warm s"] = *cold, warm[1]


def test_memory(tmp_path: Path, benchmark: Any) -> None:
    """The most MiB that a process holds, at 1,000 and at 10,000 replications.

    As Linux counts it for the process's own program: what `resource` tells begins with
    that of the process that started it.
    """
    told(KEEPING, 1, tmp_path / "compiled")  # compiling takes memory of its own
    few = told(KEEPING, 1000, tmp_path / "few")
    many = benchmark.pedantic(
        lambda: told(KEEPING, 10_000, tmp_path / "many"), rounds=1
    )
    info = benchmark.extra_info
    info["MiB at 1,000"], info["MiB at 10,000"] = few[0], many[0]


COUNTED: Final = (
    Act.ROCKET_ATTACK, Act.RAID, Act.ARREST, Act.THWARTED_ATTACK, Act.RELEASE,
    Act.AIR_STRIKE, Act.DEMAND, Act.TRUCE,
)  # fmt: skip


def counts_of(n: int, faster: float = 1.0) -> tuple[Any, Any]:
    """Return counts of each act by hand, rates times `faster`, and in ours."""
    driver = CompiledDriver(Cast(micro_model()))
    names = [act.name.lower() for act in COUNTED]
    by_hand, ours = np.zeros((n, len(names))), np.zeros((n, len(names)))
    for number in range(n):
        found = Counter(row[1] for row in idiomatic.run(number, scale=faster))
        by_hand[number] = [found[name] for name in names]
        rows = driver.rows(1, number).records
        acts = rows["act"][rows["record_type"] == 3]
        ours[number] = np.bincount(acts, minlength=64)[list(COUNTED)]
    return by_hand, ours


def largest_z(by_hand: Any, ours: Any) -> float:
    """Return the largest difference of means, in standard errors."""
    error = np.sqrt((by_hand.var(axis=0) + ours.var(axis=0)) / len(ours))
    return float(np.max(np.abs(by_hand.mean(axis=0) - ours.mean(axis=0)) / error))


@pytest.mark.verify
def test_by_hand_and_ours_are_the_same_work() -> None:
    """Each act's mean count agrees within 4 standard errors, over 400 replications."""
    assert largest_z(*counts_of(400)) < Z


@pytest.mark.verify
def test_other_work_is_seen() -> None:
    """With rates 5 % higher by hand, some mean is more than 4 standard errors off."""
    assert largest_z(*counts_of(400, faster=1.05)) > Z


def test_explorer_starts_and_answers(benchmark: Any, tmp_path: Path) -> None:
    """A page's first picture from a new process, warm, and a slider's 500 worlds."""
    from dataclasses import replace

    from sim.explorer.session import Session

    pytest.importorskip("dash")
    start = (
        "from pathlib import Path;"
        "from sim.explorer.server import explorer;"
        "from sim.explorer.session import Session;"
        f"app = explorer(Session('iraq_2019_2020'), Path({str(tmp_path)!r}));"
        "app.layout()"
    )
    session = Session("iraq_2019_2020")
    session.compile(print)
    view = session.view()
    session.answer(view, 500)
    values = iter(np.linspace(0.51, 1.49, 10 * ROUNDS))

    def slide() -> None:
        changes = {"actors.united_states.tolerance": float(next(values))}
        session.answer(replace(view, changes=changes), 500)

    def begin() -> None:
        subprocess.run([sys.executable, "-c", start], check=True)

    first, slider = medians(begin, slide, clock=time.perf_counter)
    benchmark.extra_info |= {"first picture, s": first, "slider of 500, s": slider}
    benchmark.pedantic(slide, rounds=ROUNDS)
