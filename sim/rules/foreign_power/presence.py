"""How a foreign power stays or leaves: support, talks, hand-overs, threats to leave."""

from __future__ import annotations

from math import exp

from sim.rules.foreign_power.parameters import ForeignPowerParams
from sim.rules.foreign_power.state import MOST_UNWELCOME, ForeignPowerView


def support_hazard(params: ForeignPowerParams, view: ForeignPowerView) -> float:
    """Rate of shows of support for one host, 1/day, >= 0: a lever of policy."""
    return params.support_rate


def support_ceiling(params: ForeignPowerParams) -> float:
    """Upper bound of `support_hazard`, 1/day."""
    return params.support_rate


def talks_hazard(params: ForeignPowerParams, view: ForeignPowerView) -> float:
    """Rate of rounds of talks with one host, 1/day.

    ``talks_rate * exp(leave_effect * unwelcome)``: whoever is asked to leave talks of
    it, as it hands over bases (`handover_hazard`). The form is ours.
    """
    return params.talks_rate * exp(params.leave_effect * view.unwelcome)


def talks_ceiling(params: ForeignPowerParams) -> float:
    """Upper bound of `talks_hazard`, 1/day."""
    return params.talks_rate * exp(params.leave_effect * MOST_UNWELCOME)


def handover_hazard(params: ForeignPowerParams, view: ForeignPowerView) -> float:
    """Rate of bases handed over to one host, 1/day.

    ``handover_rate * exp(leave_effect * unwelcome)``: never falls with the demands to
    leave that it remembers, capped at five. The form is ours.
    """
    return params.handover_rate * exp(params.leave_effect * view.unwelcome)


def handover_ceiling(params: ForeignPowerParams) -> float:
    """Upper bound of `handover_hazard`, 1/day."""
    return params.handover_rate * exp(params.leave_effect * MOST_UNWELCOME)


def evacuation_threat_hazard(
    params: ForeignPowerParams, view: ForeignPowerView
) -> float:
    """Rate of threats to leave, 1/day, in [0, `evacuation_threat_rate`].

    ``rate * (1 - exp(-demand_reciprocity * provocation))``, as with demands to act.
    """
    return params.evacuation_threat_rate * (
        1.0 - exp(-params.demand_reciprocity * view.provocation)
    )


def evacuation_threat_ceiling(params: ForeignPowerParams) -> float:
    """Upper bound of `evacuation_threat_hazard`, 1/day."""
    return params.evacuation_threat_rate
