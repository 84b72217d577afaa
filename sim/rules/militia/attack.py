"""When a militia attacks, where, and what an attack does."""

from __future__ import annotations

from math import exp

from sim.rules.behaviour import Effect, Percept, Setting, Uniforms
from sim.rules.effects import effect_with
from sim.rules.inversion import binomial, delay, exponential, lognormal, poisson
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
        truce or holds its fire; bounded by `attack_ceiling`.

    Notes
    -----
    :math:`h = b\,D\,e^{g (l - 1)}/M` at level l, with the swing g
    (`sim.rules.militia.campaign.intensity`) and what is left of its means D
    (`sim.rules.militia.state.take_stock`). Why a ladder of levels and no excitation
    by each attack: the record shows none, and a ladder needs no cap. The form is ours.

    Examples
    --------
    >>> flat = MilitiaParams(base_rate=0.1, swing=0.0)
    >>> attack_hazard(flat, MilitiaView(level=1.0, drive=1.0, detained=0.0))
    0.1
    """
    if is_still(view):
        return 0.0
    return params.base_rate * view.drive * intensity(params, view.level)


def attack_ceiling(params: MilitiaParams) -> float:
    """Upper bound of `attack_hazard`, 1/day: its rate in a surge."""
    return params.base_rate * intensity(params, 2.0)


def joins(params: MilitiaParams, view: MilitiaView, percept: Percept, u: float) -> int:
    """Whether a launch team in place is joined by a second one: 1, else 0."""
    if percept.is_mine == 0:
        return 0
    return 1 if u < params.coordination_share else 0


def joining_delay(params: MilitiaParams, view: MilitiaView, u: float) -> float:
    """Days until the second team is on its way: within the quarter of an hour."""
    return 0.001 + 0.01 * u


def may_attack(params: MilitiaParams, view: MilitiaView) -> bool:
    """Whether it has any means, and neither keeps a truce nor holds its fire."""
    return view.drive > 0.0 and not is_still(view)


def attacks_at_once(params: MilitiaParams) -> float:
    """How many attacks it prepares at once, by its launch teams; 0 is no limit."""
    return params.max_parallel


def preparation(params: MilitiaParams, view: MilitiaView, u: float) -> float:
    """Days from the decision until the launch team is in place; lognormal."""
    return delay(u, params.preparation_days)


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
        `rounds` >= 1; `hits` + `intercepted` <= `rounds`.

    Notes
    -----
    All numbers are of the means (`sim.rules.means`). The salvo is lognormal, rounded,
    and at least one (heavy tail: three attacks hold half of the recorded rounds). A
    launcher fails with probability `malfunction_share`, and then leaves a uniform share
    of the rounds after the first unfired. The site's defences stop each fired round
    with probability `defence`; each other lands in the target area independently, and
    each hit kills and wounds Poisson numbers on each side in proportion to who is
    exposed there. Their means share one severity, lognormal with mean 1 and spread
    `harm_spread`: the same salvo meets an empty yard or a full canteen. Deaths and
    wounds among the militia's own are not modelled.
    """
    planned = set_up(setting, u[0])
    failing = 0.0
    if u[9] < setting.malfunction_share:
        failing = u[9] / setting.malfunction_share
    fired = 1.0 + binomial(u[1], int(planned) - 1, 1.0 - failing)
    intercepted = float(binomial(u[11], int(fired), setting.defence))
    hits = float(binomial(u[2], int(fired - intercepted), setting.accuracy))
    spread = setting.harm_spread
    severity = lognormal(u[10], exp(-0.5 * spread * spread), spread)
    killed = hits * setting.killed_per_hit * severity
    wounded = hits * setting.wounded_per_hit * severity
    return effect_with(
        rounds=fired,
        unfired=planned - fired,
        hits=hits,
        intercepted=intercepted,
        means=setting.means,
        killed_foreign=poisson(u[3], killed * setting.exposed_foreign),
        killed_host=poisson(u[4], killed * setting.exposed_host),
        killed_civilian=poisson(u[5], killed * setting.exposed_civilian),
        wounded_foreign=poisson(u[6], wounded * setting.exposed_foreign),
        wounded_host=poisson(u[7], wounded * setting.exposed_host),
        wounded_civilian=poisson(u[8], wounded * setting.exposed_civilian),
    )


def set_up(setting: Setting, u: float) -> float:
    """Rounds set up for one attack: lognormal, rounded, at least one."""
    planned = int(lognormal(u, setting.salvo_median, setting.salvo_spread) + 0.5)
    return max(1.0, float(planned))


def launcher_lost(
    params: MilitiaParams, view: MilitiaView, setting: Setting, u: Uniforms
) -> Effect:
    """What a thwarted attack costs: the launcher and the rounds set up on it."""
    return effect_with(rounds=set_up(setting, u[0]), launchers=1.0, means=setting.means)


def site_weight(
    params: MilitiaParams, view: MilitiaView, reach: float, presence: float
) -> float:
    """Weight of a site as a target: its reach while occupied, otherwise 0."""
    if presence <= 0.0:
        return 0.0
    return reach
