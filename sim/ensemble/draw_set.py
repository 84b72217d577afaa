"""The draws of one study: sets of parameters, each with as many replications.

Draw k has replications kM to (k + 1)M - 1, in every arm and at every design point: the
replications of different draws are different worlds, those of one number in two arms
the same one. Nested, and coupled. Draw k does not depend on how many draws there are,
so a study is extended by asking for more.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from sim.digest import content_digest
from sim.errors import StudyError
from sim.experiment.shared_past import with_past_of
from sim.experiment.variant import variant_of
from sim.rules.registry import KINDS
from sim.scenario.renumber import illegal_numbers, with_numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from sim.experiment.posterior import Posterior
    from sim.experiment.variant import Variant
    from sim.reading.faults import Readable
    from sim.rules.behaviour import Kind
    from sim.scenario.edit import New
    from sim.scenario.scenario import Scenario


TABLE: Final = "draws.csv"

DRAWS: Final = 200
"""Parameter draws of a posterior, unless another number is asked for."""

REPLICATIONS: Final = 2
"""Within each draw: the fewest that tell parameters from chance. Of a given number of
replications, more draws of few each serve the mean best."""


@dataclass(frozen=True)
class ArmSource:
    """What an arm's scenario is made of."""

    document: Readable
    variant: Variant
    kinds: Mapping[str, Kind] = field(default_factory=lambda: KINDS)
    """Kinds of actor by the name that the file uses."""
    first: ArmSource | None = None
    """The arm whose past it has up to the day on which arms part; its own when None."""

    def scenario(self, values: Mapping[str, New] | None = None) -> Scenario:
        """Return the arm's scenario, with values by path that a draw sets in it."""
        variant = replace(
            self.variant, changes={**self.variant.changes, **(values or {})}
        )
        own = variant_of(self.document, variant, kinds=self.kinds)
        first = None if self.first is None else self.first.scenario(values)
        return own if first is None else with_past_of(own, first)


@dataclass(frozen=True, eq=False)
class DrawSet:
    """Values of the parameters by draw. It pickles."""

    values: tuple[Mapping[str, New], ...]
    """Of each draw, by path: numbers in canonical unit, or as a file writes them."""
    replications: int
    """Within each draw, M."""
    digest: str
    """Names where the draws come from: a posterior, or ranges with their root_seed."""
    words: str
    """Says where the draws come from; completes 'draws of ... parameters'."""
    origin: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """The same for a manifest."""
    units: Mapping[str, str] = field(default_factory=dict[str, str])
    """Canonical unit by path; of numbers that stand in a value without it."""
    source: ArmSource | None = None
    """The file in which values are changed, and checked; None changes the resolved
    numbers, a hundred times as fast, which `sim.ensemble.draw_set` has checked."""

    @property
    def numbers(self) -> range:
        """Numbers of all replications."""
        return range(len(self.values) * self.replications)

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that a draw sets."""
        return tuple(self.values[0]) if self.values else ()

    @property
    def size_text(self) -> str:
        """How many, for a table's head."""
        return f"{len(self.values)} draws × {self.replications} replications"

    def draw_of(self, number: int) -> int:
        """Return the draw of a replication."""
        return number // self.replications

    def written(self, draw: int) -> dict[str, New]:
        """Return a parameter draw as a file would write it."""
        return {
            path: f"{value!r} {self.units[path]}"
            if self.units.get(path, "1") != "1"
            else value
            for path, value in self.values[draw].items()
        }

    def scenario_of(self, scenario: Scenario, draw: int) -> Scenario:
        """Return an arm's scenario under a draw."""
        if self.source is None:
            values: dict[str, Any] = dict(self.values[draw])
            return with_numbers(scenario, values)
        return self.source.scenario(self.values[draw])

    def digest_of(self, run_digest: str) -> str:
        """Return what names a run under these draws; their number is not in it."""
        return content_digest([run_digest, self.digest, self.replications])

    def manifest(self) -> dict[str, Any]:
        """Return what a manifest says of the draws."""
        return {
            **self.origin,
            "digest": self.digest,
            "count": len(self.values),
            "replications_per_draw": self.replications,
            "paths": list(self.paths),
        }

    def write(self, folder: Path) -> None:
        """Write the draws as a table: one row a draw, one column a path.

        Numbers of a posterior are in canonical unit.
        """
        import pandas as pd

        from sim.files import write_text

        frame = pd.DataFrame([dict(values) for values in self.values])
        frame.index.name = "draw"
        write_text(folder / TABLE, frame.to_csv())


def draws_from(posterior: Posterior, n_draws: int, replications: int) -> DrawSet:
    """Return the first draws of a posterior, for so many replications within each."""
    fitted = posterior.metadata
    return DrawSet(
        values=tuple(posterior.point(draw) for draw in range(n_draws)),
        replications=replications,
        digest=posterior.digest,
        words=f"from the posterior of {fitted['experiment']} "
        f"({posterior.digest[:12]}), jointly",
        origin={
            "from": "posterior",
            "posterior_digest": posterior.digest,
            "experiment": fitted["experiment"],
            "fitted_with": fitted["scenario"],
            "fitted_with_digest": fitted["scenario_digest"],
            "parameters": len(posterior.parameters),
        },
        units={path: p["unit"] for p in posterior.parameters for path in p["paths"]},
    )


def refuse_set_twice(
    posterior: Posterior, setters: Mapping[str, Iterable[str]], undone: str = "it"
) -> None:
    """Refuse what sets a path that the posterior sets too: one would undo the other.

    `setters` has the paths by what sets them: 'the arm strict', '--set'; `undone` says
    what the draw would undo. The StudyError names path and setter.
    """
    drawn = set(posterior.paths)
    for who, paths in setters.items():
        both = [path for path in paths if path in drawn]
        if both:
            message = (
                f"{both[0]} is drawn from the posterior and set by {who}: the draw "
                f"would undo {undone}. Leave it out, or use a posterior that does not "
                "hold it"
            )
            raise StudyError(message)


def refuse_unfit(posterior: Posterior, draws: DrawSet, scenario: Scenario) -> str:
    """Refuse draws that make no legal scenario; return what is to be said of them.

    That is that the scenario is not the one which was fitted; empty if it is.

    Raises
    ------
    StudyError
        If the scenario lacks a path, if a development sets one later and so would
        undo the draw, or if a draw leaves what is legal.
    """
    warning = posterior.require(scenario)
    drawn = set(draws.paths)
    for change in scenario.changes:
        path = f"actors.{change.actor}.{change.parameter}"
        if change.how == "set" and path in drawn:
            message = (
                f"{path} is drawn from the posterior, and the development "
                f"{change.identity} of {scenario.name} sets it, which would undo the "
                "draw"
            )
            raise StudyError(message)
    first = ""
    n_illegal = 0
    for draw, values in enumerate(draws.values):
        said = illegal_numbers(scenario, values)  # pyright: ignore[reportArgumentType]
        if said:
            n_illegal += 1
            first = first or f"draw {draw}: {said[0]}"
    if n_illegal:
        message = (
            f"{n_illegal} of {len(draws.values)} draws of the posterior make no legal "
            f"scenario of {scenario.name}; {first}. They are not left out in silence: "
            "what is left would be another posterior"
        )
        raise StudyError(message)
    return warning
