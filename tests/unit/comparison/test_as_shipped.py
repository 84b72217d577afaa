"""Differences with the numbers as shipped are those of coupled arms, failures apart."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sim.comparison.as_shipped import differences_as_shipped
from sim.comparison.compare import compare_arms
from tests.unit.comparison.arms import COUNT, SHARE, arm

if TYPE_CHECKING:
    from sim.outcomes import Outcome


def outcomes() -> dict[str, Outcome]:
    """Return the outcomes that the arms have."""
    return {name: arm().table[name] for name in (COUNT, SHARE)}


def test_they_are_those_of_a_comparison_without_draws() -> None:
    """The same value and interval, every pair once, the second against the first."""
    shifts = {"base": 0.0, "light": 0.4, "hard": 0.8}
    arms = [replace(arm(shift=x), name=name) for name, x in shifts.items()]
    rows = differences_as_shipped(arms, outcomes(), 1)
    pairs = [(row["arm"], row["against"]) for row in rows if row["outcome"] == COUNT]
    assert pairs == [("light", "base"), ("hard", "base"), ("hard", "light")]
    compared = compare_arms(arms, [COUNT, SHARE], resamples=100)
    for one, name in zip(compared.comparisons, ("light", "hard"), strict=True):
        (row,) = (
            x for x in rows
            if (x["outcome"], x["arm"], x["against"]) == (COUNT, name, "base")
        )  # fmt: skip
        effect = one.outcomes[COUNT].effects["mean_difference"]
        told = [row[end] for end in ("value", "low", "high")]
        assert told == pytest.approx([effect.value, effect.low, effect.high])


def test_what_failed_in_one_arm_is_left_out_of_all() -> None:
    """Worlds stay pairs."""
    base, light = (replace(arm(shift=x), name=str(x)) for x in (0.0, 0.4))
    wrong = light.outcomes.copy()
    wrong.loc[3, COUNT] = 1e9
    failed = replace(light, outcomes=wrong, failed=frozenset({3}))
    (row, _) = differences_as_shipped([base, failed], outcomes(), 1)
    assert abs(row["value"]) < 10.0
