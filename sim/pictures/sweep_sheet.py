"""The sheet that a sweep's pictures are drawn on: title, panels, words."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any, Final

from sim.pictures.style import Making, new_figure, shorten, sign

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.experiment.factor import Factor
    from sim.sweeps.sweep import Sweep

COLUMNS: Final = 3


def sheet(
    sweep: Sweep, title: str, n_panels: int
) -> tuple[Figure, list[tuple[float, float, float, float]]]:
    """Return a titled, signed figure and the boxes of its panels."""
    plan = sweep.experiment
    n_rows = ceil(n_panels / COLUMNS)
    height = 1.15 + 3.15 * n_rows
    figure = new_figure(12.0, height)
    figure.text(
        *(0.01, 1 - 0.32 / height),
        shorten(f"{title[:1].upper()}{title[1:]}", 110),
        size=12,
        weight="bold",
    )
    each = f"{sweep.replications} replications"
    each = each if sweep.draws is None else sweep.draws.told
    told = f"{len(sweep.cells)} × {each}"
    changes = tuple(f"{path}={value}" for path, value in plan.changes.items())
    sign(figure, plan.scenario, Making(plan.root_seed, told, plan.until, changes))
    boxes: list[tuple[float, float, float, float]] = []
    for place in range(n_panels):
        row, column = divmod(place, COLUMNS)
        bottom = (height - 1.1 - 3.15 * row - 2.25) / height
        boxes.append((0.062 + column * 0.323, bottom, 0.265, 2.1 / height))
    return figure, boxes


def axis_label(factor: Factor) -> str:
    """Name a factor with its unit."""
    unit = {"1": "", "count": ""}.get(factor.unit, factor.unit)
    label = factor.label if factor.kind != "date" else f"{factor.label}"
    if factor.kind == "number" and unit:
        label = f"{label} ({unit})"
    return shorten(label, 46)


def title_of(label: str, unit: str) -> str:
    """Name an outcome with its unit."""
    label = f"{label[:1].upper()}{label[1:]}"
    return shorten(f"{label}, {unit}" if unit else label, 38)


def tick_label(factor: Factor, value: Any) -> str:
    """Write a value without its unit, which stands on the axis."""
    if isinstance(value, str) or factor.kind == "presence":
        return factor.told(value)
    return f"{value:.3g}"
