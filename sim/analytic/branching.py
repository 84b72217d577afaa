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

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from sim import memo
from sim.analytic.offspring import Linear
from sim.digest import rules_digest, scenario_digest
from sim.engine.cast import Cast
from sim.errors import StudyError
from sim.ladder import name_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.scenario.scenario import Scenario

_CODE: Final = tuple(
    Path(__file__).with_name(name) for name in ("branching.py", "offspring.py")
)
"""Source files that an estimate depends on, besides the rules."""


@dataclass(frozen=True)
class Branching:
    """The estimate."""

    ratio: float
    """Incidents that one incident causes, in the long run of its descendants, >= 0."""
    loop: tuple[str, ...]
    """The chain of incidents, each causing the next, that carries most of it."""

    def __str__(self) -> str:
        return f"{self.ratio:.3g} ({' → '.join(self.loop) or 'no loop'})"


def refuse_runaway(scenario: Scenario) -> Branching:
    """Return the estimate, at the start or after all changes: the larger.

    That of a scenario from a file is kept for the next time, under a digest of its
    values and of the rules; one that was built in Python may hold rules of no file.

    Raises
    ------
    StudyError
        If it is 1 or more; it names the loop.
    """
    if not scenario.path:
        worst = _worst(scenario)
    else:
        of = (scenario_digest(scenario), rules_digest(scenario))
        key = memo.key_of("branching", of, _CODE)
        kept = memo.recall(key)
        if kept is None:
            worst = _worst(scenario)
            memo.keep(key, [worst.ratio, worst.loop])
        else:
            worst = Branching(kept[0], tuple(kept[1]))
    if worst.ratio >= 1.0:
        message = (
            f"{scenario.name} runs away: one incident causes {worst.ratio:.2f} others "
            f"(at most 1 is stable), by {' → '.join(worst.loop)}"
        )
        raise StudyError(message)
    return worst


def estimate_branching(scenario: Scenario, at: float = 0.0) -> Branching:
    """Estimate the branching ratio of a scenario.

    Parameters
    ----------
    scenario
        The scenario; its actors are calm, with what they have at the start.
    at
        Day whose parameters count: changes up to it have been made.

    Returns
    -------
    Branching
        The spectral radius of the next-generation matrix, and its dominant loop.
    """
    return _branching(Linear(Cast(scenario), at))


def _worst(scenario: Scenario) -> Branching:
    """Return the larger estimate of those before and after all changes."""
    cast = Cast(scenario)
    start = Linear(cast, 0.0)
    estimates = [_branching(start)]
    if scenario.changes:
        estimates.append(_branching(Linear(cast, scenario.horizon, known=start)))
    return max(estimates, key=lambda branching: branching.ratio)


def _branching(linear: Linear) -> Branching:
    deeds, matrix = linear.next_generation()
    if not len(matrix):
        return Branching(0.0, ())
    ratio = float(np.abs(np.linalg.eigvals(matrix)).max())
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
