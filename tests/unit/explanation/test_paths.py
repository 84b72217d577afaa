"""The ways to an outcome: one a replication, each the chain that is explained."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

import sim
from sim.engine.log import Origin
from sim.ensemble.ensemble import run_ensemble
from sim.errors import StudyError
from sim.explanation.explain import explain
from sim.explanation.necessity import but_for_all
from sim.explanation.paths import Paths, paths_to
from sim.explanation.phrase import class_of, read_phrase
from sim.explanation.scene import scenes_of
from sim.ladder import name_of
from sim.pictures.paths import MOST_ACTS, MOST_STEPS, columns_of
from sim.scenario.load import load
from tests import builders

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ensemble.ensemble import Ensemble

ACT = "air_strike"


@pytest.fixture(scope="module")
def few() -> Ensemble:
    """Return some replications of the scenario that tells its own story."""
    scenario = load("iraq_endogenous_2019_2020")
    return run_ensemble(scenario, replications=10, root_seed=3, until=120.0)


@pytest.fixture(scope="module")
def paths(few: Ensemble) -> Paths:
    """Return by which ways air strikes come about in them."""
    return paths_to(few, ACT, engine="simpy")


def test_each_replication_has_one_way(few: Ensemble, paths: Paths) -> None:
    """Shares add up to 1, counts to the replications in which it comes."""
    came = sum(
        any(name_of(record.act) == ACT for record in scene.log().incidents())
        for scene in scenes_of(few, engine="simpy")
    )
    assert sum(path.n for path in paths.paths) == paths.n_reached == came
    assert sum(path.share for path in paths.paths) == pytest.approx(1.0)
    assert all(path.acts[-1] == ACT for path in paths.paths)
    assert all(path.low <= path.share <= path.high for path in paths.paths)


def test_a_way_is_the_chain_that_is_explained(few: Ensemble, paths: Paths) -> None:
    """The example of each way has that chain when its incident is explained."""
    for path in paths.paths:
        (scene,) = scenes_of(few, [path.example], "simpy")
        acts = [name_of(record.act) for record in scene.log().incidents()]
        why = explain(few, path.example, acts.index(ACT) + 1, engine="simpy")
        assert tuple(acts[number - 1] for number in why.chain) == path.acts


def test_off_ramps_count_every_incident(few: Ensemble, paths: Paths) -> None:
    """Of each act all incidents are counted; what nothing names as cause has ended."""
    counts, ended = Counter[str](), Counter[str]()
    for scene in scenes_of(few, engine="simpy"):
        log = scene.log()
        by_identity = {record.identity: record for record in log.records}
        answered = set[int]()
        for record in log.incidents():
            cause = record.cause
            while cause in by_identity and by_identity[cause].record_type != 3:
                cause = by_identity[cause].cause
            answered.add(cause)
        for record in log.incidents():
            counts[name_of(record.act)] += 1
            ended[name_of(record.act)] += record.identity not in answered
    for ramp in paths.off_ramps:
        assert ramp.n == counts[ramp.act]
        assert ramp.share == pytest.approx(ended[ramp.act] / ramp.n)
        assert ramp.low <= ramp.share <= ramp.high


def test_engines_agree(few: Ensemble, paths: Paths) -> None:
    """Both engines give the same ways and the same ends."""
    pytest.importorskip("numba")
    assert paths_to(few, ACT, engine="compiled").as_data() == paths.as_data()


def test_the_picture_shows_all_replications(paths: Paths) -> None:
    """What is put together loses nobody, and no step has more than so many acts."""
    shown = columns_of(paths)
    assert sum(n for _, n in shown) == paths.n_reached
    assert max(len(labels) for labels, _ in shown) <= MOST_STEPS + 2
    for back in range(MOST_STEPS + 1):
        acts = {labels[-1 - back] for labels, _ in shown if back < len(labels)}
        assert len(acts) <= MOST_ACTS + 1


def test_failed_replications_are_passed_over_and_numbers_kept() -> None:
    """Of a run from another number the examples are its own; what failed has no way."""
    scenario = builders.hot(horizon=60.0)
    own = run_ensemble(scenario, replications=range(40, 52), engine="simpy")

    counts = [len(list(s.log().incidents())) for s in scenes_of(own, engine="simpy")]
    limit = sorted(counts)[-3]
    capped = builders.hot(horizon=60.0, max_incidents=limit)
    run = run_ensemble(capped, replications=range(40, 52), engine="simpy")
    assert len(run.failed) == sum(n > limit for n in counts) > 0
    found = paths_to(run, "rocket_attack", engine="simpy")
    assert found.n == 12 - len(run.failed)
    failed = {number for number, _, _ in run.failed}
    assert all(path.example in set(run.numbers) - failed for path in found.paths)
    everything = but_for_all(run, "first=rocket_attack", engine="simpy")
    assert everything.n == found.n


def test_what_was_put_in_is_no_outcome() -> None:
    """The way is to the first that came about by itself; who has none has no way.

    The planted fault: the strike that the scenario puts into each replication.
    """
    scenario = load("iraq_2019_2020")
    run = run_ensemble(scenario, replications=6, root_seed=1, until=110.0)
    phrase = read_phrase("first strike", scenario.start, "")
    came: dict[int, tuple[str, ...]] = {}
    for scene in scenes_of(run, engine="simpy"):
        log = scene.log()
        own = list(log.incidents())
        (first,) = phrase.in_log(log)
        strikes = [i for i, r in enumerate(own) if r.act in class_of(own[first].act)]
        free = [i for i in strikes if own[i].origin == Origin.SIMULATED]
        assert phrase.in_log(log, is_own=True) == free[:1]
        assert own[first].origin != Origin.SIMULATED or free[0] == first
        for place in free[:1]:
            why = explain(run, scene.member, place + 1, engine="simpy")
            chain = tuple(name_of(own[number - 1].act) for number in why.chain)
            came[scene.member] = chain
    found = paths_to(run, "first strike", engine="simpy")
    assert 0 < len(came) == found.n_reached < found.n == 6
    assert Counter(came.values()) == {path.acts: path.n for path in found.paths}
    few = paths_to(run, "first strike", replications=list(came)[:1], engine="simpy")
    assert (few.n, few.n_reached) == (1, 1)
    with pytest.raises(StudyError, match="what was put in is not meant"):
        paths_to(run, "embassy_storming", engine="simpy")


def test_what_never_comes_is_refused(few: Ensemble) -> None:
    """An act that is none, or that nobody did, is named."""
    with pytest.raises(StudyError, match="did you mean 'air_strike'"):
        paths_to(few, "air_strikex")
    with pytest.raises(StudyError, match="happens in none of the 10 replications"):
        paths_to(few, "government_sworn_in", engine="simpy")


def test_ways_know_the_days_that_were_simulated() -> None:
    """They are the run's, where it ends before the scenario does."""
    run = sim.run("iraq_2019_2020", replications=2, until=60)
    assert paths_to(run.ensemble, "rocket_attack").until == 60.0


def test_a_picture_of_what_would_be_over_a_run_is_refused(tmp_path: Path) -> None:
    """There is none, and to write nothing without a word would hide that."""
    run = sim.run("iraq_2019_2020", replications=2, until=60)
    with pytest.raises(StudyError, match="leave picture"):
        sim.explain(run, without="raid", picture=tmp_path / "why.svg")
