"""The error budget: parameters and chance told apart, and arms ranked over draws."""

import numpy as np
import pytest

from sim.comparison.range_draws import RangeTask, range_draws
from sim.comparison.ranking import rank_arms
from sim.comparison.under_draws import DrawnArms, run_drawn_arms
from sim.ensemble.draw_set import ArmSource
from sim.errors import StudyError
from sim.experiment.parameter_draw import (
    drawn_values,
    ranged_factors,
    refuse_contradiction,
)
from sim.experiment.variant import Variant
from sim.scenario.form import read_scenario
from sim.scenario.load import find, load
from sim.statistics.variance import error_budget, nested_variance

PATH = "actors.united_states.sponsor_belief"


def made_up(between: float, within: float, k: int = 200, m: int = 5) -> np.ndarray:
    """Return values with known standard deviations between and within draws."""
    random = np.random.default_rng(k * m + 1)
    return between * random.normal(size=(k, 1)) + within * random.normal(size=(k, m))


def test_known_components_are_recovered() -> None:
    """Each variance lies within its interval, and the parts add up."""
    budget = error_budget(made_up(2.0, 3.0) + 10.0, 1)
    assert budget.between.low < 4.0 < budget.between.high
    assert budget.within.low < 9.0 < budget.within.high
    assert budget.mean.low < 10.0 < budget.mean.high
    assert budget.parameter_share == pytest.approx(4 / 13, abs=0.1)
    assert budget.between.value + budget.within.value / 5 == pytest.approx(
        (made_up(2.0, 3.0)).mean(axis=1).var(ddof=1)
    )


def test_the_range_over_draws_is_where_most_draws_lie() -> None:
    """Quantiles of the draws' means, less what chance adds; skewed as they are."""
    values = made_up(2.0, 3.0) + 10.0
    budget = error_budget(values, 1)
    means, middle = values.mean(axis=1), values.mean()
    nearer = np.sqrt(budget.between.value / means.var(ddof=1))
    wanted = middle + nearer * (np.quantile(means, (0.025, 0.975)) - middle)
    assert (budget.low, budget.high) == pytest.approx(tuple(wanted))
    random = np.random.default_rng(4)
    skewed = -np.exp(random.normal(3.0, 0.8, (200, 1))) + 0.1 * random.normal(
        size=(200, 4)
    )
    budget = error_budget(skewed, 1)
    ends = np.quantile(skewed.mean(axis=1), (0.025, 0.975))
    assert (budget.low, budget.high) == pytest.approx(tuple(ends), rel=0.01)
    assert budget.high < 0.0  # mean plus 1.96 deviations is above 0
    assert skewed.mean() + 1.96 * np.sqrt(budget.between.value) > 0.0
    alike = np.tile([1.0, 2.0, 6.0], (40, 1))
    budget = error_budget(alike, 1)
    assert budget.between.value < 0.0
    assert (budget.low, budget.high) == pytest.approx((3.0, 3.0))


def test_draws_that_change_nothing_have_no_variance_between() -> None:
    """The interval between draws reaches 0 where the parameters do not matter."""
    budget = error_budget(made_up(0.0, 3.0), 1)
    assert budget.between.low < 0.0 < budget.between.high


def test_a_plain_variance_of_means_would_take_chance_for_parameters() -> None:
    """Planted fault: without the correction the component is found where none is."""
    values = made_up(0.0, 3.0)
    between, within = nested_variance(values)
    assert abs(between) < 0.5
    assert values.mean(axis=1).var(ddof=1) == pytest.approx(within / 5, abs=0.5)
    assert values.mean(axis=1).var(ddof=1) > 1.3


def test_too_few_draws_or_replications_are_refused() -> None:
    """One replication a draw cannot tell parameters from chance."""
    with pytest.raises(StudyError, match="1 replication a draw: parameters and chance"):
        error_budget(np.zeros((50, 1)), 1)
    with pytest.raises(StudyError, match="29 draws; an interval needs at least 30"):
        error_budget(np.zeros((29, 2)), 1)


def test_ranks_are_shares_of_draws_and_only_clear_leads_count_as_clear() -> None:
    """An arm that is always lower is first in every draw; a coin toss is not clear."""
    base = made_up(2.0, 1.0, k=100, m=10)
    worse, better, tossed = rank_arms({"a": base + 1.0, "b": base, "c": base + 0.5})
    assert (worse.share, better.share, tossed.share) == (0.0, 1.0, 0.0)
    assert better.clear_share == 1.0
    assert better.low == pytest.approx(0.963, abs=0.001)
    highest = rank_arms({"a": base + 1.0, "b": base}, lowest_first=False)
    assert highest[0].share == 1.0
    noise = rank_arms({"a": made_up(0, 1, 100, 10), "b": made_up(0, 1, 100, 10)[::-1]})
    assert 0.3 < noise[0].share < 0.7
    assert noise[0].clear_share + noise[1].clear_share < 0.25


def test_a_parameter_more_leaves_the_draws_of_the_others_alone() -> None:
    """Draws are keyed by path; they stay in their ranges and differ between draws."""
    document, scenario = read_scenario(find("iraq_2019_2020")), load("iraq_2019_2020")
    both = ranged_factors(
        document, scenario, [PATH, "actors.kataib_hezbollah.base_rate"]
    )
    one = ranged_factors(document, scenario, [PATH])
    cited = next(row for row in scenario.cited if row.path == PATH)
    for draw in range(20):
        values = drawn_values(both, 1, draw)
        assert values[PATH] == drawn_values(one, 1, draw)[PATH]
        assert cited.low <= float(str(values[PATH])) <= cited.high
    assert both[1].distribution is not None
    assert both[1].distribution.shape == "log_uniform"
    assert len({str(drawn_values(one, 1, k)[PATH]) for k in range(20)}) == 20


def test_an_arm_must_not_set_what_is_drawn() -> None:
    """A draw that would undo the policy is refused; so is what has no range."""
    document, scenario = read_scenario(find("iraq_2019_2020")), load("iraq_2019_2020")
    factors = ranged_factors(document, scenario, [PATH])
    with pytest.raises(StudyError, match="set by the arm strict: the draw would undo"):
        refuse_contradiction(factors, {"strict": [PATH]})
    with pytest.raises(StudyError, match="did you mean 'actors"):
        ranged_factors(document, scenario, ["actors.united_states.strike_shar"])


@pytest.mark.slow
def test_arms_share_draws_and_worlds() -> None:
    """Two arms without difference agree in every draw and replication."""
    document, scenario = read_scenario(find("iraq_2019_2020")), load("iraq_2019_2020")
    factors = ranged_factors(document, scenario, [PATH])
    sources = {name: ArmSource(document, Variant()) for name in ("a", "b")}
    draws, refused = range_draws(RangeTask(sources, factors, 1), 1, 2, "")
    assert refused == 0
    arms = DrawnArms(dict.fromkeys("ab", scenario), draws, 1, 20.0, sources)
    values = run_drawn_arms(arms, ["n_rocket_attacks_true"]).values
    a, b = values["n_rocket_attacks_true"].values()
    assert a.shape == (1, 2)
    np.testing.assert_array_equal(a, b)
