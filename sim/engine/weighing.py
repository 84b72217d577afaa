"""How likely the record was under a world: what a filtered past weighs, and how.

Until a day acts of recorded types come from the record alone. Where the past is
filtered, whatever each row of the record came of is under way in the world that it is
put into, and the world is weighed by how likely it would have brought the row about,
and nothing else of the kind (docs/model.md, "A past that is filtered"):

- **a row of an option**: its start is drawn from the law of its stages, keyed by the
  row, and weighed by the hazard there, the perpetrator in proportion to it;
- **a row of a move**: so is the start of what answers an option that no record has,
  and the option happens then;
- **a row of an answer**: a decision that could have brought it about is taken for it,
  and weighed by the chance of the choice and the density of its delay;
- **what the record lacks**: the integral of the hazards weighs against the world, and
  so does each answer that might have come, and each attack that might have been broken
  off.

The compiled driver's `sim.engine.compiled.weighing` has the same functions in the same
order of steps.
"""

from __future__ import annotations

from functools import partial
from math import ceil, inf, log
from typing import TYPE_CHECKING, Any

from sim.draws import Purpose, child
from sim.engine.capacity import MOST_RUNNING, too_many_running
from sim.engine.cast import WORD_MEANS, WORD_OPERATION, WORD_RECORD, WORD_SUSPECT
from sim.engine.clock import Moment, Rank, order
from sim.engine.explained import (
    BEGUN,
    BY_ANSWER,
    BY_MOVE,
    BY_OPTION,
    CHOSEN,
    LAST_U,
    LEAD,
    LEAST,
    LEFT,
    N_WAITS,
    NODE,
    PIECE,
    RIVAL,
    STEPS,
    TRIES,
    UNEXPLAINED,
    WAITING,
    WIDTH,
    past_tables,
    share_by,
)
from sim.engine.log import NO_CAUSE, NOBODY
from sim.engine.replication import Running
from sim.errors import RunError
from sim.rules.behaviour import Breaks, Holdings, MeansUse
from sim.rules.inversion import choice_race

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sim.engine.cast import BoundResponse, Cast, Channel
    from sim.engine.log import Record
    from sim.engine.replication import Replication
    from sim.rules.behaviour import Operation, Percept


class Weigher:
    """What weighing has come to in one replication."""

    def __init__(
        self,
        cast: Cast,
        days: tuple[float, ...],
        await_stage: Callable[[Replication, Running], None],
        start: Callable[[Replication, Running], None],
    ) -> None:
        self.tables = past_tables(cast)
        self.await_stage = await_stage
        """How the next stage of what is under way is awaited."""
        self.start = start
        """How an operation starts."""
        self.moved = NOBODY
        """The row that what happens now is to be answered with."""
        self.days = days
        """Days on which the weight is asked for, rising."""
        self.at: list[float] = []
        """Log weights on those that are past."""
        self.log_weight = 0.0
        for row in self.tables.rows:
            self.log_weight += row.ahead
        self.settled = [0.0] * cast.n_actors
        n = len(cast.recorded)
        self.state = [WAITING] * n
        self.turn_at = [inf] * n
        """Day of the next step of a row's start."""
        self.channel = [NOBODY] * n
        self.actor = [NOBODY] * n
        self.chance = [1.0] * n
        self.early = [1.0] * n
        """Chance that a start is not before the scenario's: none is drawn there."""
        self.durations: list[tuple[float, ...]] = [()] * n
        self.running: list[Running | None] = [None] * n


def of(replication: Replication) -> Weigher:
    """Return what weighs a replication's past, which is filtered."""
    weigher: Weigher | None = replication.weigher
    assert weigher is not None
    return weigher


def open_past(replication: Replication) -> None:
    """Let a replication's past be weighed, from its start."""
    weigher = of(replication)
    for number, day in enumerate(weigher.days):
        action = partial(_take_weight, replication)
        Moment(replication.env, day, order(Rank.WEIGHING, number), action)
    since = replication.cast.since
    Moment(
        replication.env,
        since,
        order(Rank.WEIGHING, len(weigher.days)),
        partial(_close_past, replication),
    )
    draw_starts(replication)


def _take_weight(replication: Replication, _: Any) -> None:
    weigher = of(replication)
    settle_all(replication)
    weigher.at.append(weigher.log_weight)


def _close_past(replication: Replication, _: Any) -> None:
    settle_all(replication)


def draw_starts(replication: Replication) -> None:
    """Draw when what the rows come of began, as far as it is not past.

    It is drawn anew when another number keys what is drawn, so that worlds with one
    past part in this too.
    """
    weigher, cast, now = of(replication), replication.cast, replication.env.now
    for g, (row, identity, _) in enumerate(cast.recorded):
        explained = weigher.tables.rows[g]
        is_due = row.time > now and weigher.state[g] == WAITING
        if explained.route not in (BY_OPTION, BY_MOVE) or not is_due:
            continue
        attempt, first = 0, row.time
        while attempt < TRIES:
            first = row.time - (LEAD if explained.companions else 0.0)
            for n in explained.channels:
                total = 0.0
                for duration in row_durations(replication, g, n, attempt):
                    total = total + duration
                first = min(first, row.time - total)
            if first >= now:
                break
            attempt += 1
        weigher.durations[g] = (float(attempt),)
        day = max(first, now)
        weigher.turn_at[g] = day
        if day < row.time:
            action = partial(_begin_row, replication, g)
            Moment(replication.env, day, order(Rank.WEIGHING, identity), action)


def row_durations(
    replication: Replication, g: int, n: int, attempt: int
) -> list[float]:
    """Return how long the stages take of what a row came of, keyed by the row."""
    channel = replication.cast.channels[n]
    answer = of(replication).tables.rows[g].answer
    stages = channel.option.operation.stages
    laws = [stage.duration for stage in stages]
    if answer is not None:
        laws = [answer.response.delay]
    if not laws:
        return []
    _, identity, _ = replication.cast.recorded[g]
    params = replication.params[channel.actor]
    view = replication.view(channel.actor, channel.target)
    return [
        law(
            params,
            view,
            replication.draws.one(identity, Purpose.STAGES, 8 * attempt + number),
        )
        for number, law in enumerate(laws)
    ]


def _begin_row(replication: Replication, g: int, _: Any) -> None:
    """Take the next step of a row's start, unless it was drawn anew."""
    weigher = of(replication)
    if weigher.turn_at[g] != replication.env.now:
        return
    weigher.turn_at[g] = inf
    if weigher.state[g] == WAITING:
        choose_channel(replication, g)
    elif weigher.state[g] == CHOSEN:
        begin_row(replication, g)


def choose_channel(replication: Replication, g: int) -> None:
    """Choose which option brought a row about, in proportion to hazards now."""
    weigher, cast, now = of(replication), replication.cast, replication.env.now
    row, identity, _ = cast.recorded[g]
    best, chosen, of_chosen, total = inf, NOBODY, 0.0, 0.0
    early = 1.0
    for n in weigher.tables.rows[g].channels:
        early = min(early, share_begun(replication, g, n))
    weigher.early[g] = max(early, 0.5 / N_WAITS)
    for k, n in enumerate(weigher.tables.rows[g].channels):
        channel = cast.channels[n]
        weight = UNEXPLAINED + weigher.early[g] * marked_hazard(replication, n, g)
        weight = weight + weigher.tables.rows[g].guesses[k]
        total = total + weight
        key = child(identity, WORD_SUSPECT, cast.words[channel.actor], 0)
        key = child(key, WORD_OPERATION, cast.words[channel.target], 0)
        clock = choice_race(replication.draws.one(key, Purpose.EVIDENCE), weight)
        if clock < best:
            best, chosen, of_chosen = clock, n, weight
    left = 0.0
    for other, guess in weigher.tables.rows[g].companions:
        if weigher.state[other] != LEFT:
            left = left + guess
    if left > 0.0:
        total = total + left
        key = child(identity, WORD_RECORD, 0, 0)
        clock = choice_race(replication.draws.one(key, Purpose.EVIDENCE), left)
        if clock < best:
            weigher.state[g], weigher.chance[g] = LEFT, left / total
            return
    attempt = int(weigher.durations[g][0]) if weigher.durations[g] else 0
    durations = tuple(row_durations(replication, g, chosen, attempt))
    whole = 0.0
    for duration in durations:
        whole = whole + duration
    weigher.state[g], weigher.channel[g] = CHOSEN, chosen
    weigher.actor[g] = cast.channels[chosen].actor
    weigher.chance[g], weigher.durations[g] = of_chosen / total, durations
    day = row.time - whole
    if day <= now or now >= row.time:
        begin_row(replication, g)
        return
    weigher.turn_at[g] = day
    action = partial(_begin_row, replication, g)
    Moment(replication.env, day, order(Rank.WEIGHING, identity), action)


def begin_row(replication: Replication, g: int) -> None:
    """Weigh a row by the hazard at its start, and let what it came of be under way."""
    weigher, cast = of(replication), replication.cast
    row, identity, _ = cast.recorded[g]
    n = weigher.channel[g]
    channel = cast.channels[n]
    rate = weigher.early[g] * marked_hazard(replication, n, g)
    is_move = weigher.tables.rows[g].route == BY_MOVE
    if is_move and not replication.env.now < row.time:
        rate = 0.0
    weigher.state[g] = BEGUN
    weigher.log_weight += log((rate + UNEXPLAINED) / weigher.chance[g])
    weigher.log_weight -= weigher.tables.rows[g].ahead
    u = replication.draws.one(identity, Purpose.CHOICE)
    is_explained = u * (rate + UNEXPLAINED) < rate
    if not is_explained or not (is_move or channel.option.operation.stages):
        return
    running = Running(
        identity,
        channel.actor,
        channel.operation,
        channel.option.operation,
        channel.target,
        NO_CAUSE,
    )
    if is_move:
        # It weighs little until it is answered with the row, as in `decide`.
        weigher.moved = g
        weigher.log_weight += log(LEAST)
        weigher.start(replication, running)
        weigher.moved = NOBODY
        return
    running.durations, running.row = weigher.durations[g], g
    running.means = _means_for(replication, running, row.act)
    running.site = cast.sites.index(row.site) if row.site else NOBODY
    begin_running(replication, running)


def begin_running(replication: Replication, running: Running) -> None:
    """Let what a row came of be under way until the row."""
    weigher = of(replication)
    settle(replication, running.actor)
    replication.n_running += 1
    if replication.n_running > MOST_RUNNING:
        raise RunError(too_many_running(replication.env.now))
    replication.running[running.actor].append(running)
    weigher.running[running.row] = running
    weigher.await_stage(replication, running)


def end_running(replication: Replication, g: int) -> None:
    """Let what a row came of end, if it is still under way: the row has happened."""
    weigher = of(replication)
    running = weigher.running[g]
    if running is None or running.is_over:
        return
    settle(replication, running.actor)
    running.is_over = True
    replication.n_running -= 1
    replication.running[running.actor].remove(running)


def arrive(replication: Replication, g: int) -> int:
    """Weigh what is left to weigh of a row that happens; return who did it, if told."""
    weigher = of(replication)
    explained = weigher.tables.rows[g]
    if explained.route in (BY_OPTION, BY_MOVE):
        if weigher.state[g] == WAITING:
            choose_channel(replication, g)
        if weigher.state[g] == CHOSEN:
            begin_row(replication, g)
        if weigher.state[g] == LEFT:
            weigher.log_weight += log(UNEXPLAINED / weigher.chance[g]) - explained.ahead
    elif explained.route == BY_ANSWER and weigher.state[g] == WAITING:
        weigher.log_weight += log(UNEXPLAINED) - explained.ahead
    end_running(replication, g)
    return weigher.actor[g]


def _means_for(replication: Replication, running: Running, act: int) -> int:
    """Return a means of attack by which an act is done, by a race of keyed clocks."""
    cast, actor = replication.cast, running.actor
    weigh = cast.kinds[actor].means_weight
    if running.operation.means not in (MeansUse.OWN, MeansUse.JOINED) or weigh is None:
        return 0
    best, number = inf, 0
    for k, word in enumerate(cast.means_words):
        if cast.means[k].act != act:
            continue
        weight = weigh(
            replication.params[actor],
            replication.memories[actor],
            k,
            replication.env.now,
        )
        if weight > 0.0:
            identity = child(running.identity, WORD_MEANS, word, 0)
            clock = choice_race(replication.draws.one(identity, Purpose.MEANS), weight)
            if clock < best:
                best, number = clock, k + 1
    return number


def is_at_limit(replication: Replication, channel: Channel) -> bool:
    """Whether as many of an option's operations are under way as may be at once."""
    limit = channel.option.operation.max_parallel(replication.params[channel.actor])
    if not limit > 0.0:
        return False
    same = 0
    for other in replication.running[channel.actor]:
        if other.code == channel.operation:
            same += 1
    return same >= limit


def means_share(replication: Replication, channel: Channel, act: int) -> float:
    """Return the chance that an option's operation is an act, by its means of attack.

    With `act` below 0 it is the share of acts that come from the record, each as far as
    the press reports it.
    """
    weigher, cast, operation = (
        of(replication),
        replication.cast,
        channel.option.operation,
    )
    tables = weigher.tables
    if operation.means not in (MeansUse.OWN, MeansUse.JOINED):
        done = int(operation.act)
        if act < 0:
            return tables.reported[done] if tables.weighed[done] else 0.0
        return tables.reported[done] if done == act else 0.0
    weigh = cast.kinds[channel.actor].means_weight
    if weigh is None:
        return 0.0
    mine = whole = 0.0
    for k in range(len(cast.means)):
        weight = weigh(
            replication.params[channel.actor],
            replication.memories[channel.actor],
            k,
            replication.env.now,
        )
        whole = whole + weight
        done = int(cast.means[k].act)
        if done == act or (act < 0 and tables.weighed[done]):
            mine = mine + weight * tables.reported[done]
    return mine / whole if whole > 0.0 else 0.0


def place_share(
    replication: Replication,
    actor: int,
    target: int,
    operation: Operation,
    *,
    act: int,
    site: int,
    avoided: int = NOBODY,
) -> float:
    """Return the chance that an operation is at a site; 1 where none tells.

    0 where there is no site for it at all. With `site` below 0 that alone is asked.
    """
    cast = replication.cast
    if not cast.hits_site(operation, act):
        return 1.0
    weigh = cast.kinds[actor].site_weight
    if weigh is None:
        return 0.0
    params, view = replication.params[actor], replication.view(actor, target)
    present = actor if operation.is_own_site else target
    mine = whole = 0.0
    for number in range(len(cast.sites)):
        lies_at = cast.soil[number]
        if operation.is_own_site and lies_at not in (NOBODY, target):
            continue
        if number == avoided:
            continue
        presence = replication.world.presence[number * cast.n_actors + present]
        weight = weigh(params, view, cast.reach[actor][number], presence)
        if weight > 0.0:
            if site < 0:
                return 1.0
            whole = whole + weight
            if number == site:
                mine = weight
    return mine / whole if whole > 0.0 else 0.0


def share_begun(replication: Replication, g: int, n: int) -> float:
    """Return the chance that what a row came of began after the scenario's start."""
    weigher, cast = of(replication), replication.cast
    row, answer = cast.recorded[g][0], weigher.tables.rows[g].answer
    if answer is None:
        return share_within(weigher.tables.waits[n], row.time)
    channel = cast.channels[n]
    params = replication.params[channel.actor]
    view = replication.view(channel.actor, channel.target)
    return _share_up_to(answer.response.delay, params, view, row.time)


def marked_hazard(replication: Replication, n: int, g: int) -> float:
    """Return the hazard now of what a row tells: act, site, and that it is reported."""
    cast, tables = replication.cast, of(replication).tables
    row = cast.recorded[g][0]
    channel = cast.channels[n]
    params = replication.params[channel.actor]
    view = replication.view(channel.actor, channel.target)
    rate = channel.option.hazard(params, view)
    if not rate > 0.0 or not channel.option.operation.feasible(params, view):
        return 0.0
    if is_at_limit(replication, channel):
        return 0.0
    if tables.rows[g].route == BY_MOVE:
        return rate * tables.reported[row.act]
    rate = rate * means_share(replication, channel, int(row.act))
    site = cast.sites.index(row.site) if row.site else NOBODY
    return rate * place_share(
        replication,
        channel.actor,
        channel.target,
        channel.option.operation,
        act=int(row.act),
        site=site,
    )


def settle_all(replication: Replication) -> None:
    """Weigh what no actor has done until now."""
    for actor in range(replication.cast.n_actors):
        settle(replication, actor)


def settle(replication: Replication, actor: int) -> None:
    """Weigh what an actor has not done since it was last settled.

    It is done before anything changes of what the actor knows. In between its hazards
    are smooth, and are integrated by two nodes of Gauss in each piece.
    """
    weigher, cast = of(replication), replication.cast
    begin, end = weigher.settled[actor], min(replication.env.now, cast.since)
    if not end > begin:
        return
    weigher.settled[actor] = end
    params, memory = replication.params[actor], replication.memories[actor]
    kind, world = cast.kinds[actor], replication.world
    for n in weigher.tables.by_actor[actor]:
        channel = cast.channels[n]
        share = means_share(replication, channel, -1)
        if not share > 0.0 or is_at_limit(replication, channel):
            continue
        operation = channel.option.operation
        if not (
            place_share(
                replication,
                actor,
                channel.target,
                operation,
                act=int(operation.act),
                site=NOBODY,
            )
            > 0.0
        ):
            continue
        held = Holdings(
            world.custody[actor * world.n_actors + channel.target],
            world.detained[actor],
        )
        pieces = ceil((end - begin) / PIECE)
        half = 0.5 * (end - begin) / pieces
        total = 0.0
        for piece in range(pieces):
            middle = begin + half * (2 * piece + 1)
            for sign in (-1.0, 1.0):
                day = middle + sign * NODE * half
                view = kind.view(params, memory, held, channel.target, day)
                rate = channel.option.hazard(params, view)
                if rate > 0.0 and channel.option.operation.feasible(params, view):
                    left = cast.since - day
                    total = total + half * rate * share_within(
                        weigher.tables.waits[n], left
                    )
        weigher.log_weight -= share * total


def share_within(waits: tuple[float, ...], days: float) -> float:
    """Return the chance that an operation ends within some days."""
    if not waits or waits[-1] <= days:
        return 1.0
    count = 0
    for wait in waits:
        if wait <= days:
            count += 1
    return count / N_WAITS


def decide(
    replication: Replication,
    actor: int,
    answer: BoundResponse,
    record: Record,
    percept: Percept,
    target: int,
    identity: int,
    key: int,
) -> tuple[int, int, float]:
    """Return what is chosen, the row that it becomes (or none), and its delay.

    An answer that would be of a recorded type and end before the day comes of a row or
    not at all. `identity` is that of the answer, `key` keys its choice and its delay.
    """
    u_choice, u_delay = replication.draws.two(key, Purpose.CHOICE)
    weigher, cast = of(replication), replication.cast
    response, tables = answer.response, weigher.tables
    params, view = replication.params[actor], replication.view(actor, target)
    choice = response.choose(params, view, percept, u_choice)
    now = replication.env.now
    wait = 0.0
    if choice != 0:
        wait = response.delay(params, view, u_delay)
    if not now < cast.since:
        return choice, NOBODY, wait
    is_open = False
    for operation in answer.bound:
        is_open = is_open or tables.weighed[operation.act]
    if not is_open:
        return choice, NOBODY, wait
    first = response.choose(params, view, percept, 0.0)
    if first == 0 and response.choose(params, view, percept, LAST_U) == 0:
        return choice, NOBODY, wait
    shares = _shares_of_choices(response.choose, params, view, percept, first)
    moved = weigher.moved
    if moved != NOBODY and tables.rows[moved].answer is answer:
        # The answer is the row, which the record puts in.
        weigher.moved = NOBODY
        act = cast.recorded[moved][0].act
        chance, _ = _which(cast, actor, answer.bound, act, record.act, shares, 0.0)
        weigher.log_weight += log(max(chance, LEAST) / LEAST)
        return 0, NOBODY, wait
    wait = response.delay(params, view, u_delay)
    for g in _rows_for(replication, actor, answer, record, target, shares):
        row, row_id, _ = cast.recorded[g]
        u_take, u_which, _, _ = replication.draws.block(
            child(identity, WORD_RECORD, row_id & (2**64 - 1), 0), Purpose.CHOICE
        )
        chance, k = _which(
            cast, actor, answer.bound, row.act, record.act, shares, u_which
        )
        operation = answer.bound[k - 1]
        laws = [response.delay, *(stage.duration for stage in operation.stages)]
        days = [wait, *durations_of(replication, identity, actor, operation, view)]
        widest = widest_of(laws, params, view)
        due = row.time - now
        for number, drawn in enumerate(days):
            if number != widest:
                due = due - drawn
        density = _density(laws[widest], params, view, due)
        likely = tables.reported[row.act] * chance * density
        likely = likely * place_share(
            replication,
            actor,
            target,
            operation,
            act=int(row.act),
            site=cast.sites.index(row.site) if row.site else NOBODY,
            avoided=record.site if operation.avoids_noticed_site else NOBODY,
        )
        is_told = row.cause and row.actor
        rival = UNEXPLAINED if is_told else RIVAL
        if u_take * (likely + rival) < likely:
            weigher.log_weight += log((likely + rival) / weigher.chance[g])
            weigher.log_weight -= tables.rows[g].ahead
            weigher.state[g], weigher.actor[g] = BEGUN, actor
            return k, g, due if widest == 0 else wait
        weigher.log_weight += log((likely + rival) / rival)
    choice = _weigh_absence(
        replication, actor, answer.bound, target, identity, shares, wait, choice
    )
    return choice, NOBODY, wait


def _weigh_absence(
    replication: Replication,
    actor: int,
    operations: tuple[Operation, ...],
    target: int,
    identity: int,
    shares: list[float],
    wait: float,
    choice: int,
) -> int:
    """Weigh that the record has none of the answers that would be in it.

    Return the choice, if it is none of them.
    """
    weigher, cast = of(replication), replication.cast
    tables, now = weigher.tables, replication.env.now
    params, view = replication.params[actor], replication.view(actor, target)
    without, gone, unseen = shares[0], 0.0, 0.0
    for k, operation in enumerate(operations, 1):
        act = int(operation.act)
        if not tables.weighed[act] or not shares[k] > 0.0:
            continue
        if not operation.feasible(params, view):
            continue
        end = now + wait
        for number, stage in enumerate(operation.stages):
            u = replication.draws.one(identity, Purpose.STAGES, number)
            end = end + stage.duration(params, view, u)
        if not end < cast.since:
            continue
        gone = gone + shares[k]
        unseen = unseen + shares[k] * (1.0 - tables.reported[act])
        if choice == k:
            choice = 0
    if choice == 0 and gone > 0.0:
        weigher.log_weight += log(max((without + unseen) / (without + gone), LEAST))
    return choice


def _shares_of_choices(
    choose: Any, params: Any, view: Any, percept: Percept, first: int
) -> list[float]:
    """Return the chance of each choice: how much of [0, 1) brings it about.

    What brings one about is taken to be one stretch of [0, 1), as all rules have it.
    """
    shares = [0.0] * 9
    low, value = 0.0, first
    for _ in range(9):
        high = 1.0
        if choose(params, view, percept, LAST_U) != value:
            near, far = low, 1.0
            for _ in range(STEPS):
                middle = 0.5 * (near + far)
                if choose(params, view, percept, middle) == value:
                    near = middle
                else:
                    far = middle
            high = far
        shares[value] = shares[value] + (high - low)
        if high >= 1.0:
            break
        low = high
        value = choose(params, view, percept, low)
    return shares


def _rows_for(
    replication: Replication,
    actor: int,
    answer: BoundResponse,
    record: Record,
    target: int,
    shares: list[float],
) -> Iterator[int]:
    """Yield the rows that a decision may become."""
    weigher, cast, now = of(replication), replication.cast, replication.env.now
    for g, (row, _, cause) in enumerate(cast.recorded):
        is_open = weigher.tables.rows[g].route == BY_ANSWER
        if weigher.state[g] != LEFT and not (is_open and weigher.state[g] == WAITING):
            continue
        if not row.time > now or (row.actor and cast.index[row.actor] != actor):
            continue
        if row.target and cast.index[row.target] != target:
            continue
        if cause not in (0, record.identity):
            continue
        if any(
            shares[k] > 0.0
            and share_by(cast, actor, operation, row.act, record.act) > 0.0
            for k, operation in enumerate(answer.bound, 1)
        ):
            yield g


def durations_of(
    replication: Replication,
    identity: int,
    actor: int,
    operation: Operation,
    view: Any,
) -> list[float]:
    """Return how many days each stage takes, keyed by the operation."""
    params, draws = replication.params[actor], replication.draws
    return [
        stage.duration(params, view, draws.one(identity, Purpose.STAGES, number))
        for number, stage in enumerate(operation.stages)
    ]


def durations_until_row(
    replication: Replication, running: Running, view: Any
) -> tuple[float, ...]:
    """Return the same of an answer that becomes a row: the widest stage fills up."""
    actor, operation = running.actor, running.operation
    days = durations_of(replication, running.identity, actor, operation, view)
    laws = [stage.duration for stage in operation.stages]
    widest = widest_of(laws, replication.params[actor], view)
    rest = replication.cast.recorded[running.row][0].time - replication.env.now
    for number, drawn in enumerate(days):
        if number != widest:
            rest = rest - drawn
    days[widest] = max(rest, 0.0)
    return tuple(days)


def widest_of(laws: list[Any], params: Any, view: Any) -> int:
    """Return which of some laws is spread most, between its quartiles."""
    widest, most = 0, -inf
    for number, law in enumerate(laws):
        spread = law(params, view, 0.75) - law(params, view, 0.25)
        if spread > most:
            widest, most = number, spread
    return widest


def _which(
    cast: Cast,
    actor: int,
    operations: tuple[Operation, ...],
    act: int,
    to: int,
    shares: list[float],
    u: float,
) -> tuple[float, int]:
    """Return the chance of an act among choices, and one of these in proportion."""
    total = 0.0
    for k, operation in enumerate(operations, 1):
        total = total + shares[k] * share_by(cast, actor, operation, act, to)
    reached, which = 0.0, 0
    for k, operation in enumerate(operations, 1):
        part = shares[k] * share_by(cast, actor, operation, act, to)
        if part > 0.0 and (which == 0 or reached <= u * total):
            which = k
        reached = reached + part
    return total, which


def _density(delay: Any, params: Any, view: Any, days: float) -> float:
    """Return the density of a delay, 1/day, about a number of days."""
    if not days > 0.0:
        return 0.0
    above = _share_up_to(delay, params, view, days + WIDTH)
    below = _share_up_to(delay, params, view, days - WIDTH)
    return (above - below) / (2.0 * WIDTH)


def _share_up_to(delay: Any, params: Any, view: Any, days: float) -> float:
    """Return the chance that a delay, which rises with its uniform, is no longer."""
    if not days > 0.0 or delay(params, view, 0.0) > days:
        return 0.0
    near, far = 0.0, 1.0
    for _ in range(STEPS):
        middle = 0.5 * (near + far)
        if delay(params, view, middle) <= days:
            near = middle
        else:
            far = middle
    return 0.5 * (near + far)


def spare(replication: Replication, other: Running, chance: float) -> None:
    """Weigh that an operation was not broken off which might have been.

    For certain where the record has what it became; else as far as the press tells.
    """
    if replication.weigher is None or not replication.env.now < replication.cast.since:
        return
    weigher = of(replication)
    act = other.operation.broken_act
    share = 1.0
    if other.row == NOBODY:
        is_weighed = weigher.tables.weighed[act]
        share = weigher.tables.reported[act] if is_weighed else 0.0
    weigher.log_weight += log(max(1.0 - share * chance, LEAST))


def chance_of_breaking(breaks: Breaks, chance: float) -> float:
    """Return the chance that an operation is broken off by one that reaches it."""
    return 1.0 if breaks == Breaks.OWN else min(1.0, chance)
