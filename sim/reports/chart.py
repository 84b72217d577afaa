"""The data of a report's charts: how outcomes are spread, week by week."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.digits import capital, short
from sim.pictures.distribution import MAIN_OUTCOMES, bar_edges
from sim.record.table import mid_rank, percentile_text
from sim.reports.headline import rungs_note
from sim.statistics.survival import survival_quantile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from sim.outcomes import Outcome
    from sim.record.targets import Target

MOST_STEPS: Final = 120
"""Steps of a distribution function; of more values only so many are drawn."""

Arms = dict[str, "pd.DataFrame"]


def distribution_chart(
    arms: Arms,
    table: Mapping[str, Outcome],
    targets: Sequence[Target],
    first: Iterable[str] = (),
) -> dict[str, Any]:
    """Return a chart of every outcome that varies, for one run or several arms.

    `arms` has the outcomes of the replications that succeeded, by the arm's name;
    `first` are the outcomes that were asked for.
    """
    recorded = {target.outcome: target for target in targets}
    names = list(dict.fromkeys([*first, *MAIN_OUTCOMES, *table]))
    names = [name for name in names if name in table]
    options: list[dict[str, Any]] = []
    for name in names:
        if all(name in frame for frame in arms.values()):
            option = _option(name, arms, table[name], recorded.get(name))
            if option is not None:
                options.append(option)
    return {"form": "distribution", "options": options}


def _option(
    name: str, arms: Arms, outcome: Outcome, target: Target | None
) -> dict[str, Any] | None:
    """Return one outcome; None where every replication has the same and no record."""
    pairs = {arm: _happened(name, frame, outcome) for arm, frame in arms.items()}
    whole = np.concatenate([values for values, _ in pairs.values()])
    if not len(whole) or (len(np.unique(whole)) < 2 and target is None):
        return None
    low, high = (float(x) for x in np.quantile(whole, (0.05, 0.95)))
    reach = [low, high] if target is None else [low, high, target.value]
    edges, _ = bar_edges(whole, reach)
    return {
        "name": name,
        "label": label_of(outcome),
        "group": "main" if name in MAIN_OUTCOMES else _group(outcome),
        "unit": outcome.unit or "ratio",
        "meaning": f"{outcome.meaning}. {rungs_note()}"
        if outcome.kind == "rung"
        else outcome.meaning,
        "whole": outcome.kind in {"count", "rung"},
        "edges": [float(edges[0]), float(edges[1] - edges[0]), len(edges) - 1],
        "series": [
            _series(arm, name, pairs[arm], arms[arm], outcome, edges) for arm in arms
        ],
        "record": None if target is None else _record(target, whole),
    }


def _happened(
    name: str, frame: pd.DataFrame, outcome: Outcome
) -> tuple[NDArray[np.float64], int]:
    """Return the values, without times that did not come, and of how many they are."""
    column = frame[name].to_numpy(dtype=float)
    defined = ~np.isnan(column)
    n = int(defined.sum())
    if outcome.aggregate == "censored":
        defined &= frame[outcome.companion].to_numpy(dtype=float) > 0.0
    return column[defined], n


def _series(
    arm: str,
    name: str,
    pair: tuple[NDArray[np.float64], int],
    frame: pd.DataFrame,
    outcome: Outcome,
    edges: NDArray[np.float64],
) -> dict[str, Any]:
    values, n = pair
    x, share = steps_of(values, n)
    counts = np.histogram(values, edges)[0]
    return {
        "name": arm,
        "n": n,
        "of": len(frame),
        "missing": n - len(values),
        "further": int((values > edges[-1]).sum()),
        "counts": [int(c) for c in counts],
        "x": x,
        "share": share,
        "said": said_of(name, frame, outcome),
    }


def said_of(name: str, frame: pd.DataFrame, outcome: Outcome) -> str:
    """Say the middle and the reach of an outcome's replications."""
    column = frame[name].to_numpy(dtype=float)
    is_defined = ~np.isnan(column)
    values = column[is_defined]
    if not len(values):
        return "defined in no replication"
    if outcome.aggregate == "proportion":
        return f"{int(values.sum())} of {len(values)} replications"
    if outcome.aggregate == "censored":
        happened = frame[outcome.companion].to_numpy(dtype=float)[is_defined] > 0.0
        at = [survival_quantile(values, happened, p) for p in (0.05, 0.5, 0.95)]
    else:
        at = [float(x) for x in np.quantile(values, (0.05, 0.5, 0.95))]
    low, middle, high = (
        "not within the period" if x == np.inf else quantile_text(x, outcome)
        for x in at
    )
    return f"median {middle}; 5 % quantile {low}, 95 % quantile {high}"


def quantile_text(value: float, outcome: Outcome) -> str:
    """Write a quantile of replications; of what is counted, a whole number."""
    if outcome.kind in {"count", "rung"} and np.isfinite(value):
        return f"{ceil(value - 1e-9)}"
    return short(value)


def steps_of(values: NDArray[np.float64], n: int) -> tuple[list[float], list[float]]:
    """Return a distribution function as steps; ``n`` may count more than the values.

    >>> steps_of(np.array([1.0, 2.0, 2.0]), 4)
    ([1.0, 2.0], [0.25, 0.75])
    """
    if not len(values):
        return [], []
    x, counts = np.unique(values, return_counts=True)
    reached = np.cumsum(counts)
    if len(x) > MOST_STEPS:
        wanted = np.linspace(0, len(x) - 1, MOST_STEPS).astype(int)
        x, reached = x[wanted], reached[wanted]
    return [float(v) for v in x], [float(r) / n for r in reached]


def _record(target: Target, values: NDArray[np.float64]) -> dict[str, Any]:
    rank = percentile_text(mid_rank(values, target.value))
    used = (
        " It was used to set a number, so it tests nothing."
        if target.used_to_set
        else ""
    )
    return {
        "value": target.value,
        "low": target.low,
        "high": target.high,
        "said": f"{short(target.value)} (its own 95 % interval {short(target.low)} to "
        f"{short(target.high)}), percentile {rank} of the replications.{used}",
    }


def label_of(outcome: Outcome) -> str:
    """Return how a chart names an outcome: whether true or reported is always said."""
    label = outcome.label.replace("reported ", "", 1)
    if outcome.kind == "share" and outcome.aggregate == "mean":
        label = f"share of {label}" if "of" not in label.split() else label
    tail = "as reported" if outcome.is_reported else "as it happened"
    return f"{capital(label)}, {tail}"


def _group(outcome: Outcome) -> str:
    return "reported" if outcome.is_reported else "true"


def week_chart(
    weeks: NDArray[np.int64], recorded: Sequence[int | None], dates: Sequence[str]
) -> dict[str, Any]:
    """Return a chart of attacks by week: median, 5 to 95 % of replications, record.

    `weeks` are the last of those that `recorded` and `dates` have: before them only the
    record is shown.
    """
    low, mid, high = (np.quantile(weeks, q, axis=0) for q in (0.05, 0.5, 0.95))
    return {
        "form": "band",
        "labels": list(dates),
        "low": [float(x) for x in low],
        "mid": [float(x) for x in mid],
        "mean": [float(x) for x in weeks.mean(axis=0)],
        "high": [float(x) for x in high],
        "first": len(dates) - weeks.shape[1],
        "record": None if set(recorded) <= {None} else list(recorded),
    }
