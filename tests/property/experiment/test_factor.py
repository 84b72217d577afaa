"""Factors: a place gives a legal value, and the value gives the place back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiment.factor import SHAPES, Distribution, Factor, shape_fault

PLACES = st.floats(0.0, 1.0)
NUMBERS = {
    "uniform": (-1.0, 3.0),
    "log_uniform": (0.1, 5.0),
    "triangular": (0.0, 1.0, 3.0),
    "normal": (1.0, 0.8),
    "lognormal": (1.0, 0.6),
    "beta": (2.0, 3.0),
}


def factor_with(shape):
    """Return a factor with a distribution, cut to 0.2 to 2.5."""
    low, high = (0.2, 0.9) if shape == "beta" else (0.2, 2.5)
    made = Distribution(shape, NUMBERS[shape], low, high, "assumed")
    return Factor("x", "x", "number", low=low, high=high, distribution=made)


@pytest.mark.parametrize("shape", SHAPES)
@given(place=PLACES)
def test_value_lies_in_the_limits_and_gives_its_place_back(shape, place):
    """Quantiles stay within the legal limits, and undo the distribution function."""
    factor = factor_with(shape)
    value = factor.value(place)
    assert isinstance(value, float)
    assert factor.low <= value <= factor.high
    assert factor.position(value) == pytest.approx(place, abs=1e-6)


@given(low=st.floats(-10, 10), span=st.floats(0.1, 10), place=PLACES)
def test_range_is_linear(low, span, place):
    """Without distribution every value of a range is as likely."""
    factor = Factor("x", "x", "number", low=low, high=low + span)
    assert factor.value(place) == pytest.approx(low + place * span)
    assert factor.position(factor.value(place)) == pytest.approx(place, abs=1e-6)


@given(n=st.integers(1, 9), place=PLACES)
def test_levels_share_the_places_evenly(n, place):
    """Each level has the same share of the cube, and lies at its middle."""
    factor = Factor("x", "x", "number", levels=tuple(float(i) for i in range(n)))
    value = factor.value(place)
    assert abs(factor.position(value) - place) <= 0.5 / n + 1e-9


@pytest.mark.parametrize("shape", SHAPES)
def test_shapes_of_the_examples_are_legal(shape):
    """Well-formed numbers have no fault; turned round or negative they have one."""
    assert shape_fault(shape, NUMBERS[shape]) == ""
    assert shape_fault(shape, tuple(-abs(x) - 1.0 for x in NUMBERS[shape])) != ""
