"""What holds after each record of any true log; a fault is told in words."""

from __future__ import annotations

from collections import Counter
from operator import add
from typing import TYPE_CHECKING, Final

from sim.draws import Draws, Purpose, child, name_word
from sim.engine.cast import (
    WORD_BROKEN,
    WORD_CANDIDATE,
    WORD_INCIDENT,
    WORD_OPERATION,
    WORD_RESPONSE,
)
from sim.engine.log import UNREPORTED, Origin, RecordType
from sim.engine.observation import shares_of
from sim.engine.replay import at_start, replay
from sim.engine.world import check_invariants
from sim.errors import RunError
from sim.ladder import Act, name_of
from sim.rules.behaviour import Effect, Side
from sim.rules.inversion import exponential

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.engine.cast import Cast
    from sim.engine.log import IncidentLog, Record

Known = dict[int, "Record"]
"""Records so far, by identity."""

BLOWS: Final = (Act.AIR_STRIKE, Act.LEADER_KILLING, Act.DIRECT_STRIKE)
HARMS: Final = ("killed", "wounded")
NOTHING: Final = Effect()


def faults_in(cast: Cast, log: IncidentLog) -> list[str]:
    """Return every way in which a log is no log of the model."""
    return [
        *faults_of_order(log),
        *faults_of_custody(log),
        *faults_of_blows(log),
        *faults_of_thwarting(cast, log),
        *faults_of_stocks(cast, log),
        *faults_of_reports(cast, log),
    ]


def faults_of_order(log: IncidentLog) -> Iterator[str]:
    """Times are in order and before the horizon; identities name one; causes lead."""
    seen, last = {0}, 0.0
    for record in log.records:
        if not last <= record.time < log.horizon:
            yield f"{told(record)} comes after day {last:.3f}"
        if record.identity in seen:
            yield f"{told(record)} shares its identity"
        if record.cause not in seen:
            yield f"{told(record)} has a cause that did not come before it"
        seen.add(record.identity)
        last = record.time


def faults_of_reports(cast: Cast, log: IncidentLog) -> Iterator[str]:
    """What a report that names its author answers is reported, if the act ever is."""
    known = {record.identity: record for record in log.records}
    reports = dict(zip(known, log.reports, strict=bool(log.reports)))
    shares = shares_of(cast.scenario.observations)
    for record in log.incidents():
        if reports.get(record.identity, UNREPORTED).actor < 0:
            continue
        answered = known.get(record.cause)
        while answered is not None and answered.record_type == RecordType.STAGE:
            answered = known.get(answered.cause)
        if answered is None or answered.record_type != RecordType.INCIDENT:
            continue
        is_ever = shares[answered.act].reported > 0.0
        if is_ever and not reports[answered.identity].is_reported:
            yield f"{told(record)} is reported, and not {told(answered)}"


def faults_of_custody(log: IncidentLog) -> Iterator[str]:
    """Nobody goes free who was not arrested; an arrest belongs to a raid."""
    held: Counter[tuple[int, int]] = Counter()
    known = {record.identity: record for record in log.records}
    for record in log.incidents():
        pair, persons = (record.actor, record.target), int(record.effect.persons)
        if record.act == Act.ARREST:
            held[pair] += persons
            raid = known.get(record.cause)
            if is_simulated(record) and (raid is None or raid.act != Act.RAID):
                yield f"{told(record)} has no raid"
        elif record.act == Act.RELEASE:
            if is_simulated(record) and not 0 < persons <= held[pair]:
                yield f"{told(record)} frees {persons} of {held[pair]} arrested"
            held[pair] = max(0, held[pair] - persons)


def faults_of_blows(log: IncidentLog) -> Iterator[str]:
    """A simulated blow goes back to an act that its author had noticed before.

    An air strike hits whom its author holds responsible for that act; where it answers
    what came while another was prepared, that is the act that it answers.
    """
    known: Known = {}
    noticed: dict[tuple[int, int], Record] = {}
    for record in log.records:
        known[record.identity] = record
        if record.record_type == RecordType.PERCEPTION:
            noticed[record.cause, record.actor] = record
        is_blow = record.record_type == RecordType.INCIDENT and record.act in BLOWS
        if not is_blow or not is_simulated(record):
            continue
        planning = known.get(record.cause)
        if planning is None or planning.record_type != RecordType.STAGE:
            yield f"{told(record)} was not planned"
            continue
        while known[planning.cause].record_type == RecordType.STAGE:
            planning = known[planning.cause]
        perception = noticed.get((planning.cause, record.actor))
        if perception is None or not perception.time < planning.time:
            yield f"{told(record)} answers nothing that was noticed"
            continue
        answers_own = known[planning.cause].actor == record.actor
        if record.act != Act.AIR_STRIKE or answers_own:
            continue
        if perception.target != record.target:
            yield f"{told(record)} hits another than the one held responsible"


def faults_of_thwarting(cast: Cast, log: IncidentLog) -> Iterator[str]:
    """What is thwarted had begun, had not ended, and never takes effect."""
    ended = {record.identity for record in log.records}
    for record in log.incidents():
        if record.act != Act.THWARTED_ATTACK or not is_simulated(record):
            continue
        found = begun(cast, log, record)
        if found is None:
            yield f"{told(record)} ends nothing that had begun"
            continue
        act = cast.operations[record.operation].act
        if child(found, WORD_INCIDENT, name_word(act.name), 0) in ended:
            yield f"{told(record)} takes effect all the same"


def begun(cast: Cast, log: IncidentLog, record: Record) -> int | None:
    """Return the identity of the operation that was broken off, if it had begun."""
    label = name_word(Act(record.act).name)
    for identity in starts(cast, log, record):
        if child(identity, WORD_BROKEN, label, 0) == record.identity:
            return identity
    return None


def starts(cast: Cast, log: IncidentLog, record: Record) -> Iterator[int]:
    """Yield what its loser could have started before it: candidates and answers."""
    draws, loser = Draws(log.root_seed, log.replication), record.target
    for channel in cast.channels:
        if channel.actor != loser or channel.operation != record.operation:
            continue
        for _, width, stream in channel.bands:
            time, number = 0.0, 0
            while True:
                gap, _, _, _ = draws.block(stream, Purpose.CANDIDATE, number)
                time += exponential(gap, 1.0 / width)
                if time >= record.time:
                    break
                yield child(stream, WORD_CANDIDATE, 0, number)
                number += 1
    for perception in log.records:
        if perception.time > record.time:
            return
        if perception.record_type != RecordType.PERCEPTION or perception.actor != loser:
            continue
        for answers in (cast.answers[loser], cast.stage_answers[loser]):
            for answer in answers.get(perception.act, ()):
                answered = child(perception.identity, WORD_RESPONSE, answer.word, 0)
                for word in cast.words:
                    yield child(answered, WORD_OPERATION, word, 0)


def faults_of_stocks(cast: Cast, log: IncidentLog) -> Iterator[str]:
    """No stock falls below 0, nothing is used that is not there, the dead add up.

    An attack that is simulated has its target's people on its site at that moment.
    """
    state = at_start(cast, log)
    world = state.world
    n, total = world.n_actors, NOTHING
    for record in replay(cast, log, state):
        if record.record_type != RecordType.INCIDENT:
            continue
        effect = record.effect
        if is_simulated(record) and record.act == Act.ROCKET_ATTACK:
            place = record.site * n + record.target
            if record.site < 0 or not world.presence[place] > 0.0:
                yield f"{told(record)} hits a site that nobody occupies"
        if effect.hits > effect.rounds:
            yield f"{told(record)} hits with more than it fires"
        if effect != NOTHING:
            try:
                check_invariants(world)
            except RunError as error:
                yield f"{told(record)}: {error}"
            total = Effect(*map(add, total, effect))
    for harm in HARMS:
        for side in Side:
            counted = getattr(total, f"{harm}_{side.name.lower()}")
            if getattr(world, harm)[side] != counted:
                yield f"{harm} of side {side.name} do not add up to {counted}"


def is_simulated(record: Record) -> bool:
    """Whether the model did it."""
    return record.origin == Origin.SIMULATED


def told(record: Record) -> str:
    """Name a record."""
    kind = record.record_type.name.lower()
    return f"day {record.time:.3f}: {kind} of {name_of(record.act)}"
