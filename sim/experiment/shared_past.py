"""Arms that part on a date: until then each is the first, to the byte.

A policy that begins on a day cannot have changed what lay before it. So an arm has the
first arm's numbers, developments and record up to the day, and takes its own from then
on: what a parameter of its actors is otherwise by then is set on that day, as a
development would. Chance is keyed by names, so that equal numbers make equal pasts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sim.errors import StudyError, one_of
from sim.reading.slot import LIMITS
from sim.scenario.scenario import Change

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.scenario.scenario import Actor, Scenario

_SAME: Final = (
    "start", "utc_offset_hours", "sites", "observations", "exogenous", "facades",
    "history", *LIMITS,
)  # fmt: skip
"""What has no moment at which it could change."""


def with_past_of(arm: Scenario, first: Scenario) -> Scenario:
    """Return an arm with the past of the first.

    Parameters
    ----------
    arm, first
        Both with the record put in up to the same day.

    Returns
    -------
    Scenario
        Its records before the day are those of the first, whatever the engine.

    Raises
    ------
    StudyError
        If the arm differs in what cannot begin on a day, such as its cast; or if what
        it does otherwise lies before the day and leaves nothing that could be set.
    """
    history = first.history
    if history is None or arm.history is None:
        message = f"{arm.name} has no record put in, so its arms share no past"
        raise StudyError(message)
    since = history.since
    _refuse_other(arm, first, since)
    cited = {one.path: one for one in (*arm.cited, *first.cited)}
    turns: list[Change] = []
    for mine, theirs in zip(arm.actors, first.actors, strict=True):
        now, then = _params(mine, arm, since), _params(theirs, first, since)
        for name in now._fields:
            if getattr(now, name) == getattr(then, name):
                continue
            path = f"actors.{mine.name}.{name}"
            source = next(one for one in arm.cited if one.path == path)
            # Of the arm's own developments of that very day this one takes the place.
            value = float(getattr(_params(mine, arm, since, with_day=True), name))
            turn = Change(
                identity=f"from_{arm.free_from:%Y_%m_%d}_{len(turns) + 1}",
                time=since,
                known_from=since,
                actor=mine.name,
                parameter=name,
                how="set",
                value=value,
                note="What this arm has otherwise, from the day on which arms part.",
            )
            turns.append(turn)
            to = f"developments.{turn.identity}.set.to"
            cited[to] = replace(source, path=to, value=value)
    replaced = {(turn.actor, turn.parameter) for turn in turns}
    later = (
        change
        for change in arm.changes
        if change.time > since
        or (change.time == since and (change.actor, change.parameter) not in replaced)
    )
    return replace(
        arm,
        actors=first.actors,
        changes=(*_before(first.changes, since), *turns, *later),
        given=(
            *_before(first.given, since),
            *(g for g in arm.given if g.time >= since),
        ),
        cited=tuple(cited.values()),
    )


def _refuse_other(arm: Scenario, first: Scenario, since: float) -> None:
    """Refuse an arm that differs in what lies before the day for good."""
    other = [name for name in _SAME if getattr(arm, name) != getattr(first, name)]
    if [_cast(a) for a in arm.actors] != [_cast(a) for a in first.actors]:
        other.append("actors, their roles or reach")
    if tuple(_before(arm.given, since)) != tuple(_before(first.given, since)):
        other.append("incidents put in before the day")
    if other:
        message = (
            f"{arm.name} differs in {one_of(other)}, and so has another past than "
            f"{first.name}: from {first.free_from} on only parameters of actors and "
            "later developments can be otherwise. Compare without --from, each arm "
            "with a past of its own"
        )
        raise StudyError(message)


def _cast(actor: Actor) -> tuple[Any, ...]:
    return actor.name, actor.kind.name, actor.roles, actor.reach


def _params(
    actor: Actor, scenario: Scenario, since: float, *, with_day: bool = False
) -> Any:
    """Return an actor's parameters as they are when a day begins."""
    params = actor.params
    for change in sorted(scenario.changes, key=lambda change: change.time):
        is_past = change.time < since or (with_day and change.time == since)
        if change.actor == actor.name and is_past:
            params = change.applied_to(params)
    return params


def _before(developments: Iterable[Any], since: float) -> list[Any]:
    return [one for one in developments if one.time < since]
