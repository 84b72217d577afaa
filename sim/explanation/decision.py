"""How an incident came to be decided, and what weighed most in it, by the rule itself.

An incident is done of an actor's own accord (a candidate of one of its options was
accepted), answers what the actor noticed, follows from another incident of the same
operation, breaks an operation off, or was put in. Which of these is read off its
identity, which is a hash of what it came from. What weighed is asked of the rule: its
rate, or the probability of its choice, is worked out again with one thing that the
actor knew set back to what it was at the scenario's start.
"""

from __future__ import annotations

import re
from math import inf, isnan, log, nan
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.digits import short
from sim.docstrings import field_texts
from sim.draws import Draws, Purpose, child
from sim.engine.cast import (
    ACT_WORDS,
    WORD_CANDIDATE,
    WORD_INCIDENT,
    WORD_OPERATION,
    WORD_PERCEPTION,
    WORD_RESPONSE,
)
from sim.engine.log import Origin, RecordType
from sim.engine.perception import percept_by
from sim.engine.replay import at_start, replay
from sim.engine.world import holdings_of
from sim.ladder import ACTS, Act
from sim.rules.behaviour import Toward
from sim.rules.inversion import exponential

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sim.engine.alteration import Alteration
    from sim.engine.cast import BoundResponse, Cast, Channel
    from sim.engine.log import IncidentLog, Record
    from sim.engine.replay import State

GRID: Final = 500
"""Uniforms at which a choice is asked, evenly spread; between two of them with other
choices it is asked where one turns into the other."""

DIGITS: Final = 12
"""Of such a bound."""

MOST_REASONS: Final = 4

PLAIN: Final = {
    "Pull of all that it remembers to more attacks (> 0) or fewer (< 0)": "Lean",
    "Part of that harm that it has let pass without force so far": "Part of that harm "
    "that no longer counts toward an answer by force",
    "Part of the sponsor's harm that it has let pass without force so far": "Part of "
    "the sponsor's harm that no longer counts toward an answer by force",
    "Part of those breaches that it has let pass without an answer so far": "Part of "
    "those breaches that no longer counts toward an answer",
}
"""Of a text of the rules, the plainer one that is told."""

COUNTED: Final = {"loss": ("death_loss", "each death among militias' people")}
"""Of a field of a view, the parameter that says what one death counts in it."""


class Reason(NamedTuple):
    """One thing that an actor knew, and what it did to a rate or a choice."""

    name: str
    """Field of the actor's view."""
    meaning: str
    """What that is, by the rule's own text."""
    value: float
    before: float
    """Its value as things stood at the scenario's start."""
    factor: float
    """Rate (or probability of the choice) over what it were with `before`; inf where
    that is 0."""
    words: tuple[str, str] = ("", "")
    """What the rule calls `value` and `before`, where it has words for them."""


class Decision(NamedTuple):
    """How an incident came to be."""

    kind: str
    """``own accord``, ``answer``, ``follows``, ``broken off``, ``development`` or
    ``record``."""
    rule: str = ""
    """The option's operation, or the response."""
    day: float = 0.0
    """When it was decided, days since the start."""
    weight: float = 0.0
    """Of its own accord: the rate then, 1/day; of an answer: the probability of this
    choice, over its uniform."""
    before: float = 0.0
    """The same as things stood at the scenario's start."""
    height: float = 0.0
    """Of its own accord: the height of its candidate, 1/day; it was accepted since that
    lies below the rate. Of an answer: its uniform; nan where that was drawn anew."""
    span: tuple[float, float] = (0.0, 0.0)
    """Of an answer: the uniforms, from and to, by which this choice is made."""
    beside: tuple[str, str] = ("", "")
    """What is chosen by uniforms below these, and above; empty where there are none."""
    others: tuple[tuple[str, float], ...] = ()
    """Of an answer: what else could be chosen then, with its probability, the likeliest
    first; of one name at once, as of air strikes of several sizes."""
    reasons: tuple[Reason, ...] = ()
    """What weighed most, the most first; at most `MOST_REASONS`."""


class _Asked(NamedTuple):
    """A decision to be weighed when the replayed state has come to it."""

    incident: int
    actor: int
    target: int
    day: float
    perception: int
    """After which record it is; 0 for the last one not after `day`."""
    channel: Channel | None = None
    height: float = 0.0
    answer: BoundResponse | None = None
    choice: int = 0
    drawn: float = nan


def decisions(
    cast: Cast, log: IncidentLog, alteration: Alteration, incidents: Iterable[int]
) -> dict[int, Decision]:
    """Return how each of some incidents of a log came to be, by identity.

    Parameters
    ----------
    cast
        The cast of the scenario that was run.
    log
        The log of one of its replications.
    alteration
        What was made otherwise in that replication.
    incidents
        Identities of incidents in the log.
    """
    finder = _Finder(cast, log, alteration)
    wanted = set(incidents)
    done: dict[int, Decision] = {}
    asked: list[_Asked] = []
    for record in log.incidents():
        if record.identity not in wanted:
            continue
        how = finder.origin(record)
        if isinstance(how, Decision):
            done[record.identity] = how
        else:
            asked.append(how)
    return done | _weighed(cast, log, asked)


class _Finder:
    """Finds by identities what an incident came from."""

    def __init__(self, cast: Cast, log: IncidentLog, alteration: Alteration) -> None:
        self.cast, self.log = cast, log
        self.by_identity = {record.identity: record for record in log.records}
        days = (0.0, *(day for day, _ in alteration.lineage), log.horizon)
        numbers = (log.replication, *(number for _, number in alteration.lineage))
        self.segments = list(zip(days, days[1:], numbers, strict=False))

    def origin(self, record: Record) -> Decision | _Asked:
        """Return how an incident came to be, or what has to be asked of its rule."""
        if record.origin == Origin.DEVELOPMENT:
            return Decision("development", day=record.time)
        if record.origin == Origin.RECORD:
            return Decision("record", day=record.time)
        cause = self.by_identity.get(record.cause)
        while (
            cause is not None
            and cause.record_type == RecordType.STAGE
            and (cause.actor, cause.operation) == (record.actor, record.operation)
        ):
            cause = self.by_identity.get(cause.cause)
        if cause is None:
            return self._option(record) or Decision("broken off", day=record.time)
        if answer := self._answer(record, cause):
            return answer
        same = (cause.actor, cause.operation) == (record.actor, record.operation)
        return Decision("follows" if same else "broken off", day=record.time)

    def _answer(self, record: Record, cause: Record) -> _Asked | None:
        """Return which response to a record an incident is, if any."""
        cast, actor = self.cast, record.actor
        if actor < 0:
            return None
        is_stage = cause.record_type == RecordType.STAGE
        answers = (cast.stage_answers if is_stage else cast.answers)[actor]
        seen = child(cause.identity, WORD_PERCEPTION, cast.words[actor], 0)
        if seen not in self.by_identity:
            return None
        for answer in answers.get(cause.act, ()):
            stem = child(seen, WORD_RESPONSE, answer.word, 0)
            own = child(stem, WORD_OPERATION, cast.words[record.target], 0)
            key = own if answer.response.toward == Toward.ROLE else stem
            if record.operation not in answer.operations or record.identity != child(
                own, WORD_INCIDENT, ACT_WORDS[record.act], 0
            ):
                continue
            return _Asked(
                incident=record.identity,
                actor=actor,
                target=record.target,
                day=self.by_identity[seen].time,
                perception=seen,
                answer=answer,
                choice=answer.operations.index(record.operation) + 1,
                drawn=self._drawn(key, self.by_identity[seen].time),
            )
        return None

    def _drawn(self, key: int, day: float) -> float:
        """Return the uniform by which a choice was made on a day."""
        begun = (number for begin, _, number in self.segments if begin <= day)
        *_, keyed_by = begun
        return Draws(self.log.root_seed, keyed_by).two(key, Purpose.CHOICE)[0]

    def _option(self, record: Record) -> _Asked | None:
        """Return the candidate by which an incident began."""
        for channel in self.cast.channels:
            if (channel.actor, channel.operation, channel.target) != (
                record.actor,
                record.operation,
                record.target,
            ):
                continue
            for identity, day, height in self._candidates(channel, record.time):
                if record.identity == child(
                    identity, WORD_INCIDENT, ACT_WORDS[record.act], 0
                ):
                    return _Asked(
                        incident=record.identity,
                        actor=record.actor,
                        target=record.target,
                        day=day,
                        perception=0,
                        channel=channel,
                        height=height,
                    )
        return None

    def _candidates(
        self, channel: Channel, until: float
    ) -> Iterator[tuple[int, float, float]]:
        """Yield identity, day and height of each candidate up to a day."""
        for begin, end, keyed_by in self.segments:
            draws = Draws(self.log.root_seed, keyed_by)
            label = keyed_by ^ self.log.replication
            for low, width, stream in channel.bands:
                day, number = 0.0, 0
                while True:
                    gap, share, _, _ = draws.block(stream, Purpose.CANDIDATE, number)
                    day = day + exponential(gap, 1.0 / width)
                    if day > until or day >= end:
                        break
                    if day >= begin:
                        identity = child(stream, WORD_CANDIDATE, label, number)
                        yield identity, day, low + width * share
                    number += 1


def _weighed(cast: Cast, log: IncidentLog, asked: list[_Asked]) -> dict[int, Decision]:
    """Ask the rules what weighed, each at the moment of its decision."""
    first = at_start(cast, log)
    by_identity = {record.identity: record for record in log.records}
    done: dict[int, Decision] = {}
    for one, state in _moments(cast, log, asked):
        params = state.params[one.actor]
        now, then = (_view(cast, at, one, params) for at in (state, first))
        if one.channel is not None:
            done[one.incident] = _weigh_option(cast, state, one, now, then)
        else:
            done[one.incident] = _weigh_answer(cast, state, one, now, then, by_identity)
    return done


def _moments(
    cast: Cast, log: IncidentLog, asked: Iterable[_Asked]
) -> Iterator[tuple[_Asked, State]]:
    """Yield each decision with the state of a log at its moment.

    One that answers what is not perceived in the log is left out.
    """
    state = at_start(cast, log)
    by_perception: dict[int, list[_Asked]] = {}
    for one in asked:
        by_perception.setdefault(one.perception, []).append(one)
    dated = sorted(by_perception.pop(0, []), key=lambda one: one.day)
    replayed = replay(cast, log, state)
    for upcoming in log.records:
        # What it does at once is in the log at the moment of its candidate.
        while dated and (
            dated[0].day < upcoming.time or dated[0].incident == upcoming.identity
        ):
            yield dated.pop(0), state
        next(replayed)
        for one in by_perception.get(upcoming.identity, ()):
            yield one, state
    for one in dated:
        yield one, state


class Otherwise(NamedTuple):
    """How an incident would have been decided without one that it hangs on."""

    weight: float
    """The rate, or the probability of the choice, at the same moment, without."""
    reasons: tuple[Reason, ...]
    """What the actor knew that is another then, the weightiest first; `before` is its
    value without, `factor` the weight as it was over that with it."""
    is_enough: bool
    """Whether its candidate, or its draw, brings it then too, at that same moment."""
    drawn: str
    """Of an answer: what its draw chooses then; empty where that is not known."""
    span: tuple[float, float] = (0.0, 0.0)
    """Of an answer: the uniforms, from and to, by which the choice is made then."""


def weighed_without(
    cast: Cast,
    log: IncidentLog,
    other: IncidentLog,
    alteration: Alteration,
    incidents: Iterable[int],
) -> dict[int, Otherwise]:
    """Return how incidents of a log would be decided in another, at the same moments.

    Parameters
    ----------
    cast, log, alteration
        As in `decisions`.
    other
        The log of the replication without something.
    incidents
        Identities of incidents of the first log. Left out of what is returned are
        those that have no decision, and answers to what does not come in the other.
    """
    finder, wanted = _Finder(cast, log, alteration), set(incidents)
    origins = [finder.origin(r) for r in log.incidents() if r.identity in wanted]
    asked = [one for one in origins if isinstance(one, _Asked)]
    own = {record.identity: record for record in log.records}
    views: dict[int, tuple[Any, Callable[[Any], float], bool]] = {}
    for one, state in _moments(cast, log, asked):
        params = state.params[one.actor]
        view = _view(cast, state, one, params)
        is_known = one.answer is not None and one.choice == _chooser(
            cast, params, one, own
        )(view, one.drawn)
        views[one.incident] = view, _weigher(cast, state, one, log), is_known
    done: dict[int, Otherwise] = {}
    for one, state in _moments(cast, other, asked):
        now, weigh, is_known = views[one.incident]
        then = _view(cast, state, one, state.params[one.actor])
        weight = _weigher(cast, state, one, other)(then)
        is_enough, drawn, span = one.height < weight, "", (0.0, 0.0)
        if one.answer is not None and is_known:
            by_identity = {record.identity: record for record in other.records}
            choose = _chooser(cast, state.params[one.actor], one, by_identity)
            choice = choose(then, one.drawn)
            is_enough = choice == one.choice
            drawn = _choice_text(one.answer, choice, one.choice)
            span = _span(choose, then, one.choice, one.drawn)[1:]
        reasons = _terms(weigh, now, then, state.params[one.actor])[2]
        done[one.incident] = Otherwise(
            weight, reasons, is_enough=is_enough, drawn=drawn, span=span
        )
    return done


def _weigher(
    cast: Cast, state: State, one: _Asked, log: IncidentLog
) -> Callable[[Any], float]:
    """Return what gives the rate, or the probability of the choice, for a view."""
    params = state.params[one.actor]
    if one.channel is not None:
        hazard = one.channel.option.hazard
        return lambda view: hazard(params, view)
    by_identity = {record.identity: record for record in log.records}
    choose = _chooser(cast, params, one, by_identity)
    return lambda view: _span(choose, view, one.choice, one.drawn).share


def _chooser(
    cast: Cast, params: Any, one: _Asked, by_identity: dict[int, Record]
) -> Callable[[Any, float], int]:
    """Return what gives the choice for a view and a uniform."""
    assert one.answer is not None
    choose, seen = one.answer.response.choose, by_identity[one.perception]
    noticed = by_identity[seen.cause]
    percept = percept_by(cast, one.actor, noticed, seen.target, seen.confidence)
    return lambda view, uniform: choose(params, view, percept, uniform)


class _Span(NamedTuple):
    """The uniforms by which a choice is made."""

    share: float
    """Of all uniforms, 0 to 1."""
    low: float
    high: float
    """Lower and upper end; 0 and 0 where there are none."""


def _span(
    choose: Callable[[Any, float], int], view: Any, choice: int, drawn: float
) -> _Span:
    """Return the uniforms by which a choice is made; `drawn` is asked as well."""
    grid = ((k + 0.5) / GRID for k in range(GRID))
    points = sorted({*grid, *(() if isnan(drawn) else (drawn,))})
    is_so = [choose(view, point) == choice for point in points]
    edges = [0.0] if is_so[0] else []
    for before, after, was, then in zip(
        points, points[1:], is_so, is_so[1:], strict=False
    ):
        if was == then:
            continue
        low, high = before, after
        while high - low > 10.0**-DIGITS / 4.0:
            middle = (low + high) / 2.0
            if (choose(view, middle) == choice) is was:
                low = middle
            else:
                high = middle
        edges.append(round(high, DIGITS))
    edges += [1.0] if is_so[-1] else []
    if not edges:
        return _Span(0.0, 0.0, 0.0)
    share = sum(edges[1::2]) - sum(edges[::2])
    return _Span(round(share, DIGITS), edges[0], edges[-1])


def _weigh_option(
    cast: Cast, state: State, one: _Asked, now: Any, then: Any
) -> Decision:
    """Weigh what an actor does of its own accord."""
    assert one.channel is not None
    option = one.channel.option
    params = state.params[one.actor]
    rate, before, reasons = _terms(
        lambda view: option.hazard(params, view), now, then, params
    )
    return Decision(
        kind="own accord",
        rule=option.operation.name,
        day=one.day,
        weight=rate,
        before=before,
        height=one.height,
        reasons=reasons,
    )


def _weigh_answer(
    cast: Cast,
    state: State,
    one: _Asked,
    now: Any,
    then: Any,
    by_identity: dict[int, Record],
) -> Decision:
    """Weigh an answer: over what share of its uniform it would have been chosen."""
    assert one.answer is not None
    choose = _chooser(cast, state.params[one.actor], one, by_identity)
    weight, before, reasons = _terms(
        lambda view: _span(choose, view, one.choice, one.drawn).share,
        now,
        then,
        state.params[one.actor],
    )
    _, low, high = _span(choose, now, one.choice, one.drawn)
    beside = [
        _choice_text(one.answer, choose(now, uniform), one.choice)
        if 0.0 <= uniform < 1.0
        else ""
        for uniform in (low - BESIDE, high + BESIDE)
    ]
    is_drawn = choose(now, one.drawn) == one.choice
    choices = {choose(now, (k + 0.5) / GRID) for k in range(GRID)} - {one.choice}
    others: dict[str, float] = {}
    for choice in choices:
        name = _choice_text(one.answer, choice, one.choice)
        share = _span(choose, now, choice, nan).share
        others[name] = round(others.get(name, 0.0) + share, DIGITS)
    return Decision(
        kind="answer",
        rule=one.answer.response.name,
        day=one.day,
        weight=weight,
        before=before,
        height=one.drawn if is_drawn else nan,
        span=(low, high),
        beside=(beside[0], beside[1]),
        others=tuple(sorted(others.items(), key=lambda other: (-other[1], other[0]))),
        reasons=reasons,
    )


BESIDE: Final = 1e-9
"""How far beside a bound it is asked what is chosen there."""


def _choice_text(answer: BoundResponse, choice: int, own: int) -> str:
    """Name a choice of a response, so that it is told from its own choice."""
    if not choice:
        return "nothing"
    operation = answer.bound[choice - 1]
    if operation.act in (Act.NONE, answer.bound[own - 1].act):
        return operation.name.replace("_", " ")
    return ACTS[operation.act].label


def _view(cast: Cast, at: State, one: _Asked, params: Any) -> Any:
    """Return what an actor knew at its decision, with the memory of a state."""
    return cast.kinds[one.actor].view(
        params,
        at.memories[one.actor],
        holdings_of(at.world, one.actor, one.target),
        one.target,
        one.day,
    )


def _terms(
    weigh: Callable[[Any], float], now: Any, then: Any, params: Any
) -> tuple[float, float, tuple[Reason, ...]]:
    """Return the weight now and then, and which fields of the view made it so."""
    weight = weigh(now)
    texts = field_texts(now.__class__)
    reasons: list[Reason] = []
    for name, value, before in zip(now._fields, now, then, strict=True):
        if value == before:
            continue
        without = weigh(now._replace(**{name: before}))
        if without == weight:
            continue
        factor = weight / without if without > 0.0 else inf
        text, _, named = texts.get(name, "").partition(":")
        meaning = text.partition(",")[0].rstrip(".") or name.replace("_", " ")
        meaning = PLAIN.get(meaning, meaning)
        if ", in deaths" in text:
            meaning += ", in deaths,"
        weight_of, each = COUNTED.get(name, ("", ""))
        if weight_of in params._fields:
            meaning += f", {each} counted as {short(getattr(params, weight_of))},"
        words = dict(re.findall(r"(-?\d+) ([a-z][a-z ]*)", named))
        called = words.get(f"{value:g}", ""), words.get(f"{before:g}", "")
        reasons.append(Reason(name, meaning, value, before, factor, called))
    reasons.sort(key=lambda r: -abs(log(r.factor)) if 0.0 < r.factor < inf else -inf)
    return weight, weigh(then), tuple(reasons[:MOST_REASONS])
