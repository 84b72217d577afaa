"""By how much: what a rule's claim of a direction leaves open.

A claim (``claims_<kind>.py``) says which way a cause moves its effect. These facts say
how far, in every situation; each has let a fault through once.
"""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.ladder import Act
from sim.rules.militia.attack import joins
from sim.rules.sponsor.orders import answers_strike, press_share
from tests.property.rules.claims import (
    AT_ME,
    AT_OTHER,
    MINE,
    chosen,
    gained,
    made_at,
    rate,
    to,
    with_,
)

numbers = st.integers(0, 2**32 - 1)
N_UNIFORMS: Final = 400


@given(number=numbers)
@settings(max_examples=20, deadline=None)
def test_a_second_team_needs_a_launcher_of_its_own(number: int) -> None:
    """The first team's launcher is in place; with one only, nobody joins."""
    made = made_at("militia", number, {**MINE, "params.coordination_share": 1.0})
    for launchers, joined in ((0.0, 0.0), (1.0, 0.0), (2.0, 1.0), (9.0, 1.0)):
        assert chosen(joins, 1)(with_(made, {"view.launchers": launchers})) == joined


@pytest.mark.parametrize("act", [Act.RAID, Act.AIR_STRIKE, Act.LEADER_KILLING])
@given(number=numbers)
@settings(max_examples=20, deadline=None)
def test_a_blow_to_another_is_feared_in_the_share_of_solidarity(
    act: Act, number: int
) -> None:
    """A raid counts `raid_deterrence`, a strike 1; less when it hits another."""
    made = made_at("militia", number, {**to(act), "memory.fear": 0.0})
    params, fear = made["params"], gained("militia", "fear")
    whole = params.raid_deterrence if act == Act.RAID else 1.0
    assert fear(with_(made, AT_ME)) == whole
    assert fear(with_(made, AT_OTHER)) == pytest.approx(params.solidarity * whole)


@given(number=numbers)
@settings(max_examples=20, deadline=None)
def test_of_the_answers_to_a_strike_the_press_share_presses(number: int) -> None:
    """Of all strikes the share `answer_share` is answered, and of these that one."""
    made = made_at("sponsor", number, AT_ME)
    uniforms = [{"u": (n + 0.5) / N_UNIFORMS} for n in range(N_UNIFORMS)]
    pressed, held = (
        sum(chosen(answers_strike, order)(with_(made, u)) for u in uniforms)
        for order in (1, 2)
    )
    answered, error = made["params"].answer_share, 1.01 / N_UNIFORMS
    share = rate(press_share)(made)
    assert (pressed + held) / N_UNIFORMS == pytest.approx(answered, abs=error)
    assert pressed / N_UNIFORMS == pytest.approx(answered * share, abs=error)
