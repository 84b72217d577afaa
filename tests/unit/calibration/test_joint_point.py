"""The point that stands for a posterior is a plausible one."""

import numpy as np
import pytest

from sim.calibration.joint_point import medoid_of


def test_the_medoid_lies_where_particles_do() -> None:
    """Of a ring, mean and medians lie in the hole; the medoid is on the ring."""
    angles = np.linspace(0.0, 2.0 * np.pi, 60, endpoint=False)
    ring = np.column_stack((np.cos(angles), np.sin(angles)))
    even = np.full(60, 1 / 60)
    assert np.abs(np.median(ring, axis=0)).max() < 0.1
    assert np.linalg.norm(ring[medoid_of(ring, even)]) == pytest.approx(1.0)
    heavy = np.where(np.arange(60) == 17, 40.0, 1.0)
    assert medoid_of(ring, heavy / heavy.sum()) == 17


def test_the_medoid_does_not_depend_on_units() -> None:
    """A rate a week, a weight in thousands: the same particle stands for all."""
    drawn = np.random.Generator(np.random.PCG64(3)).normal(size=(80, 3))
    weights = np.full(80, 1 / 80)
    scaled = drawn * np.array([1e-5, 1.0, 1e4]) + np.array([0.0, 3.0, -1e5])
    assert medoid_of(scaled, weights) == medoid_of(drawn, weights)
