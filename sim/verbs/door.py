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

from sim.errors import SimError, StudyError, nearest
from sim.scenario.scenario import Scenario
from sim.verbs.answer import Answer
from sim.verbs.arguments import in_python
from sim.verbs.watch import Watch


def _is_text(value: Any) -> bool:
    """Whether a value is a text that may be a file's name."""
    if not isinstance(value, str) or "\0" in value:
        return False
    try:
        os.fsencode(value)
    except UnicodeEncodeError:  # half of a pair, which no file and no id has
        return False
    return True


def _is_path(value: Any) -> bool:
    if not isinstance(value, os.PathLike):
        return False
    return _is_text(os.fspath(cast("os.PathLike[Any]", value)))


def _is_run(value: Any) -> bool:
    from sim.verbs.replications.run import Run

    return isinstance(value, Run)


def _is_named(value: Any) -> bool:
    if not isinstance(value, Mapping):
        return False
    return all(map(_is_text, cast("Mapping[Any, Any]", value)))


def _are_texts(value: Any, *more: type) -> bool:
    """Whether a value is several texts; what is one text is not."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return False
    each = cast("Sequence[Any]", value)
    return all(_is_text(one) or type(one) in more for one in each)


_ALLOWED: Final[Mapping[str, tuple[Callable[[Any], bool], str]]] = {
    "int": (lambda value: isinstance(value, Integral), "a whole number"),
    "float": (lambda value: isinstance(value, Real), "a number"),
    "bool": (lambda value: isinstance(value, bool), "True or False"),
    "str": (_is_text, "a text"),
    "date": (lambda value: isinstance(value, date), "a date"),
    "range": (lambda value: isinstance(value, range), "a range"),
    "os.PathLike[str]": (_is_path, "a path"),
    "Mapping[str, Any]": (_is_named, "a dict with texts as keys"),
    "Mapping[str, OwnOutcome]": (
        lambda value: _is_named(value) and all(map(callable, value.values())),
        "a dict of functions by name",
    ),
    "Sequence[str]": (_are_texts, "a list of texts"),
    "Sequence[int | str]": (
        lambda value: _are_texts(value, int),
        "a list of texts or whole numbers",
    ),
    "Scenario": (lambda value: isinstance(value, Scenario), "a Scenario"),
    "Run": (_is_run, "what sim.run answered"),
    "Answer": (lambda value: isinstance(value, Answer), "what a verb answered"),
    "Watch": (lambda value: isinstance(value, Watch), "a Watch"),
    "None": (lambda value: value is None, "None"),
}
"""What each part of a verb's annotations allows, and how a refusal calls it."""


_OF_SHORT: Final = {"n": ("replications", "futures"), "k": ("replication",)}
"""Arguments whose options have these short forms in the command."""

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
            of_short = _OF_SHORT.get(argument, ())
            meant = next((x for x in of_short if x in signature.parameters), "")
            near = f"; did you mean {meant!r}?" if meant else ""
            near = near or nearest(argument, signature.parameters)
            listed = ", ".join(signature.parameters)
            return f"{name} has no argument {argument!r}{near}; it has {listed}"
    return f"{name}: {error}"


def _require_type(name: str, parameter: inspect.Parameter, value: Any) -> None:
    """Refuse a value that an annotation does not allow."""
    parts = re.split(r" \| (?![^\[]*\])", str(parameter.annotation))
    allowed = [_ALLOWED[part] for part in parts]
    values = value if parameter.kind is parameter.VAR_POSITIONAL else (value,)
    for one in values:
        # True is a whole number to Python, and none to people.
        if isinstance(one, bool) and "bool" not in parts:
            is_allowed = False
        else:
            is_allowed = any(holds(one) for holds, _ in allowed)
        if is_allowed:
            continue
        words = " or ".join(dict.fromkeys(word for _, word in allowed))
        shown = repr(one)
        shown = shown if len(shown) <= 60 else f"{shown[:59]}…"
        kind = type(one).__name__
        message = f"{name}: {parameter.name} is {shown}, {kind}; allowed is {words}"
        raise StudyError(message)
