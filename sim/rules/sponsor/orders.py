"""When a sponsor presses its clients, and holds them back."""

from __future__ import annotations

from math import exp, log

from sim.rules.behaviour import Effect, Setting, Uniforms
from sim.rules.effects import effect_with
from sim.rules.inversion import exponential, logistic
from sim.rules.sponsor.parameters import SponsorParams
from sim.rules.sponsor.state import SponsorView


def press_share(params: SponsorParams, view: SponsorView) -> float:
    """Share of its orders that press, 0 to 1; the others tell to hold.

    Logistic in ``press_bias + press_reciprocity * log(1 + loss) - caution * alarm``:
    never falls with loss, never rises with alarm. The form is ours.
    """
    lean = params.press_bias + params.press_reciprocity * log(1.0 + view.loss)
    return logistic(lean - params.caution * view.alarm)


def press_hazard(params: SponsorParams, view: SponsorView) -> float:
    """Rate of orders to attack to one client, 1/day, in [0, `directive_rate`].

    None while a truce with it is in force, or its last order stands.
    """
    if view.truce > 0.0 or view.stands > 0.0:
        return 0.0
    return params.directive_rate * press_share(params, view)


def hold_hazard(params: SponsorParams, view: SponsorView) -> float:
    """Rate of orders to hold fire to one client, 1/day, in [0, `directive_rate`].

    None while a truce with it is in force, which asks for the same, or its last order
    stands.
    """
    if view.truce > 0.0 or view.stands > 0.0:
        return 0.0
    return params.directive_rate * (1.0 - press_share(params, view))


def directive_ceiling(params: SponsorParams) -> float:
    """Upper bound of both order hazards, 1/day."""
    return params.directive_rate


def access(params: SponsorParams, view: SponsorView) -> float:
    """How far rules that stand leave it its access, 0 to 1."""
    return exp(-params.restriction_effect * view.restriction)


def order(
    params: SponsorParams, view: SponsorView, setting: Setting, u: Uniforms
) -> Effect:
    """Put what authority the commander has now behind an order or a truce.

    It falls with his access: whoever may not come is obeyed less.
    """
    return effect_with(force=view.authority * access(params, view))


def order_at_once(
    params: SponsorParams,
    view: SponsorView,
    setting: Setting,
    u: Uniforms,
) -> Effect:
    """Put it behind the order to fire once, now."""
    return effect_with(force=view.authority * access(params, view), rounds=1.0)


def decision_delay(params: SponsorParams, view: SponsorView, u: float) -> float:
    """Days until its word is out; exponential."""
    return exponential(u, params.decision_days)
