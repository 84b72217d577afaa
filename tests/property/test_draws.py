"""Draws look independent and uniform; root seeds are fixed, tolerances computed."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.draws import ROOT, Draws, Purpose, child, name_word

Z = 4.0
N = 20_000
WORDS = st.integers(0, 2**64 - 1)
RULE = name_word("militia")


def uniforms(
    draws: Draws, identity: int, purpose: Purpose = Purpose.EFFECT
) -> np.ndarray:
    """Return the first N uniforms of an identity."""
    return np.array(draws.many(identity, purpose, N))


def correlation_in_errors(x: np.ndarray, y: np.ndarray) -> float:
    """Return the correlation of two samples in standard errors of an absent one."""
    return float(np.corrcoef(x, y)[0, 1]) * math.sqrt(len(x))


def chi_square_in_errors(x: np.ndarray, bins: int = 100) -> float:
    """Return how many standard errors the chi-square of uniformity is off its mean."""
    counts = np.histogram(x, bins=bins, range=(0.0, 1.0))[0]
    expected = len(x) / bins
    chi_square = float(((counts - expected) ** 2 / expected).sum())
    return (chi_square - (bins - 1)) / math.sqrt(2 * (bins - 1))


SIBLINGS = [child(ROOT, RULE, name_word(name), 0) for name in ("kataib", "nujaba")]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (SIBLINGS[0], SIBLINGS[1]),
        (SIBLINGS[0], child(SIBLINGS[0], RULE, RULE, 0)),
        (0, 1),
        (0, 2**64),
    ],
)
def test_identities_are_uncorrelated(a: int, b: int) -> None:
    """Two identities, however near, are uncorrelated; catches correlations of 0.03."""
    draws = Draws(20260101, 0)
    assert abs(correlation_in_errors(uniforms(draws, a), uniforms(draws, b))) < Z


def test_replications_root_seeds_and_purposes_are_uncorrelated() -> None:
    """Neighbours in replication, root seed or purpose are uncorrelated."""
    base = uniforms(Draws(20260101, 0), SIBLINGS[0])
    for other in (
        uniforms(Draws(20260101, 1), SIBLINGS[0]),
        uniforms(Draws(20260102, 0), SIBLINGS[0]),
        uniforms(Draws(20260101, 0), SIBLINGS[0], Purpose.PLACE),
    ):
        assert abs(correlation_in_errors(base, other)) < Z


def test_first_draws_of_children_are_uniform_and_uncorrelated() -> None:
    """One draw each of 20,000 siblings is uniform, and unrelated to the next one's."""
    draws = Draws(20260101, 0)
    x = np.array(
        [draws.one(child(ROOT, RULE, RULE, i), Purpose.DELAY) for i in range(N)]
    )
    assert abs(chi_square_in_errors(x)) < Z
    assert abs(correlation_in_errors(x[:-1], x[1:])) < Z


def test_replications_are_uniform() -> None:
    """The same draw in 20,000 replications is uniform; so are its block's other three.

    Within a block the four are uncorrelated.
    """
    x = np.array([Draws(20260101, i).block(7, Purpose.CHOICE) for i in range(N)])
    for i in range(4):
        assert abs(chi_square_in_errors(x[:, i])) < Z
        for j in range(i):
            assert abs(correlation_in_errors(x[:, i], x[:, j])) < Z


def test_planted_faults_are_caught() -> None:
    """The tolerances catch a 5 % shared part and a 3 % excess in half of the range."""
    draws = Draws(20260101, 0)
    x, y = (uniforms(draws, identity) for identity in SIBLINGS)
    assert abs(correlation_in_errors(x, 0.05 * x + 0.95 * y)) > Z
    tilted = np.where((y < 0.06) & (x >= 0.5), x - 0.5, x)
    assert abs(chi_square_in_errors(tilted)) > Z


@given(WORDS, WORDS, st.integers(0, 2**128 - 1), st.sampled_from(Purpose), WORDS)
def test_uniforms_are_in_range(
    root_seed: int, replication: int, identity: int, purpose: Purpose, index: int
) -> None:
    """Every uniform is in [0, 1) on the grid of 2**-53, and asked twice is the same."""
    draws = Draws(root_seed, replication)
    block = draws.block(identity, purpose, index)
    assert all(0.0 <= u < 1.0 and (u * 2**53).is_integer() for u in block)
    assert draws.block(identity, purpose, index) == block


@given(st.integers(0, 2**128 - 1), WORDS, WORDS, WORDS)
def test_an_identity_fits(parent: int, rule: int, label: int, ordinal: int) -> None:
    """A child is an identity too, and not its parent."""
    identity = child(parent, rule, label, ordinal)
    assert 0 <= identity < 2**128
    assert identity != parent
