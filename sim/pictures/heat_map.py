"""Heat maps of two factors."""

from __future__ import annotations

from math import ceil, isfinite
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.outcomes import outcomes_for
from sim.pictures.style import MUTED, shorten
from sim.pictures.sweep_sheet import COLUMNS, axis_label, sheet, tick_label, title_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from sim.experiment.factor import Factor
    from sim.sweeps.sweep import Sweep

_MOST_CELLS: Final = 64
"""Cells of a heat map in which numbers are still written."""


def heat_map(
    sweep: Sweep, frame: pd.DataFrame, one: Factor, other: Factor, arm: str
) -> Figure:
    """Draw the mean of each outcome over two factors of a grid.

    Other factors, where there are any, are averaged over.
    """
    plan = sweep.experiment
    table = outcomes_for(plan.scenario)
    title = f"By {one.label}, and {other.label}"
    figure, boxes = sheet(sweep, title, len(plan.outcomes))
    rows: Any = frame if not arm else frame[frame["arm"] == arm]
    label = {a.name: a.label for a in plan.arms}.get(arm, "")
    shown = f"Mean of each outcome{f'; {label}' if len(plan.arms) > 1 else ''}."
    height = figure.get_size_inches()[1]
    figure.text(0.01, 1 - 0.56 / height, shown, size=9, color=MUTED)
    for place, name in enumerate(plan.outcomes):
        left, bottom, width, tall = boxes[place]
        axes = figure.add_axes((left, bottom, width * 0.86, tall))
        grid = rows[rows["outcome"] == name].pivot_table(
            index=other.name, columns=one.name, values="mean", sort=False
        )
        _draw_map(figure, axes, grid, one, other)
        axes.set_title(title_of(table[name].label, table[name].unit), loc="left")
        axes.set_xlabel(axis_label(one), size=9)
        if place % COLUMNS == 0:
            axes.set_ylabel(axis_label(other), size=9)
    return figure


def _draw_map(figure: Figure, axes: Any, grid: Any, one: Factor, other: Factor) -> None:
    from matplotlib import colormaps

    values = grid.to_numpy(dtype=float)
    image = axes.imshow(values, origin="lower", aspect="auto", cmap="viridis")
    axes.grid(visible=False)
    for ticks, factor, levels in (
        (axes.set_xticks, one, grid.columns),
        (axes.set_yticks, other, grid.index),
    ):
        step = max(1, ceil(len(levels) / 10))
        at = range(0, len(levels), step)
        ticks([*at], [shorten(tick_label(factor, levels[i]), 12) for i in at], size=8.5)
    if values.size <= _MOST_CELLS:
        low, high = np.nanmin(values), np.nanmax(values)
        shades = colormaps["viridis"]
        for (y, x), value in np.ndenumerate(values):
            share = (value - low) / (high - low) if high > low else 0.0
            red, green, blue, _ = shades(share)
            is_dark = 0.3 * red + 0.59 * green + 0.11 * blue < 0.55
            text = f"{value:.3g}" if isfinite(value) else "–"
            axes.text(
                *(x, y, text),
                ha="center",
                va="center",
                size=8.5,
                color="white" if is_dark else "black",
            )
    left, bottom, width, tall = axes.get_position().bounds
    scale = figure.add_axes((left + width + 0.008, bottom, 0.009, tall))
    bar = figure.colorbar(image, cax=scale)
    bar.ax.tick_params(labelsize=8)
    bar.outline.set_visible(False)
