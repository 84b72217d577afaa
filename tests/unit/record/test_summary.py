"""The record measured like a replication: it gives the targets, and knows no future."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

import pytest

from sim.files import data_folder
from sim.record.question import QUESTIONS, questions_named
from sim.record.resolution import resolve
from sim.record.summary import record_outcomes
from sim.record.targets import targets_at, targets_for
from sim.scenario.event_table import read_event_table
from sim.scenario.load import load, load_whole

if TYPE_CHECKING:
    from datetime import date
from datetime import timedelta

OTHERWISE = {
    # The record has no hours, so its order stands for them; a night is one moment.
    "gap_cv": 0.9229,
    "salvo_trend": -0.3828,
    "strike_delay_days": 1.6375,
    "reply_delay_days": 0.9,
    "raid_to_show_of_force_days": 0.05,
    "arrest_to_release_days": 3.2467,
    "release_to_next_attack_days": 5.745,
    "attack_change_after_raids": -0.8058,
}
"""Targets whose definition differs from the outcome's, with what is measured."""


def test_the_record_gives_its_targets() -> None:
    """Every target is measured as it was derived, or differs as is said and why."""
    scenario = load("iraq_2019_2020")
    values = record_outcomes(scenario, scenario.horizon)
    targets = targets_for(scenario)
    assert len(targets) > 40
    for target in targets:
        told = OTHERWISE.get(target.name, target.value)
        assert values[target.outcome] == pytest.approx(told, abs=6e-5), target.name
        if target.role == "fitted":
            assert target.name not in OTHERWISE


def test_what_is_fitted_grows_with_the_day() -> None:
    """On 1 January 2020 there were 11 attacks, one of them met by a strike."""
    scenario = load("iraq_2019_2020")
    early = {t.name: t.value for t in targets_at(scenario, 65.0)}
    assert early["n_rocket_attacks"] == 11.0
    assert early["n_air_strikes_after_death"] == 1.0
    assert early["n_raids"] == early["n_claims"] == 0.0
    none = {t.name: t.value for t in targets_at(scenario, 0.5, ["salvo_median"])}
    assert isnan(none["salvo_median"])  # the attack of the first day has no rounds told


def test_a_window_counts_what_the_table_of_events_counts() -> None:
    """Month by month, outcomes of the record are the answers that resolve forecasts.

    But for what the scenario puts in: the killing of 3 January 2020.
    """
    scenario = load_whole("iraq_2019_2020")
    file = data_folder("seeds") / "incidents" / "iraq_2019_2020.csv"
    table = read_event_table(file, [(day(scenario, 0), day(scenario, 252))])
    asked = questions_named(list(QUESTIONS))
    actors = [actor.name for actor in scenario.actors]
    for since in range(0, 252, 28):
        window = (day(scenario, since), day(scenario, since + 28))
        answers = resolve(table, asked, actors, *window)
        values = record_outcomes(scenario, since + 28.0, float(since))
        for question in asked:
            # A convoy bomb of 15 March to 30 April is counted in March by the table.
            if question.outcome == "n_convoy_bombs":
                continue
            put_in = question.outcome == "n_strikes" and since == 56
            value = values[question.outcome] + put_in
            assert answers[question.id].value == value, (question.id, since)


def day(scenario: Any, days: float) -> date:
    """Return a day of a scenario."""
    return scenario.start + timedelta(days=days)
