"""Attacks that answer a known incident: single chances, each with a law of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.study.attack_rates import choice_share, params_in_time, reported_share
from sim.study.delay_law import DelayLaw, law_of
from sim.study.traced import Kept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.engine.cast import Cast
    from sim.ladder import Act
    from sim.study.witness import Answer, Grid

Floats = np.ndarray[Any, np.dtype[np.float64]]


class Answers:
    """The moments at which actors decide on an answer.

    Parameters
    ----------
    act
        The dated act.
    every
        The moments, one list a replication of the record. Those of one incident, actor
        and response stand in one column.
    grid
        Cells of time.
    """

    def __init__(self, act: Act, every: Sequence[Sequence[Answer]], grid: Grid) -> None:
        self.act, self.every, self.grid = act, every, grid
        keys = sorted({answer.key for answers in every for answer in answers})
        self.column = {key: place for place, key in enumerate(keys)}
        self.actors = sorted({answer.actor for a in every for answer in a})
        self._kept: Kept[Floats] = Kept()

    def chances(self, cast: Cast) -> Floats:
        """Return the probability that each brings a reported act on each day.

        Parameters
        ----------
        cast
            With the numbers in question.

        Returns
        -------
        array
            Shape (replications, answers, days); the same one while no number that it
            is made from changes, but for the share that is reported.
        """
        parts = {a: params_in_time(cast, a, self.grid) for a in self.actors}
        places = [(a, n) for a in self.actors for n in range(len(parts[a]))]
        return self._kept.get(
            [parts[a][n][2] for a, n in places] + [_Reported(cast, self.act)],
            lambda every: self._made(parts, dict(zip(places, every, strict=False)),
                                     every[-1].share),
        )  # fmt: skip

    def _made(
        self, parts: dict[int, Any], params: dict[tuple[int, int], Any], reported: float
    ) -> Floats:
        grid = self.grid
        found = np.zeros((len(self.every), len(self.column), grid.days))
        laws: dict[tuple[int, int, str], DelayLaw] = {}
        for r, answers in enumerate(self.every):
            for answer in answers:
                cell = min(int(answer.time * grid.per_day), grid.n - 1)
                ends = [end for _, end, _ in parts[answer.actor]]
                place = (answer.actor, int(np.searchsorted(ends, cell, side="right")))
                own = params[place]
                chance = reported * choice_share(
                    answer.response, own, answer.view, answer.percept, self.act
                )
                if chance <= 0.0:
                    continue
                key = (*place, answer.response.response.name)
                if key not in laws:
                    laws[key] = self._law(answer, own)
                days = (answer.time + laws[key].days).astype(np.int64)
                shares = np.bincount(
                    np.minimum(days, grid.days), laws[key].weights, grid.days + 1
                )
                found[r, self.column[answer.key]] += chance * shares[: grid.days]
        return found

    def _law(self, answer: Answer, params: Any) -> DelayLaw:
        """Return the law of the time from the news to the act.

        Where a response can choose among several operations that end in the act, it is
        that of the first.
        """
        response, view = answer.response.response, answer.view
        operation = next(op for op in response.operations if op.act == self.act)
        stages = [stage.duration for stage in operation.stages]
        return law_of([response.delay, *stages], params, view)


class _Reported:
    """The share that is reported, as a parameter that is read."""

    def __init__(self, cast: Cast, act: Act) -> None:
        self.share = reported_share(cast, act)
