"""One replication at each of many points: what is no world, and what is no excuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.engine.driver import SimpyDriver
from sim.ensemble.point_run import PointTask, run_points
from sim.errors import RunError
from tests import builders

TASK = PointTask(builders.ticking(0.5, horizon=20.0), 3, 20.0, "simpy")


@pytest.mark.parametrize("error", [RunError("it ran away"), MemoryError()])
def test_a_world_that_fails_has_no_outcome_and_memory_that_runs_out_ends_it(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """What a fit keeps may hang on the model, and not on the machine."""
    whole = SimpyDriver.rows

    def rows(driver: SimpyDriver, root_seed: int, number: int, *more: Any) -> Any:
        if number == 1:
            raise error
        return whole(driver, root_seed, number, *more)

    monkeypatch.setattr(SimpyDriver, "rows", rows)
    asked = TASK, [{}] * 3, range(3), ("n_rocket_attacks",)
    if isinstance(error, MemoryError):
        with pytest.raises(MemoryError):
            run_points(*asked)
        return
    assert np.isnan(run_points(*asked)[:, 0]).tolist() == [False, True, False]
