"""What can be asked of a forecast, and how the answer is read off incidents.

A question is about what the press reports within a window of days. It names the
outcome of the simulator that answers it and, for a table of events, the acts whose rows
count. Both readings follow one definition, so that model, record and a table of later
events are measured alike:

- only rows by an actor of the scenario, or by an unknown militia, count;
- a row counts on the day on which it starts;
- a rocket attack on something that is no site or base of the foreign power is marked
  ``other_rocket`` in the column ``list``, and is no rocket attack of the series; deaths
  in it do not count either;
- a blank number of dead or wounded is taken as none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sim.errors import StudyError, nearest, one_of
from sim.ladder import Act
from sim.reading.scalar import shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

COUNT, EVENT = "count", "event"
KINDS: Final = (COUNT, EVENT)


class Question(NamedTuple):
    """One question; its answer is a count, or whether something came at all."""

    id: str
    kind: str
    """``count``, or ``event``: whether the count is 1 or more."""
    outcome: str
    """The outcome, as reported, that answers it (`sim.outcomes.OUTCOMES`)."""
    label: str
    """How a table or a picture names it."""
    wording: str
    """To be read after "from the origin up to, and without, the end"."""
    acts: tuple[Act, ...]
    """Acts of the rows that count."""
    column: str = ""
    """Column of the table of events that is added up; rows are counted when empty."""


_ATTACK = (Act.ROCKET_ATTACK,)
_STRIKE = (Act.AIR_STRIKE, Act.LEADER_KILLING, Act.MILITIA_LEADER_KILLING)

_TABLE: Final = (
    Question(
        "n_rocket_attacks", COUNT, "n_rocket_attacks", "rocket attacks",
        "how many rocket attacks are reported?", _ATTACK,
    ),
    Question(
        "n_coalition_deaths", COUNT, "n_coalition_deaths", "coalition deaths",
        "how many of the foreign power's people are reported killed in rocket attacks?",
        _ATTACK, "killed_foreign",
    ),
    Question(
        "n_strikes", COUNT, "n_strikes", "strikes",
        "how many air strikes and killings of leaders are reported?", _STRIKE,
    ),
    Question(
        "n_raids", COUNT, "n_raids", "raids",
        "how many raids of the host government on a militia are reported?", (Act.RAID,),
    ),
    Question(
        "n_convoy_bombs", COUNT, "n_convoy_bombs", "convoy bombs",
        "how many bombs against supply convoys are reported?", (Act.CONVOY_BOMB,),
    ),
    Question(
        "a_rocket_attack", EVENT, "n_rocket_attacks", "any rocket attack",
        "is a rocket attack reported?", _ATTACK,
    ),
    Question(
        "a_coalition_death", EVENT, "n_coalition_deaths", "any coalition death",
        "is any of the foreign power's people reported killed in a rocket attack?",
        _ATTACK, "killed_foreign",
    ),
    Question(
        "a_strike", EVENT, "n_strikes", "any strike",
        "is an air strike or the killing of a leader reported?", _STRIKE,
    ),
    Question(
        "a_raid", EVENT, "n_raids", "any raid",
        "is a raid of the host government on a militia reported?", (Act.RAID,),
    ),
)  # fmt: skip

QUESTIONS: Final[dict[str, Question]] = {row.id: row for row in _TABLE}
"""Every question by its id."""

DEFAULT_QUESTIONS: Final = (
    "a_strike",
    "a_coalition_death",
    "n_rocket_attacks",
    "n_coalition_deaths",
    "n_raids",
)
"""The questions that are asked where none are named; chosen before any was scored."""


def known_question(name: str) -> str:
    """Return the id of a question, or raise a ValueError that names the nearest."""
    if name not in QUESTIONS:
        message = (
            f"{shorten(name)!r} is not a question; questions: {one_of(QUESTIONS)}"
            f"{nearest(name, QUESTIONS)}"
        )
        raise ValueError(message)
    return name


def questions_named(ids: Sequence[str] = ()) -> tuple[Question, ...]:
    """Return questions by id, in the order of the table; the default ones for none.

    Raises
    ------
    StudyError
        If one does not exist.
    """
    try:
        for name in ids:
            known_question(name)
    except ValueError as error:
        raise StudyError(str(error)) from None
    wanted = set(ids or DEFAULT_QUESTIONS)
    return tuple(question for question in _TABLE if question.id in wanted)
