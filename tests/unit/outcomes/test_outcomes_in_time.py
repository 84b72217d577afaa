"""Outcomes of sides, halves and windows, by hand-made logs with known answers."""

from math import isnan, sqrt

import pytest

from sim.ladder import Act
from tests.unit.outcomes.test_outcomes import (
    IRAN,
    IRAQ,
    KATAIB,
    TAJI,
    US,
    attack,
    incident,
    measured,
)


def test_harm_is_shared_out_by_side() -> None:
    """Of five attacks one harms each side alone, one all three, one a militia only."""
    values = measured(
        [
            attack(1.0, wounded_foreign=1.0),
            attack(2.0, killed_host=2.0),
            attack(3.0, wounded_civilian=3.0),
            attack(4.0, killed_foreign=1.0, wounded_host=1.0, killed_civilian=1.0),
            attack(5.0, wounded_militia=1.0),
            incident(6.0, US, Act.AIR_STRIKE, KATAIB, killed_host=9.0),
        ]
    )
    for side in ("coalition", "host", "civilians"):
        assert values[f"n_attacks_harming_{side}"] == 2.0
        assert values[f"share_attacks_harming_{side}"] == pytest.approx(0.4)
    assert values["share_attacks_with_casualties"] == 1.0
    assert isnan(measured([])["share_attacks_harming_host"])


def test_sites_and_salvoes_of_the_halves() -> None:
    """The half of 252 days begins on day 126, and what falls on it is late."""
    values = measured(
        [
            attack(1.0, rounds=9.0),
            attack(2.0, site=TAJI, rounds=3.0),
            attack(125.9, rounds=3.0),
            attack(126.0, site=TAJI, rounds=2.0),
            attack(200.0, site=TAJI, rounds=4.0),
            attack(201.0, site=-1),  # nowhere, and without rounds
        ]
    )
    assert values["n_sites_attacked_first_half"] == 2.0
    assert values["n_sites_attacked_second_half"] == 1.0
    assert values["share_on_most_attacked_first_half"] == pytest.approx(2 / 3)
    assert values["share_on_most_attacked_second_half"] == 1.0
    assert values["salvo_mean_first_half"] == 5.0
    assert values["salvo_mean_second_half"] == 3.0
    # Taji goes from a third to all, and the Green Zone from two thirds to nothing.
    assert values["site_mix_change"] == pytest.approx(2 / 3)


def test_the_mix_of_one_half_alone_does_not_change() -> None:
    """Without attacks in a half its mix, and so the change, is not defined."""
    values = measured([attack(1.0), attack(2.0)])
    assert values["share_on_most_attacked_first_half"] == 1.0
    assert isnan(values["share_on_most_attacked_second_half"])
    assert isnan(values["site_mix_change"])
    assert isnan(values["salvo_mean_first_half"])  # they fired no rounds
    same = measured([attack(1.0), attack(2.0), attack(200.0)])
    assert same["site_mix_change"] == 0.0


def test_salvoes_that_halve_evenly_have_a_trend_of_minus_one() -> None:
    """Rounds 8, 4, 2 on days 1, 2, 3 fall on a line in logarithms."""
    falling = [attack(t, rounds=n) for t, n in ((1.0, 8.0), (2.0, 4.0), (3.0, 2.0))]
    assert measured(falling)["salvo_trend"] == pytest.approx(-1.0)
    bent = [attack(t, rounds=n) for t, n in ((1.0, 1.0), (2.0, 1.0), (4.0, 3.0))]
    # Times less their mean, 7/3, are -4/3, -1/3 and 5/3; logs less theirs are in
    # thirds of log 3: -1, -1 and 2. So r = 15 / (sqrt(42) sqrt(6)).
    assert measured(bent)["salvo_trend"] == pytest.approx(15 / sqrt(42 * 6))


@pytest.mark.parametrize("rounds", [(), (3.0, 5.0), (3.0, 3.0, 3.0), (3.0, 0.0, 4.0)])
def test_a_trend_needs_three_salvoes_that_differ(rounds: tuple[float, ...]) -> None:
    """Of two salvoes, or of equal ones, there is no trend."""
    values = measured([attack(float(t), rounds=n) for t, n in enumerate(rounds)])
    assert isnan(values["salvo_trend"])


def test_strikes_without_a_death_are_told_apart() -> None:
    """Strikes 4 days after a death answer it; those before, or 12 after, do not."""
    values = measured(
        [
            incident(120.0, US, Act.AIR_STRIKE, KATAIB),
            attack(126.0, killed_foreign=1.0),
            incident(130.0, US, Act.AIR_STRIKE, KATAIB),
            incident(137.0, US, Act.LEADER_KILLING, KATAIB),  # eleven days: it answers
            incident(137.1, US, Act.AIR_STRIKE, KATAIB),
        ]
    )
    assert values["n_strikes"] == 4.0
    assert values["n_strikes_without_death"] == 2.0


def test_a_strike_answers_the_wounded_only_without_the_dead() -> None:
    """Of five attacks that wound, four count, and one met a strike of its own."""
    values = measured(
        [
            attack(10.0, wounded_foreign=1.0),
            incident(12.0, US, Act.AIR_STRIKE, KATAIB),  # for the wounded of day 10
            attack(50.0, wounded_foreign=1.0),
            attack(51.0, killed_foreign=1.0, wounded_foreign=4.0),
            incident(52.0, US, Act.AIR_STRIKE, KATAIB),  # for the dead of day 51
            attack(90.0, wounded_foreign=1.0),
            attack(120.0, wounded_foreign=1.0),
            incident(132.0, US, Act.AIR_STRIKE, KATAIB),  # twelve days are too late
            attack(245.0, wounded_foreign=1.0),  # its eleven days are not over
        ]
    )
    assert values["share_strike_given_coalition_wounded"] == 0.25
    harmless = measured([attack(1.0), incident(2.0, US, Act.AIR_STRIKE, KATAIB)])
    assert isnan(harmless["share_strike_given_coalition_wounded"])


@pytest.mark.parametrize(
    ("act", "actor", "target", "counts"),
    [
        (Act.ACCUSATION, IRAQ, US, 1.0),
        (Act.PROTEST_NOTE, IRAQ, US, 1.0),
        (Act.DEMAND_TO_LEAVE, IRAQ, US, 1.0),
        (Act.EXPULSION_VOTE, IRAQ, US, 1.0),
        (Act.ACCUSATION, IRAQ, IRAN, 0.0),  # no protest against who struck
        (Act.ACCUSATION, IRAN, US, 0.0),  # not the host's
        (Act.ACCUSATION, US, IRAN, 0.0),  # blame for an attack
        (Act.DEMAND, IRAQ, US, 0.0),
    ],
)
def test_a_protest_is_the_hosts_against_a_foreign_power(
    act: Act, actor: int, target: int, counts: float
) -> None:
    """Only a host's protest against a foreign power is met by its strike."""
    strike = incident(1.0, US, Act.AIR_STRIKE, KATAIB)
    values = measured([strike, incident(2.0, actor, act, target)])
    assert values["n_accusations_after_strikes"] == counts


def test_attacks_before_and_after_are_compared_by_the_week() -> None:
    """Four attacks in the 28 days before a strike and eight after are one more a week.

    The first is 29 days before and the last 28 after, so both lie outside.
    """
    before = [attack(t) for t in (71.0, 72.0, 80.0, 90.0, 99.9)]
    after = [attack(100.0 + t) for t in (0.0, 1.0, 2.0, 3.0, 5.0, 8.0, 20.0, 27.9)]
    records = [*before, incident(100.0, US, Act.AIR_STRIKE, KATAIB), *after]
    values = measured([*records, attack(128.0)])
    assert values["attack_change_after_strikes"] == pytest.approx(1.0)
    assert isnan(values["attack_change_after_raids"])


def test_windows_end_with_the_period() -> None:
    """A raid ten days before the end is followed by a window of ten days.

    With 6 attacks in 28 days before and 1 in 10 after, as in the record.
    """
    records = [attack(214.0 + 4 * n) for n in range(6)]
    records += [incident(242.0, IRAQ, Act.RAID, KATAIB), attack(251.0)]
    change = measured(records)["attack_change_after_raids"]
    assert change == pytest.approx(7 * (1 / 10 - 6 / 28))


def test_rates_are_pooled_over_strikes_with_a_week_on_both_sides() -> None:
    """Of strikes on days 6, 14 and 246 that on day 14 counts; its past is short."""
    strikes = [incident(t, US, Act.AIR_STRIKE, KATAIB) for t in (6.0, 14.0, 246.0)]
    attacks = [attack(t) for t in (1.0, 5.0, 20.0, 40.0, 240.0, 250.0)]
    records = sorted((*strikes, *attacks), key=lambda record: record.time)
    change = measured(records)["attack_change_after_strikes"]
    assert change == pytest.approx(7 * (2 / 28 - 2 / 14))
    both = sorted(
        (*attacks, *(incident(t, US, Act.AIR_STRIKE, KATAIB) for t in (14.0, 30.0))),
        key=lambda record: record.time,
    )
    # Days 30 to 58 hold one attack, and days 2 to 30 two: of day 5 and of day 20.
    pooled = 7 * ((2 + 1) / 56 - (2 + 2) / (14 + 28))
    assert measured(both)["attack_change_after_strikes"] == pytest.approx(pooled)
