"""Scenario discovery: which region of the factors leads to a chosen outcome (PRIM).

The patient rule induction method (Friedman and Fisher 1999; Bryant and Lempert 2010)
peels thin slices off the cube of factors, each time the one whose loss leaves the most
cases of interest among what remains. The region is a box, so it can be said in a
sentence. **Coverage** is the share of all cases of interest that lie in the box;
**density** is the share of the cases in the box that are of interest.

Nothing here knows of scenarios: a design and the share of interest at each of its
points are enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.errors import StudyError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.study.design import Design

PEEL: Final = 0.05
"""Share of the points in the box that one peeling removes."""
LEAST_SUPPORT: Final = 0.05
"""A box keeps at least this share of the points."""
LEAST_POINTS: Final = 40
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
        return inside.all(axis=1)

    def restricted(self) -> list[int]:
        """Return the numbers of the factors that it restricts."""
        return [
            n
            for n, (low, high) in enumerate(zip(self.low, self.high, strict=True))
            if low > 0.0 or high < 1.0
        ]


@dataclass(frozen=True)
class Restriction:
    """What a box asks of one factor."""

    factor: str
    sentence: str
    """Such as ``base rate is at least 0.2 per day``."""
    p_value: float
    """How often chance alone would do as well as this restriction."""


@dataclass(frozen=True, eq=False)
class Discovery:
    """The region that was found."""

    box: Box
    coverage: float
    """Share of the cases of interest that lie inside, 0 to 1."""
    density: float
    """Share of the cases inside that are of interest, 0 to 1."""
    support: float
    """Share of the points that lie inside, 0 to 1."""
    overall: float
    """Share of all cases that are of interest, 0 to 1."""
    held_out_coverage: float
    """Coverage of a box found in one half of the points and judged in the other."""
    held_out_density: float
    restrictions: tuple[Restriction, ...]
    n_points: int
    trajectory: tuple[tuple[float, float, float], ...]
    """Support, coverage and density after each peeling."""

    def sentences(self, what: str) -> list[str]:
        """Say what was found, in sentences.

        Parameters
        ----------
        what
            The case of interest, such as ``war happened``.
        """
        if not self.restrictions:
            return [
                f"No region of the factors stands out: {what} in "
                f"{_percent(self.overall)} of the cases, wherever one looks."
            ]
        conditions = " and ".join(one.sentence for one in self.restrictions)
        lift = self.density / self.overall
        return [
            f"When {conditions}: {what} in {_percent(self.density)} of the cases "
            f"(density), {lift:.1f} times as often as overall "
            f"({_percent(self.overall)}).",
            f"This region is {_percent(self.support)} of the design and holds "
            f"{_percent(self.coverage)} of all such cases (coverage).",
            "Found in one half of the points and judged in the other, the method gives "
            f"a coverage of {_percent(self.held_out_coverage)} and a density of "
            f"{_percent(self.held_out_density)}.",
        ]


def discover(
    design: Design, interest: NDArray[np.float64], root_seed: int = 1
) -> Discovery:
    """Find the box of factors in which the cases of interest lie.

    Parameters
    ----------
    design
        Points spread over the cube: Latin hypercube, Sobol', grid or any list.
    interest
        Share of the replications at each point that are of interest, 0 to 1; shape
        (points,). For a function without chance it is 0 or 1.
    root_seed
        Of the halves that judge each other.

    Raises
    ------
    StudyError
        If there are too few points, or no case or every case is of interest.

    Notes
    -----
    Of the trajectory of boxes the one with the largest harmonic mean of coverage and
    density is taken; then each restriction is dropped whose loss chance would make
    good in more than 5 % of samples (the quasi-p-value of Bryant and Lempert: binomial
    over the points of the box without it).
    """
    places, shares = design.places, np.asarray(interest, dtype=float)
    _check(places, shares)
    boxes = _peel(places, shares)
    told = [_measures(box, places, shares) for box in boxes]
    box = boxes[_best(told)]
    box, p_values = _without_luck(box, places, shares)
    support, coverage, density = _measures(box, places, shares)
    held_coverage, held_density = _held_out(places, shares, root_seed)
    return Discovery(
        box,
        coverage,
        density,
        support,
        float(shares.mean()),
        held_coverage,
        held_density,
        tuple(
            Restriction(design.factors[n].name, _sentence(design, box, n), p_values[n])
            for n in box.restricted()
        ),
        len(places),
        tuple(told),
    )


def _check(places: NDArray[np.float64], shares: NDArray[np.float64]) -> None:
    if len(places) < LEAST_POINTS:
        message = (
            f"{len(places)} points are too few to find a region; at least "
            f"{LEAST_POINTS} are needed (design points)"
        )
        raise StudyError(message)
    overall = float(shares.mean())
    if not 0.0 < overall < 1.0:
        which = "every case" if overall >= 1.0 else "no case"
        message = f"{which} is of interest; move the threshold"
        raise StudyError(message)


def _peel(places: NDArray[np.float64], shares: NDArray[np.float64]) -> list[Box]:
    """Return the boxes of the peeling trajectory, the whole cube first."""
    n_factors = places.shape[1]
    box = Box(np.zeros(n_factors), np.ones(n_factors))
    boxes = [box]
    least = max(2, round(LEAST_SUPPORT * len(places)))
    while True:
        inside = box.holds(places)
        candidates = [
            (float(shares[kept].mean()), int(kept.sum()), smaller)
            for smaller in _slices(box, places[inside])
            if (kept := smaller.holds(places)).sum() >= least
            and kept.sum() < inside.sum()
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
    found: list[Box] = []
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
        found += [Box(low, box.high), Box(box.low, high)]
    return found


def _between(values: NDArray[np.float64], at: float, *, rising: bool) -> float:
    """Return a bound half way between two values, so that it belongs to neither."""
    number = int(np.searchsorted(values, at))
    if rising:
        number = max(number, 1)
        return float(values[number - 1] + values[number]) / 2
    number = min(number, len(values) - 2)
    return float(values[number] + values[number + 1]) / 2


def _measures(
    box: Box, places: NDArray[np.float64], shares: NDArray[np.float64]
) -> tuple[float, float, float]:
    """Return support, coverage and density of a box."""
    inside = box.holds(places)
    n, all_interest = int(inside.sum()), float(shares.sum())
    if not n or not all_interest:
        return n / len(places), 0.0, 0.0
    held = float(shares[inside].sum())
    return n / len(places), held / all_interest, held / n


def _best(told: list[tuple[float, float, float]]) -> int:
    """Return the box with the largest harmonic mean of coverage and density."""
    scores = [2 * c * d / (c + d) if c + d > 0.0 else 0.0 for _, c, d in told]
    return int(np.argmax(scores))


def _without_luck(
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
    """Return how often points drawn from the box without a restriction do as well."""
    from scipy.stats import binom

    wider, inside = _freed(box, number).holds(places), box.holds(places)
    n, held = int(inside.sum()), float(shares[inside].sum())
    rate = float(shares[wider].mean())
    return float(binom.sf(np.ceil(held - 1e-9) - 1, n, rate))


def _held_out(
    places: NDArray[np.float64], shares: NDArray[np.float64], root_seed: int
) -> tuple[float, float]:
    """Return coverage and density in one half of a box that the other half found."""
    order = np.random.default_rng(root_seed).permutation(len(places))
    half = len(order) // 2
    found: list[tuple[float, float]] = []
    for own, other in ((order[:half], order[half:]), (order[half:], order[:half])):
        boxes = _peel(places[own], shares[own])
        told = [_measures(box, places[own], shares[own]) for box in boxes]
        box, _ = _without_luck(boxes[_best(told)], places[own], shares[own])
        _, coverage, density = _measures(box, places[other], shares[other])
        found.append((coverage, density))
    coverage, density = np.mean(found, axis=0)
    return float(coverage), float(density)


def _sentence(design: Design, box: Box, number: int) -> str:
    """Say what a box asks of a factor, in the factor's own values."""
    factor = design.factors[number]
    low, high = float(box.low[number]), float(box.high[number])
    label = factor.label
    if factor.levels:
        n = len(factor.levels)
        kept = [
            level
            for i, level in enumerate(factor.levels)
            if low <= (i + 0.5) / n < high
        ]
        return f"{label} is {' or '.join(factor.told(level) for level in kept)}"
    first, last = factor.told(factor.value(low)), factor.told(factor.value(high))
    if low <= 0.0:
        return f"{label} is at most {last}"
    if high >= 1.0:
        return f"{label} is at least {first}"
    return f"{label} is between {first} and {last}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
