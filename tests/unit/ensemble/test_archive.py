"""The run directory: whole parts, the same bytes, and a name that is its digest."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import IO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import files
from sim.digest import run_digest
from sim.ensemble import archive
from sim.ensemble.ensemble import folder_of, run_ensemble
from sim.ensemble.provenance import MANIFEST_SCHEMA
from sim.ensemble.study_folder import StudyFolder
from sim.errors import RunError, StudyError
from sim.scenario.scenario import Scenario
from tests import builders

SMALL = builders.ticking(0.3, horizon=10.0)


def parts(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every part by its path."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.glob("*/*"))
    }


def run(folder: Path, scenario: Scenario = SMALL, replications: int = 250) -> None:
    """Run a small ensemble into a folder."""
    run_ensemble(scenario, replications=replications, root_seed=4, out=folder)


@pytest.mark.slow
def test_workers_do_not_show_in_the_bytes(tmp_path: Path) -> None:
    """One process and two write the same bytes."""
    scenario = builders.scenario(horizon=15.0)
    for workers in (1, 2):
        out = tmp_path / str(workers)
        run_ensemble(scenario, replications=220, workers=workers, out=out)
    one = parts(tmp_path / "1")
    assert len(one) == 6
    assert one == parts(tmp_path / "2")


def test_a_run_started_again_ends_with_the_same_bytes(tmp_path: Path) -> None:
    """A missing, a cut and a damaged part are made anew; the others are not touched."""
    run(tmp_path)
    before = parts(tmp_path)
    stamp = (tmp_path / "records" / "part-00001.parquet").stat().st_mtime_ns
    (tmp_path / "outcomes" / "part-00002.parquet").unlink()
    cut = tmp_path / "outcomes" / "part-00000.parquet"
    cut.write_bytes(cut.read_bytes()[:1000])
    run(tmp_path)
    assert parts(tmp_path) == before
    assert (tmp_path / "records" / "part-00001.parquet").stat().st_mtime_ns == stamp
    damaged = tmp_path / "records" / "part-00001.parquet"
    content = bytearray(damaged.read_bytes())
    content[200] ^= 0xFF
    damaged.write_bytes(content)
    run(tmp_path)
    assert parts(tmp_path) == before


def test_what_a_killed_run_left_behind_is_swept_away(tmp_path: Path) -> None:
    """Temporary files of a killed run are gone when the run is complete."""
    run(tmp_path, replications=50)
    before = parts(tmp_path)
    (tmp_path / "outcomes" / "part-00000.parquet").unlink()
    (tmp_path / "records" / ".part-00000.parquet.writing").write_bytes(b"half")
    run(tmp_path, replications=50)
    assert parts(tmp_path) == before


def test_a_longer_run_keeps_the_parts_that_are_whole(tmp_path: Path) -> None:
    """Asked for more, a folder ends like one that was asked for all at once."""
    run(tmp_path / "a", replications=120)
    run(tmp_path / "a", replications=250)
    run(tmp_path / "b", replications=250)
    assert parts(tmp_path / "a") == parts(tmp_path / "b")
    manifest = json.loads((tmp_path / "a" / "manifest.json").read_text("utf-8"))
    assert manifest["replications"] == {"first": 0, "count": 250}


def test_a_shorter_run_reads_what_is_there(tmp_path: Path) -> None:
    """Asked for fewer, a folder changes no byte and the ensemble holds the few."""
    run(tmp_path)
    manifest = (tmp_path / "manifest.json").read_bytes()
    few = run_ensemble(SMALL, replications=range(90, 110), root_seed=4, out=tmp_path)
    assert list(few.outcomes.index) == list(range(90, 110))
    assert (tmp_path / "manifest.json").read_bytes() == manifest


def test_a_folder_with_records_has_them_of_every_replication(tmp_path: Path) -> None:
    """Made longer without asking for records it gets them too, so that it is as one
    that was asked for all at once.
    """
    run(tmp_path / "a", replications=120)
    more = run_ensemble(
        SMALL, replications=250, root_seed=4, out=tmp_path / "a", keep_records=False
    )
    run(tmp_path / "b", replications=250)
    assert more.with_log
    assert parts(tmp_path / "a") == parts(tmp_path / "b")


def test_records_of_other_replications_are_made_again(tmp_path: Path) -> None:
    """A part of records that can be read, but holds fewer replications or more than
    its outcomes, is not whole.
    """
    for count in (120, 150, 180):
        run(tmp_path / str(count), replications=count)
    asked, name = tmp_path / "150", "records/part-00001.parquet"
    before = parts(asked)
    manifest = json.loads((asked / "manifest.json").read_text("utf-8"))
    manifest["state"] = "broken off"  # a killed run may have left any records
    del manifest["parts"][name]
    for other in ("120", "180"):
        (asked / name).write_bytes((tmp_path / other / name).read_bytes())
        (asked / "manifest.json").write_text(json.dumps(manifest), "utf-8")
        run(asked, replications=150)
        assert parts(asked) == before


@pytest.mark.parametrize("harm", ["flip", "cut", "remove"])
def test_a_shorter_run_makes_a_damaged_last_part_again(
    tmp_path: Path, harm: str
) -> None:
    """What a complete folder held beyond the few that are asked for is not given up."""
    run(tmp_path)
    before = parts(tmp_path)
    last = tmp_path / "outcomes" / "part-00002.parquet"
    content = bytearray(last.read_bytes())
    content[200] ^= 1
    last.write_bytes(content if harm == "flip" else content[:1000])
    if harm == "remove":
        last.unlink()
    run(tmp_path, replications=90)
    assert parts(tmp_path) == before
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    assert manifest["replications"] == {"first": 0, "count": 250}


def test_a_gap_is_refused(tmp_path: Path) -> None:
    """Replications far from those that are there need another folder."""
    run(tmp_path, replications=10)
    with pytest.raises(StudyError, match="gap"):
        run_ensemble(SMALL, replications=range(50, 60), root_seed=4, out=tmp_path)


def test_the_manifest_says_how_it_was_made(tmp_path: Path) -> None:
    """The manifest names versions, digests, range, failures and every part's sum."""
    run(tmp_path, builders.ticking(0.5, horizon=20.0, max_incidents=10), 30)
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    assert manifest["state"] == "complete"
    assert manifest["schema"] == MANIFEST_SCHEMA
    assert manifest["versions"].keys() >= {"python", "numpy", "simpy", "pyarrow"}
    assert manifest["failures"]
    assert set(manifest["parts"]) == set(parts(tmp_path))
    for name in ("run_digest", "rules_digest", "root_seed", "command", "started"):
        assert name in manifest


def test_another_run_is_refused(tmp_path: Path) -> None:
    """A folder of one run takes no other root_seed, length or scenario."""
    run(tmp_path, replications=10)
    with pytest.raises(StudyError, match="another run"):
        run_ensemble(SMALL, replications=10, root_seed=5, out=tmp_path)
    with pytest.raises(StudyError, match="another run"):
        run_ensemble(SMALL, replications=10, root_seed=4, until=5.0, out=tmp_path)
    with pytest.raises(StudyError, match="another run"):
        run(tmp_path, builders.ticking(0.31, horizon=10.0), 10)


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    """A folder with other files, and a file, are no run directory."""
    (tmp_path / "thesis.txt").write_text("mine", "utf-8")
    with pytest.raises(StudyError, match=r"thesis\.txt"):
        run(tmp_path)
    with pytest.raises(StudyError, match="is a file"):
        run(tmp_path / "thesis.txt")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_an_unwritable_folder_is_a_run_error(tmp_path: Path) -> None:
    """A folder that may not be written ends with a plain sentence."""
    tmp_path.chmod(0o500)
    with pytest.raises(RunError, match="cannot write"):
        run(tmp_path / "run")


def test_a_folder_below_a_file_is_a_run_error(tmp_path: Path) -> None:
    """A folder that cannot be made ends with a plain sentence."""
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(RunError, match="cannot write"):
        run(tmp_path / "file" / "run")


def test_a_full_disk_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the disk is full the part has no file, and the finished one is kept."""
    whole = files.write_whole

    def full(path: Path, write: Callable[[IO[bytes]], object]) -> None:
        def write_half(file: IO[bytes]) -> None:
            file.write(b"half")
            raise OSError(28, "No space left on device")

        whole(path, write_half if path.name == "part-00001.parquet" else write)

    monkeypatch.setattr(files, "write_whole", full)
    with pytest.raises(RunError, match="No space left"):
        run(tmp_path)
    assert set(parts(tmp_path)) == {
        "outcomes/part-00000.parquet",
        "records/part-00000.parquet",
    }


def test_the_digest_is_of_values_alone() -> None:
    """Titles, labels and paths change no digest; a value, a root_seed, a length do."""
    base = SMALL.digest
    assert replace(SMALL, title="Other", path="x.yaml").digest == base
    assert replace(SMALL, horizon=11.0).digest != base
    assert run_digest(SMALL, 1, 10.0) != run_digest(SMALL, 2, 10.0)
    assert run_digest(SMALL, 1, 10.0) != run_digest(SMALL, 1, 9.0)


def test_the_default_folder_carries_name_and_digest() -> None:
    """Without a name a run goes to `runs/`, under its scenario and its digest."""
    folder = folder_of(SMALL, 1)
    assert folder.parent == Path("runs")
    assert folder.name == f"test-{run_digest(SMALL, 1, 10.0)[:12]}"


def test_a_folder_of_another_version_is_refused_in_one_line(tmp_path: Path) -> None:
    """A run directory of 0.1.0 is neither read nor filled; its command is named."""
    manifest = {
        "schema": 1,
        "run_digest": "f" * 64,
        "versions": {"escalade": "0.1.0"},
        "command": "escalade run iraq_2019_2020",
    }
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(StudyError) as caught:
        StudyFolder(tmp_path, "f" * 64).take()
    assert str(caught.value) == (
        f"{tmp_path / 'manifest.json'}: schema: is not 2: {tmp_path} was made by "
        "escalade 0.1.0, whose digests name other runs; make it anew in another "
        "folder: escalade run iraq_2019_2020"
    )


@given(st.integers(0, 2_000_000), st.integers(0, 30_000))
def test_parts_tile_the_replications_that_are_asked_for(first: int, n: int) -> None:
    """Each is in one part, the part that is named for it, in order and without gaps."""
    numbers = range(first, first + n)
    parts = archive.parts_of(numbers)
    assert [k for part in parts for k in part.replications] == list(numbers)
    for part in parts:
        ends = part.replications[0], part.replications[-1]
        assert {archive.part_with(end) for end in ends} == {part.number}


def test_parts_grow_at_their_steps_and_no_number_is_used_twice() -> None:
    """The first replication of each step begins the part that the step names."""
    for (first, number, size), (later, _, _) in pairwise(archive.STEPS):
        assert (archive.part_with(first), archive.first_of(number)) == (number, first)
        assert archive.part_with(later - 1) + 1 == archive.part_with(later)
        assert archive.first_of(number + 1) - first == size
