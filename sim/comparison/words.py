"""A comparison for people: sentences an analyst can read, a table, and plain data."""

from __future__ import annotations

from dataclasses import asdict
from math import inf, isfinite
from typing import TYPE_CHECKING, Any, Final

from sim.comparison.result import FEWEST_DIFFERING
from sim.digits import (
    agreeing_places,
    capital,
    figure,
    interval_text,
    level_figure,
    markdown_table,
)
from sim.statistics.effect import RELATIVE, SUPERIORITY, SUPERIORITY_WITHIN

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from sim.comparison.result import ArmComparison, Comparison, OutcomeComparison
    from sim.outcomes import Outcome


PERCENT: Final = "percentage points"

_UNCLEAR: Final = "no difference shown"


def sentence(
    arm: ArmComparison,
    row: OutcomeComparison,
    until: float,
    places: int | None = None,
) -> str:
    """Say in a few sentences what an arm does to one outcome, with the interval.

    `places` are the decimals of the two levels (`level_places`); None is as many as
    this one difference asks for.
    """
    label, names = row.outcome.label, f"{arm.quoted} against {arm.against}"
    if row.n_defined == 0:
        return f"{capital(label)} ({names}): nothing to compare, {row.reason}."
    if row.reason:
        return f"{capital(label)} ({names}): no interval, {row.reason}."
    if arm.is_coupled and row.never_differs:
        return _same_everywhere(arm, row)
    parts = [_difference(arm, row, until, places)]
    if row.outcome.aggregate == "proportion" and (relative := _relative(row)):
        parts.append(relative)
    if arm.is_coupled:
        parts.append(_within_pairs(row))
        value, excess = row.headline.value, row.share_more - row.share_less
        if value * excess < 0.0:
            parts.append("A few worlds that differ by much make the mean.")
        if row.n_differing < FEWEST_DIFFERING:
            parts.append(f"Only {row.n_differing} of {row.n_defined} pairs differ.")
    if row.n_defined < row.n:
        where = "pairs" if arm.is_coupled else "replications of the shorter arm"
        parts.append(f"It is defined in {row.n_defined} of {row.n} {where}.")
    return " ".join(parts)


def _same_everywhere(arm: ArmComparison, row: OutcomeComparison) -> str:
    """Say that no pair differs, and what that leaves possible."""
    n = row.n_defined
    most = 100.0 * (1.0 - 0.05 ** (1.0 / n))
    text = (
        f"{capital(row.outcome.label)}: {arm.quoted} and {arm.against} are the "
        f"same in every one of {n} pairs. With 95 % confidence fewer than {most:.2g} % "
        "of worlds differ"
    )
    effect = row.headline
    if isfinite(effect.low):
        scale, unit = scale_of(row.outcome)
        ends = interval_text(scale * effect.low, scale * effect.high)
        text += f", and the difference lies within {ends}{unit}"
    text += "."
    if row.reference_mean == 0.0 and row.reference_median == 0.0 and _is_plain(row):
        text += " It never happened in either."
    return text


def _is_plain(row: OutcomeComparison) -> bool:
    return row.outcome.kind in ("count", "share")


def _difference(
    arm: ArmComparison, row: OutcomeComparison, until: float, places: int | None
) -> str:
    """Say the difference that is told first."""
    effect, outcome = row.headline, row.outcome
    scale, unit = scale_of(row.outcome)
    low, high = scale * effect.low, scale * effect.high
    half = (high - low) / 2.0
    by_median = outcome.aggregate == "median"
    per_cent = " %" if scale > 1.0 else ""
    before, after = (f"{text}{per_cent}" for text in levels_text(row, places))
    statistic = "median" if by_median else "mean"
    if outcome.aggregate == "censored":
        statistic = f"mean within {until:g} days"
    elif outcome.aggregate == "proportion":
        statistic = "share of replications"
    interval = f"95 % interval {interval_text(low, high)}"
    known = f"{statistic} {after} against {before}"
    if not row.is_clear:
        return (
            f"{capital(outcome.label)}: no difference between {arm.quoted} and "
            f"{arm.against} can be told, "
            f"{figure(scale * effect.value, half, signed=True)}{unit} ({interval}; "
            f"{known})."
        )
    size = figure(abs(scale * effect.value), half)
    ends = sorted((abs(low), abs(high)))
    interval = f"95 % interval {interval_text(*ends)}"
    if outcome.aggregate == "censored":
        verb = "delays" if effect.value > 0.0 else "hastens"
        label = outcome.label.removeprefix("time to ")
        return (
            f"{arm.quoted} {verb} the {label} by {size}{unit} ({interval}) against "
            f"{arm.against}; {known}, where what did not come counts {until:g}."
        )
    if outcome.aggregate == "proportion":
        odds = "more" if effect.value > 0.0 else "less"
        return (
            f"{arm.quoted} makes '{outcome.label}' {odds} likely by {size}{unit} "
            f"({interval}) against {arm.against}; {known}."
        )
    verb = "raises" if effect.value > 0.0 else "lowers"
    return (
        f"{arm.quoted} {verb} {outcome.label} by {size}{unit} ({interval}) against "
        f"{arm.against}; {known}."
    )


def scale_of(outcome: Outcome) -> tuple[float, str]:
    """Return by what a difference is multiplied to be told, and in which unit."""
    if outcome.unit == "share":
        return 100.0, f" {PERCENT}"
    return 1.0, _unit(outcome.unit)


def level_places(rows: Iterable[OutcomeComparison]) -> int | None:
    """Return to how many decimals one outcome's levels are written, for all arms."""
    changes: list[tuple[float, float, float, float]] = []
    for row in rows:
        scale, _ = scale_of(row.outcome)
        (before, after), effect = _levels(row), row.headline
        change = (before, after, effect.value, effect.half_width)
        before, after, value, error = (scale * x for x in change)
        changes.append((before, after, value, error))
    return agreeing_places(changes)


def levels_text(row: OutcomeComparison, places: int | None = None) -> tuple[str, str]:
    """Write what each arm has, shares in per cent, to so many decimals.

    None is as many as this one difference asks for.
    """
    places = level_places([row]) if places is None else places
    scale, _ = scale_of(row.outcome)
    before, after = (level_figure(scale * x, places) for x in _levels(row))
    return before, after


def _levels(row: OutcomeComparison) -> tuple[float, float]:
    if row.outcome.aggregate == "median":
        return row.reference_median, row.arm_median
    return row.reference_mean, row.arm_mean


def _places(comparison: Comparison) -> dict[str, int | None]:
    """Return by outcome to how many decimals its levels are written."""
    return {
        name: level_places(arm.outcomes[name] for arm in comparison.comparisons)
        for name in comparison.outcomes
    }


def _unit(unit: str) -> str:
    return "" if unit in ("", "incidents", "persons", "rung") else f" {unit}"


def _relative(row: OutcomeComparison) -> str:
    """Say the relative risk."""
    risk = row.effects.get(RELATIVE)
    if risk is None or not isfinite(risk.low):
        return ""
    if not isfinite(risk.value):
        return f"The risk is at least {figure(risk.low, risk.low / 5)} times as large."
    half = risk.half_width if isfinite(risk.half_width) else risk.value
    shown = (
        interval_text(risk.low, risk.high)
        if risk.high < inf
        else f"{figure(risk.low, half)} or more"
    )
    return f"The risk is {figure(risk.value, half)} times as large ({shown})."


def _within_pairs(row: OutcomeComparison) -> str:
    """Say in how many worlds the arm has more, less and the same."""
    more, less, same = (
        100.0 * x for x in (row.share_more, row.share_less, row.share_same)
    )
    return (
        f"In the same world it is higher in {_whole(more)} %, lower in "
        f"{_whole(less)} % and the same in {_whole(same)} %."
    )


def _whole(percent: float) -> str:
    if 0.0 < percent < 1.0:
        return "under 1"
    return "over 99" if 99.0 < percent < 100.0 else f"{percent:.0f}"


def caveats(comparison: Comparison) -> list[str]:
    """Say what the figures rest on, and what they do not hold."""
    looked, first = comparison.n_looked_at, comparison.comparisons[0]
    percent = f"{100.0 * comparison.level:g} %"
    lines = [
        f"Differences looked at: {looked}. Of so many {percent} intervals about "
        f"{looked * (1.0 - comparison.level):.2g} miss the truth by chance alone.",
        "Intervals hold Monte Carlo error only: neither what is not known of the "
        "parameters (see --draws), nor that history happened once.",
    ]
    if first.is_coupled:
        lines.append(
            "Arms are coupled: intervals know how few pairs differ (a weighted count "
            "of them; where none was seen, as of two worlds that have nothing in "
            "common), medians are resampled by pairs; tests swap the arms within "
            "pairs, and no interval of means leaves out 0 where the test does not."
        )
    else:
        lines.append(
            "Arms are independent: each has its own interval, and both are put "
            "together; the p-values of the "
            "table's file and of --json are SciPy's. Coupled arms would tell smaller "
            "differences."
        )
    for arm in comparison.comparisons:
        if arm.n_failed:
            lines.append(
                f"{arm.n_failed} replications failed in {arm.quoted} or "
                f"{arm.against} and were left out of both."
            )
    return [*lines, *comparison.notes]


def sentences(comparison: Comparison) -> list[str]:
    """Return the sentences of every arm and outcome; those that differ come first."""
    until, places = comparison.arms[0].until, _places(comparison)
    lines: list[str] = []
    for arm in comparison.comparisons:
        rows = list(arm.outcomes.values())
        differing = [row for row in rows if not (arm.is_coupled and row.never_differs)]
        same = [row for row in rows if arm.is_coupled and row.never_differs]
        lines += [
            sentence(arm, row, until, places[row.outcome.name]) for row in differing
        ]
        if len(same) == 1 or (same and not differing):
            lines += [sentence(arm, row, until) for row in same[:1]]
        if len(same) > 1:
            rest = same if differing else same[1:]
            labels = ", ".join(row.outcome.label for row in rest)
            lines.append(
                f"{arm.quoted} and {arm.against} are the same in every pair also in: "
                f"{labels}."
            )
    return lines


def comparison_table(comparison: Comparison) -> pd.DataFrame:
    """Return one row an arm and outcome, unrounded, with every effect's interval."""
    import pandas as pd

    rows = [
        {"arm": arm.arm, "reference": arm.reference, **_flat(row)}
        for arm in comparison.comparisons
        for row in arm.outcomes.values()
    ]
    return pd.DataFrame(rows)


def _flat(row: OutcomeComparison) -> dict[str, Any]:
    cells: dict[str, Any] = {
        "outcome": row.outcome.name,
        "label": row.outcome.label,
        "unit": row.outcome.unit,
        "n": row.n,
        "n_defined": row.n_defined,
        "reference_mean": row.reference_mean,
        "arm_mean": row.arm_mean,
        "reference_median": row.reference_median,
        "arm_median": row.arm_median,
        "headline": row.headline.name,
    }
    for name, effect in row.effects.items():
        cells |= {
            name: effect.value,
            f"{name}_low": effect.low,
            f"{name}_high": effect.high,
        }
    if row.distances is not None:
        cells |= asdict(row.distances)
    cells |= {
        "n_differing": row.n_differing,
        "share_more": row.share_more,
        "share_less": row.share_less,
        "swap_p_value": row.swap_p_value,
        "variance_ratio": row.variance_ratio,
        **{f"scipy_p_{name}": p for name, p in row.scipy_p_values.items()},
        "reason": row.reason,
    }
    return cells


def comparison_data(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as plain data, for JSON."""
    first, places = comparison.arms[0], _places(comparison)
    until = first.until
    return {
        "reference": first.name,
        **comparison.asked.data(),
        "arms": [arm.name for arm in comparison.arms],
        "labels": {arm.name: arm.called for arm in comparison.arms},
        "root_seeds": [arm.root_seed for arm in comparison.arms],
        "until_days": until,
        "level": comparison.level,
        "resamples": comparison.resamples,
        "differences_looked_at": comparison.n_looked_at,
        "caveats": caveats(comparison),
        "comparisons": [
            {
                "arm": arm.arm,
                "reference": arm.reference,
                "coupled": arm.is_coupled,
                "replications": arm.n,
                "failed": arm.n_failed,
                "outcomes": [
                    {
                        **_flat(row),
                        "sentence": sentence(arm, row, until, places[name]),
                    }
                    for name, row in arm.outcomes.items()
                ],
            }
            for arm in comparison.comparisons
        ],
    }


def superiority_text(row: OutcomeComparison) -> str:
    """Write the probability that the arm exceeds the reference, ties counted half."""
    name = SUPERIORITY_WITHIN if SUPERIORITY_WITHIN in row.effects else SUPERIORITY
    effect = row.effects.get(name)
    if effect is None:
        return "–"
    return figure(effect.value, effect.half_width)


def table_cells(comparison: Comparison) -> list[tuple[str, ...]]:
    """Return the table that is printed: one row an arm and outcome, as text.

    Shares are in per cent, their differences in percentage points.
    """
    cells: list[tuple[str, ...]] = []
    places = _places(comparison)
    for arm in comparison.comparisons:
        for name, row in arm.outcomes.items():
            effect, (scale, _) = row.headline, scale_of(row.outcome)
            half, ratio = scale * effect.half_width, row.variance_ratio
            cells.append(
                (
                    *((arm.label,) if len(comparison.comparisons) > 1 else ()),
                    row.outcome.label,
                    "%" if scale > 1.0 else row.outcome.unit,
                    *levels_text(row, places[name]),
                    figure(scale * effect.value, half, signed=True),
                    interval_text(scale * effect.low, scale * effect.high)
                    if isfinite(effect.low)
                    else f"defined in {row.n_defined}",
                    superiority_text(row),
                    "" if not ratio < inf else figure(ratio, ratio / 5.0),
                )
            )
    return cells


TABLE_HEADS: Final = (
    "outcome", "unit", "reference", "arm", "difference", "95 % interval",
    "superior", "cut",
)  # fmt: skip
"""Headings of `table_cells`, after the arm's name where there are several."""


def results_section(comparison: Comparison) -> str:
    """Return a comparison of coupled arms as a page of results tells it, Markdown.

    One paragraph an arm, named by its label, then a table of all differences.
    """
    first = comparison.comparisons[0]
    n_outcomes, n_arms = len(comparison.outcomes), len(comparison.comparisons)
    lines = [
        f"{first.n} pairs of replications, root_seed {comparison.arms[0].root_seed}, "
        f"{comparison.arms[0].until:g} days. Looked at: {n_outcomes} outcomes × "
        f"{n_arms} arms = {comparison.n_looked_at} differences; of as many "
        f"95 % intervals {0.05 * comparison.n_looked_at:.2g} miss the truth by "
        "chance alone. All "
        f"differences are against `{first.reference}` ({comparison.arms[0].called}); "
        "the intervals are of Monte Carlo error only.",
        "",
    ]
    if comparison.asked.assumptions:
        granted = " ".join(comparison.asked.assumptions)
        lines += [f"Taken for granted: {granted}", ""]
    lines += [
        f"- {_paragraph(arm, pairing.arm.called)}"
        for arm, pairing in zip(
            comparison.comparisons, comparison.pairings, strict=True
        )
    ]
    heads = [
        f"`{first.reference}`",
        *(f"`{arm.arm}`" for arm in comparison.comparisons),
    ]
    cells: list[list[str]] = []
    for name, outcome in comparison.outcomes.items():
        rows = [arm.outcomes[name] for arm in comparison.comparisons]
        unit = _scale(outcome)[1]
        before = levels_text(rows[0], level_places(rows))[0]
        unit = f" ({unit})" if unit else ""
        cells.append([f"{outcome.label}{unit}", before, *(_cell(row) for row in rows)])
    table = markdown_table(["outcome", *heads], cells, range(1, len(heads) + 1))
    lines += [
        "",
        *table.splitlines(),
        "",
        f"In brackets 95 % intervals; – {_UNCLEAR}; = the same in every pair that was "
        "run, which does not mean that no path exists.",
    ]
    return "\n".join(lines)


def _paragraph(arm: ArmComparison, label: str) -> str:
    texts: dict[str, list[str]] = {
        "raises": [], "lowers": [], _UNCLEAR: [], "same": []
    }  # fmt: skip
    for row in arm.outcomes.values():
        outcome, (_, unit) = row.outcome.label, _scale(row.outcome)
        if row.never_differs:
            texts["same"].append(outcome)
        elif not row.is_clear:
            texts[_UNCLEAR].append(outcome)
        else:
            up = row.headline.value > 0
            size, ends = _size(row)
            unit = f" {unit}" if unit in ("points", "days") else ""
            texts["raises" if up else "lowers"].append(
                f"{outcome} by {size}{unit} ({ends})"
            )
    parts = [
        f"{verb} {'; '.join(texts[verb])}"
        for verb in ("raises", "lowers")
        if texts[verb]
    ]
    text = f"**{label}** (`{arm.arm}`) " + (", and ".join(parts) or "")
    if texts[_UNCLEAR]:
        text += "; " if parts else ""
        text += f"{_UNCLEAR} in {', '.join(texts[_UNCLEAR])}"
    if texts["same"]:
        text += "; " if parts or texts[_UNCLEAR] else ""
        text += f"the same in every pair: {', '.join(texts['same'])}"
    return text + "."


def _scale(outcome: Outcome) -> tuple[float, str]:
    """Return what a value is multiplied by, and its unit then."""
    if outcome.unit == "share":
        return 100.0, "points"
    return 1.0, "" if outcome.unit in ("incidents", "persons") else outcome.unit


def _size(row: OutcomeComparison) -> tuple[str, str]:
    effect, (scale, _) = row.headline, _scale(row.outcome)
    low, high = sorted(abs(scale * x) for x in (effect.low, effect.high))
    size = figure(abs(scale * effect.value), scale * effect.half_width)
    return size, interval_text(low, high)


def _cell(row: OutcomeComparison) -> str:
    if row.never_differs:
        return "="
    effect, (scale, _) = row.headline, _scale(row.outcome)
    value = figure(scale * effect.value, scale * effect.half_width, signed=True)
    ends = interval_text(scale * effect.low, scale * effect.high)
    return f"{value} ({ends})" if row.is_clear else f"– {value} ({ends})"
