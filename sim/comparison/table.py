"""A comparison as a table and as plain data."""

from __future__ import annotations

from dataclasses import asdict
from math import inf, isfinite
from typing import TYPE_CHECKING, Any, Final

from sim.comparison.words import caveats, levels_text, sentence
from sim.digits import figure, interval_text
from sim.statistics.effect import SUPERIORITY, SUPERIORITY_WITHIN

if TYPE_CHECKING:
    import pandas as pd

    from sim.comparison.result import Comparison, OutcomeComparison


def comparison_table(comparison: Comparison) -> pd.DataFrame:
    """Return one row an arm and outcome, unrounded, with every effect's interval."""
    import pandas as pd

    rows = [
        {"arm": arm.arm, "reference": arm.reference, **_flat(row)}
        for arm in comparison.comparisons
        for row in arm.outcomes.values()
    ]
    return pd.DataFrame(rows)


def _flat(row: OutcomeComparison) -> dict[str, Any]:
    found: dict[str, Any] = {
        "outcome": row.outcome.name,
        "label": row.outcome.label,
        "unit": row.outcome.unit,
        "n": row.n,
        "n_defined": row.n_defined,
        "reference_mean": row.reference_mean,
        "arm_mean": row.arm_mean,
        "reference_median": row.reference_median,
        "arm_median": row.arm_median,
        "headline": row.headline.name,
    }
    for name, effect in row.effects.items():
        found |= {
            name: effect.value,
            f"{name}_low": effect.low,
            f"{name}_high": effect.high,
        }
    if row.distances is not None:
        found |= asdict(row.distances)
    found |= {
        "n_differing": row.n_differing,
        "share_more": row.share_more,
        "share_less": row.share_less,
        "swap_p_value": row.swap_p_value,
        "variance_ratio": row.variance_ratio,
        **{f"scipy_p_{name}": p for name, p in row.scipy_p_values.items()},
        "reason": row.reason,
    }
    return found


def comparison_data(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as plain data, for JSON."""
    first = comparison.arms[0]
    until = first.until
    return {
        "reference": first.name,
        "arms": [arm.name for arm in comparison.arms],
        "root_seeds": [arm.root_seed for arm in comparison.arms],
        "until_days": until,
        "level": comparison.level,
        "resamples": comparison.resamples,
        "differences_looked_at": comparison.n_looked_at,
        "caveats": caveats(comparison),
        "comparisons": [
            {
                "arm": arm.arm,
                "reference": arm.reference,
                "coupled": arm.is_coupled,
                "replications": arm.n,
                "failed": arm.n_failed,
                "outcomes": [
                    {**_flat(row), "sentence": sentence(arm, row, until)}
                    for row in arm.outcomes.values()
                ],
            }
            for arm in comparison.comparisons
        ],
    }


def superiority_text(row: OutcomeComparison) -> str:
    """Write the probability that the arm exceeds the reference, ties counted half."""
    name = SUPERIORITY_WITHIN if SUPERIORITY_WITHIN in row.effects else SUPERIORITY
    effect = row.effects.get(name)
    if effect is None:
        return "–"
    return figure(effect.value, effect.half_width)


def table_cells(comparison: Comparison) -> list[tuple[str, ...]]:
    """Return the table that is printed: one row an arm and outcome, as text."""
    cells: list[tuple[str, ...]] = []
    for arm in comparison.comparisons:
        for row in arm.outcomes.values():
            effect = row.headline
            half = effect.half_width
            ratio = row.variance_ratio
            cells.append(
                (
                    *((arm.arm,) if len(comparison.comparisons) > 1 else ()),
                    row.outcome.label,
                    row.outcome.unit,
                    *levels_text(row),
                    figure(effect.value, half, signed=True),
                    interval_text(effect.low, effect.high)
                    if isfinite(effect.low)
                    else f"defined in {row.n_defined}",
                    superiority_text(row),
                    "" if not ratio < inf else figure(ratio, ratio / 5.0),
                )
            )
    return cells


TABLE_HEADS: Final = (
    "outcome", "unit", "reference", "arm", "difference", "95 % interval",
    "superior", "cut",
)  # fmt: skip
"""Headings of `table_cells`, after the arm's name where there are several."""
