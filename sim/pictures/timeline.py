"""Reported rocket attacks by week: what the model gives, and what the record holds."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.dates import ConciseDateFormatter, MonthLocator, date2num
from matplotlib.ticker import MaxNLocator

from sim.ladder import Act, name_of
from sim.pictures.style import (
    BAND_COLOUR,
    MODEL_COLOUR,
    RECORD_COLOUR,
    Making,
    new_figure,
    sign,
)

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


def timeline_picture(
    weeks: NDArray[np.int64],
    scenario: Scenario,
    recorded: Sequence[int] | None,
    making: Making,
) -> Figure:
    """Plot the ensemble's median and bands by week, and the record's counts if any.

    `weeks` has shape (replications, whole weeks from the start).
    """
    n_weeks = weeks.shape[1]
    starts = [scenario.start + timedelta(days=7 * week) for week in range(n_weeks + 1)]
    edges = date2num(starts)
    centres = (edges[:-1] + edges[1:]) / 2
    low, quarter, median, three, high = np.quantile(
        weeks, (0.05, 0.25, 0.5, 0.75, 0.95), axis=0, method="inverted_cdf"
    )
    figure = new_figure(12.0, 5.2)
    axes = figure.add_axes((0.06, 0.17, 0.92, 0.68))

    def band(lower: Any, upper: Any, colour: str, label: str) -> None:
        # Counts are whole: a band between equal quantiles still shows as one unit.
        axes.bar(
            edges[:-1],
            upper - lower + 0.5,
            bottom=lower - 0.25,
            width=7.0,
            align="edge",
            color=colour,
            linewidth=0,
            label=label,
        )

    band(low, high, "#dbe9f6", "90 % of replications")
    band(quarter, three, BAND_COLOUR, "50 % of replications")
    axes.hlines(
        median, edges[:-1], edges[1:], color=MODEL_COLOUR, lw=2.2, label="median"
    )
    axes.plot(
        centres,
        weeks.mean(axis=0),
        color="black",
        lw=1.1,
        ls=":",
        label="mean of replications",
    )
    top = float(high.max(initial=0.0))
    if recorded is not None:
        axes.plot(
            centres,
            recorded,
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
        top = max(top, *recorded)
        inside = np.mean(
            [a <= x <= b for a, x, b in zip(low, recorded, high, strict=True)]
        )
        note = f"The record lies within the 90 % band in {100 * inside:.0f} % of weeks"
    else:
        note = "No record for this scenario and period"
    axes.set_ylim(-0.45, top + 0.8)
    axes.set_xlim(edges[0], edges[-1])
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.xaxis.set_major_locator(MonthLocator(interval=max(1, n_weeks // 52)))
    axes.xaxis.set_major_formatter(ConciseDateFormatter(axes.xaxis.get_major_locator()))
    axes.set_ylabel("reported rocket attacks per week")
    axes.set_xlabel(f"week beginning, from {scenario.start:%-d %B %Y}")
    figure.text(
        0.06,
        0.945,
        f"Reported rocket attacks by week: {scenario.title}",
        size=12,
        weight="bold",
    )
    figure.text(0.06, 0.895, note, size=9.5)
    axes.legend(
        loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=5, fontsize=9, borderpad=0
    )
    sign(figure, scenario, making)
    return figure
