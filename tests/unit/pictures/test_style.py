"""A figure keeps its head, foot and margins at any size, and with any title."""

from __future__ import annotations

from typing import Any

import pytest

from sim.pictures.style import Making, Picture, head, house_style, new_figure, sign
from tests import builders

LONG = (
    "What each arm changes in a confrontation whose name takes more than one row " * 2
)


def plotted(title: str) -> tuple[Picture, Any]:
    """Return a figure with head, axes and foot, as every picture has them."""
    with house_style():
        figure = new_figure(12.0, 6.0)
        head(figure, title, "Bars: 95 % intervals.")
        axes = figure.add_axes((0.2, 0.15, 0.7, 0.7))
        axes.plot([0.0, 1.0], [0.0, 1.0])
        sign(figure, builders.ticking(0.3, horizon=5.0), Making(1, "9 pairs", 5.0))
        figure.draw_without_rendering()
    return figure, axes


def boxes(figure: Picture, axes: Any) -> list[Any]:
    """Return the boxes of head, titles, axes and foot in pixels."""
    figure.draw_without_rendering()
    texts = [*figure.head, axes.title, *figure.foot]
    found = [text.get_window_extent() for text in texts if text.get_text()]
    return [*found, axes.get_window_extent()]


@pytest.mark.parametrize("size", [(12.0, 6.0), (8.0, 5.0), (5.0, 4.0)])
@pytest.mark.parametrize("title", ["Short", LONG])
@pytest.mark.parametrize("own", ["", "A title of the axes"])
def test_nothing_is_cut_or_overlaps(
    size: tuple[float, float], title: str, own: str
) -> None:
    """All is within the figure, and no text lies on another or on the axes."""
    figure, axes = plotted("What each arm changes")
    figure.set_size_inches(*size)
    figure.suptitle(title)
    axes.set_title(own)
    every = boxes(figure, axes)
    width, height = figure.bbox.width, figure.bbox.height
    for place, box in enumerate(every):
        assert 0.0 <= box.x0 < box.x1 <= width
        assert 0.0 <= box.y0 < box.y1 <= height
        for other in every[place + 1 :]:
            assert not box.overlaps(other)


def test_margins_keep_their_inches() -> None:
    """Labels beside the axes have as much room at another size."""
    figure, axes = plotted("Short")
    before = axes.get_position()
    figure.set_size_inches(8.0, 5.0)
    after = axes.get_position()
    assert after.x0 * 8.0 == pytest.approx(before.x0 * 12.0)
    assert after.y0 * 5.0 == pytest.approx(before.y0 * 6.0)
    assert (1 - after.y1) * 5.0 == pytest.approx((1 - before.y1) * 6.0)
    figure.set_size_inches(12.0, 6.0)
    assert axes.get_position().bounds == pytest.approx(before.bounds)


def test_drawing_twice_changes_nothing() -> None:
    """Room is made once: equal figures give equal bytes."""
    figure, axes = plotted(LONG)
    before = axes.get_position().bounds
    figure.draw_without_rendering()
    assert axes.get_position().bounds == before


def test_gaps_between_axes_keep_their_inches() -> None:
    """Labels and titles between panels have as much room at another size."""
    figure, upper = plotted("Short")
    upper.set_position((0.2, 0.6, 0.7, 0.25))
    lower = figure.add_axes((0.2, 0.15, 0.7, 0.2))
    figure.set_size_inches(8.0, 4.0)
    gap = upper.get_position().y0 - lower.get_position().y1
    assert gap * 4.0 == pytest.approx(0.25 * 6.0)
