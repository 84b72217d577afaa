"""Comparing arms: pairs are respected, SciPy agrees, and the unsound is refused."""

from dataclasses import replace
from math import inf, isnan
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.comparison.compare import compare_arms
from sim.comparison.competing import with_competing
from sim.comparison.pairing import ArmOutcomes, pair
from sim.comparison.result import Comparison, OutcomeComparison
from sim.comparison.stopping import replicate_until
from sim.comparison.words import (
    caveats,
    comparison_table,
    results_section,
    sentences,
)
from sim.ensemble.archive import read_table
from sim.errors import StudyError
from sim.outcomes import OUTCOMES
from sim.statistics.bootstrap import bca_interval, generator, resampled_weights
from sim.statistics.effect import Sample, effects_of, mean_effect
from sim.statistics.survival import (
    cumulative_incidence,
    first_of,
    survival_curve,
)
from sim.statistics.swap import distance_floor, swap_test
from tests import builders

COUNT = "n_rocket_attacks_true"
SHARE = "direct_exchange_happened_true"
TIME = "time_to_first_strike_days_true"
CAME = "first_strike_happened_true"
DELAY = "strike_delay_days_true"


def arm(
    name: str = "a",
    n: int = 200,
    *,
    shift: float = 0.0,
    root_seed: int = 1,
    until: float = 100.0,
    failed: tuple[int, ...] = (),
) -> ArmOutcomes:
    """Return an arm of made-up outcomes; arms of one root_seed share their chance."""
    random = np.random.default_rng(root_seed)
    count = random.poisson(5.0, n) + (random.random(n) < shift)
    waiting = random.exponential(80.0, n) * (1.0 - shift / 2.0)
    war = random.random(n) < 0.3 + shift / 5.0
    delay = np.where(random.random(n) < 0.5, random.exponential(3.0, n) + shift, np.nan)
    frame = pd.DataFrame(
        {
            COUNT: count.astype(float),
            SHARE: war.astype(float),
            TIME: np.minimum(waiting, until),
            CAME: (waiting < until).astype(float),
            DELAY: delay,
        }
    )
    frame.loc[list(failed)] = np.nan
    table = {column: OUTCOMES[column] for column in frame}
    return ArmOutcomes(name, root_seed, until, frame, frozenset(failed), table)


def ks_of(a: Any, b: Any) -> float:
    """Return SciPy's Kolmogorov-Smirnov distance."""
    test: Any = stats.ks_2samp(a, b, method="asymp")
    return test.statistic


def compared(*arms: ArmOutcomes, **options: Any) -> dict[str, OutcomeComparison]:
    """Compare two arms in everything."""
    return compare_arms(arms, ["all"], **options).comparisons[0].outcomes


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


def test_an_unchanging_difference_says_so() -> None:
    """Where no pair differs the sentence says so, and what that leaves open."""
    comparison = compare_arms([arm(), arm("b")], [COUNT])
    assert sentences(comparison) == [
        "Rocket attacks: b and a are the same in every one of 200 pairs. With 95 % "
        "confidence fewer than 1.5 % of worlds differ, and the difference lies within "
        "−0.06 to 0.06."
    ]


def test_the_relative_risk_of_what_never_happened_has_both_ends() -> None:
    """0 of 300 against 7 %: an upper end, and turned round a lower one."""
    a, b = np.zeros(300), np.zeros(300)
    a[:21] = 1.0
    for coupled in (True, False):
        risk = effects_of(Sample(a, b, coupled), 1, is_share=True)["relative_risk"]
        assert (risk.value, risk.low) == (0.0, 0.0)
        assert 0.05 < risk.high < 0.3
        turned = effects_of(Sample(b, a, coupled), 1, is_share=True)["relative_risk"]
        assert turned.high == np.inf
        assert turned.low == pytest.approx(1.0 / risk.high, rel=1e-6)


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


def test_pairs_are_drawn_whole() -> None:
    """Of a constant shift only a pair is open that was not seen; unpaired, far more."""
    a = np.random.default_rng(1).normal(size=100)
    effect = mean_effect(Sample(a, a + 0.5, True))
    unseen = np.sqrt(a.var() + (a + 0.5).var())
    assert effect.high - effect.low == pytest.approx(2 * 3.69 / 100 * unseen, rel=0.05)
    apart = mean_effect(Sample(a, a + 0.5, False))
    assert apart.high - apart.low > 0.3


def test_the_short_way_to_a_mean_gives_the_same_interval() -> None:
    """`mean_effect` and `effects_of` agree to the last bit."""
    random = np.random.default_rng(2)
    a = random.gamma(1.0, size=60)
    for sample in (
        Sample(a, a + random.normal(size=60), True),
        Sample(a, 2 * a, False),
    ):
        assert effects_of(sample, 9)["mean_difference"] == mean_effect(sample)


def test_the_bca_interval_is_that_of_scipy() -> None:
    """On the same sample it is SciPy's within the noise of resampling."""
    values = np.random.default_rng(3).exponential(size=80)
    resampled = np.concatenate(
        [w @ values / 80 for w in resampled_weights(80, generator(1, "x"), 20000)]
    )
    mine = bca_interval(values.mean(), resampled, values - values.mean())
    other = stats.bootstrap(
        (values,), np.mean, n_resamples=20000, method="BCa", rng=4
    ).confidence_interval
    assert mine == pytest.approx((other.low, other.high), abs=0.012)
    simple = stats.norm.interval(0.95, values.mean(), values.std() / np.sqrt(80))
    assert mine[1] - simple[1] > 0.012  # the skewness that a plain interval misses


def test_the_resampled_median_is_that_of_numpy() -> None:
    """Medians by weights equal NumPy's on the resample written out."""
    random = np.random.default_rng(5)
    a, b = random.poisson(3.0, 31).astype(float), random.normal(size=31)
    weights = next(resampled_weights(31, generator(4, "bootstrap"), 50))
    from sim.statistics.effect import _median, _on_grid

    grid = np.unique(np.concatenate([a, b]))
    of_a, of_b = (
        _median(np.cumsum(_on_grid(weights, x, grid), axis=1), grid) for x in (a, b)
    )
    for row, first, second in zip(weights, of_a, of_b, strict=True):
        drawn = np.repeat(np.arange(31), row.astype(int))
        assert (first, second) == (np.median(a[drawn]), np.median(b[drawn]))


def test_the_swap_test_is_scipys_permutation_of_pairs() -> None:
    """All swaps of few pairs, or many at random, give SciPy's p-value."""
    few = np.array([0.3, 1.2, -0.4, 0.8, 0.9, 2.0, -0.1])
    exact = stats.permutation_test(
        (few,),
        np.sum,
        permutation_type="samples",
        n_resamples=10**9,  # all of them
    ).pvalue
    assert swap_test(few, generator(1, "x")) == pytest.approx(exact)
    many = np.random.default_rng(6).normal(0.2, size=60)
    test: Any = stats.ttest_1samp(many, 0.0)
    exact = test.pvalue
    assert swap_test(many, generator(1, "x"), 20000) == pytest.approx(exact, abs=0.02)


def test_a_distance_is_held_against_what_noise_makes_of_it() -> None:
    """Without difference the distance stays below its floor in 95 % of samples."""
    n_over = 0
    for k in range(120):
        random = np.random.default_rng(k)
        base = random.normal(size=80)
        a, b = base + random.normal(size=80), base + random.normal(size=80)
        floor = distance_floor(a, b, generator(k, "x"), coupled=True, swaps=200)
        n_over += stats.wasserstein_distance(a, b) > floor[1]
    assert n_over < 120 * 0.05 + 4 * np.sqrt(120 * 0.05 * 0.95)
    x = np.random.default_rng(0).normal(size=80)
    floor = distance_floor(x, x + 2.0, generator(0, "x"), coupled=False, swaps=200)
    assert ks_of(x, x + 2.0) > floor[0]


def test_the_survival_curve_is_scipys_with_censoring_anywhere() -> None:
    """The product-limit curve of Kaplan and Meier's kind, worked by hand."""
    times = np.array([2.0, 3.0, 3.0, 5.0, 8.0, 10.0])
    came = np.array([True, True, False, True, False, False])
    curve = survival_curve(times, came, 10.0)
    by_time = dict(zip(curve.times.tolist(), curve.survival.tolist(), strict=True))
    assert by_time[2.0] == pytest.approx(5 / 6)
    assert by_time[3.0] == pytest.approx(5 / 6 * 4 / 5)
    assert by_time[5.0] == pytest.approx(5 / 6 * 4 / 5 * 2 / 3)
    assert by_time[10.0] == by_time[5.0]
    assert (curve.low <= curve.survival).all()
    assert (curve.survival <= curve.high).all()


def test_competing_incidences_add_up_to_all_that_happened() -> None:
    """The sum of the incidences is one minus the survival of any event."""
    random = np.random.default_rng(8)
    times = random.exponential(10.0, size=(2, 300))
    limit = random.uniform(5.0, 20.0, size=300)
    came = times < limit
    columns = {
        name: (np.minimum(times[k], limit), came[k].astype(float))
        for k, name in enumerate(("raid", "strike"))
    }
    time, cause = first_of(columns)
    found = cumulative_incidence(time, cause, ("raid", "strike"))
    curve = survival_curve(time, cause > 0, float(time.max()))
    total = found.shares["raid"][-1] + found.shares["strike"][-1]
    assert total == pytest.approx(1.0 - curve.survival[-1])
    naive = survival_curve(time, cause == 1, float(time.max()))
    assert 1.0 - naive.survival[-1] > found.shares["raid"][-1] + 0.05


def test_which_of_two_events_comes_first_is_an_outcome() -> None:
    """The derived outcome is 1 where the event came before the other."""
    one = arm(n=50)
    later = f"{TIME}_of_another"
    frame = one.outcomes.assign(**{later: 30.0, "other_happened": 1.0})
    row = OUTCOMES[TIME]._replace(name=later, companion="other_happened")
    wider = replace(one, outcomes=frame, table=one.table | {later: row})
    found: Any = with_competing(wider, [TIME, later]).outcomes
    assert (found["first_strike_happened_true"] >= 0).all()
    assert found["other_comes_first"].sum() == (frame[TIME] > 30.0).sum()
    with pytest.raises(StudyError, match="two or more"):
        with_competing(wider, [TIME])
    with pytest.raises(StudyError, match="is not the time to an event"):
        with_competing(wider, [TIME, COUNT])


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


def test_stops_when_the_interval_is_narrow_and_says_how_often_it_looked() -> None:
    """It adds replications until the half-width is reached, or the cap."""
    asked: list[range] = []

    def run(numbers: range) -> list[ArmOutcomes]:
        asked.append(numbers)
        whole = [arm(n=5000), arm("b", n=5000, shift=0.3)]
        return [replace(one, outcomes=one.outcomes.loc[list(numbers)]) for one in whole]

    arms, said = replicate_until(run, COUNT, 0.02, at_most=5000)
    assert [numbers.start for numbers in asked[1:]] == [r.stop for r in asked[:-1]]
    n = len(arms[0].outcomes)
    assert 1000 < n < 3500
    row = compared(*arms)[COUNT]
    assert row.headline.half_width <= 0.02
    assert f"{len(asked)} looks" in said
    assert "covers slightly less" in said
    _, capped = replicate_until(run, COUNT, 0.001, at_most=400)
    assert capped.startswith("Stopped at the cap of 400 replications")


def test_a_rare_difference_does_not_stop_a_run() -> None:
    """While fewer than 10 pairs differ no interval is believed, however narrow."""

    def run(numbers: range) -> list[ArmOutcomes]:
        whole = [arm(n=2000), arm("b", n=2000)]
        return [replace(one, outcomes=one.outcomes.loc[list(numbers)]) for one in whole]

    arms, said = replicate_until(run, SHARE, 0.5, at_most=900)
    assert len(arms[0].outcomes) == 900
    assert said.endswith("in fewer than 10 pairs the arms differ.")


def test_a_sentence_has_no_more_digits_than_its_error_allows() -> None:
    """The whole sentence, as an analyst reads it."""
    arms = [arm(n=400), arm("lenient", n=400, shift=0.3)]
    comparison = compare_arms(arms, [COUNT])
    assert sentences(comparison) == [
        "lenient raises rocket attacks by 0.31 (95 % interval 0.27 to 0.36) against "
        "a; mean 5.3 against 5.0. In the same world it is higher in 31 %, lower in 0 % "
        "and the same in 69 %."
    ]


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


def test_how_many_differences_were_looked_at_is_stated() -> None:
    """Outcomes times arms, and how many intervals chance alone would miss."""
    arms = [arm(), arm("b", shift=0.1), arm("c", shift=0.2)]
    comparison: Comparison = compare_arms(arms, [COUNT, SHARE])
    assert caveats(comparison)[0] == (
        "Differences looked at: 4. At 95 %, 0.2 of as many intervals miss the truth by "
        "chance alone."
    )


def test_page_of_results_sorts_what_each_arm_changes() -> None:
    """Clear changes come first, by direction, and what never differs last."""
    same = replace(arm("twin"), name="twin")
    comparison = compare_arms([arm("a"), arm("b", shift=1.0), same], [COUNT, TIME])
    section = results_section(comparison, {"a": "A", "b": "B", "twin": "Twin"})
    first, *_, last = section.splitlines()
    assert first.startswith("200 pairs of replications, root_seed 1, 100 days.")
    assert "2 outcomes × 2 arms = 4 differences" in first
    (line,) = (line for line in section.splitlines() if line.startswith("- **B**"))
    assert line.index("raises rocket attacks by 1") < line.index("and lowers time to")
    assert "- **Twin** (`twin`) the same in every pair: rocket attacks, time" in section
    assert "| = |" in section
    assert last.startswith("In brackets 95 % intervals")
