"""What a sponsor answers: curbs, raids on clients, blows against itself; its visits."""

from __future__ import annotations

from math import exp

from sim.rules.behaviour import Effect, Percept, Setting, Uniforms
from sim.rules.effects import effect_with
from sim.rules.inversion import lognormal, poisson
from sim.rules.sponsor.orders import press_share
from sim.rules.sponsor.parameters import SponsorParams
from sim.rules.sponsor.state import SponsorView


def visit_hazard(params: SponsorParams, view: SponsorView) -> float:
    """Rate of visits of its commander to one host, 1/day, in [0, `visit_rate`].

    ``visit_rate * exp(-restriction_effect * restriction)``; the form is ours.
    """
    return params.visit_rate * exp(-params.restriction_effect * view.restriction)


def visit_ceiling(params: SponsorParams) -> float:
    """Upper bound of `visit_hazard`, 1/day."""
    return params.visit_rate


def instructs(
    params: SponsorParams, view: SponsorView, percept: Percept, u: float
) -> int:
    """What its commander tells the clients on a visit: 1 attack, 2 hold."""
    if percept.is_mine == 0:
        return 0
    return 1 if u < press_share(params, view) else 2


def pushes_back(
    params: SponsorParams, view: SponsorView, percept: Percept, u: float
) -> int:
    """Whether a curb, or a raid on a client, is answered: 1, else 0.

    Its delay is that of `pushback_delay`; the article's forecast is read off this.
    """
    return 1 if percept.is_mine == 0 and u < params.pushback_share else 0


def pushback_delay(params: SponsorParams, view: SponsorView, u: float) -> float:
    """Days until it pushes back; lognormal."""
    return lognormal(u, params.pushback_days, params.pushback_spread)


def strikes_back(
    params: SponsorParams, view: SponsorView, percept: Percept, u: float
) -> int:
    """Whether a blow against itself is answered by a direct strike: 1, else 0."""
    return 1 if percept.is_at_me == 1 and u < params.direct_share else 0


def direct_planning(params: SponsorParams, view: SponsorView, u: float) -> float:
    """Days to prepare a direct strike; lognormal."""
    return lognormal(u, params.direct_days, params.direct_spread)


def direct_effect(
    params: SponsorParams, view: SponsorView, setting: Setting, u: Uniforms
) -> Effect:
    """What a direct strike does: foreign dead and wounded; Poisson."""
    return effect_with(
        killed_foreign=poisson(u[0], params.direct_killed),
        wounded_foreign=poisson(u[1], params.direct_wounded),
    )


def calls_truce(
    params: SponsorParams, view: SponsorView, percept: Percept, u: float
) -> int:
    """Whether a foreign power's threat to leave brings a truce: 1, else 0.

    That the threat to close an embassy may do so is assumed: it would cost the host,
    and through it the sponsor, more than the attacks gain.
    """
    return 1 if u < params.truce_share else 0
