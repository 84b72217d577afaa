"""Other numbers in a cast: what is renewed is in every bit what is made anew."""

from collections.abc import Mapping

import numpy as np
import pytest

from sim.engine.cast import Cast
from sim.engine.compiled.numbering import Numbering
from sim.engine.compiled.tables import Tables
from sim.engine.run import run_replication
from sim.rules.registry import KINDS
from sim.scenario.load import load
from sim.scenario.renumber import with_numbers

SCENARIO = load("iraq_2019_2020")
NUMBERING = Numbering(tuple(KINDS.values()))

POINTS: tuple[Mapping[str, float], ...] = (
    {"actors.kataib_hezbollah.base_rate": 0.04},
    # A ceiling that needs more bands of candidates, and back.
    {"actors.kataib_hezbollah.base_rate": 3.0, "actors.iran.directive_rate": 0.2},
    {"actors.united_states.tolerance": 0.1, "actors.iraq.authority": 0.9},
    {"actors.kataib_hezbollah.means.rocket": 3.0, "actors.iraq.trace_gain": 0.3},
    {
        "actors.kataib_hezbollah.means.rocket": 3.0,
        "means.rocket.accuracy": 0.2,
        "sites.taji.defences.rocket": 0.5,
        "actors.iraq.trace_gain": 0.3,
    },
    {"actors.kataib_hezbollah.reach.green_zone": 0.01},
    {"sites.k1.exposed_foreign": 3.0},
    {"observations.rocket_attack.reported": 0.5},
    {"developments.tolerance_falls.set.to": 0.9},
    {},
)
"""Each changes what the one before left alone, and puts back what that changed."""


def bits(tables: Tables) -> tuple[bytes, bytes]:
    """Return all that a replication reads: no band beyond the last, no padding."""
    place = np.zeros_like(tables.place)  # a copy would have anything between columns
    place[...] = tables.place
    static = place["s"][0]
    for name in static.dtype.names:
        if name.startswith("band_"):
            static[name][int(static["n_bands"]) :] = 0
    return place.tobytes(), tables.start.tobytes()


def test_renewed_tables_are_those_made_anew() -> None:
    """Point after point, on one set of tables: no number of an earlier one is left."""
    base = Cast(SCENARIO)
    tables, seen = Tables(base, NUMBERING), set[tuple[bytes, bytes]]()
    for point in POINTS:
        changed = with_numbers(SCENARIO, point)
        tables.renew(base.renumbered(changed))
        anew = Tables(Cast(changed), NUMBERING)
        is_same = bits(tables) == bits(anew)
        assert is_same, point
        seen.add(bits(anew))
    assert len(seen) == len(POINTS)


@pytest.mark.parametrize("point", POINTS[1:3])
def test_a_renumbered_cast_runs_as_a_new_one(point: Mapping[str, float]) -> None:
    """On SimPy, record by record."""
    changed = with_numbers(SCENARIO, point)
    renumbered = Cast(SCENARIO).renumbered(changed)
    assert run_replication(renumbered, 5, 2, 30.0) == (
        run_replication(Cast(changed), 5, 2, 30.0)
    )
