"""A scenario without feedback: attacks are answered, and no answer reaches the attacks.

It is the model's own rival. Everybody still does what they do, strikes and raids
answer attacks, but how often attacks come hangs on nothing that happened. A statistic
that such a world meets as well speaks for no feedback of the model. The null of the
ledger (`sim.ledger.switches.null_of`) goes further: there nobody answers at all, so it
has no strikes and no raids to hold against the record, and is the easier rival.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.ladder import Act
from sim.ledger.switches import Setting, switches_of
from sim.rules.behaviour import parameter_table
from sim.units import Dimension

if TYPE_CHECKING:
    from sim.rules.behaviour import Kind
    from sim.scenario.scenario import Scenario


def feedback_off(scenario: Scenario) -> Setting:
    """Return the numbers with which every feedback of a scenario is off.

    Those of each mechanism that is marked as one (`Mechanism.is_feedback`). Without any
    where no kind of the scenario marks one.
    """
    values: dict[str, float] = {}
    for switch in switches_of(scenario):
        if switch.off is not None and switch.mechanism.is_feedback:
            values |= switch.off.values
    return Setting(values, ends_changes=True)


def calm_rates(kind: Kind) -> tuple[str, ...]:
    """Return the parameters that say how often a kind attacks of its own accord."""
    table = parameter_table(kind)
    return tuple(
        name
        for mechanism in kind.mechanisms
        if mechanism.stays_in_null and Act.ROCKET_ATTACK in mechanism.acts
        for name in mechanism.off
        if table[name].dimension == Dimension.RATE
    )


def without_feedback(scenario: Scenario, factor: float = 1.0) -> Scenario:
    """Return a scenario with every feedback off and calm rates times a factor > 0.

    It is for the caller to keep the rates legal (`largest_factor`). Developments that
    would switch a feedback on again do not happen; those that change a calm rate are
    scaled too.
    """
    rates = {
        f"actors.{actor.name}.{name}": factor * float(getattr(actor.params, name))
        for actor in scenario.actors
        for name in calm_rates(actor.kind)
    }
    later = {
        change.identity: factor * change.value
        for change in scenario.changes
        if f"actors.{change.actor}.{change.parameter}" in rates
        and change.how != "scale"
    }
    return Setting(rates, later).applied(feedback_off(scenario).applied(scenario))


def largest_factor(scenario: Scenario) -> float:
    """Return the factor at which the first calm rate meets its legal limit; inf."""
    factor = float("inf")
    for actor in scenario.actors:
        table, params = parameter_table(actor.kind), actor.params
        every: list[Any] = [params]
        for change in sorted(scenario.changes, key=lambda change: change.time):
            if change.actor == actor.name:
                every.append(change.applied_to(every[-1]))
        for name in calm_rates(actor.kind):
            highest = max(float(getattr(one, name)) for one in every)
            if highest > 0.0:
                factor = min(factor, table[name].high / highest)
    return factor
