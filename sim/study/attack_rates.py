"""How many dated acts each day would bring, given what the actors knew.

Starts come at the hazard of the rules and are displaced by the law of their stages:
launches of a Poisson process of starts, moved independently, are a Poisson process
again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.rules.behaviour import Effect
from sim.rules.perceiving import percept_of
from sim.study.delay_law import DelayLaw, choice_shares, law_of, share_blocked
from sim.study.hazard_table import HazardTable
from sim.study.traced import Kept
from sim.study.witness import channels_of, joining

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.engine.cast import BoundResponse, Cast, Channel
    from sim.ladder import Act
    from sim.rules.behaviour import Operation, Percept
    from sim.study.witness import Grid, Witness

Floats = np.ndarray[Any, np.dtype[np.float64]]


class Watched:
    """What is known in every replication of the record, of one option."""

    def __init__(
        self, cast: Cast, act: Act, channel: Channel, k: int, seen: Sequence[Witness]
    ) -> None:
        self.act, self.channel = act, channel
        views = [view for one in seen for view in one.views[k]]
        kind = cast.kinds[channel.actor]
        self.hazard = HazardTable(kind, channel.option.hazard, views)
        self.first_view = views[0]
        self.armed, self.open, self.caught, self.caught_second = (
            np.array([getattr(one, name)[k] for one in seen])
            for name in ("armed", "open", "caught", "caught_second")
        )
        self._laws: Kept[list[DelayLaw]] = Kept()
        self._joined: Kept[float] = Kept()

    def arrivals(self, cast: Cast, grid: Grid) -> Floats:
        """Return how many operations are to end in each cell.

        Parameters
        ----------
        cast
            With the numbers in question.
        grid
            The cells.
        """
        operation, width, n = self.channel.option.operation, grid.width, grid.n
        starts, load, done = (np.zeros_like(self.open) for _ in range(3))
        parts = params_in_time(cast, self.channel.actor, grid)
        for first, last, params in parts:
            hazard = self.hazard(params).reshape(starts.shape)
            starts[:, first:last] = hazard[:, first:last] * width
        laws = self._laws.get(
            [params for _, _, params in parts],
            lambda every: [
                law_of_stages(operation, params, self.first_view) for params in every
            ],
        )
        for (first, last, _), law in zip(parts, laws, strict=True):
            load += _moved(_only(starts, first, last), law.lasting(width, n))
        # A site that is left before the end takes what was meant for it along.
        is_open = self.open > 0.0
        meant = np.divide(starts, self.open, out=np.zeros_like(load), where=is_open)
        for (first, last, params), law in zip(parts, laws, strict=True):
            limit = operation.max_parallel(params)
            going = _only(meant, first, last) * (1.0 - share_blocked(limit, load))
            done += _moved(going, law.lags(width, n))
        return done * self.open * self.armed

    def joined(self, cast: Cast) -> float:
        """Return the share of the operations that are joined by a second one."""
        operation, actor = self.channel.option.operation, self.channel.actor
        if not any(stage.is_followed for stage in operation.stages):
            return 0.0
        sides, target = cast.sides, self.channel.target
        percept = percept_of(
            int(self.act), 1, actor, target, Effect(), actor, sides[actor],
            sides[target], actor, 1.0,
        )  # fmt: skip
        return self._joined.get(
            [cast.params[actor]],
            lambda every: sum(
                choice_share(answer, every[0], self.first_view, percept, self.act)
                for answer, _ in joining(cast, actor, self.act)
            ),
        )


def gathered(cast: Cast, act: Act, witnesses: Sequence[Witness]) -> list[Watched]:
    """Return what is known, by the options that end in an act."""
    return [
        Watched(cast, act, channel, k, witnesses)
        for k, channel in enumerate(channels_of(cast, act))
    ]


def operations_by_day(
    cast: Cast, act: Act, watched: Sequence[Watched], grid: Grid
) -> tuple[Floats, Floats]:
    """Return the expected operations that bring one reported act, and two, by day."""
    reported = reported_share(cast, act)
    single, double = 0.0, 0.0
    for known in watched:
        done = known.arrivals(cast, grid)
        first = (1.0 - known.caught) * reported
        second = known.joined(cast) * (1.0 - known.caught_second) * reported
        single += _by_day(done * (first + second - 2.0 * first * second), grid)
        double += _by_day(done * first * second, grid)
    return np.asarray(single), np.asarray(double)


def reported_share(cast: Cast, act: Act) -> float:
    """Return the probability that an act is reported."""
    rule = cast.scenario.observations.get(act)
    return 1.0 if rule is None else rule.reported


def law_of_stages(operation: Operation, params: Any, view: Any) -> DelayLaw:
    """Return the law of the time from an operation's start to its end."""
    return law_of([stage.duration for stage in operation.stages], params, view)


def params_in_time(cast: Cast, actor: int, grid: Grid) -> list[tuple[int, int, Any]]:
    """Return an actor's parameters by (first cell, end, parameters)."""
    found: list[tuple[int, int, Any]] = []
    first, params = 0, cast.params[actor]
    for turn in cast.turns:
        if turn.actor != actor:
            continue
        cell = int(np.clip(round(turn.change.time * grid.per_day), 0, grid.n))
        if cell > first:
            found.append((first, cell, params))
        first, params = max(cell, first), turn.params
    if first < grid.n:
        found.append((first, grid.n, params))
    return found


def choice_share(
    answer: BoundResponse, params: Any, view: Any, percept: Percept, act: Act
) -> float:
    """Return the probability that a response ends in an act."""
    response = answer.response
    shares = choice_shares(lambda u: response.choose(params, view, percept, u))
    return sum(
        shares.get(number, 0.0)
        for number, operation in enumerate(response.operations, start=1)
        if operation.act == act
    )


def _only(values: Floats, first: int, last: int) -> Floats:
    kept = np.zeros_like(values)
    kept[:, first:last] = values[:, first:last]
    return kept


def _moved(values: Floats, lags: Floats) -> Floats:
    """Return each row moved by a law of lags."""
    n = values.shape[1]
    size = 1 << (2 * n - 1).bit_length()
    spectrum = np.fft.rfft(values, size) * np.fft.rfft(lags, size)
    return np.maximum(np.fft.irfft(spectrum, size)[:, :n], 0.0)


def _by_day(values: Floats, grid: Grid) -> Floats:
    return values.reshape(len(values), grid.days, grid.per_day).sum(axis=2)
