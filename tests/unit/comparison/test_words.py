"""A comparison in words: digits, caveats, what each arm changes."""

from dataclasses import replace
from typing import TYPE_CHECKING

from sim.comparison.compare import compare_arms
from sim.comparison.words import (
    caveats,
    comparison_data,
    results_section,
    sentences,
    table_cells,
)
from sim.experiment.experiment import Asked
from tests.unit.comparison.arms import COUNT, SHARE, TIME, arm

if TYPE_CHECKING:
    from sim.comparison.result import Comparison


def test_an_unchanging_difference_says_so() -> None:
    """Where no pair differs the sentence says so, and what that leaves open."""
    comparison = compare_arms([arm(), arm("b")], [COUNT])
    assert sentences(comparison) == [
        "Rocket attacks: b and a are the same in every one of 200 pairs. With 95 % "
        "confidence fewer than 1.5 % of worlds differ, and the difference lies within "
        "−0.06 to 0.06."
    ]


def test_a_sentence_has_no_more_digits_than_its_error_allows() -> None:
    """The whole sentence; levels have the digits of their paired difference."""
    arms = [arm(n=400), arm("lenient", n=400, shift=0.3)]
    comparison = compare_arms(arms, [COUNT])
    assert sentences(comparison) == [
        "lenient raises rocket attacks by 0.31 (95 % interval 0.27 to 0.36) against "
        "a; mean 5.34 against 5.03. In the same world it is higher in 31 %, lower in "
        "0 % and the same in 69 %."
    ]


def test_every_sentence_calls_an_arm_by_its_label() -> None:
    """What an experiment's file calls the arms stands in sentences, data and table."""
    arms = [
        replace(arm("a"), label="as it was"),
        replace(arm("b", shift=1.0), label="half of it"),
        replace(arm("c"), name="c", label="the same"),
    ]
    comparison = compare_arms(arms, [COUNT, SHARE, TIME], asked=Asked("Does it?"))
    data = comparison_data(comparison)
    said = sentences(comparison)
    said += [row["sentence"] for one in data["comparisons"] for row in one["outcomes"]]
    for text in said:
        assert "'as it was'" in text
        assert "'half of it'" in text or "'the same'" in text
    assert data["labels"] == {"a": "as it was", "b": "half of it", "c": "the same"}
    assert data["question"] == "Does it?"
    assert {cells[0] for cells in table_cells(comparison)} == {"half of it", "the same"}


def test_how_many_differences_were_looked_at_is_stated() -> None:
    """Outcomes times arms, and how many intervals chance alone would miss."""
    arms = [arm(), arm("b", shift=0.1), arm("c", shift=0.2)]
    comparison: Comparison = compare_arms(arms, [COUNT, SHARE])
    assert caveats(comparison)[0] == (
        "Differences looked at: 4. Of so many 95 % intervals about 0.2 miss the truth "
        "by chance alone."
    )


def test_page_of_results_sorts_what_each_arm_changes() -> None:
    """Clear changes come first, by direction, and what never differs last."""
    arms = [
        replace(one, label=one.name.capitalize())
        for one in (arm("a"), arm("b", shift=1.0), replace(arm("twin"), name="twin"))
    ]
    comparison = compare_arms(arms, [COUNT, TIME])
    section = results_section(comparison)
    first, *_, last = section.splitlines()
    assert first.startswith("200 pairs of replications, root_seed 1, 100 days.")
    assert "2 outcomes × 2 arms = 4 differences" in first
    (line,) = (line for line in section.splitlines() if line.startswith("- **B**"))
    assert line.index("raises rocket attacks by 1") < line.index("and lowers time to")
    assert "- **Twin** (`twin`) the same in every pair: rocket attacks, time" in section
    assert "| = |" in section
    assert last.startswith("In brackets 95 % intervals")
