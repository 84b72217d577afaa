"""The command: exit codes, what goes to stdout and to stderr, and bad input."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner, Result

from sim.cli import progress
from sim.cli.app import app
from sim.scenario.load import shipped_scenarios

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[3]
VALID = ROOT / "tests" / "data" / "valid" / "two_actors.yaml"
EXPERIMENT = ROOT / "experiments" / "e02_screening" / "experiment.yaml"
SHIPPED = "iraq_2019_2020"
PROVISIONAL = "iraq_endogenous_2019_2020"


def escalade(*words: str | Path) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(app, [str(word) for word in words])


def process(*words: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "sim", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=60,
        **more,
    )


@pytest.fixture(scope="module")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a small run."""
    folder = tmp_path_factory.mktemp("small") / "run"
    result = escalade(
        *("run", VALID, "-n", "20", "--workers", "1", "--until", "20"),
        *("--out", folder),
    )
    assert result.exit_code == 0, result.output
    return folder


def test_the_record_stands_beside_null_and_prior(tmp_path: Path) -> None:
    """What a run says of the record names the null, its factor and what it meets."""
    words = ("run", SHIPPED, "-n", "8", "--workers", "1", "--engine", "simpy")
    result = escalade(*words, "--outcomes-only", "--out", tmp_path / "run", "--json")
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    count, null, *_ = said["record_notes"]
    assert "inside that of the null, without any feedback, in" in count
    assert "coupled replications" in null
    attacks = next(
        row for row in said["record"] if row["outcome"] == "n_rocket_attacks"
    )
    assert attacks["null_low"] <= attacks["null_high"]
    page = (tmp_path / "run" / "record.md").read_text("utf-8")
    assert "| Null 5 % – 95 % |" in page
    assert count in page
    assert null in page


# Help


def test_help_loads_nothing_heavy() -> None:
    """The help is printed without pandas, matplotlib, SimPy, pydantic or NumPy."""
    heavy = "{'numpy', 'pandas', 'matplotlib', 'simpy', 'pydantic', 'numba', 'yaml'}"
    code = (
        "import sys\nfrom sim.cli.app import app\n"
        "try:\n    app(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print('heavy:', sorted({heavy} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert "heavy: []" in done.stdout
    assert "replay" in done.stdout


@pytest.mark.parametrize("verb", ["check", "run", "replay", "list", "schema"])
def test_every_verb_has_help_and_json(verb: str) -> None:
    """Each verb explains itself and offers JSON."""
    result = escalade(verb, "--help")
    assert result.exit_code == 0
    assert "--json" in result.stdout


SIMULATING = (
    "run", "replay", "rerun", "sweep", "sensitivity", "discover", "calibrate",
    "compare",
)  # fmt: skip


@pytest.mark.parametrize("verb", SIMULATING)
def test_every_verb_that_simulates_takes_the_engine(verb: str) -> None:
    """Each lets people say which engine runs."""
    result = escalade(verb, "--help")
    assert "--engine" in result.stdout
    assert "auto|simpy|compiled" in result.stdout


def test_version() -> None:
    """The version is one line."""
    result = escalade("--version")
    assert result.exit_code == 0
    assert result.stdout.startswith("escalade ")


def test_without_a_verb_the_help_is_shown() -> None:
    """No verb gives the help."""
    assert "Usage" in escalade().output


# Bad input: exit 2, one message, nothing on stdout, no traceback


def bad_scenario(folder: Path, old: str, new: str) -> Path:
    """Write the valid scenario with something replaced."""
    text = VALID.read_text("utf-8")
    assert old in text
    file = folder / "bad.yaml"
    file.write_text(text.replace(old, new, 1), "utf-8")
    return file


def refused(result: Result, *parts: str, code: int = 2) -> None:
    """Check that a command was refused with a message that has these parts."""
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    for part in parts:
        assert part in result.stderr


@pytest.mark.parametrize("verb", ["check", "run", "replay"])
def test_a_misspelt_key_names_line_and_nearest(verb: str, tmp_path: Path) -> None:
    """A misspelt key is refused with its line and the nearest right key."""
    file = bad_scenario(tmp_path, "utc_offset_hours:", "utc_offset_hour:")
    more = ("--replication", "0") if verb == "replay" else ()
    refused(escalade(verb, file, *more), "line ", "utc_offset_hours")


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    """Two faults of a file are told together."""
    file = bad_scenario(tmp_path, "utc_offset_hours:", "utc_offset_hour:")
    file.write_text(file.read_text("utf-8").replace("status:", "statos:"), "utf-8")
    refused(escalade("check", file), "utc_offset_hour", "statos")


def test_check_tells_faults_as_json(tmp_path: Path) -> None:
    """With --json the faults are on stdout, with line and message."""
    file = bad_scenario(tmp_path, "utc_offset_hours:", "utc_offset_hour:")
    result = escalade("check", file, "--json")
    assert result.exit_code == 2
    data = json.loads(result.stdout)
    assert data["ok"] is False
    assert all(fault["message"] for fault in data["faults"])


def test_a_missing_file_names_the_nearest(tmp_path: Path) -> None:
    """A missing file is refused with the nearest name in its folder."""
    (tmp_path / "kirkuk.yaml").write_text("", "utf-8")
    refused(escalade("check", tmp_path / "kirkuk.yml"), "did you mean 'kirkuk.yaml'?")


def test_an_unknown_id_names_the_nearest() -> None:
    """An unknown scenario id is refused with the nearest shipped one."""
    refused(escalade("run", SHIPPED[:-1]), f"did you mean '{SHIPPED}'?")


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "is empty"),
        (b"\x00\xff" * 5_000_000, "limit"),
        (b"\xff\xfe\x00garbage", "UTF-8"),
        (b'a: !!python/object/apply:os.system ["true"]\n', "tag"),
        (b"- just\n- a list\n", "fault"),
        (b"a: &x 1\nb: *x\n", "fault"),
    ],
    ids=["empty", "10 MB", "not text", "code", "a list", "anchor"],
)
def test_what_is_no_scenario_is_refused(
    content: bytes, part: str, tmp_path: Path
) -> None:
    """Files that hold no scenario are refused by what is wrong with them."""
    file = tmp_path / "x.yaml"
    file.write_bytes(content)
    refused(escalade("check", file), part)


def test_a_directory_is_refused(tmp_path: Path) -> None:
    """A directory is no scenario."""
    refused(escalade("run", tmp_path), "directory")


@pytest.mark.parametrize(
    ("options", "part"),
    [
        (["--replications", "0"], "allowed is 1"),
        (["--replications", "-3"], "allowed is 1"),
        (["--replications", "1e3"], "--replications"),
        (["--workers", "0"], "allowed is 1"),
        (["--root-seed", "-1"], "allowed is 0 to 2**64 - 1"),
        (["--root-seed", str(2**64)], "allowed is 0 to 2**64 - 1"),
        (["--until", "2031-01-01"], "after its end"),
        (["--until", "1999-01-01"], "not after its start"),
        (["--until", "0"], "not after its start"),
        (["--until", "nan"], "--until nan"),
        (["--until", "2020-02-31"], "calendar"),
        (["--until", "soon"], "2020-01-03"),
        (["--set", "actors"], "path=value"),
        (["--set", "actors.nobody.resolve=1"], "is not a value"),
        (["--set", "status=a", "--set", "status=b"], "twice"),
        (["--no-such-option"], "--no-such-option"),
    ],
    ids=" ".join,
)
def test_bad_options_are_refused(
    options: Sequence[str], part: str, tmp_path: Path
) -> None:
    """Options out of range are refused before anything is simulated or written."""
    out = tmp_path / "run"
    refused(escalade("run", VALID, "--out", out, *options), part)
    assert not out.exists()


@pytest.mark.parametrize("number", ["-1", str(2**64), "2.5", "x"])
def test_replay_refuses_what_is_no_replication(number: str) -> None:
    """A replication's number is whole, from 0 to 2**64 - 1."""
    refused(escalade("replay", VALID, "--replication", number), "replication")


def test_the_largest_numbers_are_legal() -> None:
    """The last replication of the last root_seed can be replayed."""
    last = str(2**64 - 1)
    result = escalade(
        *("replay", VALID, "--replication", last, "--root-seed", last),
        *("--until", "5"),
    )
    assert result.exit_code == 0, result.output


def test_an_unwritable_folder_ends_with_3() -> None:
    """A run directory that cannot be made is a broken run, and no traceback."""
    result = escalade("run", VALID, "-n", "5", "--out", "/proc/none/run")
    refused(result, "cannot write", code=3)


def test_a_broken_replication_ends_with_3_and_how_to_repeat_it(tmp_path: Path) -> None:
    """Where replications break, the run ends with 3 and says how to repeat one."""
    cap = ("--set", "limits.max_incidents=1")
    result = escalade(
        *("run", SHIPPED, "-n", "3", "--workers", "1", *cap),
        *("--out", tmp_path / "run"),
    )
    assert result.exit_code == 3
    assert "3 of 3 replications failed" in result.stderr
    assert "escalade replay" in result.stderr
    refused(escalade("replay", SHIPPED, "--replication", "0", *cap), "more", code=3)


def test_a_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    """A run does not write among other people's files."""
    (tmp_path / "thesis.txt").write_text("", "utf-8")
    refused(escalade("run", VALID, "-n", "5", "--out", tmp_path), "thesis.txt")


def test_an_error_of_ours_says_how_to_report_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An unexpected exception is one sentence; --debug adds the traceback."""

    def broken(*args: object, **kwargs: object) -> None:
        message = "broken on purpose"
        raise LookupError(message)

    monkeypatch.setattr("sim.scenario.load.load", broken)
    result = escalade("check", VALID)
    assert result.exit_code == 1
    assert "broken on purpose" in result.stderr
    assert "report" in result.stderr
    assert "Traceback" not in result.stderr
    assert "Traceback" in escalade("--debug", "check", VALID).stderr


# What the verbs give


def test_check_lists_assumed_numbers_first() -> None:
    """Numbers come with their basis, the assumed ones before all others."""
    data = json.loads(escalade("check", SHIPPED, "--json").stdout)
    bases = [row["basis"] for row in data["parameters"]]
    assert bases == sorted(bases, key=present_order)
    assert {"path", "value", "unit", "source", "low", "high"} <= set(
        data["parameters"][0]
    )


def present_order(basis: str) -> int:
    """Return the place of a basis."""
    return ("assumed", "calibrated", "coded", "measured").index(basis)


def test_the_resolved_file_resolves_to_itself(tmp_path: Path) -> None:
    """The resolved file is a legal scenario, and the same when resolved again."""
    first = escalade("check", VALID, "--resolve").stdout
    file = tmp_path / VALID.name  # an id is its file's name
    file.write_text(first, "utf-8")
    assert escalade("check", file, "--resolve").stdout == first


def test_list_gives_every_shipped_scenario() -> None:
    """The list holds each shipped scenario with title, period, actors and status."""
    data = json.loads(escalade("list", "--json").stdout)
    assert {entry["id"] for entry in data} == set(shipped_scenarios())
    assert all(entry["title"] and entry["actors"] and entry["end"] for entry in data)
    assert SHIPPED in escalade("list").stdout


def test_schema_is_json_schema() -> None:
    """The schema names its dialect."""
    assert "json-schema.org" in json.loads(escalade("schema").stdout)["$schema"]


def test_a_provisional_scenario_says_so_everywhere(tmp_path: Path) -> None:
    """Every verb that reads a provisional scenario says so; a checked one is not."""
    text = VALID.read_text("utf-8")
    assert "status: provisional" in text
    checked = tmp_path / VALID.name  # an id is its file's name
    checked.write_text(text.replace("status: provisional", "status: checked"), "utf-8")
    for words in (
        ("check", VALID),
        ("check", PROVISIONAL),
        ("check", PROVISIONAL, "--json"),
        ("replay", PROVISIONAL, "--replication", "0", "--until", "5"),
    ):
        assert "provisional" in escalade(*words).stderr

    assert escalade("check", checked).exit_code == 0
    assert "provisional" not in escalade("check", checked).stderr
    checked.write_text(text.replace("status: provisional", "status: draft"), "utf-8")
    said = escalade("check", checked).stderr
    assert "is a draft: its numbers are what its author takes them to be" in said
    assert "coding" not in said


def test_replay_tells_the_same_story_twice() -> None:
    """A replication is told the same each time, dated and numbered."""
    words = ("replay", SHIPPED, "--replication", "3", "--until", "2020-01-15")
    first = escalade(*words).stdout
    assert first == escalade(*words).stdout
    assert "2020-01-03 01:00" in first


def test_set_changes_what_happens() -> None:
    """A changed value changes the replication."""
    words = ("replay", SHIPPED, "--replication", "3", "--until", "90", "--json")
    before = json.loads(escalade(*words).stdout)
    after = json.loads(
        escalade(*words, "--set", "actors.kataib_hezbollah.base_rate=0/day").stdout
    )
    assert before["scenario"]["digest"] != after["scenario"]["digest"]
    assert before["records"] != after["records"]


def test_run_writes_tables_and_pictures(small_run: Path) -> None:
    """A run directory holds manifest, parts, summary, and pictures if asked for."""
    names = {f.relative_to(small_run).as_posix() for f in small_run.rglob("*.*")}
    assert {"manifest.json", "summary.csv"} <= names
    assert not {name for name in names if name.startswith("pictures")}
    words = ("-n", "20", "--workers", "1", "--until", "20", "--out", small_run)
    assert "pictures" in escalade("run", VALID, *words, "--pictures").stdout
    names = {f.relative_to(small_run).as_posix() for f in small_run.rglob("*.*")}
    assert "pictures/ladder.svg" in names
    assert {"pictures/outcomes.png", "pictures/weeks.png"} <= names
    assert "outcomes/part-00000.parquet" in names


def test_run_as_json_prints_nothing_else(small_run: Path) -> None:
    """With --json stdout is one JSON document; messages are on stderr."""
    result = escalade(
        *("run", VALID, "-n", "20", "--workers", "1", "--until", "20"),
        *("--out", small_run, "--json"),
    )
    data = json.loads(result.stdout)
    assert data["replications"] == 20
    assert data["typical_replication"] in range(20)
    assert all(Path(file).stat().st_size > 0 for file in data["pictures"])
    assert "done in" in result.stderr


@pytest.mark.slow
def test_run_does_not_depend_on_workers(tmp_path: Path) -> None:
    """One worker and two print the same numbers."""
    told: list[Any] = []
    for workers in ("1", "2"):
        done = process(
            *("run", VALID, "-n", "110", "--until", "10", "--json"),
            *("--workers", workers, "--out", tmp_path / workers),
        )
        assert done.returncode == 0, done.stderr
        told.append(json.loads(done.stdout)["outcomes"])
    assert told[0] == told[1]


@pytest.mark.slow
def test_compare_draws_from_a_posterior(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Arms share the draws of a posterior; a path that an arm sets is refused."""
    monkeypatch.chdir(tmp_path)
    fit = ROOT / "experiments" / "c01_iraq_2019_2020" / "posterior.parquet"
    words = ("compare", "iraq_2019_2020", "iraq_endogenous_2019_2020")
    few = ("--draws", "30", "--until", "10", "--workers", "1", "--json")
    result = escalade(*words, "--posterior", fit, *few)
    assert result.exit_code == 0, result.output
    assert "fitted with iraq_2019_2020" in result.stderr
    assert "from the posterior of c01_iraq_2019_2020" in result.stdout
    folder = result.stderr.split("everything is in ")[1].strip()
    manifest = json.loads((tmp_path / folder / "manifest.json").read_text("utf-8"))
    assert manifest["state"] == "complete"
    assert escalade("brief", tmp_path / folder).exit_code == 0
    page = (tmp_path / folder / "brief.html").read_text("utf-8")
    assert "10 days from 2019-10-28" in page
    assert "iraq_2019_2020: the scenario as it stands." in page
    assert "iraq_endogenous_2019_2020: restriction rate of Iraq" in page
    again = escalade(*words, "--posterior", fit, *few)
    assert again.stdout == result.stdout
    assert folder in again.stderr
    refused = escalade(
        *("compare", "e03_us_postures", "--posterior", fit, "--draws", "30"),
    )
    assert refused.exit_code == 2
    assert "would undo the policy" in refused.stderr
    alone = escalade(*words, "--vary", "actors.iraq.ability")
    assert alone.exit_code == 2
    assert "--vary: of no effect without --draws" in alone.stderr
    idle = escalade(*words, "--posterior", fit, "--independent", "--competing", "x")
    assert idle.exit_code == 2
    assert "--independent, --competing: of no effect under" in idle.stderr
    none = escalade(*words, "--draws", "0")
    assert none.exit_code == 2
    assert "--draws" in none.stderr
    both = escalade(*words, "--posterior", fit, "--vary", "actors.iraq.ability")
    assert both.exit_code == 2


def test_run_under_draws_of_a_posterior(tmp_path: Path) -> None:
    """Chance, parameters and history are kept apart; what clashes is refused."""
    fit = ROOT / "experiments" / "c01_iraq_2019_2020" / "posterior.parquet"
    words = ("run", "iraq_2019_2020", "--posterior", fit, "--until", "4")
    few = ("--draws", "30", "--workers", "1", "--engine", "simpy")
    out = tmp_path / "run"
    result = escalade(*words, *few, "--out", out, "--json")
    assert result.exit_code == 0, result.output
    data = json.loads(result.stdout)
    assert data["draws"]["count"] == 30
    row = next(r for r in data["outcomes"] if r["outcome"] == "n_rocket_attacks_true")
    assert row["n"] == 60
    assert row["low"] < row["mean"] < row["high"]
    names = {file.name for file in out.iterdir()}
    assert {"manifest.json", "summary.csv", "budget.json", "draws.csv"} <= names
    shown = escalade(*words, *few, "--out", out)
    assert "30 draws × 2 replications" in shown.stdout
    assert "30 draws of 12 parameters from the posterior of c01" in shown.stdout
    assert escalade("report", out).exit_code == 0
    page = (out / "report.html").read_text("utf-8")
    assert "What the draws set" in page
    assert "nine histories in ten lie within" in page
    refused = (
        (("--set", "actors.iraq.raid_rate=0.1/week"), "set by --set: the draw would"),
        (("--draws", "29"), "--draws 29 is out of range"),
        (("-n", "1"), "--replications 1 is out of range"),
        (("--pictures",), "--pictures"),
    )
    for option, words_of_it in refused:
        done = escalade(*words, *few, *option)
        assert done.exit_code == 2, done.output
        assert words_of_it in done.stderr
    alone = escalade("run", "iraq_2019_2020", "--draws", "40")
    assert alone.exit_code == 2
    assert "--draws needs --posterior" in alone.stderr


def test_a_closed_pipe_ends_quietly() -> None:
    """Output into a pipe that is closed early is no error."""
    command = f"{sys.executable} -m sim schema | head -1"
    done = subprocess.run(
        command, shell=True, capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.stdout == "{\n"
    assert done.stderr == ""


# Presentation


def test_progress_is_silent_when_it_is_quick(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Work of less than two seconds shows no progress."""
    with progress.Screen().stage("work") as shown:
        for done in range(11):
            shown(done, 10)
    assert capsys.readouterr().err == ""


def test_progress_is_a_line_where_no_bar_can_be(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Off a terminal there is one line in ten seconds, with the time left."""
    clock = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: clock[0])
    with progress.Screen().stage("work") as shown:
        for done in range(40):
            shown(done, 40)
            clock[0] += 1.0
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3
    assert lines[0] == "work: 10 of 40 done, about 30.0 s left"


@pytest.mark.parametrize("variable", ["NO_COLOR", "TERM"])
def test_progress_is_a_line_where_no_colour_is_wanted(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
) -> None:
    """On a terminal, too, NO_COLOR and a dumb terminal get plain lines."""
    monkeypatch.setenv(variable, "dumb")
    clock = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with progress.Screen().stage("work") as shown:
        for done in range(0, 40, 20):
            clock[0] += 10.0
            shown(done, 40)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "work: at the first of 40"
    assert lines[1].startswith("work: 20 of 40 done, about ")


def test_run_says_first_what_it_comes_to(small_run: Path) -> None:
    """Title, two sentences, a dozen outcomes in words, then what to do next."""
    words = ("run", VALID, "-n", "20", "--workers", "1", "--until", "20")
    shown = escalade(*words, "--out", small_run).stdout
    lines = shown.splitlines()
    assert lines[2].startswith("In 20 days ")
    assert max(map(len, lines[: lines.index("Next:")])) <= 100
    assert lines.index("Next:") < lines.index(f"  escalade report {small_run}")
    assert lines.index(f"  escalade report {small_run}") < len(lines) - 4
    table = shown[: shown.index("Next:")]
    assert not re.search(r"\b(n|time|share)_\w+", table)
    longer = escalade(*words, "--out", small_run, "--verbose").stdout
    assert len(longer) > len(shown)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("sweep", SHIPPED), "is a scenario, not an experiment"),
        (("sweep", VALID), "is a scenario, not an experiment"),
        (("run", EXPERIMENT), "is an experiment, not a scenario; escalade sweep"),
        (("run", SHIPPED, "--set", "a.b", "3"), "'a.b' is not of the form path=value"),
        (("run", SHIPPED, "-n", "five"), "'five' is not a whole number"),
        (("run", SHIPPED, "--set", "start=2025-01-01"), f"{SHIPPED} as changed: 1"),
        (("compare", SHIPPED, "--set", "start=1"), f"{SHIPPED} as changed: 1 fault"),
        (("comparr", SHIPPED), "'comparr' is no verb; did you mean 'compare'?"),
        ((SHIPPED,), f"did you mean: escalade run {SHIPPED}?"),
        ((str(EXPERIMENT),), f"did you mean: escalade sweep {EXPERIMENT}?"),
        (("zzz",), "'zzz' is no verb; verbs: check, compile, upgrade, run"),
    ],
)
def test_a_slip_is_told_what_to_do(words: tuple[str, ...], said: str) -> None:
    """What was meant is said, with exit code 2."""
    done = escalade(*words)
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())


def test_replay_of_a_folder_names_the_scenario_in_it(small_run: Path) -> None:
    """Who names a run where its scenario is asked for is told where that is."""
    done = escalade("replay", small_run)
    assert done.exit_code == 2
    said = "".join(done.stderr.split())
    assert f"thescenariothatitranis{small_run / 'two_actors.yaml'}" in said


def test_a_misspelt_kind_is_told_at_its_own_line(tmp_path: Path) -> None:
    """It is not called missing one line above."""
    text = VALID.read_text("utf-8")
    (tmp_path / VALID.name).write_text(text.replace("    kind:", "    kidn:", 1))
    done = escalade("check", tmp_path / VALID.name)
    line = text[: text.index("    kind:")].count("\n") + 1
    assert done.exit_code == 2
    assert f"line {line}  " in done.stderr
    assert ".kidn   unknown field; did you mean 'kind'?" in done.stderr
    assert "is missing" not in done.stderr
