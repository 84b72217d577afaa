"""The results of an experiment as an analyst reads them: sentences and a table."""

from __future__ import annotations

import re
from hashlib import sha256
from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.comparison.words import levels_text
from sim.digits import figure, interval_text
from sim.outcomes import outcomes_for

if TYPE_CHECKING:
    from pathlib import Path

    from sim.comparison.result import ArmComparison, Comparison, OutcomeComparison
    from sim.outcomes import Outcome
    from sim.sweeps.sensitivity import Sensitivity
    from sim.sweeps.sweep import Sweep

NONE = "no difference shown"


def file_digest(file: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal."""
    return sha256(file.read_bytes()).hexdigest()


def insert(section: str, page: Path, mark: str = "results") -> bool:
    """Put a section between two marks of a page; say whether it has them."""
    begin, end = f"<!-- {mark}: begin -->", f"<!-- {mark}: end -->"
    pattern = re.compile(f"{re.escape(begin)}.*{re.escape(end)}", re.DOTALL)
    whole = f"{begin}\n\n{section}\n\n{end}"
    text, n = pattern.subn(lambda _: whole, page.read_text("utf-8"))
    page.write_text(text, "utf-8")
    return n == 1


def comparison_lines(found: Comparison, labels: dict[str, str]) -> list[str]:
    """Return one paragraph an arm, and a table of all differences."""
    first = found.comparisons[0]
    n_outcomes, n_arms = len(found.outcomes), len(found.comparisons)
    lines = [
        f"{first.n} pairs of replications, root_seed {found.arms[0].root_seed}, "
        f"{found.arms[0].until:g} days. Looked at: {n_outcomes} outcomes × "
        f"{n_arms} arms = {found.n_looked_at} differences; of as many 95 % intervals "
        f"{0.05 * found.n_looked_at:.2g} miss the truth by chance alone. All "
        f"differences are against `{first.reference}` ({labels[first.reference]}); "
        "the intervals are of Monte Carlo error only.",
        "",
    ]
    lines += [f"- {_paragraph(arm, labels)}" for arm in found.comparisons]
    heads = [f"`{first.reference}`", *(f"`{arm.arm}`" for arm in found.comparisons)]
    lines += [
        "",
        f"| outcome | {' | '.join(heads)} |",
        "|---" + "|---:" * len(heads) + "|",
    ]
    for name, outcome in found.outcomes.items():
        rows = [arm.outcomes[name] for arm in found.comparisons]
        scale, unit = _scale(outcome)
        before = levels_text(rows[0], scale)[0]
        cells = [_cell(row) for row in rows]
        unit = f" ({unit})" if unit else ""
        lines.append(f"| {outcome.label}{unit} | {before} | {' | '.join(cells)} |")
    lines += [
        "",
        f"In brackets 95 % intervals; – {NONE}; = the same in every pair that was run, "
        "which does not mean that no path exists.",
    ]
    return lines


def _paragraph(arm: ArmComparison, labels: dict[str, str]) -> str:
    told: dict[str, list[str]] = {"raises": [], "lowers": [], NONE: [], "same": []}
    for row in arm.outcomes.values():
        label, (_, unit) = row.outcome.label, _scale(row.outcome)
        if row.never_differs:
            told["same"].append(label)
        elif not row.is_clear:
            told[NONE].append(label)
        else:
            up = row.headline.value > 0
            size, ends = _size(row)
            unit = f" {unit}" if unit in ("points", "days") else ""
            told["raises" if up else "lowers"].append(
                f"{label} by {size}{unit} ({ends})"
            )
    parts = [
        f"{verb} {'; '.join(told[verb])}" for verb in ("raises", "lowers") if told[verb]
    ]
    text = f"**{labels[arm.arm]}** (`{arm.arm}`) " + (", and ".join(parts) or "")
    if told[NONE]:
        text += f"{'; ' if parts else ''}{NONE} in {', '.join(told[NONE])}"
    if told["same"]:
        text += "; " if parts or told[NONE] else ""
        text += f"the same in every pair: {', '.join(told['same'])}"
    return text + "."


def _scale(outcome: Outcome) -> tuple[float, str]:
    """Return what a value is multiplied by, and its unit then."""
    if outcome.unit == "share":
        return 100.0, "points"
    return 1.0, "" if outcome.unit in ("incidents", "persons") else outcome.unit


def _size(row: OutcomeComparison) -> tuple[str, str]:
    effect, (scale, _) = row.headline, _scale(row.outcome)
    size = figure(abs(scale * effect.value), scale * effect.half_width)
    return size, interval_text(
        *sorted(abs(scale * x) for x in (effect.low, effect.high))
    )


def _cell(row: OutcomeComparison) -> str:
    if row.never_differs:
        return "="
    effect, (scale, _) = row.headline, _scale(row.outcome)
    value = figure(scale * effect.value, scale * effect.half_width, signed=True)
    ends = interval_text(scale * effect.low, scale * effect.high)
    return f"{value} ({ends})" if row.is_clear else f"– {value} ({ends})"


def grid_lines(done: Sweep) -> list[str]:
    """Return what each factor changes from its first to its last level, pairs kept."""
    plan, table = done.experiment, outcomes_for(done.experiment.scenario)
    points = done.design.values()
    n = len(plan.factors) * len(plan.outcomes)
    lines = [
        f"{len(points)} points × {done.replications} coupled replications, root_seed "
        f"{plan.root_seed}, {plan.until:g} days. Looked at: "
        f"{len(plan.outcomes)} outcomes × {len(plan.factors)} factors "
        f"= {n} differences, each averaged over the other factor; "
        "95 % intervals of Monte Carlo error only.",
        "",
    ]
    for place, factor in enumerate(plan.factors):
        levels = sorted({values[place] for values in points})
        ends = [
            [k for k, v in enumerate(points) if v[place] == e]
            for e in levels[:: len(levels) - 1]
        ]
        told: list[str] = []
        for name in plan.outcomes:
            values = done.responses(name, plan.arms[0].name)
            paired = values[ends[1]].mean(axis=0) - values[ends[0]].mean(axis=0)
            half = 1.96 * float(paired.std(ddof=1)) / sqrt(len(paired))
            change = float(paired.mean())
            low, high = change - half, change + half
            size = f"{figure(change, half, signed=True)} ({interval_text(low, high)})"
            shown = "" if low > 0 or high < 0 else f"{NONE}, "
            told.append(f"{table[name].label} {shown}{size}")
        first, last = factor.told(levels[0]), factor.told(levels[-1])
        what = f"{factor.label}, from {first} to {last}"
        lines.append(f"- **{what}**: {'; '.join(told)}.")
    frame: Any = done.table()
    wide = frame.pivot(index="point", columns="outcome", values="mean")
    errors = frame.pivot(index="point", columns="outcome", values="standard_error")
    heads = [*(f.label for f in plan.factors), *(table[o].label for o in plan.outcomes)]
    lines += ["", f"| {' | '.join(heads)} |", "|" + "---:|" * len(heads)]
    for point, values in enumerate(points):
        cells = [f.told(v) for f, v in zip(plan.factors, values, strict=True)]
        for name in plan.outcomes:
            half = 1.96 * float(errors.loc[point, name])
            cells.append(
                f"{figure(float(wide.loc[point, name]), half)} ± {figure(half, half)}"
            )
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def screening_lines(done: Sweep, found: dict[str, Sensitivity]) -> list[str]:
    """Return which factors matter for each outcome, largest first."""
    plan, table = done.experiment, outcomes_for(done.experiment.scenario)
    labels = {factor.name: factor.label for factor in plan.factors}
    lines = [
        f"{len(done.design)} points × {done.replications} replications, root_seed "
        f"{plan.root_seed}, {plan.until:g} days. Looked at: "
        f"{len(plan.factors)} factors × {len(found)} outcomes "
        f"= {len(plan.factors) * len(found)} effects. Size: mean "
        "absolute change of the outcome when the factor crosses its range; "
        "95 % interval.",
        "",
    ]
    for name, one in found.items():
        rows: Any = one.table.sort_values("mu_star", ascending=False)
        told, rest = [], []
        for factor, row in rows.iterrows():
            half = (row["high"] - row["low"]) / 2
            if np.isfinite(half) and row["matters"]:
                ends = interval_text(row["low"], row["high"])
                told.append(f"{labels[factor]} {figure(row['mu_star'], half)} ({ends})")
            else:
                rest.append(labels[factor])
        share = f"{100 * one.noise_share:.0f} % of the spread is chance"
        told_text = "; ".join(told) or "no factor is told from chance"
        lines.append(f"- **{table[name].label}** ({share}): {told_text}. ")
        if rest and told:
            lines[-1] += f"Not told from chance: {', '.join(rest)}."
    return lines
