"""Read YAML 1.2 strictly: plain data with positions, or every fault with its line.

The file is bounded before it is read, and nesting is bounded while the parser's events
stream by, so no input can exhaust memory or the stack. Nothing is ever constructed but
dict, list, str, int, float and bool; anchors, tags, merge keys and nulls are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import MOST_FAULTS, Fault, ScenarioError, nearest
from sim.reading.scalar import CONTROL
from sim.reading.tree import Keys, Plain, TreeBuilder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.reading.syntax import Mark

MOST_BYTES = 2_000_000
_BAD = re.compile(rf"[\t{CONTROL}]")
_UNREADABLE = re.compile(rf"(?:^|\r) *\t|[{CONTROL}]", re.MULTILINE)  # or misleading
_LINE_END = re.compile(r"\r\n|\r|\n")
_MOST_NEIGHBOURS = 1000  # names looked at when a file is missing


@dataclass(frozen=True)
class Document:
    """One file's plain data, and where each value stands (line, column; from 1)."""

    path: str
    data: Plain
    _marks: dict[Keys, tuple[Mark, Mark]] = field(repr=False)
    origins: dict[Keys, Keys] = field(default_factory=dict[Keys, Keys], repr=False)
    """Where a value was written, if not at its own keys; what it holds goes with it."""
    base: Document | None = field(default=None, repr=False)
    """The file whose values this one takes over, if it is based on one."""

    def position(self, keys: Keys) -> Mark:
        """Return where a value begins, or its nearest ancestor that exists."""
        return self._nearest(keys)[0]

    def key_position(self, keys: Keys) -> Mark:
        """Return where a value's key begins, or its nearest ancestor's key."""
        return self._nearest(keys)[1]

    def first_keys(self) -> dict[int, Keys]:
        """Return, by line, the outermost value whose key begins there."""
        first: dict[int, Keys] = {}
        for keys, (_, key_mark) in self._marks.items():
            if keys:
                first.setdefault(key_mark[0], keys)
        return first

    def _nearest(self, keys: Keys) -> tuple[Mark, Mark]:
        for n in range(len(keys), -1, -1):
            if keys[:n] in self.origins:
                keys = (*self.origins[keys[:n]], *keys[n:])
                break
        while keys not in self._marks:
            keys = keys[:-1]  # ends at (), the whole document, which always exists
        return self._marks[keys]


def read(path: str | Path) -> Document:
    """Read a file, or raise a ScenarioError that carries all its faults."""
    name, file = str(path), Path(path)
    try:
        if file.is_dir():
            raise _whole(name, "is a directory; name a file")
        if not file.exists():
            raise _whole(name, f"no such file{_neighbour(file)}")
        if not file.is_file():  # a pipe or a device could keep us waiting for ever
            raise _whole(name, "is not a regular file")
        _check_size(name, file.stat().st_size)
        with file.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or error
        raise _whole(name, f"cannot be read: {reason}") from error
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        place = f"byte 0x{content[error.start]:02x} at offset {error.start}"
        fault = Fault(line, 0, "", f"is not UTF-8: {place}")
        raise ScenarioError(name, [fault]) from error
    return parse(text, name)


def parse(text: str, name: str) -> Document:
    """Parse a text, or raise a ScenarioError that carries all its faults."""
    _check_size(name, len(text.encode("utf-8", "surrogatepass")))
    text = text.removeprefix("\ufeff")  # a mark that some editors still write
    faults = list(islice(_bad_characters(text), MOST_FAULTS - 1))
    if faults and _UNREADABLE.search(text):
        raise ScenarioError(name, faults)
    builder = TreeBuilder(name, faults)
    builder.take_text(text.replace("\t", " "))
    if builder.faults:
        raise ScenarioError(name, builder.faults)
    if not builder.marks:
        raise _whole(name, "is empty")
    return Document(name, builder.root, builder.marks)


def _bad_characters(text: str) -> Iterator[Fault]:
    """Yield one fault for each line that holds a tab or a control character."""
    if not _BAD.search(text):
        return
    for number, line in enumerate(_LINE_END.split(text), start=1):
        if bad := _BAD.search(line):
            control = f"character U+{ord(bad[0]):04X} is not allowed"
            message = "a tab; use spaces" if bad[0] == "\t" else control
            yield Fault(number, bad.start() + 1, "", message)


def _whole(name: str, message: str) -> ScenarioError:
    return ScenarioError(name, [Fault(0, 0, "", message)])


def _check_size(name: str, size: int) -> None:
    if size > MOST_BYTES:
        limit = f"the limit is {MOST_BYTES:,} bytes (2 MB)"
        raise _whole(name, f"is {size:,} bytes; {limit}")


def _neighbour(file: Path) -> str:
    if not file.parent.is_dir():
        return f"; the folder {str(file.parent)!r} does not exist"
    names = [other.name for other in islice(file.parent.iterdir(), _MOST_NEIGHBOURS)]
    return nearest(file.name, names)
