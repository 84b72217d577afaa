"""Is the log the whole story? Its records rebuild the world and every memory."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sim.engine.cast import Cast
from sim.engine.log import IncidentLog, RecordType
from sim.engine.replay import State, at_start, rebuild, replay
from sim.engine.replication import Replication
from sim.engine.run import simulate
from sim.engine.world import check_invariants, new_world
from sim.errors import RunError
from sim.ladder import Act
from sim.rules.behaviour import Effect, Kind, parameter_table
from sim.rules.registry import KINDS
from sim.rules.transitions import Deed, World, apply
from sim.scenario.scenario import Change, Given
from sim.units import Dimension
from tests.builders import hot, scenario

DAYS = 60.0


def ran(cast: Cast, root_seed: int) -> tuple[State, IncidentLog]:
    """Run one replication; return its own final state, and its log."""
    replication = Replication(cast, root_seed, 0, DAYS)
    log = simulate(replication)
    state = State(replication.world, replication.memories, replication.params)
    return state, log


def some_of(kind: Kind) -> Any:
    """Draw a few parameters of a kind anywhere within their limits.

    Rates stay below 1 per day, stocks below 1,000 and numbers, many of them exponents,
    below 1: hot, but done in milliseconds.
    """
    drawn: dict[str, st.SearchStrategy[float]] = {}
    for name, row in parameter_table(kind).items():
        high = min(row.high, 1000.0)
        if row.dimension in (Dimension.RATE, Dimension.NUMBER):
            high = max(row.low, min(row.high, 1.0))
        drawn[name] = st.floats(row.low, high)
        if row.dimension == Dimension.COUNT:
            drawn[name] = st.integers(int(row.low), int(high)).map(float)
    names = st.lists(st.sampled_from(sorted(drawn)), max_size=4, unique=True)
    return names.flatmap(
        lambda chosen: st.fixed_dictionaries({name: drawn[name] for name in chosen})
    )


def changes() -> list[Change]:
    """Return developments that move memories' own parameters while they fade."""
    return [
        Change("sooner", 10.0, 0.0, "united_states", "provocation_memory", "set", 3.0),
        Change("harder", 20.0, 0.0, "iraq", "will", "add", 1.0),
        Change("longer", 30.0, 0.0, "kataib", "readiness_memory", "add", 30.0),
    ]


def incidents() -> list[Given]:
    """Return incidents put in from outside; two take more than there is."""
    killing = Effect(killed_militia=2.0, killed_sponsor=1.0)
    return [
        Given("killing", 15.0, 0.0, Act.LEADER_KILLING, *TO_KATAIB, "", killing),
        Given(
            "salvo", 12.0, 0.0, Act.ROCKET_ATTACK, "kataib", "united_states", "taji",
            Effect(rounds=5000.0),
        ),
        Given(
            "amnesty", 13.0, 0.0, Act.RELEASE, "iraq", "kataib", "",
            Effect(persons=500.0),
        ),
        Given("order", 16.0, 0.0, Act.DIRECTIVE_PRESS, "iran", "kataib", "", Effect()),
        Given(
            "base", 40.0, 0.0, Act.BASE_HANDOVER, "united_states", "iraq", "taji",
            Effect(),
        ),
    ]  # fmt: skip


TO_KATAIB = ("united_states", "kataib")


@given(
    root_seed=st.integers(0, 2**64 - 1),
    militia=some_of(KINDS["militia"]),
    host=some_of(KINDS["host_government"]),
    sponsor=some_of(KINDS["sponsor"]),
    foreign=some_of(KINDS["foreign_power"]),
)
@settings(max_examples=60, deadline=None)
def test_a_log_rebuilds_world_memories_and_parameters(
    root_seed: int,
    militia: dict[str, float],
    host: dict[str, float],
    sponsor: dict[str, float],
    foreign: dict[str, float],
) -> None:
    """Replaying a log gives the final state of its replication, to the last bit.

    After every record on the way no stock is negative.
    """
    cast = Cast(
        scenario(
            militia_params={"base_rate": 0.2, **militia},
            host_params={"raid_rate": 0.5, **host},
            sponsor_params=sponsor,
            foreign_params=foreign,
            changes=tuple(changes()),
            given=tuple(incidents()),
            max_incidents=2000,
        )
    )
    try:
        expected, log = ran(cast, root_seed)
    except RunError as error:
        if "more than" in str(error):  # a runaway has no final state
            reject()
        raise
    state = at_start(cast, log)
    for _ in replay(cast, log, state):
        check_invariants(state.world)
    assert state == expected
    assert rebuild(cast, log) == expected


def test_every_kind_of_record_takes_part() -> None:
    """The replayed logs hold developments, stages, perceptions and incidents."""
    cast = Cast(hot(changes=tuple(changes()), given=tuple(incidents())))
    expected, log = ran(cast, 11)
    assert {record.record_type for record in log.records} == set(RecordType)
    assert rebuild(cast, log) == expected
    assert expected.memories != at_start(cast, log).memories
    assert expected.world != new_world(cast)


@pytest.mark.parametrize("left_out", RecordType)
def test_a_record_left_out_is_missed(left_out: RecordType) -> None:
    """Without one of its records a log no longer rebuilds the state.

    Stages are the exception unless one is noticed, and then its perception has no
    cause to be found by.
    """
    cast = Cast(hot(changes=tuple(changes()), given=tuple(incidents())))
    expected, log = ran(cast, 11)
    kept = [record for record in log.records if record.record_type != left_out]
    assert len(kept) < len(log.records)
    poorer = replace(log, records=tuple(kept), reports=())
    try:
        assert rebuild(cast, poorer) != expected
    except KeyError:
        assert left_out in (RecordType.STAGE, RecordType.INCIDENT)


def test_records_are_in_the_order_of_time() -> None:
    """No record is earlier than the one before it, and none lies past the horizon."""
    for seed in range(20):
        _, log = ran(Cast(hot()), seed)
        times = [record.time for record in log.records]
        assert times == sorted(times)
        assert all(0.0 <= time < DAYS for time in times)


def test_identities_name_one_record_each() -> None:
    """No two records of a log share an identity, and every cause is an earlier one."""
    for seed in range(20):
        _, log = ran(Cast(hot(given=tuple(incidents()))), seed)
        seen = {0}
        for record in log.records:
            assert record.cause in seen, record
            assert record.identity not in seen, record
            seen.add(record.identity)


N, SITES = 3, 2


class Worldly(RuleBasedStateMachine):
    """Deeds that the rules could do, in any order, against simple sums."""

    @initialize(people=st.integers(0))
    def begin(self, people: int) -> None:
        """Start with nobody held, the same people at every site."""
        self.world = World(
            n_actors=N,
            custody=[0.0] * (N * N),
            detained=[0.0] * N,
            presence=[float(people)] * (SITES * N),
            killed=[0.0] * 5,
            wounded=[0.0] * 5,
        )
        self.held = 0
        self.dead = 0

    def do(self, act: Act, actor: int, other: int, site: int = -1, **n: float) -> None:
        """Apply one deed."""
        apply(self.world, Deed(int(act), actor, other, site, Effect(**n)))

    who = st.integers(0, N - 1)
    share = st.floats(0.0, 1.0)

    @rule(actor=who, other=who, killed=st.integers(0, 9))
    def attack(self, actor: int, other: int, killed: int) -> None:
        """Kill."""
        self.do(Act.ROCKET_ATTACK, actor, other, killed_foreign=float(killed))
        self.dead += killed

    @rule(actor=who, other=who, persons=st.integers(0, 30))
    def arrest(self, actor: int, other: int, persons: int) -> None:
        """Take persons into custody."""
        self.do(Act.ARREST, actor, other, persons=float(persons))
        self.held += persons

    @rule(actor=who, other=who, share=share)
    def release(self, actor: int, other: int, share: float) -> None:
        """Let some of them go."""
        free = int(share * self.world.custody[actor * N + other])
        self.do(Act.RELEASE, actor, other, persons=float(free))
        self.held -= free

    @rule(actor=who, other=who, site=st.integers(-1, SITES - 1))
    def hand_over(self, actor: int, other: int, site: int) -> None:
        """Leave a site."""
        self.do(Act.BASE_HANDOVER, actor, other, site)
        if site >= 0:
            assert self.world.presence[site * N + actor] == 0.0

    @rule(
        act=st.sampled_from([Act.THREAT, Act.RAID, Act.DEMAND, Act.COMPLIANCE]),
        actor=who,
        other=who,
        persons=st.integers(0, 9),
    )
    def talk(self, act: Act, actor: int, other: int, persons: int) -> None:
        """Do what changes nothing, whatever numbers it carries."""
        before = repr(self.world)
        self.do(act, actor, other, persons=float(persons), rounds=1.0, force=0.5)
        assert repr(self.world) == before

    @invariant()
    def holds(self) -> None:
        """Stocks are never negative, and add up to what came in less what went out.

        Whoever is detained is in somebody's custody.
        """
        if not hasattr(self, "world"):
            return
        check_invariants(self.world)
        assert sum(self.world.custody) == sum(self.world.detained) == self.held
        assert sum(self.world.killed) == self.dead
        for i in range(N):
            held = sum(self.world.custody[j * N + i] for j in range(N))
            assert self.world.detained[i] == held


TestWorldly = Worldly.TestCase
TestWorldly.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)


@pytest.mark.parametrize("name", ["custody", "detained", "presence", "killed"])
def test_a_negative_stock_is_refused_by_name(name: str) -> None:
    """`check_invariants` names the stock that fell below 0, or is not a number."""
    world = new_world(Cast(hot()))
    for wrong in (-1.0, float("nan")):
        getattr(world, name)[1] = wrong
        with pytest.raises(RunError, match=rf"{name}\[1\]"):
            check_invariants(world)
