"""What parameter draws say of each outcome: three kinds of not knowing, apart.

- **Monte Carlo error**: of the mean, because only so many draws and replications ran.
  More of them make it as small as one likes.
- **Parameters**: how the expected value moves as the parameters do that are not known.
  No number of replications shrinks it; data on the parameters would.
- **One history**: how single replications spread, under all that the parameters may
  be. History happens once, and is one of these.
"""

from __future__ import annotations

from math import inf, nan
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.digits import figure, interval_text, short
from sim.ensemble.summary import summary_rows
from sim.statistics.variance import FEWEST_DRAWS, error_budget

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from sim.ensemble.draw_set import DrawSet
    from sim.outcomes import Outcome


def level_row(
    values: NDArray[np.float64], outcome: Outcome, root_seed: int, level: float = 0.95
) -> dict[str, Any]:
    """Return one outcome's mean with its error budget, as a row of a table.

    Parameters
    ----------
    values
        One row a draw, one column a replication, shape (K, M); nan where undefined. A
        draw in which any replication is undefined is left out.
    outcome
        What the values are; an outcome is not below 0, a share not above 1.
    root_seed
        Of the study; the resamples are keyed by it.
    level
        Of the interval `low` to `high`, 0 to 1.

    Returns
    -------
    dict
        `n_draws` that are used; `mean`; its `standard_error` and the interval `low` to
        `high`, of Monte Carlo error only; `parameter_low` to `parameter_high`, between
        which 95 % of the draws have their expected value;
        `parameter_share` of the variance of one replication, and whether that
        `is_told` from chance; variances `between_draws` and `within_draws`. nan with
        fewer than 30 draws.
    """
    defined = values[~np.isnan(values).any(axis=1)]
    row: dict[str, Any] = {"n_draws": len(defined)}
    if len(defined) < FEWEST_DRAWS:
        names = ("mean", "standard_error", "low", "high", "parameter_low")
        names += ("parameter_high", "parameter_share")
        row |= dict.fromkeys(names, nan) | {"is_told": False}
        return row | {"between_draws": nan, "within_draws": nan}
    is_share = outcome.aggregate == "proportion"
    middle = float(np.median(defined.mean(axis=1)))
    unseen = (middle, 1.0 - middle) if is_share else None
    budget = error_budget(defined, root_seed, level=level, unseen=unseen)
    low, high = 0.0 if defined.min() >= 0.0 else -inf, 1.0 if is_share else inf
    mean = budget.mean
    return row | {
        "mean": mean.value,
        "standard_error": float(defined.mean(axis=1).std(ddof=1)) / len(defined) ** 0.5,
        "low": max(low, mean.low),
        "high": min(high, mean.high),
        "parameter_low": max(low, budget.low),
        "parameter_high": min(high, budget.high),
        "parameter_share": budget.parameter_share,
        "is_told": budget.is_resolved,
        "between_draws": budget.between.value,
        "within_draws": budget.within.value,
    }


def budget_table(
    values: Mapping[str, NDArray[np.float64]],
    table: Mapping[str, Outcome],
    root_seed: int,
) -> pd.DataFrame:
    """Return `level_row` of every outcome, and how single replications spread.

    `values` has each outcome, and its companion, with shape (K, M); nan where
    undefined.

    Returns
    -------
    pandas.DataFrame
        One row an outcome: `label`, `unit`, `n` replications in which it is defined,
        the columns of `level_row`, and the quantiles `q05`, `q50`, `q95` of single
        replications under all draws (inf: not within the horizon).
    """
    import pandas as pd

    # A flat sample of what one history may be: every draw counts the same.
    flat = {name: values[name].ravel() for name in table}
    rows: list[dict[str, Any]] = []
    for said in summary_rows(flat, table):
        name: str = said["outcome"]
        head = {key: said[key] for key in ("outcome", "label", "unit", "n")}
        tail = {key: said[key] for key in ("q05", "q50", "q95")}
        rows.append(head | level_row(values[name], table[name], root_seed) | tail)
    summary = pd.DataFrame(rows).set_index("outcome")
    summary.attrs["note"] = (
        "low to high: Monte Carlo error only; parameter_low to parameter_high: what is "
        "not known of the parameters; q05 to q95: single histories"
    )
    return summary


HEADS: Final = (
    "outcome", "unit", "mean", "Monte Carlo", "parameters", "one history", "owed",
)  # fmt: skip

LEGEND: Final = (
    "Three kinds of not knowing, apart. Monte Carlo: 95 % interval of the mean, as so "
    "many draws and\nreplications were run; more narrow it. Parameters: 95 % of the "
    "expected value as the draws vary;\nmore replications cannot narrow that. One "
    "history: 5 to 95 % of single replications under all\ndraws; what happened is one "
    "of these. Owed: share of that spread that the parameters make.\n'Not told': it "
    "cannot be told from chance; take more draws or replications."
)


def budget_cells(frame: Any, names: Iterable[str]) -> list[tuple[str, ...]]:
    """Return rows of a `budget_table` as text; an outcome that is always 0 has none."""
    cells: list[tuple[str, ...]] = []
    for name in names:
        if name not in frame.index:
            continue
        row: Any = frame.loc[name]
        if row["mean"] == row["mean"] and (row["mean"] != 0.0 or row["q95"] != 0.0):
            cells.append((row["label"], row["unit"], *budget_figures(row)))
    return cells


def budget_figures(row: Any) -> tuple[str, str, str, str, str]:
    """Return mean, Monte Carlo interval, parameters, one history, share, as text."""
    half = (row["high"] - row["low"]) / 2.0
    happens = row["unit"] == "share" and {row["q05"], row["q95"]} <= {0.0, 1.0}
    return (
        figure(row["mean"], half),
        interval_text(row["low"], row["high"]),
        over_parameters(row),
        "" if happens else f"{short(row['q05'])} to {short(row['q95'])}",
        f"{100.0 * row['parameter_share']:.0f} %" if row["is_told"] else "not told",
    )


def over_parameters(row: Any, untold: str = "not told") -> str:
    """Return between what the expected value moves, where that can be told."""
    if not row["is_told"]:
        return untold
    return interval_text(row["parameter_low"], row["parameter_high"])


def caveats(draws: DrawSet, n_failed: int = 0) -> list[str]:
    """Return what the figures of draws rest on."""
    n, m = len(draws.values), draws.replications
    number = draws.origin.get("parameters", len(draws.paths))
    lines = [
        f"{n} draws of {number} parameters {draws.words}; {m} replications each.",
        "All other numbers are taken as they stand in the scenario.",
    ]
    if n_failed:
        lines.append(
            f"{n_failed} replications failed; their draws are left out of every "
            "outcome, so what is left stands for all only if they are very few."
        )
    return lines
