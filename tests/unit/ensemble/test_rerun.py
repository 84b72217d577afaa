"""``escalade rerun``: a run from its own directory, byte for byte, and what failed."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from sim.cli.app import app
from sim.ensemble import rerun
from sim.ensemble.ensemble import run_ensemble
from sim.ensemble.rerun import read_run, run_again, run_failed_again
from sim.errors import StudyError
from sim.scenario.load import load

CAP, DAYS = 3, 8.0


def escalade(*words: str) -> Result:
    """Give a command."""
    return CliRunner().invoke(app, list(words))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the shipped scenario with a cap so low that some replications fail."""
    folder = tmp_path_factory.mktemp("rerun") / "run"
    scenario = load("iraq_2019_2020", {"limits.max_incidents": CAP})
    run_ensemble(scenario, replications=110, until=DAYS, out=folder, engine="simpy")
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of that run."""
    return shutil.copytree(made, tmp_path / "run")


def test_a_run_is_reproduced_from_its_directory(folder: Path) -> None:
    """A run made again from its manifest and its scenario file has the same bytes; a
    part that was tampered with is named.
    """
    done = escalade("rerun", str(folder), "--workers", "1")
    assert done.exit_code == 0, done.output
    assert "all 4 parts have the bytes" in done.output
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["parts"]["records/part-00001.parquet"] = "0" * 64
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    other = str(folder.with_name("other"))
    done = escalade("rerun", str(folder), "--workers", "1", "--out", other)
    assert done.exit_code == 3
    assert "1 of 4 parts differ" in done.output
    assert "records/part-00001.parquet" in done.output


def test_failed_replications_are_repeated_by_their_command(folder: Path) -> None:
    """Each failed replication is listed with a command that fails in the same way."""
    done = escalade("rerun", "--failed", str(folder), "--workers", "1")
    assert done.exit_code == 3
    lines = done.output.splitlines()
    command = next(line for line in lines if "escalade replay" in line).split()
    again = escalade(*command[1:])
    assert again.exit_code == 3
    assert f"more than {CAP} incidents" in again.output


def test_what_fails_no_more_is_put_in_its_place(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the same rules the failed parts are made anew; the others stay untouched."""
    stored = read_run(folder)
    failed = json.loads((folder / "manifest.json").read_text("utf-8"))["failures"]
    assert failed
    before = (folder / "outcomes" / "part-00000.parquet").read_bytes()
    had_failed, still = run_failed_again(stored)
    assert had_failed == failed
    assert list(still) == failed
    assert (folder / "outcomes" / "part-00000.parquet").read_bytes() == before
    monkeypatch.setattr(rerun, "run_digest", lambda *_: "other rules")
    assert run_failed_again(stored) == (had_failed, still)


def test_a_run_by_other_rules_is_not_reproduced(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the rules have changed a run is refused; what made it is named."""
    monkeypatch.setattr(rerun, "rules_digest", lambda _: "other")
    with pytest.raises(StudyError, match="rules have changed since"):
        run_again(read_run(folder), folder.with_name("new"))


def test_a_run_that_is_there_confirms_nothing(folder: Path) -> None:
    """Neither the run itself nor one that was made again before is taken for a new
    one; nothing is written.
    """
    again = shutil.copytree(folder, folder.with_name("run-again"))
    for out, why in ((folder, "is the run itself"), (again, "holds a run already")):
        (out / "outcomes" / "part-00000.parquet").unlink()
        done = escalade("rerun", str(folder), "--out", str(out))
        assert done.exit_code == 2
        assert why in " ".join(done.output.split())
        assert not (out / "outcomes" / "part-00000.parquet").exists()


def test_what_is_no_run_is_refused(tmp_path: Path, folder: Path) -> None:
    """A folder without a manifest, and one whose scenario was changed, are refused."""
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    with pytest.raises(StudyError, match="holds no run"):
        read_run(nothing)
    file: Any = folder / "iraq_2019_2020.yaml"
    text: str = file.read_text("utf-8")
    file.write_text(
        text.replace("value: 3.0, unit: count", "value: 4.0, unit: count"), "utf-8"
    )
    with pytest.raises(StudyError, match="was changed"):
        read_run(folder)
    file.unlink()
    with pytest.raises(StudyError, match="is missing"):
        read_run(folder)


def test_replications_that_no_part_holds_are_not_read(folder: Path) -> None:
    """A manifest that asks for others than its parts hold is refused by its field."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    for first, count in ((3, 110), (0, 111)):
        manifest["replications"] = {"first": first, "count": count}
        (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
        with pytest.raises(StudyError, match=r"replications: .* and the parts hold"):
            read_run(folder).ensemble().summary()
