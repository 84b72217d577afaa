"""The authority of a government: lost by defiance, won by enforcement, healing slowly.

The same rules serve the government's own memory and the outcome that is read off the
log's incidents.
"""

from __future__ import annotations

from sim.ladder import Act
from sim.rules.behaviour import Percept
from sim.rules.decay import faded
from sim.rules.host_government.parameters import HostGovernmentParams
from sim.rules.tolerance import WOUNDED


def authority_now(
    params: HostGovernmentParams, authority: float, since: float, now: float
) -> float:
    """Return its authority at `now`, 0 to 1, drifting to `authority`.

    Parameters
    ----------
    params
        The government's parameters.
    authority
        Authority when it was last set, 0 to 1.
    since, now
        When that was, and the present; days.
    """
    rest = params.authority
    return rest + faded(authority - rest, since, now, params.authority_memory)


def is_menace(act: int) -> bool:
    """Whether an act against the government menaces or defies it."""
    return (
        act == Act.THREAT
        or act == Act.ULTIMATUM
        or act == Act.SHOW_OF_FORCE
        or act == Act.DEFIANCE
    )


def harm_on_soil(percept: Percept) -> float:
    """Harm of an attack on its soil, in deaths: whoever was killed, or wounded.

    The wounded of a foreign power are its own to count.
    """
    dead = percept.killed_own + percept.killed_civilian
    if percept.is_at_me == 0:
        dead = dead + percept.killed_target
    wounded = percept.wounded_own + percept.wounded_civilian
    return dead + WOUNDED * wounded


def authority_change(
    params: HostGovernmentParams, act: int, is_mine: int, is_at_me: int, harm: float
) -> float:
    """Return by how much an incident changes its authority, -1 to 1.

    By one `authority_step` for each death in attacks on its soil (`harm_on_soil`,
    otherwise not used), each foreign strike, each menace or act of defiance against it;
    its own raid or curb wins as much: what its patrols find is not counted, as attacks
    are not.
    """
    if act == Act.ROCKET_ATTACK or act == Act.CONVOY_BOMB:
        return -min(1.0, params.authority_step * harm)
    if (
        act == Act.AIR_STRIKE
        or act == Act.LEADER_KILLING
        or act == Act.MILITIA_LEADER_KILLING
        or act == Act.DIRECT_STRIKE
    ):
        return -params.authority_step
    if is_at_me == 1 and is_menace(act):
        return -params.authority_step
    if is_mine == 1 and (act == Act.RAID or act == Act.PERMIT_RULE):
        return params.authority_step
    return 0.0
