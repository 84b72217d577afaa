"""Running every arm under every draw of the parameters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.engine.cast import Cast
from sim.engine.choice import driver_for
from sim.errors import ScenarioError, StudyError
from sim.rules.registry import KINDS
from sim.study.branching import refuse_runaway
from sim.study.chunk import run_chunk
from sim.study.pairing import MOST_FAILED
from sim.study.parameter_draw import drawn_values
from sim.study.variant import Variant, variant_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from sim.rules.behaviour import Kind
    from sim.scenario.edit import New
    from sim.scenario.fault_list import Readable
    from sim.scenario.scenario import Scenario
    from sim.study.factor import Factor
    from sim.study.replicate import Progress

MOST_ATTEMPTS: Final = 200
"""Draws in a row that may be refused before the ranges are."""


@dataclass(frozen=True)
class ArmSource:
    """What an arm's scenario is made of."""

    document: Readable
    variant: Variant
    kinds: Mapping[str, Kind] = field(default_factory=lambda: KINDS)
    """Kinds of actor by the name that the file uses."""


@dataclass(frozen=True)
class DrawTask:
    """What every draw shares. It pickles."""

    arms: Mapping[str, ArmSource]
    outcomes: tuple[str, ...]
    factors: tuple[Factor, ...]
    """What is drawn; empty where `values` gives the draws."""
    root_seed: int
    n_replications: int
    until: float
    values: tuple[Mapping[str, New], ...] = ()
    """Draws that come from elsewhere, such as a posterior: values by path."""
    engine: str = "simpy"
    """``simpy`` or ``compiled``; results do not depend on it."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """The outcomes of every arm, draw and replication."""

    values: dict[str, dict[str, NDArray[np.float64]]]
    """By outcome, then arm: shape (K, M); nan where undefined."""
    parameters: list[dict[str, New]]
    """The draws."""
    n_refused: int
    """Draws that were no legal scenario or ran away, and were drawn again."""
    n_failed: int
    """Replications that failed; their numbers are nan in every arm."""


def run_draws(
    task: DrawTask,
    n_draws: int,
    *,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Drawn:
    """Run all arms under each draw; draw k has replications kM to (k + 1)M - 1.

    The replications of different draws are different worlds, those of the arms within a
    draw the same ones: nested, and coupled.

    Parameters
    ----------
    task
        Arms, outcomes, and what is drawn.
    n_draws
        K.
    executor
        Where draws are run; this process when None.
    progress
        Called with the draws done and asked.

    Raises
    ------
    StudyError
        If hardly any draw makes a legal scenario, or more than 0.1 % of the
        replications failed.
    """
    run: Callable[..., Any] = map if executor is None else executor.map
    rows: list[Any] = []
    for row in run(_run_draw, [task] * n_draws, range(n_draws)):
        rows.append(row)
        if progress is not None:
            progress(len(rows), n_draws)
    n_failed = sum(row[3] for row in rows)
    n_all = n_draws * task.n_replications
    if n_failed > MOST_FAILED * n_all:
        message = (
            f"{n_failed} of {n_all} replications failed; above 0.1 % those that are "
            "left no longer stand for all. Narrow the ranges, or raise "
            "limits.max_incidents"
        )
        raise StudyError(message)
    numbers = np.stack([row[0] for row in rows])  # draw, arm, replication, outcome
    values = {
        outcome: {arm: numbers[:, a, :, o] for a, arm in enumerate(task.arms)}
        for o, outcome in enumerate(task.outcomes)
    }
    drawn: list[dict[str, New]] = [row[1] for row in rows]
    return Drawn(values, drawn, sum(row[2] for row in rows), n_failed)


def _run_draw(
    task: DrawTask, draw: int
) -> tuple[NDArray[np.float64], dict[str, New], int, int]:
    """Run one draw: outcomes (arm, replication, outcome), draw, refused, failed."""
    scenarios, values, refused = _scenarios(task, draw)
    m = task.n_replications
    found = np.full((len(scenarios), m, len(task.outcomes)), np.nan)
    failed: set[int] = set()
    for a, scenario in enumerate(scenarios):
        driver = driver_for(Cast(scenario), task.engine)
        numbers = range(draw * m, (draw + 1) * m)
        chunk = run_chunk(
            driver, task.root_seed, numbers, task.until, with_records=False
        )
        kept = [number - draw * m for number in chunk.numbers]
        failed |= set(range(m)) - set(kept)
        for o, name in enumerate(task.outcomes):
            found[a, kept, o] = chunk.outcomes[name]
    found[:, sorted(failed)] = np.nan
    return found, values, refused, len(failed)


def _scenarios(task: DrawTask, draw: int) -> tuple[list[Scenario], dict[str, New], int]:
    """Return every arm's scenario under a draw that all of them can bear."""
    if task.values:
        values = dict(task.values[draw])
        return _changed(task, values), values, 0
    reason = ""
    for attempt in range(MOST_ATTEMPTS):
        values = drawn_values(task.factors, task.root_seed, draw, attempt)
        try:
            return _changed(task, values), values, attempt
        except (ScenarioError, StudyError) as error:
            reason = str(error)
    message = (
        f"draw {draw}: {MOST_ATTEMPTS} draws in a row make no scenario that can be "
        f"run; the last: {reason}"
    )
    raise StudyError(message)


def _changed(task: DrawTask, values: Mapping[str, New]) -> list[Scenario]:
    found: list[Scenario] = []
    for source in task.arms.values():
        variant = source.variant
        changes = {**variant.changes, **values}
        scenario = variant_of(
            source.document,
            Variant(changes, variant.cancels, variant.absent),
            kinds=source.kinds,
        )
        # A posterior's draws have been simulated; one that runs away in another arm
        # fails its replications at the cap, which are counted and refused.
        if not task.values:
            refuse_runaway(scenario)
        found.append(scenario)
    return found
