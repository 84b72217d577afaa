"""An experiment: a question, a scenario, and what is varied to answer it."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import (
    TYPE_CHECKING,
    Any,
    Final,
    Literal,
    NamedTuple,
    TypeAlias,
    get_args,
)

from sim.experiment.shared_past import with_past_of
from sim.experiment.variant import Variant, kinds_in, variant_of
from sim.units import as_in_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sim.experiment.experiment import Size
    from sim.experiment.factor import Factor, Level
    from sim.reading.faults import Readable
    from sim.scenario.edit import New
    from sim.scenario.scenario import Scenario
    from sim.statistics.abc import Options

DesignKind: TypeAlias = Literal[
    "grid", "latin_hypercube", "sobol", "list", "morris", "saltelli"
]
DESIGN_KINDS: Final[tuple[str, ...]] = get_args(DesignKind)


@dataclass(frozen=True)
class Size:
    """How much is simulated for a forecast."""

    draws: int = 500
    """Of the posterior; of a scenario's own numbers one is enough."""
    replications: int = 4
    """Of each draw."""

    @property
    def total(self) -> int:
        """Replications in all."""
        return self.draws * self.replications


@dataclass(frozen=True)
class Precision:
    """Replicate until an interval is as narrow as this."""

    outcome: str
    half_width: float
    """Half of the 95 % interval of the outcome's mean, at every point and arm."""
    at_most: int
    """Replications at which to stop in any case."""


@dataclass(frozen=True)
class Arm:
    """One of the policies or assumptions that are set side by side."""

    name: str
    label: str
    variant: Variant = field(default_factory=Variant)
    note: str = ""


@dataclass(frozen=True)
class DesignPlan:
    """Which points of the factors are to be run."""

    kind: str
    points: int = 0
    """Grid: values of a factor that lists none. Latin hypercube, Sobol': points.
    Morris: trajectories. Saltelli: base points."""
    levels: int = 4
    """Of a Morris design."""
    root_seed: int = 1
    rows: tuple[tuple[Level, ...], ...] = ()
    """The points of a list."""


@dataclass(frozen=True)
class CalibrationPlan:
    """How factors are fitted to the record."""

    options: Options
    targets: tuple[str, ...] = ()
    """Names of the targets; every fitted one when empty."""


@dataclass(frozen=True)
class ScorePlan:
    """From which days it is forecast, and how, so that forecasts can be scored."""

    windows: tuple[tuple[date, date], ...]
    """Origin and end of each, half-open, in order; none overlaps another."""
    options: Options
    """Of the refit at each origin."""
    size: Size
    questions: tuple[str, ...]
    """Ids."""
    calibration: Experiment | None = None
    """Whose factors and targets are refitted; the experiment's own when None."""
    steps: int = 1
    """Windows that are forecast from each origin: its own and those that follow."""

    def ahead(self, origin: date) -> list[tuple[date, date]]:
        """Return the windows that are forecast from an origin, its own first."""
        at = [day for day, _ in self.windows].index(origin)
        return list(self.windows[at : at + self.steps])


@dataclass(frozen=True)
class Structure:
    """A theory of what brings attacks about: mechanisms of the ledger, on or off."""

    name: str
    label: str
    on: tuple[str, ...] = ()
    """Feedbacks that are on, as the ledger names them: ``militia.retaliation``. Every
    other feedback is off."""
    off: tuple[str, ...] = ()
    """Further mechanisms that are off."""
    factors: tuple[Factor, ...] = ()
    """Priors of its own; they stand in for the calibration's of the same name."""
    rhythm: str = ""
    """Which law of dates it comes nearest to: ``constant``, ``campaigns`` or
    ``exciting``; empty for none."""
    expected: tuple[float, ...] = ()
    """How often it was expected to be named, by the number of windows; 0 to 1."""
    note: str = ""


@dataclass(frozen=True)
class PolicyQuestion:
    """Two arms of an experiment that are compared under each structure."""

    experiment: Experiment
    reference: Arm
    arm: Arm
    outcomes: tuple[str, ...]
    size: Size


@dataclass(frozen=True)
class RivalsPlan:
    """Which theories are held against one another, and how."""

    structures: tuple[Structure, ...]
    options: Options
    """Of the fit of each to the whole record."""
    bank: int
    """Worlds of each structure from which their statistics are learned."""
    worlds: int
    """Synthetic histories of each, that are to be named."""
    windows: tuple[int, ...]
    """Lengths of the histories, in windows of the record's length; rising."""
    policy: PolicyQuestion


class Asked(NamedTuple):
    """What an experiment's file asks, and says of its answer."""

    question: str = ""
    descriptions: Mapping[str, str] = MappingProxyType({})
    """What each arm is, by name; those without a note left out."""
    pair: tuple[str, str] | None = None
    """Names of the two arms that the question sets against each other."""
    assumptions: tuple[str, ...] = ()
    """What an answer takes for granted, in sentences."""

    def data(self) -> dict[str, Any]:
        """Return it as plain data, for JSON."""
        return {
            "question": self.question,
            "descriptions": dict(self.descriptions),
            "pair": None if self.pair is None else list(self.pair),
            "assumptions": list(self.assumptions),
        }


@dataclass(frozen=True)
class Experiment:
    """A checked experiment."""

    name: str
    question: str
    document: Readable
    """The scenario's file."""
    scenario: Scenario
    """The scenario with the changes that every arm has."""
    root_seed: int
    replications: int | None
    """For each arm at each point; None where a precision is asked for."""
    precision: Precision | None
    until: float
    """Days to simulate."""
    outcomes: tuple[str, ...]
    changes: Mapping[str, New]
    """Changes that every arm has."""
    arms: tuple[Arm, ...]
    factors: tuple[Factor, ...]
    design: DesignPlan
    path: str
    """The file it was read from."""
    pair: tuple[str, str] | None = None
    """Names of the two arms that the question sets against each other."""
    assumptions: tuple[str, ...] = ()
    """What an answer takes for granted, in sentences."""
    note: str = ""
    calibration: CalibrationPlan | None = None
    """How the factors are fitted to the record, where the file says so."""
    scoring: ScorePlan | None = None
    """How it forecasts and is scored, where the file says so."""
    rivals: RivalsPlan | None = None
    """Which theories it holds against one another, where the file says so."""
    free_from: date | None = None
    """Day on which its arms part, all having the first arm's past; None where each has
    its own."""
    past: str | None = None
    """How the record is put in; as the scenario says when None."""
    particles: int | None = None
    """Worlds among which a filtered past is chosen; as the scenario says when None."""

    @property
    def asked(self) -> Asked:
        """What the file asks, and says of its answer."""
        notes = {arm.name: arm.note.strip() for arm in self.arms if arm.note}
        return Asked(self.question.strip(), notes, self.pair, self.assumptions)

    @property
    def labels(self) -> dict[str, str]:
        """What the file calls the arms, by name; those without a label left out."""
        return {arm.name: arm.label for arm in self.arms if arm.label != arm.name}

    def crossed_arms(self) -> tuple[Arm, ...]:
        """Return the arms that are run at every point.

        Where a factor chooses among arms they are not crossed with the points.
        """
        chosen = any(factor.kind == "arm" for factor in self.factors)
        return () if chosen else self.arms

    def variant(self, arm: Arm, values: tuple[Level, ...]) -> Variant:
        """Return what differs from the scenario's file at one point of one arm."""
        changes: dict[str, Any] = {**self.changes, **arm.variant.changes}
        absent = [*arm.variant.absent]
        for factor, value in zip(self.factors, values, strict=True):
            if factor.kind == "presence" and not value:
                absent += factor.paths
            if factor.kind in ("number", "date"):
                changes |= dict.fromkeys(factor.paths, as_in_file(value, factor.unit))
        return Variant(
            changes=changes,
            developments=arm.variant.developments,
            cancels=arm.variant.cancels,
            absent=tuple(dict.fromkeys(absent)),
            endogenous=arm.variant.endogenous,
            free_from=self.free_from,
            past=self.past,
            particles=self.particles,
        )

    def arm_at(self, values: tuple[Level, ...]) -> Arm | None:
        """Return the arm that a factor chooses at a point; None if no factor does."""
        by_name = {arm.name: arm for arm in self.arms}
        for factor, value in zip(self.factors, values, strict=True):
            if factor.kind == "arm":
                return by_name[str(value)]
        return None

    def scenario_at(self, arm: Arm, values: tuple[Level, ...]) -> Scenario:
        """Return the scenario at one point of one arm.

        Raises
        ------
        ScenarioError
            If it is no legal scenario.
        StudyError
            If it cannot have the first arm's past, and arms part on a day.
        """
        kinds = kinds_in(self.scenario)
        own = variant_of(self.document, self.variant(arm, values), kinds=kinds)
        if self.free_from is None or arm == self.arms[0]:
            return own
        first = self.variant(self.arms[0], values)
        return with_past_of(own, variant_of(self.document, first, kinds=kinds))
