"""The figures of a page, as the plain data that Plotly takes.

Two distributions are told apart by colour and by outline, acts by shape, actors by
colour; no colour alone says anything.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.digits import figure, interval_text
from sim.explorer.borders import lines_within
from sim.ladder import ACTS, RUNGS, Act
from sim.pictures.palette import COLOURS, DEATH_COLOUR, GRID, MUTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from sim.explorer.history import History, Seen
    from sim.explorer.session import Answer
    from sim.scenario.scenario import Scenario

    Floats = NDArray[np.float64]
    Figure = dict[str, Any]

OWN, CHANGED = "#595959", COLOURS[0]
MOST_BARS: Final = 36

_FONT: Final = {"family": "system-ui, sans-serif", "size": 13, "color": "#1a1a1a"}

SYMBOLS: Final = ("triangle-up", "square", "diamond", "circle")
CLASSES: Final = (
    "attacks and strikes",
    "raids, arrests, releases",
    "force shown, measures",
    "words",
)
_VIOLENCE: Final = (
    Act.ROCKET_ATTACK, Act.CONVOY_BOMB, Act.AIR_STRIKE, Act.LEADER_KILLING,
    Act.MILITIA_LEADER_KILLING, Act.DIRECT_STRIKE, Act.EMBASSY_STORMING,
)  # fmt: skip
_ENFORCEMENT: Final = (
    Act.RAID, Act.ARREST, Act.SEIZURE, Act.RELEASE, Act.THWARTED_ATTACK,
)  # fmt: skip


def class_of(act: int) -> int:
    """Return the place in `CLASSES` of an act."""
    if act in _VIOLENCE:
        return 0
    if act in _ENFORCEMENT:
        return 1
    return 2 if ACTS[act].rung >= ACTS[Act.SHOW_OF_FORCE].rung else 3


def _layout(**more: Any) -> dict[str, Any]:
    """Return what all figures share."""
    return {
        "font": _FONT,
        "paper_bgcolor": "white",
        "plot_bgcolor": "white",
        "margin": {"l": 50, "r": 12, "t": 10, "b": 44},
        "hoverlabel": {"bgcolor": "white", "font": _FONT},
        "legend": {"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0.0},
        "dragmode": False,
        **more,
    }


def _bins(values: Floats, kind: str) -> Floats:
    """Return edges of bars: about whole numbers for what is counted."""
    if not len(values):
        return np.array([0.0, 1.0])
    low, high = float(values.min()), float(values.max())
    if kind in ("count", "rung", "share"):
        step = max(1.0, np.ceil((high - low + 1.0) / MOST_BARS))
        return np.arange(low - 0.5, high + step, step)
    if high <= low:
        high = low + 1.0
    return np.linspace(low, high, MOST_BARS + 1)


def distribution_figure(answer: Answer) -> Figure:
    """Show the outcome's distribution as it stands and as changed."""
    arms = [("as it stands", answer.reference, OWN, "rgba(89,89,89,0.30)")]
    if answer.view.is_changed:
        arms.append(("as changed", answer.arm, CHANGED, "rgba(0,114,178,0.35)"))
    defined = [values[np.isfinite(values)] for _, values, _, _ in arms]
    edges = _bins(np.concatenate(defined), answer.outcome.kind)
    middles = (edges[1:] + edges[:-1]) / 2.0
    data: list[dict[str, Any]] = []
    for (name, _, line, fill), values in zip(arms, defined, strict=True):
        counts, _ = np.histogram(values, edges)
        data.append(
            {
                "type": "bar",
                "x": middles.tolist(),
                "y": (100.0 * counts / max(1, len(values))).tolist(),
                "width": float(edges[1] - edges[0]),
                "name": name,
                "marker": {"color": fill, "line": {"color": line, "width": 1.6}},
                "hovertemplate": "%{x:.4g}: %{y:.1f} % of worlds<extra>"
                f"{name}</extra>",
            }
        )
    title = answer.outcome.label + (
        f" ({answer.outcome.unit})" if answer.outcome.unit not in ("", "1") else ""
    )
    shapes = [
        {
            "type": "line", "xref": "x", "yref": "paper", "y0": 0, "y1": 1,
            "x0": float(values.mean()), "x1": float(values.mean()),
            "line": {"color": line, "width": 2, "dash": dash},
        }
        for (_, _, line, _), values, dash in zip(
            arms, defined, ("dot", "solid"), strict=False
        )
        if len(values)
    ]  # fmt: skip
    layout = _layout(
        barmode="overlay",
        height=300,
        shapes=shapes,
        xaxis={"title": {"text": title}, "gridcolor": GRID, "fixedrange": True},
        yaxis={
            "title": {"text": "% of worlds"},
            "gridcolor": GRID,
            "rangemode": "tozero",
            "fixedrange": True,
        },
    )
    return {"data": data, "layout": layout}


def difference_figure(answer: Answer) -> Figure:
    """Show the paired difference with its interval, beside no difference at all."""
    estimate = answer.difference
    is_known = np.isfinite([estimate.low, estimate.high]).all()
    reach = 1.0
    if is_known:
        reach = 1.15 * max(abs(estimate.low), abs(estimate.high), 1e-9)
    half = estimate.half_width if is_known else 0.0
    text = figure(estimate.value, half, signed=True)
    if is_known:
        text += f"<br>{interval_text(estimate.low, estimate.high, signed=True)}"
    data: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [estimate.value],
            "y": [0],
            "marker": {"size": 13, "color": CHANGED, "symbol": "diamond"},
            "error_x": {
                "type": "data",
                "symmetric": False,
                "array": [estimate.high - estimate.value if is_known else 0.0],
                "arrayminus": [estimate.value - estimate.low if is_known else 0.0],
                "thickness": 3,
                "width": 9,
                "color": CHANGED,
            },
            "hovertemplate": f"{text}<extra></extra>",
            "showlegend": False,
        }
    ]
    says = "difference, with its 95 % interval"
    if not answer.view.is_changed:
        data, says = [], "nothing is changed, so nothing differs"
    zero = {
        "type": "line", "xref": "x", "yref": "paper", "x0": 0, "x1": 0, "y0": 0,
        "y1": 1, "line": {"color": OWN, "width": 1.5, "dash": "dot"},
    }  # fmt: skip
    layout = _layout(
        height=120,
        margin={"l": 12, "r": 12, "t": 6, "b": 44},
        shapes=[zero],
        xaxis={
            "title": {"text": says},
            "range": [-reach, reach],
            "showticklabels": answer.view.is_changed,
            "gridcolor": GRID,
            "zeroline": False,
            "fixedrange": True,
        },
        yaxis={"visible": False, "range": [-1, 1], "fixedrange": True},
    )
    return {"data": data, "layout": layout}


def _dates(scenario: Scenario, days: Sequence[float]) -> list[str]:
    midnight = datetime.combine(scenario.start, time())
    return [
        (midnight + timedelta(days=day)).isoformat(timespec="seconds") for day in days
    ]


def shown_of(history: History, day: float, *, is_reported: bool) -> list[Seen]:
    """Return the incidents up to a day: as they were, or as they were reported."""
    return [
        one
        for one in history.seen
        if one.day <= day
        and not one.is_private
        and (one.is_reported or not is_reported)
    ]


def ladder_figure(
    history: History, day: float, *, is_reported: bool, chosen: int = 0
) -> Figure:
    """Show a history on the ladder up to a day; `customdata` numbers its marks."""
    scenario = history.scenario
    seen = shown_of(history, day, is_reported=is_reported)
    actors: dict[int, list[Seen]] = {}
    for one in seen:
        actors.setdefault(one.reported_actor if is_reported else one.actor, []).append(
            one
        )
    path = [(at, rung) for at, rung in history.path if at <= day]
    data: list[dict[str, Any]] = []
    if not is_reported and path:
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": _dates(scenario, [at for at, _ in path] + [day]),
                "y": [rung for _, rung in path] + [path[-1][1]],
                "line": {"shape": "hv", "color": "#9a9a9a", "width": 1.5},
                "name": "highest rung held",
                "hoverinfo": "skip",
            }
        )
    n = max(1, len(scenario.actors) - 1)
    for actor in sorted(actors, key=lambda place: (place < 0, place)):
        of_actor = actors[actor]
        lane = 0.0 if actor < 0 else 0.5 * (0.5 - actor / n)
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": _name(scenario, actor),
                "x": _dates(scenario, [one.day for one in of_actor]),
                "y": [ACTS[one.act].rung + lane for one in of_actor],
                "customdata": [one.number for one in of_actor],
                "text": [_wrapped(f"{one.date}: {one.text}") for one in of_actor],
                "hovertemplate": "%{text}<extra></extra>",
                "marker": {
                    "symbol": [SYMBOLS[class_of(one.act)] for one in of_actor],
                    "size": [15 if one.number == chosen else 10 for one in of_actor],
                    "color": _colour(actor),
                    "line": {
                        "color": [
                            DEATH_COLOUR if one.dead > 0 else "white"
                            for one in of_actor
                        ],
                        "width": [2.5 if one.dead > 0 else 0.8 for one in of_actor],
                    },
                },
            }
        )
    last = history.log.horizon
    layout = _layout(
        height=430,
        margin={"l": 20, "r": 12, "t": 10, "b": 40},
        hovermode="closest",
        clickmode="event",
        xaxis={
            "range": _dates(scenario, [0.0, last]),
            "type": "date",
            "gridcolor": GRID,
            "fixedrange": True,
        },
        yaxis={
            "tickvals": list(RUNGS),
            "ticktext": [f"{name}  {rung}" for rung, name in RUNGS.items()],
            "tickfont": {"size": 11},
            "automargin": True,
            "range": [-0.6, max(RUNGS) + 0.6],
            "gridcolor": GRID,
            "fixedrange": True,
        },
        shapes=[
            {
                "type": "rect", "xref": "x", "yref": "paper", "y0": 0, "y1": 1,
                "x0": _dates(scenario, [0.0])[0], "layer": "below",
                "x1": _dates(scenario, [scenario.since])[0],
                "fillcolor": "#efefec", "line": {"width": 0},
            },
            {
                "type": "line", "xref": "x", "yref": "paper", "y0": 0, "y1": 1,
                "x0": _dates(scenario, [day])[0], "x1": _dates(scenario, [day])[0],
                "line": {"color": MUTED, "width": 1},
            }
        ],
    )  # fmt: skip
    return {"data": data, "layout": layout}


def map_figure(
    history: History, day: float, *, is_reported: bool, chosen: int = 0
) -> Figure:
    """Show what happened at the sites up to a day; the last 14 days stand out."""
    scenario = history.scenario
    sites = scenario.sites
    west, south, east, north = _box(scenario)
    data: list[dict[str, Any]] = []
    for kind, points in lines_within(west, south, east, north).items():
        coast = kind == "coastlines"
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": points[:, 0].round(3).tolist(),
                "y": points[:, 1].round(3).tolist(),
                "line": {
                    "color": "#56b4e9" if coast else "#8c8c8c",
                    "width": 1.3,
                    "dash": "solid" if coast else "dash",
                },
                "name": kind,
                "hoverinfo": "skip",
            }
        )
    at_sites: dict[int, list[Seen]] = {}
    for one in shown_of(history, day, is_reported=is_reported):
        if one.site >= 0:
            at_sites.setdefault(one.site, []).append(one)
    counts = [len(at_sites.get(place, [])) for place in range(len(sites))]
    sizes = [9 + 4.0 * float(np.sqrt(count)) for count in counts]
    order = sorted(range(len(sites)), key=lambda place: -counts[place])
    names, listed = label_places(scenario, [size / 2.0 for size in sizes], order)
    for place, site in enumerate(sites):
        mine = at_sites.get(place, [])
        data.append(
            {
                "type": "scatter",
                "mode": "markers+text",
                "x": [site.longitude],
                "y": [site.latitude],
                "text": [_escaped(names[place].text)],
                "textposition": names[place].where,
                "textfont": {"size": 11},
                "customdata": [mine[-1].number if mine else 0],
                "marker": {
                    "size": sizes[place],
                    "color": "rgba(0,114,178,0.30)",
                    "symbol": "circle",
                    "line": {
                        "color": DEATH_COLOUR
                        if any(one.dead > 0 for one in mine)
                        else COLOURS[0],
                        "width": 2,
                    },
                },
                "hovertemplate": f"{_escaped(site.label)}: {len(mine)} incidents"
                + (
                    f"; last: {_wrapped(mine[-1].date + ': ' + mine[-1].text)}"
                    if mine
                    else ""
                )
                + "<extra></extra>",
                "showlegend": False,
            }
        )
        recent = [one for one in mine if one.day > day - 14.0 or one.number == chosen]
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [site.longitude + _fan(k)[0] for k in range(len(recent))],
                "y": [site.latitude + _fan(k)[1] for k in range(len(recent))],
                "customdata": [one.number for one in recent],
                "text": [_wrapped(f"{one.date}: {one.text}") for one in recent],
                "hovertemplate": "%{text}<extra></extra>",
                "marker": {
                    "symbol": [SYMBOLS[class_of(one.act)] for one in recent],
                    "size": [15 if one.number == chosen else 10 for one in recent],
                    "color": [
                        _colour(one.reported_actor if is_reported else one.actor)
                        for one in recent
                    ],
                    "line": {"color": "white", "width": 0.8},
                },
                "showlegend": False,
            }
        )
    ratio = 1.0 / float(np.cos(np.radians((south + north) / 2.0)))
    axis = {"showgrid": False, "zeroline": False, "visible": False, "fixedrange": True}
    lines = [line for place in listed
             for line in _lines(f"{names[place].text}  {sites[place].label}")
             ]  # fmt: skip
    below = {
        "text": "<br>".join(map(_escaped, lines)),
        "x": 0, "y": 0, "xref": "paper", "yref": "paper", "xanchor": "left",
        "yanchor": "top", "align": "left", "showarrow": False, "font": {"size": 11},
    }  # fmt: skip
    layout = _layout(
        height=MAP_HEIGHT + _LINE * len(lines),
        margin={"l": 6, "r": 6, "t": 6, "b": 6 + _LINE * len(lines)},
        annotations=[below] if lines else [],
        hovermode="closest",
        clickmode="event",
        xaxis={**axis, "range": [west, east]},
        yaxis={
            **axis,
            "range": [south, north],
            "scaleanchor": "x",
            "scaleratio": ratio,
        },
    )
    return {"data": data, "layout": layout}


class Named(NamedTuple):
    """What stands at a site on the map."""

    text: str
    """Its name, or the number of a name that stands below the map."""
    where: str


def label_places(
    scenario: Scenario, radii: Sequence[float], names: Iterable[int]
) -> tuple[dict[int, Named], list[int]]:
    """Return what stands at each site, covering no other, and who is listed below.

    A name stands at its site where there is room on a telephone, as there then is on a
    desk; else a number does, and the name stands in a list. `radii` are of the sites'
    marks, pixels; `names` are sites, the first to be named first.
    """
    west, south, east, north = _box(scenario)
    slant = float(np.cos(np.radians((south + north) / 2.0)))
    room = _NARROW - 12.0
    wide = min(room / (east - west), slant * room / (north - south))  # pixels a degree
    tall, centre = wide / slant, wide * (west + east) / 2.0
    points = [(wide * s.longitude, tall * s.latitude) for s in scenario.sites]
    taken = [
        (x - r, y - r, x + r, y + r) for (x, y), r in zip(points, radii, strict=True)
    ]
    named: dict[int, Named] = {}

    def place(site: int, text: str) -> bool:
        """Put a text where there is room; return whether there is."""
        (x, y), r = points[site], radii[site]
        width = 6.2 * len(text)
        for where in _SIDES:
            level, side = where.split()
            middle = y + {"top": 1, "middle": 0, "bottom": -1}[level] * (r + 9.0)
            gap = r + 3.0 if level == "middle" else 0.0
            left = {"right": x + gap, "left": x - gap - width}.get(side, x - width / 2)
            box = left, middle - 7.0, left + width, middle + 7.0
            is_inside = max(centre - box[0], box[2] - centre) < room / 2.0
            mine = taken[site]
            if is_inside and not any(_meet(box, t) for t in taken if t is not mine):
                named[site] = Named(text, where)
                taken.append(box)
                return True
        return False

    listed = sorted(x for x in names if not place(x, scenario.sites[x].label))
    for number, site in enumerate(listed, 1):
        if not place(site, str(number)):
            named[site] = Named(str(number), "middle center")
    return named, listed


def _lines(text: str) -> list[str]:
    from textwrap import wrap

    return wrap(text, 52, subsequent_indent="\N{NO-BREAK SPACE}" * 4)


MAP_HEIGHT: Final = 430
"""Pixels, without the names below it."""
_LINE: Final = 15
"""Height of one of them."""
_NARROW: Final = 350.0
"""How wide the map is on a telephone, pixels."""
_SIDES: Final = (
    "middle right", "middle left", "top center", "bottom center", "top right",
    "top left", "bottom right", "bottom left",
)  # fmt: skip

_Box = tuple[float, float, float, float]


def _meet(one: _Box, other: _Box) -> bool:
    return (
        one[0] < other[2]
        and other[0] < one[2]
        and one[1] < other[3]
        and other[1] < one[3]
    )


def _fan(k: int) -> tuple[float, float]:
    """Return where the k-th mark about a site stands, degrees from it."""
    angle, radius = 2.4 * k, 0.16 + 0.03 * k
    return radius * float(np.cos(angle)), radius * float(np.sin(angle))


def _box(scenario: Scenario) -> tuple[float, float, float, float]:
    """Return west, south, east and north of a map that holds all sites, with room."""
    x = [site.longitude for site in scenario.sites] or [44.0]
    y = [site.latitude for site in scenario.sites] or [33.0]
    room = max(0.6, 0.35 * max(max(x) - min(x), max(y) - min(y)))
    return min(x) - room, min(y) - room, max(x) + room, max(y) + room


def _colour(actor: int) -> str:
    """Return an actor's colour; nobody's is the last, grey."""
    last = len(COLOURS) - 1
    return COLOURS[last if actor < 0 else min(actor, last)]


def _name(scenario: Scenario, actor: int) -> str:
    if actor < 0:
        return "author unknown"
    return _escaped(scenario.actors[actor].label)


def _escaped(text: str) -> str:
    """Return a text in which Plotly finds no tag."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _wrapped(text: str, width: int = 60) -> str:
    """Return a text in lines, as a figure shows it; names in it are inert."""
    from textwrap import wrap

    return "<br>".join(map(_escaped, wrap(text, width)))
