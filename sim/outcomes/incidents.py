"""Incidents of many replications as columns, and what is asked of them group by group.

Everything that outcomes do is one of a few things: count and add up by replication,
find the first or the next in time, and order values within a replication. They are
done here for a whole part at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.rules.behaviour import Effect

if TYPE_CHECKING:
    from sim.ladder import Act

Floats = np.ndarray[Any, np.dtype[np.float64]]
Whole = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]


class Incidents(NamedTuple):
    """Incidents in the order of their replications, then of time."""

    n: int
    """How many replications there are, with or without incidents."""
    horizon: float
    """Days that were simulated freely; times count from their start."""
    place: Whole
    """Replication of each incident, 0 to n - 1."""
    time: Floats
    """Days."""
    act: Whole
    actor: Whole
    """-1 for nobody."""
    target: Whole
    site: Whole
    row: Whole
    """Number of its column in `effect`."""
    effect: Floats
    """Effects, shape (fields of `Effect`, rows); some may be of no incident here."""

    def where(self, kept: Flags) -> Incidents:
        """Return some of the incidents."""
        at = np.flatnonzero(kept)
        return Incidents(
            self.n,
            self.horizon,
            self.place[at],
            self.time[at],
            self.act[at],
            self.actor[at],
            self.target[at],
            self.site[at],
            self.row[at],
            self.effect,
        )

    def of(self, *acts: Act) -> Incidents:
        """Return the incidents of some acts."""
        kept = self.act == acts[0]
        for act in acts[1:]:
            kept = kept | (self.act == act)
        return self.where(kept)

    def counted(self) -> Floats:
        """Return how many incidents each replication has, shape (n,)."""
        return added(self.n, self.place)

    def amount(self, *fields: str) -> Floats:
        """Return the sum of some fields of each incident's effect."""
        found = np.zeros(len(self.place))
        for field in fields:
            found = found + self.effect[Effect._fields.index(field)][self.row]
        return found

    def total(self, values: Floats) -> Floats:
        """Add a value of each incident up by replication, shape (n,)."""
        return added(self.n, self.place, values)

    def first(self) -> tuple[Floats, Floats]:
        """Return the time of each replication's first incident, and whether it has one.

        The time is the horizon where there is none.
        """
        times, happened = np.full(self.n, self.horizon), np.zeros(self.n)
        places, at = np.unique(self.place, return_index=True)
        times[places], happened[places] = self.time[at], 1.0
        return times, happened


def added(n: int, place: Whole, values: Floats | None = None) -> Floats:
    """Add values (ones unless given) up by replication, shape (n,)."""
    return np.bincount(place, values, minlength=n).astype(np.float64)


def ratio(above: Floats, below: Floats) -> Floats:
    """Return a quotient, nan where the divisor is 0."""
    found = np.full(len(above), np.nan)
    return np.divide(above, below, out=found, where=below != 0.0)


def mean_by(n: int, place: Whole, values: Floats) -> Floats:
    """Return the mean of values by replication, nan of nothing; shape (n,)."""
    count = added(n, place)
    return ratio(added(n, place, values), count)


def spread_by(n: int, place: Whole, values: Floats) -> Floats:
    """Return the sample standard deviation by replication; nan of fewer than two."""
    count = added(n, place)
    off = values - mean_by(n, place, values)[place]
    squares = added(n, place, off * off)
    return np.sqrt(ratio(squares, np.where(count > 1.0, count - 1.0, 0.0)))


def correlation_by(n: int, place: Whole, x: Floats, y: Floats) -> Floats:
    """Return the correlation of pairs by replication.

    It is nan of fewer than three pairs, and where one of the two never varies.
    """
    off_x, off_y = x - mean_by(n, place, x)[place], y - mean_by(n, place, y)[place]
    varies = added(n, place) > 2.0
    for values in (x, y):
        varies &= largest_by(n, place, values) > -largest_by(n, place, -values)
    below = np.sqrt(added(n, place, off_x * off_x) * added(n, place, off_y * off_y))
    return ratio(added(n, place, off_x * off_y), np.where(varies, below, 0.0))


def median_by(n: int, place: Whole, values: Floats) -> Floats:
    """Return the median of values by replication, nan of nothing; shape (n,)."""
    found = np.full(n, np.nan)
    ordered = values[np.lexsort((values, place))]
    count = np.bincount(place, minlength=n)
    start = np.cumsum(count) - count
    some = count > 0
    low = start[some] + (count[some] - 1) // 2
    high = start[some] + count[some] // 2
    found[some] = (ordered[low] + ordered[high]) / 2.0
    return found


def largest_by(n: int, place: Whole, values: Floats) -> Floats:
    """Return the largest value by replication, nan of nothing; shape (n,)."""
    found = np.full(n, -np.inf)
    np.maximum.at(found, place, values)
    return np.where(np.isneginf(found), np.nan, found)


def next_after(
    group: Whole, time: Floats, group_of_ends: Whole, ends: Floats
) -> Floats:
    """Return the first end after each time within the same group, or nan.

    Parameters
    ----------
    group, time
        Group and moment of each start; groups are whole numbers >= 0.
    group_of_ends, ends
        The same of each end, in any order.
    """
    found = np.full(len(time), np.nan)
    if not len(time) or not len(ends):
        return found
    order = np.lexsort((ends, group_of_ends))
    group_of_ends, ends = group_of_ends[order], ends[order]
    # Ranks of all moments make times of different groups comparable without rounding.
    moments = np.unique(np.concatenate((time, ends)))
    step = len(moments) + 1
    keys = group_of_ends * step + np.searchsorted(moments, ends)
    at = np.searchsorted(
        keys, group * step + np.searchsorted(moments, time), side="right"
    )
    inside = at < len(ends)
    inside[inside] = group_of_ends[at[inside]] == group[inside]
    found[inside] = ends[at[inside]]
    return found


def count_between(
    group: Whole, low: Floats, high: Floats, group_of_times: Whole, times: Floats
) -> Floats:
    """Return how many times lie in each interval [low, high) within the same group.

    Parameters
    ----------
    group, low, high
        Group and ends of each interval; groups are whole numbers >= 0.
    group_of_times, times
        Group and moment of what is counted, in any order.
    """
    # Ranks of all moments make times of different groups comparable without rounding.
    moments = np.unique(np.concatenate((low, high, times)))
    step = len(moments) + 1
    keys = np.sort(group_of_times * step + np.searchsorted(moments, times))
    begin, end = (
        np.searchsorted(keys, group * step + np.searchsorted(moments, moment))
        for moment in (low, high)
    )
    return (end - begin).astype(np.float64)
