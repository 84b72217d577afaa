"""A function is known by all that it may give other values for."""

from __future__ import annotations

import functools
import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.errors import StudyError
from sim.scenario.function_text import function_text

if TYPE_CHECKING:
    from collections.abc import Callable

LEVEL = 1.0


def at_least(level: float) -> Callable[[Any], float]:
    """Return an outcome that holds its level in a closure."""
    return lambda view: float(len(view.raids) >= level)


def above(view: Any, level: float = 0.0) -> float:
    """Return whether there are more raids."""
    return float(len(view.raids) > level)


def of_module(view: Any) -> float:
    """Return what hangs on a number of the module."""
    return float(len(view.raids) > LEVEL)


class Held:
    """An outcome that is an object."""

    def __init__(self, level: float) -> None:
        self.level = level

    def __call__(self, view: Any) -> float:
        """Return whether there are as many raids."""
        return float(len(view.raids) == self.level)


def defined(text: str) -> Callable[[Any], float]:
    """Return a function that has no source, as in a shell."""
    scope: dict[str, Any] = {"np": np}
    exec(text, scope)
    return scope["outcome"]


SORTS: tuple[Callable[[float], Callable[[Any], float]], ...] = (
    at_least,
    Held,
    lambda level: functools.partial(above, level=level),
    lambda level: defined(f"def outcome(view):\n    return {level}"),
    lambda level: defined(
        f"def inner(n):\n    return n > {level}\n"
        "def outcome(view):\n    return float(inner(np.sum(view.days)))"
    ),
    lambda level: defined(
        f"table = [1.0, {{'low': {level}}}]\n"
        "def outcome(view):\n    return [n * table[0] for n in view.days][0]"
    ),
)


@pytest.mark.parametrize("sort", SORTS)
def test_what_it_holds_tells_it_apart(sort: Callable[[float], Any]) -> None:
    """Closures, state, arguments, helpers, tables; made twice alike it is the same."""
    assert function_text(sort(1.0)) == function_text(sort(1.0))
    assert function_text(sort(1.0)) != function_text(sort(1000.0))


def test_a_number_of_its_module_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """As one is set anew in a notebook."""
    before = function_text(of_module)
    monkeypatch.setitem(globals(), "LEVEL", 2.0)
    assert function_text(of_module) != before


def test_what_cannot_be_told_from_others_is_refused() -> None:
    """A lock has no text: its outcome is named, and what may be held instead."""
    lock = threading.Lock()
    with pytest.raises(StudyError, match=r"cannot be told from others.*hold numbers"):
        function_text(lambda view: float(lock.locked()) + len(view.raids))


def test_functions_that_name_each_other_end() -> None:
    """A ring is followed once."""
    ring = defined(
        "def other(view):\n    return outcome(view)\n"
        "def outcome(view):\n    return other(view)"
    )
    assert function_text(ring) == function_text(ring)
