"""One replication on the ladder over time: what was done, by whom, at what cost.

What the scenario puts in stands as dated lines whose labels do not overlap.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any, Final

from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from sim.engine.log import IncidentLog, Origin, Record, RecordType
from sim.ladder import ACTS, RUNGS, Act, Visibility
from sim.outcomes import rung_path
from sim.outcomes.rungs import path_of
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
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from sim.scenario.scenario import Scenario


def plot_developments(
    figure: Figure, axes: Any, scenario: Scenario, horizon: float, at: Any
) -> None:
    """Plot what was put in as lines, with labels spread so that none overlap."""
    put_in = sorted(
        (entry.time, entry.identity)
        for entry in (*scenario.changes, *scenario.given)
        if entry.time < horizon
    )
    if not put_in:
        return
    left, right = at(0.0), at(horizon)
    inches = axes.get_position().width * figure.get_size_inches()[0]
    spacing = (right - left) / (inches / 0.155)
    if len(put_in) * spacing > right - left:
        spacing = (right - left) / len(put_in)
    places = spread([at(day) for day, _ in put_in], spacing, left, right)
    for (day, name), place in zip(put_in, places, strict=True):
        x = at(day)
        axes.axvline(x, color="#a8a8a8", lw=0.7, ls=":", zorder=1)
        axes.annotate(
            shorten(name.replace("_", " "), 24),
            xy=(x, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(place, 1.045),
            textcoords=("data", "axes fraction"),
            rotation=90,
            ha="center",
            va="bottom",
            size=8,
            arrowprops={"arrowstyle": "-", "color": "#a8a8a8", "lw": 0.7,
                        "shrinkA": 0, "shrinkB": 0},
        )  # fmt: skip


def spread(
    wanted: Sequence[float], spacing: float, left: float, right: float
) -> list[float]:
    """Return places as near to the wanted ones as a spacing allows, in their order.

    >>> spread([1.0, 1.0, 9.0], 1.0, 0.0, 10.0)
    [0.5, 1.5, 9.0]
    >>> spread([0.0, 0.0, 0.0, 2.0], 1.0, 0.0, 10.0)
    [0.0, 1.0, 2.0, 3.0]
    """
    groups: list[list[float]] = []  # of each: sum of what is wanted, members

    def ends(total: float, members: float) -> tuple[float, float]:
        half = (members - 1) / 2 * spacing
        middle = min(max(total / members, left + half), right - half)
        return middle - half, middle + half

    for x in wanted:
        groups.append([x, 1.0])
        while len(groups) > 1:
            before, last = groups[-2], groups[-1]
            if ends(*before)[1] + spacing <= ends(*last)[0] + 1e-9 * spacing:
                break
            groups[-2:] = [[before[0] + last[0], before[1] + last[1]]]
    return [
        ends(total, members)[0] + n * spacing
        for total, members in groups
        for n in range(int(members))
    ]


_VIOLENCE, _ENFORCEMENT, _MOVES, _WORDS = range(4)
_CLASSES: Final = (
    ("attack, strike", "^"),
    ("raid, arrest, release, thwarted", "s"),
    ("force shown, measures", "D"),
    ("words", "o"),
)
_CLASS_OF: Final[dict[Act, int]] = {
    **dict.fromkeys(
        (Act.ROCKET_ATTACK, Act.CONVOY_BOMB, Act.AIR_STRIKE, Act.LEADER_KILLING,
         Act.DIRECT_STRIKE, Act.EMBASSY_STORMING), _VIOLENCE),
    **dict.fromkeys(
        (Act.RAID, Act.ARREST, Act.SEIZURE, Act.RELEASE, Act.THWARTED_ATTACK),
        _ENFORCEMENT),
    **dict.fromkeys(
        (Act.SHOW_OF_FORCE, Act.DEMONSTRATION, Act.DEFIANCE, Act.SANCTION,
         Act.MOBILISATION, Act.BASE_HANDOVER, Act.PERMIT_RULE, Act.EXPULSION_VOTE,
         Act.EXPULSION, Act.EVACUATION, Act.GOVERNMENT_SWORN_IN), _MOVES),
}  # fmt: skip
"""Every other act is words."""

_HEIGHT: Final = 9.3
_NARROW: Final = 4.2
"""Inches of the width of a narrow picture: 420 pixels."""
_LABELS: Final = 1.55
"""Inches of the height that the labels of what was put in take."""
_MANY_DEADLY: Final = 20
_FEW_DEAD: Final = 3
"""With many deadly incidents, those with fewer deaths carry no number."""

_LANE: Final = 0.62
"""Share of a rung's height over which its actors' lanes are spread."""


def ladder_picture(
    log: IncidentLog, scenario: Scenario, making: Making, *, is_narrow: bool = False
) -> Figure:
    """Plot one replication: rungs over time, incidents, developments, deaths.

    A narrow one, for telephones, leaves to the text around it what the heads and the
    labels of a wide one say.
    """
    at = on_dates(scenario)
    seen = [
        (record, report.is_reported)
        for record, report in zip(log.records, log.reports, strict=True)
        if record.record_type == RecordType.INCIDENT
        and ACTS[record.act].visibility != Visibility.PRIVATE
    ]
    colours = _colours(log)
    height = _HEIGHT if scenario.changes or scenario.given else _HEIGHT - _LABELS
    height += 0.2 * (scenario.history is not None)
    width, left, foot = 12.0, 1.98, 0.0
    if is_narrow:
        width, left, foot = _NARROW, 1.75, 1.45
        height = _HEIGHT - _LABELS + foot - 0.35
    figure = new_figure(width, height)
    across = (left / width, 1.0 - (left + 0.12) / width)
    boxes = ((2.47 + foot, 4.62), (1.18 + foot, 0.97))
    ladder, deaths = (
        figure.add_axes((across[0], bottom / height, across[1], tall / height))
        for bottom, tall in boxes
    )
    deaths.sharex(ladder)
    _steps(ladder, log, scenario, at)
    if scenario.history is not None:
        for axes in (ladder, deaths):
            axes.axvline(at(scenario.history.since), color=MUTED, lw=1.1, zorder=1)
    _marks(ladder, log, seen, colours, at)
    _deaths(deaths, ladder, log, seen, colours, at)
    ladder.set_xlim(at(0.0), at(log.horizon))
    ladder.set_ylim(-0.6, max(RUNGS) + 0.6)
    ladder.set_yticks(list(RUNGS), [f"{name}  {rung}" for rung, name in RUNGS.items()])
    ladder.tick_params(axis="x", labelbottom=False)
    ladder.tick_params(axis="y", length=0)
    if is_narrow:
        ladder.tick_params(axis="y", labelsize=8.5)
    write_dates(deaths, 3, 5 if is_narrow else 12)
    if not is_narrow:
        plot_developments(figure, ladder, scenario, log.horizon, at)
    deaths.set_xlabel(f"date, local time (UTC{scenario.utc_offset_hours:+g})", size=9)
    _legend(figure, scenario, seen, colours, 2 if is_narrow else 0)
    if is_narrow:
        return figure
    head(
        figure,
        f"One typical replication on the ladder: {scenario.heading}",
        f"The rung is the highest act of the last {scenario.rung_window:g} days, "
        "whoever did it (names after Kahn 1965). Orders, supplies and intelligence "
        "are not shown.",
        *(
            [
                "Up to the upright line the record is put in, and acts that it lacks "
                "are simulated; then all is."
            ]
            if scenario.history is not None
            else []
        ),
    )
    sign(figure, scenario, making)
    return figure


def _colours(log: IncidentLog) -> list[str]:
    """Return a colour for each actor; beyond the palette they share the last, grey."""
    return [COLOURS[min(n, len(COLOURS) - 1)] for n in range(len(log.actors))]


def _steps(axes: Any, log: IncidentLog, scenario: Scenario, at: Any) -> None:
    """Plot the rung of the whole conflict, with and without what was put in."""
    every = path_of(log.incidents(), scenario.rung_window, log.horizon)
    own = rung_path(log, scenario)
    if (history := scenario.history) is not None:
        n_before = sum(day <= history.since for day, _ in own)
        own = [(history.since, own[n_before - 1][1]), *own[n_before:]]
    for path, style in (
        (every, {"color": "#9a9a9a", "lw": 1.1, "ls": (0, (4, 2))}),
        (own, {"color": "#222222", "lw": 1.9}),
    ):
        times = [at(day) for day, _ in path] + [at(log.horizon)]
        rungs = [rung for _, rung in path] + [path[-1][1]]
        axes.step(times, rungs, where="post", zorder=2, **style)
    times = [at(day) for day, _ in own] + [at(log.horizon)]
    rungs = [rung for _, rung in own] + [own[-1][1]]
    axes.fill_between(times, -0.6, rungs, step="post", color="#f1f1f1", lw=0, zorder=0)


def _lane(log: IncidentLog, actor: int) -> float:
    """Return how far above or below its rung an actor's marks stand."""
    n = len(log.actors)
    return 0.0 if n < 2 or actor < 0 else _LANE * (0.5 - actor / (n - 1))


def _marks(
    axes: Any,
    log: IncidentLog,
    seen: Sequence[tuple[Record, bool]],
    colours: Sequence[str],
    at: Any,
) -> None:
    """Plot the incidents: colour is the actor, shape the class of act."""
    for record, is_reported in seen:
        colour = colours[record.actor] if record.actor >= 0 else MUTED
        y = ACTS[record.act].rung + _lane(log, record.actor)
        is_given = record.origin != Origin.SIMULATED
        axes.plot(
            at(record.time),
            y,
            _CLASSES[_CLASS_OF.get(Act(record.act), _WORDS)][1],
            ms=5.6,
            mfc=colour if is_reported else "white",
            mec="black" if is_given else colour,
            mew=1.4 if is_given else 1.0,
            zorder=4,
            clip_on=False,
        )
        if sum(record.effect[3:8]) > 0:
            axes.plot(
                at(record.time),
                y,
                "o",
                ms=11.5,
                mfc="none",
                mec=DEATH_COLOUR,
                mew=1.3,
                zorder=5,
                clip_on=False,
            )


def _deaths(
    axes: Any,
    ladder: Any,
    log: IncidentLog,
    seen: Sequence[tuple[Record, bool]],
    colours: Sequence[str],
    at: Any,
) -> None:
    """Plot the dead of each incident: a stem in the colour of who killed."""
    deadly = [(r, sum(r.effect[3:8])) for r, _ in seen if sum(r.effect[3:8]) > 0]
    most = max((n for _, n in deadly), default=1.0)
    axes.set_ylim(0, 1.45 * most)
    free_from = -inf
    reach = (at(log.horizon) - at(0.0)) / 70  # width of a number
    for record, n in deadly:
        x = at(record.time)
        colour = colours[record.actor] if record.actor >= 0 else MUTED
        axes.vlines(x, 0, n, color=colour, lw=2.4)
        axes.plot(x, n, "o", ms=4.5, color=colour, clip_on=False)
        if len(deadly) > _MANY_DEADLY and n < _FEW_DEAD:
            continue
        is_free = x > free_from
        side = "center" if is_free else "left"
        if x + reach > at(log.horizon):
            side = "right"
        axes.annotate(
            f"{n:.0f}",
            (x, n),
            xytext={"center": (0, 4), "left": (5, -3), "right": (-5, -1)}[side],
            textcoords="offset points",
            ha=side,
            size=8.5,
            weight="bold",
            color=DEATH_COLOUR,
        )
        free_from = x + reach
    axes.yaxis.set_major_locator(MaxNLocator(3, integer=True))
    axes.set_ylabel("deaths\nper incident", size=9, color=DEATH_COLOUR)
    axes.grid(axis="x", visible=False)
    ladder.grid(axis="x", visible=False)
    if not deadly:
        axes.text(0.5, 0.5, "nobody is killed", transform=axes.transAxes, ha="center")


def _legend(
    figure: Figure,
    scenario: Scenario,
    seen: Sequence[tuple[Record, bool]],
    colours: Sequence[str],
    columns: int,
) -> None:
    """Say what colours, shapes and lines mean: in two rows, or in so many columns."""
    acting = sorted({record.actor for record, _ in seen if record.actor >= 0})

    def mark(shape: str, label: str, **more: Any) -> Line2D:
        looks: dict[str, Any] = {"color": MUTED, "ls": "none", "ms": 6.5} | more
        return Line2D([], [], marker=shape, label=label, **looks)

    actors = [
        mark("o", shorten(scenario.actors[actor].label, 24), color=colours[actor])
        for actor in acting[: len(COLOURS)]
    ]
    shapes = [mark(shape, label) for label, shape in _CLASSES]
    signs = [
        mark("o", "not reported", mfc="white"),
        mark("o", "put in from outside", mfc="#d9d9d9", mec="black", mew=1.4),
        mark("o", "deaths", mfc="none", mec=DEATH_COLOUR, ms=10),
        Line2D([], [], color="#222222", lw=1.9, label="rung"),
        Line2D([], [], color="#9a9a9a", lw=1.1, ls=(0, (4, 2)),
               label="rung with what was put in"),
    ]  # fmt: skip
    if columns:
        figure.legend(
            handles=[*actors, *shapes, *signs],
            loc="lower left",
            ncols=columns,
            fontsize=8,
            columnspacing=1.0,
            handletextpad=0.25,
        )
        return
    for row, handles in enumerate((actors, shapes + signs)):
        figure.legend(
            handles=handles,
            loc="lower left",
            bbox_to_anchor=(0.005, (0.48 - 0.21 * row) / figure.get_size_inches()[1]),
            ncols=len(handles),
            fontsize=8,
            columnspacing=1.1,
            handletextpad=0.25,
            borderpad=0,
        )
