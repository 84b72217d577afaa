"""Chunks: columns made without records equal those made record by record."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.engine.cast import Cast
from sim.engine.driver import SimpyDriver
from sim.engine.run import run_replication
from sim.ensemble.frames import LOG_SCHEMA
from sim.ensemble.part import run_replications
from sim.errors import RunError
from sim.ladder import Act
from sim.outcomes import outcomes_of
from sim.scenario.scenario import Observation
from tests import builders

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

SEED = 11


def observed() -> "Scenario":
    """Return a scenario with reports of every sort: sure, unsure, none said."""
    seen = {
        Act.ROCKET_ATTACK: Observation(0.8, 0.5),
        Act.COMPLIANCE: Observation(0.3, 1.0),
        Act.RAID: Observation(1.0, 0.0),
    }
    return builders.hot(horizon=60.0, observations=seen)


def test_a_chunk_is_its_replications_one_by_one() -> None:
    """Outcomes and table of a chunk equal those of its logs, types included."""
    scenario = observed()
    cast = Cast(scenario)
    numbers = range(5, 11)
    chunk = run_replications(SimpyDriver(cast), SEED, numbers, 60.0, with_log=True)
    logs = [run_replication(cast, SEED, number, 60.0) for number in numbers]
    alone = [outcomes_of(log, scenario) for log in logs]
    assert chunk.numbers == list(numbers)
    for name, values in chunk.outcomes.items():
        one_by_one = [one[name] for one in alone]
        np.testing.assert_allclose(values, one_by_one, rtol=1e-12, atol=1e-12)
    assert chunk.log is not None
    assert chunk.log.schema.equals(LOG_SCHEMA)
    rows = zip(*chunk.log.to_pydict().values(), strict=True)
    assert list(rows) == [row for log in logs for row in log.rows()]
    assert not chunk.failures


@pytest.mark.parametrize("horizon", [0.001, 20.0])
def test_a_chunk_without_records_or_with_failures(horizon: float) -> None:
    """Empty logs make an empty table; a failed replication is left out and told of."""
    scenario = builders.ticking(0.5, horizon=horizon, max_incidents=10)
    driver = SimpyDriver(Cast(scenario))
    chunk = run_replications(driver, SEED, range(30), horizon, with_log=True)
    assert {*chunk.numbers, *chunk.failures} == set(range(30))
    assert all(isinstance(error, RunError) for error in chunk.failures.values())
    logs = [run_replication(driver.cast, SEED, n, horizon) for n in chunk.numbers]
    assert chunk.log is not None
    rows = zip(*chunk.log.to_pydict().values(), strict=True)
    assert list(rows) == [row for log in logs for row in log.rows()]
    assert bool(chunk.failures) == (horizon > 1.0)
