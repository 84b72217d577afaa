"""Do all rules compile as they stand, and give the same bits as Python?"""

from __future__ import annotations

import copy
import struct
from typing import Any, Final, get_type_hints

import pytest
from scipy.stats import qmc

from sim.engine.situations import (
    N_ACTORS,
    N_COORDINATES,
    Rule,
    arguments,
    numbers_in,
    rules_of,
    situation,
    whole,
)
from sim.ladder import Act
from sim.rules import transitions
from sim.rules.behaviour import MOST_MEANS, PER_MEANS, Effect
from sim.rules.host_government.enforcement import knowledge, raid_hazard
from sim.rules.inversion import exponential
from sim.rules.perceiving import NEWS_DAYS
from sim.rules.registry import KINDS
from sim.rules.transitions import Deed, World

pytest.importorskip("numba")

from tests.conformance.compiling import compiled, record_of, record_type

pytestmark = [pytest.mark.numba, pytest.mark.slow]

N_POINTS: Final = 256
N_SITES: Final = 2


@pytest.fixture(scope="module")
def points() -> list[list[float]]:
    """Return points that fill each coordinate evenly, and the lowest corner."""
    cube = qmc.LatinHypercube(N_COORDINATES, rng=1)
    return [[0.0] * N_COORDINATES, *cube.random(N_POINTS - 1).tolist()]


def bits(value: Any) -> list[bytes]:
    """Return every number of a value, bit by bit: 0.0 is not -0.0."""
    return [struct.pack("<d", number) for number in numbers_in(value)]


def differing(rule: Rule, function: Any, points: list[list[float]]) -> int:
    """Count the points at which `function`, compiled, is not the rule in Python.

    What a rule returns is compared, and the memory that it leaves behind.
    """
    kind, machine = KINDS[rule.kind], compiled(function)
    hints = get_type_hints(kind.memory, include_extras=True)
    of_means = {
        name: MOST_MEANS
        for name, hint in hints.items()
        if PER_MEANS in getattr(hint, "__metadata__", ())
    }
    columns = record_type(kind.memory, N_ACTORS, of_means)
    count = 0
    for point in points:
        state = situation(rule, kind, point)
        ours = arguments(rule, state)
        theirs = [
            record_of(state[name], columns) if name == "memory" else state[name]
            for name in rule.takes
        ]
        expected, found = bits(rule.function(*ours)), bits(machine(*theirs))
        if "memory" in rule.takes:
            at = rule.takes.index("memory")
            expected += bits(ours[at])
            found += bits(theirs[at])
        count += expected != found
    return count


@pytest.mark.parametrize("name", KINDS)
def test_compiled_rules_give_the_same_bits(
    name: str, points: list[list[float]]
) -> None:
    """Every rule of every kind compiles as it stands and equals Python in each bit."""
    found = {r.label: differing(r, r.function, points) for r in rules_of(KINDS[name])}
    assert {label: n for label, n in found.items() if n} == {}


def reassociated(params: Any, view: Any) -> float:
    """The raid hazard with its product taken from the right: right to one ulp."""
    known = knowledge(view.intelligence)
    return params.raid_rate * (view.will * (params.ability * (view.authority * known)))


def shifted(params: Any, u: float) -> float:
    """A delay whose exponential is halved and doubled, with a rounding between."""
    return exponential(u, NEWS_DAYS / 3.0) * 3.0


@pytest.mark.parametrize(
    ("label", "function"), [("raid.hazard", reassociated), ("news_delay", shifted)]
)
def test_a_fault_of_one_unit_in_the_last_place_is_seen(
    label: str, function: Any, points: list[list[float]]
) -> None:
    """A rule that is wrong in the last bit only is wrong where it is not 0, often."""
    kind = KINDS["host_government"]
    rule = {rule.label: rule for rule in rules_of(kind)}[label]
    states = [situation(rule, kind, point) for point in points]
    n_positive = sum(rule.function(*arguments(rule, state)) > 0.0 for state in states)
    assert n_positive > N_POINTS / 10
    assert differing(rule, function, points) > n_positive / 10


def test_the_raid_hazard_is_what_its_planted_fault_resembles() -> None:
    """The faulty hazard agrees with the true one to 1e-15: only its bits differ."""
    rule = next(
        r for r in rules_of(KINDS["host_government"]) if r.label == "raid.hazard"
    )
    state = situation(rule, KINDS["host_government"], [0.3] * N_COORDINATES)
    right = raid_hazard(state["params"], state["view"])
    wrong = reassociated(state["params"], state["view"])
    assert wrong == pytest.approx(right, rel=1e-15)


def test_the_world_changes_by_the_same_bits(points: list[list[float]]) -> None:
    """The one function that changes the world does so alike in Python and compiled."""
    lengths = {
        "custody": N_ACTORS * N_ACTORS,
        "presence": N_SITES * N_ACTORS,
        "killed": 5,
        "wounded": 5,
    }
    columns = record_type(World, N_ACTORS, lengths)
    machine = compiled(transitions.apply)
    acts = list(Act)
    for point in points:
        u = iter(point)
        stocks = {
            name: [100.0 * next(u) for _ in range(lengths.get(name, N_ACTORS))]
            for name in columns.names or ()
            if name != "n_actors"
        }
        world = World(n_actors=N_ACTORS, **stocks)
        record = record_of(copy.deepcopy(world), columns)
        for _ in range(3):
            deed = Deed(
                act=int(acts[whole(next(u), len(acts))]),
                actor=whole(next(u), N_ACTORS),
                target=whole(next(u), N_ACTORS),
                site=whole(next(u), N_SITES + 1) - 1,
                effect=Effect(*(float(whole(next(u), 30)) for _ in Effect._fields)),
                is_put_in=whole(next(u), 2),
            )
            transitions.apply(world, deed)
            machine(record, deed)
            assert bits(world) == bits(record), Act(deed.act).name
