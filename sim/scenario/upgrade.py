"""Rewriting a file that names what is gone: by lines, so that comments stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.scenario.gone import GONE

if TYPE_CHECKING:
    from collections.abc import Sequence


class Upgrade(NamedTuple):
    """A file rewritten, and what was done to it."""

    text: str
    renamed: tuple[str, ...]
    """Lines that took a new name: where, old and new."""
    dropped: tuple[str, ...]
    """What was left out, and where its meaning lives now."""


def upgraded(text: str) -> Upgrade:
    r"""Return a scenario's text with what is gone renamed or left out.

    A parameter whose meaning carries over keeps its value under its new name; one whose
    meaning does not is left out, with the lines below it that belong to it.

    Examples
    --------
    >>> upgraded("limits:\n  war_window: 14 days\n").text
    'limits:\n  exchange_window: 14 days\n'
    """
    lines = text.split("\n")
    kinds = _kinds(lines)
    remaining: list[str] = []
    renamed: list[str] = []
    dropped: list[str] = []
    top = actor = ""
    number = 0
    while number < len(lines):
        line = lines[number]
        indent, name, rest = _parts(line)
        end = number + 1
        if name and indent == 0:
            top, actor = name, ""
        elif name and indent == 2 and top == "actors":
            actor = name
        section = "limits" if top == "limits" and indent == 2 else ""
        if top == "actors" and indent == 4:
            section = kinds.get(actor, "")
        row = GONE.get(section, {}).get(name) if section else None
        if row is None:
            remaining.append(line)
        else:
            where = f"line {number + 1}, {top}.{actor}{'.' if actor else ''}{name}"
            if row.is_renamed:
                remaining.append(f"{' ' * indent}{row.by}:{rest}")
                renamed.append(f"{where} is now {row.by}")
            else:
                end = _end(lines, number, indent)
                dropped.append(f"{where} {row.words()}")
        number = end
    return Upgrade("\n".join(remaining), tuple(renamed), tuple(dropped))


def _kinds(lines: Sequence[str]) -> dict[str, str]:
    """Return the kind of each actor, as the lines give it."""
    kinds: dict[str, str] = {}
    top = actor = ""
    for line in lines:
        indent, name, rest = _parts(line)
        if name and indent == 0:
            top = name
        elif name and indent == 2:
            actor = name
        elif name == "kind" and indent == 4 and top == "actors":
            kinds[actor] = rest.strip().strip("'\"")
    return kinds


def _parts(line: str) -> tuple[int, str, str]:
    """Return a line's indent, its key, and what follows the key's colon."""
    stripped = line.lstrip(" ")
    name, colon, rest = stripped.partition(":")
    is_key = colon and name.replace("_", "").isalnum()
    return len(line) - len(stripped), name if is_key else "", rest


def _end(lines: Sequence[str], number: int, indent: int) -> int:
    """Return the number of the first line that does not belong to a key's value."""
    end = number + 1
    while end < len(lines):
        line = lines[end]
        if line.strip() and len(line) - len(line.lstrip(" ")) <= indent:
            break
        end += 1
    return end
