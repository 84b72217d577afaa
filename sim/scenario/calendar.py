"""Calendar dates, which exist only in files; inside, time is days since the start."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from sim.reading.scalar import shorten

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(rf"{_DAY.pattern}(T[0-9]{{2}}:[0-9]{{2}})?")
_MINUTES = 1440


def day_of(text: str) -> date:
    """Read a day, such as 2019-10-28, or raise a ValueError that says why not."""
    if not _DAY.fullmatch(text):
        message = f"{shorten(text)!r} is not a date; write it like 2019-10-28"
        raise ValueError(message)
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is not in the calendar"
        raise ValueError(message) from None


def moment_of(text: str) -> datetime:
    """Read a day or a day with hour and minute, or raise a ValueError.

    >>> moment_of("2020-01-03T01:00").hour
    1
    """
    if not _MOMENT.fullmatch(text):
        form = "2020-01-03 or 2020-01-03T01:00"
        message = f"{shorten(text)!r} is not a date; write it like {form}"
        raise ValueError(message)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is not in the calendar"
        raise ValueError(message) from None


def days_since(start: date, moment: datetime) -> float:
    """Return the days from the start, 00:00, to a moment; exact to the minute."""
    span = moment - datetime(start.year, start.month, start.day)
    return (span // timedelta(minutes=1)) / _MINUTES


def moment_text(start: date, days: float) -> str:
    """Write a moment as ISO date with minutes; undoes `days_since`.

    >>> moment_text(date(2019, 10, 28), 67.0 + 1.0 / 24.0)
    '2020-01-03T01:00'
    """
    midnight = datetime(start.year, start.month, start.day)
    moment = midnight + timedelta(minutes=round(days * _MINUTES))
    return moment.isoformat(timespec="minutes")
