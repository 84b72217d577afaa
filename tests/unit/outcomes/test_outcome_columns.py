"""Outcomes of a chunk in columns equal those read off each log, record by record."""

import random
from math import isnan

import numpy as np
import pytest

from sim.engine.cast import Cast
from sim.engine.log import Origin, RecordType
from sim.engine.run import run_replication
from sim.ladder import ACTS, Act
from sim.outcomes import outcomes_for, outcomes_of
from sim.scenario.load import load
from sim.scenario.scenario import Change
from tests import builders
from tests.oracles.measure import outcomes_of as read_off
from tests.unit.outcomes.test_outcomes import IRAN, IRAQ, KATAIB, US, incident, log_of

BY_HAND = "goldstein"
"""Outcomes that the oracle does not know, and a test below has by hand."""


def differing(columns: dict[str, float], plain: dict[str, float]) -> list[str]:
    """Return the outcomes that differ by more than rounding."""
    return [
        name
        for name, value in plain.items()
        if isnan(value) != isnan(columns[name])
        or abs(value - columns[name]) > 1e-9 * max(1.0, abs(value))
    ]


@pytest.mark.parametrize(
    "name",
    ["iraq_2019_2020", "iraq_endogenous_2019_2020", "lebanon_withdrawal_1999_2000"],
)
def test_shipped_scenarios(name: str) -> None:
    """Logs of the shipped scenarios, of the whole period and of their first days."""
    scenario = load(name)
    cast = Cast(scenario)
    for number, until in ((0, None), (1, None), (2, 3.0), (3, 40.5)):
        log = run_replication(cast, 11, number, until)
        values, plain = outcomes_of(log, scenario), read_off(log, scenario)
        assert differing(values, plain) == []
        assert {
            name for name in set(values) - set(plain) if BY_HAND not in name
        } == set()
        assert set(values) == set(outcomes_for(scenario))


def test_a_free_period_counts_from_its_start() -> None:
    """After a history, times count from the day on which the scenario runs free."""
    scenario = load("iraq_from_july_2020")
    log = run_replication(Cast(scenario), 11, 0)
    assert log.since > 0.0
    assert differing(outcomes_of(log, scenario), read_off(log, scenario)) == []


MOVED = {
    "authority": 0.6,
    "authority_memory": 60.0,
    "authority_step": 0.1,
}
"""A government whose authority moves with what happens."""


def changes(rng: random.Random) -> tuple[Change, ...]:
    """Return up to four developments that move a parameter of its authority."""
    days = sorted(0.25 * rng.randrange(1000) for _ in range(rng.randrange(5)))
    return tuple(
        Change(
            f"change_{place}", day, day, "kataib", "statement_days",
            "set", 1.0,
        )
        if rng.random() < 0.2
        else Change(
            f"change_{place}", day, day, "iraq", rng.choice(list(MOVED)),
            rng.choice(("set", "scale", "add")), rng.choice((0.0, 0.3, 0.5)) + 0.01,
        )
        for place, day in enumerate(days)
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(60))
def test_logs_of_any_shape(seed: int) -> None:
    """Logs of random incidents, with ties, strangers, unreported and put-in ones."""
    rng = random.Random(seed)
    scenario = builders.scenario(host_params=MOVED, changes=changes(rng))
    days = sorted(rng.choice((1.0, 0.25)) * rng.randrange(250) for _ in range(90))
    acts = [act for act in Act if act != Act.NONE]
    likely = (Act.ROCKET_ATTACK, Act.RAID, Act.AIR_STRIKE, Act.DIRECT_STRIKE)
    records = [
        incident(
            day, rng.randrange(-1, 6), rng.choice((*acts, *likely * 6)),
            rng.randrange(-1, 6), site=rng.randrange(-1, 2),
            rounds=float(rng.randrange(14)), persons=float(rng.randrange(3)),
            killed_foreign=float(rng.random() < 0.1),
            wounded_foreign=float(rng.random() < 0.2),
            wounded_civilian=float(rng.random() < 0.2),
            killed_host=float(rng.random() < 0.1),
            identity=place + 1, cause=rng.randrange(place + 1),
            origin=rng.choice((*[Origin.SIMULATED] * 5, Origin.DEVELOPMENT)),
            record_type=rng.choice((*[RecordType.INCIDENT] * 9, RecordType.STAGE)),
        )
        for place, day in enumerate(days)
    ]  # fmt: skip
    records = records[: rng.choice((0, 1, 2, 90))]
    hidden = tuple(r for r in records if rng.random() < 0.2)
    log = log_of(records, unreported=hidden)
    assert differing(outcomes_of(log, scenario), read_off(log, scenario)) == []


def test_a_wrong_order_would_be_seen() -> None:
    """The planted fault: incidents of which one is moved give other outcomes."""
    scenario = builders.scenario()
    records = [incident(float(d), KATAIB, Act.ROCKET_ATTACK, US) for d in (1, 5, 30)]
    moved = [records[0], records[1]._replace(time=6.0), records[2]]
    values = outcomes_of(log_of(moved), scenario)
    assert "gap_median_days" not in differing(values, read_off(log_of(moved), scenario))
    assert differing(values, read_off(log_of(records), scenario)) != []


def test_both_goldstein_scales_are_summed() -> None:
    """A raid and a release: the scales differ on the release alone by five."""
    records = [
        incident(1.0, IRAQ, Act.RAID, KATAIB),
        incident(2.0, IRAN, Act.TRUCE, US),
    ]
    values = outcomes_of(log_of(records, horizon=14.0), builders.scenario())
    for scale in ("cameo", "weis"):
        rows = [ACTS[record.act] for record in records]
        weights = [getattr(row, f"goldstein_{scale}") for row in rows]
        assert values[f"goldstein_{scale}_per_week"] == pytest.approx(sum(weights) / 2)
    assert np.isfinite(values["goldstein_weis_per_week_true"])
