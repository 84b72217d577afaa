"""What an ensemble says of each outcome, with the Monte Carlo error of saying it.

The intervals tell how far another set of as many replications might differ. They hold
no uncertainty of the parameters, and none from history having happened once.
"""

from __future__ import annotations

import csv
import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import StringIO
from math import nan
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.outcomes.table import SIDES, TRUE, Outcome
from sim.statistics.interval import interval
from sim.statistics.survival import survival_quantile

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

NOTE: Final = "intervals are of Monte Carlo error only"

SHARES: Final = (0.05, 0.5, 0.95)
"""Of the quantiles that are shown."""

METHODS: Final = {
    "mean": "mean, interval of a weighted count",
    "median": "median, interval of order statistics",
    "proportion": "share, Wilson interval",
    "censored": "mean time within the horizon, interval of a weighted count; "
    "Kaplan-Meier quantiles",
}


def summary_frame(rows: list[dict[str, Any]], level: float) -> pd.DataFrame:
    """Return rows of a summary as a frame, indexed by the outcome's name."""
    import pandas as pd

    summary = pd.DataFrame(rows).set_index("outcome")
    summary.attrs["note"] = NOTE
    summary.attrs["level"] = level
    return summary


def summary_rows(
    columns: Mapping[str, NDArray[np.float64]],
    table: Mapping[str, Outcome],
    level: float = 0.95,
) -> list[dict[str, Any]]:
    """Summarise each outcome over the replications, without pandas.

    `columns` has each outcome of the table, shape (replications,); nan where undefined.

    Returns
    -------
    list of dict
        One an outcome: its name, label and unit, `n` replications in which it is
        defined and `n_undefined`, `mean`, `sd`, quantiles `q05`, `q50`, `q95`, the
        `estimate` with its interval `low` to `high`, and the `method`. Quantiles of a
        time that more replications miss than that are inf.
    """
    # NumPy sorts and adds without holding other threads up.
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return list(threads.map(partial(_row, columns, level), table.values()))


def _row(
    columns: Mapping[str, NDArray[np.float64]], level: float, outcome: Outcome
) -> dict[str, Any]:
    """Summarise one outcome."""
    column = columns[outcome.name]
    values = column[~np.isnan(column)]
    row: dict[str, Any] = {
        "outcome": outcome.name,
        "label": outcome.label,
        "unit": outcome.unit,
        "n": len(values),
        "n_undefined": len(column) - len(values),
        "mean": float(values.mean()) if len(values) else nan,
        "sd": float(values.std(ddof=1)) if len(values) > 1 else nan,
    }
    if outcome.aggregate == "censored" and len(values):
        happened = columns[outcome.companion][~np.isnan(column)] > 0.0
        at = [survival_quantile(values, happened, p) for p in SHARES]
    elif len(values):
        at = [float(x) for x in np.quantile(values, SHARES)]
    else:
        at = [nan, nan, nan]
    row |= dict(zip(("q05", "q50", "q95"), at, strict=True))
    estimate, low, high = interval(values, outcome.aggregate, level)
    row |= {"estimate": estimate, "low": low, "high": high}
    return row | {"method": METHODS[outcome.aggregate]}


def summary_csv(rows: list[dict[str, Any]]) -> str:
    """Return rows of a summary as a table in CSV; an undefined number is blank."""
    text = StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(rows[0])
    for row in rows:
        table.writerow("" if cell != cell else cell for cell in row.values())  # noqa: PLR0124 (nan)
    return text.getvalue()


# All who die, of whatever side.

DEAD: Final = f"n_killed_all{TRUE}"
"""No outcome of a log: it is reckoned where results are shown."""

OF_SIDES: Final = tuple(f"n_killed_{side}{TRUE}" for side in SIDES)
"""The outcomes that it adds up."""

OF_DEAD: Final = (*OF_SIDES, f"n_coalition_deaths{TRUE}")
"""Whoever asks for one of these is shown all the dead too."""

ALL_DEAD: Final = Outcome(
    name=DEAD,
    label="dead on all sides",
    unit="persons",
    kind="count",
    meaning="all who die by any act, of whatever side",
    is_reported=False,
)


def all_dead(columns: Mapping[str, Any]) -> Any:
    """Return the dead of all sides, nan where undefined, from columns of each side.

    Examples
    --------
    >>> all_dead(dict.fromkeys(OF_SIDES, 2.0))
    10.0
    """
    return sum(columns[name] for name in OF_SIDES)
