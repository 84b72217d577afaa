"""Does each mechanism do what is claimed of it, in every situation?

The claims, with their grounds, stand in ``claims_<kind>.py``; here they are checked on
the rules themselves: more of the cause never gives less of the effect (or never more,
where it holds back), and at its end the cause is off or fully on.
"""

from __future__ import annotations

import math
import random
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.ladder import Act
from sim.rules.behaviour import parameter_table
from sim.rules.host_government.custody import protests
from sim.rules.host_government.enforcement import interdiction_effect
from sim.rules.militia.attack import launcher_lost, salvo
from sim.rules.registry import KINDS
from tests.property.rules import (
    claims_foreign,
    claims_host,
    claims_militia,
    claims_sponsor,
)
from tests.property.rules.claims import (
    Claim,
    chosen,
    done,
    kind_of,
    made_at,
    to,
    values_of,
    with_,
)

TABLES: Final = {
    "militia": claims_militia.CLAIMS,
    "host_government": claims_host.CLAIMS,
    "sponsor": claims_sponsor.CLAIMS,
    "foreign_power": claims_foreign.CLAIMS,
}
CLAIMS: Final = [claim for table in TABLES.values() for claim in table]
SLACK: Final = 1e-12
"""Last bits of exp, relative."""

numbers = st.integers(0, 2**32 - 1)


def named(claim: Claim) -> str:
    """Return a claim's id among the tests."""
    sign = "raises" if claim.sign > 0 else "lowers"
    return f"{claim.mechanism}-{claim.cause}-{sign}"


every_claim = pytest.mark.parametrize("claim", CLAIMS, ids=named)


def pair(claim: Claim, number: int) -> tuple[float, float]:
    """Return a claim's measure with less and with more of the cause."""
    kind = kind_of(claim, TABLES)
    state = made_at(kind, number, claim.fixed)
    low, high = values_of(kind, claim.cause, random.Random(number + 1), claim.span)
    return (
        claim.measure(with_(state, {claim.cause: low})),
        claim.measure(with_(state, {claim.cause: high})),
    )


def holds(claim: Claim, less: float, more: float) -> bool:
    """Whether more of the cause moved the measure as claimed, or not at all."""
    moved = claim.sign * (more - less)
    return moved >= -SLACK * max(1.0, abs(less), abs(more))


@every_claim
@given(number=numbers)
@settings(max_examples=16, deadline=None)
def test_more_of_the_cause_never_gives_less_of_the_effect(
    claim: Claim, number: int
) -> None:
    """In any two situations that differ in the cause alone, the effect is in order."""
    less, more = pair(claim, number)
    assert math.isfinite(less)
    assert math.isfinite(more)
    assert holds(claim, less, more), claim.ground


@every_claim
@given(number=numbers)
@settings(max_examples=6, deadline=None)
def test_at_its_end_a_cause_is_off_or_fully_on(claim: Claim, number: int) -> None:
    """Off, there is no effect or none of what it lets through; on, there is one."""
    kind = kind_of(claim, TABLES)
    state = made_at(kind, number, claim.fixed)
    if claim.off is not None:
        still = with_(state, {claim.cause: claim.off})
        if claim.inert:
            less, more = values_of(kind, claim.inert, random.Random(number), claim.span)
            one = claim.measure(with_(still, {claim.inert: less}))
            assert one == claim.measure(with_(still, {claim.inert: more}))
        else:
            assert abs(claim.measure(still)) <= SLACK
    if claim.on is not None:
        state = with_(made_at(kind, number, {**claim.fixed, **claim.sure}), {})
        assert claim.measure(with_(state, {claim.cause: claim.on})) > 0.0


@every_claim
def test_no_claim_is_empty(claim: Claim) -> None:
    """Somewhere the cause moves the effect, so that the opposite claim is refuted."""
    opposite = claim._replace(sign=-claim.sign)
    assert any(not holds(opposite, *pair(claim, n)) for n in range(400))


def test_every_mechanism_has_an_end_and_an_order() -> None:
    """No mechanism is claimed to move something without being off or on somewhere."""
    ended = {c.mechanism for c in CLAIMS if c.off is not None or c.on is not None}
    assert {claim.mechanism for claim in CLAIMS} == ended
    assert all(claim.ground for claim in CLAIMS)


SHAPES: Final = {
    "militia": {
        "readiness_memory", "preparation_days",
        "emplacement_days", "max_parallel", "retaliation_days",
        "statement_days",
    },
    "host_government": {
        "intelligence_memory", "will_memory", "planning_days", "reaction_days",
        "custody_days", "evidence", "authority_memory",
    },
    "sponsor": {
        "press_bias", "loss_memory", "truce_days", "decision_days", "pushback_days",
        "direct_days",
    },
    "foreign_power": {
        "planning_days", "decision_days", "strike_killed", "strike_launchers",
        "demand_reciprocity", "provocation_memory", "leave_memory", "ladder_ratio",
    },
}  # fmt: skip
"""Parameters of which nothing is claimed here: times, spreads, sizes, stocks."""


@pytest.mark.parametrize("kind", TABLES)
def test_every_other_parameter_is_the_cause_of_something(kind: str) -> None:
    """Each parameter that is no time, size or stock has a claim of its own."""
    claimed = {c.cause.removeprefix("params.") for c in TABLES[kind]}
    table = set(parameter_table(KINDS[kind]))
    assert SHAPES[kind] <= table
    assert table - claimed - SHAPES[kind] == set()


@given(number=numbers, median=st.floats(1.0, 3.0))
def test_a_thwarted_salvo_was_of_a_round_at_least(number: int, median: float) -> None:
    """What is seized with a launcher is what an attack sets up: one round or more."""
    state = made_at("militia", number, {"setting.salvo_median": median,
                                       "setting.salvo_spread": 2.0})  # fmt: skip
    assert done(launcher_lost, "rounds")(state) >= 1.0


# What is no order between two situations.


def unfired(share: float, n: int = 3000) -> float:
    """Return the mean rounds left unfired at a share of failing launchers."""
    total = 0.0
    for number in range(n):
        state = made_at("militia", number, {"setting.malfunction_share": share,
                                           "setting.salvo_median": 5.0})  # fmt: skip
        total += done(salvo, "unfired")(state)
    return total / n


def test_failing_launchers_leave_rounds_unfired() -> None:
    """None with a share of 0, and more of them on average the more launchers fail.

    Assumed; in the record rounds were found unfired. In one attack it is no order:
    the uniform that says that a launcher fails also says how badly.
    """
    none, some, all_ = (unfired(share, 600) for share in (0.0, 0.4, 1.0))
    assert none == 0.0
    assert 0.0 < some < all_


@given(number=numbers)
@settings(max_examples=30, deadline=None)
def test_what_was_weighed_is_not_weighed_again(number: int) -> None:
    """A breach that adds nothing to what was weighed brings a word at the most."""
    held = {**to(Act.AIR_STRIKE), "view.breach": 2.0, "view.breach_asked": 2.0}
    assert chosen(protests, 2, 3, 4)(made_at("host_government", number, held)) == 0.0


def test_forces_in_time_break_an_attack_off_for_certain() -> None:
    """Interdiction is sure once the forces are there; before that it is a race."""
    state = made_at("host_government", 0, {})
    assert done(interdiction_effect, "interdiction")(state) == 1.0
