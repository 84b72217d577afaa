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
from sim.rules.behaviour import Effect
from sim.rules.host_government.custody import protests
from sim.rules.host_government.state import VOTE, breach_by
from sim.rules.militia.answers import carries_out, obeys
from sim.rules.militia.attack import joins, launcher_lost, salvo
from sim.rules.sponsor.answers import instructs
from sim.rules.sponsor.orders import (
    hold_hazard,
    may_hold,
    may_press,
    press_hazard,
    press_share,
)
from sim.rules.tolerance import RATIO, chance_exceeded
from tests.property.rules.claims import (
    AT_ME,
    AT_OTHER,
    MINE,
    chosen,
    done,
    gained,
    made_at,
    rate,
    to,
    with_,
)

numbers = st.integers(0, 2**32 - 1)
N_UNIFORMS: Final = 400


@pytest.mark.parametrize("act", [Act.AIR_STRIKE, Act.LEADER_KILLING])
@given(number=numbers)
@settings(max_examples=20, deadline=None)
def test_a_blow_to_another_counts_in_the_share_of_solidarity(
    act: Act, number: int
) -> None:
    """A strike on it leans it in full; less when it hits another."""
    held = {**to(act), "percept.confidence": 1.0, "params.blow_shift": 1.0}
    state = made_at("militia", number, held)
    params, leans = state["params"], gained("militia", "lean")
    assert leans(with_(state, AT_ME)) == pytest.approx(1.0)
    assert leans(with_(state, AT_OTHER)) == pytest.approx(params.solidarity)


@given(number=numbers)
@settings(max_examples=20, deadline=None)
def test_a_visit_tells_every_client_what_the_sponsor_leans_to(number: int) -> None:
    """To attack where most of its orders would press, else to hold fire."""
    state = made_at("sponsor", number, MINE)
    order = 1 if rate(press_share)(state) > 0.5 else 2
    for n in range(N_UNIFORMS):
        assert chosen(instructs, order)(with_(state, {"u": n / N_UNIFORMS})) == 1


@given(number=numbers)
@settings(max_examples=20, deadline=None)
def test_a_thwarted_attack_costs_its_launcher(number: int) -> None:
    """One, of the means by which it was to be done."""
    state = made_at("militia", number, {"setting.means": 2.0})
    assert done(launcher_lost, "launchers")(state) == 1.0
    assert done(launcher_lost, "means")(state) == 2.0


def test_each_toll_has_a_uniform_of_its_own() -> None:
    """The dead and the wounded of a side are no two readings of one number: for each
    toll that occurs there is a uniform that moves it and no other toll.
    """
    held = {"setting.salvo_median": 50.0, "setting.accuracy": 1.0}
    held |= {f"setting.{name}_per_hit": 0.5 for name in ("killed", "wounded")}
    held |= {"setting.malfunction_share": 0.0, "setting.harm_spread": 0.0}
    held |= {"setting.defence": 0.0, "setting.salvo_spread": 0.0}
    held |= {f"setting.exposed_{side}": 1.0 for side in ("foreign", "host", "civilian")}
    state = made_at("militia", 3, held)
    uniforms = [0.5] * len(state["uniforms"])
    tolls = [name for name in Effect._fields if name.startswith(("killed", "wounded"))]

    def effect(values: list[float]) -> Effect:
        own = type(state["uniforms"])(values)
        return salvo(state["params"], state["view"], state["setting"], own)

    alone: set[str] = set()
    ever: set[str] = set()
    for place in range(len(uniforms)):
        low, high = (
            effect([*uniforms[:place], u, *uniforms[place + 1 :]]) for u in (0.01, 0.99)
        )
        moved = [name for name in tolls if getattr(low, name) != getattr(high, name)]
        ever |= set(moved)
        if len(moved) == 1:
            alone |= set(moved)
    assert alone == ever != set()


@given(number=numbers)
@settings(max_examples=20, deadline=None)
def test_each_rung_of_protest_is_borne_by_its_ratio(number: int) -> None:
    """Each protest is as likely as the tolerances say, where none as strong stands.

    A breach is weighed for a word of its own too. The request to leave rests on a
    vote, and what stands leaves the accusation.
    """
    state = made_at("host_government", number, to(Act.AIR_STRIKE))
    params, seen = state["params"], state["view"]
    exceeded = [
        chance_exceeded(
            seen.breach_asked,
            seen.breach,
            params.breach_tolerance * RATIO**rung,
        )
        for rung in range(4)
    ]
    word = chance_exceeded(0.0, breach_by(state["percept"]), params.breach_tolerance)
    reached = [max(exceeded[0], word), *exceeded[1:], 0.0]
    expected = dict.fromkeys(range(1, 5), 0.0)
    for rung in range(1, 5):
        asked = rung if rung < 4 or seen.protest >= VOTE else 3
        said = asked if asked > seen.protest else 1
        expected[said] += max(reached[rung - 1] - max(reached[rung:]), 0.0)
    for choice, share in expected.items():
        n = sum(
            chosen(protests, choice)(with_(state, {"u": (k + 0.5) / N_UNIFORMS}))
            for k in range(N_UNIFORMS)
        )
        assert n / N_UNIFORMS == pytest.approx(share, abs=1.01 / N_UNIFORMS)


@given(number=numbers)
@settings(max_examples=20, deadline=None)
def test_an_order_to_attack_at_once_is_carried_out_once(number: int) -> None:
    """A client that obeys it fires; one that obeys another order, or ignores, not."""
    order = {**to(Act.DIRECTIVE_PRESS), "percept.is_at_me": 1, "percept.force": 1.0}
    order |= {"params.obedience": 1.0, "percept.rounds": 1.0, "view.truce": 0.0}
    assert chosen(obeys, 5)(made_at("militia", number, order)) == 1.0
    own = {**to(Act.COMPLIANCE), "percept.is_mine": 1, "params.order_shift": 1.0}
    for rounds in (0.0, 1.0):
        state = made_at("militia", number, own | {"percept.rounds": rounds})
        assert chosen(carries_out, 1)(state) == rounds


@given(number=numbers)
@settings(max_examples=20, deadline=None)
def test_nobody_joins_an_attack_of_another(number: int) -> None:
    """Of its own a militia joins the share `coordination_share`; of others none."""
    attack = to(Act.ROCKET_ATTACK) | {"params.coordination_share": 0.5}
    for is_mine in (0, 1):
        for u, joined in ((0.49, is_mine), (0.51, 0)):
            situation = attack | {"percept.is_mine": is_mine, "u": u}
            assert chosen(joins, 1)(made_at("militia", number, situation)) == joined


@given(number=numbers)
@settings(max_examples=50, deadline=None)
def test_orders_to_attack_and_to_hold_share_one_rate(number: int) -> None:
    """Each comes at `directive_rate` times its share; none where it is forbidden."""
    free = {"view.truce": 0.0, "view.stance": 0.0, "view.stands": 0.0}
    for held in ({}, free):
        situation = made_at("sponsor", number, held)
        share, view = rate(press_share)(situation), situation["view"]
        params = situation["params"]
        for hazard, may, part in (
            (press_hazard, may_press, share),
            (hold_hazard, may_hold, 1.0 - share),
        ):
            expected = params.directive_rate * part if may(params, view) else 0.0
            assert rate(hazard)(situation) == pytest.approx(expected)
