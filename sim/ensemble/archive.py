"""The run directory: parts that are whole or not there.

A part holds some replications, of fixed bounds. It is written under a temporary name
and renamed when it is complete, so a killed run leaves nothing half-written; started
again, it keeps the parts that are whole and ends with the same bytes. The directory
belongs to one run, known by its digest (`sim.digest`).

The first ten thousand replications are in small parts, so that a short run is shared
out and shows how far it is; later ones are in large parts, since to open and close a
file of some 250 columns costs as much as several replications.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from sim.ensemble.arrow import values_of
from sim.errors import RunError
from sim.files import plain_failure

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from pathlib import Path

    from sim.ensemble.frames import Schema, Table

PART_SIZE: Final = 100
"""Replications in a small part, and in each row group of the records of any part. Part
of the format, as what follows: bounds never depend on workers, or on how many are asked
for."""

STEPS: Final = ((0, 0, PART_SIZE), (10_000, 100, 1000), (100_000, 190, 5000))
"""A replication, the number of the part that begins with it, and how many replications
are in each part from there on: many lie in few files."""

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


def part_with(replication: int) -> int:
    """Return the number of the part that a replication is in.

    >>> [part_with(n) for n in (9_999, 10_000, 11_000, 99_999, 100_000, 105_000)]
    [99, 100, 101, 189, 190, 191]
    """
    start, part, size = next(step for step in reversed(STEPS) if step[0] <= replication)
    return part + (replication - start) // size


def first_of(part: int) -> int:
    """Return the first replication of a part.

    >>> [first_of(part_with(n)) for n in (0, 199, 10_000, 12_345, 123_456)]
    [0, 100, 10000, 12000, 120000]
    """
    start, number, size = next(step for step in reversed(STEPS) if step[1] <= part)
    return start + (part - number) * size


def whole_parts(replications: int) -> int:
    """Return the least count, from 0, that ends with a part and is not below another.

    >>> whole_parts(150), whole_parts(200), whole_parts(10_001)
    (200, 200, 11000)
    """
    return first_of(part_with(replications - 1) + 1)


def parts_of(numbers: range) -> list[Part]:
    """Cut replication numbers into parts of fixed bounds.

    >>> [part.replications for part in parts_of(range(150, 310))]
    [range(150, 200), range(200, 300), range(300, 310)]
    """
    if not numbers:
        return []
    return [
        Part(part, range(max(numbers.start, first), min(numbers.stop, end)))
        for part in range(part_with(numbers[0]), part_with(numbers[-1]) + 1)
        for first, end in ((first_of(part), first_of(part + 1)),)
    ]


def pieces_of(part: Part) -> list[range]:
    """Cut the replications of a part into those of each row group of its records."""
    numbers = part.replications
    ends = [*range(numbers.start, numbers.stop, PART_SIZE), numbers.stop]
    return [range(first, end) for first, end in pairwise(ends)]


def encoded(
    tables: Table | Iterable[Table], digest: str, numbers: range | None = None
) -> bytes:
    """Return a part as its file will be, marked with the digest of its run.

    A part of records is also marked with the `numbers` of its replications, since some
    have no record.

    It is one table, or several of one schema, each a row group, of which one is held
    at a time. Equal tables have equal bytes, whoever encodes them. Dictionaries serve
    names, of which few are different, but not times, which all are. A part of outcomes,
    some 250 columns of 100 numbers, is read four times as fast without dictionaries and
    with LZ4, and is smaller for it.
    """
    each = iter((tables,) if isinstance(tables, pa.Table) else tables)
    table: Table = next(each)
    if "time_days" in table.schema.names:
        names = [name for name in table.schema.names if name != "time_days"]
        form: dict[str, Any] = {"compression": "zstd", "use_dictionary": names}
    else:
        form = {"compression": "lz4", "use_dictionary": False}
    file = BytesIO()
    mark = {"escalade.run": digest}
    if numbers is not None:
        mark["escalade.replications"] = _bounds(numbers)
    with pq.ParquetWriter(
        file,
        table.schema.with_metadata(mark),
        write_page_checksum=True,
        write_statistics=False,
        **form,
    ) as writer:
        for each_table in chain((table,), each):
            writer.write_table(each_table.replace_schema_metadata(mark))
    return file.getvalue()


def read_table(path: Path, columns: list[str] | None = None) -> Table:
    """Read a part, or some of its columns, whatever run it belongs to.

    Raises
    ------
    RunError
        If it is missing or damaged.
    """
    with _opened(path) as file:
        return file.read(columns, use_threads=columns is None)


def read_pieces(path: Path) -> Iterator[Table]:
    """Yield a part a row group at a time, so that few are in memory.

    Raises
    ------
    RunError
        As `read_table`.
    """
    with _opened(path) as file:
        for group in range(file.num_row_groups):
            yield file.read_row_group(group)


@contextmanager
def _opened(path: Path) -> Generator[Any]:
    """Open a part, and say in one way that it cannot be read."""
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            yield file
    except (OSError, ValueError, pa.ArrowException) as error:
        message = f"cannot read {path}: {error}; run again to make it anew"
        raise RunError(message) from error


def _bounds(numbers: range) -> str:
    return f"{numbers.start}-{numbers.stop - 1}"


def read_part(
    path: Path, schema: Schema, digest: str, numbers: range | None = None
) -> Table | None:
    """Read a part; None if it is missing, damaged or belongs to another run.

    A part of records is also None where it is not marked with these `numbers`.
    """
    try:
        table = read_table(path)
    except RunError:
        return None
    marks = table.schema.metadata or {}
    is_ours = marks.get(b"escalade.run") == digest.encode()
    if numbers is not None:
        bounds = _bounds(numbers).encode()
        is_ours &= marks.get(b"escalade.replications") == bounds
    if not is_ours or not table.schema.equals(schema):
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
