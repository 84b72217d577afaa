"""Without feedback, does anything that anybody does still move an attack?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from sim.engine.cast import Cast
from sim.engine.run import run_replication
from sim.ladder import Act
from sim.ledger.feedback import (
    calm_rates,
    feedback_off,
    largest_factor,
    without_feedback,
)
from sim.rules.neutral import neutral_values
from sim.rules.registry import KINDS
from sim.scenario.load import load
from sim.scenario.scenario import Change
from tests.builders import hot

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

ROOT_SEED: Final = 20200622

OF_THEIR_OWN: Final = {("host_government", "patrols"), ("foreign_power", "handovers")}
"""What moves attacks without answering anything: launch teams that are met by chance,
sites that are given up."""


LEANS: Final = ("blows", "obeyed_orders")
"""What moves attacks by the levels of readiness alone."""


def attacks(scenario: Scenario, numbers: range) -> list[list[tuple[float, int, int]]]:
    """Return when, by whom and where attacks came, by replication."""
    cast = Cast(scenario)
    return [
        [
            (record.time, record.actor, record.site)
            for record in run_replication(cast, ROOT_SEED, number).incidents()
            if record.act == Act.ROCKET_ATTACK
        ]
        for number in numbers
    ]


def with_off(scenario: Scenario, *, only: bool) -> Scenario:
    """Return a scenario with more switched off.

    What is of their own accord is off always, and unless `only`, all that a null of
    the ledger leaves out.
    """
    actors = []
    for actor in scenario.actors:
        off: dict[str, Any] = {}
        values = neutral_values(actor.kind)
        for mechanism in actor.kind.mechanisms:
            own = (actor.kind.name, mechanism.name) in OF_THEIR_OWN
            answers = not (only or mechanism.stays_in_null or mechanism.is_feedback)
            if own or answers:
                off |= values[mechanism.name]
        actors.append(replace(actor, params=actor.params._replace(**off)))
    return replace(scenario, actors=tuple(actors), changes=())


@pytest.mark.parametrize("name", ["hot", "iraq_2019_2020", "iraq_endogenous_2019_2020"])
def test_no_conduct_moves_an_attack(name: str) -> None:
    """Attacks are the same whether all the others do is done or nothing of it."""
    scenario = without_feedback(hot() if name == "hot" else load(name))
    numbers = range(6)
    busy = attacks(with_off(scenario, only=True), numbers)
    assert busy == attacks(with_off(scenario, only=False), numbers)
    assert sum(map(len, busy)) > 100


@pytest.mark.parametrize(
    "name", ["substitution", "blows", "obeyed_orders", "retaliation"]
)
def test_one_feedback_left_on_would_be_seen(name: str) -> None:
    """The planted fault: with any one of them on, conduct does move attacks."""
    given = hot(militia_params={"base_rate": 0.12, "blow_shift": 0.5})
    scenario = without_feedback(given)
    values = neutral_values(KINDS["militia"])
    left = {**values[name], **(values["campaigns"] if name in LEANS else {})}
    actors = tuple(
        replace(
            actor,
            params=actor.params._replace(
                **{one: getattr(before.params, one) for one in left}
            ),
        )
        if actor.kind.name == "militia"
        else actor
        for actor, before in zip(scenario.actors, given.actors, strict=True)
    )
    scenario = replace(scenario, actors=actors)
    numbers = range(12)
    busy = attacks(with_off(scenario, only=True), numbers)
    assert busy != attacks(with_off(scenario, only=False), numbers)


def test_developments_turn_no_feedback_on_again() -> None:
    """One that sets a feedback is left out; one of the calm rate is scaled with it."""
    changes = tuple(
        Change(name, 5.0, 0.0, "kataib", name, how, value)
        for name, how, value in (
            ("blow_shift", "set", 1.0),
            ("base_rate", "set", 0.1),
            ("claim_share", "set", 0.5),
        )
    )
    scaled = Change("scaled", 9.0, 0.0, "kataib", "base_rate", "scale", 2.0)
    scenario = without_feedback(hot(changes=(*changes, scaled)), 1.5)
    assert [(c.parameter, c.value) for c in scenario.changes] == [
        ("base_rate", pytest.approx(0.15)),
        ("claim_share", 0.5),
        ("base_rate", 2.0),
    ]
    before = hot().actors[0].params
    after = scenario.actors[0].params
    assert after.base_rate == pytest.approx(1.5 * before.base_rate)
    assert (after.blow_shift, after.retaliation_share) == (0.0, 0.0)


def test_the_factor_stays_legal_through_the_developments() -> None:
    """The calm rate may be 2 a day at most, also after it was doubled."""
    doubled = Change("doubled", 9.0, 0.0, "kataib", "base_rate", "scale", 2.0)
    bare, changed = hot(), hot(changes=(doubled,))
    rate = bare.actors[0].params.base_rate
    assert largest_factor(bare) == pytest.approx(2.0 / rate)
    assert largest_factor(changed) == pytest.approx(1.0 / rate)


def test_every_kind_that_attacks_says_what_its_feedback_is() -> None:
    """A kind with a calm rate of attacks has feedback to switch off."""
    attacking = [kind for kind in KINDS.values() if calm_rates(kind)]
    assert [kind.name for kind in attacking] == ["militia"]
    assert calm_rates(KINDS["militia"]) == ("base_rate",)
    names = {path.rpartition(".")[2] for path in feedback_off(hot()).values}
    assert {"blow_shift", "retaliation_share", "means_aversion"} <= names
