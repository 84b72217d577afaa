"""What an outcome is read from: the incidents of one replication, and lists of numbers.

The functions of this room are plain Python that numba compiles as it stands, under the
conditions of `sim.rules`: scalars and lists, ``math``, no exception. In Python a
sequence of incidents is a list, in compiled code an array of records with the same
fields.
"""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003 (get_type_hints reads it)
from dataclasses import dataclass, fields
from math import nan, sqrt
from typing import Any, Final, NamedTuple, get_args, get_type_hints

import numpy as np

from sim.engine.capacity import MOST_ACTORS, MOST_SITES
from sim.ladder import Act

MOST_ACTS: Final = 64
MOST_TERMS: Final = 1024
"""Times in which a government's parameters stay as they are."""


@dataclass(slots=True)
class Incident:
    """An incident as an outcome sees it: as it happened, or as it was reported."""

    time: float = 0.0
    """Days since the replication runs free."""
    act: int = 0
    """What was done (`sim.ladder.Act`)."""
    actor: int = -1
    """Number of who did it, or of whom the press names; -1 for nobody."""
    target: int = -1
    site: int = -1
    row: int = 0
    """Its number among the records of the replication."""
    rounds: float = 0.0
    """Rounds fired; this and what follows as in
    `sim.rules.behaviour.Effect`."""
    unfired: float = 0.0
    hits: float = 0.0
    killed_foreign: float = 0.0
    killed_host: float = 0.0
    killed_civilian: float = 0.0
    killed_militia: float = 0.0
    killed_sponsor: float = 0.0
    wounded_foreign: float = 0.0
    wounded_host: float = 0.0
    wounded_civilian: float = 0.0
    wounded_militia: float = 0.0
    wounded_sponsor: float = 0.0
    persons: float = 0.0
    launchers: float = 0.0
    force: float = 0.0


INCIDENT: Final = np.dtype(
    [(f.name, "i8" if f.type == "int" else "f8") for f in fields(Incident)], align=True
)
"""`Incident` as a record of NumPy."""


class Term(NamedTuple):
    """A time in which a government's parameters stay as they are."""

    begin: float
    """Days since the scenario's start; it ends where the next one begins."""
    authority: float
    authority_memory: float
    authority_step: float


class Facts(NamedTuple):
    """What an outcome may know besides the incidents: the scenario, and the period."""

    since: float
    """Day from which everything is simulated."""
    until: float
    """Day on which the replication ends."""
    horizon: float
    """Days from `since` to `until`."""
    rung_window: float
    """Days for which an act holds its rung."""
    exchange_window: float
    """Days within which direct strikes make an exchange."""
    exchange_strikes: int
    """How many make one."""
    n_actors: int
    n_sites: int
    side: Sequence[int]
    """Side of each actor (`sim.rules.behaviour.Side`)."""
    rung: Sequence[int]
    """Rung of each act, 0 to 12."""
    is_private: Sequence[int]
    """1 for each act that only author and target notice."""
    goldstein_cameo: Sequence[float]
    """Weight of each act on the CAMEO scale."""
    goldstein_weis: Sequence[float]
    """Weight of each act on Goldstein's scale of 1992."""
    government: int
    """Number of the first actor that has an authority, -1 for none."""
    is_abroad: Sequence[int]
    """1 for each site that lies on another's soil than that government's."""
    n_terms: int
    terms: Sequence[Term]
    """The government's parameters, in order of time."""
    n_drifts: int
    drifts: Sequence[Term]
    """Those of the terms that change the drift of authority."""
    n_present: int
    present_site: Sequence[int]
    """Sites where a foreign power has people, rising."""
    present_actor: Sequence[int]
    """Which one; the same length."""


_TERM: Final = np.dtype([(name, "f8") for name in Term._fields])
_LENGTHS: Final = {
    "side": MOST_ACTORS,
    "is_abroad": MOST_SITES,
    "present_site": MOST_SITES * MOST_ACTORS,
    "present_actor": MOST_SITES * MOST_ACTORS,
    "terms": MOST_TERMS,
    "drifts": MOST_TERMS,
}


def _column(name: str, kind: Any) -> tuple[Any, ...]:
    """Return a field of `Facts` as a column of a record."""
    numbers = {int: "i8", float: "f8", Term: _TERM}
    if kind in numbers:
        return name, numbers[kind]
    return name, numbers[get_args(kind)[0]], (_LENGTHS.get(name, MOST_ACTS),)


FACTS: Final = np.dtype(
    [_column(name, kind) for name, kind in get_type_hints(Facts).items()], align=True
)
"""`Facts` as a record of NumPy; lists have a fixed length."""


class View(NamedTuple):
    """One view of a replication: what happened, or what the press reported of it.

    Only simulated incidents are in it. Places are those in `incidents`, rising.
    """

    incidents: Sequence[Incident]
    """In order of time."""
    facts: Facts
    attacks: list[int]
    """Places of the rocket attacks."""
    strikes: list[int]
    """Places of the air strikes and killings of leaders."""
    direct_strikes: list[int]
    raids: list[int]
    shows_of_force: list[int]
    arrests: list[int]
    releases: list[int]


def is_attack(act: int) -> bool:
    """Whether a strike may answer an act."""
    return act == Act.ROCKET_ATTACK or act == Act.CONVOY_BOMB


def is_strike(act: int) -> bool:
    """Whether a foreign power strikes on the host's soil by an act."""
    return (
        act == Act.AIR_STRIKE
        or act == Act.LEADER_KILLING
        or act == Act.MILITIA_LEADER_KILLING
    )


def places_of(
    incidents: Sequence[Incident],
) -> tuple[list[int], list[int], list[int], list[int], list[int], list[int], list[int]]:
    """Return the places that a `View` lists, in its order.

    It cannot return the View: compiled code returns no tuple that holds a record.
    """
    attacks: list[int] = []
    strikes: list[int] = []
    direct_strikes: list[int] = []
    raids: list[int] = []
    shows_of_force: list[int] = []
    arrests: list[int] = []
    releases: list[int] = []
    for place in range(len(incidents)):
        act = incidents[place].act
        if act == Act.ROCKET_ATTACK:
            attacks.append(place)
        elif act == Act.RAID:
            raids.append(place)
        elif act == Act.ARREST:
            arrests.append(place)
        elif act == Act.RELEASE:
            releases.append(place)
        elif act == Act.SHOW_OF_FORCE:
            shows_of_force.append(place)
        elif act == Act.DIRECT_STRIKE:
            direct_strikes.append(place)
        elif is_strike(act):
            strikes.append(place)
    return attacks, strikes, direct_strikes, raids, shows_of_force, arrests, releases


def n_before(
    incidents: Sequence[Incident], places: list[int], moment: float, least: int = 0
) -> int:
    """Return how many of the incidents at some places come before a moment.

    It is `least` or more. The search widens from there, and so is short where each
    moment follows the last.
    """
    low, step = least, 1
    while low + step <= len(places):
        if not incidents[places[low + step - 1]].time < moment:
            break
        low += step
        step *= 2
    high = min(low + step - 1, len(places))
    while low < high:
        middle = (low + high) // 2
        if incidents[places[middle]].time < moment:
            low = middle + 1
        else:
            high = middle
    return low


def n_until(
    incidents: Sequence[Incident], places: list[int], moment: float, least: int = 0
) -> int:
    """Return how many of the incidents at some places come until a moment.

    See `n_before`.
    """
    low, step = least, 1
    while low + step <= len(places):
        if not incidents[places[low + step - 1]].time <= moment:
            break
        low += step
        step *= 2
    high = min(low + step - 1, len(places))
    while low < high:
        middle = (low + high) // 2
        if incidents[places[middle]].time <= moment:
            low = middle + 1
        else:
            high = middle
    return low


def days_to_next(
    incidents: Sequence[Incident], places: list[int], moment: float
) -> float:
    """Return the days from a moment to the next incident after it, nan for none."""
    following = n_until(incidents, places, moment)
    if following == len(places):
        return nan
    return incidents[places[following]].time - moment


def days_since_last(
    incidents: Sequence[Incident], places: list[int], moment: float
) -> float:
    """Return the days from the last incident before a moment, nan for none."""
    earlier = n_before(incidents, places, moment)
    if earlier == 0:
        return nan
    return moment - incidents[places[earlier - 1]].time


def one_if(is_so: bool) -> float:
    """Return 1 for true and 0 for false."""
    return 1.0 if is_so else 0.0


def ratio(above: float, below: float) -> float:
    """Return a quotient, nan where the divisor is 0."""
    if below == 0.0:
        return nan
    return above / below


def added(values: list[float]) -> float:
    """Add numbers up, one after another."""
    total = 0.0
    for value in values:
        total += value
    return total


def mean(values: list[float]) -> float:
    """Return the mean, nan of nothing."""
    return ratio(added(values), float(len(values)))


def deviation(values: list[float]) -> float:
    """Return the sample standard deviation, nan of fewer than two."""
    return sqrt(variance(values)) if len(values) > 1 else nan


def variance(values: list[float]) -> float:
    """Return the sample variance, nan of fewer than two."""
    if len(values) < 2:
        return nan
    middle, squares = mean(values), 0.0
    for value in values:
        squares += (value - middle) * (value - middle)
    return squares / (len(values) - 1)


def median(values: list[float]) -> float:
    """Return the median, nan of nothing."""
    n = len(values)
    if n == 0:
        return nan
    some = values.copy()
    upper = smallest(some, n // 2)
    if n % 2 == 1:
        return upper
    lower = some[0]
    for k in range(1, n // 2):
        lower = max(lower, some[k])
    return (lower + upper) / 2.0


def smallest(values: list[float], k: int) -> float:
    """Return the k-th smallest number, from 0; none before it is larger afterwards.

    Hoare's selection (1961), in place, by partitions that exchange always and so
    branch on no value: a processor cannot foresee which is less.
    """
    first, end = 0, len(values)
    while True:
        pivot = values[(first + end) // 2]
        less = first
        for i in range(first, end):
            value = values[i]
            values[i], values[less] = values[less], value
            less += 1 if value < pivot else 0
        if k < less:
            end = less
            continue
        equal = less
        for i in range(less, end):
            value = values[i]
            values[i], values[equal] = values[equal], value
            equal += 1 if value == pivot else 0
        if k < equal:
            return pivot
        first = equal


def largest(values: list[float]) -> float:
    """Return the largest number, nan of nothing."""
    most = nan
    for value in values:
        if not value <= most:
            most = value
    return most


def correlation(x: list[float], y: list[float]) -> float:
    """Return the correlation of pairs.

    It is nan of fewer than three pairs, and where one of the two never varies.
    """
    if len(x) < 3 or min(x) == max(x) or min(y) == max(y):
        return nan
    mean_x, mean_y = mean(x), mean(y)
    of_x = of_y = of_both = 0.0
    for k in range(len(x)):
        off_x, off_y = x[k] - mean_x, y[k] - mean_y
        of_x += off_x * off_x
        of_y += off_y * off_y
        of_both += off_x * off_y
    return ratio(of_both, sqrt(of_x * of_y))
