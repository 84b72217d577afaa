"""How much may be under way at once: the same limits in both drivers.

The compiled driver has tables of fixed size. The limits are far above what a scenario
below the runaway threshold needs; beyond them the replication has failed, in either
driver, with the same message.
"""

from __future__ import annotations

from typing import Final

MOST_ACTORS: Final = 32
MOST_SITES: Final = 64
MOST_RUNNING: Final = 512
"""Operations under way at once, over all actors."""
MOST_PENDING: Final = 2048
"""Perceptions and decisions that wait for their moment."""
MOST_RECORDS: Final = 65536
"""Records in the log of one replication."""
MOST_CANDIDATES: Final = 1_000_000
"""Candidates drawn in one replication, over all options: a second of compiled work."""


def too_many_incidents(day: float, most: int) -> str:
    """Say that the cap on incidents was exceeded."""
    return f"day {day:.3f}: more than {most} incidents: the conflict runs away"


def too_many_running(day: float) -> str:
    """Say that too many operations are under way."""
    return f"day {day:.3f}: more than {MOST_RUNNING} operations under way at once"


def too_many_pending(day: float) -> str:
    """Say that too much waits for its moment."""
    return f"day {day:.3f}: more than {MOST_PENDING} perceptions and decisions pending"


def hazard_out_of_bounds(
    day: float, actor: str, option: str, rate: float, ceiling: float
) -> str:
    """Say that a hazard left its bounds, and which."""
    return (
        f"day {day:.3f}: the hazard of {actor}.{option} is {rate!r} per day; it must "
        f"lie between 0 and its ceiling {ceiling!r}"
    )


def too_many_candidates(day: float, actor: str, option: str, ceiling: float) -> str:
    """Say that too many candidates were drawn, nearly all of them to be rejected."""
    return (
        f"day {day:.3f}: more than {MOST_CANDIDATES} candidates drawn, the last for "
        f"{actor}.{option}, whose hazard may reach {ceiling:.3g} per day"
    )


def too_many_records(day: float) -> str:
    """Say that the log is full."""
    return f"day {day:.3f}: more than {MOST_RECORDS} records in the log"
