"""Comparing arms: SciPy agrees on the replications themselves."""

from math import inf, isnan
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import sim
from sim.comparison.compare import compare_arms
from sim.comparison.under_draws import DrawnArms
from sim.comparison.words import (
    comparison_table,
    sentences,
)
from sim.ensemble.archive import read_table
from sim.ensemble.draw_set import DrawSet
from sim.errors import StudyError
from tests import builders
from tests.unit.comparison.arms import COUNT, DELAY, TIME, arm, compared


def ks_of(a: Any, b: Any) -> float:
    """Return SciPy's Kolmogorov-Smirnov distance."""
    test: Any = stats.ks_2samp(a, b, method="asymp")
    return test.statistic


def test_identical_arms_differ_by_exactly_zero_in_every_replication() -> None:
    """One scenario under two names gives 0 in every pair; the interval is around 0."""
    from sim.comparison.arms import ArmRunner

    scenario = builders.hot(horizon=30.0)
    runner = ArmRunner({"a": scenario, "b": scenario}, 5, 30.0)
    runner.check()
    assert runner.same_arms() == ["b"]
    comparison = compare_arms(runner.run(range(40)), ["all"], resamples=200)
    for name, row in comparison.comparisons[0].outcomes.items():
        reference, other = comparison.pairings[0].columns(name)
        apart = (other - reference)[~np.isnan(reference)]
        assert not apart.any(), name
        if row.n_defined:
            assert row.never_differs
            assert row.headline.value == 0.0
            assert row.swap_p_value == 1.0
        if not row.reason:
            assert row.headline.low <= 0.0 <= row.headline.high
            if row.headline.name == "mean_difference":
                assert row.headline.low == -row.headline.high < 0.0
    assert any(
        row.reference_mean > 0.0 for row in comparison.comparisons[0].outcomes.values()
    )


def test_names_that_no_folder_can_have_are_refused_all_at_once(tmp_path: Any) -> None:
    """With draws or without: an arm is named as its folder. Nothing is written."""
    from sim.comparison.arms import ArmRunner

    wrong = ["../../evil", "", ".", "..", "pictures", "as_shipped", "a\\b"]
    arms = dict.fromkeys(["a.b = 3", *wrong], builders.hot(horizon=30.0))
    draws = DrawSet(({"x": 1.0},), 2, "d" * 64, "made up")
    for check in (ArmRunner(arms, 5, 30.0).check, DrawnArms(arms, draws, 1, 9.0).cells):
        with pytest.raises(StudyError, match="is named as its folder") as caught:
            check()
        refused = str(caught.value).partition(": an arm")[0]
        assert refused == f"arms: {', '.join(map(repr, wrong))}"
    out, scenario = tmp_path / "a" / "b" / "c", "iraq_2019_2020"
    with pytest.raises(StudyError, match="arms: '': an arm is named"):
        sim.compare({"": scenario, "b": scenario}, replications=30, watch=False)
    given = {wrong[0]: scenario, "b": {"actors.iraq.ability": 0.9}}
    rate = "actors.kataib_hezbollah.base_rate"
    drawn: dict[str, Any] = {"draws": 30, "replications": 2, "vary": rate}
    for options in (dict[str, Any](), drawn):
        with pytest.raises(StudyError, match="is named as its folder"):
            sim.compare(given, out=out, until=5, outcomes=COUNT, watch=False, **options)
        assert not [file for file in tmp_path.rglob("*") if file.is_file()]


def test_point_estimates_are_those_of_scipy_on_the_same_parquet(
    tmp_path: Any,
) -> None:
    """Means, medians, distances and superiority equal SciPy's, exactly."""
    from sim.comparison.arms import ArmRunner

    scenarios = {
        "a": builders.hot(horizon=40.0),
        "b": builders.hot(horizon=40.0, host_params={"raid_rate": 0.05}),
    }
    runner = ArmRunner(scenarios, 3, 40.0, out=tmp_path)
    comparison = compare_arms(runner.run(range(60)), ["all"])
    first, second = (
        pd.concat(
            read_table(part).to_pandas()
            for part in sorted((tmp_path / name / "outcomes").glob("part-*.parquet"))
        )
        for name in scenarios
    )
    differing = 0
    for name, row in comparison.comparisons[0].outcomes.items():
        a, b = first[name].to_numpy(), second[name].to_numpy()
        kept = ~(np.isnan(a) | np.isnan(b))
        a, b = a[kept], b[kept]
        assert row.n_defined == len(a)
        if not len(a):
            continue
        differing += row.n_differing > 0
        u = stats.mannwhitneyu(b, a, method="asymptotic").statistic
        assert row.effects["superiority"].value == u / (len(a) * len(b))
        assert row.effects["mean_difference"].value == (b - a).mean()
        assert row.effects["median_difference"].value == np.median(b) - np.median(a)
        if row.outcome.aggregate == "proportion" and a.any():
            risk = stats.contingency.relative_risk(
                int(b.sum()), len(b), int(a.sum()), len(a)
            ).relative_risk
            assert row.effects["relative_risk"].value == pytest.approx(risk, rel=1e-14)
        assert row.distances is not None
        assert row.distances.kolmogorov_smirnov == ks_of(a, b)
        assert row.distances.wasserstein == stats.wasserstein_distance(a, b)
    assert differing > 10


def test_an_outcome_that_is_often_undefined_says_in_how_many_pairs() -> None:
    """The pairs in which it is defined are counted; below 30 there is no interval."""
    row = compared(arm(), arm("b", shift=0.2))[DELAY]
    assert 60 < row.n_defined < 140
    text = sentences(compare_arms([arm(), arm("b", shift=0.2)], [DELAY]))[0]
    assert f"It is defined in {row.n_defined} of 200 pairs." in text
    few = compared(arm(n=40), arm("b", n=40, shift=0.2))[DELAY]
    assert isnan(few.headline.low)
    assert few.reason == (
        f"it is defined in {few.n_defined} of 40 pairs; an interval needs at least 30"
    )


def test_the_coupling_cuts_the_variance_as_reported() -> None:
    """The ratio is the independent over the paired variance of the difference."""
    row = compared(arm(n=400), arm("b", n=400, shift=0.2))[COUNT]
    a = arm(n=400).outcomes[COUNT]
    b = arm(n=400, shift=0.2).outcomes[COUNT]
    assert row.variance_ratio == pytest.approx((a.var() + b.var()) / (b - a).var())
    assert row.variance_ratio > 10.0
    assert compared(arm(), arm("b"))[COUNT].variance_ratio == inf


def test_the_same_root_seed_gives_the_same_intervals() -> None:
    """Intervals and tests repeat to the last bit."""
    one, two = (
        comparison_table(compare_arms([arm(), arm("b", shift=0.3)], ["all"]))
        for _ in range(2)
    )
    pd.testing.assert_frame_equal(one, two, check_exact=True)


def test_scipys_p_values_are_given_for_independent_arms_only() -> None:
    """Coupled arms have none; independent ones have Welch, U, KS and log-rank."""
    coupled = compared(arm(), arm("b", shift=0.2))[TIME]
    assert coupled.scipy_p_values == {}
    a, b = arm(n=90), arm("b", n=120, shift=0.5, root_seed=2)
    row = compared(a, b, independent=True)[TIME]
    x, y = a.outcomes[TIME], b.outcomes[TIME]
    test: Any = stats.ttest_ind(y, x, equal_var=False)
    assert row.scipy_p_values["welch_t"] == test.pvalue
    assert {"mann_whitney_u", "kolmogorov_smirnov", "logrank"} < set(row.scipy_p_values)
    assert isnan(row.variance_ratio)
    assert isnan(row.swap_p_value)


def test_no_interval_leaves_out_0_where_the_swap_test_does_not() -> None:
    """Five pairs in one direction of 300, chance 1 in 16; six, 1 in 32."""
    a, b = arm(n=300), arm("b", n=300)
    b.outcomes.loc[[1, 50, 99, 150, 222], COUNT] -= 1.0
    row = compared(a, b)[COUNT]
    assert row.swap_p_value == 2 / 2**5
    assert row.headline.low < 0.0 <= row.headline.high
    assert not row.is_clear
    (said,) = sentences(compare_arms([a, b], [COUNT]))
    assert said.startswith("Rocket attacks: no difference between b and a can be told")
    assert said.endswith("Only 5 of 300 pairs differ.")
