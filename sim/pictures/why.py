"""Why an incident happened, on the ladder: what it hangs on, and by which links.

Each mark stands at its date. Within a rung what would overlap stands on another line of
it; the picture is as high as its lines need. Of many incidents the chain and the
strongest are drawn, and the picture says how many are not.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from matplotlib.lines import Line2D

from sim.ladder import ACTS, RUNGS, Visibility
from sim.pictures.palette import COLOURS, DEATH_COLOUR, MUTED
from sim.pictures.style import (
    Making,
    head,
    new_figure,
    on_dates,
    shorten,
    sign,
    write_dates,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.figure import Figure

    from sim.explanation.explain import Explanation, Step

_WIDTH, _NARROW, _LEFT, _RIGHT, _TOP, _BOTTOM = 12.0, 4.6, 1.98, 0.12, 1.12, 1.0
"""Of the picture and its margins, inches."""
_LINE, _EMPTY = 0.34, 0.2
"""Height of one line of a rung, and of a rung without a step, inches."""
_RADIUS: Final = 0.15
"""Of a mark, inches."""
_MOST_MARKS: Final = 12
"""Incidents beyond the chain are drawn up to so many in all."""
_DASHES: Final = (0, (4, 2.5))
_IN_A_ROW: Final = 6
"""Entries of the legend side by side."""


class _Place(NamedTuple):
    """Where a step stands."""

    x: float
    y: float
    """Inches above the lowest rung."""
    is_label_left: bool


class _Layout(NamedTuple):
    """Where steps and rungs stand."""

    places: dict[int, _Place]
    """By number."""
    rungs: dict[int, tuple[float, float]]
    """Lower and upper edge of each rung that is shown, inches."""


def why_picture(explanation: Explanation, *, is_narrow: bool = False) -> Figure:
    """Plot an explanation: its steps by date and rung, joined by what they hang on.

    A narrow one, for a telephone, has no heading: the page has it.
    """
    log, scenario = explanation.log, explanation.scene.scenario
    at = on_dates(scenario)
    colours = [COLOURS[min(n, len(COLOURS) - 1)] for n in range(len(log.actors))]
    steps = steps_drawn(explanation)
    days = [step.record.time for step in steps]
    margin = max(1.0, 0.06 * (days[-1] - days[0]))
    left, right = at(days[0] - margin), at(days[-1] + margin)
    width, in_a_row = (_NARROW, 2) if is_narrow else (_WIDTH, _IN_A_ROW)
    room = width - _LEFT - _RIGHT
    layout = _layout(steps, room, lambda day: (at(day) - left) / (right - left) * room)
    handles = _handles(explanation, steps, colours)
    bottom = _BOTTOM + 0.2 * ((len(handles) - 1) // in_a_row)
    tall = layout.rungs[max(layout.rungs)][1]
    left_out = _left_out(explanation, steps)
    top = 0.1 if is_narrow else _TOP + 0.19 * len(left_out)
    height = tall + top + bottom
    figure = new_figure(width, height)
    box = (_LEFT / width, bottom / height, room / width, tall / height)
    axes = figure.add_axes(box)
    axes.set_xlim(left, right)
    axes.set_ylim(0.0, tall)
    for rung, (low, high) in layout.rungs.items():
        if rung % 2:
            axes.axhspan(low, high, color="#f4f4f4", lw=0, zorder=0)
    for record in log.incidents():
        row = ACTS[record.act]
        if row.visibility != Visibility.PRIVATE and row.rung in layout.rungs:
            y = layout.rungs[row.rung][0] + 0.07
            axes.plot(at(record.time), y, "|", ms=5, color="#b4b4b4", zorder=1)
    spots = {
        step.number: (at(step.record.time), layout.places[step.number].y)
        for step in steps
    }
    spares = {one.number for one in explanation.spares}
    for arrow in arrows_drawn(explanation, steps):
        _arrow(axes, spots[arrow.before], spots[arrow.after], arrow)
    for step in steps:
        is_left = layout.places[step.number].is_label_left
        _mark(
            axes,
            step,
            spots[step.number],
            colours,
            is_last=step is steps[-1],
            is_left=is_left,
            is_spare=step.number in spares,
        )
    axes.set_yticks(
        [(low + high) / 2.0 for low, high in layout.rungs.values()],
        [f"{RUNGS[rung]}  {rung}" for rung in layout.rungs],
    )
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False)
    write_dates(axes, 2, 3 if is_narrow else 12)
    if not is_narrow:
        axes.set_xlabel(f"date, local time (UTC{scenario.utc_offset_hours:+g})", size=9)
    figure.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0.005, 0.22 / height),
        ncols=in_a_row,
        fontsize=8,
        columnspacing=1.1,
        handletextpad=0.4,
        borderpad=0,
    )
    if is_narrow:
        return figure
    last = ACTS[steps[-1].record.act].label
    head(
        figure,
        f"Why incident {explanation.number} of replication {log.replication} "
        f"happened: {last}, {scenario.day_of(days[-1]):%-d %B %Y}",
        scenario.title,
        "Each number is an incident of the replication's story, at its date. An arrow "
        "leads to an incident from what it answers (line), or would not have happened",
        "without (dashes, by a replay). Filled and heavy: a replay without it lacks "
        f"[{explanation.number}]. Grey strokes: other incidents that others saw.",
        *left_out,
    )
    making = Making(log.root_seed, f"replication {log.replication}", log.horizon)
    sign(figure, scenario, making)
    return figure


class Arrow(NamedTuple):
    """One link that is drawn."""

    before: int
    """Number of what the other hangs on."""
    after: int
    is_cause: bool
    is_needed: bool
    """Whether the incident that is explained does not happen without either."""


def steps_drawn(explanation: Explanation) -> tuple[Step, ...]:
    """Return the steps that are drawn: the chain, and the strongest of the others.

    In turn the strongest is drawn on which one drawn hangs: first those without which
    the incident does not happen, and of these those without which most of what it hangs
    on does not; the nearest of equals.
    """
    steps = {step.number: step for step in explanation.steps}
    drawn = set(explanation.chain)
    while len(drawn) < _MOST_MARKS:
        near = {n for at in drawn for n in (steps[at].cause, *steps[at].contributors)}
        if not (near := near - drawn - {0}):
            break
        drawn.add(
            max(
                near,
                key=lambda n: (
                    explanation.number in steps[n].gone_without,
                    len(steps[n].gone_without),
                    n,
                ),
            )
        )
    return tuple(step for step in explanation.steps if step.number in drawn)


def arrows_drawn(explanation: Explanation, steps: Sequence[Step]) -> list[Arrow]:
    """Return the links that are drawn between some steps.

    All of the chain, and all answers; of what else hangs on one that is not of the
    chain, the first.
    """
    drawn = {step.number for step in steps}
    chain = set(pairwise(explanation.chain))
    needed = {*explanation.needed, explanation.number}
    arrows: list[Arrow] = []
    linked: set[int] = set()
    for step in steps:
        for number in (step.cause, *step.contributors):
            is_chain, is_cause = (number, step.number) in chain, number == step.cause
            if number in drawn and (is_chain or is_cause or number not in linked):
                linked.add(number)
                arrows.append(
                    Arrow(
                        before=number,
                        after=step.number,
                        is_cause=is_cause,
                        is_needed={number, step.number} <= needed,
                    )
                )
    return arrows


def _left_out(explanation: Explanation, steps: Sequence[Step]) -> list[str]:
    """Say what is not drawn."""
    n, n_drawn = len(explanation.steps), len(steps)
    if n == n_drawn:
        return []
    others = n_drawn - len(explanation.chain)
    beside = f" and the {others} strongest of what else it hangs on" if others else ""
    more = f"{n - n_drawn} more {'stands' if n - n_drawn == 1 else 'stand'}"
    return [f"Drawn are the chain{beside}; {more} in the text alone."]


def _layout(
    steps: tuple[Step, ...], width: float, across: Callable[[float], float]
) -> _Layout:
    """Return where steps stand; `across` gives the inches of a day from the left."""
    ruler = new_figure(_WIDTH, 1.0)
    lines: dict[int, tuple[int, bool]] = {}
    rows: dict[int, list[float]] = {}
    for step in steps:
        act = ACTS[step.record.act]
        text = ruler.text(0.0, 0.0, act.label, size=7.5)
        room = text.get_window_extent().width / ruler.dpi + 0.1
        x = across(step.record.time)
        is_left = x + _RADIUS + room > width
        begin = x - _RADIUS - (room if is_left else 0.0)
        end = x + _RADIUS + (0.0 if is_left else room)
        ends = rows.setdefault(act.rung, [])
        free = (n for n, before in enumerate(ends) if before <= begin)
        line = next(free, len(ends))
        ends[line : line + 1] = [end]
        lines[step.number] = line, is_left
    y, rungs = 0.0, dict[int, tuple[float, float]]()
    for rung in range(min(rows), max(rows) + 1):
        high = y + max(_EMPTY, len(rows.get(rung, ())) * _LINE + 0.12)
        rungs[rung] = y, high
        y = high
    places: dict[int, _Place] = {}
    for step in steps:
        line, is_left = lines[step.number]
        base = rungs[ACTS[step.record.act].rung][0]
        places[step.number] = _Place(
            x=across(step.record.time),
            y=base + 0.06 + _LINE * (line + 0.5),
            is_label_left=is_left,
        )
    return _Layout(places, rungs)


def _arrow(
    axes: Any, start: tuple[float, float], end: tuple[float, float], arrow: Arrow
) -> None:
    """Plot one link."""
    dashes = "-" if arrow.is_cause else _DASHES
    axes.annotate(
        "",
        xy=end,
        xytext=start,
        arrowprops={
            "arrowstyle": "-|>",
            "color": "#222222" if arrow.is_needed else "#8a8a8a",
            "lw": 1.8 if arrow.is_needed else 0.9,
            "ls": dashes,
            "shrinkA": 9,
            "shrinkB": 10,
            "connectionstyle": "arc3,rad=0.12",
        },
        zorder=2.2 if arrow.is_needed else 2,
    )


def _mark(
    axes: Any,
    step: Step,
    place: tuple[float, float],
    colours: list[str],
    *,
    is_last: bool,
    is_left: bool,
    is_spare: bool,
) -> None:
    """Plot one step: its number in the colour of its actor, its act beside it.

    One without which the incident happens all the same is hollow.
    """
    actor = step.record.actor
    colour = colours[actor] if actor >= 0 else MUTED
    is_deadly = sum(step.record.effect[3:8]) > 0
    face = "white" if is_spare else colour
    axes.plot(*place, "o", ms=15.5, mfc=face, mec=colour, mew=1.5, zorder=3)
    if is_last or is_deadly:
        axes.plot(
            *place,
            "o",
            ms=20,
            mfc="none",
            mec=DEATH_COLOUR if is_deadly else "#222222",
            mew=2.4 if is_last else 1.4,
            zorder=3,
        )
    axes.annotate(
        f"{step.number}",
        place,
        ha="center",
        va="center_baseline",
        color=colour if is_spare else "white",
        size=9 if step.number < 100 else 7.5,
        weight="bold",
        zorder=4,
    )
    axes.annotate(
        ACTS[step.record.act].label,
        place,
        xytext=(-14 if is_left else 14, 0),
        textcoords="offset points",
        ha="right" if is_left else "left",
        va="center_baseline",
        size=7.5,
        weight="bold" if is_last else "normal",
        color="#222222",
        bbox={"fc": "white", "ec": "none", "pad": 0.6},
        zorder=2.5,
    )


def _handles(
    explanation: Explanation, steps: Sequence[Step], colours: list[str]
) -> list[Line2D]:
    """Return what says what colours and lines mean."""
    last = f"[{explanation.number}]"
    acting = sorted({s.record.actor for s in steps if s.record.actor >= 0})
    actors = explanation.scene.scenario.actors
    handles = [
        Line2D([], [], marker="o", ls="none", ms=8, color=colours[actor],
               label=shorten(actors[actor].label, 30))
        for actor in acting[: len(COLOURS)]
    ]  # fmt: skip
    if explanation.spares:
        handles.append(
            Line2D([], [], marker="o", ls="none", ms=8, mfc="white", mec="#222222",
                   mew=1.5, label=f"{last} happens without it")
        )  # fmt: skip
    return [
        *handles,
        Line2D([], [], color="#222222", lw=1.8, label="answers or follows"),
        Line2D([], [], color="#222222", lw=1.8, ls=_DASHES, label="not without"),
        Line2D([], [], color="#8a8a8a", lw=0.9, label=f"not needed for {last}"),
        Line2D([], [], marker="o", ls="none", ms=10, mfc="none", mec="#222222",
               mew=2.0, label=f"{last}, explained"),
        Line2D([], [], marker="o", ls="none", ms=10, mfc="none", mec=DEATH_COLOUR,
               mew=1.6, label="deaths"),
        Line2D([], [], marker="|", ls="none", ms=5, color="#b4b4b4",
               label="other incidents"),
    ]  # fmt: skip
