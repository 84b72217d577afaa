"""Results that are kept until a number that they were made from changes.

A rule is a pure function, so when every parameter that it read has the same value
again, so has its result. Which ones it read is seen by handing it a stand-in that
notes each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Made = TypeVar("Made")


class Traced:
    """Stands in for a tuple of parameters and notes which of them are read."""

    __slots__ = ("_params", "_reads")

    def __init__(self, params: Any, reads: dict[str, Any]) -> None:
        self._params, self._reads = params, reads

    def __getattr__(self, name: str) -> Any:
        """Return a parameter, and note that it was read."""
        value = getattr(self._params, name)
        self._reads[name] = value
        return value


class Kept(Generic[Made]):
    """The last result of a function of several tuples of parameters."""

    def __init__(self) -> None:
        self._reads: list[dict[str, Any]] = []
        self._made: Made | None = None

    def get(self, every: Sequence[Any], make: Callable[[list[Any]], Made]) -> Made:
        """Return what `make` makes of the tuples, made anew only where it differs."""
        same = self._made is not None and len(every) == len(self._reads)
        if same and all(
            getattr(params, name) == value
            for params, reads in zip(every, self._reads, strict=True)
            for name, value in reads.items()
        ):
            assert self._made is not None
            return self._made
        self._reads = [{} for _ in every]
        self._made = make(
            [Traced(p, reads) for p, reads in zip(every, self._reads, strict=True)]
        )
        return self._made
