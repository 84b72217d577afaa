"""The file that a new scenario starts from: complete, sound, and never in the way."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.analytic.branching import refuse_runaway
from sim.cli.app import app
from sim.engine.run import run_replication
from sim.errors import ScenarioError
from sim.reading.slot import table_of
from sim.rules.registry import KINDS
from sim.scenario import starter
from sim.scenario.load import load
from sim.scenario.starter import starting_scenario
from sim.sources import Basis


@pytest.fixture
def started(tmp_path: Path) -> Path:
    """Write a starting file."""
    file = tmp_path / "my_case.yaml"
    file.write_text(starting_scenario("my_case"), "utf-8")
    return file


def new(*words: str | Path):
    """Call ``escalade new scenario``."""
    return CliRunner().invoke(app, ["new", "scenario", *map(str, words)])


def test_it_has_one_actor_of_each_kind_and_runs(started):
    """It passes every check, does not run away, and a replication of it runs."""
    scenario = load(started)
    assert [actor.kind.name for actor in scenario.actors] == list(KINDS)
    assert len(scenario.sites) == 2
    assert len(scenario.changes) == 1
    assert refuse_runaway(scenario).ratio < 1.0
    assert run_replication(scenario, root_seed=1, number=0).records


def test_everybody_has_somebody_in_each_role(started):
    """Each role of each actor is filled."""
    for actor in load(started).actors:
        assert list(actor.roles) == [role.name for role in actor.kind.roles]
        assert all(actor.roles.values())


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_parameter_is_there_with_meaning_and_limits(kind):
    """Each parameter stands below a comment with its meaning and its limits."""
    lines = starting_scenario("my_case").splitlines()
    first = lines.index(f"    kind: {kind.name}")
    for name, row in table_of(kind).items():
        at = next(
            place
            for place, line in enumerate(lines)
            if place > first and line.startswith(f"    {name}: ")
        )
        assert lines[at - 1].startswith(f"    # {row.meaning}, [{row.low:.12g}, ")
        assert f"range: [{row.low:.12g}, {row.high:.12g}]" in lines[at]


def test_its_values_are_the_illustrative_ones_or_the_defaults(started):
    """Values are those of the examples, which hold the defaults of the rest."""
    actors = {actor.kind.name: actor for actor in load(started).actors}
    for name, example in starter.EXAMPLES.items():
        assert actors[name].params == pytest.approx(example)


def test_nothing_in_it_claims_a_source(started):
    """Every number of it is assumed."""
    assert {cited.basis for cited in load(started).cited} == {Basis.ASSUMED}


def test_it_grows_with_the_tables(monkeypatch):
    """A kind under another name and without an example gets a section of its own."""
    other = KINDS["sponsor"]._replace(name="patron")
    text = starting_scenario("my_case", {**KINDS, "patron": other})
    assert "  some_patron:\n    kind: patron" in text


def test_no_line_is_too_long_to_read():
    """Lines have at most 88 characters."""
    assert max(map(len, starting_scenario("my_case").splitlines())) <= 88


@pytest.mark.parametrize("identity", ["", "A", "1a", "a-b", "../a", "a" * 65, "ä"])
def test_an_id_that_is_none_is_refused(identity):
    """An id of another form is refused in words that say the form."""
    with pytest.raises(ScenarioError, match="is not a name; use a to z"):
        starting_scenario(identity)


def test_the_command_writes_a_file_that_check_passes(tmp_path):
    """The command prints the file's path, and `escalade check` finds no fault in it."""
    result = new("my_case", "--in", tmp_path / "new")
    file = tmp_path / "new" / "my_case.yaml"
    assert (result.exit_code, result.stdout.strip()) == (0, str(file))
    checked = CliRunner().invoke(app, ["check", str(file)])
    assert checked.exit_code == 0
    assert "no faults" in checked.stdout


@pytest.mark.parametrize(
    ("identity", "message"),
    [
        ("my_case", "is there already; choose another id"),
        ("iraq_2019_2020", "a shipped scenario is called 'iraq_2019_2020'"),
        ("Mine", "'Mine' is not a name"),
    ],
)
def test_the_command_overwrites_nothing(tmp_path, identity, message):
    """A taken or malformed id ends with exit 2, and what was there is untouched."""
    kept = tmp_path / "my_case.yaml"
    kept.write_text("mine\n", "utf-8")
    result = new(identity, "--in", tmp_path)
    assert result.exit_code == 2
    assert message in result.stderr
    assert [kept] == list(tmp_path.iterdir())
    assert kept.read_text("utf-8") == "mine\n"
