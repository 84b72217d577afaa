"""A rate that jumps between hidden states: its likelihood, against enumeration."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy.linalg import expm

from sim.statistics.modulated import Modulated, beside, filtered, stacked

TIMES = np.array([1.0, 1.5, 4.0, 9.0, 9.25])
DAYS = 12.0


def pair(slow: float, fast: float, up: float, down: float) -> Modulated:
    """Return two states with moves between them."""
    return Modulated(
        rates=np.array([slow, fast]),
        moves=np.array([[-up, up], [down, -down]]),
        balance=np.array([down, up]) / (up + down),
    )


ONE = pair(0.1, 0.8, 0.05, 0.2)
OTHER = pair(0.3, 0.4, 0.6, 0.1)
THREE = Modulated(
    rates=np.array([0.05, 0.3, 1.2]),
    moves=np.array([[-0.1, 0.1, 0.0], [0.05, -0.15, 0.1], [0.0, 0.05, -0.05]]),
    balance=np.array([1.0, 2.0, 4.0]) / 7.0,
)


def in_small_steps(model: Modulated, times: np.ndarray, days: float) -> np.ndarray:
    """Return the weights of the states at the end, by matrix exponentials."""
    weights, before = model.balance, 0.0
    ending = model.moves - np.diag(model.rates)
    for time in times:
        weights = weights @ expm(ending * (time - before)) * model.rates
        before = time
    return weights @ expm(ending * (days - before))


@pytest.mark.parametrize(
    "model", [ONE, THREE, beside(ONE, OTHER), beside(THREE, THREE)]
)
def test_the_recursion_is_the_product_of_matrix_exponentials(model: Modulated) -> None:
    """Likelihood and states are those of the exponentials, repeated speeds or not."""
    weights = in_small_steps(model, TIMES, DAYS)
    known = filtered(model, TIMES, DAYS)
    assert float(known.log_likelihood) == pytest.approx(np.log(weights.sum()))
    assert known.states == pytest.approx(weights / weights.sum())


def over_all_paths(times: np.ndarray, n: int) -> float:
    """Return the log likelihood as a sum over the 2**(n + 1) paths on a grid.

    A path tells the state at each point of the grid; incidents lie on the grid, and
    what is between two points counts half for the state of either.
    """
    step = DAYS / n
    moves = expm(ONE.moves * step)
    counts = np.bincount(np.round(times / step).astype(int), minlength=n + 1)
    length = step * np.array([0.5, *np.ones(n - 1), 0.5])
    total = 0.0
    for path in product((0, 1), repeat=n + 1):
        rates = ONE.rates[list(path)]
        chance = ONE.balance[path[0]] * np.prod(moves[path[:-1], path[1:]])
        total += chance * np.prod(rates**counts * np.exp(-rates * length))
    return float(np.log(total))


def test_it_is_the_limit_of_a_sum_over_all_paths() -> None:
    """The sum nears the recursion as the square of the step: twice as fine, a quarter
    of what is over, within a tenth of it.
    """
    times = np.array([2.0, 4.0, 6.0, 10.0])
    exact = float(filtered(ONE, times, DAYS).log_likelihood)
    coarse, fine = (over_all_paths(times, n) - exact for n in (6, 12))
    assert abs(fine) < 0.04
    assert fine == pytest.approx(coarse / 4.0, rel=0.1)


def test_two_beside_one_another_are_the_sum_over_who_did_what() -> None:
    """The likelihood adds up every way to share the incidents out to the two."""
    total = 0.0
    for split in product((True, False), repeat=len(TIMES)):
        mine = np.array(split)
        parts = ((ONE, TIMES[mine]), (OTHER, TIMES[~mine]))
        total += np.exp(sum(filtered(m, t, DAYS).log_likelihood for m, t in parts))
    joint = filtered(beside(ONE, OTHER), TIMES, DAYS)
    assert float(joint.log_likelihood) == pytest.approx(np.log(total))


def test_without_moves_it_is_a_mixture_of_constant_rates() -> None:
    """Each state then counts by its share and the Poisson likelihood of its rate."""
    still = ONE._replace(moves=np.zeros((2, 2)))
    each = still.balance * still.rates ** len(TIMES) * np.exp(-still.rates * DAYS)
    known = filtered(still, TIMES, DAYS)
    assert float(known.log_likelihood) == pytest.approx(np.log(each.sum()))
    assert known.states == pytest.approx(each / each.sum())


def test_two_stretches_are_one() -> None:
    """Going on from the states of a first stretch is the whole at once."""
    whole = filtered(THREE, TIMES, DAYS)
    first = filtered(THREE, TIMES[TIMES < 5.0], 5.0)
    rest = filtered(THREE, TIMES[TIMES >= 5.0] - 5.0, DAYS - 5.0, first.states)
    assert first.log_likelihood + rest.log_likelihood == pytest.approx(
        whole.log_likelihood
    )
    assert rest.states == pytest.approx(whole.states)


def test_many_models_at_once_are_each_by_itself() -> None:
    """Further axes in front change nothing, beside one another either."""
    many = stacked([ONE, OTHER])
    together = filtered(many, TIMES, DAYS)
    doubled = filtered(beside(many, stacked([OTHER, OTHER])), TIMES, DAYS)
    for k, model in enumerate((ONE, OTHER)):
        alone = filtered(model, TIMES, DAYS)
        assert together.log_likelihood[k] == pytest.approx(alone.log_likelihood)
        assert together.states[k] == pytest.approx(alone.states)
        both = filtered(beside(model, OTHER), TIMES, DAYS)
        assert doubled.log_likelihood[k] == pytest.approx(both.log_likelihood)
