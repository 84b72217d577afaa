"""The pictures of a comparison: effects, pairs, distributions, times."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.ticker import MaxNLocator

from sim.comparison.competing import incidence_of
from sim.digits import figure, interval_text
from sim.outcomes import outcomes_for
from sim.pictures.palette import COLOURS, MUTED
from sim.pictures.style import Making, Picture, head, new_figure, shorten, sign
from sim.statistics.survival import survival_curve

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from matplotlib.figure import Figure

    from sim.comparison.result import ArmComparison, Comparison, OutcomeComparison
    from sim.scenario.scenario import Scenario

MOST_PANELS: Final = 9
_COLUMNS: Final = 3
_PANEL: Final = 2.9


def comparison_pictures(
    comparison: Comparison, scenario: Scenario, competing: Sequence[str] = ()
) -> dict[str, Callable[[], Figure]]:
    """Return what plots each picture of a comparison, by name."""
    making = making_of(comparison)
    pictures = {"effects": lambda: forest_plot(comparison, scenario, making)}
    if comparison.comparisons[0].is_coupled:
        pictures["pairs"] = lambda: pair_plot(comparison, scenario, making)
    pictures["distributions"] = lambda: ecdf_plot(comparison, scenario, making)
    if any(row.aggregate == "censored" for row in comparison.outcomes.values()):
        pictures["times"] = lambda: survival_plot(comparison, scenario, making)
    if competing:
        pictures["first"] = lambda: incidence_plot(
            comparison, scenario, making, competing
        )
    return pictures


_SINCE: Final = "days since the start"


def making_of(comparison: Comparison) -> Making:
    """Return where the numbers of a comparison come from."""
    first, n = comparison.arms[0], comparison.comparisons[0].n
    unit = "pairs" if comparison.comparisons[0].is_coupled else "replications an arm"
    return Making(first.root_seed, f"{n} {unit}", first.until)


def forest_plot(comparison: Comparison, scenario: Scenario, making: Making) -> Figure:
    """Plot every effect with its interval, in standard deviations of the reference.

    Outcomes have different units; the numbers in their own units stand beside.
    """
    lines = [
        (place, arm, row)
        for row_name in comparison.outcomes
        for place, arm in enumerate(comparison.comparisons)
        for row in (arm.outcomes[row_name],)
        if isfinite(row.headline.low)
    ]
    height = 1.6 + 0.34 * max(len(lines), 1)
    drawing = new_figure(12.0, height)
    title = f"What each arm changes: {scenario.heading}"
    _head(drawing, title, "Bars: 95 % intervals. ", comparison)
    axes: Any = drawing.add_axes((0.31, 0.8 / height, 0.36, (height - 1.6) / height))
    axes.axvline(0.0, color=MUTED, lw=1.0)
    for at, (place, arm, row) in enumerate(lines):
        scale = _spread(comparison, arm, row)
        effect, colour = row.headline, COLOURS[1 + place % (len(COLOURS) - 1)]
        low, value, high = (x / scale for x in (effect.low, effect.value, effect.high))
        faint = 1.0 if row.is_clear else 0.45
        axes.plot([low, high], [at, at], color=colour, lw=2.2, alpha=faint)
        axes.plot([value], [at], "o", color=colour, ms=5.5, alpha=faint)
        percent = 100.0 if row.outcome.unit == "share" else 1.0
        unit = "% points" if percent > 1.0 else row.outcome.unit
        half = percent * effect.half_width
        ends = interval_text(percent * effect.low, percent * effect.high)
        text = f"{figure(percent * effect.value, half, signed=True)}  ({ends}) {unit}"
        axes.annotate(
            text, (1.02, at), xycoords=("axes fraction", "data"), va="center", size=9
        )
    several = len(comparison.comparisons) > 1
    labels = [
        shorten(
            f"{row.outcome.label}: {arm.label}" if several else row.outcome.label, 52
        )
        for _, arm, row in lines
    ]
    axes.set_yticks(range(len(lines)), labels, size=9)
    axes.set_ylim(len(lines) - 0.4, -0.6)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(
        "difference, in standard deviations of the reference; faint: cannot be told "
        "from none",
        size=9,
    )
    sign(drawing, scenario, making)
    return drawing


def draws_plot(data: Mapping[str, Any], scenario: Scenario, making: Making) -> Figure:
    """Plot every difference under draws: its interval, and what the draws make of it.

    `data` is what ``budget.json`` has. Outcomes have different units: lengths are in
    standard deviations of the difference of one pair; the numbers stand beside.
    """
    labels: Mapping[str, str] = data["labels"]
    rows = [
        (place, labels.get(arm, arm), row, budget)
        for row in data["outcomes"]
        for place, (arm, budget) in enumerate(row["differences"].items())
    ]
    height = 1.6 + 0.34 * max(len(rows), 1)
    drawing = new_figure(12.0, height)
    words = (
        "Thick: 95 % interval of the mean; thin: 95 % of the draws of the parameters, "
        "where that can be told from chance. Beside: the mean and its interval."
    )
    head(drawing, f"What each arm changes: {scenario.heading}", words)
    axes: Any = drawing.add_axes((0.31, 0.8 / height, 0.36, (height - 1.6) / height))
    axes.axvline(0.0, color=MUTED, lw=1.0)
    table = outcomes_for(scenario)
    for at, (place, _, row, budget) in enumerate(rows):
        variance = max(budget["between"]["value"], 0.0) + budget["within"]["value"]
        spread = variance**0.5 or 1.0
        colour = COLOURS[1 + place % (len(COLOURS) - 1)]
        low, value, high = (budget["mean"][key] for key in ("low", "value", "high"))
        if budget["is_told"]:
            draws = [budget[end] / spread for end in ("low", "high")]
            axes.plot(draws, [at, at], color=colour, lw=1.0, alpha=0.7)
        axes.plot([low / spread, high / spread], [at, at], color=colour, lw=3.0)
        axes.plot([value / spread], [at], "o", color=colour, ms=5.5)
        percent, unit = 1.0, table[row["outcome"]].unit
        if unit == "share":
            percent, unit = 100.0, "% points"
        half = percent * (high - low) / 2.0
        text = f"{figure(percent * value, half, signed=True)}  "
        text += f"({interval_text(percent * low, percent * high)}) {unit}"
        axes.annotate(
            text, (1.02, at), xycoords=("axes fraction", "data"), va="center", size=9
        )
    several = len({arm for _, arm, _, _ in rows}) > 1
    names = [
        shorten(f"{row['label']}: {arm}" if several else row["label"], 52)
        for _, arm, row, _ in rows
    ]
    axes.set_yticks(range(len(rows)), names, size=9)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel("difference, in standard deviations of that of one pair", size=9)
    sign(drawing, scenario, making)
    return drawing


def pair_plot(comparison: Comparison, scenario: Scenario, making: Making) -> Figure:
    """Plot how the arms differ within pairs, with the mean and its interval."""
    chosen = _varied(comparison)
    return _panels(
        comparison, scenario, making, "Differences within pairs",
        "Line and band: their mean, with its 95 % interval. ", chosen, _pair_panel,
    )  # fmt: skip


def ecdf_plot(comparison: Comparison, scenario: Scenario, making: Making) -> Figure:
    """Plot the distribution functions of the outcomes in every arm."""
    chosen = [
        name
        for name in _varied(comparison)
        if comparison.outcomes[name].aggregate not in ("proportion", "censored")
    ]
    return _panels(
        comparison, scenario, making, "Distributions over replications",
        "Share of the replications up to each value. ", chosen, _ecdf_panel,
    )  # fmt: skip


def survival_plot(comparison: Comparison, scenario: Scenario, making: Making) -> Figure:
    """Plot the share of replications in which each event has not come yet."""
    chosen = [n for n, o in comparison.outcomes.items() if o.aggregate == "censored"]
    return _panels(
        comparison, scenario, making, "Share without the event yet",
        "Bands: 95 %, pointwise. ", chosen, _survival_panel,
    )  # fmt: skip


def incidence_plot(
    comparison: Comparison, scenario: Scenario, making: Making, times: Sequence[str]
) -> Figure:
    """Plot by when each of several competing events came first, one panel an event."""
    by_arm = {arm.called: incidence_of(arm, times) for arm in comparison.arms}
    labels = list(next(iter(by_arm.values())).shares)

    def plot(axes: Any, comparison: Comparison, name: str) -> None:
        label = labels[list(times).index(name)]
        for place, (arm, incidence) in enumerate(by_arm.items()):
            axes.step(
                incidence.times,
                incidence.shares[label],
                where="post",
                color=COLOURS[place % len(COLOURS)],
                lw=1.6,
                label=arm,
            )
        axes.set_ylim(0.0, 1.02)
        axes.set_xlim(0.0, comparison.arms[0].until)
        axes.set_xlabel(_SINCE, size=8.5)
        axes.set_ylabel("share in which it came first", size=8.5)

    return _panels(
        comparison, scenario, making, "Which comes first",
        "Cumulative incidence (Aalen-Johansen). ", list(times), plot,
    )  # fmt: skip


def _varied(comparison: Comparison) -> list[str]:
    """Return the outcomes in which any arm differs from the reference in any way."""
    varied: list[str] = []
    for name in comparison.outcomes:
        rows = [arm.outcomes[name] for arm in comparison.comparisons]
        if any(
            row.n_defined and not (arm.is_coupled and row.never_differs)
            for arm, row in zip(comparison.comparisons, rows, strict=True)
        ):
            varied.append(name)
    return varied


def _spread(
    comparison: Comparison, arm: ArmComparison, row: OutcomeComparison
) -> float:
    """Return the reference's standard deviation; the arm's, or 1, where it has none."""
    place = comparison.comparisons.index(arm)
    for values in comparison.pairings[place].columns(row.outcome.name):
        defined = values[~np.isnan(values)]
        if len(defined) > 1 and (spread := float(defined.std(ddof=1))) > 0.0:
            return spread
    return 1.0


def _head(drawing: Picture, title: str, note: str, comparison: Comparison) -> None:
    arms = "; ".join(arm.called for arm in comparison.arms[1:])
    text = f"{note}{arms}, against {comparison.arms[0].called}"
    lines = [" ".join(comparison.asked.question.split()), text]
    head(drawing, title, *(line for line in lines if line))


def _panels(
    comparison: Comparison,
    scenario: Scenario,
    making: Making,
    title: str,
    note: str,
    chosen: list[str],
    plot: Any,
) -> Figure:
    """Plot one panel an outcome."""
    names = chosen[:MOST_PANELS]
    n_rows = max(1, -(-len(names) // _COLUMNS))
    height = 1.35 + _PANEL * n_rows
    drawing = new_figure(12.0, height)
    if len(chosen) > len(names):
        title += f" (the first {len(names)} of {len(chosen)} that differ)"
    _head(drawing, f"{title}: {scenario.heading}", note, comparison)
    for place, name in enumerate(names):
        row, column = divmod(place, _COLUMNS)
        bottom = (height - 1.0 - _PANEL * (row + 1) + 0.85) / height
        axes: Any = drawing.add_axes(
            (0.055 + column * 0.325, bottom, 0.265, (_PANEL - 1.05) / height)
        )
        plot(axes, comparison, name)
        if scenario.history is not None and axes.get_xlabel() == _SINCE:
            day = scenario.day_of(scenario.history.since)
            axes.set_xlabel(f"days since {day:%-d %B %Y}")
        axes.set_title(shorten(comparison.arms[0].table[name].label, 42), loc="left")
    if not names:
        drawing.text(0.05, 0.5, "No outcome differs in any pair.")
    else:
        handles, labels = drawing.axes[0].get_legend_handles_labels()
        if handles:
            most = 120 // len(labels)
            drawing.legend(
                handles,
                [shorten(label, most) for label in labels],
                loc="lower left",
                ncols=len(handles),
                fontsize=9,
                bbox_to_anchor=(0.005, 0.3 / height),
            )
    sign(drawing, scenario, making)
    return drawing


def _pair_panel(axes: Any, comparison: Comparison, name: str) -> None:
    pieces = [
        (place, pairing.arm.called, a, b)
        for place, pairing in enumerate(comparison.pairings)
        for a, b in (pairing.columns(name),)
    ]
    apart = [(b - a)[~np.isnan(b - a)] for _, _, a, b in pieces]
    every = np.concatenate(apart)
    is_whole = bool(np.all(every == np.round(every)))
    low, high = float(every.min()), float(every.max())
    near, far = np.quantile(every, [0.005, 0.995])
    beyond = ""
    if 0.0 < 2.0 * (far - near) < high - low:  # a few far ones would squeeze the rest
        low, high = float(near), float(far)
        beyond = "\noutermost: that far or farther"
    if is_whole:  # a bar for each number, or for as many, with 0 amid its own
        step = max(1.0, np.ceil((high - low) / 40.0))
        ends = np.floor(low / step + 0.5), np.floor(high / step + 0.5)
        edges = step * (np.arange(ends[0], ends[1] + 2.0) - 0.5)
    else:
        edges = np.linspace(low, high, 31)
    if is_whole:
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    for (place, arm, _, _), differences in zip(pieces, apart, strict=True):
        colour = COLOURS[1 + place % (len(COLOURS) - 1)]
        inside = np.clip(differences, low, high)
        shares = np.histogram(inside, edges)[0] / max(len(differences), 1)
        axes.stairs(shares, edges, color=colour, lw=1.4, label=shorten(arm, 40))
        axes.stairs(shares, edges, color=colour, alpha=0.18, fill=True)
        effect = comparison.comparisons[place].outcomes[name].headline
        if isfinite(effect.low):
            axes.axvspan(effect.low, effect.high, color=colour, alpha=0.25, lw=0)
        axes.axvline(effect.value, color=colour, lw=1.5)
    axes.axvline(0.0, color=MUTED, lw=1.0, ls=":")
    unit = comparison.outcomes[name].unit
    axes.set_xlabel(f"difference in a pair, {unit}{beyond}", size=8.5)
    axes.set_ylabel("share of pairs", size=8.5)


def _ecdf_panel(axes: Any, comparison: Comparison, name: str) -> None:
    for place, arm in enumerate(comparison.arms):
        values = arm.outcomes[name].to_numpy(dtype=float)
        ordered = np.sort(values[~np.isnan(values)])
        if len(ordered):
            share = np.arange(1, len(ordered) + 1) / len(ordered)
            axes.step(
                np.concatenate([ordered[:1], ordered]),
                np.concatenate([[0.0], share]),
                where="post",
                color=COLOURS[place % len(COLOURS)],
                lw=1.6,
                label=shorten(arm.called, 40),
            )
    if comparison.outcomes[name].kind in ("count", "rung"):
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axes.set_ylim(0.0, 1.02)
    axes.set_xlabel(comparison.outcomes[name].unit, size=8.5)
    axes.set_ylabel("share up to this", size=8.5)


def _survival_panel(axes: Any, comparison: Comparison, name: str) -> None:
    companion = comparison.outcomes[name].companion
    for place, arm in enumerate(comparison.arms):
        times = arm.outcomes[name].to_numpy(dtype=float)
        happened = arm.outcomes[companion].to_numpy(dtype=float) > 0.0
        defined = ~np.isnan(times)
        if not defined.any():
            continue
        curve = survival_curve(times[defined], happened[defined], arm.until)
        colour = COLOURS[place % len(COLOURS)]
        axes.step(curve.times, curve.survival, where="post", color=colour, lw=1.6,
                  label=shorten(arm.called, 40))  # fmt: skip
        axes.fill_between(
            curve.times, curve.low, curve.high, step="post", color=colour, alpha=0.18,
            lw=0,
        )  # fmt: skip
    axes.set_ylim(0.0, 1.02)
    axes.set_xlim(0.0, comparison.arms[0].until)
    axes.set_xlabel(_SINCE, size=8.5)
    axes.set_ylabel("share without it", size=8.5)
