"""Whatever data are written, the text is read as the same data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from sim.reading.strict_yaml import parse
from sim.reading.written import written

if TYPE_CHECKING:
    from sim.reading.tree import Plain

TEXTS = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp", "Cn")
    ),
    max_size=60,
) | st.sampled_from(
    [
        "no",
        "1e3",
        "a: b",
        "- x",
        "~",
        " a  b ",
        "it is # not",
        "x" * 200,
        "14 days",
        "60 %",
        "1.1/week",
        "a b " * 60,
    ]
)
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
SCALARS = (
    st.booleans()
    | st.integers(-(2**62), 2**62)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)
SHORT = st.lists(SCALARS, max_size=4)
NUMBERS = st.fixed_dictionaries(
    {"value": st.floats(-1e6, 1e6)}, optional={"note": TEXTS, "source": SHORT}
)
VALUES = st.recursive(
    SCALARS | SHORT | NUMBERS,
    lambda inner: st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
ENTRIES = st.lists(st.dictionaries(NAMES, VALUES, min_size=1, max_size=3), max_size=3)


@given(data=st.dictionaries(NAMES, VALUES | ENTRIES, min_size=1, max_size=5))
@settings(max_examples=200, deadline=None)
def test_what_is_written_is_read_back(data):
    """Texts, numbers, lists and sections survive, however they are laid out."""
    assert parse(written(data), "x").data == data


@given(note=st.lists(st.sampled_from(["a", "word", "x" * 30, "1:", "#"]), min_size=40))
@settings(max_examples=50, deadline=None)
def test_lines_are_short_where_words_are(note):
    """Nothing but a word that is longer itself goes beyond 88 characters."""
    number: Plain = {"value": 1.5, "basis": "assumed", "note": " ".join(note)}
    text = written({"note": " ".join(note), "a": {"b": {"c": number}}})
    assert max(map(len, text.splitlines())) <= 88
