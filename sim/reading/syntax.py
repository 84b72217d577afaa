"""Say in one plain sentence what PyYAML's parser found wrong with a text."""

from __future__ import annotations

import re
from typing import NamedTuple, TypeAlias

import yaml

from sim.errors import Fault

Mark: TypeAlias = tuple[int, int]
"""Line and column, both counted from 1."""


class _Sentence(NamedTuple):
    pattern: str
    """Found in the parser's "context; problem", in either of its two dialects."""
    message: str
    """``{opened}`` is the line on which the unfinished thing begins."""
    at_opening: bool = False
    """Whether the fault lies where the unfinished thing begins."""


_ESCAPE = "unknown escape after a backslash; single quotes keep backslashes as they are"
_SENTENCES = (  # the first that is found is used, so the narrow ones come first
    _Sentence("escape|hexdecimal|expected escape sequence", _ESCAPE),
    _Sentence("quoted scalar", "the quote opened here is never closed", True),
    _Sentence(
        "flow sequence",
        "the '[' opened on line {opened} is not closed, or a ',' is missing",
    ),
    _Sentence(
        "flow mapping",
        "the '{{' opened on line {opened} is not closed, or a ',' is missing",
    ),
    _Sentence(
        "mapping values are not allowed",
        "a ':' is not allowed here; check the indentation, or put the text in quotes",
    ),
    _Sentence("simple key", "this line is no 'key: value'; a ':' is missing", True),
    _Sentence(
        "cannot start any token",
        "text may not begin with this character; put it in quotes",
    ),
    _Sentence(
        "sequence entries are not allowed",
        "a list item '-' is not allowed here; begin the list on a line of its own",
    ),
    _Sentence("an? (anchor|alias)", "anchors '&' and aliases '*' are not allowed"),
    _Sentence("a tag|tag handle", "tags '!' are not allowed", True),
    _Sentence("directive|incompatible YAML", "only '%YAML 1.2' may begin with '%'"),
    _Sentence("document start", "this does not belong to the document above it"),
    _Sentence("block scalar", "the text block begun with '|' or '>' is malformed"),
    _Sentence("node content", "a value is missing before this character"),
    _Sentence(
        "block (mapping|collection|sequence)",
        "this does not continue the block begun on line {opened};"
        " check indentation and quotes",
    ),
)


def place(mark: yaml.Mark) -> Mark:
    """Return a parser's mark, which counts from 0, as line and column from 1."""
    return mark.line + 1, mark.column + 1


def syntax_fault(error: Exception, last: Mark) -> Fault:
    """Translate an error of the parser; ``last`` is how far it had come."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return Fault(*last, "", "is not valid YAML after this point")
    problem = place(error.problem_mark)
    opening = place(error.context_mark) if error.context_mark else problem
    sentence_read = f"{error.context}; {error.problem}"
    for sentence in _SENTENCES:
        if re.search(sentence.pattern, sentence_read):
            at = opening if sentence.at_opening else problem
            return Fault(*at, "", sentence.message.format(opened=opening[0]))
    return Fault(*problem, "", f"is not valid YAML: {error.problem}")
