"""What actors learn of what others do: late, in part, and sometimes wrongly.

Perception is in the world and moves behaviour. What the press makes of an incident is
observation (`sim.engine.observation`) and moves nothing.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sim.engine.cast import VISIBILITY, WORD_PERCEPTION, WORD_SUSPECT
from sim.engine.clock import Rank
from sim.engine.draws import Purpose, child
from sim.engine.log import Record, RecordType
from sim.ladder import Visibility
from sim.rules.attribution import evidence_is_true, posterior_of_named
from sim.rules.inversion import choice_race
from sim.rules.perceiving import percept_of

if TYPE_CHECKING:
    from sim.engine.cast import Cast
    from sim.engine.run import Replication
    from sim.engine.running import Running
    from sim.rules.behaviour import Percept, Stage


def percept_by(
    cast: Cast, observer: int, record: Record, author: int, confidence: float
) -> Percept:
    """Return a record as an actor perceives it, blaming `author`."""
    target = record.target
    return percept_of(
        int(record.act),
        1 if record.record_type == RecordType.STAGE else 0,
        record.actor,
        target,
        record.effect,
        observer,
        cast.sides[observer],
        cast.sides[target] if target >= 0 else -1,
        author,
        confidence,
    )


def spread(replication: Replication, record: Record) -> None:
    """Let everybody who can learn of an incident learn of it, each in its time."""
    cast = replication.cast
    act = record.act
    if record.actor >= 0 and act in cast.heeds_own[record.actor]:
        identity = child(record.identity, WORD_PERCEPTION, cast.words[record.actor], 0)
        replication.notice(record.actor, record, identity, record.actor, 1.0, None)
    is_covert = VISIBILITY[act] == Visibility.COVERT
    for observer in cast.observers[act]:
        if observer == record.actor or not cast.is_seen_by(
            act, observer, record.target
        ):
            continue
        if record.actor < 0 and not (is_covert and cast.suspects[observer]):
            continue
        identity = child(record.identity, WORD_PERCEPTION, cast.words[observer], 0)
        params = replication.params[observer]
        u_delay, u_evidence = replication.draws.two(identity, Purpose.NOTICE)
        replication.later(
            cast.kinds[observer].news_delay(params, u_delay),
            Rank.PERCEPTION,
            identity,
            partial(_learn, replication, observer, record, identity, u_evidence),
        )


def _learn(
    replication: Replication,
    observer: int,
    record: Record,
    identity: int,
    u: float,
    _: Any,
) -> None:
    """Let the news of an incident arrive."""
    replication.n_pending -= 1
    author, confidence = blamed(replication, observer, record, identity, u)
    replication.notice(observer, record, identity, author, confidence, None)


def watch(
    replication: Replication, record: Record, running: Running, stage: Stage
) -> None:
    """Let an actor follow its own stage, and its watchers notice an exposed one."""
    cast, actor = replication.cast, record.actor
    if stage.is_followed:
        identity = child(record.identity, WORD_PERCEPTION, cast.words[actor], 0)
        replication.notice(actor, record, identity, actor, 1.0, running)
    if not stage.is_exposed:
        return
    for observer in cast.watchers[actor]:
        identity = child(record.identity, WORD_PERCEPTION, cast.words[observer], 0)
        kind, params = cast.kinds[observer], replication.params[observer]
        share = kind.detection(params, replication.view(observer, record.actor))
        if replication.draws.one(identity, Purpose.NOTICE) < share:
            replication.notice(observer, record, identity, record.actor, 1.0, running)


def blamed(
    replication: Replication, observer: int, record: Record, identity: int, u: float
) -> tuple[int, float]:
    """Return whom an observer blames, and the probability that it gives to it.

    An act whose author shows itself is blamed on its author for sure. A covert one is
    blamed on the suspect whom the evidence names; an observer without suspects
    believes what it hears, with its evidence's quality as confidence.
    """
    cast = replication.cast
    if VISIBILITY[record.act] != Visibility.COVERT:
        return record.actor, 1.0
    kind, params = cast.kinds[observer], replication.params[observer]
    quality = kind.evidence(params)
    suspects = cast.suspects[observer]
    if not suspects:
        return record.actor, quality
    weights = {
        suspect: kind.suspicion(params, replication.view(observer, suspect))
        for suspect in suspects
    }
    named = record.actor
    if named not in weights or not evidence_is_true(quality, u):
        named = min(
            suspects,
            key=lambda suspect: choice_race(
                replication.draws.one(
                    child(identity, WORD_SUSPECT, cast.words[suspect], 0),
                    Purpose.EVIDENCE,
                ),
                weights[suspect],
            ),
        )
    total = 0.0
    for weight in weights.values():
        total += weight
    return named, posterior_of_named(quality, weights[named] / total)
