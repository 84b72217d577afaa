"""The one picture of a brief: values with their intervals, readable on a telephone."""

from __future__ import annotations

from math import isfinite
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final

import matplotlib
from matplotlib.ticker import MaxNLocator

from sim.digits import capital
from sim.pictures.palette import MODEL_COLOUR, MUTED
from sim.pictures.style import figure_bytes, new_figure, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from sim.pictures.panel import Panel

WIDTH: Final = 4.0
"""Inches: 400 pixels."""
_ROW: Final = 0.38
_HEAD: Final = 0.34
_FOOT: Final = 0.52
_LINE: Final = 0.16
_TITLE: Final = 44
"""Letters of a line of a title."""
_LONGEST: Final = 58
"""Letters of a label that fit."""


def panels_picture(panels: Sequence[Panel], form: str) -> bytes:
    """Return panels one above the other as a picture, ``svg`` or ``png``.

    Equal panels give equal bytes.
    """
    return figure_bytes(lambda: _panels(panels), form)


def _panels(panels: Sequence[Panel]) -> Figure:
    titles = [wrap(capital(panel.title), _TITLE) for panel in panels]
    heights = [
        _HEAD + _LINE * (len(title) - 1) + _FOOT + _ROW * len(panel.lines)
        for title, panel in zip(titles, panels, strict=True)
    ]
    height = sum(heights)
    figure = new_figure(WIDTH, height)
    top = height
    for title, panel, tall in zip(titles, panels, heights, strict=True):
        bottom = top - tall + _FOOT
        room = _ROW * len(panel.lines)
        axes: Any = figure.add_axes((0.04, bottom / height, 0.92, room / height))
        figure.text(
            0.02, (top - 0.08) / height, "\n".join(title), size=9.5, weight="bold",
            va="top",
        )  # fmt: skip
        _plot(axes, panel)
        top -= tall
    return figure


def _plot(axes: Any, panel: Panel) -> None:
    ends = [x for line in panel.lines for x in line[1:] if isfinite(x)]
    if panel.is_difference:
        ends.append(0.0)
        axes.axvline(0.0, color=MUTED, lw=1.0, ls=":")
    low, high = min(ends), max(ends)
    starts_at_0 = not panel.is_difference and low >= 0.0 and low < 0.4 * high
    span = (high - (0.0 if starts_at_0 else low)) or 1.0
    axes.set_xlim(0.0 if starts_at_0 else low - 0.06 * span, high + 0.06 * span)
    for place, line in enumerate(panel.lines):
        if isfinite(line.draws_low):
            ends = [line.draws_low, line.draws_high]
            axes.plot(ends, [place, place], color=MODEL_COLOUR, lw=0.8)
        if isfinite(line.low):
            axes.plot([line.low, line.high], [place, place], color=MODEL_COLOUR, lw=2.2)
        axes.plot([line.value], [place], "o", color=MODEL_COLOUR, ms=5, clip_on=False)
        axes.annotate(
            shorten(line.label, _LONGEST), (0.0, place - 0.42),
            xycoords=("axes fraction", "data"), size=8.5, va="center",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
        )  # fmt: skip
    axes.set_ylim(len(panel.lines) - 0.6, -0.7)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="y", visible=False)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6))
    axes.tick_params(labelsize=8.5, colors=MUTED)
    has_intervals = any(isfinite(line.low) for line in panel.lines)
    whose = "the difference" if panel.is_difference else "the mean"
    note = f"line: 95 % interval of {whose}" if has_intervals else "mean"
    if any(isfinite(line.draws_low) for line in panel.lines):
        note = "thick: 95 % interval of the mean; thin: 95 % of draws"
    unit = f"{panel.unit}; " if panel.unit else ""
    axes.set_xlabel(f"{unit}{note}", size=8.5, color=MUTED)


def font_file(*, bold: bool = False) -> Path:
    """Return the font that comes with matplotlib, as a file."""
    name = f"DejaVuSans{'-Bold' if bold else ''}.ttf"
    return Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name
