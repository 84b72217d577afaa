"""Beliefs stay probabilities however much was said."""

from __future__ import annotations

from math import isfinite

from hypothesis import given
from hypothesis import strategies as st

from sim.rules.attribution import moved, odds_of

LOG_ODDS = st.floats(-1e6, 1e6)
"""A claim moves by up to 5; thousands are heard in a legal world of many claims."""


@given(st.floats(0.0, 1.0), LOG_ODDS)
def test_a_moved_probability_is_one(probability: float, log_odds: float) -> None:
    """It lies in 0 to 1, and what is sure stays sure."""
    after = moved(probability, log_odds)
    assert 0.0 <= after <= 1.0
    if probability in (0.0, 1.0):
        assert after == probability


@given(st.floats(0.0, 1.0), LOG_ODDS, LOG_ODDS)
def test_more_said_never_lowers_a_belief(p: float, one: float, two: float) -> None:
    """A probability never falls with the log odds by which it moves."""
    assert moved(p, min(one, two)) <= moved(p, max(one, two))


@given(st.lists(LOG_ODDS, min_size=1, max_size=16), st.floats(0.0, 1e9))
def test_shares_of_suspects_are_numbers(said: list[float], harm: float) -> None:
    """The weights of all suspects, by harm and by what was said, have a finite sum."""
    weights = [(1.0 + harm) * odds_of(x) for x in said]
    assert all(w > 0.0 for w in weights)
    assert isfinite(sum(weights))
