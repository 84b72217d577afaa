"""Fit an experiment's factors to the dates of the record's attacks, by likelihood.

Seconds where a fit by simulation takes minutes, for the numbers that enter the hazard
of an attack, its stages or its reporting; see `sim.study.attack_likelihood` for what is
exact. It takes all dates of the record, so no statistic of its rhythm is left to check
such a fit by.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.data_files import data_folder
from sim.errors import StudyError
from sim.ladder import Act
from sim.scenario.history import read_record
from sim.study.attack_likelihood import AttackLikelihood, Detail
from sim.study.importance import Weighted, weighted_draws
from sim.study.maximum import LEVEL, maximise, profile_interval

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.scenario.scenario import Scenario
    from sim.study.factor import Factor
    from sim.study.plan import Experiment

Floats = np.ndarray[Any, np.dtype[np.float64]]
Whole = np.ndarray[Any, np.dtype[np.int64]]

DATED: Final = Act.ROCKET_ATTACK
"""The act whose dates are fitted."""

LIST: Final = "core"
"""The list of the record whose rows are counted, as the targets count them."""

N_DRAWS: Final = 600
"""Weighted draws of the posterior."""


class Estimate(NamedTuple):
    """What the likelihood says of one parameter, canonical unit."""

    name: str
    label: str
    unit: str
    value: float
    """Where the likelihood is largest, within the prior's limits."""
    standard_error: float
    """From the observed information; nan at an end of the prior."""
    low: float
    """Of the 95 % profile interval; the prior's limit where nothing excludes it."""
    high: float
    is_at_end: bool
    """Whether the maximum lies at an end of the prior."""
    is_low_open: bool
    """Whether the interval reaches the prior's lower limit."""
    is_high_open: bool


@dataclass(frozen=True, eq=False)
class LikelihoodFit:
    """A finished fit."""

    estimates: tuple[Estimate, ...]
    log_likelihood: float
    """At the maximum."""
    monte_carlo_error: float
    """Standard error of it from having so many replications of the record."""
    moved: float
    """How far the second round moved the maximum, in standard errors, the furthest."""
    correlation: Floats
    """Of the estimates; nan where one lies at an end."""
    draws: Weighted
    """Of the posterior: prior times likelihood."""
    counts: Whole
    """Of the record, by day."""
    expected: Floats
    """At the maximum, by day, given the record before."""


class Axes:
    """Factors as sides of a unit box, even in what a prior is even in."""

    def __init__(self, factors: Sequence[Factor]) -> None:
        self.factors = tuple(factors)
        ends = [(factor.numbers_at(np.array([0.0, 1.0]))) for factor in factors]
        self.low = np.array([low for low, _ in ends])
        self.high = np.array([high for _, high in ends])
        shapes = [f.distribution.shape if f.distribution else "" for f in factors]
        self.is_log = np.array([s in ("log_uniform", "lognormal") for s in shapes])
        self.is_log &= self.low > 0.0

    def values(self, place: Floats) -> Floats:
        """Return the numbers at a place of the box, canonical unit."""
        even = self.low + place * (self.high - self.low)
        safe = np.where(self.is_log, self.low, 1.0)
        ratio = np.where(self.is_log, self.high / safe, 1.0)
        return np.where(self.is_log, safe * ratio**place, even)

    def slopes(self, place: Floats) -> Floats:
        """Return the derivative of each number by its place."""
        safe = np.where(self.is_log, self.low, 1.0)
        ratio = np.where(self.is_log, self.high / safe, np.e)
        return np.where(
            self.is_log, self.values(place) * np.log(ratio), self.high - self.low
        )

    def place(self, values: Floats) -> Floats:
        """Return the place of numbers; undoes `values`."""
        even = (values - self.low) / (self.high - self.low)
        with np.errstate(divide="ignore", invalid="ignore"):
            log = np.log(values / self.low) / np.log(self.high / self.low)
        return np.clip(np.where(self.is_log, log, even), 0.0, 1.0)

    def by_path(self, values: Floats) -> dict[str, float]:
        """Return numbers by path, as the scenario takes them."""
        return {
            path: float(value)
            for factor, value in zip(self.factors, values, strict=True)
            for path in factor.paths
        }


def fit_likelihood(
    factors: Sequence[Factor],
    build: Callable[[dict[str, float]], AttackLikelihood],
    *,
    root_seed: int,
    n_draws: int = N_DRAWS,
    tell: Callable[[str], None] | None = None,
) -> LikelihoodFit:
    """Fit factors by the likelihood of dated attacks.

    Parameters
    ----------
    factors
        Numbers with priors; their limits bound the search.
    build
        Makes the likelihood; it is given the numbers with which what the record does
        not tell is drawn: none at first, then those of the first maximum.
    root_seed
        Of the posterior's draws.
    n_draws
        How many.
    tell
        Called with a sentence on each step.

    Raises
    ------
    StudyError
        If the likelihood cannot follow a factor.
    """
    say = tell or _say_nothing
    axes = Axes(factors)
    likelihood = build({})
    _refuse(axes, likelihood)

    def of(place: Floats) -> float:
        return likelihood(axes.by_path(axes.values(place)))

    middle = np.full(len(axes.factors), 0.5)
    starts = [middle, np.full(len(middle), 0.25)]
    first = maximise(of, starts, is_final=False)
    say(f"first round: log likelihood {first.value:.2f}")
    likelihood = build(axes.by_path(axes.values(first.place)))
    best = maximise(of, [first.place, middle])
    say(f"second round: log likelihood {best.value:.2f}")
    errors = np.sqrt(np.diag(best.covariance))
    shift = np.abs(best.place - first.place) / np.where(errors > 0, errors, np.nan)
    moved = float(np.nanmax(shift)) if np.isfinite(shift).any() else float("nan")
    values = axes.values(best.place)
    sds = errors * axes.slopes(best.place)
    found: list[Estimate] = []
    for k, factor in enumerate(axes.factors):
        ends = profile_interval(of, best, k, LEVEL)
        low, high = (
            float(
                axes.values(np.where(np.arange(len(values)) == k, end, best.place))[k]
            )
            for end in ends
        )
        found.append(
            Estimate(
                factor.name, factor.label, factor.unit, float(values[k]),
                float(sds[k]), low, high, best.at_end[k], ends[0] <= 0.0,
                ends[1] >= 1.0,
            )
        )  # fmt: skip
        say(f"{factor.label}: {values[k]:.3g}, {low:.3g} to {high:.3g}")
    at_best = axes.by_path(values)
    draws = weighted_draws(
        lambda scores: _of_scores(likelihood, axes, scores),
        len(axes.factors),
        n_draws,
        root_seed,
    )
    outer = np.outer(errors, errors)
    return LikelihoodFit(
        tuple(found),
        best.value,
        likelihood.monte_carlo_error(at_best),
        moved,
        best.covariance / outer,
        draws,
        likelihood.counts,
        likelihood.expected(at_best),
    )


def experiment_likelihood(
    experiment: Experiment, detail: Detail | None = None
) -> Callable[[dict[str, float]], AttackLikelihood]:
    """Return what makes the likelihood of an experiment's scenario and record."""
    counts = dated_counts(experiment.scenario, int(experiment.until))
    return lambda at: AttackLikelihood(
        experiment.scenario,
        DATED,
        counts,
        root_seed=experiment.root_seed,
        detail=detail,
        at=at,
    )


def dated_counts(scenario: Scenario, days: int, act: Act = DATED) -> Whole:
    """Return how many core rows of an act the record has on each day.

    Raises
    ------
    StudyError
        If it has none.
    """
    rows = [row for row in read_record(scenario) if row.act == act]
    file = data_folder("seeds") / "incidents" / f"{scenario.record}.csv"
    with file.open(encoding="utf-8", newline="") as text:
        core = {row["id"] for row in csv.DictReader(text) if row["list"] == LIST}
    found = np.zeros(days, np.int64)
    for row in rows:
        if row.identity in core and row.time < days:
            found[int(row.time)] += 1
    if not found.any():
        message = f"the record {scenario.record} has no dated {act.name.lower()}"
        raise StudyError(message)
    return found


def _of_scores(likelihood: AttackLikelihood, axes: Axes, scores: Floats) -> Floats:
    """Return the log likelihood at normal scores of the prior, shape (points,)."""
    from scipy.special import ndtr

    places = ndtr(scores)
    columns = [f.numbers_at(places[:, k]) for k, f in enumerate(axes.factors)]
    return np.array([likelihood(axes.by_path(row)) for row in np.column_stack(columns)])


def _refuse(axes: Axes, likelihood: AttackLikelihood) -> None:
    """Refuse factors that the likelihood cannot follow, all of them at once."""
    reasons: list[str] = []
    for factor in axes.factors:
        if factor.kind != "number":
            reasons.append(f"{factor.name} is no number")
        elif factor.is_whole:
            reasons.append(f"{factor.name} is a whole number, which has no slope")
        else:
            for share in (0.31, 0.77):
                value = float(factor.numbers_at(np.array([share]))[0])
                why = likelihood.why_not(dict.fromkeys(factor.paths, value))
                if why:
                    reasons.append(f"{factor.name} {why}")
                    break
    if reasons:
        message = (
            "the likelihood of the dated attacks cannot follow "
            f"{'; '.join(reasons)}. Leave it out, or fit by simulation (escalade "
            "calibrate without --likelihood)"
        )
        raise StudyError(message)


def _say_nothing(sentence: str) -> None:
    """Say nothing."""
