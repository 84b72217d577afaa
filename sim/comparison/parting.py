"""From which day on the arms of a comparison differ, and what is put in before it."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING, Any, Final

from sim.errors import StudyError
from sim.experiment.shared_past import with_past_of
from sim.reading.slot import LIMITS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.scenario.scenario import Scenario

_FROM_THE_START: Final = (
    "start", "utc_offset_hours", "actors", "sites", "observations", "exogenous",
    "facades", *LIMITS,
)  # fmt: skip
"""What has no moment at which it could change."""


def parting_time(scenarios: Mapping[str, Scenario]) -> float:
    """Return from when on some arm differs from the first, days; inf where none does.

    Before that time all have the same numbers, developments and rows of the record.
    """
    first, *others = scenarios.values()
    return min((_parts_at(first, arm) for arm in others), default=inf)


def _parts_at(first: Scenario, arm: Scenario) -> float:
    if any(getattr(first, name) != getattr(arm, name) for name in _FROM_THE_START):
        return 0.0
    rows: list[Sequence[Any]] = []
    for one in (first, arm):
        history = one.history
        rows.append(() if history is None else history.rows)
    if _without_rows(first) != _without_rows(arm):
        return 0.0
    pairs = [(first.changes, arm.changes), (first.given, arm.given), tuple(rows)]
    times = [
        one.time
        for some, others in pairs
        for mine, theirs in ((some, others), (others, some))
        for one in mine
        if one not in theirs
    ]
    # Attacks before a record ends come from it, whatever the means would do.
    times += [first.since] if first.means != arm.means else []
    return min(times, default=inf)


def _without_rows(scenario: Scenario) -> Any:
    history = scenario.history
    return history and replace(history, rows=())


def parting_text(scenarios: Mapping[str, Scenario], subject: str = "arms") -> str:
    """Say from which day on arms differ, and what stands before it.

    Empty where no arm differs from the first.
    """
    first, time = next(iter(scenarios.values())), parting_time(scenarios)
    if time == inf:
        return ""
    day, free = (f"{first.day_of(x):%-d %B %Y}" for x in (time, first.since))
    if time < first.since:
        return (
            f"The {subject} differ from {day} on: until {free}, up to which the record "
            "is put in, only in what it does not code. What comes after is counted."
        )
    if first.history is not None:
        then = "then" if time == first.since else day
        return (
            f"Until {free} the record is put in; from {then} on the {subject} differ, "
            "and are alike before. Only what comes after the record is counted."
        )
    alike = f"; until then the {subject} are alike" if time > 0.0 else ""
    return f"The {subject} differ from {day} on{alike}."


def parting_advice(scenarios: Mapping[str, Scenario]) -> str:
    """Say how arms can be made to part where their record ends.

    Empty where they do, where no record is put in, or where they cannot.
    """
    first, *others = scenarios.values()
    if parting_time(scenarios) >= first.since:
        return ""
    try:
        for arm in others:
            with_past_of(arm, first)
    except StudyError:
        return ""
    return (
        "A policy that begins where the record ends is asked for with --from "
        f"{first.day_of(first.since)}"
    )
