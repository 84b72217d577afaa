"""What must and must not happen when a parameter stands at its end."""

from __future__ import annotations

import math
import pickle
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

import pytest

import sim.engine.escalation
from sim.draws import child, name_word
from sim.engine.cast import WORD_INCIDENT, WORD_STAGE, Cast
from sim.engine.log import IncidentLog, Record, RecordType
from sim.engine.run import run_replication
from sim.errors import RunError
from sim.ladder import Act, name_of
from sim.rules.inversion import SPREAD
from sim.rules.militia import MilitiaParams
from tests.builders import MILITIAS, hot, scenario, ticking

if TYPE_CHECKING:
    from sim.engine.replication import Replication
    from sim.scenario.scenario import Scenario

ROOT_SEED: Final = 20200622
Z: Final = 4.0

ATTACKS = (Act.ROCKET_ATTACK, Act.CONVOY_BOMB)
"""What a foreign power is harmed by and strikes for."""


def logs_of(chosen: Scenario, n: int = 12, until: float = 252.0) -> list[IncidentLog]:
    """Run the first n replications."""
    cast = Cast(chosen)
    return [run_replication(cast, ROOT_SEED, number, until) for number in range(n)]


def acts_in(logs: list[IncidentLog]) -> set[str]:
    """Return the names of all acts that happened."""
    return {name_of(record.act) for log in logs for record in log.incidents()}


def tempted(**changed: Any) -> Scenario:
    """Return the hot scenario with some parameters at their ends."""
    base: dict[str, dict[str, float]] = {
        "militia_params": {"base_rate": 0.12},
        "means_params": {"killed_per_hit": 0.06},
        "host_params": {"raid_rate": 0.5},
        "sponsor_params": {"directive_rate": 0.2},
        "foreign_params": {"tolerance": 0.3},
    }
    return scenario(**{name: base[name] | changed.get(name, {}) for name in base})


def test_the_tempted_scenario_shows_every_act_denied_below() -> None:
    """Without an end there are attacks, strikes, raids, thwarted attacks, obedience."""
    assert {
        "rocket_attack",
        "air_strike",
        "raid",
        "investigation",
        "thwarted_attack",
        "compliance",
        "disobedience",
        "arrest",
        "release",
        "seizure",
    } <= acts_in(logs_of(tempted()))


DENIED: Final[dict[str, tuple[dict[str, dict[str, float]], set[str]]]] = {
    "no strike response": (
        {"foreign_params": {"tolerance": 1000.0}},
        {"air_strike"},
    ),
    "no base rate": (
        {"militia_params": {"base_rate": 0.0}},
        {"rocket_attack", "thwarted_attack", "air_strike", "claim", "denial", "demand"},
    ),
    "no intelligence": (
        {
            "host_params": {"investigation_rate": 0.0, "trace_gain": 0.0},
            "militia_params": {"claim_share": 0.0},
        },
        {"raid", "arrest", "seizure", "release"},
    ),
    "no will": (
        {"host_params": {"will": -40.0}},
        {"raid", "thwarted_attack", "investigation", "arrest"},
    ),
    "no raid rate": ({"host_params": {"raid_rate": 0.0}}, {"raid", "arrest"}),
    "no ability": ({"host_params": {"ability": 0.0}}, {"raid", "thwarted_attack"}),
    "no obedience": ({"militia_params": {"obedience": 0.0}}, {"compliance"}),
    "no authority": ({"sponsor_params": {"authority": 0.0}}, {"compliance"}),
    "full obedience": (
        {"militia_params": {"obedience": 1.0}, "sponsor_params": {"authority": 1.0}},
        {"disobedience"},
    ),
    "no orders": (
        {"sponsor_params": {"directive_rate": 0.0}},
        {"directive_press", "directive_hold", "compliance", "disobedience"},
    ),
    "no release": ({"host_params": {"release_share": 0.0}}, {"release"}),
    "no demands": ({"foreign_params": {"demand_rate": 0.0}}, {"demand"}),
}


@pytest.mark.parametrize("name", DENIED)
def test_what_is_denied_never_happens(name: str) -> None:
    """A parameter at its end takes the acts that rest on it out of the world."""
    changed, denied = DENIED[name]
    assert acts_in(logs_of(tempted(**changed))) & denied == set()


def of(logs: list[IncidentLog], act: Act) -> list[Record]:
    """Return all incidents of one act."""
    return [r for log in logs for r in log.incidents() if r.act == act]


@pytest.mark.slow
def test_without_feedback_attacks_are_poisson() -> None:
    """With feedback, coordination and limits off, counts of attacks are Poisson.

    An attack that starts at t falls within the horizon T when its preparation and
    emplacement D end by then: the mean is b E[(T - D)+], here b (T - E[D]) to 1e-5.
    Forgetting the lag would shift the mean by 10 standard errors, one limit of three
    attacks at once would make the variance half the mean: 8 standard errors.
    """
    days, rate, n = 60.0, 0.5, 150
    chosen = scenario(
        militia_params={
            "base_rate": rate,
            "swing": 0.0,
            "retaliation_share": 0.0,
            "max_parallel": 0.0,
        },
        host_params={"raid_rate": 0.0, "detection_share": 0.0},
        sponsor_params={"directive_rate": 0.0},
        foreign_params={"tolerance": 1000.0},
    )
    counts = [
        sum(r.act == Act.ROCKET_ATTACK and r.actor == i for r in log.incidents())
        for log in logs_of(chosen, n, days)
        for i in range(len(MILITIAS))
    ]
    usual = MilitiaParams()
    lag = usual.preparation_days * math.exp(SPREAD * SPREAD / 2.0)
    mean = rate * (days - lag - usual.emplacement_days)
    n_counts = len(counts)
    found = sum(counts) / n_counts
    assert abs(found - mean) < Z * math.sqrt(mean / n_counts)
    variance = sum((count - found) ** 2 for count in counts) / (n_counts - 1)
    assert abs(variance / mean - 1.0) < Z * math.sqrt(
        2.0 / n_counts + 1.0 / mean / n_counts
    )


# What an incident presupposes.


@pytest.fixture(scope="module")
def logs() -> list[IncidentLog]:
    """Return logs in which everything happens."""
    return logs_of(tempted(), 40)


def test_nobody_is_released_who_was_not_arrested(logs: list[IncidentLog]) -> None:
    """Every release has an arrest before it, and never more go free than are held."""
    n_released = 0
    for log in logs:
        for i in range(len(MILITIAS)):
            steps = [
                r.effect.persons if r.act == Act.ARREST else -r.effect.persons
                for r in log.incidents()
                if r.act in (Act.ARREST, Act.RELEASE) and r.target == i
            ]
            assert all(held >= 0.0 for held in accumulate(steps))
            n_released += sum(step < 0.0 for step in steps)
    assert n_released > 20


def test_every_release_goes_back_to_an_arrest(logs: list[IncidentLog]) -> None:
    """The causes of a release lead to the arrest of its people, or to who forced it.

    A release forced by a show of force goes back, over it, to an arrest as well.
    """
    for log in logs:
        by_identity = {record.identity: record for record in log.records}
        for release in of([log], Act.RELEASE):
            record, acts = release, list[int]()
            while record.cause:
                record = by_identity[record.cause]
                acts.append(record.act)
            assert Act.ARREST in acts
            assert record.time < release.time


def test_no_strike_without_a_perceived_attack(logs: list[IncidentLog]) -> None:
    """Each strike goes back to an attack that its author had noticed and laid to it.

    The struck is whom the striker held responsible, which need not be the author. What
    was noticed while an answer was prepared is answered when that has landed; then the
    landing is the cause.
    """
    wrong = total = since = 0
    for log in logs:
        by_identity = {record.identity: record for record in log.records}
        noticed = {
            (r.cause, r.actor): r
            for r in log.records
            if r.record_type == RecordType.PERCEPTION
        }
        for strike in of([log], Act.AIR_STRIKE):
            planning = by_identity[strike.cause]
            assert planning.record_type == RecordType.STAGE
            attack = planning
            while attack.record_type == RecordType.STAGE:
                attack = by_identity[attack.cause]
            if attack.actor == strike.actor:
                since += 1
                assert any(
                    r.act in ATTACKS and r.target == strike.target
                    for (_, observer), r in noticed.items()
                    if observer == strike.actor and r.time < attack.time
                )
                continue
            assert attack.act in ATTACKS
            perception = noticed[attack.identity, strike.actor]
            assert attack.time <= perception.time < planning.time
            assert perception.target == strike.target
            total += 1
            wrong += perception.target != attack.actor
    assert total > 20
    assert wrong > 0
    assert since > 0


def test_only_what_is_running_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is broken off was under way, and neither goes on nor takes effect.

    Each break emits one incident, by whoever broke it off, caused by its act or by the
    stage that gave the team away; none where it needs persons and frees nobody.
    """
    broken: list[tuple[Any, float]] = []
    original = sim.engine.escalation.break_off

    def seen(replication: Replication, other: Any, by: int, cause: int) -> None:
        assert not other.is_over
        assert other in replication.running[other.actor]
        n_records = len(replication.records)
        original(replication, other, by, cause)
        told = replication.records[n_records:]
        assert told or other.operation.needs_amount
        for first in told[:1]:
            assert (first.act, first.actor) == (other.operation.broken_act, by)
            assert first.cause == cause
        assert other not in replication.running[other.actor]
        broken.append((other, replication.env.now))

    monkeypatch.setattr(sim.engine.escalation, "break_off", seen)
    cast, n_thwarted = Cast(tempted()), 0
    for number in range(40):
        broken.clear()
        log = run_replication(cast, ROOT_SEED, number)
        times = {record.identity: record.time for record in log.records}
        for other, when in broken:
            operation = other.operation
            done = child(
                other.identity, WORD_INCIDENT, name_word(operation.act.name), 0
            )
            assert done not in times
            for k, stage in enumerate(operation.stages):
                ended = child(other.identity, WORD_STAGE, name_word(stage.name), k)
                assert times.get(ended, 0.0) <= when
        n_thwarted += len(of([log], Act.THWARTED_ATTACK))
        assert len(of([log], Act.THWARTED_ATTACK)) == sum(
            other.operation.broken_act == Act.THWARTED_ATTACK for other, _ in broken
        )
    assert n_thwarted > 20


def test_without_opportunity_there_is_no_attack() -> None:
    """A militia that has nothing ready for any means attacks with none."""
    chosen = tempted()
    disarmed = [replace(actor, opportunity={"rocket": 0.0}) for actor in chosen.actors]
    logs = logs_of(replace(chosen, actors=tuple(disarmed)))
    assert acts_in(logs) & {"rocket_attack", "thwarted_attack"} == set()


# How a replication fails.


def test_a_runaway_fails_with_the_command_that_repeats_it() -> None:
    """Above the cap on incidents a replication fails, and says how to repeat it."""
    chosen = hot(max_incidents=20, path="scenarios/my file.yaml")
    with pytest.raises(RunError) as caught:
        run_replication(chosen, ROOT_SEED, 3)
    assert "more than 20 incidents" in str(caught.value)
    assert str(caught.value).endswith(
        f"escalade replay 'scenarios/my file.yaml' "
        f"--root-seed {ROOT_SEED} --replication 3"
    )
    assert caught.value.exit_code == 3
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_the_cap_itself_is_allowed() -> None:
    """A replication of exactly as many incidents as the cap succeeds."""
    log = run_replication(hot(), ROOT_SEED, 3)
    n = len(list(log.incidents()))
    assert run_replication(hot(max_incidents=n), ROOT_SEED, 3) == log
    with pytest.raises(RunError, match=f"more than {n - 1} incidents"):
        run_replication(hot(max_incidents=n - 1), ROOT_SEED, 3)


@pytest.mark.parametrize("rate", [0.26, -0.01, math.nan, math.inf])
def test_a_hazard_outside_its_bounds_fails(rate: float) -> None:
    """A hazard above its ceiling, below 0 or no number at all is never clipped."""
    with pytest.raises(RunError, match=r"between 0 and its ceiling 0\.25") as caught:
        run_replication(ticking(rate, ceiling_per_day=0.25), ROOT_SEED, 0)
    assert "escalade replay" in str(caught.value)
    assert "ticker.threat" in str(caught.value)


def test_a_hazard_at_its_ceiling_is_legal() -> None:
    """A hazard equal to its ceiling is within bounds, and so is one of 0."""
    assert list(run_replication(ticking(0.25), ROOT_SEED, 0).incidents())
    log = run_replication(ticking(0.0, ceiling_per_day=0.25), ROOT_SEED, 0)
    assert not list(log.incidents())
