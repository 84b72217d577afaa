"""The replications of one arm of a ledger: outcomes, and who did what."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from itertools import groupby
from math import nan
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.engine.cast import Cast
from sim.engine.choice import driver_for
from sim.engine.driver import Renewable
from sim.engine.log import RecordType
from sim.ensemble.executors import map_by
from sim.ensemble.summary import DEAD, all_dead
from sim.ladder import ACTS
from sim.outcomes import Measure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor

    from sim.engine.driver import Driver
    from sim.engine.log import Rows
    from sim.ensemble.draw_set import DrawSet
    from sim.ledger.switches import Setting
    from sim.scenario.scenario import Scenario

Floats = np.ndarray[Any, np.dtype[np.float64]]

CHUNK: Final = 500
"""Replications that a worker is given at once; no result depends on it."""


MOST_DRIVERS: Final = 4
"""That a thread keeps."""


@dataclass(frozen=True)
class Arm:
    """One scenario that is run: under draws, one for each. It pickles."""

    scenario: Scenario
    """As it is, before a draw and before the setting."""
    setting: Setting
    root_seed: int
    until: float
    engine: str
    outcomes: tuple[str, ...]
    draws: DrawSet | None = None
    study: str = ""
    """Digest of the ledger that it is an arm of."""

    def scenario_of(self, draw: int) -> Scenario:
        """Return what a draw's replications are run from."""
        if self.draws is None:
            return self.setting.applied(self.scenario)
        return self.setting.applied(self.draws.scenario_of(self.scenario, draw))

    def draw_of(self, number: int) -> int:
        """Return the draw of a replication."""
        return 0 if self.draws is None else self.draws.draw_of(number)


@dataclass(frozen=True, eq=False)
class Worlds:
    """What the replications of one arm gave, in order of their numbers."""

    values: Floats
    """Shape (n, outcomes); nan where undefined or failed."""
    doings: Floats
    """Shape (n, actors, acts): a sum over an actor's incidents of an act that is equal
    where they are the same at the same moments, and hardly ever otherwise."""
    failed: np.ndarray[Any, np.dtype[np.bool_]]


class Crew:
    """Who runs the arms of a study, and for which replications, in every arm.

    Without an executor it is this process; `progress` is called with (done, asked), all
    arms together.
    """

    def __init__(
        self,
        base: Arm,
        numbers: range,
        executor: Executor | None,
        progress: Callable[[int, int], None] | None,
        asked: int,
    ) -> None:
        self.base, self.numbers, self.executor = base, numbers, executor
        self.progress, self.asked, self.done = progress, asked, 0
        self.count(0)

    def count(self, n: int) -> None:
        """Count n more replications as done."""
        self.done += n
        if self.progress is not None:
            self.progress(self.done, self.asked)

    def worlds(self, settings: Sequence[Setting]) -> list[Worlds]:
        """Run the scenario under some settings; return what each gave."""
        step = CHUNK
        if (draws := self.base.draws) is not None:  # a draw is not cut in two
            step = max(1, CHUNK // draws.replications) * draws.replications
        chunks = [
            self.numbers[start : start + step]
            for start in range(0, len(self.numbers), step)
        ]
        arms = [replace(self.base, setting=setting) for setting in settings]
        work = [(arm, chunk) for arm in arms for chunk in chunks]
        pieces: list[Worlds] = []
        for worlds in map_by(self.executor)(run_worlds, *zip(*work, strict=True)):
            pieces.append(worlds)
            self.count(len(worlds.values))
        n = len(chunks)
        return [joined(pieces[n * k : n * (k + 1)]) for k in range(len(settings))]


class _Drivers(threading.local):
    """A thread's last drivers. To renew one costs a tenth of making it."""

    def __init__(self) -> None:
        self.by_key: dict[Any, Driver] = {}

    def of(self, arm: Arm, cast: Cast) -> Driver:
        """Return a driver of a cast of this arm, for this thread alone.

        Arms of one study differ in numbers only, but for developments that end.
        """
        key = (arm.study, arm.engine, cast.scenario.changes)
        driver = self.by_key.get(key)
        if driver is not None and isinstance(driver, Renewable):
            driver.renew(cast)
            return driver
        if len(self.by_key) >= MOST_DRIVERS:
            self.by_key.clear()
        driver = self.by_key[key] = driver_for(cast, arm.engine)
        return driver


_DRIVERS: Final = _Drivers()


def run_worlds(arm: Arm, numbers: Sequence[int]) -> Worlds:
    """Run some replications of an arm, and measure them. Workers call it.

    Replications that fail are marked, and leave every pair.
    """
    pieces: list[Worlds] = []
    for draw, some in groupby(numbers, arm.draw_of):
        cast = Cast(arm.scenario_of(draw))
        driver = _DRIVERS.of(arm, cast)
        values: list[Floats] = []
        doings: list[Floats] = []
        failed: list[bool] = []
        measure = Measure(
            cast.scenario, arm.until, cast.since, is_compiled=arm.engine == "compiled"
        )
        for number in some:
            values.append(np.full(measure.width, nan))
            doings.append(np.zeros((len(cast.names), len(ACTS))))
            try:
                rows = driver.rows(arm.root_seed, number, arm.until)
            except Exception:  # whatever goes wrong, the pair is left out and counted
                failed.append(True)
                continue
            failed.append(False)
            measure.into(values[-1], rows)
            doings[-1] = _doings(rows, len(cast.names))
        pieces.append(
            Worlds(
                _chosen(measure.columns(np.array(values)), arm.outcomes),
                np.array(doings),
                np.array(failed),
            )
        )
    return joined(pieces)


def _chosen(columns: dict[str, Floats], outcomes: Sequence[str]) -> Floats:
    """Return some outcomes, and the dead of all sides where asked for."""
    every = {**columns, DEAD: all_dead(columns)}
    return np.column_stack([every[name] for name in outcomes])


def _doings(rows: Rows, n_actors: int) -> Floats:
    """Return a sum of the incidents of each actor and act, shape (actors, acts).

    Each incident adds a number made of its moment, target, site and effect, so sums
    are equal where the incidents are, in the same order.
    """
    records, effects = rows
    is_deed = (records["record_type"] == RecordType.INCIDENT) & (records["actor"] >= 0)
    some = records[is_deed]
    weight = 1.0 + some["time"] + 0.7071 * some["target"] + 0.0577 * some["site"]
    weight = weight + 0.3679 * effects[some["effect"]].sum(axis=1)
    cell = some["actor"].astype(np.int64) * len(ACTS) + some["act"]
    total: Any = np.bincount(cell, weights=weight, minlength=n_actors * len(ACTS))
    return total.reshape(n_actors, len(ACTS))


def joined(pieces: Sequence[Worlds]) -> Worlds:
    """Put the pieces of an arm together, in order."""
    return Worlds(
        np.concatenate([piece.values for piece in pieces]),
        np.concatenate([piece.doings for piece in pieces]),
        np.concatenate([piece.failed for piece in pieces]),
    )
