"""Boxes of the unit cube, and the peeling that finds them (PRIM)."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

PEEL: Final = 0.05
"""Share of the points in the box that one peeling removes."""
LEAST_SUPPORT: Final = 0.05
"""A box keeps at least this share of the points."""
CHANCE: Final = 0.05
"""A restriction stays when chance would have done as well less often than this."""


@dataclass(frozen=True, eq=False)
class Box:
    """A region of the unit cube, half open upwards: low <= place < high."""

    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def holds(self, places: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which points lie inside, shape (points,)."""
        inside = (places >= self.low) & ((places < self.high) | (self.high >= 1.0))
        return np.all(inside, axis=1)

    def restricted(self) -> list[int]:
        """Return the numbers of the factors that it restricts."""
        return [
            n
            for n, (low, high) in enumerate(zip(self.low, self.high, strict=True))
            if low > 0.0 or high < 1.0
        ]


def peel(places: NDArray[np.float64], shares: NDArray[np.float64]) -> list[Box]:
    """Return the boxes of the peeling trajectory, the whole cube first."""
    n_factors = places.shape[1]
    box = Box(np.zeros(n_factors), np.ones(n_factors))
    boxes = [box]
    least = max(2, round(LEAST_SUPPORT * len(places)))
    while True:
        inside = box.holds(places)
        candidates = [
            (float(shares[is_inside].mean()), int(is_inside.sum()), smaller)
            for smaller in _slices(box, places[inside])
            if (is_inside := smaller.holds(places)).sum() >= least
            and is_inside.sum() < inside.sum()
        ]
        if not candidates:
            return boxes
        # The most per point lost, so that a level of many points is no better off.
        now, size = float(shares[inside].mean()), int(inside.sum())
        gain = [(mean - now) / (size - left) for mean, left, _ in candidates]
        best = int(np.argmax(gain))
        box = candidates[best][2]
        boxes.append(box)
        if float(shares[box.holds(places)].mean()) >= 1.0:
            return boxes


def _slices(box: Box, inside: NDArray[np.float64]) -> list[Box]:
    """Return the boxes that lose a thin slice at one end of one factor."""
    slices: list[Box] = []
    for number in range(inside.shape[1]):
        values = np.unique(inside[:, number])
        if len(values) < 2:
            continue
        column = np.sort(inside[:, number])
        n_lost = max(1, round(PEEL * len(column)))
        up = _between(values, float(column[n_lost]), rising=True)
        down = _between(values, float(column[-n_lost - 1]), rising=False)
        low, high = box.low.copy(), box.high.copy()
        low[number], high[number] = up, down
        slices += [Box(low, box.high), Box(box.low, high)]
    return slices


def _between(values: NDArray[np.float64], at: float, *, rising: bool) -> float:
    """Return a bound half way between two values, so that it belongs to neither."""
    number = int(np.searchsorted(values, at))
    if rising:
        number = max(number, 1)
        return float(values[number - 1] + values[number]) / 2
    number = min(number, len(values) - 2)
    return float(values[number] + values[number + 1]) / 2


def measures(
    box: Box, places: NDArray[np.float64], shares: NDArray[np.float64]
) -> tuple[float, float, float]:
    """Return support, coverage and density of a box."""
    inside = box.holds(places)
    n, all_interest = int(inside.sum()), float(shares.sum())
    if not n or not all_interest:
        return n / len(places), 0.0, 0.0
    held = float(shares[inside].sum())
    return n / len(places), held / all_interest, held / n


def best_of(measured: list[tuple[float, float, float]]) -> int:
    """Return the box with the largest harmonic mean of coverage and density."""
    scores = [2 * c * d / (c + d) if c + d > 0.0 else 0.0 for _, c, d in measured]
    return int(np.argmax(scores))


def without_luck(
    box: Box, places: NDArray[np.float64], shares: NDArray[np.float64]
) -> tuple[Box, dict[int, float]]:
    """Drop the restrictions that chance explains, the worst first."""
    while True:
        p_values = {n: _p_value(box, n, places, shares) for n in box.restricted()}
        worst = max(p_values, key=lambda n: p_values[n], default=None)
        if worst is None or p_values[worst] <= CHANCE:
            return box, p_values
        box = _freed(box, worst)


def _freed(box: Box, number: int) -> Box:
    low, high = box.low.copy(), box.high.copy()
    low[number], high[number] = 0.0, 1.0
    return Box(low, high)


def _p_value(
    box: Box, number: int, places: NDArray[np.float64], shares: NDArray[np.float64]
) -> float:
    """Return how often as many points drawn from the wider box do as well.

    The points are drawn without return from the box without the restriction; their
    mean share is normal, with the variance of a sample from a finite population.
    """
    wider, inside = _freed(box, number).holds(places), box.holds(places)
    n, n_wider = int(inside.sum()), int(wider.sum())
    if n == n_wider:
        return 1.0
    variance = float(shares[wider].var(ddof=1)) / n * (1.0 - n / n_wider)
    rise = float(shares[inside].mean() - shares[wider].mean())
    if variance <= 0.0:
        return 1.0
    return NormalDist().cdf(-rise / variance**0.5)
