"""The time left, from when pieces of the work were done."""

import pytest

from sim.pace import Pace


def left_after(marks: list[tuple[float, int]], left: int, abreast: int) -> float | None:
    """Return the seconds left after some pieces, in order."""
    pace = Pace(0.0, abreast)
    for now, done in marks:
        pace.note(now, done)
    return pace.seconds_for(left)


@pytest.mark.parametrize("abreast", [1, 2, 3, 8])
def test_pieces_side_by_side_are_counted_in_rounds(abreast: int) -> None:
    """Rounds of ten seconds: what is left is so, and before the first is over nothing.

    All the time divided by all that is done would be up to `abreast` times too long.
    """
    marks = [(10.0 * (n // abreast + 1), n + 1) for n in range(6 * abreast)]
    for n in range(1, len(marks) + 1):
        seconds = left_after(marks[:n], 100, abreast)
        if n < abreast:
            assert seconds is None
        else:
            assert seconds == pytest.approx(100 / abreast * 10.0)


def test_the_start_is_soon_forgotten() -> None:
    """A first piece of 30 s, most of it to start, does not count after the second."""
    marks = [(30.0 + n, n + 1) for n in range(20)]
    assert left_after(marks[:1], 10, 1) == 300.0
    for n in range(2, 20):
        assert left_after(marks[:n], 10, 1) == 10.0


def test_another_pace_is_soon_seen() -> None:
    """An engine that takes over and is ten times as fast: after as much again.

    Before that the estimate lies between the two.
    """
    marks = [(10.0 * n, n) for n in range(1, 11)]
    marks += [(100.0 + n, 10 + n) for n in range(1, 21)]
    assert left_after(marks[:10], 100, 1) == 1000.0
    assert 100.0 < (left_after(marks[:13], 100, 1) or 0.0) < 1000.0
    assert left_after(marks[:20], 100, 1) == 100.0


def test_pieces_count_by_what_is_in_them() -> None:
    """A part ten times as large lasts ten times as long; no news counts for nothing."""
    marks = [(1.0, 100), (2.0, 200), (2.5, 200), (12.0, 1200), (22.0, 2200)]
    assert left_after(marks, 1000, 1) == 10.0


def test_nothing_done_says_nothing() -> None:
    """Before anything is done no time is known."""
    assert left_after([], 5, 1) is None
    assert left_after([(3.0, 0)], 5, 1) is None
