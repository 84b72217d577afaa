"""How likely counts by day are, given what was expected of each day.

A day's count is a Poisson number of single acts, twice a Poisson number of double ones,
and the answers that fall on it. Answers to one incident are single chances, so which
count they explain is summed over in full.
"""

from __future__ import annotations

from math import factorial, prod
from typing import Any, Final, NamedTuple

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]
Whole = np.ndarray[Any, np.dtype[np.int64]]

NEGLIGIBLE: Final = 1e-6
"""Chance of an answer on a day below which it cannot explain what happened there."""

MOST_WAYS: Final = 5000
"""Ways of explaining counts by answers that are summed over; beyond them the answers
of these days are taken as Poisson."""


class Explained(NamedTuple):
    """The ways in which answers explain the counts of some days."""

    days: Whole
    used: Whole
    """Counts that answers explain, shape (ways, days)."""
    weights: Floats
    """Probability of each way, shape (ways, replications)."""


class CountLikelihood:
    """The log likelihood of given counts.

    Parameters
    ----------
    counts
        What was counted each day, shape (days,).
    answers
        Probability that an answer brings one on a day, shape (replications, answers,
        days).
    """

    def __init__(self, counts: Whole, answers: Floats) -> None:
        self.counts, self.answers = counts, answers
        may = (answers.max(axis=0, initial=0.0) > NEGLIGIBLE) & (counts > 0)
        self.groups: list[Explained] = []
        self.more = np.zeros(answers.shape[::2])
        """What is expected of answers that are taken as Poisson, by day."""
        explained = np.zeros(len(counts), bool)
        for columns, days in _groups(may):
            if prod(int(counts[day]) + 1 for day in days) > MOST_WAYS:
                self.more += answers[:, columns].sum(axis=1)
                continue
            explained[days] = True
            self.groups.append(_explained(counts, answers[:, columns], days))
        alone = answers[:, ~may.any(axis=1)]
        missed = np.maximum(1.0 - alone.sum(axis=2), 1e-300)
        self.missed = np.log(missed).sum(axis=1)
        self.empty = np.flatnonzero(counts == 0)
        self.plain = np.flatnonzero((counts > 0) & ~explained)

    def __call__(self, single: Floats, double: Floats) -> Floats:
        """Return the log probability of the counts, shape (replications,).

        Parameters
        ----------
        single, double
            Expected operations that bring one, and two, shape (replications, days).
        """
        single = single + self.more
        found = self.missed - (single + double)[:, self.empty].sum(axis=1)
        with np.errstate(divide="ignore"):
            for day in self.plain:
                n = int(self.counts[day])
                found = found + np.log(probability(n, single[:, day], double[:, day]))
            for days, used, weights in self.groups:
                total = weights
                for place, day in enumerate(days):
                    n = int(self.counts[day])
                    left = np.array(
                        [
                            probability(n - k, single[:, day], double[:, day])
                            for k in range(n + 1)
                        ]
                    )
                    total = total * left[used[:, place]]
                found = found + np.log(total.sum(axis=0))
        return found


def probability(n: int, single: Floats, double: Floats) -> Floats:
    """Return the probability of a count of singles and doubles, both Poisson.

    >>> float(probability(2, np.array([0.0]), np.array([0.5]))[0])  # one double
    0.3032653298563167
    """
    total = np.zeros_like(single)
    for pairs in range(n // 2 + 1):
        ones = n - 2 * pairs
        ways = factorial(ones) * factorial(pairs)
        total += single**ones * double**pairs / ways
    return np.exp(-single - double) * total


def _groups(may: Any) -> list[tuple[list[int], list[int]]]:
    """Return answers and days that hang together, as (answers, days)."""
    groups: list[tuple[set[int], set[int]]] = []
    for column in np.flatnonzero(may.any(axis=1)).tolist():
        columns, days = {column}, set(np.flatnonzero(may[column]).tolist())
        apart: list[tuple[set[int], set[int]]] = []
        for group in groups:
            if group[1] & days:
                columns, days = columns | group[0], days | group[1]
            else:
                apart.append(group)
        groups = [*apart, (columns, days)]
    return [(sorted(columns), sorted(days)) for columns, days in groups]


def _explained(counts: Whole, answers: Floats, days: list[int]) -> Explained:
    """Return all ways in which some answers explain the counts of some days."""
    ways: dict[tuple[int, ...], Floats] = {(0,) * len(days): np.ones(len(answers))}
    for column in range(answers.shape[1]):
        chance = answers[:, column]
        missed = np.maximum(1.0 - chance.sum(axis=1), 0.0)
        after: dict[tuple[int, ...], Floats] = {}
        for way, weight in ways.items():
            after[way] = after.get(way, 0.0) + weight * missed
            for place, day in enumerate(days):
                if way[place] == counts[day] or not chance[:, day].any():
                    continue
                more = (*way[:place], way[place] + 1, *way[place + 1 :])
                after[more] = after.get(more, 0.0) + weight * chance[:, day]
        ways = after
    return Explained(np.array(days), np.array([*ways]), np.array([*ways.values()]))
