"""Actors' memories: made from their kinds' tables, rebuilt from a log."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.engine.cast import Cast


def new_memories(cast: Cast) -> list[Any]:
    """Return every actor's memory as it is at the scenario's start."""
    memories: list[Any] = []
    for kind, params in zip(cast.kinds, cast.params, strict=True):
        memory = blank(kind.memory, cast.n_actors)
        kind.starting(params, memory)
        memories.append(memory)
    return memories


def blank(memory: type[Any], n_actors: int) -> Any:
    """Return an empty memory; fields without a default get one zero per actor."""
    lists = {
        field.name: [0.0] * n_actors
        for field in fields(memory)
        if field.default is MISSING
    }
    return memory(**lists)
