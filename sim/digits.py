"""Numbers for people: no figure with more digits than its error allows."""

from __future__ import annotations

from math import floor, inf, isfinite, log10
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MOST_DECIMALS: Final = 6


def places_of(error: float) -> int:
    """Return to how many decimals a number with this error is written.

    The last digit written is the first that the error reaches, or the one after it
    where the error begins with a 1: 17 rounded to 20 would be another error. Negative
    numbers of places are tens and hundreds.

    >>> [places_of(error) for error in (0.04, 0.2, 0.17, 4.0, 40.0)]
    [2, 1, 2, 0, -1]
    """
    power = floor(log10(error))
    begins_with_1 = error < 2.0 * 10.0**power
    return min(_MOST_DECIMALS, -power + begins_with_1)


def plural(n: float, noun: str) -> str:
    """Return a noun as it follows a number.

    >>> [f"{n} {plural(n, 'window')}" for n in (1, 3)]
    ['1 window', '3 windows']
    """
    return noun if n == 1 else f"{noun}s"


def capital(text: str) -> str:
    """Return a text that begins a sentence.

    >>> capital("rocket attacks"), capital("")
    ('Rocket attacks', '')
    """
    return text[:1].upper() + text[1:]


def figure(value: float, error: float, *, signed: bool = False) -> str:
    """Write a number to the digits that its error allows.

    Parameters
    ----------
    value
        The number.
    error
        Half-width of its interval; where it is 0, or not finite, four digits are kept.
    signed
        Whether to write a plus.

    Examples
    --------
    >>> [figure(1236.4816, error) for error in (0.04, 0.4, 4.0, 40.0)]
    ['1236.48', '1236.5', '1236', '1240']
    >>> figure(0.31, 0.2, signed=True), figure(-0.04, 0.2), figure(12.0, 0.0)
    ('+0.3', '0.0', '12')
    """
    if value == inf:
        return "without bound"
    if not isfinite(value):
        return "–"
    if not isfinite(error) or error <= 0.0:
        text = f"{abs(value):.4g}" if abs(value) < 1e4 else f"{abs(value):.0f}"
    else:
        places = places_of(error)
        text = f"{round(abs(value), places):.{max(0, places)}f}"
    is_zero = float(text) == 0.0  # what is written as 0 has no sign
    sign = "" if is_zero else "−" if value < 0.0 else "+" if signed else ""
    return sign + text


def agreeing_places(
    changes: Iterable[tuple[float, float, float, float]],
) -> int | None:
    """Return to how many decimals levels are written, so that differences agree.

    Whoever subtracts what is printed gets the difference as `figure` prints it, or
    that with one digit more.

    Parameters
    ----------
    changes
        A value before, one after, their difference, and the error of that.

    Returns
    -------
    int or None
        As many for all; None where no difference has an error.

    Examples
    --------
    >>> agreeing_places([(1.6538, 1.3338, -0.32, 0.11)])
    2
    >>> agreeing_places([(1.194, 1.086, -0.108, 0.07)])  # 1.19 - 1.09 is not 0.11
    3
    """
    known = [
        (before, after, value, places_of(error))
        for before, after, value, error in changes
        if isfinite(error) and error > 0.0
    ]
    if not known:
        return None
    most = max(places for *_, places in known)
    is_agreed = all(
        round(round(after, most) - round(before, most), places) == round(value, places)
        for before, after, value, places in known
    )
    return most if is_agreed else most + 1


def level_figure(value: float, places: int | None) -> str:
    """Write a level to so many decimals; to four digits where that is None.

    Of what never happened 0 has no decimals.

    >>> level_figure(1.194, 2), level_figure(-1.5, None), level_figure(1236.0, -1)
    ('1.19', '−1.5', '1240')
    >>> level_figure(0.0, 3), level_figure(-0.0004, 3)
    ('0', '0.000')
    """
    if places is None or not isfinite(value) or value == 0.0:
        return figure(value, 0.0)
    text = f"{round(abs(value), places):.{max(0, places)}f}"
    return f"−{text}" if value < 0.0 and float(text) > 0.0 else text


def short(value: float, digits: int = 3) -> str:
    """Write a number whose error is not told: three digits, whole ones in full.

    >>> [short(x) for x in (36.0, 0.444444, 120.51, float("nan"), float("inf"))]
    ['36', '0.444', '121', '–', 'never']
    """
    if value == inf:
        return "never"
    if not isfinite(value):
        return "–"
    is_whole = value == round(value) or abs(value) >= 10.0**digits / 10.0
    return f"{value:.0f}" if is_whole else f"{value:.{digits}g}"


def short_beside(value: float, others: Sequence[float]) -> list[str]:
    """Write a number and others by `short`, with the digits that tell it from them.

    >>> short_beside(0.7996, [0.8, 1.863]), short_beside(0.8, [0.8, 1.863])
    (['0.7996', '0.8', '1.863'], ['0.8', '0.8', '1.86'])
    """
    for digits in range(3, 7):
        first, *rest = (short(each, digits) for each in (value, *others))
        if first not in rest:
            return [first, *rest]
    return [short(each) for each in (value, *others)]


def interval_text(low: float, high: float, *, signed: bool = False) -> str:
    """Write an interval to the digits that its own width allows.

    An end that would be rounded to 0 keeps the digits that show its side of 0.

    >>> interval_text(1.01, 1.43), interval_text(-0.43, 0.21), interval_text(0.04, 0.51)
    ('1.0 to 1.4', '−0.4 to 0.2', '0.04 to 0.5')
    >>> interval_text(0.0, 0.0)
    '0 to 0'
    """
    error = (high - low) / 2.0
    ends = [
        figure(end, _error_that_shows(end, error), signed=signed) for end in (low, high)
    ]
    return " to ".join(ends)


def _error_that_shows(value: float, error: float) -> float:
    """Return an error small enough for the value not to be written as 0."""
    if value == 0.0 or not (isfinite(value) and isfinite(error)) or error <= 0.0:
        return error
    rounds_to_zero = round(abs(value), places_of(error)) == 0.0
    return abs(value) if rounds_to_zero else error


def markdown_table(
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    numbers: Iterable[int] = (),
) -> str:
    r"""Return a table in Markdown, the only one that writes such tables.

    Cells are text; a stroke in them is escaped, since it would end the cell. Columns
    whose places are in `numbers` are set to the right.

    Examples
    --------
    >>> print(markdown_table(("arm", "mean"), [("a|b", "0.3")], numbers=[1]), end="")
    | arm | mean |
    |---|---:|
    | a\|b | 0.3 |
    """
    right = set(numbers)
    rule = "".join("---:|" if place in right else "---|" for place in range(len(heads)))
    lines = [_markdown_row(heads), f"|{rule}", *(_markdown_row(row) for row in rows)]
    return "\n".join(lines) + "\n"


def _markdown_row(cells: Sequence[str]) -> str:
    escaped = (cell.replace("\\|", "|").replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"
