"""What a view shows, computed: coupled worlds of the scenario as it stands and changed.

Replications are cached and added to, so that a view is answered from few worlds at once
and refined from more; the numbers of n worlds do not depend on how they were come by,
and are those of ``escalade compare`` and ``escalade run`` for as many.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from threading import RLock
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.analytic.branching import refuse_runaway
from sim.comparison.compare import compare_outcome
from sim.comparison.pairing import ArmOutcomes, Pairing, arm_of, pair
from sim.comparison.result import LEVEL, ArmComparison, OutcomeComparison
from sim.comparison.words import sentence
from sim.digits import capital, figure, interval_text
from sim.engine.alteration import UNALTERED, Alteration
from sim.engine.cast import Cast
from sim.engine.choice import compiling_sentence, has_numba
from sim.ensemble.ensemble import run_draws, run_ensemble
from sim.ensemble.executors import Threads
from sim.errors import StudyError, nearest
from sim.experiment.design import design_of
from sim.experiment.experiment import DesignPlan
from sim.experiment.posterior import Posterior, fit_metadata
from sim.experiment.variant import Variant, variant_of
from sim.explorer.levers import Lever, levers_of
from sim.explorer.view import STEPS, View
from sim.outcomes import outcomes_for
from sim.rules.registry import KINDS
from sim.scenario.form import read_scenario
from sim.scenario.load import find
from sim.scenario.renumber import with_numbers
from sim.statistics.effect import (
    MEAN_DIFFERENCE,
    MEDIAN_DIFFERENCE,
    Estimate,
    effects_of,
    sample_of,
)
from sim.statistics.mean_interval import own_interval

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from sim.ensemble.ensemble import Ensemble
    from sim.ensemble.part import Progress
    from sim.experiment.factor import Factor
    from sim.outcomes import Outcome
    from sim.rules.behaviour import Kind
    from sim.scenario.scenario import Cited, Scenario

    Floats = NDArray[np.float64]

AS_IT_STANDS: Final = "the scenario as it stands"
EXPLORED: Final = "the scenario as changed"
"""Names of the two arms, as sentences have them."""

PER_DRAW: Final = 5
"""Worlds that share one value of a range."""

PARTICLES: Final = 1000
"""Values that a range is drawn from, spread evenly."""

MOST_VIEWS: Final = 16
"""Changed scenarios whose worlds are kept in memory."""

CROSSING_WORLDS: Final = 100
"""Pairs of worlds in which a lever crosses its range, when levers are ranked."""


@dataclass(frozen=True, eq=False)
class Answer:
    """What a view shows, from so many worlds."""

    view: View
    n: int
    """Pairs of worlds."""
    outcome: Outcome
    reference: Floats
    """The outcome in the scenario as it stands, shape (n,); nan where undefined."""
    arm: Floats
    """In the same worlds, as the view changes them."""
    comparison: OutcomeComparison
    difference: Estimate
    """That which is told first, with its interval; of a range, by its draws."""
    text: str
    """The same in words."""

    def numbers(self) -> dict[str, Any]:
        """Return its numbers as JSON holds them, to the last digit."""
        row = self.comparison
        return {
            "outcome": self.outcome.name,
            "worlds": self.n,
            "as_it_stands": row.reference_mean,
            "explored": row.arm_mean,
            "difference": self.difference.value,
            "low": self.difference.low,
            "high": self.difference.high,
            "share_more": row.share_more,
            "share_less": row.share_less,
            "share_same": row.share_same,
        }


@dataclass(frozen=True)
class Crossing:
    """What crossing its range does to an outcome, all else as it stands."""

    lever: Lever
    effect: Estimate
    """Mean at the high end less that at the low end, in the same worlds."""


class Session:
    """A scenario that is looked at: its document, its levers, the worlds run so far."""

    def __init__(
        self,
        file: str,
        *,
        root_seed: int = 1,
        until: float | None = None,
        workers: int = 2,
        kinds: Mapping[str, Kind] = KINDS,
    ) -> None:
        self.file = file
        self.root_seed = root_seed
        self.kinds = kinds
        self.crew = Threads(workers)  # no process starts while somebody waits
        self.document = read_scenario(find(file), kinds)
        self.scenario = variant_of(self.document, Variant(), kinds=kinds)
        self.until = self.scenario.horizon if until is None else until
        self.levers = levers_of(self.document, self.scenario)
        self.by_path = {lever.path: lever for lever in self.levers}
        self.outcomes = outcomes_for(self.scenario)
        self.engine = _engine_of(self.scenario)
        self._views: OrderedDict[str, _Worlds] = OrderedDict()
        self._lock = RLock()

    def view(self, outcome: str | None = None) -> View:
        """Return the view of the scenario as it stands."""
        base = View(self.file, root_seed=self.root_seed)
        return base if outcome is None else replace(base, outcome=outcome)

    def scenario_of(self, view: View) -> Scenario:
        """Return a view's scenario; what is drawn from a range is as it stands.

        Raises
        ------
        ScenarioError
            With every fault, in the words of ``escalade check``.
        """
        changes = {path: self.written(path, x) for path, x in view.changes.items()}
        variant = Variant(changes=changes, developments=view.moves)
        scenario = variant_of(self.document, variant, kinds=self.kinds)
        return replace(scenario, cited=tuple(map(self._as_moved, scenario.cited)))

    def _as_moved(self, now: Cited) -> Cited:
        """Return a number's citation: one that was moved within its range keeps it."""
        lever = self.by_path.get(now.path)
        if lever is None or now.value == lever.value:
            return now
        was = lever.cited
        note = f"{lever.text(was.value)} ({was.basis}) before it was moved. {was.note}"
        moved = replace(now, source=was.source, note=note.strip())
        if was.low <= now.value <= was.high:
            moved = replace(moved, low=was.low, high=was.high)
        return moved

    def written(self, path: str, value: float) -> Any:
        """Return a value as a file has it."""
        lever = self.by_path.get(path)
        if lever is None or lever.factor.unit == "1":
            return value
        return f"{value!r} {lever.factor.unit}"

    def turn(self) -> RLock:
        """Return what one request at a time holds while it computes."""
        return self._lock

    def arm(self, view: View, n: int, progress: Progress | None = None) -> ArmOutcomes:
        """Return the outcomes of the first n worlds of a view; what lacks is run."""
        with self._lock:
            worlds = self._worlds(view)
            arm = worlds.arm
            if arm is None or (len(arm.outcomes) < n and view.ranges):
                arm = self._first(worlds.scenario, view, n, progress)
            elif len(arm.outcomes) < n:
                numbers = range(len(arm.outcomes), n)
                more = self.run(worlds.scenario, numbers, view, progress=progress)
                arm = arm.joined(arm_of(arm.name, more))
            worlds.arm = arm
        return replace(arm, outcomes=arm.outcomes.iloc[:n])

    def answer(
        self, view: View, n: int = STEPS[0], progress: Progress | None = None
    ) -> Answer:
        """Return what a view shows, from n pairs of worlds.

        Raises
        ------
        ScenarioError, StudyError
            If the view is no legal scenario, or its outcome none of its outcomes.
        """
        outcome = self.outcomes.get(view.outcome)
        if outcome is None:
            message = f"{view.outcome!r} is no outcome"
            raise StudyError(message + nearest(view.outcome, self.outcomes))
        n -= n % PER_DRAW
        base = replace(self.view(view.outcome), root_seed=view.root_seed)
        arm = self.arm(view, n, progress)
        if arm.failed:  # the estimate takes seconds: it is for who must know why
            refuse_runaway(self.scenario_of(view))
        pairing = pair(self.arm(base, n), arm)
        row = (
            compare_outcome(pairing, outcome)
            if view.is_changed
            else _level(pairing, outcome)
        )
        reference, explored = pairing.columns(outcome.name)
        difference = row.headline
        if view.ranges:
            difference = _by_draw(reference, explored, view.root_seed) or difference
        text = _words(pairing, row, difference, is_range=bool(view.ranges))
        text = capital(text)
        return Answer(
            view=view,
            n=len(pairing.numbers),
            outcome=outcome,
            reference=reference,
            arm=explored,
            comparison=row,
            difference=difference,
            text=text,
        )

    def posterior(self, view: View, scenario: Scenario) -> Posterior:
        """Return the values that are drawn from a view's ranges, as a posterior."""
        from scipy.stats import norm

        factors: list[Factor] = []
        for path, (low, high) in view.ranges.items():
            lever = self.by_path.get(path)
            if lever is None:
                message = f"{path!r} has no range{nearest(path, self.by_path)}"
                raise StudyError(message)
            if not low < high:
                message = f"{path}: the range {low:g} to {high:g} does not rise"
                raise StudyError(message)
            ends = {"low": low, "high": high, "distribution": None}
            factors.append(replace(lever.factor, **ends))
        plan = DesignPlan("latin_hypercube", PARTICLES, root_seed=view.root_seed)
        places = design_of(plan, factors).places
        return Posterior(
            values={
                factor.name: factor.numbers_at(places[:, k])
                for k, factor in enumerate(factors)
            },
            weights=np.full(PARTICLES, 1.0 / PARTICLES),
            distances=np.zeros(PARTICLES),
            scores=norm.ppf(places),
            metadata=fit_metadata(
                scenario,
                factors,
                experiment="explored",
                root_seed=view.root_seed,
                until=self.until,
            ),
        )

    def crossing(
        self, lever: Lever, outcome: str, n: int = CROSSING_WORLDS
    ) -> Crossing:
        """Return what a lever does to an outcome when it crosses its range."""
        ends: list[Floats] = []
        for value in (lever.factor.low, lever.factor.high):
            scenario = with_numbers(self.scenario, {lever.path: value})
            ensemble = self.run(scenario, range(n))
            ends.append(ensemble.frame([outcome])[outcome].to_numpy(dtype=float))
        sample = sample_of(ends[0], ends[1], coupled=True)
        if len(sample.reference) < 2:
            nan = float("nan")
            return Crossing(lever, Estimate(MEAN_DIFFERENCE, nan, nan, nan))
        return Crossing(lever, effects_of(sample, self.root_seed)[MEAN_DIFFERENCE])

    def compile(self, tell: Callable[[str], None]) -> None:
        """Compile the rules, where that was not done; half a minute, once."""
        if self.engine == "compiled":
            from sim.engine.compiled.driver import needs_compiling

            cast = Cast(self.scenario)
            if needs_compiling(cast):
                tell(f"{compiling_sentence(cast)}; longer on a busy machine")
            self.run(self.scenario, range(1))

    def _worlds(self, view: View) -> _Worlds:
        worlds = self._views.get(view.key)
        if worlds is None:
            worlds = _Worlds(self.scenario_of(view))
            self._views[view.key] = worlds
        self._views.move_to_end(view.key)
        while len(self._views) > MOST_VIEWS:
            oldest = next(iter(self._views))
            if oldest == replace(self.view(), root_seed=view.root_seed).key:
                self._views.move_to_end(oldest)  # what all others are held against
                continue
            del self._views[oldest]
        return worlds

    def _first(
        self, scenario: Scenario, view: View, n: int, progress: Progress | None
    ) -> ArmOutcomes:
        """Return the first n worlds of a view as an arm, its rows by their numbers."""
        if not view.ranges:
            name = EXPLORED if view.is_changed else AS_IT_STANDS
            ensemble = self.run(scenario, range(n), view, progress=progress)
            return arm_of(name, ensemble)
        ensemble = run_draws(
            scenario,
            self.posterior(view, scenario),
            draws=n // PER_DRAW,
            replications=PER_DRAW,
            root_seed=view.root_seed,
            workers=self.crew,
            until=self.until,
            engine=self.engine,
            progress=progress,
        )
        arm = arm_of(EXPLORED, ensemble)
        return replace(arm, outcomes=arm.outcomes.droplevel("draw"))

    def run(
        self,
        scenario: Scenario,
        numbers: range,
        view: View | None = None,
        *,
        progress: Progress | None = None,
        alteration: Alteration = UNALTERED,
    ) -> Ensemble:
        """Run worlds of a scenario, with the root_seed of a view."""
        with self._lock:
            return run_ensemble(
                scenario,
                replications=numbers,
                root_seed=self.root_seed if view is None else view.root_seed,
                workers=self.crew,
                until=self.until,
                engine=self.engine,
                progress=progress,
                alteration=alteration,
            )


@dataclass(eq=False)
class _Worlds:
    """The worlds of one view that were run."""

    scenario: Scenario
    arm: ArmOutcomes | None = None


def _engine_of(scenario: Scenario) -> str:
    """Return the engine that answers soonest once it is warm."""
    if has_numba():
        from sim.engine.compiled.driver import why_not

        if not why_not(Cast(scenario)):
            return "compiled"
    return "simpy"


def _level(pairing: Pairing, outcome: Outcome) -> OutcomeComparison:
    """Return an outcome of the scenario as it stands, against itself."""
    values = pairing.columns(outcome.name)[0]
    defined = values[np.isfinite(values)]
    mean = error = float("nan")
    if len(defined) > 1:
        low, high = own_interval(defined, LEVEL)
        mean, error = float(defined.mean()), (high - low) / 2.0
    names = (MEAN_DIFFERENCE, MEDIAN_DIFFERENCE)
    return OutcomeComparison(
        outcome=outcome,
        n=len(values),
        n_defined=len(defined),
        effects={name: Estimate(name, 0.0, 0.0, 0.0) for name in names},
        reference_mean=mean,
        arm_mean=mean,
        reference_error=error,
        arm_error=error,
        share_more=0.0,
        share_less=0.0,
    )


def _by_draw(reference: Floats, arm: Floats, root_seed: int) -> Estimate | None:
    """Return the mean difference with the interval of draws: worlds of one are alike.

    None where too few draws have the outcome defined in all their worlds.
    """
    n = len(reference) - len(reference) % PER_DRAW
    means = [x[:n].reshape(-1, PER_DRAW).mean(axis=1) for x in (reference, arm)]
    sample = sample_of(means[0], means[1], coupled=True)
    if len(sample.reference) < 2:
        return None
    return effects_of(sample, root_seed)[MEAN_DIFFERENCE]


def _words(
    pairing: Pairing,
    row: OutcomeComparison,
    difference: Estimate,
    *,
    is_range: bool,
) -> str:
    """Say what is seen."""
    if pairing.arm.name == AS_IT_STANDS:
        level = figure(row.reference_mean, row.reference_error)
        kind = "share" if row.outcome.aggregate == "proportion" else "mean"
        return (
            f"{row.outcome.label.capitalize()} in the scenario as it stands: {kind} "
            f"{level}. Move a number to see what that changes."
        )
    if not is_range:
        arm = ArmComparison(
            reference=pairing.reference.name,
            arm=pairing.arm.name,
            is_coupled=True,
            n=len(pairing.numbers),
            n_failed=pairing.n_failed,
            outcomes={row.outcome.name: row},
            label=pairing.arm.name,
            reference_label=pairing.reference.name,
        )
        return sentence(arm, row, pairing.reference.until)
    size = figure(difference.value, difference.half_width, signed=True)
    ends = interval_text(difference.low, difference.high)
    return (
        f"{row.outcome.label.capitalize()}: over the range {size} on average (95 % "
        f"interval {ends}) against the scenario as it stands; every {PER_DRAW} worlds "
        "share one value, drawn evenly from the range. In the same world it is higher "
        f"in {100 * row.share_more:.0f} %, lower in {100 * row.share_less:.0f} % and "
        f"the same in {100 * row.share_same:.0f} %."
    )
