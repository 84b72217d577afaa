"""Picture of the posterior predictive check: every statistic of the record."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.calibration.diagnostics import predictive
from sim.digits import short
from sim.outcomes import outcomes_for
from sim.pictures.evidence.posterior import making_of
from sim.pictures.palette import BAND_COLOUR, MODEL_COLOUR, MUTED, RECORD_COLOUR
from sim.pictures.style import head, new_figure, shorten, sign
from sim.record.table import mid_rank, percentile_text
from sim.record.targets import targets_for

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.calibration.calibrate import Calibration
    from sim.outcomes import Outcome
    from sim.record.targets import Target

_ROW: Final = 0.56
"""Height of a statistic's row, inches."""
_BARS: Final = 36
_REACH: Final = (0.01, 0.99)
"""Share of the posterior's draws that a row spans, with the record and its interval."""
_OUTSIDE: Final = (5.0, 95.0)
"""Percentiles of the posterior's draws beyond which the record is marked."""


def predictive_sheet(calibration: Calibration) -> Figure:
    """Plot where the record lies in draws of prior and posterior, all on one sheet.

    Fitted statistics stand first: that the record lies among the draws is there no
    test. Those only checked could contradict the fit.
    """
    scenario, until = calibration.experiment.scenario, calibration.experiment.until
    fitted = {target.name for target in calibration.targets}
    every = targets_for(scenario, until)
    groups: tuple[tuple[str, list[Target]], ...] = (
        ("Fitted, so no test", [t for t in every if t.name in fitted]),
        (
            "Only checked",
            [t for t in every if t.name not in fitted],
        ),
    )
    rows: list[Target | str] = []
    for title, members in groups:
        rows += [title, *members] if members else []
    n_rows = ceil((len(rows) + 1) / 2)
    if not isinstance(rows[n_rows], str):
        title = next(row for row in reversed(rows[:n_rows]) if isinstance(row, str))
        rows.insert(n_rows, f"{title}, continued")
    height = 1.15 + _ROW * n_rows
    figure = new_figure(12.0, height)
    head(
        figure,
        f"The record among simulated histories: {scenario.title}",
        "Blue, above: posterior, bar its 5 to 95 %.  Grey, below: prior.  Orange: "
        "record, its own 95 % interval, and its percentile, red outside 5 to 95.",
    )
    frames, table = predictive(calibration), outcomes_for(scenario)
    for place, row in enumerate(rows):
        column, line = divmod(place, n_rows)
        top = height - 0.82 - _ROW * line
        left = 0.01 + 0.5 * column
        if isinstance(row, str):
            figure.text(left, (top - 0.3) / height, row, size=10.5, weight="bold")
            y = (top - 0.3) / height
            figure.text(left + 0.44, y, "percentile", size=8, color=MUTED)
            continue
        box = (left + 0.235, (top - 0.42) / height, 0.195, 0.37 / height)
        axes = figure.add_axes(box)
        draws = {key: frame[row.outcome].to_numpy() for key, frame in frames.items()}
        words = _panel(axes, row, draws, table[row.outcome])
        middle = (top - 0.26) / height
        label = _label(table[row.outcome])
        figure.text(left, middle + 0.055 / height, shorten(label, 42), size=8.8)
        figure.text(left, middle - 0.115 / height, words, size=7.6, color=MUTED)
        rank = mid_rank(_defined(draws["posterior"]), row.value)
        is_inside = not (rank < _OUTSIDE[0] or rank > _OUTSIDE[1])  # also where nan
        figure.text(
            left + 0.44,
            middle - 0.03 / height,
            percentile_text(rank),
            size=9.5,
            color="black" if is_inside else "#b2182b",
            weight="normal" if is_inside else "bold",
        )
    making = making_of(calibration)
    n_draws = f"{len(frames['posterior'])} draws of {making.replications}"
    sign(figure, scenario, making._replace(replications=n_draws))
    return figure


def _label(outcome: Outcome) -> str:
    label = outcome.label.removeprefix("reported ")
    is_share = outcome.kind == "share" and not label.startswith(("share", "change"))
    return f"share of {label}" if is_share else label


def _defined(values: Any) -> Any:
    return values[np.isfinite(values)]


def _panel(axes: Any, target: Target, draws: dict[str, Any], outcome: Outcome) -> str:
    """Plot one statistic; return its record, unit and where it is undefined."""
    later = _defined(draws["posterior"])
    reach = [target.value, target.low, target.high]
    if len(later):
        reach += [float(x) for x in np.quantile(later, _REACH)]
    is_whole = outcome.kind in ("count", "rung")
    edges = _edges(min(reach), max(reach), is_whole)
    for key, colour, sign_of in (
        ("posterior", BAND_COLOUR, 1.0),
        ("prior", "#cfcfcf", -1.0),
    ):
        values = _defined(draws[key])
        heights = np.histogram(values, edges)[0] / max(len(values), 1)
        top = float(heights.max()) or 1.0
        scale = sign_of * (1.0 if sign_of > 0 else 0.55)
        axes.stairs(scale * heights / top, edges, fill=True, color=colour, lw=0)
    if len(later):
        ends = np.quantile(later, (0.05, 0.95))
        axes.plot(ends, [0.0, 0.0], color=MODEL_COLOUR, lw=2.6, solid_capstyle="butt")
        middle = float(np.median(later))
        axes.plot(middle, 0.0, "o", color=MODEL_COLOUR, ms=3.6)
    axes.plot([target.low, target.high], [0.55] * 2, color=RECORD_COLOUR, lw=1.2)
    axes.plot([target.value] * 2, [-0.6, 1.0], color=RECORD_COLOUR, lw=1.4)
    axes.plot(target.value, 0.55, "D", ms=4.6, mfc=RECORD_COLOUR, mec="white")
    margin = 0.015 * (edges[-1] - edges[0])
    axes.set_xlim(edges[0] - margin, edges[-1] + margin)
    axes.set_ylim(-0.62, 1.05)
    axes.set_yticks([])
    axes.grid(visible=False)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    shown = [edges[0], edges[-1]] if not is_whole else [edges[0] + 0.5, edges[-1] - 0.5]
    axes.set_xticks(shown, [short(float(x)) for x in shown], size=7)
    axes.tick_params(axis="x", length=0, pad=0.5, colors=MUTED)
    for tick, side in zip(axes.get_xticklabels(), ("left", "right"), strict=True):
        tick.set_horizontalalignment(side)
    words = f"record {short(target.value)}"
    unit = outcome.unit.replace("1/", "a ")
    words += "" if unit in ("", "share", "incidents") else f" {unit}"
    share = len(later) / len(draws["posterior"])
    return words + (f"; exists in {100 * share:.0f} %" if share < 0.995 else "")


def _edges(low: float, high: float, is_whole: bool) -> Any:
    """Return the bounds of the bars; whole numbers have bars of their own, or several.

    >>> [float(x) for x in _edges(0, 3, True)]
    [-0.5, 0.5, 1.5, 2.5, 3.5]
    """
    if not is_whole:
        low, high = (low, high) if high > low else (low - 0.5, high + 0.5)
        return np.linspace(low, high, _BARS + 1)
    low, high = np.floor(low), np.ceil(high)
    step = max(1, ceil((high - low + 1) / _BARS))
    n_bars = ceil((high - low + 1) / step)
    return low - 0.5 + step * np.arange(n_bars + 1)
