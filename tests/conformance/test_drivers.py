"""Both drivers write the same log, bit for bit, and refuse with the same words."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sim.engine.escalation
import sim.engine.perception
import sim.engine.run
from sim.engine import capacity
from sim.engine.cast import Cast
from sim.engine.clock import Rank
from sim.engine.driver import Driver, SimpyDriver
from sim.errors import RunError
from sim.rules.behaviour import Kind, parameter_table
from sim.rules.registry import KINDS
from sim.scenario.load import load, shipped_scenarios
from tests import builders
from tests.conformance.drummer import DRUMMER, drumming, tied

pytest.importorskip("numba")

from sim.engine.compiled.cache import digest_of
from sim.engine.compiled.driver import CompiledDriver

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

pytestmark = [pytest.mark.numba, pytest.mark.slow]

ROOT_SEED: Final = 20191028


def both(scenario: Scenario) -> tuple[Driver, Driver]:
    """Return the two drivers of one scenario."""
    cast = Cast(scenario)
    return SimpyDriver(cast), CompiledDriver(cast)


def outcome(driver: Driver, number: int, until: float | None = None) -> bytes | str:
    """Return the bytes of a replication's records, or the words of its refusal."""
    try:
        return driver.rows(ROOT_SEED, number, until).tobytes()
    except RunError as error:
        return str(error)


def differing(scenario: Scenario, numbers: range, until: float | None = None) -> int:
    """Count the replications that the drivers do not agree about in every bit."""
    one, two = both(scenario)
    return sum(outcome(one, n, until) != outcome(two, n, until) for n in numbers)


@pytest.mark.parametrize("name", shipped_scenarios())
def test_shipped_scenarios_have_the_same_log(name: str) -> None:
    """The first hundred logs of each shipped scenario are the same in every bit."""
    assert differing(load(name), range(100)) == 0


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", shipped_scenarios())
def test_shipped_scenarios_have_the_same_log_a_thousand_times(name: str) -> None:
    """The first thousand logs of each shipped scenario are the same in every bit."""
    assert differing(load(name), range(1000)) == 0


def test_logs_with_their_reports_are_equal() -> None:
    """Records, reports and names are equal, not only the numbers in the rows."""
    one, two = both(load("iraq_2019_2020"))
    for number in range(10):
        assert one.log(ROOT_SEED, number) == two.log(ROOT_SEED, number)


def test_the_hot_scenario_has_the_same_log() -> None:
    """Many attacks, raids, interrupted operations, releases: the same in every bit."""
    assert differing(builders.hot(), range(40)) == 0


def test_unknown_authors_with_several_targets_are_the_same() -> None:
    """Whom an act of the record is laid to does not hang on the engine."""
    chosen = builders.by_somebody(40, kataib=0.03, asaib=0.05, usbat=0.02)
    assert differing(chosen, range(40)) == 0


def test_records_that_tie_are_in_the_same_order() -> None:
    """Where nearly every record shares its moment with another, logs still agree."""
    scenario = tied()
    rows = SimpyDriver(Cast(scenario)).rows(ROOT_SEED, 0).records
    assert len(set(rows["time"])) < len(rows) / 4
    assert differing(scenario, range(60)) == 0


@st.composite
def drawn(draw: st.DrawFn) -> Scenario:
    """Return a scenario of the shipped kinds with drawn actors and parameters."""
    militias = [f"m{n}" for n in range(draw(st.integers(1, 5)))]
    values = {
        name: _values(draw, KINDS[name], params._asdict())
        for name, params in builders.PARAMS.items()
    }
    return builders.scenario(
        militias=militias,
        militia_params=values["militia"],
        host_params=values["host_government"],
        sponsor_params=values["sponsor"],
        foreign_params=values["foreign_power"],
        horizon=draw(st.sampled_from([5.0, 20.0, 60.0])),
        max_incidents=300,
    )


def _values(draw: Any, kind: Kind, usual: dict[str, float]) -> dict[str, float]:
    """Draw parameters: as usual, up to four times more or less, or at a low limit."""
    found: dict[str, float] = {}
    for name, row in parameter_table(kind).items():
        factor = draw(st.sampled_from([1.0, 1.0, 0.25, 0.5, 2.0, 4.0, 0.0]))
        value = min(max(usual[name] * factor, row.low), row.high)
        found[name] = math.floor(value) if usual[name] == int(usual[name]) else value
        found[name] = float(max(found[name], row.low))
    return found


@given(scenario=drawn(), number=st.integers(0, 2**64 - 1))
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_drawn_scenarios_have_the_same_log(scenario: Scenario, number: int) -> None:
    """Whatever the parameters within their limits, the drivers agree in every bit."""
    assert differing(scenario, range(number, number + 1)) == 0


# What overflows.

FAILING: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "incidents": ({"rate": 5.0, "max_incidents": 50}, "more than 50 incidents"),
    "running": (
        {"rate": 3.0, "crowd": 1.0, "answering": 0.0, "stopping": 0.0},
        f"more than {capacity.MOST_RUNNING} operations",
    ),
    "pending": ({"rate": 800.0}, f"more than {capacity.MOST_PENDING} perceptions"),
    "records": (
        {"rate": 60.0, "answering": 0.0, "stopping": 0.0},
        f"more than {capacity.MOST_RECORDS} records",
    ),
    "hazard above": ({"rate": 2.0, "excess": 900.0}, "must lie between 0 and"),
    "hazard below": ({"rate": 2.0, "excess": -900.0}, "must lie between 0 and"),
}


@pytest.mark.parametrize("name", FAILING)
def test_both_drivers_refuse_in_the_same_words(name: str) -> None:
    """What overflows or leaves its bounds is one RunError: same day, words, command."""
    fields, words = FAILING[name]
    one, two = both(_long(fields))
    expected = outcome(one, 3)
    assert isinstance(expected, str)
    assert words in expected
    assert expected.endswith(f"--root-seed {ROOT_SEED} --replication 3")
    assert outcome(two, 3) == expected


def _long(fields: dict[str, Any]) -> Scenario:
    """Return drummers with room for what is to overflow."""
    every: dict[str, Any] = {"horizon": 200.0, "max_incidents": 10**6} | fields
    return drumming(**every)


def test_a_failed_replication_leaves_the_next_alone() -> None:
    """After an overflow the same driver runs the next replication as if first."""
    scenario = drumming(max_incidents=85)
    one, two = both(scenario)
    outcomes = [outcome(two, number) for number in range(30)]
    assert 0 < sum(isinstance(value, str) for value in outcomes) < 30
    assert outcomes == [outcome(one, number) for number in range(30)]


# What must be caught.


def _later_by_a_bit(u: float, mean: float) -> float:
    """Return the exponential, one float up."""
    return math.nextafter(mean * (0.0 - math.log(1.0 - u)), math.inf)


def _lenient(quality: float, u: float) -> bool:
    """Whether the evidence is true, one time in a thousand too often."""
    return u < quality + 0.001


class _Exchanged:
    """The ranks with two of them exchanged; only ties can show it."""

    PERCEPTION, DECISION = Rank.DECISION, Rank.PERCEPTION
    STAGE = Rank.STAGE


PLANTED: Final[dict[str, tuple[Any, str, Any, Any]]] = {
    "one bit of a waiting time": (
        sim.engine.run, "exponential", _later_by_a_bit, drumming,
    ),
    "a rule's probability": (
        sim.engine.perception, "evidence_is_true", _lenient, builders.hot,
    ),
    "the order of ties": (sim.engine.escalation, "Rank", _Exchanged, tied),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_a_change_in_one_driver_is_caught(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A single bit, one decision in a thousand, or a swapped tie makes logs differ."""
    module, attribute, fault, build = PLANTED[name]
    monkeypatch.setattr(module, attribute, fault)
    assert differing(build(), range(20)) > 0


# The cache.


def test_the_cache_is_named_by_the_kinds() -> None:
    """The folder of compiled code depends on the kinds, and is found again."""
    shipped = tuple(KINDS.values())
    assert digest_of(shipped) == digest_of(shipped)
    assert len({digest_of(shipped), digest_of((DRUMMER,)), digest_of(shipped[:2])}) == 3


PROBE: Final = """
import sys
sys.path.insert(0, sys.argv[1])
from changing import drumming
from sim.engine.cast import Cast
from sim.engine.compiled.driver import CompiledDriver
from sim.engine.driver import SimpyDriver
cast = Cast(drumming())
for driver in (SimpyDriver(cast), CompiledDriver(cast)):
    print(hash(driver.rows(1, 0).tobytes()))
"""


WHOLE: Final = """
import numpy as np
from sim.engine.cast import Cast
from sim.engine.compiled.driver import CompiledDriver
from sim.outcomes.measure import Measure
from tests.conformance.drummer import drumming
scenario = drumming()
rows = CompiledDriver(Cast(scenario)).rows(1, 0)
measure = Measure(scenario, scenario.horizon, is_compiled=True)
assert type(measure._call).__name__ == "CompiledMeasure"
print(hash(rows.tobytes()), hash(np.array([*measure.of(rows).values()]).tobytes()))
"""


@pytest.mark.verify
def test_damaged_compiled_code_is_made_again(tmp_path: Path) -> None:
    """Rubbish in the cache of compiled rules and outcomes, and a bit of it lost, is
    removed and compiled anew: the numbers are the same, and nothing is said.
    """
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    environment |= {"PYTHONHASHSEED": "0"}

    def numbers() -> str:
        done = subprocess.run(
            [sys.executable, "-c", WHOLE],
            capture_output=True, text=True, check=True, env=environment,
        )  # fmt: skip
        assert not done.stderr
        return done.stdout

    expected = numbers()
    code, lists = (sorted(tmp_path.rglob(f"*.{suffix}")) for suffix in ("nbc", "nbi"))
    assert len(code) == len(lists) == 2  # of the rules, and of the outcomes
    data = code[0].read_bytes()
    rubbish = {code[0]: data[:-5000] + bytes(5000), lists[1]: b"rubbish"}
    for file, damaged in rubbish.items():  # the first of them can be unpickled still
        file.write_bytes(damaged)
    assert numbers() == expected
    assert all(file.read_bytes() != damaged for file, damaged in rubbish.items())
    times = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.nb?")}
    assert numbers() == expected
    assert times == {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.nb?")}


@pytest.mark.verify
def test_a_changed_rule_is_never_run_from_old_code(tmp_path: Path) -> None:
    """A process that finds a rule changed compiles it, and agrees with SimPy."""
    source = Path(sys.modules[DRUMMER.view.__module__].__file__ or "").read_text()
    old, new = "ONE_DAY: Final = 1.0", "ONE_DAY: Final = 1.5"
    assert old in source
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    environment |= {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    found: list[str] = []
    for text in (source, source.replace(old, new)):
        (tmp_path / "changing.py").write_text(text)
        done = subprocess.run(
            [sys.executable, "-c", PROBE, str(tmp_path)],
            capture_output=True, text=True, check=True, env=environment,
        )  # fmt: skip
        on_simpy, on_compiled = done.stdout.split()
        assert on_simpy == on_compiled
        found.append(on_compiled)
    assert found[0] != found[1]
