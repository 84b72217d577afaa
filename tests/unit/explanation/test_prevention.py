"""What would have prevented an incident holds when it is replayed by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.alteration import Alteration
from sim.ensemble.ensemble import run_ensemble
from sim.explanation.explain import Explanation, explain
from sim.explanation.prevention import INSTEAD_DAYS, least
from sim.explanation.scene import scenes_of
from sim.ladder import Act
from sim.rules.behaviour import Kind, Operation, Percept, Range, Response, Role, Side
from sim.scenario.load import load
from sim.scenario.scenario import Actor, Scenario
from sim.units import Dimension
from tests import builders

if TYPE_CHECKING:
    from sim.engine.log import IncidentLog
    from sim.rules.behaviour import Holdings

STRIKES = {Act.AIR_STRIKE, Act.LEADER_KILLING, Act.MILITIA_LEADER_KILLING}


class CountingParams(NamedTuple):
    """How much an actor bears."""

    bears: Annotated[float, Range(Dimension.NUMBER, 0.0, 100.0)]
    """Threats that it hears before it answers one."""


class CountingMemory:
    """How many threats it heard."""

    __slots__ = ("heard",)
    heard: float

    def __init__(self, heard: float = 0.0) -> None:
        self.heard = heard


class CountingView(NamedTuple):
    """How many threats it heard."""

    heard: float


def _view(
    params: CountingParams,
    memory: Any,
    holdings: Holdings,
    other: int,
    now: float,
) -> CountingView:
    return CountingView(memory.heard)


def _notice(params: CountingParams, memory: Any, percept: Percept, now: float) -> None:
    memory.heard += 1.0


def _choose(params: CountingParams, view: Any, percept: Percept, u: float) -> int:
    return 1 if view.heard > params.bears else 0


def _at_once(params: CountingParams, view: Any, u: float) -> float:
    return 1e-9


def _hears(params: CountingParams, u: float) -> float:
    return 1e-9


def bearing(bears: float) -> Scenario:
    """Return a scenario of one who threatens and one who answers when it is enough."""
    kind = Kind(
        name="counting",
        side=Side.MILITIA,
        params=CountingParams,
        memory=CountingMemory,
        view=_view,
        notice=_notice,
        heeds=(Act.THREAT,),
        heeds_own=(),
        news_delay=_hears,
        roles=(Role("others", "whom it strikes", ("bystander",)),),
        responses=(
            Response(
                "answer",
                (Act.THREAT,),
                (Operation("strike", Act.AIR_STRIKE),),
                _choose,
                _at_once,
            ),
        ),
    )
    base = builders.ticking({"threatener": 0.3}, horizon=60.0)
    params = CountingParams(bears)
    actor = Actor("heeder", "heeder", kind, params, {"others": ("bystander",)})
    return replace(base, actors=(*base.actors, actor))


@given(st.sets(st.integers(0, 30), min_size=1), st.sets(st.integers(0, 30)))
def test_least_is_what_all_rest_on(needed: set[int], others: set[int]) -> None:
    """Of a set that needs certain places the least one is these, whatever else."""
    places = sorted(needed | others)
    assert least(places, lambda some: needed <= set(some)) == sorted(needed)


@given(st.lists(st.sets(st.integers(0, 12), min_size=1), min_size=1, max_size=4))
def test_nothing_less_than_the_least_prevents(ways: list[set[int]]) -> None:
    """Whatever prevents, the least set does, and with any one less it does not."""

    def prevents(some: Any) -> bool:
        return any(way <= set(some) for way in ways)

    found = least(list(range(13)), prevents)
    assert prevents(found)
    assert not any(prevents([p for p in found if p != one]) for one in found)


def test_redundant_causes_are_named_together() -> None:
    """Who strikes after more than two threats, of five, misses none, but three do.

    The answer is to the last threat, which alone prevents it, and of the four before it
    two may be missed, not three: with it two of them are enough.
    """
    run = run_ensemble(bearing(2.0), replications=1, root_seed=5, engine="simpy")
    (scene,) = scenes_of(run, [0], "simpy")
    acts = [record.act for record in scene.log().incidents()]
    strikes = [n for n, act in enumerate(acts, 1) if act == Act.AIR_STRIKE]
    n = strikes[2]
    threats = [k for k in range(1, n) if acts[k - 1] == Act.THREAT]
    assert len(threats) == 5
    why = explain(run, 0, n, engine="simpy")
    assert why.needed == (threats[-1],)
    assert len(why.together) == 3
    assert set(why.together) < set(threats[:-1])
    first = explain(run, 0, strikes[0], engine="simpy")
    assert first.needed == tuple(threats[:3])
    assert (first.together, first.n_tried) == ((), 0)


@pytest.fixture(scope="module", params=[(0, None), (2, "first strike"), (4, "worst")])
def why(request: pytest.FixtureRequest) -> Explanation:
    """Return why an incident of a replication of the scenario happened."""
    scenario = load("iraq_endogenous_2019_2020")
    run = run_ensemble(scenario, replications=5, root_seed=4, until=120.0)
    return explain(run, request.param[0], request.param[1], engine="simpy")


def world_without(why: Explanation, numbers: tuple[int, ...]) -> IncidentLog:
    """Return the log of the replication without some of its incidents."""
    own = list(why.log.incidents())
    identities = tuple(own[number - 1].identity for number in numbers)
    return why.scene.log_without(Alteration(without=identities))


def test_what_prevents_it_does_and_less_does_not(why: Explanation) -> None:
    """Without each set it is gone; with one of several put back it happens."""
    identity = why.steps[-1].record.identity
    own = list(why.log.incidents())
    for one in why.preventions:
        if one.numbers == why.none_at_all and why.none_at_all not in (
            *((n,) for n in why.needed),
            why.together,
        ):
            continue
        log = world_without(why, one.numbers)
        assert identity not in {record.identity for record in log.incidents()}
    for number in why.together:
        log = world_without(why, tuple(n for n in why.together if n != number))
        assert identity in {record.identity for record in log.incidents()}
        assert own[number - 1].time < why.steps[-1].record.time


def test_what_comes_in_its_place_is_new_and_near(why: Explanation) -> None:
    """It is in the other world only, of its class, and no nearer one is."""
    own = {record.identity for record in why.log.incidents()}
    target = why.steps[-1].record
    same = STRIKES if target.act in STRIKES else {target.act}
    for one in why.preventions:
        log = world_without(why, one.numbers)
        every = [record for record in log.incidents() if record.act in same]
        assert one.days == tuple(record.time for record in every)
        new = [
            abs(record.time - target.time)
            for record in every
            if record.identity not in own
        ]
        nearest = min(new, default=INSTEAD_DAYS + 1.0)
        if one.instead is None:
            assert nearest > INSTEAD_DAYS
        else:
            assert abs(one.instead.time - target.time) == nearest <= INSTEAD_DAYS


def test_without_some_none_of_its_class_happens() -> None:
    """The set that leaves no strike at all leaves none, and less leaves one."""
    scenario = load("iraq_endogenous_2019_2020")
    run = run_ensemble(scenario, replications=12, root_seed=4, until=150.0)
    n_seen = 0
    for scene in scenes_of(run, engine="simpy"):
        if not any(record.act in STRIKES for record in scene.log().incidents()):
            continue
        why = explain(run, scene.member, "first strike", engine="simpy")
        numbers = why.none_at_all
        if not numbers:
            continue
        n_seen += 1
        log = world_without(why, numbers)
        assert not any(record.act in STRIKES for record in log.incidents())
        for number in numbers:
            less = world_without(why, tuple(n for n in numbers if n != number))
            assert any(record.act in STRIKES for record in less.incidents())
    assert n_seen >= 3


def test_engines_tell_alike_what_prevents_it(why: Explanation) -> None:
    """Sets, what comes instead and how often are the same on both engines."""
    pytest.importorskip("numba")
    scenario = why.scene.scenario
    run = run_ensemble(scenario, replications=5, root_seed=4, until=120.0)
    other = explain(run, why.scene.member, why.number, engine="compiled")
    assert replace(other, meant=why.meant).as_data() == why.as_data()
