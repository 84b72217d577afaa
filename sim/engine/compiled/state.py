"""The state of a replication as flat records, from the same tables as the Python one.

A kind's parameters and memory, the world, and what is under way become NumPy records
of fixed size, which the rules read and write by the same names as in Python.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.engine.alteration import MOST_TURNINGS, MOST_WITHOUT
from sim.engine.capacity import (
    MOST_ACTORS,
    MOST_PENDING,
    MOST_RECORDS,
    MOST_RUNNING,
    MOST_SITES,
)
from sim.engine.log import LOG
from sim.engine.world import entries_of
from sim.rules.behaviour import N_EFFECT

if TYPE_CHECKING:
    from sim.rules.behaviour import Kind

MOST_CHANNELS: Final = 1024
MOST_BANDS: Final = 8192
MOST_ROWS: Final = 1024
MOST_STAGES: Final = 8
MOST_MOMENTS: Final = 16384
MOST_GIVEN: Final = 1024
MOST_WEIGHINGS: Final = 64
N_ACTS: Final = 64


def record(*columns: tuple[Any, ...]) -> np.dtype[Any]:
    """Return an aligned record type."""
    return np.dtype(list(columns), align=True)


def params_dtype(kind: Kind) -> np.dtype[Any]:
    """Return the record of a kind's parameters: one float a field."""
    return record(*((name, "f8") for name in kind.params._fields))


def memory_dtype(kind: Kind) -> np.dtype[Any]:
    """Return the record of a kind's memory: an entry, or a list of them."""
    columns: list[tuple[Any, ...]] = []
    for name, (entry, is_list) in entries_of(kind.memory).items():
        names = () if entry is float else [field.name for field in fields(entry)]
        form = record(*((each, "f8") for each in names)) if names else "f8"
        columns.append((name, form, (MOST_ACTORS,)) if is_list else (name, form))
    return record(*columns, ("unused", "f8"))


def params_of_all(kinds: tuple[Kind, ...]) -> np.dtype[Any]:
    """Return the record of every kind's parameters, one row per actor and turn."""
    return record(*((kind.name, params_dtype(kind), (MOST_ROWS,)) for kind in kinds))


def place_dtype(kinds: tuple[Kind, ...], static: np.dtype[Any]) -> np.dtype[Any]:
    """Return the record in which replications of these kinds are run in turn.

    It holds the static tables, the parameters, what is made otherwise in a replication,
    what is under way, and the log. One record and no arrays: compiled functions then
    pass a bare pointer, where an array would cost two atomic operations a call.
    """
    return record(
        ("s", static),
        ("P", params_of_all(kinds)),
        ("altered", ALTERED),
        ("live", LIVE),
        ("log", LOG, (MOST_RECORDS,)),
        ("effects", EFFECT, (MOST_RECORDS + 1,)),
    )


def state_dtype(kinds: tuple[Kind, ...]) -> np.dtype[Any]:
    """Return the record of the world and every actor's memory."""
    memories = ((kind.name, memory_dtype(kind), (MOST_ACTORS,)) for kind in kinds)
    return record(("w", WORLD), ("M", record(*memories)))


WORLD: Final = record(
    ("n_actors", "i8"),
    ("custody", "f8", (MOST_ACTORS * MOST_ACTORS,)),
    ("detained", "f8", (MOST_ACTORS,)),
    ("presence", "f8", (MOST_SITES * MOST_ACTORS,)),
    ("killed", "f8", (5,)),
    ("wounded", "f8", (5,)),
)
"""`sim.rules.transitions.World`, field by field."""


MOMENT: Final = record(("time", "f8"), ("node", "i8"))
"""Something to come: its day, and where the rest of it stands."""

NODE: Final = record(
    ("rank", "i8"),
    ("low", "u8"),
    ("high", "u8"),
    ("slot", "i8"),
)
"""Its place among what shares the day, and what it is."""

SLOT: Final = record(
    ("is_running", "i8"),
    ("low", "u8"),
    ("high", "u8"),
    ("actor", "i8"),
    ("operation", "i8"),
    ("target", "i8"),
    ("cause_low", "u8"),
    ("cause_high", "u8"),
    ("stake", "f8"),
    # The response that may be overtaken, else -1, and since when.
    ("response", "i8"),
    ("since", "f8"),
    ("noticed", "i8"),
    ("noticed_site", "i8"),
    ("noticed_low", "u8"),
    ("noticed_high", "u8"),
    ("means", "i8"),
    # The row of the record that it becomes, in a past that is filtered.
    ("row", "i8"),
    ("act", "i8"),
    ("site", "i8"),
    ("stage", "i8"),
    ("duration", "f8", (MOST_STAGES,)),
)
"""An operation under way, or one that is decided on."""

ALTERED: Final = record(
    ("n_turnings", "i8"),
    ("turning_day", "f8", (MOST_TURNINGS,)),
    ("turning_number", "u8", (MOST_TURNINGS,)),
    ("n_without", "i8"),
    ("without_low", "u8", (MOST_WITHOUT,)),
    ("without_high", "u8", (MOST_WITHOUT,)),
    ("without_from", "f8", (N_ACTS,)),
)
"""`sim.engine.alteration.Alteration`; an act is left out from a day, else inf, on."""

EFFECT: Final = record(("of", "f8", (N_EFFECT,)))
"""The effect of an incident."""

LIVE: Final = record(
    ("now", "f8"),
    ("until", "f8"),
    # The number that keys what is drawn: from which turning on, and until when.
    ("root_seed", "u8"),
    ("number", "u8"),
    ("own_number", "u8"),
    ("n_turned", "i8"),
    ("bound", "f8"),
    ("status", "i8"),
    ("n_rows", "i8"),
    ("n_effects", "i8"),
    ("n_incidents", "i8"),
    ("n_candidates", "i8"),
    ("n_pending", "i8"),
    ("n_running", "i8"),
    # What was wrong, where a hazard left its bounds or a channel overflowed.
    ("wrong_channel", "i8"),
    ("wrong_rate", "f8"),
    ("wrong_ceiling", "f8"),
    # Which of its parameters each actor has now.
    ("row", "i8", (MOST_ACTORS,)),
    # Next candidate of each band, and its height.
    ("candidate", "i8", (MOST_BANDS,)),
    ("height", "f8", (MOST_BANDS,)),
    # The ceiling of each channel, as parameters are now.
    ("ceiling", "f8", (MOST_CHANNELS,)),
    # Moments to come: a heap, whose first place is empty while what was there happens.
    ("n_moments", "i8"),
    ("is_hole", "i8"),
    ("moments", MOMENT, (MOST_MOMENTS,)),
    ("n_nodes", "i8"),
    ("n_spare", "i8"),
    ("spare", "i8", (MOST_MOMENTS,)),
    ("nodes", NODE, (MOST_MOMENTS,)),
    # Operations under way, and decisions that will start one.
    ("running", "i8", (MOST_RUNNING + 2,)),
    ("n_free", "i8"),
    ("free", "i8", (MOST_RUNNING + MOST_PENDING + 2,)),
    ("slots", SLOT, (MOST_RUNNING + MOST_PENDING + 2,)),
    # Perceptions to come.
    ("n_free_news", "i8"),
    ("free_news", "i8", (MOST_PENDING + 1,)),
    ("news_row", "i8", (MOST_PENDING + 1,)),
    ("news_observer", "i8", (MOST_PENDING + 1,)),
    ("news_u", "f8", (MOST_PENDING + 1,)),
    # A past that is filtered: its weight, now and on the days that are asked for, up
    # to when each actor was weighed, and what has come of each row's start.
    ("log_weight", "f8"),
    ("n_weighings", "i8"),
    ("weigh_day", "f8", (MOST_WEIGHINGS,)),
    ("weighed", "f8", (MOST_WEIGHINGS,)),
    ("settled", "f8", (MOST_ACTORS,)),
    # The row that what happens now is to be answered with.
    ("moved", "i8"),
    ("shares", "f8", (9,)),
    ("row_state", "i8", (MOST_GIVEN,)),
    ("row_turn_at", "f8", (MOST_GIVEN,)),
    ("row_attempt", "i8", (MOST_GIVEN,)),
    ("row_channel", "i8", (MOST_GIVEN,)),
    ("row_actor", "i8", (MOST_GIVEN,)),
    ("row_chance", "f8", (MOST_GIVEN,)),
    ("row_early", "f8", (MOST_GIVEN,)),
    ("row_slot", "i8", (MOST_GIVEN,)),
    ("row_durations", "f8", (MOST_GIVEN, MOST_STAGES)),
)
"""What is under way in one replication."""
