"""The path of the highest rung, where several things happen at one moment."""

import pytest

from sim.engine.log import NOBODY, Origin, Record, RecordType
from sim.ladder import ACTS, Act
from sim.outcomes.rungs import path_of
from sim.rules.behaviour import Effect

LOW, HIGH = Act.ACCUSATION, Act.AIR_STRIKE
AT_LOW, AT_HIGH = ACTS[LOW].rung, ACTS[HIGH].rung


def acts(*done: tuple[float, Act]) -> list[Record]:
    """Return incidents at days, in order."""
    return [
        Record(
            time=time,
            record_type=RecordType.INCIDENT,
            identity=number,
            cause=0,
            actor=0,
            act=act,
            target=NOBODY,
            site=NOBODY,
            operation=NOBODY,
            stage=NOBODY,
            effect=Effect(),
            confidence=0.0,
            origin=Origin.SIMULATED,
        )
        for number, (time, act) in enumerate(done, 1)
    ]


@pytest.mark.parametrize(
    ("done", "path"),
    [
        ([(10.0, LOW), (10.0, HIGH)], [(0.0, 0), (10.0, AT_HIGH), (40.0, 0)]),
        ([(10.0, HIGH), (10.0, LOW)], [(0.0, 0), (10.0, AT_HIGH), (40.0, 0)]),
        ([(0.0, HIGH)], [(0.0, AT_HIGH), (30.0, 0)]),
        ([(0.0, HIGH), (30.0, HIGH)], [(0.0, AT_HIGH), (60.0, 0)]),
        ([(0.0, HIGH), (30.0, LOW)], [(0.0, AT_HIGH), (30.0, AT_LOW), (60.0, 0)]),
        ([(0.0, LOW), (30.0, HIGH)], [(0.0, AT_LOW), (30.0, AT_HIGH), (60.0, 0)]),
        (
            [(0.0, HIGH), (20.0, LOW), (30.0, LOW)],
            [(0.0, AT_HIGH), (30.0, AT_LOW), (60.0, 0)],
        ),
        ([(70.0, HIGH)], [(0.0, 0), (70.0, AT_HIGH)]),
    ],
)
def test_there_is_one_step_a_moment(
    done: list[tuple[float, Act]], path: list[tuple[float, int]]
) -> None:
    """Acts of one moment, or at the end of a window or of all days, make one step."""
    assert path_of(acts(*done), 30.0, 100.0) == path
