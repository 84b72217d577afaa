"""Futures of one replication as a fan: what had come by each day, past and to come."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from sim.ensemble.frames import log_table, names_of
from sim.explanation.scene import scenes_of
from sim.ladder import Act, name_of
from sim.pictures.palette import MODEL_COLOUR
from sim.pictures.style import Making, head, new_figure, on_dates, sign, write_dates

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from sim.engine.log import IncidentLog
    from sim.ensemble.ensemble import Ensemble
    from sim.ensemble.frames import Table
    from sim.explanation.branch import Branch

STRIKES: Final = (Act.AIR_STRIKE, Act.MILITIA_LEADER_KILLING, Act.LEADER_KILLING)
_PANELS: Final = (
    ("rocket attacks", (Act.ROCKET_ATTACK,), False),
    ("strikes on militias and leaders", STRIKES, False),
    ("direct strikes between states", (Act.DIRECT_STRIKE,), False),
    ("deaths, by any act", tuple(Act), True),
)
"""Name, acts, and whether the dead are counted in place of the incidents."""

_SHADES: Final = ((0.05, 0.95, "#c6dbef"), (0.25, 0.75, "#6baed6"))
_KILLED: Final = (
    "killed_foreign", "killed_host", "killed_civilian", "killed_militia",
    "killed_sponsor",
)  # fmt: skip


def counts_by_day(
    branch: Branch, panels: Sequence[tuple[tuple[Act, ...], bool]]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Count what had come by the end of each day from the branch on.

    Each of `panels` is acts, and whether their dead are counted in place of them.

    Returns
    -------
    tuple of numpy.ndarray
        Days, shape (d,), and counts, shape (panels, futures, d); of what was put in
        too.
    """
    futures = branch.futures
    days = np.append(np.arange(np.ceil(branch.day), futures.until), futures.until)
    days = np.concatenate([[branch.day], days[days > branch.day]])
    counts = np.zeros((len(panels), len(futures.numbers), len(days)))
    columns = ["replication", "time_days", "record_type", "act", *_KILLED]
    for table in _records(futures):
        every: Any = table.select(columns).to_pandas()
        every = every[every["record_type"] == "incident"]
        for count, (acts, are_deaths) in zip(counts, panels, strict=True):
            frame = every[every["act"].isin([name_of(act) for act in acts])]
            weights = (
                frame[list(_KILLED)].sum(axis=1) if are_deaths else np.ones(len(frame))
            )
            rows = frame["replication"].to_numpy() - futures.numbers.start
            place = np.searchsorted(days, frame["time_days"].to_numpy())
            inside = place < len(days)
            np.add.at(
                count,
                (rows[inside], place[inside]),
                np.asarray(weights, dtype=float)[inside],
            )
    return days, counts.cumsum(axis=2)


def _records(futures: Ensemble) -> Iterator[Table]:
    """Yield the records of futures: those that were kept, or each future's again."""
    if futures.with_log:
        yield from futures.log_parts()
        return
    for scene in scenes_of(futures):
        rows = scene.rows()
        numbers = np.full(len(rows.records), scene.member)
        yield log_table(names_of(scene.cast), rows, numbers)


def fan_picture(branch: Branch) -> Figure:
    """Plot the past of a replication, the fan of its futures, and its own future."""
    log, scenario = branch.log, branch.futures.scenario
    at = on_dates(scenario)
    figure = new_figure(12.0, 7.6)
    grid: Any = figure.subplots(2, 2)
    figure.subplots_adjust(
        left=0.06, right=0.985, top=0.845, bottom=0.13, hspace=0.32, wspace=0.13
    )
    days, counted = counts_by_day(branch, [panel[1:] for panel in _PANELS])
    x = [at(day) for day in days]
    for axes, counts, (name, acts, are_deaths) in zip(
        grid.ravel(), counted, _PANELS, strict=True
    ):
        for low, high, shade in _SHADES:
            ends = np.quantile(counts, (low, high), axis=0, method="inverted_cdf")
            axes.fill_between(x, ends[0], ends[1], color=shade, lw=0, step="post")
        median = np.quantile(counts, 0.5, axis=0, method="inverted_cdf")
        axes.step(x, median, where="post", color=MODEL_COLOUR, lw=1.8)
        own_days, own = _own(log, acts, are_deaths)
        early = own_days <= branch.day
        axes.step(
            [*(at(day) for day in own_days[early]), at(branch.day)],
            [*own[early], own[early][-1]],
            where="post",
            color="#222222",
            lw=1.8,
        )
        axes.step(
            [at(branch.day), *(at(day) for day in own_days[~early]), at(log.horizon)],
            [own[early][-1], *own[~early], own[-1]],
            where="post",
            color="#222222",
            lw=1.0,
            ls=(0, (4, 2)),
        )
        axes.axvline(at(branch.day), color="#8a8a8a", lw=0.9, ls=":")
        axes.set_title(name, loc="left")
        axes.set_xlim(at(0.0), at(log.horizon))
        axes.set_ylim(0.0, max(1.0, axes.get_ylim()[1]))
        axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
        write_dates(axes, 3, 7)
        axes.grid(axis="x", visible=False)
    figure.legend(
        handles=[
            Line2D([], [], color="#222222", lw=1.8, label="the past that all share"),
            Line2D([], [], color=MODEL_COLOUR, lw=1.8, label="median of the futures"),
            Patch(color=_SHADES[1][2], label="middle half"),
            Patch(color=_SHADES[0][2], label="middle 90 %"),
            Line2D([], [], color="#222222", lw=1.0, ls=(0, (4, 2)),
                   label="the replication's own future"),
        ],
        loc="lower left",
        bbox_to_anchor=(0.005, 0.03),
        ncols=5,
        fontsize=8.5,
    )  # fmt: skip
    n = len(branch.futures.numbers)
    moment = datetime.combine(scenario.start, time()) + timedelta(days=branch.day)
    head(
        figure,
        f"{n} futures of replication {log.replication} from {moment:%-d %B %Y, %H:%M}",
        scenario.title,
        "Counted from the start, what the scenario puts in too. Bands are quantiles of "
        "single futures at each day, no forecast of history.",
    )
    making = Making(log.root_seed, f"{n} futures", log.horizon)
    sign(figure, scenario, making)
    return figure


def _own(
    log: IncidentLog, acts: tuple[Act, ...], are_deaths: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the days on which a replication's own count rises, and the counts."""
    days, counts = [0.0], [0.0]
    for record in log.incidents():
        if record.act in acts:
            more = sum(record.effect[3:8]) if are_deaths else 1.0
            days.append(record.time)
            counts.append(counts[-1] + more)
    return np.array(days), np.array(counts)
