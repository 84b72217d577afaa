"""Values of a scenario are rewritten in its text, and nothing else is."""

import pytest
import yaml

from sim.errors import ScenarioError
from sim.reading.rewrite import rewritten

TEXT = """# Head.
a:  # of a

  # of b
  b:
    value: 1
    note: >-
      text

      # no comment
  # of c
  c: 2/week

  d: {e: 1, f: 2}
last: 3"""


def test_values_are_rewritten_in_place() -> None:
    """A value's own lines change; comments, order and blank lines of others stay."""
    made = rewritten(TEXT, "x", {("a", "b"): ["b:", "  value: 9"], ("last",): ["l: 4"]})
    begin, end = TEXT.index("  b:"), TEXT.index("  # of c")
    kept = TEXT[:begin] + "  b:\n    value: 9\n" + TEXT[end:]
    assert made == kept.replace("last: 3", "l: 4")
    made = rewritten(TEXT, "x", {("a", "c"): ["c:", "  value: 9"]})
    assert made == TEXT.replace("c: 2/week\n", "c:\n    value: 9\n")
    with_new = rewritten(TEXT, "x", {("a", "new"): ["new: 5"]})
    assert yaml.safe_load(with_new)["a"]["new"] == 5
    assert with_new.replace("  new: 5\n", "") == TEXT


def test_a_value_in_a_list_is_rewritten() -> None:
    """A development's number is found by its place; other entries stay."""
    text = "d:\n  - id: x\n    set:\n      to: 1\n  - id: y\n"
    made = rewritten(text, "x", {("d", 0, "set", "to"): ["to: 2"]})
    assert made == text.replace("to: 1", "to: 2")


def test_what_cannot_be_rewritten_is_refused_with_its_line() -> None:
    """A value inside braces, and one without a section, are told together."""
    blocks: dict[tuple[str | int, ...], list[str]] = {
        ("a", "d", "e"): ["e: 1"],
        ("b", "c"): ["c: 1"],
        ("last", "c"): ["c: 1"],
    }
    with pytest.raises(ScenarioError) as caught:
        rewritten(TEXT, "x", blocks)
    assert [fault.line for fault in caught.value.faults] == [0, 0, 14]
