"""The truth of one replication, and what each actor has of it in its own hands."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from sim.draws import Draws, Purpose
from sim.errors import RunError
from sim.rules.behaviour import Holdings, Setting, unmindful
from sim.rules.transitions import World

if TYPE_CHECKING:
    from sim.engine.cast import Cast


def new_world(cast: Cast) -> World:
    """Return the world as the scenario's start finds it."""
    stocks = [
        (0.0, 0.0) if kind.stocks is None else kind.stocks(params)
        for kind, params in zip(cast.kinds, cast.params, strict=True)
    ]
    return World(
        n_actors=cast.n_actors,
        launchers=[launchers for launchers, _ in stocks],
        rounds=[rounds for _, rounds in stocks],
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
        world.launchers[actor],
        world.rounds[actor],
        world.custody[actor * n + other],
        world.detained[actor],
    )


def setting_of(
    cast: Cast, world: World, actor: int, target: int, site: int, stake: float
) -> Setting:
    """Return the true facts in which an operation takes effect."""
    presence = exposed_foreign = exposed_host = exposed_civilian = 0.0
    if site >= 0:
        place = cast.scenario.sites[site]
        presence = world.presence[site * world.n_actors + target]
        exposed_foreign = place.exposed_foreign
        exposed_host = place.exposed_host
        exposed_civilian = place.exposed_civilian
    return Setting(
        presence,
        exposed_foreign,
        exposed_host,
        exposed_civilian,
        world.launchers[actor],
        world.rounds[actor],
        world.launchers[target],
        world.rounds[target],
        stake,
    )


def check_invariants(world: World) -> None:
    """Check that no stock is negative.

    Raises
    ------
    RunError
        If one is; it names the stock.
    """
    for name in (
        "launchers",
        "rounds",
        "custody",
        "detained",
        "presence",
        "killed",
        "wounded",
    ):
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
        memory = blank(kind.memory, cast.n_actors)
        if kind.starting is not unmindful:
            kind.starting(params, memory, draws.one(cast.words[i], Purpose.START))
        memories.append(memory)
    return memories


def blank(memory: type[Any], n_actors: int) -> Any:
    """Return an empty memory; a list gets one empty entry per actor."""
    lists = {
        name: [entry() for _ in range(n_actors)]
        for name, (entry, is_per_actor) in entries_of(memory).items()
        if is_per_actor
    }
    return memory(**lists)


@cache
def entries_of(memory: type[Any]) -> dict[str, tuple[type[Any], bool]]:
    """Return by field of a memory the type of an entry, and whether each actor has one.

    An entry is a float, or a class of floats such as `sim.rules.decay.Fading`.
    """
    entries: dict[str, tuple[type[Any], bool]] = {}
    for name, hint in get_type_hints(memory).items():
        per_actor = get_args(hint)
        entries[name] = (per_actor[0], True) if per_actor else (hint, False)
    return entries
