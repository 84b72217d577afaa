"""Whom incidents harmed, how attacks fell, and on which sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.ladder import Act
from sim.outcomes.incidents import (
    Flags,
    Floats,
    Incidents,
    correlation_by,
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
    harmed = {
        side: attacks.amount(f"killed_{side}", f"wounded_{side}") > 0.0
        for side in SIDES[:3]
    }
    for name, counts in (
        ("attacks_with_casualties", dead + hurt > 0.0),
        ("attacks_with_deaths", dead > 0.0),
        ("attacks_harming_coalition", harmed["foreign"]),
        ("attacks_harming_host", harmed["host"]),
        ("attacks_harming_civilians", harmed["civilian"]),
    ):
        values[f"n_{name}"] = attacks.total(counts.astype(float))
        values[f"share_{name}"] = ratio(values[f"n_{name}"], n_attacks)
    return values


def sites_hit(attacks: Incidents, names: Sequence[str]) -> dict[str, Floats]:
    """Return the share of the attacks on each site, and how the mix of sites changed.

    The halves are those of the free period; a joint attack counts on its first site.
    """
    n_attacks = attacks.counted()
    values: dict[str, Floats] = {}
    for number, site in enumerate(names):
        here = attacks.total((attacks.site == number).astype(float))
        values[f"share_{site}"] = ratio(here, n_attacks)
    is_late = attacks.time >= attacks.horizon / 2.0
    mixes: list[Floats] = []
    for half, kept in (("first", ~is_late), ("second", is_late)):
        some = attacks.where(kept & (attacks.site >= 0))
        cells = some.place * len(names) + some.site
        counts = np.bincount(cells, minlength=attacks.n * len(names))
        counts = counts.reshape(attacks.n, len(names)).astype(np.float64)
        values[f"n_sites_attacked_{half}_half"] = added_up(counts > 0.0)
        most = counts.max(axis=1, initial=0.0)
        values[f"share_on_most_attacked_{half}_half"] = ratio(most, added_up(counts))
        mixes.append(mix_of(counts))
    values["site_mix_change"] = added_up(np.abs(mixes[0] - mixes[1])) / 2.0
    return values


def added_up(table: Flags | Floats) -> Floats:
    """Add each replication's values up over the sites, shape (n,)."""
    return table.sum(axis=1, dtype=np.float64)


def mix_of(counts: Floats) -> Floats:
    """Return each site's share of the attacks, nan of none; shape (n, sites)."""
    total = added_up(counts)[:, np.newaxis]
    return np.divide(counts, total, out=np.full_like(counts, np.nan), where=total > 0)


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
        "salvo_trend": correlation_by(fired.n, fired.place, fired.time, np.log(rounds)),
        "salvo_mean_first_half": mean_by(fired.n, fired.place[~late], rounds[~late]),
        "salvo_mean_second_half": mean_by(fired.n, fired.place[late], rounds[late]),
    }
