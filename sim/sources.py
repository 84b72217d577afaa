"""Where each number is from: the bibliographic record, and on what a number rests.

The record is ``seeds/sources.yaml``; a scenario cites its ids.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import yaml

from sim.errors import SourceError, nearest
from sim.files import data_folder

if TYPE_CHECKING:
    from pathlib import Path

SOURCE_ID = r"[a-z0-9]+(-[a-z0-9]+)*"  # publisher and date, joined by hyphens
_TEXTS = ("title", "publisher", "date", "kind")  # required
_FIELDS = (*_TEXTS, "date_basis", "basis", "cutoff", "note", "urls")
_MOST_SHOWN = 20  # faults named in one message


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


if TYPE_CHECKING:
    _Fastest = yaml.SafeLoader
else:  # the C parser is some eight times as fast; it may not be built in
    _Fastest = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Fastest):
    """Reads plain data; a key that is given twice is an error, not an overwrite."""

    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Hashable, Any]:
        keys = [key.value for key, _ in node.value]
        if twice := [key for key in keys if keys.count(key) > 1]:
            message = f"{twice[0]!r} is given twice"
            raise yaml.constructor.ConstructorError(None, None, message)
        return super().construct_mapping(node, deep)


@cache
def shipped_sources() -> Sources:
    """Return the source record that ships with escalade."""
    return read_sources(data_folder("seeds") / "sources.yaml")


def read_sources(path: Path) -> Sources:
    """Read a source record, or raise a SourceError that names every fault."""
    try:
        data: Any = yaml.load(path.read_text("utf-8"), _Loader)
    except (OSError, ValueError, yaml.YAMLError) as error:
        message = f"{path}: cannot be read: {' '.join(str(error).split())}"
        raise SourceError(message) from error
    entries = _mapping(_mapping(data).get("sources"))
    is_known = _mapping(data).get("schema") == 1
    faults = [] if is_known else ["the file must begin with `schema: 1`"]
    if not entries:
        faults.append("no sources; they stand under the key `sources`")
    for source_id, entry in entries.items():
        faults += (f"{source_id}: {f}" for f in _entry_faults(source_id, entry))
    if faults:
        shown = "".join(f"\n  {fault}" for fault in faults[:_MOST_SHOWN])
        message = f"{path}: {len(faults)} faults in the source record{shown}"
        raise SourceError(message)
    return Sources({key: _source(key, entry) for key, entry in entries.items()})


def _mapping(data: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", data) if isinstance(data, dict) else {}


def _entry_faults(source_id: object, entry: object) -> Iterator[str]:
    if not re.fullmatch(SOURCE_ID, str(source_id)):
        yield "the id is not of the form publisher-date, in lower case"
    fields = _mapping(entry)
    for name in _TEXTS:
        if not fields.get(name):
            yield f"{name} is missing"
    for name, value in fields.items():
        if name not in _FIELDS:
            yield f"unknown field {name!r}{nearest(str(name), _FIELDS)}"
        elif name != "urls" and not isinstance(value, str):
            yield f"{name} is not text; put it in quotes"
    urls: Any = fields.get("urls", [])
    if not (
        isinstance(urls, list)
        and all(isinstance(u, str) for u in cast("list[Any]", urls))
    ):
        yield "urls is not a list of addresses"


def _source(source_id: str, entry: dict[str, Any]) -> Source:
    texts: dict[str, Any] = {k: v for k, v in entry.items() if k != "urls"}
    return Source(id=source_id, urls=tuple(entry.get("urls", ())), **texts)
