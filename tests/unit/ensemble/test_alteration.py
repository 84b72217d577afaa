"""An altered run is a run of its own: its digest, its folder, its repetition."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.digest import run_digest
from sim.engine.alteration import Alteration, as_data
from sim.engine.cast import Cast
from sim.engine.driver import SimpyDriver
from sim.ensemble.archive import RunDirectory
from sim.ensemble.ensemble import run_ensemble
from sim.ensemble.part import Task, repeat_command
from sim.ensemble.rerun import read_run, run_again
from sim.errors import StudyError
from sim.ladder import Act
from sim.scenario.load import load
from tests import builders

if TYPE_CHECKING:
    from pathlib import Path

SCENARIO = "iraq_endogenous_2019_2020"
NO_RAIDS = Alteration(((20.0, 99),), (), ((int(Act.RAID), 10.0),))
WORDS = ["--lineage", "20=99", "--without", "act=raid@10"]


def parts(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every part of a run."""
    files = sorted(folder.rglob("part-*.parquet"))
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def test_an_alteration_is_in_the_digest() -> None:
    """Runs that differ in an alteration only are not the same run."""
    scenario = builders.calm()
    digests = {
        run_digest(scenario, 1, 10.0, as_data(alteration))
        for alteration in (
            Alteration(),
            NO_RAIDS,
            Alteration(without=(5,)),
            Alteration(branch=(3, 5.0)),
        )
    }
    assert len(digests) == 4
    assert run_digest(scenario, 1, 10.0) in digests


def test_workers_and_a_second_start_give_the_same_bytes(tmp_path: Path) -> None:
    """One worker or two, and a run that lost a part: the parts are the same."""
    scenario = builders.scenario(horizon=30.0)
    for workers in (1, 2):
        run_ensemble(
            scenario,
            replications=130,
            workers=workers,
            out=tmp_path / f"{workers}",
            alteration=NO_RAIDS,
            engine="simpy",
        )
    one = parts(tmp_path / "1")
    assert one == parts(tmp_path / "2")
    (tmp_path / "1" / "records" / "part-00001.parquet").unlink()
    run_ensemble(
        scenario,
        replications=130,
        out=tmp_path / "1",
        alteration=NO_RAIDS,
        engine="simpy",
    )
    assert parts(tmp_path / "1") == one
    with pytest.raises(StudyError, match="holds another run"):
        run_ensemble(scenario, replications=130, out=tmp_path / "1")


def test_an_altered_run_is_made_again_from_its_folder(tmp_path: Path) -> None:
    """Its manifest tells of the alteration; made again it has the same bytes."""
    out = tmp_path / "run"
    options = ["run", SCENARIO, "-n", "5", "--until", "40", *WORDS, "--out", str(out)]
    result = CliRunner().invoke(app, options)
    assert result.exit_code == 0, result.output
    assert "Altered: left out is every raid from " in result.output
    run = read_run(out)
    assert run.alteration == NO_RAIDS
    assert run_again(run, tmp_path / "again", engine="simpy") == []
    manifest = json.loads((out / "manifest.json").read_text())
    manifest["alteration"]["without_acts"] = [["raid", 11.0]]
    (out / "manifest.json").write_text(json.dumps(manifest))
    changed = read_run(out)
    altered = as_data(changed.alteration)
    digest = run_digest(run.scenario, run.root_seed, run.until, altered)
    assert digest != manifest["run_digest"]


def test_the_repeating_command_repeats_it(tmp_path: Path) -> None:
    """The command of one replication gives the story of that altered replication."""
    scenario = load(SCENARIO)
    task = Task(scenario, 3, 40.0, None, with_log=False, alteration=NO_RAIDS)
    words = repeat_command(task, 4).split()
    result = CliRunner().invoke(app, [*words[1:], "--json"])
    expected = SimpyDriver(Cast(scenario)).log(3, 4, 40.0, NO_RAIDS)
    records = json.loads(result.stdout)["records"]
    assert [row[1:5] for row in records] == [list(row[1:5]) for row in expected.rows()]
    plain = SimpyDriver(Cast(scenario)).log(3, 4, 40.0)
    assert len(plain.records) != len(records) or plain.records != expected.records
    stored = Task(
        scenario, 3, 40.0, RunDirectory(tmp_path, ""), with_log=False,
        alteration=Alteration(branch=(7, 20.0)),
    )  # fmt: skip
    command = repeat_command(stored, 2, tmp_path)
    assert command.endswith(f"--replication 7 --until 40.0 --lineage 20.0={2**62 + 2}")


def test_members_of_a_branch_share_its_past() -> None:
    """Every member has the past of one replication, and a future of its own."""
    scenario = builders.hot(horizon=80.0)
    branch = Alteration(branch=(5, 40.0))
    driver = SimpyDriver(Cast(scenario))
    past = [r for r in driver.log(1, 5).records if r.time < 40.0]
    futures = set[int]()
    for number in range(6):
        replication, altered = branch.member(number)
        log = driver.log(1, replication, None, altered)
        assert [record for record in log.records if record.time < 40.0] == past
        futures.add(hash(log.records))
    assert len(futures) == 6
    ensemble = run_ensemble(scenario, replications=6, alteration=branch, engine="simpy")
    n_early = sum(r.act == Act.ROCKET_ATTACK for r in past if r.record_type == 3)
    attacks = ensemble.outcomes["n_rocket_attacks_true"].tolist()
    assert min(attacks) >= n_early
    assert len(set(attacks)) > 1
