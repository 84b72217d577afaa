"""The pictures of scores: what was said beside what came, and whether chances held."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from sim.digits import plural
from sim.forecasts.forecast import MODEL
from sim.forecasts.score_table import forecaster_label, forecasters_of, question_title
from sim.pictures.palette import (
    BAND_COLOUR,
    COLOURS,
    MODEL_COLOUR,
    MUTED,
    RECORD_COLOUR,
)
from sim.pictures.style import new_figure, shorten
from sim.record.question import EVENT, QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.figure import Figure

    from sim.forecasts.scoring import Score

EDGES: Final = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Edges of the classes of probability, and of the bars of the second row."""
_ENDS: Final = (0.05, 0.95)
_OTHERS: Final = (*COLOURS[2:6], COLOURS[6], COLOURS[7])


class Group(NamedTuple):
    """Events whose forecast probabilities are alike."""

    probability: float
    """Mean of their forecasts."""
    came: int
    n: int
    low: int
    """5 % quantile of how many would have come, were the forecasts right."""
    high: int
    """95 % quantile of the same."""


def score_pictures(
    scores: Sequence[Score], note: str = ""
) -> dict[str, Callable[[], Figure]]:
    """Return what plots each picture of scores, below each where it is from.

    Pictures show one step ahead; tables tell of the steps that follow.
    """
    scores = [s for s in scores if s.step == 1] or scores
    return {
        "forecasts": lambda: forecast_plot(scores, note),
        "reliability": lambda: reliability_plot(scores, note),
    }


def groups_of(probabilities: Sequence[float], happened: Sequence[int]) -> list[Group]:
    """Put events into classes by their forecast probabilities.

    Notes
    -----
    Were the forecasts right, how many of a class come would be a sum of independent
    events of these probabilities; its distribution is exact, by convolution. Bars of
    that kind (Broecker and Smith 2007) say how far a point may lie from the diagonal
    by chance.

    Examples
    --------
    >>> groups_of([0.5, 0.5, 0.9], [1, 0, 1])
    [Group(probability=0.5, came=1, n=2, low=0, high=2), \
Group(probability=0.9, came=1, n=1, low=0, high=1)]
    """
    at = np.clip(np.digitize(probabilities, EDGES) - 1, 0, len(EDGES) - 2)
    groups: list[Group] = []
    for number in np.unique(at):
        own = np.asarray(probabilities, np.float64)[at == number]
        law = np.ones(1)
        for probability in own:
            law = np.convolve(law, [1.0 - probability, probability])
        low, high = (int(np.searchsorted(np.cumsum(law), e)) for e in _ENDS)
        came = int(np.asarray(happened)[at == number].sum())
        groups.append(Group(float(own.mean()), came, len(own), low, high))
    return groups


def rank_shares(scores: Sequence[Score]) -> Any:
    """Return the share of counts in each fifth of their own forecasts.

    A count takes up the whole range between the probability of fewer and that of as
    many (the nonrandomised form of Czado, Gneiting and Held 2009); with right
    forecasts each fifth holds a fifth, on average.

    Returns
    -------
    numpy.ndarray
        Shape (5,); adds up to 1.
    """
    edges = np.array(EDGES)
    total = np.zeros(len(edges) - 1)
    for s in scores:
        reached = np.clip((edges - s.below) / (s.up_to - s.below), 0.0, 1.0)
        total += np.diff(reached)
    return total / len(scores)


def forecast_plot(scores: Sequence[Score], note: str = "") -> Figure:
    """Plot each forecast of each window beside what came, a panel a question."""
    names = list(dict.fromkeys(s.question for s in scores))
    windows = sorted({s.window for s in scores})
    forecasters = forecasters_of(scores)
    n_columns = 2 if len(names) > 1 else 1
    n_rows = -(-len(names) // n_columns)
    figure = new_figure(6.2 * n_columns, 3.0 * n_rows + 1.1)
    panels: Any = figure.subplots(n_rows, n_columns, squeeze=False)
    flat = list(panels.ravel())
    for panel in flat[len(names) :]:
        panel.set_axis_off()
    for name, panel in zip(names, flat, strict=False):
        _panel(panel, [s for s in scores if s.question == name], windows, forecasters)
        panel.set_title(question_title(name), loc="left")
    handles: list[Any] = [
        Line2D([], [], color=_colour(f, forecasters), marker="o", lw=2.0)
        for f in forecasters
    ]
    handles.append(Line2D([], [], color=RECORD_COLOUR, lw=2.5, solid_capstyle="butt"))
    labels = [*map(forecaster_label, forecasters), "what came"]
    figure.legend(handles, labels, loc="upper center", ncols=len(labels))
    height = figure.get_size_inches()[1]
    figure.tight_layout(rect=(0.0, 0.3 / height, 1.0, 1.0 - 0.4 / height))
    _sign(figure, "counts: mean and 5 % to 95 %", note)
    return figure


def _panel(
    panel: Any,
    scores: Sequence[Score],
    windows: Sequence[tuple[Any, ...]],
    forecasters: Sequence[str],
) -> None:
    """Plot one question."""
    is_event = QUESTIONS[scores[0].question].kind == EVENT
    step = 0.8 / len(forecasters)
    for s in scores:
        at = windows.index(s.window)
        place = forecasters.index(s.forecaster)
        x = at + (place - (len(forecasters) - 1) / 2.0) * step
        colour = _colour(s.forecaster, forecasters)
        width = 2.6 if s.forecaster == MODEL else 1.6
        if isfinite(s.low):
            panel.plot([x, x], [s.low, s.high], color=colour, lw=width)
        panel.plot(x, s.forecast, "o", color=colour, ms=5.5, zorder=3)
        panel.plot(
            [at - 0.46, at + 0.46],
            [s.observed, s.observed],
            color=RECORD_COLOUR,
            lw=2.5,
            solid_capstyle="butt",
            zorder=2,
        )
    panel.set_xlim(-0.6, len(windows) - 0.4)
    panel.set_xticks(range(len(windows)), [f"from\n{a}" for _, a, _ in windows], size=8)
    panel.grid(visible=False, axis="x")
    if is_event:
        panel.set_ylim(-0.06, 1.06)
        panel.set_yticks(
            [0, 0.25, 0.5, 0.75, 1], ["no, 0", ".25", ".5", ".75", "yes, 1"]
        )
        panel.set_ylabel("probability")
    else:
        panel.set_ylim(bottom=-0.4)
        panel.yaxis.set_major_locator(MaxNLocator(integer=True))
        panel.set_ylabel("in the window")


def reliability_plot(scores: Sequence[Score], note: str = "") -> Figure:
    """Plot how often forecast events came, and counts' ranks, a column a forecaster."""
    forecasters = forecasters_of(scores)
    events = [s for s in scores if QUESTIONS[s.question].kind == EVENT]
    counts = [s for s in scores if QUESTIONS[s.question].kind != EVENT]
    kinds = [part for part in (events, counts) if part]
    figure = new_figure(max(6.0, 2.9 * len(forecasters)), 3.1 * len(kinds) + 1.0)
    panels: Any = figure.subplots(len(kinds), len(forecasters), squeeze=False)
    for forecaster, panel in zip(forecasters, panels[0], strict=True):
        panel.set_title(shorten(forecaster_label(forecaster), 26), loc="left")
    for row, part in zip(panels, kinds, strict=True):
        for panel, forecaster in zip(row, forecasters, strict=True):
            own = [s for s in part if s.forecaster == forecaster]
            colour = MODEL_COLOUR if forecaster == MODEL else MUTED
            if not own:
                panel.set_axis_off()
            elif part is events:
                _reliability(panel, own, colour)
            else:
                _ranks(panel, own, colour)
        for panel in row[1:]:
            panel.set_ylabel("")
    handles: list[Any] = [
        Patch(color=BAND_COLOUR),
        Line2D([], [], color=MODEL_COLOUR, marker="o", lw=0),
    ]
    labels = ["where 9 of 10 would lie, were the forecasts right", "what came"]
    figure.legend(handles, labels, loc="upper center", ncols=2)
    height = figure.get_size_inches()[1]
    figure.tight_layout(rect=(0.0, 0.3 / height, 1.0, 1.0 - 0.4 / height))
    n = len({s.window for s in scores})
    _sign(figure, f"{n} {plural(n, 'window')}", note)
    return figure


def _reliability(panel: Any, scores: Sequence[Score], colour: str) -> None:
    """Plot how often events came against the probability they were given."""
    panel.plot([0, 1], [0, 1], color=MUTED, lw=0.8, ls="--")
    for s in scores:
        end = 1.0 if s.observed else 0.0
        panel.plot([s.forecast] * 2, [end, end + 0.05 - 0.1 * end], color=MUTED, lw=0.8)
    groups = groups_of([s.forecast for s in scores], [s.observed for s in scores])
    for number, group in enumerate(groups):
        x, n = group.probability, group.n
        panel.plot(
            [x, x],
            [group.low / n, group.high / n],
            color=BAND_COLOUR,
            lw=9.0,
            solid_capstyle="butt",
            zorder=1,
        )
        panel.plot(x, group.came / n, "o", color=colour, ms=6, zorder=3)
        panel.annotate(
            f"{group.came} of {n}",
            (x, group.came / n),
            xytext=(0, 9 if number % 2 else -9),  # neighbours may be close
            textcoords="offset points",
            ha="center",
            va="center",
            size=8.5,
        )
    panel.set_xlim(-0.03, 1.03)
    panel.set_ylim(-0.11, 1.06)
    panel.set_xlabel("forecast probability")
    panel.set_ylabel("share of events that came")


def _ranks(panel: Any, scores: Sequence[Score], colour: str) -> None:
    """Plot in which part of their own forecasts the counts fell."""
    from scipy.stats import binom

    law: Any = binom(len(scores), 1.0 / (len(EDGES) - 1))
    low, high = (float(law.ppf(end)) / len(scores) for end in _ENDS)
    panel.axhspan(low, high, color=BAND_COLOUR, alpha=0.7, lw=0, zorder=0)
    width = EDGES[1] - EDGES[0]
    panel.bar(
        EDGES[:-1],
        rank_shares(scores),
        width=width,
        align="edge",
        fill=False,
        edgecolor=colour,
        lw=1.8,
        zorder=2,
    )
    panel.set_xlim(0.0, 1.0)
    panel.set_ylim(0.0, 1.0)
    panel.set_xlabel("place of the count in its forecast")
    panel.set_ylabel(f"share of {len(scores)} counts")


def _colour(name: str, forecasters: Sequence[str]) -> str:
    if name == MODEL:
        return MODEL_COLOUR
    others = [f for f in forecasters if f != MODEL]
    return _OTHERS[others.index(name) % len(_OTHERS)]


def _sign(figure: Figure, *parts: str) -> None:
    """Write below a picture what it shows and where it is from."""
    height = figure.get_size_inches()[1]
    text = " · ".join(part for part in parts if part)
    figure.text(0.01, 0.08 / height, text, size=8.5, color=MUTED)
