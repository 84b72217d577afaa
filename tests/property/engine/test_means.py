"""Means of attack: pressure on one moves attacks to another; defences scale harm."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Final

import pytest

from sim.engine.cast import Cast
from sim.engine.driver import SimpyDriver
from sim.engine.run import run_replication
from sim.ladder import Act
from sim.scenario.scenario import ROCKET, Means, Scenario
from tests.builders import scenario, site

ROOT_SEED: Final = 20200707
N: Final = 60
MORTAR: Final = Means("mortar", "mortar rounds", Act.ROCKET_ATTACK, ROCKET.params)
SEEN: Final = replace(ROCKET, params=ROCKET.params._replace(visibility=1.0))
UNSEEN: Final = replace(MORTAR, params=ROCKET.params._replace(visibility=0.0))


def world(
    aversion: float, detection: float, means: tuple[Means, ...] = (SEEN, UNSEEN)
) -> Scenario:
    """Return militias with rockets that are noticed, and mortars that nobody notices.

    The host stops whatever it notices, and nothing else moves an attack.
    """
    return scenario(
        militia_params={
            "base_rate": 0.2,
            "swing": 0.0,
            "retaliation_share": 0.0,
            "order_shift": 0.0,
            "means_aversion": aversion,
            "means_dependence": 0.0,
            "max_parallel": 0.0,
            "emplacement_days": 2.0,
        },
        host_params={
            "raid_rate": 0.0,
            "detection_share": detection,
            "ability": 1.0,
            "will": 5.0,
            "reaction_days": 0.05,
        },
        sponsor_params={"directive_rate": 0.0},
        foreign_params={"tolerance": 1000.0},
        means=means,
    )


def tried(chosen: Scenario) -> Counter[str]:
    """Return how many attacks were begun by each means, thwarted ones included."""
    cast = Cast(chosen)
    counts: Counter[str] = Counter()
    for number in range(N):
        log = run_replication(cast, ROOT_SEED, number)
        for record in log.incidents():
            if record.act in (Act.ROCKET_ATTACK, Act.THWARTED_ATTACK):
                counts[log.means[int(record.effect.means) - 1]] += 1
    return counts


def test_pressure_on_one_means_moves_attacks_to_another() -> None:
    """What is noticed and stopped is given up for what is not; the total stays.

    Some 9,000 attacks in all of either: the standard error of a share is 0.005.
    """
    calm, pressed = tried(world(2.0, 0.0)), tried(world(2.0, 1.0))
    assert calm["rocket"] / calm.total() == pytest.approx(0.5, abs=0.02)
    assert pressed["rocket"] / pressed.total() < 0.40
    # What is begun is as much; some is stopped before it would have been launched.
    assert pressed.total() == pytest.approx(calm.total(), rel=0.05)


def test_without_aversion_pressure_moves_nothing() -> None:
    """The planted fault of the test before: with kappa 0 the shares stay."""
    pressed = tried(world(0.0, 1.0))
    assert pressed["rocket"] / pressed.total() == pytest.approx(0.5, abs=0.02)


def test_what_no_means_replaces_is_lost() -> None:
    """With rockets alone, and full dependence, pressure lowers the attacks."""
    alone = world(3.0, 1.0, means=(SEEN,))
    dependent = tuple(
        replace(actor, params=actor.params._replace(means_dependence=1.0))
        if actor.kind.name == "militia"
        else actor
        for actor in alone.actors
    )
    assert tried(replace(alone, actors=dependent)).total() < 0.7 * tried(alone).total()


@pytest.mark.parametrize("share", [0.5, 1.0])
def test_defences_scale_harm(share: float) -> None:
    """Of the rounds fired so many are stopped, and so much less harm is done."""
    names = ("taji", "green_zone", "balad", "airport")
    open_to_all = world(0.0, 0.0)
    defended = replace(
        open_to_all,
        sites=tuple(site(name, defences={"rocket": share}) for name in names),
    )
    rounds = {"rocket": 0.0, "mortar": 0.0}
    stopped, hits = dict(rounds), dict(rounds)
    cast = Cast(defended)
    for number in range(N):
        log = run_replication(cast, ROOT_SEED, number)
        for record in log.incidents():
            if record.act == Act.ROCKET_ATTACK:
                means = log.means[int(record.effect.means) - 1]
                rounds[means] += record.effect.rounds
                stopped[means] += record.effect.intercepted
                hits[means] += record.effect.hits
    assert stopped["rocket"] / rounds["rocket"] == pytest.approx(share, abs=0.02)
    assert stopped["mortar"] == 0.0
    expected = (1.0 - share) * ROCKET.params.accuracy
    assert hits["rocket"] / rounds["rocket"] == pytest.approx(expected, abs=0.02)


def test_a_means_added_without_opportunity_changes_no_draw() -> None:
    """A race of keyed clocks: who else is in it re-deals nothing."""
    one = world(1.0, 0.5, means=(SEEN,))
    none = {"rocket": 20.0, "mortar": 0.0}
    two = replace(
        one,
        means=(SEEN, UNSEEN),
        actors=tuple(replace(actor, opportunity=none) for actor in one.actors),
    )
    for number in range(5):
        before, after = (
            SimpyDriver(Cast(x)).rows(ROOT_SEED, number) for x in (one, two)
        )
        assert before.tobytes() == after.tobytes()
