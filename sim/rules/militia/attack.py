"""When a militia attacks, where, and what an attack does."""

from __future__ import annotations

from math import exp

from sim.rules.behaviour import Effect, Percept, Setting, Uniforms
from sim.rules.effects import effect_with
from sim.rules.inversion import binomial, exponential, lognormal, poisson
from sim.rules.militia.campaign import intensity
from sim.rules.militia.parameters import MilitiaParams
from sim.rules.militia.state import MilitiaView, is_still


def attack_hazard(params: MilitiaParams, view: MilitiaView) -> float:
    r"""Rate at which the militia begins to prepare an attack.

    Parameters
    ----------
    params
        The militia's parameters.
    view
        What it knows now; `level` is 0, 1 or 2.

    Returns
    -------
    float
        Hazard, 1/day, >= 0. Never falls as the level rises; zero while it keeps a
        truce or holds its fire, and without a launcher or a round; bounded by
        `attack_ceiling`.

    Notes
    -----
    :math:`h = b\,e^{g (l - 1)}/M` at level l, with the swing g
    (`sim.rules.militia.campaign.intensity`). Why a ladder of levels and no excitation
    by each attack: the record shows none, and a ladder needs no cap. The form is ours.

    Examples
    --------
    >>> flat = MilitiaParams(base_rate=0.1, swing=0.0)
    >>> attack_hazard(flat, MilitiaView(1.0, 5.0, 50.0, 0.0))
    0.1
    """
    if view.launchers < 1.0 or view.rounds < 1.0 or is_still(view):
        return 0.0
    return params.base_rate * intensity(params, view.level)


def attack_ceiling(params: MilitiaParams) -> float:
    """Upper bound of `attack_hazard`, 1/day: its rate in a surge."""
    return params.base_rate * intensity(params, 2.0)


def convoy_hazard(params: MilitiaParams, view: MilitiaView) -> float:
    """Rate of convoy bombs, 1/day, >= 0; it moves as the attack rate does."""
    if is_still(view):
        return 0.0
    return params.convoy_rate * intensity(params, view.level)


def convoy_ceiling(params: MilitiaParams) -> float:
    """Upper bound of `convoy_hazard`, 1/day."""
    return params.convoy_rate * intensity(params, 2.0)


def bomb(
    params: MilitiaParams, view: MilitiaView, setting: Setting, u: Uniforms
) -> Effect:
    """What a convoy bomb does: dead and wounded among the host's people; Poisson.

    The convoys are contractors' of the host's nationality (the record names no foreign
    casualty), hence the side.
    """
    return effect_with(
        killed_host=poisson(u[0], params.convoy_killed),
        wounded_host=poisson(u[1], params.convoy_wounded),
    )


def joins(params: MilitiaParams, view: MilitiaView, percept: Percept, u: float) -> int:
    """Whether a launch team in place is joined by a second one: 1, else 0."""
    if percept.is_mine == 0 or view.launchers < 2.0:
        return 0
    return 1 if u < params.coordination_share else 0


def joining_delay(params: MilitiaParams, view: MilitiaView, u: float) -> float:
    """Days until the second team is on its way: within the quarter of an hour."""
    return 0.001 + 0.01 * u


def may_attack(params: MilitiaParams, view: MilitiaView) -> bool:
    """Whether it has a launcher and a round to fire, and keeps no truce."""
    return view.launchers >= 1.0 and view.rounds >= 1.0 and not is_still(view)


def may_bomb(params: MilitiaParams, view: MilitiaView) -> bool:
    """Whether it keeps no truce; a bomb takes none of its launchers."""
    return not is_still(view)


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
    params: MilitiaParams, view: MilitiaView, setting: Setting, u: Uniforms
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
    `malfunction_share`, and then leaves a uniform share of the rounds after the first
    unfired. Each fired round lands in the target area independently, and each hit
    kills and wounds Poisson numbers on each side in proportion to who is exposed there.
    Their means share one severity, lognormal with mean 1 and spread `harm_spread`: the
    same salvo meets an empty yard or a full canteen. Deaths and wounds among the
    militia's own are not modelled.
    """
    planned = float(
        int(lognormal(u[0], params.salvo_median, params.salvo_spread) + 0.5)
    )
    planned = max(1.0, min(planned, setting.own_rounds))
    failing = 0.0
    if u[9] < params.malfunction_share:
        failing = u[9] / params.malfunction_share
    fired = 1.0 + binomial(u[1], int(planned) - 1, 1.0 - failing)
    hits = float(binomial(u[2], int(fired), params.accuracy))
    spread = params.harm_spread
    severity = lognormal(u[10], exp(-0.5 * spread * spread), spread)
    killed = hits * params.killed_per_hit * severity
    wounded = hits * params.wounded_per_hit * severity
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
    params: MilitiaParams, view: MilitiaView, setting: Setting, u: Uniforms
) -> Effect:
    """What a thwarted attack costs: the launcher and the rounds set up on it.

    As in `salvo` at least one round was set up, unless none is left in stock.
    """
    planned = float(
        int(lognormal(u[0], params.salvo_median, params.salvo_spread) + 0.5)
    )
    return effect_with(
        rounds=max(0.0, min(max(1.0, planned), setting.own_rounds)),
        launchers=min(1.0, setting.own_launchers),
    )


def site_weight(
    params: MilitiaParams, view: MilitiaView, reach: float, presence: float
) -> float:
    """Weight of a site as a target: its reach while occupied, otherwise 0."""
    if presence <= 0.0:
        return 0.0
    return reach
