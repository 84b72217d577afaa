"""What a foreign power answers harm with: the ladder, its delays, and its tolls."""

from __future__ import annotations

from math import exp
from typing import Final

from sim.rules.behaviour import Effect, Percept, Setting, Uniforms
from sim.rules.effects import effect_with
from sim.rules.foreign_power.parameters import ForeignPowerParams
from sim.rules.foreign_power.state import ForeignPowerView
from sim.rules.inversion import binomial, delay, exponential, poisson
from sim.rules.tolerance import chance_exceeded

WIDE: Final = 2.0
"""Toll of a strike on several sites, in strikes on one."""

HOST: Final = 0.2
"""Dead of the host's forces in a strike, in the militia's: 5 for 25 in the two strikes
of the record. The host weighs its dead and civilians as a breach (`breach_by`)."""

CIVILIAN: Final = 0.04
"""Dead civilians in a strike, in the militia's dead: 1 for 25."""

WOUNDED_BY_STRIKES: Final = 2.4
"""Wounded of the militia in a strike, in its dead: 60 for 25."""


def demand_hazard(params: ForeignPowerParams, view: ForeignPowerView) -> float:
    """Rate of demands to one host government, 1/day, in [0, `demand_rate`].

    ``demand_rate * (1 - exp(-demand_reciprocity * provocation))``: never falls with the
    harm that it remembers, zero without it, and zero while its last demand to that host
    stands. The form is ours.

    Examples
    --------
    >>> demand_hazard(ForeignPowerParams(), ForeignPowerView(0.0, 0.0))
    0.0
    """
    if view.has_asked > 0.0:
        return 0.0
    return params.demand_rate * (
        1.0 - exp(-params.demand_reciprocity * view.provocation)
    )


def demand_ceiling(params: ForeignPowerParams) -> float:
    """Upper bound of `demand_hazard`, 1/day."""
    return params.demand_rate


def answers_militia(
    params: ForeignPowerParams, view: ForeignPowerView, percept: Percept, u: float
) -> int:
    """What the harm laid to a militia brings on it.

    Parameters
    ----------
    params
        `tolerance` is that of a strike on one site; each further rung is borne
        `ladder_ratio` times as long.
    view
        The harm laid to that militia, and from which level it is weighed now.
    percept
        The harm; only what was done to itself counts.
    u
        Uniform in [0, 1): it gives the rung.

    Returns
    -------
    int
        0 nothing, 1 a strike on one site, 2 on several, 3 on its leader: the highest
        rung whose tolerance is exceeded (`sim.rules.tolerance.chance_exceeded`).
    """
    return rung_on_militia(params, view, u) if percept.is_at_me == 1 else 0


def answers_militia_since(
    params: ForeignPowerParams, view: ForeignPowerView, percept: Percept, u: float
) -> int:
    """What harm brings on a militia that came while an answer was being prepared."""
    return rung_on_militia(params, view, u) if percept.is_mine == 1 else 0


def rung_on_militia(
    params: ForeignPowerParams, view: ForeignPowerView, u: float
) -> int:
    """Return the rung on which a militia is answered, 0 to 3; see `answers_militia`.

    A guest that is asked to leave bears ``exp(leave_effect * protests)`` times as much
    before it strikes on its host's soil.
    """
    rung = 0
    tolerance = params.tolerance * exp(params.leave_effect * view.protests)
    for k in range(1, 4):
        if u < chance_exceeded(view.asked, view.harm, tolerance):
            rung = k
        tolerance = tolerance * params.ladder_ratio
    return rung


def answers_sponsor(
    params: ForeignPowerParams, view: ForeignPowerView, percept: Percept, u: float
) -> int:
    """What the harm laid to the sponsor brings on it.

    Returns
    -------
    int
        0 nothing, 1 an accusation, 2 a sanction, 3 forces sent, 4 the killing of its
        commander, 5 a strike on its soil. In strikes on one site of a militia these are
        borne ``ratio ** -2``, ``-1``, ``2``, ``3`` and ``4`` times as long; while the
        commander's post is vacant, forces are sent in place of a killing.
    """
    return rung_on_sponsor(params, view, u) if percept.is_at_me == 1 else 0


def answers_sponsor_since(
    params: ForeignPowerParams, view: ForeignPowerView, percept: Percept, u: float
) -> int:
    """What harm brings on the sponsor that came while an answer was being prepared."""
    return rung_on_sponsor(params, view, u) if percept.is_mine == 1 else 0


def rung_on_sponsor(
    params: ForeignPowerParams, view: ForeignPowerView, u: float
) -> int:
    """Return the rung on which the sponsor is answered; see `answers_sponsor`."""
    ratio = params.ladder_ratio
    before, after = view.sponsor_asked, view.sponsor_harm
    far = params.tolerance * ratio * ratio
    if u < chance_exceeded(before, after, far * ratio * ratio):
        return 5
    if u < chance_exceeded(before, after, far * ratio):
        return 3 if view.is_vacant > 0.0 else 4
    if u < chance_exceeded(before, after, far):
        return 3
    if u < chance_exceeded(before, after, params.tolerance / ratio):
        return 2
    if u < chance_exceeded(before, after, params.tolerance / (ratio * ratio)):
        return 1
    return 0


def is_open(params: ForeignPowerParams, view: ForeignPowerView, waited: float) -> bool:
    """Whether that account is open still: no answer by force has settled it since."""
    return view.since_settled >= waited


def may_sanction(params: ForeignPowerParams, view: ForeignPowerView) -> bool:
    """Whether no sanction against that actor stands that is a few days old."""
    return view.has_asked <= 0.0


def decision_delay(
    params: ForeignPowerParams, view: ForeignPowerView, u: float
) -> float:
    """Days until an answer is ordered; exponential."""
    return exponential(u, params.decision_days)


def ordering(params: ForeignPowerParams, view: ForeignPowerView, u: float) -> float:
    """Days from decision to order: minutes."""
    return 0.001 + 0.001 * u


def planning(params: ForeignPowerParams, view: ForeignPowerView, u: float) -> float:
    """Days from the order to the strike; lognormal."""
    return delay(u, params.planning_days)


def toll(params: ForeignPowerParams, setting: Setting, u: Uniforms, n: float) -> Effect:
    """Toll of strikes on `n` sites: dead and wounded by side, launchers destroyed.

    Severity is exponential with mean 1, and the counts are Poisson about it: negative
    binomial with k = 1 and the variance mean + mean². Single air strikes of four
    campaigns have k from 0.5 to 2.6 (`seeds/reference_classes.yaml`). Launchers are
    binomial.
    """
    size = n * params.proportionality
    killed = size * params.strike_killed * exponential(u[5], 1.0)
    share = min(1.0, size * params.strike_launchers)
    return effect_with(
        killed_militia=poisson(u[0], killed),
        killed_host=poisson(u[1], killed * HOST),
        killed_civilian=poisson(u[2], killed * CIVILIAN),
        wounded_militia=poisson(u[3], killed * WOUNDED_BY_STRIKES),
        launchers=binomial(u[4], int(setting.target_launchers), share),
        means=setting.means,
    )


def strike_effect(
    params: ForeignPowerParams, view: ForeignPowerView, setting: Setting, u: Uniforms
) -> Effect:
    """What a strike on one site does; see `toll`."""
    return toll(params, setting, u, 1.0)


def wide_strike_effect(
    params: ForeignPowerParams, view: ForeignPowerView, setting: Setting, u: Uniforms
) -> Effect:
    """What a strike on several sites does: twice the toll of one."""
    return toll(params, setting, u, WIDE)


def leader_strike_effect(
    params: ForeignPowerParams, view: ForeignPowerView, setting: Setting, u: Uniforms
) -> Effect:
    """What a strike on a militia's leader does: he dies, and whoever is with him."""
    killed = exponential(u[5], params.proportionality * params.strike_killed)
    return effect_with(killed_militia=1.0 + poisson(u[0], killed))


def direct_effect(
    params: ForeignPowerParams, view: ForeignPowerView, setting: Setting, u: Uniforms
) -> Effect:
    """What a direct strike on the sponsor does: its dead, spread as those of `toll`."""
    killed = exponential(u[5], params.proportionality * params.strike_killed)
    return effect_with(killed_sponsor=poisson(u[0], killed))


def commander_effect(
    params: ForeignPowerParams, view: ForeignPowerView, setting: Setting, u: Uniforms
) -> Effect:
    """The killing of the commander: one of the sponsor's people for certain."""
    return effect_with(killed_sponsor=1.0)
