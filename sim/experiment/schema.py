"""The experiment file as people write it: its sections."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, TypeAlias, Union

from pydantic import AfterValidator, Field, create_model

from sim.experiment.experiment import DesignKind
from sim.experiment.factor import SHAPES
from sim.reading.structure import (
    Name,
    OneOrMore,
    SchemaOne,
    Section,
    Text,
    Whole,
    Words,
)
from sim.record.question import known_question
from sim.scenario.schema import Day, SourceIds

MOST_REPLICATIONS: Final = 10_000_000
MOST_ARMS: Final = 100


def _optional(**constraints: Any) -> Any:
    """Make a field that may be left out; null is no way to leave it out."""
    return Field(default_factory=lambda: None, **constraints)


Replications: TypeAlias = Annotated[Whole, Field(ge=2, le=MOST_REPLICATIONS)]
Particles: TypeAlias = Annotated[Whole, Field(ge=20, le=1_000_000)]
Generations: TypeAlias = Annotated[Whole, Field(ge=1, le=100)]
RootSeed: TypeAlias = Annotated[Whole, Field(ge=0, le=2**63)]


class PrecisionSection(Section):
    """How narrow an interval to reach."""

    outcome: Words = Field(description="the outcome whose mean is to be known")
    half_width: float = Field(gt=0.0, description="half of its 95 % interval")
    at_most: Replications = Field(description="replications at which to give up")


class ArmSection(Section):
    """What is to be set side by side with the others."""

    label: Words = _optional()
    """What sentences and pictures call it; its name unless given."""
    changes: dict[str, Any] = {}
    """New values by path."""
    developments: list[dict[str, Any]] = []
    """What comes from outside on top of the scenario's, such as a player's moves."""
    cancels: list[str] = []
    """Ids of developments or record rows that do not happen."""
    absent: list[str] = []
    """Actors that are not there."""
    endogenous: list[str] = []
    """Acts of the scenario's `exogenous` that actors do by themselves here."""
    note: Text = ""
    """Free text."""


class DistributionSection(Section):
    """How likely a factor's values are: what every family has."""

    basis: Literal["measured", "coded", "calibrated", "assumed"] = Field(
        description="what it rests on"
    )
    source: SourceIds = []
    """Ids of sources; required unless it is assumed."""
    note: Text = ""
    """Free text."""


def _family(shape: str, numbers: tuple[str, ...]) -> Any:
    """Make the section of one family of distributions."""
    described = Field(description=f"of the {shape} distribution")
    fields: dict[str, Any] = {name: (Any, described) for name in numbers}
    fields["shape"] = (Literal[shape], ...)
    return create_model(shape, __base__=DistributionSection, **fields)


_FAMILIES: Any = Union[tuple(_family(*row) for row in SHAPES.items())]  # noqa: UP007
Distribution: Any = Annotated[_FAMILIES, Field(discriminator="shape")]


class FactorSection(Section):
    """What the design varies."""

    label: Words = _optional()
    """What tables and pictures call it; its name unless given."""
    path: OneOrMore = _optional(min_length=1)
    """The values that it sets."""
    presence: Name = _optional()
    """The actor that is there (1) or not (0)."""
    arms: list[str] = _optional(min_length=2)
    """The arms that it chooses among."""
    range: list[Any] = _optional()
    """Low and high; the range that the scenario cites unless given."""
    levels: list[Any] = _optional()
    """Values of a grid, in place of a range; a number in a fit has none."""
    unit: Words = _optional()
    """Of range, levels and distribution."""
    distribution: Distribution = _optional()  # pyright: ignore[reportInvalidTypeForm]
    """How likely its values are; the prior of a calibration."""
    note: Text = ""
    """Free text."""


class DesignSection(Section):
    """Which points of the factors are run."""

    nouns = {"kind": "a design; designs"}
    kind: DesignKind = Field(description="how points are placed")
    points: Any = _optional()
    """How many, or the list itself."""
    levels: Annotated[Whole, Field(ge=4, le=32)] = 4
    """Of each factor in a Morris design."""
    root_seed: RootSeed = 1
    """Of where the points are placed."""


class CalibrateSection(Section):
    """How the factors are fitted to the record."""

    nouns = {"adjustment": "an adjustment; adjustments"}
    particles: Particles = Field(description="size of each population")
    generations: Generations = _optional()
    """Populations at most."""
    least_acceptance: Annotated[float, Field(ge=0.0, le=1.0)] = _optional()
    """Share of attempts kept below which to stop."""
    adjustment: Literal["linear", "none"] = "linear"
    """Of the last population towards the record."""
    targets: list[str] = []
    """Names of fitted targets; all of them unless given."""


class ScoreSection(Section):
    """The days from which it forecasts and is scored."""

    nouns = {"every": "a step; steps"}
    calibration: Words = _optional()
    """The experiment whose factors are refitted."""
    origins: list[Day] = _optional(min_length=1)
    """Days on which a window begins; or else `every`."""
    every: Literal["month"] = _optional()
    """An origin on each of its first days."""
    first: Day = _optional()
    """With `every`: the first origin, a first of a month."""
    last: Day = _optional()
    """With `every`: no origin comes after it."""
    window: Annotated[Whole, Field(ge=1, le=366)] = _optional()
    """Days; up to the next origin unless given."""
    steps: Annotated[Whole, Field(ge=1, le=120)] = 1
    """From each origin so many windows are forecast: its own, and those of the origins
    that follow."""
    particles: Particles = _optional()
    """Of each refit; those of the calibration unless given."""
    generations: Generations = _optional()
    """Of each refit; those of the calibration unless given."""
    draws: Annotated[Whole, Field(ge=1, le=1_000_000)] = _optional()
    """Of each refit's posterior."""
    replications: Annotated[Whole, Field(ge=1, le=1000)] = _optional()
    """Of each draw."""
    questions: list[Annotated[str, AfterValidator(known_question)]] = _optional(
        min_length=1
    )
    """What is asked of each window (`docs/forecasts.md`); five unless given."""


class StructureSection(Section):
    """One theory: which mechanisms of the ledger are on."""

    nouns = {"rhythm": "a law of dates; laws"}
    label: Words = _optional()
    """What tables and pictures call it; its name unless given."""
    on: list[str] = []
    """Feedbacks that are on, by their names in the ledger; every other one is off."""
    off: list[str] = []
    """Further mechanisms that are off."""
    factors: dict[Name, FactorSection] = {}
    """Priors of its own, in place of the calibration's or beside them."""
    rhythm: Literal["constant", "campaigns", "exciting"] = _optional()
    """The law of dates that it comes nearest to."""
    expected: list[Annotated[float, Field(ge=0.0, le=1.0)]] = []
    """How often it was expected to be named, for each of `windows`."""
    note: Text = ""
    """Free text."""


class PolicySection(Section):
    """The policy question that is answered under each structure."""

    experiment: Words = Field(description="the experiment that has the arms")
    arms: Annotated[list[str], Field(min_length=2, max_length=2)] = Field(
        description="two of its arms; the first is the reference"
    )
    outcomes: list[str] = Field([], min_length=1)
    """Names of outcomes of what happened (`..._true`)."""
    draws: Annotated[Whole, Field(ge=30, le=100_000)] = 200
    """Of each structure's posterior."""
    replications: Annotated[Whole, Field(ge=2, le=1000)] = 4
    """Of each draw and arm."""


class RivalsSection(Section):
    """The theories that are held against one another."""

    particles: Particles = _optional()
    """Of each fit to the whole record; those of the calibration unless given."""
    generations: Generations = _optional()
    """Of each fit to the whole record; those of the calibration unless given."""
    bank: Annotated[Whole, Field(ge=50, le=1_000_000)] = 1500
    """Worlds of each structure from which their statistics are learned."""
    worlds: Annotated[Whole, Field(ge=2, le=10_000)] = 30
    """Synthetic histories of each structure that are to be named."""
    windows: Annotated[list[Annotated[Whole, Field(ge=1, le=100)]], Field(min_length=1)]
    """Lengths of the histories, in windows of the record's length; rising."""
    policy: PolicySection = Field(description="two arms and their outcomes")
    structures: Annotated[dict[Name, StructureSection], Field(min_length=2)]
    """The theories."""


class ScoredFile(Section):
    """An experiment's file; where it is fitted or scored, that says of what."""

    schema_: SchemaOne = Field(alias="schema", description="version of the format, 1")
    id: Name = Field(description="the folder's name")
    question: Words = Field(description="what the experiment is to answer")
    scenario: Words = Field(
        description="a shipped scenario's id, or a file beside this"
    )
    root_seed: RootSeed = Field(description="the integer that all chance hangs on")
    replications: Replications = _optional()
    """For each arm at each design point."""
    precision: PrecisionSection = _optional()
    """In place of replications: how narrow an interval to reach."""
    from_: Day = Field("", alias="from")
    """Day up to which the record is put in, and on which the arms part."""
    past: Literal["injected", "filtered"] = _optional()
    """How it is put in: as it is, or into worlds in which it was likely."""
    particles: Annotated[Whole, Field(ge=2, le=1_000_000)] = _optional()
    """Among how many worlds a filtered past is chosen."""
    until: Any = _optional()
    """Date or number of days at which to end."""
    outcomes: list[str] = Field([], min_length=1)
    """Names of the outcomes to report."""
    changes: dict[str, Any] = {}
    """Path: value, for every arm."""
    arms: Annotated[
        dict[Name, ArmSection], Field(min_length=1, max_length=MOST_ARMS)
    ] = _optional()
    """What is set side by side; one arm, the scenario, unless given."""
    pair: Annotated[list[str], Field(min_length=2, max_length=2)] = _optional()
    """The two arms that the question sets against each other, told first; each arm
    against the first unless given."""
    assumptions: list[Words] = []
    """What an answer takes for granted, in whole sentences; reports and briefs have
    them."""
    factors: dict[Name, FactorSection] = {}
    """What the design varies, or a calibration fits."""
    design: DesignSection = _optional()
    """Which points of the factors are run."""
    calibrate: CalibrateSection = _optional()
    """How the factors are fitted to the record."""
    score: ScoreSection = _optional()
    """From which days it is forecast, to be scored."""
    rivals: RivalsSection = _optional()
    """Theories that are fitted, scored and asked side by side."""
    note: Text = ""
    """Free text."""


class ExperimentFile(ScoredFile):
    """An experiment's file that names its outcomes."""

    outcomes: list[str] = Field(
        min_length=1, description="names of the outcomes to report"
    )
