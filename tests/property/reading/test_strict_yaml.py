from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.reading import tree
from sim.reading.strict_yaml import Document, parse, read
from sim.units import (
    Dimension,
    legal_units,
    parse_quantity,
    to_canonical,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LOADERS: list[type] = [yaml.SafeLoader]
if hasattr(yaml, "CSafeLoader"):
    LOADERS.append(yaml.CSafeLoader)

SIGNS = st.text("ab1.0e-+:? ,[]{}&*!|>'\"%@`#\n\t\\~<x", max_size=60)
TEXTS = st.text(max_size=60) | SIGNS
WORDS = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]).filter(
        lambda c: c not in "\ufeff\ufffe\uffff"
    )
    | st.just("\n"),
    max_size=20,
)
SCALARS = (
    WORDS
    | st.booleans()
    | st.integers(1 - 2**63, 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
)
DATA = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner) | st.dictionaries(WORDS, inner),
    max_leaves=15,
)


def outcome(attempt: Callable[[], Document]) -> Document | None:
    """Return the document; None if it is refused as it should be."""
    try:
        return attempt()
    except ScenarioError as error:
        refusal = error
    assert refusal.faults
    assert len(str(refusal).splitlines()) == 1 + len(refusal.faults)
    return None


@given(text=TEXTS)
@example(text='"\\UFFFFFFFF"')
@example(text="%YAML 1." + "9" * 5000 + "\n---\n")
@example(text="!%ff x")
def test_any_text_is_a_document_or_a_scenario_error(text: str):
    """No text makes either parser fail in another way, and good ones agree."""
    found: list[Document | None] = []
    for loader in LOADERS:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(tree, "_LOADER", loader)
            found.append(outcome(lambda: parse(text, "x")))
    read_ones = [document for document in found if document is not None]
    assert all(document == read_ones[0] for document in read_ones)


@given(content=st.binary(max_size=80) | SIGNS.map(str.encode))
def test_any_bytes_are_a_document_or_a_scenario_error(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
):
    """No file makes the reader fail in another way."""
    file: Path = tmp_path_factory.getbasetemp() / "any.yaml"
    file.write_bytes(content)
    outcome(lambda: read(file))


@given(data=DATA, flow=st.sampled_from([True, False, None]), is_ascii=st.booleans())
def test_plain_data_dumped_and_read_back_is_equal(
    data: object, flow: bool | None, is_ascii: bool
):
    """What PyYAML writes of plain data is read back as the same data."""
    text = yaml.safe_dump(
        data, default_flow_style=flow, allow_unicode=not is_ascii, width=10_000
    )
    assert parse(text, "x").data == data


@given(data=DATA)
def test_every_value_has_a_position_inside_the_text(data: object):
    """Positions are lines and columns that exist."""
    text = yaml.safe_dump(data)
    document = parse(text, "x")
    lines = text.split("\n")

    def walk(value: object, keys: tuple[str | int, ...]) -> None:
        for line, column in (document.position(keys), document.key_position(keys)):
            assert 1 <= line <= len(lines)
            assert 1 <= column <= len(lines[line - 1]) + 1
        if isinstance(value, dict):
            for key, inner in value.items():
                walk(inner, (*keys, key))
        elif isinstance(value, list):
            for index, inner in enumerate(value):
                walk(inner, (*keys, index))

    walk(document.data, ())


@given(
    value=st.floats(-1e12, 1e12),
    unit_of=st.sampled_from([(d, u) for d in Dimension for u in legal_units(d)]),
)
def test_units_scale_and_keep_order_and_sign(
    value: float, unit_of: tuple[Dimension, str]
):
    """A conversion is a multiplication by one positive factor, and undoes."""
    dimension, unit = unit_of
    factor = to_canonical(1.0, unit, dimension)
    assert factor > 0
    converted = to_canonical(value, unit, dimension)
    assert math.isclose(converted / factor, value, rel_tol=1e-12, abs_tol=1e-300)


@given(
    value=st.floats(allow_nan=False, allow_infinity=False),
    unit=st.sampled_from(sorted({u for d in Dimension for u in legal_units(d)})),
)
def test_a_quantity_written_is_read_back(value: float, unit: str):
    """A number and any legal unit survive the short form."""
    text = f"{value!r}" if unit == "1" else f"{value!r} {unit}"
    assert parse_quantity(text) == (value, unit)


@given(text=TEXTS | st.text("0123456789.e+-/%days ", max_size=20))
def test_any_text_is_a_quantity_or_a_value_error(text: str):
    """What is read is finite; all else is a ValueError."""
    try:
        value, unit = parse_quantity(text)
    except ValueError:
        return
    assert math.isfinite(value)
    assert unit
