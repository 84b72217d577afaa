"""Where each number is from: the bibliographic record, and on what a number rests.

The record is ``seeds/sources.yaml``, and a file beside a scenario that names one; a
scenario cites its ids.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, Field

from sim.errors import ScenarioError, SourceError, nearest
from sim.files import data_folder
from sim.reading.strict_yaml import read
from sim.reading.structure import SchemaOne, Section, Text, Words, checked_file

if TYPE_CHECKING:
    from pathlib import Path

SOURCE_ID = r"[a-z0-9]+(-[a-z0-9]+)*"  # publisher and date, joined by hyphens


class Basis(StrEnum):
    """On what a number in a scenario rests."""

    MEASURED = "measured"
    """Somebody counted or measured it; the source says so."""
    CODED = "coded"
    """Our reading of a source that does not state the number."""
    CALIBRATED = "calibrated"
    """Fitted to targets; the manifest says how."""
    ASSUMED = "assumed"
    """Our judgement."""


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of the bibliographic record."""

    id: str
    title: str
    publisher: str
    date: str
    """ISO date, year and month, year, or ``undated``."""
    kind: str
    """``article``, ``press``, ``dataset``, ``book`` and so on."""
    date_basis: str = ""
    basis: str = ""
    """``found`` when the text was seen, ``background`` when not."""
    cutoff: str = ""
    note: str = ""
    urls: tuple[str, ...] = ()


class Sources(Mapping[str, Source]):
    """The sources by id, in the order of the record."""

    def __init__(self, entries: Mapping[str, Source]) -> None:
        self._entries = dict(entries)

    def __getitem__(self, key: str) -> Source:
        return self._entries[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, source_id: str) -> Source:
        """Return a source, or raise a SourceError that names the nearest id."""
        if source_id not in self:
            message = f"{source_id!r} is not a source{nearest(source_id, self)}"
            raise SourceError(message)
        return self[source_id]


def _known_id(source_id: str) -> str:
    if not re.fullmatch(SOURCE_ID, source_id):
        message = "the id is not of the form publisher-date, in lower case"
        raise ValueError(message)
    return source_id


class _Entry(Section):
    """One entry, as the file has it."""

    title: Words
    publisher: Words
    date: Words
    kind: Words
    date_basis: Text = ""
    basis: Text = ""
    cutoff: Text = ""
    note: Text = ""
    urls: list[str] = Field(default_factory=list[str])


class _File(Section):
    """A source record."""

    schema_: SchemaOne = Field(alias="schema")
    sources: Annotated[
        dict[Annotated[str, AfterValidator(_known_id)], _Entry], Field(min_length=1)
    ]


@cache
def shipped_sources() -> Sources:
    """Return the source record that ships with escalade."""
    return read_sources(data_folder("seeds") / "sources.yaml")


def read_sources(path: Path) -> Sources:
    """Read a source record, or raise a SourceError: every fault with its line."""
    try:
        entries = checked_file(read(path), _File).sources
    except ScenarioError as error:
        raise SourceError(str(error)) from error
    known: dict[str, Source] = {}
    for key, entry in entries.items():
        fields: dict[str, Any] = {**entry.model_dump(), "id": key}
        fields["urls"] = tuple(entry.urls)
        known[key] = Source(**fields)
    return Sources(known)
