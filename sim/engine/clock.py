"""When things happen: moments in a total order.

Moments at the same time are ordered by the kind of record, then by identity, never by
who was scheduled first.
"""

from __future__ import annotations

from enum import IntEnum
from heapq import heappush
from typing import TYPE_CHECKING

import simpy

if TYPE_CHECKING:
    from collections.abc import Callable

    Action = Callable[[simpy.Event], None]
    """What a moment does; it is given the moment, as SimPy's callbacks are."""


class Rank(IntEnum):
    """Order of what happens at the same time."""

    TURNING = 0
    """Another number keys what is drawn; with SimPy's own urgency."""
    DEVELOPMENT = 1
    STAGE = 2
    PERCEPTION = 3
    DECISION = 4
    CANDIDATE = 5
    WEIGHING = 6
    """What a filtered past comes of begins, and is weighed."""


def order(rank: Rank, identity: int) -> int:
    """Return the place of a moment among those at the same time, as one integer."""
    return rank << 128 | identity


class Timeline(simpy.Environment):
    """SimPy's environment, in which a moment may be named by its day, not its delay.

    A day that is reached by adding several gaps is not, to the last bit, now plus
    their sum; both drivers add them one by one.
    """

    def schedule_at(self, event: simpy.Event, priority: int, day: float) -> None:
        """Schedule an event on a day, which is not before now."""
        heappush(self._queue, (day, priority, next(self._eid), event))  # pyright: ignore[reportArgumentType]


class Moment(simpy.Event):
    """A timeout with a declared place in the total order, and what is done then.

    A process yields it without an action.
    """

    def __init__(
        self, env: Timeline, day: float, priority: int, action: Action | None = None
    ) -> None:
        # What Event.__init__ does, without the call: a replication makes 2,000 of them.
        self.env = env
        self.callbacks = [] if action is None else [action]
        self._ok = True
        self._value = None
        env.schedule_at(self, priority, day)
