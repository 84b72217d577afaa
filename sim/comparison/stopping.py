"""Replicate until an interval is as narrow as asked, and be honest about looking.

Stopping at the first look that satisfies favours looks whose interval is narrow by
luck. The bias is small when the first look already has many replications and few looks
are needed; so the looks are few (each asks for as many as the last says are needed) and
the result says how many there were.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

from sim.comparison.pairing import outcomes_to_compare, pair
from sim.comparison.result import FEWEST_DIFFERING, LEVEL
from sim.digits import figure, plural
from sim.ensemble.archive import PART_SIZE, whole_parts
from sim.errors import StudyError
from sim.statistics.effect import mean_effect, sample_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.comparison.pairing import ArmOutcomes, Pairing

FIRST_LOOK: Final = 2 * PART_SIZE
"""Replications before the first look."""

MOST_GROWTH: Final = 4
"""By how many times a look may raise the number of replications."""


def replicate_until(
    run: Callable[[range], list[ArmOutcomes]],
    outcome: str,
    half_width: float,
    *,
    at_most: int,
    independent: bool = False,
) -> tuple[list[ArmOutcomes], str]:
    """Add replications until the mean difference of an outcome is known well enough.

    `run` runs a range of replications of every arm, the reference first. Every arm's
    interval is to have half the width asked, in the outcome's unit, > 0; at `at_most`
    replications it stops in any case. Returned are the arms, and a sentence that says
    how the run was stopped.

    Notes
    -----
    A look with fewer than 10 differing pairs does not stop: how large a rare difference
    is has hardly been seen by then.
    """
    if not half_width > 0.0:
        message = f"half-width {half_width:g} of {outcome}: it must be above 0"
        raise StudyError(message)
    n = min(FIRST_LOOK, at_most)
    arms = run(range(n))
    looks = 1
    while True:
        worst, enough = _widest(arms, outcome, independent)
        if (enough and worst <= half_width) or n >= at_most:
            break
        growth = (worst / half_width) ** 2 * 1.05 if enough else 2.0
        wanted = ceil(n * min(max(growth, 1.0), MOST_GROWTH))
        after = min(at_most, whole_parts(max(n + 1, wanted)))
        arms = [a.joined(b) for a, b in zip(arms, run(range(n, after)), strict=True)]
        n, looks = after, looks + 1
    reached = enough and worst <= half_width
    label = arms[0].table[outcome].label
    width = figure(worst, worst / 10.0)
    if not reached:
        why = (
            ""
            if enough
            else f"; in fewer than {FEWEST_DIFFERING} pairs the arms differ"
        )
        return arms, (
            f"Stopped at the cap of {n} replications: the half-width of {label} is "
            f"{width}, not the {half_width:g} that was asked for{why}."
        )
    return arms, (
        f"Stopped at {n} replications, when the half-width of {label} was {width} "
        f"(asked: {half_width:g}), after {looks} {plural(looks, 'look')} at the "
        "data; an interval that stops its own run covers slightly less than it says."
    )


def _widest(
    arms: list[ArmOutcomes], outcome: str, independent: bool
) -> tuple[float, bool]:
    """Return the widest half-width of any arm, and whether enough pairs differ."""
    outcomes_to_compare([outcome], arms)
    widest, enough = 0.0, True
    for arm in arms[1:]:
        pairing: Pairing = pair(arms[0], arm, independent=independent)
        reference, other = pairing.columns(outcome)
        sample = sample_of(reference, other, coupled=pairing.is_coupled)
        if min(len(sample.reference), len(sample.arm)) < 2:
            return float("inf"), False
        if pairing.is_coupled:
            enough &= int(sample.differences.astype(bool).sum()) >= FEWEST_DIFFERING
        is_share = arm.table[outcome].aggregate == "proportion"
        effect = mean_effect(sample, is_share=is_share, level=LEVEL)
        widest = max(widest, effect.half_width)
    return widest, enough
