"""``escalade explain`` and ``branch``: what they print, write, and refuse."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner, Result

from sim.cli.app import app
from sim.ensemble.rerun import read_run
from sim.explanation.explain import explain
from sim.explanation.scene import scenes_of
from sim.ladder import label_named, name_of
from sim.reports.why import prevention_rows

if TYPE_CHECKING:
    from pathlib import Path

SCENARIO = "iraq_endogenous_2019_2020"


def escalade(*words: str | Path) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a small run."""
    folder = tmp_path_factory.mktemp("explain") / "run"
    words = ("run", SCENARIO, "-n", "8", "--until", "90", "--out", folder)
    result = escalade(*words, "--engine", "simpy")
    assert result.exit_code == 0, result.output
    return folder


def test_a_reader_can_check_an_explanation_against_the_story(run: Path) -> None:
    """The numbers of an explanation are those of replay, of the same incidents."""
    number = next(n for n in range(8) if explain(run, n, engine="simpy").needed)
    result = escalade("explain", run, "-k", f"{number}", "--engine", "simpy")
    assert result.exit_code == 0, result.output
    scenario = next(run.glob("*.yaml"))
    words = ("replay", scenario, "-k", f"{number}", "--until", "90", "--every")
    replay = escalade(*words)
    start = re.compile(r"^[* ] +(\d+)  (\S+(?: \d\d:\d\d)?) +(\S.*)$", re.MULTILINE)
    told = start.findall(result.stdout)
    assert told
    for number, date, text in told:
        told_alike = rf"^ +{number}  {date} +{re.escape(text[:30])}"
        assert re.search(told_alike, replay.stdout, re.M)
    assert "In short: [" in result.stdout
    assert "is provisional: " in result.stdout
    text = " ".join(result.stdout.split())
    assert "Harm is in deaths: " in text
    assert "Foreign dead are the outcomes' coalition deaths." in text
    assert "<- " in result.stdout


def test_each_row_has_a_command_that_shows_its_world(run: Path) -> None:
    """Each command, pasted, tells a world in which the incident vanishes.

    The planted fault: a command that leaves out the last incident but one alone.
    """
    n_seen = 0
    for number in range(8):
        words = ("explain", run, "-k", f"{number}", "--engine", "simpy")
        data = json.loads(escalade(*words, "--json").stdout)
        identity = data["steps"][-1]["identity"]
        asked = data["preventions"]
        if len(asked) < 2:
            continue
        printed = escalade(*words).stdout
        below = printed[printed.index("Each row's world beside this one") :]
        why = explain(run, number, engine="simpy")
        assert below.count("  escalade explain ") == len(prevention_rows(why))
        for one in (asked[0], asked[-1]):
            command = one["command"]
            *_, which = shlex.split(command)
            if one["without_act"] is not None:
                assert which.startswith("act=")
            assert f"  {command}\n" in printed or one is asked[-1]
            rows = _incidents(shlex.split(command)[1:])
            assert [r["status"] for r in rows if r["identity"] == identity] == [
                "vanished"
            ]
            n_seen += 1
        needed = set(data["needed"]) | set(data["together"]) | {data["incident"]}
        idle = [n for n in range(1, data["incident"]) if n not in needed]
        for wrong in idle[:1]:
            rows = _incidents([*map(str, words), "--without", f"{wrong}"])
            assert "vanished" not in {
                row["status"] for row in rows if row["identity"] == identity
            }
    assert n_seen > 1


def test_in_each_command_branch_stands_for_explain(run: Path) -> None:
    """The command below the table, with the other word, gives futures without it."""
    words = ("explain", run, "--engine", "simpy")
    data = json.loads(escalade(*words, "--json").stdout)
    assert "with branch in place of explain" in escalade(*words).stdout
    plain = [one for one in data["preventions"] if "--put-in" not in one["command"]]
    for one in (plain[0], plain[-1]):
        command = shlex.split(one["command"].replace("explain", "branch", 1))[1:]
        result = escalade(*command, "-n", "30", "--engine", "simpy", "--workers", "1")
        assert result.exit_code == 0, result.output
        text = " ".join(result.stdout.split())
        assert f"left out: {command[-1]} " in text
        assert f"without {command[-1]}" in text
        assert "as it was" in text


def _incidents(words: list[str]) -> list[dict[str, str]]:
    result = escalade(*words, "--json", "--engine", "simpy")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)["incidents"]


def test_the_story_that_is_named_has_the_same_numbers(run: Path) -> None:
    """The command below tells the incident by the number that the heading has."""
    words = ("explain", run, "-k", "2", "--engine", "simpy")
    data = json.loads(escalade(*words, "--json").stdout)
    assert f"  {data['story']}\n" in escalade(*words).stdout
    told = escalade(*shlex.split(data["story"])[1:]).stdout
    step = data["steps"][-1]
    assert re.search(
        rf"^ +{step['number']}  \S+(?: \d\d:\d\d)? +{re.escape(step['text'][:30])}",
        told,
        re.MULTILINE,
    )


def test_how_often_the_like_comes_is_told_of_the_run(run: Path) -> None:
    """The share is that of the run's outcomes, and the commands beside it run."""
    words = ("explain", run, "--engine", "simpy")
    data = json.loads(escalade(*words, "--json").stdout)
    text = data["over_all"]["text"]
    found = re.match(r"This act, (.+), comes in (\d+) % of the run's 8 ", text)
    assert found
    act = data["steps"][-1]["act"]
    assert found[1] == label_named(act)
    logs = [scene.log() for scene in scenes_of(read_run(run), engine="simpy")]
    n = sum(act in {name_of(r.act) for r in log.incidents()} for log in logs)
    assert found[2] == f"{100.0 * n / 8:.0f}"
    assert 0 < n < 8
    for command in data["over_all"]["commands"]:
        result = escalade(*shlex.split(command)[1:], "--engine", "simpy")
        assert result.exit_code == 0, result.output


def test_a_replay_leaves_out_what_a_number_names(run: Path) -> None:
    """A number is the identity of that incident; one that there is not is refused."""
    scenario = next(run.glob("*.yaml"))
    words = ("replay", scenario, "-k", "2", "--until", "90", "--json")
    identity = json.loads(
        escalade("explain", run, "-k", "2", "--incident", "2", "--json").stdout
    )["steps"][-1]["identity"]
    one, two = (
        json.loads(escalade(*words, "--without", text).stdout)["records"]
        for text in ("2", identity)
    )
    assert one == two
    assert one != json.loads(escalade(*words).stdout)["records"]
    result = escalade(*words, "--without", "9999")
    assert result.exit_code == 2
    assert "its incidents are 1 to" in " ".join(result.stderr.split())


def test_a_claim_has_one_number(run: Path) -> None:
    """What answers a claim told with its attack names the claim by its own number."""
    scenario = next(run.glob("*.yaml"))
    words = ("replay", scenario, "--until", "90", "-k")
    for number in range(8):
        short, whole = (
            escalade(*words, f"{number}", *more).stdout for more in ((), ("--every",))
        )
        for claim in re.findall(r"\(incident\s+(\d+)\)", short):
            assert re.search(rf"^ +{claim}  .* claims ", whole, re.M)


def test_without_a_replication_one_with_a_strike_is_told(run: Path) -> None:
    """It is said which and why, what its strike is, and the chance beside the list."""
    result = escalade("explain", run, "--engine", "simpy")
    assert result.exit_code == 0, result.output
    text = " ".join(result.stdout.split())
    found = re.search(r"(\d) is the nearest to the medians", text)
    assert found
    assert f"of replication {found[1]} happened (" in text
    assert "The chance of it: " in text
    data = json.loads(escalade("explain", run, "--engine", "simpy", "--json").stdout)
    assert data["replication"] == int(found[1])
    assert data["chance"]["text"] in text
    assert data["chain_text"] in text
    for link in data["links"]:
        assert link["is_confirmed"]


def test_json_and_picture_hold_the_same(run: Path, tmp_path: Path) -> None:
    """JSON has every step with its words; the picture is written in both forms."""
    picture = tmp_path / "why.svg"
    words = ("explain", run, "-k", "2", "--json", "--picture", picture)
    result = escalade(*words, "--engine", "simpy")
    data = json.loads(result.stdout)
    assert data["steps"][-1]["number"] == data["incident"] == data["chain"][-1]
    assert all(step["text"] for step in data["steps"])
    svg = picture.read_text("utf-8")
    assert picture.with_suffix(".png").stat().st_size > 10_000
    for step in data["steps"]:
        assert f">{step['number']}<" in svg


def test_without_an_incident_it_is_told_side_by_side(run: Path) -> None:
    """Each later incident is factual, vanished or new, in words and in JSON."""
    words = ("explain", run, "-k", "2", "--without", "act=rocket_attack")
    result = escalade(*words, "--engine", "simpy")
    assert result.exit_code == 0, result.output
    assert "vanished" in result.stdout
    assert "under this coupling" in " ".join(result.stdout.split())
    data = json.loads(escalade(*words, "--json", "--engine", "simpy").stdout)
    assert {one["status"] for one in data["incidents"]} >= {"factual", "vanished"}


def test_over_a_whole_run(run: Path, tmp_path: Path) -> None:
    """Without a cause, with one put in, and the ways to an outcome."""
    words = ("explain", run, "--engine", "simpy")
    result = escalade(*words, "--without", "first=rocket_attack")
    assert result.exit_code == 0, result.output
    text = " ".join(result.stdout.split())
    assert "It happens in all of 8 replications" in text
    assert "(Tian and Pearl 2000)" in text
    assert "– to –" not in text
    incident = "act=threat,actor=iran,target=united_states,at=2019-11-10"
    result = escalade(*words, "--put-in", incident, "--json")
    assert json.loads(result.stdout)["is_put_in"]
    picture = tmp_path / "paths.svg"
    words = (*words, "--paths-to", "rocket_attack", "--picture", picture)
    result = escalade(*words)
    assert result.exit_code == 0, result.output
    assert "Where chains end" in result.stdout
    assert "rocket attack" in result.stdout
    assert "rocket_attack" not in result.stdout
    assert picture.with_suffix(".png").stat().st_size > 10_000


def test_one_replication_with_an_incident_put_in(run: Path) -> None:
    """What is put in is new, all before it stands, and outcomes are told of both."""
    incident = "act=leader_killing,actor=united_states,target=iran,at=2019-11-20"
    words = ("explain", run, "-k", "2", "--engine", "simpy", "--put-in", incident)
    result = escalade(*words)
    assert result.exit_code == 0, result.output
    assert re.search(r"2019-11-20 +new ", result.stdout)
    assert "as it was   with it put in" in result.stdout
    assert "strikes" in result.stdout
    data = json.loads(escalade(*words, "--json").stdout)
    assert data["put_in"] == incident
    first = data["incidents"][0]
    assert (first["status"], first["act"]) == ("new", "leader_killing")
    assert (first["day"], first["target"]) == (23.0, "iran")


def test_what_if_an_author_were_known(run: Path) -> None:
    """Who did an incident is known for sure, and all before it stands as it was."""
    words = ("explain", run, "-k", "2", "--engine", "simpy", "--put-in", "author=5")
    result = escalade(*words)
    assert result.exit_code == 0, result.output
    text = " ".join(result.stdout.split())
    assert "replication 2 where who did [5] is known for sure" in text
    data = json.loads(escalade(*words, "--json").stdout)
    assert data["put_in"] == "author=5"
    assert all(one["number"] > 5 for one in data["incidents"] if one["number"])


def test_marks_of_the_screen_are_of_what_is_needed(run: Path) -> None:
    """A star before what is needed and nothing else; the one explained has its own."""
    n_seen = 0
    for number in range(8):
        words = ("explain", run, "-k", f"{number}", "--engine", "simpy")
        printed = escalade(*words).stdout
        data = json.loads(escalade(*words, "--json").stdout)
        found = re.findall(r"^([=* ]) +(\d+)  \d{4}-", printed, re.MULTILINE)
        starred = {int(n) for mark, n in found if mark == "*"}
        assert starred == set(data["needed"])
        assert [int(n) for mark, n in found if mark == "="] == [data["incident"]]
        assert len(found) == len(data["steps"])
        n_seen += len(starred)
    assert n_seen > 0


def test_words_name_an_incident(run: Path) -> None:
    """The heading says how the incident was understood, named or by default."""
    words = ("explain", run, "-k", "2", "--engine", "simpy")
    default = " ".join(escalade(*words).stdout.split())
    assert re.search(
        r"happened \((its only|of its|it has no) strike.* rung,? ", default
    )
    result = escalade(*words, "--incident", "last=rocket_attack")
    assert "happened (the last rocket attack)" in " ".join(result.stdout.split())
    assert "What would have prevented it" in result.stdout or "No single" in (
        result.stdout
    )


def test_what_stays_the_same_is_folded(run: Path) -> None:
    """No three rows of the same follow one another, and none is lost."""
    words = ("explain", run, "-k", "2", "--without", "1", "--engine", "simpy")
    lines = escalade(*words).stdout.splitlines()
    rows = [line for line in lines if re.match(r" 20\d\d-", line)]
    same = [line.rstrip().endswith("the same") for line in rows]
    assert not any(all(same[n : n + 3]) for n in range(len(same) - 2))
    folded = sum(
        int(count[1]) - 1
        for line in rows
        if (count := re.search(r" (\d+) incidents, \[", line))
    )
    data = json.loads(escalade(*words, "--json").stdout)
    assert folded > 0
    assert len(rows) + folded == len(data["incidents"])


def test_a_branch_is_printed_and_drawn(run: Path, tmp_path: Path) -> None:
    """The futures' outcomes are printed, the fan is in the folder."""
    out = tmp_path / "futures"
    words = ("branch", run, "-k", "1", "--at", "2019-12-15", "-n", "6", "--out", out)
    result = escalade(*words, "--engine", "simpy", "--workers", "1")
    assert result.exit_code == 0, result.output
    assert "6 futures of replication 1 from day 48" in result.stdout
    assert (out / "fan.png").stat().st_size > 10_000
    data = json.loads(
        escalade(*words, "--engine", "simpy", "--workers", "1", "--json").stdout
    )
    assert (data["futures"], data["at_days"]) == (6, 48.0)
    assert "rocket attacks" in result.stdout
    assert "_" not in result.stdout


def test_what_would_be_without_a_cause_names_outcomes_in_words(run: Path) -> None:
    """No outcome stands on the screen by the name of its column."""
    words = ("explain", run, "--without", "first=rocket_attack", "--engine", "simpy")
    table = escalade(*words).stdout.partition("share in which it happens")[2]
    assert "first strike happened" in table
    assert "_" not in table


def test_a_branch_with_too_few_to_compare_is_refused_at_once(run: Path) -> None:
    """Nothing is printed or run before it is said how many futures it takes."""
    before = set(run.parent.iterdir())
    words = ("branch", run, "-k", "1", "--without", "2", "-n", "29")
    result = escalade(*words, "--engine", "simpy", "--workers", "1")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "say -n 30 or more" in " ".join(result.stderr.split())
    assert set(run.parent.iterdir()) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--incident", "2"), "name its --replication"),
        (("-k", "9"), "which holds 0 to 7"),
        (("-k", "1", "--incident", "9999"), "its incidents are 1 to"),
        (("-k", "1", "--incident", "first rade"), "did you mean 'raid'"),
        (("-k", "1", "--incident", "first expulsion"), "what does: "),
        (("--paths-to", "expulsions"), "happens in none of the 8 replications"),
        (("--paths-to", "air_strik"), "did you mean 'air_strike"),
        (("--without", "act=raid", "--outcomes", "n_raid"), "did you mean 'n_raids"),
        (("-k", "1", "--without", "2", "--outcomes", "raids"), "no outcome"),
        (("--without", "first=raid", "--put-in", "act=raid"), "one at a time"),
        (("--put-in", "author=2"), "name its --replication"),
        (("-k", "1", "--put-in", "author=9999"), "its incidents are 1 to"),
        (("-k", "1", "--put-in", "act=raid"), "missing at and actor"),
        (("-k", "1", "--without", "act=rockets"), "is no act"),
        (
            ("--without", "first=raid", "--without", "act=raid"),
            "one --without at a time",
        ),
        (("-k", "1", "--paths-to", "raid"), "of the whole run, and alone"),
        (("--put-in", "act=raid"), "missing"),
        (("-k", "1", "--without", "2,3"), "--without 2 --without 3"),
        (("--without", "2"), "name its --replication"),
        (("-k", "1", "--incident", "2", "--without", "3"), "leave --incident"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    run: Path, words: tuple[str, ...], said: str
) -> None:
    """Bad input ends with 2 and a message, never a traceback."""
    result = escalade("explain", run, *words)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())
