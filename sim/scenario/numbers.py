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
from sim.scenario.edit import value_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.scenario.scenario import Scenario

_EXPOSED = ("exposed_foreign", "exposed_host", "exposed_civilian")
_REPORTING = ("reported", "attributed")


def with_numbers(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    """Return a scenario with other numbers.

    Parameters
    ----------
    scenario
        A resolved scenario.
    values
        Numbers by path, canonical unit: ``actors.<actor>.<parameter>``,
        ``actors.<actor>.reach.<site>``, ``sites.<site>.exposed_<side>``,
        ``observations.<act>.reported`` or ``.attributed``.

    Returns
    -------
    Scenario
        The same actors in the same order; its digest and its citations are those of
        the scenario that it was made from.

    Raises
    ------
    ScenarioError
        If a path is none of these; it names the nearest number.
    """
    actors = {actor.name: actor for actor in scenario.actors}
    sites = {site.name: site for site in scenario.sites}
    observations = dict(scenario.observations)
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
            case ["sites", name, field] if name in sites and field in _EXPOSED:
                changed: dict[str, Any] = {field: value}
                sites[name] = replace(sites[name], **changed)
            case ["observations", name, field] if (
                (act := act_named(name)) in observations
                and act is not None
                and field in _REPORTING
            ):
                observations[act] = replace(observations[act], **{field: value})
            case _:
                raise _fault(scenario, path)
    return replace(
        scenario,
        actors=tuple(actors.values()),
        sites=tuple(sites.values()),
        observations=observations,
    )


def _fault(scenario: Scenario, path: str) -> ScenarioError:
    place = scenario.path or scenario.name
    value_at(scenario, path)  # refuses what is no number at all, naming the nearest
    message = (
        f"{path!r} cannot be calibrated; numbers of actors, exposures of sites and "
        f"observations can{nearest(path, [row.path for row in scenario.cited])}"
    )
    return ScenarioError(place, [Fault(0, 0, path, message)])
