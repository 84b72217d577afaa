"""When things happen: moments in a total order, and thinned candidates.

Moments at the same time are ordered by the kind of record, then by identity, never by
who was scheduled first. An option's candidates come from a Poisson measure on (time,
height); a candidate is accepted when its height is below the hazard at that instant
(thinning: Lewis and Shedler 1979), which is exact for any hazard under its ceiling.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

import simpy

from sim.engine.capacity import hazard_out_of_bounds
from sim.engine.draws import Purpose
from sim.errors import RunError
from sim.rules.inversion import exponential

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from sim.engine.cast import Channel
    from sim.engine.run import Replication

BATCH: Final = 16
"""Candidates drawn at once; their values do not depend on it."""


class Rank(IntEnum):
    """Order of what happens at the same time; 0 is SimPy's own urgency."""

    DEVELOPMENT = 1
    STAGE = 2
    PERCEPTION = 3
    DECISION = 4
    CANDIDATE = 5


def order(rank: Rank, identity: int) -> int:
    """Return the place of a moment among those at the same time, as one integer."""
    return int(rank) << 128 | identity


class Moment(simpy.Event):
    """A timeout with a declared place in the total order."""

    def __init__(self, env: simpy.Environment, delay: float, priority: int) -> None:
        # What Event.__init__ does, without the call: a replication makes 1,500 of them.
        self.env = env
        self.callbacks = []
        self._ok = True
        self._value = None
        env.schedule(self, priority, delay)  # pyright: ignore[reportArgumentType]


def at_moment(
    env: simpy.Environment, delay: float, priority: int, action: Callable[[], None]
) -> None:
    """Do `action` after `delay` days, at its place in the total order."""
    moment = Moment(env, delay, priority)
    moment.callbacks.append(lambda _: action())  # pyright: ignore


def candidates(
    replication: Replication, channel: Channel, band: int
) -> Generator[simpy.Event, Any, None]:
    """Offer an option its opportunities in one band of height, as a process."""
    low, width, stream = channel.bands[band]
    env, draws, mean = replication.env, replication.draws, 1.0 / width
    hazard, actor, target = channel.option.hazard, channel.actor, channel.target
    priority = order(Rank.CANDIDATE, stream)
    every, view, number = replication.params, replication.view, 0
    params = every[actor]
    ceiling = channel.option.ceiling(params)
    while True:
        for gap, height, _, _ in draws.blocks(stream, Purpose.CANDIDATE, number, BATCH):
            yield Moment(env, exponential(gap, mean), priority)
            if params is not every[actor]:
                params = every[actor]
                ceiling = channel.option.ceiling(params)
            threshold = low + width * height
            if threshold < ceiling:
                rate = hazard(params, view(actor, target))
                if not 0.0 <= rate <= ceiling:
                    name = replication.cast.names[actor]
                    what = channel.option.operation.name
                    raise RunError(
                        hazard_out_of_bounds(env.now, name, what, rate, ceiling)
                    )
                if threshold < rate:
                    replication.accept(channel, stream, number)
            number += 1
