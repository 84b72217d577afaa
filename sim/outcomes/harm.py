"""Whom incidents harmed, how attacks fell, and on which sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.ladder import Act
from sim.outcomes.incidents import (
    Floats,
    Incidents,
    largest_by,
    mean_by,
    median_by,
    ratio,
)
from sim.outcomes.table import LARGE_SALVO, SIDES

if TYPE_CHECKING:
    from collections.abc import Sequence

_KILLED = tuple(f"killed_{side}" for side in SIDES)
_WOUNDED = tuple(f"wounded_{side}" for side in SIDES)


def harm_done(incidents: Incidents) -> dict[str, Floats]:
    """Count the dead and wounded of all incidents, and what rocket attacks did."""
    values: dict[str, Floats] = {}
    for name in (*_KILLED, *_WOUNDED):
        values[f"n_{name}"] = incidents.total(incidents.amount(name))
    attacks = incidents.of(Act.ROCKET_ATTACK)
    n_attacks = attacks.counted()
    dead, hurt = attacks.amount(*_KILLED), attacks.amount(*_WOUNDED)
    values["n_coalition_deaths"] = attacks.total(attacks.amount("killed_foreign"))
    values["n_wounded_all"] = attacks.total(hurt)
    values["n_rounds_fired"] = attacks.total(attacks.amount("rounds"))
    foreign = attacks.amount("killed_foreign", "wounded_foreign")
    for name, counts in (
        ("attacks_with_casualties", dead + hurt > 0.0),
        ("attacks_with_deaths", dead > 0.0),
        ("attacks_harming_coalition", foreign > 0.0),
    ):
        values[f"n_{name}"] = attacks.total(counts.astype(float))
        values[f"share_{name}"] = ratio(values[f"n_{name}"], n_attacks)
    return values


def sites_hit(attacks: Incidents, names: Sequence[str]) -> dict[str, Floats]:
    """Return the share of the attacks on each site, and how many sites were hit.

    The halves are those of the free period; a joint attack counts on its first site.
    """
    n_attacks = attacks.counted()
    values: dict[str, Floats] = {}
    for number, site in enumerate(names):
        here = attacks.total((attacks.site == number).astype(float))
        values[f"share_{site}"] = ratio(here, n_attacks)
    is_late = attacks.time >= attacks.horizon / 2.0
    for half, kept in (("first", ~is_late), ("second", is_late)):
        some = attacks.where(kept & (attacks.site >= 0))
        pairs = np.unique(some.place * (len(names) + 1) + some.site)
        hit = np.bincount(pairs // (len(names) + 1), minlength=attacks.n)
        values[f"n_sites_attacked_{half}_half"] = hit.astype(float)
    return values


def salvoes(attacks: Incidents) -> dict[str, Floats]:
    """Measure the salvoes of the attacks that fired any round."""
    fired = attacks.where(attacks.amount("rounds") > 0.0)
    rounds = fired.amount("rounds")
    late = fired.time >= fired.horizon / 2.0
    return {
        "salvo_median": median_by(fired.n, fired.place, rounds),
        "salvo_mean": mean_by(fired.n, fired.place, rounds),
        "salvo_max": largest_by(fired.n, fired.place, rounds),
        "share_salvo_ge_10": mean_by(
            fired.n, fired.place, (rounds >= LARGE_SALVO).astype(float)
        ),
        "salvo_mean_second_half": mean_by(fired.n, fired.place[late], rounds[late]),
    }
