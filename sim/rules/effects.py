"""An effect is written by naming what it has; what is not named is nothing.

The function stands between the rules and the tuple because compiled code fills no
defaults of a NamedTuple in, but does those of a function.
"""

from __future__ import annotations

from typing import Any

from sim.rules.behaviour import Effect


def effect_of(e: Any) -> Effect:
    """Return an effect from its numbers, in the order of its fields."""
    return Effect(
        e[0], e[1], e[2], e[3], e[4], e[5], e[6], e[7], e[8],
        e[9], e[10], e[11], e[12], e[13], e[14], e[15], e[16], e[17], e[18],
    )  # fmt: skip


def effect_with(
    rounds: float = 0.0,
    unfired: float = 0.0,
    hits: float = 0.0,
    killed_foreign: float = 0.0,
    killed_host: float = 0.0,
    killed_civilian: float = 0.0,
    killed_militia: float = 0.0,
    killed_sponsor: float = 0.0,
    wounded_foreign: float = 0.0,
    wounded_host: float = 0.0,
    wounded_civilian: float = 0.0,
    wounded_militia: float = 0.0,
    wounded_sponsor: float = 0.0,
    persons: float = 0.0,
    launchers: float = 0.0,
    intercepted: float = 0.0,
    means: float = 0.0,
    force: float = 0.0,
    interdiction: float = 0.0,
) -> Effect:
    """Return an effect; each argument is the field of that name in `Effect`.

    Examples
    --------
    >>> effect_with(rounds=3, hits=2).hits
    2.0
    """
    return Effect(
        float(rounds),
        float(unfired),
        float(hits),
        float(killed_foreign),
        float(killed_host),
        float(killed_civilian),
        float(killed_militia),
        float(killed_sponsor),
        float(wounded_foreign),
        float(wounded_host),
        float(wounded_civilian),
        float(wounded_militia),
        float(wounded_sponsor),
        float(persons),
        float(launchers),
        float(intercepted),
        float(means),
        float(force),
        float(interdiction),
    )
