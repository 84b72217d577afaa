"""What a sponsor answers losses with, its commander's visits, and its truces."""

from __future__ import annotations

from math import log
from typing import Final

from sim.ladder import Act
from sim.rules.behaviour import Effect, Percept, Setting, Uniforms
from sim.rules.effects import effect_with
from sim.rules.inversion import delay, exponential, poisson
from sim.rules.sponsor.orders import access, may_call_truce, press_share
from sim.rules.sponsor.parameters import SponsorParams
from sim.rules.sponsor.state import SponsorView
from sim.rules.tolerance import RATIO, chance_exceeded

LEAST_TERM: Final = 30.0
"""Shortest term of a truce, days."""

LOG_TWO: Final = log(2.0)


def visit_hazard(params: SponsorParams, view: SponsorView) -> float:
    """Rate of visits of its commander to one host, 1/day, in [0, `visit_rate`].

    ``visit_rate * exp(-restriction_effect * restriction)``, none while his post is
    vacant, and none in the days after a direct strike or another visit in which he
    stays at home; the form is ours.
    """
    if view.is_vacant > 0.0 or view.stays > 0.0:
        return 0.0
    return params.visit_rate * access(params, view)


def visit_ceiling(params: SponsorParams) -> float:
    """Upper bound of `visit_hazard`, 1/day."""
    return params.visit_rate


def instructs(
    params: SponsorParams, view: SponsorView, percept: Percept, u: float
) -> int:
    """What its commander tells each client on a visit: 1 attack, 2 hold.

    What it leans to, so that no visit tells one client this and another that.
    """
    if percept.is_mine == 0:
        return 0
    return 1 if press_share(params, view) > 0.5 else 2


def answers_blow(
    params: SponsorParams, view: SponsorView, percept: Percept, u: float
) -> int:
    """What losses bring on whoever inflicted them: 1 words, 2 a direct strike, or 0.

    The rungs of its ladder are words (`loss_tolerance`), an order to each client
    or for an attack by it at once (`orders_attack`), and, borne ``RATIO ** 3`` times
    as long as words, a direct strike. See `sim.rules.tolerance.chance_exceeded`.
    """
    return 0 if percept.is_mine == 1 else rung_of_loss(params, view, u)


def answers_own_landing(
    params: SponsorParams, view: SponsorView, percept: Percept, u: float
) -> int:
    """What losses bring that came while its direct strike was being prepared."""
    return rung_of_loss(params, view, u) if percept.is_mine == 1 else 0


def rung_of_loss(params: SponsorParams, view: SponsorView, u: float) -> int:
    """Return 2 for a direct strike, 1 for words, 0 for nothing; see `answers_blow`."""
    before, after = view.loss_asked, view.loss
    far = params.loss_tolerance * RATIO * RATIO * RATIO
    if u < chance_exceeded(before, after, far):
        return 2
    return 1 if u < chance_exceeded(before, after, params.loss_tolerance) else 0


def pushes_back(
    params: SponsorParams, view: SponsorView, percept: Percept, u: float
) -> int:
    """Whether a curb, a sanction or a raid on a client brings words: 1, else 0.

    Its delay is that of `pushback_delay`; the article's forecast is read off this.
    """
    chance = chance_exceeded(view.loss_asked, view.loss, params.loss_tolerance)
    return 1 if percept.is_mine == 0 and u < chance else 0


def orders_attack(
    params: SponsorParams, view: SponsorView, percept: Percept, u: float
) -> int:
    """What losses bring to one client: 1 an order to attack, 2 one at once, 0 none.

    Borne `RATIO` times as long as words, and that much longer again; drawn for
    each client apart.
    """
    if percept.is_mine == 1:
        return 0
    before, after = view.loss_asked, view.loss
    near = params.loss_tolerance * RATIO
    if u < chance_exceeded(before, after, near * RATIO):
        return 2
    return 1 if u < chance_exceeded(before, after, near) else 0


ANSWER_DAYS: Final = 7.0
"""Days within which an order to attack answers a loss, if it does. Assumed: what comes
later would not be taken for an answer."""


def is_open(params: SponsorParams, view: SponsorView, waited: float) -> bool:
    """Whether the losses are open still: no direct strike has settled them since."""
    return view.since_settled >= waited


def is_timely(params: SponsorParams, view: SponsorView, waited: float) -> bool:
    """Whether an order to attack is still an answer: soon, and losses are open."""
    return waited <= ANSWER_DAYS and view.since_settled >= waited


def pushback_delay(params: SponsorParams, view: SponsorView, u: float) -> float:
    """Days until it pushes back; lognormal."""
    return delay(u, params.pushback_days)


def ordering(params: SponsorParams, view: SponsorView, u: float) -> float:
    """Days from decision to order: minutes."""
    return 0.001 + 0.001 * u


def direct_planning(params: SponsorParams, view: SponsorView, u: float) -> float:
    """Days to prepare a direct strike; lognormal."""
    return delay(u, params.direct_days)


def direct_effect(
    params: SponsorParams, view: SponsorView, setting: Setting, u: Uniforms
) -> Effect:
    """What a direct strike does: foreign dead and wounded.

    Poisson about an exponential severity with mean 1, as the tolls of air strikes are.
    """
    severity = exponential(u[2], 1.0)
    return effect_with(
        killed_foreign=poisson(u[0], severity * params.direct_killed),
        wounded_foreign=poisson(u[1], severity * params.direct_wounded),
    )


def truce_hazard(params: SponsorParams, view: SponsorView) -> float:
    """Rate of truces with one client, 1/day, in [0, `truce_rate`].

    ``truce_rate * (1 - press_share)``: it calls one when it leans to hold fire. None
    where `may_call_truce` forbids it. The form is ours.
    """
    if not may_call_truce(params, view):
        return 0.0
    return params.truce_rate * (1.0 - press_share(params, view))


def truce_ceiling(params: SponsorParams) -> float:
    """Upper bound of `truce_hazard`, 1/day."""
    return params.truce_rate


def calls_truce(
    params: SponsorParams, view: SponsorView, percept: Percept, u: float
) -> int:
    """Whether a foreign power's threat to leave brings a truce: 1, else 0.

    That the threat to close an embassy may do so is assumed: it would cost the host,
    and through it the sponsor, more than the attacks gain.
    """
    return 1 if u < params.truce_share else 0


def announces_term(
    params: SponsorParams, view: SponsorView, percept: Percept, u: float
) -> int:
    """Its own truce begins its term: 1."""
    return 1 if percept.is_mine == 1 else 0


def announcing_delay(params: SponsorParams, view: SponsorView, u: float) -> float:
    """Days until the term runs: within the hour."""
    return 0.01 + 0.03 * u


def term(params: SponsorParams, view: SponsorView, u: float) -> float:
    """Days for which a truce is announced, at least `LEAST_TERM`.

    ``30 + (truce_days - 30) * E / ln 2`` with E exponential, so that `truce_days` is
    the median.
    """
    return LEAST_TERM + exponential(u, (params.truce_days - LEAST_TERM) / LOG_TWO)


def breaks_truce(
    params: SponsorParams, view: SponsorView, percept: Percept, u: float
) -> int:
    """Whether a blow ends its truce with a client: 1, else 0.

    The killing of its commander and a direct strike do; a strike does with a chance
    smooth in its dead, even odds at `truce_deaths`.
    """
    if view.truce <= 0.0 or percept.is_mine == 1:
        return 0
    if percept.act == Act.LEADER_KILLING or percept.act == Act.DIRECT_STRIKE:
        return percept.is_at_me
    borne = max(params.truce_deaths, 0.001)
    chance = chance_exceeded(0.0, percept.killed_target, borne)
    return 1 if u < chance else 0


def appoints(
    params: SponsorParams, view: SponsorView, percept: Percept, u: float
) -> int:
    """Whether the killing of its commander leaves a post to be filled: 1, else 0."""
    return percept.is_at_me


def is_post_vacant(params: SponsorParams, view: SponsorView) -> bool:
    """Whether the post is still vacant: a visit shows that it was filled before."""
    return view.is_vacant > 0.0


def replacement_delay(params: SponsorParams, view: SponsorView, u: float) -> float:
    """Days until a successor has taken hold of the commander's post; lognormal."""
    return delay(u, params.replacement_days)
