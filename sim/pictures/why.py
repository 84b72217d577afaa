"""Why an incident happened, on the ladder: what it hangs on, and by which links."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.lines import Line2D

from sim.ladder import ACTS, RUNGS, Visibility
from sim.pictures.ladder import spread
from sim.pictures.palette import COLOURS, DEATH_COLOUR, MUTED
from sim.pictures.style import Making, head, new_figure, shorten, sign

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.explanation.explain import Explanation, Step

_SPACING: Final = 0.62
"""Inches between the centres of neighbouring steps on one rung."""


def why_picture(explanation: Explanation) -> Figure:
    """Plot an explanation: its steps by date and rung, joined by what they hang on."""
    log, scenario = explanation.log, explanation.scene.scenario
    midnight = datetime.combine(scenario.start, time())

    def at(day: float) -> float:
        return float(date2num(midnight + timedelta(days=day)))

    figure = new_figure(12.0, 7.4)
    axes = figure.add_axes((0.165, 0.135, 0.825, 0.745))
    colours = [COLOURS[min(n, len(COLOURS) - 1)] for n in range(len(log.actors))]
    steps = explanation.steps
    days = [step.record.time for step in steps]
    margin = max(1.0, 0.06 * (days[-1] - days[0]))
    left, right = at(max(0.0, days[0] - margin)), at(days[-1] + margin)
    places = _places(steps, left, right, at)
    for record in log.incidents():
        if ACTS[record.act].visibility == Visibility.PRIVATE:
            continue
        y = ACTS[record.act].rung
        axes.plot(at(record.time), y, "|", ms=7, color="#c4c4c4", zorder=1)
    chain = set(explanation.chain)
    for step in steps:
        here = places[step.number]
        for number in (step.cause, *step.contributors):
            if number not in places:
                continue
            is_cause = number == step.cause
            is_chain = {number, step.number} <= chain
            axes.annotate(
                "",
                xy=here,
                xytext=places[number],
                arrowprops={
                    "arrowstyle": "-|>",
                    "color": "#222222" if is_chain else "#8a8a8a",
                    "lw": 1.8 if is_chain else 1.0,
                    "ls": "-" if is_cause else (0, (4, 2.5)),
                    "shrinkA": 10,
                    "shrinkB": 11,
                    "connectionstyle": "arc3,rad=0.12",
                },
                zorder=2,
            )
    for n, step in enumerate(sorted(steps, key=lambda s: ACTS[s.record.act].rung)):
        is_last = step is steps[-1]
        _mark(axes, step, places[step.number], colours, is_last=is_last, is_low=n % 2)
    axes.set_xlim(left, right)
    rungs = [ACTS[step.record.act].rung for step in steps]
    axes.set_ylim(min(rungs) - 0.9, max(rungs) + 0.9)
    shown = {rung: name for rung, name in RUNGS.items()
             if min(rungs) - 1 < rung < max(rungs) + 1}  # fmt: skip
    axes.set_yticks(list(shown), [f"{name}  {rung}" for rung, name in shown.items()])
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", visible=False)
    locator = AutoDateLocator(minticks=4, maxticks=12)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    axes.set_xlabel(f"date, local time (UTC{scenario.utc_offset_hours:+g})", size=9)
    _legend(figure, explanation, colours)
    last = ACTS[steps[-1].record.act].label
    head(
        figure,
        f"Why incident {explanation.number} happened ({last}), replication "
        f"{log.replication}: {scenario.title}",
        "Each number is an incident of the replication's story. An arrow leads from "
        "what an incident answers (line), or would not have been without (dashes,",
        "confirmed by a replay), to the incident. On one rung close ones are set "
        "apart, days from their date. Grey strokes: all others that others saw.",
    )
    making = Making(log.root_seed, f"replication {log.replication}", log.horizon)
    sign(figure, scenario, making)
    return figure


def _places(
    steps: tuple[Step, ...], left: float, right: float, at: Any
) -> dict[int, tuple[float, float]]:
    """Return where each step stands; on one rung they are spread so none overlap."""
    spacing = (right - left) / (12.0 * 0.825 / _SPACING)
    places: dict[int, tuple[float, float]] = {}
    for rung in {ACTS[step.record.act].rung for step in steps}:
        row = [step for step in steps if ACTS[step.record.act].rung == rung]
        room = min(spacing, (right - left) / len(row))
        wanted = [at(step.record.time) for step in row]
        edge = room / 2.0
        at_x = spread(wanted, room, left + edge, right - edge)
        for step, x in zip(row, at_x, strict=True):
            places[step.number] = (x, float(rung))
    return places


def _mark(
    axes: Any,
    step: Step,
    place: tuple[float, float],
    colours: list[str],
    *,
    is_last: bool,
    is_low: int,
) -> None:
    """Plot one step: its number in the colour of its actor.

    The label of every other one is lower, so that neighbours do not meet.
    """
    actor = step.record.actor
    colour = colours[actor] if actor >= 0 else MUTED
    axes.plot(*place, "o", ms=21 if is_last else 17, color=colour, zorder=3)
    if is_last or sum(step.record.effect[3:8]) > 0:
        axes.plot(
            *place,
            "o",
            ms=27 if is_last else 21,
            mfc="none",
            mec=DEATH_COLOUR if sum(step.record.effect[3:8]) > 0 else "#222222",
            mew=1.6,
            zorder=3,
        )
    axes.annotate(
        f"{step.number}",
        place,
        ha="center",
        va="center_baseline",
        color="white",
        size=9,
        weight="bold",
        zorder=4,
    )
    axes.annotate(
        shorten(ACTS[step.record.act].label, 17),
        place,
        xytext=(0, -30 if is_low else -21),
        textcoords="offset points",
        ha="center",
        size=7.5,
        color="#333333",
        bbox={"fc": "white", "ec": "none", "pad": 0.6, "alpha": 0.85},
        zorder=1.5,
    )


def _legend(figure: Figure, explanation: Explanation, colours: list[str]) -> None:
    """Say what colours and lines mean."""
    acting = sorted({s.record.actor for s in explanation.steps if s.record.actor >= 0})
    actors = explanation.scene.scenario.actors
    handles = [
        Line2D([], [], marker="o", ls="none", ms=8, color=colours[actor],
               label=shorten(actors[actor].label, 24))
        for actor in acting[: len(COLOURS)]
    ]  # fmt: skip
    handles += [
        Line2D([], [], color="#222222", lw=1.8, label="the chain"),
        Line2D([], [], color="#8a8a8a", lw=1.0, label="answers or follows"),
        Line2D([], [], color="#8a8a8a", lw=1.0, ls=(0, (4, 2.5)), label="not without"),
        Line2D([], [], marker="o", ls="none", ms=11, mfc="none", mec=DEATH_COLOUR,
               mew=1.6, label="deaths"),
    ]  # fmt: skip
    figure.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0.005, 0.035),
        ncols=len(handles),
        fontsize=8,
        columnspacing=1.1,
        handletextpad=0.4,
        borderpad=0,
    )
