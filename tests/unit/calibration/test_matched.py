"""A search over coupled replications brings about what was said of the violence."""

from __future__ import annotations

import numpy as np
import pytest

from sim.calibration import matched as module
from sim.calibration.matched import Wish, matched
from sim.ensemble.point_run import PointTask, run_points
from tests import builders

SCENARIO = builders.scenario(horizon=60.0)
WISHES = (
    Wish("n_rocket_attacks", 12.0, "militia", "base_rate"),
    Wish("share_attacks_with_deaths", 0.2, "means", "killed_per_hit"),
)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep to few worlds, which are the same at every step."""
    monkeypatch.setattr(module, "N_WORLDS", 40)


def test_what_is_wished_is_shown() -> None:
    """With the parameters of the match, the same worlds show what was asked for."""
    match = matched(SCENARIO, WISHES)
    point = {
        f"actors.{name}.base_rate": match.values["base_rate"]
        for name in builders.MILITIAS
    }
    point["means.rocket.killed_per_hit"] = match.values["killed_per_hit"]
    task = PointTask(SCENARIO, 1, SCENARIO.horizon, "simpy")
    outcomes = [wish.outcome for wish in WISHES]
    drawn = run_points(task, [point] * 40, range(40), outcomes)
    for wish, mean in zip(WISHES, np.nanmean(drawn, axis=0), strict=True):
        assert mean == pytest.approx(match.means[wish.outcome])
        assert mean == pytest.approx(wish.mean, rel=0.1)


def test_more_is_wished_more_is_set() -> None:
    """Twice the attacks need a higher rate; nothing is set beyond what is legal."""
    first, second = (
        matched(SCENARIO, [WISHES[0]._replace(mean=mean)]).values["base_rate"]
        for mean in (6.0, 12.0)
    )
    assert first < second
    beyond = matched(SCENARIO, [WISHES[0]._replace(mean=1e6)])
    assert beyond.values["base_rate"] <= 2.0
    assert beyond.means["n_rocket_attacks"] < 1e6


def test_a_will_is_searched_for_in_log_odds() -> None:
    """More raids need a stronger will, within its limits."""
    wish = Wish("n_raids", 1.0, "host_government", "will", is_log_odds=True)
    first = matched(SCENARIO, [wish])
    more = matched(SCENARIO, [wish._replace(mean=2.0)])
    assert first.means["n_raids"] == pytest.approx(1.0, rel=0.15)
    assert first.values["will"] < more.values["will"] <= 10.0
