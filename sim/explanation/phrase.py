"""Which incident is meant: words such as `first strike`, `last raid`, `worst attack`.

A phrase is an order, perhaps a word of its dead, and an act or a class of acts, in any
spelling: ``first=air_strike``, ``the first deadly attack``, ``2nd raid@2020-01-01``.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.engine.alteration import day_of
from sim.engine.log import Origin, RecordType
from sim.errors import StudyError, nearest
from sim.ladder import ACTS, Act
from sim.outcomes.incidents import is_attack, is_strike
from sim.rules.behaviour import Effect, Side

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from numpy.typing import NDArray

    from sim.engine.log import IncidentLog, Rows

LAST: Final = -1
WORST: Final = -2
"""The one with the most dead, the first of equals."""
HIGHEST: Final = -3
"""The first on the highest rung."""
EVERY: Final = -4

_ORDERS: Final = {
    "first": 1, "earliest": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5,
    "last": LAST, "latest": LAST, "worst": WORST, "deadliest": WORST,
    "highest": HIGHEST, "gravest": HIGHEST, "all": EVERY, "every": EVERY,
}  # fmt: skip
_DEAD: Final = frozenset({"deadly", "fatal", "death", "deaths", "dead", "killed"})
_SIDES: Final = {side.name.lower(): side for side in Side} | {
    "coalition": Side.FOREIGN,
    "civilians": Side.CIVILIAN,
}
_IDLE: Final = frozenset({"the", "a", "an", "of", "act", "incident", "incidents"})
KILLED: Final = tuple(
    place for place, name in enumerate(Effect._fields) if name.startswith("killed")
)
"""Places in an effect of how many were killed, side by side."""
_CLASSES: Final = {
    "strike": frozenset(act for act in Act if is_strike(act)),
    "attack": frozenset(act for act in Act if is_attack(act)),
    "killing": frozenset({Act.LEADER_KILLING, Act.MILITIA_LEADER_KILLING}),
}
"""Acts that have one word together; a strike is what outcomes count as one."""


def _names() -> dict[str, frozenset[Act]]:
    """Return acts by name, by label and in the plural."""
    names = dict(_CLASSES)
    for row in ACTS[1:]:
        for name in (row.act.name.lower(), "_".join(_words(row.label))):
            names[name] = frozenset({row.act})
    return {f"{name}s": acts for name, acts in names.items()} | names


class Phrase(NamedTuple):
    """Words that single out an incident of any replication."""

    acts: frozenset[Act]
    """Of which acts; empty for any."""
    sides: tuple[Side, ...]
    """Whose dead it has; empty where none are asked of it."""
    order: int
    """Which of them, from 1, or `LAST`, `WORST`, `HIGHEST`, `EVERY`; 0: not said."""
    day: float
    """Day from which on it is looked for."""
    label: str
    """What was understood: ``the first strike with dead``."""

    def places(self, acts: NDArray[Any], killed: NDArray[Any], days: Any) -> list[int]:
        """Return which of a replication's incidents are meant, by their places.

        Parameters
        ----------
        acts
            Of each incident, shape (n,).
        killed
            By each incident and of each side, shape (n, sides).
        days
            Of each incident, shape (n,).
        """
        fits = days >= self.day
        if self.acts:
            fits &= np.isin(acts, [int(act) for act in self.acts])
        dead = killed[:, [int(side) for side in self.sides or tuple(Side)]].sum(axis=1)
        if self.sides:
            fits &= dead > 0.0
        places = np.flatnonzero(fits)
        if not len(places) or self.order > len(places):
            return []
        if self.order == EVERY:
            return [int(place) for place in places]
        if self.order == WORST:
            return [int(places[np.argmax(dead[places])])]
        if self.order == HIGHEST:
            rungs = [ACTS[int(acts[place])].rung for place in places]
            return [int(places[np.argmax(rungs)])]
        order = LAST if self.order == LAST else max(self.order, 1) - 1
        return [int(places[order])]

    def in_log(self, log: IncidentLog, *, is_own: bool = False) -> list[int]:
        """Return which of a log's incidents are meant, by their places.

        `is_own` passes over those that were put in.
        """
        every = list(enumerate(log.incidents()))
        if is_own:
            every = [(n, r) for n, r in every if r.origin == Origin.SIMULATED]
        own = [record for _, record in every]
        chosen = self.places(
            np.array([record.act for record in own], int),
            np.array([[record.effect[n] for n in KILLED] for record in own]).reshape(
                -1, len(KILLED)
            ),
            np.array([record.time for record in own]),
        )
        return [every[place][0] for place in chosen]

    def in_rows(self, rows: Rows) -> NDArray[np.bool_]:
        """Return which of a replication's rows are meant, shape (rows,)."""
        at = np.flatnonzero(rows.records["record_type"] == RecordType.INCIDENT)
        own = rows.records[at]
        killed = rows.effects[own["effect"]][:, list(KILLED)]
        is_meant = np.zeros(len(rows.records), bool)
        is_meant[at[self.places(own["act"], killed, own["time"])]] = True
        return is_meant


def read_phrase(text: str, start: date, option: str) -> Phrase:
    """Read which incident is meant.

    Parameters
    ----------
    text
        An order (``first``, ``2nd``, ``last``, ``worst``: the most dead; ``highest``:
        the highest rung), ``deadly`` or whose ``death``, and an act, its label, or
        ``strike``, ``attack`` or ``killing``; ``@DATE``: from then on.
    start
        The scenario's first day.
    option
        How the request is named in a refusal.

    Raises
    ------
    StudyError
        If a word is none of these.

    Examples
    --------
    >>> from datetime import date
    >>> phrase = read_phrase("the first deadly attacks", date(2019, 10, 28), "")
    >>> phrase.label
    'the first attack with dead'
    """
    words, at, moment = text.partition("@")
    order, is_dead, rest = 0, False, list[str]()
    for word in _words(words):
        numbered = re.fullmatch(r"([1-9]\d{0,5})(st|nd|rd|th)", word)
        if word in _ORDERS or numbered:
            order = int(numbered[1]) if numbered else _ORDERS[word]
        elif word in _DEAD:
            is_dead = True
        else:
            rest.append(word)
    sides = [_SIDES[word] for word in rest if is_dead and word in _SIDES]
    if sides:
        rest = [word for word in rest if word not in _SIDES]
    name = "_".join(rest)
    if (name and name not in _NAMES) or not (name or order or is_dead):
        message = (
            f"{option} {text!r}: {name!r} is no act{nearest(name, _NAMES) or '.'} "
            "Allowed are words such as 'first strike', '2nd raid', 'last rocket "
            "attack', 'worst attack', 'first coalition death' or 'highest', with "
            f"@DATE from then on; acts are those of the log, and {_listed(_CLASSES)}"
        )
        raise StudyError(message)
    acts = _NAMES.get(name, frozenset[Act]())
    day = day_of(moment, start, option) if at else 0.0
    asked = tuple(sides) or (tuple(Side) if is_dead else ())
    label = _label(acts, asked, order, f" from {moment} on" if at else "")
    return Phrase(acts, asked, order, day, label)


def class_of(act: int) -> frozenset[Act]:
    """Return the acts that count for one another: all strikes, or the act alone."""
    strikes = _CLASSES["strike"]
    return strikes if act in strikes else frozenset({Act(act)})


def like(act: int) -> frozenset[Act]:
    """Return the acts that are told of a world without one: of a strike all force.

    A world without air strikes in which states strike one another is not at peace.
    """
    force = _CLASSES["strike"] | {Act.DIRECT_STRIKE}
    return force if act in force else frozenset({Act(act)})


def happened(log: IncidentLog) -> str:
    """Say which acts happen in a replication, and how often, the commonest first."""
    acts = sorted(record.act for record in log.incidents())
    counts = [(len(list(same)), act) for act, same in groupby(acts)]
    counts.sort(key=lambda count: (-count[0], count[1]))
    return ", ".join(f"{ACTS[act].label} ({n})" for n, act in counts) or "nothing"


def _label(acts: frozenset[Act], sides: tuple[Side, ...], order: int, on: str) -> str:
    """Return what was understood."""
    names = [ACTS[act].label for act in sorted(acts)]
    word = next((word for word, some in _CLASSES.items() if some == acts), "")
    act = word or "".join(names) or "incident"
    which = {LAST: "last", WORST: "deadliest", HIGHEST: "highest", EVERY: "every"}
    first = which.get(order) or _ordinal(max(order, 1))
    if order == HIGHEST:
        act += " (the first on the highest rung)"
    # Outcomes call the foreign power's dead by this name.
    own = " and ".join(
        "coalition" if side == Side.FOREIGN else side.name.lower() for side in sides
    )
    dead = f" {own}" if len(sides) < len(Side) else ""
    article = "" if order == EVERY else "the "
    return f"{article}{first} {act}{f' with{dead} dead' if sides else ''}{on}"


def _ordinal(number: int) -> str:
    if number == 1:
        return "first"
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ending}"


def _listed(names: Iterable[str]) -> str:
    """Return names with commas between them, and `or` before the last."""
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last


def _words(text: str) -> list[str]:
    """Return the words of a phrase in whichever spelling, without what says nothing."""
    return [word for word in re.split(r"[\s_=\-]+", text.lower())
            if word and word not in _IDLE]  # fmt: skip


_NAMES: Final = _names()
