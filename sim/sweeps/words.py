"""A sweep as a page of results tells it: what the factors change, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.digits import figure, interval_text, markdown_table
from sim.outcomes import outcomes_for

if TYPE_CHECKING:
    from sim.sweeps.sensitivity import Sensitivity
    from sim.sweeps.sweep import Sweep

_UNCLEAR: Final = "no difference shown"


def grid_section(sweep: Sweep) -> str:
    """Return a crossed design as a page of results tells it, Markdown.

    What each factor changes from its first to its last level, pairs kept, averaged over
    the others; then the mean of every point. All of it is of the first arm.
    """
    plan, table = sweep.experiment, outcomes_for(sweep.experiment.scenario)
    arm = plan.arms[0].name
    points = sweep.design.values()
    is_crossed = bool(plan.crossed_arms())  # else a factor chooses the arm
    cells = [
        (number, planned.values)
        for number, planned in enumerate(sweep.cells)
        if planned.arm.name == arm or not is_crossed
    ]
    n = len(plan.factors) * len(plan.outcomes)
    lines = [
        f"{len(points)} points × {sweep.replications} coupled replications, root_seed "
        f"{plan.root_seed}, {plan.until:g} days. Looked at: "
        f"{len(plan.outcomes)} outcomes × {len(plan.factors)} factors "
        f"= {n} differences, each averaged over the other factor; "
        "95 % intervals of Monte Carlo error only.",
        "",
    ]
    for column, factor in enumerate(plan.factors):
        levels = sorted({values[column] for values in points})
        at_first, at_last = (
            [number for number, values in cells if values[column] == level]
            for level in (levels[0], levels[-1])
        )
        effects: list[str] = []
        for name in plan.outcomes:
            change = sweep.difference(at_last, at_first, name)
            size = figure(change.value, change.half_width, signed=True)
            size = f"{size} ({interval_text(change.low, change.high)})"
            shown = "" if change.low > 0.0 or change.high < 0.0 else f"{_UNCLEAR}, "
            effects.append(f"{table[name].label} {shown}{size}")
        first, last = factor.text(levels[0]), factor.text(levels[-1])
        change_text = f"{factor.label}, from {first} to {last}"
        lines.append(f"- **{change_text}**: {'; '.join(effects)}.")
    frame: Any = sweep.table()
    means = frame[frame["arm"] == arm].set_index(["point", "outcome"])
    heads = [*(f.label for f in plan.factors), *(table[o].label for o in plan.outcomes)]
    rows: list[list[str]] = []
    for point, values in enumerate(points):
        row = [f.text(v) for f, v in zip(plan.factors, values, strict=True)]
        for name in plan.outcomes:
            mean, low, high = means.loc[(point, name), ["mean", "low", "high"]]
            half = (high - low) / 2.0
            row.append(f"{figure(mean, half)} ± {figure(half, half)}")
        rows.append(row)
    whole = markdown_table(heads, rows, numbers=range(len(heads)))
    return "\n".join([*lines, "", *whole.splitlines()])


def screening_section(sweep: Sweep, sensitivities: dict[str, Sensitivity]) -> str:
    """Return a screening as a page of results tells it, Markdown.

    Which factors matter for each outcome, largest first.
    """
    plan, table = sweep.experiment, outcomes_for(sweep.experiment.scenario)
    labels = {factor.name: factor.label for factor in plan.factors}
    lines = [
        f"{len(sweep.design)} points × {sweep.replications} replications, root_seed "
        f"{plan.root_seed}, {plan.until:g} days. Looked at: "
        f"{len(plan.factors)} factors × {len(sensitivities)} outcomes "
        f"= {len(plan.factors) * len(sensitivities)} effects. Size: mean "
        "absolute change of the outcome when the factor crosses its range; "
        "95 % interval.",
        "",
    ]
    for name, one in sensitivities.items():
        rows: Any = one.table.sort_values("mu_star", ascending=False)
        clear: list[str] = []
        rest: list[str] = []
        for factor, row in rows.iterrows():
            half = (row["high"] - row["low"]) / 2
            if np.isfinite(half) and row["matters"]:
                ends = interval_text(row["low"], row["high"])
                clear.append(
                    f"{labels[factor]} {figure(row['mu_star'], half)} ({ends})"
                )
            else:
                rest.append(labels[factor])
        share = f"{100 * one.noise_share:.0f} % of the spread is chance"
        clear_text = "; ".join(clear) or "no factor is told from chance"
        lines.append(f"- **{table[name].label}** ({share}): {clear_text}. ")
        if rest and clear:
            lines[-1] += f"Not told from chance: {', '.join(rest)}."
    return "\n".join(lines)
