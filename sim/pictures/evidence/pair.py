"""Picture of the parameters that only together say something: the tied pairs."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.calibration.diagnostics import is_log, resampled
from sim.calibration.table import TIED, Pair, as_written, tied_pairs
from sim.pictures.evidence.posterior import axis_ends, making_of, round_numbers
from sim.pictures.palette import BAND_COLOUR, MODEL_COLOUR
from sim.pictures.style import head, new_figure, shorten, sign

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.calibration.calibrate import Calibration
    from sim.experiment.posterior import Posterior

MOST_PAIRS: Final = 6
_COLUMNS: Final = 3
_PANEL: Final = 3.3
_DOTS: Final = 150
_POINTS: Final = 60
"""Points of a density's grid to a side."""
_FAINT: Final = "#dbe9f5"


def pair_picture(calibration: Calibration) -> Figure:
    """Plot the most correlated pairs: parameter draws and their contours."""
    posterior = as_written(calibration)
    pairs = tied_pairs(posterior)[:MOST_PAIRS]
    height = 1.15 + _PANEL * ceil(len(pairs) / _COLUMNS)
    figure = new_figure(12.0, height)
    head(
        figure,
        "Which numbers are tied to each other: "
        f"{calibration.experiment.scenario.title}",
        f"The {len(pairs)} most correlated pairs, each over its prior's whole range.  "
        "Dots: draws of the posterior.  Areas: half and 90 % of it.  From "
        f"±{TIED:g} on only a combination is seen.",
    )
    draws = resampled(posterior, _DOTS)
    by_name = {one["name"]: one for one in posterior.parameters}
    for place, pair in enumerate(pairs):
        row, column = divmod(place, _COLUMNS)
        bottom = height - 1.0 - _PANEL * row - 2.45
        box = (0.065 + 0.325 * column, bottom / height, 0.255, 2.3 / height)
        axes: Any = figure.add_axes(box)
        _pair(axes, pair, posterior, by_name, draws)
    sign(figure, calibration.experiment.scenario, making_of(calibration))
    return figure


def _pair(
    axes: Any,
    pair: Pair,
    posterior: Posterior,
    parameters: dict[str, dict[str, Any]],
    draws: dict[str, Any],
) -> None:
    sides = [parameters[name] for name in (pair.second, pair.first)]
    bounds = [axis_ends(one, posterior.values[one["name"]]) for one in sides]
    ends = [_scaled(one, bound) for one, bound in zip(sides, bounds, strict=True)]
    grids = [np.linspace(float(low), float(high), _POINTS) for low, high in ends]
    values = [_scaled(one, posterior.values[one["name"]]) for one in sides]
    density = _density(values, posterior.weights, grids)
    levels = [*_levels(density), 1.001 * float(density.max())]
    axes.contourf(*grids, density, levels=levels, colors=[_FAINT, BAND_COLOUR])
    dots = [_scaled(one, draws[one["name"]]) for one in sides]
    axes.plot(*dots, "o", ms=2.8, color=MODEL_COLOUR, mec="none", zorder=3)
    for one, bound, limit, axis in (
        (sides[0], bounds[0], axes.set_xlim, axes.xaxis),
        (sides[1], bounds[1], axes.set_ylim, axes.yaxis),
    ):
        limit(*_scaled(one, bound))
        if is_log(one):
            ticks = round_numbers(*bound)
            axis.set_ticks(np.log10(ticks), [f"{tick:g}" for tick in ticks])
    axes.tick_params(labelsize=8)
    axes.grid(visible=False)
    axes.set_xlabel(shorten(sides[0]["label"], 44), size=8.5)
    axes.set_ylabel(shorten(sides[1]["label"], 38), size=8.5)
    axes.set_title(
        f"correlation {pair.correlation:+.2f} ± {pair.error:.2f}", loc="left", size=9
    )


def _scaled(parameter: dict[str, Any], values: Any) -> Any:
    """Return values as the axis has them: their logarithms, where the prior is so."""
    return np.log10(values) if is_log(parameter) else np.asarray(values)


def _density(values: list[Any], weights: Any, grids: list[Any]) -> Any:
    """Return the density of weighted particles on a grid, shape (second, first).

    Its width is Scott's for as many particles as the weights are worth: chosen for
    their number it would show single particles as islands.
    """
    from scipy.stats import gaussian_kde

    density: Any = gaussian_kde(np.vstack(values), weights=weights)
    points = np.array(np.meshgrid(*grids)).reshape(2, -1)
    return density(points).reshape(_POINTS, _POINTS)


def _levels(density: Any) -> list[float]:
    """Return the densities within which 90 % and half of a grid's mass lie."""
    falling = np.sort(density, axis=None)[::-1]
    mass = np.cumsum(falling) / falling.sum()
    return [float(falling[np.searchsorted(mass, share)]) for share in (0.9, 0.5)]
