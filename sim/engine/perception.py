"""What actors learn of what others do: late, in part, and sometimes wrongly.

Perception is in the world and moves behaviour. What the press makes of an incident is
observation (`sim.engine.observation`) and moves nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.draws import Purpose, child
from sim.engine.cast import VISIBILITY, WORD_SUSPECT
from sim.engine.log import Origin, Record, RecordType
from sim.ladder import Visibility
from sim.rules.attribution import evidence_is_true, posterior_of_named
from sim.rules.inversion import choice_race
from sim.rules.perceiving import percept_of

if TYPE_CHECKING:
    from sim.engine.cast import Cast
    from sim.engine.replication import Replication
    from sim.rules.behaviour import Percept


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
        cast.soil[record.site] if record.site >= 0 else -2,
        0 if record.origin == Origin.SIMULATED else 1,
    )


def blamed(
    replication: Replication, observer: int, record: Record, identity: int, u: float
) -> tuple[int, float]:
    """Return whom an observer blames, and the probability that it gives to it.

    An act whose author shows itself is blamed on its author for sure. A covert one is
    blamed on the suspect whom the evidence names; an observer without suspects
    believes what it hears, with its evidence's quality as confidence. Where an answer
    to it is put in, its author blames whom it is put in against, for sure.
    """
    cast = replication.cast
    if VISIBILITY[record.act] != Visibility.COVERT:
        return record.actor, 1.0
    held = cast.beliefs.get((record.identity, observer))
    if held is not None:
        return held, 1.0
    kind, params = cast.kinds[observer], replication.params[observer]
    quality = kind.evidence(params) * cast.trace(int(record.effect.means))
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
