"""How the main outcomes are distributed over replications, with the record's value."""

from __future__ import annotations

from math import ceil, isfinite
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.ticker import MaxNLocator, PercentFormatter

from sim.digits import capital, short
from sim.outcomes import outcomes_for
from sim.pictures.palette import BAND_COLOUR, MODEL_COLOUR, MUTED, RECORD_COLOUR
from sim.pictures.style import Making, head, new_figure, shorten, sign
from sim.record.table import mid_rank, percentile_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from sim.outcomes import Outcome
    from sim.record.targets import Target
    from sim.scenario.scenario import Scenario

MAIN_OUTCOMES: Final = (
    "n_rocket_attacks",
    "weekly_dispersion",
    "longest_gap_days",
    "share_attacks_with_casualties",
    "n_wounded_all",
    "n_coalition_deaths",
    "salvo_mean",
    "n_strikes",
    "n_air_strikes",
    "n_accusations_after_strikes",
    "n_thwarted",
    "n_raids",
    "n_persons_arrested",
    "n_claims",
    "peak_rung",
    "peak_rung_true",
)
"""In order of interest; those that do not vary give way to the next."""

MOST_PANELS: Final = 12
_COLUMNS: Final = 4
_MOST_BARS: Final = 28
_SHORT_TAIL: Final = 1.25
"""A tail that lengthens the axis by no more than this factor is shown whole."""


def distribution_pictures(
    outcomes: pd.DataFrame,
    scenario: Scenario,
    targets: Sequence[Target],
    making: Making,
) -> Figure:
    """Plot the main outcomes as small histograms, with the record's value."""
    names = _chosen(outcomes, targets)
    n_rows = max(1, ceil(len(names) / _COLUMNS))
    height = 1.05 + 2.75 * n_rows
    figure = new_figure(12.0, height)
    marks = (
        "What the press reports.  Bars: replications, 5 to 95 % of them shaded.  Blue: "
        "median.  "
    )
    marks += (
        "Orange: record, its own 95 % interval (arrow: longer) and percentile."
        if targets
        else "No statistics of a record for this scenario and period."
        if scenario.history is None
        else "Counted is what comes after the record was put in."
    )
    head(figure, f"Outcomes over replications: {scenario.heading}", marks)
    table, by_outcome = outcomes_for(scenario), {t.outcome: t for t in targets}
    width, left, gap = 0.2, 0.056, 0.044
    for place, name in enumerate(names):
        row, column = divmod(place, _COLUMNS)
        bottom = (height - 1.25 - 2.75 * row - 1.75) / height
        box = (left + column * (width + gap), bottom, width, 1.62 / height)
        axes = figure.add_axes(box)
        values = outcomes[name].to_numpy(dtype=float)
        _panel(axes, values, table[name], by_outcome.get(name))
        if column == 0:
            axes.set_ylabel("share of replications", size=8.5)
    if not names:
        figure.text(0.05, 0.5, "No outcome varies over these replications.")
    sign(figure, scenario, making)
    return figure


def _chosen(outcomes: pd.DataFrame, targets: Sequence[Target]) -> list[str]:
    """Return the outcomes to plot: those that vary, or that the record speaks of."""
    recorded = {target.outcome for target in targets}
    names: list[str] = []
    for name in MAIN_OUTCOMES:
        if name not in outcomes or name.removesuffix("_true") in names:
            continue
        values: Any = outcomes[name].dropna()
        if not len(values) or (values.nunique() < 2 and name not in recorded):
            continue
        if not any(outcomes[name].equals(outcomes[other]) for other in names):
            names.append(name)
    return names[:MOST_PANELS]


def _panel(
    axes: Any, column: NDArray[np.float64], outcome: Outcome, target: Target | None
) -> None:
    """Plot one outcome."""
    values = column[np.isfinite(column)]
    low, median, high = (float(x) for x in np.quantile(values, (0.05, 0.5, 0.95)))
    reach = [low, high] if target is None else [low, high, target.value]
    edges, n_above = bar_edges(values, reach)
    shares = np.histogram(values, edges)[0] / len(values)
    axes.axvspan(low, high, color="#eef4fa", lw=0, zorder=0)
    axes.bar(
        edges[:-1],
        shares,
        width=np.diff(edges),
        align="edge",
        color=BAND_COLOUR,
        edgecolor="white",
        linewidth=0.6,
        zorder=2,
    )
    top = 1.34 * float(shares.max(initial=0.01))
    axes.axvline(median, color=MODEL_COLOUR, lw=2, ymax=0.78, zorder=3)
    said = [f"median {short(median)}, 5–95 %: {short(low)} to {short(high)}"]
    if target is not None:
        y, left, right = 0.86 * top, edges[0], edges[-1]
        axes.plot(
            [max(target.low, left), min(target.high, right)],
            [y, y],
            color=RECORD_COLOUR,
            lw=1.6,
            zorder=4,
        )
        for end, edge, shape in (
            (target.low < left, left, "<"),
            (target.high > right, right, ">"),
        ):
            if end:
                axes.plot(edge, y, shape, color=RECORD_COLOUR, ms=6, clip_on=False)
        axes.plot(
            [target.value, target.value],
            [0, y],
            color=RECORD_COLOUR,
            lw=1.6,
            ls=(0, (4, 2)),
            zorder=4,
        )
        axes.plot(target.value, y, "D", ms=6, mfc=RECORD_COLOUR, mec="white", zorder=5)
        rank = percentile_text(mid_rank(values, target.value))
        used = "; used to set" if target.used_to_set else ""
        said.append(f"record {short(target.value)}, percentile {rank}{used}")
    notes: list[str] = []
    if len(values) < len(column):
        notes.append(f"defined in {len(values) / len(column):.0%}")
    if n_above:
        notes.append(f"{n_above / len(values):.1%} further right")
    axes.set_ylim(0, top)
    axes.set_xlim(edges[0], edges[-1])
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    whole = outcome.kind in {"count", "rung"}
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=whole, steps=[1, 2, 5, 10]))
    axes.tick_params(labelsize=8.5)
    unit = outcome.unit or "ratio"
    axes.set_xlabel(unit + (f"  ({'; '.join(notes)})" if notes else ""), size=8.5)
    label = outcome.label.removeprefix("reported ")
    if outcome.kind == "share" and not label.startswith("share"):
        label = f"share of {label}"
    if not outcome.is_reported:
        label += " (true)"
    label = capital(label)
    axes.text(
        0.0,
        1.20,
        shorten(label, 34),
        transform=axes.transAxes,
        weight="bold",
        size=9.5,
    )
    for line, text in enumerate(said):
        axes.text(
            0.0,
            1.115 - 0.095 * line,
            text,
            transform=axes.transAxes,
            size=8.3,
            color=RECORD_COLOUR if line else MUTED,
        )


def bar_edges(
    values: NDArray[np.float64], reach: Sequence[float]
) -> tuple[NDArray[np.float64], int]:
    """Return the edges of the bars, and how many values lie to the right of them.

    Whole numbers get one bar each, or bars of equally many. A long tail is cut where
    99.5 % of the values end, or at what must be seen.
    """
    wanted = [x for x in reach if isfinite(x)]
    left = float(min(values.min(), *wanted))
    right = float(max(np.quantile(values, 0.995), *wanted))
    if values.max() - left <= _SHORT_TAIL * (right - left):
        right = float(max(values.max(), right))
    if np.all(values == np.round(values)):
        step = max(1, ceil((right - left + 1) / _MOST_BARS))
        n = max(4, ceil((right - np.floor(left) + 1) / step))
        edges = np.floor(left) - 0.5 + step * np.arange(n + 1)
    else:
        room = 0.02 * (right - left) or 0.5
        n = min(_MOST_BARS, max(8, ceil(len(values) ** 0.5)))
        edges = np.linspace(left - room, right + room, n + 1)
    return edges, int((values > edges[-1]).sum())
