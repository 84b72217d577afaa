"""A theatre from few numbers: short, sound, and never in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from sim.analytic.branching import refuse_runaway
from sim.calibration import matched as matched_module
from sim.cli.app import app
from sim.cli.files import new as module
from sim.engine.run import run_replication
from sim.errors import ScenarioError
from sim.reading.strict_yaml import parse
from sim.rules.registry import KINDS
from sim.scenario.authoring.starter import Place, Theatre, starting_scenario
from sim.scenario.load import load
from sim.scenario.schema import SCHEMA_FILE
from sim.sources import Basis

if TYPE_CHECKING:
    from pathlib import Path

THEATRE = Theatre(
    militias=("First brigade", "Second brigade", "Ærø 3"),
    host="A government",
    sites=(Place("Base", 33.3, 44.4), Place("base", 33.2, 44.3)),
    troops=300.0,
    days=90,
    red_line=2.0,
)


@pytest.fixture
def started(tmp_path: Path) -> Path:
    """Write a starting file."""
    file = tmp_path / "my_case.yaml"
    searched = {"base_rate": 1.0 / 7.0, "killed_per_hit": 0.02}
    text = starting_scenario(
        "my_case", THEATRE, searched, {"base_rate": "By a search."}
    )
    file.write_text(text, "utf-8")
    return file


def new(*words: str | Path):
    """Call ``escalade new scenario`` for a theatre in which nothing is searched for."""
    return CliRunner().invoke(app, ["new", "scenario", *map(str, words)])


def test_it_has_actors_of_each_kind_and_runs(started: Path) -> None:
    """It passes every check, does not run away, and a replication of it runs."""
    scenario = load(started)
    assert {actor.kind.name for actor in scenario.actors} == set(KINDS)
    assert [site.name for site in scenario.sites] == ["base", "base_2"]
    assert refuse_runaway(scenario).ratio < 1.0
    assert run_replication(scenario, root_seed=1, number=0).records
    for actor in scenario.actors:
        assert list(actor.roles) == [role.name for role in actor.kind.roles]
        assert all(actor.roles.values())


def test_it_says_what_was_asked_for_and_leaves_the_rest_to_defaults(
    started: Path,
) -> None:
    """What was said stands in it; all else is a default, and all is assumed."""
    scenario = load(started)
    actors = {actor.kind.name: actor for actor in scenario.actors}
    militia, power = actors["militia"], actors["foreign_power"]
    assert militia.params == militia.kind.params(base_rate=1.0 / 7.0)
    assert scenario.means[0].params.killed_per_hit == 0.02
    assert power.params == power.kind.params(tolerance=2.0)
    assert scenario.sites[0].presence == {power.name: 300.0}
    assert {cited.basis for cited in scenario.cited} == {Basis.ASSUMED}
    (rate,) = (c for c in scenario.cited if c.path.endswith("first_brigade.base_rate"))
    assert rate.note == "By a search."


def test_the_sponsor_has_the_clients_that_are_named(tmp_path: Path) -> None:
    """Only a militia that is said to be armed by the sponsor is its client."""
    words = ("--militia", "One", "--militia", "Two", "--client", "Two")
    assert new("mine", "--in", tmp_path, *words, "--attacks", "0").exit_code == 0
    scenario = load(tmp_path / "mine.yaml")
    (sponsor,) = (a for a in scenario.actors if a.kind.name == "sponsor")
    assert sponsor.roles["clients"] == ("two",)
    result = new("other", "--in", tmp_path, *words, "--client", "Too")
    assert result.exit_code == 2
    assert "did you mean 'Two'" in result.stderr


def test_what_was_edited_is_searched_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The numbers that bring about what is asked are printed, and nothing written."""
    monkeypatch.setattr(matched_module, "N_WORLDS", 40)
    assert new("mine", "--in", tmp_path, "--attacks", "0").exit_code == 0
    file = tmp_path / "mine.yaml"
    before = file.read_text("utf-8").replace(
        "base_rate: {value: 0,", "base_rate: {value: 1,"
    )
    file.write_text(before, "utf-8")
    result = new("mine", "--in", tmp_path, "--again", "--attacks", "1", "--raids", "2")
    assert result.exit_code == 0
    assert file.read_text("utf-8") == before
    numbers: Any = parse(f"schema: 2\n{result.stdout}", "x").data
    assert numbers["militia"]["base_rate"]["value"] > 0.0
    assert "1 was asked for" in numbers["militia"]["base_rate"]["note"]
    assert "2 was asked for" in numbers["host_government"]["will"]["note"]
    refused = new("mine", "--in", tmp_path, "--again")
    assert refused.exit_code == 2
    assert "--again needs one of" in refused.stderr


def test_it_is_short() -> None:
    """It has fewer than 80 lines, none too long to read."""
    lines = starting_scenario("my_case").splitlines()
    assert len(lines) < 80
    assert max(map(len, lines)) <= 88


@pytest.mark.parametrize("identity", ["", "A", "1a", "a-b", "../a", "a" * 65, "ä"])
def test_an_id_that_is_none_is_refused(identity: str) -> None:
    """An id of another form is refused in words that say the form."""
    with pytest.raises(ScenarioError, match="is not a name; use a to z"):
        starting_scenario(identity)


def test_the_command_writes_a_file_that_check_passes(tmp_path: Path) -> None:
    """The command prints the file's path, and `escalade check` finds no fault in it."""
    result = new("my_case", "--in", tmp_path / "new", "--attacks", "0")
    file = tmp_path / "new" / "my_case.yaml"
    assert (result.exit_code, result.stdout.strip()) == (0, str(file))
    assert file.with_name(SCHEMA_FILE).is_file()
    checked = CliRunner().invoke(app, ["check", str(file)])
    assert checked.exit_code == 0
    assert "no faults" in checked.stdout


def test_in_a_terminal_it_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each number is asked for with its meaning; an empty answer takes the default."""

    class Terminal:
        def isatty(self) -> bool:
            return True

    answers = ["One; Two", "", "", "", "", "Taji,33.5,44.3", "", "2021-02-03"]
    asked: list[str] = []

    def prompt(words: str, *, default: object, err: bool) -> object:
        assert err
        asked.append(words)
        place = len(asked) - 1
        answer = answers[place] if place < len(answers) else ""
        return 0.0 if words.startswith("attacks") else answer or default

    monkeypatch.setattr(module.sys, "stdin", Terminal())
    monkeypatch.setattr(module.typer, "prompt", prompt)
    module.new_scenario("asked", tmp_path)
    scenario = load(tmp_path / "asked.yaml")
    assert len(asked) == len(Theatre._fields)
    assert [actor.name for actor in scenario.actors][:2] == ["one", "two"]
    assert [site.name for site in scenario.sites] == ["taji"]
    assert scenario.start.isoformat() == "2021-02-03"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--site", "Base"), "a site has a name, degrees north"),
        (("--site", "Base,x,3"), "could not convert"),
        (("--start", "2020-13-01"), "a date is like 2020-01-31"),
        (("--attacks", "-1"), "must lie from 0 to 1000"),
        (("--attacks", "nan"), "must lie from 0 to 1000"),
        (("--troops", "-1"), "below the range"),
        (("--days", "0"), "a scenario has 1 to 3660 days"),
    ],
)
def test_what_makes_no_theatre_is_refused(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    """A wrong answer ends with exit 2 and the reason, and nothing is written."""
    result = new("my_case", "--in", tmp_path, *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("identity", "message"),
    [
        ("my_case", "is there already; choose another id"),
        ("iraq_2019_2020", "a shipped scenario is called 'iraq_2019_2020'"),
        ("Mine", "'Mine' is not a name"),
    ],
)
def test_the_command_overwrites_nothing(
    tmp_path: Path, identity: str, message: str
) -> None:
    """A taken or malformed id ends with exit 2, and what was there is untouched."""
    kept = tmp_path / "my_case.yaml"
    kept.write_text("mine\n", "utf-8")
    result = new(identity, "--in", tmp_path)
    assert result.exit_code == 2
    assert message in result.stderr
    assert [kept] == list(tmp_path.iterdir())
    assert kept.read_text("utf-8") == "mine\n"
