"""For every parameter, each transform is finite, in range and rising in u."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import inversion as inv

if TYPE_CHECKING:
    from collections.abc import Callable

UNIFORMS = st.integers(0, 2**53 - 1).map(lambda count: count * 2.0**-53)
TAILS = st.integers(0, 2**20).map(lambda count: count * 2.0**-53)
ALL_UNIFORMS = st.one_of(UNIFORMS, TAILS, TAILS.map(lambda u: 1.0 - 2.0**-53 - u))
POSITIVE = st.floats(1e-6, 1e6)
SHARES = st.floats(0.0, 1.0)

CONTINUOUS = [
    (inv.exponential, (POSITIVE,), 0.0),
    (inv.normal, (), -8.3),
    (inv.lognormal, (POSITIVE, st.floats(0.0, 10.0)), 0.0),
    (inv.choice_race, (POSITIVE,), 0.0),
]
COUNTS = [
    (inv.poisson, (st.one_of(st.floats(0.0, 50.0), st.floats(0.0, 2000.0)),)),
    (inv.binomial, (st.integers(0, 3000), SHARES)),
    (inv.negative_binomial, (st.floats(0.0, 500.0), st.floats(0.05, 1e6))),
    (inv.geometric, (SHARES,)),
]


def name(case: object) -> str | None:
    """Return a transform's name as the test's id."""
    return getattr(case, "__name__", "")


@pytest.mark.parametrize(("transform", "parameters", "least"), CONTINUOUS, ids=name)
@given(data=st.data(), u=ALL_UNIFORMS, v=ALL_UNIFORMS)
def test_continuous_draws_rise(
    transform: Callable[..., float],
    parameters: tuple[Any, ...],
    least: float,
    data: st.DataObject,
    u: float,
    v: float,
) -> None:
    """A continuous draw is finite, above its least, and rises with u."""
    drawn = [data.draw(parameter) for parameter in parameters]
    low, high = (transform(x, *drawn) for x in sorted((u, v)))
    assert math.isfinite(low)
    assert math.isfinite(high)
    assert low >= least
    assert low <= high or (
        abs(u - v) < 1e-15 and math.isclose(low, high, rel_tol=1e-14)
    )


@pytest.mark.parametrize(("transform", "parameters"), COUNTS, ids=name)
@given(data=st.data(), u=ALL_UNIFORMS, v=ALL_UNIFORMS)
def test_counts_rise(
    transform: Callable[..., int],
    parameters: tuple[Any, ...],
    data: st.DataObject,
    u: float,
    v: float,
) -> None:
    """A count is an int, not negative, bounded, and never falls as u rises."""
    drawn = [data.draw(parameter) for parameter in parameters]
    low, high = (transform(x, *drawn) for x in sorted((u, v)))
    assert type(low) is int
    assert type(high) is int
    assert 0 <= low <= high <= inv.NEVER


@given(u=ALL_UNIFORMS, n=st.integers(0, 10**6), share=SHARES)
def test_binomial_stays_within_n(u: float, n: int, share: float) -> None:
    """No more successes than tries, in the search and in the approximation."""
    assert 0 <= inv.binomial(u, n, share) <= n


@given(
    u=UNIFORMS,
    mean=st.floats(0.0, 690.0),
    more=st.floats(0.001, 10.0),
)
def test_poisson_rises_with_its_mean(u: float, mean: float, more: float) -> None:
    """At one u, a larger mean never gives a smaller count (in the search)."""
    if u < 1.0 - 1e-9:
        assert inv.poisson(u, mean) <= inv.poisson(u, mean + more)


@given(x=st.floats(-1e6, 1e6), y=st.floats(-1e6, 1e6))
def test_logistic_rises(x: float, y: float) -> None:
    """Logistic is a probability and rises with its log-odds beyond rounding."""
    low, high = (inv.logistic(z) for z in sorted((x, y)))
    assert 0.0 <= low <= 1.0
    assert low <= high or math.isclose(low, high, rel_tol=4e-16)
