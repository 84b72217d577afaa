"""How far a second reader of the pages agrees with the incident table, field by field.

The second reader's codes are ``codings/second_reader.csv``. A field is compared where
both coded it; a total of the dead or wounded is the sum over the sides.
"""

import csv
import sys
from pathlib import Path
from typing import NamedTuple

from record import TABLE, Row
from uncertainty import binomial_share

SECOND = Path(__file__).parents[1] / "codings" / "second_reader.csv"
SIDES = ("foreign", "host", "civilian", "militia")
HARM = tuple(f"{kind}_{side}" for kind in ("killed", "wounded") for side in SIDES)
FIELDS = (
    "date", "place", "weapon", "rounds", "killed", "wounded", "harm by side", "claim",
    "attributed_to",
)  # fmt: skip
HEADS = ("Field", "Both coded", "Agree", "Share (95 %)", "Kappa (95 %)")

Pair = tuple[str, str]
"""The table's code of one thing, then the second reader's."""


class Agreement(NamedTuple):
    """How two readers agree on one field."""

    n: int
    """Things that both coded."""
    n_agree: int
    share: tuple[float, float, float]
    """Observed agreement with its exact 95 % interval."""
    kappa: tuple[float, float, float] | None
    """Cohen's kappa with its interval; None where either reader used one code only."""


def codings() -> list[tuple[Row, Row]]:
    """Read each row that was coded twice: as the table first had it, then the second.

    A row that a correction replaced is compared as it was, so that no difference goes
    because it was mended.
    """
    first = {row["id"]: row for row in _read(TABLE)}
    return [(first[row["incident"]], row) for row in _read(SECOND)]


def pairs(field: str, rows: list[tuple[Row, Row]]) -> list[Pair]:
    """Return what both readers coded in a field."""
    if field == "harm by side":
        pairs = [(a[column], b[column]) for a, b in rows for column in HARM]
    else:
        pairs = [(_code(field, a, b), b[field]) for a, b in rows]
    return [pair for pair in pairs if all(pair)]


def agreement(coded: list[Pair]) -> Agreement:
    """Compute agreement and Cohen's kappa of two readers.

    Notes
    -----
    Kappa is (p - e) / (1 - e), p the observed agreement and e that expected by chance
    from the readers' own frequencies (Cohen 1960). Its interval puts the ends of the
    exact interval of p in place of p and takes e as known, so that it does not shrink
    to a point where every pair agrees.
    """
    n, n_agree = len(coded), sum(a == b for a, b in coded)
    observed = binomial_share(n_agree, n)
    share = (observed.value, observed.low, observed.high)
    first, second = zip(*coded, strict=True)
    codes = sorted({*first, *second})
    chance = sum(first.count(c) * second.count(c) for c in codes) / n**2
    if min(len({*first}), len({*second})) == 1:
        return Agreement(n, n_agree, share, None)
    value, low, high = ((p - chance) / (1 - chance) for p in share)
    return Agreement(n, n_agree, share, (value, low, high))


def report() -> str:
    """Write two tables of agreement: of all rows, and of those not seen before."""
    rows = codings()
    unseen = [pair for pair in rows if pair[1]["blind"] == "yes"]
    return (
        f"All {len(rows)} rows that were coded again:\n\n{_table(rows)}\n\n"
        f"The {len(unseen)} of them whose coded row the second reader had not seen:\n\n"
        f"{_table(unseen)}\n"
    )


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def _code(field: str, row: Row, second: Row) -> str:
    """Return the table's code, in the form of the second reader's."""
    if field == "date":
        is_within = row["date_start"] <= second["date"] <= row["date_end"]
        return second["date"] if is_within else row["date_start"]
    if field == "place":
        return row["site"]
    if field in {"killed", "wounded"}:
        cells = [row[f"{field}_{side}"] for side in (*SIDES, "other")]
        return str(sum(int(cell) for cell in cells if cell)) if any(cells) else ""
    return row[field]


def _table(rows: list[tuple[Row, Row]]) -> str:
    lines = [HEADS, ("---", *(["---:"] * 4))]
    for field in FIELDS:
        if coded := pairs(field, rows):
            agreed = agreement(coded)
            kappa = _interval(agreed.kappa) if agreed.kappa else "–"
            counts = (str(agreed.n), str(agreed.n_agree))
            lines.append((field, *counts, _interval(agreed.share), kappa))
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _interval(numbers: tuple[float, float, float]) -> str:
    value, low, high = (f"{x:.2f}".replace("-", "−") for x in numbers)
    return f"{value} ({low} to {high})"


if __name__ == "__main__":
    sys.stdout.write(report())
