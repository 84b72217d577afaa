"""The story of a replication: every incident, dated, with what it answers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from sim.cli.replications.replay import WIDTH, sentence_text
from sim.engine.cast import Cast
from sim.engine.log import NOBODY, IncidentLog, Origin, Record, RecordType, Report
from sim.engine.run import run_replication
from sim.ladder import Act, name_of
from sim.reports.narrative import UNTOLD, Sentence, narrate
from sim.rules.behaviour import Effect, Side
from sim.scenario.load import load
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


def test_each_incident_is_told_once(
    log: IncidentLog, scenario: Scenario, story: list[Sentence]
) -> None:
    """There is one sentence an incident, with its number, in order of time.

    Only readiness and claims of the same day have none; in the story of every incident
    they have, and each number is its place.
    """
    untold = [r for r in log.incidents() if r.act in UNTOLD]
    claims = sum(", and claims it (incident " in s.text for s in story)
    assert untold
    assert claims
    whole = narrate(log, scenario, every=True)
    acts = [name_of(record.act) for record in log.incidents()]
    assert [s.act for s in whole] == acts
    assert [s.number for s in whole] == list(range(1, len(acts) + 1))
    assert len(story) == len(acts) - len(untold) - claims
    assert all(acts[s.number - 1] == s.act for s in story)
    assert [s.when for s in story] == sorted(s.when for s in story)


def test_a_cause_comes_before_its_effect(story: list[Sentence]) -> None:
    """A sentence answers an earlier one, and says which."""
    caused = [s for s in story if s.cause]
    assert caused
    assert all(0 < s.cause < s.number and s.because for s in caused)


def test_a_strike_says_which_attack_it_answers(story: list[Sentence]) -> None:
    """An air strike answers an attack, and tells whom it holds responsible."""
    strikes = [s for s in story if s.act == "air_strike"]
    by_number = {s.number: s for s in story}
    assert strikes
    for strike in strikes:
        assert by_number[strike.cause].act == "rocket_attack"
        assert "which it attributes to" in strike.because


def test_what_is_put_in_is_marked(story: list[Sentence]) -> None:
    """The incident that was put in is told as given, on its date, with its dead."""
    (given,) = [s for s in story if s.is_given]
    assert given.when == datetime(2019, 11, 7, 12, 0)
    assert (
        "killed, the commander among them: 5 militia members, 5 of iran's people"
        in given.text
    )
    assert "given" in sentence_text(given)


def test_the_press_is_told_apart(story: list[Sentence]) -> None:
    """Each sentence says what the press made of it."""
    known = {"unreported", "reported", "reported, author unknown"}
    told_of = {s.press.split(", the claim")[0] for s in story}
    assert all(press in known or "claimed by " in press for press in told_of)


def test_a_sentence_fits_its_width(story: list[Sentence]) -> None:
    """A told sentence is dated, and no line is wider than the page."""
    for sentence in story:
        lines = sentence_text(sentence).splitlines()
        assert f"{sentence.when:%Y-%m-%d}" in lines[0]
        assert all(len(line) <= WIDTH for line in lines)


HOT = builders.hot()
ACTORS = {actor.kind.side: at for at, actor in enumerate(HOT.actors)}
LABELS = {side: HOT.actors[at].label for side, at in ACTORS.items()}
NOTHING_YET = run_replication(builders.calm(), 1, 0, 0.001)


def incident(
    act: Act,
    by: Side | None,
    to: Side | None,
    cause: Record | None = None,
    **fields: Any,
) -> Record:
    """Return the record of an incident, one tenth of a day after its cause."""
    record = Record(
        time=0.3 if cause is None else cause.time + 0.1,
        record_type=RecordType.INCIDENT,
        identity=1 if cause is None else cause.identity + 1,
        cause=0 if cause is None else cause.identity,
        actor=NOBODY if by is None else ACTORS[by],
        act=act,
        target=NOBODY if to is None else ACTORS[to],
        site=NOBODY,
        operation=NOBODY,
        stage=NOBODY,
        effect=Effect(),
        confidence=0.0,
        origin=Origin.SIMULATED,
    )
    return record._replace(**fields)


def told(
    *records: Record, reported: tuple[int, ...] = (), unnamed: tuple[int, ...] = ()
) -> list[Sentence]:
    """Return the sentences of some records; those that the press has are numbered."""
    reports = tuple(
        Report(at in reported + unnamed, record.actor if at in reported else NOBODY)
        for at, record in enumerate(records)
    )
    names = tuple(actor.name for actor in HOT.actors)
    return narrate(
        replace(NOTHING_YET, records=records, reports=reports, actors=names), HOT
    )


@pytest.mark.parametrize("act", [act for act in Act if act not in (0, *UNTOLD)])
@pytest.mark.parametrize("by", ACTORS)
def test_each_act_has_a_sentence_by_each_actor(by: Side, act: Act) -> None:
    """Whoever does it to whomever, or to nobody known, and for whatever reason."""
    records: list[Record] = []
    for to in (None, *ACTORS):
        for asked in Act:
            if asked != Act.NONE:
                n = len(records) + 1
                cause = incident(asked, to, by)._replace(identity=n)
                records += [cause, incident(act, by, to, cause)]
    sentences = told(*records)
    assert sum(LABELS[by] in s.text.lower() for s in sentences) > len(records) // 3
    for sentence in sentences:
        assert sentence.text[0].isupper()
        for text in (sentence.text, sentence.because):
            assert not re.search(r"[{}\[\]]|  |somebody|nobody| $", text)


@pytest.mark.parametrize("act", [act for act in Act if act not in (0, *UNTOLD)])
def test_an_unknown_author_is_said_to_be_unknown(act: Act) -> None:
    """An act whose author nobody has established is told."""
    (only,) = told(incident(act, None, None))
    assert "n unknown party" in only.text


def test_readiness_is_not_told_and_causes_nothing_that_is() -> None:
    """Nobody observes it: an announcement stands alone."""
    ready = incident(Act.READINESS_LOWERED, Side.MILITIA, Side.FOREIGN)
    (only,) = told(ready, incident(Act.SUSPENSION, Side.MILITIA, Side.FOREIGN, ready))
    assert (only.act, only.because, only.cause) == ("suspension", "", 0)


def test_a_militia_demands_the_release_of_its_people() -> None:
    """A foreign power demands action, a militia its people or something else."""
    arrest = incident(Act.ARREST, Side.HOST, Side.MILITIA)
    raid = incident(Act.RAID, Side.HOST, Side.MILITIA)
    demand = (Act.DEMAND, Side.MILITIA, Side.HOST)
    assert (
        "demands the release of its people"
        in told(arrest, incident(*demand, arrest))[1].text
    )
    assert "makes demands of iraq" in told(raid, incident(*demand, raid))[1].text
    pressed = incident(Act.DEMAND, Side.FOREIGN, Side.HOST)
    (only,) = told(pressed)
    assert only.text.endswith("demands action by iraq against the militias")


def test_words_are_told_by_who_speaks_to_whom() -> None:
    """A government denies an accusation, and an admission may be made to it."""
    accusation = incident(Act.ACCUSATION, Side.MILITIA, Side.HOST)
    denial = incident(Act.DENIAL, Side.HOST, Side.MILITIA, accusation)
    assert "denies what it is accused of by" in told(accusation, denial)[1].text
    to_host = told(incident(Act.ADMISSION, Side.MILITIA, Side.HOST))[0].text
    to_foreign = told(incident(Act.ADMISSION, Side.MILITIA, Side.FOREIGN))[0].text
    assert "tells iraq that the attacks were its own" in to_host
    assert "admits attacks on united_states" in to_foreign


def test_launchers_are_told_where_there_are_any() -> None:
    """A thwarted attack may take none."""
    found = (Act.THWARTED_ATTACK, Side.HOST, Side.MILITIA)
    some = Effect(launchers=2.0)
    assert told(incident(*found, effect=some))[0].text.endswith("takes 2 launchers")
    assert "launcher" not in told(incident(*found))[0].text


def test_commander_and_leader_are_told_apart() -> None:
    """The sponsor's commander is not a leader of a militia, nor one the other."""
    killing = incident(Act.LEADER_KILLING, Side.FOREIGN, Side.SPONSOR)
    successor = incident(Act.APPOINTMENT, Side.SPONSOR, Side.SPONSOR, killing)
    first, second = told(killing, successor)
    assert "the commander of iran's militias" in first.text
    assert "full charge of iran's militias" in second.text
    assert second.because.startswith("the killing of the commander of ")
    (other,) = told(incident(Act.MILITIA_LEADER_KILLING, Side.FOREIGN, Side.MILITIA))
    assert "kills a leader of" in other.text


@pytest.mark.parametrize(
    ("reply", "ending"),
    [
        (Act.COMPLIANCE, "ends"),
        (Act.DISOBEDIENCE, "never kept, "),
        (None, "never said that it would keep, "),
    ],
)
def test_a_truce_is_told_with_what_became_of_it(reply: Act | None, ending: str) -> None:
    """It is one of a client with the foreign power, and its end says if it was kept."""
    menace = incident(Act.EVACUATION_THREAT, Side.FOREIGN, Side.HOST)
    truce = incident(Act.TRUCE, Side.SPONSOR, Side.MILITIA, menace)
    answer = incident(reply or Act.NONE, Side.MILITIA, Side.SPONSOR, truce)
    end = incident(Act.TRUCE_END, Side.SPONSOR, Side.MILITIA, answer)
    end = end._replace(cause=truce.identity)
    records = (menace, truce, *([answer] if reply else []), end)
    sentences = told(*records)
    assert sentences[1].text.endswith("to keep a truce with united_states")
    assert "more than the attacks gain" in sentences[1].because
    assert ending in sentences[-1].text
    assert sentences[-1].text.endswith(" ends")
    assert sentences[-1].because.startswith("its term, which began with the call for ")


def test_a_claim_of_the_same_day_is_told_with_its_attack() -> None:
    """A later one, or one of another, has a sentence of its own.

    An attack of which the press does not name the author is told by who claims it.
    """
    attack = incident(Act.ROCKET_ATTACK, Side.MILITIA, Side.FOREIGN)
    claim = incident(Act.CLAIM, Side.MILITIA, Side.FOREIGN, attack)
    (only,) = told(attack, claim, reported=(0,))
    assert only.text.endswith(", and claims it (incident 2)")
    assert only.press == "reported, the claim unreported"
    assert told(attack, claim, reported=(0, 1))[0].press == "reported"
    assert (
        told(attack, claim, reported=(1,), unnamed=(0,))[0].press
        == "reported, claimed by usbat"
    )
    later = claim._replace(time=1.1)
    assert len(told(attack, later)) == 2
    assert told(attack, later, reported=(1,), unnamed=(0,))[0].press == (
        "reported, claimed by usbat on 29 Oct"
    )
    assert told(attack, later, reported=(0,))[0].press == "reported"
    assert len(told(attack, claim._replace(actor=ACTORS[Side.HOST]))) == 2
    answer = incident(Act.AIR_STRIKE, Side.FOREIGN, Side.MILITIA, claim)
    assert told(attack, claim, answer)[1].cause == 2


def test_an_hour_that_says_nothing_is_not_told() -> None:
    """Words have days; of the record, and of midnight, only the day is known."""
    strike, visit = Act.AIR_STRIKE, Act.VISIT
    for act, origin, time, has_hour in (
        (strike, Origin.SIMULATED, 2.0, True),
        (strike, Origin.RECORD, 2.45, False),
        (strike, Origin.DEVELOPMENT, 2.0, False),
        (strike, Origin.DEVELOPMENT, 2.5, True),
        (visit, Origin.SIMULATED, 2.4, False),
        (visit, Origin.DEVELOPMENT, 2.5, False),
    ):
        first = incident(act, Side.FOREIGN, Side.MILITIA, origin=origin, time=time)
        words = incident(Act.THREAT, Side.SPONSOR, Side.FOREIGN, first)
        sentence, answer = told(first, words)
        assert (":" in sentence.date) is has_hour
        assert (":" in answer.because) is has_hour
        assert (":" in sentence_text(sentence)) is has_hour
        assert ":" not in answer.date


def test_an_order_at_once_is_so_in_its_answer() -> None:
    """Obeyed or not; who does not obey does as it would without the order."""
    order = incident(
        Act.DIRECTIVE_PRESS, Side.SPONSOR, Side.MILITIA, effect=Effect(rounds=1.0)
    )
    for answer, words in (
        (Act.COMPLIANCE, "obeys the order of iran to attack at once"),
        (Act.DISOBEDIENCE, "would without the order of iran to attack at once"),
    ):
        _, sentence = told(order, incident(answer, Side.MILITIA, Side.SPONSOR, order))
        assert sentence.text.endswith(words)


def test_a_commander_killed_alone_is_not_counted_again() -> None:
    """Whoever dies with him is; he is among them."""
    killing = (Act.LEADER_KILLING, Side.FOREIGN, Side.SPONSOR)
    alone = incident(*killing, effect=Effect(killed_sponsor=1.0))
    both = incident(*killing, effect=Effect(killed_sponsor=1.0, killed_militia=1.0))
    assert told(alone)[0].text.endswith("(no one else killed)")
    assert "killed, the commander among them" in told(both)[0].text


def test_a_rocket_is_told_by_site_and_by_whom_it_is_meant_for() -> None:
    """Neither stands twice, and none is made up."""
    attack = (Act.ROCKET_ATTACK, Side.MILITIA)
    effect = Effect(rounds=2.0)
    site = HOT.sites[0].label
    both, no_target = (
        told(incident(*attack, to, site=0, effect=effect))[0].text
        for to in (Side.FOREIGN, None)
    )
    assert f"fires 2 rockets at {site}, against united_states (" in both
    assert f"fires 2 rockets at {site} (" in no_target
    no_site = told(incident(*attack, Side.FOREIGN, effect=effect))[0].text
    nothing = told(incident(*attack, None, effect=effect))[0].text
    assert "fires 2 rockets at united_states (" in no_site
    assert "fires 2 rockets (" in nothing


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
    assert sanction.because.startswith(
        "what was done to it while it was preparing the air strike of "
    )


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


def test_a_put_in_answer_and_a_put_in_claim_settle_who_did_it() -> None:
    """In a recorded past nobody is struck for what is laid to another, nor claims it.

    The killing of 3 January is told with the dead whose side the record does not tell.
    """
    scenario = load("iraq_from_july_2020")
    history = scenario.history
    assert history is not None
    by_id = {row.identity: row for row in history.rows}
    claims = [row for row in history.rows if row.act == Act.CLAIM and row.cause]
    assert claims
    assert all(by_id[row.cause].actor == row.actor for row in claims)
    assert Cast(scenario).beliefs
    for number in range(3):
        log = run_replication(scenario, 1, number, until=150.0)
        stories = narrate(log, scenario)
        assert any("9 of a side that the record does not" in s.text for s in stories)
        blamed = {
            (record.cause, record.actor): record.target
            for record in log.records
            if record.record_type == RecordType.PERCEPTION
        }
        known = {record.identity: record for record in log.incidents()}
        n_strikes = 0
        for record in log.incidents():
            cause = known.get(record.cause)
            is_given = record.origin == Origin.RECORD
            if record.act == Act.AIR_STRIKE and is_given and cause is not None:
                assert blamed[cause.identity, record.actor] == record.target
                n_strikes += 1
        assert n_strikes > 0
