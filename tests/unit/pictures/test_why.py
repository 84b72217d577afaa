"""In the picture of an explanation marks stand at their dates, and nothing overlaps."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.dates import date2num
from matplotlib.text import Annotation

from sim.ensemble.ensemble import run_ensemble
from sim.explanation.explain import explain
from sim.explanation.prevention import Spare
from sim.ladder import ACTS
from sim.pictures.style import house_style
from sim.pictures.why import arrows_drawn, steps_drawn, why_picture
from sim.scenario.load import load

if TYPE_CHECKING:
    from sim.explanation.explain import Explanation


@pytest.fixture(scope="module")
def long() -> Explanation:
    """Return the explanation with the most steps among those of a few replications."""
    scenario = load("iraq_endogenous_2019_2020")
    run = run_ensemble(scenario, replications=6, root_seed=3, until=90.0)
    whys = [explain(run, number, engine="simpy") for number in range(6)]
    return max(whys, key=lambda why: len(why.steps))


@pytest.fixture(scope="module")
def texts(long: Explanation) -> list[Annotation]:
    """Return the numbers and labels of its picture, laid out."""
    with house_style():
        figure = why_picture(long)
        figure.canvas.draw()
        (axes,) = figure.axes
    return [
        child
        for child in axes.get_children()
        if isinstance(child, Annotation) and child.get_text()
    ]


def test_marks_stand_at_their_dates(long: Explanation, texts: list[Annotation]) -> None:
    """Each number is at the moment of its incident, to the minute."""
    midnight = datetime.combine(long.scene.scenario.start, time())
    places: dict[str, Any] = {text.get_text(): text.xy for text in texts}
    assert len(long.steps) > 5
    for step in long.steps:
        moment = date2num(midnight + timedelta(days=step.record.time))
        assert places[f"{step.number}"][0] == pytest.approx(moment, abs=1e-3)


def test_no_two_texts_overlap_and_none_is_cut(
    long: Explanation, texts: list[Annotation]
) -> None:
    """All labels are whole, and no box of a text meets another's."""
    words = sorted(text.get_text() for text in texts)
    steps = long.steps
    labels = [ACTS[step.record.act].label for step in steps]
    assert words == sorted([*(f"{step.number}" for step in steps), *labels])
    boxes = [text.get_window_extent() for text in texts]
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))


def hollow(why: Explanation) -> list[int]:
    """Return which steps of a picture are hollow: white, in the middle of their rim."""
    with house_style():
        (axes,) = why_picture(why).axes
    marks: Any = [line for line in axes.lines if line.get_marker() == "o"]
    white = {line.get_xydata()[0].tobytes() for line in marks
             if line.get_markerfacecolor() == "white"}  # fmt: skip
    numbers: Any = [c for c in axes.texts if c.get_text().isdecimal()]
    return sorted(
        int(text.get_text())
        for text in numbers
        if np.array(text.xy).tobytes() in white and text.get_color() != "white"
    )


def test_what_does_not_carry_through_is_hollow(long: Explanation) -> None:
    """Those without which the incident happens all the same, and no other.

    The planted fault: an explanation that has another of its steps as such.
    """
    first, second = (step.number for step in long.steps[:2])
    spares = tuple(
        Spare(
            number=number,
            missed=long.number,
            decision=long.steps[0].decision,
            instead=(),
        )
        for number in (first, second)
    )
    assert hollow(replace(long, spares=())) == []
    assert hollow(replace(long, spares=spares)) == [first, second]
    assert hollow(replace(long, spares=spares[:1])) == [first]


def test_an_arrow_is_heavy_where_both_its_ends_are_needed(long: Explanation) -> None:
    """Without either a replay lacks the incident; the fault: none said to be needed."""
    gone = {step.number for step in long.steps if long.number in step.gone_without}
    arrows = arrows_drawn(long, long.steps)
    assert any(arrow.is_needed for arrow in arrows)
    for arrow in arrows:
        is_heavy = {arrow.before, arrow.after} <= gone | {long.number}
        assert arrow.is_needed is is_heavy
    none = replace(long, needed=())
    assert not any(arrow.is_needed for arrow in arrows_drawn(none, long.steps))


def test_of_many_the_chain_and_the_strongest_are_drawn(long: Explanation) -> None:
    """No more than fit are drawn, each joined to another; the picture says how many."""
    step = long.steps[0]
    n, last = long.number, long.steps[-1]
    crowd = tuple(
        replace(step, number=n + k, cause=0, contributors=(), gone_without=(n,))
        for k in range(1, 31)
    )
    steps = (*crowd, *long.steps[:-1], replace(last, contributors=tuple(
        (*last.contributors, *(one.number for one in crowd)))))  # fmt: skip
    dense = replace(long, steps=steps)
    drawn = steps_drawn(dense)
    numbers = {one.number for one in drawn}
    assert len(drawn) == 12
    assert set(long.chain) <= numbers
    arrows = arrows_drawn(dense, drawn)
    assert {arrow.before for arrow in arrows} == numbers - {n}
    chain = set(pairwise(dense.chain))
    loose = [
        a.before for a in arrows if not (a.is_cause or (a.before, a.after) in chain)
    ]
    assert len(loose) == len(set(loose))
    with house_style():
        figure = why_picture(dense)
    left_out = f"{len(steps) - 12} more stand in the text alone"
    assert any(left_out in text.get_text() for text in figure.texts)
