"""What an incident takes and gives: each stock, and nothing else."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from sim.ladder import Act
from sim.rules.behaviour import Effect
from sim.rules.transitions import Deed, World, apply

ACTOR, TARGET, SITE = 0, 1, 0
SIDES = ("foreign", "host", "civilian", "militia", "sponsor")


def world() -> World:
    """Return a world of two actors and one site."""
    return World(
        n_actors=2,
        custody=[0.0, 9.0, 0.0, 0.0],
        detained=[0.0, 9.0],
        presence=[300.0, 400.0],
        killed=[0.0] * 5,
        wounded=[0.0] * 5,
    )


def changes(act: Act, *, is_put_in: int = 0, **effect: float) -> dict[str, Any]:
    """Return the fields of the world that one incident changes, as they then are."""
    before, after = world(), world()
    apply(after, Deed(act, ACTOR, TARGET, SITE, Effect(**effect), is_put_in))
    return {
        name: value
        for name, value in asdict(after).items()
        if value != asdict(before)[name]
    }


@pytest.mark.parametrize(
    ("act", "effect", "changed"),
    [
        (Act.ROCKET_ATTACK, {"rounds": 3.0, "unfired": 2.0}, {}),
        (Act.SEIZURE, {"launchers": 1.0}, {}),
        (Act.ARREST, {"persons": 2.0},
         {"custody": [0.0, 11.0, 0.0, 0.0], "detained": [0.0, 11.0]}),
        (Act.RELEASE, {"persons": 2.0},
         {"custody": [0.0, 7.0, 0.0, 0.0], "detained": [0.0, 7.0]}),
        (Act.BASE_HANDOVER, {}, {"presence": [0.0, 400.0]}),
        (Act.THREAT, {"rounds": 4.0, "launchers": 1.0, "persons": 2.0}, {}),
    ],
)  # fmt: skip
def test_an_act_changes_its_own_stocks(act: Act, effect: Any, changed: Any):
    """People in custody, and who is at a site."""
    assert changes(act, **effect) == changed


def test_what_is_put_in_may_take_more_than_there_is_and_leaves_nothing():
    """The record's incidents use stocks that the model only estimates."""
    many: dict[str, Any] = {"rounds": 1000.0, "launchers": 1000.0, "persons": 1000.0}
    freed = {"custody": [0.0] * 4, "detained": [0.0, 0.0]}
    assert changes(Act.RELEASE, is_put_in=1, **many) == freed


@pytest.mark.parametrize("side", SIDES)
def test_the_dead_and_wounded_count_on_their_side(side: str):
    """In the order of `Side`, whatever the act."""
    place = SIDES.index(side)
    killed = [3.0 if n == place else 0.0 for n in range(5)]
    wounded = [4.0 if n == place else 0.0 for n in range(5)]
    harm: dict[str, Any] = {f"killed_{side}": 3.0, f"wounded_{side}": 4.0}
    assert changes(Act.CONVOY_BOMB, **harm) == {"killed": killed, "wounded": wounded}


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize(("actor", "target"), [(-1, 1), (0, -1), (-1, -1)])
def test_nobody_s_stocks_are_left_alone(act: Act, actor: int, target: int):
    """An incident without an author or a target changes nothing of nobody's."""
    effect = Effect(rounds=4.0, launchers=1.0, persons=2.0)
    before, after = world(), world()
    apply(after, Deed(act, actor, target, SITE, effect))
    touched = [at for at in range(2) if after.detained[at] != before.detained[at]]
    assert set(touched) <= {n for n in (actor, target) if n >= 0}
    if actor < 0 or target < 0:
        assert after.custody == before.custody
