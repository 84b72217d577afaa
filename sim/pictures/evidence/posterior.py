"""Pictures of a posterior: what was learned of each parameter, and how surely."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.ticker import MaxNLocator

from sim.calibration.diagnostics import HDI_DRAWS, arviz, is_log, resampled
from sim.calibration.table import (
    LITTLE,
    as_written,
    parameter_table,
    prior_of,
    scores_of,
)
from sim.pictures.palette import (
    BAND_COLOUR,
    COLOURS,
    MODEL_COLOUR,
    MUTED,
    RECORD_COLOUR,
)
from sim.pictures.style import Making, head, new_figure, shorten, sign
from sim.statistics.weighted import kish, quantile_ends, variance_error

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.calibration.calibrate import Calibration
    from sim.experiment.posterior import Posterior

_COLUMNS: Final = 3
_PANEL: Final = 1.85
"""Height of a parameter's panel, inches."""
_ROW: Final = 0.34
_GRID_POINTS: Final = 65
_WIDTH: Final = 12.0


def parameter_sheet(calibration: Calibration) -> Figure:
    """Plot prior and posterior of each parameter, one panel each."""
    posterior = as_written(calibration)
    n_rows = ceil(len(posterior.parameters) / _COLUMNS)
    height = 1.25 + _PANEL * n_rows
    figure = new_figure(_WIDTH, height)
    head(
        figure,
        f"What the record says of each number: {calibration.experiment.scenario.title}",
        f"Grey: prior.  Blue: posterior, {len(posterior.weights):,} particles worth "
        f"{kish(posterior.weights):.0f}.  Bars: 5 to 95 %, dot the median.  Orange: "
        "where an end may lie, one Monte Carlo error either way.",
    )
    draws = resampled(posterior, HDI_DRAWS)
    for place, parameter in enumerate(posterior.parameters):
        row, column = divmod(place, _COLUMNS)
        bottom = height - 0.9 - _PANEL * row - 1.22
        box = (0.02 + 0.332 * column, bottom / height, 0.29, 1.0 / height)
        axes = figure.add_axes(box)
        _parameter(axes, posterior, parameter, draws[parameter["name"]])
    sign(figure, calibration.experiment.scenario, making_of(calibration))
    return figure


def _parameter(
    axes: Any, posterior: Posterior, parameter: dict[str, Any], draws: Any
) -> None:
    prior_distribution, name = prior_of(parameter), parameter["name"]
    scale = np.log if is_log(parameter) else np.asarray
    back = np.exp if is_log(parameter) else np.asarray
    ends = scale(np.array(axis_ends(parameter, posterior.values[name])))
    grid = np.linspace(float(ends[0]), float(ends[1]), _GRID_POINTS)
    prior = np.gradient(prior_distribution.positions(back(grid)), grid)
    density = _density(scale(draws), kish(posterior.weights), grid)
    axes.fill_between(back(grid), 0.0, prior, color="#dddddd", lw=0)
    axes.fill_between(back(grid), 0.0, density, color=BAND_COLOUR, alpha=0.55, lw=0)
    axes.plot(back(grid), density, color=MODEL_COLOUR, lw=1.4)
    top = float(max(prior.max(), density.max()))
    shares = (0.05, 0.5, 0.95)
    quantiles = posterior.quantiles(name, shares)
    for numbers, y, colour in (
        ([prior_distribution.quantile(share) for share in shares], -0.12, MUTED),
        (quantiles, -0.30, MODEL_COLOUR),
    ):
        axes.plot(numbers[::2], [y * top] * 2, color=colour, lw=2.2)
        axes.plot(numbers[1], y * top, "o", color=colour, ms=4.5)
    for share in shares[::2]:
        rough = quantile_ends(posterior.values[name], posterior.weights, share)
        axes.plot(rough, [-0.30 * top] * 2, color=RECORD_COLOUR, lw=4.2, alpha=0.8)
    axes.set_ylim(-0.42 * top, 1.08 * top)
    if is_log(parameter):
        axes.set_xscale("log")
        ticks = round_numbers(*back(ends))
        axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        axes.set_xticks([], minor=True)
    axes.set_xlim(*back(ends))
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(visible=False, axis="y")
    axes.tick_params(labelsize=8)
    label = shorten(parameter["label"], 60)
    axes.set_title(label, loc="left", size=9, weight="normal")
    low, median, high = quantiles
    axes.set_xlabel(
        f"{_unit(parameter)}posterior {median:.3g} ({low:.3g} to {high:.3g})",
        size=8,
        labelpad=2,
    )


def axis_ends(parameter: dict[str, Any], values: Any) -> tuple[float, float]:
    """Return where a parameter's axis begins and ends: at its prior's bounds.

    A prior without bounds of its own is shown from 0.1 to 99.9 %, and as far as the
    particles reach.
    """
    prior = prior_of(parameter)
    if parameter["prior"]["shape"] not in ("normal", "lognormal"):
        return prior.quantile(0.0), prior.quantile(1.0)
    low, high = prior.quantile(0.001), prior.quantile(0.999)
    return min(low, float(values.min())), max(high, float(values.max()))


def _density(values: Any, size: float, grid: Any) -> Any:
    """Return ArviZ's density of draws that are worth fewer, within a grid.

    The width is Silverman's for as many draws as the particles are worth: chosen for
    the number of draws it would show single particles as peaks.
    """
    ends = (float(grid[0]), float(grid[-1]))
    quarter = float(np.subtract(*np.quantile(values, (0.75, 0.25)))) / 1.34
    spread = min(float(values.std()), quarter) or float(values.std())
    width = max(0.9 * spread * size**-0.2, 0.01 * (ends[1] - ends[0]))
    if np.ptp(values) <= 0.0:  # one value only: a peak where it is
        peak = np.exp(-0.5 * ((grid - values[0]) / width) ** 2)
        return peak / (width * np.sqrt(2.0 * np.pi))
    here, density = arviz().kde(
        values, bw=width, bound_correction=True, custom_lims=ends
    )
    return np.interp(grid, here, density)


def _unit(parameter: dict[str, Any]) -> str:
    unit = parameter["unit"]
    if unit in ("1", "count"):
        return ""
    return ("per " + unit[2:] if unit.startswith("1/") else unit) + "; "


def shrinkage_picture(calibration: Calibration) -> Figure:
    """Plot how far each parameter's posterior is narrower than its prior."""
    posterior = calibration.posterior
    table: Any = parameter_table(posterior)
    scores = scores_of(posterior)
    table["error"] = [
        variance_error(scores[parameter["name"]], posterior.weights)
        for parameter in posterior.parameters
    ]
    table = table.sort_values("shrinkage", kind="stable")
    height = 1.75 + _ROW * max(len(table), 2)
    figure = new_figure(_WIDTH, height)
    head(
        figure,
        f"How much was learned of each number: {calibration.experiment.scenario.title}",
        "1 minus the variance of the normal score over the prior's.  0, or below: "
        "nothing was learned; 1: all.  Lines: one Monte Carlo error either way.",
    )
    axes: Any = figure.add_axes((0.37, 0.72 / height, 0.60, 1 - 1.5 / height))
    y = np.arange(len(table))
    little = table["shrinkage"].to_numpy() < LITTLE
    colours = np.where(little, "#bdbdbd", BAND_COLOUR)
    axes.barh(y, table["shrinkage"], height=0.62, color=colours)
    axes.errorbar(
        table["shrinkage"], y,
        xerr=table["error"], fmt="none", ecolor="black", elinewidth=1.1,
    )  # fmt: skip
    axes.axvline(LITTLE, color=RECORD_COLOUR, lw=1.2, ls=(0, (4, 2)))
    axes.annotate(
        f"below {LITTLE:g}: little is learned",
        (LITTLE, -0.75), (LITTLE + 0.01, -0.75),
        size=8.5, color=RECORD_COLOUR, va="center",
    )  # fmt: skip
    axes.set_yticks(y, [shorten(text, 56) for text in table["parameter"]], size=9)
    axes.grid(visible=False, axis="y")
    axes.set_ylim(-1.1, len(table) - 0.4)
    least = float((table["shrinkage"] - table["error"]).min())
    axes.set_xlim(min(0.0, least - 0.02), 1.0)
    axes.set_xlabel("shrinkage", size=9)
    sign(figure, calibration.experiment.scenario, making_of(calibration))
    return figure


def generation_picture(calibration: Calibration) -> Figure:
    """Plot how close the generations came, and what their particles are worth."""
    generations = calibration.posterior.metadata["generations"]
    height = 3.9
    figure = new_figure(_WIDTH, height)
    head(
        figure,
        f"How the fit went: {calibration.experiment.scenario.title}",
        "Each generation asks for simulations closer to the record.  Tolerances use "
        "the scales of their own generation, so they need not fall each time.",
    )
    numbers = np.arange(len(generations))
    n_particles = max(one["accepted"] for one in generations)
    panels: tuple[tuple[str, list[float], str], ...] = (
        (
            "tolerance, spreads of the simulations",
            [np.nan if g["tolerance"] is None else g["tolerance"] for g in generations],
            COLOURS[0],
        ),
        (
            f"effective size of {n_particles:,} particles",
            [g["effective_size"] for g in generations],
            COLOURS[1],
        ),
        (
            "attempts kept, %",
            [100.0 * g["accepted"] / g["attempts"] for g in generations],
            COLOURS[2],
        ),
    )
    for place, (title, values, colour) in enumerate(panels):
        axes: Any = figure.add_axes(
            (0.05 + 0.325 * place, 0.82 / height, 0.265, 1.95 / height)
        )
        axes.plot(numbers, values, "o-", color=colour, lw=1.6, ms=5)
        axes.set_title(title, loc="left", size=9.5)
        axes.set_xlabel("generation", size=9)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.tick_params(labelsize=8.5)
        axes.set_xlim(-0.4, len(generations) - 0.6)
        axes.set_ylim(0.0, 1.15 * float(np.nanmax(values)))
        axes.annotate(
            f"{values[-1]:.3g}", (numbers[-1], values[-1]),
            xytext=(0, 7), textcoords="offset points", ha="center", size=8.5,
        )  # fmt: skip
    sign(figure, calibration.experiment.scenario, making_of(calibration))
    return figure


def making_of(calibration: Calibration) -> Making:
    """Return where the numbers of a fit's pictures come from."""
    replications = f"posterior {calibration.posterior.digest[:12]}"
    return Making(
        calibration.experiment.root_seed, replications, calibration.experiment.until
    )


def round_numbers(low: float, high: float) -> list[float]:
    """Return round numbers between two, for a logarithmic axis.

    >>> round_numbers(0.005, 0.3)
    [0.01, 0.03, 0.1, 0.3]
    >>> round_numbers(1.0, 12.0)
    [1.0, 2.0, 5.0, 10.0]
    """
    decades = float(np.log10(high / low))
    heads = (1, 2, 5) if decades < 1.7 else (1, 3) if decades < 3.0 else (1,)
    first, last = int(np.floor(np.log10(low))), int(np.ceil(np.log10(high)))
    ticks = [float(f"{m}e{k}") for k in range(first, last + 1) for m in heads]
    return [tick for tick in ticks if 0.999 * low <= tick <= 1.001 * high]
