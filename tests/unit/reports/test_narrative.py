"""The story of a replication: every incident, dated, with what it answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from sim.cli.replications.replay import WIDTH, sentence_text
from sim.engine.log import IncidentLog, Origin
from sim.engine.run import run_replication
from sim.ladder import Act
from sim.reports.narrative import Sentence, narrate
from sim.rules.behaviour import Effect
from sim.scenario.scenario import Given, Scenario
from tests import builders

KILLING = Given(
    identity="commander_killed",
    time=10.5,
    known_from=10.5,
    act=Act.LEADER_KILLING,
    actor="united_states",
    target="iran",
    site="airport",
    effect=Effect(killed_militia=5.0, killed_sponsor=5.0),
)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """Return a scenario of many incidents with one that is put in."""
    return builders.hot(given=(KILLING,))


@pytest.fixture(scope="module")
def log(scenario: Scenario) -> IncidentLog:
    """Return one replication of it."""
    return run_replication(scenario, 1, 0, 120.0)


@pytest.fixture(scope="module")
def story(log: IncidentLog, scenario: Scenario) -> list[Sentence]:
    """Return its story."""
    return narrate(log, scenario)


def test_each_incident_is_told_once(log: IncidentLog, story: list[Sentence]) -> None:
    """There is one sentence an incident, numbered from 1, in order of time."""
    incidents = list(log.incidents())
    assert [s.number for s in story] == list(range(1, len(incidents) + 1))
    assert [s.day for s in story] == [record.time for record in incidents]
    assert [s.when for s in story] == sorted(s.when for s in story)


def test_a_cause_comes_before_its_effect(story: list[Sentence]) -> None:
    """A sentence answers an earlier one, and says which."""
    caused = [s for s in story if s.cause]
    assert caused
    assert all(0 < s.cause < s.number and s.because for s in caused)


def test_a_strike_says_which_attack_it_answers(story: list[Sentence]) -> None:
    """An air strike answers an attack, and tells whom it holds responsible."""
    strikes = [s for s in story if s.act == "air_strike"]
    assert strikes
    for strike in strikes:
        assert story[strike.cause - 1].act == "rocket_attack"
        assert "which it lays to" in strike.because


def test_what_is_put_in_is_marked(story: list[Sentence]) -> None:
    """The incident that was put in is told as given, on its date, with its dead."""
    (given,) = [s for s in story if s.is_given]
    assert given.when == datetime(2019, 11, 7, 12, 0)
    assert "5 militia, 5 sponsor" in given.text
    assert "given" in sentence_text(given)


def test_only_simulated_incidents_are_not_given(
    log: IncidentLog, story: list[Sentence]
) -> None:
    """Given are exactly those that did not arise in the model."""
    origins = [record.origin != Origin.SIMULATED for record in log.incidents()]
    assert [s.is_given for s in story] == origins


def test_the_press_is_told_apart(story: list[Sentence]) -> None:
    """Each sentence says what the press made of it."""
    known = {"unreported", "reported", "reported, author unknown"}
    assert {s.press for s in story} <= known


def test_a_sentence_fits_its_width(story: list[Sentence]) -> None:
    """A told sentence is dated, and no line is wider than the page."""
    for sentence in story:
        lines = sentence_text(sentence).splitlines()
        assert f"{sentence.when:%Y-%m-%d %H:%M}" in lines[0]
        assert all(len(line) <= WIDTH for line in lines)


@pytest.mark.parametrize("act", [act for act in Act if act != Act.NONE])
def test_each_act_has_a_sentence(act: Act) -> None:
    """Whatever is put in is told in words, with who did it to whom."""
    given = (replace(KILLING, act=act),)
    of = builders.hot(given=given)
    (told,) = [s for s in narrate(run_replication(of, 1, 0, 11.0), of) if s.is_given]
    labels = {actor.name: actor.label for actor in of.actors}
    assert labels["united_states"] in told.text
    assert "{" not in told.text


def test_what_came_meanwhile_is_told_as_such(
    log: IncidentLog, scenario: Scenario
) -> None:
    """An act that its own strike gave rise to answers harm done before that landed."""
    incidents = list(log.incidents())
    strike = next(r for r in incidents if r.act == Act.AIR_STRIKE)
    at = log.records.index(next(r for r in incidents if r.time > strike.time))
    caused = log.records[at]._replace(
        act=Act.SANCTION, actor=strike.actor, cause=strike.identity
    )
    records = (*log.records[:at], caused, *log.records[at + 1 :])
    told = narrate(replace(log, records=records), scenario)
    (sanction,) = [s for s in told if s.act == "sanction"]
    assert sanction.because.startswith("harm done to it while it prepared the air str")


def test_a_world_without_incidents_has_no_story() -> None:
    """Nothing happened, nothing is told."""
    scenario = builders.ticking({"a": 0.0}, ceiling_per_day=1.0)
    assert narrate(run_replication(scenario, 1, 0, 10.0), scenario) == []


def test_what_a_record_leaves_blank_is_not_told_as_none() -> None:
    """A blank number is unrecorded, or left out; a 0 that was recorded is told."""
    whole = builders.by_somebody(2, kataib=0.1)
    assert whole.history is not None
    first, second = whole.history.rows
    effect = Effect(rounds=3.0)
    rows = (
        replace(first, effect=Effect(), blank=frozenset({"rounds", "hits"})),
        replace(second, effect=effect, blank=frozenset()),
    )
    branched = replace(whole, history=replace(whole.history, rows=rows))
    log = run_replication(branched, 1, 0, 2.9)
    blank, zero = (s.text for s in narrate(log, branched) if s.is_given)
    assert "an unrecorded number of rockets" in blank
    assert "in the target area" not in blank
    assert "3 rockets" in zero
    assert "0 in the target area" in zero
