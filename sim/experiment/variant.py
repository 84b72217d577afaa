"""Variants of a scenario: developments other, acts left to actors, values changed.

They are made in that order, and actors left out last. A variant may have developments
of its own, such as a player's moves. A development that is
**cancelled** does not happen, and nothing of it is known; nor does a row of the record,
where a scenario puts it in. An act that is **endogenous** is done by actors who can,
though the file lists it as exogenous; what comes by date comes as well. An actor that
is **absent** is not in the scenario: it is in no role and at no site, and the
developments by it, on it or of its parameters do not happen. The draws of the others
stay what they are, since chance is keyed by names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from dataclasses import replace as replaced
from typing import TYPE_CHECKING, Any, cast

from sim.errors import ScenarioError
from sim.reading.slot import as_list, as_mapping
from sim.rules.registry import KINDS
from sim.scenario.edit import (
    New,
    replace,
    without_actors,
    without_developments,
)
from sim.scenario.history import check_record, with_history, with_past
from sim.scenario.resolve import resolve
from sim.sources import shipped_sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from sim.reading.faults import Readable
    from sim.reading.syntax import Mark
    from sim.reading.tree import Keys, Plain
    from sim.rules.behaviour import Kind
    from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Variant:
    """What differs from a scenario's file."""

    changes: Mapping[str, New] = field(default_factory=dict[str, New])
    """New values by path."""
    developments: tuple[Mapping[str, Any], ...] = ()
    """What comes from outside on top of the file's, as a file writes it: it happens,
    whatever could be known of it when the record ends."""
    cancels: tuple[str, ...] = ()
    """Ids of the developments, and of the record's rows, that do not happen."""
    absent: tuple[str, ...] = ()
    """Names of the actors that are not there."""
    endogenous: tuple[str, ...] = ()
    """Acts of the file's `exogenous` that actors do by themselves all the same."""
    free_from: date | None = None
    """Day up to which the record is put in; the file's own when None."""
    past: str | None = None
    """How it is put in (`sim.scenario.scenario.PASTS`); as the file says when None."""
    particles: int | None = None
    """Worlds among which a filtered past is chosen; as the file says when None."""


@dataclass(frozen=True)
class _Reduced:
    """A file's data without some of its parts; lines no longer apply."""

    path: str
    data: Plain

    def position(self, keys: Keys) -> Mark:
        """Return no place."""
        del keys
        return (0, 0)

    key_position = position


def variant_of(
    document: Readable,
    variant: Variant,
    *,
    kinds: Mapping[str, Kind] = KINDS,
) -> Scenario:
    """Return the scenario that a file becomes.

    Parameters
    ----------
    document
        The scenario's file as it was read.
    variant
        What is to differ.
    kinds
        Kinds of actor by the name that the file uses.

    Raises
    ------
    ScenarioError
        If the variant is no legal scenario, with every fault.
    """
    record = shipped_sources()
    if replaced(variant, free_from=None, past=None, particles=None) == Variant():
        scenario = resolve(document, kinds, record)
    else:
        try:
            scenario = resolve(_reduced(document, variant, kinds), kinds, record)
        except ScenarioError as error:
            raise error.as_changed() from None
    if not variant.absent:  # else rows of those who are there no more pass
        check_record(scenario)
    scenario = with_past(scenario, variant.past, variant.particles)
    day = variant.free_from or scenario.free_from
    if day is not None:
        own = [str(entry["id"]) for entry in variant.developments]
        scenario = with_history(scenario, day, supposed=own)
    return without_rows(scenario, variant.cancels)


def _reduced(
    document: Readable, variant: Variant, kinds: Mapping[str, Kind]
) -> Readable:
    """Return a file's data as a variant has it."""
    data: Plain = without_developments(document.data, variant.cancels)
    if variant.developments:
        top = as_mapping(data)
        own = cast("list[Plain]", [dict(entry) for entry in variant.developments])
        data = {**top, "developments": [*as_list(top.get("developments")), *own]}
    if variant.endogenous:
        top = as_mapping(data)
        acts = as_list(top["exogenous"])
        left: Plain = [act for act in acts if act not in variant.endogenous]
        data = {**top, "exogenous": left}
    if variant.changes:
        data = replace(_Reduced(document.path, data), variant.changes, kinds).data
    return _Reduced(document.path, without_actors(data, variant.absent))


def kinds_in(scenario: Scenario) -> Mapping[str, Kind]:
    """Return the kinds that ship and those of a scenario's actors, by name."""
    return {**KINDS, **{actor.kind.name: actor.kind for actor in scenario.actors}}


def without_rows(scenario: Scenario, cancels: Iterable[str]) -> Scenario:
    """Return a scenario without these rows of the record; what they caused stays."""
    history, dropped = scenario.history, set(cancels)
    if history is None or dropped.isdisjoint(row.identity for row in history.rows):
        return scenario
    remaining = tuple(
        replaced(row, cause="") if row.cause in dropped else row
        for row in history.rows
        if row.identity not in dropped
    )
    return replaced(scenario, history=replaced(history, rows=remaining))
