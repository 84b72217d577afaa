"""Quantiles of the gamma distribution are those that SciPy gives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import gammaincinv

from sim.statistics.gamma import gamma_quantile


@given(
    st.floats(0.1, 1e5),
    st.sampled_from([0.001, 0.005, 0.025, 0.1, 0.5, 0.9, 0.975, 0.995, 0.999]),
)
def test_it_is_the_quantile_of_scipy(shape: float, share: float) -> None:
    """From a tenth of an event to a hundred thousand, in either tail."""
    assert gamma_quantile(shape, share) == pytest.approx(
        gammaincinv(shape, share), rel=1e-11
    )


@pytest.mark.parametrize("shape", [29.999_999, 30.0])
def test_both_ways_to_the_first_term_agree(shape: float) -> None:
    """Where one takes over from the other there is no step."""
    expected = gammaincinv(shape, 0.975)
    assert gamma_quantile(shape, 0.975) == pytest.approx(expected, rel=1e-13)
