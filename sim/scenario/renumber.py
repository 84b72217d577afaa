"""Other numbers in a resolved scenario, at once: for studies of very many points.

`sim.scenario.edit` makes the same change in the file's data and checks all of it
again, which takes a hundred times as long. Here only the numbers change; whoever
chooses the paths has checked them once in that way.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.errors import Fault, ScenarioError, nearest
from sim.ladder import act_named
from sim.reading.slot import EXPOSED, OBSERVATION, REACH, table_of
from sim.rules.means import DEFENCE, MEANS, OPPORTUNITY
from sim.scenario.edit import value_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.rules.behaviour import Parameter
    from sim.scenario.scenario import Scenario


def with_numbers(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    """Return a scenario with other numbers.

    Parameters
    ----------
    scenario
        A resolved scenario.
    values
        Numbers by path, canonical unit: ``actors.<actor>.<parameter>``,
        ``actors.<actor>.reach.<site>``, ``actors.<actor>.means.<means>``,
        ``means.<means>.<number>``, ``sites.<site>.defences.<means>``,
        ``sites.<site>.exposed_<side>``,
        ``observations.<act>.reported`` or ``.attributed``,
        ``developments.<id>.set.to``.

    Returns
    -------
    Scenario
        The same actors in the same order; its citations are those of the scenario
        that it was made from. A number that is `left_out` changes nothing. No limit is
        checked: `illegal_numbers`.

    Raises
    ------
    ScenarioError
        If a path is none of these; it names the nearest number.
    """
    actors = {actor.name: actor for actor in scenario.actors}
    sites = {site.name: site for site in scenario.sites}
    means = {one.name: one for one in scenario.means}
    observations = dict(scenario.observations)
    sets = {c.identity: c for c in scenario.changes if c.how == "set"}
    for path, value in values.items():
        match path.split("."):
            case ["actors", name, parameter] if name in actors and parameter in (
                actors[name].params._fields
            ):
                params = actors[name].params._replace(**{parameter: value})
                actors[name] = replace(actors[name], params=params)
            case ["actors", name, "reach", site] if name in actors and site in sites:
                reach = actors[name].reach | {site: value}
                actors[name] = replace(actors[name], reach=reach)
            case ["actors", name, "means", one] if name in actors and one in means:
                opportunity = actors[name].opportunity | {one: value}
                actors[name] = replace(actors[name], opportunity=opportunity)
            case ["means", name, field] if name in means and field in MEANS:
                numbers = means[name].params._replace(**{field: value})
                means[name] = replace(means[name], params=numbers)
            case ["sites", name, "defences", one] if name in sites and one in means:
                defences = sites[name].defences | {one: value}
                sites[name] = replace(sites[name], defences=defences)
            case ["sites", name, field] if name in sites and field in EXPOSED:
                changed: dict[str, Any] = {field: value}
                sites[name] = replace(sites[name], **changed)
            case ["observations", name, field] if (
                (act := act_named(name)) in observations
                and act is not None
                and field in OBSERVATION
            ):
                observations[act] = replace(observations[act], **{field: value})
            case ["developments", identity, "set", "to"] if identity in sets:
                sets[identity] = replace(sets[identity], value=value)
            case _:
                if not left_out(scenario, path):
                    raise _fault(scenario, path)
    return replace(
        scenario,
        actors=tuple(actors.values()),
        sites=tuple(sites.values()),
        means=tuple(means.values()),
        observations=observations,
        changes=tuple(sets.get(c.identity, c) for c in scenario.changes),
    )


def left_out(scenario: Scenario, path: str) -> bool:
    """Whether a path is of a development that the scenario has no longer.

    Its file has it, and nobody could know of it on the day up to which the record was
    put in.
    """
    match path.split("."):
        case ["developments", identity, *_]:
            there = any(change.identity == identity for change in scenario.changes)
            return not there and any(row.path == path for row in scenario.cited)
        case _:
            return False


def illegal_numbers(scenario: Scenario, values: Mapping[str, float]) -> list[str]:
    """Say which numbers lie outside their legal limits.

    Parameters
    ----------
    scenario
        A resolved scenario.
    values
        Numbers by path, canonical unit, as `with_numbers` takes them.

    Returns
    -------
    list of str
        One sentence each; those that are legal at the start and that a development
        moves beyond their limits are among them.

    Raises
    ------
    ScenarioError
        If a path is none that can be changed.
    """
    said: list[str] = []
    for path, value in values.items():
        if left_out(scenario, path):
            continue
        row = row_at(scenario, path)
        for place, number in (("", value), *_later(scenario, path, value)):
            if not row.low <= number <= row.high:  # nan is in no range
                side = "above" if number > row.high else "below"
                side = side if number == number else "no number in"  # noqa: PLR0124
                limits = f"[{row.low:.12g}, {row.high:.12g}]"
                said.append(f"{path} is {number:.6g}{place}, {side} the range {limits}")
                break
    return said


def row_at(scenario: Scenario, path: str) -> Parameter:
    """Return what may stand at a path."""
    match path.split("."):
        case ["actors", name, parameter]:
            for actor in scenario.actors:
                if actor.name == name and parameter in table_of(actor.kind):
                    return table_of(actor.kind)[parameter]
        case ["actors", _, "reach", _]:
            return REACH
        case ["actors", _, "means", _]:
            return OPPORTUNITY
        case ["means", _, field] if field in MEANS:
            return MEANS[field]
        case ["sites", _, "defences", _]:
            return DEFENCE
        case ["sites", _, field] if field in EXPOSED:
            return EXPOSED[field]
        case ["observations", _, field] if field in OBSERVATION:
            return OBSERVATION[field]
        case ["developments", identity, "set", "to"]:
            for change in scenario.changes:
                if change.identity == identity and change.how == "set":
                    return row_at(scenario, f"actors.{change.actor}.{change.parameter}")
        case _:
            pass
    raise _fault(scenario, path)


def _later(scenario: Scenario, path: str, value: float) -> list[tuple[str, float]]:
    """Follow a number through the developments that change it."""
    later: list[tuple[str, float]] = []
    mine = [c for c in scenario.changes if f"actors.{c.actor}.{c.parameter}" == path]
    for change in sorted(mine, key=lambda change: (change.time, change.identity)):
        match change.how:
            case "set":
                value = change.value
            case "scale":
                value *= change.value
            case _:
                value += change.value
        later.append((f" after {change.identity}", value))
    return later


def _fault(scenario: Scenario, path: str) -> ScenarioError:
    place = scenario.path or scenario.name
    value_at(scenario, path)  # refuses what is no number at all, naming the nearest
    message = (
        f"{path!r} cannot be calibrated; numbers of actors, means and sites, "
        "observations and what a development sets can"
        f"{nearest(path, [row.path for row in scenario.cited])}"
    )
    return ScenarioError(place, [Fault(0, 0, path, message)])
