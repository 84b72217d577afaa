"""What is borne and what is answered: tolerance of harm that has added up.

Whoever is harmed bears it up to a tolerance that nobody knows, itself included, until
it is exceeded. Its logarithm is logistic, so an answer grows more likely smoothly with
harm. What is asked at each further harm is whether that has exceeded a tolerance which
the harm before had not: hence the chance of an answer does not depend on how the same
harm is cut into acts. For the same reason an act that hurts nobody weighs nothing: any
weight of its own would count acts. Answers are rungs of a ladder whose tolerances rise
by one ratio.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import Final

from sim.rules.decay import faded

SLOPE: Final = 2.0
"""Slope of the log odds of an answer in the log of harm: half the tolerance is answered
in one case of five, twice the tolerance in four of five. A steeper one hangs what
follows on single tolls; from 1.5 to 2.5 no comparison here turns round."""

RATIO: Final = 2.5
"""What the next rung takes, in what the one below takes, for a host and a sponsor:
within 2 to 3.5, as the classes are. What counts as how much, and how much
is borne, are parameters, and move the upper rungs as far."""

WOUNDED: Final = 0.15
"""Harm of one wounded, in deaths, where an actor has no weight of its own."""

MOST_WAITING: Final = 8.0
"""How many usual times of preparation an answer is waited for: of the lognormal times
one in 60,000 is longer."""

MOST_LOG: Final = 300.0
"""Log of a power above which it counts as this: it can still be divided."""


def power_of(ratio: float, slope: float) -> float:
    """Return ``ratio`` to the power ``slope`` for both >= 0; 0 for a ratio of 0.

    Examples
    --------
    >>> round(power_of(3.0, 2.0), 12), power_of(0.0, 2.0)
    (9.0, 0.0)
    """
    if ratio <= 0.0:
        return 0.0
    return exp(min(slope * log(ratio), MOST_LOG))


def chance_exceeded(before: float, after: float, tolerance: float) -> float:
    r"""Probability that harm exceeds a tolerance that it had not exceeded before.

    Parameters
    ----------
    before, after
        Harm when it was last weighed, faded since, and now; any unit, >= 0.
    tolerance
        Harm at which a single blow is answered with even odds, > 0, same unit.

    Returns
    -------
    float
        Within [0, 1]; 0 unless harm has risen. Never falls with `after`, never rises
        with `before` or `tolerance`.

    Notes
    -----
    :math:`P = 1 - \frac{1 + (H^-/\theta)^\beta}{1 + (H^+/\theta)^\beta}`, the chance
    that a log-logistic tolerance lies in :math:`(H^-, H^+]` given that it lies above
    :math:`H^-`, with the slope :math:`\beta` (`SLOPE`). For one blow it is
    :math:`H^\beta / (H^\beta + \theta^\beta)`; over many, without fading, the chances
    of no answer multiply to the same. The form is ours.

    Examples
    --------
    >>> chance_exceeded(0.0, 1.0, 1.0)
    0.5
    >>> first, second = chance_exceeded(0, 0.4, 1), chance_exceeded(0.4, 1, 1)
    >>> round((1 - first) * (1 - second), 12)
    0.5
    """
    if after <= before:
        return 0.0
    borne = 1.0 + power_of(before / tolerance, SLOPE)
    weighed = 1.0 + power_of(after / tolerance, SLOPE)
    return min(1.0, max(0.0, 1.0 - borne / weighed))


@dataclass(slots=True)
class Account:
    """Harm laid to somebody that has not been answered; it fades."""

    level: float = 0.0
    """How much there was when last set, >= 0."""
    weighed: float = 0.0
    """How much of it had been weighed by then (no answer came of that much), >= 0."""
    asked: float = 0.0
    """From which level the last harm was weighed, >= 0."""
    since: float = 0.0
    """When it was last set, days."""


def lay(
    account: Account, harm: float, now: float, memory_days: float, is_free: bool
) -> None:
    """Add `harm` >= 0 to an account, and weigh what has not been weighed yet.

    While an answer is being prepared (`is_free` is False) nothing is weighed; that is
    done when it lands.
    """
    level = harm + faded(account.level, account.since, now, memory_days)
    weighed = faded(account.weighed, account.since, now, memory_days)
    account.level = level
    account.asked = weighed if is_free else level
    account.weighed = level if is_free else weighed
    account.since = now


def may_land(preparing: float, ordered: float, usual_days: float, now: float) -> bool:
    """Whether an answer that was ordered, on the day `ordered`, may still land.

    One that was left out of a replication never does, and is waited for `MOST_WAITING`
    times as long as answers usually take.
    """
    return preparing > 0.0 and now - ordered < MOST_WAITING * usual_days


def lift(account: Account, harm: float, now: float, memory_days: float) -> None:
    """Take `harm` >= 0 off an account: it was laid to the wrong one."""
    level = faded(account.level, account.since, now, memory_days)
    account.level = max(0.0, level - harm)
    weighed = faded(account.weighed, account.since, now, memory_days)
    account.weighed = min(weighed, account.level)
    account.asked = account.level
    account.since = now


def close(account: Account, now: float) -> None:
    """Empty an account: its answer has been ordered."""
    account.level = 0.0
    account.weighed = 0.0
    account.asked = 0.0
    account.since = now
