"""What is made otherwise in a replication: another number from a day on, acts left out.

A replication is known by scenario, root_seed and number. An alteration departs from it:
its lineage keys what is drawn from a day on by another number, its suppression leaves
incidents out. What neither touches is the same to the byte (docs/counterfactuals.md).
"""

from __future__ import annotations

import shlex
from dataclasses import asdict, dataclass, replace
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from sim.errors import StudyError, nearest
from sim.ladder import ACTS, Act, act_named, name_of
from sim.scenario.calendar import days_since, moment_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

MOST_TURNINGS: Final = 64
"""Moments in the lineage of one replication."""
MOST_WITHOUT: Final = 256
"""Incidents that are left out by identity."""
PASTS: Final = 2**59
"""The first number by which the particles of a filtered past are keyed."""
FUTURES: Final = 2**62
"""The first number by which futures are keyed; no run has so many replications."""


@dataclass(frozen=True, slots=True)
class Pasts:
    """Pasts that the members of an ensemble have in turn, up to a day.

    They come of particles that were drawn anew some times; which particle each was
    drawn from says how each was keyed.
    """

    first: int
    """Number of the first particle's replication; the others follow."""
    since: float
    """The day from which each member has a future of its own."""
    renewed: tuple[float, ...]
    """Days on which the particles were drawn anew; the last is `since`."""
    drawn: tuple[tuple[int, ...], ...]
    """For each of these days, which particle each was drawn from."""

    def world(self, member: int) -> tuple[int, tuple[tuple[float, int], ...]]:
        """Return the replication's number, and the lineage, of a member's past."""
        k, lineage = member % len(self.drawn[-1]), list[tuple[float, int]]()
        for time in range(len(self.drawn) - 1, -1, -1):
            if time < len(self.drawn) - 1:
                lineage.append((self.renewed[time], self.key(time, k)))
            k = self.drawn[time][k]
        return self.first + k, tuple(reversed(lineage))

    def key(self, time: int, particle: int) -> int:
        """Return the number that keys a particle from when it was drawn anew."""
        return PASTS + (time << 40) + self.first + particle


@dataclass(frozen=True, slots=True)
class Alteration:
    """A lineage and a suppression; as it is made here, none at all.

    Raises
    ------
    StudyError
        If the moments of the lineage do not rise from above 0, a number is outside
        [0, 2**64), or there is more of anything than an engine has room for.
    """

    lineage: tuple[tuple[float, int], ...] = ()
    """(day, number), days rising: what is drawn from the day on is keyed by that number
    in place of the replication's own."""
    without: tuple[int, ...] = ()
    """Identities of incidents that are left out."""
    without_acts: tuple[tuple[int, float], ...] = ()
    """(act, day): no incident of the act happens from the day on."""
    branch: tuple[int, float] | None = None
    """(replication, day), of an ensemble: all its members have the past of that one
    replication up to the day, and each a future of its own, keyed by `FUTURES` and the
    member's number."""
    pasts: Pasts | None = None
    """Of an ensemble whose past is filtered: what its members have of it."""

    def __post_init__(self) -> None:
        before = 0.0
        if self.pasts is not None and (self.lineage or self.branch is not None):
            message = (
                "a past that is filtered has lineages of its own; branch from a run's "
                "replication, or say --past injected"
            )
            raise StudyError(message)
        if self.branch is not None:
            number, day = self.branch
            turnings = (*self.lineage, (day, number))
        else:
            turnings = self.lineage
        for day, number in turnings:
            if not before < day or not isfinite(day) or not 0 <= number < 2**64:
                message = (
                    f"lineage: {day:g}={number}: allowed are days that rise from above "
                    "0, each with a number in [0, 2**64)"
                )
                raise StudyError(message)
            before = day
        for of, entries, most in (
            ("lineage", self.lineage, MOST_TURNINGS),
            ("without", self.without, MOST_WITHOUT),
        ):
            if len(entries) > most:
                message = f"{of}: {len(entries)} entries; there is room for {most}"
                raise StudyError(message)

    def __bool__(self) -> bool:
        return self != UNALTERED

    def member(self, number: int) -> tuple[int, Alteration]:
        """Return which replication a member of an ensemble is, and how it is altered.

        >>> Alteration(branch=(7, 30.0)).member(2)[0]
        7
        """
        if self.pasts is not None:
            past, lineage = self.pasts.world(number)
            turnings = (*lineage, (self.pasts.since, FUTURES + number))
            return past, replace(self, lineage=turnings, pasts=None)
        if self.branch is None:
            return number, self
        past, day = self.branch
        turnings = (*self.lineage, (day, FUTURES + number))
        return past, replace(self, lineage=turnings, branch=None)

    def words(self) -> list[str]:
        """Return the options of a command that asks for it.

        >>> Alteration(((3.5, 17),), (255,), ((int(Act.RAID), 2.0),)).words()
        ... # doctest: +NORMALIZE_WHITESPACE
        ['--lineage', '3.5=17', '--without', '000000000000000000000000000000ff',
         '--without', 'act=raid@2.0']
        """
        words: list[str] = []
        for day, number in self.lineage:
            words += ["--lineage", f"{day!r}={number}"]
        for identity in self.without:
            words += ["--without", f"{identity:032x}"]
        for act, day in self.without_acts:
            since = f"@{day!r}" if day > 0.0 else ""
            words += ["--without", f"act={name_of(act)}{since}"]
        return words

    def __str__(self) -> str:
        return shlex.join(self.words())


UNALTERED: Final = Alteration()
"""A replication as its number has it."""


def alteration_of(
    start: date, lineage: Iterable[str] = (), without: Iterable[str] = ()
) -> Alteration:
    """Read an alteration as a command line has it.

    Parameters
    ----------
    start
        The scenario's first day.
    lineage
        ``DAY=NUMBER``, where the day is a date, or days since the start.
    without
        An identity of 32 hexadecimal digits, ``act=NAME`` or ``act=NAME@DAY``.

    Raises
    ------
    StudyError
        If a text is none of these, or names no act.
    """
    turnings: list[tuple[float, int]] = []
    for text in lineage:
        moment, equals, number = text.partition("=")
        if not equals or not number.isdecimal():
            message = f"--lineage {text!r}: write it as 2020-01-03=17, or 67.5=17"
            raise StudyError(message)
        turnings.append((day_of(moment, start, "--lineage"), int(number)))
    identities: list[int] = []
    acts: list[tuple[int, float]] = []
    for text in without:
        if text.startswith("act="):
            name, at, moment = text.removeprefix("act=").partition("@")
            acts.append(
                (act_asked(name), day_of(moment, start, "--without") if at else 0.0)
            )
        else:
            identities.append(identity_of(text))
    return Alteration(tuple(turnings), tuple(identities), tuple(acts))


def identity_of(text: str) -> int:
    """Read an identity of 32 hexadecimal digits, as logs have it."""
    try:
        if len(text) != 32:
            raise ValueError
        return int(text, 16)
    except ValueError:
        message = (
            f"--without {text!r}: allowed are an incident's identity (32 hexadecimal "
            "digits), act=NAME, or act=NAME@DATE"
        )
        raise StudyError(message) from None


def act_asked(name: str) -> Act:
    """Return the act of a name, or refuse it with the nearest."""
    act = act_named(name)
    if act is None or act == Act.NONE:
        names = [name_of(row.act) for row in ACTS if row.act != Act.NONE]
        message = f"{name!r} is no act{nearest(name, names)}"
        raise StudyError(message)
    return act


def day_of(text: str, start: date, option: str) -> float:
    """Read a date, or a number of days since the start."""
    try:
        return float(text)
    except ValueError:
        try:
            return days_since(start, moment_of(text))
        except ValueError as error:
            message = f"{option} {text!r}: {error}, or a number of days"
            raise StudyError(message) from error


def alteration_in(data: Any) -> Alteration:
    """Return an alteration from what `as_data` made of it; None is none at all."""
    if not data:
        return UNALTERED
    return Alteration(
        tuple((float(day), int(number)) for day, number in data["lineage"]),
        tuple(int(identity, 16) for identity in data["without"]),
        tuple((int(act_asked(act)), float(day)) for act, day in data["without_acts"]),
        (data["branch"][0], data["branch"][1]) if "branch" in data else None,
        _pasts_in(data["pasts"]) if "pasts" in data else None,
    )


def _pasts_in(data: Any) -> Pasts:
    """Return pasts from what `as_data` made of them."""
    drawn = tuple(tuple(map(int, particles)) for particles in data["drawn"])
    return Pasts(data["first"], data["since"], tuple(data["renewed"]), drawn)


def as_data(alteration: Alteration, *, with_pasts: bool = False) -> dict[str, Any]:
    """Return an alteration as JSON holds it; empty for none at all.

    Pasts that are filtered follow from the scenario and the root_seed, so that what
    names a run goes without.
    """
    if alteration.pasts is not None and not with_pasts:
        alteration = replace(alteration, pasts=None)
    if not alteration:
        return {}
    pasts = {} if alteration.pasts is None else {"pasts": asdict(alteration.pasts)}
    branch = {} if alteration.branch is None else {"branch": list(alteration.branch)}
    return {
        "lineage": [list(turning) for turning in alteration.lineage],
        "without": [f"{identity:032x}" for identity in alteration.without],
        "without_acts": [[name_of(act), day] for act, day in alteration.without_acts],
        **branch,
        **pasts,
    }
