"""Picture of a sensitivity analysis: one bar with its interval for each factor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.outcomes import outcomes_for
from sim.pictures.palette import BAND_COLOUR, MODEL_COLOUR, RECORD_COLOUR
from sim.pictures.style import Making, head, new_figure, shorten, sign

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.sweeps.sensitivity import Sensitivity
    from sim.sweeps.sweep import Sweep

_ROW: Final = 0.34
"""Height of a factor's row, inches."""


def sensitivity_picture(sweep: Sweep, outcome: str, sensitivity: Sensitivity) -> Figure:
    """Plot the factors in the order in which they matter to an outcome."""
    plan = sweep.experiment
    is_morris = sensitivity.method == "morris"
    first = "mu_star" if is_morris else "total"
    table: Any = sensitivity.table.sort_values(first)
    labels = {factor.name: factor.label for factor in plan.factors}
    height = 1.75 + _ROW * max(len(table), 2)
    figure = new_figure(12.0, height)
    row = outcomes_for(plan.scenario)[outcome]
    title = f"What moves {row.label}: {plan.scenario.title}"
    head(figure, title, _words(sensitivity, row.unit))
    box = (0.33, 0.72 / height, 0.64, 1 - 1.5 / height)
    axes = figure.add_axes(box)
    y = np.arange(len(table))
    if is_morris:
        _bars(axes, y, table, "", "size of effect")
        axes.plot(
            table["noise_floor"],
            y,
            ls="none",
            marker="|",
            ms=13,
            mew=2.4,
            color=RECORD_COLOUR,
            label="what chance alone would give",
        )
        axes.set_xlabel(
            f"change over the factor's range, {row.unit or 'units'}", size=9
        )
    else:
        _bars(axes, y + 0.18, table, "total", "total: with its interactions")
        _bars(axes, y - 0.18, table, "first", "first order: alone")
        axes.set_xlabel("share of the variance that the factors make", size=9)
    axes.set_yticks(y, [shorten(labels[name], 44) for name in table.index], size=9)
    axes.grid(visible=False, axis="y")
    axes.set_ylim(-0.6, len(table) - 0.4)
    axes.set_xlim(left=min(0.0, axes.get_xlim()[0]))
    axes.legend(loc="lower right", fontsize=9)
    replications = f"{sensitivity.n_points} × {sensitivity.replications} replications"
    sign(figure, plan.scenario, Making(plan.root_seed, replications, plan.until))
    return figure


def _words(sensitivity: Sensitivity, unit: str) -> str:
    if np.isnan(sensitivity.noise_variance):
        return "95 % intervals over the design; one replication, so noise is unknown."
    spread = sensitivity.variance**0.5
    noise = sensitivity.noise_variance**0.5
    unit = f" {unit}" if unit else ""
    return (
        f"95 % intervals over the design.  Spread of the mean over the design: "
        f"{spread:.3g}{unit} by the factors, {noise:.2g}{unit} by chance "
        f"({100 * sensitivity.noise_share:.0f} % of the variance seen; taken off)."
    )


def _bars(axes: Any, y: Any, table: Any, index: str, label: str) -> None:
    """Plot the bars of an index of Sobol', or without one of Morris."""
    values = table[index or "mu_star"]
    low, high = (table[f"{index}_{end}".lstrip("_")] for end in ("low", "high"))
    colour = MODEL_COLOUR if index == "first" else BAND_COLOUR
    axes.barh(y, values, height=0.34 if index else 0.6, color=colour, label=label)
    ends = [np.maximum(values - low, 0.0), np.maximum(high - values, 0.0)]
    axes.errorbar(values, y, xerr=ends, fmt="none", ecolor="black", elinewidth=1.1)
