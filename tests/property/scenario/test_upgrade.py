"""A file that says everything twice is the same scenario when it says it once."""

from __future__ import annotations

from copy import deepcopy
from math import ceil
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sim.reading.slot import slots
from sim.reading.strict_yaml import parse, read
from sim.reading.written import written
from sim.rules.registry import KINDS
from sim.scenario.authoring.upgrade import upgraded
from sim.scenario.dump import dump
from sim.scenario.form import whole
from sim.scenario.resolve import resolve
from sim.sources import shipped_sources

FILE = Path(__file__).parents[2] / "data" / "valid" / "two_actors.yaml"
DATA: Any = read(FILE).data
SOURCES = shipped_sources()


def dumped(text: str, path: Path) -> Any:
    """Return what a text resolves to."""
    return dump(resolve(whole(parse(text, str(path))), KINDS, SOURCES))


@st.composite
def changed(draw: st.DrawFn, more: int) -> dict[str, Any]:
    """Return the small scenario with up to `more` copies of an actor and of a site.

    Some numbers of the result are others, so that the copies are only nearly alike.
    """
    data = deepcopy(DATA)
    for section, first in (("actors", "brigade"), ("sites", "base")):
        for number in range(draw(st.integers(0, more))):
            data[section][f"{first}_{number}"] = deepcopy(data[section][first])
    free = [
        slot
        for slot in slots(data, KINDS)
        if not slot.path.startswith(("developments", "actors.host"))
        and not (slot.path.endswith((".reported", ".attributed")) and slot.raw is None)
    ]
    for slot in draw(st.lists(st.sampled_from(free), max_size=8)):
        row = slot.parameter
        low, high = row.usual or (row.low, row.high)
        value = draw(st.floats(low, high / 2.0 if high / 2.0 > low else low))
        here: Any = data
        for key in slot.keys[:-1]:
            here = here.setdefault(key, {})
        here[slot.keys[-1]] = {
            "value": float(ceil(value)) if slot.is_whole else value,
            "unit": {"rate": "1/day", "duration": "days"}.get(row.dimension, "1"),
            "note": draw(st.sampled_from(["", "a note", "two  spaces, and: a colon"])),
        }
    return data


@given(data=changed(3))
@settings(max_examples=25, deadline=None)
def test_what_is_shared_is_the_same_scenario(data: dict[str, Any]) -> None:
    """Whatever actors and sites have in common, every value, range and note stays."""
    change = upgraded(written(data | {"schema": 1}), str(FILE))
    assert change.is_checked
    assert dumped(change.text, FILE) == dumped(written(data), FILE)


@given(data=changed(0))
@settings(max_examples=25, deadline=None)
def test_a_sibling_is_the_same_scenario(data: dict[str, Any]) -> None:
    """Whatever numbers differ, a file and the sibling made of it resolve alike."""
    data |= {"id": "other", "title": "Another"}
    file = FILE.with_name("other.yaml")
    change = upgraded(written(data | {"schema": 1}), str(file), read(FILE))
    assert change.is_checked
    assert dumped(change.text, file) == dumped(written(data), file)
