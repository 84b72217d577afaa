"""A scenario without feedback: attacks are answered, and no answer reaches the attacks.

It is the model's own rival. Everybody still does what they do, strikes and raids
answer attacks, but how often attacks come hangs on nothing that happened. A statistic
that such a world meets as well speaks for no feedback of the model.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.ladder import Act
from sim.rules.behaviour import neutral_values, parameter_table
from sim.units import Dimension

if TYPE_CHECKING:
    from sim.rules.behaviour import Kind
    from sim.scenario.scenario import Scenario


def feedback_values(kind: Kind) -> dict[str, float]:
    """Return the parameters that switch a kind's feedback off, and at which values.

    Canonical units; empty for a kind that declares no mechanism as feedback.
    """
    off = neutral_values(kind)
    found: dict[str, float] = {}
    for mechanism in kind.mechanisms:
        if mechanism.is_feedback:
            found |= off[mechanism.name]
    return found


def calm_rates(kind: Kind) -> tuple[str, ...]:
    """Return the parameters that say how often a kind attacks of its own accord."""
    own = {
        mechanism.name
        for mechanism in kind.mechanisms
        if mechanism.stays_in_null and Act.ROCKET_ATTACK in mechanism.acts
    }
    return tuple(
        name
        for name, row in parameter_table(kind).items()
        if row.mechanism in own and row.dimension == Dimension.RATE
    )


def without_feedback(scenario: Scenario, factor: float = 1.0) -> Scenario:
    """Return a scenario with every feedback off and calm rates times a factor.

    Parameters
    ----------
    scenario
        The scenario.
    factor
        Applied to the rates of attacks of their own accord, > 0. It is for the caller
        to keep them legal (`largest_factor`).

    Returns
    -------
    Scenario
        Developments that would switch a feedback on again are left out; those that
        change a calm rate are scaled with it.
    """
    off = {actor.name: feedback_values(actor.kind) for actor in scenario.actors}
    rates = {actor.name: calm_rates(actor.kind) for actor in scenario.actors}
    actors = tuple(
        replace(
            actor,
            params=actor.params._replace(
                **off[actor.name],
                **{
                    name: factor * getattr(actor.params, name)
                    for name in rates[actor.name]
                },
            ),
        )
        for actor in scenario.actors
    )
    changes = tuple(
        replace(change, value=factor * change.value)
        if change.parameter in rates[change.actor] and change.how != "scale"
        else change
        for change in scenario.changes
        if change.parameter not in off[change.actor]
    )
    return replace(scenario, actors=actors, changes=changes)


def largest_factor(scenario: Scenario) -> float:
    """Return the factor at which the first calm rate meets its legal limit; inf."""
    found = float("inf")
    for actor in scenario.actors:
        table, params = parameter_table(actor.kind), actor.params
        every: list[Any] = [params]
        for change in sorted(scenario.changes, key=lambda change: change.time):
            if change.actor == actor.name:
                every.append(change.applied_to(every[-1]))
        for name in calm_rates(actor.kind):
            highest = max(float(getattr(one, name)) for one in every)
            if highest > 0.0:
                found = min(found, table[name].high / highest)
    return found
