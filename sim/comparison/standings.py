"""Every policy against every other: who does better in what, and who comes first.

As better counts less harm: fewer attacks, strikes and dead of whatever side, firsts
that come later, more authority of the government. Conduct, such as raids or
accusations, is neither: it is shown, and nobody is ranked by it. Each concern ranks
once: of outcomes that nearly repeat each other the first. What a policy has by
construction, such as no militia dead without strikes, is shown and not counted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.comparison.better import FROM_STRIKES, STRIKES, better_when, concern_of
from sim.comparison.pairing import FEWEST_REPLICATIONS
from sim.outcomes.table import TRUE
from sim.statistics.bootstrap import generator
from sim.statistics.effect import mean_effect, sample_of
from sim.statistics.mean_interval import own_interval
from sim.statistics.swap import swap_test
from sim.statistics.variance import mean_over_draws

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from numpy.typing import NDArray

    from sim.outcomes import Outcome
    from sim.statistics.effect import Estimate


STRIKES_OF_ALL: Final = (f"n_strikes{TRUE}", "n_strikes")
"""Counts of strikes: of what happened, where it was asked for."""


_OF_NO_STRIKE: Final = STRIKES - {"peak_rung"}
"""What a policy that never strikes has none of; other acts may reach a rung."""


class Level(NamedTuple):
    """What one policy has of an outcome."""

    mean: float
    low: float
    """Of the 95 % interval of the mean; nan of one value."""
    high: float
    n: int
    """Replications, or draws, in which the outcome is defined."""


@dataclass(frozen=True)
class Standing:
    """All policies in one outcome."""

    outcome: Outcome
    levels: Mapping[str, Level]
    """By policy, in the order of the arms."""
    differences: Mapping[tuple[str, str], Estimate]
    """Of the second of a pair from the first, every pair once; without those that have
    too few replications in common."""
    is_own: bool = False
    """Whether it counts what the policies themselves decide, which ranks nobody."""
    repeats: str = ""
    """Label of the outcome before it that it nearly repeats; it then ranks nobody."""
    by_construction: frozenset[str] = frozenset()
    """Policies of which it follows from what they are: that is no finding."""
    pair: tuple[str, str] | None = None
    """The policies that the question sets against each other, where it names them."""

    @property
    def contrasts(self) -> list[tuple[str, str]]:
        """Which policies are set against which, those first that are told first.

        The pair that the question names, and its first against every other; where it
        names none, every policy against the reference.
        """
        reference, *others = self.levels
        if self.pair is None:
            return [(policy, reference) for policy in others]
        first = self.pair[0]
        rest = [(first, other) for other in self.levels if other not in self.pair]
        return [self.pair, *rest]

    @property
    def better(self) -> str:
        """``less``, ``more``, or empty where neither is better, or it ranks nobody."""
        return "" if self.is_own or self.repeats else better_when(self.outcome)

    def is_finding(self, policy: str, other: str) -> bool:
        """Whether a difference of the two would be found, and not be put in."""
        return self.by_construction.isdisjoint((policy, other))

    def verdict(self, policy: str, other: str) -> int:
        """Return 1 where `policy` does better than `other`, -1 worse, 0 not told.

        Nor is told what follows by construction.
        """
        if not self.is_finding(policy, other):
            return 0
        sign = -1 if self.better == "less" else 1 if self.better else 0
        pair = self.differences.get((other, policy))
        if pair is None:
            pair, sign = self.differences.get((policy, other)), -sign
        if pair is None or not (pair.low > 0.0 or pair.high < 0.0):
            return 0
        return sign if pair.value > 0.0 else -sign

    def is_clear(self, policy: str, other: str) -> bool:
        """Whether the two differ, whichever is better."""
        pair = self.differences.get((other, policy)) or self.differences.get(
            (policy, other)
        )
        return pair is not None and (pair.low > 0.0 or pair.high < 0.0)

    def certainty(self, policy: str, other: str) -> float:
        """Return how many half-widths of its interval a difference is from 0, >= 0."""
        if not self.has_change(policy, other):
            return 0.0
        value, low, high = self.change(policy, other)
        half = (high - low) / 2.0
        return abs(value) / half if half > 0.0 else np.inf if value else 0.0

    def has_change(self, policy: str, other: str) -> bool:
        """Whether the two have enough replications in common to be compared."""
        return bool({(other, policy), (policy, other)} & self.differences.keys())

    def change(self, policy: str, other: str) -> tuple[float, float, float]:
        """Return how much more `policy` has than `other`, with the interval."""
        if (pair := self.differences.get((other, policy))) is not None:
            return pair.value, pair.low, pair.high
        pair = self.differences[policy, other]
        return -pair.value, -pair.high, -pair.low


class Tally(NamedTuple):
    """One policy against others, over all outcomes that rank."""

    policy: str
    better: int
    worse: int
    not_told: int


@dataclass(frozen=True)
class Standings:
    """All policies in all outcomes that were looked at."""

    policies: tuple[str, ...]
    outcomes: tuple[Standing, ...]

    @property
    def pair(self) -> tuple[str, str] | None:
        """The policies that the question sets against each other, if it names them."""
        return self.outcomes[0].pair if self.outcomes else None

    @property
    def contrasts(self) -> list[tuple[str, str]]:
        """Which policies are set against which, those first that are told first."""
        return self.outcomes[0].contrasts

    @property
    def ranked(self) -> tuple[Standing, ...]:
        """The outcomes of which less, or more, is better."""
        return tuple(one for one in self.outcomes if one.better)

    def tally(self, policy: str, others: Sequence[str]) -> Tally:
        """Count where a policy does better and worse than others."""
        verdicts = [
            one.verdict(policy, other)
            for one in self.ranked
            for other in others
            if other != policy and one.is_finding(policy, other)
        ]
        counts = (verdicts.count(n) for n in (1, -1, 0))
        return Tally(policy, *counts)

    def table(self) -> list[Tally]:
        """Return all policies against all others, the best first.

        Ordered by how much oftener a policy does better than worse, pair by pair and
        outcome by outcome (Copeland's score); ties in the order of the arms.
        """
        tallies = [self.tally(policy, self.policies) for policy in self.policies]
        return sorted(tallies, key=lambda one: one.worse - one.better)


def standings_of(
    columns: Mapping[str, Mapping[str, NDArray[np.float64]]],
    outcomes: Mapping[str, Outcome],
    root_seed: int,
    *,
    coupled: bool = True,
    are_draws: bool = False,
    own: Container[str] = (),
    pair: tuple[str, str] | None = None,
) -> Standings:
    """Compare every policy with every other in every outcome.

    Parameters
    ----------
    columns
        By outcome, then policy: its values, shape (n,), nan where undefined; row by row
        the same replication, or the same parameter draw, where they are coupled.
    outcomes
        By name, in the order in which they are told.
    root_seed
        Of the study; the swap test is keyed by it.
    coupled
        Whether rows are pairs.
    are_draws
        Whether rows are means of parameter draws: differences then have the intervals
        that `sim.statistics.variance.error_budget` gives their means.
    own
        Outcomes, without the mark of what is true, that count the policies' own acts.
    pair
        The policies that the question sets against each other.

    Returns
    -------
    Standings
        The intervals are those of `escalade compare`, of Monte Carlo error only.
    """
    policies = tuple(next(iter(columns.values())))
    every: list[Standing] = []
    idle = _without_strikes(columns, own)
    ranking: dict[str, str] = {}
    for name, outcome in outcomes.items():
        by_policy = columns[name]
        is_share = outcome.aggregate == "proportion" and all(
            np.isin(values[~np.isnan(values)], (0.0, 1.0)).all()
            for values in by_policy.values()
        )
        differences: dict[tuple[str, str], Estimate] = {}
        for one, other in combinations(policies, 2):
            sample = sample_of(by_policy[one], by_policy[other], coupled=coupled)
            if min(len(sample.reference), len(sample.arm)) < FEWEST_REPLICATIONS:
                continue
            if are_draws:
                differences[one, other] = mean_over_draws(sample.differences)
                continue
            p = np.nan
            if coupled:
                p = swap_test(sample.differences, generator(root_seed, "swap", name))
            differences[one, other] = mean_effect(
                sample, is_share=is_share, swap_p_value=p
            )
        levels = {one: _level(values) for one, values in by_policy.items()}
        stem = name.removesuffix(TRUE)
        is_own = stem in own
        built = frozenset(
            policy
            for policy in (idle if stem in FROM_STRIKES | _OF_NO_STRIKE else ())
            if np.ptp(by_policy[policy]) == 0.0
        )
        one = Standing(
            outcome, levels, differences, is_own, by_construction=built, pair=pair
        )
        if one.better:
            concern = concern_of(outcome)
            one = replace(one, repeats=ranking.get(concern, ""))
            ranking.setdefault(concern, outcome.label)
        every.append(one)
    return Standings(policies, tuple(every))


def _without_strikes(
    columns: Mapping[str, Mapping[str, NDArray[np.float64]]], own: Container[str]
) -> list[str]:
    """Return the policies that are not to strike, and in no world do."""
    strikes = next((columns[x] for x in STRIKES_OF_ALL if x in columns), {})
    if "n_strikes" not in own:
        return []
    return [policy for policy, values in strikes.items() if not values.any()]


def _level(values: NDArray[np.float64]) -> Level:
    defined = values[~np.isnan(values)]
    n = len(defined)
    if n < 2:
        return Level(float(defined[0]) if n else np.nan, np.nan, np.nan, n)
    return Level(float(defined.mean()), *own_interval(defined, 0.95), n)
