"""How likely counts by day are, given what was expected of each day.

A day's count is a Poisson number of single acts, twice a Poisson number of double ones,
and the answers that fall on it. Answers to one incident are single chances, so which
count they explain is summed over in full.
"""

from __future__ import annotations

from math import factorial, prod
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from sim.study.attack_rates import Rates

Floats = np.ndarray[Any, np.dtype[np.float64]]
Whole = np.ndarray[Any, np.dtype[np.int64]]

NEGLIGIBLE: Final = 1e-6
"""Chance of an answer on a day below which it cannot explain what happened there."""

MOST_STATES: Final = 5000
"""Ways of explaining counts by answers that are summed over; beyond them the answers
of these days are taken as Poisson."""


def log_likelihoods(counts: Whole, expected: Rates) -> Floats:
    """Return the log probability of the counts in each replication of the record.

    Parameters
    ----------
    counts
        What was counted each day, shape (days,).
    expected
        What was expected.

    Returns
    -------
    array
        Shape (replications,); -inf where the counts cannot be.
    """
    single, double, answers = expected
    hit = counts > 0
    chances = answers.max(axis=0) if len(answers) else answers
    may = (chances > NEGLIGIBLE) & hit
    explained = np.zeros(len(counts), bool)
    found = np.zeros(len(single))
    for columns, days in _groups(may):
        if prod(int(counts[day]) + 1 for day in days) > MOST_STATES:
            single = single + answers[:, columns].sum(axis=1)
            continue
        explained[days] = True
        found += _with_answers(
            counts[days], single[:, days], double[:, days], answers[:, columns], days
        )
    with np.errstate(divide="ignore"):
        for day in np.flatnonzero(~explained):
            n = int(counts[day])
            found += np.log(probability(n, single[:, day], double[:, day]))
        alone = ~may.any(axis=1)
        if alone.any():
            missed = np.maximum(1.0 - answers[:, alone].sum(axis=2), 0.0)
            found += np.log(missed).sum(axis=1)
    return found


def probability(n: int, single: Floats, double: Floats) -> Floats:
    """Return the probability of a count of singles and doubles, both Poisson.

    >>> float(probability(2, np.array([0.0]), np.array([0.5]))[0])  # one double
    0.3032653298563167
    """
    total = np.zeros_like(single)
    for pairs in range(n // 2 + 1):
        ones = n - 2 * pairs
        total += single**ones * double**pairs / (factorial(ones) * factorial(pairs))
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


def _with_answers(
    counts: Whole, single: Floats, double: Floats, answers: Floats, days: list[int]
) -> Floats:
    """Return the log probability of the counts of days that answers may explain."""
    states: dict[tuple[int, ...], Floats] = {
        (0,) * len(days): np.ones(len(single)),
    }
    for column in range(answers.shape[1]):
        chance = answers[:, column]
        missed = np.maximum(1.0 - chance.sum(axis=1), 0.0)
        after: dict[tuple[int, ...], Floats] = {}
        for state, weight in states.items():
            after[state] = after.get(state, 0.0) + weight * missed
            for place, day in enumerate(days):
                if state[place] == counts[place] or not chance[:, day].any():
                    continue
                more = (*state[:place], state[place] + 1, *state[place + 1 :])
                after[more] = after.get(more, 0.0) + weight * chance[:, day]
        states = after
    alone = [
        [
            probability(int(n) - used, single[:, place], double[:, place])
            for used in range(int(n) + 1)
        ]
        for place, n in enumerate(counts)
    ]
    total = np.zeros(len(single))
    for state, weight in states.items():
        for place, used in enumerate(state):
            weight = weight * alone[place][used]  # noqa: PLW2901
        total += weight
    with np.errstate(divide="ignore"):
        return np.log(total)
