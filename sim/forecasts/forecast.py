"""A forecast: what one forecaster says, on one day, of a window that follows it.

It says a probability of each event and a whole distribution of each count, of what the
press will report within the half-open window from the origin up to the end. It is made
once, kept as a file (`sim.forecasts.file`) and resolved later.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.digest import content_digest
from sim.errors import StudyError
from sim.record.question import EVENT, QUESTIONS, Question
from sim.statistics.count_distribution import CountDistribution, counts_from_samples

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

SCHEMA: Final = 1
MODEL: Final = "escalade"
"""Name of the forecaster that is the simulator; yardsticks have their own names."""

Answer = CountDistribution | float
"""Of a count its distribution, of an event its probability, inside (0, 1)."""


@dataclass(frozen=True)
class Forecast:
    """Answers to some questions about one window."""

    forecaster: str
    """``escalade``, or the name of a yardstick."""
    scenario: str
    """Id of the scenario."""
    scenario_digest: str
    origin: date
    """Only what was known before this day may be used; the window's first, unless
    `start` says otherwise."""
    end: date
    """First day after the window."""
    answers: dict[str, Answer]
    """By the question's id, in the order of `QUESTIONS`."""
    actors: tuple[str, ...] = ()
    """Names of the scenario's actors: rows of others do not count. Empty: any counts,
    but for those named ``other:...``."""
    posterior_digest: str = ""
    """Digest of the posterior whose draws were simulated; empty for none."""
    start: date | None = None
    """First day of a window some steps ahead; None where it is the origin."""
    step: int = 1
    """How many windows ahead it is: 1 where it begins on the origin."""
    root_seed: int = 0
    draws: int = 0
    """Draws of the posterior; 0 where nothing was simulated."""
    replications: int = 0
    """Replications of each draw."""
    made: str = ""
    """When, ISO 8601; empty where the file has to have the same bytes each time."""
    versions: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def days(self) -> int:
        """Length of the window."""
        return (self.end - self.first_day).days

    @property
    def first_day(self) -> date:
        """First day of the window."""
        return self.start or self.origin

    @property
    def digest(self) -> str:
        """SHA-256 of what it says; not of when and with which versions it was made."""
        content = {
            name: value
            for name, value in as_data(self).items()
            if name not in ("made", "versions")
        }
        return content_digest(content)


def as_data(forecast: Forecast) -> dict[str, Any]:
    """Return a forecast as the plain data that its file holds."""
    f = forecast
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "forecaster": f.forecaster,
        "scenario": f.scenario,
        "scenario_digest": f.scenario_digest,
        "posterior_digest": f.posterior_digest,
        "origin": f.origin.isoformat(),
        "start": "" if f.start is None else f.start.isoformat(),
        "end": f.end.isoformat(),
        "step": "" if f.step == 1 else f.step,
        "made": f.made,
        "root_seed": f.root_seed,
        "draws": f.draws,
        "replications": f.replications,
        "actors": list(f.actors),
        "versions": f.versions,
        "answers": {name: _answer(name, a) for name, a in f.answers.items()},
    }
    return {name: value for name, value in data.items() if value not in ("", [], {})}


def answers_of(
    samples: Mapping[str, Any], questions: Sequence[Question]
) -> dict[str, Answer]:
    """Return the answers that simulated outcomes give.

    Parameters
    ----------
    samples
        By the outcome's name, its value in each simulated window, shape (n,).
    questions
        What is asked.

    Returns
    -------
    dict
        By the question's id. The probability of an event seen in k of n samples is
        ``(k + 1/2) / (n + 1)``, the mean of the Jeffreys posterior, so that nothing is
        said to be certain; counts are smoothed by `counts_from_samples`.

    Raises
    ------
    StudyError
        If an outcome is missing, has no samples, or is no count.

    Examples
    --------
    >>> from sim.record.question import questions_named
    >>> asked = questions_named(["a_strike"])
    >>> answers_of({"n_strikes": [0, 0, 2, 1]}, asked)
    {'a_strike': 0.5}
    """
    answers: dict[str, Answer] = {}
    for question in questions:
        if question.outcome not in samples:
            message = f"{question.id} needs the outcome {question.outcome}"
            raise StudyError(message)
        values = np.asarray(samples[question.outcome], np.float64)
        counts = counts_from_samples(values)
        if question.kind == EVENT:
            k, n = float((values >= 1.0).sum()), len(values)
            answers[question.id] = float(f"{(k + 0.5) / (n + 1.0):.9g}")
        else:
            answers[question.id] = counts
    return answers


def _answer(name: str, answer: Answer) -> dict[str, Any]:
    """Return one answer as plain data, readable without this program."""
    asked = QUESTIONS[name]
    entry: dict[str, Any] = {"kind": asked.kind, "question": asked.wording}
    if isinstance(answer, CountDistribution):
        entry["pmf"] = [[count, share] for count, share in enumerate(answer.shares)]
        entry["beyond"] = {"probability": answer.beyond, "ratio": answer.ratio}
    else:
        entry["probability"] = answer
    return entry
