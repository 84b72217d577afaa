"""Tables with a header, row by row: each with its line, or what is wrong with it.

A table of hundreds of thousands of rows is never held whole.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from sim.errors import Fault, ScenarioError
from sim.reading.scalar import shorten
from sim.reading.structure import MOST_NOTED

if TYPE_CHECKING:
    from collections.abc import Iterator

UTF8: Final = "utf-8-sig"
_MOST_BYTES: Final = 20_000_000
_MOST_COLUMNS: Final = 1_000
_SEPARATORS: Final = {",": "comma", ";": "semicolon", "\t": "tab"}


@dataclass(frozen=True)
class CsvTable:
    """A table with a header, whose rows are read as they are gone through."""

    file: Path
    header: tuple[str, ...]
    encoding: str = UTF8
    separator: str = ","
    faults: list[Fault] = field(default_factory=list[Fault])
    """What is wrong so far; a fault goes by its line, and its message by a column."""

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the cells of each row below the header, stripped, with its line.

        Blank rows are passed over, and rows of the wrong length are faults.

        Raises
        ------
        ScenarioError
            Where the file is no CSV, or has very many faults.
        """
        rows, width = cells_of(self.file, self.encoding, self.separator), None
        for line, row in rows:
            if width is None:
                width = len(row)
            elif len(row) == width:
                yield line, row
            else:
                message = (
                    f"has {len(row)} cells, and the header {width}; a text with a "
                    f"{_SEPARATORS[self.separator]} stands between double quotes"
                )
                self.fault(line, "", message)

    def fault(self, line: int, column: str, message: str) -> None:
        """Note what is wrong with a cell, or with a row; end where very much is."""
        self.faults.append(Fault(line, 0, column, message))
        if len(self.faults) > MOST_NOTED:  # to read on is no help
            raise ScenarioError(str(self.file), self.faults, ended_at=line)

    def stop_if_faulty(self) -> None:
        """Raise a ScenarioError that carries all the faults, if there are any."""
        if self.faults:
            raise ScenarioError(str(self.file), self.faults)


def read_csv(file: str | Path, first: str) -> CsvTable:
    """Open a CSV file, and read its header.

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
    path = Path(file)
    if not path.is_file():
        stop(path, "is not a file" if path.exists() else "no such file")
    try:
        if path.stat().st_size > _MOST_BYTES:
            stop(path, f"is larger than {_MOST_BYTES // 1_000_000} MB")
        path.read_bytes().decode(UTF8)
    except OSError as error:
        stop(path, f"cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        stop(path, f"is not UTF-8 text: {error.reason} at byte {error.start}")
    line, header = next(cells_of(path), (0, list[str]()))
    if line != 1:
        fault, at = ("is blank", 1) if header else ("is empty", 0)
        stop(path, f"{fault}; a header with {first} comes first", at)
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        stop(path, "the cells must be separated by commas", 1)
    if len(header) > _MOST_COLUMNS:
        message = f"has {len(header):,} columns; at most {_MOST_COLUMNS:,} are allowed"
        stop(path, message, 1)
    table = CsvTable(path, tuple(header))
    for name, times in Counter(header).items():
        if times > 1 and name:
            table.fault(1, shorten(name), "is the name of two columns")
    table.stop_if_faulty()
    return table


def cells_of(
    file: Path, encoding: str = UTF8, separator: str = ","
) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each row that is not blank, stripped, with its line.

    Raises
    ------
    ScenarioError
        Where the file cannot be read, or is no CSV.
    """
    before = 0
    try:
        with file.open(encoding=encoding, newline="") as stream:
            reader = csv.reader(stream, delimiter=separator, strict=True)
            for row in reader:
                if any(row) and any(cells := [cell.strip() for cell in row]):
                    yield before + 1, cells
                before = reader.line_num
    except csv.Error as error:
        stop(file, f"is no CSV from here on: {error}", before + 1)
    except (OSError, UnicodeDecodeError) as error:
        stop(file, f"cannot be read from here on: {error}", before + 1)


def stop(file: Path, message: str, line: int = 0) -> NoReturn:
    """Refuse a file for one reason."""
    raise ScenarioError(str(file), [Fault(line, 0, "", message)])
