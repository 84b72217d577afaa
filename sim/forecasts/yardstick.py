r"""Yardsticks: simple forecasters that a simulator has to beat to be worth its trouble.

Each is a model of one series of dated incidents (the attacks, the strikes, the attacks
that killed ...), fitted on what is dated before the origin and nothing else, and asked
the same questions as the simulator under the same rules. Each carries the error of its
own estimates into its forecast: one that took its few incidents for the truth would be
easy to beat.

- ``constant_rate``: a Poisson process. With Jeffreys' prior of its rate the posterior
  is Gamma(k + 1/2, T) after k incidents in T days, and the forecast of w days a
  negative binomial of size k + 1/2 and mean (k + 1/2) w / T.
- ``negative_binomial``: months of their own rates. The past is cut, back from the
  origin, into spans of the window's length (the first may be shorter); each has a
  Gamma rate of mean m and variance a m². Jeffreys' prior of m, an exponential one of
  mean 1/4 of a; the forecast is the mixture of negative binomials over both.
- ``last_month``: persistence. As constant_rate, from the last 30 days alone, or the
  last w where those are more.
- ``hawkes``: incidents that bring about others (`sim.statistics.hawkes`), simulated
  forward.
- ``two_states``: a rate that jumps between a quiet and a busy state
  (`sim.statistics.modulated`), whose likelihood and present state are exact; simulated
  forward.

Asked of a window some steps ahead, the first three say what they say of the next one;
the last two are simulated up to it.

Where a question adds persons up, the series are the incidents that count any. How many
one of them counts is geometric from 1 on; the prior of its parameter is Beta(2, 1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.forecasts.forecast import Answer, Forecast
from sim.record.question import COUNT, Question
from sim.record.resolution import Floats, Series, series_before
from sim.statistics import modulated
from sim.statistics.bootstrap import generator
from sim.statistics.count_distribution import (
    CountDistribution,
    counts_from_formula,
    counts_from_samples,
)
from sim.statistics.hawkes import Hawkes, excitement, posterior, simulated_counts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from numpy.random import Generator

    from sim.scenario.event_table import EventTable
    from sim.scenario.scenario import Scenario

SAMPLES: Final = 20_000
"""Windows that are simulated where there is no formula."""
MONTH: Final = 30.0
"""Least days that persistence looks back: a week of nothing would say very little."""
_MEANS, _SPREADS = 60, 20
"""Size of the grid of the negative binomial, in each direction."""


_USUAL = 0.25
"""Prior mean of the squared variation of monthly rates: a month is off by a half."""


class Yardstick(NamedTuple):
    """One simple forecaster."""

    name: str
    label: str
    predict: Callable[[Series, float, Generator, float], CountDistribution]
    """From the past, the window's days, a source of chance, and the days that pass
    before the window, how many come."""


def constant_rate(
    past: Series, days: float, _: Generator, lead: float = 0.0
) -> CountDistribution:
    """Forecast a Poisson process whose rate is estimated from all of the past.

    Examples
    --------
    Ten incidents in 100 days: 10.5 * 30 / 100 are expected in 30.

    >>> past = Series(np.arange(10.0), np.ones(10), 100.0)
    >>> round(constant_rate(past, 30.0, generator(1)).mean, 4)
    3.15
    """
    return _of_rate(len(past.times), past.days, days)


def last_month(
    past: Series, days: float, _: Generator, lead: float = 0.0
) -> CountDistribution:
    """Forecast that the window is like the month before it."""
    observed = min(max(days, MONTH), past.days)
    seen = int((past.times >= past.days - observed).sum())
    return _of_rate(seen, observed, days)


def negative_binomial(
    past: Series, days: float, _: Generator, lead: float = 0.0
) -> CountDistribution:
    """Forecast months whose rates differ from each other."""
    edges = np.arange(past.days, 0.0, -days)[::-1]
    first = np.concatenate([[0.0], edges[:-1]])
    seen = np.array(
        [
            ((past.times >= a) & (past.times < b)).sum()
            for a, b in zip(first, edges, strict=True)
        ]
    )
    share = (edges - first) / days
    shown = (len(past.times) + 0.5) / past.days * days
    means = shown * np.geomspace(1.0 / 60.0, 20.0, _MEANS)
    mean = means[:, np.newaxis]
    spread = -_USUAL * np.log1p(-(np.arange(_SPREADS) + 0.5) / _SPREADS)
    size = 1.0 / spread
    log_weight = 0.5 * np.log(mean)  # Jeffreys' density on a grid even in log(mean)
    for count, part in zip(seen, share, strict=True):
        log_weight = log_weight + _log_mass(count, size, mean * part)
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()

    def mass(counts: Floats) -> Floats:
        each = np.exp(_log_mass(counts[:, np.newaxis, np.newaxis], size, mean))
        return (each * weight).sum(axis=(1, 2))  # BLAS may add in another order

    return counts_from_formula(mass)


def hawkes(
    past: Series, days: float, random: Generator, lead: float = 0.0
) -> CountDistribution:
    """Forecast a self-exciting process, from its posterior simulated forward."""
    model, weight = posterior(past.times, past.days)
    at = np.searchsorted(np.cumsum(weight), random.random(SAMPLES), side="right")
    at = np.minimum(at, len(weight) - 1)
    drawn = Hawkes(*(values[at] for values in model))
    felt = excitement(drawn.decay, past.times, past.days)
    return counts_from_samples(simulated_counts(drawn, felt, days, random, lead))


def two_states(
    past: Series, days: float, random: Generator, lead: float = 0.0
) -> CountDistribution:
    """Forecast a rate that jumps between two states, from its posterior."""
    model, weight, states = modulated.two_states(past.times, past.days)
    at = np.searchsorted(np.cumsum(weight), random.random(SAMPLES), side="right")
    at = np.minimum(at, len(weight) - 1)
    state = (random.random(SAMPLES) < states[at, 1]).astype(np.float64)
    drawn = modulated.Modulated(*(values[at] for values in model))
    counts = modulated.simulated_counts(drawn, state, days, random, lead)
    return counts_from_samples(counts)


YARDSTICKS: Final[dict[str, Yardstick]] = {
    row.name: row
    for row in (
        Yardstick("constant_rate", "constant rate (Poisson)", constant_rate),
        Yardstick("negative_binomial", "negative binomial", negative_binomial),
        Yardstick("last_month", "as the last month", last_month),
        Yardstick("hawkes", "self-exciting (Hawkes)", hawkes),
        Yardstick("two_states", "two-state regime", two_states),
    )
}
"""Every yardstick by its name."""


def yardstick_forecasts(
    table: EventTable,
    scenario: Scenario,
    window: tuple[date, date],
    questions: Sequence[Question],
    *,
    root_seed: int,
    start: date | None = None,
    step: int = 1,
) -> list[Forecast]:
    """Return what the yardsticks say of a window.

    Parameters
    ----------
    table
        The record. It has to cover the days from the scenario's start to the origin;
        what is dated later is not looked at.
    scenario
        The scenario that the simulator forecasts with: its start and its actors.
    window
        Origin and end, half-open.
    questions
        What is asked.
    root_seed
        Of what is simulated.
    start
        First day of a window some steps ahead; the origin when None.
    step
        How many windows ahead it is.

    Raises
    ------
    StudyError
        If the record does not cover the past.
    """
    origin, end = window
    actors = tuple(actor.name for actor in scenario.actors)
    first = start or origin
    seed = () if start is None else (start.isoformat(),)
    pasts = {
        question.id: series_before(table, question, actors, scenario.start, origin)
        for question in questions
    }
    return [
        Forecast(
            forecaster=name,
            scenario=scenario.name,
            scenario_digest=scenario.digest,
            origin=origin,
            end=end,
            start=start,
            step=step,
            answers={
                question.id: _answer(
                    YARDSTICKS[name],
                    question,
                    pasts[question.id],
                    (float((end - first).days), float((first - origin).days)),
                    generator(
                        root_seed, name, question.outcome, origin.isoformat(), *seed
                    ),
                )
                for question in questions
            },
            actors=actors,
            root_seed=root_seed,
        )
        for name in YARDSTICKS
    ]


def _answer(
    yardstick: Yardstick,
    question: Question,
    past: Series,
    window: tuple[float, float],
    random: Generator,
) -> Answer:
    """Return what a yardstick says of a window: its days, and those before it."""
    days, lead = window
    counts = yardstick.predict(past, days, random, lead)
    if question.kind != COUNT:
        return float(f"{1.0 - counts.share(0):.9g}")
    return _compound(counts, past.sizes, random) if question.column else counts


def _compound(
    incidents: CountDistribution, sizes: Floats, random: Generator
) -> CountDistribution:
    """Return how many persons the incidents of a window count in all."""
    shares = np.cumsum(incidents.shares)
    at = random.random(SAMPLES)
    number = np.searchsorted(shares, at, side="right")
    further = random.geometric(1.0 - incidents.ratio, SAMPLES)
    number = np.where(number > incidents.last, incidents.last + further, number)
    n, total = len(sizes), float(sizes.sum())
    ends = random.beta(2.0 + n, 1.0 + total - n, SAMPLES)
    more = random.negative_binomial(np.maximum(number, 1), ends)
    return counts_from_samples(np.where(number > 0, number + more, 0))


def _log_mass(count: Any, size: Floats, mean: Floats) -> Any:
    """Return log probabilities of negative binomials.

    The slow part, of counts and sizes alone, is not done again for each mean.
    """
    from scipy.special import betaln

    binomial = -np.log(size + count) - betaln(size, count + 1.0)
    return binomial - size * np.log1p(mean / size) - count * np.log1p(size / mean)


def _of_rate(seen: int, observed: float, days: float) -> CountDistribution:
    """Return the forecast of a Poisson process that was observed for some days."""
    from scipy.stats import nbinom

    model: Any = nbinom(seen + 0.5, observed / (observed + days))
    return counts_from_formula(model.pmf)
