"""Memory fades exponentially with elapsed time; it is computed when it is read."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp


@dataclass(slots=True)
class Fading:
    """Something remembered that fades."""

    level: float = 0.0
    """What it was when last set."""
    since: float = 0.0
    """When that was, days."""


def faded(level: float, since: float, now: float, memory_days: float) -> float:
    """What is left at `now` of a level that was set at `since`.

    Parameters
    ----------
    level
        Value when it was last set, dimensionless.
    since
        When it was last set, days.
    now
        Present moment, days, >= `since`.
    memory_days
        Time in which it falls to 1/e, days, > 0.

    Returns
    -------
    float
        ``level * exp(-(now - since) / memory_days)``.

    Examples
    --------
    >>> faded(2.0, 0.0, 0.0, 14.0)
    2.0
    >>> round(faded(1.0, 0.0, 14.0, 14.0), 4)
    0.3679
    """
    return level * exp((since - now) / memory_days)


def left(trace: Fading, now: float, memory_days: float) -> float:
    """What is left of it at `now`: see `faded`."""
    return faded(trace.level, trace.since, now, memory_days)


def add(trace: Fading, amount: float, now: float, memory_days: float) -> None:
    """Add an amount to what is left of it at `now`."""
    trace.level = amount + faded(trace.level, trace.since, now, memory_days)
    trace.since = now


def put(trace: Fading, level: float, now: float) -> None:
    """Set it at `now`, whatever it was."""
    trace.level = level
    trace.since = now
