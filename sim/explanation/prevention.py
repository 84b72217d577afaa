"""What would have prevented an incident, alone or together, and what came in its place.

Where two incidents would each have sufficed, neither is necessary: leaving out either
changes nothing. Then several are left out at once, and of these a least set is sought:
without all of it the incident does not happen, with any one of it put back it does.

That an incident does not happen says little where another takes its place. So each
world without is run to its end, and what is of the same class is told beside it.
"""

from __future__ import annotations

from contextlib import suppress
from math import inf, nextafter
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.engine.alteration import MOST_WITHOUT, Alteration
from sim.engine.log import RecordType
from sim.errors import RunError
from sim.explanation.phrase import class_of
from sim.explanation.scene import incident_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sim.engine.log import IncidentLog, Record
    from sim.explanation.scene import Scene

INSTEAD_DAYS: Final = 14.0
"""Within how many days another of its class stands in an incident's place; a rung lasts
as long."""


MOST_ROUNDS: Final = 16
"""Of incidents that are left out one after another."""


class Prevention(NamedTuple):
    """Earlier incidents without which one does not happen, and what is then."""

    numbers: tuple[int, ...]
    """Numbers in the story of those that are left out, together; each is needed."""
    instead: Record | None
    """The nearest incident of its class, within `INSTEAD_DAYS` of it, that happens in
    this world only."""
    days: tuple[float, ...]
    """When incidents of its class happen in the world without, days since the start;
    what was left out is not among them."""


def preventions(
    scene: Scene, log: IncidentLog, place: int, sets: Iterable[Sequence[int]]
) -> tuple[Prevention, ...]:
    """Return what is without each of some sets of incidents.

    Parameters
    ----------
    scene, log
        The replication.
    place
        Of the incident among the log's, from 0.
    sets
        Places of those that are left out together.
    """
    own = list(log.incidents())
    known = {record.identity for record in own}
    target, acts = own[place], class_of(own[place].act)
    preventions: list[Prevention] = []
    for places in sets:
        identities = tuple(own[j].identity for j in places)
        with suppress(RunError):
            other = scene.log_without(Alteration(without=identities))
            same = [record for record in other.incidents() if record.act in acts]
            new = [
                record
                for record in same
                if record.identity not in known
                and abs(record.time - target.time) <= INSTEAD_DAYS
            ]
            preventions.append(
                Prevention(
                    numbers=tuple(j + 1 for j in places),
                    instead=min(
                        new,
                        key=lambda record: abs(record.time - target.time),
                        default=None,
                    ),
                    days=tuple(record.time for record in same),
                )
            )
    return tuple(preventions)


class Together(NamedTuple):
    """What leaving out several earlier incidents at once does to one."""

    places: list[int]
    """A least set that prevents it; empty where there is none."""
    n_tried: int
    """How many were left out at once; where that is all and there is no set, it happens
    whatever was before it."""


def together(
    scene: Scene, log: IncidentLog, place: int, alone: Iterable[int]
) -> Together:
    """Seek a least set of earlier incidents that only together prevent one.

    Parameters
    ----------
    scene, log
        The replication.
    place
        Of the incident among the log's, from 0.
    alone
        Places of those that prevent it by themselves; they are not looked at.

    Returns
    -------
    Together
        If the incidents of one actor and act prevent it, the set is of these: of the
        smallest such class. No claim is made that it is the only one.
    """
    own = list(log.incidents())
    target = own[place]
    until = min(nextafter(target.time, inf), scene.until)
    singles = set(alone)
    room = MOST_WITHOUT - len(scene.alteration.without)
    # The nearest, if there is not room for all.
    others = [j for j in range(place) if j not in singles][-room:] if room > 0 else []

    def prevents(places: Sequence[int]) -> bool:
        with suppress(RunError):
            left_out = [own[j].identity for j in places]
            rows = incident_rows(scene.rows_without(left_out, until))
            low = target.identity & (2**64 - 1)
            return bool((rows["low"] != low).all())
        return False

    if len(others) < 2 or not prevents(others):
        return Together([], len(others))
    classes: dict[tuple[int, int], list[int]] = {}
    for j in others:
        classes.setdefault((own[j].actor, own[j].act), []).append(j)
    for same in sorted(classes.values(), key=len):
        if len(same) > 1 and prevents(same):
            return Together(least(same, prevents), len(others))
    return Together(least(others, prevents), len(others))


def none_at_all(scene: Scene, log: IncidentLog, place: int) -> tuple[int, ...]:
    """Seek a least set of incidents without which none of a class happens to the end.

    What the first of the class answers is left out, then what the first of the world
    without that answers, and so on.

    Parameters
    ----------
    scene, log
        The replication.
    place
        Of one incident of the class among the log's, from 0.

    Returns
    -------
    tuple of int
        Places; empty where one of the class answers nothing that happened in the
        replication as it was, or where this does not end in `MOST_ROUNDS` rounds.
    """
    own = list(log.incidents())
    places = {record.identity: j for j, record in enumerate(own)}
    acts = class_of(own[place].act)
    chosen: list[int] = []

    def those_left(some: Sequence[int]) -> tuple[IncidentLog, list[Record]]:
        without = Alteration(without=tuple(own[j].identity for j in some))
        other = scene.log_without(without)
        return other, [record for record in other.incidents() if record.act in acts]

    def prevents(some: Sequence[int]) -> bool:
        with suppress(RunError):
            return not those_left(some)[1]
        return False

    with suppress(RunError):
        for _ in range(MOST_ROUNDS):
            other, left = those_left(chosen)
            if not left:
                return tuple(least(chosen, prevents))
            cause = answered(other, left[0])
            if cause not in places or own[places[cause]].act in acts:
                return ()
            chosen.append(places[cause])
    return ()


def answered(log: IncidentLog, record: Record) -> int:
    """Return the identity of the incident that another answers; 0 for none."""
    by_identity = {one.identity: one for one in log.records}
    cause = record.cause
    while cause in by_identity:
        if by_identity[cause].record_type == RecordType.INCIDENT:
            return cause
        cause = by_identity[cause].cause
    return 0


def least(places: list[int], prevents: Callable[[Sequence[int]], bool]) -> list[int]:
    """Return a part of some places that prevents, while with any one less it does not.

    The earliest are spared first, many at once as long as that goes.

    >>> least([1, 2, 3, 4, 5], lambda some: {2, 5} <= set(some))
    [2, 5]
    """
    size = max(1, len(places) // 2)
    while True:
        before, first = len(places), 0
        while first < len(places):
            rest = places[:first] + places[first + size :]
            if rest and prevents(rest):
                places = rest
            else:
                first += size
        if size == 1 and len(places) == before:
            return places
        size = max(1, size // 2)
