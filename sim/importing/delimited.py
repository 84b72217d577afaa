"""Tables as programs export them: however they are encoded, whatever parts cells."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sim.reading.strict_csv import UTF8, CsvTable, cells_of, stop

SEPARATORS: Final = (",", ";", "\t")
WINDOWS: Final = "cp1252"
"""What is tried where a file is no UTF-8; latin-1 with the quotes of Windows."""
_NO_TEXT: Final = {
    b"PK\x03\x04": "is a spreadsheet or an archive",
    b"\x1f\x8b": "is compressed",
    b"\xff\xfe": "is UTF-16",
    b"\xfe\xff": "is UTF-16",
}
_PIECE: Final = 1 << 20


def read_table(file: str | Path) -> CsvTable:
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
    _, header = next(cells_of(path, encoding, separator), (0, list[str]()))
    if len(header) < 2:
        columns = "columns separated by commas, semicolons or tabs"
        stop(path, f"begins with no header of {columns}", 1)
    return CsvTable(path, tuple(header), encoding, separator)


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
