"""When a militia attacks, where, and what an attack does."""

from __future__ import annotations

from math import exp

from sim.rules.behaviour import (
    Effect,
    Setting,
    Uniforms,
)
from sim.rules.effects import effect_with
from sim.rules.inversion import binomial, exponential, lognormal, poisson
from sim.rules.militia.state import MilitiaParams, MilitiaView


def attack_hazard(params: MilitiaParams, view: MilitiaView) -> float:
    r"""Rate at which the militia begins to prepare an attack.

    Parameters
    ----------
    params
        The militia's parameters.
    view
        What it knows now; `tension` >= 0, `directive` in [-1, 1].

    Returns
    -------
    float
        Hazard, 1/day, >= 0. Never falls as tension or the directive rises; zero
        without a launcher or a round; bounded by `attack_ceiling`.

    Notes
    -----
    Log-linear reciprocity, :math:`h = b\,e^{r \min(x, x_{max}) + d s}`, with tension
    x and directive s. That violence answers violence in kind: Linke et al. (2012)
    [linke-2012]_; the form is ours.

    Examples
    --------
    >>> from sim.rules.examples import MILITIA
    >>> calm = MilitiaView(0.0, 0.0, 5.0, 50.0, 0.0)
    >>> attack_hazard(MILITIA._replace(base_rate=0.1), calm)
    0.1
    """
    if view.launchers < 1.0 or view.rounds < 1.0:
        return 0.0
    drive = params.reciprocity * min(view.tension, params.tension_cap)
    return params.base_rate * exp(drive + params.directive_effect * view.directive)


def attack_ceiling(params: MilitiaParams) -> float:
    """Upper bound of `attack_hazard`, 1/day."""
    drive = params.reciprocity * params.tension_cap
    return params.base_rate * exp(drive + params.directive_effect)


def has_arms(params: MilitiaParams, view: MilitiaView) -> bool:
    """Whether there is a launcher and a round to fire."""
    return view.launchers >= 1.0 and view.rounds >= 1.0


def attacks_at_once(params: MilitiaParams) -> float:
    """How many attacks it prepares at once; 0 is no limit."""
    return params.max_parallel


def preparation(params: MilitiaParams, view: MilitiaView, u: float) -> float:
    """Days from the decision until the launch team is in place; lognormal."""
    return lognormal(u, params.preparation_days, params.preparation_spread)


def emplacement(params: MilitiaParams, view: MilitiaView, u: float) -> float:
    """Days from the launch team in place to the launch; exponential."""
    return exponential(u, params.emplacement_days)


def salvo(
    params: MilitiaParams,
    view: MilitiaView,
    setting: Setting,
    u: Uniforms,
) -> Effect:
    """What an attack does: rounds fired, hits, and the dead and wounded by side.

    Returns
    -------
    Effect
        `rounds` >= 0, at most the stock; `hits` <= `rounds`.

    Notes
    -----
    The salvo is lognormal, rounded, and at least one (heavy tail: three attacks hold
    half of the recorded rounds). A launcher fails with probability
    `malfunction_share`, and then leaves a uniform share of its rounds unfired. Each
    fired round lands in the target area independently, and each hit kills and wounds
    Poisson numbers on each side in proportion to who is exposed there. Deaths and
    wounds among the militia's own are not modelled.
    """
    planned = float(
        int(lognormal(u[0], params.salvo_median, params.salvo_spread) + 0.5)
    )
    planned = max(1.0, min(planned, setting.own_rounds))
    failing = 0.0
    if u[9] < params.malfunction_share:
        failing = u[9] / params.malfunction_share
    fired = float(binomial(u[1], int(planned), 1.0 - failing))
    hits = float(binomial(u[2], int(fired), params.accuracy))
    killed = hits * params.killed_per_hit
    wounded = hits * params.wounded_per_hit
    return effect_with(
        rounds=fired,
        unfired=planned - fired,
        hits=hits,
        killed_foreign=poisson(u[3], killed * setting.exposed_foreign),
        killed_host=poisson(u[4], killed * setting.exposed_host),
        killed_civilian=poisson(u[5], killed * setting.exposed_civilian),
        wounded_foreign=poisson(u[6], wounded * setting.exposed_foreign),
        wounded_host=poisson(u[7], wounded * setting.exposed_host),
        wounded_civilian=poisson(u[8], wounded * setting.exposed_civilian),
    )


def launcher_lost(
    params: MilitiaParams,
    view: MilitiaView,
    setting: Setting,
    u: Uniforms,
) -> Effect:
    """What a thwarted attack costs: the launcher and the rounds set up on it."""
    planned = float(
        int(lognormal(u[0], params.salvo_median, params.salvo_spread) + 0.5)
    )
    return effect_with(
        rounds=max(0.0, min(planned, setting.own_rounds)),
        launchers=min(1.0, setting.own_launchers),
    )


def site_weight(
    params: MilitiaParams,
    view: MilitiaView,
    reach: float,
    presence: float,
) -> float:
    """Weight of a site as a target: its reach while occupied, otherwise 0."""
    if presence <= 0.0:
        return 0.0
    return reach
