"""What a scenario puts in, drawn as dated lines whose labels do not overlap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.pictures.style import shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from sim.scenario.scenario import Scenario


def draw_developments(
    figure: Figure, axes: Any, scenario: Scenario, horizon: float, at: Any
) -> None:
    """Draw what was put in as lines, with labels spread so that none overlap."""
    put_in = sorted(
        (entry.time, entry.identity)
        for entry in (*scenario.changes, *scenario.given)
        if entry.time < horizon
    )
    if not put_in:
        return
    left, right = at(0.0), at(horizon)
    inches = axes.get_position().width * figure.get_size_inches()[0]
    spacing = (right - left) / (inches / 0.155)
    if len(put_in) * spacing > right - left:
        spacing = (right - left) / len(put_in)
    places = spread([at(day) for day, _ in put_in], spacing, left, right)
    for (day, name), place in zip(put_in, places, strict=True):
        x = at(day)
        axes.axvline(x, color="#a8a8a8", lw=0.7, ls=":", zorder=1)
        axes.annotate(
            shorten(name.replace("_", " "), 24),
            xy=(x, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(place, 1.045),
            textcoords=("data", "axes fraction"),
            rotation=90,
            ha="center",
            va="bottom",
            size=8,
            arrowprops={"arrowstyle": "-", "color": "#a8a8a8", "lw": 0.7,
                        "shrinkA": 0, "shrinkB": 0},
        )  # fmt: skip


def spread(
    wanted: Sequence[float], spacing: float, left: float, right: float
) -> list[float]:
    """Return places as near to the wanted ones as a spacing allows, in their order.

    >>> spread([1.0, 1.0, 9.0], 1.0, 0.0, 10.0)
    [0.5, 1.5, 9.0]
    """
    groups: list[list[float]] = []  # of each: sum of (wanted - own offset), members
    for x in wanted:
        groups.append([x, 1.0])
        while len(groups) > 1:
            before, last = groups[-2], groups[-1]
            end = before[0] / before[1] + (before[1] - 1) / 2 * spacing
            begin = last[0] / last[1] - (last[1] - 1) / 2 * spacing
            if end + spacing <= begin:
                break
            groups[-2:] = [[before[0] + last[0], before[1] + last[1]]]
    places: list[float] = []
    for total, members in groups:
        middle = total / members
        half = (members - 1) / 2 * spacing
        middle = min(max(middle, left + half), right - half)
        places += [middle - half + n * spacing for n in range(int(members))]
    return places
