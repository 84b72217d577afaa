"""Which arm comes first, over what the parameters may be, and what that answer owes.

The ranking and the error budget (`sim.statistics.variance`) in words, as a table and as
plain data.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from itertools import combinations
from math import nan
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.comparison.better import better_when
from sim.comparison.result import LEVEL, quoted
from sim.comparison.words import scale_of
from sim.digits import figure, interval_text
from sim.experiment.experiment import Asked
from sim.statistics.interval import wilson
from sim.statistics.variance import FEWEST_DRAWS, ErrorBudget, error_budget

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from sim.comparison.under_draws import Drawn
    from sim.outcomes import Outcome


@dataclass(frozen=True)
class Rank:
    """How often one arm comes first on an outcome."""

    arm: str
    share: float
    """Share of the draws in which it comes first, ties shared equally, 0 to 1."""
    low: float
    """Wilson's interval."""
    high: float
    clear_share: float
    """Share of the draws in which it leads the next by more than 2 standard errors of
    the paired difference within the draw: the rest may be chance."""


def rank_arms(
    values: Mapping[str, NDArray[np.float64]],
    *,
    lowest_first: bool = True,
) -> list[Rank]:
    """Return how often each arm comes first, in the order of the arms.

    Parameters
    ----------
    values
        By arm: an outcome, one row a draw, one column a replication, shape (K, M); the
        same draws and replications in every arm; M >= 2.
    lowest_first
        Whether the arm with the lowest mean of a draw comes first.

    Examples
    --------
    >>> a, b = np.array([[1.0, 1.0], [5.0, 5.0]]), np.array([[2.0, 2.0], [5.0, 5.0]])
    >>> [rank.share for rank in rank_arms({"a": a, "b": b})]
    [0.75, 0.25]
    """
    sign = 1.0 if lowest_first else -1.0
    names = list(values)
    whole = sign * np.stack([values[name] for name in names])
    means = whole.mean(axis=2)
    best = means == means.min(axis=0)
    shared = best / best.sum(axis=0)
    leader = np.argmin(means, axis=0)
    clear = _leads_clearly(whole, leader)
    n = means.shape[1]
    ranks: list[Rank] = []
    for place, name in enumerate(names):
        share, low, high = wilson(float(shared[place].sum()), n, LEVEL)
        is_clear = float((clear & (leader == place)).mean())
        ranks.append(Rank(name, share, low, high, is_clear))
    return ranks


def _leads_clearly(
    whole: NDArray[np.float64], leader: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Tell in which draws the first leads every other by over 2 standard errors."""
    n_arms, n, m = whole.shape
    of_leader = whole[leader, np.arange(n)]
    clear = np.ones(n, dtype=bool)
    for place in range(n_arms):
        behind = whole[place] - of_leader
        error = behind.std(axis=1, ddof=1) / np.sqrt(m)
        clear &= (leader == place) | (
            (behind.mean(axis=1) > 2.0 * error) & (behind.mean(axis=1) > 0.0)
        )
    return clear


HEADS: Final = (
    "outcome", "arm", "difference", "interval", "over parameters", "parameters",
    "less in",
)  # fmt: skip


@dataclass(frozen=True)
class BudgetReport:
    """What a study of parameter draws says."""

    sentences: list[str]
    heads: tuple[str, ...]
    cells: list[tuple[str, ...]]
    caveats: list[str]
    data: dict[str, Any]
    pair_cells: list[tuple[str, ...]] = field(default_factory=list[tuple[str, ...]])
    """Of the pair that the question names, where the reference is not one of it."""


def budgets_of(
    drawn: Drawn,
    outcomes: Mapping[str, Outcome],
    root_seed: int,
    labels: Mapping[str, str],
    *,
    asked: Asked | None = None,
    notes: Sequence[str] = (),
) -> BudgetReport:
    """Split every two arms' difference, and rank the arms.

    Told are those from the first, after that of the pair that was asked, which the
    question sets against each other. A draw in which an outcome is undefined in any
    replication of any arm is left out of that outcome. Sentences call an arm as
    `labels` has it, if at all; `notes` are caveats besides. In words and cells shares
    are in per cent, their differences in percentage points.
    """
    asked = asked or Asked()
    pair = asked.pair
    said: list[str] = []
    cells: list[tuple[str, ...]] = []
    pair_cells: list[tuple[str, ...]] = []
    rows: list[dict[str, Any]] = []
    n_draws, m = len(drawn.draws.values), drawn.draws.replications
    for name, outcome in outcomes.items():
        arms = drawn.values[name]
        whole = np.stack(list(arms.values()))
        is_whole = ~np.isnan(whole).any(axis=(0, 2))
        n = int(is_whole.sum())
        if n < FEWEST_DRAWS:
            said.append(
                f"{outcome.label}: defined in {n} of {n_draws} draws; an interval "
                f"needs at least {FEWEST_DRAWS}."
            )
            continue
        defined = {arm: values[is_whole] for arm, values in arms.items()}
        reference, *others = defined
        row: dict[str, Any] = {"outcome": name, "label": outcome.label, "n_draws": n}
        budgets = {
            (arm, other): error_budget(defined[arm] - defined[other], root_seed)
            for other, arm in combinations(defined, 2)
        }
        row["differences"] = {arm: _plain(budgets[arm, reference]) for arm in others}
        row["pairs"] = [
            {"arm": arm, "against": other, **_plain(budget)}
            | _less_in(defined[arm], defined[other])
            for (arm, other), budget in budgets.items()
        ]
        contrasts = [(arm, reference) for arm in others]
        if pair is not None:
            contrasts.insert(0, pair)
            if pair not in budgets:  # the pair is the other way round there
                one, other = pair
                budgets[pair] = error_budget(defined[one] - defined[other], root_seed)
        for arm, other in dict.fromkeys(contrasts):
            budget = budgets[arm, other]
            mine, its = (quoted(x, labels.get(x, x)) for x in (arm, other))
            said.append(_sentence(outcome, mine, its, budget))
            less = _less_in(defined[arm], defined[other])["less_in"]
            rows_of = cells if other == reference else pair_cells
            rows_of.append(_cells(outcome, labels.get(arm, arm), budget, less))
        lowest = outcome.kind != "time" and better_when(outcome) != "more"
        ranks = rank_arms(defined, lowest_first=lowest)
        highest = "latest" if outcome.kind == "time" else "highest"
        row["first"] = "lowest" if lowest else highest
        row["ranking"] = [asdict(rank) for rank in ranks]
        if whole.max(initial=-np.inf, where=~np.isnan(whole)) > whole.min(
            initial=np.inf, where=~np.isnan(whole)
        ):
            named = [
                replace(rank, arm=quoted(rank.arm, labels.get(rank.arm, rank.arm)))
                for rank in ranks
            ]
            said.append(_ranking(outcome, named, row["first"], n))
        rows.append(row)
    caveats = [*_caveats(drawn), *notes]
    data = {
        **asked.data(),
        "labels": dict(labels),
        "draws": n_draws,
        "replications_per_draw": m,
        "parameters_drawn": drawn.draws.origin["parameters"],
        "draws_refused": drawn.n_refused,
        "failed": drawn.n_failed,
        "caveats": caveats,
        "sentences": said,
        "outcomes": rows,
    }
    return BudgetReport(said, HEADS, cells, caveats, data, pair_cells)


def _plain(budget: ErrorBudget) -> dict[str, Any]:
    """Return a budget as plain data."""
    return asdict(budget) | {
        "parameter_share": budget.parameter_share,
        "is_told": budget.is_resolved,
    }


def budget_row(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Return a budget that was written as plain data as cells of a table.

    As everywhere `low` and `high` are the 95 % interval of the mean.

    Returns
    -------
    dict
        `mean`, `low` and `high`; `draws_low` and `draws_high`, the 2.5 and 97.5 %
        quantiles of the difference over the draws, nan where `is_told` is False: they
        cannot be told from chance; the variances `between_draws` and `within_draws`
        with their intervals; and `parameter_share`.
    """
    ends = (plain["low"], plain["high"]) if plain["is_told"] else (nan, nan)
    row = {name: plain[name] for name in ("n_draws", "n_replications")}
    row |= {name: plain["mean"][key] for name, key in _MEAN.items()}
    row |= dict(zip(("draws_low", "draws_high"), ends, strict=True))
    for part in ("between", "within"):
        row[f"{part}_draws"] = plain[part]["value"]
        row |= {f"{part}_draws_{end}": plain[part][end] for end in ("low", "high")}
    return row | {name: plain[name] for name in ("parameter_share", "is_told")}


_MEAN: Final = {"mean": "value", "low": "low", "high": "high"}
"""Columns of a mean, by what they are called in its plain data."""


def _less_in(arm: NDArray[np.float64], other: NDArray[np.float64]) -> dict[str, float]:
    """Return in what share of the draws an arm has less, a tie counted half."""
    rank = rank_arms({"arm": arm, "other": other})[0]
    return {"less_in": rank.share, "less_in_low": rank.low, "less_in_high": rank.high}


def draw_means(drawn: Drawn) -> pd.DataFrame:
    """Return one row a draw, arm and outcome: the mean of the draw's replications.

    nan where the outcome is undefined in any of them.
    """
    import pandas as pd

    parts = [
        pd.DataFrame(
            {
                "draw": np.arange(len(values)),
                "arm": arm,
                "outcome": name,
                "mean": values.mean(axis=1),
            }
        )
        for name, by_arm in drawn.values.items()
        for arm, values in by_arm.items()
    ]
    return pd.concat(parts, ignore_index=True)


def _sentence(outcome: Outcome, arm: str, reference: str, budget: ErrorBudget) -> str:
    """Say what of a difference is chance, and what is not knowing."""
    mean = budget.mean
    label = outcome.label[:1].upper() + outcome.label[1:]
    head = f"{label}, {arm} against {reference}"
    if budget.within.value == 0.0 == budget.between.value == mean.value:
        return f"{head}: the same under every draw of the parameters."
    value, interval, between = difference_texts(outcome, budget)
    points = " points" if scale_of(outcome)[0] > 1.0 else ""
    text = (
        f"{head}: {value}{points} on average over the parameters (95 % interval "
        f"{interval})."
    )
    if budget.is_resolved:
        width = scale_of(outcome)[0] * (budget.high - budget.low) / 2.0
        return (
            f"{text} What is not known of the parameters moves the effect between "
            f"{between.replace(' to ', ' and ')} "
            f"(95 % of draws); more replications cannot narrow that "
            f"(half-width {figure(width, width / 5.0)})."
        )
    return (
        f"{text} How far the parameters move the effect cannot be told from chance "
        f"with {budget.n_replications} replications a draw."
    )


def difference_texts(outcome: Outcome, budget: ErrorBudget) -> tuple[str, str, str]:
    """Write a difference, its interval, and between what the draws have it.

    Of shares in percentage points.
    """
    scale, mean = scale_of(outcome)[0], budget.mean
    return (
        figure(scale * mean.value, scale * mean.half_width, signed=True),
        interval_text(scale * mean.low, scale * mean.high),
        interval_text(scale * budget.low, scale * budget.high),
    )


def _cells(
    outcome: Outcome, arm: str, budget: ErrorBudget, less_in: float
) -> tuple[str, ...]:
    share, is_resolved = budget.parameter_share, budget.is_resolved
    value, interval, between = difference_texts(outcome, budget)
    return (
        outcome.label + (" (points)" if scale_of(outcome)[0] > 1.0 else ""),
        arm,
        value,
        interval,
        between if is_resolved else "not told",
        f"{100.0 * share:.0f} %" if is_resolved else "not told",
        f"{100.0 * less_in:.0f} %",
    )


def _ranking(outcome: Outcome, ranks: list[Rank], first: str, n: int) -> str:
    ordered = sorted(ranks, key=lambda rank: -rank.share)
    shares = ", ".join(
        f"{rank.arm} in {_percent(rank)} % of draws "
        f"({interval_text(100.0 * rank.low, 100.0 * rank.high)}; clearly in "
        f"{100.0 * rank.clear_share:.0f} %)"
        for rank in ordered
    )
    return f"First ({first} {outcome.label}) over {n} draws: {shares}."


def _percent(rank: Rank) -> str:
    return figure(100.0 * rank.share, 50.0 * (rank.high - rank.low))


def _caveats(drawn: Drawn) -> list[str]:
    draws = drawn.draws
    lines = [
        f"{len(draws.values)} draws of {draws.origin['parameters']} parameters "
        f"{draws.words}; shared by all arms, {draws.replications} replications each.",
        "A rank of one draw rests on few replications: 'clearly' counts only leads of "
        "more than 2 standard errors. 'Less in' is the share of the draws in which the "
        "arm has less, a tie counted half.",
    ]
    if drawn.n_refused:
        lines.append(
            f"{drawn.n_refused} draws made no scenario that can be run (most run away) "
            "and were drawn again: the ranges are conditional on that."
        )
    return lines
