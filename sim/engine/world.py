"""The truth of one replication, and what each actor has of it in its own hands."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from sim.draws import Draws, Purpose
from sim.errors import RunError
from sim.rules.behaviour import (
    MOST_MEANS,
    PER_MEANS,
    Holdings,
    Setting,
    unmindful,
)
from sim.rules.means import NO_MEANS
from sim.rules.transitions import World

if TYPE_CHECKING:
    from sim.engine.cast import Cast


def new_world(cast: Cast) -> World:
    """Return the world as the scenario's start finds it."""
    return World(
        n_actors=cast.n_actors,
        custody=[0.0] * (cast.n_actors * cast.n_actors),
        detained=[0.0] * cast.n_actors,
        presence=[
            site.presence.get(name, 0.0)
            for site in cast.scenario.sites
            for name in cast.names
        ],
        killed=[0.0] * 5,
        wounded=[0.0] * 5,
    )


def holdings_of(world: World, actor: int, other: int) -> Holdings:
    """Return what an actor itself has, with regard to the actor `other`."""
    n = world.n_actors
    return Holdings(
        world.custody[actor * n + other],
        world.detained[actor],
    )


def setting_of(
    cast: Cast, world: World, target: int, site: int, means: int, stake: float
) -> Setting:
    """Return the true facts in which an operation takes effect.

    `means` counts from 1; 0 is none. Where it hits no site, those on the road are
    exposed as the means says.
    """
    numbers = NO_MEANS if means == 0 else cast.means[means - 1].params
    presence = defence = 0.0
    foreign, host = numbers.exposed_foreign, numbers.exposed_host
    civilian = numbers.exposed_civilian
    if site >= 0:
        place = cast.scenario.sites[site]
        presence = world.presence[site * world.n_actors + target]
        foreign = foreign * place.exposed_foreign
        host = host * place.exposed_host
        civilian = civilian * place.exposed_civilian
        if means > 0:
            defence = cast.defences[site][means - 1]
    return Setting(
        presence,
        foreign,
        host,
        civilian,
        cast.opportunity[target][means - 1] if means > 0 else 0.0,
        stake,
        defence,
        float(means),
        numbers.salvo_median,
        numbers.salvo_spread,
        numbers.malfunction_share,
        numbers.accuracy,
        numbers.killed_per_hit,
        numbers.wounded_per_hit,
        numbers.harm_spread,
    )


def check_invariants(world: World) -> None:
    """Check that no stock is negative.

    Raises
    ------
    RunError
        If one is; it names the stock.
    """
    for name in ("custody", "detained", "presence", "killed", "wounded"):
        for index, value in enumerate(getattr(world, name)):
            if not value >= 0.0:
                message = f"{name}[{index}] of the world is {value!r}, below 0"
                raise RunError(message)


def new_memories(cast: Cast, draws: Draws) -> list[Any]:
    """Return every actor's memory as it is at the scenario's start.

    What is drawn of it is keyed by the actor's name.
    """
    memories: list[Any] = []
    for i, (kind, params) in enumerate(zip(cast.kinds, cast.params, strict=True)):
        memory = new_memory(cast, i)
        if kind.starting is not unmindful:
            kind.starting(params, memory, draws.one(cast.words[i], Purpose.START))
        memories.append(memory)
    return memories


def new_memory(cast: Cast, actor: int) -> Any:
    """Return an actor's memory before anything is drawn of it."""
    kind = cast.kinds[actor]
    memory = blank(kind.memory, cast.n_actors)
    if kind.means_weight is not None:
        for k, opportunity in enumerate(cast.opportunity[actor]):
            memory.opportunity[k] = opportunity
    return memory


def blank(memory: type[Any], n_actors: int) -> Any:
    """Return an empty memory; a list has an empty entry per actor, or per means."""
    of_means = fields_of_means(memory)
    lists: dict[str, list[Any]] = {}
    for name, (entry, is_list) in entries_of(memory).items():
        if is_list:
            length = MOST_MEANS if name in of_means else n_actors
            lists[name] = [entry() for _ in range(length)]
    return memory(**lists)


@cache
def fields_of_means(memory: type[Any]) -> frozenset[str]:
    """Return the lists of a memory that have an entry per means of attack."""
    hints = get_type_hints(memory, include_extras=True)
    return frozenset(
        name
        for name, hint in hints.items()
        if PER_MEANS in getattr(hint, "__metadata__", ())
    )


@cache
def entries_of(memory: type[Any]) -> dict[str, tuple[type[Any], bool]]:
    """Return by field of a memory the type of an entry, and whether it is a list.

    An entry is a float, or a class of floats such as `sim.rules.decay.Fading`.
    """
    entries: dict[str, tuple[type[Any], bool]] = {}
    for name, hint in get_type_hints(memory).items():
        per_actor = get_args(hint)
        entries[name] = (per_actor[0], True) if per_actor else (hint, False)
    return entries
