"""How the arrested come out again, and what the government says of strikes."""

from __future__ import annotations

from sim.ladder import Act
from sim.rules.behaviour import (
    Effect,
    Percept,
    Setting,
    Uniforms,
)
from sim.rules.effects import effect_with
from sim.rules.host_government.state import (
    HostGovernmentParams,
    HostGovernmentView,
)
from sim.rules.inversion import binomial, exponential, lognormal


def detains(
    params: HostGovernmentParams,
    view: HostGovernmentView,
    percept: Percept,
    u: float,
) -> int:
    """Its own arrests begin a detention: 1."""
    return 1 if percept.is_mine == 1 else 0


def booking_delay(
    params: HostGovernmentParams, view: HostGovernmentView, u: float
) -> float:
    """Days from arrest to the start of the case: within the hour."""
    return 0.01 + 0.03 * u


def custody(params: HostGovernmentParams, view: HostGovernmentView, u: float) -> float:
    """Days until the courts decide; lognormal."""
    return lognormal(u, params.custody_days, params.custody_spread)


def release_effect(
    params: HostGovernmentParams,
    view: HostGovernmentView,
    setting: Setting,
    u: Uniforms,
) -> Effect:
    """How many of the detained go free: binomial with `release_share`."""
    people = min(setting.stake, view.captives)
    return effect_with(persons=float(binomial(u[0], int(people), params.release_share)))


def gives_way(
    params: HostGovernmentParams, view: HostGovernmentView, percept: Percept, u: float
) -> int:
    """Whether a show of force opens the doors: 1, else 0; only while it holds some."""
    if percept.is_at_me == 0 or view.captives <= 0.0:
        return 0
    return 1 if u < params.yield_share else 0


def yield_delay(
    params: HostGovernmentParams, view: HostGovernmentView, u: float
) -> float:
    """Days until it gives way; exponential."""
    return exponential(u, params.yield_days)


def protests(
    params: HostGovernmentParams,
    view: HostGovernmentView,
    percept: Percept,
    u: float,
) -> int:
    """What a strike on its soil brings: 1 accusation, 2 demand to leave, 3 vote.

    The killing of a leader brings a vote with `expulsion_share`; any strike a demand to
    leave with `demand_to_leave_share`, an accusation with `accusation_share`, taken in
    this order. Rocket attacks bring none of these: the asymmetry is in the record
    (three of three strikes were followed by an accusation, no attack was).
    """
    vote = 0.0
    if percept.act == Act.LEADER_KILLING:
        vote = params.expulsion_share
    leave = vote + (1.0 - vote) * params.demand_to_leave_share
    accuse = leave + (1.0 - leave) * params.accusation_share
    if u < vote:
        return 3
    if u < leave:
        return 2
    return 1 if u < accuse else 0


def statement_delay(
    params: HostGovernmentParams, view: HostGovernmentView, u: float
) -> float:
    """Days until a statement follows; exponential."""
    return exponential(u, params.statement_days)
