"""Outcomes: what is read off a log, by hand-made logs with known answers."""

import itertools
import re
from math import exp, isnan
from typing import Any, Final

import pytest

from sim.engine.cast import Cast
from sim.engine.log import (
    NOBODY,
    UNREPORTED,
    IncidentLog,
    Origin,
    Record,
    RecordType,
    Report,
)
from sim.engine.run import run_replication
from sim.files import data_folder
from sim.ladder import Act
from sim.outcomes import OUTCOMES, outcomes_for, outcomes_of, rung_at, rung_path
from sim.rules.behaviour import Effect
from sim.scenario.scenario import Change, Scenario
from tests import builders

ACTORS = ("kataib", "asaib", "usbat", "iraq", "iran", "united_states")
KATAIB, ASAIB, IRAQ, IRAN, US = 0, 1, 3, 4, 5
GREEN_ZONE, TAJI = 0, 1


def incident(time: float, actor: int, act: Act, target: int, **rest: Any) -> Record:
    """Return an incident; `rest` are other fields of it, or of its effect."""
    own = {name: rest.pop(name) for name in list(rest) if name in Record._fields}
    blank = Record(
        time, RecordType.INCIDENT, int(time * 1000) + 1, 0, actor, act, target,
        NOBODY, NOBODY, NOBODY, Effect(**rest), 0.0, Origin.SIMULATED,
    )  # fmt: skip
    return blank._replace(**own)


def attack(time: float, **rest: Any) -> Record:
    """Return a rocket attack on the foreign power."""
    return incident(
        time, KATAIB, Act.ROCKET_ATTACK, US, **({"site": GREEN_ZONE} | rest)
    )


def log_of(
    records: list[Record],
    unreported: tuple[Record, ...] = (),
    named: dict[float, int] | None = None,
    horizon: float = 252.0,
) -> IncidentLog:
    """Return a log; all is reported, with its author, save what the arguments say."""
    reports = [
        UNREPORTED
        if record in unreported
        else Report(True, (named or {}).get(record.time, record.actor))
        for record in records
    ]
    return IncidentLog(
        0,
        1,
        horizon,
        0.0,
        ACTORS,
        builders.SITES,
        ("rocket",),
        (),
        (),
        tuple(records),
        tuple(reports),
    )


def measured(records: list[Record], **rest: Any) -> dict[str, float]:
    """Return the outcomes of a log."""
    return outcomes_of(log_of(records, **rest), builders.scenario())


def test_every_outcome_of_the_table_is_measured() -> None:
    """A log's outcomes are those of its scenario's table, no more and no fewer."""
    scenario = builders.scenario()
    assert set(measured([])) == set(outcomes_for(scenario))
    assert set(OUTCOMES) <= set(outcomes_for(scenario))


def test_every_target_names_an_outcome() -> None:
    """Each target of the source record names an outcome of what was reported."""
    text = (data_folder("seeds") / "targets" / "iraq_2019_2020.yaml").read_text("utf-8")
    names = re.findall(r"^\s+outcome: (\w+)$", text, re.MULTILINE)
    table = outcomes_for(builders.scenario())
    assert names
    assert [name for name in names if name not in table] == []
    assert all(table[name].is_reported for name in names)


def test_each_table_row_is_named_as_the_rule_says() -> None:
    """The suffix `_true` marks just what happened, and a companion is an outcome."""
    for name, outcome in OUTCOMES.items():
        assert outcome.name == name
        assert outcome.is_reported != name.endswith("_true")
        assert not outcome.companion or outcome.companion in OUTCOMES


def test_an_unreported_attack_counts_only_as_true() -> None:
    """What the press does not report is in the true count alone."""
    hidden = attack(5.0)
    values = measured([attack(1.0), hidden], unreported=(hidden,))
    assert values["n_rocket_attacks"] == 1.0
    assert values["n_rocket_attacks_true"] == 2.0


def test_what_was_put_in_never_counts() -> None:
    """Incidents of a development, a record or a player are in no outcome."""
    put_in = [
        attack(float(day), origin=origin, killed_foreign=1.0)
        for day, origin in enumerate(Origin)
        if origin != Origin.SIMULATED
    ]
    assert {k: v for k, v in measured(put_in).items() if not isnan(v)} == {
        k: v for k, v in measured([]).items() if not isnan(v)
    }


def test_private_acts_are_never_reported() -> None:
    """An order to attack is counted as true only, and has no reported twin."""
    values = measured([incident(1.0, IRAN, Act.DIRECTIVE_PRESS, KATAIB)])
    assert values["n_orders_to_attack_true"] == 1.0
    assert "n_orders_to_attack" not in values


def test_harm_is_counted_by_attack_and_by_side() -> None:
    """Of four attacks three harm somebody, two kill, one the foreign power's people."""
    values = measured(
        [
            attack(1.0),
            attack(2.0, wounded_host=2.0),
            attack(3.0, killed_civilian=1.0, wounded_civilian=3.0),
            attack(4.0, killed_foreign=2.0, wounded_foreign=1.0),
            incident(5.0, US, Act.AIR_STRIKE, KATAIB, killed_militia=9.0),
        ]
    )
    assert values["share_attacks_with_casualties"] == 0.75
    assert values["share_attacks_with_deaths"] == 0.5
    assert values["share_attacks_harming_coalition"] == 0.25
    assert values["n_coalition_deaths"] == 2.0
    assert values["n_wounded_all"] == 6.0
    assert values["n_killed_militia"] == 9.0


def test_rhythm_of_attacks_is_measured_by_hand() -> None:
    """Attacks on days 0, 1 and 8 of four weeks give known gaps and weeks."""
    values = measured([attack(t) for t in (0.0, 1.0, 8.0)], horizon=28.0)
    assert values["weekly_dispersion"] == pytest.approx((11 / 12) / 0.75)
    assert values["share_empty_weeks"] == 0.5
    assert values["gap_median_days"] == 4.0
    assert values["longest_gap_days"] == 7.0
    assert values["gap_cv"] == pytest.approx(18.0**0.5 / 4.0)
    assert values["rocket_attacks_per_month"] == pytest.approx(3 / 28 * 30.4375)


def test_an_unfinished_week_is_left_out() -> None:
    """An attack after the last whole week changes no weekly number."""
    values = measured([attack(1.0), attack(15.0)], horizon=20.0)
    assert values["share_empty_weeks"] == 0.5


def test_salvoes_are_of_attacks_that_fired() -> None:
    """Rounds 0, 1, 3 and 20 give a median of 3 and a third of ten or more."""
    values = measured(
        [attack(t, rounds=n) for t, n in enumerate((0.0, 1.0, 3.0, 20.0))]
    )
    assert values["salvo_median"] == 3.0
    assert values["salvo_mean"] == 8.0
    assert values["salvo_max"] == 20.0
    assert values["share_salvo_ge_10"] == pytest.approx(1 / 3)


def test_shares_of_sites_add_up() -> None:
    """Each attack counts for its site; a site never hit has share 0."""
    values = measured([attack(1.0), attack(2.0), attack(3.0, site=TAJI)])
    assert values["share_green_zone"] == pytest.approx(2 / 3)
    assert values["share_taji"] == pytest.approx(1 / 3)
    assert values["share_balad"] == 0.0


def test_a_death_is_answered_within_eleven_days() -> None:
    """A strike after 2 days answers a death, one after 12 days does not."""
    values = measured(
        [
            attack(10.0, killed_foreign=1.0),
            incident(12.0, US, Act.AIR_STRIKE, KATAIB),
            attack(12.5),
            attack(100.0, killed_foreign=1.0),
            incident(112.0, US, Act.AIR_STRIKE, KATAIB),
            attack(250.0, killed_foreign=1.0),  # its eleven days are not over
        ]
    )
    assert values["n_strikes"] == 2.0
    assert values["n_air_strikes_after_death"] == 1.0
    assert values["share_strike_given_coalition_death"] == 0.5
    assert values["strike_delay_days"] == 2.0
    assert values["reply_delay_days"] == pytest.approx((0.5 + 138.0) / 2)


def test_a_delay_without_its_cause_is_undefined() -> None:
    """Without a strike there is no delay of strikes, nor of replies."""
    values = measured([attack(1.0)])
    assert isnan(values["strike_delay_days"])
    assert isnan(values["reply_delay_days"])
    assert isnan(values["share_strike_given_coalition_death"])


def test_what_follows_a_raid_is_timed_per_militia() -> None:
    """Another militia's show of force answers no raid; custody is per militia."""
    values = measured(
        [
            incident(1.0, IRAQ, Act.RAID, KATAIB),
            incident(1.01, IRAQ, Act.ARREST, KATAIB, persons=14.0),
            incident(1.1, ASAIB, Act.SHOW_OF_FORCE, IRAQ),
            incident(1.5, KATAIB, Act.SHOW_OF_FORCE, IRAQ),
            incident(4.51, IRAQ, Act.RELEASE, KATAIB, persons=13.0),
            attack(9.51),
        ]
    )
    assert values["raid_to_show_of_force_days"] == 0.5
    assert values["arrest_to_release_days"] == pytest.approx(3.5)
    assert values["release_to_next_attack_days"] == pytest.approx(5.0)
    assert (values["n_raids"], values["n_arrests"], values["n_releases"]) == (1, 1, 1)
    assert values["n_persons_arrested"] == 14.0
    assert values["n_persons_released"] == 13.0


def test_accusations_count_strikes_within_a_week() -> None:
    """Two accusations after one strike are one strike met by an accusation."""
    values = measured(
        [
            incident(1.0, US, Act.AIR_STRIKE, KATAIB),
            incident(2.0, IRAQ, Act.ACCUSATION, US),
            incident(3.0, IRAQ, Act.ACCUSATION, US),
            incident(50.0, US, Act.AIR_STRIKE, KATAIB),
            incident(58.0, IRAQ, Act.ACCUSATION, US),
        ]
    )
    assert values["n_accusations_after_strikes"] == 1.0


def test_thwarted_attempts_are_a_share_of_all() -> None:
    """One thwarted attempt beside three attacks is a quarter."""
    thwarted = incident(9.0, IRAQ, Act.THWARTED_ATTACK, KATAIB)
    values = measured([attack(1.0), attack(2.0), attack(3.0), thwarted])
    assert values["share_thwarted"] == 0.25


def test_orders_obeyed_are_a_share_of_those_answered() -> None:
    """One obeyed order of two answered is a half."""
    records = [
        incident(1.0, KATAIB, Act.COMPLIANCE, IRAN),
        incident(2.0, KATAIB, Act.DISOBEDIENCE, IRAN),
    ]
    assert measured(records)["share_orders_obeyed_true"] == 0.5


@pytest.mark.parametrize(("struck", "share"), [(KATAIB, 0.0), (ASAIB, 1.0)])
def test_misattribution_follows_the_causes(struck: int, share: float) -> None:
    """A strike is compared with the author of the attack behind its planning."""
    cause = attack(1.0)
    planning = incident(
        2.0, US, Act.AIR_STRIKE, struck,
        record_type=RecordType.STAGE, cause=cause.identity,
    )  # fmt: skip
    strike = incident(3.0, US, Act.AIR_STRIKE, struck, cause=planning.identity)
    records = [cause, planning, strike]
    assert measured(records)["share_strikes_misattributed_true"] == share


def test_an_answer_toward_the_sponsor_is_no_strike_on_the_wrong_militia() -> None:
    """The killing of a sponsor's leader for a militia's rocket mistakes nobody."""
    cause = attack(1.0)
    strike = incident(2.0, US, Act.AIR_STRIKE, KATAIB, cause=cause.identity)
    storming = incident(3.0, KATAIB, Act.EMBASSY_STORMING, US, cause=strike.identity)
    killing = incident(4.0, US, Act.LEADER_KILLING, IRAN, cause=storming.identity)
    name = "share_strikes_misattributed_true"
    assert measured([cause, strike, storming, killing])[name] == 0.0
    assert isnan(measured([cause, killing._replace(cause=cause.identity)])[name])


SHAKEN: Final = {
    "authority": 0.5,
    "authority_memory": 50.0,
    "authority_step": 0.25,
}
"""A government whose authority moves."""


def shaken(*changes: tuple[float, str, str, float], **own: float) -> Scenario:
    """Return a scenario with that government, changed by developments."""
    return builders.scenario(
        host_params=SHAKEN | own,
        changes=tuple(
            Change(f"change_{n}", day, 0.0, "iraq", parameter, how, value)
            for n, (day, parameter, how, value) in enumerate(changes)
        ),
    )


def authority(records: list[Record], scenario: Scenario) -> tuple[float, float]:
    """Return the authority at the end of a hundred days, and the lowest."""
    values = outcomes_of(log_of(records, horizon=100.0), scenario)
    return values["authority_end_true"], values["authority_lowest_true"]


def test_authority_follows_the_developments() -> None:
    """It drifts to 1 for forty days, then to 0; from day 60 an attack costs nothing."""
    harm = Effect(killed_civilian=1.0)
    risen = (10.0, "authority", "set", 1.0)
    scenario = shaken(
        risen, (50.0, "authority", "set", 0.0), (60.0, "authority_step", "scale", 0.0)
    )
    top = 1.0 - 0.5 * exp(-40.0 / 50.0)
    end, lowest = authority([attack(70.0, effect=harm)], scenario)
    assert end == pytest.approx(top * exp(-1.0))
    assert lowest == pytest.approx(top * exp(-1.0))
    cheap = shaken(risen, (60.0, "authority_step", "add", -0.15))
    before = 1.0 - 0.5 * exp(-60.0 / 50.0)
    end, lowest = authority([attack(70.0, effect=harm)], cheap)
    lost = 0.1  # one dead
    assert end == pytest.approx(1.0 - (1.0 - (before - lost)) * exp(-30.0 / 50.0))
    assert lowest == 0.5


def test_authority_is_lowest_just_before_a_gain() -> None:
    """It sinks until a raid on day 80 raises it: the least is that of day 80."""
    scenario = shaken((0.0, "authority", "set", 0.0))
    raid = incident(80.0, IRAQ, Act.RAID, KATAIB)
    end, lowest = authority([raid], scenario)
    least = 0.5 * exp(-80.0 / 50.0)
    assert lowest == pytest.approx(least)
    assert end == pytest.approx((least + 0.25) * exp(-20.0 / 50.0))
    assert end > lowest


def test_authority_is_lowest_on_the_eve_of_a_development() -> None:
    """It sinks until a development lets it rise again: the least is of that day."""
    scenario = shaken((10.0, "authority", "set", 0.0), (50.0, "authority", "set", 1.0))
    _, lowest = authority([], scenario)
    assert lowest == pytest.approx(0.5 * exp(-40.0 / 50.0))


def test_rungs_are_climbed_and_left() -> None:
    """A threat and then an attack hold the ladder for fourteen days each."""
    log = log_of([incident(1.0, KATAIB, Act.THREAT, US), attack(10.0)], horizon=30.0)
    path = rung_path(log, builders.scenario())
    assert path == [(0.0, 0), (1.0, 4), (10.0, 8), (24.0, 0)]
    assert [rung_at(path, day) for day in (0.5, 1.0, 23.9, 24.0)] == [0, 4, 8, 0]
    values = outcomes_of(log, builders.scenario())
    assert values["peak_rung"] == 8.0
    assert values["days_at_rung_8"] == pytest.approx(14.0)
    assert values["days_at_rung_0"] == pytest.approx(7.0)


def test_a_lower_act_shows_again_when_a_higher_one_is_over() -> None:
    """After an attack has lapsed, a later threat still holds its own rung."""
    log = log_of([attack(0.5), incident(5.0, KATAIB, Act.THREAT, US)], horizon=30.0)
    path = rung_path(log, builders.scenario())
    assert path == [(0.0, 0), (0.5, 8), (14.5, 4), (19.0, 0)]


def test_the_rung_of_a_dyad_is_its_own() -> None:
    """An attack on the foreign power does not move the government's dyad."""
    log = log_of([attack(1.0), incident(2.0, KATAIB, Act.THREAT, IRAQ)], horizon=9.0)
    path = rung_path(log, builders.scenario(), "kataib", "iraq")
    assert path == [(0.0, 0), (2.0, 4)]


def test_war_needs_both_sides_and_three_strikes() -> None:
    """War begins with the third direct strike of two actors who struck each other."""
    ours = [incident(t, US, Act.DIRECT_STRIKE, IRAN) for t in (1.0, 2.0, 3.0)]
    assert measured(ours)["direct_exchange_happened"] == 0.0
    answer = incident(4.0, IRAN, Act.DIRECT_STRIKE, US)
    values = measured([*ours, answer])
    assert values["direct_exchange_happened"] == 1.0
    assert values["time_to_direct_exchange_days"] == 4.0
    late = incident(40.0, IRAN, Act.DIRECT_STRIKE, US)
    assert measured([*ours, late])["direct_exchange_happened"] == 0.0


def test_both_struck_takes_one_strike_each_however_far_apart() -> None:
    """Two strikes are enough where each made one, on the first day and on the last."""
    ours = incident(0.5, US, Act.DIRECT_STRIKE, IRAN)
    theirs = incident(251.5, IRAN, Act.DIRECT_STRIKE, US)
    values = measured([ours, theirs])
    assert values["both_struck_happened"] == 1.0
    assert values["time_to_both_struck_days"] == 251.5
    for one_sided in ([ours], [ours, incident(2.0, US, Act.DIRECT_STRIKE, IRAN)]):
        values = measured(one_sided)
        assert values["both_struck_happened"] == 0.0
        assert values["time_to_both_struck_days"] == 252.0


def test_a_time_that_did_not_come_is_the_horizon() -> None:
    """Without a strike the time is the horizon, and its companion is 0."""
    values = measured([attack(3.0)], horizon=100.0)
    assert values["time_to_first_strike_days"] == 100.0
    assert values["first_strike_happened"] == 0.0
    assert values["time_to_first_attack_days"] == 3.0
    assert values["first_attack_happened"] == 1.0


def test_days_at_rungs_fill_the_horizon() -> None:
    """In simulated logs the days at all rungs add up to the horizon."""
    scenario = builders.hot()
    cast = Cast(scenario)
    for number in range(3):
        log = run_replication(cast, 5, number)
        values = outcomes_of(log, scenario)
        for tail in ("", "_true"):
            days = sum(values[f"days_at_rung_{rung}{tail}"] for rung in range(13))
            assert days == pytest.approx(scenario.horizon)
        path = rung_path(log, scenario)
        assert all(a < b and x != y for (a, x), (b, y) in itertools.pairwise(path))
