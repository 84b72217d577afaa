"""One replication at each of very many points of the parameters.

A point is a few numbers by path. The scenario is changed in place of being read again,
its replication is run by the fastest driver, and measured where its records lie.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.cast import Cast
from sim.engine.choice import driver_for
from sim.engine.driver import Renewable
from sim.outcomes import Measure, outcomes_for
from sim.scenario.renumber import with_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.scenario.scenario import Scenario

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class PointTask:
    """What all points share. It pickles."""

    scenario: Scenario
    root_seed: int
    until: float
    engine: str
    """``simpy`` or ``compiled``; results do not depend on it."""


def reported_outcomes(scenario: Scenario) -> tuple[str, ...]:
    """Return the names of the outcomes of what the press reported."""
    table = outcomes_for(scenario)
    return tuple(name for name, outcome in table.items() if outcome.is_reported)


def run_points(
    task: PointTask,
    points: Sequence[Mapping[str, float]],
    numbers: Sequence[int],
    outcomes: Sequence[str],
) -> Floats:
    """Run one replication at each point of numbers by path, canonical unit.

    Worlds of equal number are coupled. What happened unreported is not among the
    outcomes that may be named, since some of it is read with the parameters of the
    scenario that the points start from.

    Returns
    -------
    array
        Shape (points, outcomes); nan where undefined. All nan where the replication
        failed, as one does that runs away.
    """
    table = outcomes_for(task.scenario)
    hidden = [name for name in outcomes if not table[name].is_reported]
    if hidden:
        message = f"{hidden[0]} is not of what was reported"
        raise ValueError(message)
    base = Cast(task.scenario)
    measure = Measure(
        task.scenario,
        task.until,
        base.since,
        is_compiled=task.engine == "compiled",
    )
    values = np.full((len(points), measure.width), np.nan)
    driver = None
    for place, (point, number) in enumerate(zip(points, numbers, strict=True)):
        cast = base.renumbered(with_numbers(task.scenario, point))
        if driver is not None and isinstance(driver, Renewable):
            driver.renew(cast)
        else:
            driver = driver_for(cast, task.engine)
        try:
            rows = driver.rows(task.root_seed, number, task.until)
        except Exception:  # whatever goes wrong, it is no world: all nan
            continue
        measure.into(values[place], rows)
    columns = measure.columns(values)
    return np.column_stack([columns[name] for name in outcomes])
