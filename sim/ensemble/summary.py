"""What an ensemble says of each outcome, with the Monte Carlo error of saying it.

The intervals tell how far another set of as many replications might differ. They hold
no uncertainty of the parameters, and none from history having happened once.
"""

from __future__ import annotations

import csv
from io import StringIO
from math import ceil, floor, inf, nan, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.statistics.mean_interval import own_interval

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from sim.outcomes import Outcome

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

    Parameters
    ----------
    columns
        One array an outcome, shape (replications,); nan where undefined.
    table
        The outcomes, by column.
    level
        Of the intervals, 0 to 1.

    Returns
    -------
    list of dict
        One an outcome: its name, label and unit, `n` replications in which it is
        defined and `n_undefined`, `mean`, `sd`, quantiles `q05`, `q50`, `q95`, the
        `estimate` with its interval `low` to `high`, and the `method`. Quantiles of a
        time that more replications miss than that are inf.
    """
    rows: list[dict[str, Any]] = []
    for name, outcome in table.items():
        column = columns[name]
        values = column[~np.isnan(column)]
        row: dict[str, Any] = {
            "outcome": name,
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
        row["method"] = METHODS[outcome.aggregate]
        rows.append(row)
    return rows


def summary_csv(rows: list[dict[str, Any]]) -> str:
    """Return rows of a summary as a table in CSV; an undefined number is blank."""
    text = StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(rows[0])
    for row in rows:
        table.writerow("" if cell != cell else cell for cell in row.values())  # noqa: PLR0124 (nan)
    return text.getvalue()


def interval(
    values: NDArray[np.float64], aggregate: str, level: float
) -> tuple[float, float, float]:
    """Return an estimate and its interval; nan where there are too few values."""
    if aggregate == "proportion":
        return wilson(float(values.sum()), len(values), level)
    if aggregate == "median":
        return median_interval(values, level)
    if not len(values):
        return nan, nan, nan
    mean = float(values.mean())
    if len(values) < 2:
        return mean, nan, nan
    return mean, *own_interval(values, level)


def wilson(successes: float, n: int, level: float = 0.95) -> tuple[float, float, float]:
    """Return a share and its Wilson score interval.

    >>> [round(x, 4) for x in wilson(0, 10)]
    [0.0, 0.0, 0.2775]
    """
    if n == 0:
        return nan, nan, nan
    z, share = _z(level), successes / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return share, max(0.0, centre - half), min(1.0, centre + half)


def median_interval(
    values: NDArray[np.float64], level: float = 0.95
) -> tuple[float, float, float]:
    """Return the median and an interval between two order statistics.

    Their ranks are ``n / 2 -+ z sqrt(n) / 2``, widened to whole numbers; nan where
    those lie outside the sample.
    """
    n = len(values)
    if n == 0:
        return nan, nan, nan
    ordered = np.sort(values)
    half = _z(level) * sqrt(n) / 2
    low, high = floor(n / 2 - half), ceil(n / 2 + half) + 1  # ranks from 1
    return (
        float(np.median(values)),
        float(ordered[low - 1]) if low >= 1 else nan,
        float(ordered[high - 1]) if high <= n else nan,
    )


def survival_quantile(
    times: NDArray[np.float64], happened: NDArray[np.bool_], share: float
) -> float:
    """Return the time by which a share of replications has seen it (Kaplan-Meier).

    Parameters
    ----------
    times
        Times of the event or of its censoring, days, shape (n,).
    happened
        Whether each is an event, shape (n,).
    share
        Between 0 and 1.

    Returns
    -------
    float
        The smallest time at which the product-limit estimate of survival is at most
        ``1 - share``; inf when it never gets there.
    """
    ordered = np.sort(times)
    moments, events = np.unique(times[happened], return_counts=True)
    at_risk = len(times) - np.searchsorted(ordered, moments, side="left")
    left = np.cumprod(1.0 - events / at_risk)
    reached = np.flatnonzero(left <= 1.0 - share + 1e-12)
    return float(moments[reached[0]]) if len(reached) else inf


def _z(level: float) -> float:
    """Return the normal quantile of a two-sided interval."""
    return NormalDist().inv_cdf(0.5 + level / 2)
