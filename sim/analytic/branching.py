"""How many incidents one incident causes: the branching ratio, before any run.

At 1 or above a conflict feeds on itself and no replication ends well. The estimate
comes from the kinds' tables alone, so it serves any kind. The calm starting state is
linearised: one incident is shown to everybody who heeds it; the rise of every option's
hazard is integrated over the time in which it fades, and every response is asked how
often it answers. That gives a matrix of who causes how much of what (the next
generation); its spectral radius is the ratio.

What is left out, in both directions: hazards are convex in tension, so a conflict that
is already hot branches more; caps, stocks, limits of operations at once and broken off
operations make it branch less; what lowers a hazard counts as nothing; authors are
taken to be known; noticed stages and the calling off of operations cause nothing new.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim import memo
from sim.analytic.candidates import crowd_of, refuse_crowd
from sim.analytic.offspring import Known, Linear
from sim.analytic.remedy import Remedy, nearest_passing, unit_of
from sim.digest import rules_digest
from sim.engine.cast import Cast
from sim.errors import StudyError
from sim.ladder import name_of
from sim.rules.behaviour import parameter_table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.scenario.scenario import Scenario

_CODE: Final = tuple(
    Path(__file__).with_name(name) for name in ("branching.py", "offspring.py")
)
"""Source files that an estimate depends on, besides the rules."""

_MOST_REMEDIES: Final = 4
"""Parameters that are tried, one at a time, for one that would pass alone."""


@dataclass(frozen=True)
class Branching:
    """The estimate."""

    ratio: float
    """Incidents that one incident causes, in the long run of its descendants, >= 0."""
    loop: tuple[str, ...]
    """The chain of incidents, each causing the next, that carries most of it."""

    def __str__(self) -> str:
        return f"{self.ratio:.3g} ({' → '.join(self.loop) or 'no loop'})"


class Alike:
    """What was found of scenarios, for those that differ in parameters only.

    The arms of one parameter draw are such: most of what the first is asked need not be
    asked of the others.
    """

    def __init__(self) -> None:
        self._known: list[tuple[Scenario, Known]] = []

    def known(self, scenario: Scenario) -> Known:
        """Return what was found of those that are alike, to be added to."""
        actors = tuple(replace(one, params=()) for one in scenario.actors)
        bare = replace(scenario, actors=actors, changes=(), cited=())
        for other, known in self._known:
            if other == bare:
                return known
        self._known.append((bare, Known.nothing()))
        return self._known[-1][1]


def refuse_runaway(
    scenario: Scenario,
    until: float | None = None,
    *,
    advise: bool = True,
    alike: Alike | None = None,
) -> Branching:
    """Return the estimate, at the start or after all changes: the larger.

    Scenarios that share one `alike` are estimated sooner, and alike to the last bit.

    Raises
    ------
    StudyError
        If it is 1 or more; it names the loop and, with `advise`, which takes seconds, a
        value that would pass. Or if more candidates are expected than a run of `until`
        days may draw (`sim.analytic.candidates`).
    """
    refuse_crowd(scenario, until)
    worst = worst_branching(scenario, alike)
    if worst.ratio < 1.0:
        return worst
    passing = remedy_for(scenario) if advise else None
    raise StudyError(runaway(scenario.name, worst, passing))


def warnings_of(scenario: Scenario) -> list[str]:
    """Return why no study would run a scenario, each in a sentence."""
    try:
        refuse_runaway(scenario)
    except StudyError as error:
        return [str(error)]
    return []


def runaway(name: str, worst: Branching, passing: Remedy | None) -> str:
    """Say that a scenario runs away, by which loop, and what would pass."""
    advice = f"; {passing} would pass ({passing.was()})" if passing else ""
    return (
        f"{name} runs away: one incident causes {worst.ratio:.2f} others (at most 1 is "
        f"stable), by {' → '.join(worst.loop)}{advice}"
    )


def worst_branching(scenario: Scenario, alike: Alike | None = None) -> Branching:
    """Return the larger of the estimates at the start and after all changes.

    That of a scenario from a file is kept for the next time, under a digest of its
    values and of the rules; one that was built in Python may hold rules of no file.
    """
    known = None if alike is None else alike.known(scenario)
    if not scenario.path:
        worst = _worst(scenario, known)
    else:
        of = (scenario.digest, rules_digest(scenario))
        key = memo.key_of("branching", of, _CODE)
        stored = memo.recall(key, _is_kept)
        if stored is None:
            worst = _worst(scenario, known)
            memo.keep(key, [worst.ratio, worst.loop])
        else:
            worst = Branching(stored[0], tuple(stored[1]))
    return worst


def _is_kept(value: Any) -> bool:
    """Whether data is a ratio and a loop, as they were kept."""
    match value:
        case [int() | float() as ratio, [*loop]]:
            words = all(isinstance(word, str) for word in loop)
            return words and isfinite(ratio) and ratio >= 0.0
        case _:
            return False


def remedy_for(scenario: Scenario) -> Remedy | None:
    """Return one parameter with a value at which a scenario does not run away.

    Of the actors in the dominant loop, those parameters are tried first that weaken
    the loop most at the end of their range. Ranks and trials are by rough estimates;
    what is returned passed a whole one.

    Returns
    -------
    Remedy or None
        None where none of the few that are tried is enough by itself.
    """
    cast = Cast(scenario)
    linear = Linear(cast, scenario.horizon)
    deeds, matrix = linear.next_generation()
    ratio = _radius(matrix)
    if ratio < 1.0:  # it runs away before the changes
        linear = Linear(cast, 0.0)
        deeds, matrix = linear.next_generation()
        ratio = _radius(matrix)
    if ratio < 1.0:
        return None
    loop = [deeds[number] for number in _dominant_loop(matrix, ratio)]
    rough = Known.nothing()
    weakest: list[tuple[float, int, str, str, float]] = []
    for one in {deed.actor: scenario.actors[deed.actor] for deed in loop}.values():
        actor = one.name
        for name, row in parameter_table(one.kind).items():
            for end in {row.low, row.high} - {getattr(one.params, name)}:
                cast = Cast(_with(scenario, actor, name, end))
                eased = Linear(cast, linear.at, rough, rough=True)
                weight = 1.0
                for deed, child in pairwise(loop):
                    if weight > 0.0:
                        weight *= eased.expected(deed, child)
                # One of many alike breaks its own loop only, and not the others'.
                alike = sum(kind == one.kind for kind in cast.kinds)
                weakest.append((weight, alike, actor, name, end))
    actors = {one.name: one for one in scenario.actors}
    for _, _, actor, name, end in sorted(weakest)[:_MOST_REMEDIES]:

        def passes(x: float, actor: str = actor, name: str = name) -> bool:
            eased = _with(scenario, actor, name, x)
            ratio = _worst(eased, rough, rough=True).ratio
            return ratio < 1.0 and crowd_of(eased) is None

        value = getattr(actors[actor].params, name)
        near = nearest_passing(value, end, passes, halvings=6)
        for passing in () if near is None else (near, end):
            if _worst(_with(scenario, actor, name, passing)).ratio < 1.0:
                unit = unit_of(parameter_table(actors[actor].kind)[name])
                return Remedy(f"actors.{actor}.{name}", value, passing, unit)
    return None


def _with(scenario: Scenario, actor: str, parameter: str, value: float) -> Scenario:
    """Return a scenario with one parameter of one actor changed at the start."""
    return replace(
        scenario,
        actors=tuple(
            replace(one, params=one.params._replace(**{parameter: value}))
            if one.name == actor
            else one
            for one in scenario.actors
        ),
    )


def _radius(matrix: NDArray[np.float64]) -> float:
    """Return the spectral radius of a matrix, 0 for an empty one."""
    return float(np.abs(np.linalg.eigvals(matrix)).max()) if len(matrix) else 0.0


def _worst(
    scenario: Scenario, known: Known | None = None, *, rough: bool = False
) -> Branching:
    """Return the larger estimate of those before and after all changes."""
    cast = Cast(scenario)
    start = Linear(cast, 0.0, known, rough=rough)
    estimates = [_branching(start)]
    if scenario.changes:
        later = Linear(cast, scenario.horizon, start.known, rough=rough)
        estimates.append(_branching(later))
    return max(estimates, key=lambda branching: branching.ratio)


def _branching(linear: Linear) -> Branching:
    deeds, matrix = linear.next_generation()
    ratio = _radius(matrix)
    if ratio < 1e-9:
        return Branching(0.0, ())
    names = linear.cast.names
    loop = [deeds[number] for number in _dominant_loop(matrix, ratio)]
    acts = [f"{names[d.actor]} {name_of(d.act)}" for d in loop]
    return Branching(ratio, tuple(acts))


def _dominant_loop(matrix: NDArray[np.float64], ratio: float) -> list[int]:
    """Follow the entries that the ratio is most sensitive to until one comes again.

    Damped powers of the matrix give left and right vectors that are positive on every
    class that attains the ratio, so equal actors do not cancel.
    """
    damped = (matrix / ratio + np.eye(len(matrix))) / 2
    power = np.linalg.matrix_power(damped, 4096)
    weight = np.outer(power.sum(axis=0), power.sum(axis=1)) * matrix
    path = [int(weight.sum(axis=1).argmax())]
    while True:
        following = int(weight[path[-1]].argmax())
        if following in path:
            return [*path[path.index(following) :], following]
        path.append(following)
