"""The self-exciting yardstick, against its intensity written out."""

from __future__ import annotations

import numpy as np
import pytest

from sim.statistics.hawkes import (
    Hawkes,
    excitement,
    log_likelihood,
    posterior,
    simulated_counts,
)

TIMES = np.array([1.0, 1.5, 4.0, 9.0, 9.25])
DAYS = 12.0


def written_out(rate: float, branching: float, decay: float) -> float:
    """Return the log likelihood by the sum over all pairs of incidents."""
    total = -rate * DAYS
    for time in TIMES:
        earlier = TIMES[time > TIMES]
        echo = np.exp(-decay * (time - earlier)).sum()
        total += np.log(rate + branching * decay * echo)
        total -= branching * (1.0 - np.exp(-decay * (DAYS - time)))
    return float(total)


MODELS = [(0.2, 0.5, 1.0), (0.6, 0.1, 0.2), (0.05, 0.9, 2.0), (0.4, 0.0, 1.0)]


def test_the_likelihood_is_the_one_written_out() -> None:
    """One model by one, and many at once."""
    expected = [written_out(*model) for model in MODELS]
    for model, value in zip(MODELS, expected, strict=True):
        assert float(log_likelihood(Hawkes(*model), TIMES, DAYS)) == pytest.approx(
            value
        )
    together = Hawkes(*np.array(MODELS).T)
    assert log_likelihood(together, TIMES, DAYS) == pytest.approx(expected)


def test_what_is_still_felt_is_a_sum_of_echoes() -> None:
    """Each incident counts exp(-decay * its age)."""
    decay = np.array([0.1, 2.0])
    expected = [np.exp(-b * (DAYS - TIMES)).sum() for b in decay]
    assert excitement(decay, TIMES, DAYS) == pytest.approx(expected)


def test_the_posterior_is_likelihood_times_prior_on_the_grid() -> None:
    """The mean rate's prior is Jeffreys'; the grid fills its range."""
    model, weights = posterior(TIMES, DAYS)
    assert len(weights) == 60 * 19 * 12
    assert weights.sum() == pytest.approx(1.0)
    mean = model.rate / (1.0 - model.branching)
    shown = 5.5 / DAYS
    assert (mean.min(), mean.max()) == pytest.approx((shown / 60.0, shown * 12.0))
    assert (model.decay.min(), model.decay.max()) == pytest.approx((1.0 / 30.0, 2.0))
    edges = 0.95 / 38.0, 0.95 * (1.0 - 1.0 / 38.0)
    assert (model.branching.min(), model.branching.max()) == pytest.approx(edges)
    some = np.random.default_rng(1).integers(len(weights), size=50)
    log_weight = [
        written_out(model.rate[k], model.branching[k], model.decay[k])
        + 0.5 * np.log(mean[k])
        for k in some
    ]
    apart = np.log(weights[some]) - np.array(log_weight)
    assert apart == pytest.approx(np.full(50, apart[0]))


@pytest.mark.parametrize("felt", [0.0, 3.0])
def test_simulated_counts_have_the_mean_of_the_process(felt: float) -> None:
    """The expected intensity solves a linear equation; its integral is the mean."""
    rate, branching, decay, window, n = 0.3, 0.6, 0.5, 20.0, 40_000
    model = Hawkes(*(np.full(n, value) for value in (rate, branching, decay)))
    counts = simulated_counts(model, np.full(n, felt), window, np.random.default_rng(2))
    fall = decay * (1.0 - branching)
    final = rate / (1.0 - branching)
    start = rate + branching * decay * felt
    mean = final * window + (start - final) * (1.0 - np.exp(-fall * window)) / fall
    assert counts.mean() == pytest.approx(mean, abs=4.0 * counts.std() / np.sqrt(n))
    assert counts.var() > 1.5 * counts.mean()
