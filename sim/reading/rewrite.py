"""Rewrite values of a scenario file in its text, and leave every other line as it is.

The strict loader knows where each value stands, so a value is exchanged with its lines:
notes, comments, order and blank lines of all others survive, which reading and writing
the data would not let them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import Fault, ScenarioError
from sim.reading.faults import where
from sim.reading.slot import as_list, as_mapping
from sim.reading.strict_yaml import Document, parse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.reading.tree import Keys, Plain


def rewritten(text: str, name: str, blocks: Mapping[Keys, Sequence[str]]) -> str:
    r"""Return a file's text with some values rewritten.

    Parameters
    ----------
    text
        The file.
    name
        Its name, for messages.
    blocks
        New lines by the value's keys, beginning with its key, without the margin. A
        value that the file leaves out is put first in its section.

    Returns
    -------
    str
        The text; lines end with a line feed.

    Raises
    ------
    ScenarioError
        For each value that does not stand on lines of its own, or has no section.

    Examples
    --------
    >>> print(rewritten("a:\n  b: 1  # one\n  # of c\n  c: 2\n", "x",
    ...                 {("a", "b"): ["b:", "  value: 3"]}), end="")
    a:
      b:
        value: 3
      # of c
      c: 2
    """
    document = parse(text, name)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    edits: list[tuple[int, int, list[str]]] = []
    faults: list[Fault] = []
    for keys, block in blocks.items():
        line, column, is_there = _place(document, keys)
        if not line or lines[line - 1][: column - 1].strip():
            message = "does not stand on lines of its own; write it so, then try again"
            if not line:
                message = "is not in the file, nor is its section; write one there"
            faults.append(Fault(line, column, where(document.data, keys), message))
            continue
        margin = " " * (column - 1)
        last = _last_line(lines, line, column) if is_there else line - 1
        edits.append((line - 1, last, [f"{margin}{new}".rstrip() for new in block]))
    if faults:
        raise ScenarioError(name, faults)
    for first, last, new in sorted(edits, reverse=True):
        lines[first:last] = new
    return "\n".join(lines)


def _place(document: Document, keys: Keys) -> tuple[int, int, bool]:
    """Return line and column of a value's key, or of the first in its section."""
    here: Plain = document.data
    for key in keys[:-1]:
        section = as_mapping(here)
        if isinstance(key, int):
            section = {str(place): one for place, one in enumerate(as_list(here))}
        if str(key) not in section:
            return 0, 0, False
        here = section[str(key)]
    section = as_mapping(here)
    if str(keys[-1]) in section:
        return *document.key_position(keys), True
    if not section:
        return 0, 0, False
    return *document.key_position((*keys[:-1], next(iter(section)))), False


def _last_line(lines: Sequence[str], line: int, column: int) -> int:
    """Return the number of a value's last line, counted from 1.

    The value ends where a line is indented no deeper than its key; blank lines before
    that are not its own.
    """
    last = line
    for number in range(line + 1, len(lines) + 1):
        content = lines[number - 1]
        if content.strip():
            if len(content) - len(content.lstrip(" ")) < column:
                break
            last = number
    return last
