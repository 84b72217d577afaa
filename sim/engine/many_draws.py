"""Keyed draws of many identities at once, in NumPy: the scheme of `sim.engine.draws`.

For what is decided after a replication, where whole columns of records are at hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from sim.engine.draws import Purpose

Words = np.ndarray[Any, np.dtype[np.uint64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]

_ROUND: Final = (np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157))
_WEYL: Final = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B))
_LOW, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)
_UNIT: Final = 2.0**-53


def uniform_pairs(
    root_seed: int, numbers: Words, low: Words, high: Words, purpose: Purpose
) -> tuple[Floats, Floats]:
    """Return the first two uniforms of block 0 for each identity.

    Parameters
    ----------
    root_seed
        The study's.
    numbers
        Number of each one's replication, shape (n,).
    low, high
        The identities' words, shape (n,).
    purpose
        What the draws are for.
    """
    n = len(numbers)
    c0, c1, c2, c3 = np.ones(n, np.uint64), np.full(n, purpose, np.uint64), low, high
    k0, k1 = np.full(n, root_seed, np.uint64), numbers
    for _ in range(10):
        h0, h1 = _high(_ROUND[0], c0), _high(_ROUND[1], c2)
        c0, c1, c2, c3 = h1 ^ c1 ^ k0, _ROUND[1] * c2, h0 ^ c3 ^ k1, _ROUND[0] * c0
        k0, k1 = k0 + _WEYL[0], k1 + _WEYL[1]
    first = np.asarray((c0 >> np.uint64(11)) * _UNIT, np.float64)
    return first, np.asarray((c1 >> np.uint64(11)) * _UNIT, np.float64)


def _high(a: np.uint64, b: Words) -> Words:
    """Return the high 64 bits of 128-bit products."""
    a_low, a_high = a & _LOW, a >> _HALF
    b_low, b_high = b & _LOW, b >> _HALF
    middle = a_high * b_low + ((a_low * b_low) >> _HALF)
    other = a_low * b_high + (middle & _LOW)
    return a_high * b_high + (middle >> _HALF) + (other >> _HALF)
