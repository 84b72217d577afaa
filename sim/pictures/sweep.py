"""Pictures of a sweep: response curves with bands, and heat maps of two factors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import combinations
from math import ceil
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.digits import capital, short
from sim.digits import figure as number_text
from sim.outcomes import outcomes_for
from sim.pictures.palette import COLOURS
from sim.pictures.style import Making, head, new_figure, shorten, sign

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from matplotlib.figure import Figure

    from sim.experiment.factor import Factor
    from sim.statistics.effect import Estimate
    from sim.sweeps.sweep import Sweep


COLUMNS: Final = 3


def sheet(
    sweep: Sweep, n_panels: int, title: str, *lines: str
) -> tuple[Figure, list[tuple[float, float, float, float]]]:
    """Return a titled, signed figure and the boxes of its panels."""
    plan = sweep.experiment
    n_rows = ceil(n_panels / COLUMNS)
    height = 1.15 + 3.15 * n_rows
    figure = new_figure(12.0, height)
    head(figure, capital(title), *lines)
    each = f"{sweep.replications} replications"
    each = each if sweep.draws is None else sweep.draws.size_text
    extent = f"{len(sweep.cells)} × {each}"
    changes = tuple(f"{path}={value}" for path, value in plan.changes.items())
    sign(figure, plan.scenario, Making(plan.root_seed, extent, plan.until, changes))
    boxes: list[tuple[float, float, float, float]] = []
    for place in range(n_panels):
        row, column = divmod(place, COLUMNS)
        bottom = (height - 1.1 - 3.15 * row - 2.25) / height
        boxes.append((0.062 + column * 0.323, bottom, 0.265, 2.1 / height))
    return figure, boxes


def axis_label(factor: Factor) -> str:
    """Name a factor with its unit."""
    unit = {"1": "", "count": ""}.get(factor.unit, factor.unit)
    label = factor.label
    if factor.kind == "number" and unit:
        label = f"{label} ({unit})"
    return shorten(label, 46)


def title_of(label: str, unit: str) -> str:
    """Name an outcome with its unit."""
    label = capital(label)
    return shorten(f"{label}, {unit}" if unit else label, 38)


def tick_label(factor: Factor, value: Any) -> str:
    """Write a value without its unit, which stands on the axis."""
    if isinstance(value, str) or factor.kind == "presence":
        return factor.text(value)
    return short(float(value))


_MOST_CELLS: Final = 64
"""Cells of a heat map in which numbers are still written."""


def heat_map(
    sweep: Sweep, frame: pd.DataFrame, one: Factor, other: Factor, arm: str
) -> Figure:
    """Plot the mean of each outcome over two factors of a grid.

    Other factors, where there are any, are averaged over.
    """
    plan = sweep.experiment
    table = outcomes_for(plan.scenario)
    rows: Any = frame if not arm else frame[frame["arm"] == arm]
    label = {a.name: a.label for a in plan.arms}.get(arm, "")
    shown = (
        "Colour: difference from the base cell (framed), pair by pair; white: not "
        f"told from 0. Written: the difference, below it the mean"
        f"{f'. {label}' if len(plan.arms) > 1 else ''}."
    )
    title = f"By {one.label}, and {other.label}"
    figure, boxes = sheet(sweep, len(plan.outcomes), title, shown)
    for place, name in enumerate(plan.outcomes):
        left, bottom, width, tall = boxes[place]
        axes = figure.add_axes((left, bottom, width * 0.86, tall))
        grid = rows[rows["outcome"] == name].pivot_table(
            index=other.name, columns=one.name, values="mean", sort=False
        )
        _plot_map(
            figure,
            axes,
            _Map(sweep=sweep, outcome=name, arm=arm, grid=grid, one=one, other=other),
        )
        axes.set_title(title_of(table[name].label, table[name].unit), loc="left")
        axes.set_xlabel(axis_label(one), size=9)
        if place % COLUMNS == 0:
            axes.set_ylabel(axis_label(other), size=9)
    return figure


@dataclass(frozen=True)
class _Map:
    """One outcome over two factors."""

    sweep: Sweep
    outcome: str
    arm: str
    grid: Any
    """Its mean, one row a level of `other`, one column a level of `one`."""
    one: Factor
    other: Factor

    def cells(self, x: Any, y: Any) -> list[int]:
        """Return the cells at a level of each factor."""
        names = [factor.name for factor in self.sweep.experiment.factors]
        at = names.index(self.one.name), names.index(self.other.name)
        return [
            number
            for number, planned in enumerate(self.sweep.cells)
            if (planned.values[at[0]], planned.values[at[1]]) == (x, y)
            and self.arm in ("", planned.arm.name)
        ]

    def base(self) -> tuple[Any, Any]:
        """Return the levels of the base cell."""
        names = [factor.name for factor in self.sweep.experiment.factors]
        values = self.sweep.cells[self.sweep.base].values
        return values[names.index(self.one.name)], values[names.index(self.other.name)]

    def differences(self) -> list[list[Estimate]]:
        """Return each place's difference from the base cell's place."""
        base = self.cells(*self.base())
        return [
            [
                self.sweep.difference(self.cells(x, y), base, self.outcome)
                for x in self.grid.columns
            ]
            for y in self.grid.index
        ]


def _plot_map(figure: Figure, axes: Any, shown: _Map) -> None:
    """Plot one map: colours span the differences that are told from 0."""
    from matplotlib import colormaps
    from matplotlib.patches import Rectangle

    grid, effects = shown.grid, shown.differences()
    values = np.array(
        [[e.value if e.low > 0.0 or e.high < 0.0 else 0.0 for e in row]
         for row in effects]
    )  # fmt: skip
    reach = float(np.abs(values).max()) or 1.0
    shades = colormaps["RdBu_r"]
    image = axes.imshow(
        values, origin="lower", aspect="auto", cmap=shades, vmin=-reach, vmax=reach
    )
    axes.grid(visible=False)
    for ticks, factor, levels in (
        (axes.set_xticks, shown.one, grid.columns),
        (axes.set_yticks, shown.other, grid.index),
    ):
        step = max(1, ceil(len(levels) / 10))
        at = range(0, len(levels), step)
        ticks([*at], [shorten(tick_label(factor, levels[i]), 12) for i in at], size=8.5)
    x, y = shown.base()
    corner = list(grid.columns).index(x) - 0.5, list(grid.index).index(y) - 0.5
    axes.add_patch(Rectangle(corner, 1, 1, fill=False, lw=2, ec="black", zorder=3))
    if values.size <= _MOST_CELLS:
        means = grid.to_numpy(dtype=float)
        for (row, column), value in np.ndenumerate(values):
            effect = effects[row][column]
            text = f"({short(float(f'{means[row, column]:.3g}'))})"
            if effect.low != 0.0 or effect.high != 0.0:
                text = f"{_signed(effect)}\n{text}"
            axes.text(
                column,
                row,
                text,
                ha="center",
                va="center",
                size=7.5,
                color="white" if abs(value) > 0.6 * reach else "black",
            )
    left, bottom, width, tall = axes.get_position().bounds
    scale = figure.add_axes((left + width + 0.008, bottom, 0.009, tall))
    bar = figure.colorbar(image, cax=scale)
    bar.ax.tick_params(labelsize=8)
    bar.outline.set_visible(False)


def _signed(effect: Estimate) -> str:
    return number_text(effect.value, effect.half_width, signed=True)


_MOST_LINES: Final = 8
_MARGINS: Final = 10
"""Bins in which a scattered design is averaged along one factor."""


def sweep_pictures(sweep: Sweep) -> dict[str, Callable[[], Figure]]:
    """Return what plots each picture that a sweep's design can show, by name."""
    experiment = sweep.experiment
    if not experiment.factors or len(sweep.design) < 2:
        return {}
    frame: Any = sweep.table()
    pictures: dict[str, Callable[[], Figure]] = {}
    for factor in experiment.factors:
        if frame[factor.name].nunique() > 1:
            pictures[f"response-{factor.name}"] = partial(
                response_picture, sweep, frame, factor
            )
    arms = experiment.crossed_arms() or (None,)
    for one, other in combinations(experiment.factors, 2):
        if experiment.design.kind not in ("grid", "list"):
            break
        if not _is_crossed(frame, one, other):
            continue
        for arm in arms:
            name = arm.name if arm is not None else ""
            tail = f"-{name}" if len(arms) > 1 else ""
            pictures[f"map-{one.name}-{other.name}{tail}"] = partial(
                heat_map, sweep, frame, one, other, name
            )
    return pictures


def response_picture(sweep: Sweep, frame: pd.DataFrame, factor: Factor) -> Figure:
    """Plot how each outcome answers to one factor, along the axis.

    Lines are arms, or the levels of the second factor of a full grid of two; then the
    bands are 95 % intervals of Monte Carlo error. In any other design the other
    factors vary too: each point is plotted, and a line joins the means of ten bins.
    """
    plan = sweep.experiment
    table = outcomes_for(plan.scenario)
    others = [f for f in plan.factors if f.name != factor.name]
    scattered = plan.design.kind not in ("grid", "list") or len(others) > 1
    words = (
        "Points: design points. Line: mean of ten bins, while the other factors vary."
        if scattered
        else "Mean; band: its own 95 % interval. Filled: its difference from the base "
        f"cell is told from 0, pair by pair; open: not. Base: {sweep.base_text}."
    )
    if sweep.draws is not None and not scattered:
        words = (
            "Mean; dark band: its 95 % Monte Carlo interval; pale band: 95 % of what "
            "the parameters may make of it, where that can be told. Filled: its "
            "difference from the base cell is told from 0; open: not."
        )
    title = f"Response to {factor.label}"
    # The legend stands beside the first line.
    figure, boxes = sheet(sweep, len(plan.outcomes), title, "", words)
    groups = _groups(sweep, frame, [] if scattered else others)
    for place, name in enumerate(plan.outcomes):
        axes = figure.add_axes(boxes[place])
        for number, (label, rows) in enumerate(groups):
            chosen: Any = rows[rows["outcome"] == name]
            width = 1.8 + 1.1 * (len(groups) - 1 - number)  # the hidden ones show
            colour = _colour(number, len(groups), bool(others) and not scattered)
            if scattered:
                _scatter(axes, chosen, factor, label, colour)
            else:
                _line(axes, chosen, factor, label, colour, width)
        unit = table[name].unit
        if table[name].aggregate == "censored":
            unit = f"{unit}; never counts {plan.until:g}"
        _label(axes, factor, table[name].label, unit)
        if place == 0 and len(groups) > 1:
            handles, labels = axes.get_legend_handles_labels()
            figure.legend(
                handles,
                labels,
                loc="upper right",
                bbox_to_anchor=(0.99, 1 - 0.16 / figure.get_size_inches()[1]),
                ncols=min(len(groups), 3),
                fontsize=9,
                borderaxespad=0,
            )
    return figure


def _groups(
    sweep: Sweep, frame: Any, others: list[Factor]
) -> list[tuple[str, pd.DataFrame]]:
    """Return the rows of each line with its label."""
    groups: list[tuple[str, pd.DataFrame]] = []
    labels = {arm.name: arm.label for arm in sweep.experiment.arms}
    arms = [arm.name for arm in sweep.experiment.crossed_arms()] or [None]
    for arm in arms:
        rows = frame if arm is None else frame[frame["arm"] == arm]
        who = labels[arm] if arm is not None and len(arms) > 1 else ""
        if not others:
            groups.append((who, rows))
            continue
        for value in dict.fromkeys(rows[others[0].name]):
            setting = f"{others[0].name.replace('_', ' ')} {others[0].text(value)}"
            label = f"{who}, {setting}" if who else setting
            groups.append((label, rows[rows[others[0].name] == value]))
    return groups[:_MOST_LINES]


def _colour(number: int, n_groups: int, is_ordered: bool) -> Any:
    """Return a colour: shades where the lines have an order, else hues."""
    if is_ordered and n_groups > 2:
        from matplotlib import colormaps

        return colormaps["viridis"](0.05 + 0.8 * number / (n_groups - 1))
    return COLOURS[number % len(COLOURS)]


def _numbers(factor: Factor, column: Any) -> Any:
    return np.array([factor.number(value) for value in column])


def _line(
    axes: Any, rows: Any, factor: Factor, label: str, colour: Any, width: float
) -> None:
    """Plot one line with its band; lines that coincide show by their widths."""
    x = _numbers(factor, rows[factor.name])
    order = np.argsort(x, kind="stable")
    x = x[order]
    mean, low, high = (rows[n].to_numpy()[order] for n in ("mean", "low", "high"))
    if factor.kind in ("arm", "presence"):
        axes.errorbar(
            x, mean, [mean - low, high - mean], fmt="o", color=colour, label=label
        )
        return
    if "is_told" in rows:
        _pale_band(axes, x, rows.iloc[order], colour)
    axes.fill_between(x, low, high, color=colour, alpha=0.16, linewidth=0)
    axes.plot(x, mean, color=colour, lw=width, marker="o", ms=2.2 + width, label=label)
    least, most = (
        rows[name].to_numpy()[order] for name in ("difference_low", "difference_high")
    )
    is_open = ~((least > 0.0) | (most < 0.0))
    size = 2.2 + width
    axes.plot(x[is_open], mean[is_open], "o", color=colour, ms=size, mfc="white")


def _pale_band(axes: Any, x: Any, rows: Any, colour: Any) -> None:
    """Plot what the parameters may make of a mean, where that can be told."""
    is_told = rows["is_told"].to_numpy(dtype=bool)
    low, high = (
        np.where(is_told, rows[name].to_numpy(), np.nan)
        for name in ("parameter_low", "parameter_high")
    )
    axes.fill_between(x, low, high, color=colour, alpha=0.08, linewidth=0)


def _scatter(axes: Any, rows: Any, factor: Factor, label: str, colour: Any) -> None:
    x = _numbers(factor, rows[factor.name])
    mean = rows["mean"].to_numpy()
    axes.plot(x, mean, ls="none", marker="o", ms=3, mew=0, alpha=0.45, color=colour)
    values = np.unique(x)
    if len(values) <= _MARGINS:
        centres = values
        means = [float(np.nanmean(mean[x == value])) for value in values]
    else:
        edges = np.quantile(x, np.linspace(0.0, 1.0, _MARGINS + 1))
        bins = np.clip(np.searchsorted(edges, x, "right") - 1, 0, _MARGINS - 1)
        used = [b for b in range(_MARGINS) if np.isfinite(mean[bins == b]).any()]
        centres = [float(x[bins == b].mean()) for b in used]
        means = [float(np.nanmean(mean[bins == b])) for b in used]
    axes.plot(centres, means, color=colour, lw=2.0, label=label)


def _label(axes: Any, factor: Factor, label: str, unit: str) -> None:
    """Write title and axes, and let an axis of small numbers begin at 0."""
    axes.set_title(title_of(label, ""), loc="left")
    axes.set_xlabel(axis_label(factor), size=9)
    axes.set_ylabel(f"mean, {unit}" if unit else "mean", size=9)
    axes.tick_params(labelsize=8.5)
    _ticks(axes, factor)
    low, high = axes.get_ylim()
    if 0.0 < low < 0.35 * high:
        axes.set_ylim(bottom=0.0)
    if high - low < 1e-9:
        axes.set_ylim(low - 0.5, high + 0.5)


def _ticks(axes: Any, factor: Factor) -> None:
    """Write levels and dates as people read them."""
    if factor.kind in ("arm", "presence") or (
        factor.levels and len(factor.levels) <= 8 and factor.kind == "number"
    ):
        at = [factor.number(level) for level in factor.levels]
        axes.set_xticks(at, [shorten(tick_label(factor, v), 12) for v in factor.levels])
        room = 0.06 * (max(at) - min(at)) or 0.5
        axes.set_xlim(min(at) - room, max(at) + room)
    elif factor.kind == "date":
        at = np.linspace(factor.low, factor.high, 4)
        assert factor.start is not None  # a factor of dates has one
        from sim.scenario.calendar import moment_text

        start = factor.start
        axes.set_xticks(at, [moment_text(start, float(x))[:10] for x in at], size=8)


def _is_crossed(frame: Any, one: Factor, other: Factor) -> bool:
    """Whether every value of one factor meets every value of the other."""
    pairs = frame[[one.name, other.name]].drop_duplicates()
    sizes = pairs[one.name].nunique(), pairs[other.name].nunique()
    return len(pairs) == sizes[0] * sizes[1] and min(sizes) > 1
