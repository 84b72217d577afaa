"""Experiment files: a wrong one is refused for its reasons, a right one runs."""

import re
from pathlib import Path

import pytest

from sim.engine.cast import Cast
from sim.engine.log import Origin
from sim.engine.run import run_replication
from sim.errors import ScenarioError
from sim.experiment.design import design_of
from sim.experiment.load import corners, load_experiment
from sim.experiment.named import is_experiment
from sim.experiment.starter import starting_text
from sim.ladder import Act
from sim.scenario.edit import value_at

DATA = Path(__file__).parents[2] / "data"
INVALID = sorted((DATA / "invalid_experiments").glob("*.yaml"))
HEAD = re.compile(r"# expect: (.*)\n# line: (\d+)\n# where:(?: (.*))?\n")
TOP = """\
schema: 1
id: good
question: What if?
scenario: {scenario}
root_seed: 1
replications: 4
outcomes: [n_rocket_attacks_true]
"""


def loaded(tmp_path, rest):
    """Load an experiment on the small valid scenario."""
    file = tmp_path / "good.yaml"
    scenario = DATA / "valid" / "two_actors.yaml"
    file.write_text(TOP.format(scenario=scenario) + rest, "utf-8")
    return load_experiment(file)


@pytest.mark.parametrize("file", INVALID, ids=lambda file: file.stem)
def test_wrong_experiment_has_exactly_the_expected_faults(file):
    """A wrong file's faults are those that its first lines announce, and no others."""
    expected = [
        (int(line), where or "", message)
        for message, line, where in HEAD.findall(file.read_text("utf-8"))
    ]
    with pytest.raises(ScenarioError) as caught:
        load_experiment(file)
    assert expected
    assert [(f.line, f.where, f.message) for f in caught.value.faults] == expected


def test_corpus_names_its_rules():
    """Every file of the corpus is called bad_<rule>_<nn>, and there are many."""
    assert len(INVALID) >= 15
    assert all(re.fullmatch(r"bad_[a-z]+_\d\d", file.stem) for file in INVALID)


@pytest.mark.parametrize(
    "text",
    [
        "x\n",
        "schema: []\nscenario: {a: 1}\noutcomes: 3\nfactors: [1]\ndesign: 2\n",
        "scenario: iraq_2019_2020\nfactors: {a: 3, b: {path: {}}, c: {arms: {}}}\n",
        "scenario: iraq_2019_2020\narms: {a: [], b: {cancels: [3, []]}}\n",
        "scenario: iraq_2019_2020\nfactors: {a: {path: [], range: [{}]}}\n",
        "scenario: iraq_2019_2020\ndesign: {kind: list, points: [3, {}]}\n",
    ],
)
def test_any_shape_is_refused_with_faults(tmp_path, text):
    """Data of any shape end in faults, never in another exception."""
    file = tmp_path / "shape.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_experiment(file)
    assert caught.value.faults


def test_a_faulty_scenario_is_told_by_its_own_file_and_lines(tmp_path):
    """All faults of the scenario that a file names come with their lines in it."""
    text = (DATA / "valid" / "two_actors.yaml").read_text("utf-8")
    wrong = text.replace("obedience: 60 %", "obedience: 160 %")
    wrong = wrong.replace("max_parallel: 3", "max_parallel: -3")
    assert wrong != text
    (tmp_path / "two_actors.yaml").write_text(wrong, "utf-8")
    file = tmp_path / "good.yaml"
    file.write_text(TOP.format(scenario="two_actors.yaml"), "utf-8")
    with pytest.raises(ScenarioError, match=r"two_actors\.yaml: 2 faults") as caught:
        load_experiment(file)
    assert all(fault.line > 0 for fault in caught.value.faults)


def test_starting_file_passes_every_check(tmp_path):
    """What `escalade new experiment` writes is a legal experiment."""
    folder = tmp_path / "e77_try"
    folder.mkdir()
    (folder / "experiment.yaml").write_text(starting_text("e77_try"), "utf-8")
    assert is_experiment(folder)
    assert load_experiment(folder).name == "e77_try"


def test_commented_examples_of_the_starting_file_are_legal_too(tmp_path):
    """A user who takes the comments away gets a legal experiment."""
    text = starting_text("e77_try").replace("  # blind_eye:   ", "  blind_eye:   ")
    text = re.sub(r"^  # (  )?(?=\w+:|blind)", r"  \1", text, flags=re.MULTILINE)
    folder = tmp_path / "e77_try"
    folder.mkdir()
    (folder / "experiment.yaml").write_text(text, "utf-8")
    names = [factor.name for factor in load_experiment(folder).factors]
    assert names == ["ability", "blind_eye", "base_rate", "accuracy", "sworn_in"]


@pytest.mark.parametrize("name", ["e01_red_line", "e02_screening"])
def test_shipped_experiment_is_found_by_its_id(name):
    """The experiments of the checkout pass every check."""
    assert load_experiment(name).name == name


def test_scenario_is_no_experiment():
    """A scenario's file is not taken for an experiment."""
    assert not is_experiment(DATA / "valid" / "two_actors.yaml")


def test_factor_without_range_takes_the_cited_one(tmp_path):
    """The range of a factor is the scenario's, in the canonical unit."""
    experiment = loaded(
        tmp_path,
        "factors: {rate: {path: actors.brigade.base_rate}}\n"
        "design: {kind: grid, points: 2}\n",
    )
    factor = experiment.factors[0]
    assert (factor.low, factor.high) == pytest.approx((0.01, 0.1))


def test_units_are_converted(tmp_path):
    """Levels in another unit reach the scenario in the canonical one."""
    experiment = loaded(
        tmp_path,
        "factors: {rate: {path: actors.brigade.base_rate, unit: 1/week, "
        "levels: [0.7, 1.4]}}\ndesign: {kind: grid}\n",
    )
    values = design_of(experiment.design, experiment.factors).values()
    scenario = experiment.scenario_at(experiment.arms[0], values[1])
    assert value_at(scenario, "actors.brigade.base_rate") == pytest.approx(0.2)


def test_cancelled_development_does_not_happen(tmp_path):
    """An arm's `cancels` drops developments by id, and what they override."""
    experiment = loaded(
        tmp_path,
        "arms:\n  a:\n    label: A\n    cancels: [new_cabinet, commander_killed]\n"
        "    changes: {actors.host.detection_share: 0.5}\n",
    )
    scenario = experiment.scenario_at(experiment.arms[0], ())
    names = {d.identity for d in (*scenario.changes, *scenario.given)}
    assert names == {"crisis", "guard"}
    assert value_at(scenario, "actors.host.detection_share") == 0.5


def test_absent_actor_is_nowhere(tmp_path):
    """An absent actor is in no role, at no site, and its developments do not happen."""
    experiment = loaded(
        tmp_path, "factors: {who: {presence: patron}}\ndesign: {kind: grid}\n"
    )
    values = design_of(experiment.design, experiment.factors).values()
    assert values == [(0.0,), (1.0,)]
    gone, there = (experiment.scenario_at(experiment.arms[0], v) for v in values)
    assert "patron" not in repr([(a.name, a.roles) for a in gone.actors])
    assert [g.identity for g in gone.given] == []
    assert [a.name for a in there.actors] == [
        a.name for a in experiment.scenario.actors
    ]
    assert there.digest == experiment.scenario.digest


def test_an_arm_may_leave_an_exogenous_act_to_the_actors(tmp_path):
    """Where they do it they do it then; an act that never was exogenous is told."""
    rates = "    changes: {actors.united_states.handover_rate: 1/week}\n"
    text = f"arms:\n  listed:\n{rates}  own:\n    endogenous: [base_handover]\n{rates}"
    file = tmp_path / "good.yaml"
    top = TOP.format(scenario="iraq_endogenous_2019_2020")
    file.write_text(top + text, "utf-8")
    experiment = load_experiment(file)
    listed, own = (experiment.scenario_at(arm, ()) for arm in experiment.arms)
    assert set(listed.exogenous) - set(own.exogenous) == {Act.BASE_HANDOVER}
    counts = [
        sum(
            r.act == Act.BASE_HANDOVER and r.origin == Origin.SIMULATED
            for r in incidents
        )
        for incidents in (
            run_replication(Cast(one), 1, 0, 60.0).incidents() for one in (listed, own)
        )
    ]
    assert counts[0] == 0 < counts[1]
    file.write_text(top + text.replace("[base_handover]", "[raid]"), "utf-8")
    with pytest.raises(ScenarioError, match="'raid' is not an act that the scenario"):
        load_experiment(file)


def test_factor_may_choose_the_arm(tmp_path):
    """A factor over arms runs one arm at a point, not all of them."""
    experiment = loaded(
        tmp_path,
        "arms:\n  a: {label: A}\n"
        "  b: {label: B, changes: {actors.power.tolerance: 2}}\n"
        "factors: {policy: {arms: [a, b]}}\ndesign: {kind: grid}\n",
    )
    values = design_of(experiment.design, experiment.factors).values()
    arms = [experiment.arm_at(v) for v in values]
    assert [arm.name for arm in arms if arm is not None] == ["a", "b"]
    assert experiment.crossed_arms() == ()


def test_dates_can_be_swept(tmp_path):
    """A factor over a date gives ISO moments inside its range."""
    experiment = loaded(
        tmp_path,
        "factors: {when: {path: developments.guard.date, "
        "range: [2020-02-01, 2020-03-02]}}\ndesign: {kind: grid, points: 3}\n",
    )
    values = design_of(experiment.design, experiment.factors).values()
    assert values == [
        ("2020-02-01T00:00",), ("2020-02-16T00:00",), ("2020-03-02T00:00",),
    ]  # fmt: skip
    scenario = experiment.scenario_at(experiment.arms[0], values[1])
    assert next(c.time for c in scenario.changes if c.identity == "guard") == 46.0


def test_a_factor_of_a_thousand_levels_is_tried_at_its_ends(tmp_path):
    """Two scenarios are made, not a thousand: the lowest level and the highest."""
    levels = ", ".join(f"{0.001 * n:.3f}" for n in range(1000, 0, -1))
    number = "path: actors.{}.base_rate, unit: 1/day, levels: [{}]"
    text = (DATA / "valid" / "two_actors.yaml").read_text("utf-8")
    actor = re.search(r"^  (\w+):\n    kind: militia", text, re.MULTILINE)
    assert actor is not None
    factors = f"factors:\n  rate: {{{number.format(actor[1], levels)}}}\n"
    factors += "design:\n  kind: grid\n"
    plan = loaded(tmp_path, factors)
    assert corners(plan) == [(0.001,), (1.0,)]


def test_starting_file_has_two_policies_from_the_day_the_record_ends(tmp_path):
    """Its arms can be compared as they stand, alike until the day, with labels."""
    folder = tmp_path / "e77_try"
    folder.mkdir()
    (folder / "experiment.yaml").write_text(starting_text("e77_try"), "utf-8")
    plan = load_experiment(folder)
    arms = [plan.scenario_at(arm, (0.6,)) for arm in plan.arms]
    assert len(arms) == 3
    assert len(plan.labels) == 3
    assert [one.actors for one in arms] == [arms[0].actors] * 3
    assert {one.time for arm in arms[1:] for one in arm.changes} >= {arms[0].since}


ARMS = """\
arms:
  one: {{}}
  two:
    note: another
pair: [{pair}]
assumptions:
  - It costs
    nothing.
"""


def test_what_a_question_sets_against_each_other_is_read(tmp_path):
    """The pair in its order, and what is taken for granted as sentences."""
    asked = loaded(tmp_path, ARMS.format(pair="two, one")).asked
    assert asked == ("What if?", {"two": "another"}, ("two", "one"),
                     ("It costs nothing.",))  # fmt: skip
    assert asked.data()["pair"] == ["two", "one"]


@pytest.mark.parametrize(
    ("pair", "said"), [("one, tow", "did you mean 'two'"), ("one, one", "twice")]
)
def test_a_pair_is_of_two_arms_that_there_are(tmp_path, pair, said):
    """Another name, or one arm against itself, is a fault of the file."""
    with pytest.raises(ScenarioError) as caught:
        loaded(tmp_path, ARMS.format(pair=pair))
    (fault,) = caught.value.faults
    assert fault.where.startswith("pair")
    assert said in fault.message
