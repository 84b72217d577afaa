"""Theories as scenarios: what is on is on, what is off is off, and faults are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sim.errors import ScenarioError, StudyError
from sim.experiment.load import load_experiment
from sim.ledger.feedback import feedback_off
from sim.ledger.switches import switches_of
from sim.theories.policy import scenario_of
from sim.theories.structure import plan_of, setting_of, theories_of

if TYPE_CHECKING:
    from pathlib import Path

    from sim.experiment.experiment import Experiment

FILE = """
schema: 1
id: small
question: Who is right?
scenario: iraq_2019_2020
root_seed: 3
until: 2019-12-22
calibrate:
  particles: 20
  generations: 2
  targets: [n_rocket_attacks, share_green_zone]
score:
  origins: [2019-11-12, 2019-12-01]
  draws: 10
  replications: 2
  questions: [n_rocket_attacks, a_strike]
rivals:
  bank: 60
  worlds: 4
  windows: [1, 2]
  policy:
    experiment: e03_us_postures
    arms: [as_coded, tread_lightly]
    outcomes: [n_rocket_attacks_true, n_killed_militia_true]
    draws: 30
    replications: 2
  structures:
    none: {label: no feedback, rhythm: constant, expected: [0.5, 0.75]}
    replies:
      on: [militia.campaigns, militia.retaliation, militia.blows]
      factors:
        blow:
          path: [actors.kataib_hezbollah.blow_shift, actors.asaib_ahl_al_haq.blow_shift]
          distribution: {shape: uniform, low: 0, high: 0.5, basis: assumed}
factors:
  rate:
    label: calm rate
    path: actors.kataib_hezbollah.base_rate
    distribution: {shape: log_uniform, low: 0.01/day, high: 0.2/day, basis: assumed}
  blow:
    path: [actors.kataib_hezbollah.blow_shift, actors.asaib_ahl_al_haq.blow_shift]
    distribution: {shape: uniform, low: -0.5, high: 0.5, basis: assumed}
"""


def small(folder: Path, text: str = FILE) -> Experiment:
    """Return a small study of two theories."""
    file = folder / "small.yaml"
    file.write_text(text, "utf-8")
    return load_experiment(file)


def test_a_theory_has_its_feedbacks_and_no_other(tmp_path: Path) -> None:
    """Without any it is the scenario without feedback; else all but those are off."""
    experiment = small(tmp_path)
    scenario = experiment.scenario
    none, replies = theories_of(experiment)
    without = feedback_off(scenario)
    assert none.setting.values == without.values
    assert none.fit.scenario.digest == without.applied(scenario).digest
    by_name = {switch.name: switch for switch in switches_of(scenario)}
    for name in replies.structure.on:
        off = by_name[name].off
        assert off is not None
        assert not set(off.values) & set(replies.setting.values)
    rest = set(without.values) - set(replies.setting.values)
    assert {path.rpartition(".")[2] for path in rest} == {
        "swing", "retaliation_share", "blow_shift",
    }  # fmt: skip


def test_what_is_off_is_not_fitted_and_own_priors_stand_in(tmp_path: Path) -> None:
    """No feedback has no blow to fit; the theory of replies has its own range."""
    none, replies = theories_of(small(tmp_path))
    assert [factor.name for factor in none.fit.factors] == ["rate"]
    assert [(f.name, f.low, f.high) for f in replies.fit.factors][1:] == [
        ("blow", 0.0, 0.5)
    ]
    assert none.scored.scoring is not None
    assert none.scored.scoring.calibration is none.fit


def test_a_theory_that_fits_what_it_switches_off_is_refused(tmp_path: Path) -> None:
    """The draw would switch it on again."""
    text = FILE.replace("militia.retaliation, militia.blows]", "militia.retaliation]")
    with pytest.raises(StudyError, match="replies fits"):
        theories_of(small(tmp_path, text))


def test_an_arm_may_not_set_what_a_theory_switches_off(tmp_path: Path) -> None:
    """One of the two would undo the other."""
    text = FILE.replace(
        "{label: no feedback,",
        "{label: no feedback, off: [foreign_power.support],",
    )
    experiment = small(tmp_path, text)
    theory, policy = theories_of(experiment)[0], plan_of(experiment).policy
    with pytest.raises(StudyError, match="support_rate is set by the arm tread_light"):
        scenario_of(policy, policy.arm, theory)


def test_further_mechanisms_can_be_off(tmp_path: Path) -> None:
    """Any of the ledger: raids, which are no feedback."""
    text = FILE.replace(
        "{label: no feedback,", "{label: no feedback, off: [host_government.raids],"
    )
    experiment = small(tmp_path, text)
    structure = plan_of(experiment).structures[0]
    values = setting_of(experiment.scenario, structure).values
    assert values["actors.iraq.raid_rate"] == 0.0


FAULTS = [
    ("militia.retaliation,", "militia.retaliaton,", "is not a feedback of the ledger"),
    ("militia.retaliation,", "host_government.raids,", "is not a feedback"),
    ("windows: [1, 2]", "windows: [2, 1]", "do not rise"),
    ("expected: [0.5, 0.75]", "expected: [0.5]", "1 shares for 2 windows"),
    ("arms: [as_coded, tread_lightly]", "arms: [as_coded, tread]", "is not an arm"),
    ("n_killed_militia_true]", "n_kiled_true]", "is not an outcome"),
    ("e03_us_postures", "e33_us", "e33_us"),
    ("rhythm: constant", "rhythm: jazz", "law of dates"),
    ("label: no feedback,", "off: [militia.claimz],", "not a mechanism of the ledger"),
    (
        "distribution: {shape: uniform, low: 0, high: 0.5, basis: assumed}",
        "levels: [0, 0.5]",
        "rivals.structures.replies.factors.blow.levels   does not go with a fit",
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), FAULTS)
def test_faults_are_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    """Each with its line, and the nearest right name."""
    assert old in FILE
    with pytest.raises(ScenarioError) as raised:
        small(tmp_path, FILE.replace(old, new, 1))
    assert said in str(raised.value)


def test_rivals_need_origins_to_be_scored_from(tmp_path: Path) -> None:
    """A file without a section score is told what is missing."""
    head, _, rest = FILE.partition("score:")
    text = head + "rivals:" + rest.partition("rivals:")[2]
    with pytest.raises(ScenarioError, match="needs a section score"):
        small(tmp_path, text)


def test_a_file_without_theories_is_told(tmp_path: Path) -> None:
    """What the verb needs."""
    head, _, rest = FILE.partition("rivals:")
    text = head + "factors:" + rest.rpartition("\nfactors:")[2]
    with pytest.raises(StudyError, match="has no section 'rivals'"):
        plan_of(small(tmp_path, text))


def test_draws_leave_alone_what_an_arm_sets(tmp_path: Path) -> None:
    """What is a choice is no uncertainty: the arm's tolerance stands."""
    from sim.ensemble.draw_set import DrawSet
    from sim.theories.policy import _without

    draws: Any = DrawSet(({"a": 1.0, "b": 2.0},), 2, "d", "words")
    assert _without(draws, {"a"}).values == ({"b": 2.0},)
    assert draws.values == ({"a": 1.0, "b": 2.0},)
