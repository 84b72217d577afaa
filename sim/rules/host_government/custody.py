"""How the arrested come out again, and what the government says of strikes."""

from __future__ import annotations

from typing import Final

from sim.rules.behaviour import Effect, Percept, Setting, Uniforms
from sim.rules.effects import effect_with
from sim.rules.host_government.state import (
    VOTE,
    HostGovernmentParams,
    HostGovernmentView,
    breach_by,
)
from sim.rules.inversion import binomial, delay, exponential
from sim.rules.tolerance import RATIO, chance_exceeded

STATEMENT_DAYS: Final = 1.0
"""Mean delay of its statements, days: within two days in the four cases of the record,
and no answer hangs on it."""


def detains(
    params: HostGovernmentParams, view: HostGovernmentView, percept: Percept, u: float
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
    return delay(u, params.custody_days)


def release_effect(
    params: HostGovernmentParams,
    view: HostGovernmentView,
    setting: Setting,
    u: Uniforms,
) -> Effect:
    """How many of the detained go free: binomial with `release_share`."""
    people = min(setting.stake, view.captives)
    return effect_with(persons=float(binomial(u[0], int(people), params.release_share)))


def protests(
    params: HostGovernmentParams, view: HostGovernmentView, percept: Percept, u: float
) -> int:
    """What breaches of its sovereignty bring, 0 to 4: see below.

    1 an accusation, 2 a demand to leave, 3 a vote to expel, 4 the formal request to
    leave: the highest rung whose tolerance the breaches exceed
    (`sim.rules.tolerance.chance_exceeded`): `breach_tolerance` for an accusation, and
    `RATIO` times that of the rung below for each further one. Words leave the
    account open, but each breach is weighed for a word of its own, whatever was said
    of those before. The formal request rests on a vote; what stands is not asked for
    again, nor less than it (`VOTE`), which leaves the accusation. Rocket attacks bring
    none of these: the asymmetry is in the record (three of three strikes were followed
    by an accusation, no attack was).
    """
    if percept.is_mine == 1:
        return 0
    tolerance = params.breach_tolerance
    rung = 1 if u < chance_exceeded(0.0, breach_by(percept), tolerance) else 0
    for k in range(1, 5):
        if u < chance_exceeded(view.breach_asked, view.breach, tolerance):
            rung = k
        tolerance = tolerance * RATIO
    if rung == 4 and view.protest < VOTE:
        rung = 3
    return min(rung, 1) if rung <= view.protest else rung


def may_demand(params: HostGovernmentParams, view: HostGovernmentView) -> bool:
    """Whether a demand to leave says something: no vote to expel stands."""
    return view.protest < VOTE


def may_request(params: HostGovernmentParams, view: HostGovernmentView) -> bool:
    """Whether a formal request to leave follows: a vote stands, and no request."""
    return view.protest == VOTE


def debate(params: HostGovernmentParams, view: HostGovernmentView, u: float) -> float:
    """Days of debate before a vote or a formal request to leave; lognormal.

    As long again as a statement takes, in the median: the one recorded vote came two
    days after the strike.
    """
    return delay(u, STATEMENT_DAYS)


def statement_delay(
    params: HostGovernmentParams, view: HostGovernmentView, u: float
) -> float:
    """Days until a statement follows; exponential."""
    return exponential(u, STATEMENT_DAYS)
