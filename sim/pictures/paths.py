"""The ways to an outcome as a Sankey picture: from its beginnings to the outcome."""

from __future__ import annotations

from collections import Counter
from textwrap import fill
from typing import TYPE_CHECKING, Any, Final

from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Curve

from sim.ladder import label_named
from sim.pictures.palette import COLOURS, MUTED
from sim.pictures.style import Making, head, new_figure, sign

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.explanation.paths import Paths

MOST_STEPS: Final = 4
"""Steps before the outcome that are shown; what lies before them is put together."""
MOST_ACTS: Final = 6
"""Acts that are shown at one step; the others are put together."""
EARLIER, OTHERS = "… earlier", "others"
_GAP: Final = 0.035
_WIDTH: Final = 0.018


def columns_of(paths: Paths) -> list[tuple[tuple[str, ...], int]]:
    """Return each path as it is shown, from its beginning, with how many came so.

    Acts are named by label; long paths begin with what is earlier, and acts that are
    rare at their step, counted back from the outcome, are others.
    """
    shown: list[tuple[list[str], int]] = []
    for path in paths.paths:
        labels = [label_named(act) for act in path.acts]
        if len(labels) > MOST_STEPS + 1:
            labels = [EARLIER, *labels[-MOST_STEPS:]]
        shown.append((labels[::-1], path.n))
    for step in range(MOST_STEPS + 1):
        counts = Counter[str]()
        for labels, n in shown:
            if step < len(labels):
                counts[labels[step]] += n
        common = {label for label, _ in counts.most_common(MOST_ACTS)}
        for labels, _ in shown:
            if step < len(labels) and labels[step] not in common:
                labels[step] = OTHERS
    return [(tuple(labels[::-1]), n) for labels, n in shown]


def paths_picture(paths: Paths) -> Figure:
    """Plot the ways to an outcome; the width of a band is how many came by it."""
    flows = columns_of(paths)
    deepest = max(len(labels) for labels, _ in flows)
    figure = new_figure(12.0, 7.0)
    axes: Any = figure.add_axes((0.02, 0.10, 0.96, 0.76))
    axes.set_xlim(-0.02, 1.26)
    axes.set_ylim(1.02, -0.02)
    axes.axis("off")
    nodes, links = Counter[tuple[int, str]](), Counter[tuple[int, str, str]]()
    for labels, n in flows:
        for back, label in enumerate(reversed(labels)):
            nodes[back, label] += n
        for back, (before, after) in enumerate(
            zip(labels[-2::-1], labels[:0:-1], strict=True)
        ):
            links[back, before, after] += n
    most = max(sum(b == back for b, _ in nodes) for back in range(deepest))
    scale = (1.0 - _GAP * (most - 1)) / paths.n_reached
    x = {back: 1.0 - back / max(1, deepest - 1) for back in range(deepest)}
    tops = _tops(nodes, deepest, scale)
    totals = Counter[str]()
    for (_, label), n in nodes.items():
        totals[label] += n * (label not in (EARLIER, OTHERS))
    common = [label for label, n in totals.most_common(len(COLOURS) - 1) if n]
    colours = dict(zip(common, COLOURS, strict=False))
    left, right = dict(tops), dict(tops)
    for (back, before, after), n in sorted(
        links.items(), key=lambda item: (item[0][0], tops[item[0][0], item[0][2]],
                                         tops[item[0][0] + 1, item[0][1]])
    ):  # fmt: skip
        start, end = (back + 1, before), (back, after)
        _band(
            axes,
            (x[back + 1] + _WIDTH, right[start]),
            (x[back], left[end]),
            n * scale,
            colours.get(before, MUTED),
        )
        right[start] += n * scale
        left[end] += n * scale
    for (back, label), n in nodes.items():
        top, height = tops[back, label], n * scale
        colour = colours.get(label, MUTED)
        axes.add_patch(
            Rectangle((x[back], top), _WIDTH, height, color=colour, lw=0, zorder=3)
        )
        share = 100.0 * n / paths.n_reached
        share_text = f"{share:.0f} %" if share >= 0.5 else "under 1 %"
        axes.text(
            x[back] + _WIDTH + 0.006,
            top + height / 2,
            f"{fill(label, 24)}  {share_text}",
            va="center",
            size=8.5,
            zorder=4,
            bbox={"fc": "white", "ec": "none", "pad": 0.8, "alpha": 0.75},
        )
    head(
        figure,
        f"How {paths.label} comes about",
        paths.scenario.title,
        f"{paths.n_reached} of {paths.n} replications reach it. From left to right "
        "each incident is the cause of the next or, where that has none, what it would",
        "not have been without. Columns are steps before the outcome; shares are of "
        "the replications that reach it. A chain begins where its band begins.",
    )
    making = Making(paths.root_seed, f"{paths.n} replications", paths.until)
    sign(figure, paths.scenario, making)
    return figure


def _tops(
    nodes: Counter[tuple[int, str]], deepest: int, scale: float
) -> dict[tuple[int, str], float]:
    """Return where each node begins: by size in its column, from the top."""
    tops: dict[tuple[int, str], float] = {}
    for back in range(deepest):
        column = [(label, n) for (b, label), n in nodes.items() if b == back]
        column.sort(key=lambda item: (item[0] in (EARLIER, OTHERS), -item[1], item[0]))
        height = sum(n for _, n in column) * scale + _GAP * (len(column) - 1)
        y = (1.0 - height) / 2.0
        for label, n in column:
            tops[back, label] = y
            y += n * scale + _GAP
    return tops


def _band(
    axes: Any,
    start: tuple[float, float],
    end: tuple[float, float],
    height: float,
    colour: str,
) -> None:
    """Plot a band between two nodes."""
    (x0, y0), (x1, y1) = start, end
    middle = (x0 + x1) / 2.0
    points = [
        (x0, y0), (middle, y0), (middle, y1), (x1, y1),
        (x1, y1 + height), (middle, y1 + height), (middle, y0 + height),
        (x0, y0 + height), (x0, y0),
    ]  # fmt: skip
    codes = [Curve.MOVETO, *([Curve.CURVE4] * 3), Curve.LINETO,
             *([Curve.CURVE4] * 3), Curve.CLOSEPOLY]  # fmt: skip
    patch = PathPatch(Curve(points, codes), color=colour, alpha=0.35, lw=0, zorder=1)
    axes.add_patch(patch)
