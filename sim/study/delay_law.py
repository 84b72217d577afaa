"""How long a course of action takes, as a law that can be moved over a grid of time.

The rules give each duration by inversion, as a function of one uniform. Taken at nodes
of a normal score they are a discrete law that reaches far into both tails, and sums of
independent durations are sums over pairs of nodes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Floats = np.ndarray[Any, np.dtype[np.float64]]

FURTHEST: Final = 5.0
"""Normal scores of the outermost nodes."""

N_NODES: Final = (81, 31)
"""Nodes of the first duration of a sum, and of each further one."""


class DelayLaw(NamedTuple):
    """A discrete law of a delay."""

    days: Floats
    """Values > 0."""
    weights: Floats
    """They add up to 1."""

    def lags(self, width: float, n: int) -> Floats:
        """Return how a moment that is even over its cell is moved: shares by cells.

        Parameters
        ----------
        width
            Of a cell, days.
        n
            How many cells there are; what is moved further is not among them.

        Returns
        -------
        array
            Shape (n,); entry k is the share that arrives k cells later.
        """
        cells = self.days / width
        whole = np.minimum(np.floor(cells), n).astype(np.int64)
        late = (cells - whole) * self.weights
        found = np.bincount(whole, self.weights - late, n + 2)
        return np.asarray(found + np.bincount(whole + 1, late, n + 2), float)[:n]

    def lasting(self, width: float, n: int) -> Floats:
        """Return the share that lasts longer than so many cells, shape (n,).

        Entry 0 stands for half a cell: the mean of one that began in the same cell.
        """
        order = np.argsort(self.days)
        below = np.concatenate(([0.0], np.cumsum(self.weights[order])))
        ages = width * np.arange(n)
        ages[0] = 0.25 * width
        at = np.searchsorted(self.days[order], ages, side="right")
        found: Floats = 1.0 - below[at]
        found[0] = 0.5 * found[0]
        return found

    def share_before(self, other: DelayLaw) -> float:
        """Return the probability that this delay is shorter than another, apart."""
        order = np.argsort(other.days)
        beyond = np.concatenate((np.cumsum(other.weights[order][::-1])[::-1], [0.0]))
        at = np.searchsorted(other.days[order], self.days, side="right")
        return float(self.weights @ beyond[at])


def nodes(n: int) -> tuple[Floats, Floats]:
    """Return uniforms at even steps of the normal score, and their weights."""
    from scipy.special import ndtr

    scores = np.linspace(-FURTHEST, FURTHEST, n)
    weights = np.exp(-0.5 * scores**2)
    return ndtr(scores), weights / weights.sum()


def law_of(
    durations: Sequence[Callable[[Any, Any, float], float]], params: Any, view: Any
) -> DelayLaw:
    """Return the law of a sum of independent durations.

    Parameters
    ----------
    durations
        Each a rule by inversion: (params, view, a uniform in [0, 1)) to days.
    params, view
        What the rules are given.
    """
    days, weights = np.zeros(1), np.ones(1)
    for place, duration in enumerate(durations):
        uniforms, more = nodes(N_NODES[min(place, 1)])
        values = np.array([duration(params, view, u) for u in uniforms.tolist()])
        days = (days[:, None] + values[None, :]).ravel()
        weights = (weights[:, None] * more[None, :]).ravel()
        if len(days) > 4000:  # a long sum: even shares of it are enough
            days, weights = _thinned(days, weights)
    return DelayLaw(days, weights)


def _thinned(days: Floats, weights: Floats) -> tuple[Floats, Floats]:
    order = np.argsort(days)
    below = np.cumsum(weights[order])
    edges = np.linspace(0.0, 1.0, 501)
    at = np.clip(np.searchsorted(edges, below, side="left") - 1, 0, 499)
    mass = np.bincount(at, weights[order], 500)
    sums = np.bincount(at, weights[order] * days[order], 500)
    kept = mass > 0.0
    return np.asarray(sums[kept] / mass[kept], float), np.asarray(mass[kept], float)


def share_blocked(limit: float, load: Floats) -> Floats:
    """Return the share of starts that finds `limit` under way and does not happen.

    Erlang's loss formula at the load that there would be without a limit, as it is at
    the moment: exact when the rate is constant, whatever the law of the durations; the
    modified-offered-load approximation when it moves (Jagerman 1975; Massey and Whitt
    1994).

    Parameters
    ----------
    limit
        Most at once; 0 is no limit.
    load
        Mean number under way without the limit.
    """
    found = np.zeros_like(load)
    if limit <= 0.0:
        return found
    found += 1.0
    for number in range(1, int(np.ceil(limit)) + 1):
        found = load * found / (number + load * found)
    return found


def choice_shares(choose: Callable[[float], int]) -> dict[int, float]:
    """Return how likely each outcome of a choice is, over its one uniform.

    A choice is constant between a few thresholds; they are found by halving. Outcomes
    that hold less than a sixteenth of the uniforms in one piece may be overlooked.
    """
    edges = [place / 16.0 for place in range(16)] + [1.0 - 2.0**-53]
    values = [choose(u) for u in edges]
    found: dict[int, float] = {}
    for low, high, first, last in zip(
        edges, edges[1:], values, values[1:], strict=False
    ):
        cut = high
        if first != last:
            cut, top = low, high
            for _ in range(20):
                middle = 0.5 * (cut + top)
                if choose(middle) == first:
                    cut = middle
                else:
                    top = middle
        found[first] = found.get(first, 0.0) + cut - low
        found[last] = found.get(last, 0.0) + high - cut
    return found
