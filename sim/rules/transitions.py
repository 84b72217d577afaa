"""What an incident does to the world: custody, presence and the dead.

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
    is_put_in: int = 0
    """1 where it comes from outside: then what it used must have been there."""


@dataclass(slots=True)
class World:
    """The truth: what everybody has and holds. Lists are indexed by actor."""

    n_actors: int
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
    act, actor, target = deed.act, deed.actor, deed.target
    effect, given = deed.effect, deed.is_put_in
    if act == Act.ARREST:
        if actor >= 0 and target >= 0:
            world.custody[actor * world.n_actors + target] += effect.persons
            world.detained[target] += effect.persons
    elif act == Act.RELEASE:
        if actor >= 0 and target >= 0:
            pair = actor * world.n_actors + target
            freed = effect.persons
            if given == 1:
                freed = min(freed, world.custody[pair])
            world.custody[pair] -= freed
            world.detained[target] -= freed
    elif act == Act.BASE_HANDOVER and deed.site >= 0 and actor >= 0:
        world.presence[deed.site * world.n_actors + actor] = 0.0
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
