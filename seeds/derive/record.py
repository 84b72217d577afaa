"""The incident table, read once, and the shape of a statistic derived from it.

Every derivation reads this table and nothing else, so a number that is held
against the model can be repeated from the rows alone.
"""

import csv
import sys
from collections.abc import Callable, Iterable
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

TABLE = Path(__file__).parents[1] / "incidents" / "iraq_2019_2020.csv"
START = date(2019, 10, 28)
"""First day of the period."""
END = date(2020, 7, 6)
"""First day after the period: it is half-open."""
N_DAYS = (END - START).days
DAYS_PER_MONTH = 365.25 / 12
DECIMALS = 6
"""Places to which a statistic is rounded, in the scripts and in targets.yaml."""

Row = dict[str, str]


class Statistic(NamedTuple):
    """One number of the reported record, with what is unsure about it."""

    value: float
    standard_error: float
    low: float
    """Lower end of the interval that ``method`` names."""
    high: float
    """Upper end of the interval that ``method`` names."""
    n: int
    """Observations behind the value."""
    method: str
    """How the standard error and the interval were found."""


Statistics = dict[str, Statistic]

PUT_IN = ("iq-2020-01-03-01", "iq-2020-01-05-01")
"""Rows that statistics count and that a scenario may put in: the killing of 3 January
and the vote on it. What a model puts in it does not count, so it is then held against
the statistics of the other rows. A test holds the list complete for what ships."""


def read_rows(path: Path = TABLE) -> list[Row]:
    """Read the rows that stand: a row that a later one corrects is left out.

    What names a corrected row as its cause names the row in its place.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    newest = {row["corrects"]: row["id"] for row in rows if row["corrects"]}
    standing = [row for row in rows if row["id"] not in newest]
    return [row | {"cause": newest.get(row["cause"], row["cause"])} for row in standing]


def core_attacks(rows: Iterable[Row]) -> list[Row]:
    """Pick the attacks of the press series, in order of day."""
    core = [row for row in rows if row["list"] == "core"]
    return sorted(core, key=filed)


def filed(row: Row) -> tuple[str, int]:
    """Place of a row in time: the day in its id, then its order in that day."""
    return row["id"][3:13], int(row["order_in_day"])


def first_day(row: Row) -> int:
    """Count the days from the start of the period to the row's first day."""
    return (date.fromisoformat(row["date_start"]) - START).days


def middle(row: Row) -> float:
    """Give the middle of the row's days, in days since the start of the period.

    A day counts from its midnight to the next: its middle is noon, and the
    middle of a night is midnight.
    """
    last = (date.fromisoformat(row["date_end"]) - START).days
    return (first_day(row) + last + 1) / 2


def number(row: Row, column: str) -> float | None:
    """Read a number, or None where the record does not know it."""
    return float(row[column]) if row[column] else None


def total(row: Row, kind: str) -> int:
    """Add up the killed or the wounded of a row over the sides."""
    columns = (column for column in row if column.startswith(f"{kind}_"))
    return sum(int(row[column]) for column in columns if row[column])


def known(rows: Iterable[Row], column: str) -> list[float]:
    """Collect a column's numbers where the record knows them."""
    return [float(row[column]) for row in rows if row[column]]


def answers(rows: Iterable[Row], cause: Row, act: str) -> list[Row]:
    """Find the rows of one act that name the given row as their cause."""
    return [row for row in rows if row["cause"] == cause["id"] and row["act"] == act]


def without(rows: Iterable[Row], ids: Iterable[str]) -> list[Row]:
    """Leave some rows out."""
    left_out = set(ids)
    return [row for row in rows if row["id"] not in left_out]


def variants(
    derive: Callable[[list[Row]], Statistics], rows: list[Row]
) -> dict[str, dict[tuple[str, ...], Statistic]]:
    """Derive the statistics once more without each set of `PUT_IN`.

    Returns
    -------
    dict
        By statistic, then by the rows left out. A set is not listed where its largest
        listed subset (or, without one, the whole record) gives the same already.
    """
    whole = derive(rows)
    by_rows: dict[str, dict[tuple[str, ...], Statistic]] = {name: {} for name in whole}
    for size in range(1, len(PUT_IN) + 1):
        for ids in combinations(PUT_IN, size):
            for name, fresh in derive(without(rows, ids)).items():
                smaller = [s for s in by_rows[name] if set(s) < set(ids)]
                most = max(map(len, smaller), default=0)
                known = [by_rows[name][s] for s in smaller if len(s) == most]
                if any(stated != fresh for stated in known or [whole[name]]):
                    by_rows[name][ids] = fresh
    return by_rows


def show(derive: Callable[[list[Row]], Statistics]) -> None:
    """Write the statistics of one derivation, a line each."""
    rows = read_rows()
    others = variants(derive, rows)
    for name, statistics in derive(rows).items():
        sys.stdout.write(f"{name}: {_line(statistics)}  {statistics.method}\n")
        for ids, other in others[name].items():
            sys.stdout.write(f"  without {', '.join(ids)}: {_line(other)}\n")


def _line(statistic: Statistic) -> str:
    return (
        f"{statistic.value:g}  se {statistic.standard_error:g}"
        f"  [{statistic.low:g}, {statistic.high:g}]  n {statistic.n}"
    )
