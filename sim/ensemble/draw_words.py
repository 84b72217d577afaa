"""What draws of the parameters say, as a table, caveats and plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sim.digits import figure, interval_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.ensemble.draw_set import DrawSet

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
    """Return the rows of some outcomes; one that is always 0 has none.

    Parameters
    ----------
    frame
        What `sim.ensemble.draw_summary.budget_table` made.
    names
        The outcomes.
    """
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
        "" if happens else f"{_quantile(row['q05'])} to {_quantile(row['q95'])}",
        f"{100.0 * row['parameter_share']:.0f} %" if row["is_told"] else "not told",
    )


def over_parameters(row: Any, untold: str = "not told") -> str:
    """Return between what the expected value moves, where that can be told."""
    if not row["is_told"]:
        return untold
    return interval_text(row["parameter_low"], row["parameter_high"])


def _quantile(value: float) -> str:
    """Write a quantile of single replications."""
    if value == float("inf"):
        return "never"
    return f"{value:.0f}" if value == round(value) else f"{value:.3g}"


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
