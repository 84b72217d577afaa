"""Both drivers weigh a filtered past alike, bit for bit, and run the same worlds."""

from __future__ import annotations

from datetime import date
from typing import Final

import pytest

from sim.engine.alteration import Alteration
from sim.engine.cast import Cast
from sim.engine.driver import SimpyDriver
from sim.scenario.load import load
from sim.scenario.scenario import FILTERED

pytest.importorskip("numba")

from sim.engine.compiled.driver import CompiledDriver

pytestmark = [pytest.mark.numba, pytest.mark.slow]

ROOT_SEED: Final = 20191028
SCENARIOS: Final = ("iraq_2019_2020", "iraq_endogenous_2019_2020")


@pytest.mark.parametrize("name", SCENARIOS)
def test_worlds_of_a_filtered_past_are_the_same(name: str) -> None:
    """Weights on four days and whole logs, with lineages and without."""
    cast = Cast(load(name, free_from=date(2020, 4, 1), past=FILTERED))
    one, two = SimpyDriver(cast), CompiledDriver(cast)
    days = [21.0, 60.0, 110.5, cast.since]
    for number in range(20):
        turnings = ((30.0, 1000 + number), (75.25, 7))
        altered = Alteration(lineage=turnings if number % 2 else ())
        weights = one.weights(ROOT_SEED, number, days, altered)
        assert weights == two.weights(ROOT_SEED, number, days, altered), number
        logs = (d.rows(ROOT_SEED, number, None, altered) for d in (one, two))
        assert len({log.tobytes() for log in logs}) == 1, number


def test_a_world_weighs_the_same_after_a_turning_it_has_not_come_to() -> None:
    """What keys a later day moves no weight before it."""
    cast = Cast(load(SCENARIOS[0], free_from=date(2020, 2, 1), past=FILTERED))
    driver = SimpyDriver(cast)
    for number in range(5):
        as_it_is = driver.weights(ROOT_SEED, number, [50.0, cast.since])
        turned = driver.weights(
            ROOT_SEED, number, [50.0, cast.since], Alteration(((50.0, 9),))
        )
        assert as_it_is[0] == turned[0]
        assert as_it_is[1] != turned[1]
