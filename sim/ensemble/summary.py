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
    from collections.abc import Iterable, Mapping

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


OTHER_DEAD: Final = f"n_killed_other{TRUE}"
"""Those of all the dead whom no other outcome that is shown counts."""

_WHO: Final = {
    "foreign": "the foreign power's people",
    "host": "the government's forces",
    "civilian": "civilians",
    "militia": "militias",
    "sponsor": "the sponsor's people",
}
"""How people call the dead of each side."""


def others_of(names: Iterable[str]) -> Outcome | None:
    """Return the dead whom none of these outcomes counts; None where there are none.

    >>> others_of([*OF_SIDES[1:], "n_coalition_deaths_true"]).label
    "other dead: the foreign power's people outside rocket attacks"
    """
    counted = set(names)
    who = {
        side: words
        for (side, words), name in zip(_WHO.items(), OF_SIDES, strict=True)
        if name not in counted
    }
    if "foreign" in who and OF_DEAD[-1] in counted:
        who["foreign"] += " outside rocket attacks"
    if not who:
        return None
    label = f"other dead: {', '.join(who.values())}"
    return ALL_DEAD._replace(name=OTHER_DEAD, label=label)


def other_dead(columns: Mapping[str, Any], names: Iterable[str]) -> Any:
    """Return all the dead less those whom these outcomes count.

    >>> other_dead(dict.fromkeys(OF_DEAD, 2.0), ["n_coalition_deaths_true"])
    8.0
    """
    counted = [name for name in OF_DEAD if name in set(names)]
    if OF_SIDES[0] in counted:  # has the coalition's dead in rocket attacks too
        counted = [name for name in counted if name in OF_SIDES]
    return all_dead(columns) - sum(columns[name] for name in counted)


def all_dead(columns: Mapping[str, Any]) -> Any:
    """Return the dead of all sides, nan where undefined, from columns of each side.

    Examples
    --------
    >>> all_dead(dict.fromkeys(OF_SIDES, 2.0))
    10.0
    """
    return sum(columns[name] for name in OF_SIDES)
