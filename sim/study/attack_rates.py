"""How many dated acts each day would bring, given what the actors knew.

Starts come at the hazard of the rules and are displaced by the law of their stages:
launches of a Poisson process of starts, moved independently, are a Poisson process
again. Answers to a known incident are single chances with a law of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.rules.behaviour import Effect
from sim.rules.perceiving import percept_of
from sim.study.delay_law import DelayLaw, choice_shares, law_of, share_blocked
from sim.study.hazard_table import HazardTable
from sim.study.witness import channels_of, joining

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.engine.cast import BoundResponse, Cast, Channel
    from sim.ladder import Act
    from sim.rules.behaviour import Operation
    from sim.study.witness import Answer, Grid, Witness

Floats = np.ndarray[Any, np.dtype[np.float64]]


class Rates(NamedTuple):
    """What is expected, replication by replication of the record."""

    single: Floats
    """Operations that bring one reported act, per day; shape (replications, days)."""
    double: Floats
    """Operations that bring two, per day."""
    answers: Floats
    """Probability that an answer brings a reported act on a day, shape (replications,
    answers, days)."""


class Watched(NamedTuple):
    """What is known in every replication of the record, of one option; arrays have the
    shape (replications, cells)."""

    hazard: HazardTable
    first_view: Any
    armed: Floats
    open: Floats
    caught: Floats
    caught_second: Floats


def gathered(cast: Cast, act: Act, witnesses: Sequence[Witness]) -> tuple[Watched, ...]:
    """Return what is known, by the options that end in an act."""
    return tuple(
        Watched(
            HazardTable(
                cast.kinds[channel.actor],
                channel.option.hazard,
                [view for seen in witnesses for view in seen.views[k]],
            ),
            witnesses[0].views[k][0],
            *(
                np.array([getattr(seen, name)[k] for seen in witnesses])
                for name in Watched._fields[2:]
            ),
        )
        for k, channel in enumerate(channels_of(cast, act))
    )


def rates(
    cast: Cast,
    act: Act,
    watched: Sequence[Watched],
    answers: Sequence[Sequence[Answer]],
    grid: Grid,
) -> Rates:
    """Return what is expected with a cast's numbers.

    Parameters
    ----------
    cast
        The cast of the scenario with the numbers in question.
    act
        The dated act.
    watched
        What the actors know, one entry an option.
    answers
        The moments at which they decide on an answer, one list a replication.
    grid
        Its cells.
    """
    rule = cast.scenario.observations.get(act)
    reported = 1.0 if rule is None else rule.reported
    shape = (len(answers), grid.days)
    single, double = np.zeros(shape), np.zeros(shape)
    for channel, known in zip(channels_of(cast, act), watched, strict=True):
        done = _arrivals(cast, channel, known, grid)
        first = (1.0 - known.caught) * reported
        share = _joined(cast, channel, act, known.first_view)
        second = share * (1.0 - known.caught_second) * reported
        single += _by_day(done * (first + second - 2.0 * first * second), grid)
        double += _by_day(done * first * second, grid)
    return Rates(single, double, _answers(cast, act, answers, grid, reported))


def _arrivals(cast: Cast, channel: Channel, known: Watched, grid: Grid) -> Floats:
    """Return how many of an option's operations are to end in each cell."""
    operation, width, n = channel.option.operation, grid.width, grid.n
    starts, load, done = (np.zeros_like(known.open) for _ in range(3))
    parts = _in_time(cast, channel.actor, grid)
    for first, last, params in parts:
        hazard = known.hazard(params).reshape(starts.shape)
        starts[:, first:last] = hazard[:, first:last] * width
    laws = [law_of_stages(operation, part[2], known.first_view) for part in parts]
    for (first, last, _), law in zip(parts, laws, strict=True):
        load += _moved(_only(starts, first, last), law.lasting(width, n))
    # A site that is left before the end takes what was meant for it along.
    meant = np.divide(starts, known.open, out=np.zeros_like(load), where=known.open > 0)
    for (first, last, params), law in zip(parts, laws, strict=True):
        limit = operation.max_parallel(params)
        going = _only(meant, first, last) * (1.0 - share_blocked(limit, load))
        done += _moved(going, law.lags(width, n))
    return done * known.open * known.armed


def law_of_stages(operation: Operation, params: Any, view: Any) -> DelayLaw:
    """Return the law of the time from an operation's start to its end."""
    return law_of(
        [lambda u, s=stage: s.duration(params, view, u) for stage in operation.stages]
    )


def _in_time(cast: Cast, actor: int, grid: Grid) -> list[tuple[int, int, Any]]:
    """Return an actor's parameters by (first cell, end, parameters)."""
    found, first, params = [], 0, cast.params[actor]
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


def _joined(cast: Cast, channel: Channel, act: Act, view: Any) -> float:
    """Return the share of an option's operations that are joined by a second one."""
    operation = channel.option.operation
    if not any(stage.is_followed for stage in operation.stages):
        return 0.0
    actor, target = channel.actor, channel.target
    sides, params = cast.sides, cast.params[channel.actor]
    percept = percept_of(
        int(act), 1, actor, target, Effect(), actor, sides[actor], sides[target],
        actor, 1.0,
    )  # fmt: skip
    found = 0.0
    for answer, _ in joining(cast, actor, act):
        shares = choice_shares(
            lambda u, a=answer: a.response.choose(params, view, percept, u)
        )
        for number, other in enumerate(answer.response.operations, start=1):
            found += shares.get(number, 0.0) if other.act == act else 0.0
    return found


def _answers(
    cast: Cast,
    act: Act,
    all_answers: Sequence[Sequence[Answer]],
    grid: Grid,
    reported: float,
) -> Floats:
    """Return the chances of the answers; those of one incident stand in one column."""
    keys = sorted({answer.key for answers in all_answers for answer in answers})
    place = {key: j for j, key in enumerate(keys)}
    found = np.zeros((len(all_answers), len(keys), grid.days))
    parts = {a: _in_time(cast, a, grid) for _, a, _ in keys}
    laws: dict[tuple[int, str, int, int], DelayLaw] = {}
    for r, answers in enumerate(all_answers):
        for answer in answers:
            cell = min(int(answer.time * grid.per_day), grid.n - 1)
            of = parts[answer.actor]
            part = next(i for i, (_, end, _) in enumerate(of) if cell < end)
            params = of[part][2]
            shares = choice_shares(
                lambda u, a=answer, p=params: a.response.response.choose(
                    p, a.view, a.percept, u
                )
            )
            for number, operation in enumerate(
                answer.response.response.operations, start=1
            ):
                chance = shares.get(number, 0.0) * reported
                if operation.act != act or chance <= 0.0:
                    continue
                key = (answer.actor, answer.response.response.name, number, part)
                if key not in laws:
                    laws[key] = _law_of_answer(
                        answer, answer.response, operation, params
                    )
                law = laws[key]
                days = (answer.time + law.days).astype(np.int64)
                law_by_day = np.bincount(
                    np.minimum(days, grid.days), law.weights, grid.days + 1
                )
                found[r, place[answer.key]] += chance * law_by_day[: grid.days]
    return found


def _law_of_answer(
    answer: Answer, response: BoundResponse, operation: Operation, params: Any
) -> DelayLaw:
    view = answer.view
    return law_of(
        [lambda u: response.response.delay(params, view, u)]
        + [lambda u, s=s: s.duration(params, view, u) for s in operation.stages]
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
