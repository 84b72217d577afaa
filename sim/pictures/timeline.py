"""Reported rocket attacks by week: what the model gives, and what the record holds."""

from __future__ import annotations

from datetime import timedelta
from math import ceil, inf
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.dates import ConciseDateFormatter, MonthLocator, date2num
from matplotlib.ticker import MaxNLocator

from sim.ladder import Act, name_of
from sim.pictures.palette import BAND_COLOUR, MODEL_COLOUR, MUTED, RECORD_COLOUR
from sim.pictures.style import Making, head, new_figure, sign

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from sim.ensemble.ensemble import Ensemble
    from sim.scenario.scenario import Scenario

_COLUMNS = [
    "replication", "time_days", "record_type", "act", "reported", "origin",
]  # fmt: skip


def weekly_attacks(ensemble: Ensemble) -> NDArray[np.int64]:
    """Count the reported rocket attacks of each replication by whole week.

    Returns
    -------
    numpy.ndarray
        Shape (replications that succeeded, whole weeks from the start).
    """
    finished = ensemble.outcomes.drop(index=ensemble.failures.index).index
    n_weeks = int(ensemble.until / 7.0)
    counts = np.zeros((len(finished), n_weeks), dtype=np.int64)
    rows = {number: row for row, number in enumerate(finished)}
    for part in ensemble.log_parts():
        frame: Any = part.select(_COLUMNS).to_pandas()
        frame = frame[
            (frame["act"] == name_of(Act.ROCKET_ATTACK))
            & (frame["record_type"] == "incident")
            & (frame["origin"] == "simulated")
            & frame["reported"]
        ]
        weeks = (frame["time_days"] // 7.0).astype(int)
        for number, week in zip(frame["replication"], weeks, strict=True):
            if week < n_weeks and number in rows:
                counts[rows[number], week] += 1
    return counts


def first_free_week(scenario: Scenario) -> int:
    """Return the first whole week that a scenario simulates."""
    return 0 if scenario.history is None else ceil(scenario.history.since / 7.0)


def timeline_picture(
    weeks: NDArray[np.int64],
    scenario: Scenario,
    recorded: Sequence[int | None],
    making: Making,
) -> Figure:
    """Plot the ensemble's median and bands by week, and the record's counts if any.

    `weeks` has shape (replications, whole weeks from the start); `recorded` has None
    for a week that nobody coded. Before a scenario branches from its record only the
    record is shown.
    """
    first = first_free_week(scenario)
    n_weeks = weeks.shape[1]
    starts = [scenario.start + timedelta(days=7 * week) for week in range(n_weeks + 1)]
    edges = date2num(starts)
    centres = (edges[:-1] + edges[1:]) / 2
    low, quarter, median, three, high = np.quantile(
        weeks[:, first:], (0.05, 0.25, 0.5, 0.75, 0.95), axis=0, method="inverted_cdf"
    )
    figure = new_figure(12.0, 5.2)
    axes = figure.add_axes((0.06, 0.17, 0.92, 0.66))
    if first < n_weeks:
        for lower, upper, colour, label in (
            (low, high, "#dbe9f6", "90 % of replications"),
            (quarter, three, BAND_COLOUR, "50 % of replications"),
        ):
            axes.stairs(
                upper,
                edges[first:],
                baseline=lower,
                fill=True,
                color=colour,
                lw=0,
                label=label,
            )
        axes.stairs(
            median,
            edges[first:],
            baseline=None,
            color=MODEL_COLOUR,
            lw=2.2,
            label="median",
        )
    axes.plot(
        centres[first:],
        weeks[:, first:].mean(axis=0),
        color="black",
        lw=1.1,
        ls=":",
        label="mean of replications",
    )
    top = float(high.max(initial=0.0))
    coded = [(place, n) for place, n in enumerate(recorded) if n is not None]
    branch = inf if scenario.history is None else edges[0] + scenario.history.since

    def centre_of(week: int) -> float:
        is_parted = edges[week] < branch < edges[week + 1]
        return (edges[week] + branch) / 2 if is_parted else centres[week]

    if coded:
        axes.plot(
            [centre_of(place) for place, _ in coded],
            [n for _, n in coded],
            ls="none",
            marker="D",
            ms=6.5,
            mfc=RECORD_COLOUR,
            mec="white",
            mew=0.8,
            label="record (press series)",
            clip_on=False,
            zorder=5,
        )
        top = max(top, *(n for _, n in coded))
    held = [low[at - first] <= n <= high[at - first] for at, n in coded if at >= first]
    notes: list[str] = []
    if scenario.history is not None:
        day = scenario.day_of(scenario.history.since)
        notes.append(
            f"Up to {day:%-d %B %Y} the record is put in, then all is simulated."
        )
        axes.axvline(branch, color=MUTED, lw=1.2, ls=(0, (4, 2)))
    if held:
        share = f"{100 * np.mean(held):.0f} % of {len(held)} weeks"
        notes.append(f"The record lies within the 90 % band in {share}.")
    elif scenario.history is None:
        notes.append("No record of the weeks that are simulated.")
    axes.set_ylim(-0.2, top + 0.8)
    axes.set_xlim(edges[0], edges[-1])
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.xaxis.set_major_locator(MonthLocator(interval=max(1, n_weeks // 52)))
    axes.xaxis.set_major_formatter(ConciseDateFormatter(axes.xaxis.get_major_locator()))
    axes.set_ylabel("reported rocket attacks per week")
    axes.set_xlabel(f"week beginning, from {scenario.start:%-d %B %Y}")
    head(
        figure,
        f"Reported rocket attacks by week: {scenario.heading}",
        " ".join(notes),
    )
    axes.legend(
        loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=5, fontsize=9, borderpad=0
    )
    sign(figure, scenario, making)
    return figure
