"""Pictures of rival theories: what each answers, and how soon each would be named."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from sim.digits import capital
from sim.outcomes import outcomes_for
from sim.pictures.palette import (
    BAND_COLOUR,
    COLOURS,
    MODEL_COLOUR,
    MUTED,
    RECORD_COLOUR,
)
from sim.pictures.style import Making, head, new_figure, shorten, sign
from sim.theories.bank import ENOUGH
from sim.theories.structure import plan_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

    from sim.theories.rivals import Rivals

PICTURES: Final = ("answers", "naming")
"""Stems of the files, in the order in which they are to be read."""

_ROW: Final = 0.26
_COLUMNS: Final = 4
_MARKS: Final = ("o", "s", "^", "v", "D", "P", "X", "*")


def rivals_pictures(rivals: Rivals) -> dict[str, Callable[[], Figure]]:
    """Return what plots each picture, by name."""
    plots = (answers_picture, naming_picture)
    return {
        name: partial(plot, rivals) for name, plot in zip(PICTURES, plots, strict=True)
    }


def answers_picture(rivals: Rivals) -> Figure:
    """Plot the policy's effect on each outcome, a line for each theory."""
    policy = plan_of(rivals.experiment).policy
    scenario = policy.experiment.scenario
    table = outcomes_for(scenario)
    names = [*rivals.labels.values(), "stacked"]
    n_rows = -(-len(policy.outcomes) // _COLUMNS)
    panel = _ROW * len(names)
    height = 1.35 + n_rows * (panel + 0.75)
    figure = new_figure(12.0, height)
    head(
        figure,
        f"{capital(policy.arm.label)}, against: {policy.reference.label}",
        "Arm minus reference under each theory. Dot and thick line: mean and its 95 % "
        "interval; pale: 95 % of the draws of what is not known.",
        "Orange: the interval leaves out no difference. Hollow: the theories weighed "
        "by how they forecast.",
    )
    left = 0.165
    width = (0.985 - left) / _COLUMNS
    for place, outcome in enumerate(policy.outcomes):
        row, column = divmod(place, _COLUMNS)
        bottom = height - 1.2 - (row + 1) * (panel + 0.75) + 0.55
        box = (left + column * width, bottom / height, width - 0.02, panel / height)
        axes: Any = figure.add_axes(box)
        _answers(axes, rivals, place)
        axes.set_title(shorten(table[outcome].label, 42), size=8.5, loc="left")
        axes.set_yticks(range(len(names)), names if column == 0 else [""] * len(names))
        axes.tick_params(labelsize=8)
    size = policy.size
    replications = f"{size.draws} draws × {size.replications} replications"
    making = Making(policy.experiment.root_seed, replications, policy.experiment.until)
    sign(figure, scenario, making)
    return figure


def _answers(axes: Any, rivals: Rivals, place: int) -> None:
    for k, answers in enumerate(rivals.answers):
        one = answers[place]
        colour = RECORD_COLOUR if one.sign else MODEL_COLOUR
        ends = [one.draws_low, one.draws_high]
        axes.plot(ends, [k, k], color=BAND_COLOUR, lw=5.0, solid_capstyle="butt")
        axes.plot([one.low, one.high], [k, k], color=colour, lw=1.8)
        axes.plot([one.value], [k], "o", color=colour, ms=5)
    n = len(rivals.answers)
    value, error = rivals.stacked_answer(place)
    ends = [value - 1.96 * error, value + 1.96 * error]
    axes.plot(ends, [n, n], color="black", lw=1.2)
    axes.plot([value], [n], "o", mfc="white", mec="black", ms=6)
    axes.axvline(0.0, color=MUTED, lw=1.0)
    axes.set_ylim(n + 0.6, -0.6)
    axes.grid(visible=False, axis="y")
    axes.locator_params(axis="x", nbins=4)


def naming_picture(rivals: Rivals) -> Figure:
    """Plot how often each theory is named, by how much is known."""
    named, scenario = rivals.named, rivals.experiment.scenario
    figure = new_figure(12.0, 4.6)
    days = rivals.theories[0].fit.until
    n = len(rivals.theories)
    head(
        figure,
        "How much data would name the theory that is true",
        f"Windows of {days:.0f} days like the record; lines: histories put together "
        "from the windows left out of the bank; marks: histories of their own.",
        f"Dotted: chance, one in {n}. Dashed: named in {100 * ENOUGH:.0f} of 100.",
    )
    axes: Any = figure.add_axes((0.07, 0.16, 0.62, 0.64))
    for k, label in enumerate(rivals.labels.values()):
        colour, mark = COLOURS[k % len(COLOURS)], _MARKS[k % len(_MARKS)]
        lines = sorted(named.longer.items())
        axes.plot(
            [w for w, _ in lines], [100 * s[k] for _, s in lines], color=colour, lw=1.6
        )
        marks = sorted(named.by_windows.items())
        axes.plot(
            [w for w, _ in marks],
            [100 * s[k] for _, s in marks],
            mark,
            color=colour,
            ms=7,
            label=label,
        )
    axes.axhline(100 / n, color=MUTED, ls=":", lw=1.2)
    axes.axhline(100 * ENOUGH, color=MUTED, ls="--", lw=1.0)
    axes.set_xscale("log", base=2)
    ticks = sorted(named.longer)
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.minorticks_off()
    axes.set_ylim(0, 102)
    axes.set_xlabel("windows", size=9)
    axes.set_ylabel("histories whose theory comes first, %", size=9)
    axes.legend(loc="upper left", bbox_to_anchor=(1.02, 1.0), fontsize=9)
    making = Making(
        rivals.experiment.root_seed, f"{named.n_histories} histories each", days
    )
    sign(figure, scenario, making)
    return figure
