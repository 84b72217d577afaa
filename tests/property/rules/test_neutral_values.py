"""Does a neutral value switch its mechanism off?

With a mechanism's parameters at their neutral values, the rule that it works by no
longer depends on the memory or the percept that it is about; and no kind with a
mechanism off puts that mechanism's own acts into the log.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from typing import Any, Final, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.engine.log import RecordType
from sim.engine.run import run_replication
from sim.ladder import Act
from sim.ledger.switches import null_of, switches_of
from sim.rules.behaviour import Kind, acts_of, parameter_table
from sim.rules.foreign_power.answers import strike_effect
from sim.rules.foreign_power.presence import handover_hazard
from sim.rules.host_government.enforcement import (
    investigation_hazard,
    raid_effect,
    raid_hazard,
    restriction_hazard,
)
from sim.rules.militia.answers import answers_strike, obeys
from sim.rules.militia.attack import attack_hazard, salvo
from sim.rules.neutral import neutral_values
from sim.rules.registry import KINDS
from sim.rules.sponsor.answers import instructs, visit_hazard
from sim.rules.sponsor.orders import order, press_share
from tests.property.rules.claims import (
    Measure,
    chosen,
    done,
    felt,
    made_at,
    rate,
    to,
    with_,
)


class Flat(NamedTuple):
    """With the mechanism off, the measure does not depend on the cause."""

    kind: str
    mechanism: str
    measure: Measure
    cause: str
    fixed: dict[str, Any] = {}  # noqa: RUF012 - never written to
    span: tuple[float, float] = (0.0, 5.0)


ARMED: Final = {"view.drive": 1.0}
AT_ME: Final = {"percept.is_at_me": 1}
FLAT: Final = [
    Flat("militia", "campaigns", rate(attack_hazard), "view.level", span=(0.0, 2.0)),
    Flat(
        "militia",
        "solidarity",
        chosen(answers_strike, 1),
        "u",
        {**ARMED, "percept.is_at_me": 0},
        (0.0, 0.999),
    ),
    Flat(
        "militia",
        "disobedience",
        chosen(obeys, 4),
        "u",
        {**to(Act.DIRECTIVE_PRESS), **AT_ME, "percept.force": 1.0},
        (0.0, 0.999),
    ),
    *(
        Flat(
            "militia",
            mechanism,
            felt("militia", "lean"),
            "percept.act",
            {**to(Act.TALKS), **AT_ME, "percept.is_mine": 0},
            (act, Act.RESUPPLY),
        )
        for mechanism, act in (
            ("raids_felt", Act.RAID),
            ("talks_felt", Act.TALKS),
            ("handovers_felt", Act.BASE_HANDOVER),
        )
    ),
    Flat("militia", "attack_harm", done(salvo, "killed_foreign"),
         "setting.harm_spread"),
    Flat("militia", "attack_harm", done(salvo, "wounded_host"), "setting.accuracy",
         span=(0.0, 1.0)),
    Flat(
        "host_government", "impatience", felt("host_government", "will", 10.0),
        "percept.killed_own", {**to(Act.ROCKET_ATTACK), **AT_ME, "percept.is_mine": 0},
    ),
    Flat("host_government", "raids", rate(raid_hazard), "view.intelligence"),
    Flat(
        "host_government",
        "inquiries",
        rate(investigation_hazard),
        "params.ability",
        span=(0.0, 1.0),
    ),
    Flat(
        "host_government",
        "commander_awe",
        rate(restriction_hazard),
        "view.awe",
        span=(0.0, 1.0),
    ),
    Flat(
        "host_government",
        "curbs",
        rate(restriction_hazard),
        "view.will",
        span=(0.0, 1.0),
    ),
    *(
        Flat("host_government", name, done(raid_effect, field), "view.intelligence")
        for name, field in (
            ("arrests", "persons"),
            ("seizures", "launchers"),
        )
    ),
    *(
        Flat(
            "host_government",
            mechanism,
            felt("host_government", "authority"),
            "percept.act",
            {"percept.is_mine": mine, "percept.is_at_me": 1, "percept.is_stage": 0},
            acts,
        )
        for mechanism, mine, acts in (
            ("authority_at_stake", 0, (Act.ROCKET_ATTACK, Act.TALKS)),
            ("authority_at_stake", 0, (Act.DEFIANCE, Act.TALKS)),
            ("authority_at_stake", 0, (Act.AIR_STRIKE, Act.TALKS)),
            ("authority_at_stake", 1, (Act.RAID, Act.TALKS)),
        )
    ),
    Flat("sponsor", "orders_by_loss", rate(press_share), "view.loss"),
    Flat("sponsor", "caution", rate(press_share), "view.alarm"),
    Flat("sponsor", "orders_by_loss", chosen(instructs, 1), "view.loss"),
    Flat("sponsor", "curbs_felt", done(order, "force"), "view.restriction"),
    Flat("sponsor", "curbs_felt", rate(visit_hazard), "view.restriction"),
    Flat(
        "foreign_power", "demands_to_leave_heeded", rate(handover_hazard),
        "view.unwelcome",
    ),
    Flat(
        "foreign_power", "launchers_destroyed", done(strike_effect, "launchers"),
        "params.proportionality", span=(0.0, 10.0),
    ),
    Flat(
        "foreign_power", "strike_harm", done(strike_effect, "killed_militia"),
        "params.proportionality", span=(0.0, 10.0),
    ),
]  # fmt: skip
numbers = st.integers(0, 2**32 - 1)


def two_values(claim: Flat, number: int) -> tuple[float, float]:
    """Return two values of a cause; of acts, the two that are named."""
    if claim.cause == "percept.act":
        return claim.span
    chance = random.Random(number + 1)
    low, high = claim.span
    return low + chance.random() * (high - low), low + chance.random() * (high - low)


def place(name: str) -> str:
    """Return where a number that switches off stands in a situation."""
    number = name.removeprefix("means.")
    return f"setting.{number}" if number != name else f"params.{name}"


def measured(claim: Flat, number: int, off: dict[str, float]) -> tuple[float, float]:
    """Return a measure at two values of the cause, with some parameters set."""
    state = made_at(claim.kind, number, claim.fixed)
    state = with_(state, {place(name): value for name, value in off.items()})
    first, second = two_values(claim, number)
    return (
        claim.measure(with_(state, {claim.cause: first})),
        claim.measure(with_(state, {claim.cause: second})),
    )


def named(claim: Flat) -> str:
    """Return an id among the tests."""
    return f"{claim.kind}.{claim.mechanism}-{claim.cause}"


@pytest.mark.parametrize("claim", FLAT, ids=named)
@given(number=numbers)
@settings(max_examples=20)
def test_off_does_not_depend_on_the_cause(claim: Flat, number: int) -> None:
    """Off, the rule gives the same whatever the cause is."""
    off = dict(neutral_values(KINDS[claim.kind])[claim.mechanism])
    less, more = measured(claim, number, off)
    assert less == more


@pytest.mark.parametrize("claim", FLAT, ids=named)
def test_on_it_depends_on_the_cause(claim: Flat) -> None:
    """On, in some situation the rule does depend on it, so the test can fail."""
    assert any(
        less != more
        for less, more in (measured(claim, number, {}) for number in range(100))
    )


def sole_acts(kind: Kind) -> dict[str, set[Act]]:
    """Return the acts of each mechanism that no other of the kind makes."""
    makers = Counter(act for one in kind.mechanisms for act in one.acts)
    return {
        one.name: {act for act in one.acts if makers[act] == 1}
        for one in kind.mechanisms
    }


SOLE: Final = [
    (kind.name, name)
    for kind in KINDS.values()
    for name, acts in sole_acts(kind).items()
    # To obey in full is still to obey.
    if acts and name != "disobedience"
]


@pytest.mark.parametrize(("kind", "mechanism"), SOLE)
def test_off_its_acts_are_not_in_the_log(kind: str, mechanism: str) -> None:
    """With a mechanism off, the acts that it alone makes do not happen."""
    scenario = replace(sim.load("iraq_endogenous_2019_2020"), given=())
    switch = next(s for s in switches_of(scenario) if s.name == f"{kind}.{mechanism}")
    assert switch.off is not None
    changed = switch.off.applied(scenario)
    gone = sole_acts(KINDS[kind])[mechanism]
    mine = {n for n, a in enumerate(changed.actors) if a.kind.name == kind}
    for number in range(2):
        log = run_replication(changed, root_seed=5, number=number)
        made = {record.act for record in log.records if record.actor in mine
                and record.record_type == RecordType.INCIDENT}  # fmt: skip
        assert not made & gone


def test_every_act_belongs_to_a_mechanism() -> None:
    """Whatever a shipped kind does is some mechanism's own entry, and can be off."""
    for kind in KINDS.values():
        owned = {act for one in kind.mechanisms for act in one.acts}
        assert acts_of(kind) <= owned, kind.name
        assert all(neutral_values(kind).values()), kind.name


def test_null_has_nothing_but_what_starts_of_its_own_accord() -> None:
    """In the null nobody answers anything: what is left are attacks."""
    scenario = replace(sim.load("iraq_endogenous_2019_2020"), given=())
    null = null_of(scenario)
    acts = {
        record.act
        for number in range(5)
        for record in run_replication(null, root_seed=5, number=number).records
        if record.record_type == RecordType.INCIDENT
    }
    assert acts <= {Act.ROCKET_ATTACK, Act.CONVOY_BOMB}


@pytest.mark.parametrize("kind", KINDS)
def test_each_parameter_belongs_to_one_mechanism(kind: str) -> None:
    """It switches one row of the ledger off, or shapes one: none stands for itself.

    Numbers of means and of sites are rows' too, and stand in tables of their own.
    """
    rows = KINDS[kind].mechanisms
    named = [name for row in rows for name in (*row.off, *row.shaped_by)]
    own = [name for name in named if name != "defences" and "." not in name]
    assert sorted(own) == sorted(parameter_table(KINDS[kind]))
