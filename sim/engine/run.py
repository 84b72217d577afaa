"""One replication: a scenario, a root_seed and a number in, an incident log out.

The main flow: an option's candidates come from a Poisson measure on (time, height); a
candidate is accepted when its height is below the hazard at that instant (thinning:
Lewis and Shedler 1979), which is exact for any hazard under its ceiling, and starts an
operation. What follows from there is `sim.engine.escalation`.
"""

from __future__ import annotations

from functools import partial
from math import inf, nextafter
from typing import TYPE_CHECKING, Any, Final

from sim.draws import Draws, Purpose, child
from sim.engine.alteration import UNALTERED, Alteration
from sim.engine.capacity import (
    MOST_CANDIDATES,
    hazard_out_of_bounds,
    too_many_candidates,
)
from sim.engine.cast import WORD_CANDIDATE, Cast, Channel
from sim.engine.clock import Moment, Rank, order
from sim.engine.escalation import await_stage, start
from sim.engine.given import happen, recount, take_turn
from sim.engine.log import NO_CAUSE
from sim.engine.replication import Replication, Running
from sim.engine.weighing import Weigher, draw_starts, open_past
from sim.errors import RunError
from sim.rules.inversion import exponential

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    import simpy

    from sim.engine.log import IncidentLog
    from sim.scenario.scenario import Scenario

BATCH: Final = 16
"""Candidates drawn at once; their values do not depend on it."""


def run_replication(
    scenario: Scenario | Cast,
    root_seed: int,
    number: int,
    until: float | None = None,
    *,
    alteration: Alteration = UNALTERED,
) -> IncidentLog:
    """Simulate one replication.

    Parameters
    ----------
    scenario
        The scenario, or its cast where many replications share it.
    root_seed
        The study's root seed, 0 to 2**64 - 1.
    number
        The replication's number, 0 to 2**64 - 1.
    until
        Days to simulate, > 0; the scenario's horizon when None.
    alteration
        What is made otherwise in it: its lineage, and what is left out.

    Returns
    -------
    IncidentLog
        The same for the same arguments, whatever else ran before or beside it.

    Raises
    ------
    RunError
        If a hazard leaves its bounds, or a limit of `sim.engine.capacity` is passed;
        it ends with the command that repeats this replication.
    """
    cast = scenario if isinstance(scenario, Cast) else Cast(scenario)
    return simulate(Replication(cast, root_seed, number, until, alteration))


def weigh_replication(
    cast: Cast,
    root_seed: int,
    number: int,
    days: Sequence[float],
    alteration: Alteration = UNALTERED,
) -> list[float]:
    """Return how likely the record was under a replication's world, up to some days.

    Parameters
    ----------
    cast
        With a past that is filtered.
    root_seed, number, alteration
        As in `run_replication`.
    days
        Rising, above 0, up to the day from which the world runs free.

    Returns
    -------
    list of float
        The log weight that has come together by each day.
    """
    replication = Replication(cast, root_seed, number, None, alteration)
    # One step beyond the last day, which is itself weighed.
    replication.horizon = nextafter(days[-1], inf)
    replication.weigher = weigher = Weigher(cast, tuple(days), await_stage, start)
    simulate(replication)
    return weigher.at


def simulate(replication: Replication) -> IncidentLog:
    """Simulate a replication from its start to its horizon and return its log."""
    cast = replication.cast
    # What lies beyond the horizon never comes.
    for turn in cast.turns:
        priority = order(Rank.DEVELOPMENT, turn.identity)
        Moment(
            replication.env,
            turn.change.time,
            priority,
            partial(take_turn, replication, turn),
        )
    for given, identity in cast.given:
        priority = order(Rank.DEVELOPMENT, identity)
        action = partial(happen, replication, given, identity)
        Moment(replication.env, given.time, priority, action)
    for g, (row, identity, cause) in enumerate(cast.recorded):
        priority = order(Rank.DEVELOPMENT, identity)
        action = partial(recount, replication, g, row, identity, cause)
        Moment(replication.env, row.time, priority, action)
    for day, number in replication.alteration.lineage:
        action = partial(key_anew, replication, number)
        Moment(replication.env, day, order(Rank.TURNING, 0), action)
    if cast.is_filtered:
        replication.weigher = replication.weigher or Weigher(
            cast, (), await_stage, start
        )
        open_past(replication)
    await_candidates(replication)
    try:
        replication.env.run(until=replication.horizon)
    except RunError as error:
        path = cast.scenario.path or cast.scenario.name
        raise RunError(
            str(error),
            path,
            replication.root_seed,
            replication.number,
            str(replication.alteration),
        ) from None
    return replication.log()


def key_anew(replication: Replication, number: int, _: Any) -> None:
    """Key what is drawn from now on by another number."""
    replication.draws = Draws(replication.root_seed, number)
    if replication.weigher is not None:
        draw_starts(replication)
    await_candidates(replication)


def await_candidates(replication: Replication) -> None:
    """Let the candidates come, until another number keys them."""
    now = replication.env.now
    later = [day for day, _ in replication.alteration.lineage if day > now]
    end = min([replication.horizon, *later])
    for channel in replication.cast.channels:
        for band in range(len(channel.bands)):
            replication.env.process(candidates(replication, channel, band, end))


def candidates(
    replication: Replication, channel: Channel, band: int, end: float
) -> Generator[simpy.Event, Any, None]:
    """Offer an option its opportunities in one band of height, as a process.

    They are those that the number which keys them has from the scenario's start, as far
    as they are not past, up to the day `end`. A candidate above every ceiling that the
    option has in this scenario can never be accepted, so its day passes without a
    moment.
    """
    low, width, stream = channel.bands[band]
    env, draws, mean = replication.env, replication.draws, 1.0 / width
    hazard, actor, target = channel.option.hazard, channel.actor, channel.target
    priority, highest = order(Rank.CANDIDATE, stream), channel.highest
    every, view, number = replication.params, replication.view, -1
    params = every[actor]
    ceiling = channel.option.ceiling(params)
    day, begin, label = 0.0, env.now, draws.replication ^ replication.number
    while day < end:
        blocks = draws.blocks(stream, Purpose.CANDIDATE, number + 1, BATCH)
        for gap, height, _, _ in blocks:
            number += 1
            replication.n_candidates += 1
            if replication.n_candidates > MOST_CANDIDATES:
                name = replication.cast.names[actor]
                operation = channel.option.operation.name
                raise RunError(too_many_candidates(env.now, name, operation, highest))
            day = day + exponential(gap, mean)
            if day >= end:
                return
            threshold = low + width * height
            if threshold >= highest or day < begin:
                continue
            yield Moment(env, day, priority)
            if params is not every[actor]:
                params = every[actor]
                ceiling = channel.option.ceiling(params)
            if threshold < ceiling:
                rate = hazard(params, view(actor, target))
                if not 0.0 <= rate <= ceiling:
                    name = replication.cast.names[actor]
                    operation = channel.option.operation.name
                    raise RunError(
                        hazard_out_of_bounds(env.now, name, operation, rate, ceiling)
                    )
                if threshold < rate:
                    identity = child(stream, WORD_CANDIDATE, label, number)
                    _accept(replication, channel, identity)


def _accept(replication: Replication, channel: Channel, identity: int) -> None:
    """Do what an option offers: its candidate was accepted."""
    running = Running(
        identity,
        channel.actor,
        channel.operation,
        channel.option.operation,
        channel.target,
        NO_CAUSE,
    )
    start(replication, running)
