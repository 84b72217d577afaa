"""Tables: written straight where they fit, and by Rich where cells must be broken."""

import pytest

from sim.cli import present

HEADS = ("basis", "parameter", "value")
ROWS = [
    ("assumed", "actors.iraq.resolve", "0.25"),
    ("coded", "", "1,204"),
    ("–", "العربية 中文 lösung", "3"),
]


LONG = "afp-2020-06-22, reuters-2019-12-27, " * 20
WORD = "x" * 400


@pytest.mark.parametrize("whole", [(), (0,)])
@pytest.mark.parametrize("numbers", [(), (2,), (0, 2)])
@pytest.mark.parametrize("cell", ["short", LONG, WORD, f"{LONG} {WORD} end"])
def test_a_table_is_that_of_rich(
    whole: tuple[int, ...],
    numbers: tuple[int, ...],
    cell: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """To the character, wide letters too, whether it fits or one column is broken."""
    rows = [*ROWS, ("assumed", cell, "1")]
    present._print_folded(HEADS, rows, numbers, whole, present.PIPE_WIDTH)
    by_rich = capsys.readouterr().out
    if cell == "short" or (cell == LONG and {1} == {0, 1, 2} - {*numbers, *whole}):
        monkeypatch.delattr(present, "_print_folded")
    present.print_table(HEADS, rows, numbers=numbers, whole=whole)
    assert capsys.readouterr().out == by_rich


def test_a_table_that_does_not_fit_is_broken(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """No line is wider than there is room."""
    present.print_table(HEADS, [("assumed", WORD, "1")])
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= present.PIPE_WIDTH
    assert sum(line.count("x") for line in lines) == 400
