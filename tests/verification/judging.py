"""How far what was found lies from what theory says, in standard errors.

A check returns its z values by name. The code passes when all of them are below `Z`; a
planted fault must push at least one of them above it, in the very same check. Under
the truth one z in 16,000 exceeds 4; root_seeds are fixed: it happens always or never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy import stats

from sim.engine.cast import Cast
from sim.engine.run import run_replication

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sim.engine.log import IncidentLog
    from sim.scenario.scenario import Scenario

Z: Final = 4.0
ROOT_SEED: Final = 20200622
NO_FAULT: Final = "no fault"


def judge(found: Mapping[str, float], fault: str) -> None:
    """Fail unless the right code passes, or the faulty code is caught."""
    rounded = {name: round(float(z), 2) for name, z in found.items()}
    print(fault, rounded)  # noqa: T201  shown by pytest -rP
    if fault == NO_FAULT:
        assert all(abs(z) < Z for z in found.values()), rounded
    else:
        assert any(abs(z) > Z for z in found.values()), f"missed: {rounded}"


def logs_of(
    scenario: Scenario,
    n: int,
    *,
    until: float | None = None,
    spoil: Callable[[Cast], None] | None = None,
) -> Iterator[IncidentLog]:
    """Run n replications of a scenario whose cast may be spoilt on purpose."""
    cast = Cast(scenario)
    if spoil is not None:
        spoil(cast)
    for number in range(n):
        yield run_replication(cast, ROOT_SEED, number, until)


def mean_off(sample: Any, mean: float, variance: float | None = None) -> float:
    """Return how far a sample's mean is off; the variance is its own unless known."""
    values = np.asarray(sample, float)
    spread = values.var(ddof=1) if variance is None else variance
    return float((values.mean() - mean) / np.sqrt(spread / values.size))


def variance_off(sample: Any, variance: float) -> float:
    """Return how far a sample's variance is off, by its own fourth moment."""
    values = np.asarray(sample, float)
    squares = (values - values.mean()) ** 2
    error = squares.std(ddof=1) / np.sqrt(values.size)
    return float((squares.mean() - variance) / error)


def law_off(sample: Any, law: Any) -> float:
    """Return how far a sample is from a continuous law, by Kolmogorov and Smirnov."""
    return deviation(stats.kstest(sample, law.cdf).pvalue)


def counts_off(sample: Any, law: Any) -> float:
    """Return how far counts are from a discrete law, by chi-square.

    Neighbouring values are merged until each bin expects 20.
    """
    values = np.asarray(sample, int)
    top = int(values.max()) + 1
    expected = law.pmf(np.arange(top)) * values.size
    observed = np.bincount(values, minlength=top).astype(float)
    bins: list[tuple[float, float]] = []
    low = np.zeros(2)
    for pair in zip(observed, expected, strict=True):
        low += pair
        if low[1] >= 20.0:
            bins.append((low[0], low[1]))
            low = np.zeros(2)
    rest = values.size - np.sum(bins, axis=0)
    bins[-1] = (bins[-1][0] + rest[0], bins[-1][1] + rest[1])
    seen, due = np.array(bins).T
    return deviation(stats.chisquare(seen, due).pvalue)


def link_between(first: Any, second: Any) -> float:
    """Return how far two samples' rank correlation is from 0."""
    correlation: Any = stats.spearmanr(first, second)
    return float(correlation.statistic * np.sqrt(len(first) - 1.0))


def deviation(p_value: float) -> float:
    """Return the standard normal deviation with this two-sided probability."""
    return float(stats.norm.isf(max(p_value, 1e-300) / 2.0))


def without_band(option: str, number: int) -> Callable[[Cast], None]:
    """Return a fault: one band of height of an option is never offered."""

    def spoil(cast: Cast) -> None:
        cast.channels = tuple(
            _replaced(c, c.bands[:number] + c.bands[number + 1 :])
            if c.option.operation.name == option
            else c
            for c in cast.channels
        )

    return spoil


def one_stream_for_all(cast: Cast) -> None:
    """Spoil a cast: all channels draw their bands from the first one's streams."""
    first = cast.channels[0].bands
    cast.channels = tuple(
        _replaced(
            channel,
            tuple((*band[:2], first[k][2]) for k, band in enumerate(channel.bands)),
        )
        for channel in cast.channels
    )


def one_stream_for_bands(cast: Cast) -> None:
    """Spoil a cast: all bands of a channel draw from one stream."""
    cast.channels = tuple(
        _replaced(c, tuple((*band[:2], c.bands[0][2]) for band in c.bands))
        for c in cast.channels
    )


def _replaced(channel: Any, bands: Any) -> Any:
    return type(channel)(
        *(channel.actor, channel.target, channel.option, channel.operation),
        *(bands, channel.highest),
    )
