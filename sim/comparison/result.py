"""What a comparison finds: one outcome, one arm, all arms."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import nan
from typing import TYPE_CHECKING, Final

from sim.experiment.experiment import Asked
from sim.statistics.effect import MEAN_DIFFERENCE, MEDIAN_DIFFERENCE, Estimate

if TYPE_CHECKING:
    from sim.comparison.pairing import ArmOutcomes, Pairing
    from sim.outcomes import Outcome

LEVEL: Final = 0.95

FEWEST_DIFFERING: Final = 10
"""Differing pairs below which a difference hangs on what single pairs did."""


@dataclass(frozen=True)
class Distances:
    """How far apart two distributions are, and how far noise alone would put them."""

    kolmogorov_smirnov: float
    """Largest difference of the two distribution functions, 0 to 1."""
    kolmogorov_smirnov_floor: float
    """95 % of swaps of the arms stay below it."""
    wasserstein: float
    """Mean distance by which values must move to turn one into the other; the
    outcome's unit."""
    wasserstein_floor: float


@dataclass(frozen=True)
class OutcomeComparison:
    """One outcome of an arm against the reference."""

    outcome: Outcome
    n: int
    """Pairs that were compared; the shorter arm's replications when independent."""
    n_defined: int
    """Of these, in how many the outcome is defined in both arms."""
    effects: dict[str, Estimate]
    """By name; ends are nan where no interval can be given."""
    reference_mean: float = nan
    arm_mean: float = nan
    reference_error: float = nan
    """Half-width of the interval of the reference's own mean; nan of one value."""
    arm_error: float = nan
    reference_median: float = nan
    arm_median: float = nan
    distances: Distances | None = None
    n_differing: int = 0
    """Pairs in which the arms differ; 0 unless coupled."""
    share_more: float = nan
    """Share of pairs in which the arm has more than the reference; nan unless
    coupled."""
    share_less: float = nan
    swap_p_value: float = nan
    """Of no mean difference, by swapping arms within pairs; nan unless coupled."""
    scipy_p_values: dict[str, float] = field(default_factory=dict[str, float])
    """SciPy's tests by name; empty unless the arms are independent."""
    variance_ratio: float = nan
    """Variance of the mean difference if the arms were independent, over what it is;
    nan unless coupled."""
    reason: str = ""
    """Why there is no interval; empty where there is one."""

    @property
    def headline(self) -> Estimate:
        """The difference that is told first: of medians for delays, else of means."""
        by_median = self.outcome.aggregate == "median"
        return self.effects[MEDIAN_DIFFERENCE if by_median else MEAN_DIFFERENCE]

    @property
    def share_same(self) -> float:
        """Share of pairs in which both arms have the same."""
        return 1.0 - self.share_more - self.share_less

    @property
    def is_clear(self) -> bool:
        """Whether a difference can be told: the headline's interval leaves out 0.

        That of means does so only where the swap test rules it out, too.
        """
        return self.headline.low > 0.0 or self.headline.high < 0.0

    @property
    def never_differs(self) -> bool:
        """Whether both arms have the same in every pair."""
        return self.share_more == 0.0 and self.share_less == 0.0


@dataclass(frozen=True)
class ArmComparison:
    """One arm against the reference, in every outcome that was looked at."""

    reference: str
    arm: str
    is_coupled: bool
    n: int
    n_failed: int
    """Replications that were left out because they failed in either arm."""
    outcomes: dict[str, OutcomeComparison]
    label: str
    """What the arm is called; its name where an experiment's file says no more."""
    reference_label: str

    @property
    def quoted(self) -> str:
        """How a sentence calls the arm."""
        return quoted(self.arm, self.label)

    @property
    def against(self) -> str:
        """How a sentence calls the reference."""
        return quoted(self.reference, self.reference_label)


def quoted(name: str, label: str) -> str:
    """Return how a sentence calls an arm: by its label, in quotes, if it has one.

    >>> quoted("strict", "half the tolerance"), quoted("strict", "strict")
    ("'half the tolerance'", 'strict')
    """
    return name if label == name else f"'{label}'"


@dataclass(frozen=True, eq=False)
class Comparison:
    """Every arm against the first, and what the figures rest on."""

    arms: tuple[ArmOutcomes, ...]
    pairings: tuple[Pairing, ...]
    comparisons: tuple[ArmComparison, ...]
    outcomes: dict[str, Outcome]
    level: float
    resamples: int
    notes: tuple[str, ...] = field(default=())
    """What a reader must know besides, such as how a run was stopped."""
    asked: Asked = field(default=Asked())
    """What an experiment's file asks, and says of its answer."""

    @property
    def n_looked_at(self) -> int:
        """How many differences were looked at: outcomes times arms."""
        return len(self.outcomes) * len(self.comparisons)
