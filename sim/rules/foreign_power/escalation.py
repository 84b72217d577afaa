"""What a foreign power does beyond a strike: words, sanctions, direct strikes."""

from __future__ import annotations

from sim.rules.behaviour import Effect, Percept, Setting, Uniforms
from sim.rules.effects import effect_with
from sim.rules.foreign_power.parameters import ForeignPowerParams
from sim.rules.foreign_power.state import ForeignPowerView
from sim.rules.inversion import exponential, poisson


def kills_leader(
    params: ForeignPowerParams, view: ForeignPowerView, percept: Percept, u: float
) -> int:
    """Whether the storming of its embassy costs the sponsor a leader: 1, else 0."""
    return 1 if percept.is_at_me == 1 and u < params.leader_share else 0


def mobilises(
    params: ForeignPowerParams, view: ForeignPowerView, percept: Percept, u: float
) -> int:
    """Whether it sends forces when its embassy is stormed: 1, else 0."""
    return 1 if percept.is_at_me == 1 and u < params.mobilisation_share else 0


def accuses(
    params: ForeignPowerParams, view: ForeignPowerView, percept: Percept, u: float
) -> int:
    """Whether it blames the sponsor in public for an attack on it: 1, else 0.

    The belief needs no proof: the blame goes to the sponsor, not only to its client.
    """
    return 1 if percept.is_at_me == 1 and u < params.accusation_share else 0


def answers_direct_strike(
    params: ForeignPowerParams, view: ForeignPowerView, percept: Percept, u: float
) -> int:
    """What a direct strike on it brings: 1 a direct strike, 2 a sanction, 0 nothing.

    Beyond the red line it strikes back with `direct_share`; otherwise, and with what is
    left, it sanctions with `sanction_share`.
    """
    if percept.is_at_me == 0:
        return 0
    strike = params.direct_share if percept.killed_own >= params.red_line else 0.0
    if u < strike:
        return 1
    return 2 if u < strike + (1.0 - strike) * params.sanction_share else 0


def direct_effect(
    params: ForeignPowerParams, view: ForeignPowerView, setting: Setting, u: Uniforms
) -> Effect:
    """What a direct strike on the sponsor does: its dead; Poisson."""
    return effect_with(
        killed_sponsor=poisson(u[0], params.proportionality * params.direct_killed)
    )


def leader_effect(
    params: ForeignPowerParams, view: ForeignPowerView, setting: Setting, u: Uniforms
) -> Effect:
    """The killing of a leader: one of the sponsor's people for certain."""
    return effect_with(killed_sponsor=1.0)


def statement_delay(
    params: ForeignPowerParams, view: ForeignPowerView, u: float
) -> float:
    """Days until words or measures follow; exponential."""
    return exponential(u, params.statement_days)
