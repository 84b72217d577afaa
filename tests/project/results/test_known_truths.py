"""What is said of forecasts of known truths is measured as it is told."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.stats import kstest

from sim.record.question import questions_named
from sim.statistics.count_distribution import CountDistribution

if TYPE_CHECKING:
    from tests.conftest import Generator

VALIDATION = Path(__file__).resolve().parents[3] / "docs" / "validation.md"
FAIR = CountDistribution((0.5, 0.25), 0.25, 0.5)
"""A count that is 0, 1, 2, ... with a half, a quarter, an eighth, ..."""


def test_answers_are_held_against_what_came(generator: Generator) -> None:
    """An event by its chance, a count by its mean and its place in the distribution."""
    filtering = generator("filtering")
    held = filtering.held_against(
        questions_named(("n_rocket_attacks", "a_strike")),
        {"n_rocket_attacks": FAIR, "a_strike": 0.8},
        {"n_rocket_attacks": 1.0, "a_strike": 3.0},
        0.5,
    )
    assert held.expected == {"n_rocket_attacks": FAIR.mean, "a_strike": 0.8}
    assert held.came == {"n_rocket_attacks": 1, "a_strike": 1.0}
    assert held.scores["a_strike"]["brier"] == pytest.approx(0.04)
    assert held.rank == pytest.approx(0.5 + 0.5 * 0.25)


@pytest.mark.parametrize("fault", [0, 1])
def test_places_are_uniform_where_the_forecast_is_the_truth(
    generator: Generator, fault: int
) -> None:
    """Over 1,000 counts of the same law; one more than it says is seen at once."""
    filtering = generator("filtering")
    random = np.random.default_rng(7)
    ranks = [
        filtering.held_against(
            questions_named(("n_rocket_attacks",)),
            {"n_rocket_attacks": FAIR},
            {"n_rocket_attacks": float(count - 1 + fault)},
            chance,
        ).rank
        for count, chance in zip(
            random.geometric(0.5, 1000), random.random(1000), strict=True
        )
    ]
    p = kstest(ranks, "uniform").pvalue
    assert (p < 1e-6) == bool(fault)


@pytest.mark.parametrize("name", ["filtering", "refitting"])
def test_page_has_what_was_measured_on_two_hundred_worlds(name: str) -> None:
    """Each block is there, of 200 worlds or more, with the digest of its rules."""
    text = VALIDATION.read_text("utf-8")
    (block,) = re.findall(
        rf"<!-- {name}: begin -->(.*?)<!-- {name}: end -->", text, re.S
    )
    said = re.match(r"\s*(\d+) worlds of", block)
    assert said is not None
    assert int(said[1]) >= 195
    assert re.search(r"under the rules [0-9a-f]{12}, root_seed \d+", block)
