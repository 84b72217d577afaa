"""Scenario discovery: which region of the factors leads to a chosen outcome (PRIM).

The patient rule induction method (Friedman and Fisher 1999; Bryant and Lempert 2010)
peels thin slices off the cube of factors, each time the one whose loss leaves the most
cases of interest among what remains. A case is of interest when its outcome lies beyond
a threshold. The region is a box, so it can be said in a sentence. **Coverage** is the
share of all cases of interest that lie in the box; **density** is the share of the
cases in the box that are of interest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.errors import StudyError
from sim.outcomes import outcomes_for
from sim.statistics.prim import Box, best_of, measures, peel, without_luck

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.experiment.design import Design
    from sim.sweeps.sweep import Sweep


def interest_of(
    sweep: Sweep, outcome: str, arm: str, above: float | None, below: float | None
) -> tuple[NDArray[np.float64], str]:
    """Return the share of replications of interest at each point, and what they are.

    One threshold is given; a case at it does not count. The shares, 0 to 1, shape
    (points,), are of the replications in which the outcome is defined.

    Raises
    ------
    StudyError
        If not exactly one threshold is given, or the outcome is undefined throughout
        at some point.
    """
    if (above is None) == (below is None):
        message = "say which cases are of interest: give one of --above and --below"
        raise StudyError(message)
    values = sweep.responses(outcome, arm)
    is_known = ~np.isnan(values)
    if not is_known.any(axis=1).all():
        n = int((~is_known.any(axis=1)).sum())
        message = f"{outcome} is undefined in every replication of {n} design points"
        raise StudyError(message)
    hit = values > above if above is not None else values < (below or 0.0)
    shares = np.where(is_known, hit, 0.0).sum(axis=1) / is_known.sum(axis=1)
    label = outcomes_for(sweep.experiment.scenario)[outcome].label
    how = f"above {above:g}" if above is not None else f"below {below:g}"
    return shares, f"{label} {how}"


LEAST_POINTS: Final = 40


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

    def sentences(self, event: str) -> list[str]:
        """Say what was found of an event, such as ``war happened``, in sentences."""
        if not self.restrictions:
            return [
                f"No region of the factors stands out: {event} in "
                f"{_percent(self.overall)} of the cases, wherever one looks."
            ]
        conditions = " and ".join(one.sentence for one in self.restrictions)
        lift = self.density / self.overall
        return [
            f"When {conditions}: {event} in {_percent(self.density)} of the cases "
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
    good in more than 5 % of samples: of as many points drawn from the box without it
    (the quasi-p-value of Bryant and Lempert, for shares instead of hits).
    """
    places, shares = design.places, np.asarray(interest, dtype=float)
    _check(places, shares)
    boxes = peel(places, shares)
    measured = [measures(box, places, shares) for box in boxes]
    box = boxes[best_of(measured)]
    box, p_values = without_luck(box, places, shares)
    support, coverage, density = measures(box, places, shares)
    held_coverage, held_density = _held_out(places, shares, root_seed)
    return Discovery(
        box=box,
        coverage=coverage,
        density=density,
        support=support,
        overall=float(shares.mean()),
        held_out_coverage=held_coverage,
        held_out_density=held_density,
        restrictions=tuple(
            Restriction(design.factors[n].name, _sentence(design, box, n), p_values[n])
            for n in box.restricted()
        ),
        n_points=len(places),
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


def _held_out(
    places: NDArray[np.float64], shares: NDArray[np.float64], root_seed: int
) -> tuple[float, float]:
    """Return coverage and density in one half of a box that the other half found."""
    order = np.random.default_rng(root_seed).permutation(len(places))
    half = len(order) // 2
    halves: list[tuple[float, float]] = []
    for own, other in ((order[:half], order[half:]), (order[half:], order[:half])):
        boxes = peel(places[own], shares[own])
        measured = [measures(box, places[own], shares[own]) for box in boxes]
        box, _ = without_luck(boxes[best_of(measured)], places[own], shares[own])
        _, coverage, density = measures(box, places[other], shares[other])
        halves.append((coverage, density))
    coverage, density = np.mean(halves, axis=0)
    return float(coverage), float(density)


def _sentence(design: Design, box: Box, number: int) -> str:
    """Say what a box asks of a factor, in the factor's own values."""
    factor = design.factors[number]
    low, high = float(box.low[number]), float(box.high[number])
    label = factor.label
    if factor.levels:
        n = len(factor.levels)
        inside = [
            level
            for i, level in enumerate(factor.levels)
            if low <= (i + 0.5) / n < high
        ]
        return f"{label} is {' or '.join(factor.text(level) for level in inside)}"
    first, last = factor.text(factor.value(low)), factor.text(factor.value(high))
    if low <= 0.0:
        return f"{label} is at most {last}"
    if high >= 1.0:
        return f"{label} is at least {first}"
    return f"{label} is between {first} and {last}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
