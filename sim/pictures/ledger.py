"""The picture of a ledger: what each mechanism moves, in sizes that count."""

from __future__ import annotations

from math import floor, isfinite, log10
from typing import TYPE_CHECKING, Any, Final

from sim.ledger.ledger import DEFAULT, is_own_entry, verdict
from sim.ledger.table import SHOWN, short_label
from sim.pictures.palette import COLOURS, MUTED
from sim.pictures.style import Making, head, new_figure, shorten, sign

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.ledger.ledger import Ledger, Measure, Row

LINE: Final = 0.2
"""Inches a row."""

LINEAR: Final = 1.0
"""Sizes up to which the axis is linear; beyond, it is logarithmic."""

_LEFT: Final = 0.265
_MARKS: Final = {DEFAULT: "o", "low end": "<", "high end": ">"}


def ledger_picture(ledger: Ledger) -> Figure:
    """Plot a ledger: a panel for each of its first outcomes, a line for each mechanism.

    The dot is the effect in the scenario as it is, with its interval; the arrows are
    the low and the high end of the range. The unit is the size that counts, so panels
    compare; the band holds what is too small. Mechanisms that were not run are left
    out, and named below.
    """
    rows = [row for row in ledger.rows if row.contrasts]
    left_out = [row.name for row in ledger.rows if not row.contrasts]
    shown = list(ledger.measures.values())[:SHOWN]
    height = 2.1 + LINE * len(rows)
    drawing = new_figure(12.0, height)
    head(
        drawing,
        f"What each mechanism moves in {ledger.scenario.name}",
        "On minus off in coupled worlds, in sizes that count (grey band: too small). "
        "Dot: the scenario as it is, with its 95 % interval; < and >: ends of the "
        "range.",
        "Hollow: the outcome counts the mechanism's own entries in the log. Grey name: "
        "no other kind of actor does anything else, or nothing moves by a size that "
        "counts.",
    )
    places = [len(rows) - 1 - k for k in range(len(rows))]
    width = (0.985 - _LEFT) / len(shown)
    for column, measure in enumerate(shown):
        box = (
            _LEFT + column * width,
            0.85 / height,
            width - 0.012,
            LINE * len(rows) / height,
        )
        axes: Any = drawing.add_axes(box)
        _panel(axes, ledger, rows, places, measure)
        if column == 0:
            axes.set_yticks(places, [row.name for row in rows], size=8)
            for label, row in zip(axes.get_yticklabels(), rows, strict=True):
                if verdict(row, ledger.measures) not in ("moves", "unresolved"):
                    label.set_color(MUTED)
        else:
            axes.set_yticks(places, [""] * len(rows))
    if left_out:
        text = shorten("not run: " + ", ".join(left_out), 190)
        drawing.text(0.01, 0.32 / height, text, size=8, color=MUTED)
    making = Making(
        ledger.root_seed, f"{ledger.replications} replications an arm", ledger.until
    )
    sign(drawing, ledger.scenario, making)
    return drawing


def _panel(
    axes: Any, ledger: Ledger, rows: list[Row], places: list[int], measure: Measure
) -> None:
    """Plot one outcome of every row."""
    axes.axvspan(-1.0, 1.0, color="#e8e8e8", lw=0)
    axes.axvline(0.0, color=MUTED, lw=0.8)
    largest = 10.0
    for row, at in zip(rows, places, strict=True):
        own = is_own_entry(row, measure)
        for contrast in row.contrasts:
            moved = contrast.moved[measure.name]
            if not isfinite(moved.value):
                continue
            value, low, high = (
                x / measure.size for x in (moved.value, moved.low, moved.high)
            )
            largest = max(largest, abs(low), abs(high))
            is_default = contrast.at == DEFAULT
            if value == low == high == 0.0 and not is_default:
                continue
            colour = COLOURS[0] if is_default else COLOURS[1]
            axes.plot(
                [value],
                [at],
                _MARKS[contrast.at],
                ms=4.5 if is_default else 3.8,
                color=colour,
                mfc="white" if own else colour,
                alpha=1.0 if is_default else 0.75,
                zorder=3 if is_default else 2,
            )
            if is_default:
                axes.plot([low, high], [at, at], color=colour, lw=1.4, zorder=2)
    axes.set_xscale("symlog", linthresh=LINEAR)
    limit = 2.0 * largest
    axes.set_xlim(-limit, limit)
    axes.set_ylim(-0.7, len(rows) - 0.3)
    end = 10.0 ** floor(log10(limit))
    axes.set_xticks([-end, 0.0, end], [f"−{end:.0f}", "0", f"+{end:.0f}"])
    axes.minorticks_off()
    axes.tick_params(axis="x", labelsize=8)
    unit = (
        f"{100 * measure.size:.2g} points"
        if measure.unit == "share"
        else (f"{measure.size:.2g}")
    )
    axes.set_title(short_label(measure), loc="left", size=9.5, pad=3)
    axes.set_xlabel(f"× {unit}", size=8.5)
