"""What the arms of a comparison are: what each changes, from what to what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.comparison.better import STRIKES
from sim.comparison.parting import parting_text
from sim.errors import ScenarioError, SimError
from sim.ladder import name_of
from sim.reports import model
from sim.reports.page import Cells, Section
from sim.rules.behaviour import Side
from sim.scenario.load import load
from sim.scenario.renumber import row_at
from sim.units import plain_unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.rules.behaviour import Kind
    from sim.scenario.scenario import Change, Scenario

_HOW: Final = ("set.to", "scale.by", "add.by")
"""How a development's number ends its path."""
MOST_CHANGES: Final = 5
"""Changes of a policy that its line tells."""


class Changed(NamedTuple):
    """One thing that an arm has otherwise."""

    path: str
    """Where it stands; empty of what is no number."""
    words: str
    before: str
    after: str
    unit: str = ""
    when: str = ""
    """From when on it is so, behind a space; empty of what is so from the start."""

    @property
    def name(self) -> str:
        """What it is, without its meaning."""
        return self.words.partition(" (")[0]

    @property
    def values(self) -> tuple[str, str]:
        """Before and after, with their unit."""
        return _quantity(self.before, self.unit), _quantity(self.after, self.unit)


def base_of(
    arms: Mapping[str, Scenario], manifest: dict[str, Any], kinds: Mapping[str, Kind]
) -> Scenario:
    """Return the scenario as its file has it: an arm that is it, else the file's own.

    Where no file can be read, or arms are of several files, the first arm stands.
    """
    entry = manifest["scenario"]
    first = next(iter(arms.values()))
    is_of_one = {scenario.name for scenario in arms.values()} == {entry["name"]}
    for place in (entry["file"], entry["name"]):
        try:
            as_written = load(place, kinds=kinds)
        except (SimError, OSError):
            continue
        for scenario in arms.values():
            if scenario.digest == as_written.digest:
                return scenario
        if is_of_one and as_written.name == entry["name"]:
            return as_written
    return first


def own_acts(arms: Mapping[str, Scenario]) -> frozenset[str]:
    """Return the outcomes that count what the policies themselves decide: strikes.

    They are where arms differ in numbers of a foreign power.
    """
    foreign = [
        {a.name: a.params for a in scenario.actors if a.kind.side == Side.FOREIGN}
        for scenario in arms.values()
    ]
    actors = {
        a.name for s in arms.values() for a in s.actors if a.kind.side == Side.FOREIGN
    }
    changed = [
        {one.identity: one for one in scenario.changes if one.actor in actors}
        for scenario in arms.values()
    ]
    is_theirs = any(x != foreign[0] for x in foreign) or any(
        x != changed[0] for x in changed
    )
    return STRIKES if is_theirs else frozenset()


def policy_lines(
    base: Scenario,
    arms: Mapping[str, Scenario],
    descriptions: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """Say from when on arms differ, and what each is.

    In the words of the experiment that has the arms, where it describes them; else what
    it changes, as people write numbers.
    """
    lines = [text] if (text := parting_text(arms, "policies")) else []
    for name, scenario in arms.items():
        if described := (descriptions or {}).get(name):
            lines.append(f"{name}: {described.rstrip('.')}.")
            continue
        said = [_words(one) for one in changes_of(base, scenario)]
        more = len(said) - MOST_CHANGES
        if more > 0:
            said = [*said[:MOST_CHANGES], f"{more} more"]
        changes = "; ".join(said) or "the scenario as it stands"
        lines.append(f"{name}: {changes}.")
    return tuple(lines)


def short_words(base: Scenario, scenario: Scenario) -> str:
    """Return what a scenario has otherwise as a label; empty where that is nothing.

    >>> from sim.scenario.load import load
    >>> arm = load("iraq_2019_2020", {"actors.iraq.ability": 0.9})
    >>> short_words(load("iraq_2019_2020"), arm)
    'ability of Iraq 0.9 instead of 0.6'
    """
    said = [one._replace(words=one.name, when="") for one in changes_of(base, scenario)]
    more = [f"{len(said) - 2} more"] if len(said) > 2 else []
    return "; ".join([*(_words(one, " ") for one in said[:2]), *more])


def _words(one: Changed, between: str = ": ") -> str:
    if not one.path:
        return f"{one.words}: {one.after}"
    before, after = one.values
    return f"{one.words}{one.when}{between}{after} instead of {before}"


def _quantity(number: str, unit: str) -> str:
    if unit in ("1", "count", ""):
        return number
    if unit.startswith("1/"):
        return f"{number} a {unit[2:]}"
    return f"{number} {unit}" if number == "1" else f"{number} {unit}s"


def changes_of(base: Scenario, scenario: Scenario) -> list[Changed]:
    """Return what a scenario has otherwise than another."""
    numbers = {cited.path: cited for cited in base.cited}
    theirs = {one.identity for one in (*base.changes, *base.given)}
    ours = {one.identity for one in (*scenario.changes, *scenario.given)}
    added = {f"developments.{one}.{how}" for one in ours - theirs for how in _HOW}
    changed = [
        _number(base, cited.path, was.value if was else None, cited.value, cited.unit)
        for cited in scenario.cited
        for was in (numbers.get(cited.path),)
        if cited.path not in added and (was is None or was.value != cited.value)
    ]
    for one in scenario.changes:
        if one.identity not in theirs:
            path = f"actors.{one.actor}.{one.parameter}"
            was, unit = _value_then(base, one), numbers[path].unit
            row = _number(base, path, was, one.value, unit)
            if one.time > scenario.since or scenario.history is None:
                how = "" if one.how == "set" else f" ({one.how})"
                when = f" from {scenario.day_of(one.time):%-d %B %Y} on{how}"
                row = row._replace(when=when)
            changed.append(row)
    changed += [
        Changed("", f"development {one.identity}", "none", "put in")
        for one in scenario.given
        if one.identity not in theirs
    ]
    changed += [
        Changed("", f"development {one.identity}", "put in", "cancelled")
        for one in (*base.changes, *base.given)
        if one.identity not in ours
    ]
    changed += [
        Changed("", name_of(act).replace("_", " "), "by date", "left to the actors")
        for act in base.exogenous
        if act not in scenario.exogenous
    ]
    present = {actor.name for actor in scenario.actors}
    changed += [
        Changed("", actor.label, "there", "absent")
        for actor in base.actors
        if actor.name not in present
    ]
    return changed


def _number(
    base: Scenario, path: str, before: float | None, after: float, unit: str
) -> Changed:
    """Return a number that is otherwise, both values in the unit shortest to write."""
    factor, plain = plain_unit(after or before or 0.0, unit)
    texts = [
        "absent" if x is None else f"{float(f'{factor * x:.4g}'):g}"
        for x in (before, after)
    ]
    return Changed(path, _meaning(base, path), texts[0], texts[1], plain)


def _meaning(base: Scenario, path: str) -> str:
    """Return a number's words: its name and, where its kind says it, its meaning."""
    words = model.parameter_words(base, path)
    try:
        return f"{words} ({row_at(base, path).meaning})"
    except ScenarioError:
        return words


def arms_section(reference: Scenario, arms: Mapping[str, Scenario]) -> Section:
    """Return what the arms have that the reference has not."""
    rows = tuple(
        (
            name,
            f"{one.words}{one.when} ({one.path})" if one.path else one.words,
            one.before,
            one.after,
            one.unit,
        )
        for name, scenario in arms.items()
        for one in changes_of(reference, scenario)
    )
    heads = ("arm", "what", "as it stands", "arm has", "unit")
    tables = (Cells("What the arms differ in", heads, rows, (2, 3)),)
    same = "The arms have the same numbers and developments."
    intro = parting_text(arms) or ("" if rows else same)
    return Section("arms", "The arms", intro, tables=tables if rows else ())


def _value_then(scenario: Scenario, change: Change) -> float:
    """Return what a parameter is when a development of another scenario changes it."""
    (params,) = (a.params for a in scenario.actors if a.name == change.actor)
    for one in sorted(scenario.changes, key=lambda one: one.time):
        if one.actor == change.actor and one.time <= change.time:
            params = one.applied_to(params)
    return getattr(params, change.parameter)
