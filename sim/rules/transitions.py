"""What an incident does to the world: stocks, custody, presence and the dead.

`apply` is the only function that changes the true state. It reads nothing but the
incident, so applying the incidents of a log again rebuilds the world.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from sim.ladder import Act
from sim.rules.behaviour import Effect, PerActor


class Deed(NamedTuple):
    """An incident as the world sees it: numbers only."""

    act: int
    actor: int
    target: int
    """-1 where there is none."""
    site: int
    """-1 where there is none."""
    effect: Effect


@dataclass(slots=True)
class World:
    """The truth: what everybody has and holds. Lists are indexed by actor."""

    n_actors: int
    launchers: PerActor
    """Launchers in each actor's hands, >= 0."""
    rounds: PerActor
    """Rounds in each actor's stock, >= 0."""
    custody: list[float]
    """Persons held, by holder * n_actors + whose people they are, >= 0."""
    detained: PerActor
    """Each actor's own people held by others, >= 0."""
    presence: list[float]
    """Persons at each site, by site * n_actors + actor, >= 0."""
    killed: list[float]
    """Deaths so far on each side (`sim.rules.behaviour.Side`)."""
    wounded: list[float]
    """Wounded so far on each side."""


def apply(world: World, deed: Deed) -> None:
    """Change the world by one incident; nothing else may change it."""
    act, effect = deed.act, deed.effect
    if act == Act.ROCKET_ATTACK:
        world.rounds[deed.actor] -= effect.rounds + effect.unfired
    elif act in (Act.THWARTED_ATTACK, Act.SEIZURE, Act.AIR_STRIKE):
        if deed.target >= 0:
            world.launchers[deed.target] -= effect.launchers
            world.rounds[deed.target] -= effect.rounds
    elif act == Act.RESUPPLY:
        world.launchers[deed.target] += effect.launchers
        world.rounds[deed.target] += effect.rounds
    elif act == Act.ARREST:
        world.custody[deed.actor * world.n_actors + deed.target] += effect.persons
        world.detained[deed.target] += effect.persons
    elif act == Act.RELEASE:
        world.custody[deed.actor * world.n_actors + deed.target] -= effect.persons
        world.detained[deed.target] -= effect.persons
    elif act == Act.BASE_HANDOVER and deed.site >= 0:
        world.presence[deed.site * world.n_actors + deed.actor] = 0.0
    world.killed[0] += effect.killed_foreign
    world.killed[1] += effect.killed_host
    world.killed[2] += effect.killed_civilian
    world.killed[3] += effect.killed_militia
    world.killed[4] += effect.killed_sponsor
    world.wounded[0] += effect.wounded_foreign
    world.wounded[1] += effect.wounded_host
    world.wounded[2] += effect.wounded_civilian
    world.wounded[3] += effect.wounded_militia
    world.wounded[4] += effect.wounded_sponsor
