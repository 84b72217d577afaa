"""What a sweep says: where each outcome is least and most, and the chart of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.digits import figure, interval_text
from sim.ensemble.draw_summary import over_parameters
from sim.reports.page import Cells, Passage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ENOUGH: Final = 16
"""Design points from which rank correlations are told."""

_FEW: Final = 12
"""Levels of a factor that are all written out."""


def extremes(
    frame: Any, factors: Sequence[str], labels: Mapping[str, tuple[str, str]], each: str
) -> list[Passage]:
    """Say for each outcome at which point its mean is least and most.

    `labels` has label and unit of each outcome; `each` says what a mean is of, such as
    '100 replications'.
    """
    said: list[str] = []
    for (name, arm), rows in frame.groupby(["outcome", "arm"], sort=False):
        rows = rows[rows["n"] > 0]  # noqa: PLW2901
        if not len(rows):
            continue
        label, unit = labels.get(name, (name, ""))
        where = f" in arm {arm}" if frame["arm"].nunique() > 1 else ""
        low, high = (rows.loc[f()] for f in (rows["mean"].idxmin, rows["mean"].idxmax))
        head = f"{label[:1].upper()}{label[1:]}{where}"
        unit = "" if unit in ("", "incidents", "persons", "rung") else f" {unit}"
        if low["mean"] == high["mean"]:
            said.append(f"{head}: {figure(low['mean'], 0.0)}{unit} at every point.")
            continue
        ends = [
            f"{figure(row['mean'], _half(row))}{unit} (95 % Monte Carlo interval "
            f"{interval_text(max(0.0, row['low']), row['high'])}) at "
            f"{_point(row, factors)}"
            for row in (low, high)
        ]
        apart = low["high"] < high["low"]
        tail = "" if apart else "; these two intervals overlap"
        said.append(f"{head}: mean from {ends[0]} to {ends[1]}{tail}.")
    doubts = (
        f"Each mean is of {each}. The least and the most of many points are "
        "picked out, so they are a little exaggerated.",
        "The intervals hold Monte Carlo error only, and are of each point by itself; "
        "points share their chances, so differences between them are surer than the "
        "intervals suggest: escalade compare gives those.",
    )
    if "is_told" in frame:
        doubts = (*doubts, *_owed(frame, labels))
    moved = outcomes_moved_by(frame, factors, labels)
    return [
        *([Passage("What goes with what", tuple(moved))] if moved else []),
        Passage("Reach over the design", tuple(said)),
        Passage("How sure this is", doubts),
    ]


def _owed(frame: Any, labels: Mapping[str, tuple[str, str]]) -> list[str]:
    """Say what unknown parameters make of each outcome, at the point where it is most.

    The Monte Carlo interval is beside it: more replications narrow that one only.
    """
    said: list[str] = []
    for name, rows in frame[frame["is_told"]].groupby("outcome", sort=False):
        widths = rows["parameter_high"] - rows["parameter_low"]
        row = rows.loc[widths.idxmax()]
        label = labels.get(name, (name, ""))[0]
        between = over_parameters(row).replace(" to ", " and ")
        said.append(
            f"{label[:1].upper()}{label[1:]}: what is not known of the parameters "
            f"moves the mean of a point between {between} (95 % of draws), where its "
            "Monte Carlo interval is "
            f"{interval_text(row['low'], row['high'])}. More replications narrow the "
            "second only."
        )
    known = set(frame[frame["is_told"]]["outcome"])
    left = [name for name in dict.fromkeys(frame["outcome"]) if name not in known]
    if left:
        listed = ", ".join(labels.get(name, (name, ""))[0] for name in left)
        said.append(
            "What the parameters do to these cannot be told from chance with so few "
            f"draws and replications: {listed}."
        )
    return said


def outcomes_moved_by(
    frame: Any, factors: Sequence[str], labels: Mapping[str, tuple[str, str]]
) -> list[str]:
    """Say for each outcome which factors its means rise and fall with.

    Spearman's rank correlation over the design points, with the interval of Fisher's
    transform and Fieller's (1957) standard error; only those that exclude 0 are named.
    Nothing is said of designs of few points, or of factors that are no numbers.
    """
    from scipy.stats import spearmanr

    said: list[str] = []
    for (name, arm), rows in frame.groupby(["outcome", "arm"], sort=False):
        rows = rows[rows["n"] > 0]  # noqa: PLW2901
        if len(rows) < _ENOUGH or rows["mean"].nunique() < 2:
            continue
        correlations: list[tuple[float, str]] = []
        half = 1.96 * np.sqrt(1.06 / (len(rows) - 3))
        for factor in factors:
            values = rows[factor]
            if values.dtype.kind not in "if" or values.nunique() < 3:
                continue
            ranked: Any = spearmanr(values, rows["mean"])
            rho = float(ranked.statistic)
            z = float(np.arctanh(min(max(rho, -0.999), 0.999)))
            low, high = np.tanh(z - half), np.tanh(z + half)
            if low * high > 0.0:
                text = f"{factor} ({rho:+.2f}, {low:+.2f} to {high:+.2f})"
                correlations.append((-abs(rho), text))
        label = labels.get(name, (name, ""))[0]
        where = f" in arm {arm}" if frame["arm"].nunique() > 1 else ""
        head = f"{label[:1].upper()}{label[1:]}{where}"
        listed = ", ".join(text for _, text in sorted(correlations))
        said.append(
            f"{head}: goes with {listed}."
            if correlations
            else f"{head}: with no factor that can be told from chance."
        )
    if said:
        said.append(
            "In brackets: rank correlation with the factor over the design points, and "
            "its 95 % interval; + rises with it, - falls."
        )
    return said


def _half(row: Any) -> float:
    return (row["high"] - row["low"]) / 2.0


def _point(row: Any, factors: Sequence[str]) -> str:
    return ", ".join(f"{name} {_level(row[name])}" for name in factors)


def _level(value: Any) -> str:
    return value if isinstance(value, str) else f"{value:.4g}"


def factor_table(frame: Any, study: Mapping[str, Any]) -> Cells:
    """Return the factors, what they mean, and the values that they took."""
    from sim.errors import SimError
    from sim.experiment.load import load_experiment

    by_name: dict[str, Any] = {}
    try:
        by_name = {one.name: one for one in load_experiment(study["file"]).factors}
    except (SimError, OSError):  # the file is gone: the names must do
        by_name = {}
    rows: list[tuple[str, ...]] = []
    for name in study["factors"]:
        levels = sorted(frame[name].unique())
        few = len(levels) <= _FEW
        shown = levels if few else (levels[0], levels[-1])
        values = (", " if few else " to ").join(_level(level) for level in shown)
        factor = by_name.get(name)
        label, unit = (factor.label, factor.unit) if factor else ("", "")
        rows.append((name, label, unit, values))
    return Cells("Factors", ("factor", "meaning", "unit", "values"), tuple(rows))


def response_chart(
    frame: Any, factors: Sequence[str], labels: Mapping[str, tuple[str, str]]
) -> dict[str, Any]:
    """Return the chart of every point's mean against a factor that is chosen."""
    options: list[dict[str, Any]] = []
    for name, rows in frame.groupby("outcome", sort=False):
        label, unit = labels.get(name, (name, ""))
        points = [
            {
                "arm": row["arm"],
                "at": {f: _plain(row[f]) for f in factors},
                "mean": float(row["mean"]),
                "low": float(row["low"]),
                "high": float(row["high"]),
                "said": f"{figure(row['mean'], _half(row))} "
                f"({interval_text(row['low'], row['high'])}){_over(row)}",
            }
            for _, row in rows.iterrows()
            if row["n"] > 0
        ]
        label = f"{label[:1].upper()}{label[1:]}"
        options.append({"name": name, "label": label, "unit": unit, "points": points})
    return {"form": "points", "factors": list(factors), "options": options}


def _over(row: Any) -> str:
    """Return what the parameters may make of a mean, for a mark of the chart."""
    return f"; parameters {over_parameters(row)}" if "is_told" in row else ""


def _plain(value: Any) -> Any:
    return value if isinstance(value, str) else float(value)


def sweep_table(
    frame: Any, factors: Sequence[str], labels: Mapping[str, tuple[str, str]]
) -> Cells:
    """Return every point of the sweep as text."""
    is_drawn = "is_told" in frame
    rows = tuple(
        (
            str(row["point"]),
            row["arm"],
            *(_level(row[f]) for f in factors),
            labels.get(row["outcome"], (row["outcome"], ""))[0],
            figure(row["mean"], _half(row)),
            interval_text(row["low"], row["high"]),
            *((over_parameters(row),) if is_drawn else ()),
            str(row["n"]),
            str(row["n_failed"]),
        )
        for _, row in frame.iterrows()
    )
    heads = ("point", "arm", *factors, "outcome", "mean", "95 % Monte Carlo interval",
             *(("over parameters, 95 %",) if is_drawn else ()),
             "defined in", "failed")  # fmt: skip
    at = 2 + len(factors)
    numbers = (0, *range(2, at), *range(at + 1, len(heads)))
    return Cells(f"All {len(rows)} rows of the sweep", heads, rows, numbers)
