"""At most as many operations of one name are under way as the actor can handle."""

import pytest

from sim.engine.cast import Cast
from sim.engine.choice import choose_driver
from sim.engine.log import RecordType
from sim.ladder import Act
from tests import builders

DAYS_OF_PREPARATION = 10.0
UNTIL = 19.0
"""After the first attacks are launched, before any that began later can be."""


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
@pytest.mark.parametrize("most", [1, 2, 3])
def test_no_more_attacks_are_prepared_at_once_than_the_parameter_says(
    engine: str, most: int
) -> None:
    """A militia that would begin 20 a day launches just so many in one preparation;
    nothing is to be retaliated for.
    """
    if engine == "compiled":
        pytest.importorskip("numba")
    scenario = builders.scenario(
        militias=("kataib",),
        militia_params={
            "base_rate": 20.0,
            "max_parallel": float(most),
            "preparation_days": DAYS_OF_PREPARATION,
            "preparation_spread": 0.0,
            "emplacement_days": 0.01,
        },
        foreign_params={"tolerance": 1000.0},
        host_params={"raid_rate": 0.0, "detection_share": 0.0},
        horizon=UNTIL,
    )
    driver, _ = choose_driver(Cast(scenario), 1, engine)
    for number in range(3):
        rows = driver.rows(1, number, None).records
        is_attack = rows["act"] == Act.ROCKET_ATTACK
        is_attack &= rows["record_type"] == RecordType.INCIDENT
        assert is_attack.sum() == most
