"""The authority of a government: lost by defiance, won by enforcement, healing slowly.

The same rules serve the government's own memory and the outcome that is read off the
log's incidents.
"""

from __future__ import annotations

from sim.ladder import Act
from sim.rules.behaviour import Percept
from sim.rules.decay import faded
from sim.rules.host_government.parameters import HostGovernmentParams


def authority_now(
    params: HostGovernmentParams, authority: float, since: float, now: float
) -> float:
    """Return its authority at `now`, 0 to 1, drifting to `authority_rest`.

    Parameters
    ----------
    params
        The government's parameters.
    authority
        Authority when it was last set, 0 to 1.
    since, now
        When that was, and the present; days.
    """
    rest = params.authority_rest
    return rest + faded(authority - rest, since, now, params.authority_memory)


def is_menace(act: int) -> bool:
    """Whether an act against the government menaces or defies it."""
    return (
        act == Act.THREAT
        or act == Act.ULTIMATUM
        or act == Act.SHOW_OF_FORCE
        or act == Act.DEFIANCE
    )


def harm_on_soil(params: HostGovernmentParams, percept: Percept) -> float:
    """Harm of an attack on its soil, in deaths: whoever was killed, or wounded.

    The wounded of a foreign power are its own to count.
    """
    dead = percept.killed_own + percept.killed_civilian
    if percept.is_at_me == 0:
        dead = dead + percept.killed_target
    wounded = percept.wounded_own + percept.wounded_civilian
    return dead + params.wounded_weight * wounded


def authority_change(
    params: HostGovernmentParams, act: int, is_mine: int, is_at_me: int, harm: float
) -> float:
    """Return by how much an incident changes its authority, -1 to 1.

    An attack on its soil, by its harm (`harm_on_soil`, otherwise not used), a foreign
    strike, a menace or an act of defiance against it lower it; its own raid or curb
    raises it: what its patrols find is not counted, as attacks are not.
    """
    if act == Act.ROCKET_ATTACK or act == Act.CONVOY_BOMB:
        return -min(1.0, params.attack_loss * harm)
    if (
        act == Act.AIR_STRIKE
        or act == Act.LEADER_KILLING
        or act == Act.MILITIA_LEADER_KILLING
        or act == Act.DIRECT_STRIKE
    ):
        return -params.breach_loss
    if is_at_me == 1 and is_menace(act):
        return -params.defiance_loss
    if is_mine == 1 and (act == Act.RAID or act == Act.PERMIT_RULE):
        return params.enforcement_gain
    return 0.0
