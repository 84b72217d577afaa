"""Replications of one chunk, a few under each draw of the parameters."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from sim.engine.cast import Cast
from sim.engine.choice import driver_for
from sim.engine.driver import Renewable
from sim.ensemble.chunk import Chunk, run_chunk

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sim.engine.driver import Driver
    from sim.ensemble.draw_set import DrawSet
    from sim.ensemble.replicate import Task


def run_draw_chunk(task: Task, draws: DrawSet, numbers: Iterable[int]) -> Chunk:
    """Run replications, each under its own draw, and measure them.

    Parameters
    ----------
    task
        The run, its scenario before any draw; records are not kept.
    draws
        What each draw sets.
    numbers
        The replications, in order.

    Raises
    ------
    RunError
        If memory ends.
    """
    pieces: list[Chunk] = []
    driver: Driver | None = None
    for draw, some in groupby(numbers, draws.draw_of):
        cast = Cast(draws.scenario_of(task.scenario, draw))
        # Only numbers differ from draw to draw, and this driver is nobody else's.
        if draws.source is None and isinstance(driver, Renewable):
            driver.renew(cast)
        else:
            driver = driver_for(cast, task.engine)
        pieces.append(
            run_chunk(driver, task.root_seed, some, task.until, with_records=False)
        )
    return _joined(pieces)


def _joined(pieces: Sequence[Chunk]) -> Chunk:
    """Put the pieces of a chunk together, in order."""
    names = pieces[0].outcomes
    return Chunk(
        [number for piece in pieces for number in piece.numbers],
        {n: np.concatenate([piece.outcomes[n] for piece in pieces]) for n in names},
        {n: error for piece in pieces for n, error in piece.failures.items()},
        None,
    )
