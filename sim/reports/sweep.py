"""What a sweep says: where each outcome is least and most, and the chart of it."""

from __future__ import annotations

from contextlib import suppress
from math import nan
from typing import TYPE_CHECKING, Any, Final

from sim.digits import capital, figure, interval_text
from sim.ensemble.draw_summary import over_parameters
from sim.pictures.panel import Line, Panel
from sim.reports.headline import assumed_text, in_quotes, listed
from sim.reports.page import Cells, Headline, Passage
from sim.statistics.rank_correlation import rank_correlation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.experiment.experiment import Experiment
    from sim.scenario.scenario import Scenario

_ENOUGH: Final = 16
"""Design points from which rank correlations are told."""

_FEW: Final = 12
"""Levels of a factor that are all written out."""

MOST_SAID: Final = 3
"""Sentences of an answer."""


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
        head = f"{capital(label)}{where}"
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
            f"{capital(label)}: what is not known of the parameters "
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

    Spearman's rank correlation over the design points with its interval; only those
    that exclude 0 are named. Nothing is said of designs of few points.
    """
    said: list[str] = []
    for (name, arm), rows in frame.groupby(["outcome", "arm"], sort=False):
        rows = rows[rows["n"] > 0]  # noqa: PLW2901
        if len(rows) < _ENOUGH or rows["mean"].nunique() < 2:
            continue
        correlations = sorted(
            (-abs(rho), f"{factor} ({rho:+.2f}, {low:+.2f} to {high:+.2f})")
            for factor, rho, low, high in _correlations(rows, factors)
        )
        label = labels.get(name, (name, ""))[0]
        where = f" in arm {arm}" if frame["arm"].nunique() > 1 else ""
        head = f"{capital(label)}{where}"
        listed_ = ", ".join(text for _, text in correlations)
        said.append(
            f"{head}: goes with {listed_}."
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


def _experiment_of(study: Mapping[str, Any]) -> Experiment | None:
    """Return the experiment of a study; None where its file is gone."""
    from sim.errors import SimError
    from sim.experiment.load import load_experiment

    with suppress(SimError, OSError):
        return load_experiment(study["file"])
    return None


def factor_labels(study: Mapping[str, Any]) -> dict[str, str]:
    """Return how sentences call each factor: by the author's label, if it has one."""
    experiment = _experiment_of(study)
    factors = () if experiment is None else experiment.factors
    labels: dict[str, str] = {one.name: one.label for one in factors if one.label}
    names: list[str] = study["factors"]
    return {name: labels.get(name, name) for name in names}


def arm_labels(study: Mapping[str, Any]) -> dict[str, str]:
    """Return how sentences call each arm; empty where the experiment's file is gone."""
    experiment = _experiment_of(study)
    return {} if experiment is None else experiment.labels


def sweep_headline(
    frame: Any,
    factors: Mapping[str, str],
    arms: Mapping[str, str],
    labels: Mapping[str, tuple[str, str]],
    scenario: Scenario | None,
    each: str,
) -> Headline:
    """Say how far the first outcomes move over the design, and with what.

    `factors` and `arms` are called as these mappings have it; `labels` has label and
    unit of each outcome, `each` what a mean is of.
    """
    said: list[str] = []
    unparted: list[str] = []
    panels: list[Panel] = []
    n_arms = frame["arm"].nunique()
    for name, rows in frame.groupby("outcome", sort=False):
        rows = rows[rows["n"] > 0]  # noqa: PLW2901
        if not len(rows) or len(said) == MOST_SAID:
            continue
        label, unit = labels.get(name, (name, ""))
        scale, sign = (100.0, " %") if unit == "share" else (1.0, "")
        low, high = (rows.loc[f()] for f in (rows["mean"].idxmin, rows["mean"].idxmax))
        least, most = (
            f"{figure(scale * row['mean'], scale * _half(row))}{sign}"
            for row in (low, high)
        )
        text = f"{capital(label)}: {least} to {most} on average over the "
        text += "design"
        moving = _moving(rows, factors)
        text += f", {moving}" if moving else f", least {_where(low, rows, factors)}"
        if n_arms > 1:
            called = (in_quotes(arms.get(x["arm"], x["arm"])) for x in (low, high))
            text += f"; least and most with {' and '.join(called)}"
        said.append(f"{text}.")
        if low["high"] >= high["low"]:
            unparted.append(label)
        if len(panels) < 2 and n_arms == 1:
            panels += _panel(rows, factors, label, scale)
    changing = [
        f"In {listed(unparted)} the intervals of the least and the most overlap; "
        "points share their chances, so that escalade compare may tell them apart."
    ] if unparted else []  # fmt: skip
    changing.append(
        "Values outside the design, and numbers that were not varied, were not asked."
    )
    sure = [
        f"Each mean is of {each}; least and most of many points are picked out, so "
        "they are a little exaggerated."
    ]
    if scenario is not None:
        sure.append(assumed_text(scenario))
    return Headline(
        answer=tuple(said),
        would_change=tuple(changing),
        how_sure=tuple(sure),
        panels=tuple(panels),
        figures=tuple(frame.to_dict("records")),
    )


def _panel(
    rows: Any, factors: Mapping[str, str], label: str, scale: float
) -> list[Panel]:
    """Return an outcome by the levels of the factor that moves it most, if few.

    With several factors the means over the rest of the design, which have no interval.
    """
    if not factors:
        return []
    moved = sorted(_correlations(rows, list(factors)), key=lambda one: -abs(one[1]))
    factor = moved[0][0] if moved else next(iter(factors))
    levels = list(rows.groupby(factor))
    if not 1 < len(levels) <= _FEW:
        return []
    lines = tuple(
        Line(
            _level(level),
            scale * float(group["mean"].mean()),
            *(
                scale * float(group[end].iloc[0]) if len(group) == 1 else nan
                for end in ("low", "high")
            ),
        )
        for level, group in levels
    )
    title = f"{label} by {factors[factor]}"
    return [Panel(title, "%" if scale > 1.0 else "", lines)]


def _moving(rows: Any, factors: Mapping[str, str]) -> str:
    """Say with which two factors an outcome rises or falls most clearly, if any."""
    moved = [
        (-abs(rho), f"{'rising' if rho > 0.0 else 'falling'} as {called} rises")
        for name, rho, _, _ in _correlations(rows, list(factors))
        for called in (in_quotes(factors[name]),)
    ]
    return " and ".join(text for _, text in sorted(moved)[:2])


def _correlations(
    rows: Any, factors: Sequence[str]
) -> list[tuple[str, float, float, float]]:
    """Return the factors that an outcome's means go with, each with its interval.

    Only those whose interval excludes 0; none of designs of few points, or of factors
    that are no numbers.
    """
    if len(rows) < _ENOUGH or rows["mean"].nunique() < 2:
        return []
    every = [
        (
            name,
            *rank_correlation(rows[name].to_numpy(float), rows["mean"].to_numpy(float)),
        )
        for name in factors
        if rows[name].dtype.kind in "if" and rows[name].nunique() >= 3
    ]
    return [one for one in every if one[2] * one[3] > 0.0]


def _where(row: Any, rows: Any, factors: Mapping[str, str]) -> str:
    """Say at which values of the factors a point lies; of many only its number."""
    varied = [name for name in factors if rows[name].nunique() > 1]
    if len(varied) > MOST_SAID:
        return f"at design point {row['point']}"
    return "at " + " and ".join(
        f"{_level(row[name])} of {in_quotes(factors[name])}" for name in varied
    )


def factor_table(frame: Any, study: Mapping[str, Any]) -> Cells:
    """Return the factors, what they mean, and the values that they took."""
    experiment = _experiment_of(study)
    by_name: dict[str, Any] = {}
    if experiment is not None:
        by_name = {one.name: one for one in experiment.factors}
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
        label = capital(label)
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
