"""What one plain YAML word means: the YAML 1.2 core schema, without null.

YAML 1.1, which PyYAML reads by default, takes ``NO`` for false, ``2:30`` for 150 and
``012`` for ten. Here ``NO`` and ``2:30`` are text and ``012`` is twelve.
"""

from __future__ import annotations

import math
import re
from typing import TypeAlias

Scalar: TypeAlias = str | int | float | bool

# Controls, also of the direction of text, which show another text than is read; lone
# surrogates, byte order marks, and the line ends only YAML 1.1 knew.
CONTROL = (
    r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
    r"\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff"
)
_BAD = re.compile(rf"[\r{CONTROL}]")  # these may come from an escape like "\e"
_NULL = re.compile(r"null|Null|NULL|~")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_DECIMAL = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_LONGEST_NUMBER = 64  # characters; Python itself refuses very long integers
_LARGEST = 2**63 - 1  # whole numbers must fit the tables and the compiled engine


def shorten(text: str) -> str:
    """Cut a text to a length that fits into a message."""
    return text if len(text) <= 40 else f"{text[:37]}..."


def shown(value: object) -> str:
    """Write a value of a file as a message quotes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return repr(shorten(value))
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, list) else str(value)


def check_text(text: str) -> str:
    """Return a text, or raise a ValueError if an escape made a control character."""
    if bad := _BAD.search(text):
        message = f"character U+{ord(bad[0]):04X} is not allowed, even as an escape"
        raise ValueError(message)
    return text


def plain_value(text: str) -> Scalar:
    """Return what an unquoted word means, or raise a ValueError that says why not.

    >>> [plain_value(t) for t in ("NO", "2:30", "1e-3", "012", "0o17", "True")]
    ['NO', '2:30', 0.001, 12, 15, True]
    """
    if text == "":
        message = "has no value"
        raise ValueError(message)
    if _NULL.fullmatch(text):
        message = f"has no value ({text!r}); leave the key out"
        raise ValueError(message)
    if _BOOL.fullmatch(text):
        return text[0] in "tT"
    if _NOT_FINITE.fullmatch(text):
        message = f"{text!r} is not a finite number"
        raise ValueError(message)
    whole = _DECIMAL.fullmatch(text) or _BASED.fullmatch(text)
    if whole or _FLOAT.fullmatch(text):
        return _number(text, is_whole=whole is not None)
    return check_text(text)


def _number(text: str, *, is_whole: bool) -> int | float:
    advice = "put it in quotes if it is text"
    if len(text) > _LONGEST_NUMBER:
        message = f"{shorten(text)!r} is too long for a number; {advice}"
        raise ValueError(message)
    if is_whole:
        base = {"0o": 8, "0x": 16}.get(text[:2], 10)
        value = int(text, base)
        in_range = abs(value) <= _LARGEST
    else:
        value = float(text)
        in_range = math.isfinite(value)
    if not in_range:
        message = f"{shorten(text)!r} is too large for a number; {advice}"
        raise ValueError(message)
    return value
