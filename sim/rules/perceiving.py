"""What a record looks like to an actor: numbers in, a Percept out."""

from __future__ import annotations

from typing import Any, Final

from sim.rules.behaviour import Effect, Percept
from sim.rules.inversion import exponential

NEWS_DAYS: Final = 0.05
"""Mean delay until an actor learns of another's act, days: an hour or so. What is
public is known within hours, and no answer hangs on how many."""

KILLED = 3
"""Where the five counts of the dead begin in an `Effect`, by side."""

WOUNDED = 8
"""Where the five counts of the wounded begin in an `Effect`, by side."""


def percept_of(
    act: int,
    is_stage: int,
    actor: int,
    target: int,
    effect: Effect,
    observer: int,
    own_side: int,
    target_side: int,
    author: int,
    confidence: float,
    soil: int,
    put_in: int,
) -> Percept:
    """Return a record as an actor perceives it.

    Parameters
    ----------
    act, is_stage, actor, target, effect
        The record: what was done, by whom, to whom, with what effect.
    observer, own_side
        Who perceives it, and the side its people are counted among.
    target_side
        The target's side, -1 where there is no target.
    author, confidence
        Whom the observer blames, and the probability it gives to it, 0 to 1.
    soil
        On whose soil it was, -1 where its site does not tell, -2 where it was at none.
    put_in
        1 when it came from outside, else 0.
    """
    lost = 0.0
    if target_side >= 0:
        lost = effect[KILLED + target_side]
    return Percept(
        act,
        is_stage,
        author,
        target,
        1 if actor == observer else 0,
        1 if target == observer else 0,
        confidence,
        effect.rounds,
        effect[KILLED + own_side],
        effect[WOUNDED + own_side],
        lost,
        effect.killed_civilian,
        effect.wounded_civilian,
        effect.persons,
        effect.launchers,
        effect.force,
        effect.intercepted,
        effect.means,
        soil,
        put_in,
    )


def news_delay(params: Any, u: float) -> float:
    """Days until an actor learns of another's act, with mean `NEWS_DAYS`; exponential.

    The same for every actor of every kind.
    """
    return exponential(u, NEWS_DAYS)


def evidence(params: Any) -> float:
    """Probability that the evidence points to the true author, the parameter's value.

    For a kind that has a parameter `evidence`.
    """
    return params.evidence
