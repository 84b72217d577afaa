"""Pasts that a record speaks for: worlds weighed by it, and chosen along the way.

A particle is a world that is replayed: a replication's number, and the lineage of
numbers that keyed it since (`sim.engine.alteration`). All particles are run to the day
from which the scenario is free; the engine returns how likely the record was under
each, up to the end of each stage (`sim.engine.weighing`). At the first stage where the
weights are worth fewer than half the particles these are drawn anew in proportion to
their weights, each goes on under a number of its own, and so forth to the day: a
sequential Monte Carlo (Gordon, Salmond and Smith 1993; Del Moral, Doucet and Jasra
2012), whose evidence is unbiased. What comes out are pasts of equal weight.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, log
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.draws import ROOT, Draws, Purpose, child, name_word
from sim.engine.alteration import UNALTERED, Alteration, Pasts
from sim.engine.cast import Cast
from sim.engine.choice import driver_for
from sim.ensemble.executors import map_by
from sim.errors import StudyError
from sim.scenario.scenario import FILTERED, PARTICLES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor

    from sim.engine.driver import Driver
    from sim.scenario.scenario import Scenario

Floats = np.ndarray[Any, np.dtype[np.float64]]
World = tuple[int, tuple[tuple[float, int], ...]]
"""A replication's number, and its lineage."""

OF_DRAWS: Final = 2**58
"""Number of the first particle's replication under the first of many draws."""
OF_A_DRAW: Final = 50
"""Particles under each of many parameter draws."""
FILTERED_BY_DRAW: Final = (
    f"Past filtered under each parameter draw: {OF_A_DRAW} particles each, whatever "
    "these are worth, so that draws of one fit differ by chance of their pasts too."
)
"""What is said of pasts of parameter draws, in place of a `FilteredPast.sentence`."""
STAGE_DAYS: Final = 1.75
"""Length of a stage, while there are at most `MOST_STAGES`."""
MOST_STAGES: Final = 63
ENOUGH: Final = 0.5
"""Share of the particles that weights are worth below which these are drawn anew."""
LEAST_WORTH: Final = 20.0
"""Particles that the weights of each stage have to be worth."""
MOST_TIMES: Final = 4
"""How many times the particles are taken, doubled at each try, where those of a stage
are worth less."""
BATCH: Final = 100
"""Particles that are run together."""

_RESAMPLING: Final = child(ROOT, name_word("filtered past"), name_word("resampling"), 0)


class PoorPastError(StudyError):
    """Too few of the particles tell the record."""


@dataclass(frozen=True, slots=True)
class FilteredPast:
    """Pasts of equal weight, and how well they stand for all."""

    pasts: Pasts
    """Which they are."""
    days: tuple[float, ...]
    """Ends of the stages."""
    worth: tuple[float, ...]
    """Particles that the weights were worth at each: their effective sample size."""
    log_evidence: float
    """Log of the record's likelihood, estimated."""

    @property
    def least_worth(self) -> float:
        """What the weights were worth in the worst stage."""
        return min(self.worth)

    @property
    def sentence(self) -> str:
        """Say how well the pasts stand for all."""
        n, times = len(self.pasts.drawn[-1]), len(self.pasts.renewed)
        return (
            f"Past filtered: {n:,} particles, drawn anew {times} times, "
            f"worth {self.least_worth:.0f} in the worst of {len(self.days)} stages."
        )


@dataclass(frozen=True)
class WeighingTask:
    """What all particles share. It pickles."""

    scenario: Scenario
    root_seed: int
    engine: str
    """``simpy`` or ``compiled``; results do not depend on it."""


def filter_past(
    scenario: Scenario,
    *,
    root_seed: int = 1,
    engine: str = "compiled",
    executor: Executor | None = None,
    least_worth: float | None = None,
) -> FilteredPast:
    """Filter the past of a scenario with the record put in.

    Parameters
    ----------
    scenario
        Whose past is filtered (`sim.scenario.scenario.FILTERED`), among as many
        particles as it says.
    root_seed
        What all chance hangs on.
    engine
        ``simpy`` or ``compiled``; the result does not depend on it.
    executor
        Where they are run; this process when None.
    least_worth
        Particles that the weights of each stage have to be worth; `LEAST_WORTH` when
        None, 0 for none.

    Raises
    ------
    StudyError
        If the scenario has no past to filter, or the weights of a stage are worth less
        with `MOST_TIMES` the particles too.
    """
    task = WeighingTask(scenario, root_seed, engine)

    def weigh(worlds: Sequence[World], days: Sequence[float]) -> Floats:
        parts = [worlds[at : at + BATCH] for at in range(0, len(worlds), BATCH)]
        n = len(parts)
        weights = map_by(executor)(weigh_worlds, [task] * n, parts, [days] * n)
        return np.concatenate(list(weights))

    particles = PARTICLES if scenario.history is None else scenario.history.particles
    least = LEAST_WORTH if least_worth is None else least_worth
    most = MOST_TIMES * particles
    while True:
        try:
            return _filtered(
                scenario, particles, root_seed, weigh, first=0, least_worth=least
            )
        except PoorPastError:
            if particles >= most:
                raise
            particles *= 2


def particles_under(scenario: Scenario, n_draws: int) -> int:
    """Return how many particles parameter draws need; 0 where no past is filtered."""
    return OF_A_DRAW * n_draws if Cast(scenario).is_filtered else 0


def pasts_of_draw(driver: Driver, root_seed: int, draw: int) -> Pasts | None:
    """Return pasts under one of many parameter draws; None where none is filtered.

    They are `OF_A_DRAW` particles, whatever they are worth: the draw was fitted to the
    record already, and is neither better nor worse for what its pasts are worth.
    """
    history = driver.cast.scenario.history
    if not driver.cast.is_filtered or history is None or not history.since > 0.0:
        return None
    first = OF_DRAWS + draw * OF_A_DRAW
    return filter_with(driver, root_seed, particles=OF_A_DRAW, first=first).pasts


def filter_with(
    driver: Driver, root_seed: int, *, particles: int, first: int
) -> FilteredPast:
    """Filter the past of a driver's cast, here and now, whatever it is worth."""

    def weigh(worlds: Sequence[World], days: Sequence[float]) -> Floats:
        return weights_of(driver, root_seed, worlds, days)

    scenario = driver.cast.scenario
    return _filtered(
        scenario, particles, root_seed, weigh, first=first, least_worth=0.0
    )


def weigh_worlds(
    task: WeighingTask, worlds: Sequence[World], days: Sequence[float]
) -> Floats:
    """Return log weights of some particles up to each day, shape (worlds, days)."""
    driver = driver_for(_cast(task.scenario), task.engine)
    return weights_of(driver, task.root_seed, worlds, days)


def weights_of(
    driver: Driver, root_seed: int, worlds: Sequence[World], days: Sequence[float]
) -> Floats:
    """Return what `weigh_worlds` does; a world that fails has no weight."""
    weights = np.full((len(worlds), len(days)), -np.inf)
    for place, (number, lineage) in enumerate(worlds):
        try:
            altered = Alteration(lineage) if lineage else UNALTERED
            weights[place] = driver.weights(root_seed, number, days, altered)
        except MemoryError:
            raise
        except Exception:  # whatever else goes wrong, it is no world
            continue
    return weights


_CASTS: Final[dict[str, Cast]] = {}


def _cast(scenario: Scenario) -> Cast:
    """Return a scenario's cast, the same one for the parts of one filter."""
    digest = scenario.digest
    if digest not in _CASTS:
        _CASTS.clear()
        _CASTS[digest] = Cast(scenario)
    return _CASTS[digest]


def stages_of(since: float) -> tuple[float, ...]:
    """Return the ends of the stages up to a day.

    >>> stages_of(6.0)
    (1.75, 3.5, 5.25, 6.0)
    """
    length = max(STAGE_DAYS, since / MOST_STAGES)
    n = ceil(since / length)
    return (*(length * (k + 1) for k in range(n - 1)), since)


def _filtered(
    scenario: Scenario,
    particles: int,
    root_seed: int,
    weigh: Callable[[Sequence[World], Sequence[float]], Floats],
    *,
    first: int,
    least_worth: float,
) -> FilteredPast:
    """Run the particles, and draw them anew where weights are worth too little."""
    history = scenario.history
    if history is None or not history.since > 0.0:
        message = f"{scenario.name} has no past to filter: no record is put in"
        raise StudyError(message)
    days = stages_of(history.since)
    everyone = tuple(range(particles))
    pasts = Pasts(first, history.since, (), (everyone,))
    weights = weigh(_worlds_of(pasts, particles), days)
    before = np.zeros(particles)
    worth: list[float] = []
    renewed: list[float] = []
    drawn: list[tuple[int, ...]] = []
    evidence = 0.0
    for stage, day in enumerate(days):
        gain = weights[:, stage] - before
        top = float(gain.max())
        if not np.isfinite(top):
            raise PoorPastError(_refusal(scenario, 0.0, day, particles, least_worth))
        relative = np.exp(gain - top)
        total = float(relative.sum())
        worth.append(total**2 / float((relative**2).sum()))
        if worth[-1] < least_worth:
            message = _refusal(scenario, worth[-1], day, particles, least_worth)
            raise PoorPastError(message)
        is_last = stage + 1 == len(days)
        if worth[-1] >= ENOUGH * particles and not is_last:
            continue
        evidence += top + log(total / particles)
        u = Draws(root_seed, first).one(_RESAMPLING, Purpose.CHOICE, len(renewed))
        chosen = _systematic(relative / total, u)
        renewed.append(day)
        drawn.append(tuple(chosen))
        if is_last:
            break
        # As yet nobody is drawn from them.
        pasts = Pasts(first, history.since, tuple(renewed), (*drawn, everyone))
        weights = weigh(_worlds_of(pasts, particles), days)
        before = weights[:, stage]
    pasts = Pasts(first, history.since, tuple(renewed), tuple(drawn))
    return FilteredPast(pasts, days, tuple(worth), evidence)


def _worlds_of(pasts: Pasts, particles: int) -> list[World]:
    return [pasts.world(k) for k in range(particles)]


def _systematic(shares: Floats, u: float) -> list[int]:
    """Return which particles are drawn, by one uniform: in order, each about its share.

    >>> _systematic(np.array([0.5, 0.25, 0.25, 0.0]), 0.5)
    [0, 0, 1, 2]
    """
    n = len(shares)
    reached = np.cumsum(shares)
    at = (np.arange(n) + u) / n * reached[-1]
    chosen = np.searchsorted(reached, at, side="right")
    return np.minimum(chosen, n - 1).tolist()


def _refusal(
    scenario: Scenario, worth: float, day: float, particles: int, least: float
) -> str:
    n = max(2 * particles, int(particles * 2.0 * least / max(worth, 0.5)))
    return (
        f"the record up to {scenario.day_of(day)} is told by too few worlds of "
        f"{scenario.name}: of {particles:,} particles the weights of that stage are "
        f"worth {worth:.1f}, and {least:g} are needed; ask for more (--particles {n}), "
        "fit the scenario to the record first, or say --past injected, which puts the "
        "record into worlds that would not have brought it about"
    )


def pasts_for(
    scenario: Scenario,
    root_seed: int,
    *,
    engine: str = "compiled",
    executor: Executor | None = None,
    tell: Callable[[str], None] | None = None,
) -> Pasts | None:
    """Return the pasts of a scenario's ensemble; None where none is filtered.

    The last few are remembered: arms that part on a day have one past.
    """
    history = scenario.history
    if history is None or history.past != FILTERED or not history.since > 0.0:
        return None
    key = (scenario.digest, root_seed)
    if key not in _REMEMBERED:
        past = filter_past(
            scenario, root_seed=root_seed, engine=engine, executor=executor
        )
        while len(_REMEMBERED) >= MOST_REMEMBERED:
            del _REMEMBERED[next(iter(_REMEMBERED))]
        _REMEMBERED[key] = past
        if tell is not None:
            tell(past.sentence)
    return _REMEMBERED[key].pasts


_REMEMBERED: Final[dict[tuple[str, int], FilteredPast]] = {}
MOST_REMEMBERED: Final = 8
