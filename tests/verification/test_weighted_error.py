"""The Monte Carlo errors of a posterior's numbers are as large as they say."""

from collections.abc import Callable

import numpy as np
import pytest

from sim.statistics.weighted import (
    Floats,
    effective_size,
    kish,
    mean_error,
    quantile_error,
    variance_error,
    weighted_quantile,
)

N_SETS, N_PARTICLES = 400, 300
Z = 4.0


def weighted_sets(root_seed: int) -> list[tuple[Floats, Floats]]:
    """Draw particles of a narrow normal, weighted to a standard one, many times.

    The weights have noise besides, as those of a population that moved have.
    """
    generator = np.random.Generator(np.random.PCG64(root_seed))
    narrow, noise = 0.9, 0.8
    found: list[tuple[Floats, Floats]] = []
    for _ in range(N_SETS):
        x = generator.normal(scale=narrow, size=N_PARTICLES)
        w = np.exp(0.5 * x**2 * (1.0 / narrow**2 - 1.0))
        w = w * np.exp(noise * generator.normal(size=N_PARTICLES))
        found.append((x, w / w.sum()))
    return found


def _variance(x: Floats, w: Floats) -> float:
    return float(w @ (x - w @ x) ** 2)


READ: dict[str, tuple[Callable[[Floats, Floats], float], ...]] = {
    "mean": (lambda x, w: float(w @ x), mean_error),
    "5 %": (
        lambda x, w: weighted_quantile(x, w, 0.05),
        lambda x, w: quantile_error(x, w, 0.05),
    ),
    "95 %": (
        lambda x, w: weighted_quantile(x, w, 0.95),
        lambda x, w: quantile_error(x, w, 0.95),
    ),
    "variance": (_variance, variance_error),
}


def ratio_of(name: str, sets: list[tuple[Floats, Floats]], *, is_wrong: bool) -> float:
    """Return the root mean square of the errors said, over the spread that is there."""
    value, error = READ[name]
    even = np.full(N_PARTICLES, 1.0 / N_PARTICLES)
    values = np.array([value(x, w) for x, w in sets])
    said = [error(*_as_if_even(x, w, even)) if is_wrong else error(x, w)
            for x, w in sets]  # fmt: skip
    return float(np.sqrt(np.mean(np.square(said))) / values.std(ddof=1))


def _as_if_even(x: Floats, w: Floats, even: Floats) -> tuple[Floats, Floats]:
    """Plant a fault: the same distribution as from as many equal particles."""
    order = np.argsort(x)
    places = np.searchsorted(np.cumsum(w[order]), (np.arange(len(x)) + 0.5) / len(x))
    return x[order][np.minimum(places, len(x) - 1)], even


@pytest.mark.verify
@pytest.mark.parametrize("name", READ)
def test_errors_are_as_large_as_they_say(name: str) -> None:
    """Over 400 sets the said error equals the true spread, which equal weights miss.

    The spread of 400 values has a relative standard error of 1/√800 = 3.5 % for a
    normal statistic; quantiles add some 5 % of bias at 300 particles, so that four
    standard errors and a tenth are allowed. Errors of 300 equal particles are too
    small by a quarter and more, and are caught.
    """
    sets = weighted_sets(5)
    allowed = Z / np.sqrt(2.0 * N_SETS) + 0.1
    assert abs(ratio_of(name, sets, is_wrong=False) - 1.0) < allowed
    assert ratio_of(name, sets, is_wrong=True) < 1.0 - allowed


def test_sizes_are_those_of_equal_weights() -> None:
    """Equal weights are worth their number; a weight that counts for all, one."""
    x = np.random.Generator(np.random.PCG64(1)).normal(size=50)
    even = np.full(50, 0.02)
    assert kish(even) == pytest.approx(50.0)
    assert effective_size(x, even) == pytest.approx(50.0)
    assert effective_size(np.ones(50), even) == 0.0
    assert kish(np.eye(50)[3]) == 1.0
