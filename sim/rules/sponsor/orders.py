"""When a sponsor presses its clients, holds them back, and arms them."""

from __future__ import annotations

from math import exp

from sim.rules.behaviour import (
    Effect,
    Percept,
    Setting,
    Uniforms,
)
from sim.rules.effects import effect_with
from sim.rules.inversion import exponential, logistic
from sim.rules.sponsor.parameters import SponsorParams
from sim.rules.sponsor.state import SponsorView


def press_share(params: SponsorParams, view: SponsorView) -> float:
    """Share of its orders that press, 0 to 1; the others tell to hold.

    Logistic in ``press_bias + press_reciprocity * loss - caution * alarm``: never
    falls with loss, never rises with alarm. The form is ours.
    """
    lean = params.press_bias + params.press_reciprocity * view.loss
    return logistic(lean - params.caution * view.alarm)


def press_hazard(params: SponsorParams, view: SponsorView) -> float:
    """Rate of orders to attack to one client, 1/day, in [0, `directive_rate`]."""
    return params.directive_rate * press_share(params, view)


def hold_hazard(params: SponsorParams, view: SponsorView) -> float:
    """Rate of orders to hold fire to one client, 1/day, in [0, `directive_rate`]."""
    return params.directive_rate * (1.0 - press_share(params, view))


def directive_ceiling(params: SponsorParams) -> float:
    """Upper bound of both order hazards, 1/day."""
    return params.directive_rate


def resupply_hazard(params: SponsorParams, view: SponsorView) -> float:
    """Rate of deliveries to one client, 1/day, in [0, `resupply_rate`].

    ``resupply_rate * exp(-restriction_effect * restriction)``: a host's curbs on its
    access slow them. The form is ours.
    """
    return params.resupply_rate * exp(-params.restriction_effect * view.restriction)


def resupply_ceiling(params: SponsorParams) -> float:
    """Upper bound of `resupply_hazard`, 1/day."""
    return params.resupply_rate


def order(
    params: SponsorParams,
    view: SponsorView,
    setting: Setting,
    u: Uniforms,
) -> Effect:
    """Put what authority the commander has now behind an order or a truce."""
    return effect_with(force=view.authority)


def delivery(
    params: SponsorParams,
    view: SponsorView,
    setting: Setting,
    u: Uniforms,
) -> Effect:
    """Deliver launchers and rounds."""
    return effect_with(
        rounds=params.resupply_rounds, launchers=params.resupply_launchers
    )


def answers_strike(
    params: SponsorParams,
    view: SponsorView,
    percept: Percept,
    u: float,
) -> int:
    """What a strike makes it order: 1 attack, 2 hold, 0 nothing new."""
    if u >= params.answer_share:
        return 0
    return 1 if u < params.answer_share * press_share(params, view) else 2


def decision_delay(params: SponsorParams, view: SponsorView, u: float) -> float:
    """Days until its word is out; exponential."""
    return exponential(u, params.decision_days)
