"""History up to a date: the coded record, put into a scenario until it runs free.

Until the date, acts of recorded types come from the record alone, each with its cause
where it is coded; everything else is simulated. A past that is **injected** is that
and no more: the worlds are those in which the actors of the model saw the record
happen, not those that would have brought it about. A past that is **filtered** is of
these: worlds are weighed by how likely the record was under them
(`sim.engine.weighing`), and chosen accordingly (`sim.ensemble.filtered_past`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sim.errors import Fault, Hinted, ScenarioError, nearest, one_of
from sim.ladder import ACTS, Act, Visibility, name_of
from sim.rules.behaviour import Effect
from sim.rules.registry import KINDS
from sim.scenario.beside import file_of, sources_of
from sim.scenario.check_development import misfit
from sim.scenario.event_table import (
    BEFORE,
    OUTSIDE,
    UNKNOWN,
    Event,
    EventTable,
    read_event_table,
)
from sim.scenario.scenario import History, Recorded

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator
    from datetime import date
    from pathlib import Path

    from sim.scenario.scenario import Scenario

_COUNTS = {
    "rounds": "rounds",
    "rounds_unfired": "unfired",
    "rounds_hit": "hits",
    "persons": "persons",
    "launchers": "launchers",
    **{
        f"{harm}_{side}": f"{harm}_{side}"
        for harm in ("killed", "wounded")
        for side in ("foreign", "host", "civilian", "militia")
    },
}
"""Columns of the record, and the fields of an effect that they fill. A blank is
unknown; the world has to take it as none."""

_EVENING = 0.9
"""Where in a day an incident of its night begins."""


def with_history(
    scenario: Scenario,
    day: date,
    *,
    acts: tuple[int, ...] | None = None,
    unknown: Container[str] = (),
    supposed: Container[str] = (),
) -> Scenario:
    """Return the scenario on its coded record up to `day`, free from then on.

    Developments that nobody could have known of on that day, and that come later, are
    left out; a given incident of a recorded act before it gives way to the record. Who
    claims an act of the record whose author it leaves unknown, in its own name or in
    that of a facade, is its author, as nobody in the model claims what another did.

    Parameters
    ----------
    scenario
        The scenario, with a record.
    day
        The first that is free.
    acts
        Those that come from the record alone before it; unless given, all that the
        record holds on whatever day.
    unknown
        Ids of rows before it that are left out all the same.
    supposed
        Ids of the developments that whoever asks puts in, such as a player's moves:
        they happen, whatever anybody could have known on the day.

    Raises
    ------
    ScenarioError
        If the scenario names no record, the record is not there or malformed, the day
        lies outside the scenario, or an incident that is supposed would give way to the
        record.
    """
    since = float((day - scenario.start).days)
    if not 0.0 <= since < scenario.horizon:
        message = (
            f"{day} lies outside the scenario; it must lie from {scenario.start} on, "
            f"and {scenario.horizon:g} days are simulated"
        )
        raise _fault(scenario, "from", message)
    table = record_of(scenario)
    if (gap := table.first_gap(scenario.start, day)) is not None:
        message = f"{day}: {table.path} codes the days before {gap}, and no more"
        raise _fault(scenario, "from", message)
    rows = recorded_in(scenario, table)
    if acts is None:
        acts = tuple(sorted({row.act for row in rows}))
    recorded = tuple(
        row for row in rows if row.time < since and row.identity not in unknown
    )
    known = known_by(_supposing(scenario, since, supposed), since)
    for given in known.given:
        if given.identity in supposed and given.time < since and given.act in acts:
            message = (
                f"before {day}, from which {scenario.name} runs free, acts such as "
                f"{name_of(given.act)} come from its record alone: choose that day or "
                "a later one"
            )
            raise _fault(scenario, f"developments.{given.identity}.date", message)
    claimants = {row.cause: row.actor for row in recorded if row.act == Act.CLAIM}
    return replace(
        known,
        free_from=day,
        history=History(
            record=scenario.record,
            since=since,
            rows=tuple(
                replace(row, actor=row.actor or claimants.get(row.identity, ""))
                for row in recorded
            ),
            acts=acts,
            past=scenario.past,
            particles=scenario.particles,
        ),
        given=tuple(
            given
            for given in known.given
            if given.time >= since or given.act not in acts
        ),
    )


def with_past(
    scenario: Scenario, past: str | None, particles: int | None = None
) -> Scenario:
    """Return a scenario whose record is put in as asked; None leaves its own way."""
    past = scenario.past if past is None else past
    particles = scenario.particles if particles is None else particles
    history = scenario.history
    if history is not None:
        history = replace(history, past=past, particles=particles)
    return replace(scenario, past=past, particles=particles, history=history)


def _supposing(scenario: Scenario, since: float, supposed: Container[str]) -> Scenario:
    """Return a scenario whose supposed developments are known on the day they matter.

    So the resolved file that holds one keeps it when it is read again.
    """
    changes, given = (
        tuple(
            replace(one, known_from=min(one.known_from, since))
            if one.identity in supposed
            else one
            for one in developments
        )
        for developments in (scenario.changes, scenario.given)
    )
    return replace(scenario, changes=changes, given=given)


def known_by(scenario: Scenario, since: float) -> Scenario:
    """Return the scenario without the developments that nobody could know of.

    Those that come before the day are known, whatever they say of it, and a player's
    moves are supposed and not foreseen.
    """
    return replace(
        scenario,
        changes=tuple(
            change
            for change in scenario.changes
            if change.time < since or change.known_from <= since
        ),
        given=tuple(
            given
            for given in scenario.given
            if given.time < since or given.known_from <= since or given.is_played
        ),
    )


def record_of(scenario: Scenario) -> EventTable:
    """Return a scenario's record; it covers its days, or those that its rows say.

    Unless rows with the act ``coverage`` say otherwise, the record is coded up to the
    day from which the scenario's file says that it runs free, or its end. The actor
    behind a facade stands in the place of its name.

    Raises
    ------
    ScenarioError
        If the scenario names no record, or the record is not there or malformed.
    """
    file = file_of(scenario, "record")
    if file is None:
        message = "names no record; a line `record: events.csv` names a file beside it"
        raise _fault(scenario, "record", message)
    state = file.stat()
    table = _read(file, state.st_mtime_ns, state.st_size)
    owners = {facade.name: facade.owner for facade in scenario.facades}
    coded = scenario.start, scenario.free_from or _end(scenario)
    return replace(
        table,
        events=tuple(
            event._replace(
                actor=owners.get(event.actor, event.actor),
                target=owners.get(event.target, event.target),
            )
            for event in table.events
        ),
        covered=table.covered or (coded,),
    )


@lru_cache(maxsize=8)
def _read(file: Path, changed: int, size: int) -> EventTable:
    """Read a record that was not read since it was last changed."""
    del changed, size
    return read_event_table(file, is_record=True)


def check_record(scenario: Scenario) -> None:
    """Refuse a record whose rows name what the scenario does not have.

    It is held against the scenario as its file has it: one without some of its actors
    (`sim.experiment.variant`) leaves out their rows without a word.

    Raises
    ------
    ScenarioError
        With each actor, target or source that nobody knows, by its line, each act of
        force that is none of its actor's kind, and each site that is nearly one; others
        are places that the scenario leaves out.
    """
    if not scenario.record:
        return
    names = _Names(scenario)
    try:
        table = record_of(scenario)
    except ScenarioError:
        if file := file_of(scenario, "record"):  # all faults of its rows at once
            read_event_table(file, is_record=True, names=names)
        raise
    faults = [
        Fault(event.line, 0, column, message)
        for event in table.events
        for column, message in names(event)
    ]
    if faults:
        raise ScenarioError(table.path, faults)


class _Names:
    """What the rows of a scenario's record may name."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario, self.sources = scenario.name, sources_of(scenario)
        self.kind_of = {actor.name: actor.kind for actor in scenario.actors}
        self.kinds = KINDS | {kind.name: kind for kind in self.kind_of.values()}
        self.kind_of[UNKNOWN] = KINDS["militia"]
        self.owners = {facade.name: facade.owner for facade in scenario.facades}
        self.sites = [site.name for site in scenario.sites]

    def __call__(self, event: Event) -> Iterator[tuple[str, str]]:
        """Yield the columns of a row that name what the scenario does not have."""
        actor, target = (
            self.owners.get(name, name) for name in (event.actor, event.target)
        )
        known = [*self.kind_of]
        for column, name in (("actor", actor), ("target", target)):
            if name and name not in known and not name.startswith(OUTSIDE):
                message = (
                    f"{name!r} is no actor of {self.scenario}: {one_of(known)}; "
                    f"{OUTSIDE}NAME for whom it leaves out"
                )
                yield column, Hinted(message, name, known)
        kind = self.kind_of.get(actor)
        if kind is None or event.act is None:
            pass
        elif message := misfit(event.act, kind, self.kinds):
            yield "act", f"{actor!r} is {message}"
        close = "" if event.site in self.sites else nearest(event.site, self.sites)
        if close and not event.site.startswith(OUTSIDE):
            yield "site", f"{event.site!r} is no site of {self.scenario}{close}"
        for source in event.sources:
            if source not in self.sources:
                yield (
                    "source",
                    Hinted(f"{source!r} is not a source", source, self.sources),
                )


def read_record(scenario: Scenario) -> tuple[Recorded, ...]:
    """Return the record's incidents within the scenario, in order.

    A row is left out when it was corrected by another, lies outside the scenario, has
    no act of the ladder, or an actor that the scenario does not have (an unknown
    militia stays, and is drawn for each replication). Private acts are left out too:
    the press sees too few of them to be their record. A target or a site that the
    scenario does not have becomes none.
    """
    return recorded_in(scenario, record_of(scenario))


def recorded_in(scenario: Scenario, table: EventTable) -> tuple[Recorded, ...]:
    """Return what `read_record` does, of a record that is read already."""
    names = {actor.name for actor in scenario.actors}
    chosen = [
        event
        for event in table.events
        if event.act is not None
        and event.list != BEFORE
        and ACTS[event.act].visibility != Visibility.PRIVATE
        and (event.actor in names or event.actor == UNKNOWN)
        and 0 <= (event.day - scenario.start).days < scenario.horizon
    ]
    chosen.sort(key=lambda event: (*_part(event), event.order, event.id))
    per_part = Counter(map(_part, chosen))
    seen: Counter[Any] = Counter()
    sites = {site.name for site in scenario.sites}
    ids = {event.id for event in chosen}
    rows: list[Recorded] = []
    for event in chosen:
        part = _part(event)
        seen[part] += 1
        share = seen[part] / (per_part[part] + 1)
        within = _EVENING + (1.0 - _EVENING) * share if part[1] else _EVENING * share
        time = (event.day - scenario.start).days + within
        rows.append(_row(event, time, names, sites, ids))
    return tuple(rows)


def _part(event: Event) -> tuple[date, bool]:
    """Return the part of a day in which an incident is put: its night comes last."""
    return event.day, event.precision == "night"


def _row(
    event: Event,
    time: float,
    names: Iterable[str],
    sites: Iterable[str],
    ids: Iterable[str],
) -> Recorded:
    assert event.act is not None  # others were left out
    counts = {
        field: float(event.amounts[column])
        for column, field in _COUNTS.items()
        if column in event.amounts
    }
    return Recorded(
        identity=event.id,
        time=time,
        act=event.act,
        actor=event.actor if event.actor in names else "",
        target=event.target if event.target in names else "",
        is_target_unknown=event.target == UNKNOWN,
        site=event.site if event.site in sites else "",
        effect=Effect()._replace(**counts),
        cause=event.cause if event.cause in ids else "",
        blank=frozenset(_COUNTS[column] for column in _COUNTS.keys() - event.amounts),
        others=(
            float(event.amounts.get("killed_other", 0)),
            float(event.amounts.get("wounded_other", 0)),
        ),
    )


def _end(scenario: Scenario) -> date:
    return scenario.start + timedelta(days=scenario.horizon)


def _fault(scenario: Scenario, where: str, message: str) -> ScenarioError:
    return ScenarioError(scenario.path or scenario.name, [Fault(0, 0, where, message)])
