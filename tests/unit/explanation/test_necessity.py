"""What an ensemble would be without a cause, or with one put in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.ensemble.ensemble import run_ensemble
from sim.errors import StudyError
from sim.explanation.cause import incident_of
from sim.explanation.difference import but_for
from sim.explanation.necessity import but_for_all, with_put_in
from sim.explanation.scene import scenes_of
from sim.ladder import Act
from sim.outcomes import outcomes_of
from sim.scenario.load import load
from sim.statistics.necessity import necessity_of, share_gone, sufficiency_of

if TYPE_CHECKING:
    from sim.ensemble.ensemble import Ensemble

SCENARIO = "iraq_endogenous_2019_2020"
PAIRS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40)


@pytest.fixture(scope="module")
def few() -> Ensemble:
    """Return some replications of the scenario that tells its own story."""
    return run_ensemble(load(SCENARIO), replications=32, root_seed=3, until=90.0)


@given(PAIRS)
def test_any_coupling_lies_within_the_bounds(pairs: list[tuple[bool, bool]]) -> None:
    """Whichever pairs go together, the share lies between the bounds of the margins."""
    first, second = (np.array(column) for column in zip(*pairs, strict=True))
    found = necessity_of(first, second)
    for other in (second, np.sort(second), np.sort(second)[::-1]):
        for one in (first, np.sort(first)):
            shuffled = necessity_of(one, other)
            if shuffled.n_happened:
                assert shuffled.share >= found.bound_low - 1e-12
                assert shuffled.share <= found.bound_high + 1e-12


@given(PAIRS)
def test_bounds_are_reached(pairs: list[tuple[bool, bool]]) -> None:
    """Two couplings of the same margins have the bounds themselves as their shares."""
    first, second = (np.sort(np.array(column)) for column in zip(*pairs, strict=True))
    alike, against = (necessity_of(first, other) for other in (second, second[::-1]))
    if alike.n_happened:
        assert alike.share == pytest.approx(alike.bound_low)
        assert against.share == pytest.approx(against.bound_high)


@given(PAIRS)
def test_sufficiency_is_necessity_of_what_did_not_happen(
    pairs: list[tuple[bool, bool]],
) -> None:
    """Of those without it, the share that has it with the cause, counted by hand."""
    before, after = (np.array(column) for column in zip(*pairs, strict=True))
    found = sufficiency_of(before, after)
    if (~before).any():
        assert found.share == pytest.approx(after[~before].mean())


def test_what_is_counted_is_what_replays_one_by_one_say(few: Ensemble) -> None:
    """Totals are those of each replication's own log and the log without the cause."""
    names = ["n_strikes_true", "first_direct_strike_happened_true"]
    found = but_for_all(few, "act=rocket_attack@30", names, engine="simpy")
    total = total_without = 0.0
    for scene in scenes_of(few, engine="simpy"):
        pair = but_for(few, scene.number, ["act=rocket_attack@30"], engine="simpy")
        values = [outcomes_of(log, few.scenario) for log in (pair.own, pair.other)]
        total += values[0]["n_strikes_true"]
        total_without += values[1]["n_strikes_true"]
    change = found.changes["n_strikes_true"]
    assert (change.total, change.total_without) == (total, total_without)
    assert change.low <= change.share <= change.high


def test_what_was_left_out_is_struck_from_the_world_that_had_it(few: Ensemble) -> None:
    """Without the first attack at most its successors are missed, not itself."""
    name = "n_rocket_attacks_true"
    found = but_for_all(few, "first=rocket_attack", [name], engine="simpy")
    counted = sum(
        record.act == Act.ROCKET_ATTACK
        for scene in scenes_of(few, engine="simpy")
        for record in scene.log().incidents()
    )
    assert found.changes[name].total == counted - found.n_with_cause


def test_engines_agree(few: Ensemble) -> None:
    """Both engines give the same, to the bit."""
    pytest.importorskip("numba")
    one, two = (
        but_for_all(few, "first=rocket_attack", engine=engine)
        for engine in ("simpy", "compiled")
    )
    assert repr(one) == repr(two)
    incident = incident_of(PUT_IN, few.scenario)
    one, two = (
        with_put_in(few, incident, engine=engine) for engine in ("simpy", "compiled")
    )
    assert repr(one) == repr(two)


PUT_IN = (
    "act=leader_killing,actor=united_states,target=iran,at=2019-11-20,killed_sponsor=1"
)


def test_what_is_put_in_leaves_the_past_alone(few: Ensemble) -> None:
    """An incident put in on the last day changes no outcome but by itself: none."""
    late = incident_of(PUT_IN.replace("2019-11-20", "89.9999"), few.scenario)
    found = with_put_in(few, late, ["n_rocket_attacks_true"], engine="simpy")
    change = found.changes["n_rocket_attacks_true"]
    assert (change.total, change.share) == (change.total_without, 0.0)
    early = incident_of(PUT_IN, few.scenario)
    found = with_put_in(few, early, ["n_direct_strikes_true"], engine="simpy")
    assert found.changes["n_direct_strikes_true"].total_without > 0.0


def test_share_that_is_gone_by_hand() -> None:
    """Of six, three are left: half would not have been; of nothing nothing is known."""
    assert share_gone(np.array([2.0, 4.0]), np.array([1.0, 2.0]))[0] == 0.5
    assert np.isnan(share_gone(np.zeros(3), np.ones(3))).all()
    assert share_gone(np.ones(40), np.ones(40) * 2.0)[0] == -1.0


@pytest.mark.parametrize("n", [2, 5, 29, 30, 400])
def test_few_pairs_have_an_interval_and_none_is_exact(n: int) -> None:
    """Nothing, half or all gone: an interval with a width that holds the share."""
    own = np.tile([1.0, 3.0], n)
    for other, share in ((own, 0.0), (own / 2.0, 0.5), (0.0 * own, 1.0)):
        found, low, high = share_gone(own, other)
        assert found == pytest.approx(share)
        assert low < share
        assert high > share or share == 1.0
        assert high <= 1.0


@pytest.mark.parametrize(("low", "high"), [(0.02, 0.2), (1.0, 3.0)])
def test_intervals_of_a_share_that_is_gone_cover(low: float, high: float) -> None:
    """Where a tenth of a skewed count is gone, 95 % intervals cover in 93 % or more.

    Of 200 samples the error of the coverage is 1.5 %. Intervals by a normal
    approximation, or of half the width, are caught.
    """
    random = np.random.Generator(np.random.Philox(5))
    covered = halved = normal = 0
    for _ in range(200):
        mean = random.gamma(0.5, random.uniform(low, high), 200) + low
        own = random.poisson(mean).astype(float)
        other = random.binomial(own.astype(int), 0.9).astype(float)
        share, start, end = share_gone(own, other)
        covered += start <= 0.1 <= end
        halved += share - (share - start) / 2 <= 0.1 <= share + (end - share) / 2
        error = np.std(other - (1.0 - share) * own) * 200**0.5 / own.sum()
        normal += abs(share - 0.1) <= 1.96 * error
    assert covered >= 0.93 * 200
    assert min(halved, normal) < 0.85 * 200


def test_bounds_have_ends_of_few_pairs_and_are_not_exact() -> None:
    """Of ten pairs that all happened and none did not without, less than 1 is shown."""
    found = necessity_of(np.ones(10, bool), np.zeros(10, bool))
    assert (found.share, found.bound_low, found.bound_high) == (1.0, 1.0, 1.0)
    assert 0.5 < found.low < 1.0
    assert 0.4 < found.bounds_from < 1.0
    same = necessity_of(np.ones(10, bool), np.ones(10, bool))
    assert (same.share, same.bound_low, same.bound_high) == (0.0, 0.0, 0.0)
    assert 0.0 < same.bounds_to < 0.6


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda few: but_for_all(few, "first=raidd"), "did you mean 'raid'"),
        (lambda few: but_for_all(few, "5"), "is no act"),
        (lambda few: but_for_all(few, "raid"), "say which: 'first raid'"),
        (lambda few: but_for_all(few, "all deaths"), "name one"),
        (lambda few: but_for_all(few, "development=none"), "it puts in"),
        (lambda few: but_for_all(few, "record=none"), "in none of the 32"),
        (lambda few: but_for_all(few, "act=raid", ["peak_rung"]), "Allowed are counts"),
        (lambda few: but_for_all(few, "act=raid", ["n_raid"]), "did you mean 'n_raids"),
        (lambda few: incident_of("act=raid,actor=x,at=1", few.scenario), "none of"),
        (
            lambda few: incident_of("act=raid,actor=irak,at=1", few.scenario),
            "did you mean 'iraq'",
        ),
        (
            lambda few: incident_of("act=raid,actor=iraq,on=1", few.scenario),
            "'on' is nothing",
        ),
        (lambda few: incident_of("act=raid,at=1", few.scenario), "missing"),
        (lambda few: incident_of(f"{PUT_IN},hits=many", few.scenario), "in numbers"),
        (
            lambda few: incident_of(PUT_IN.replace("2019-11-20", "900"), few.scenario),
            "outside the scenario",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused(few: Ensemble, ask: Any, words: str) -> None:
    """The message says what is allowed, or what was probably meant."""
    with pytest.raises(StudyError, match=words):
        ask(few)
