"""What a page of the explorer shows: a scenario, what differs from it, and an outcome.

A view is plain data and has a file of its own, so that what was seen can be seen again:
the same view gives the same numbers, on any machine.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from json import dumps
from typing import TYPE_CHECKING, Any, Final

from sim.errors import Fault, ScenarioError, StudyError
from sim.reading.slot import as_mapping
from sim.reading.strict_yaml import read
from sim.reading.written import written

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SCHEMA: Final = 1

OUTCOME: Final = "n_coalition_deaths_true"
"""What is looked at first."""

STEPS: Final = (100, 500, 2000)
"""Worlds of each answer: the first picture, and how it is refined."""

REPLICATIONS: Final = STEPS[-1]


@dataclass(frozen=True)
class View:
    """What is looked at."""

    scenario: str
    """A scenario's file, or the id of one that ships."""
    outcome: str = OUTCOME
    changes: Mapping[str, float] = field(default_factory=dict[str, float])
    """New values by path, canonical unit."""
    ranges: Mapping[str, tuple[float, float]] = field(
        default_factory=dict[str, tuple[float, float]]
    )
    """Low and high by path, canonical unit: every few worlds have a value of their
    own, drawn evenly from the range."""
    moves: tuple[Mapping[str, Any], ...] = ()
    """What a player lets actors do: developments, as a scenario's file writes them."""
    root_seed: int = 1
    replications: int = REPLICATIONS
    until: float | None = None
    """Days that are simulated; the scenario's horizon when None."""

    @property
    def is_changed(self) -> bool:
        """Whether it differs from the scenario as it stands."""
        return bool(self.changes or self.ranges or self.moves)

    @property
    def key(self) -> str:
        """Names what is run: all but the outcome and how many replications."""
        moves = [dict(move) for move in self.moves]
        ranges = {path: [*ends] for path, ends in self.ranges.items()}
        parts = [dict(self.changes), ranges, moves, self.root_seed]
        return dumps(parts, sort_keys=True)

    def text(self) -> str:
        """Return its file."""
        data: dict[str, Any] = {
            "schema": SCHEMA,
            "scenario": self.scenario,
            "outcome": self.outcome,
            "root_seed": self.root_seed,
            "replications": self.replications,
        }
        if self.until is not None:
            data["until"] = self.until
        if self.changes:
            data["changes"] = dict(self.changes)
        if self.ranges:
            data["ranges"] = {path: [*ends] for path, ends in self.ranges.items()}
        if self.moves:
            data["moves"] = [dict(move) for move in self.moves]
        return written(data)


def view_of(data: Mapping[str, Any]) -> View:
    """Return a view from what JSON or a file holds of it.

    Raises
    ------
    StudyError
        If a part of it is missing, or of another type.
    """
    try:
        ranges = data.get("ranges", {}).items()
        until = data.get("until")
        return View(
            scenario=str(data["scenario"]),
            outcome=str(data["outcome"]),
            changes={str(k): float(x) for k, x in data.get("changes", {}).items()},
            ranges={str(k): (float(low), float(high)) for k, (low, high) in ranges},
            moves=tuple(dict(move) for move in data.get("moves", [])),
            root_seed=int(data.get("root_seed", 1)),
            replications=int(data.get("replications", REPLICATIONS)),
            until=None if until is None else float(until),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        message = f"a view has scenario, outcome, changes, ranges, moves: {error}"
        raise StudyError(message) from None


def is_view(file: Path) -> bool:
    """Whether a file is a view, and no scenario."""
    if not file.is_file():
        return False
    try:
        top = as_mapping(read(file).data)
    except ScenarioError:
        return False
    return "outcome" in top and "scenario" in top and "actors" not in top


def read_view(file: Path) -> View:
    """Read a view's file.

    Raises
    ------
    ScenarioError
        If it is none.
    """
    data = as_mapping(read(file).data)
    if data.get("schema") != SCHEMA or not is_view(file):
        message = "is no view that the explorer kept"
        raise ScenarioError(str(file), [Fault(0, 0, "", message)])
    return view_of(data)
