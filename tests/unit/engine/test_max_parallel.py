"""At most as many operations of one name are under way as the actor can handle."""

import numpy as np
import pytest

from sim.engine.cast import Cast
from sim.engine.choice import choose_driver
from sim.engine.log import RecordType
from sim.ladder import Act
from tests import builders

UNTIL = 19.0
"""Time in which many attacks follow one another."""


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
@pytest.mark.parametrize("most", [1, 2, 3])
def test_no_more_attacks_are_under_way_at_once_than_the_parameter_says(
    engine: str, most: int
) -> None:
    """A militia that would begin 20 a day has just so many teams out at its busiest.

    Teams are in place at once and wait for days; nothing is to be retaliated for, and
    no order to hold fire is obeyed, which would call them off.
    """
    if engine == "compiled":
        pytest.importorskip("numba")
    scenario = builders.scenario(
        militias=("kataib",),
        militia_params={
            "base_rate": 20.0,
            "max_parallel": float(most),
            "preparation_days": 1e-6,
            "emplacement_days": 2.0,
            "obedience": 0.0,
        },
        foreign_params={"tolerance": 1000.0},
        host_params={"raid_rate": 0.0, "detection_share": 0.0},
        horizon=UNTIL,
    )
    driver, _ = choose_driver(Cast(scenario), 1, engine)
    for number in range(3):
        rows = driver.rows(1, number, None).records
        attacks = rows[rows["act"] == Act.ROCKET_ATTACK]
        begins = attacks["record_type"] == RecordType.STAGE
        begins &= attacks["stage"] == 0
        ends = attacks["record_type"] == RecordType.INCIDENT
        assert ends.sum() > 3
        assert np.cumsum(begins.astype(int) - ends).max() == most
