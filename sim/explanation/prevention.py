"""What would have prevented an incident, alone or together, and what came in its place.

Where two incidents would each have sufficed, neither is necessary: leaving out either
changes nothing. Then several are left out at once, and of these a least set is sought:
without all of it the incident does not happen, with any one of it put back it does.

That an incident does not happen says little where another takes its place. So each
world without is run to its end, and what is of the same class is told beside it. And a
link says nothing of links further on: what was needed for a cause may be missed where
another comes in its stead.

Two things are put in place of what was: that an attack laid to another is laid to who
did it, and that a strike kills nobody.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from math import floor, inf, nextafter
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.engine.alteration import MOST_WITHOUT, Alteration
from sim.engine.log import Origin, RecordType
from sim.errors import RunError
from sim.explanation.cause import put_in_by, scene_knowing, scene_with, words_of
from sim.explanation.decision import Decision, decisions
from sim.explanation.phrase import KILLED, class_of, like
from sim.explanation.scene import incident_rows, joined
from sim.ladder import ACTS, Act
from sim.rules.behaviour import Effect, Side
from sim.scenario.scenario import Given

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from sim.engine.log import IncidentLog, Record
    from sim.explanation.scene import Scene

INSTEAD_DAYS: Final = 14.0
"""Within how many days another of its class stands in an incident's place; a rung lasts
as long."""


MOST_ROUNDS: Final = 16
"""Of incidents that are left out one after another."""


class Ban(NamedTuple):
    """A class of acts that is kept from happening."""

    act: int
    """By whomever."""
    day: float
    """The day from which on, a whole number since the start."""


HARM: Final = tuple(
    k for k, name in enumerate(Effect._fields) if name.startswith(("killed", "wounded"))
)
"""Places in an effect of who is killed or wounded."""


class Swap(NamedTuple):
    """What is put in place of one thing that was."""

    number: int
    """The incident's number in the story."""
    given: Given | None
    """The strike that kills and wounds nobody, in place of the incident; None where the
    incident stands and whoever may suspect its author knows it for sure."""


LIGHTER: Final = frozenset({Act.AIR_STRIKE, Act.MILITIA_LEADER_KILLING})
"""Strikes of which an air strike on the same that kills nobody is a lighter form."""


class Swaps(NamedTuple):
    """Which of what may be put in place of what was prevents an incident."""

    blamed: tuple[int, ...]
    """Numbers of attacks before it that its actor laid to another, of which it was
    tried that they be laid to who did it."""
    struck: tuple[int, ...]
    """Numbers of strikes before it with dead that have a `LIGHTER` form, of which it
    was tried that they kill nobody."""
    preventing: tuple[Swap, ...]


class Prevention(NamedTuple):
    """What is left out so that an incident does not happen, and what is then."""

    numbers: tuple[int, ...]
    """Numbers in the story of those that are left out, together; each is needed."""
    ban: Ban | None
    """The class that is kept from happening in place of these, if one is."""
    instead: Record | None
    """The nearest incident of its like (`sim.explanation.phrase.like`), within
    `INSTEAD_DAYS` of it, that happens in this world only."""
    following: Record | None
    """The first of its like after it, but for `instead`."""
    like: tuple[Record, ...]
    """All of its like in the world without; what was left out is not among them."""
    peaks: tuple[int, int]
    """The highest rung of that world's own incidents, and of those put in; 0 where
    there are none."""
    worse: Record | None
    """The first on a higher rung than the incident that happens in this world only."""
    dead: tuple[float, float]
    """In that world to its end, of all sides and of the foreign one."""
    swap: Swap | None = None
    """What is put in place of what was, where nothing is left out."""


def preventions(
    scene: Scene,
    log: IncidentLog,
    place: int,
    sets: Iterable[Sequence[int]],
    banned: Iterable[Ban] = (),
    swapped: Iterable[Swap] = (),
) -> tuple[Prevention, ...]:
    """Return what is without each of some sets of incidents, and of some classes.

    Parameters
    ----------
    scene, log
        The replication.
    place
        Of the incident among the log's, from 0.
    sets
        Places of those that are left out together.
    banned
        Classes that are kept from happening, one at a time.
    swapped
        What is put in place of what was, one at a time.
    """
    own = list(log.incidents())
    known = {record.identity for record in own}
    target, acts = own[place], like(own[place].act)
    worlds: list[tuple[Sequence[int], Ban | Swap | None, Scene, Alteration]] = [
        (some, None, scene, Alteration(without=tuple(own[j].identity for j in some)))
        for some in sets
    ]
    worlds += [((), ban, scene, Alteration(without_acts=(ban,))) for ban in banned]
    worlds += [((), swap, *swapped_in(scene, own, swap)) for swap in swapped]
    worlds_without: list[Prevention] = []
    for places, otherwise, where, alteration in worlds:
        with suppress(RunError):
            other = where.log_without(alteration)
            same = [record for record in other.incidents() if record.act in acts]
            near = [
                record
                for record in same
                if record.identity not in known
                and not is_put_in(record)
                and abs(record.time - target.time) <= INSTEAD_DAYS
            ]
            instead = min(
                near, key=lambda record: abs(record.time - target.time), default=None
            )
            later = (r for r in same if r.time > target.time and r is not instead)
            above = (
                record
                for record in other.incidents()
                if record.identity not in known and rung_of(record) > rung_of(target)
            )
            worlds_without.append(
                Prevention(
                    numbers=tuple(j + 1 for j in places),
                    ban=otherwise if isinstance(otherwise, Ban) else None,
                    instead=instead,
                    following=next(later, None),
                    like=tuple(same),
                    peaks=peaks_of(other),
                    worse=next(above, None),
                    dead=dead_of(other),
                    swap=otherwise if isinstance(otherwise, Swap) else None,
                )
            )
    return tuple(worlds_without)


def dead_of(log: IncidentLog) -> tuple[float, float]:
    """Return how many die in a log, of all sides and of the foreign one."""
    effects = [record.effect for record in log.incidents()]
    return (
        sum(effect[k] for effect in effects for k in KILLED),
        sum(effect[KILLED[Side.FOREIGN]] for effect in effects),
    )


def rung_of(record: Record) -> int:
    """Return the rung of an incident's act."""
    return ACTS[record.act].rung


def peaks_of(log: IncidentLog) -> tuple[int, int]:
    """Return the highest rung of a log's own incidents, and of those put in.

    It is 0 where there are none.
    """
    own, put_in = (
        [rung_of(one) for one in log.incidents() if is_put_in(one) is given]
        for given in (False, True)
    )
    return max(own, default=0), max(put_in, default=0)


def is_put_in(record: Record) -> bool:
    """Whether an incident was put in: nobody in the model decided on it."""
    return record.origin != Origin.SIMULATED


class Bans(NamedTuple):
    """Which classes of acts would prevent an incident, were they not to happen."""

    tested: tuple[int, ...]
    """Acts that happen before it and are not of its class, in the order of the log."""
    preventing: tuple[Ban, ...]
    """Those of them without which it does not happen, each from the last day that is
    soon enough."""


def bans(scene: Scene, log: IncidentLog, place: int) -> Bans:
    """Keep each class of acts before the incident at a place of a log from happening.

    A class is an act, by whomever. Its last day is sought among those on which it
    happens.
    """
    own = list(log.incidents())
    target = own[place]
    days: dict[int, dict[float, None]] = {}
    for record in own[:place]:
        if record.act not in class_of(target.act):
            days.setdefault(record.act, {})[float(floor(record.time))] = None
    preventing: list[Ban] = []
    for act, times in days.items():
        first, *later = (Ban(act, day) for day in times)
        if is_gone(scene, target, acts=(first,)):
            soon = (
                ban for ban in reversed(later) if is_gone(scene, target, acts=(ban,))
            )
            preventing.append(next(soon, first))
    return Bans(tuple(days), tuple(preventing))


def swapped_in(
    scene: Scene, own: Sequence[Record], swap: Swap
) -> tuple[Scene, Alteration]:
    """Return the replication with one thing in place of another, and what is left out.

    `own` are its incidents as it was.
    """
    record = own[swap.number - 1]
    if swap.given is None:
        return scene_knowing(scene, record), Alteration()
    return scene_with(scene, swap.given), Alteration(without=(record.identity,))


def swaps(scene: Scene, log: IncidentLog, place: int) -> Swaps:
    """Try what may be put in place of what was, one at a time.

    Each attack that the actor of the incident at a place laid to another is laid to who
    did it. Each earlier strike with dead, put in or not, that has a `LIGHTER` form
    becomes an air strike, on the same at the same moment, that kills and wounds nobody.
    """
    own = list(log.incidents())
    target = own[place]
    numbers = {record.identity: n for n, record in enumerate(own[:place], 1)}
    blamed = [
        numbers[record.cause]
        for record in log.records
        if record.record_type == RecordType.PERCEPTION
        and record.actor == target.actor
        and record.time <= target.time
        and record.cause in numbers
        and own[numbers[record.cause] - 1].actor in scene.cast.suspects[target.actor]
        and record.target not in (-1, own[numbers[record.cause] - 1].actor)
    ]
    struck = [
        n
        for n, record in enumerate(own[:place], 1)
        if record.act in LIGHTER and any(record.effect[k] for k in KILLED)
    ]
    every = [Swap(n, None) for n in blamed]
    every += [Swap(n, lighter(log, own[n - 1])) for n in struck]
    preventing: list[Swap] = []
    for swap in every:
        where, alteration = swapped_in(scene, own, swap)
        if is_gone(where, target, alteration.without):
            preventing.append(swap)
    return Swaps(tuple(blamed), tuple(struck), tuple(preventing))


def lighter(log: IncidentLog, record: Record) -> Given:
    """Return an air strike in place of a strike: it kills and wounds nobody."""
    effect = record.effect._asdict()
    harmless = dict.fromkeys((Effect._fields[k] for k in HARM), 0.0)
    given = Given(
        identity="",
        time=record.time,
        known_from=record.time,
        act=Act.AIR_STRIKE,
        actor=log.actor_name(record.actor),
        target=log.actor_name(record.target),
        site=log.sites[record.site] if record.site >= 0 else "",
        effect=Effect(**(effect | harmless)),
    )
    # As the command that puts it in calls it: both are one world.
    return replace(given, identity=put_in_by(words_of(given)))


def still_happens(scene: Scene, target: Record, identities: Iterable[int]) -> bool:
    """Whether an incident happens all the same where others are left out.

    Where the world without them runs away before it, nothing is known.
    """
    return _happens(scene, target, identities) is True


def _happens(
    scene: Scene,
    target: Record,
    identities: Iterable[int],
    acts: tuple[tuple[int, float], ...] = (),
) -> bool | None:
    """Whether an incident happens without others; None where the world runs away."""
    until = min(nextafter(target.time, inf), scene.until)
    with suppress(RunError):
        rows = incident_rows(scene.rows_without(identities, until, acts))
        return bool((rows["low"] == target.identity & (2**64 - 1)).any())
    return None


def is_gone(
    scene: Scene,
    target: Record,
    identities: Iterable[int] = (),
    acts: tuple[tuple[int, float], ...] = (),
) -> bool:
    """Whether an incident does not happen where others, or classes, are left out.

    Where the world without them runs away before it, nothing is known.
    """
    return _happens(scene, target, identities, acts) is False


class Spare(NamedTuple):
    """A link of what an incident hangs on, without which that happens all the same."""

    number: int
    """Its number in the story."""
    missed: int
    """Number of the first that hangs on what goes with it, and happens all the same."""
    decision: Decision
    """How that one comes to be where this one is left out."""
    instead: tuple[Record, ...]
    """Of one of the chain, what the last hangs on then, and did not before: each left
    out as well, it does not happen. Empty where the chain's others are enough."""


def spares(
    scene: Scene,
    log: IncidentLog,
    *,
    hangs_on: Mapping[int, Collection[int]],
    chain: Sequence[int],
    needed: Collection[int],
) -> tuple[Spare, ...]:
    """Return why an incident does not need some of what its links lead back to.

    Parameters
    ----------
    scene, log
        The replication.
    hangs_on
        Of the incident and each that it hangs on, the places of its own links.
    chain
        Places of its chain, itself at the end.
    needed
        Places of those without which, alone, it does not happen.
    """
    own = list(log.incidents())
    target = own[chain[-1]]
    needs = {own[j].identity for j in needed}
    spared: list[Spare] = []
    for j in sorted(hangs_on.keys() - set(needed) - {chain[-1]}):
        left_out = Alteration(without=(own[j].identity,))
        with suppress(RunError):
            other = scene.log_without(left_out, nextafter(target.time, inf))
            comes = {record.identity for record in other.incidents()}
            missed = next(
                i
                for i in sorted(hangs_on)
                if own[i].identity in comes
                and any(own[k].identity not in comes for k in hangs_on[i])
            )
            identity = own[missed].identity
            altered = joined(scene.alteration, left_out)
            spared.append(
                Spare(
                    number=j + 1,
                    missed=missed + 1,
                    decision=decisions(scene.cast, other, altered, [identity])[
                        identity
                    ],
                    instead=tuple(
                        record
                        for record in other.incidents()
                        if j in chain
                        and record.time < target.time
                        and record.identity not in needs
                        and is_gone(scene, target, (own[j].identity, record.identity))
                    ),
                )
            )
    return tuple(spared)


class Together(NamedTuple):
    """What leaving out several earlier incidents at once does to one."""

    places: list[int]
    """A least set that prevents it; empty where there is none."""
    n_tried: int
    """How many were left out at once."""
    changed: Record | None
    """The incident itself where all of these are left out and it happens all the
    same."""


def together(
    scene: Scene,
    log: IncidentLog,
    place: int,
    alone: Iterable[int],
    none: Iterable[int] = (),
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
    none
        Places without which none of its like happens; they are tried first.

    Returns
    -------
    Together
        If the incidents of one actor and act prevent it, the set is of these: of the
        smallest such class. No claim is made that it is the only one.
    """
    own = list(log.incidents())
    target = own[place]
    singles = set(alone)
    room = MOST_WITHOUT - len(scene.alteration.without)
    # The nearest, if there is not room for all.
    others = [j for j in range(place) if j not in singles][-room:] if room > 0 else []

    def prevents(places: Sequence[int]) -> bool:
        return is_gone(scene, target, [own[j].identity for j in places])

    if len(others) < 2:
        return Together([], len(others), None)
    # A part may prevent it though all at once do not.
    if (part := [j for j in none if j in others]) and prevents(part):
        return Together(least(part, prevents), len(others), None)
    if not prevents(others):
        changed = None
        with suppress(RunError):
            left_out = Alteration(without=tuple(own[j].identity for j in others))
            records = scene.log_without(left_out).incidents()
            same = (one for one in records if one.identity == target.identity)
            changed = next(same, None)
        return Together([], len(others), changed)
    classes: dict[tuple[int, int], list[int]] = {}
    for j in others:
        classes.setdefault((own[j].actor, own[j].act), []).append(j)
    for same in sorted(classes.values(), key=len):
        if len(same) > 1 and prevents(same):
            return Together(least(same, prevents), len(others), None)
    return Together(least(others, prevents), len(others), None)


def none_at_all(scene: Scene, log: IncidentLog, place: int) -> tuple[int, ...]:
    """Seek a least set of incidents without which none of its like happens to the end.

    What the first of them answers is left out, then what the first of the world
    without that answers, and so on.

    Parameters
    ----------
    scene, log
        The replication.
    place
        Of one incident of these among the log's, from 0.

    Returns
    -------
    tuple of int
        Places; empty where one of them answers nothing that happened in the
        replication as it was, or where this does not end in `MOST_ROUNDS` rounds.
    """
    own = list(log.incidents())
    places = {record.identity: j for j, record in enumerate(own)}
    acts = like(own[place].act)
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
