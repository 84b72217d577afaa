"""What would have prevented an incident holds when it is replayed by hand."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.digits import short
from sim.docstrings import field_texts
from sim.engine.alteration import Alteration
from sim.engine.choice import driver_for
from sim.engine.log import Origin, RecordType
from sim.ensemble.ensemble import run_ensemble
from sim.explanation.cause import scene_knowing
from sim.explanation.decision import COUNTED, GRID, PLAIN, Otherwise
from sim.explanation.difference import but_for
from sim.explanation.explain import Explanation, explain, explained, links_of
from sim.explanation.prevention import (
    INSTEAD_DAYS,
    Ban,
    Prevention,
    Swap,
    least,
    lighter,
    swapped_in,
    together,
)
from sim.explanation.scene import scenes_of
from sim.ladder import ACTS, Act
from sim.reports.why import (
    MOST_MOVES,
    TERMS,
    apart_text,
    chain_chance_text,
    chain_text,
    chance_text,
    changed_text,
    deed_label,
    heading,
    incident_text,
    links_text,
    moves_text,
    needs_text,
    others_text,
    prevention_cells,
    prevention_rows,
    preventions_legend,
    reasons_legend,
    short_text,
    swaps_text,
    tell,
    together_text,
)
from sim.rules.behaviour import Kind, Operation, Percept, Range, Response, Role, Side
from sim.rules.foreign_power.state import ForeignPowerView
from sim.rules.host_government.state import HostGovernmentView
from sim.rules.militia.state import MilitiaView
from sim.rules.registry import KINDS
from sim.rules.sponsor.parameters import SponsorParams
from sim.rules.sponsor.state import SponsorView
from sim.scenario.load import load
from sim.scenario.scenario import Actor, Scenario
from sim.units import Dimension
from tests import builders

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.engine.log import IncidentLog
    from sim.ensemble.ensemble import Ensemble
    from sim.rules.behaviour import Holdings

STRIKES = {Act.AIR_STRIKE, Act.LEADER_KILLING, Act.MILITIA_LEADER_KILLING}
FORCE = STRIKES | {Act.DIRECT_STRIKE}


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


def choosing(choose: Callable[..., int]) -> Scenario:
    """Return it where the one who answers chooses so."""
    scenario = bearing(0.0)
    heeder = scenario.actors[-1]
    (answer,) = heeder.kind.responses
    kind = heeder.kind._replace(responses=(answer._replace(choose=choose),))
    return replace(scenario, actors=(*scenario.actors[:-1], replace(heeder, kind=kind)))


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
    assert (first.together, first.n_tried, first.changed) == ((), 0, None)
    assert "one at a time" not in needs_text(first)


@pytest.fixture(scope="module", params=[(0, None), (2, "first strike"), (4, "worst")])
def why(request: pytest.FixtureRequest) -> Explanation:
    """Return why an incident of a replication of the scenario happened."""
    scenario = load("iraq_endogenous_2019_2020")
    run = run_ensemble(scenario, replications=5, root_seed=4, until=120.0)
    return explain(run, request.param[0], request.param[1], engine="simpy")


def world_without(
    why: Explanation, numbers: tuple[int, ...], ban: Ban | None = None
) -> IncidentLog:
    """Return the log of the replication without some of its incidents, or a class."""
    own = list(why.log.incidents())
    identities = tuple(own[number - 1].identity for number in numbers)
    acts = () if ban is None else (ban,)
    return why.scene.log_without(Alteration(without=identities, without_acts=acts))


def world_of(why: Explanation, one: Prevention) -> IncidentLog:
    """Return the log of the world of a prevention."""
    if one.swap is None:
        return world_without(why, one.numbers, one.ban)
    where, less = swapped_in(why.scene, list(why.log.incidents()), one.swap)
    return where.log_without(less)


def happens(log: IncidentLog, identity: int) -> bool:
    """Whether an incident happens in a world."""
    return identity in {record.identity for record in log.incidents()}


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
        assert not happens(world_of(why, one), identity)
    for number in why.together:
        log = world_without(why, tuple(n for n in why.together if n != number))
        assert happens(log, identity)
        assert own[number - 1].time < why.steps[-1].record.time


def test_what_comes_in_its_place_is_new_and_near(why: Explanation) -> None:
    """It is in the other world only, of its like, and no nearer one is."""
    own = {record.identity for record in why.log.incidents()}
    target = why.steps[-1].record
    same = FORCE if target.act in FORCE else {target.act}
    for one in why.preventions:
        log = world_of(why, one)
        every = [record for record in log.incidents() if record.act in same]
        assert one.like == tuple(every)
        later = [r for r in every if r.time > target.time and r != one.instead]
        assert one.following == (later[0] if later else None)
        new = [
            abs(record.time - target.time)
            for record in every
            if record.identity not in own and record.origin == Origin.SIMULATED
        ]
        nearest = min(new, default=INSTEAD_DAYS + 1.0)
        if one.instead is None:
            assert nearest > INSTEAD_DAYS
        else:
            assert abs(one.instead.time - target.time) == nearest <= INSTEAD_DAYS


@pytest.fixture(scope="module")
def worse() -> Explanation:
    """Return the first explanation in which leaving one out brings a higher rung."""
    scenario = load("iraq_endogenous_2019_2020")
    run = run_ensemble(scenario, replications=10, root_seed=1)
    for scene in scenes_of(run, [3, *range(10)]):
        why = explain(run, scene.member, engine="auto")
        if any(one.worse and len(one.numbers) == 1 for one in why.preventions):
            return why
    pytest.fail("no prevention of ten replications brings a higher rung")


def rung_of_world(why: Explanation, one: Prevention) -> int:
    """Return the highest rung of what comes about by itself in a prevention's world."""
    return own_rung(world_of(why, one))


def own_rung(log: IncidentLog) -> int:
    """Return the highest rung of a log, of what was not put in."""
    own = [r for r in log.incidents() if r.origin == Origin.SIMULATED]
    return max(ACTS[record.act].rung for record in own)


def test_a_worse_war_that_comes_instead_is_told(worse: Explanation) -> None:
    """Each highest rung is that of the world; what is new above it is named."""
    own = {record.identity for record in worse.log.incidents()}
    rung = ACTS[worse.steps[-1].record.act].rung
    peak = own_rung(worse.log)
    heads, rows = prevention_cells(worse)
    place = heads.index("highest rung")
    assert rows[0][place] == f"{peak}"
    in_place = heads.index("strike in its place; the next")
    for one in worse.preventions:
        log = world_of(worse, one)
        above = [
            record
            for record in log.incidents()
            if record.identity not in own and ACTS[record.act].rung > rung
        ]
        assert one.worse == (above[0] if above else None)
        assert one.peaks == (rung_of_world(worse, one), 0)
    named = [one for one in worse.preventions if one.worse and len(one.numbers) == 1]
    for one in named:
        assert one.worse is not None
        text = incident_text(worse, one.worse)
        if one.worse != one.instead:
            told = f"; new, on a higher rung: {text}"
            if one.worse == one.following:
                told = f"next {text}, new, on a higher rung"
            assert any(told in row[in_place] for row in rows)
            assert text in needs_text(worse)


def test_a_worse_war_that_is_kept_quiet_is_caught(worse: Explanation) -> None:
    """Were the highest rung told as it was, a replay of the world would tell."""
    peak = max(ACTS[record.act].rung for record in worse.log.incidents())
    planted = replace(
        worse,
        preventions=tuple(
            one._replace(peaks=(0, 0), worse=None) for one in worse.preventions
        ),
    )
    assert any(
        rung_of_world(planted, one) != one.peaks[0] for one in planted.preventions
    )
    assert "that did not before" in needs_text(worse)
    assert "that did not before" not in needs_text(planted)
    assert peak > 0


def test_the_like_that_comes_all_the_same_is_in_the_sentence(why: Explanation) -> None:
    """Whichever of those needed brings another in its place, that is said beside it.

    The planted fault: where what comes instead is dropped, the sentence lacks it.
    """
    instead = [one for one in why.preventions if len(one.numbers) == 1 and one.instead]
    text = others_text(why)
    for one in instead:
        assert one.instead is not None
        apart = apart_text(one.instead.time - why.steps[-1].record.time)
        told = f"another comes in its place, {apart}: {incident_text(why, one.instead)}"
        assert re.search(
            rf"Without [^.]*\[{one.numbers[0]}\][^.]* {re.escape(told)}", text
        )
    none = tuple(
        one._replace(instead=None) if len(one.numbers) == 1 else one
        for one in why.preventions
    )
    planted = others_text(replace(why, preventions=none, together=()))
    assert ("in its place" in planted) is False
    assert bool(instead) is ("in its place" in text)


def test_all_left_out_at_once_is_told_as_it_is(why: Explanation) -> None:
    """What happens all the same is the incident of that world, changed as is said."""
    if why.changed is None or why.n_tried < 2:
        assert why.changed is None
        assert "does not prevent it" not in needs_text(why)
        return
    assert why.changed.identity == why.steps[-1].record.identity
    others = [n for n in range(1, why.number) if n not in why.needed]
    log = world_without(why, tuple(others[-why.n_tried :]))
    n_tried = f"Leaving out the {why.n_tried} other ones, one at a time or all at once"
    assert n_tried in needs_text(why)
    assert why.changed in list(log.incidents())
    is_said = "it is then changed" in needs_text(why)
    assert is_said is bool(changed_text(why.steps[-1].record, why.changed))


def test_classes_prevent_it_until_their_last_day(why: Explanation) -> None:
    """Kept from happening from the day on it is gone; a day that is later, it is not.

    That is the planted fault: a class whose last day is told one incident too late.
    Those of which none is told leave it standing.
    """
    target = why.steps[-1].record
    before = [record for record in why.log.incidents() if record.time < target.time]
    preventing = {ban.act: ban for ban in why.bans.preventing}
    assert preventing or not why.needed
    assert {one.ban for one in why.preventions if one.ban} == set(why.bans.preventing)
    for act in why.bans.tested:
        days = sorted({float(int(r.time)) for r in before if r.act == act})
        if act not in preventing:
            log = world_without(why, (), Ban(act, days[0]))
            assert happens(log, target.identity)
            continue
        ban = preventing[act]
        assert ban.day in days
        assert not happens(world_without(why, (), ban), target.identity)
        for day in (day for day in days if day > ban.day):
            log = world_without(why, (), Ban(act, day))
            assert happens(log, target.identity)


@pytest.fixture(scope="module")
def broken() -> Explanation:
    """Return an explanation of a strike whose chain, once needed, is so no more.

    That is rare: most chains that do not carry through are not needed at first, and
    are told from the first that is.
    """
    run = run_ensemble(load("iraq_2019_2020"), replications=65, root_seed=1)
    scene = next(one for one in scenes_of(run, engine="simpy") if one.number == 64)
    log = scene.log()
    for place, record in enumerate(log.incidents()):
        if record.act in STRIKES and record.origin == Origin.SIMULATED:
            links = links_of(scene, log, place)
            chain = links.chain(place)
            is_needed = links.needs.gone[chain[:-1], place]
            if not is_needed[is_needed.argmax() :].all():
                return explained(scene, log, place)
    pytest.fail("no chain of this replication fails to carry through")


def carries_through(why: Explanation, number: int) -> bool:
    """Whether the last of a chain does not happen without one of it."""
    return not happens(world_without(why, (number,)), why.steps[-1].record.identity)


def test_where_links_do_not_compose_it_is_said(broken: Explanation) -> None:
    """Each link holds for the next; what the last does not need is told, and why."""
    steps = {step.number: step for step in broken.steps}
    every = {one.number: one for one in broken.spares}
    assert every.keys() == steps.keys() - {*broken.needed, broken.number}
    spares = {n: one for n, one in every.items() if n in broken.chain}
    assert spares
    for before, after in pairwise(broken.chain):
        world = world_without(broken, (before,))
        assert not happens(world, steps[after].record.identity)
        assert after in steps[before].gone_without
        assert carries_through(broken, before) is (before not in spares)
    own = list(broken.log.incidents())
    for number, one in spares.items():
        world = world_without(broken, (number,))
        assert happens(world, own[one.missed - 1].identity)
        assert one.decision.height <= one.decision.weight
        for record in one.instead:
            both = Alteration(without=(own[number - 1].identity, record.identity))
            log = broken.scene.log_without(both)
            assert not happens(log, own[broken.number - 1].identity)
    assert set(broken.told_chain) == set(broken.chain) - spares.keys()
    links = broken.as_data()["links"]
    needless = {link["from"] for link in links if not link["is_needed_for_the_last"]}
    assert needless == set(spares)


def test_a_chain_is_told_without_what_the_last_does_not_need(
    broken: Explanation,
) -> None:
    """Each that is told is needed, by replay; the way of a far one is told with it."""
    needless = set(broken.chain) - set(broken.told_chain)
    assert needless
    for number in broken.told_chain[:-1]:
        assert carries_through(broken, number)
    text = " ".join(chain_text(broken).split())
    told = {int(number) for number in re.findall(r"\[(\d+)\]", text)}
    assert {*broken.told_chain} <= told
    assert not told & needless
    first, after = broken.told_chain[:2]
    assert (first, after) not in pairwise(broken.chain)
    assert after in broken.steps[0].gone_without
    routes = [pair for pair in broken.routes if pair[0] == first and pair[1] in told]
    for pair in routes:
        (way,) = broken.routes[pair].through
        assert incident_text(broken, way) in text
    assert routes
    assert needless.isdisjoint(broken.chances)
    assert not chain_text(replace(broken, needed=()))


def test_all_that_could_be_chosen_comes_to_one(broken: Explanation) -> None:
    """The choice that was made and the others share all draws; each is named once."""
    decision = broken.steps[-1].decision
    names = [name for name, _ in decision.others]
    assert len(names) == len(set(names)) > 1
    assert sum(p for _, p in decision.others) + decision.weight == pytest.approx(1.0)
    text = " ".join(chance_text(broken).split())
    assert f"Else: {names[0]} {short(decision.others[0][1])}; " in text


def test_a_truce_that_is_kept_is_no_order(broken: Explanation) -> None:
    """What is obeyed is named by what it asked for."""
    obeyed = [r for r in broken.log.incidents() if r.act == Act.COMPLIANCE]
    labels = {r.effect.force: deed_label(r) for r in obeyed}
    assert labels.get(-1.0) == "order to hold fire obeyed"
    assert labels.get(1.0, "") in ("", "order to attack obeyed")
    kept = obeyed[0]._replace(effect=obeyed[0].effect._replace(force=0.0))
    assert deed_label(kept) == "truce kept"


def test_through_what_one_is_needed_is_confirmed_by_replay(
    why: Explanation, worse: Explanation, broken: Explanation, direct: Explanation
) -> None:
    """What comes only without one keeps the other from happening, and is all that does.

    With it left out as well the other happens; where some that go with it are all that
    it takes, without these alone the other does not. The planted fault: the one before
    it in the place of either, which a replay does not confirm.
    """
    ways: set[str] = set()
    for one in (why, worse, broken, direct):
        own = list(one.log.incidents())
        numbers = {record.identity: n for n, record in enumerate(own, 1)}
        pairs = {(n, step.number) for step in one.steps for n in step.contributors}
        follow = {
            number: {
                s.number for s in one.steps if number in (s.cause, *s.contributors)
            }
            for number in one.needed
        }
        last = {*one.needed, one.number}
        lone = {number for number, after in follow.items() if not after & last}
        others = one.routes.keys() - pairs
        assert pairs <= one.routes.keys()
        assert {before for before, _ in others} == lone
        assert {after for _, after in others} <= last
        texts = {step.sentence.number: step.links for step in tell(one)}
        for (before, after), route in one.routes.items():
            first, target = own[before - 1], own[after - 1].identity
            through = [record.identity for record in route.through]
            # Of one that no link leads from to the other, it is told with the one.
            said = texts[after if (before, after) in pairs else before]
            ways.add(route.way)
            if route.way in ("new", "changed"):
                for extra, is_so in ((through[0], True), (own[0].identity, False)):
                    both = Alteration(without=(first.identity, extra))
                    if extra not in (first.identity, target):
                        log = one.scene.log_without(both)
                        assert happens(log, target) is is_so
                assert (through[0] in numbers) is (route.way == "changed")
                assert incident_text(one, route.through[0]) in said
            elif route.way == "gone":
                world = world_without(one, tuple(numbers[n] for n in through))
                assert not happens(world, target)
                lacks = world_without(one, (before,))
                assert not any(happens(lacks, identity) for identity in through)
            elif own[after - 1].actor not in (first.actor, first.target):
                assert "heard of it" in said or "do not single" in said
    assert "new" in ways


def test_the_plainer_texts_are_of_rules_that_there_are() -> None:
    """Each stands for the text of a field, and each weight is a parameter."""
    texts = {
        text.partition(",")[0].rstrip(".")
        for view in (MilitiaView, SponsorView, ForeignPowerView, HostGovernmentView)
        for text in field_texts(view).values()
    }
    assert texts >= PLAIN.keys()
    for field, (weight, _) in COUNTED.items():
        assert field in SponsorView._fields
        assert weight in SponsorParams._fields


def test_what_a_death_counts_is_told_where_harm_is(direct: Explanation) -> None:
    """The weight is that of the actor's own parameters, not of another."""
    step = direct.steps[-1]
    params = direct.scene.scenario.actors[step.record.actor].params
    texts = [reason.meaning for reason in step.decision.reasons]
    assert any(f"counted as {short(params.death_loss)}," in text for text in texts)


def test_without_some_none_of_its_class_happens() -> None:
    """The set that leaves no strike at all, direct or not, leaves none; less does."""
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
        assert not any(record.act in FORCE for record in log.incidents())
        for number in numbers:
            less = world_without(why, tuple(n for n in numbers if n != number))
            assert any(record.act in FORCE for record in less.incidents())
    assert n_seen >= 3


def test_engines_tell_alike_what_prevents_it(why: Explanation) -> None:
    """Sets, what comes instead and how often are the same on both engines."""
    pytest.importorskip("numba")
    scenario = why.scene.scenario
    run = run_ensemble(scenario, replications=5, root_seed=4, until=120.0)
    other = explain(run, why.scene.member, why.number, engine="compiled")
    assert replace(other, meant=why.meant).as_data() == why.as_data()


def test_the_chance_of_a_choice_stands_with_its_draw() -> None:
    """One who answers three threats in ten does so by draws below 0.3, and it is said.

    Of a hundred worlds some thirty have the answer to the first threat: what is told
    is the share that they have.
    """
    scenario = choosing(_in_three_of_ten)
    run = run_ensemble(scenario, replications=100, root_seed=5, engine="simpy")
    n_answered = 0
    for scene in scenes_of(run, engine="simpy"):
        log = scene.log()
        acts = [record.act for record in log.incidents()]
        n_answered += acts[1:2] == [Act.AIR_STRIKE]
    why = explain(run, 0, "first strike", engine="simpy")
    decision = why.steps[-1].decision
    assert decision.weight == pytest.approx(0.3)
    assert decision.span == (0.0, 0.3)
    assert decision.beside == ("", "nothing")
    assert 0.0 <= decision.height < 0.3
    assert abs(n_answered - 30.0) < 4.0 * (100 * 0.3 * 0.7) ** 0.5
    text = chance_text(why).replace(" (a narrow margin)", "")
    assert "probability 0.3: of 100 such moments some 30 choose so" in text
    room = short(0.3 - decision.height)
    assert (
        f"Had it fallen just above 0.3, {room} away, it would have chosen nothing."
    ) in text
    assert "just below" not in text
    assert "more than of causes" not in text
    chance = why.as_data()["chance"]
    assert (chance["probability"], chance["draw"]) == (decision.weight, decision.height)


class _Between(NamedTuple):
    """A choice by a draw between two bounds, of what is below, in and above them."""

    low: float
    high: float

    def __call__(self, params: Any, view: Any, percept: Percept, u: float) -> int:
        return 2 if u < self.low else 1 if u < self.high else 0


def answering(choose: _Between) -> Scenario:
    """Return the scenario of one whose answers are chosen by a draw."""
    scenario = bearing(0.0)
    heeder = scenario.actors[-1]
    (answer,) = heeder.kind.responses
    operations = (*answer.operations, Operation("wide", Act.MILITIA_LEADER_KILLING))
    answer = answer._replace(choose=choose, operations=operations)
    kind = heeder.kind._replace(responses=(answer,))
    return replace(scenario, actors=(*scenario.actors[:-1], replace(heeder, kind=kind)))


def test_what_comes_beyond_each_bound_is_told_and_comes() -> None:
    """With a bound moved by what is told, the act that is told is done in its place.

    The planted fault: the bounds taken for one another. Then the replay has the other.
    """
    low, high = 0.3, 0.7
    run = run_ensemble(
        answering(_Between(low, high)), replications=1, root_seed=5, engine="simpy"
    )
    why = explain(run, 0, "first air strike", engine="simpy")
    decision, target = why.steps[-1].decision, why.steps[-1].record
    assert decision.beside == ("killing of a militia's leader", "nothing")
    text = chance_text(why).replace(" (a narrow margin)", "")
    up, down = decision.height - low, high - decision.height
    assert (
        f"Had it fallen just below 0.3, {short(up)} away, it would have chosen a "
        "killing of a militia's leader. Had it fallen just above 0.7, "
        f"{short(down)} away, it would have chosen nothing."
    ) in text
    moved = {
        "killing": _Between(decision.height + 1e-9, high),
        "nothing": _Between(low, decision.height - 1e-9),
    }
    acts: dict[str, set[int]] = {}
    for name, choose in moved.items():
        other = run_ensemble(
            answering(choose), replications=1, root_seed=5, engine="simpy"
        )
        log = scenes_of(other, [0], "simpy")[0].log()
        acts[name] = {r.act for r in log.incidents() if r.time == target.time}
    assert acts == {"killing": {Act.MILITIA_LEADER_KILLING}, "nothing": set()}


def test_a_part_that_prevents_it_is_known_though_all_at_once_do_not() -> None:
    """Of five threats the strike misses three of all, not three left: a pair is named.

    The planted fault: where the pair is not tried none is named.
    """
    scenario = choosing(_unless_three)
    run = run_ensemble(scenario, replications=1, root_seed=5, engine="simpy")
    (scene,) = scenes_of(run, [0], "simpy")
    log = scene.log()
    acts = [record.act for record in log.incidents()]
    threats = [j for j, act in enumerate(acts) if act == Act.THREAT]
    place = next(j for j in range(threats[4], threats[5]) if acts[j] != Act.THREAT)
    pair = threats[:2]
    known = together(scene, log, place, [threats[4]], pair)
    assert (known.places, known.changed) == (pair, None)
    blind = together(scene, log, place, [threats[4]])
    assert blind.places == []
    assert blind.changed is not None


def _unless_three(params: Any, view: Any, percept: Percept, u: float) -> int:
    return 0 if view.heard == 3.0 else 1


@pytest.fixture(scope="module")
def direct() -> Explanation:
    """Return why a state struck another, where others strike whatever prevents it."""
    scenario = load("iraq_endogenous_2019_2020")
    run = run_ensemble(scenario, replications=80, root_seed=1)
    for scene in scenes_of(run, replays=200):
        if any(record.act == Act.DIRECT_STRIKE for record in scene.log().incidents()):
            why = explain(run, scene.member, "first direct strike")
            if any(
                {record.act for record in one.like} & STRIKES
                and Act.DIRECT_STRIKE not in {record.act for record in one.like}
                for one in why.preventions
            ):
                return why
    pytest.fail("no direct strike of eighty replications is prevented alone")


def test_a_world_without_direct_strikes_does_not_read_as_peace(
    direct: Explanation,
) -> None:
    """All that strikes is counted, direct strikes among them and apart.

    The planted fault: its own class of act alone, of which there are fewer.
    """
    heads, rows = prevention_cells(direct)
    place = heads.index("strikes")
    counts: list[str] = []
    n_fewer = 0
    for one in direct.preventions:
        records = [r for r in world_of(direct, one).incidents() if r.act in FORCE]
        own = [r.act for r in records if r.origin == Origin.SIMULATED]
        n, n_direct = len(own), own.count(Act.DIRECT_STRIKE)
        apart = f", of them {n_direct} direct" if 0 < n_direct < n else ""
        given = len(records) - n
        counts.append(f"{n}{apart}{f'; put in {given}' if given else ''}")
        n_fewer += n_direct < n
    assert {row[place] for row in rows[1:]} == set(counts)
    assert n_fewer > 0


@pytest.fixture(scope="module")
def with_given() -> list[Explanation]:
    """Return explanations of replications into which the scenario puts strikes."""
    run = run_ensemble(
        load("iraq_2019_2020"), replications=12, root_seed=1, until=150.0
    )
    struck = [
        scene.member
        for scene in scenes_of(run, engine="simpy")
        if any(
            r.act in STRIKES and r.origin == Origin.SIMULATED and r.time > 80.0
            for r in scene.log().incidents()
        )
    ]
    return [explain(run, number, engine="simpy") for number in struck[:3]]


def given_strikes(log: IncidentLog) -> list[int]:
    """Return the numbers of the strikes that were put into a log."""
    return [
        n
        for n, record in enumerate(log.incidents(), 1)
        if record.act in FORCE and record.origin != Origin.SIMULATED
    ]


def test_what_was_put_in_is_named_and_counted_apart(
    with_given: list[Explanation],
) -> None:
    """Heading, rows and rungs are of the model's own; what was put in is named by it.

    The planted fault: a strike that was put in taken for one of its own.
    """
    n_less = 0
    for why in with_given:
        numbers = given_strikes(why.log)
        assert len(numbers) == 2
        named_ones = ", ".join(f"[{n}]" for n in numbers)
        assert f"; besides, {named_ones} were put in by the scenario" in heading(why)
        own = list(why.log.incidents())
        for number in numbers:
            assert incident_text(why, own[number - 1]) in preventions_legend(why)
        heads, rows = prevention_cells(why)
        strikes = [r for r in own if r.act in FORCE and r.origin == Origin.SIMULATED]
        assert rows[0][heads.index("strikes")] == f"{len(strikes)}"
        assert rows[0][heads.index("highest rung")] == f"{own_rung(why.log)}"
        assert f"on their highest rung, {own_rung(why.log)}, " in heading(why) or (
            len(strikes) == 1
        )
        fewer = [len(given_strikes(world_of(why, one))) for one in why.preventions]
        told = [row for row in rows if "put in" in row[heads.index("strikes")]]
        assert bool(told) is any(n != len(numbers) for n in fewer)
        n_less += len(told)
        planted = [
            r._replace(origin=Origin.SIMULATED) if r.act in FORCE else r
            for r in why.log.records
        ]
        log = replace(why.log, records=tuple(planted))
        _, others = prevention_cells(replace(why, log=log))
        assert others[0] != rows[0]
    assert n_less > 0


def test_each_earlier_strike_with_dead_is_tried_or_named(
    with_given: list[Explanation],
) -> None:
    """Those of the model and those put in; who has no lighter form is told as such.

    The planted fault: it is said of none, though one had dead.
    """
    n_seen = 0
    for why in with_given:
        own = list(why.log.incidents())
        dead = [
            n
            for n, r in enumerate(own[: why.number - 1], 1)
            if r.act in FORCE and sum(r.effect[3:8]) > 0.0
        ]
        text = swaps_text(why)
        graver = set(dead) - set(why.swaps.struck)
        for number in graver:
            assert own[number - 1].act not in (
                Act.AIR_STRIKE,
                Act.MILITIA_LEADER_KILLING,
            )
            assert incident_text(why, own[number - 1]) in text
        assert ("no lighter form" in text) is bool(graver)
        n_seen += len(graver)
    assert n_seen > 0
    run = run_ensemble(
        load("lebanon_withdrawal_1999_2000"), replications=1, root_seed=1, until=80.0
    )
    why = explain(run, 0, "last strike", engine="simpy")
    (given_one,) = given_strikes(why.log)
    assert given_one in why.swaps.struck
    assert "No earlier" not in swaps_text(why)


def test_those_that_weigh_by_the_same_are_told_at_once(
    with_given: list[Explanation],
) -> None:
    """One reason stands once, with the rates or probabilities of all from, to.

    The planted fault: one of them weighs by another value, and is told by itself.
    """
    why, step, pair, other = next(
        (one, step, (first, step.number), (second, step.number))
        for one in with_given
        for step in one.steps
        for first, second in pairwise(step.contributors)
        if {(first, step.number), (second, step.number)} <= one.otherwise.keys()
        and one.otherwise[first, step.number].reasons
    )
    least_of, most = 0.25 * step.decision.weight, 0.5 * step.decision.weight
    same = why.otherwise[pair]._replace(weight=least_of)
    reason = same.reasons[0]
    differs = same._replace(
        weight=most, reasons=(reason._replace(before=reason.before + 7.0),)
    )

    def told(second: Otherwise) -> str:
        known = {pair: same, other: second}
        return links_text(replace(why, otherwise=known, in_stead={}), step, "")

    rates = f"would be {short(least_of)} to {short(most)}, not"
    assert rates in told(same._replace(weight=most))
    assert rates not in told(differs)
    meaning = f"({reason.meaning[:1].lower()}{reason.meaning[1:].rstrip(',')}: "
    once = told(same._replace(weight=most)).count(meaning)
    assert told(differs).count(meaning) == once + 1


def test_choices_off_the_chain_that_it_needs_are_named(direct: Explanation) -> None:
    """Each answer that it needs is in the product or stands beside it.

    The same of a chain without the others. The planted fault: none is needed.
    """
    for why in (direct, replace(direct, chain=(direct.steps[0].number, direct.number))):
        text = chain_chance_text(why)
        n_seen = 0
        for step in why.steps:
            if step.decision.kind != "answer" or step.number == why.number:
                continue
            told = f"[{step.number}] {ACTS[step.record.act].label} ("
            told += f"{short(step.decision.weight)})"
            is_told = step.number in why.needed or step.number in why.chain
            assert (told in text) is is_told
            n_seen += is_told
        assert n_seen > 0
    beside = "Choices off the chain that it needs too"
    assert beside in chain_chance_text(why)
    assert beside not in chain_chance_text(replace(why, needed=()))


def test_why_the_like_is_not_needed_is_said(
    why: Explanation, worse: Explanation
) -> None:
    """Each that is not needed is of the sort of one that is, and a replay leaves it.

    The planted fault: one that is needed among them, without which it is gone.
    """
    n_seen = 0
    for one in (why, worse):
        own = list(one.log.incidents())
        texts = {step.sentence.number: step for step in tell(one)}
        for step in one.steps:
            sorts = {(own[n - 1].actor, own[n - 1].act) for n in step.contributors}
            for number in step.alike:
                assert (own[number - 1].actor, own[number - 1].act) in sorts
                assert happens(world_without(one, (number,)), step.record.identity)
                assert one.otherwise[number, step.number].is_enough
                assert f"not needed: [{step.alike[0]}]" in texts[step.number].links
                n_seen += 1
            for number in step.contributors:
                log = world_without(one, (number,))
                assert not happens(log, step.record.identity)
    assert n_seen > 0


def test_those_of_one_sort_are_named_at_once_with_who_did_what_and_when(
    worse: Explanation,
) -> None:
    """Their act and actors stand once, with the day of each.

    The planted fault: one of another sort among them, which is named for itself.
    """
    own = list(worse.log.incidents())
    first = own[0]
    same = [
        n
        for n, r in enumerate(own, 1)
        if (r.act, r.actor, r.target) == (first.act, first.actor, first.target)
    ]
    other = next(n for n in range(1, len(own) + 1) if n not in same)
    some = same[:3]
    assert len(some) == 3
    text = together_text(worse, some)
    labels = [actor.label for actor in worse.scene.scenario.actors]
    start = worse.scene.scenario.start
    days = [f"{start + timedelta(days=own[n - 1].time)}" for n in some]
    assert text == (
        f"[{some[0]}], [{some[1]}], [{some[2]}] {ACTS[first.act].label} by "
        f"{labels[first.actor]} toward {labels[first.target]}, {days[0]}, {days[1]} "
        f"and {days[2]}, together"
    )
    planted = together_text(worse, [*some, other])
    assert planted.startswith(text.removesuffix(", together"))
    assert f"; {incident_text(worse, own[other - 1])}, together" in planted


def test_only_some_of_its_moves_is_said_where_there_are_more(
    why: Explanation, worse: Explanation, direct: Explanation
) -> None:
    """Each move of readiness is named, or how many of how many are."""
    n_partial = 0
    for one in (why, worse, direct):
        for step in one.steps:
            text = moves_text(one, step)
            n = sum(
                r.act in (Act.READINESS_RAISED, Act.READINESS_LOWERED)
                and (r.actor, r.target) == (step.record.actor, step.record.target)
                and r.time <= step.decision.day
                and number != step.number
                for number, r in enumerate(one.log.incidents(), 1)
            )
            n_named = text.count("raised 20") + text.count("lowered 20")
            assert n_named == min(n, MOST_MOVES)
            assert ("the last 4 of" in text) is (n > n_named)
            assert n == n_named or f"of {n} moves: " in text
            n_partial += n > n_named
    assert n_partial > 0


def test_each_effect_has_one_row_and_one_command(worse: Explanation) -> None:
    """Where any one of several is meant one command stands for all.

    The planted fault: another that has another effect, which has a row of its own.
    """
    rows = prevention_rows(worse)
    assert len({row.command for row in rows}) == len(rows)
    first = next(one for one in worse.preventions if len(one.numbers) == 1)
    again = first._replace(numbers=(worse.chain[0],))
    twice = replace(worse, preventions=(*worse.preventions, again))
    both = prevention_rows(twice)
    assert [row.command for row in both] == [row.command for row in rows]
    (text,) = (row.without for row in both if row.without.startswith("without either"))
    assert f"[{first.numbers[0]}]" in text
    assert f"[{worse.chain[0]}]" in text
    deadlier = again._replace(dead=(first.dead[0] + 1.0, first.dead[1]))
    higher = again._replace(peaks=(first.peaks[0] + 1, 0))
    for other in (higher, deadlier):
        planted = replace(worse, preventions=(*worse.preventions, other))
        assert len(prevention_rows(planted)) == len(rows) + 1


def test_the_dead_of_a_row_are_those_of_its_world(worse: Explanation) -> None:
    """Of all sides, and foreign ones in brackets, to the end of the replay.

    The planted fault: the dead of the replication as it was.
    """
    heads, rows = prevention_cells(worse)
    place = heads.index("dead (foreign)")

    def counted(log: IncidentLog) -> str:
        sides = ("foreign", "host", "civilian", "militia", "sponsor")
        dead = {
            side: sum(getattr(r.effect, f"killed_{side}") for r in log.incidents())
            for side in sides
        }
        return f"{sum(dead.values()):g} ({dead['foreign']:g})"

    told = {counted(world_of(worse, one)) for one in worse.preventions}
    assert {row[place] for row in rows[1:]} == told
    assert rows[0][place] == counted(worse.log)
    assert counted(worse.log) not in told


def test_fewer_are_told_first_where_no_strike_at_all_comes(worse: Explanation) -> None:
    """Where one alone leaves no strike, it is named, and no pair that does it too.

    The planted fault: the one brings a strike, and then it takes the pair.
    """
    strike = worse.steps[-1].record
    single = next(one for one in worse.preventions if len(one.numbers) == 1)
    pair = single._replace(numbers=(1, 2), like=())
    alone = replace(worse, preventions=(single._replace(like=()), pair))
    (number,) = single.numbers
    assert alone.quiet == [(number,)]
    assert re.search(rf"No strike at all .* without \[{number}\].* alone\.",
                     needs_text(alone))  # fmt: skip
    planted = replace(alone, preventions=(single._replace(like=(strike,)), pair))
    assert planted.quiet == [(1, 2)]
    assert "together" in needs_text(planted).rpartition("No strike at all")[2]


def test_marks_are_of_what_a_replay_needs(
    why: Explanation, worse: Explanation, broken: Explanation
) -> None:
    """A step is marked where the incident does not happen without it alone.

    The planted fault: the chain in its place, of which some are not needed.
    """
    n_otherwise = 0
    for one in (why, worse, broken):
        for step in tell(one)[:-1]:
            number = step.sentence.number
            assert step.is_needed is carries_through(one, number)
            n_otherwise += step.is_needed is not step.is_in_chain
    assert n_otherwise > 0


def test_a_margin_is_narrow_by_the_room_of_the_choice() -> None:
    """Of a choice with little room a draw well inside of it is not called narrow.

    The planted fault: a draw as near, of a choice with more room, is.
    """
    run = run_ensemble(
        choosing(_Below(0.3)), replications=1, root_seed=5, engine="simpy"
    )
    why = explain(run, 0, "first strike", engine="simpy")
    last = why.steps[-1]

    def told(high: float, drawn: float) -> str:
        decision = last.decision._replace(span=(0.0, high), height=drawn)
        step = replace(last, decision=decision)
        return chance_text(replace(why, steps=(*why.steps[:-1], step)))

    assert "narrow" not in told(0.062, 0.0524)
    assert "narrow" in told(0.062, 0.0600)
    assert "narrow" in told(0.5, 0.5 - (0.062 - 0.0524))


def test_a_choice_is_measured_between_the_points_of_a_grid() -> None:
    """The probability is exact, and the draw lies among those that choose so.

    The planted fault: the nearest of the points at which it is asked.
    """
    run = run_ensemble(
        choosing(_Below(0.3137)), replications=4, root_seed=5, engine="simpy"
    )
    for number in range(4):
        decision = explain(run, number, "first strike", engine="simpy").steps[-1]
        one = decision.decision
        assert (one.weight, one.span) == (0.3137, (0.0, 0.3137))
        assert one.height < 0.3137
        assert one.beside == ("", "nothing")
    assert round(0.3137 * GRID) / GRID != 0.3137


def test_what_is_multiplied_along_a_chain_is_said(direct: Explanation) -> None:
    """The choices of the chain, and no others; what has a rate alone is named as such.

    The planted fault: the chain without its last choice but one, with nothing to
    multiply.
    """
    answers = [n for n in direct.chain if n in direct.chances]
    rates = [
        step.number
        for step in direct.steps
        if step.number in direct.chain and step.decision.kind == "own accord"
    ]
    assert len(answers) > 1
    product = 1.0
    for number in answers:
        product *= direct.chances[number]
    text = chance_text(direct)
    acts = {step.number: ACTS[step.record.act].label for step in direct.steps}
    each = " x ".join(f"[{n}] {acts[n]} ({short(direct.chances[n])})" for n in answers)
    assert f"The choices of its chain, {each}, come to {short(product)}: " in text
    for number in rates:
        assert re.search(rf"\[{number}\] [a-z ']+ \([0-9.]+ a day\)", text)
    few = tuple(n for n in direct.chain if n not in answers[:-1])
    planted = chance_text(replace(direct, chain=few))
    assert f"Along its chain [{direct.number}] alone is a choice" in planted


@pytest.fixture(scope="module")
def swapped() -> list[Explanation]:
    """Return explanations of which some have something put in place of what was."""
    scenario = load("iraq_endogenous_2019_2020")
    run = run_ensemble(scenario, replications=4, root_seed=1)
    return [explain(run, number) for number in (0, 3)]


def test_what_is_put_in_place_of_what_was_prevents_it_or_not(
    swapped: list[Explanation],
) -> None:
    """In a replay with it the incident is gone, or is not, as is told.

    Who may suspect lays the attack to who did it, for sure; the strike in place of one
    kills and wounds nobody. All before it stands. The planted fault: nothing put in,
    with which it happens.
    """
    sorts: set[bool] = set()
    for why in swapped:
        own = list(why.log.incidents())
        target = why.steps[-1].record
        blamed, struck, preventing = why.swaps
        tried = [Swap(n, None) for n in blamed]
        tried += [Swap(n, lighter(why.log, own[n - 1])) for n in struck]
        for swap in tried:
            where, less = swapped_in(why.scene, own, swap)
            log, record = where.log_without(less), own[swap.number - 1]
            assert happens(log, target.identity) is (swap not in preventing)
            before = [one for one in why.log.records if one.time < record.time]
            assert list(log.records[: len(before)]) == before
            if swap.given is None:
                laid = [
                    (one.target, one.confidence)
                    for one in log.records
                    if one.cause == record.identity
                    and one.record_type == RecordType.PERCEPTION
                    and one.actor == target.actor
                ]
                assert laid == [(record.actor, 1.0)]
            else:
                (put_in,) = (
                    one
                    for one in log.incidents()
                    if one.time == record.time and one.origin == Origin.DEVELOPMENT
                )
                assert put_in.target == record.target
                assert sum(put_in.effect[3:13]) == 0.0
        for swap in preventing:
            sorts.add(swap.given is None)
            command = shlex.split(
                next(why.command(o) for o in why.preventions if o.swap == swap)
            )
            put_in_words = command[command.index("--put-in") + 1]
            lost = [int(w) for w in command if w.isdecimal()][1:]
            numbers = lost if swap.given is not None else []
            seen = but_for(_again(why), why.scene.member, numbers, put_in=put_in_words)
            assert not happens(seen.other, target.identity)
            row = next(one for one in why.preventions if one.swap == swap)
            assert seen.other.records == world_of(why, row).records
        assert happens(why.log, target.identity)
        if len(blamed) > 1:
            assert f"laid {len(blamed)} of the attacks before it" in swaps_text(why)
    assert sorts == {True, False}


def _again(why: Explanation) -> Ensemble:
    scene = why.scene
    return run_ensemble(
        scene.scenario, replications=scene.member + 1, root_seed=scene.root_seed
    )


def test_engines_agree_on_what_is_put_in_place(swapped: list[Explanation]) -> None:
    """The world in which an author is known is the same on both engines."""
    pytest.importorskip("numba")
    why = swapped[1]
    record = list(why.log.incidents())[why.swaps.blamed[-1] - 1]
    logs = [
        scene_knowing(
            replace(why.scene, driver=driver_for(why.scene.cast, name)), record
        ).log()
        for name in ("simpy", "compiled")
    ]
    assert logs[0].records == logs[1].records
    assert logs[0].records != why.log.records


NAMED = re.compile(r"((?:\[\d+\], )*\[\d+\])(.{0,5})")
"""Numbers in a row, and what follows them."""


def test_no_number_stands_without_what_it_is(
    why: Explanation, worse: Explanation, broken: Explanation, direct: Explanation
) -> None:
    """Outside of the steps each number first comes with its act, as do those told of.

    The planted fault: a number alone.
    """
    for one in (why, worse, broken, direct):
        for text in (short_text(one), swaps_text(one), chain_chance_text(one)):
            assert bare(text, set()) == set()
        told = {step.number for step in one.steps}
        for step in tell(one):
            assert bare(step.links, told) == set()
            moves = re.sub(
                r" 20\d\d-\d\d-\d\d in (\[\d+\])", r" \1 moved", step.reasons
            )
            assert bare(moves, told) == set()
    assert bare("[7] rocket attack; [9] and", set()) == set()
    assert bare("without [7], [9]; by", set()) == {7, 9}


def bare(text: str, told: set[int]) -> set[int]:
    """Return which numbers in a text come first without a word after them."""
    seen, alone = set(told), set[int]()
    for numbers, after in NAMED.findall(text):
        some = set(map(int, re.findall(r"\d+", numbers))) - seen
        if not re.match(r",? [a-z]{2}", after):
            alone |= some
        seen |= some
    return alone


def test_each_word_of_a_line_is_in_the_legend(
    why: Explanation, worse: Explanation, broken: Explanation, direct: Explanation
) -> None:
    """Whatever an actor's view may tell has its word; of those in a text each is told.

    The planted fault: a legend without the lean.
    """
    for kind in KINDS.values():
        view: Any = kind.view.__globals__[kind.view.__annotations__["return"]]
        for name, text in field_texts(view).items():
            meaning = text.partition(",")[0].partition(":")[0].rstrip(".")
            told = PLAIN.get(meaning, meaning)
            assert any(re.search(pattern, told) for pattern, _ in TERMS), (name, text)
    n_lean = 0
    for one in (why, worse, broken, direct):
        steps = tell(one)
        legend = reasons_legend(one, steps)
        text = " ".join(f"{s.sentence.text} {s.links} {s.reasons}" for s in steps)
        for pattern, meaning in TERMS:
            if re.search(pattern, text):
                assert meaning in legend
        n_lean += bool(re.search(r"\b[Ll]ean\b", text)) and "Lean is " in legend
        for word in ("readiness", "Readiness"):
            assert word not in text or "Readiness is " in legend
        assert "readies itself" not in text or "Readiness is " in legend
    assert n_lean > 0


class _Below(NamedTuple):
    """A choice by draws below a bound."""

    bound: float

    def __call__(self, params: Any, view: Any, percept: Percept, u: float) -> int:
        return 1 if u < self.bound else 0


def _in_three_of_ten(
    params: CountingParams, view: Any, percept: Percept, u: float
) -> int:
    return 1 if u < 0.3 else 0
