"""What holds for every legal value: it survives resolving, dumping and reading."""

import dataclasses
import math
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.reading.slot import slots
from sim.reading.strict_yaml import parse, read
from sim.rules.registry import KINDS
from sim.scenario.dump import dump_yaml
from sim.scenario.edit import replace, value_at
from sim.scenario.resolve import resolve
from sim.sources import shipped_sources
from sim.units import canonical_unit, legal_units, to_canonical

FILE = Path(__file__).parents[2] / "data" / "valid" / "two_actors.yaml"
DOCUMENT = read(FILE)
SOURCES = shipped_sources()
SET = ("actors.host.detection_share", "actors.host.ability")  # developments change them
SLOTS = [
    slot
    for slot in slots(DOCUMENT.data, KINDS)
    if slot.raw is not None and slot.path not in SET
]


def resolved(document):
    """Resolve a document, and forget which file it was."""
    return dataclasses.replace(resolve(document, KINDS, SOURCES), path="")


@st.composite
def changes(draw):
    """Draw the path of a number and a legal number in full to put there."""
    slot = draw(st.sampled_from(SLOTS))
    row = slot.parameter
    low, high = row.low, row.high
    if slot.path.endswith("base_rate"):
        high /= 2.0  # a development multiplies it by 1.5
    if slot.path.startswith("developments"):
        low, high = max(low, 0.0), 0.1  # no parameter may leave its limits
    least, value, most = sorted(draw(st.tuples(*[st.floats(low, high)] * 3)))
    if slot.is_whole:
        value = math.ceil(least)
        most = max(most, float(value))
    number = {"value": value, "unit": canonical_unit(row.dimension), "basis": "assumed"}
    return slot.path, number | {"range": [least, most]}


@given(change=changes(), note=st.text(max_size=30))
@settings(max_examples=60, deadline=None)
def test_resolve_after_dump_is_the_same(change, note):
    """Whatever the number, a resolved file resolves to itself, exactly."""
    path, number = change
    note = "".join(c for c in note if c.isprintable())
    first = resolved(replace(DOCUMENT, {path: number | {"note": note}}))
    text = dump_yaml(first)
    second = resolved(parse(text, "<dump>"))
    assert second == first
    assert dump_yaml(second) == text
    assert value_at(second, path) == number["value"] + 0.0


@given(value=st.floats(0.0, 2.0), data=st.data())
@settings(max_examples=60, deadline=None)
def test_units_do_not_matter(value, data):
    """A limit written in any unit of its dimension gives the converted value."""
    row = next(slot.parameter for slot in SLOTS if slot.path == "limits.rung_window")
    unit = data.draw(st.sampled_from(legal_units(row.dimension)))
    converted = to_canonical(value, unit, row.dimension)
    if not row.low <= converted <= row.high:
        return
    edited = replace(DOCUMENT, {"limits.rung_window": f"{value!r} {unit}"})
    assert resolved(edited).rung_window == converted


class Parsed(NamedTuple):
    """Data as if they had been read from a file, without positions."""

    path: str
    data: Any

    def position(self, keys):
        """Return no position."""
        return 0, 0

    key_position = position


ANYTHING = st.recursive(
    st.booleans() | st.integers(-(10**6), 10**6) | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["value", "id", "kind", "x"]), inner)
    ),
    max_leaves=5,
)


@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_damaged_file_resolves_or_is_refused(data):
    """With any part replaced by anything, a file resolves or raises a ScenarioError."""
    damaged: Any = deepcopy(DOCUMENT.data)
    here: Any = {"": damaged}
    key: Any = ""
    for _ in range(data.draw(st.integers(1, 5))):
        if not isinstance(here[key], dict | list) or not here[key]:
            break
        here = here[key]
        names = list(here) if isinstance(here, dict) else range(len(here))
        key = data.draw(st.sampled_from(names))
    here[key] = data.draw(ANYTHING)
    with suppress(ScenarioError):
        assert resolve(Parsed("<damaged>", damaged), KINDS, SOURCES).digest
