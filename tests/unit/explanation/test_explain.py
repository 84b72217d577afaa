"""Every link of an explanation is in the log or confirmed by a replay."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.docstrings import field_texts
from sim.engine.alteration import UNALTERED, Alteration
from sim.engine.cast import Cast
from sim.engine.driver import SimpyDriver
from sim.engine.log import NOBODY, Origin
from sim.ensemble.ensemble import run_ensemble
from sim.errors import StudyError
from sim.explanation.decision import GRID, decisions, weighed_without
from sim.explanation.difference import but_for, difference
from sim.explanation.explain import Explanation, explain, explained, needs_of
from sim.explanation.scene import Scene, scenes_of
from sim.ladder import Act
from sim.rules.behaviour import operations_of
from sim.rules.registry import KINDS
from sim.scenario.load import load
from tests import builders

if TYPE_CHECKING:
    from sim.ensemble.ensemble import Ensemble

DAYS = 90.0


@pytest.fixture(scope="module")
def few() -> Ensemble:
    """Return a few replications of the scenario that tells its own story."""
    scenario = load("iraq_endogenous_2019_2020")
    return run_ensemble(scenario, replications=6, root_seed=3, until=DAYS)


@pytest.fixture(scope="module", params=range(3))
def explanation(request: pytest.FixtureRequest, few: Ensemble) -> Explanation:
    """Return why the highest incident of each of three replications happened."""
    return explain(few, request.param, engine="simpy")


def happens_without(scene: Scene, identity: int, left_out: int) -> bool:
    """Whether an incident happens where another does not."""
    log = scene.log_without(Alteration(without=(left_out,)))
    return any(record.identity == identity for record in log.incidents())


def test_links_are_causes_or_confirmed_by_replay(explanation: Explanation) -> None:
    """What a step answers stands in the log; without a contributor it is gone."""
    own = list(explanation.log.incidents())
    by_identity = {record.identity: record for record in explanation.log.records}
    for step in explanation.steps:
        assert step.record == own[step.number - 1]
        if step.cause:
            cause, answered = step.record.cause, own[step.cause - 1].identity
            while cause != answered:
                cause = by_identity[cause].cause
        for number in step.contributors:
            assert number < step.number
            assert not happens_without(
                explanation.scene, step.record.identity, own[number - 1].identity
            )


def test_what_is_not_linked_was_not_necessary(explanation: Explanation) -> None:
    """Leaving out an incident that no path of links comes from leaves it standing."""
    own = list(explanation.log.incidents())
    linked = {step.number for step in explanation.steps}
    last = own[explanation.number - 1].identity
    others = [n for n in range(1, explanation.number) if n not in linked]
    for number in others[:: max(1, len(others) // 12)]:
        assert happens_without(explanation.scene, last, own[number - 1].identity)


def test_chain_leads_from_its_beginning_to_the_incident(
    explanation: Explanation,
) -> None:
    """Each of the chain is a link of the next; the first hangs on nothing."""
    steps = {step.number: step for step in explanation.steps}
    chain = explanation.chain
    assert chain[-1] == explanation.number
    for before, after in pairwise(chain):
        assert before in (steps[after].cause, *steps[after].contributors)
    assert not steps[chain[0]].cause
    assert not steps[chain[0]].contributors


def test_without_one_a_decision_is_weighed_as_that_world_weighs_it(
    few: Ensemble,
) -> None:
    """The weight without one is what the world without it has, where it comes there.

    The planted fault: the weight as it was, which some of these differ from.
    """
    n_other = 0
    for scene in scenes_of(few, range(3), "simpy"):
        log = scene.log()
        own = list(log.incidents())
        for gone in own[:: max(1, len(own) // 8)]:
            left_out = Alteration(without=(gone.identity,))
            other = scene.log_without(left_out)
            comes = {r.identity for r in other.incidents()}
            both = [r.identity for r in own if r.identity in comes]
            weighed = weighed_without(scene.cast, log, other, scene.alteration, both)
            altered = replace(scene.alteration, without=(gone.identity,))
            there = decisions(scene.cast, other, altered, both)
            here = decisions(scene.cast, log, scene.alteration, both)
            for identity, one in weighed.items():
                assert one.weight == there[identity].weight
                n_other += one.weight != here[identity].weight
                if one.weight != here[identity].weight:
                    assert one.reasons or here[identity].kind == "answer"
    assert n_other > 0


def test_engines_explain_alike(few: Ensemble) -> None:
    """The same explanation comes from either engine."""
    pytest.importorskip("numba")
    one, two = (explain(few, 1, engine=engine) for engine in ("simpy", "compiled"))
    assert one.as_data() == two.as_data()


def test_every_incident_has_a_decision_that_the_rule_confirms(few: Ensemble) -> None:
    """A candidate lies below the rate that is told; an answer's choice had a chance."""
    broken = {
        operation.broken_act
        for actor in few.scenario.actors
        for operation in operations_of(actor.kind).values()
    }
    kinds: set[str] = set()
    hot = run_ensemble(builders.hot(), replications=3, until=DAYS, engine="simpy")
    for scene in [*scenes_of(few, None, "simpy"), *scenes_of(hot, None, "simpy")]:
        log = scene.log()
        own = {record.identity: record for record in log.incidents()}
        found = decisions(scene.cast, log, scene.alteration, own)
        assert found.keys() == own.keys()
        for identity, decision in found.items():
            kinds.add(decision.kind)
            assert decision.day <= own[identity].time
            if decision.kind == "own accord":
                assert 0.0 <= decision.height < decision.weight
            elif decision.kind == "answer":
                assert 0.0 < decision.weight <= 1.0
                low, high = decision.span
                assert low - 1 / GRID <= decision.height <= high + 1 / GRID
            elif decision.kind == "broken off":
                assert own[identity].act in broken
    assert kinds == {"own accord", "answer", "follows", "broken off"}


def test_a_draw_of_another_number_is_seen(few: Ensemble) -> None:
    """Were an answer's uniform keyed by another number, choices would not fit it."""
    scene = scenes_of(few, [1], "simpy")[0]
    log = scene.log()
    own = [record.identity for record in log.incidents()]
    planted = decisions(scene.cast, log, Alteration(((1e-6, 77),)), own)
    answers = [one for one in planted.values() if one.kind == "answer"]
    assert any(isnan(one.height) for one in answers)


def test_what_an_actor_knew_is_named_in_words() -> None:
    """Each field of each kind's view has a text that can open a sentence."""
    for kind in KINDS.values():
        view: Any = kind.view.__globals__[kind.view.__annotations__["return"]]
        texts = field_texts(view)
        for name in view._fields:
            assert texts[name][:1].isupper(), (kind.name, name)


def test_decisions_of_an_altered_replication_are_found(few: Ensemble) -> None:
    """Candidates that another number brought are found by that number."""
    scene = scenes_of(few, [2], "simpy")[0]
    altered = Alteration(((40.0, 77),))
    log = scene.driver.log(scene.root_seed, 2, scene.until, altered)
    own = [record.identity for record in log.incidents()]
    found = decisions(scene.cast, log, altered, own)
    assert not any(one.kind == "broken off" for one in found.values() if one.height)
    of_own_accord = [i for i in own if found[i].kind == "own accord"]
    blind = decisions(scene.cast, log, UNALTERED, own)
    late = [i for i in of_own_accord if found[i].day > 40.0]
    assert late
    assert all(blind[i].kind != "own accord" for i in late)


def test_reason_of_a_rate_is_what_raised_it() -> None:
    """Of a self-exciting rate the reason is its excitation, and the factor its share.

    By hand: a base of 0.1 a day and a rise of 0.3 give a rate of 0.4, four times it.
    """
    scenario = builders.self_exciting(
        base_rate=0.1, branching_ratio=0.5, memory_days=5.0, horizon=60.0
    )
    ensemble = run_ensemble(scenario, replications=1, engine="simpy")
    scene = scenes_of(ensemble, [0], "simpy")[0]
    log = scene.log()
    own = [record.identity for record in log.incidents()]
    found = decisions(scene.cast, log, UNALTERED, own)
    first, *later = (found[identity] for identity in own)
    assert first.weight == pytest.approx(0.1)
    assert first.reasons == ()
    for decision in later:
        (reason,) = decision.reasons
        assert decision.before == pytest.approx(0.1)
        assert decision.weight == pytest.approx(0.1 + reason.value)
        assert reason.factor == pytest.approx(decision.weight / 0.1)


def test_incidents_of_constant_rates_hang_on_nothing() -> None:
    """Where nobody heeds anybody no incident has a contributor."""
    scenario = builders.ticking({"a": 0.1, "b": 0.2}, horizon=60.0)
    ensemble = run_ensemble(scenario, replications=1, engine="simpy")
    why = explain(ensemble, 0, 5)
    assert (len(why.steps), why.needed, why.chain) == (1, (), (5,))


def test_a_planted_link_is_caught(few: Ensemble) -> None:
    """Were an incident linked that is not necessary, a replay would tell."""
    why = explain(few, 0, engine="simpy")
    own = list(why.log.incidents())
    needed = needs_of(why.scene, why.log, why.number - 1).gone[:, why.number - 1]
    idle = int(np.flatnonzero(~needed[: why.number - 1])[0])
    last = own[why.number - 1].identity
    assert happens_without(why.scene, last, own[idle].identity)


def test_difference_counts_each_incident_once(few: Ensemble) -> None:
    """Factual and vanished ones are the story; factual and new ones the other's."""
    found = but_for(few, 1, ["act=rocket_attack@20"], engine="simpy")
    n_own, n_other = (len(list(log.incidents())) for log in (found.own, found.other))
    early = sum(
        record.record_type == 3 for record in found.own.records[: found.n_equal]
    )
    assert early + found.count("factual") + found.count("vanished") == n_own
    assert early + found.count("factual") + found.count("new") == n_other
    assert found.count("vanished", Act.ROCKET_ATTACK) > 0
    assert found.own.records[: found.n_equal] == found.other.records[: found.n_equal]
    assert found.first != found.other_first


def test_a_world_does_not_differ_from_itself(few: Ensemble) -> None:
    """The difference of a log and itself has no first record and no incident."""
    log = scenes_of(few, [0], "simpy")[0].log()
    same = difference(log, log)
    assert (same.first, same.other_first, same.compared) == (None, None, ())
    assert same.n_equal == len(log.records)
    shorter = replace(log, records=log.records[:-1], reports=log.reports[:-1])
    assert difference(log, shorter).first == log.records[-1]


def test_what_is_needed_prevents_it(explanation: Explanation) -> None:
    """Without any one of those that are named as needed it does not happen."""
    own = list(explanation.log.incidents())
    last = own[explanation.number - 1].identity
    linked = {step.number for step in explanation.steps}
    assert set(explanation.needed) <= linked
    for number in explanation.needed:
        left_out = own[number - 1].identity
        assert not happens_without(explanation.scene, last, left_out)


def test_an_act_names_its_first_incident(few: Ensemble) -> None:
    """The act of an incident stands for the first of them."""
    why = explain(few, 1, "rocket_attack", engine="simpy")
    acts = [record.act for record in why.log.incidents()]
    assert why.number == acts.index(Act.ROCKET_ATTACK) + 1


def test_numbers_and_identities_name_the_same_incident(few: Ensemble) -> None:
    """An incident may be named either way, when explained and when left out."""
    why = explain(few, 1, engine="simpy")
    identity = f"{why.steps[-1].record.identity:032x}"
    named = explain(few, 1, identity, engine="simpy")
    assert replace(named, meant=why.meant).as_data() == why.as_data()
    one, two = (
        but_for(few, 1, [name], engine="simpy") for name in (why.number, identity)
    )
    assert one.as_data() == two.as_data()


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda few: explain(few, 6), "which holds 0 to 5"),
        (lambda few: explain(few, 0, 0), "its incidents are 1 to"),
        (lambda few: explain(few, 0, "f" * 32), "no incident has this identity"),
        (lambda few: explain(few, 0, "rade"), "did you mean 'raid'"),
        (lambda few: explain(few, 0, "99th strike"), "does not happen; what does: "),
        (lambda few: but_for(few, 0, ["first expulsion"]), "what happens in it: "),
        (lambda few: but_for(few, 0, ["act=raidd"]), "did you mean 'raid'"),
        (lambda few: explain("no_such_run", 0), "holds no run"),
    ],
)
def test_what_is_not_there_is_refused(few: Ensemble, ask: Any, words: str) -> None:
    """A number, an act or a folder that is not there is named, with what is."""
    with pytest.raises(StudyError, match=words):
        ask(few)


def test_what_was_put_in_is_told_as_such() -> None:
    """A development and a row of the record are decided by nobody in the model."""
    scenario = load("iraq_2019_2020")
    driver = SimpyDriver(Cast(scenario))
    log = driver.log(1, 0, 80.0)
    own = [record.identity for record in log.incidents()]
    found = decisions(driver.cast, log, UNALTERED, own)
    for record in log.incidents():
        is_given = record.origin == Origin.DEVELOPMENT
        assert (found[record.identity].kind == "development") == is_given
        assert is_given or record.actor != NOBODY


def test_explanation_of_what_was_put_in_stands_alone() -> None:
    """It needs nothing of what came before it."""
    scenario = load("iraq_2019_2020")
    ensemble = run_ensemble(scenario, replications=1, until=80.0, engine="simpy")
    scene = scenes_of(ensemble, [0], "simpy")[0]
    log = scene.log()
    place = [
        n for n, r in enumerate(log.incidents()) if r.origin == Origin.DEVELOPMENT
    ][-1]
    assert len(explained(scene, log, place).steps) == 1
