"""What happened: the answers that a table of events gives to the questions.

The rows that count are picked here and nowhere else, for the record before an origin
(from which yardsticks are fitted) and for the window after it (in which forecasts are
scored): like with like.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.digits import plural
from sim.errors import Fault, ScenarioError, StudyError, nearest, one_of
from sim.ladder import Act
from sim.scenario.event_table import (
    BEFORE,
    OUTSIDE,
    RANGE,
    SERIES,
    UNKNOWN,
    UNSURE,
    Event,
    EventTable,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sim.record.question import Question

Floats = np.ndarray[Any, np.dtype[np.float64]]


class Resolved(NamedTuple):
    """The answer to one question, and what it rests on."""

    value: int
    """What was counted or added up; of an event, it came where this is 1 or more."""
    lines: tuple[int, ...]
    """Lines of the rows that count."""
    notes: tuple[str, ...]
    """What an analyst should know of them."""


class Series(NamedTuple):
    """The dated incidents that bear on one question, before a day."""

    times: Floats
    """Days from the start, rising, shape (n,). Those of one day are spread over it
    evenly, in the order of the table."""
    sizes: Floats
    """What each adds to the count, >= 1, shape (n,)."""
    days: float
    """Length of the time in which they were observed."""


def resolve(
    table: EventTable,
    questions: Sequence[Question],
    actors: Sequence[str],
    origin: date,
    end: date,
) -> dict[str, Resolved]:
    """Answer questions about the window [origin, end).

    Parameters
    ----------
    table
        The events.
    questions
        What is asked.
    actors
        Names of the scenario's actors; none means that any actor counts.
    origin, end
        The window.

    Returns
    -------
    dict
        By the question's id.

    Raises
    ------
    StudyError
        If a day of the window was not coded: no answer can be read off it.
    ScenarioError
        If a row that may count has an actor whom nobody knows.
    """
    gap = table.first_gap(origin, end)
    if gap is not None:
        raise StudyError(_not_covered(table, gap, origin, end))
    answers: dict[str, Resolved] = {}
    faults: set[Fault] = set()
    for question in questions:
        rows = _rows(table, question, actors, origin, end, faults)
        amounts = [_amount(row, question) for row in rows]
        answers[question.id] = Resolved(
            sum(amount or 0 for amount in amounts),
            tuple(row.line for row in rows),
            _notes(rows, amounts, question, end),
        )
    if faults:
        raise ScenarioError(table.path, faults)
    return answers


def series_before(
    table: EventTable,
    question: Question,
    actors: Sequence[str],
    start: date,
    origin: date,
) -> Series:
    """Return the dated incidents of [start, origin) that bear on a question.

    Nothing of the table that is dated on the origin or later is looked at, nor a row
    that lies somewhere in a range of days which has not ended by then: nobody could
    know of it yet. A row whose amount is 0 or blank is left out where a question adds
    amounts up.

    Raises
    ------
    StudyError
        If the origin does not come after the start, or a day between was not coded.
    """
    if origin <= start:
        message = f"nothing lies between {start} and the origin, {origin}"
        raise StudyError(message)
    gap = table.first_gap(start, origin)
    if gap is not None:
        raise StudyError(_not_covered(table, gap, start, origin))
    faults: set[Fault] = set()
    rows = _rows(table, question, actors, start, origin, faults)
    if faults:
        raise ScenarioError(table.path, faults)
    observed = [
        (row.day, size)
        for row in rows
        if (size := _amount(row, question) or 0)
        and not (row.precision == RANGE and row.last_day >= origin)
    ]
    days = np.array([(day - start).days for day, _ in observed], np.float64)
    of_day = np.array([np.sum(days == day) for day in days])
    rank = np.array([np.sum(days[:k] == day) for k, day in enumerate(days)])
    times = days + (rank + 1.0) / (of_day + 1.0) if observed else days
    sizes = np.array([size for _, size in observed], np.float64)
    return Series(times, sizes, float((origin - start).days))


def _rows(
    table: EventTable,
    question: Question,
    actors: Sequence[str],
    start: date,
    end: date,
    faults: set[Fault],
) -> list[Event]:
    """Return the rows of [start, end) that count, in order."""
    counted: list[Event] = []
    for row in table.events:
        if not start <= row.day < end or row.act not in question.acts:
            continue
        if row.list == BEFORE or row.actor.startswith(OUTSIDE):
            continue
        if row.act == Act.ROCKET_ATTACK and row.list not in ("", SERIES):
            continue
        if row.actor and actors and row.actor not in (*actors, UNKNOWN):
            message = (
                f"{row.actor!r} is no actor of the scenario: {one_of(actors)}; "
                f"{UNKNOWN} where no militia is established, {OUTSIDE}NAME for whom "
                f"the scenario leaves out{nearest(row.actor, actors)}"
            )
            faults.add(Fault(row.line, 0, "actor", message))
        counted.append(row)
    return counted


def _amount(row: Event, question: Question) -> int | None:
    """Return what a row adds to the count; None where it is not known."""
    return row.amounts.get(question.column) if question.column else 1


def _notes(
    rows: Sequence[Event],
    amounts: Sequence[int | None],
    question: Question,
    end: date,
) -> tuple[str, ...]:
    """Say what of the rows is not certain."""

    def lines(some: list[Event]) -> str:
        numbers = one_of(str(row.line) for row in some)
        return f"{plural(len(some), 'line')} {numbers}"

    notes: list[str] = []
    blank = [row for row, a in zip(rows, amounts, strict=True) if a is None]
    if blank:
        notes.append(
            f"{question.column} is blank, and taken as none, in {lines(blank)}"
        )
    unsure = [row for row in rows if row.precision in UNSURE]
    if unsure:
        notes.append(f"the day is not certain in {lines(unsure)}")
    across = [row for row in rows if row.last_day >= end]
    if across:
        notes.append(f"reaches beyond the window, and counts, in {lines(across)}")
    return tuple(notes)


def _not_covered(table: EventTable, gap: date, start: date, end: date) -> str:
    """Say that a day was not coded, and what to do."""
    if not table.covered:
        return (
            f"{table.path} does not say which days were coded, so that a day without "
            f"events cannot be told from one that nobody has looked at; add a row with "
            f"the act `coverage`, from date_start to date_end, both coded"
        )
    spans = ", ".join(f"[{first}, {after})" for first, after in table.covered)
    return (
        f"{table.path} covers {spans}, and not all of [{start}, {end}): {gap} is the "
        "first day that was not coded; code it, and extend the row of coverage"
    )
