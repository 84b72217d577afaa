"""Which kinds of actor can do a deed: words are free, force is not.

An act of force that a table of a kind has, such as a raid or an air strike, is done by
actors of that kind alone: nobody else has a rule by which others would answer it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.errors import one_of
from sim.ladder import ACTS, Act, name_of
from sim.rules.behaviour import Kind, acts_of
from sim.rules.registry import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

FORCE: Final = 7
"""Rung from which an act is a deed."""


def misfit(act: Act, kind: Kind, kinds: Mapping[str, Kind] = KINDS) -> str:
    """Say why actors of a kind do not do an act; empty where they may.

    >>> misfit(Act.AIR_STRIKE, KINDS["sponsor"])
    'a sponsor, which does no air_strike (foreign_power); of force it has direct_strike'
    >>> misfit(Act.THREAT, KINDS["foreign_power"])
    ''
    """
    doers = [one.name for one in kinds.values() if act in acts_of(one)]
    if ACTS[act].rung < FORCE or not doers or kind.name in doers:
        return ""
    mine = sorted(name_of(one) for one in acts_of(kind) if ACTS[one].rung >= FORCE)
    return (
        f"a {kind.name}, which does no {name_of(act)} ({one_of(doers)}); of force it "
        f"has {one_of(mine) if mine else 'nothing'}"
    )
