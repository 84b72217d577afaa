"""Which number stands for which rule in compiled code."""

from __future__ import annotations

from typing import Any

from sim.rules.behaviour import Kind, Operation, operations_of


class Numbering:
    """Numbers for the options, responses and operations of a tuple of kinds."""

    def __init__(self, kinds: tuple[Kind, ...]) -> None:
        self.kinds = kinds
        self.operations: list[tuple[int, Operation]] = []
        self.options: list[tuple[int, Any]] = []
        self.responses: list[tuple[int, Any]] = []
        for number, kind in enumerate(kinds):
            self.operations += [(number, o) for o in operations_of(kind).values()]
            self.options += [(number, option) for option in kind.options]
            self.responses += [(number, response) for response in kind.responses]

    def kind(self, kind: Kind) -> int:
        """Return a kind's number."""
        return self.kinds.index(kind)

    def operation(self, kind: Kind, operation: Operation) -> int:
        """Return the number of a kind's operation."""
        return self.operations.index((self.kind(kind), operation))

    def option(self, kind: Kind, option: Any) -> int:
        """Return the number of a kind's option."""
        return self.options.index((self.kind(kind), option))

    def response(self, kind: Kind, response: Any) -> int:
        """Return the number of a kind's response."""
        return self.responses.index((self.kind(kind), response))
