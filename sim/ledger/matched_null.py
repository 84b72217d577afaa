"""The null beside the model: no feedback, and as many attacks.

It is the scenario with every feedback switched off (`sim.ledger.feedback`) and its
calm attack rates times one factor, so that the mean number of attacks is that of
the model. The factor is found by a search over replications that are coupled with the
model's: same root_seed, same numbers, so that they differ by the feedback alone.
"""

from __future__ import annotations

from math import inf, isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim import memo
from sim.digest import rules_digest
from sim.ensemble.ensemble import run_ensemble
from sim.ledger.feedback import largest_factor, without_feedback

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sim.ensemble.ensemble import Ensemble
    from sim.ensemble.workers import Workers

    Floats = NDArray[np.float64]

MATCHED_BY: Final = "n_rocket_attacks_true"
"""The outcome whose mean the null shares with the model."""

CLOSE: Final = 0.0025
"""Relative difference of the two means at which the search ends, or two attacks in all
where that is more: counts are whole, and a second team may come with the one."""

MOST_STEPS: Final = 12

MOST_REPLICATIONS: Final = 1000
"""Replications of the model that the null is coupled with; more would cost several
times the run that it stands beside."""

_CODE: Final = tuple(
    Path(__file__).with_name(f"{name}.py")
    for name in ("matched_null", "feedback", "switches")
)
"""Source files that a factor depends on, besides the rules."""


class MatchedNull(NamedTuple):
    """The null of an ensemble."""

    factor: float
    """By which the calm rates were multiplied; nan where no factor matches."""
    wanted: float
    """Mean number of attacks of the model, over the same replications."""
    reached: float
    """Mean number of attacks of the null."""
    replications: int
    columns: dict[str, Floats]
    """Its outcomes, shape (replications,); empty where no factor matches."""

    @property
    def is_close(self) -> bool:
        """Whether the two means differ by `CLOSE` or less."""
        most = max(CLOSE * self.wanted, 2.0 / self.replications)
        return abs(self.reached - self.wanted) <= most

    @property
    def is_matched(self) -> bool:
        """Whether a factor was found at which the means agree."""
        return bool(self.columns)

    def sentence(self) -> str:
        """Say what the null is, and how its factor was found."""
        if not self.is_matched:
            return (
                "No null stands beside it: without feedback no legal calm rate brings "
                f"about the model's {self.wanted:.1f} attacks."
            )
        return (
            "The null is the same scenario with every feedback off (attacks are "
            "answered, but no answer reaches the attacks) and its calm attack rates "
            f"times {self.factor:.3f}: found by a search over {self.replications:,} "
            f"coupled replications, so that {self.reached:.1f} attacks come on average "
            f"where the model has {self.wanted:.1f}."
        )


def matched_null(
    ensemble: Ensemble,
    names: tuple[str, ...],
    *,
    workers: Workers = 1,
    engine: str = "auto",
    tell: Callable[[str], None] | None = None,
) -> MatchedNull:
    """Return the null beside a model's replications, of which it has the numbers.

    The first `MOST_REPLICATIONS` of them count. `names` are the null's outcomes that
    are wanted; it has none where no legal factor matches the model's attacks.

    Notes
    -----
    Without feedback the mean is nearly proportional to the factor, so that each step
    multiplies the factor by the ratio of the means, or halves what lies between one
    too low and one too high; it ends where they differ by `CLOSE` or less. What is
    found for a scenario from a file is kept for the next time, under a digest of all it
    depends on; a factor is used if the means agree.
    """
    numbers = ensemble.numbers[:MOST_REPLICATIONS]
    counts = ensemble.parts.columns([MATCHED_BY])[MATCHED_BY][: len(numbers)]
    wanted = float(np.nanmean(counts)) if np.isfinite(counts).any() else 0.0
    most = largest_factor(ensemble.scenario)
    if tell is not None:
        tell(f"running the null beside the model, {len(numbers)} replications a step")

    def null_at(factor: float) -> MatchedNull:
        null = run_ensemble(
            without_feedback(ensemble.scenario, factor),
            replications=numbers,
            root_seed=ensemble.root_seed,
            workers=workers,
            until=ensemble.until,
            engine=engine,
        )
        columns: dict[str, Any] = null.finished_columns([MATCHED_BY, *names])
        reached = float(np.mean(columns[MATCHED_BY])) if len(columns) else 0.0
        return MatchedNull(factor, wanted, reached, len(numbers), columns)

    key = _key_of(ensemble, numbers)
    stored = memo.recall(key, lambda value: _is_search(value, most)) if key else None
    none = MatchedNull(float("nan"), wanted, 0.0, len(numbers), {})
    if stored is not None:
        factor, reached = stored
        if not factor:
            return none._replace(reached=reached)
        if (null := null_at(factor)).is_close:
            return null
    factor, reached = min(1.0, most), 0.0
    too_low, too_high = 0.0, inf
    for _ in range(MOST_STEPS):
        null = null_at(factor)
        if null.is_close:
            if key:
                memo.keep(key, [factor, null.reached])
            return null
        reached = null.reached
        if not reached > 0.0 or factor >= most:
            break
        if reached < wanted:
            too_low = max(too_low, factor)
        else:
            too_high = min(too_high, factor)
        if too_low > 0.0 and too_high < inf:  # counts are whole, so the mean jumps
            factor = 0.5 * (too_low + too_high)
        else:
            factor = min(most, factor * wanted / reached)
        if not factor > 0.0:
            break
    if key and isfinite(reached):
        memo.keep(key, [0.0, reached])
    return none._replace(reached=reached)


def _key_of(ensemble: Ensemble, numbers: range) -> str:
    """Return the key that a factor is kept under; none for rules of no file."""
    scenario = ensemble.scenario
    if not scenario.path:
        return ""
    span = (ensemble.root_seed, numbers.start, numbers.stop, ensemble.until)
    of = (scenario.digest, rules_digest(scenario), *map(repr, span))
    return memo.key_of("null", of, _CODE)


def _is_search(value: Any, most: float) -> bool:
    """Whether data is a factor, 0 for none, and the mean there, as they were kept."""
    match value:
        case [float() as factor, float() as reached]:
            return 0.0 <= factor <= most and isfinite(reached)
        case _:
            return False
