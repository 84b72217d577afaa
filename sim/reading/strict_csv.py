"""Read CSV strictly: rows by column, each with its line, or what is wrong with it."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from sim.errors import MOST_FAULTS, Fault, ScenarioError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.reading.syntax import Mark
    from sim.reading.tree import Keys, Plain

_MOST_BYTES = 20_000_000


@dataclass(frozen=True)
class CsvTable:
    """A CSV file's rows by column, and the line of each; a fault goes by its line."""

    path: str
    header: list[str]
    data: list[Plain]
    """A mapping for each row; for one of the wrong length, what is to be said of it."""
    lines: list[int]

    def position(self, keys: Keys) -> Mark:
        """Return the line of a row; a message names its column."""
        return (self.lines[int(keys[0])], 0)

    key_position = position


def read_csv(file: str | Path, first: str) -> CsvTable:
    """Read the rows of a CSV file, their cells stripped; blank rows are passed over.

    Parameters
    ----------
    file
        UTF-8, with a header; cells are separated by commas.
    first
        Names the columns that are needed, for who hands in an empty file.

    Raises
    ------
    ScenarioError
        If it cannot be read, is empty or too large, is no CSV, or has a column twice.
    """
    path = str(file)
    cells = _cells(path, Path(file))
    first_row = next(cells, None)
    if first_row is None or not first_row[1]:
        _stop(path, f"is empty; a header with {first} comes first")
    header = [name.strip() for name in first_row[1]]
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        _stop(path, "the cells must be separated by commas", 1)
    doubled = [name for name, times in Counter(header).items() if times > 1 and name]
    if doubled:
        faults = [Fault(1, 0, name, "is the name of two columns") for name in doubled]
        raise ScenarioError(path, faults)
    data: list[Plain] = []
    lines: list[int] = []
    n_odd = 0
    for line, row in cells:
        stripped = [cell.strip() for cell in row]
        if not any(stripped):
            continue
        lines.append(line)
        if len(row) == len(header):
            data.append(dict(zip(header, stripped, strict=True)))
            continue
        data.append(
            f"has {len(row)} cells, and the header {len(header)}; a text with a comma "
            "stands between double quotes"
        )
        n_odd += 1
        if n_odd > MOST_FAULTS:  # what is wrong is clear
            odd = zip(lines, data, strict=True)
            faults = [Fault(at, 0, "", one) for at, one in odd if isinstance(one, str)]
            raise ScenarioError(path, faults, ended_at=line)
    return CsvTable(path, header, data, lines)


def _cells(path: str, file: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each row with its line."""
    if not file.is_file():
        _stop(path, "no such file" if not file.exists() else "is not a file")
    try:
        if file.stat().st_size > _MOST_BYTES:
            _stop(path, f"is larger than {_MOST_BYTES // 1_000_000} MB")
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        _stop(path, f"cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        _stop(path, f"is not UTF-8 text: {error.reason} at byte {error.start}")
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    before = 0
    try:
        for row in reader:
            yield before + 1, row
            before = reader.line_num
    except csv.Error as error:
        _stop(path, f"is no CSV: {error}", before + 1)


def _stop(path: str, message: str, line: int = 0) -> NoReturn:
    raise ScenarioError(path, [Fault(line, 0, "", message)])
