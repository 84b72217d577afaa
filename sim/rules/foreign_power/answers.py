"""When a foreign power strikes, how hard, and when it presses the government."""

from __future__ import annotations

from math import exp

from sim.rules.behaviour import (
    Effect,
    Percept,
    Setting,
    Uniforms,
)
from sim.rules.effects import effect_with
from sim.rules.foreign_power.parameters import ForeignPowerParams
from sim.rules.foreign_power.state import ForeignPowerView
from sim.rules.inversion import binomial, exponential, lognormal, poisson


def demand_hazard(params: ForeignPowerParams, view: ForeignPowerView) -> float:
    """Rate of demands to one host government, 1/day, in [0, `demand_rate`].

    ``demand_rate * (1 - exp(-demand_reciprocity * provocation))``: never falls with
    provocation, zero without it. The form is ours.

    Examples
    --------
    >>> from sim.rules.examples import FOREIGN_POWER
    >>> demand_hazard(FOREIGN_POWER, ForeignPowerView(0.0, 0.0))
    0.0
    """
    return params.demand_rate * (
        1.0 - exp(-params.demand_reciprocity * view.provocation)
    )


def demand_ceiling(params: ForeignPowerParams) -> float:
    """Upper bound of `demand_hazard`, 1/day."""
    return params.demand_rate


def strikes(
    params: ForeignPowerParams,
    view: ForeignPowerView,
    percept: Percept,
    u: float,
) -> int:
    """Whether it orders a strike after an attack on it: 1, else 0.

    Parameters
    ----------
    params
        `red_line` in own deaths in one attack.
    view
        Not used: the line is crossed by the attack itself.
    percept
        The attack as it perceives it.
    u
        Uniform in [0, 1).

    Returns
    -------
    int
        1 with probability `strike_share` when own deaths reach `red_line`, otherwise
        with `strike_share_below`. In the record: two of two with own deaths, none of
        34 without.
    """
    if percept.is_at_me == 0:
        return 0
    share = params.strike_share_below
    if percept.killed_own >= params.red_line:
        share = params.strike_share
    return 1 if u < share else 0


def decision_delay(
    params: ForeignPowerParams, view: ForeignPowerView, u: float
) -> float:
    """Days until a strike is ordered; exponential."""
    return exponential(u, params.decision_days)


def planning(params: ForeignPowerParams, view: ForeignPowerView, u: float) -> float:
    """Days from the order to the strike; lognormal."""
    return lognormal(u, params.planning_days, params.planning_spread)


def one_strike(params: ForeignPowerParams) -> float:
    """One strike is planned at a time: a second attack does not double it."""
    return 1.0


def strike_effect(
    params: ForeignPowerParams,
    view: ForeignPowerView,
    setting: Setting,
    u: Uniforms,
) -> Effect:
    """What a strike does: the dead and wounded by side, launchers destroyed.

    Poisson numbers with means in proportion to `proportionality`; launchers binomial.
    """
    size = params.proportionality
    share = min(1.0, size * params.strike_launchers)
    return effect_with(
        killed_militia=poisson(u[0], size * params.strike_killed),
        killed_host=poisson(u[1], size * params.strike_killed_host),
        killed_civilian=poisson(u[2], size * params.strike_killed_civilian),
        wounded_militia=poisson(u[3], size * params.strike_wounded),
        launchers=binomial(u[4], int(setting.target_launchers), share),
    )
