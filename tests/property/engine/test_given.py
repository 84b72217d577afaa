"""What is put in from outside: it has an author or none, and takes what there is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.cast import VISIBILITY, Cast
from sim.engine.log import NOBODY, Origin, RecordType
from sim.engine.replay import rebuild
from sim.engine.run import run_replication
from sim.engine.situations import N_ACTORS, N_COORDINATES, params_at, percept_at
from sim.engine.world import blank, check_invariants, new_world
from sim.ladder import Act, Visibility
from sim.rules.behaviour import Effect, Kind
from sim.rules.registry import KINDS
from sim.rules.transitions import Deed, apply
from sim.scenario.scenario import Change, Given
from tests.builders import by_somebody, scenario

if TYPE_CHECKING:
    from sim.engine.log import Record
    from sim.scenario.scenario import Scenario

SILENT: Final[dict[str, Any]] = {
    "militia_params": {"base_rate": 0.0},
    "host_params": {"investigation_rate": 0.0},
    "sponsor_params": {"directive_rate": 0.0},
    "foreign_params": {"demand_rate": 0.0},
}
"""Parameters with which nobody does anything unless something is put in."""


def told(act: Act, actor: str, target: str, **counts: float) -> list[Record]:
    """Return the records of a world in which one incident is put in."""
    incident = Given("it", 10.0, 0.0, act, actor, target, "", Effect(**counts))
    chosen = scenario(**SILENT, given=(incident,), horizon=20.0)
    return list(run_replication(Cast(chosen), 7, 0).records)


def observers_of(records: list[Record]) -> list[tuple[int, int]]:
    """Return who noticed the incident put in, and whom each holds responsible."""
    first = records[0].identity
    return [
        (r.actor, r.target)
        for r in records
        if r.record_type == RecordType.PERCEPTION and r.cause == first
    ]


MILITIAS: Final = (0, 1, 2)
IRAQ, IRAN, AMERICA = 3, 4, 5


def test_a_covert_act_by_nobody_is_blamed_on_a_suspect() -> None:
    """Who has suspects holds one of them responsible; who has none hears nothing."""
    observers = observers_of(told(Act.ROCKET_ATTACK, "", "united_states", rounds=3.0))
    assert {observer for observer, _ in observers} == {IRAQ, AMERICA}
    assert all(author in MILITIAS for _, author in observers)


def test_the_same_act_by_a_militia_reaches_the_sponsor_too() -> None:
    """With an author the sponsor, which has no suspects, hears of it and of whom."""
    observers = observers_of(told(Act.ROCKET_ATTACK, "kataib", "united_states"))
    assert (IRAN, 0) in observers
    assert {observer for observer, _ in observers} == {0, IRAQ, IRAN, AMERICA}


@pytest.mark.parametrize(
    "act", [act for act in Act if VISIBILITY[act] != Visibility.COVERT and act]
)
def test_an_open_or_private_act_by_nobody_is_noticed_by_nobody(act: Act) -> None:
    """An act whose author shows itself cannot be laid to anybody without one."""
    records = told(act, "", "iraq")
    assert len(records) == 1
    assert records[0].actor == NOBODY


@pytest.mark.parametrize("act", [act for act in Act if act])
@pytest.mark.parametrize("actor", ["", "kataib", "iraq", "iran", "united_states"])
def test_any_act_may_be_put_in_without_target(act: Act, actor: str) -> None:
    """An incident without target runs, and changes the stocks and persons of nobody."""
    cast = Cast(scenario(**SILENT, horizon=30.0))
    world = new_world(cast)
    before = repr(world)
    who = cast.index[actor] if actor else NOBODY
    effect = Effect(rounds=2.0, launchers=1.0, persons=3.0)
    apply(world, Deed(int(act), who, NOBODY, NOBODY, effect, 1))
    if not (act == Act.ROCKET_ATTACK and actor):  # it has fired, at whomever
        assert repr(world) == before
    check_invariants(world)
    assert told(act, actor, "", rounds=2.0, launchers=1.0, persons=3.0)


# Who did what nobody is known to have done.


def authors(chosen: Scenario, numbers: range) -> list[str]:
    """Return who did each row of the record, over some replications."""
    logs = (run_replication(Cast(chosen), 20200706, number) for number in numbers)
    return [
        log.actor_name(record.actor)
        for log in logs
        for record in log.incidents()
        if record.origin == Origin.RECORD
    ]


def test_an_unknown_author_is_drawn_by_all_that_it_might_have_attacked() -> None:
    """With twice the targets an actor is twice as likely; 1,600 draws, z = 4."""
    drawn = authors(by_somebody(40, kataib=0.05, asaib=0.05), range(40))
    share, n = 2.0 / 3.0, len(drawn)
    assert n == 1600
    spread = 4.0 * math.sqrt(share * (1.0 - share) / n)
    assert abs(drawn.count("kataib") / n - share) < spread


def test_a_suspect_taken_away_moves_nobody_elses_draw() -> None:
    """What one did without the third suspect, one did with it, or the third did."""
    rates = {"kataib": 0.05, "asaib": 0.05}
    fewer = authors(by_somebody(40, **rates), range(5))
    more = authors(by_somebody(40, **rates, usbat=0.05), range(5))
    assert {"kataib", "asaib", "usbat"} == set(more)
    assert all(b in (a, "usbat") for a, b in zip(fewer, more, strict=True))


# Several changes at once.


@given(names=st.lists(st.text("abcdefgh_", min_size=1), min_size=2, max_size=6,
                      unique=True))  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_changes_of_one_moment_all_last(names: list[str]) -> None:
    """Whatever they are called, developments of one day undo nothing of each other."""
    parameters = ("ability", "detection_share", "evidence", "seizure_share",
                  "find_share", "release_share")  # fmt: skip
    changes = tuple(
        Change(name, 5.0, 0.0, "iraq", parameter, "set", 0.125)
        for name, parameter in zip(names, parameters, strict=False)
    )
    cast = Cast(scenario(**SILENT, changes=changes, horizon=10.0))
    params = rebuild(cast, run_replication(cast, 7, 0)).params[IRAQ]
    assert [getattr(params, change.parameter) for change in changes] == [0.125] * len(
        changes
    )


# Nobody in a memory.


class Strict(list[float]):
    """A list that refuses to count from its end."""

    def __getitem__(self, index: Any) -> Any:
        assert index >= 0, "read at -1"
        return super().__getitem__(index)

    def __setitem__(self, index: Any, value: Any) -> None:
        assert index >= 0, "set at -1"
        super().__setitem__(index, value)


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
@given(uniforms=st.lists(st.floats(0.0, 0.999), min_size=40, max_size=40))
@settings(max_examples=25, deadline=None)
def test_nobody_has_no_place_in_a_memory(kind: Kind, uniforms: list[float]) -> None:
    """Whatever is noticed without author or target, no list is read from its end."""
    u = iter((uniforms * (N_COORDINATES // 40 + 1))[:N_COORDINATES])
    params = params_at(kind, u)
    for act in {*kind.heeds, *kind.heeds_own}:
        for author, target, mine in ((-1, 0, 0), (-1, -1, 0), (1, -1, 0), (0, -1, 1)):
            memory = blank(kind.memory, N_ACTORS)
            for field in kind.memory.__dataclass_fields__:
                if isinstance(getattr(memory, field), list):
                    setattr(memory, field, Strict(getattr(memory, field)))
            percept = percept_at(kind, (act,), 0, iter(uniforms))._replace(
                author=author, target=target, is_mine=mine, is_at_me=int(target == 0)
            )
            kind.notice(params, memory, percept, 3.0)


# Persons and stocks that are put in or taken out.

PERSONS: Final = st.integers(0, 30).map(float)


@given(held=PERSONS, elsewhere=PERSONS, freed=PERSONS)
def test_a_release_put_in_frees_no_more_than_its_holder_has(
    held: float, elsewhere: float, freed: float
) -> None:
    """What is told of a release is taken off custody and detained alike, down to 0.

    Persons in another's custody stay there.
    """
    world = new_world(Cast(scenario()))
    for holder, persons in ((IRAQ, held), (IRAN, elsewhere)):
        apply(world, Deed(Act.ARREST, holder, 0, NOBODY, Effect(persons=persons)))
    apply(world, Deed(Act.RELEASE, IRAQ, 0, NOBODY, Effect(persons=freed), 1))
    left = held - min(held, freed)
    assert world.custody[IRAQ * world.n_actors] == left
    assert world.custody[IRAN * world.n_actors] == elsewhere
    assert world.detained[0] == left + elsewhere
