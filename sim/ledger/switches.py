"""Which mechanisms a scenario has, and the scenario with one of them, or all, off.

A mechanism is off in every actor of its kind at once. What a development would later do
to a parameter that is switched off does not happen: off is off to the end.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from sim.rules.behaviour import Mechanism
from sim.rules.neutral import neutral_values
from sim.scenario.renumber import illegal_numbers, with_numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sim.rules.behaviour import Kind
    from sim.scenario.scenario import Cited, Scenario

UNDECLARED: Final = Mechanism(
    "undeclared", "no mechanism is declared", "the kind does not say what it holds"
)
"""Stands for a kind that lists no mechanism: its one row is blank."""


@dataclass(frozen=True)
class Setting:
    """Numbers of a scenario, and the changes by developments that go with them."""

    values: Mapping[str, float]
    """By path, canonical unit."""
    later: Mapping[str, float] = field(default_factory=dict[str, float])
    """New values, by id, of developments that set one of these parameters."""
    ends_changes: bool = False
    """Whether no development changes these parameters."""

    def applied(self, scenario: Scenario) -> Scenario:
        """Return a scenario with these numbers; its digest is still the original's."""
        changed = with_numbers(scenario, self.values)
        changes = scenario.changes
        if self.ends_changes:
            changes = tuple(
                change
                for change in changes
                if f"actors.{change.actor}.{change.parameter}" not in self.values
            )
        if self.later:
            changes = tuple(
                replace(change, value=self.later[change.identity])
                if change.identity in self.later
                else change
                for change in changes
            )
        return (
            changed
            if changes == scenario.changes
            else replace(changed, changes=changes)
        )


@dataclass(frozen=True)
class Switch:
    """One mechanism of a scenario: how it is switched off, and how far it may go."""

    kind: Kind
    mechanism: Mechanism
    off: Setting | None
    """None where nothing says at which value it does nothing: its row is blank."""
    low: Setting | None
    """Its parameters at the low ends of their ranges in the scenario; None where they
    have none, or where the ends are no other values."""
    high: Setting | None

    @property
    def name(self) -> str:
        """Name of its row: ``militia.reciprocity``."""
        return f"{self.kind.name}.{self.mechanism.name}"


def switches_of(scenario: Scenario) -> tuple[Switch, ...]:
    """Return the mechanisms of a scenario's actors, in the order of its kinds."""
    kinds = {actor.kind.name: actor.kind for actor in scenario.actors}
    cited = {row.path: row for row in scenario.cited}
    switches: list[Switch] = []
    for kind in kinds.values():
        off = neutral_values(kind)
        if not off:
            switches.append(Switch(kind, UNDECLARED, None, None, None))
        for mechanism in kind.mechanisms:
            switches.append(
                _switch(scenario, cited, kind, mechanism, off[mechanism.name])
            )
    return tuple(switches)


def blank_rows(scenario: Scenario) -> tuple[str, ...]:
    """Return the names of the mechanisms that nothing says how to switch off."""
    return tuple(switch.name for switch in switches_of(scenario) if switch.off is None)


def null_of(scenario: Scenario) -> Scenario:
    """Return a scenario with every mechanism off: nothing answers anything.

    What starts of its own accord stays, and so do limits of means and of sight that
    answer nobody (`Mechanism.stays_in_null`): attacks at their calm rate, and the harm
    that they do. Developments that put incidents in, and those that change other
    parameters, stay too.
    """
    return null_setting(switches_of(scenario)).applied(scenario)


def null_setting(switches: Iterable[Switch]) -> Setting:
    """Return the numbers of the null: every mechanism off that does not stay in it."""
    values: dict[str, float] = {}
    for switch in switches:
        if switch.off is not None and not switch.mechanism.stays_in_null:
            values |= switch.off.values
    return Setting(values, ends_changes=True)


def _switch(
    scenario: Scenario,
    cited: Mapping[str, Cited],
    kind: Kind,
    mechanism: Mechanism,
    neutral: Mapping[str, float],
) -> Switch:
    """Return how a mechanism is switched off in every actor of its kind."""
    actors = [actor.name for actor in scenario.actors if actor.kind.name == kind.name]
    off: dict[str, float] = {}
    for name, value in neutral.items():
        off |= dict.fromkeys(_paths(scenario, actors, name), value)
    if not off:
        return Switch(kind, mechanism, None, None, None)
    ends = [_end(scenario, cited, off, is_high=is_high) for is_high in (False, True)]
    return Switch(kind, mechanism, Setting(off, ends_changes=True), *ends)


def _paths(scenario: Scenario, actors: list[str], name: str) -> list[str]:
    """Return the paths of what switches a mechanism off: every actor's, or shared."""
    if name == "defences":
        return [
            f"sites.{site.name}.defences.{means.name}"
            for site in scenario.sites
            for means in scenario.means
        ]
    if name.startswith("means."):
        number = name.removeprefix("means.")
        return [f"means.{means.name}.{number}" for means in scenario.means]
    return [f"actors.{who}.{name}" for who in actors]


def _end(
    scenario: Scenario,
    cited: Mapping[str, Cited],
    paths: Iterable[str],
    *,
    is_high: bool,
) -> Setting | None:
    """Return parameters at one end of their ranges; None where that is no other place.

    A value that a development sets later goes to that end of its own range. An end
    that a development moves out of what is legal is no end.
    """
    values: dict[str, float] = {}
    later: dict[str, float] = {}
    is_other = False
    for path in paths:
        row = cited.get(path)
        if row is not None:
            values[path] = row.high if is_high else row.low
            is_other |= values[path] != row.value
    for change in scenario.changes:
        row = cited.get(f"developments.{change.identity}.set.to")
        if row is not None and f"actors.{change.actor}.{change.parameter}" in values:
            later[change.identity] = row.high if is_high else row.low
            is_other |= later[change.identity] != row.value
    if not is_other or illegal_numbers(scenario, values):
        return None
    return Setting(values, later)
