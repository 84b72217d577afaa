"""When a sponsor presses its clients, and holds them back."""

from __future__ import annotations

from math import exp, log
from typing import Final

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


def may_press(params: SponsorParams, view: SponsorView) -> bool:
    """Whether a client can be ordered to attack.

    Not in a truce with it, nor while its last order to it stands, nor while it asks
    another to hold fire.
    """
    return view.truce <= 0.0 and view.stands <= 0.0 and view.stance >= 0.0


def may_hold(params: SponsorParams, view: SponsorView) -> bool:
    """Whether a client can be ordered to hold fire.

    Not in a truce with it, which asks for the same, nor while its last order to it
    stands, nor while it asks another to attack, as it does after a blow, or prepares to
    strike directly.
    """
    return may_call_truce(params, view) and view.stands <= 0.0


def may_call_truce(params: SponsorParams, view: SponsorView) -> bool:
    """Whether it can call a truce with a client: none is in force, nor an attack asked.

    What it asked of another client counts, what a blow makes it ask, and a direct
    strike that it prepares.
    """
    return view.truce <= 0.0 and view.stance <= 0.0


def press_hazard(params: SponsorParams, view: SponsorView) -> float:
    """Rate of orders to attack to one client, 1/day, in [0, `directive_rate`].

    None where `may_press` forbids them.
    """
    if not may_press(params, view):
        return 0.0
    return params.directive_rate * press_share(params, view)


def hold_hazard(params: SponsorParams, view: SponsorView) -> float:
    """Rate of orders to hold fire to one client, 1/day, in [0, `directive_rate`].

    None where `may_hold` forbids them.
    """
    if not may_hold(params, view):
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


VISIT_DAYS: Final = 2.0
"""Days that its commander stays on a visit, in which he gives his orders. Assumed."""


def visiting(params: SponsorParams, view: SponsorView, u: float) -> float:
    """Days from the commander's coming to his order to a client; uniform."""
    return VISIT_DAYS * u
