"""Boxes and their peeling, on points that can be counted by hand."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from sim.statistics.prim import Box, best_of, measures, peel, without_luck

PLACES = np.array([[0.1, 0.1], [0.5, 0.2], [0.5, 0.9], [0.9, 0.5], [1.0, 1.0]])
SHARES = np.array([0.0, 0.5, 1.0, 1.0, 0.0])


def box(low: list[float], high: list[float]) -> Box:
    """Return a box of the plane."""
    return Box(np.array(low), np.array(high))


def test_a_box_is_open_upwards_save_at_the_end() -> None:
    """Its lower bound belongs to it, its upper one only where that is 1."""
    whole = box([0.0, 0.0], [1.0, 1.0])
    assert whole.holds(PLACES).all()
    assert whole.restricted() == []
    some = box([0.5, 0.0], [0.9, 1.0])
    assert some.holds(PLACES).tolist() == [False, True, True, False, False]
    assert some.restricted() == [0]
    assert box([0.0, 0.1], [1.0, 0.9]).restricted() == [1]


def test_support_coverage_and_density_are_counted() -> None:
    """Two of five points, 1.5 of 2.5 cases of interest, 0.75 a point."""
    some = box([0.5, 0.0], [0.9, 1.0])
    assert measures(some, PLACES, SHARES) == pytest.approx((0.4, 0.6, 0.75))
    nowhere = box([0.95, 0.0], [0.99, 1.0])
    assert measures(nowhere, PLACES, SHARES) == (0.0, 0.0, 0.0)
    assert measures(some, PLACES, np.zeros(5)) == (0.4, 0.0, 0.0)


def test_the_best_box_has_the_largest_harmonic_mean() -> None:
    """Of coverage 0.9 at density 0.4, and 0.6 at 0.6: the second; none counts as 0."""
    assert best_of([(1.0, 0.9, 0.4), (0.5, 0.6, 0.6), (0.1, 0.3, 1.0)]) == 1
    assert best_of([(0.0, 0.0, 0.0), (0.5, 0.1, 0.1)]) == 1


def test_peeling_takes_a_twentieth_at_a_time_from_the_right_end() -> None:
    """Of 100 points in a row the upper ones matter: five go at a time, from below."""
    places: Any = ((np.arange(100) + 0.5) / 100.0)[:, None]
    shares = (places[:, 0] > 0.7).astype(float)
    boxes = peel(places, shares)
    bounds = [float(one.low[0]) for one in boxes]
    assert bounds[:4] == pytest.approx([0.0, 0.05, 0.10, 0.14])
    assert all(one.high[0] == 1.0 for one in boxes)
    counts = [int(one.holds(places).sum()) for one in boxes]
    expected = [100]
    while expected[-1] > 30:
        expected.append(expected[-1] - max(1, round(0.05 * expected[-1])))
    assert counts == expected
    assert shares[boxes[-1].holds(places)].all()
    turned = peel(1.0 - places, shares)
    assert [int(one.holds(1.0 - places).sum()) for one in turned] == counts


def test_a_box_keeps_a_twentieth_of_the_points() -> None:
    """Where no point is certain, peeling ends at the least support."""
    rng = np.random.default_rng(4)
    places = rng.random((200, 2))
    shares = 0.9 * places[:, 0]
    boxes = peel(places, shares)
    assert int(boxes[-1].holds(places).sum()) == 10


def test_a_restriction_that_chance_explains_is_dropped() -> None:
    """The p-value is that of a mean drawn without return from the wider box."""
    rng = np.random.default_rng(5)
    places = rng.random((300, 2))
    shares = np.clip(0.3 + 0.5 * (places[:, 0] > 0.6) + rng.normal(0, 0.1, 300), 0, 1)
    found, p_values = without_luck(box([0.6, 0.0], [1.0, 0.8]), places, shares)
    assert found.restricted() == [0]
    inside = places[:, 0] >= 0.6
    n = int(inside.sum())
    variance = shares.var(ddof=1) / n * (1.0 - n / 300)
    rise = shares[inside].mean() - shares.mean()
    assert p_values == pytest.approx({0: NormalDist().cdf(-rise / sqrt(variance))})
    even, none = without_luck(box([0.6, 0.0], [1.0, 0.8]), places, np.full(300, 0.5))
    assert even.restricted() == []
    assert none == {}
