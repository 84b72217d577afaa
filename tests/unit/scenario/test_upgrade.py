"""A file rewritten in the form that is read resolves to the same scenario."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.errors import ScenarioError, StudyError
from sim.reading.strict_yaml import parse, read
from sim.rules.behaviour import parameter_table
from sim.rules.registry import KINDS
from sim.scenario.authoring.upgrade import upgraded
from sim.scenario.dump import dump, dump_yaml
from sim.scenario.gone import GONE
from sim.scenario.load import load, shipped_scenarios
from sim.scenario.schema import SCHEMA_FILE, SCHEMA_LINE

DATA = Path(__file__).parents[2] / "data"
OLD = DATA / "invalid" / "bad_gone_01.yaml"
VALID = DATA / "valid" / "two_actors.yaml"
SHIPPED = shipped_scenarios()


def command(*words: str | Path):
    """Call ``escalade upgrade``."""
    return CliRunner().invoke(app, ["upgrade", *map(str, words)])


def of_schema_1(folder: Path, name: str, **fields: str) -> Path:
    """Write a shipped scenario with everything in its place, as schema 1 had it."""
    text = dump_yaml(load(SHIPPED[name])).replace("schema: 2", "schema: 1", 1)
    for old, new in fields.items():
        text = text.replace(f"\n{old}: ", f"\n{old}: {new} # was: ", 1)
    file = folder / f"{name}.yaml"
    file.write_text(f"# Of nobody.\n{text}# The end.\n", "utf-8")
    return file


def test_what_is_gone_is_no_parameter_and_what_is_renamed_is_one() -> None:
    """No row of the table names a parameter that there is; each new name exists."""
    for section, rows in GONE.items():
        if section == "limits":
            continue
        table = parameter_table(KINDS[section])
        assert not rows.keys() & table.keys()
        assert {row.by for row in rows.values() if row.is_renamed} <= table.keys()


def test_a_file_of_schema_1_is_refused_in_one_line(tmp_path: Path) -> None:
    """Whatever else is wrong with it, one line names the command that rewrites it."""
    file = of_schema_1(tmp_path, "iraq_2019_2020")
    file.write_text(file.read_text("utf-8").replace("status: ", "statsu: "), "utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(file)
    (fault,) = caught.value.faults
    assert (fault.line, fault.where) == (2, "schema")
    assert "escalade upgrade rewrites the file" in fault.message


@pytest.mark.parametrize("name", ["iraq_2019_2020", "lebanon_withdrawal_1999_2000"])
def test_a_rewritten_scenario_is_the_same(tmp_path: Path, name: str) -> None:
    """Every number, source, range and note is where it was; the file is shorter."""
    before = load(SHIPPED[name])
    file = of_schema_1(tmp_path, name)
    n_lines = file.read_text("utf-8").count("\n")
    done = command(file, "--class", "alike")
    assert done.exit_code == 0, done.stderr
    assert "the same scenario, number by number" in done.stderr
    assert dump(load(file)) == dump(before)
    text = file.read_text("utf-8")
    assert text.count("\n") < n_lines
    assert text.startswith(f"{SCHEMA_LINE}\n# Of nobody.\n")
    assert text.endswith("# The end.\n")
    assert max(map(len, text.splitlines())) <= 88 + 20
    assert (tmp_path / SCHEMA_FILE).is_file()
    assert "is written in this form already" in command(file).stderr


@pytest.mark.parametrize("name", ["iraq_endogenous_2019_2020", "iraq_from_july_2020"])
def test_a_sibling_says_only_what_differs(tmp_path: Path, name: str) -> None:
    """A file that was copied from another is a tenth of it, and the same scenario."""
    before = load(SHIPPED[name])
    base = of_schema_1(tmp_path, "iraq_2019_2020")
    file = of_schema_1(tmp_path, name)
    assert command(base).exit_code == 0
    done = command(file, "--based-on", base)
    assert done.exit_code == 0, done.stderr
    assert dump(load(file)) == dump(before)
    text = file.read_text("utf-8")
    assert "\nbased_on: iraq_2019_2020\n" in text
    assert text.count("\n") < base.read_text("utf-8").count("\n") / 10


def test_what_a_sibling_cannot_say_is_refused(tmp_path: Path) -> None:
    """A label of its own is no value; nothing is written then."""
    text = VALID.read_text("utf-8")
    (tmp_path / VALID.name).write_text(text, "utf-8")
    other = text.replace("id: two_actors", "id: other").replace(
        "label: The Brigade", "label: Another"
    )
    with pytest.raises(StudyError, match=r"actors\.brigade\.label cannot differ"):
        upgraded(other, str(tmp_path / "other.yaml"), read(VALID))


def test_a_default_that_the_base_has_set_is_written_out(tmp_path: Path) -> None:
    """What a sibling leaves out is its base's, so its own default has to be said."""
    text = VALID.read_text("utf-8")
    (tmp_path / VALID.name).write_text(text, "utf-8")
    other = text.replace("id: two_actors", "id: other")
    other = other.replace("    solidarity: 0.3\n", "", 1)
    path = tmp_path / "other.yaml"
    path.write_text(other, "utf-8")
    before = load(path)
    path.write_text(upgraded(other, str(path), read(VALID)).text, "utf-8")
    assert dump(load(path)) == dump(before)
    base = text.replace("solidarity: 0.3", "solidarity: 0.4", 1)
    (tmp_path / VALID.name).write_text(base, "utf-8")
    new = upgraded(other, str(path), read(tmp_path / VALID.name)).text
    path.write_text(new, "utf-8")
    assert dump(load(path)) == dump(before)
    assert "actors.brigade.solidarity" in new


def test_comments_stay_with_their_keys() -> None:
    """Comments before a key and behind a value stand before it afterwards."""
    text = VALID.read_text("utf-8")
    text = text.replace("limits:\n", "# conventions\nlimits:\n", 1)
    text = text.replace("    solidarity: 0.3", "    # of all\n    solidarity: 0.3", 1)
    text = text.replace("    obedience: 60 %", "    obedience: 60 %  # a guess", 1)
    text = text.replace(
        "      note: half of what",
        "      note: |\n        # no comment\n        of what",
    )
    new = upgraded(text, "two_actors.yaml")
    assert "# conventions\nlimits:\n" in new.text
    assert "    # of all\n    solidarity: 0.3\n" in new.text
    assert "    # a guess\n    obedience: " in new.text
    assert "# no comment" in str(parse(new.text, "two_actors.yaml").data)
    assert new.is_checked


def test_what_is_gone_is_left_out_and_what_has_a_new_name_is_renamed() -> None:
    """The line and what replaced it are said; a renamed one keeps its value."""
    text = OLD.read_text("utf-8")
    text = text.replace(
        "    solidarity: 0.3\n", "    tension_memory: 14 days\n    solidarity: 0.3\n", 1
    )
    change = upgraded(text, "bad_gone_01.yaml")
    line = text.splitlines().index("    red_line: 1") + 1
    (dropped,) = change.dropped
    assert dropped.startswith(f"line {line}, actors.power.red_line is gone; see tol")
    (renamed,) = change.renamed
    assert renamed.endswith("actors.brigade.tension_memory is now readiness_memory")
    assert "red_line: 1" not in change.text
    assert "    readiness_memory: 14 days\n" in change.text


SIBLING = """schema: 2
id: beside
based_on: iraq_2019_2020
title: Beside
changes:
  actors.iraq.tolerance: {value: 95, unit: "%", basis: assumed, range: [90, 100]}
  actors.iraq.ladder_slope: 2
developments:
  - id: a_unit
    date: 2020-03-01
    source: [op-ed-2020-07-05]
    set: {parameter: actors.iraq.defiance_loss, to: 0.1}
  - id: a_scale
    date: 2020-03-01
    source: [op-ed-2020-07-05]
    scale: {parameter: actors.iraq.tolerance, by: 0.5}
"""


def test_what_is_gone_is_rewritten_in_changes_and_developments() -> None:
    """A sibling's paths are renamed; a tolerance of 95 % is log odds of 5 to 95."""
    change = upgraded(SIBLING, str(SHIPPED["iraq_2019_2020"].with_name("beside.yaml")))
    assert "actors.iraq.will: {value: -2.9444, " in change.text
    assert "range: [-10.0, -2.1972]" in change.text
    assert "parameter: actors.iraq.authority_step" in change.text
    assert "ladder_slope" not in change.text
    assert "a_scale" not in change.text
    assert [line.split(" ")[1] for line in (*change.renamed, *change.dropped)] == [
        "6,",
        "12,",
        "7,",
        "16,",
    ]
    assert change.is_checked


def test_a_path_that_names_what_is_gone_is_told_what_replaced_it(
    tmp_path: Path,
) -> None:
    """In a sibling's changes, in its developments, and on the command line."""
    file = tmp_path / "beside.yaml"
    for gone, line in (("changes", 6), ("developments", 11)):
        text = SIBLING.replace("actors.iraq.ladder_slope: 2", "actors.iraq.ability: 1")
        if gone == "developments":
            lines = text.splitlines(keepends=True)
            text = "".join(one for one in lines if "tolerance: {" not in one)
        file.write_text(text, "utf-8")
        with pytest.raises(ScenarioError) as caught:
            load(file)
        fault = caught.value.faults[0]
        assert fault.line == line
        assert fault.message.startswith("names what is ")
    with pytest.raises(ScenarioError, match="names what is gone; see authority_step"):
        load("iraq_2019_2020", {"actors.iraq.breach_loss": 0.1})


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((DATA / "nothing.yaml",), "no such file"),
        ((VALID, "--class", "No name"), "is not a name"),
        ((VALID, "--based-on", "iraq_2019"), "no shipped scenario"),
        ((DATA.parent / "data" / "invalid" / "bad_yaml_01.yaml",), "line"),
    ],
)
def test_the_command_refuses(words: tuple[str | Path, ...], said: str) -> None:
    """What cannot be read or named ends with 2 and the reason."""
    done = command(*words)
    assert done.exit_code == 2
    assert said in done.stderr


def test_an_experiment_is_no_scenario(tmp_path: Path) -> None:
    """An experiment's file is refused in words."""
    file = tmp_path / "e.yaml"
    file.write_text("schema: 1\nid: e\nscenario: iraq_2019_2020\n", "utf-8")
    assert "is an experiment, not a scenario" in command(file).stderr
