"""Tables as programs export them: whatever separates the cells, row by row.

A file of hundreds of thousands of rows is never held whole.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from sim.errors import Fault, ScenarioError

if TYPE_CHECKING:
    from collections.abc import Iterator

SEPARATORS: Final = (",", ";", "\t")
UTF8: Final = "utf-8-sig"
WINDOWS: Final = "cp1252"
"""What is tried where a file is no UTF-8; latin-1 with the quotes of Windows."""
_NO_TEXT: Final = {
    b"PK\x03\x04": "is a spreadsheet or an archive",
    b"\x1f\x8b": "is compressed",
    b"\xff\xfe": "is UTF-16",
    b"\xfe\xff": "is UTF-16",
}
_PIECE: Final = 1 << 20


@dataclass(frozen=True)
class Table:
    """A table with a header, whose rows are read as they are gone through."""

    file: Path
    encoding: str
    separator: str
    header: tuple[str, ...]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows below the header with their lines; blank ones are left out.

        Raises
        ------
        ScenarioError
            Where the file is no CSV.
        """
        rows = _rows(self.file, self.encoding, self.separator)
        next(rows)
        return rows


def read_table(file: str | Path) -> Table:
    """Find out how a table is written, and read its header.

    Raises
    ------
    ScenarioError
        If it cannot be read, is no text, or has no header of two columns or more.
    """
    path = Path(file)
    try:
        if not path.is_file():
            stop(path, "is not a file" if path.exists() else "no such file")
        encoding = _encoding_of(path)
        with path.open(encoding=encoding) as stream:
            first = next((line for line in stream if line.strip()), "")
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        stop(path, f"cannot be read: {getattr(error, 'strerror', None) or error}")
    separator = max(SEPARATORS, key=first.count)
    header: tuple[str, ...] = ()
    for _, cells in _rows(path, encoding, separator):
        header = tuple(cell.strip() for cell in cells)
        break
    if len(header) < 2:
        columns = "columns separated by commas, semicolons or tabs"
        stop(path, f"begins with no header of {columns}", 1)
    return Table(path, encoding, separator, header)


def _encoding_of(path: Path) -> str:
    """Return how the text of a file is written."""
    with path.open("rb") as stream:
        start = stream.read(_PIECE)
    reason = "is no text" if b"\0" in start else ""
    for mark, text in _NO_TEXT.items():
        reason = text if start.startswith(mark) else reason
    if reason:
        stop(path, f"{reason}; save the table as CSV in UTF-8")
    try:
        with path.open(encoding=UTF8) as stream:
            while stream.read(_PIECE):
                pass
    except UnicodeDecodeError:
        return WINDOWS
    return UTF8


def _rows(path: Path, encoding: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    line = 1
    try:
        with path.open(encoding=encoding, newline="") as stream:
            reader = csv.reader(stream, delimiter=separator, strict=True)
            for row in reader:
                if any(row):
                    yield line, row
                line = reader.line_num + 1
    except csv.Error as error:
        stop(path, f"is no CSV from here on: {error}", line)
    except (OSError, UnicodeDecodeError) as error:
        stop(path, f"cannot be read from here on: {error}", line)


def stop(path: Path, message: str, line: int = 0) -> NoReturn:
    """Refuse a file for one reason."""
    raise ScenarioError(str(path), [Fault(line, 0, "", message)])
