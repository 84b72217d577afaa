"""The run directory: parts that are whole or not there, and a manifest.

A part holds some replications, of fixed bounds. It is written under a temporary name
and renamed when it is complete, so a killed run leaves nothing half-written; started
again, it keeps the parts that are whole and ends with the same bytes. The directory
belongs to one run, known by its digest (`sim.digest`).
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from sim.ensemble.arrow import values_of
from sim.errors import RunError, StudyError
from sim.files import TEMPORARY, plain_failure, write_whole
from sim.lock import LOCK, WRITER

if TYPE_CHECKING:
    from sim.ensemble.frames import Schema, Table
    from sim.scenario.scenario import Scenario

MANIFEST: Final = "manifest.json"
MANIFEST_SCHEMA: Final = 2
"""1: of escalade 0.1.0, whose digests name other runs."""
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


def default_folder(scenario: Scenario, digest: str) -> Path:
    """Return where a run goes when no folder is named."""
    return Path("runs") / f"{scenario.name}-{digest[:12]}"


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


def read_table(path: Path) -> Table:
    """Read a part, whatever run it belongs to.

    Raises
    ------
    RunError
        If it is missing or damaged.
    """
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            return file.read()
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
    """The folder of one run. Its parts and its manifest are written whole."""

    def __init__(self, path: Path, digest: str) -> None:
        self.path = path
        self.digest = digest

    def prepare(self) -> dict[str, Any] | None:
        """Make the folder, or accept it as this run's; return its manifest if any.

        Raises
        ------
        StudyError
            If it holds something else, or another run.
        RunError
            If it cannot be made.
        """
        manifest = read_manifest(self.path) if self.path.exists() else None
        if manifest is None and self.path.exists():
            left = [f.name for f in self._listing() if not is_ours(f.name)]
            if left:
                message = (
                    f"{self.path} holds no run but {left[0]!r}; name a new or an "
                    "empty folder"
                )
                raise StudyError(message)
        if manifest is not None and manifest.get("run_digest") != self.digest:
            message = (
                f"{self.path} holds another run ({_described(manifest)}); name "
                "another folder, or none: each run finds its own"
            )
            raise StudyError(message)
        with plain_failure(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
        return manifest

    def make_folders(self, with_records: bool) -> None:
        """Make the folders of the parts; the manifest is there, and claims them."""
        with plain_failure(self.path):
            for name in (RECORDS, OUTCOME_PARTS) if with_records else (OUTCOME_PARTS,):
                (self.path / name).mkdir(exist_ok=True)

    def _listing(self) -> list[Path]:
        """List the folder, in order."""
        if not self.path.is_dir():
            message = f"{self.path} is a file; a run needs a folder"
            raise StudyError(message)
        with plain_failure(self.path):
            return sorted(self.path.iterdir())

    def file(self, folder: str, part: Part) -> Path:
        """Return the file of a part in `records` or `outcomes`."""
        return self.path / folder / part.file_name

    def numbers_there(self) -> range:
        """Return the span of the replications in the parts that can be read."""
        found: list[int] = []
        for file in sorted((self.path / OUTCOME_PARTS).glob("part-*.parquet")):
            with suppress(OSError, ValueError, KeyError, pa.ArrowException):
                with pq.ParquetFile(file) as part:
                    number = values_of(part.read(["replication"])["replication"])
                found += [int(number.min()), int(number.max())]
        return range(min(found), max(found) + 1) if found else range(0)

    def write_manifest(self, manifest: dict[str, Any]) -> None:
        """Write the manifest whole."""
        text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
        write_whole(self.path / MANIFEST, lambda file: file.write(text.encode()))

    def sweep(self) -> None:
        """Remove temporary files that a killed run left behind."""
        with plain_failure(self.path):
            for file in self.path.rglob(f".*{TEMPORARY}"):
                file.unlink(missing_ok=True)

    def checksums(self) -> dict[str, str]:
        """Return the SHA-256 of each part by its path in the folder."""
        return {
            file.relative_to(self.path).as_posix(): sha256(
                file.read_bytes()
            ).hexdigest()
            for file in sorted(self.path.glob("*/part-*.parquet"))
        }


def read_manifest(path: Path) -> dict[str, Any] | None:
    """Return a run directory's manifest, or None when there is none.

    Raises
    ------
    StudyError
        If it is there and cannot be read, or was made by another version.
    """
    try:
        text = (path / MANIFEST).read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        message = f"cannot read {path / MANIFEST}: {error.strerror}"
        raise RunError(message) from error
    try:
        manifest = json.loads(text)
    except ValueError as error:
        message = f"{path / MANIFEST} is no manifest: {error}"
        raise StudyError(message) from error
    if manifest.get("schema") != MANIFEST_SCHEMA:
        by = manifest.get("versions", {}).get("escalade", "another version")
        message = (
            f"{path} was made by escalade {by}, whose digests name other runs; make it "
            f"anew in another folder: {manifest.get('command', 'escalade')}"
        )
        raise StudyError(message)
    return manifest


def is_ours(name: str) -> bool:
    """Whether a file may lie in a run directory that has no manifest yet."""
    return name in (LOCK, WRITER) or name.endswith(TEMPORARY)


def _described(manifest: dict[str, Any]) -> str:
    """Say which run a manifest tells of."""
    scenario = manifest.get("scenario", {})
    return (
        f"scenario {scenario.get('name')}, digest "
        f"{str(scenario.get('digest'))[:12]}, root_seed {manifest.get('root_seed')}, "
        f"{manifest.get('until_days')} days, rules "
        f"{str(manifest.get('rules_digest'))[:12]}"
    )
