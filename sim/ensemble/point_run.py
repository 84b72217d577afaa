"""One replication at each of very many points of the parameters.

A point is a few numbers by path. The scenario is changed in place of being read again,
its replication is run by the fastest driver, and measured where its records lie.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.alteration import Alteration
from sim.engine.cast import Cast
from sim.engine.choice import driver_for
from sim.engine.driver import Renewable
from sim.ensemble.executors import map_by
from sim.ensemble.filtered_past import pasts_of_draw
from sim.outcomes import Measure, outcomes_for
from sim.scenario.renumber import with_numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from concurrent.futures import Executor

    from sim.engine.alteration import Pasts
    from sim.engine.log import Rows
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
    before: tuple[float, ...] = ()
    """Days at which outcomes are measured as well, before `until`."""
    pasts: Pasts | None = None
    """What all replications have of the past, where it was filtered once for all."""


def reported_outcomes(scenario: Scenario) -> tuple[str, ...]:
    """Return the names of the outcomes of what the press reported."""
    table = outcomes_for(scenario)
    return tuple(name for name, outcome in table.items() if outcome.is_reported)


def run_points(
    task: PointTask,
    points: Sequence[Mapping[str, float]],
    numbers: Sequence[int],
    outcomes: Sequence[str],
    more: Callable[[Rows], Floats] | None = None,
) -> Floats:
    """Run one replication at each point of numbers by path, canonical unit.

    Worlds of equal number are coupled. Where the past is filtered, and not given by the
    task, it is so once for all that share a point, the same object. What happened
    unreported is not among the outcomes that may be named, since some of it is read
    with the parameters of the scenario that the points start from. What `more` reads
    off a replication's rows stands behind the outcomes; it has the same length always,
    and pickles.

    Returns
    -------
    array
        Shape (points, outcomes and more); nan where undefined. All nan where the
        replication failed, as one does that runs away. Where days before the end are
        measured too, the outcomes of each day follow those of the one before.
    """
    known = outcomes_for(task.scenario)
    hidden = [name for name in outcomes if not known[name].is_reported]
    if hidden:
        message = f"{hidden[0]} is not of what was reported"
        raise ValueError(message)
    base = Cast(task.scenario)
    days = (*task.before, task.until)
    measures = [
        Measure(task.scenario, day, base.since, is_compiled=task.engine == "compiled")
        for day in days
    ]
    values = [np.full((len(points), measure.width), np.nan) for measure in measures]
    beside: dict[int, Floats] = {}
    driver = None
    pasts = task.pasts
    before: Mapping[str, float] | None = None
    for place, (point, number) in enumerate(zip(points, numbers, strict=True)):
        cast = base.renumbered(with_numbers(task.scenario, point))
        if driver is not None and isinstance(driver, Renewable):
            driver.renew(cast)
        else:
            driver = driver_for(cast, task.engine)
        if base.is_filtered and task.pasts is None and point is not before:
            pasts = pasts_of_draw(driver, task.root_seed, number)
            before = point
        try:
            past, altered = Alteration(pasts=pasts).member(number)
            # From the end, so that a world that fails has nothing measured.
            for day, measure, of_day in reversed(
                list(zip(days, measures, values, strict=True))
            ):
                rows = driver.rows(task.root_seed, past, day, altered)
                measure.into(of_day[place], rows)
                if more is not None and day == task.until:
                    beside[place] = more(rows)
        except MemoryError:
            raise
        except Exception:  # whatever else goes wrong, it is no world: all nan
            continue
    columns = [m.columns(v) for m, v in zip(measures, values, strict=True)]
    table = np.column_stack([of_day[name] for of_day in columns for name in outcomes])
    if not beside:
        return table
    width = len(next(iter(beside.values())))
    blank = np.full(width, np.nan)
    extra = [beside.get(place, blank) for place in range(len(points))]
    return np.column_stack((table, extra))


def run_in_batches(
    task: PointTask,
    points: Sequence[Mapping[str, float]],
    outcomes: Sequence[str],
    *,
    first: int,
    batch: int,
    executor: Executor | None,
    more: Callable[[Rows], Floats] | None = None,
) -> Iterator[Floats]:
    """Yield what `run_points` gives, a batch of points after the other.

    The replications are numbered from `first` on; this process runs them where there is
    no executor.
    """
    starts = range(0, len(points), batch)
    parts = [points[at : at + batch] for at in starts]
    every = range(first, first + len(points))
    numbers = [every[at : at + batch] for at in starts]
    n = len(parts)
    return map_by(executor)(
        run_points, [task] * n, parts, numbers, [outcomes] * n, [more] * n
    )
