"""Fixed points and weights: a grid on the unit cube, and integrals over time."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

PROBES: Final = (0, 20, 40, 60)
"""Nodes of `quadrature` at which a hazard must differ for it to be integrated."""


def grid(n: int, dimensions: int) -> NDArray[np.float64]:
    """Return a Kronecker grid on the unit cube, shape (n, dimensions).

    The steps are powers of the generalised golden ratio (x**(d+1) = x + 1).
    """
    golden = 2.0
    for _ in range(64):
        golden = (1.0 + golden) ** (1.0 / (dimensions + 1))
    steps = golden ** -np.arange(1.0, dimensions + 1.0)
    return (0.5 + np.outer(np.arange(n), steps)) % 1.0


def quadrature() -> tuple[list[float], NDArray[np.float64]]:
    """Return days and weights of Gauss's rule on doubling panels up to 11 years."""
    nodes, weights = np.polynomial.legendre.leggauss(4)
    edges = [0.0, *(2.0**k for k in range(-8, 13))]
    days: list[float] = []
    weight: list[float] = []
    for low, high in itertools.pairwise(edges):
        half = (high - low) / 2
        days += list(low + half * (nodes + 1))
        weight += list(half * weights)
    return days, np.array(weight)
