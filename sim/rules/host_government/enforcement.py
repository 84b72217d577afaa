"""How a host government gathers intelligence, raids and interdicts."""

from __future__ import annotations

from typing import Final

from sim.rules.behaviour import Effect, Percept, Setting, Uniforms
from sim.rules.effects import effect_with
from sim.rules.host_government.state import HostGovernmentParams, HostGovernmentView
from sim.rules.inversion import binomial, delay, exponential, poisson

HALF_KNOWN: Final = 2.0
"""Intelligence that gives half effect, in inquiries: how much one inquiry tells is not
known apart from how many there are, `investigation_rate`."""


def knowledge(intelligence: float) -> float:
    """How far intelligence suffices to act, 0 to 1: ``i / (i + HALF_KNOWN)``."""
    return intelligence / (intelligence + HALF_KNOWN)


def investigation_hazard(
    params: HostGovernmentParams, view: HostGovernmentView
) -> float:
    """Rate of inquiries into one militia, 1/day, >= 0, by its will and its ability."""
    return params.investigation_rate * view.will * params.ability


def investigation_ceiling(params: HostGovernmentParams) -> float:
    """Upper bound of `investigation_hazard`, 1/day."""
    return params.investigation_rate


def raid_hazard(params: HostGovernmentParams, view: HostGovernmentView) -> float:
    r"""Rate at which it begins to plan a raid on one militia.

    Parameters
    ----------
    params
        The government's parameters.
    view
        What it knows now; all fields >= 0.

    Returns
    -------
    float
        Hazard, 1/day, in [0, `raid_rate`]. Never falls as will, intelligence or
        authority rises; zero without intelligence or ability.

    Notes
    -----
    :math:`h = h_{max}\;W\,a\,g\;\frac{i}{i + i_{1/2}}` with the will W
    (`sim.rules.host_government.state.will_now`), ability a, authority g and
    intelligence i. That impatience and outside pressure together moved the government,
    and that intelligence came before the raid: [op-ed-2020-07-05]_; the form is ours.
    """
    known = knowledge(view.intelligence)
    return params.raid_rate * view.will * params.ability * view.authority * known


def raid_ceiling(params: HostGovernmentParams) -> float:
    """Upper bound of `raid_hazard`, 1/day."""
    return params.raid_rate


def planning(params: HostGovernmentParams, view: HostGovernmentView, u: float) -> float:
    """Days from decision to raid (warrant, plan, forces); lognormal."""
    return delay(u, params.planning_days)


def raid_effect(
    params: HostGovernmentParams,
    view: HostGovernmentView,
    setting: Setting,
    u: Uniforms,
) -> Effect:
    """What a raid does: persons arrested, launchers seized, attacks broken off.

    All three grow with what it knows: Poisson arrests with mean `arrests_mean` times
    knowledge, binomial seizure of the target's launchers, and a chance of breaking
    off each attack in preparation.
    """
    known = knowledge(view.intelligence)
    return effect_with(
        persons=poisson(u[0], params.arrests_mean * known),
        launchers=float(
            binomial(u[1], int(setting.target_launchers), params.seizure_share * known)
        ),
        means=setting.means,
        interdiction=params.interdiction_share * known,
    )


def detection(params: HostGovernmentParams, view: HostGovernmentView) -> float:
    """Probability of noticing a launch team in place: ability times knowledge.

    ``detection_share * ability * (0.5 + 0.5 * knowledge)``: patrols alone give half.
    """
    known = knowledge(view.intelligence)
    return params.detection_share * params.ability * (0.5 + 0.5 * known)


def interdicts(
    params: HostGovernmentParams, view: HostGovernmentView, percept: Percept, u: float
) -> int:
    """Whether it sends forces to a launch team it has noticed: 1, else 0.

    With the probability that is its will: soldiers on the spot look away as it does.
    """
    return 1 if u < view.will else 0


def interdiction_effect(
    params: HostGovernmentParams,
    view: HostGovernmentView,
    setting: Setting,
    u: Uniforms,
) -> Effect:
    """Forces that arrive before the launch break it off for certain."""
    return effect_with(interdiction=1.0)


def reaction_delay(
    params: HostGovernmentParams, view: HostGovernmentView, u: float
) -> float:
    """Days from notice to arrival at the launch site; exponential."""
    return exponential(u, params.reaction_days)


def restriction_hazard(params: HostGovernmentParams, view: HostGovernmentView) -> float:
    """Rate of curbs on the sponsor (such as a permit rule), 1/day.

    ``rate * will * (1 - commander_awe * awe)``, with the rate `restriction_rate`, which
    is never exceeded: it takes will but no force, and the standing of the sponsor's
    commander stands in its way while he lives. None while a rule stands. The form is
    ours.
    """
    if view.rule > 0.0:
        return 0.0
    rate = params.restriction_rate * view.will
    return rate * (1.0 - params.commander_awe * view.awe)


def restriction_ceiling(params: HostGovernmentParams) -> float:
    """Upper bound of `restriction_hazard`, 1/day."""
    return params.restriction_rate


def searches(
    params: HostGovernmentParams, view: HostGovernmentView, percept: Percept, u: float
) -> int:
    """Whether a launcher is found where an attack came from: 1, else 0."""
    return 1 if u < params.find_share * params.ability else 0


def found_launcher(
    params: HostGovernmentParams,
    view: HostGovernmentView,
    setting: Setting,
    u: Uniforms,
) -> Effect:
    """One launcher is found, if the militia has one left."""
    return effect_with(
        launchers=min(1.0, setting.target_launchers), means=setting.means
    )
