"""What weighing a filtered past needs to know of a cast, once for all replications.

How each row of the record is explained (`sim.engine.weighing`), which options bring
recorded acts about, and how long these take.
"""

from __future__ import annotations

from functools import lru_cache
from math import log
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.engine.observation import shares_of
from sim.engine.world import new_memory
from sim.rules.behaviour import Effect, Holdings, MeansUse, Toward, unmindful
from sim.rules.perceiving import percept_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.engine.cast import BoundResponse, Cast, Channel
    from sim.rules.behaviour import Operation
    from sim.scenario.scenario import Recorded

UNEXPLAINED: Final = 1e-3
"""Rate at which an act of the record comes of no rule, 1/day: a row that a world cannot
explain weighs against it, and does not end it."""
RIVAL: Final = 0.02
"""What a decision is weighed against, 1/day, before it is taken for a row that others
may explain as well. It moves no expectation: it is the proposal alone."""
ANSWERED: Final = 0.3
"""What an answer is expected to weigh, 1/day, before it does (`Explained.ahead`)."""
LEAST: Final = 1e-6
"""Least share by which what was sure to come and did not weighs."""
NEAR: Final = 0.05
"""Half the width, days, over which it is guessed how well two rows go together."""
DEFENSIVE: Final = 0.25
"""How far an option is chosen for a row by its hazard as the start finds it, beside its
hazard at the choice: what keeps it then may be over when it begins."""
COMPANIONS: Final = 8
"""Most rows of which another may be an answer to what they came of."""
LEAD: Final = 1.0
"""Days before a row by which it is drawn whether it is left to an answer."""
TRIES: Final = 16
"""How often the start of a row is drawn until it is not past."""
N_WAITS: Final = 32
"""Points of the law of how long an option's operation takes."""
PIECE: Final = 1.0
"""Longest piece of a day over which a hazard is integrated by two nodes of Gauss."""
NODE: Final = 0.5773502691896257
"""Their distance from the middle, in half pieces: 1 / sqrt(3)."""
WIDTH: Final = 0.01
"""Half the width, days, over which the density of a delay is taken."""
STEPS: Final = 24
"""Halvings by which the chance of a choice, and of a delay, is found."""
LAST_U: Final = 1.0 - 2.0**-53

NO_ROUTE, BY_OPTION, BY_ANSWER, BY_MOVE = 0, 1, 2, 3
"""How a row is explained: not at all, by options, by answers, by answers to an option
of the same actor that no record has, such as a campaign announced on a move."""
WAITING, CHOSEN, BEGUN, LEFT = 0, 1, 2, 3
"""What has come of a row's start; it may be left to an answer."""


class Explained(NamedTuple):
    """How a row of the record is explained, the same in all worlds."""

    route: int
    channels: tuple[int, ...]
    """Options that may have brought it about."""
    answer: BoundResponse | None = None
    """What answers these options with it, where no record has them."""
    companions: tuple[tuple[int, float], ...] = ()
    """Rows to whose beginnings it may be an answer, and how well, 1/day: a guess, by
    which it is left to one. It moves no expectation."""
    guesses: tuple[float, ...] = ()
    """Of each option, `DEFENSIVE` times what the row weighs as the start finds it."""
    ahead: float = 0.0
    """Log of what it is expected to weigh. All worlds have that from the start, each
    until its row has weighed: so worlds in which its start has come are not behind
    those in which it is still to come. In the end it is out of every weight."""


class PastTables:
    """What weighing needs to know of a cast, once for all replications."""

    def __init__(self, cast: Cast) -> None:
        shares = shares_of(cast.scenario.observations)
        self.reported = tuple(
            seen.reported if act in cast.recorded_acts else 0.0
            for act, seen in enumerate(shares)
        )
        """Share of each act that the press reports; 0 of what is not weighed."""
        self.weighed = tuple(
            act in cast.recorded_acts and act not in cast.exogenous
            for act in range(len(shares))
        )
        self.by_actor = tuple(
            tuple(
                n
                for n, channel in enumerate(cast.channels)
                if channel.actor == actor and self._is_weighed(cast, channel)
            )
            for actor in range(cast.n_actors)
        )
        """Of each actor, its options that bring recorded acts about."""
        own = {n for channels in self.by_actor for n in channels}
        self.waits = tuple(
            waits_of(cast, channel) if n in own else ()
            for n, channel in enumerate(cast.channels)
        )
        put_in = {row.identity: row for row, _, _ in cast.recorded}
        self.rows = tuple(
            self._explained(cast, row, put_in) for row, _, _ in cast.recorded
        )

    def _is_weighed(self, cast: Cast, channel: Channel) -> bool:
        acts = acts_done(cast, channel.option.operation)
        return any(self.weighed[act] and self.reported[act] > 0.0 for act in acts)

    def _explained(
        self, cast: Cast, row: Recorded, put_in: dict[str, Recorded]
    ) -> Explained:
        """Say what may have brought a row about."""
        if not self.weighed[row.act] or self.reported[row.act] <= 0.0:
            return Explained(NO_ROUTE, ())
        channels = tuple(
            n
            for n, channel in enumerate(cast.channels)
            if row.act in acts_done(cast, channel.option.operation)
            and (not row.actor or cast.index[row.actor] == channel.actor)
            and (not row.target or cast.index[row.target] == channel.target)
        )
        cause = put_in.get(row.cause)
        if cause is not None and self._is_answer(cast, row, int(cause.act)):
            return Explained(BY_ANSWER, (), ahead=log(ANSWERED))
        if channels:
            companions = self._companions(cast, row)
            rates = [self._expected(cast, cast.channels[n], row) for n in channels]
            return Explained(
                BY_OPTION,
                channels,
                companions=companions,
                guesses=tuple(DEFENSIVE * (UNEXPLAINED + rate) for rate in rates),
                ahead=log(
                    sum(guess for _, guess in companions)
                    + sum(UNEXPLAINED + rate for rate in rates)
                ),
            )
        moves = () if cause is not None else self._moves(cast, row)
        if moves:
            answer = moves[0][1]
            channels, rates = list[int](), list[float]()
            for n, other, share in moves:
                params, view = at_start(cast, cast.channels[n])
                moving = cast.channels[n].option.hazard(params, view)
                if other is answer:
                    channels.append(n)
                    rates.append(moving * share * self.reported[row.act])
            return Explained(
                BY_MOVE,
                tuple(channels),
                answer,
                guesses=tuple(DEFENSIVE * (UNEXPLAINED + rate) for rate in rates),
                ahead=log(sum(UNEXPLAINED + rate for rate in rates)),
            )
        if cause is None and self._is_answer(cast, row, None):
            return Explained(BY_ANSWER, (), ahead=log(ANSWERED))
        return Explained(NO_ROUTE, ())

    def _expected(self, cast: Cast, channel: Channel, row: Recorded) -> float:
        """Return an option's hazard of a row as the start finds it, 1/day."""
        actor, operation = channel.actor, channel.option.operation
        params, view = at_start(cast, channel)
        rate = channel.option.hazard(params, view) * self.reported[row.act]
        rate = rate * cast.share_of_act(actor, operation, row.act)
        return rate * self._share_of_site(cast, channel, operation, row)

    def _share_of_site(
        self, cast: Cast, channel: Channel, operation: Operation, row: Recorded
    ) -> float:
        """Return the chance of a row's site as the start finds it; 1 without one."""
        actor = channel.actor
        params, view = at_start(cast, channel)
        weigh = cast.kinds[actor].site_weight
        if not row.site or weigh is None or not cast.hits_site(operation, row.act):
            return 1.0
        present = cast.names[actor if operation.is_own_site else channel.target]
        weights = [
            weigh(params, view, reach, site.presence.get(present, 0.0))
            for reach, site in zip(cast.reach[actor], cast.scenario.sites, strict=True)
        ]
        whole = sum(weights)
        mine = weights[cast.sites.index(row.site)]
        return mine / whole if whole > 0.0 else 0.0

    def _companions(self, cast: Cast, row: Recorded) -> tuple[tuple[int, float], ...]:
        """Return rows to a stage of whose beginnings one may be an answer."""
        companions: list[tuple[int, float]] = []
        for g, (other, _, _) in enumerate(cast.recorded):
            gap = row.time - other.time
            if other is row or abs(gap) > LEAD or other.act != row.act or other.cause:
                continue
            guesses = [
                self.reported[row.act]
                * self._share_of_site(cast, channel, operation, row)
                * density_of_gap(cast, channel, stage, answer, operation, gap)
                * chance_after(cast, channel, answer, int(row.act), is_stage=1)
                for channel in cast.channels
                if not row.actor or cast.index[row.actor] == channel.actor
                for stage, each in enumerate(channel.option.operation.stages)
                if each.is_followed
                for answer in cast.stage_answers[channel.actor].get(int(other.act), ())
                for operation in answer.bound
                if operation.means == MeansUse.JOINED
            ]
            if any(guesses) and len(companions) < COMPANIONS:
                companions.append((g, sum(guesses) / len(guesses)))
        return tuple(companions)

    def _moves(
        self, cast: Cast, row: Recorded
    ) -> list[tuple[int, BoundResponse, float]]:
        """Return options that nobody records, whose actor answers them with a row.

        Each with the answer, and the chance of it as the start finds the actor.
        """
        moves: list[tuple[int, BoundResponse, float]] = []
        for n, channel in enumerate(cast.channels):
            actor, operation = channel.actor, channel.option.operation
            act = int(operation.act)
            if (
                operation.stages
                or act in cast.recorded_acts | cast.exogenous
                or act not in cast.heeds_own[actor]
                or not row.actor
                or cast.index[row.actor] != actor
                or (row.target and cast.index[row.target] != channel.target)
            ):
                continue
            for answer in cast.answers[actor].get(act, ()):
                share = chance_after(cast, channel, answer, int(row.act))
                if share > 0.0 and answer.response.toward == Toward.TARGET:
                    moves.append((n, answer, share))
        return moves

    def _is_answer(self, cast: Cast, row: Recorded, to: int | None) -> bool:
        """Whether a response of whoever did it brings such an act about."""
        actors = [cast.index[row.actor]] if row.actor else range(cast.n_actors)
        return any(
            row.act in acts_done(cast, operation)
            for actor in actors
            for act, answers in cast.answers[actor].items()
            if to is None or act == to
            for answer in answers
            for operation in answer.bound
        )


@lru_cache(maxsize=16)
def past_tables(cast: Cast) -> PastTables:
    """Return what weighing needs to know of a cast; made once."""
    return PastTables(cast)


def acts_done(cast: Cast, operation: Operation) -> tuple[int, ...]:
    """Return the acts that an operation may be."""
    if operation.means in (MeansUse.OWN, MeansUse.JOINED):
        return tuple(dict.fromkeys(int(means.act) for means in cast.means))
    return (int(operation.act),)


def waits_of(cast: Cast, channel: Channel) -> tuple[float, ...]:
    """Return how long an option's operation takes, points of even weight, in order.

    The law is that of the start: of the actor's parameters then, and of an actor that
    remembers nothing. The points fill the unit square evenly (Hammersley).
    """
    stages = channel.option.operation.stages
    if not stages:
        return ()
    params, view = at_start(cast, channel)
    return tuple(sorted(_points([stage.duration for stage in stages], params, view)))


def _points(
    laws: list[Callable[[Any, Any, float], float]], params: Any, view: Any
) -> list[float]:
    """Return points of even weight of how long stages take together."""
    waits: list[float] = []
    for point in range(N_WAITS):
        total = 0.0
        for number, law in enumerate(laws):
            if number == 0:
                u = (point + 0.5) / N_WAITS
            else:
                base = (2, 3, 5, 7, 11, 13, 17)[number - 1]
                u = turned_over(point, base)
            total = total + law(params, view, u)
        waits.append(total)
    return waits


def share_by(cast: Cast, actor: int, operation: Operation, act: int, to: int) -> float:
    """Return in which share an answer to an act is an act; what joins does the same."""
    if operation.means == MeansUse.JOINED:
        return 1.0 if act == to else 0.0
    return cast.share_of_act(actor, operation, act)


def at_start(cast: Cast, channel: Channel) -> tuple[Any, Any]:
    """Return an actor's parameters at the start, and what it then knows of a target.

    What is drawn of its memory is in the middle.
    """
    actor = channel.actor
    kind, params = cast.kinds[actor], cast.params[actor]
    memory = memory_at_start(cast, actor)
    return params, kind.view(params, memory, Holdings(0.0, 0.0), channel.target, 0.0)


def memory_at_start(cast: Cast, actor: int) -> Any:
    """Return an actor's memory at the start; what is drawn of it is in the middle."""
    kind, memory = cast.kinds[actor], new_memory(cast, actor)
    if kind.starting is not unmindful:
        kind.starting(cast.params[actor], memory, 0.5)
    return memory


def density_of_gap(
    cast: Cast,
    channel: Channel,
    stage: int,
    answer: BoundResponse,
    operation: Operation,
    gap: float,
) -> float:
    """Return the density of the days from an act to an answer to one of its stages."""
    params, view = at_start(cast, channel)
    rest = channel.option.operation.stages[stage + 1 :]
    own = _points([each.duration for each in rest], params, view)
    laws = [answer.response.delay, *(each.duration for each in operation.stages)]
    later = _points(laws, params, view)
    near = sum(abs(b - a - gap) < NEAR for a in own for b in later)
    return near / (len(own) * len(later)) / (2.0 * NEAR)


def chance_after(
    cast: Cast, channel: Channel, answer: BoundResponse, act: int, is_stage: int = 0
) -> float:
    """Return the chance that an actor answers its own option with an act, at first."""
    actor, target = channel.actor, channel.target
    kind, params = cast.kinds[actor], cast.params[actor]
    done = act if is_stage else int(channel.option.operation.act)
    percept = percept_of(
        done, is_stage, actor, target, Effect(), actor,
        cast.sides[actor], cast.sides[target], actor, 1.0, -2, 0,
    )  # fmt: skip
    memory = memory_at_start(cast, actor)
    kind.notice(params, memory, percept, 0.0)
    view = kind.view(params, memory, Holdings(0.0, 0.0), target, 0.0)
    share = 0.0
    for point in range(N_WAITS):
        k = answer.response.choose(params, view, percept, (point + 0.5) / N_WAITS)
        if k > 0:
            share += share_by(cast, actor, answer.bound[k - 1], act, done) / N_WAITS
    return share


def turned_over(number: int, base: int) -> float:
    """Return a number's digits in a base, behind the point in reverse (van der Corput).

    Half a step is added, so that it lies inside (0, 1).

    >>> turned_over(1, 2)
    0.515625
    """
    value, scale = 0.5 / N_WAITS, 1.0
    while number:
        scale = scale / base
        value = value + scale * (number % base)
        number //= base
    return min(value, 1.0 - 0.25 / N_WAITS)
