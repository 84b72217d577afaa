"""Effects with their intervals: pairs are drawn whole, shares have a ratio."""

from typing import Any

import numpy as np
import pytest

from sim.statistics.bootstrap import generator, resampled_weights
from sim.statistics.effect import Sample, effects_of, mean_effect
from sim.statistics.mean_interval import apart_interval, mean_interval


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


@pytest.mark.parametrize("coupled", [True, False])
def test_the_relative_risk_holds_where_the_weighted_difference_holds_0(
    coupled: bool,
) -> None:
    """At each end of the ratio's interval, that of b - ratio * a ends at 0 (Fieller).

    What was not seen is a reference that alone has it, which counts the ratio, or an
    arm that alone has it, which counts 1.
    """
    a, b = np.zeros(60), np.zeros(60)
    a[:20], b[8:40] = 1.0, 1.0
    risk = effects_of(Sample(a, b, coupled), 1, is_share=True)["relative_risk"]
    assert risk.value == pytest.approx(32 / 20)
    assert 0.0 < risk.low < risk.value < risk.high

    def of_share(values: Any) -> tuple[float, float, float]:
        middle = float(np.median(values))
        unseen = (middle, 1.0 - middle)
        return values.mean(), *mean_interval(values, unseen, are_sizes_known=True)

    def ends(ratio: float) -> tuple[float, float]:
        if coupled:
            apart = b - ratio * a
            return mean_interval(apart, (ratio, 1.0), are_sizes_known=True)
        mean, low, high = of_share(a)
        return apart_interval((ratio * mean, ratio * low, ratio * high), of_share(b))

    assert ends(risk.low)[0] == pytest.approx(0.0, abs=1e-9)
    assert ends(risk.high)[1] == pytest.approx(0.0, abs=1e-9)
    wrong = mean_interval(b - risk.low * a, (1.0, risk.low), are_sizes_known=True)
    assert not coupled or abs(wrong[0]) > 1e-3
