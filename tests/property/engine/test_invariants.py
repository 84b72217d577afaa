"""Does what must hold after each record hold in the logs of what ships?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

import sim.engine.replay
from sim.engine.cast import Cast
from sim.engine.choice import choose_driver
from sim.engine.log import UNREPORTED, Origin, RecordType
from sim.engine.run import run_replication
from sim.ladder import Act, name_of
from sim.scenario.load import shipped_scenarios
from tests.builders import hot
from tests.property.engine.invariants import faults_in
from tests.property.engine.record_rows import shipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.engine.log import IncidentLog, Record
    from sim.scenario.scenario import Scenario

ROOT_SEED: Final = 20200706


def faulty(scenario: Scenario, n: int) -> list[str]:
    """Return the faults in the first n logs of a scenario."""
    cast = Cast(scenario)
    driver, _ = choose_driver(cast, n)
    found: list[str] = []
    for number in range(n):
        log = driver.log(ROOT_SEED, number)
        found += [f"replication {number}, {fault}" for fault in faults_in(cast, log)]
    return found


@pytest.mark.parametrize("name", shipped_scenarios())
def test_what_ships_keeps_every_invariant(name: str) -> None:
    """Fifty logs of each shipped scenario are in order, owed to causes, and add up."""
    assert faulty(shipped(name), 50) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", shipped_scenarios())
def test_what_ships_keeps_every_invariant_a_thousand_times(name: str) -> None:
    """A thousand logs of each shipped scenario keep every invariant."""
    assert faulty(shipped(name), 1000) == []


def test_a_world_in_which_everything_happens_keeps_every_invariant() -> None:
    """So do logs with many raids, thwarted attacks, strikes and releases."""
    assert faulty(busy(), 8) == []


def busy() -> Scenario:
    """Return a scenario in which everything that is checked happens often."""
    return hot(
        militia_params={
            "base_rate": 0.15,
            "retaliation_share": 0.3,
            "coordination_share": 0.5,
        },
        host_params={"raid_rate": 0.5},
    )


@pytest.mark.parametrize("name", shipped_scenarios())
def test_what_is_exogenous_is_never_simulated(name: str) -> None:
    """Acts that a scenario lists as exogenous happen only when they are put in."""
    scenario = shipped(name)
    cast = Cast(scenario)
    simulated = {
        r.act
        for number in range(3)
        for r in run_replication(cast, ROOT_SEED, number).incidents()
        if r.origin == Origin.SIMULATED
    }
    assert {name_of(act) for act in simulated & set(scenario.exogenous)} == set()


# What must be caught.


@pytest.fixture(scope="module")
def whole() -> tuple[Cast, IncidentLog]:
    """Return a log in which everything that is checked happens."""
    cast = Cast(busy())
    for number in range(50):
        log = run_replication(cast, ROOT_SEED, number)
        acts = {r.act for r in log.incidents()}
        wanted = {Act.RELEASE, Act.AIR_STRIKE, Act.THWARTED_ATTACK}
        if wanted <= acts and last_strike_answers_another(log):
            return cast, log
    raise AssertionError("nothing of it happens")


def last_strike_answers_another(log: IncidentLog) -> bool:
    """Whether the last air strike answers what somebody else did, not its author."""
    known = {r.identity: r for r in log.records}
    strike = [r for r in log.incidents() if r.act == Act.AIR_STRIKE][-1]
    cause = known[strike.cause]
    while cause.record_type == RecordType.STAGE:
        cause = known[cause.cause]
    return cause.actor != strike.actor


def changed(log: IncidentLog, act: Act, change: Callable[[Record], Any]) -> IncidentLog:
    """Return a log with its last simulated incident of an act changed, or left out."""
    records = list(log.records)
    place = max(
        k
        for k, r in enumerate(records)
        if r.act == act and r.record_type == RecordType.INCIDENT
    )
    other = change(records[place])
    records[place : place + 1] = [] if other is None else [other]
    return replace(log, records=tuple(records), reports=())


def with_effect(**counts: float) -> Callable[[Record], Record]:
    """Return a change of an incident's counts."""
    return lambda r: r._replace(effect=r.effect._replace(**counts))


PLANTED: Final[dict[str, tuple[Act, Callable[[Any], Any], str]]] = {
    "a release of too many": (
        Act.RELEASE, with_effect(persons=900.0), "frees 900",
    ),
    "an empty release": (Act.RELEASE, with_effect(persons=0.0), "frees 0"),
    "a blow at somebody else": (
        Act.AIR_STRIKE, lambda r: r._replace(target=r.target ^ 1), "hits another",
    ),
    "a blow out of the blue": (
        Act.AIR_STRIKE, lambda r: r._replace(cause=0), "was not planned",
    ),
    "an attack nowhere": (
        Act.ROCKET_ATTACK, lambda r: r._replace(site=-1), "nobody occupies",
    ),
    "an attack on its own": (
        Act.ROCKET_ATTACK, lambda r: r._replace(target=r.actor), "nobody occupies",
    ),
    "more hits than rounds": (
        Act.ROCKET_ATTACK, with_effect(hits=9999.0), "more than it fires",
    ),
    "nothing to thwart": (
        Act.THWARTED_ATTACK, lambda r: r._replace(target=r.target ^ 1),
        "nothing that had begun",
    ),
    "a cause that never was": (
        Act.THREAT, lambda r: r._replace(cause=5), "did not come before",
    ),
    "a time of its own": (
        Act.THREAT, lambda r: r._replace(time=-1.0), "comes after",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_told(name: str, whole: tuple[Cast, IncidentLog]) -> None:
    """Each fault put into a sound log is found, and said in words."""
    cast, log = whole
    act, change, words = PLANTED[name]
    assert faults_in(cast, log) == []
    assert any(words in fault for fault in faults_in(cast, changed(log, act, change)))


def test_a_report_of_an_answer_alone_is_told(whole: tuple[Cast, IncidentLog]) -> None:
    """What the press tells of an answer and not of what it answers is found."""
    cast, log = whole
    reports = tuple(
        UNREPORTED if record.act == Act.AIR_STRIKE else report
        for record, report in zip(log.records, log.reports, strict=True)
    )
    faults = faults_in(cast, replace(log, reports=reports))
    assert faults
    assert all("is reported, and not" in fault for fault in faults)


def test_a_record_told_twice_is_found(whole: tuple[Cast, IncidentLog]) -> None:
    """A record that stands twice in the log shares its identity with itself."""
    cast, log = whole
    twice = replace(log, records=(*log.records, log.records[-1]))
    assert any("shares its identity" in fault for fault in faults_in(cast, twice))


def test_the_dead_are_counted_once(
    whole: tuple[Cast, IncidentLog], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A world that forgets a dead person does not add up with its incidents."""
    cast, log = whole
    real = sim.engine.replay.apply

    def forgetful(world: Any, deed: Any) -> None:
        real(world, deed)
        world.killed[3] = 0.0

    monkeypatch.setattr(sim.engine.replay, "apply", forgetful)
    assert any("MILITIA do not add up" in fault for fault in faults_in(cast, log))
