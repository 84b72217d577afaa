"""A player's move happens alike in both drivers, and its log tells whose it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.engine.cast import Cast
from sim.engine.driver import SimpyDriver
from sim.engine.log import Origin
from sim.ladder import Act
from sim.rules.behaviour import Effect
from sim.scenario.scenario import Given
from tests.builders import scenario

pytest.importorskip("numba")

from sim.engine.compiled.driver import CompiledDriver

pytestmark = pytest.mark.numba


@pytest.mark.parametrize("is_played", [True, False])
def test_move_is_alike_in_both_drivers(is_played: bool) -> None:
    """Only its origin is another than of a development; the rest is the same world."""
    plain = scenario()
    actors = {actor.kind.name: actor.name for actor in plain.actors}
    given = Given(
        identity="move",
        time=20.0,
        known_from=20.0,
        act=Act.AIR_STRIKE,
        actor=actors["foreign_power"],
        target=actors["militia"],
        site="",
        effect=Effect(killed_militia=5.0),
        is_played=is_played,
    )
    cast = Cast(replace(plain, given=(*plain.given, given)))
    own, other = (
        driver(cast).log(1, 2, 60.0) for driver in (SimpyDriver, CompiledDriver)
    )
    assert own.records == other.records
    origins = [r.origin for r in own.incidents() if r.time == 20.0]
    assert origins == [Origin.PLAYED if is_played else Origin.DEVELOPMENT]
