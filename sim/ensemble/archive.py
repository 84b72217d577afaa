"""The run directory: parts that are whole or not there.

A part holds some replications, of fixed bounds. It is written under a temporary name
and renamed when it is complete, so a killed run leaves nothing half-written; started
again, it keeps the parts that are whole and ends with the same bytes. The directory
belongs to one run, known by its digest (`sim.digest`).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from sim.ensemble.arrow import values_of
from sim.errors import RunError
from sim.files import plain_failure

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ensemble.frames import Schema, Table

PART_SIZE: Final = 100
"""Replications in one part; part of the format, so bounds never depend on workers."""

RECORDS, OUTCOME_PARTS = "records", "outcomes"


@dataclass(frozen=True, slots=True)
class Part:
    """Some replications of a run: the same number names its file in each folder."""

    number: int
    replications: range

    @property
    def file_name(self) -> str:
        """Name of its file."""
        return f"part-{self.number:05d}.parquet"


def parts_of(numbers: range) -> list[Part]:
    """Cut replication numbers into parts of fixed bounds.

    >>> [part.replications for part in parts_of(range(150, 310))]
    [range(150, 200), range(200, 300), range(300, 310)]
    """
    if not len(numbers):
        return []
    parts = range(numbers.start // PART_SIZE, (numbers.stop - 1) // PART_SIZE + 1)
    return [
        Part(
            number,
            range(
                max(numbers.start, number * PART_SIZE),
                min(numbers.stop, (number + 1) * PART_SIZE),
            ),
        )
        for number in parts
    ]


def encoded(table: Table, digest: str) -> bytes:
    """Return a part as its file will be, marked with the digest of its run.

    Equal tables have equal bytes, whoever encodes them. Dictionaries serve names, of
    which few are different, but not times, which all are. A part of outcomes, some 250
    columns of 100 numbers, is read four times as fast without dictionaries and with
    LZ4, and is smaller for it.
    """
    file = BytesIO()
    marked = table.replace_schema_metadata({"escalade.run": digest})
    if "time_days" in table.schema.names:
        names = [name for name in table.schema.names if name != "time_days"]
        form: dict[str, Any] = {"compression": "zstd", "use_dictionary": names}
    else:
        form = {"compression": "lz4", "use_dictionary": False}
    pq.write_table(
        marked, file, write_page_checksum=True, write_statistics=False, **form
    )
    return file.getvalue()


def read_table(path: Path, columns: list[str] | None = None) -> Table:
    """Read a part, or some of its columns, whatever run it belongs to.

    Raises
    ------
    RunError
        If it is missing or damaged.
    """
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            return file.read(columns, use_threads=columns is None)
    except (OSError, ValueError, pa.ArrowException) as error:
        message = f"cannot read {path}: {error}; run again to make it anew"
        raise RunError(message) from error


def read_part(path: Path, schema: Schema, digest: str) -> Table | None:
    """Read a part; None if it is missing, damaged or belongs to another run."""
    try:
        table = read_table(path)
    except RunError:
        return None
    mark = (table.schema.metadata or {}).get(b"escalade.run")
    if mark != digest.encode() or not table.schema.equals(schema):
        return None
    return table


class RunDirectory:
    """The folder of one run's parts, each written whole."""

    def __init__(self, path: Path, digest: str) -> None:
        self.path = path
        self.digest = digest

    def make_folders(self, with_log: bool = False) -> None:
        """Make the folders of the parts."""
        with plain_failure(self.path):
            for name in (RECORDS, OUTCOME_PARTS) if with_log else (OUTCOME_PARTS,):
                (self.path / name).mkdir(parents=True, exist_ok=True)

    def file(self, folder: str, part: Part) -> Path:
        """Return the file of a part in `records` or `outcomes`."""
        return self.path / folder / part.file_name

    def numbers_there(self) -> range:
        """Return the span of the replications in the parts that can be read."""
        ends: list[int] = []
        for file in sorted((self.path / OUTCOME_PARTS).glob("part-*.parquet")):
            with suppress(RunError, KeyError, ValueError):
                number = values_of(read_table(file, ["replication"])["replication"])
                ends += [int(number.min()), int(number.max())]
        return range(min(ends), max(ends) + 1) if ends else range(0)
