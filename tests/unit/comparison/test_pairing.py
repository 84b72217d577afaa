"""Matching arms: what failed leaves both, and the unsound is refused."""

from typing import Any

import pytest

from sim.comparison.compare import compare_arms
from sim.comparison.pairing import ArmOutcomes, pair
from sim.comparison.words import (
    caveats,
)
from sim.errors import StudyError
from tests.unit.comparison.arms import COUNT, arm


def test_a_replication_that_failed_leaves_both_arms() -> None:
    """Failures of either arm are dropped from both; the rest stays matched."""
    a, b = arm(n=3000, failed=(7,)), arm("b", n=3000, shift=0.1, failed=(7, 11))
    pairing = pair(a, b)
    assert pairing.n_failed == 2
    assert set(range(3000)) - set(pairing.numbers.tolist()) == {7, 11}
    comparison = compare_arms([a, b], [COUNT])
    row = comparison.comparisons[0].outcomes[COUNT]
    kept = [k for k in range(3000) if k not in (7, 11)]
    apart = b.outcomes[COUNT].loc[kept] - a.outcomes[COUNT].loc[kept]
    assert row.headline.value == apart.mean()
    said = "2 replications failed in b or a and were left out of both."
    assert said in caveats(comparison)


@pytest.mark.parametrize(
    ("arms", "options", "message"),
    [
        (
            [arm(), arm("b", root_seed=2)],
            {},
            "a and b have different root_seeds (1 and 2): their replications are "
            "different worlds and cannot be paired; give both the same root_seed, or "
            "say --independent",
        ),
        (
            [arm(), arm("b")],
            {"independent": True},
            "a and b have the same root_seed (1): they are coupled, and a test for "
            "independent samples is wrong for them; leave out --independent, or give "
            "each its own root_seed",
        ),
        (
            [arm(n=29), arm("b", n=200)],
            {},
            "a and b: 29 paired replications; an interval needs at least 30",
        ),
        (
            [arm(), arm("b", until=50.0)],
            {},
            "a ran 100 days and b 50: counts and times over different lengths cannot "
            "be compared; give both the same --until",
        ),
        (
            [arm(), arm("b", failed=(3,))],
            {},
            "a and b: 1 of 200 replications failed (0.5 %); above 0.1 % those that are "
            "left no longer stand for all. Mend the scenario, or raise "
            "limits.max_incidents",
        ),
        ([arm()], {}, "1 arm; a comparison needs at least 2"),
        ([arm(), arm()], {}, "two arms have the same name: a, a"),
    ],
)
def test_what_is_unsound_is_refused_with_the_reason(
    arms: list[ArmOutcomes], options: dict[str, Any], message: str
) -> None:
    """Each refusal says what was found, why it is unsound and what to do."""
    with pytest.raises(StudyError) as refused:
        compare_arms(arms, [COUNT], **options)
    assert str(refused.value) == message


def test_an_unknown_outcome_names_the_nearest() -> None:
    """A misspelt outcome is refused with the one that was probably meant."""
    with pytest.raises(
        StudyError, match="did you mean 'direct_exchange_happened_true'"
    ):
        compare_arms([arm(), arm("b")], ["direct_exchange_hapened_true"])
