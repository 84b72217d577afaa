"""More of a cause gives no less of its effect, in expectation, over coupled worlds.

The two worlds of a pair have the same root_seed and differ in one parameter; each cause
is stated with its source or as an assumption.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import sqrt
from statistics import fmean, stdev
from typing import Final, NamedTuple

import pytest

from sim.engine.log import IncidentLog, RecordType
from sim.ladder import Act
from tests.property.engine.worlds import Turned, logs_of

Z: Final = 4.0
N: Final = 16
"""Pairs of worlds."""
ASSUMED: Final = "assumed"
ARTICLE: Final = "op-ed-2020-07-05"

Count = Callable[[IncidentLog], float]


def n_of(act: Act) -> Count:
    """Count the incidents of an act."""
    return lambda log: float(sum(r.act == act for r in log.incidents()))


def sum_of(act: Act, field: str) -> Count:
    """Add up a field of an act's effects."""
    return lambda log: sum(
        getattr(r.effect, field) for r in log.incidents() if r.act == act
    )


def misblamed(log: IncidentLog) -> float:
    """Return how many rocket attacks the foreign power laid to somebody else."""
    author = {r.identity: r.actor for r in log.incidents()}
    power = log.actors.index("united_states")
    return float(
        sum(
            r.record_type == RecordType.PERCEPTION
            and r.actor == power
            and r.act == Act.ROCKET_ATTACK
            and r.target != author[r.cause]
            for r in log.records
        )
    )


class Coupled(NamedTuple):
    """Worlds that differ in one parameter, and what it moves."""

    name: str
    path: str
    less: float
    more: float
    measured: Count
    sign: int
    ground: str
    fixed: Turned = ()


ATTACKS: Final = n_of(Act.ROCKET_ATTACK)
RAIDS: Final = n_of(Act.RAID)
FREED: Final = sum_of(Act.RELEASE, "persons")
UNFIRED: Final = sum_of(Act.ROCKET_ATTACK, "unfired")
STRUCK: Final = sum_of(Act.AIR_STRIKE, "killed_militia")
PRESSING: Final = (
    ("sponsor.press_bias", 5.0),
    ("sponsor.directive_rate", 0.5),
    ("militia.order_shift", 3.0),
    ("militia.persistence", 10.0),
)
CALLED: Final = (("sponsor.truce_share", 1.0), ("foreign.evacuation_threat_rate", 0.3))
TALKING: Final = (("foreign.talks_rate", 0.2),)
SUPPORTED: Final = (("foreign.support_rate", 0.5),)
WILLING: Final = (("host.will", 5.0),)
RAIDING: Final = (("host.raid_rate", 2.0), ("host.will", 2.0))
COUPLED: Final = [
    Coupled("blows", "militia.blow_shift", -0.5, 0.5, ATTACKS, 1, ASSUMED),
    Coupled("talks", "militia.talks_shift", 0.0, 1.0, ATTACKS, 1, ASSUMED,
            TALKING),
    Coupled("truce", "militia.obedience", 0.0, 1.0, ATTACKS, -1, ASSUMED, CALLED),
    Coupled("obedience", "militia.obedience", 0.0, 1.0, ATTACKS, 1, ASSUMED, PRESSING),
    Coupled("commander", "sponsor.authority", 0.0, 1.0, ATTACKS, 1, ARTICLE, PRESSING),
    Coupled("coordination", "militia.coordination_share", 0.0, 1.0, ATTACKS, 1,
            ASSUMED),
    Coupled("malfunction", "means.malfunction_share", 0.0, 1.0, UNFIRED, 1, ASSUMED),
    Coupled("interdiction", "host.detection_share", 0.0, 1.0,
            n_of(Act.THWARTED_ATTACK), 1, ASSUMED, WILLING),
    Coupled("will", "host.will", -3.0, 1.0, RAIDS, 1, ARTICLE),
    Coupled("support", "host.support_effect", 0.0, 3.0, RAIDS, 1, ARTICLE, SUPPORTED),
    Coupled("fear", "host.fear_effect", 0.0, 3.0, RAIDS, -1, ASSUMED),
    Coupled("release", "host.release_share", 0.1, 1.0, FREED, 1, ASSUMED,
            RAIDING),
    Coupled("tolerance", "foreign.tolerance", 0.3, 6.0, n_of(Act.AIR_STRIKE), -1,
            ASSUMED),
    Coupled("proportionality", "foreign.proportionality", 0.5, 2.0, STRUCK, 1, ASSUMED),
    Coupled("evidence", "foreign.evidence", 0.0, 1.0, misblamed, -1, "Bayes' rule"),
    Coupled("hand-over", "foreign.handover_rate", 0.0, 0.2, ATTACKS, -1, ASSUMED),
]  # fmt: skip


CLEAR: Final = ("interdiction", "hand-over", "release")


@cache
def moved(case: Coupled) -> list[float]:
    """Return by how much the effect moves as claimed, in each pair."""
    one, two = (
        logs_of(((case.path, value), *case.fixed), N)[1]
        for value in (case.less, case.more)
    )
    return [
        case.sign * (case.measured(b) - case.measured(a))
        for a, b in zip(one, two, strict=True)
    ]


def is_refuted(moves: list[float]) -> bool:
    """Whether the effect moves the other way, by more than the error allows."""
    return fmean(moves) < -Z * stdev(moves) / sqrt(len(moves))


@pytest.mark.parametrize("case", COUPLED, ids=[case.name for case in COUPLED])
def test_more_of_the_cause_gives_no_less_of_the_effect(case: Coupled) -> None:
    """Over coupled pairs the mean moves as claimed; nothing refutes it."""
    moves = moved(case)
    assert fmean(moves) > 0.0, case.ground
    assert not is_refuted(moves)


@pytest.mark.parametrize("name", CLEAR)
def test_the_opposite_of_a_clear_claim_is_refuted(name: str) -> None:
    """Claimed the other way round, an order as clear as these would be refuted."""
    case = next(case for case in COUPLED if case.name == name)
    assert is_refuted([-x for x in moved(case)])
