"""Names on the map cover no site and no other name, and none is left out."""

from __future__ import annotations

from math import cos, radians

import pytest

from sim.explorer.figures import label_places
from sim.scenario.load import load

WIDTH = 350.0
"""Of the map on a telephone, pixels."""


@pytest.mark.parametrize("size", [4.5, 12.0, 25.0])
@pytest.mark.parametrize("name", ["iraq_2019_2020", "lebanon_withdrawal_1999_2000"])
def test_names_stand_free(name: str, size: float) -> None:
    """Boxes of names, reckoned here by hand, meet neither each other nor a mark."""
    scenario = load(name)
    sites = scenario.sites
    named, listed = label_places(scenario, [size] * len(sites), range(len(sites)))
    texts = {place: one.text for place, one in named.items()}
    places = {place: one.where for place, one in named.items()}
    assert sorted(places) == [*range(len(sites))], "a site has neither name nor number"
    numbers = [str(k) for k in range(1, len(listed) + 1)]
    assert [texts[place] for place in listed] == numbers
    at_sites = set(places) - set(listed)
    assert all(texts[place] == sites[place].label for place in at_sites)
    x, y = [s.longitude for s in sites], [s.latitude for s in sites]
    room = max(0.6, 0.35 * max(max(x) - min(x), max(y) - min(y)))
    slant = cos(radians((min(y) + max(y)) / 2.0))
    spans = (max(x) - min(x) + 2 * room, (max(y) - min(y) + 2 * room) / slant)
    scale = WIDTH / max(spans)
    tall = scale / slant
    points = [(scale * a, tall * b) for a, b in zip(x, y, strict=True)]
    boxes: dict[int, tuple[float, float, float, float]] = {}
    for place, where in places.items():
        if where == "middle center":  # a number within its own mark
            assert place in listed
            continue
        level, side = where.split()
        a, b = points[place]
        b += {"top": 1, "middle": 0, "bottom": -1}[level] * (size + 9)
        gap = size + 3 if level == "middle" else 0
        width = 5.5 * len(texts[place])
        left = {"right": a + gap, "left": a - gap - width, "center": a - width / 2}[
            side
        ]
        boxes[place] = left, b - 5, left + width, b + 5
    for place, (left, low, right, high) in boxes.items():
        for other, (a, b) in enumerate(points):
            if other != place:
                is_covered = left < a < right and low < b < high
                assert not is_covered, (sites[place].label, sites[other].label)
        for other, (west, south, east, north) in boxes.items():
            if other != place:
                meet = left < east and west < right and low < north and south < high
                assert not meet, (sites[place].label, sites[other].label)
