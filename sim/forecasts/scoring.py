"""Proper scores of forecasts against what happened, and how forecasters differ.

Smaller is better everywhere. A proper score is one that nobody betters, on average, by
saying something else than what they believe (Gneiting and Raftery 2007). Of an event
the Brier score and the logarithmic score are taken, of a count the continuous ranked
probability score (on whole numbers the ranked probability score), through
scoringrules, and the logarithmic one.

Two forecasters of the same windows are compared by the differences of their scores,
window by window: what made a month hard to foresee was the same for both.
"""

from __future__ import annotations

from functools import lru_cache
from math import isfinite, log, log1p, nan, sqrt
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.errors import StudyError
from sim.forecasts.forecast import MODEL, Answer, Forecast
from sim.forecasts.yardstick import YARDSTICKS
from sim.record.question import EVENT, QUESTIONS
from sim.record.resolution import resolve
from sim.statistics.count_distribution import CountDistribution

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sim.scenario.event_table import EventTable

BRIER, CRPS, LOG = "brier", "crps", "log_score"
SCORES: Final = {"event": (BRIER, LOG), "count": (CRPS, LOG)}
"""Names of the scores by the kind of a question."""
LABELS: Final = {BRIER: "Brier score", CRPS: "CRPS", LOG: "log score"}

LEVEL: Final = 0.95
"""Of the interval of a difference."""
POWER: Final = 0.8
"""Chance of seeing a difference that counts as being able to see it."""
LOW, HIGH = 0.05, 0.95
"""Ends of the interval that is shown of a count."""


class Score(NamedTuple):
    """One answer of one forecaster, and how good it was."""

    forecaster: str
    question: str
    origin: date
    first_day: date
    """Of the window; the origin, unless it was forecast some steps ahead."""
    end: date
    observed: int
    """The count; of an event 1 or 0."""
    forecast: float
    """The probability of the event, or the mean of the count."""
    low: float
    """5 % quantile of the count; nan of an event."""
    high: float
    """95 % quantile of the count; nan of an event."""
    below: float
    """Forecast probability of a lower count than the observed one; nan of an event."""
    up_to: float
    """The same of the observed count or a lower one."""
    scores: dict[str, float]
    """By the score's name."""
    notes: tuple[str, ...] = ()
    """What an analyst should know of the rows that were counted."""
    step: int = 1
    """How many windows ahead it was forecast."""

    @property
    def window(self) -> tuple[date, date, date]:
        """Origin, first day and end: what tells windows apart."""
        return self.origin, self.first_day, self.end


class Difference(NamedTuple):
    """How much better or worse the model did than a yardstick, of one question."""

    question: str
    score: str
    yardstick: str
    n: int
    """Windows that both forecast."""
    model: float
    """Mean score of the model."""
    other: float
    """Mean score of the yardstick."""
    mean: float
    """Mean of model minus yardstick: below 0 the model is better."""
    error: float
    """Its standard error; nan of fewer than two windows."""
    low: float
    """Interval from Student's t; nan of fewer than three windows."""
    high: float
    detectable: float
    """True difference that so many windows, as uneven as these, would show with 80 %
    power at 5 %."""
    skill: float
    """One minus the ratio of the mean scores; nan of the log score."""
    step: int = 1
    """How many windows ahead was forecast."""


def brier(probability: float, happened: bool) -> float:
    """Return the Brier score of a probability, 0 to 1.

    >>> round(brier(0.2, True), 4)
    0.64
    """
    import scoringrules

    return float(scoringrules.brier_score(float(happened), probability))


def crps(counts: CountDistribution, observed: int) -> float:
    r"""Return the continuous ranked probability score of a count's distribution.

    Notes
    -----
    :math:`\sum_{k \ge 0} (F(k) - 1\{y \le k\})^2`: the ranked probability score over
    the listed counts, and the rest of the sum in closed form, where one minus F falls
    geometrically.

    Examples
    --------
    Of 0 and 1 with half a probability each it is 1/4, whichever comes.

    >>> coin = CountDistribution((0.5, 0.5 - 1e-12), 1e-12, 0.5)
    >>> round(crps(coin, 1), 6), round(crps(coin, 3), 6)
    (0.25, 2.25)
    """
    import scoringrules

    last = max(counts.last, observed)
    listed = counts.up_to(last)
    left = max(0.0, 1.0 - float(listed.sum()))
    ranked = scoringrules.rps_score(observed + 1, np.append(listed, left))
    squared = counts.ratio**2
    return float(ranked) + left**2 * squared / (1.0 - squared)


def log_score(answer: Answer, observed: int) -> float:
    """Return minus the logarithm of the probability of what happened.

    scoringrules adds and subtracts 1, and so takes what is less likely than 1e-16 for
    impossible; a count far out in the tail is not.

    >>> round(log_score(0.25, 1), 4), round(log_score(0.25, 0), 4)
    (1.3863, 0.2877)
    """
    if isinstance(answer, CountDistribution):
        return -answer.log_share(observed)
    return -log(answer) if observed else -log1p(-answer)


def score_forecasts(
    forecasts: Sequence[Forecast], table: EventTable, questions: Sequence[str] = ()
) -> list[Score]:
    """Score forecasts against a table of events.

    Parameters
    ----------
    forecasts
        Of any forecasters and windows.
    table
        What happened; it has to cover every window.
    questions
        Ids of the questions to score; all that were answered when empty.

    Returns
    -------
    list of Score
        By window; within one the model first, then the yardsticks, then others.

    Raises
    ------
    StudyError
        If there is nothing to score, a forecaster speaks twice of one window, or a
        window is not covered.
    """
    spoken: set[tuple[str, date, date, date]] = set()
    rows: list[Score] = []
    names = (MODEL, *YARDSTICKS)
    ranks = {name: rank for rank, name in enumerate(names)}
    for forecast in sorted(
        forecasts,
        key=lambda f: (
            f.origin,
            f.first_day,
            f.end,
            ranks.get(f.forecaster, len(names)),
        ),
    ):
        window = forecast.first_day, forecast.end
        key = (forecast.forecaster, forecast.origin, *window)
        if key in spoken:
            message = (
                f"{forecast.forecaster} forecasts the window from {window[0]} to "
                f"{window[1]} twice; name each forecast once"
            )
            raise StudyError(message)
        spoken.add(key)
        asked = [
            QUESTIONS[name]
            for name in forecast.answers
            if not questions or name in questions
        ]
        happened = resolve(table, asked, forecast.actors, *window)
        for question in asked:
            answer, resolved = forecast.answers[question.id], happened[question.id]
            is_event = question.kind == EVENT
            observed = min(1, resolved.value) if is_event else resolved.value
            row = _scored(forecast, question.id, answer, observed)
            rows.append(row._replace(notes=resolved.notes))
    if not rows:
        message = "no forecast answers a question that is asked: nothing to score"
        raise StudyError(message)
    return rows


def _scored(forecast: Forecast, name: str, answer: Answer, observed: int) -> Score:
    scores = {LOG: log_score(answer, observed)}
    if isinstance(answer, CountDistribution):
        scores[CRPS] = crps(answer, observed)
        mean = answer.mean
        low, high = float(answer.quantile(LOW)), float(answer.quantile(HIGH))
        below, up_to = answer.at_most(observed - 1), answer.at_most(observed)
    else:
        scores[BRIER] = brier(answer, observed == 1)
        mean, low, high, below, up_to = answer, nan, nan, nan, nan
    return Score(
        forecaster=forecast.forecaster,
        question=name,
        origin=forecast.origin,
        first_day=forecast.first_day,
        end=forecast.end,
        observed=observed,
        forecast=mean,
        low=low,
        high=high,
        below=below,
        up_to=up_to,
        scores=scores,
        step=forecast.step,
    )


def paired_differences(scores: Sequence[Score]) -> list[Difference]:
    """Compare the model with every other forecaster, window by window.

    Returns
    -------
    list of Difference
        By question, steps ahead, score and yardstick, in the order of the scores; a
        yardstick that shares no window with the model has none.
    """
    at = {(s.forecaster, s.question, *s.window): s for s in scores}
    others = [n for n in dict.fromkeys(s.forecaster for s in scores) if n != MODEL]
    differences: list[Difference] = []
    for name, step in dict.fromkeys((s.question, s.step) for s in scores):
        for score in SCORES[QUESTIONS[name].kind]:
            for other in others:
                pairs = [
                    (row.scores[score], at[other, *key[1:]].scores[score])
                    for key, row in at.items()
                    if key[:2] == (MODEL, name)
                    and row.step == step
                    and (other, *key[1:]) in at
                ]
                if pairs:
                    one = _difference(name, score, other, np.array(pairs))
                    differences.append(one._replace(step=step))
    return differences


def _difference(name: str, score: str, other: str, pairs: Any) -> Difference:
    from scipy.stats import t as student

    n = len(pairs)
    differences = pairs[:, 0] - pairs[:, 1]
    mean, spread = float(differences.mean()), nan
    if n > 1:
        spread = float(differences.std(ddof=1))
    error, reach = spread / sqrt(n), nan
    if n > 2:
        reach = float(student.ppf(0.5 + LEVEL / 2.0, n - 1)) * error
    model, against = (float(column.mean()) for column in pairs.T)
    skill = 1.0 - model / against if score != LOG and against > 0.0 else nan
    return Difference(
        question=name,
        score=score,
        yardstick=other,
        n=n,
        model=model,
        other=against,
        mean=mean,
        error=error,
        low=mean - reach,
        high=mean + reach,
        detectable=detectable(n) * spread,
        skill=skill,
    )


@lru_cache
def detectable(n: int) -> float:
    """Return the true difference that n pairs would show, in standard deviations.

    With this difference a two-sided t test of n pairs at 5 % is significant with 80 %
    power. nan of fewer than three pairs.

    Examples
    --------
    Six windows show only a difference of 1.4 standard deviations; for half of one it
    takes 34.

    >>> round(detectable(6), 2), round(detectable(34), 2)
    (1.43, 0.5)
    """
    from scipy.optimize import brentq
    from scipy.stats import nct
    from scipy.stats import t as student

    if n < 3:
        return nan
    beyond = float(student.ppf(0.5 + LEVEL / 2.0, n - 1))
    law: Any = nct

    def lacking(size: float) -> float:
        power = float(law.sf(beyond, n - 1, size * sqrt(n)))
        return (power if isfinite(power) else 1.0) - POWER

    root: Any = brentq(lacking, 1e-6, 30.0 / sqrt(n))
    return float(root)
