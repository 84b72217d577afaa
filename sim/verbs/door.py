"""The way from Python into a verb: arguments are held to its signature, in our words.

What the command line refuses by its options is refused here by the same names.
"""

from __future__ import annotations

import inspect
import os
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from functools import wraps
from numbers import Integral, Real
from operator import index
from typing import Any, Final, ParamSpec, SupportsIndex, TypeVar, cast

from sim.errors import SimError, StudyError, nearest, one_of
from sim.scenario.scenario import Scenario

RENAMED: Final = {"from": "free_from", "set": "changes", "map": "map_file"}
"""Options whose names are Python's own words."""

_CLASSES: Final[dict[str, tuple[type, str]]] = {
    "int": (Integral, "a whole number"),
    "float": (Real, "a number"),
    "bool": (bool, "True or False"),
    "str": (str, "a text"),
    "date": (date, "a date"),
    "range": (range, "a range"),
    "os.PathLike[str]": (os.PathLike, "a path"),
    "Mapping[str, Any]": (Mapping, "a dict"),
    "Sequence[str]": (Sequence, "a list of texts"),
    "Scenario": (Scenario, "a Scenario"),
    "Mapping[str, OwnOutcome]": (Mapping, "a dict"),
    "None": (type(None), "None"),
}
"""What an annotation allows; what else it may name ends the check of its argument."""


P = ParamSpec("P")
R = TypeVar("R")


def through_door(name: str, verb: Callable[P, R]) -> Callable[P, R]:
    """Return a verb that refuses wrong arguments as the command refuses options.

    Raises
    ------
    StudyError
        From the verb that is returned: of an argument that it has not, that is missing,
        or of another type than its annotation allows.
    """
    signature = inspect.signature(verb)

    @wraps(verb)
    def enter(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            given = signature.bind(*args, **kwargs).arguments
        except TypeError as error:
            raise StudyError(_why_unbound(name, signature, kwargs, error)) from None
        given = {argument: plain(value) for argument, value in given.items()}
        for argument, value in given.items():
            _require_type(name, signature.parameters[argument], value)
        call = inspect.BoundArguments(signature, cast("Any", given))
        try:
            return verb(*call.args, **call.kwargs)
        except SimError as error:
            if error.args and isinstance(error.args[0], str):
                error.args = (in_python(error.args[0]), *error.args[1:])
            raise

    enter.__module__, enter.__qualname__ = "sim", name  # it pickles by this name
    return enter


def plain(value: Any) -> Any:
    """Return numbers, arrays and moments of NumPy and pandas as Python's own.

    So it is within dicts, lists and tuples too. A moment at midnight is a date.

    >>> import numpy as np
    >>> plain({"a": np.int64(3), "b": [np.float32(0.5), np.True_], "c": np.arange(2)})
    {'a': 3, 'b': [0.5, True], 'c': [0, 1]}
    >>> plain(np.datetime64("2020-03-01T01:00")), plain(datetime(2020, 3, 1))
    ('2020-03-01T01:00', datetime.date(2020, 3, 1))
    """
    if hasattr(value, "dtype") and hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, bool | str):
        return value
    if isinstance(value, datetime):
        is_to_the_minute = not (value.second or value.microsecond)
        text = value.isoformat(timespec="minutes" if is_to_the_minute else "auto")
        return value.date() if value.timetz() == time() else text
    if isinstance(value, Mapping):
        each = cast("Mapping[Any, Any]", value)
        return {plain(key): plain(one) for key, one in each.items()}
    if isinstance(value, list):
        return [plain(one) for one in cast("list[Any]", value)]
    if type(value) is tuple:
        return tuple(plain(one) for one in cast("tuple[Any, ...]", value))
    if isinstance(value, SupportsIndex):
        return index(value)
    return float(value) if isinstance(value, Real) else value


def _why_unbound(
    name: str, signature: inspect.Signature, kwargs: Mapping[str, Any], error: TypeError
) -> str:
    """Say which argument a verb has not, or misses."""
    for argument in kwargs:
        if argument not in signature.parameters:
            near = nearest(argument, signature.parameters)
            listed = one_of(signature.parameters)
            return f"{name} has no argument {argument!r}{near}; it has {listed}"
    return f"{name}: {error}"


def _require_type(name: str, parameter: inspect.Parameter, value: Any) -> None:
    """Refuse a value that an annotation of plain types does not allow."""
    allowed = [_CLASSES.get(part) for part in str(parameter.annotation).split(" | ")]
    values = value if parameter.kind is parameter.VAR_POSITIONAL else (value,)
    for one in values:
        if any(each is None or _is(one, each[0]) for each in allowed):
            continue
        words = " or ".join(dict.fromkeys(each[1] for each in allowed if each))
        shown = repr(one)
        shown = shown if len(shown) <= 60 else f"{shown[:59]}…"
        kind = type(one).__name__
        message = f"{name}: {parameter.name} is {shown}, {kind}; allowed is {words}"
        raise StudyError(message)


def _is(value: Any, allowed: type) -> bool:
    """Whether a value is of a type; True is no number."""
    if isinstance(value, bool):
        return allowed is bool
    return isinstance(value, allowed)


def in_python(text: str) -> str:
    """Name arguments where a refusal names options; a whole command stays.

    >>> in_python("--at-most 0 is out of range; leave --set")
    'at_most 0 is out of range; leave changes'
    """

    def renamed(option: re.Match[str]) -> str:
        return RENAMED.get(option[1], option[1].replace("-", "_"))

    return "\n".join(
        line
        if "escalade " in line
        else re.sub(r"(?<!\S)--([a-z][a-z-]*)", renamed, line)
        for line in text.split("\n")
    )
