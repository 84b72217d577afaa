"""Plain data as YAML that reads like a table: a number to a line, its note after it.

What fits on one line stands on one line; a number's parts go into braces, and a long
note is broken between words. Read again, the text is the same data.
"""

from __future__ import annotations

import json
import re
from textwrap import wrap
from typing import TYPE_CHECKING, Final

from sim.reading.scalar import plain_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sim.reading.tree import Keys, Plain

_WIDTH: Final = 88
_WHOLE: Final = 40
"""Letters of a part of a number that is not broken."""
_PLAIN: Final = re.compile(
    r"[a-z][a-z0-9_.-]*|[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:]{5})?"
    r"|[0-9][0-9.]*(/[a-z]+| %| [a-z]+)"
)
_SENTENCE: Final = re.compile(r"[A-Za-z][A-Za-z0-9 ,.()/_-]*[A-Za-z0-9.)]")
_FOLDED: Final = re.compile(r"\S+( \S+)*")
_NOT_TEXT_ELSEWHERE: Final = frozenset(("y", "n", "yes", "no", "on", "off"))  # YAML 1.1


def written(
    data: Mapping[str, Plain], comments: Mapping[Keys, Sequence[str]] | None = None
) -> str:
    r"""Return data as the text of a file.

    Parameters
    ----------
    data
        Mappings, lists, texts and numbers; floats are written so that they survive.
    comments
        Lines to put before a key, by its place.

    Examples
    --------
    >>> print(written({"a": {"b": {"rate": {"value": 0.3, "note": "Two words"}}}}))
    a:
      b:
        rate: {value: 0.3, note: "Two words"}
    <BLANKLINE>
    """
    lines = _block(data, "", (), comments or {})
    return "".join(f"{line}\n" for line in lines)


def _block(
    data: Mapping[str, Plain],
    margin: str,
    keys: Keys,
    comments: Mapping[Keys, Sequence[str]],
) -> Iterator[str]:
    """Write a mapping, each key on a line of its own."""
    for key, value in data.items():
        at = (*keys, key)
        name = f"{margin}{_flow(key)}:"
        entries = value if isinstance(value, list) else []
        has_entries = any(isinstance(entry, dict) for entry in entries)
        is_section = isinstance(value, dict) and not _is_table_row(value, at, name)
        is_block = is_section or has_entries
        for keys_of, lines in comments.items():
            if keys_of == at or (not is_block and keys_of[: len(at)] == at):
                yield from (f"{margin}{line}" for line in lines)
        if isinstance(value, dict) and is_section:
            yield name
            yield from _block(value, f"{margin}  ", at, comments)
        elif has_entries:
            yield name
            for place, entry in enumerate(entries):
                inside = (*at, place)
                yield from (f"{margin}  {line}" for line in comments.get(inside, ()))
                yield from _entry(entry, margin, inside, comments)
        elif isinstance(value, str):
            yield from _text(name, value, margin)
        else:
            yield from _row(name, value, margin)


def _entry(
    entry: Plain, margin: str, keys: Keys, comments: Mapping[Keys, Sequence[str]]
) -> Iterator[str]:
    """Write an entry of a list."""
    if not isinstance(entry, dict):
        yield f"{margin}  - {_flow(entry)}"
        return
    is_begun = False
    for line in _block(entry, f"{margin}    ", keys, comments):
        if is_begun or line.lstrip().startswith("#"):
            yield line
        else:
            yield f"{margin}  - {line.lstrip()}"
            is_begun = True


def _is_table_row(value: dict[str, Plain], keys: Keys, name: str) -> bool:
    """Say whether a mapping is written in braces."""
    if not value or "value" in value:
        return True
    if len(keys) < 3:  # a section, or an actor, a site, an act
        return False
    is_leaf = not any(isinstance(inner, dict) for inner in value.values())
    return is_leaf or len(name) + 1 + len(_flow(value)) <= _WIDTH


def _text(name: str, text: str, margin: str) -> Iterator[str]:
    """Write a text beside its key, or folded below it."""
    is_plain = _SENTENCE.fullmatch(text) and _is_text(text)
    line = f"{name} {text if is_plain else _flow(text)}"
    if len(line) <= _WIDTH or not _FOLDED.fullmatch(text):
        yield line
    else:
        yield f"{name} >-"
        yield from wrap(
            text,
            _WIDTH,
            initial_indent=f"{margin}  ",
            subsequent_indent=f"{margin}  ",
            break_long_words=False,
            break_on_hyphens=False,
        )


def _row(name: str, value: Plain, margin: str) -> Iterator[str]:
    """Write a value beside its key; the note of a long one begins a line."""
    line = f"{name} {_flow(value)}"
    if len(line) <= _WIDTH or not isinstance(value, dict):
        yield from _wrapped(line[len(margin) :].split(" "), margin, margin)
        return
    words, start = [name[len(margin) :]], margin
    for place, (key, inner) in enumerate(value.items()):
        if key == "note" and place:
            yield from _wrapped(words, start, margin)
            words, start = [], f"{margin}  "
        begin = "" if place else "{"
        end = "}" if place == len(value) - 1 else ","
        pair = f"{begin}{_flow(key)}: {_flow(inner)}{end}"
        words += [pair] if len(pair) <= _WHOLE else pair.split(" ")
    yield from _wrapped(words, start, margin)


def _wrapped(words: Sequence[str], start: str, margin: str) -> Iterator[str]:
    """Break a line between words, where a space means the same as a new line."""
    here = f"{start}{words[0]}"
    for word in words[1:]:
        if len(here) + 1 + len(word) > _WIDTH:
            yield here
            here = f"{margin}  {word}"
        else:
            here = f"{here} {word}"
    yield here


def _flow(value: Plain) -> str:
    """Write a value on one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        if _PLAIN.fullmatch(value) and _is_text(value):
            return value
        # No space that a new line in its place would not give back.
        text = json.dumps(value, ensure_ascii=False)
        return re.sub(r"(?<=\") | (?=[ \"])", r"\\u0020", text)
    if isinstance(value, dict):
        pairs = (f"{_flow(key)}: {_flow(inner)}" for key, inner in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    return repr(value)


def _is_text(word: str) -> bool:
    """Say whether an unquoted word is read as the text that it is, here and there."""
    try:
        return plain_value(word) == word and word not in _NOT_TEXT_ELSEWHERE
    except ValueError:
        return False
